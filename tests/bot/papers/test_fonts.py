import unicodedata
from io import BytesIO

import pytest
from fontTools.ttLib import TTFont

from bot.language import LOCALES
from bot.papers.fonts import fonts, settable, typeface

CANTONESE = "啲喺嘅冇嚟嘢咗哋佢畀攞諗揾瞓嗌嘥噏囉喎啩嘞邨埗𨋢𡃁𢫏𨳒"
NAMES = {
    "hindi": "सुनीता शर्मा",
    "nepali": "गर्‍छु",
    "urdu": "محمد علی خان",
    "punjabi": "ਗੁਰਪ੍ਰੀਤ ਸਿੰਘ",
    "thai": "สมชาย ใจดี",
    "vietnamese": "Nguyễn Thị Ánh Dương",
    "russian": "Анна Ёлкина",
    "japanese": "さくら・サクラ",
    "korean": "김민수",
}


def characters(codec: str) -> set[str]:
    found = set()
    for lead in range(0x81, 0xFF):
        for trail in range(0x40, 0xFF):
            try:
                found |= set(bytes([lead, trail]).decode(codec))
            except UnicodeDecodeError:
                continue
    return found


@pytest.mark.parametrize("locale", LOCALES)
def test_every_han_of_hong_kong_and_the_mainland_can_be_set(locale: str) -> None:
    known = characters("big5hkscs") | characters("gb2312")
    han = {character for character in known if "CJK" in unicodedata.name(character, "")}
    assert len(han) > 18_000
    assert {character for character in han if typeface(character, locale) is None} == set()


def test_cantonese_can_be_set() -> None:
    assert settable(CANTONESE) == CANTONESE


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_names_of_our_neighbours_can_be_set(name: str) -> None:
    assert settable(name) == name


def test_emoji_controls_and_line_ends_are_left_out() -> None:
    assert settable("Ada 🌸\u202e\n\tChan\x00") == "Ada Chan"


def test_quotation_marks_are_wide_in_chinese_and_narrow_elsewhere() -> None:
    assert [face and face.name for face in (typeface("“", "en"), typeface("“", "zh_Hant_HK"))] == [
        "latin",
        "hong kong",
    ]


def test_han_is_set_as_its_reader_writes_it() -> None:
    assert [face and face.name for face in (typeface("骨", "zh_Hant_HK"), typeface("骨", "zh_Hans_CN"))] == [
        "hong kong",
        "mainland",
    ]


@pytest.mark.parametrize("locale", LOCALES)
def test_each_character_is_in_one_font_and_can_be_drawn_from_it(locale: str) -> None:
    text = "".join(NAMES.values()) + CANTONESE + "“Hello”, 2026 — “您好”"
    made = fonts(text, locale)
    held = [set(TTFont(BytesIO(font.data)).getBestCmap()) for font in made]
    assert sum(map(len, held)) == len(set().union(*held))
    assert set(map(ord, text)) <= set().union(*held)
    assert sum(len(font.data) for font in made) < 100_000


def test_the_same_text_gives_the_same_fonts() -> None:
    assert fonts(CANTONESE + "abc", "en") == fonts(CANTONESE + "abc", "en")
