"""When people mean, from what they write: a day, a time, a length, an end."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import get_timezone_location

from bot.language import LOCALES
from bot.written import WrittenClock, length, normal, take_clock, take_day


@dataclass(frozen=True)
class Understood:
    """An instant, in the zone asked for. Without a time it is the first moment of the day."""

    instant: datetime
    has_time: bool


@dataclass(frozen=True)
class NotUnderstood:
    """No day or time, or one that could as well be another."""


@dataclass(frozen=True)
class Past:
    """Understood, but already over; an end: not after the start."""

    instant: datetime


Answer = Understood | NotUnderstood | Past

_OVERNIGHT: Final = timedelta(hours=16)
_LONGEST: Final = timedelta(days=300)
_NOTHING: Final = re.compile(r"(?:\b(?:at|on|the|of|by)\b|[\s,、。的在@])*")
_AHEAD: Final = re.compile(r"in (?P<en>.+)|(?P<from>.+) from now|(?P<zh>.+?)之?[後后]", re.IGNORECASE)
_UNTIL: Final = re.compile(r"\s*(?:(?:until|till|to)\b|[-–—~至到])\s*", re.IGNORECASE)


def understand(
    text: str, *, now: datetime, zone: ZoneInfo, locale: str, after: datetime | None = None
) -> Answer:
    """The instant that somebody in the zone means. English and Chinese are understood whatever `locale` is.

    Days are written as in Hong Kong, 3/12 being 3 December. A day without a year is the next such day, today
    included; a time without a day is the first one. Both count from `after` where that is given. A local time
    that does not exist shifts forward; of one that comes twice it is the first. A text is understood whole or
    not at all: no word is passed over.
    """
    minute = now.replace(second=0, microsecond=0)
    if (lead := _lead(text)) is not None:
        return Understood((minute.astimezone(UTC) + lead).astimezone(zone), has_time=True)
    today, since = now.astimezone(zone).date(), (after or now).astimezone(zone).date()
    written, rest = take_day(normal(_without_zone(text, zone)), today, since)
    clock, rest = take_clock(rest)
    if not _NOTHING.fullmatch(rest):
        return _other_language(text, now=minute, zone=zone, locale=locale)
    if written is None:
        if clock is None:
            return _other_language(text, now=minute, zone=zone, locale=locale)
        return Understood(_first_after(clock, after or now, zone), has_time=True)
    if clock is None:
        start_of_day = _instant(written.day, 0, zone)
        return Past(start_of_day) if written.day < today else Understood(start_of_day, has_time=False)
    found = _instant(written.day, clock.minutes, zone)
    if found < minute and written.may_be_next_week:
        found = _instant(written.day + timedelta(days=7), clock.minutes, zone)
    return Past(found) if found < minute else Understood(found, has_time=True)


def understand_duration(text: str) -> timedelta | NotUnderstood:
    """A length of time: "2 hours", "1h30", "an hour and a half", "兩個半小時", "90 min"."""
    return length(text) or NotUnderstood()


def understand_end(text: str, *, starts: datetime, now: datetime, zone: ZoneInfo, locale: str) -> Answer:
    """When something that starts then ends: a time alone, a length, or a day and a time.

    A time alone is the first after the start, within sixteen hours of it. Whole days keep the time of the
    clock. An end that is not after the start is Past; a day alone may be the day of the start, for whoever
    asks next for the time.
    """
    bare = _UNTIL.sub("", text, count=1) if _UNTIL.match(text) else text
    if (lasting := length(bare)) is not None:
        local = starts.astimezone(zone)
        days, rest = timedelta(days=lasting.days), lasting - timedelta(days=lasting.days)
        reached = _instant((local + days).date(), local.hour * 60 + local.minute, zone) if days else starts
        return Understood((reached.astimezone(UTC) + rest).astimezone(zone), has_time=True)
    found = understand(bare, now=now, zone=zone, locale=locale, after=starts)
    if isinstance(found, Understood) and found.instant - starts > _LONGEST:
        # "2/12" of something that starts on 3/12 is the day before it, not the one a year later.
        found = understand(bare, now=now, zone=zone, locale=locale, after=starts - _LONGEST)
    first_day = starts.astimezone(zone).date()
    match found:
        case Understood(instant, has_time=True) if instant <= starts:
            return Past(instant)
        case Understood(instant, has_time=False) if instant.date() < first_day:
            return Past(instant)
        case Understood(instant) if instant - starts > _OVERNIGHT and _names_no_day(bare, zone, first_day):
            return Past(instant - timedelta(days=1))
        case _:
            return found


def _names_no_day(text: str, zone: ZoneInfo, today: date) -> bool:
    return take_day(normal(_without_zone(text, zone)), today, today)[0] is None


def _instant(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    hours = timedelta(minutes=minutes)
    local = datetime(day.year, day.month, day.day, tzinfo=zone) + hours
    # Through UTC and back: a time in a gap comes out shifted forward by the gap.
    return local.astimezone(UTC).astimezone(zone)


def _first_after(clock: WrittenClock, instant: datetime, zone: ZoneInfo) -> datetime:
    today = instant.astimezone(zone).date()
    shown = {clock.minutes % 1440}
    if clock.either_half:
        shown.add((clock.minutes + 720) % 1440)
    candidates = (_instant(today + timedelta(days=n), minutes, zone) for n in range(3) for minutes in shown)
    return min(candidate for candidate in candidates if candidate > instant)


def _lead(text: str) -> timedelta | None:
    """How far ahead "in two hours" is; days are left to the calendar."""
    found = _AHEAD.fullmatch(text.strip())
    lead = length(found["en"] or found["from"] or found["zh"]) if found else None
    return lead if lead is not None and lead < timedelta(days=1) else None


def _without_zone(text: str, zone: ZoneInfo) -> str:
    """The text without a remark in brackets that names the very zone it is read in."""
    found = re.fullmatch(r"(.+?)\s*[(（]([^()（）]+)[)）]\s*", text, flags=re.DOTALL)
    return found[1] if found and any(city in found[2] for city in _cities(zone)) else text


@cache
def _cities(zone: ZoneInfo) -> frozenset[str]:
    return frozenset(get_timezone_location(zone, locale=locale, return_city=True) for locale in LOCALES)


def _other_language(text: str, *, now: datetime, zone: ZoneInfo, locale: str) -> Answer:
    """What dateparser makes of a day with its month in a language that has no grammar here.

    It is not asked about English or Chinese, where it finds dates in "hello" and picks one of two readings.
    """
    name = locale.split("_", maxsplit=1)[0]
    if name in {"en", "zh"} or not re.search(r"\d", text):
        return NotUnderstood()
    from dateparser import parse  # noqa: PLC0415  it reads much data when imported, and is seldom needed

    local = now.astimezone(zone).replace(tzinfo=None)
    settings = {
        "RELATIVE_BASE": local,
        "REQUIRE_PARTS": ["day", "month"],
        "DATE_ORDER": "DMY",
        "PREFER_DATES_FROM": "future",
    }
    try:
        found = parse(text, languages=[name], settings=settings)
    except ValueError:
        found = None
    if found is None:
        return NotUnderstood()
    has_time = bool(re.search(r"\d[:.]\d\d\b", text))
    instant = _instant(found.date(), found.hour * 60 + found.minute if has_time else 0, zone)
    over = instant < now if has_time else found.date() < local.date()
    return Past(instant) if over else Understood(instant, has_time)
