"""Sending the replies that were decided, until each has arrived or can't."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from markupsafe import Markup

from handlers.pacing import Pacer
from handlers.replies import stored_params
from handlers.wire import ANSWER_SECONDS, Blocked, Held, NotSent, Outcome, Refused, Sent, Unknown, Wire
from storage import Database, Transaction, Unavailable, replies
from storage.replies import Owed

logger = logging.getLogger(__name__)

LONGEST_PAUSE = 60.0
NEW_MESSAGE = ("send", "copy", "forward")
# What is the same when it happens twice may be asked again even where it may have happened.
SAME_TWICE = ("edit", "set")
MOST_DOUBTS = 3
# How often a call is tried to which Telegram itself answers that it has trouble: for about five minutes.
MOST_TROUBLES = 12
# Nobody waits longer for what a press has brought about; the message that follows says it as well.
PRESS_SECONDS = 5.0
# After a crash these are made again without anybody noticing.
NEEDS_NO_NOTE = (*SAME_TWICE, "answer")


class Answering:
    """Makes the calls of one reply after the other and settles it; a lane waits for its own alone."""

    def __init__(self, wire: Wire, database: Database, pacer: Pacer) -> None:
        self._wire = wire
        self._database = database
        self._pacer = pacer
        # What is to be settled next, and the task that will have done it.
        self._made: list[int] | None = None
        self._settling: asyncio.Task[None] | None = None

    async def send(self, owed: Owed) -> None:
        for position in range(owed.position, len(owed.calls)):
            outcome = await self._make(owed.calls[position], owed.lane)
            if isinstance(outcome, Blocked):
                break
            made = position + 1
            if made < len(owed.calls) and not owed.calls[position]["method"].startswith(NEEDS_NO_NOTE):
                await self._keep_trying_to_write(partial(replies.advance, reply_id=owed.id, position=made))
        await self._settle(owed.id)

    async def _make(self, call: dict[str, Any], lane: int) -> Outcome:
        method, params = call["method"], stored_params(call)
        chat_id = params.get("chat_id", lane)
        pause, doubts, troubles = 0.5, 0, 0
        within = PRESS_SECONDS if method == "answerCallbackQuery" else ANSWER_SECONDS
        while True:
            if method.startswith(NEW_MESSAGE):
                await self._pacer.reply(chat_id)
            outcome = await self._wire.call(method, params, answer_within=within)
            match outcome:
                case Held(seconds):
                    self._pacer.hold(chat_id, seconds)
                    await asyncio.sleep(seconds)
                case NotSent(problem, status) if status >= 500 and troubles >= MOST_TROUBLES:
                    # Telegram answers, and never to this: the rest of the chat must go on.
                    logger.error("Telegram could not do %s: %s", method, problem)
                    return outcome
                case NotSent(_, status):
                    troubles += status >= 500
                    await asyncio.sleep(pause)
                    pause = min(2 * pause, LONGEST_PAUSE)
                case Unknown() if method.startswith(SAME_TWICE) and doubts < MOST_DOUBTS:
                    doubts += 1
                case Refused(_, problem) if (other := milder(method, params, problem)) is not None:
                    method, params = other
                case Refused(status, problem):
                    if method != "answerCallbackQuery":
                        logger.error("Telegram refused %s (%d): %s", method, status, problem)
                    return outcome
                case Sent() | Blocked() | Unknown():
                    return outcome

    async def _settle(self, reply_id: int) -> None:
        """Forget a reply that was sent, together with all those that end before this is written."""
        if self._made is None or self._settling is None or self._settling.done():
            self._made = []
            work = partial(self._settle_together, self._made)
            self._settling = asyncio.create_task(self._keep_trying_to_write(work))
        self._made.append(reply_id)
        # Whoever is cancelled leaves the others' to be settled.
        await asyncio.shield(self._settling)

    async def _settle_together(self, made: list[int], tx: Transaction) -> None:
        if self._made is made:
            self._made = None
        await replies.settle(tx, made)

    async def _keep_trying_to_write(self, work: Callable[[Transaction], Awaitable[None]]) -> None:
        while True:
            try:
                return await self._database.share(work)
            except Unavailable:
                await asyncio.sleep(1)


def milder(method: str, params: dict[str, Any], problem: str) -> tuple[str, dict[str, Any]] | None:
    """Another way to say the same when Telegram refused this one, or None."""
    said = problem.lower()
    if method == "editMessageText" and ("message to edit" in said or "can't be edited" in said):
        return "sendMessage", {name: value for name, value in params.items() if name != "message_id"}
    if method in ("sendPhoto", "editMessageMedia") and "file identifier" in said:
        # A picture that this bot never got, such as one from a copy of another bot's database.
        media = params.get("media") or params
        kept = {name: params.get(name) for name in ("chat_id", "reply_markup")}
        if media.get("caption"):
            return "sendMessage", kept | {"text": media["caption"], "parse_mode": media.get("parse_mode")}
    if method == "editMessageCaption" and ("message to edit" in said or "can't be edited" in said):
        kept = {name: value for name, value in params.items() if name not in ("message_id", "caption")}
        return "sendMessage", {**kept, "text": params["caption"]}
    if "message_thread_id" in params and ("thread not found" in said or "topic_closed" in said):
        # Somebody has deleted the topic: in the group itself it is not lost.
        return method, {name: value for name, value in params.items() if name != "message_thread_id"}
    if "entities" in said and (params.get("entities") or params.get("caption_entities")):
        return method, {**params, "entities": None, "caption_entities": None}
    if "parse entities" in said and params.get("parse_mode"):
        field = "text" if "text" in params else "caption"
        plain = Markup(params[field]).striptags()  # noqa: S704 - only to take its tags off
        return method, {**params, field: plain, "parse_mode": None}
    return None
