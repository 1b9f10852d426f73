"""What the desk answers: from a clerk to the member, corrected in its place, or not delivered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot import desk, desk_staff, desk_waiting
from bot.desk import Said
from bot.desk_staff import Clerk, Desk
from storage import Transaction, owing, signatures, thread_messages, threads
from storage.thread_messages import WRITTEN
from storage.threads import Thread


@dataclass(frozen=True)
class Answered:
    """The answer is on its way. `reopened` says that the question had been closed."""

    thread: Thread
    reopened: bool


async def answer(
    tx: Transaction, at: Desk, thread: Thread, clerk: Clerk, said: Said, *, now: datetime
) -> Answered:
    """Bring the member an answer. It opens a closed question again.

    A member with a newer question open gets the answer all the same; that question stays the open one. So
    does one who may not write to the desk, whose questions stay closed.
    """
    busy = await threads.find_open(tx, thread.person_id) is not None
    barred = await desk.is_barred(tx, thread.person_id, now=now) is not None
    may_open = thread.state == "closed" and not busy and not barred
    reopened = may_open and await desk.open_again(tx, at, thread, now=now)
    await threads.note_answered(tx, thread.id, now=now)
    await desk_waiting.drop(tx, thread.id)
    if not said.token:
        await thread_messages.add(tx, thread.id, *said.source, kind=WRITTEN)
    occasion = f"answered:{thread.id}:{said.occasion}"
    await desk_staff.tell_others(tx, at, thread, clerk, "answered", occasion, text=said.plain, now=now)
    await _bring(tx, thread, clerk, said, now=now)
    return Answered(thread, reopened)


async def correct_answer(
    tx: Transaction, thread: Thread, clerk: Clerk, said: Said, *, now: datetime
) -> Answered | None:
    """Bring the member the correction of an answer, which opens nothing; None where it was none."""
    passed_on = await thread_messages.find_thread(tx, *said.source)
    if passed_on is None or passed_on.id != thread.id:
        return None
    await _bring(tx, thread, clerk, said, now=now)
    return Answered(thread, reopened=False)


async def tell_undelivered(
    tx: Transaction, notice_id: int, params: Mapping[str, Any], *, now: datetime
) -> None:
    """Tell whoever answered that the answer did not arrive. `params` are those of the answer's notice."""
    await desk_staff.owe(
        tx,
        params["clerk_id"],
        params["clerk_chat_id"],
        "desk_note",
        f"undelivered:{notice_id}",
        params["thread_id"],
        {"what": "undelivered"},
        now=now,
    )


async def _bring(tx: Transaction, thread: Thread, clerk: Clerk, said: Said, *, now: datetime) -> None:
    if said.plain:
        await threads.keep_answer(tx, thread.id, said.plain)
    params: dict[str, Any] = {
        "thread_id": thread.id,
        "clerk_chat_id": clerk.chat_id,
        "clerk_id": clerk.person_id,
    }
    if clerk.person_id is not None and await signatures.has(tx, clerk.person_id):
        params["signed"] = clerk.name
    await owing.owe_person(
        tx,
        thread.person_id,
        "desk_answer",
        occasion=f"answer:{thread.id}:{said.occasion}",
        due_at=now,
        params=params | said.params,
    )
