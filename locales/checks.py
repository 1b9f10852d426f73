"""What is missing or wrong in the catalogues, and in the way the code asks them."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Final

from babel.messages.catalog import Catalog, Message
from opencc import OpenCC

from bot.language import LOCALES
from locales.messages import (
    KEYWORDS,
    catalogue_path,
    extract,
    plural_forms,
    plural_header,
    read,
    sources,
    template_path,
)

BASE: Final = "en"
"""The language of the code: a message its catalogue leaves empty is said as the code has it."""

PASSING_ON: Final = frozenset({"bot/language.py"})
"""Files that hand messages on to the catalogue and so call it with a variable."""

SHARED_CHARACTERS: Final = frozenset("台群")
"""Characters that a converter would change though both scripts write them so."""

QUOTES: Final = {"Hant": "“”‘’", "Hans": "「」『』"}
"""Quotation marks that readers of a script know from the other one only."""

_BLANK: Final = re.compile(r"[a-z_][a-z0-9_]*")
_TAG: Final = re.compile(r"</?[a-z][^<>]*>")
_ALWAYS_LANGUAGE: Final = frozenset(KEYWORDS) - {"html"}


def problems(root: Path) -> list[str]:
    """Every problem, each in one line that names where it is. None means that the catalogues are complete."""
    return [
        *askings(root),
        *stale(root),
        *(line for locale in LOCALES for line in translations(root, locale)),
    ]


def askings(root: Path) -> Iterator[str]:
    """Calls whose message could not be extracted: it is not a literal, or the method goes by another name."""
    for path in sources(root):
        name = path.relative_to(root).as_posix()
        if name not in PASSING_ON:
            yield from _askings(name, path.read_text(encoding="utf-8"))


def _askings(name: str, code: str) -> Iterator[str]:
    tree = ast.parse(code, filename=name)
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _method(node.func) in KEYWORDS:
            count = len(KEYWORDS[_method(node.func)] or (1,))
            literal = [isinstance(arg, ast.Constant) and isinstance(arg.value, str) for arg in node.args]
            if len(literal) < count or not all(literal[:count]):
                yield f"{name}:{node.lineno}: the message is not a literal, so it is never translated"
        elif isinstance(node, ast.Attribute) and id(node) not in called and _is_alias(node):
            yield f"{name}:{node.lineno}: {node.attr} goes by another name, so its messages are not found"


def stale(root: Path) -> Iterator[str]:
    """Where messages.pot says something other than the code does."""
    path = template_path(root)
    written = {message.id for message in _messages(read(path))} if path.exists() else set()
    said = {message.id for message in _messages(extract(root))}
    for difference, fault in ((said - written, "not in"), (written - said, "no longer said but still in")):
        for identity in sorted(difference, key=str):
            yield f"{_quoted(identity)} is {fault} messages.pot: run `python -m locales update`"


def translations(root: Path, locale: str) -> Iterator[str]:
    """Problems of one language's catalogue, measured against the code itself."""
    path = catalogue_path(root, locale)
    if not path.exists():
        yield f"{locale}: there is no catalogue"
        return
    catalogue = read(path, locale)
    forms = plural_forms(catalogue.plural_forms)
    if forms != plural_forms(plural_header(locale)):
        yield f"{locale}: the plural header differs from CLDR's, {plural_header(locale)}"
    for message in _messages(extract(root)):
        translated = catalogue.get(message.id)
        for fault in _faults(message, translated, locale, forms):
            yield f"{locale}: {_quoted(message.id)}: {fault}"


def _faults(message: Message, translated: Message | None, locale: str, forms: list[int]) -> Iterator[str]:
    said = [message.id] if isinstance(message.id, str) else list(message.id)
    for text in said:
        if (fault := _blanks_fault(text)) and locale == BASE:
            yield f"in the code, {fault}"
    words = _strings(translated)
    if not all(words) or len(words) != (1 if isinstance(message.id, str) else len(set(forms))):
        if any(words) or locale != BASE:
            yield "not translated"
        return
    if translated is not None and translated.fuzzy:
        yield "marked fuzzy"
    model = said[-1]
    for form, text in enumerate(words):
        if fault := _blanks_fault(text):
            yield fault
            continue
        # A form that stands for a single number may say it in words: "one seat", "a seat".
        spared = {"n"} if len(words) > 1 and forms.count(form) == 1 else set()
        if differing := (_blanks(text) ^ _blanks(model)) - spared:
            yield f"blanks differ: {', '.join(sorted(differing))}"
        if Counter(_TAG.findall(text)) != Counter(_TAG.findall(model)):
            yield "tags differ"
        if _edges(text) != _edges(model):
            yield "begins or ends with other white space"
        if foreign := _foreign(text, locale):
            yield f"characters of the other script: {foreign}"
        if quotes := _quotes(text, locale):
            yield f"quotation marks of the other script: {quotes}"


def _foreign(text: str, locale: str) -> str:
    """Characters only the other Chinese script has.

    Whatever Big5 has is taken for Traditional, since it holds no Simplified characters; GB 2312 does hold
    a few Traditional ones, so Simplified is compared with what a converter makes of the whole text.
    """
    match locale.split("_"):
        case ["zh", "Hant", _]:
            converted = "".join(map(_converter("s2t").convert, text))
            found = [c for c, other in zip(text, converted, strict=True) if c != other and not _in_big5(c)]
        case ["zh", "Hans", _]:
            converted = _converter("t2s").convert(text)
            found = [c for c, other in zip(text, converted, strict=False) if c != other]
        case _:
            return ""
    return "".join(c for c in dict.fromkeys(found) if c not in SHARED_CHARACTERS)


def _quotes(text: str, locale: str) -> str:
    foreign = next((marks for script, marks in QUOTES.items() if script in locale.split("_")), "")
    return "".join(dict.fromkeys(c for c in text if c in foreign))


def _in_big5(character: str) -> bool:
    try:
        return bool(character.encode("big5"))
    except UnicodeEncodeError:
        return False


@cache
def _converter(direction: str) -> OpenCC:
    return OpenCC(direction)


def _blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def _blanks_fault(text: str) -> str | None:
    """What is wrong with the braces: blanks are plain names, {so}, without attributes, formats or numbers."""
    try:
        parts = list(Formatter().parse(text))
    except ValueError as error:
        return f"its braces are wrong: {error}"
    for _, name, form, conversion in parts:
        if name is not None and (form or conversion or not _BLANK.fullmatch(name)):
            return f"a blank is not a plain name: {{{name}}}"
    return None


def _edges(text: str) -> tuple[str, str]:
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


def _method(func: ast.expr) -> str:
    return func.attr if isinstance(func, ast.Attribute) else ""


def _is_alias(node: ast.Attribute) -> bool:
    """Whether the attribute is one of Language's methods: `html` is so only of something called language."""
    base = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
    return node.attr in _ALWAYS_LANGUAGE or (node.attr == "html" and base == "language")


def _messages(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def _strings(message: Message | None) -> list[str]:
    if message is None or not message.string:
        return []
    return [message.string] if isinstance(message.string, str) else list(message.string)


def _quoted(identity: str | tuple[str, ...] | list[str]) -> str:
    text = identity if isinstance(identity, str) else identity[0]
    return f'"{text}"' if len(text) <= 60 else f'"{text[:59]}…"'
