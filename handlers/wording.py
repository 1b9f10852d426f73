"""Wording what is owed, many at a time: each in its reader's language, by what is true now."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.clock import Clock
from bot.language import language
from bot.quiet import NIGHT, is_too_late, quiet_ends
from handlers import digests
from handlers.notice_kinds import TOGETHER, UNHEARD, WORDS
from handlers.owing import Later, Reading
from handlers.replies import Forward, Reply, hushed
from handlers.turns import Setup
from storage import Database, Unavailable
from storage.notices import Owed, Postponed, Settled
from storage.owing import ANSWER

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ready:
    """A message to send, and what it tells of: mostly a single notice, all for one reader."""

    notices: Sequence[Owed]
    reply: Reply

    @property
    def paid(self) -> bool:
        """Whether it leaves at the rate that is paid for; that can't be had for forwarding."""
        return self.notices[0].paid and not isinstance(self.reply.pieces[0], Forward)


Worded = Ready | Settled | Postponed


@dataclass(frozen=True, slots=True)
class _Unit:
    notices: Sequence[Owed]
    # The reader sleeps, but it can't wait.
    silent: bool


class Wording:
    """Says for each notice what is to be sent, or why nothing is."""

    def __init__(self, database: Database, clock: Clock, setup: Setup) -> None:
        self._database = database
        self._clock = clock
        self._setup = setup

    async def word(self, claimed: Sequence[Owed]) -> list[Worded]:
        """What comes of each. Raises Unavailable; then nothing has come of any of them."""
        now = self._clock.now()
        worded: list[Worded] = []
        units: list[_Unit] = []
        for group in _by_reader(claimed):
            awake: dict[bool, list[Owed]] = {}
            for notice in group:
                match self._unfit(notice, now):
                    case bool(silent):
                        awake.setdefault(silent, []).append(notice)
                    case other:
                        worded.append(other)
            units += [_Unit(tuple(told), silent) for silent, told in awake.items()]
        return worded + await self._say(units, now)

    def _unfit(self, notice: Owed, now: datetime) -> Settled | Postponed | bool:
        """Why it is not sent now; or else whether it must be without a sound."""
        if notice.unreachable:
            return Settled(notice, "blocked")
        if notice.useful_until is not None and now >= notice.useful_until:
            return Settled(notice, "missed")
        if notice.kind in UNHEARD:
            return False
        asleep = self._asleep_until(notice, now)
        if asleep is None:
            return notice.silent
        too_late = is_too_late(asleep, notice.useful_until)
        waits = notice.rank != ANSWER and not too_late and notice.night in (None, "morning")
        return Postponed(notice, asleep) if waits else True

    def _asleep_until(self, notice: Owed, now: datetime) -> datetime | None:
        """When the reader wakes; what many get at once spares the night of those, too, who set no hours."""
        hours = None
        if notice.quiet_from is not None and notice.quiet_until is not None:
            hours = notice.quiet_from, notice.quiet_until
        elif notice.night in ("silent", "morning"):
            hours = NIGHT
        return quiet_ends(now, hours, self._setup.home) if hours else None

    async def _say(self, units: Sequence[_Unit], now: datetime) -> list[Worded]:
        worded: list[Worded] = []
        alone = [unit for unit in units if len(unit.notices) > 1 or unit.notices[0].kind not in TOGETHER]
        for kind in TOGETHER:
            alike = [unit for unit in units if len(unit.notices) == 1 and unit.notices[0].kind == kind]
            if alike:
                worded += await self._say_alike(kind, alike, now)
        while alone:
            worded += await self._say_some(alone, now)
        return worded

    async def _say_alike(self, kind: str, units: Sequence[_Unit], now: datetime) -> list[Worded]:
        told = [unit.notices[0] for unit in units]
        try:
            async with self._database.read() as tx:
                replies = await TOGETHER[kind](told, tx, [self._reading(notice, now) for notice in told])
        except Unavailable:
            raise
        except Exception:
            logger.exception("%d notices of kind %s could not be worded", len(told), kind)
            return [Settled(notice, "failed", problem="it could not be worded") for notice in told]
        return [one for unit, reply in zip(units, replies, strict=True) for one in _become(unit, reply)]

    async def _say_some(self, units: list[_Unit], now: datetime) -> list[Worded]:
        """Word them one after the other, until all are taken from the list or one fails."""
        worded: list[Worded] = []
        unit = units[0]
        try:
            async with self._database.read() as tx:
                while units:
                    unit = units.pop(0)
                    reading = self._reading(unit.notices[0], now)
                    if len(unit.notices) > 1:
                        worded += _become(unit, await digests.tell_together(unit.notices, tx, reading))
                    else:
                        said = await WORDS[unit.notices[0].kind](unit.notices[0], tx, reading)
                        worded += _become(unit, said)
        except Unavailable:
            raise
        except Exception:
            # The transaction may be spoilt; the others get another one.
            notice = unit.notices[0]
            logger.exception("notice %d of kind %s could not be worded", notice.id, notice.kind)
            worded += [Settled(one, "failed", problem="it could not be worded") for one in unit.notices]
        return worded

    def _reading(self, notice: Owed, now: datetime) -> Reading:
        return Reading(language(notice.locale or "en", self._setup.home), now, self._setup)


def _become(unit: _Unit, reply: Reply | Later | None) -> Iterable[Worded]:
    if reply is None:
        return [Settled(notice, "cancelled") for notice in unit.notices]
    if isinstance(reply, Later):
        return [Postponed(notice, reply.until) for notice in unit.notices]
    return [Ready(unit.notices, hushed(reply) if unit.silent else reply)]


def _by_reader(claimed: Sequence[Owed]) -> list[list[Owed]]:
    """What is told together stands together, anything else alone."""
    told: dict[int, list[Owed]] = {}
    groups = []
    for notice in claimed:
        if notice.kind in digests.KINDS and notice.person_id is not None:
            if notice.person_id not in told:
                told[notice.person_id] = []
                groups.append(told[notice.person_id])
            told[notice.person_id].append(notice)
        else:
            groups.append([notice])
    return groups
