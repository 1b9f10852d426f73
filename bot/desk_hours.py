"""When the desk is open, and how long members wait before somebody is reminded of them."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot import audit
from bot.quiet import DAY
from bot.reminders import settle_wall_time
from storage import Transaction, options

WEEK: Final = 7
# How long a question may wait, in minutes while the desk is open; 0: as long as it takes.
PATIENCES: Final = (60, 120, 240, 480, 1440, 0)
_OPTION: Final = "desk_hours"


@dataclass(frozen=True)
class DeskHours:
    """The days from Monday, 0, on which the desk is open, and from which minute of the day until which.

    Where `until` is no later than `start` it is one of the next day. `patience` is in minutes of open hours.
    """

    days: tuple[int, ...] = (0, 1, 2, 3, 4)
    start: int = 10 * 60
    until: int = 18 * 60
    patience: int = 4 * 60

    def is_open(self, now: datetime, zone: ZoneInfo) -> bool:
        return any(opens <= now < closes for opens, closes in self._spells(now, zone, days=2))

    def next_opening(self, now: datetime, zone: ZoneInfo) -> datetime | None:
        """When it opens next, or `now` where it is open; None where it never is."""
        for opens, closes in self._spells(now, zone, days=WEEK + 2):
            if now < closes:
                return max(now, opens)
        return None

    def after(self, start: datetime, open_for: timedelta, zone: ZoneInfo) -> datetime | None:
        """The instant by which the desk has been open for so long since `start`; None: it never is."""
        left, day = open_for, start
        while self.days and self.start != self.until:
            latest = day
            for opens, closes in self._spells(day, zone, days=WEEK + 2):
                begins = max(opens, day)
                if closes <= begins:
                    continue
                if begins + left <= closes:
                    return begins + left
                left -= closes - begins
                latest = closes
            day = latest
        return None

    def _spells(self, now: datetime, zone: ZoneInfo, *, days: int) -> list[tuple[datetime, datetime]]:
        """From when to when it is open, from the day before on; a change of clocks moves neither."""
        today = now.astimezone(zone).replace(tzinfo=None, hour=0, minute=0, second=0, microsecond=0)
        spells = []
        for ahead in range(-1, days):
            midnight = today + timedelta(days=ahead)
            if midnight.weekday() not in self.days or self.start == self.until:
                continue
            until = self.until if self.until > self.start else self.until + DAY
            opens = settle_wall_time(midnight + timedelta(minutes=self.start), zone)
            closes = settle_wall_time(midnight + timedelta(minutes=until), zone)
            spells.append((opens, closes))
        return spells


async def read(tx: Transaction) -> DeskHours:
    """What organisers have set, or Monday to Friday from ten to six with four hours of patience."""
    kept = await options.find(tx, _OPTION)
    if kept is None:
        return DeskHours()
    values = json.loads(kept)
    return DeskHours(tuple(values["days"]), values["start"], values["until"], values["patience"])


async def write(tx: Transaction, hours: DeskHours, *, actor_id: int, now: datetime) -> None:
    values = {
        "days": sorted(hours.days),
        "start": hours.start,
        "until": hours.until,
        "patience": hours.patience,
    }
    await options.remember(tx, _OPTION, json.dumps(values))
    await audit.note(tx, "desk_hours_set", now=now, actor_id=actor_id)
