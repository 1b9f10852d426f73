"""Reading a content pack: all of it, or everything that is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Generic, TypeVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ValidationError

from bot.pack.faults import Fault, Faults, fields_at, sentence_for, unknown
from bot.pack.lines import Document, read_document
from bot.pack.models import Pack, Programme, Question, SampleEvent
from bot.pack.parts import LocaleCode, Name, Part, Summary
from bot.pack.quizzes import PackQuiz
from bot.pack.times import moments

P = TypeVar("P", Programme, Question, SampleEvent, PackQuiz)

# Where each list stands: the field at the top of its files, and the files.
_PLACES: dict[str, tuple[str, ...]] = {
    "programmes": ("programmes.yaml", "programmes/*.yaml"),
    "questions": ("questions.yaml", "questions/*.yaml"),
    "events": ("events.yaml", "events/*.yaml", "sample/*.yaml"),
    "quizzes": ("quizzes.yaml", "quizzes/*.yaml"),
}


class _Heading(Part):
    name: Name
    base_locale: LocaleCode
    sources: dict[str, Summary]


@dataclass(frozen=True)
class _Placed(Generic[P]):
    """A piece with the place it was read from, to point at when it doesn't fit the others."""

    part: P
    document: Document
    path: tuple[str | int, ...]

    def fault(self, field: tuple[str | int, ...], sentence: str) -> Fault:
        return self.document.fault((*self.path, *field), sentence)


def read_pack(folder: Path) -> Pack | Faults:
    """Read the pack in a folder, or say everything that is wrong with it. Never gives a part of a pack.

    Nothing outside the folder is read, nothing is written. Times are checked, not worked out: see `moments`.
    """
    if not folder.is_dir():
        return Faults(
            (Fault(folder.name or ".", 1, "", "There is no folder of this name to read a pack from."),)
        )
    faults: list[Fault] = _strangers(folder)
    heading = _heading(folder, faults)
    base = heading.base_locale if heading else None
    documents = {field: [read_document(folder, file) for file in _files(folder, field)] for field in _PLACES}
    programmes, whole = _all(documents, "programmes", Programme, base, faults)
    questions, _ = _all(documents, "questions", Question, base, faults)
    events, _ = _all(documents, "events", SampleEvent, base, faults)
    quizzes, _ = _all(documents, "quizzes", PackQuiz, base, faults)
    faults += [fault for field in documents for fault in _twice(documents, field)]
    if heading:
        faults += _unlisted([*programmes, *questions], set(heading.sources))
    if whole:
        faults += _astray([*questions, *events], {placed.part.id for placed in programmes})
    faults += _asked_twice(questions)
    for event in events:
        faults += _impossible(event)
    if faults or heading is None:
        return Faults(tuple(sorted(set(faults), key=lambda fault: (fault.file, fault.line, fault.field))))
    return Pack(
        name=heading.name,
        base_locale=heading.base_locale,
        sources=heading.sources,
        programmes=tuple(sorted((placed.part for placed in programmes), key=lambda part: part.order)),
        questions=tuple(placed.part for placed in questions),
        events=tuple(placed.part for placed in events),
        quizzes=tuple(placed.part for placed in quizzes),
    )


def _files(folder: Path, field: str) -> list[str]:
    return [
        found.relative_to(folder).as_posix()
        for pattern in _PLACES[field]
        for found in sorted(folder.glob(pattern))
    ]


def _strangers(folder: Path) -> list[Fault]:
    read = {"pack.yaml"}.union(*(_files(folder, field) for field in _PLACES))
    found = {
        path.relative_to(folder).as_posix()
        for ending in ("yaml", "yml")
        for path in folder.rglob(f"*.{ending}")
    }
    sentence = (
        "A file of this name is not read here. "
        "The files are pack.yaml, programmes.yaml, questions/….yaml, events/….yaml, quizzes/….yaml"
        " and sample/….yaml."
    )
    return [Fault(file, 1, "", sentence) for file in found - read]


def _heading(folder: Path, faults: list[Fault]) -> _Heading | None:
    document = read_document(folder, "pack.yaml")
    faults += document.faults
    if any(not fault.field for fault in document.faults):
        return None
    value = document.value if document.value is not None else {}
    base = value.get("base_locale") if isinstance(value, dict) else None
    return _validated(
        _Heading, document, (), value, base=base if isinstance(base, str) else None, faults=faults
    )


def _all(
    documents: dict[str, list[Document]], field: str, model: type[P], base: str | None, faults: list[Fault]
) -> tuple[list[_Placed[P]], bool]:
    """Read a list from all its files; the second value says whether every piece could be read."""
    placed: list[_Placed[P]] = []
    whole = True
    for document in documents[field]:
        faults += document.faults
        whole = whole and not document.faults
        top = document.value if isinstance(document.value, dict) else {}
        items = top.get(field)
        if items is not None:
            faults += [document.fault((name,), unknown(name, [field])) for name in top if name != field]
        if not isinstance(items, list):
            if not document.faults:
                faults.append(
                    Fault(
                        document.file,
                        1,
                        field,
                        f"Write “{field}:” and under it a list, each item after a dash.",
                    )
                )
            whole = False
            continue
        for number, item in enumerate(items):
            path = (field, number)
            part = _validated(model, document, path, item, base=base, faults=faults)
            if part is None:
                whole = False
            else:
                placed.append(_Placed(part, document, path))
    return placed, whole


M = TypeVar("M", bound=BaseModel)


def _validated(
    model: type[M],
    document: Document,
    path: tuple[str | int, ...],
    value: object,
    *,
    base: str | None,
    faults: list[Fault],
) -> M | None:
    try:
        return model.model_validate(value, context={"base": base})
    except ValidationError as problem:
        for error in problem.errors(include_url=False):
            where = tuple(step for step in error["loc"] if step != "[key]")
            faults.append(document.fault((*path, *where), sentence_for(error, fields_at(model, where[:-1]))))
        return None


def _twice(documents: dict[str, list[Document]], field: str) -> list[Fault]:
    """Find ids given twice, also among pieces that have other faults."""
    first: dict[str, str] = {}
    faults = []
    for document in documents[field]:
        items = document.value.get(field) if isinstance(document.value, dict) else None
        for number, item in enumerate(items if isinstance(items, list) else []):
            name = item.get("id") if isinstance(item, dict) else None
            if not isinstance(name, str):
                continue
            path = (field, number, "id")
            if name in first:
                sentence = f"This id is taken already: {first[name]}. Give each its own."
                faults.append(document.fault(path, sentence))
            first.setdefault(name, f"{document.file}, line {document.line(path)}")
    return faults


def _unlisted(parts: list[_Placed[Any]], sources: set[str]) -> list[Fault]:
    return [
        placed.fault(("source",), "This source is not listed under “sources:” in pack.yaml.")
        for placed in parts
        if placed.part.source not in sources
    ]


def _astray(parts: list[_Placed[Any]], programmes: set[str]) -> list[Fault]:
    return [
        placed.fault(("programme",), f"There is no programme with the id “{placed.part.programme}”.")
        for placed in parts
        if placed.part.programme is not None and placed.part.programme not in programmes
    ]


def _asked_twice(questions: list[_Placed[Question]]) -> list[Fault]:
    """Find wordings that stand twice: two answers to one question would make either a guess."""
    first: dict[tuple[str, str], str] = {}
    faults = []
    for placed in questions:
        for locale, wordings in placed.part.wordings.items():
            for number, wording in enumerate(wordings):
                asked = "".join(c for c in wording.casefold() if c.isalnum())
                key = (locale, asked or wording)
                if key in first:
                    sentence = (
                        f"This wording stands already in the question “{first[key]}”. Keep one of the two."
                    )
                    faults.append(placed.fault(("wordings", locale, number), sentence))
                first.setdefault(key, placed.part.id)
    return faults


def _impossible(placed: _Placed[SampleEvent]) -> list[Fault]:
    """Find times that can't be: ending before starting, signing up after the start."""
    event = placed.part
    faults = []
    if placed.document.file.startswith("sample/") and not event.sample:
        faults.append(placed.fault(("sample",), "Events in the folder sample have to say “sample: true”."))
    ids = [shift.id for shift in event.shifts]
    for number, shift in enumerate(event.shifts):
        if shift.id in ids[:number]:
            faults.append(placed.fault(("shifts", number, "id"), "This id is taken by another shift here."))
    if (event.ends is None) == (event.lasts is None):
        field, sentence = ("ends",), "Write either “ends:” or “lasts:”, one of the two."
        return [*faults, placed.fault(field, sentence)]
    if event.ends is not None and (event.ends.day is None) != (event.starts.day is None):
        sentence = "Write the start and the end in the same way: both as dates, or both as “in_days:”."
        return [*faults, placed.fault(("ends",), sentence)]
    try:
        # Any moment will do here: whether an end is after its start is the same on every day.
        when = moments(event, datetime(2026, 1, 1, tzinfo=UTC), ZoneInfo("UTC"))
    except OverflowError:
        return [*faults, placed.fault(("starts",), "This date is too far away.")]
    if when.ends <= when.starts:
        faults.append(placed.fault(("ends",), "The end has to be after the start."))
    if when.deadline is not None and when.deadline > when.starts:
        faults.append(placed.fault(("deadline",), "The deadline has to be before the start."))
    if when.opens is not None and when.opens >= (when.deadline or when.starts):
        faults.append(placed.fault(("opens",), "Sign-up has to open before it closes."))
    if event.online_places is not None and (event.online is None or event.place is None):
        sentence = "Places online beside those on the ground need both “online:” and “place:”."
        faults.append(placed.fault(("online_places",), sentence))
    for number, stop_when in enumerate(when.plan):
        if stop_when.ends is not None and stop_when.ends <= stop_when.starts:
            faults.append(placed.fault(("plan", number, "until"), "The end has to be after the start."))
    for number, shift_when in enumerate(when.shifts):
        if shift_when.ends <= shift_when.starts:
            sentence = "The end has to be after the start. For the next morning write “day 2 02:00”."
            faults.append(placed.fault(("shifts", number, "ends"), sentence))
    return faults
