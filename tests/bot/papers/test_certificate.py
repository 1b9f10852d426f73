from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO

import pytest
from pypdf import PdfReader

from bot.language import LOCALES
from bot.papers.certificate import Certificate, Line, draw

CERTIFICATE = Certificate(
    locale="zh_Hant_HK",
    issued_at=datetime(2026, 12, 3, 4, tzinfo=UTC),
    association="海港友好協會",
    title="義工服務證明書",
    opening="茲證明",
    name="陳大文",
    body="於2026年1月3日至11月28日期間，參與義務工作共42小時30分鐘。",
    issued="簽發日期：2026年12月3日",
    signature="海港友好協會代表",
    headings=Line("活動", "日期", "時數"),
    table=(Line("夏令營：啲細路喺西貢搭𨋢", "2026年1月3日", "3小時30分"),),
    total=Line("總計", "", "42小時30分"),
    verification="核實碼：K7QF-2M9X",
)


def texts(certificate: Certificate) -> list[str]:
    """What each page says, as it is copied out of the PDF, without its spaces."""
    pages = PdfReader(BytesIO(draw(certificate))).pages
    return ["".join(page.extract_text().split()) for page in pages]


@pytest.mark.parametrize("locale", LOCALES)
def test_all_that_it_says_can_be_copied(locale: str) -> None:
    certificate = replace(CERTIFICATE, locale=locale)
    (said,) = texts(certificate)
    line = certificate.table[0]
    for words in (certificate.association, certificate.title, certificate.name, certificate.body):
        assert words in said
    for words in (line.what, line.when, line.how_much, certificate.issued, certificate.verification):
        assert words in said


def test_it_is_small_and_the_same_each_time() -> None:
    assert draw(CERTIFICATE) == draw(CERTIFICATE)
    assert len(draw(CERTIFICATE)) < 60_000


def test_it_names_its_subject_its_author_and_its_language() -> None:
    read = PdfReader(BytesIO(draw(CERTIFICATE)))
    assert read.metadata is not None
    assert (read.metadata.title, read.metadata.author) == ("義工服務證明書: 陳大文", "海港友好協會")
    assert read.metadata.creation_date == CERTIFICATE.issued_at
    assert read.trailer["/Root"]["/Lang"] == "zh-HK"


def test_its_fonts_are_in_it() -> None:
    (page,) = PdfReader(BytesIO(draw(CERTIFICATE))).pages
    for font in page["/Resources"]["/Font"].values():
        descriptor = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert "/FontFile2" in descriptor


def test_a_long_table_runs_over_pages_under_the_same_headings() -> None:
    table = tuple(Line(f"第{number}次", "2026年1月3日", "3小時") for number in range(80))
    pages = texts(replace(CERTIFICATE, table=table))
    assert len(pages) >= 3
    assert all(f"{number}/{len(pages)}" in page for number, page in enumerate(pages, 1))
    assert all("活動日期時數" in page and CERTIFICATE.verification in page for page in pages[:2])
    together = "".join(pages)
    assert all(together.count(f"第{number}次") == 1 for number in range(80))
    assert CERTIFICATE.issued in pages[-1]
    assert CERTIFICATE.issued not in "".join(pages[:-1])


@pytest.mark.parametrize("lines", range(0, 40, 3))
def test_there_is_always_room_to_sign(lines: int) -> None:
    pages = texts(replace(CERTIFICATE, table=CERTIFICATE.table * lines))
    assert CERTIFICATE.signature in pages[-1]
    assert "".join(pages).count(CERTIFICATE.table[0].what) == lines


@pytest.mark.parametrize("lines", range(1, 45, 2))
def test_nobody_signs_a_page_on_which_nothing_stands(lines: int) -> None:
    last = texts(replace(CERTIFICATE, table=CERTIFICATE.table * lines))[-1]
    assert CERTIFICATE.table[0].what in last
    assert CERTIFICATE.total is not None
    assert CERTIFICATE.total.how_much in last


def test_without_a_table_it_is_one_page() -> None:
    (said,) = texts(replace(CERTIFICATE, table=(), total=None, verification=""))
    assert "活動" not in said
    assert "核實" not in said


@pytest.mark.parametrize(
    "name",
    [
        "محمد علی خان",
        "सुनीता शर्मा",
        "ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ",
        "สมชาย ใจดี",
        "Nguyễn Thị Ánh 阮氏映",
        "🌸",
        "",
        "W" * 200,
        "陳" * 120,
    ],
)
def test_any_name_can_be_set(name: str) -> None:
    assert len(texts(replace(CERTIFICATE, name=name))) == 1
