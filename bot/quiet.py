"""Whether somebody sleeps, until when, and what must not wait for the morning."""

import re
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.reminders import settle_wall_time
from bot.written import normal, take_clock
from storage.owing import ANSWER, TIMELY

Hours = tuple[int, int]

DAY: Final = 24 * 60
# For what many get at once, where somebody has set no hours of their own.
NIGHT: Final = (22 * 60, 8 * 60)
# Nobody means these hours to be quiet the other way round.
_NIGHT: Final = range(5 * 60)
_LONGEST_NIGHT: Final = 12 * 60
_BETWEEN: Final = re.compile(r"\s*(?:\b(?:until|till?|to|and)\b|[-–—~至到])\s*")
_FROM: Final = re.compile(r"^(?:from|between|从|由|自)\s*")
_BARE: Final = re.compile(r"\s*(\d{1,2})\s*(?:h|时|点)?\s*")
_FILLERS: Final = re.compile(r"[\s,.。,]*")
# Somebody who is told in the morning should still have the time to come.
_TIME_TO_COME: Final = timedelta(minutes=30)


def urgency(starts_at: datetime, now: datetime) -> int:
    """How a change of plans ranks: within a day of the start it goes out at night too, without a sound."""
    return ANSWER if starts_at - now < timedelta(days=1) else TIMELY


def quiet_ends(now: datetime, hours: Hours, zone: ZoneInfo) -> datetime | None:
    """The end of the quiet hours that `now` falls into, or None when it falls into none.

    `hours` are minutes after local midnight, from and until; they may span midnight.
    """
    start, end = hours
    local = now.astimezone(zone).replace(tzinfo=None)
    minute = local.hour * 60 + local.minute
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    if start <= minute < end:
        return settle_wall_time(midnight + timedelta(minutes=end), zone)
    if end < start and minute >= start:
        return settle_wall_time(midnight + timedelta(days=1, minutes=end), zone)
    if end < start and minute < end:
        return settle_wall_time(midnight + timedelta(minutes=end), zone)
    return None


def is_too_late(morning: datetime, useful_until: datetime | None) -> bool:
    """Whether the morning is no time to be told: past its use, or too short before to make use of it."""
    return useful_until is not None and useful_until - morning < _TIME_TO_COME


def understand_hours(text: str) -> Hours | None:
    """The hours that somebody writes: "22:30-7:00", "11pm to 8", "晚上10時至早上8時". None: no such hours.

    Where an hour may be of either half of the day, a night is meant: "10-8" is from ten in the evening.
    """
    written, readings = _read(text)
    nights = [hours for hours in readings if _lasting(hours) <= _LONGEST_NIGHT and _touches_night(hours)]
    if nights:
        return min(nights, key=_lasting)
    return written if written in readings else None


def understand_open_hours(text: str) -> Hours | None:
    """The hours that somebody writes, by day wherever that may be meant: "10-6" ends in the evening."""
    written, readings = _read(text)
    days = [hours for hours in readings if hours[0] < hours[1] and not _touches_night(hours)]
    if days:
        return written if written in days else min(days, key=_lasting)
    return written if written in readings else None


def _read(text: str) -> tuple[Hours | None, list[Hours]]:
    """The hours as they stand there, and all that they may mean; none where there are no two times."""
    parts = _BETWEEN.split(_FROM.sub("", normal(text)))
    if len(parts) != 2:
        return None, []
    start, end = _clocks(parts[0]), _clocks(parts[1])
    if not start or not end:
        return None, []
    return (start[0], end[0]), [(begins, ends) for begins in start for ends in end if begins != ends]


def _clocks(text: str) -> tuple[int, ...]:
    """The minutes after midnight that one end may mean, as written first."""
    clock, rest = take_clock(text)
    if clock is not None and _FILLERS.fullmatch(rest):
        minutes, either = clock.minutes, clock.either_half
    elif (bare := _BARE.fullmatch(text)) and int(bare[1]) <= 24:
        minutes, either = int(bare[1]) * 60, 1 <= int(bare[1]) <= 12 and not bare[1].startswith("0")
    else:
        return ()
    other = ((minutes + DAY // 2) % DAY,) if either else ()
    return (minutes % DAY, *other)


def _lasting(hours: Hours) -> int:
    return (hours[1] - hours[0]) % DAY


def _touches_night(hours: Hours) -> bool:
    start, _ = hours
    return any((minute - start) % DAY < _lasting(hours) for minute in _NIGHT)
