"""How much rest lies between shifts, and how long the days become: warnings, never refusals."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from storage.shifts import Shift

REST: Final = timedelta(hours=11)
DAY: Final = timedelta(hours=10)
WEEK: Final = timedelta(hours=48)
# What counts as night, by the clock on the wall.
NIGHT_FROM: Final = time(23)
NIGHT_UNTIL: Final = time(6)


@dataclass(frozen=True)
class ShortRest:
    """Too little lies between two shifts of different days."""

    rest: timedelta


@dataclass(frozen=True)
class LongDay:
    """More than ten hours on one day."""

    day: date
    work: timedelta


@dataclass(frozen=True)
class LongWeek:
    """More than 48 hours in seven days on end."""

    work: timedelta


Strain = ShortRest | LongDay | LongWeek


def is_night(starts_at: datetime, ends_at: datetime, zone: ZoneInfo) -> bool:
    """Whether any part lies between 23:00 and 6:00 by the clock on the wall."""
    return any(
        _shared(starts_at, ends_at, _at(day, NIGHT_FROM, zone), _at(day + _ONE, NIGHT_UNTIL, zone))
        for day in _days(starts_at.astimezone(zone).date() - _ONE, ends_at.astimezone(zone).date())
    )


def strains(shift: Shift, others: Iterable[Shift], zone: ZoneInfo) -> tuple[Strain, ...]:
    """What taking the shift beside the others would come to, by the clock of the shift's own event."""
    held = [other for other in others if other.id != shift.id]
    found: list[Strain] = []
    rests = [_between(shift, other) for other in held if _day(other, zone) != _day(shift, zone)]
    short = [rest for rest in rests if rest is not None and rest < REST]
    if short:
        found.append(ShortRest(min(short)))
    work = [*held, shift]
    starts, ends = _day(shift, zone), shift.ends_at.astimezone(zone).date()
    longest = max(
        ((_worked(work, day, day + _ONE, zone), day) for day in _days(starts, ends)),
        key=lambda one: one[0],
    )
    if longest[0] > DAY:
        found.append(LongDay(longest[1], longest[0]))
    week = max(
        _worked(work, first, first + timedelta(days=7), zone)
        for first in _days(starts - timedelta(days=6), ends)
    )
    if week > WEEK:
        found.append(LongWeek(week))
    return tuple(found)


_ONE: Final = timedelta(days=1)


def _between(one: Shift, other: Shift) -> timedelta | None:
    """The time from the end of the earlier to the start of the later; None where they overlap."""
    rest = max(one.starts_at, other.starts_at) - min(one.ends_at, other.ends_at)
    return rest if rest >= timedelta() else None


def _day(shift: Shift, zone: ZoneInfo) -> date:
    return shift.starts_at.astimezone(zone).date()


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _worked(work: Sequence[Shift], first: date, until: date, zone: ZoneInfo) -> timedelta:
    starts, ends = _at(first, time(), zone), _at(until, time(), zone)
    return sum((_shared(one.starts_at, one.ends_at, starts, ends) for one in work), timedelta())


def _at(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock, zone)


def _shared(starts: datetime, ends: datetime, other_starts: datetime, other_ends: datetime) -> timedelta:
    # By instants: a day on which the clocks change is not 24 hours long.
    shared = min(ends.timestamp(), other_ends.timestamp()) - max(starts.timestamp(), other_starts.timestamp())
    return timedelta(seconds=max(0.0, shared))
