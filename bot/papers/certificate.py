"""A certificate as a PDF on A4: whose it is, what for, a table if there is one, room for a signature."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from fpdf import FPDF

from bot.papers.breaking import lines
from bot.papers.fonts import fonts, settable

_LANGUAGE_TAGS: Final = {"en": "en", "zh_Hant_HK": "zh-HK", "zh_Hans_CN": "zh-CN"}

# Millimetres on a sheet of 210 × 297.
_WIDTH: Final = 210.0
_SIDE: Final = 27.0
_MEASURE: Final = _WIDTH - 2 * _SIDE
_BORDER: Final = 11.0
_TOP_OF_NEXT_PAGES: Final = 28.0
_FOOT: Final = 278.0
_TABLE_ENDS: Final = 262.0
_LAST_BEFORE_SIGNING: Final = 238.0
_TOTAL: Final = 12.0
_POINT: Final = 25.4 / 72

_ACCENT: Final = (24, 78, 94)
_INK: Final = (38, 42, 46)
_QUIET: Final = (112, 118, 122)
_HAIRLINE: Final = (196, 203, 206)


@dataclass(frozen=True)
class Line:
    """One line of the table: what was done, when, and how much. One that opens a group is the group's sum."""

    what: str
    when: str
    how_much: str
    opens_group: bool = False


@dataclass(frozen=True)
class Certificate:
    """Everything that a certificate says, worded in its reader's language.

    The table is left out where it has no lines, the total and the verification where they are empty.
    Characters that no typeface of ours can draw (emoji) are left out.
    """

    locale: str
    issued_at: datetime
    association: str
    title: str
    opening: str
    name: str
    body: str
    issued: str
    signature: str
    headings: Line = Line("", "", "")
    table: tuple[Line, ...] = ()
    total: Line | None = None
    verification: str = ""


def draw(certificate: Certificate) -> bytes:
    """The certificate as a PDF. The same certificate gives the same bytes."""
    with TemporaryDirectory() as folder:
        sheet = _Sheet(_settable(certificate), Path(folder))
        sheet.head()
        if certificate.table:
            sheet.table()
        sheet.sign()
        sheet.foot()
        return bytes(sheet.pdf.output())


def _settable(certificate: Certificate) -> Certificate:
    """The certificate in characters that can be drawn."""

    def line(of: Line) -> Line:
        return replace(of, what=settable(of.what), when=settable(of.when), how_much=settable(of.how_much))

    said = certificate
    return replace(
        said,
        association=settable(said.association),
        title=settable(said.title),
        opening=settable(said.opening),
        name=settable(said.name),
        body=settable(said.body),
        issued=settable(said.issued),
        signature=settable(said.signature),
        headings=line(said.headings),
        table=tuple(map(line, said.table)),
        total=said.total and line(said.total),
        verification=settable(said.verification),
    )


def _everything(certificate: Certificate) -> str:
    """All that will be drawn, so that the fonts hold all of it."""
    said = certificate
    lines_of_table = [said.headings, *said.table, *([said.total] if said.total else [])]
    cells = [text for line in lines_of_table for text in (line.what, line.when, line.how_much)]
    words = [said.association, said.title, said.opening, said.name, said.body, said.issued, said.signature]
    return "".join([*words, *cells, said.verification, "0123456789/ "])


class _Sheet:
    """The pages of one certificate while they are drawn, from top to bottom."""

    def __init__(self, certificate: Certificate, folder: Path) -> None:
        self.certificate = certificate
        self.pdf = FPDF(unit="mm", format="A4")
        self.pdf.set_auto_page_break(False)
        self.pdf.set_text_shaping(True)
        self.pdf.c_margin = 0
        for font in fonts(_everything(certificate), certificate.locale):
            path = folder / f"{font.name.replace(' ', '_')}.ttf"
            path.write_bytes(font.data)
            self.pdf.add_font(font.name, fname=path)
        # No character is in two fonts, so the order says nothing. All are named, the first one too: fpdf
        # loses track of the font in use when a line begins with one that is named after one that is not.
        self.pdf.set_font(next(iter(self.pdf.fonts)))
        self.pdf.set_fallback_fonts(list(self.pdf.fonts))
        self.pdf.set_title(f"{certificate.title}: {certificate.name}")
        self.pdf.set_author(certificate.association)
        self.pdf.set_lang(_LANGUAGE_TAGS.get(certificate.locale, certificate.locale))
        self.pdf.set_creation_date(certificate.issued_at.astimezone(UTC))
        self.pdf.set_creator("Amity")
        self._page()

    def head(self) -> None:
        """Whose certificate it is and what for."""
        said = self.certificate
        self.pdf.set_y(32 if said.table else 46)
        self._centred(said.association, 12.5, _ACCENT, leading=1.5)
        self._gap(4.5)
        self._rule(_WIDTH / 2 - 9, _WIDTH / 2 + 9, _ACCENT, 0.45)
        self._gap(13 if said.table else 22)
        self._centred(said.title, 29, _INK, leading=1.3, smallest=20)
        self._gap(10 if said.table else 18)
        self._centred(said.opening, 11, _QUIET)
        self._gap(4)
        self._centred(said.name, 25, _ACCENT, leading=1.45, smallest=15)
        self._gap(2.5)
        self._rule(_WIDTH / 2 - 42, _WIDTH / 2 + 42, _HAIRLINE, 0.2)
        self._gap(6)
        self._centred(said.body, 12, _INK, leading=1.75, inset=6)
        self._gap(10)

    def table(self) -> None:
        """What was done, line by line, over as many pages as it takes; the total at the end."""
        said = self.certificate
        self._headings()
        for number, line in enumerate(said.table, start=1):
            if line.opens_group:
                self._gap(1.2)
                self._row(line, 10, _ACCENT, follows=9)
            else:
                # Nobody signs a page on which nothing stands: the last line goes with the signature.
                last = number == len(said.table)
                self._row(line, 10, _INK, follows=_TABLE_ENDS - _LAST_BEFORE_SIGNING + _TOTAL if last else 0)
            self._gap(1.6)
            self._rule(_SIDE, _WIDTH - _SIDE, _HAIRLINE, 0.15)
            self._gap(1.6)
        if said.total:
            self._gap(1)
            self._row(said.total, 11.5, _ACCENT)

    def sign(self) -> None:
        """The date, and where somebody signs: at the bottom of the last page."""
        said = self.certificate
        if self.pdf.get_y() > _LAST_BEFORE_SIGNING:
            self._page()
        y, half = _FOOT - 22, _MEASURE / 2 - 8
        right = _WIDTH - _SIDE - half
        self._rule(right, right + half, _INK, 0.2, y)
        for text, x, align in ((said.issued, _SIDE, "L"), (said.signature, right, "C")):
            for number, line in enumerate(self._broken(text, 9.5, half)):
                self._place(line, 9.5, _QUIET, x, y + 2 + number * 5, half, align, 5)

    def foot(self) -> None:
        """At the foot of every page: how to verify it, and which page it is where there are more."""
        said, pages = self.certificate, self.pdf.pages_count
        for page in range(1, pages + 1):
            self.pdf.page = page
            self.pdf.set_font_size(1)  # so that the font is named anew on the page gone back to
            if said.verification:
                self._place(said.verification, 8, _QUIET, _SIDE, _FOOT, _MEASURE, "C")
            if pages > 1:
                self._place(f"{page} / {pages}", 8, _QUIET, _SIDE, _FOOT, _MEASURE, "R")

    def _page(self) -> None:
        self.pdf.add_page()
        self.pdf.set_draw_color(*_ACCENT)
        for inset, weight in ((_BORDER, 0.5), (_BORDER + 1.6, 0.15)):
            self.pdf.set_line_width(weight)
            self.pdf.rect(inset, inset, _WIDTH - 2 * inset, 297 - 2 * inset)
        self.pdf.set_y(_TOP_OF_NEXT_PAGES)

    def _headings(self) -> None:
        self._row(self.certificate.headings, 8.5, _QUIET)
        self._gap(1.6)
        self._rule(_SIDE, _WIDTH - _SIDE, _ACCENT, 0.35)
        self._gap(1.8)

    def _row(self, line: Line, size: float, colour: tuple[int, int, int], *, follows: float = 0) -> None:
        """One line of the table; where it doesn't fit any more, on a new page under the headings.

        `follows` is the room that has to be left below it.
        """
        self.pdf.set_font_size(size)
        when_width, much_width, space = 44.0, 26.0, 4.0
        what_width = _MEASURE - when_width - much_width - 2 * space
        if not line.when:
            what_width += when_width + space
        what = self._broken(line.what, size, what_width)
        when = self._broken(line.when, size, when_width)
        much = self._broken(line.how_much, size, much_width)
        height = size * _POINT * 1.45
        if self.pdf.get_y() + max(len(what), len(when), len(much)) * height + follows > _TABLE_ENDS:
            self._page()
            if line is not self.certificate.headings:
                self._headings()
        top = self.pdf.get_y()
        columns = [
            (what, _SIDE, what_width, "L"),
            (when, _SIDE + what_width + space, when_width, "L"),
            (much, _WIDTH - _SIDE - much_width, much_width, "R"),
        ]
        for texts, x, width, align in columns:
            for number, text in enumerate(texts):
                self._place(text, size, colour, x, top + number * height, width, align, height)
        self.pdf.set_y(top + max(len(what), len(when), len(much)) * height)

    def _centred(
        self,
        text: str,
        size: float,
        colour: tuple[int, int, int],
        *,
        leading: float = 1.5,
        smallest: float | None = None,
        inset: float = 0.0,
    ) -> None:
        """The text in the middle, in smaller letters if that keeps it on one line, else broken."""
        width = _MEASURE - 2 * inset
        while smallest and size > smallest and len(self._broken(text, size, width)) > 1:
            size -= 1
        for line in self._balanced(text, size, width):
            self._place(
                line, size, colour, _SIDE + inset, self.pdf.get_y(), width, "C", size * _POINT * leading
            )
            self.pdf.set_y(self.pdf.get_y() + size * _POINT * leading)

    def _balanced(self, text: str, size: float, width: float) -> list[str]:
        """As few lines as the width allows, about equally long, so that no line is a word alone."""
        broken = self._broken(text, size, width)
        narrow = width / 2
        while len(broken) > 1 and len(narrower := self._broken(text, size, narrow)) >= len(broken):
            if len(narrower) == len(broken):
                return narrower
            narrow += 2
        return broken

    def _place(
        self,
        text: str,
        size: float,
        colour: tuple[int, int, int],
        x: float,
        y: float,
        width: float,
        align: str,
        height: float = 5.0,
    ) -> None:
        self.pdf.set_font_size(size)
        self.pdf.set_text_color(*colour)
        self.pdf.set_xy(x, y)
        self.pdf.cell(width, height, text, align=align)
        self.pdf.set_y(y)

    def _broken(self, text: str, size: float, width: float) -> list[str]:
        self.pdf.set_font_size(size)
        return lines(text, width, self.pdf.get_string_width)

    def _rule(
        self, left: float, right: float, colour: tuple[int, int, int], weight: float, y: float | None = None
    ) -> None:
        self.pdf.set_draw_color(*colour)
        self.pdf.set_line_width(weight)
        height = self.pdf.get_y() if y is None else y
        self.pdf.line(left, height, right, height)

    def _gap(self, millimetres: float) -> None:
        self.pdf.set_y(self.pdf.get_y() + millimetres)
