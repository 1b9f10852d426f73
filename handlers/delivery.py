"""Bringing people what they are owed: worded in their language, paced, and settled one by one."""

import asyncio
import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.language import language
from bot.quiet import quiet_ends
from handlers.answering import NEW_MESSAGE, milder
from handlers.notice_kinds import AFTERWARDS, WORDS
from handlers.owing import Reading
from handlers.pacing import Pacer
from handlers.replies import Reply, Say, Where, calls, stored_params
from handlers.turns import Setup
from handlers.wire import Blocked, Held, NotSent, Outcome, Refused, Sent, Unknown, Wire
from storage import Database, Unavailable, notices, people
from storage.notices import ANSWER, Owed, Settled

logger = logging.getLogger(__name__)

CLAIM = 50
IDLE_SECONDS = 1.0
MOST_ATTEMPTS = 200
LONGEST_PAUSE = timedelta(minutes=5)


@dataclass(frozen=True)
class Postponed:
    """Not now: owed again at the instant."""

    notice: Owed
    until: datetime


@dataclass(frozen=True)
class Ended:
    notice: Owed
    settled: Settled


class Delivery:
    """Claims notices that are due, a batch at a time, and sees each to its end."""

    def __init__(self, database: Database, wire: Wire, pacer: Pacer, clock: Clock, setup: Setup) -> None:
        self._database = database
        self._wire = wire
        self._pacer = pacer
        self._clock = clock
        self._setup = setup
        self._woken = asyncio.Event()

    def wake(self) -> None:
        self._woken.set()

    async def run(self) -> None:
        """Settle what an earlier process had claimed, then deliver as things fall due."""
        async with self._database.write() as tx:
            await notices.recover(tx, now=self._clock.now())
        while True:
            try:
                if not await self.deliver_due():
                    await self._rest()
            except Unavailable as error:
                logger.error("the database can't be used (%s); notices wait", error)
                await asyncio.sleep(IDLE_SECONDS)

    async def _rest(self) -> None:
        self._woken.clear()
        try:
            await asyncio.wait_for(self._woken.wait(), IDLE_SECONDS)
        except TimeoutError:
            return

    async def deliver_due(self) -> bool:
        """Deliver one batch of what is due; say whether there was any."""
        now = self._clock.now()
        async with self._database.read() as tx:
            due = await notices.find_next_due(tx)
        if due is None or due > now:
            return False
        async with self._database.write() as tx:
            claimed = await notices.claim(tx, now=now, limit=CLAIM)
        pending = {asyncio.create_task(self._see_through(notice)) for notice in claimed}
        while pending:
            done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
            await self._write([task.result() for task in done])
        return bool(claimed)

    async def _see_through(self, notice: Owed) -> Ended | Postponed:
        try:
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
        first: int | None = None
        for call in calls(reply, Where(notice.chat_id)):
            method, params = call["method"], stored_params(call)
            chat_id = params.get("chat_id", notice.chat_id)
            if method.startswith(NEW_MESSAGE):
                await self._pacer.owed(chat_id)
            outcome = await self._wire.call(method, params)
            if isinstance(outcome, Refused) and (other := milder(method, params, outcome.problem)):
                outcome = await self._wire.call(*other)
            if not isinstance(outcome, Sent):
                return self._not_sent(notice, chat_id, outcome, first)
            first = first if first is not None else outcome.message_id
        return Ended(notice, Settled(notice.id, "sent", message_id=first))

    def _not_sent(self, notice: Owed, chat_id: int, outcome: Outcome, first: int | None) -> Ended | Postponed:
        if first is not None:
            # Its beginning has arrived; to begin again would say it twice.
            return Ended(notice, Settled(notice.id, "unknown", first, "only its beginning was sent"))
        now = self._clock.now()
        match outcome:
            case Blocked(problem):
                return Ended(notice, Settled(notice.id, "blocked", problem=problem))
            case Held(seconds):
                self._pacer.hold(chat_id, seconds)
                return Postponed(notice, now + timedelta(seconds=seconds))
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
        while True:
            try:
                async with self._database.write() as tx:
                    now = self._clock.now()
                    for one in ended:
                        match one:
                            case Postponed(notice, until):
                                await notices.postpone(tx, notice.id, until=until)
                            case Ended(notice, settled):
                                await notices.settle(tx, [settled], now=now)
                                if settled.state == "blocked" and notice.person_id is not None:
                                    await people.mark_unreachable(tx, [notice.person_id], now=now)
                                if settled.message_id is not None and notice.kind in AFTERWARDS:
                                    await AFTERWARDS[notice.kind](notice, tx, settled.message_id)
                return
            except Unavailable:
                await asyncio.sleep(IDLE_SECONDS)


def hushed(reply: Reply) -> Reply:
    """The same reply without a sound, for somebody who sleeps."""
    return Reply(
        tuple(replace(piece, silent=True) if isinstance(piece, Say) else piece for piece in reply.pieces)
    )
