"""One owed message on its way: made call by call, and how it ended."""

import asyncio
import logging
import math
from collections import deque
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from bot.clock import Clock
from handlers.answering import NEW_MESSAGE, milder
from handlers.notice_kinds import ONCE_AT_MOST, TOGETHER, UNHEARD
from handlers.pacing import Pacer
from handlers.replies import Reply, Where, calls, stored_params
from handlers.wire import Blocked, Held, NotSent, Outcome, Refused, Sent, Unknown, Wire
from handlers.wording import Ready
from storage.notices import Owed, Postponed, Settled
from storage.owing import NEWS

logger = logging.getLogger(__name__)

# Stands in calls where the reader's chat belongs.
ANY_CHAT = 0
MOST_ATTEMPTS = 200
# What may have arrived, and does no harm twice, is sent so often at most.
MOST_DOUBTS = 3
DOUBT_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(minutes=5)

Landed = Sequence[Settled | Postponed]


class Flights:
    """Sends messages within the pace and says how each ended."""

    def __init__(self, wire: Wire, pacer: Pacer, clock: Clock) -> None:
        self._wire = wire
        self._pacer = pacer
        self._clock = clock
        self._put: deque[tuple[Reply, list[dict[str, Any]]]] = deque(maxlen=8)
        # Those that wait for their turn, with nothing of theirs on the wire or in the chat.
        self._queueing: set[asyncio.Task[Any] | None] = set()

    def is_queueing(self, task: asyncio.Task[Any]) -> bool:
        """Whether the flight waits for its turn and nothing has arrived; cancelled then, it is owed again."""
        return task in self._queueing

    async def fly(self, ready: Ready, *, counted: bool) -> Landed:
        """See the message through. `counted` says that the pacer has counted its first call already."""
        chat_id = ready.notices[0].chat_id
        arrived: list[int] = []
        for position, call in enumerate(self._calls(ready, chat_id)):
            method, params = call["method"], stored_params(call)
            if ready.paid:
                params["allow_paid_broadcast"] = True
            if (position or not counted) and _is_paced(method):
                try:
                    await self._wait_for_turn(params.get("chat_id", chat_id), ready, begun=bool(arrived))
                except asyncio.CancelledError:
                    return _begun(ready, arrived) if arrived else not_begun(ready)
            outcome = await self._make(ready, method, params)
            if not isinstance(outcome, Sent):
                return self._not_sent(ready, params.get("chat_id", chat_id), outcome, arrived)
            arrived += _message_ids(outcome.result)
        return [Settled(notice, "sent", tuple(arrived)) for notice in ready.notices]

    def _calls(self, ready: Ready, chat_id: int) -> list[dict[str, Any]]:
        """The calls that say it; what many are told alike is put into calls once."""
        if ready.notices[0].kind not in TOGETHER:
            return calls(ready.reply, Where(chat_id))
        made = next((made for known, made in self._put if known is ready.reply), None)
        if made is None:
            made = calls(ready.reply, Where(ANY_CHAT))
            self._put.appendleft((ready.reply, made))
        return [{**call, "params": {**call["params"], "chat_id": chat_id}} for call in made]

    async def _wait_for_turn(self, chat_id: int, ready: Ready, *, begun: bool) -> None:
        task = asyncio.current_task()
        if not begun:
            self._queueing.add(task)
        try:
            await self._pacer.owed(chat_id, paid=ready.paid)
        finally:
            self._queueing.discard(task)

    async def _make(self, ready: Ready, method: str, params: dict[str, Any]) -> Outcome:
        outcome = await self._wire.call(method, params)
        if isinstance(outcome, Refused) and "message to delete not found" in outcome.problem.lower():
            return Sent(True)
        if not isinstance(outcome, Refused):
            return outcome
        other = milder(method, params, outcome.problem)
        # What can't be corrected any more is not said once again.
        if other is None or (other[0] != method and ready.notices[0].kind in UNHEARD):
            return outcome
        return await self._wire.call(*other)

    def _not_sent(self, ready: Ready, chat_id: int, outcome: Outcome, arrived: Sequence[int]) -> Landed:
        if arrived:
            return _begun(ready, arrived)
        if isinstance(outcome, Held):
            self._pacer.hold(chat_id, outcome.seconds)
        return [self._ending(notice, outcome) for notice in ready.notices]

    def _ending(self, notice: Owed, outcome: Outcome) -> Settled | Postponed:
        now = self._clock.now()
        match outcome:
            case Blocked(problem):
                return Settled(notice, "blocked", problem=problem)
            case Held(seconds):
                return Postponed(notice, now + timedelta(seconds=math.ceil(seconds)))
            case NotSent(problem) if notice.attempts >= MOST_ATTEMPTS:
                return Settled(notice, "failed", problem=problem)
            case NotSent():
                pause = timedelta(seconds=2 ** min(notice.attempts, 8))
                return Postponed(notice, now + min(pause, LONGEST_PAUSE))
            case Unknown(problem) if _only_once(notice) or notice.attempts >= MOST_DOUBTS:
                return Settled(notice, "unknown", problem=problem)
            case Unknown():
                return Postponed(notice, now + DOUBT_PAUSE)
            case Refused(_, problem):
                logger.error("Telegram refused a notice of kind %s: %s", notice.kind, problem)
                return Settled(notice, "failed", problem=problem)
            case Sent():
                raise AssertionError("a sent notice is not unsent")


def not_begun(ready: Ready) -> Landed:
    """Nothing of it has left: it is owed as before."""
    return [Postponed(notice, notice.due_at) for notice in ready.notices]


def _begun(ready: Ready, arrived: Sequence[int]) -> Landed:
    """Its beginning has arrived; to begin again would say it twice."""
    problem = "only its beginning was sent"
    return [Settled(notice, "unknown", tuple(arrived), problem) for notice in ready.notices]


def _is_paced(method: str) -> bool:
    """Whether the call shows something in a chat; what changes a list of commands is none of its messages."""
    return method.startswith((*NEW_MESSAGE, "edit", "delete"))


def _only_once(notice: Owed) -> bool:
    return (notice.rank == NEWS and notice.kind not in UNHEARD) or notice.kind in ONCE_AT_MOST


def _message_ids(result: Any) -> list[int]:
    """Those of what has arrived; an album is several messages. A new topic bears the number of its first."""
    found = [one for one in (result if isinstance(result, list) else [result]) if isinstance(one, Mapping)]
    numbers = [one.get("message_id", one.get("message_thread_id")) for one in found]
    return [number for number in numbers if number is not None]
