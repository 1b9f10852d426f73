"""The languages Amity speaks, and how each says a sentence, a date, a number or a list."""

import gettext
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from decimal import Decimal
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from typing import Final, Literal, TypeAlias, TypeVar
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time, get_timezone_location
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent
from markupsafe import Markup, escape

LOCALES: Final = ("en", "zh_Hant_HK", "zh_Hans_CN")
NATIVE_NAMES: Final = {"en": "English", "zh_Hant_HK": "繁體中文", "zh_Hans_CN": "简体中文"}
CATALOGUES: Final = Path(__file__).resolve().parent.parent / "locales"
HK: Final = ZoneInfo("Asia/Hong_Kong")

# English dates are written as Hong Kong writes them: day first, and 24 hours so that 7 is never 19.
_CLDR: Final = {"en": "en_GB"}
_DAY: Final = {"en": "EEEE, d MMMM y"}
_DAY_WITHOUT_YEAR: Final = {"en": "EEEE, d MMMM", "zh_Hant_HK": "M月d日EEEE", "zh_Hans_CN": "M月d日EEEE"}

_SINITIC: Final = {"zh", "yue", "cmn", "hak", "nan", "wuu", "gan", "hsn", "lzh"}
_TRADITIONAL_REGIONS: Final = {"HK", "TW", "MO"}
_ALIASES: Final = {
    "yue": "zh_Hant_HK",
    "lzh": "zh_Hant_HK",
    "zh-yue": "zh_Hant_HK",
    "zh-cht": "zh_Hant_HK",
    "zh-chs": "zh_Hans_CN",
}
_RENAMED: Final = {"tl": "fil", "in": "id"}

_BIDI_CONTROLS: Final = dict.fromkeys(
    [0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]  # marks, embeddings, isolates
)
Day: TypeAlias = date  # inside Language, `date` is what it says
Text = TypeVar("Text", str, Markup)

_LEAD: Final = re.compile(r"(\d+)([wdhm])")


def resolve(*tags: str | None, default: str = "en") -> str:
    """The locale to speak, from language tags in order of authority: the member's choice, then the client's.

    The first tag that names a language we have wins; tags may be empty, malformed or in any writing
    (`zh-hant-hk`, `zh_TW.UTF-8`). Chinese without a script is Traditional for Hong Kong, Macau, Taiwan
    and Cantonese, else Simplified.
    """
    for tag in tags:
        if tag and (found := _resolve(tag)):
            return found
    return default


def _resolve(tag: str) -> str | None:
    plain = re.split(r"[.@]", tag.strip(), maxsplit=1)[0].replace("_", "-").lower()
    if plain in _ALIASES:
        return _ALIASES[plain]
    name, *subtags = plain.split("-")
    name = _RENAMED.get(name, name)
    if name in _SINITIC:
        if "hant" in subtags or "hans" in subtags:
            return "zh_Hant_HK" if "hant" in subtags else "zh_Hans_CN"
        regions = {subtag.upper() for subtag in subtags if len(subtag) == 2}
        if regions:
            return "zh_Hant_HK" if regions & _TRADITIONAL_REGIONS else "zh_Hans_CN"
        return "zh_Hant_HK" if "yue" in subtags else _ALIASES.get(name, "zh_Hans_CN")
    return next((locale for locale in LOCALES if locale.split("_")[0] == name), None)


# Everybody who looks at the same event is told the same days, times and numbers.
@lru_cache(maxsize=5000)
def _said_day(day: Day, pattern: str, cldr: str) -> str:
    return format_date(day, pattern, locale=cldr)


@lru_cache(maxsize=5000)
def _said_time(time_of_day: time, cldr: str) -> str:
    return format_time(time_of_day, "short", locale=cldr)


@lru_cache(maxsize=5000, typed=True)
def _said_number(n: float | Decimal, cldr: str) -> str:
    return format_decimal(n, locale=cldr)


@dataclass(frozen=True)
class Language:
    """One locale, and the zone whose times are said without naming it.

    Sentences are whole, with named blanks in braces. A blank the caller leaves out is a bug and raises
    KeyError; a translation whose braces are wrong is passed over for the original sentence.
    """

    locale: str
    home: ZoneInfo = HK

    def gettext(self, message: str, /, **blanks: object) -> str:
        """Plain text: for buttons and alerts, never for a message with markup."""
        return _fill(message, _catalogue(self.locale).gettext(message), blanks)

    def ngettext(self, singular: str, plural: str, n: int, /, **blanks: object) -> str:
        """Plain text in the form that the number asks for; {n} is the number as the locale writes it."""
        blanks.setdefault("n", self.number(n))
        return _fill(
            singular if n == 1 else plural, _catalogue(self.locale).ngettext(singular, plural, n), blanks
        )

    def html(self, message: str, /, **blanks: object) -> Markup:
        """A message in Telegram's HTML. Blanks are escaped, except those that are Markup already."""
        return _fill(Markup(message), Markup(_catalogue(self.locale).gettext(message)), blanks)  # noqa: S704

    def nhtml(self, singular: str, plural: str, n: int, /, **blanks: object) -> Markup:
        """Like `ngettext`, in Telegram's HTML."""
        blanks.setdefault("n", self.number(n))
        message = Markup(singular if n == 1 else plural)  # noqa: S704
        return _fill(message, Markup(_catalogue(self.locale).ngettext(singular, plural, n)), blanks)  # noqa: S704

    def day(self, day: Day, *, now: datetime | None = None) -> str:
        """A day of the calendar with its weekday: "Thursday, 3 December 2026".

        The year is left out only where `now` is given and falls in the same year.
        """
        if now is not None and now.astimezone(self.home).year == day.year:
            pattern = _DAY_WITHOUT_YEAR[self.locale]
        else:
            pattern = _DAY.get(self.locale, "full")
        return _said_day(day, pattern, self._cldr)

    def weekday(self, number: int) -> str:
        """A day of the week by its number from Monday, 0: "Monday"."""
        # The first of January 2024 was a Monday.
        return _said_day(Day(2024, 1, 1 + number), "EEEE", self._cldr)

    def day_of_record(self, day: Day) -> str:
        """A day of the calendar as sources are dated: "28 March 2022", without its weekday."""
        return format_date(day, "long", locale=self._cldr)

    def date(self, instant: datetime, zone: tzinfo | None = None, *, now: datetime | None = None) -> str:
        """The day on which the instant falls in the zone (home's when none is given)."""
        return self.day(self._local(instant, zone).date(), now=now)

    def time(self, instant: datetime, zone: tzinfo | None = None) -> str:
        """The time of day in the zone, to the minute: "18:30", "下午6:30". The zone itself is not named."""
        return _said_time(self._local(instant, zone).time(), self._cldr)

    def moment(self, instant: datetime, zone: tzinfo | None = None, *, now: datetime | None = None) -> str:
        """Day and time: "Thursday, 3 December 2026 at 18:30".

        The zone is named where its clock differs from home's at that instant.
        """
        # Translators: a day and a time of day, such as "Thursday, 3 December 2026 at 18:30".
        said = self.gettext(
            "{date} at {time}", date=self.date(instant, zone, now=now), time=self.time(instant, zone)
        )
        return self._with_zone(said, instant, zone)

    def span(
        self, starts: datetime, ends: datetime, zone: tzinfo | None = None, *, now: datetime | None = None
    ) -> str:
        """From when to when: one day and two times, or two moments where the days differ."""
        date, until = self.date(starts, zone, now=now), self.date(ends, zone, now=now)
        starts_at, ends_at = self.time(starts, zone), self.time(ends, zone)
        if self._local(starts, zone).date() == self._local(ends, zone).date():
            # Translators: one day with the times at which something starts and ends.
            said = self.gettext("{date}, {starts}–{ends}", date=date, starts=starts_at, ends=ends_at)
        else:
            # Translators: {starts} and {ends} are each a day and a time, on different days.
            said = self.gettext(
                "{starts} to {ends}",
                starts=self.gettext("{date} at {time}", date=date, time=starts_at),
                ends=self.gettext("{date} at {time}", date=until, time=ends_at),
            )
        return self._with_zone(said, starts, zone)

    def before(self, lead: str) -> str:
        """How long before something: "7d" is "7 days before". Units are w, d, h and m."""
        match = _LEAD.fullmatch(lead)
        if match is None:
            raise ValueError(f"not a length of time before something: {lead!r}")
        n = int(match[1])
        # Translators: these say how long before an event starts a reminder is sent.
        match match[2]:
            case "w":
                return self.ngettext("{n} week before", "{n} weeks before", n)
            case "d":
                return self.ngettext("{n} day before", "{n} days before", n)
            case "h":
                return self.ngettext("{n} hour before", "{n} hours before", n)
            case _:
                return self.ngettext("{n} minute before", "{n} minutes before", n)

    def number(self, n: float | Decimal) -> str:
        return _said_number(n, self._cldr)

    def percent(self, share: float | Decimal) -> str:
        """A share of 1 as a whole percentage: 0.256 is "26%"."""
        return format_percent(share, locale=self._cldr)

    def joined(self, items: Sequence[str], style: Literal["standard", "or", "unit"] = "standard") -> str:
        """The items as a list in a sentence: "A, B and C". With Markup in it, the rest is escaped."""
        if style == "unit" and self.locale.startswith("zh"):
            # CLDR sets nothing but a space here, which divides no names.
            mark = Markup("、") if any(isinstance(item, Markup) for item in items) else "、"
            return mark.join(items)
        if any(isinstance(item, Markup) for item in items):
            return Markup(format_list([escape(item) for item in items], style, locale=self._cldr))  # noqa: S704
        return format_list(items, style, locale=self._cldr)

    @property
    def _cldr(self) -> str:
        return _CLDR.get(self.locale, self.locale)

    def _local(self, instant: datetime, zone: tzinfo | None) -> datetime:
        if instant.tzinfo is None:
            raise ValueError("an instant needs its zone")
        return instant.astimezone(zone or self.home)

    def _with_zone(self, said: str, instant: datetime, zone: tzinfo | None) -> str:
        if zone is None or self._local(instant, zone).utcoffset() == self._local(instant, None).utcoffset():
            return said
        city = get_timezone_location(zone, locale=self._cldr, return_city=True)
        # Translators: a day and time, and the city whose clock it is, such as "(London time)".
        return self.gettext("{moment} ({city} time)", moment=said, city=city)


@cache
def language(locale: str, home: ZoneInfo = HK) -> Language:
    """The language of one of LOCALES, its catalogue read. Any other locale raises: `resolve` first."""
    _catalogue(locale)
    return Language(locale, home)


def isolate(text: str) -> str:
    """A stranger's words, kept from changing the direction of the text around them.

    Bidirectional controls inside are dropped. Nothing is escaped.
    """
    return f"\u2068{text.translate(_BIDI_CONTROLS)}\u2069"


@cache
def _catalogue(locale: str) -> gettext.NullTranslations:
    if locale not in LOCALES:
        raise ValueError(f"not one of our languages: {locale!r}")
    with (CATALOGUES / locale / "LC_MESSAGES" / "messages.po").open("rb") as file:
        catalogue = read_po(file, locale=Locale.parse(locale))
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def _fill(message: Text, translated: Text, blanks: dict[str, object]) -> Text:
    if isinstance(message, Markup):
        # What Markup.format does as well, which takes several times as long.
        blanks = {name: escape(value) for name, value in blanks.items()}
    plain, kind = str.format, type(message)
    try:
        return kind(plain(translated, **blanks))
    except (LookupError, ValueError, AttributeError):
        return kind(plain(message, **blanks))
