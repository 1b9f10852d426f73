"""Lists as spreadsheets that every office program opens."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from xlsxwriter import Workbook

WIDEST = 50

Cell = str | int


@dataclass(frozen=True)
class Sheet:
    name: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    # A line above the headings that whoever opens the file should read first.
    warning: str = ""


def workbook_of(sheets: Sequence[Sheet], *, made_at: datetime) -> bytes:
    """An .xlsx file of several sheets, which must differ in their names.

    Texts are written as texts whatever they begin with: a name that looks like a formula stays a name.
    """
    content = BytesIO()
    with Workbook(content, {"in_memory": True}) as book:
        # The file's format knows no time zones.
        book.set_properties({"created": made_at.replace(tzinfo=None)})
        bold = book.add_format({"bold": True, "bottom": 1})
        red = book.add_format({"bold": True, "font_color": "#B00020"})
        for sheet in sheets:
            page = book.add_worksheet(_sheet_name(sheet.name))
            top = 1 if sheet.warning else 0
            if sheet.warning:
                page.write_string(0, 0, sheet.warning, red)
            page.freeze_panes(top + 1, 0)
            for column, heading in enumerate(sheet.headings):
                page.write_string(top, column, heading, bold)
                cells = [heading, *(str(row[column]) for row in sheet.rows)]
                page.set_column(column, column, min(WIDEST, 3 + max(map(_width, cells))))
            for line, row in enumerate(sheet.rows, start=top + 1):
                for column, cell in enumerate(row):
                    match cell:
                        case int():
                            page.write_number(line, column, cell)
                        case str():
                            page.write_string(line, column, cell)
    return content.getvalue()


def _sheet_name(wanted: str) -> str:
    """The name without what a sheet's name can't hold."""
    kept = "".join(" " if character in "[]:*?/\\" else character for character in wanted)
    return kept.strip("' ")[:31] or "1"


def _width(text: str) -> int:
    """About how wide it is shown: a Chinese character takes two letters' room."""
    return sum(2 if ord(character) > 0x2E7F else 1 for character in text)
