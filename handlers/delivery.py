"""Bringing people what they are owed: a few claimed at a time, worded, paced, and settled in batches."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Sequence
from datetime import timedelta

from bot.clock import Clock
from handlers import metrics
from handlers.digests import KINDS
from handlers.flight import Flights, Landed, not_begun
from handlers.notice_kinds import AFTERWARDS, NEVER_TWICE, NOT_ARRIVED, UNHEARD
from handlers.pacing import Pacer
from handlers.turns import Setup
from handlers.wire import Wire
from handlers.wording import Ready, Wording
from storage import Database, Transaction, Unavailable, notices, people
from storage.notices import Owed, Postponed, Settled

logger = logging.getLogger(__name__)

# How many are in flight at once: enough for the rate even where an answer takes a quarter of a second.
FEWEST_AT_ONCE, MOST_AT_ONCE = 10, 256
# So many at most are claimed together, and written together when they have ended.
BATCH = 100
FULL = 100
# What has ended is written after so long at the latest, however few they are.
TURN_SECONDS = 0.02
IDLE_SECONDS = 1.0
STOP_SECONDS, LAST_WORD_SECONDS = 4.0, 0.1
AGAIN_IN = timedelta(seconds=5)


class _OneForEach:
    """Lets each chat that is ready pass once."""

    def __init__(self, is_ready: Callable[[int], bool]) -> None:
        self._is_ready = is_ready
        self._passed: set[int] = set()

    def __call__(self, chat_id: int) -> bool:
        if chat_id in self._passed or not self._is_ready(chat_id):
            return False
        self._passed.add(chat_id)
        return True


class Delivery:
    """Claims notices as they may leave, no sooner, and sees each to its end.

    So a crash leaves few in doubt: those whose answer had not been written yet.
    """

    def __init__(self, database: Database, wire: Wire, pacer: Pacer, clock: Clock, setup: Setup) -> None:
        self._database = database
        self._pacer = pacer
        self._clock = clock
        self._wording = Wording(database, clock, setup)
        self._flights = Flights(wire, pacer, clock)
        self._at_once = min(MOST_AT_ONCE, max(FEWEST_AT_ONCE, pacer.rate // 4))
        self._woken = asyncio.Event()
        # Whether there may be more that is due than was looked at.
        self._more = True
        # Whether a paid broadcast is on its way, as far as was last seen.
        self._paid_going = False
        self._look = True
        # By chat, as what one chat is owed reaches it in the order in which it was decided.
        self._flying: dict[int, asyncio.Task[None]] = {}
        # Those, too, that another one for the same chat waits for.
        self._tasks: set[asyncio.Task[None]] = set()
        # What has ended and is not written yet.
        self._landed: list[Settled | Postponed] = []

    def wake(self) -> None:
        self._more = self._look = True
        self._woken.set()

    async def run(self) -> None:
        """Settle what an earlier process had claimed, then deliver as things fall due, until cancelled."""
        await self._recover()
        try:
            while True:
                try:
                    await self._turn()
                except Unavailable as error:
                    logger.error("the database can't be used (%s); notices wait", error)
                    await asyncio.sleep(IDLE_SECONDS)
                await self._rest()
        finally:
            await self._come_down()

    async def _recover(self) -> None:
        while True:
            try:
                async with self._database.write() as tx:
                    await notices.recover(
                        tx, now=self._clock.now(), same_twice=UNHEARD, never_twice=NEVER_TWICE
                    )
                return
            except Unavailable as error:
                logger.error("the database can't be used (%s); notices wait", error)
                await asyncio.sleep(IDLE_SECONDS)

    async def _turn(self) -> None:
        """Write how some have ended, take as many as may leave now, and send them off."""
        await self._look_for_paid()
        free, paid = self._room()
        takes = self._more and (free > 0 or paid > 0) and await self._anything_due()
        if not takes and not self._landed:
            return
        claimed: list[Owed] = []
        landed, self._landed = self._landed, []
        try:
            async with self._database.write() as tx:
                await self._settle(tx, landed)
                if takes:
                    claimed = await self._claim(tx, free, paid)
        except BaseException:
            # Perhaps it is committed and nobody could say so: what is written twice counts once, and what
            # was claimed has not left.
            unclaimed = [Postponed(notice, notice.due_at) for notice in claimed]
            self._landed = [*landed, *unclaimed, *self._landed]
            raise
        metrics.count_settled(one for one in landed if isinstance(one, Settled))
        await self._take_off(claimed)

    def _room(self) -> tuple[int, int]:
        """How many may leave now, and how many of paid broadcasts where there are any."""
        seats = min(BATCH, self._at_once - len(self._flying))
        paid_seats = min(BATCH, MOST_AT_ONCE - len(self._flying)) if self._paid_going else 0
        return (
            max(0, min(seats, self._pacer.room())),
            max(0, min(paid_seats, self._pacer.room(paid=True))),
        )

    async def _anything_due(self) -> bool:
        """A look that disturbs no writer; not needed where something is to be written anyway."""
        if self._landed:
            return True
        async with self._database.read() as tx:
            self._more = await notices.is_due(tx, now=self._clock.now())
        return self._more

    async def _look_for_paid(self) -> None:
        """Once a second is enough: it is only asked whether there are any."""
        if self._look:
            async with self._database.read() as tx:
                self._paid_going = await notices.is_paid_going(tx)
            self._look = False

    async def _claim(self, tx: Transaction, free: int, paid: int) -> list[Owed]:
        now = self._clock.now()
        passing = _OneForEach(self._is_ready)
        claimed = await notices.claim(tx, now=now, limit=free, paid=paid, passes=passing)
        self._more = bool(claimed)
        told_together = [
            notice for notice in claimed if notice.kind in KINDS and notice.person_id is not None
        ]
        return claimed + await notices.claim_together(tx, told_together, KINDS, now=now)

    def _is_ready(self, chat_id: int) -> bool:
        return chat_id not in self._flying and self._pacer.wait_for_chat(chat_id) <= 0

    async def _take_off(self, claimed: Sequence[Owed]) -> None:
        if not claimed:
            return
        try:
            worded = await self._wording.word(claimed)
        except BaseException:
            # Nothing of it has left.
            self._landed += [Postponed(notice, self._clock.now() + AGAIN_IN) for notice in claimed]
            raise
        for one in worded:
            if isinstance(one, Ready):
                self._send(one)
            else:
                self._landed.append(one)

    def _send(self, ready: Ready) -> None:
        chat_id, paid = ready.notices[0].chat_id, ready.paid
        # A reply may have taken the room meanwhile.
        may = self._pacer.room(paid=paid) > 0 and self._pacer.wait_for_chat(chat_id) <= 0
        if may:
            self._pacer.depart(chat_id, paid=paid)
        before = self._flying.get(chat_id)
        task = self._flying[chat_id] = asyncio.create_task(self._fly(ready, before, counted=may))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _fly(self, ready: Ready, before: asyncio.Task[None] | None, *, counted: bool) -> None:
        chat_id = ready.notices[0].chat_id
        landed = not_begun(ready)
        try:
            if before is not None:
                await asyncio.wait([before])
            landed = ()
            landed = await self._flights.fly(ready, counted=counted)
        except Exception:
            logger.exception("a notice of kind %s could not be sent", ready.notices[0].kind)
            landed = [Settled(notice, "failed", problem="it could not be sent") for notice in ready.notices]
        finally:
            self._landed += landed
            if self._flying.get(chat_id) is asyncio.current_task():
                del self._flying[chat_id]
            if len(self._landed) >= FULL or not self._flying:
                self._woken.set()

    async def _rest(self) -> None:
        """Wait until enough has ended to be worth writing, the next may leave, or something falls due."""
        if len(self._landed) >= FULL:
            return
        pause = IDLE_SECONDS
        if self._more:
            pause = self._pacer.until_room()
            if self._paid_going:
                pause = min(pause, self._pacer.until_room(paid=True))
            pause = min(pause, IDLE_SECONDS / 2)
        if self._landed or self._flying:
            pause = min(pause, TURN_SECONDS)
        # Not wait_for: on Python 3.11 it forgets a cancellation that comes with the wake-up.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(max(pause, TURN_SECONDS)):
                await self._woken.wait()
        if pause >= IDLE_SECONDS:
            self._more = self._look = True
        self._woken.clear()

    async def _come_down(self) -> None:
        """Stop in order: what is on the wire may still arrive, and is waited for."""
        deadline = time.monotonic() + STOP_SECONDS
        for task in self._tasks:
            if self._flights.is_queueing(task):
                task.cancel()
        try:
            if self._tasks:
                await asyncio.wait(self._tasks, timeout=STOP_SECONDS)
        finally:
            for task in self._tasks:
                task.cancel()
        if self._tasks:
            # Who waited all that time for a turn says where it stands.
            await asyncio.wait(self._tasks, timeout=LAST_WORD_SECONDS)
        while self._landed and time.monotonic() < deadline + 0.5:
            landed, self._landed = self._landed, []
            try:
                async with self._database.write() as tx:
                    await self._settle(tx, landed)
            except Unavailable:
                self._landed = landed + self._landed
                await asyncio.sleep(0.2)

    async def _settle(self, tx: Transaction, landed: Landed) -> None:
        """Write how they ended. What is to be remembered of one and fails keeps none from being written."""
        if not landed:
            return
        now = self._clock.now()
        await notices.postpone(tx, [one for one in landed if isinstance(one, Postponed)])
        settled = await notices.settle(tx, [one for one in landed if isinstance(one, Settled)], now=now)
        blocked = [one.notice.person_id for one in settled if one.state == "blocked"]
        if lost := [person for person in blocked if person is not None]:
            await people.mark_unreachable(tx, lost, now=now)
        for one in settled:
            if one.notice.kind in AFTERWARDS or one.notice.kind in NOT_ARRIVED:
                try:
                    async with tx.savepoint():
                        await self._remember(tx, one)
                except Unavailable:
                    raise
                except Exception:
                    logger.exception("what became of a notice of kind %s is not kept", one.notice.kind)

    async def _remember(self, tx: Transaction, settled: Settled) -> None:
        notice = settled.notice
        if notice.kind in AFTERWARDS:
            for message_id in settled.messages:
                await AFTERWARDS[notice.kind](notice, tx, message_id)
        if notice.kind in NOT_ARRIVED and settled.state not in ("sent", "cancelled"):
            await NOT_ARRIVED[notice.kind](notice, tx, self._clock.now())
