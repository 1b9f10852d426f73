"""Bringing people what they are owed: worded in their language, paced, and settled one by one."""

import asyncio
import contextlib
import logging
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from weakref import WeakValueDictionary

from bot.clock import Clock
from bot.language import language
from bot.quiet import quiet_ends
from handlers.answering import NEW_MESSAGE, milder
from handlers.notice_kinds import AFTERWARDS, NOT_ARRIVED, WORDS
from handlers.owing import Reading
from handlers.pacing import Pacer
from handlers.replies import Original, Reply, Say, Where, calls, stored_params
from handlers.turns import Setup
from handlers.wire import Blocked, Held, NotSent, Outcome, Refused, Sent, Unknown, Wire
from storage import Database, Transaction, Unavailable, notices, people
from storage.notices import Owed, Settled
from storage.owing import ANSWER

logger = logging.getLogger(__name__)

# How many are in flight at once: enough for the rate even where an answer takes half a second.
FEWEST_AT_ONCE, MOST_AT_ONCE = 10, 100
IDLE_SECONDS = 1.0
MOST_ATTEMPTS = 200
LONGEST_PAUSE = timedelta(minutes=5)
STOP_SECONDS = 5.0
LONG_HOLD = 2.0


@dataclass(frozen=True)
class Postponed:
    """Not now: owed again at the instant."""

    notice: Owed
    until: datetime


@dataclass(frozen=True)
class Ended:
    notice: Owed
    settled: Settled
    # The ids of the messages that arrived.
    messages: tuple[int, ...] = ()


Flight = asyncio.Task[Ended | Postponed]


class Delivery:
    """Claims notices that are due, a few at a time, and sees each to its end."""

    def __init__(self, database: Database, wire: Wire, pacer: Pacer, clock: Clock, setup: Setup) -> None:
        self._database = database
        self._wire = wire
        self._pacer = pacer
        self._clock = clock
        self._setup = setup
        self._woken = asyncio.Event()
        self._at_once = min(MOST_AT_ONCE, max(FEWEST_AT_ONCE, pacer.rate // 2))
        self._flying: dict[Flight, Owed] = {}
        # Those in flight that wait for the pacer and have not sent to leave.
        self._queueing: set[int] = set()
        # What one chat is owed reaches it in the order in which it was decided.
        self._lanes: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._stopping = False

    def wake(self) -> None:
        self._woken.set()

    async def run(self) -> None:
        """Settle what an earlier process had claimed, then deliver as things fall due, until cancelled."""
        await self._recover()
        try:
            while True:
                try:
                    # Few are in flight, so that a crash leaves few in doubt.
                    if len(self._flying) <= self._at_once // 2:
                        await self._take_off()
                    if self._flying:
                        await self._land(await self._arrivals(IDLE_SECONDS))
                    else:
                        await self._rest()
                except Unavailable as error:
                    logger.error("the database can't be used (%s); notices wait", error)
                    await asyncio.sleep(IDLE_SECONDS)
        finally:
            await self._come_down()

    async def _recover(self) -> None:
        while True:
            try:
                async with self._database.write() as tx:
                    await notices.recover(tx, now=self._clock.now())
                return
            except Unavailable as error:
                logger.error("the database can't be used (%s); notices wait", error)
                await asyncio.sleep(IDLE_SECONDS)

    async def _rest(self) -> None:
        self._woken.clear()
        # Not wait_for: on Python 3.11 it forgets a cancellation that comes with the wake-up.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(IDLE_SECONDS):
                await self._woken.wait()

    async def _take_off(self) -> None:
        """Claim what is due, as much as there is room for, and send it on its way."""
        now = self._clock.now()
        async with self._database.read() as tx:
            due = await notices.find_next_due(tx)
        if due is None or due > now:
            return
        async with self._database.write() as tx:
            claimed = await notices.claim(tx, now=now, limit=self._at_once - len(self._flying))
        for notice in claimed:
            self._flying[asyncio.create_task(self._see_through(notice))] = notice

    async def _arrivals(self, seconds: float) -> set[Flight]:
        done, _ = await asyncio.wait(self._flying, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        return done

    async def _land(self, done: set[Flight]) -> None:
        """Write how they ended; until that is written they stay in flight."""
        ended = [
            Postponed(self._flying[flight], self._flying[flight].due_at)
            if flight.cancelled()
            else flight.result()
            for flight in done
        ]
        if ended:
            await self._write(ended)
        for flight in done:
            del self._flying[flight]

    async def _come_down(self) -> None:
        """Stop in order: what has not left is owed again, what is on the wire may still arrive."""
        self._stopping = True
        for flight, notice in self._flying.items():
            if notice.id in self._queueing:
                flight.cancel()
        deadline = time.monotonic() + STOP_SECONDS
        while self._flying and (left := deadline - time.monotonic()) > 0:
            await self._land(await self._arrivals(left))
        for flight in self._flying:
            flight.cancel()

    async def _see_through(self, notice: Owed) -> Ended | Postponed:
        lane = self._lanes.setdefault(notice.chat_id, asyncio.Lock())
        try:
            async with lane:
                return await self._try(notice)
        except Unavailable:
            return Postponed(notice, self._clock.now() + timedelta(seconds=5))
        except Exception:
            logger.exception("notice %d of kind %s could not be worded", notice.id, notice.kind)
            return Ended(notice, Settled(notice.id, "failed", problem="it could not be worded"))

    async def _try(self, notice: Owed) -> Ended | Postponed:
        now = self._clock.now()
        if notice.unreachable:
            return Ended(notice, Settled(notice.id, "blocked"))
        if notice.useful_until is not None and now >= notice.useful_until:
            return Ended(notice, Settled(notice.id, "missed"))
        sleeping_until = self._sleeping_until(notice, now)
        if sleeping_until and notice.rank != ANSWER:
            return Postponed(notice, sleeping_until)
        reading = Reading(language(notice.locale or "en", self._setup.home), now, self._setup)
        async with self._database.read() as tx:
            reply = await WORDS[notice.kind](notice, tx, reading)
        if reply is None:
            return Ended(notice, Settled(notice.id, "cancelled"))
        return await self._send(notice, hushed(reply) if sleeping_until else reply)

    def _sleeping_until(self, notice: Owed, now: datetime) -> datetime | None:
        """When the reader wakes, if that is not too late for this notice."""
        if notice.quiet_from is None or notice.quiet_until is None:
            return None
        morning = quiet_ends(now, (notice.quiet_from, notice.quiet_until), self._setup.home)
        too_late = morning and notice.useful_until and morning >= notice.useful_until
        return None if too_late else morning

    async def _send(self, notice: Owed, reply: Reply) -> Ended | Postponed:
        sent: list[int] = []
        for call in calls(reply, Where(notice.chat_id)):
            method, params = call["method"], stored_params(call)
            chat_id = params.get("chat_id", notice.chat_id)
            if not sent and (self._stopping or self._pacer.held_for(chat_id) > LONG_HOLD):
                # It must not keep the others waiting for as long as its own chat is held.
                return Postponed(notice, self._clock.now() + self._hold_of(chat_id))
            if method.startswith(NEW_MESSAGE):
                if not sent:
                    self._queueing.add(notice.id)
                try:
                    await self._pacer.owed(chat_id)
                finally:
                    self._queueing.discard(notice.id)
            outcome = await self._wire.call(method, params)
            if isinstance(outcome, Refused) and (other := milder(method, params, outcome.problem)):
                outcome = await self._wire.call(*other)
            if not isinstance(outcome, Sent):
                return self._not_sent(notice, chat_id, outcome, sent)
            sent += [outcome.message_id] if outcome.message_id is not None else []
        return Ended(notice, Settled(notice.id, "sent", message_id=next(iter(sent), None)), tuple(sent))

    def _hold_of(self, chat_id: int) -> timedelta:
        return timedelta(seconds=math.ceil(self._pacer.held_for(chat_id)))

    def _not_sent(
        self, notice: Owed, chat_id: int, outcome: Outcome, sent: Sequence[int]
    ) -> Ended | Postponed:
        if sent:
            # Its beginning has arrived; to begin again would say it twice.
            settled = Settled(notice.id, "unknown", sent[0], "only its beginning was sent")
            return Ended(notice, settled, tuple(sent))
        now = self._clock.now()
        match outcome:
            case Blocked(problem):
                return Ended(notice, Settled(notice.id, "blocked", problem=problem))
            case Held(seconds):
                self._pacer.hold(chat_id, seconds)
                return Postponed(notice, now + timedelta(seconds=math.ceil(seconds)))
            case NotSent(problem) if notice.attempts >= MOST_ATTEMPTS:
                return Ended(notice, Settled(notice.id, "failed", problem=problem))
            case NotSent():
                pause = timedelta(seconds=2 ** min(notice.attempts, 8))
                return Postponed(notice, now + min(pause, LONGEST_PAUSE))
            case Unknown(problem):
                return Ended(notice, Settled(notice.id, "unknown", problem=problem))
            case Refused(_, problem):
                logger.error("Telegram refused a notice of kind %s: %s", notice.kind, problem)
                return Ended(notice, Settled(notice.id, "failed", problem=problem))
            case Sent():
                raise AssertionError("a sent notice is not unsent")

    async def _write(self, ended: list[Ended | Postponed]) -> None:
        """Settle what has ended; while the database can't be written, wait: the sent must not be lost."""
        remember = True
        while True:
            try:
                async with self._database.write() as tx:
                    now = self._clock.now()
                    for one in ended:
                        match one:
                            case Postponed(notice, until):
                                await notices.postpone(tx, notice.id, until=until)
                            case Ended(notice, settled, messages):
                                await notices.settle(tx, [settled], now=now)
                                if settled.state == "blocked" and notice.person_id is not None:
                                    await people.mark_unreachable(tx, [notice.person_id], now=now)
                                if remember:
                                    await self._remember(tx, notice, settled, messages)
                return
            except Unavailable:
                await asyncio.sleep(IDLE_SECONDS)
            except Exception:
                if not remember:
                    raise
                # Remembering failed; that they were sent must be written all the same.
                logger.exception("what was sent could not be remembered")
                remember = False

    async def _remember(
        self, tx: Transaction, notice: Owed, settled: Settled, messages: Sequence[int]
    ) -> None:
        if notice.kind in AFTERWARDS:
            for message_id in messages:
                await AFTERWARDS[notice.kind](notice, tx, message_id)
        if notice.kind in NOT_ARRIVED and settled.state not in ("sent", "cancelled"):
            await NOT_ARRIVED[notice.kind](notice, tx, self._clock.now())


def hushed(reply: Reply) -> Reply:
    """The same reply without a sound, for somebody who sleeps."""
    return Reply(
        tuple(
            replace(piece, silent=True) if isinstance(piece, Say | Original) else piece
            for piece in reply.pieces
        )
    )
