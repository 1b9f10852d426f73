"""A lane for each chat: in order within, side by side across, each update decided exactly once."""

import asyncio
import contextlib
import logging
import re
import time
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import Any

from telegram import CallbackQuery, Chat, InaccessibleMessage, Update, User

from bot.clock import Clock
from handlers import metrics
from handlers.answering import Answering
from handlers.replies import Reply, Where, calls
from handlers.taking import All, Taking
from storage import Database, Transaction, Unavailable, inbox, json_text, replies
from storage.inbox import Item
from storage.replies import Owed

logger = logging.getLogger(__name__)

ATTEMPTS = 3
READ_AT_ONCE = 500
# Above so many chats the rest stays in the database.
MOST_LANES = 5000
GRACE_SECONDS = 3.0

Answer = tuple[Reply, Where] | None
Handle = Callable[[Update, Transaction, datetime], Awaitable[Answer]]
# Fetches from Telegram what deciding about the update needs, which may take seconds.
Prepare = Callable[[Update], Awaitable[None]]
# Only an update with one of these in it is prepared for: pictures, and questions to be understood.
_PREPARED = re.compile(r'"(?:photo|document)"|"data": ?"v1:wrong:')
_WRITTEN = re.compile(r'"text": ?"(?!/)')


class _Handled(Exception):
    """The update was handled before: a commit had happened though the database could not say so any more."""


class Dispatch:
    """Takes updates from the inbox and sees each through: decide, commit, reply.

    The changes, the reply and "done" commit together, so that whatever happens in between, nothing is
    lost and nothing is done twice. A handler that fails is tried again, then set aside with an apology.
    """

    def __init__(
        self,
        database: Database,
        answering: Answering,
        clock: Clock,
        *,
        handle: Handle,
        apologise: Handle,
        prepare: Prepare | None = None,
    ) -> None:
        self._database = database
        self._answering = answering
        self._clock = clock
        self._handle = handle
        self._apologise = apologise
        self._prepare = prepare
        self._lanes: dict[int, deque[Item | Owed]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._arrived = asyncio.Event()
        self._taking: Taking = All(database)
        # How many updates are taken and not decided yet, and whether there were more than could be taken.
        self._undecided = 0
        self._more = False
        self._stopping = False

    def wake(self) -> None:
        self._arrived.set()

    @property
    def waiting(self) -> int:
        """How many updates are in hand and not finished."""
        return sum(len(queue) for queue in self._lanes.values())

    async def run(self, taking: Taking | None = None) -> None:
        """Finish what an earlier process left, then take updates as they arrive, until cancelled.

        What is under way when it is cancelled has a few seconds to be said, so that a restart says it once.
        """
        self._taking = taking or All(self._database)
        self._lanes.clear()
        self._undecided, self._more, self._stopping = 0, False, False
        self.wake()
        try:
            while True:
                await self._be_told()
                await self._read_inbox()
        finally:
            self._stopping = True
            if self._tasks:
                await asyncio.wait(self._tasks, timeout=GRACE_SECONDS)
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _be_told(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._taking.patience):
                await self._arrived.wait()
        self._arrived.clear()

    async def _read_inbox(self) -> None:
        self._more = True
        while self._more and (room := self._room()) > 0:
            try:
                taken = await self._taking.take(room)
            except Unavailable as error:
                logger.error("the database can't be used (%s); updates wait", error)
                await asyncio.sleep(1)
                continue
            self._more = taken.more
            self._undecided += len(taken.items)
            works: list[Item | Owed] = [*taken.unsent, *taken.items]
            for work in works:
                self._join_lane(work.lane, work)

    def _room(self) -> int:
        """How many updates more may be in hand."""
        if len(self._lanes) >= MOST_LANES:
            return 0
        return min(READ_AT_ONCE, self._taking.most_in_hand - self._undecided)

    def _join_lane(self, lane: int, work: Item | Owed) -> None:
        queue = self._lanes.get(lane)
        if queue is not None:
            queue.append(work)
            return
        self._lanes[lane] = deque([work])
        task = asyncio.create_task(self._work_off(lane))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work_off(self, lane: int) -> None:
        queue = self._lanes[lane]
        sound = True
        while queue and not self._stopping:
            try:
                await self._see_through(queue[0])
            except Exception:
                # The reply stays owed until the next start; the rest of the chat must go on.
                logger.exception("a lane could not finish an answer")
                sound = False
            queue.popleft()
        del self._lanes[lane]
        if sound and not self._stopping:
            self._taking.left(lane)
        self._look_for_more()

    async def _see_through(self, work: Item | Owed) -> None:
        owed = work if isinstance(work, Owed) else None
        began = time.monotonic()
        if isinstance(work, Item):
            try:
                owed = await self._decide(work)
            finally:
                self._undecided -= 1
            self._taking.handled(work)
            self._look_for_more()
        if owed is not None:
            await self._answering.send(owed)
            metrics.answering_seconds.observe(time.monotonic() - began)

    def _look_for_more(self) -> None:
        """There may be more than was let in at once."""
        if self._more and self._undecided <= self._taking.most_in_hand // 2 and len(self._lanes) < MOST_LANES:
            self._more = False
            self.wake()

    async def _decide(self, item: Item) -> Owed | None:
        attempts = item.attempts
        while True:
            try:
                if attempts >= ATTEMPTS:
                    metrics.updates.labels("aside").inc()
                    return await self._database.share(partial(self._set_aside, item))
                await self._fetch(item)
                owed = await self._database.share(partial(self._handle_once, item))
                metrics.updates.labels("decided").inc()
                return owed
            except Unavailable as error:
                logger.error("the database can't be written (%s); trying again", error)
                await asyncio.sleep(1)
            except _Handled:
                async with self._database.read() as tx:
                    return await replies.find_last(tx, item.lane)
            except Exception:
                attempts += 1
                metrics.updates.labels("failed").inc()
                logger.exception("update %d failed, attempt %d", item.id, attempts)
                await self._count_attempt(item)

    async def _fetch(self, item: Item) -> None:
        """Get what only Telegram has, before the transaction opens: nobody waits inside one."""
        if self._prepare is None or not _needs_preparing(item.payload):
            return
        update = _parse(item.payload)
        if update is not None:
            await self._prepare(update)

    async def _handle_once(self, item: Item, tx: Transaction) -> Owed | None:
        now = self._clock.now()
        update = _parse(item.payload)
        if update is None:
            await inbox.set_aside(tx, item.id, "it could not be parsed", now=now)
            logger.error("update %d could not be parsed and was set aside", item.id)
            return None
        answer = await self._handle(update, tx, now)
        if not await inbox.settle(tx, item.id, now=now):
            raise _Handled
        return await self._owe(tx, item.lane, answer, now)

    async def _set_aside(self, item: Item, tx: Transaction) -> Owed | None:
        now = self._clock.now()
        if not await inbox.set_aside(tx, item.id, f"it failed {ATTEMPTS} times", now=now):
            raise _Handled
        update = _parse(item.payload)
        answer: Answer = None
        try:
            async with tx.savepoint():
                answer = await self._apologise(update, tx, now) if update else None
        except Exception:
            # What broke the handler may break the apology; without this the lane would try for ever.
            logger.exception("update %d could not even be apologised for", item.id)
        return await self._owe(tx, item.lane, answer, now)

    async def _owe(self, tx: Transaction, lane: int, answer: Answer, now: datetime) -> Owed | None:
        if answer is None:
            return None
        made = calls(*answer)
        if not made:
            return None
        reply_id = await replies.add(tx, lane, made, now=now)
        return Owed(reply_id, lane, made, 0)

    async def _count_attempt(self, item: Item) -> None:
        try:
            await self._database.share(lambda tx: inbox.count_attempt(tx, item.id))
        except Unavailable:
            await asyncio.sleep(1)


def _needs_preparing(payload: str) -> bool:
    """Whether it may: most presses are told at a glance to need nothing."""
    pressed = '"callback_query"' in payload
    return _PREPARED.search(payload) is not None or (not pressed and _WRITTEN.search(payload) is not None)


def _parse(payload: str) -> Update | None:
    """The update, or None: what strangers and newer servers send must never stop the rest."""
    try:
        raw = json_text.read(payload)
        match raw:
            case {"callback_query": {"message": {"reply_to_message": _} | {"message_thread_id": _}}}:
                return Update.de_json(raw)
            case {"update_id": number, "callback_query": {"message": dict(ours)} as query}:
                return Update(number, callback_query=_pressed(query, ours))
        return Update.de_json(raw)
    except Exception:
        return None


def _pressed(query: dict[str, Any], ours: dict[str, Any]) -> CallbackQuery:
    """The press, and where: nobody reads what the bot said itself, and that is most of the parsing."""
    where = InaccessibleMessage(Chat.de_json(ours["chat"]), ours["message_id"])
    user = User.de_json(query["from"])
    return CallbackQuery(query["id"], user, query["chat_instance"], message=where, data=query.get("data"))
