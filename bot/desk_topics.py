"""A member's own topic in the desk's group: opened once, used again whenever they ask."""

import logging
from dataclasses import dataclass
from datetime import datetime

from bot.desk_staff import Desk, note_topics
from storage import Transaction, desk_topics, notices, owing, threads
from storage.desk_topics import Topic
from storage.threads import Thread

logger = logging.getLogger(__name__)

_OPEN = ("owed", "claimed")


@dataclass(frozen=True)
class NotYet:
    """The topic is on its way: what belongs into it has to wait for a moment."""


async def ready(tx: Transaction, desk: Desk, person_id: int, thread_id: int, *, now: datetime) -> None:
    """See to it that the member has a topic that is open, where the desk has topics at all.

    One that is being asked for is not asked for again. Where nobody knows whether Telegram has opened one,
    as after a crash at just that moment, the question at hand stands in the group itself, and only the next
    one asks anew.
    """
    if desk.chat_id is None or not desk.has_topics:
        return
    known = await desk_topics.find(tx, person_id)
    if known is None or known.chat_id != desk.chat_id or await _is_lost(tx, known):
        await _ask_for(tx, desk.chat_id, person_id, thread_id, instead_of=known, now=now)
    elif known.topic_id is not None:
        await turn(tx, desk, person_id, thread_id, now=now)


async def turn(tx: Transaction, desk: Desk, person_id: int, thread_id: int, *, now: datetime) -> None:
    """Have the topic be opened or closed as the question is by then."""
    known = await desk_topics.find(tx, person_id)
    if known is None or known.topic_id is None or known.chat_id != desk.chat_id:
        return
    await owing.owe_chat(
        tx,
        known.chat_id,
        "desk_topic_turn",
        occasion=f"topic-turn:{thread_id}:{int(now.timestamp() * 1000)}",
        due_at=now,
        params={"thread_id": thread_id},
    )


async def number_of(tx: Transaction, person_id: int, chat_id: int) -> int | NotYet | None:
    """The member's topic in the chat; None: their questions stand in the group itself."""
    known = await desk_topics.find(tx, person_id)
    if known is None or known.chat_id != chat_id:
        return None
    if known.topic_id is None and not await _is_lost(tx, known):
        return NotYet()
    return known.topic_id


async def not_opened(tx: Transaction, notice_id: int, chat_id: int, person_id: int) -> None:
    """Telegram did not open the topic. Where it refused, everything stands in the group from now on.

    Where nobody knows, the topic counts as lost: asked for at once, it might be there twice.
    """
    if await notices.find_state(tx, notice_id) == "unknown":
        logger.warning(
            "nobody knows whether a topic was opened in the desk's group; its question stands there"
        )
        return
    await desk_topics.drop(tx, person_id)
    await note_topics(tx, chat_id, "refused")
    logger.warning(
        "no topic could be opened in the desk's group: make the bot an administrator who may manage topics;"
        " until then questions stand in the group itself"
    )


async def not_turned(tx: Transaction, notice_id: int, thread: Thread, chat_id: int, *, now: datetime) -> None:
    """Telegram would not open or close the topic: it is gone. An open question gets another one."""
    if await notices.find_state(tx, notice_id) != "failed":
        return
    await desk_topics.drop(tx, thread.person_id)
    # The member may have asked something new meanwhile.
    still_open = await threads.find_open(tx, thread.person_id)
    if still_open is not None:
        await _ask_for(tx, chat_id, thread.person_id, still_open.id, instead_of=None, now=now)


async def find_thread(tx: Transaction, chat_id: int, topic_id: int) -> Thread | None:
    """The question that a topic is about: the open one of its member, or else the last one kept."""
    topic = await desk_topics.find_by_number(tx, chat_id, topic_id)
    return None if topic is None else await threads.find_latest(tx, topic.person_id)


async def _ask_for(
    tx: Transaction,
    chat_id: int,
    person_id: int,
    thread_id: int,
    *,
    instead_of: Topic | None,
    now: datetime,
) -> None:
    occasion = f"topic:{person_id}:{thread_id}:{int(now.timestamp() * 1000)}"
    before = instead_of.occasion if instead_of else None
    if await desk_topics.ask_for(tx, person_id, chat_id, occasion, instead_of=before):
        params = {"thread_id": thread_id}
        await owing.owe_chat(tx, chat_id, "desk_topic", occasion=occasion, due_at=now, params=params)


async def _is_lost(tx: Transaction, topic: Topic) -> bool:
    """Whether it has no number and none will come."""
    if topic.topic_id is not None:
        return False
    states = await notices.list_states(tx, [topic.occasion])
    return states.get(topic.occasion) not in _OPEN
