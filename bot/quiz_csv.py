"""A quiz's questions as a table: a line for each question and language, as spreadsheets save it."""

import csv
from collections.abc import Iterator, Mapping
from io import StringIO
from typing import Final

from bot.language import NATIVE_NAMES
from bot.quiz_files import Fault, Faults, Words, Written, locale_of, looked_over
from bot.quiz_writing import Asking
from bot.quizzes import MOST_CHOICES

_NUMBER, _LANGUAGE, _QUESTION, _RIGHT, _EXPLANATION = "number", "language", "question", "right", "explanation"
_CHOICES: Final = tuple(f"choice{n}" for n in range(1, MOST_CHOICES + 1))
_COLUMNS: Final = (_NUMBER, _LANGUAGE, _QUESTION, *_CHOICES, _RIGHT, _EXPLANATION)
_NEEDED: Final = (_NUMBER, _LANGUAGE, _QUESTION, *_CHOICES[:2], _RIGHT)
# What the columns are called in each language; any of them is understood.
HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "en": ("number", "language", "question", *(f"choice {n}" for n in range(1, 7)), "right", "explanation"),
    "zh_Hant_HK": ("題號", "語言", "題目", *(f"選項{n}" for n in range(1, 7)), "正確選項", "解說"),
    "zh_Hans_CN": ("题号", "语言", "题目", *(f"选项{n}" for n in range(1, 7)), "正确选项", "解说"),
}
_KNOWN: Final = {
    "".join(heading.split()): column
    for headings in HEADINGS.values()
    for heading, column in zip(headings, _COLUMNS, strict=True)
}
_SAMPLE: Final = {
    "en": ("(Sample) How many days does a week have?", "Five", "Six", "Seven", "From Monday to Sunday."),
    "zh_Hant_HK": ("（示例）一星期有多少天？", "五天", "六天", "七天", "由星期一至星期日。"),
    "zh_Hans_CN": ("（示例）一周有几天？", "五天", "六天", "七天", "从星期一到星期日。"),
}

_Row = tuple[int, dict[str, str]]


def heading_of(column: str, locale: str) -> str:
    """What a column is called in the language."""
    return HEADINGS.get(locale, HEADINGS["en"])[_COLUMNS.index(column)]


def sample(locale: str) -> bytes:
    """A file to begin with, headed in the language. Its mark tells spreadsheets how it is written."""
    table = StringIO()
    writer = csv.writer(table)
    writer.writerow(HEADINGS.get(locale, HEADINGS["en"]))
    for one, (question, *choices, explanation) in _SAMPLE.items():
        padding = [""] * (MOST_CHOICES - len(choices))
        writer.writerow([1, NATIVE_NAMES[one], question, *choices, *padding, 3, explanation])
    return table.getvalue().encode("utf-8-sig")


def read(raw: bytes, base: str) -> list[Asking] | Faults:
    """All questions of the table, which has to word each in the base language, or all its faults."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return Faults((Fault(raw.count(b"\n", 0, error.start) + 1, "encoding"),))
    if "\0" in text:
        return Faults((Fault(text.count("\n", 0, text.index("\0")) + 1, "form"),))
    try:
        rows = list(_rows(text))
    except csv.Error:
        return Faults((Fault(1, "form"),))
    if not rows:
        return Faults((Fault(1, "no_questions"),))
    (head_line, headings), *lines = rows
    faults = _faults_of_headings(head_line, headings)
    if faults:
        return Faults(tuple(faults))
    columns = [_KNOWN.get(_plain(heading), "") for heading in headings]
    cells = [(line, dict(zip(columns, row, strict=False))) for line, row in lines]
    return looked_over(_questions(cells, faults), base, faults)


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Every row that is not empty, with the line on which it begins."""
    first = text.split("\n", 1)[0]
    mark = max(",;\t", key=first.count)
    reader = csv.reader(StringIO(text, newline=""), delimiter=mark)
    begins = 1
    for row in reader:
        if any(cell.strip() for cell in row):
            yield begins, [" ".join(cell.split()) for cell in row]
        begins = reader.line_num + 1


def _plain(heading: str) -> str:
    return "".join(heading.casefold().split())


def _faults_of_headings(line: int, headings: list[str]) -> list[Fault]:
    columns = [_KNOWN.get(_plain(heading)) for heading in headings]
    unknown = [
        Fault(line, "field", heading[:40])
        for heading, column in zip(headings, columns, strict=True)
        if heading and column is None
    ]
    missing = [Fault(line, "column", column) for column in _NEEDED if column not in columns]
    return unknown + missing


def _questions(rows: list[_Row], faults: list[Fault]) -> list[Written]:
    """Rows of the same number are one question; its right choice may stand in any of them."""
    words: dict[str, dict[str, Words]] = {}
    firsts: dict[str, int] = {}
    rights: dict[str, tuple[int, str]] = {}
    for line, cells in rows:
        number = cells.get(_NUMBER, "")
        locale = locale_of(cells.get(_LANGUAGE, ""))
        firsts.setdefault(number, line)
        known = words.setdefault(number, {})
        if locale is None:
            faults.append(Fault(line, "language", cells.get(_LANGUAGE, "")[:40]))
            continue
        if locale in known:
            faults.append(Fault(line, "twice", NATIVE_NAMES[locale]))
            continue
        if cells.get(_RIGHT):
            rights.setdefault(number, (line, cells[_RIGHT]))
        known[locale] = Words(line, cells.get(_QUESTION, ""), _choices_of(cells), cells.get(_EXPLANATION, ""))
    return [
        Written(
            firsts[number], rights.get(number, (0, ""))[1], rights.get(number, (firsts[number], ""))[0], one
        )
        for number, one in words.items()
    ]


def _choices_of(cells: dict[str, str]) -> tuple[str, ...]:
    """The choices up to the last that is filled in: one left empty between others is a fault."""
    filled = [cells.get(name, "") for name in _CHOICES]
    while filled and not filled[-1]:
        filled.pop()
    return tuple(filled)
