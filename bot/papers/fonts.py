"""Which typeface sets which character, and small fonts of just the characters that a document needs.

All are Noto Sans under the SIL Open Font License: one voice for every script, so that a Chinese title, an
Urdu name and a number stand in one line. Han is set in the forms that Hong Kong or the mainland writes.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Final

import uharfbuzz as hb
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont


@dataclass(frozen=True)
class Typeface:
    """A font file that a package ships; in a collection, the number of its face."""

    name: str
    package: str
    path: str
    number: int = 0
    outlines: str = "quadratic"


@dataclass(frozen=True)
class Font:
    """A font with only some characters, as the bytes of a TrueType file."""

    name: str
    characters: frozenset[str]
    data: bytes


LATIN: Final = Typeface("latin", "fontpkg_noto_sans", "files/NotoSans[wdth,wght].ttf")  # and Devanagari
ARABIC: Final = Typeface("arabic", "fontpkg_noto_sans_arabic", "files/NotoSansArabic[wdth,wght].ttf")
THAI: Final = Typeface("thai", "fontpkg_noto_sans_thai", "files/NotoSansThai[wdth,wght].ttf")
GURMUKHI: Final = Typeface("gurmukhi", "bot.papers", "NotoSansGurmukhi-Regular.ttf")
_HAN: Final = ("noto_cjk_sans_otc", "NotoSansCJK-Regular.ttc")
HONG_KONG: Final = Typeface("hong kong", *_HAN, number=4, outlines="cubic")
MAINLAND: Final = Typeface("mainland", *_HAN, number=2, outlines="cubic")

# In Chinese these are as wide as a character and sit in its middle; elsewhere they are narrow.
_WIDE_IN_CHINESE: Final = frozenset("“”‘’—…·–")
_JOINERS: Final = frozenset("\u200c\u200d")  # letters join or stay apart by them in Urdu and Nepali


def settable(text: str) -> str:
    """The text without what no typeface of ours can draw: emoji, controls, scripts we lack.

    Other white space becomes a plain space.
    """
    composed = unicodedata.normalize("NFC", text)
    spaced = "".join(" " if character.isspace() else character for character in composed)
    drawn = (c for c in spaced if (c in _JOINERS or unicodedata.category(c)[0] != "C") and typeface(c, "en"))
    return " ".join("".join(drawn).split())


def typeface(character: str, locale: str) -> Typeface | None:
    """Which typeface sets the character in a document of the language, if any does."""
    return next((face for face in _preferred(character, locale) if character in _repertoire(face)), None)


def fonts(text: str, locale: str) -> list[Font]:
    """A font for each typeface that the text needs, the Latin one first. No character is in two of them."""
    wanted: dict[Typeface, set[str]] = {LATIN: {" "}}
    for character in sorted(set(text)):
        if face := typeface(character, locale):
            wanted.setdefault(face, set()).add(character)
    return [Font(face.name, frozenset(chosen), _cut(face, chosen)) for face, chosen in wanted.items()]


def _preferred(character: str, locale: str) -> Iterator[Typeface]:
    han = MAINLAND if locale == "zh_Hans_CN" else HONG_KONG
    if locale.startswith("zh") and character in _WIDE_IN_CHINESE:
        yield han
    yield from (LATIN, han, ARABIC, THAI, GURMUKHI)


@cache
def _face(typeface: Typeface) -> hb.Face:
    data = files(typeface.package).joinpath(typeface.path).read_bytes()
    return hb.Face(hb.Blob(data), typeface.number)


@cache
def _repertoire(typeface: Typeface) -> frozenset[str]:
    return frozenset(chr(code) for code in _face(typeface).unicodes)


def _cut(typeface: Typeface, characters: set[str]) -> bytes:
    """The typeface with only these characters, and what shaping them needs, at its regular weight."""
    face = _face(typeface)
    wanted = hb.SubsetInput()
    wanted.unicode_set.update(map(ord, characters))
    for axis in face.axis_infos:
        wanted.pin_axis_to_default(face, axis.tag)
    cut = hb.subset(face, wanted).blob.data
    return _with_quadratic_outlines(cut) if typeface.outlines == "cubic" else cut


def _with_quadratic_outlines(data: bytes) -> bytes:
    """The same glyphs as a plain TrueType font, which every PDF viewer on every phone draws and copies.

    Han needs no shaping, so its layout tables are left behind.
    """
    old = TTFont(BytesIO(data))
    drawings = old.getGlyphSet()
    glyphs = {}
    for name in old.getGlyphOrder():
        pen = TTGlyphPen(None)
        drawings[name].draw(Cu2QuPen(pen, max_err=1, reverse_direction=True))
        glyphs[name] = pen.glyph()
    new = FontBuilder(old["head"].unitsPerEm, isTTF=True)
    new.setupGlyphOrder(old.getGlyphOrder())
    new.setupCharacterMap(old.getBestCmap())
    new.setupGlyf(glyphs)
    new.setupHorizontalMetrics(dict(old["hmtx"].metrics))
    new.setupHorizontalHeader(ascent=old["hhea"].ascent, descent=old["hhea"].descent)
    name = old["name"]
    new.setupNameTable({"familyName": name.getBestFamilyName(), "styleName": name.getBestSubFamilyName()})
    new.setupOS2(sCapHeight=old["OS/2"].sCapHeight, usWeightClass=old["OS/2"].usWeightClass)
    new.setupPost(keepGlyphNames=False)
    new.font["head"].created = new.font["head"].modified = old["head"].created
    new.font.recalcTimestamp = False
    written = BytesIO()
    new.font.save(written)
    return written.getvalue()
