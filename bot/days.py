"""Any day of the calendar that people write, long past ones such as birthdays included."""

import re
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from bot import when

_CENTURY: Final = 100
_LAST_CENTURY: Final = re.compile(r"(?<!\d)19(\d\d)(?!\d)")
# A year of two digits means the century in which it is not further ahead than this.
_AHEAD: Final = 30


def understand_day(text: str, *, now: datetime, zone: ZoneInfo, locale: str) -> date | None:
    """The day that is meant, written as `bot.when` reads days; None where it is none that exists.

    A day without a year is the next such day. Years are read from 1900 on.
    """
    # What reads days for events knows this century alone; its leap years come at the same places.
    shifted, told = _LAST_CENTURY.subn(r"20\1", text)
    if told > 1:
        return None
    match when.understand(shifted, now=now, zone=zone, locale=locale):
        case when.Understood(instant) | when.Past(instant):
            day = instant.astimezone(zone).date()
        case _:
            return None
    if not told and day.year <= now.year + _AHEAD:
        return day
    try:
        return day.replace(year=day.year - _CENTURY)
    except ValueError:
        return None
