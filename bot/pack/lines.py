"""YAML read so that every field still knows its line, and every value is what was typed.

Plain YAML turns an unquoted 18:30 into 1110 and an unquoted no into false. Here a value is a text, a list, a
mapping or nothing; what the text means is decided by the field it stands in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path as FilePath

import yaml

from bot.pack.faults import Fault, Path

LARGEST_FILE = 2_000_000  # bytes; the whole shipped pack is a fifth of it
DEEPEST = 20  # levels of indentation; a shift's text, the deepest there is, stands on the seventh

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ufffe\uffff]")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULL = "tag:yaml.org,2002:null"

Value = str | None | list["Value"] | dict[str, "Value"]


@dataclass
class Document:
    """One file: its value, the line of each field in it, and what is wrong with its form."""

    file: str
    value: Value = None
    faults: list[Fault] = field(default_factory=list)
    _lines: dict[Path, int] = field(default_factory=dict)

    def line(self, path: Path) -> int:
        """Give the line of a field, or of the nearest thing around it when the field isn't there."""
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1)

    def fault(self, path: Path, sentence: str) -> Fault:
        """Make a fault of this file: the field is named as in questions[how-to-join].answer.en."""
        return Fault(self.file, self.line(path), self._named(path), sentence)

    def _named(self, path: Path) -> str:
        name = ""
        value = self.value
        for step in path:
            match value, step:
                case list(), int() if step < len(value):
                    value = value[step]
                    own = value.get("id") if isinstance(value, dict) else None
                    name += f"[{own if isinstance(own, str) and own else step + 1}]"
                case _, int():
                    name += f"[{step + 1}]"
                case _:
                    value = value.get(step) if isinstance(value, dict) else None
                    name += f".{step}" if name else step
        return name


def read_document(folder: FilePath, file: str) -> Document:
    """Read one file of a pack. A file that can't be read is a document with faults and no value."""
    try:
        raw = (folder / file).read_bytes()
    except OSError as error:
        sentence = f"This file can't be opened: {error.strerror or error}."
        return Document(file, faults=[Fault(file, 1, "", sentence)])
    return document_of(file, raw)


def document_of(file: str, raw: bytes) -> Document:
    """Read what stands in a file. What can't be read is a document with faults and no value."""
    document = Document(file)

    def refuse(line: int, sentence: str) -> Document:
        document.faults.append(Fault(file, line, "", sentence))
        return document

    if len(raw) > LARGEST_FILE:
        return refuse(1, f"This file is too large: at most {LARGEST_FILE // 1_000_000} MB.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return refuse(
            raw.count(b"\n", 0, error.start) + 1,
            "This file is not saved as UTF-8. Save it again with the encoding UTF-8.",
        )
    if found := _UNPRINTABLE.search(text):
        return refuse(text.count("\n", 0, found.start()) + 1, _invisible(found[0]))
    try:
        # libyaml's composer recurses on the machine's stack: unchecked, a deep file would kill the process.
        if (line := _too_deep(text)) is not None:
            return refuse(line, "This line is indented too many levels deep.")
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return refuse(mark.line + 1 if mark else 1, _reason(error))
    except yaml.YAMLError:
        return refuse(1, "This file can't be read as YAML.")
    if node is not None:
        aliases: list[Path] = []
        document.value = _value(node, (), document, {}, aliases)
        document.faults += [
            document.fault(path, "A text that begins with * stands for another here. Write it out.")
            for path in aliases
        ]
    return document


def _invisible(character: str) -> str:
    return f"There is an invisible character (U+{ord(character):04X}) on this line. Type the line again."


def _too_deep(text: str) -> int | None:
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEEPEST:
                return event.start_mark.line + 1 if event.start_mark else 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
    return None


def _reason(error: yaml.MarkedYAMLError) -> str:
    problem = error.problem or ""
    if "mapping values are not allowed" in problem:
        return "There is a colon that YAML can't place. Put quotes around a text that has a colon in it."
    if "cannot start any token" in problem or "tab character" in problem:
        return "There is a character that YAML can't place. Indent with spaces, not tabs, and quote the text."
    if "single document" in (error.context or "") or "but found another document" in problem:
        return "There is a second document in this file. Take out the line “---”."
    if "undefined alias" in problem:
        return "A text that begins with an asterisk has to stand in quotes."
    return f"This can't be read as YAML: {problem or error}. Check the indentation and the quotes just above."


def _value(
    node: yaml.Node, path: Path, document: Document, seen: dict[int, yaml.Node], aliases: list[Path]
) -> Value:
    document._lines.setdefault(path, node.start_mark.line + 1)
    if id(node) in seen:
        aliases.append(path)
        return None
    seen[id(node)] = node
    if isinstance(node, yaml.SequenceNode):
        return [
            _value(item, (*path, number), document, seen, aliases) for number, item in enumerate(node.value)
        ]
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, document, seen, aliases)
    if found := _UNPRINTABLE.search(str(node.value)):  # written as an escape, "\\0", it passed the first look
        document.faults.append(Fault(document.file, node.start_mark.line + 1, "", _invisible(found[0])))
    return None if node.tag == _NULL else str(node.value)


def _mapping(
    node: yaml.MappingNode,
    path: Path,
    document: Document,
    seen: dict[int, yaml.Node],
    aliases: list[Path],
) -> dict[str, Value]:
    made: dict[str, Value] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            document.faults.append(Fault(document.file, line, "", "A field's name has to be a plain word."))
            continue
        name = str(key.value)
        if name in made:
            document.faults.append(
                Fault(document.file, line, name, f"“{name}” stands here twice. Keep one of the two.")
            )
            continue
        document._lines[(*path, name)] = line
        made[name] = _value(value, (*path, name), document, seen, aliases)
    return made
