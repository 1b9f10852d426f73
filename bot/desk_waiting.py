"""Members who wait for a person's answer: the desk is reminded of them, twice at most, and they are told."""

from datetime import datetime, timedelta
from typing import Final

from bot import desk_hours, desk_staff
from bot.desk_staff import Desk
from storage import Transaction, jobs, owing, threads
from storage.owing import TIMELY
from storage.threads import Thread

FIRST: Final = "desk_waiting"
AGAIN: Final = "desk_waiting_again"
# After a long silence both fall due at once: the second still leaves the desk so much time.
_APART: Final = timedelta(hours=1)


async def plan(tx: Transaction, desk: Desk, thread_id: int, *, since: datetime) -> None:
    """Have somebody be reminded when the member has waited for too long while the desk was open."""
    hours = await desk_hours.read(tx)
    patience = timedelta(minutes=hours.patience)
    first = hours.after(since, patience, desk.zone) if patience else None
    again = hours.after(first, patience, desk.zone) if first else None
    for kind, due_at in ((FIRST, first), (AGAIN, again)):
        if due_at is not None:
            await jobs.plan(tx, kind, thread_id, due_at=due_at)
        else:
            await jobs.drop(tx, kind, thread_id)


async def drop(tx: Transaction, thread_id: int) -> None:
    """The member waits no longer."""
    for kind in (FIRST, AGAIN):
        await jobs.drop(tx, kind, thread_id)


async def plan_anew(tx: Transaction, desk: Desk) -> None:
    """The hours have changed: so have the moments for all who wait and of whom nobody was reminded."""
    for thread in await threads.list_waiting(tx):
        if thread.waiting_since is not None and thread.reminded_at is None:
            await plan(tx, desk, thread.id, since=thread.waiting_since)


async def remind(tx: Transaction, thread_id: int, *, now: datetime) -> None:
    """Remind the desk for the first time, and tell the member that it takes longer."""
    thread = await _waiting(tx, thread_id)
    if thread is None or thread.reminded_at is not None:
        return
    await threads.note_reminded(tx, thread.id, now=now)
    await _remind_desk(tx, thread, now=now)
    await owing.owe_person(
        tx,
        thread.person_id,
        "desk_delayed",
        occasion=f"delayed:{thread.id}:{_since(thread)}",
        due_at=now,
        rank=TIMELY,
        params={"thread_id": thread.id},
    )


async def remind_again(tx: Transaction, thread_id: int, *, now: datetime) -> None:
    """Remind the desk once more; after that nobody is reminded until there is an answer."""
    thread = await _waiting(tx, thread_id)
    if thread is None:
        return
    if thread.reminded_at is None or now < thread.reminded_at + _APART:
        await jobs.plan(tx, AGAIN, thread.id, due_at=(thread.reminded_at or now) + _APART)
        return
    await _remind_desk(tx, thread, now=now)


async def _waiting(tx: Transaction, thread_id: int) -> Thread | None:
    thread = await threads.find(tx, thread_id)
    waits = thread is not None and thread.state == "open" and thread.waiting_since is not None
    return thread if waits else None


async def _remind_desk(tx: Transaction, thread: Thread, *, now: datetime) -> None:
    """Whoever has taken the question on is reminded alone, unless the desk is a group."""
    desk = await desk_staff.remembered(tx)
    occasion = f"waiting:{thread.id}:{int(now.timestamp())}"
    staff = await desk_staff.list_staff(tx, desk)
    taken_by = next((one for one in staff if one.id == thread.assignee_id), None)
    if desk.chat_id is None and taken_by is not None:
        await desk_staff.owe(
            tx, taken_by.id, taken_by.telegram_id, "desk_waiting", occasion, thread.id, {}, now=now
        )
    else:
        await desk_staff.tell(tx, desk, "desk_waiting", thread.id, occasion, {}, now=now)


def _since(thread: Thread) -> int:
    return int(thread.waiting_since.timestamp()) if thread.waiting_since else 0
