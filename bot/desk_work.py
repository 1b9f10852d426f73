"""What the desk does about a question besides answering: who takes it, notes, opening it again, barring."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot import audit, desk, desk_staff
from bot.desk_staff import Clerk, Desk
from storage import Transaction, desk_bans, desk_notes, people, signatures, threads
from storage.people import Person
from storage.threads import Thread

NOTE_LIMIT: Final = 1000
# How long somebody may be barred, in days; 0: until somebody lifts it.
SPANS: Final = (1, 7, 0)


@dataclass(frozen=True)
class Taken:
    """The question is the clerk's; `just_now` is false where it was already."""

    thread: Thread
    just_now: bool


@dataclass(frozen=True)
class TakenBefore:
    """Somebody else has it."""

    thread: Thread
    by: str


@dataclass(frozen=True)
class Given:
    """The question is the colleague's now, who is told."""

    thread: Thread
    to: Person


@dataclass(frozen=True)
class Unchanged:
    """Nothing was to be done."""


@dataclass(frozen=True)
class Reopened:
    """The question is open; `just_now` is false where it was already."""

    thread: Thread
    just_now: bool


@dataclass(frozen=True)
class Busy:
    """The member has a newer question open, and one at a time is all they can have."""

    thread: Thread


@dataclass(frozen=True)
class StillBarred:
    """The member may not write to the desk: that has to be lifted first."""

    thread: Thread


@dataclass(frozen=True)
class Lesson:
    """What can be learnt from a question: how it was asked, in which language, and what the desk answered."""

    question: str
    locale: str
    answer: str


async def take(
    tx: Transaction, at: Desk, thread: Thread, clerk: Clerk, *, now: datetime
) -> Taken | TakenBefore:
    """Have the question be the clerk's, unless it is somebody else's. Twice is harmless."""
    if thread.assignee_id is not None and thread.assignee_id != clerk.person_id:
        return TakenBefore(thread, thread.assignee or "")
    if thread.assignee_id is not None or clerk.person_id is None:
        return Taken(thread, just_now=False)
    if not await threads.assign_unless_taken(tx, thread.id, clerk.person_id):
        now_is = await _again(tx, thread)
        return TakenBefore(now_is, now_is.assignee or "")
    occasion = f"taken:{thread.id}:{clerk.person_id}:{int(now.timestamp())}"
    await desk_staff.tell_others(tx, at, thread, clerk, "taken", occasion, now=now)
    return Taken(await _again(tx, thread), just_now=True)


async def give(
    tx: Transaction, at: Desk, thread: Thread, to: Person, clerk: Clerk, *, now: datetime
) -> Given | Unchanged:
    """Have the question be a colleague's, or take it over from one; all whom that concerns are told."""
    staff = await people.list_organisers(tx, at.owners)
    if thread.assignee_id == to.id or to.id not in {one.id for one in staff}:
        return Unchanged()
    await threads.assign(tx, thread.id, to.id)
    occasion = f"given:{thread.id}:{to.id}:{int(now.timestamp())}"
    if to.id != clerk.person_id:
        params = {"given_by": clerk.name}
        await desk_staff.owe(tx, to.id, to.telegram_id, "desk_question", occasion, thread.id, params, now=now)
    await desk_staff.tell_others(tx, at, thread, clerk, "given", f"note-{occasion}", to=to, now=now)
    return Given(await _again(tx, thread), to)


async def give_back(
    tx: Transaction, at: Desk, thread: Thread, clerk: Clerk, *, now: datetime
) -> Thread | Unchanged:
    """Have the question be nobody's; the others hear that it is free again."""
    if thread.assignee_id is None:
        return Unchanged()
    await threads.assign(tx, thread.id, None)
    occasion = f"given-back:{thread.id}:{int(now.timestamp())}"
    await desk_staff.tell_others(tx, at, thread, clerk, "given_back", occasion, now=now)
    return await _again(tx, thread)


async def write_note(tx: Transaction, thread: Thread, text: str, clerk: Clerk, *, now: datetime) -> None:
    """Keep a note that the desk alone sees, as long as the question is kept. It is cut at its limit."""
    await desk_notes.add(tx, thread.id, text[:NOTE_LIMIT], author_id=clerk.person_id, now=now)


async def reopen(
    tx: Transaction, at: Desk, thread: Thread, clerk: Clerk, *, now: datetime
) -> Reopened | Busy | StillBarred:
    """Take up a closed question again; the member and the other organisers are told."""
    if thread.state == "open":
        return Reopened(thread, just_now=False)
    if await desk_bans.find(tx, thread.person_id, now=now) is not None:
        return StillBarred(thread)
    if await threads.find_open(tx, thread.person_id) is not None:
        return Busy(thread)
    if not await desk.open_again(tx, at, thread, now=now):
        return Reopened(await _again(tx, thread), just_now=False)
    occasion = f"reopened:{thread.id}:{int(now.timestamp())}"
    await desk.tell_member(tx, thread, "desk_reopened", f"member-{occasion}", now=now)
    await desk_staff.tell_others(tx, at, thread, clerk, "reopened", occasion, now=now)
    return Reopened(await _again(tx, thread), just_now=True)


async def show_again(tx: Transaction, thread: Thread, clerk: Clerk, *, now: datetime) -> None:
    """Send somebody at the desk the question once more, to be replied to. Twice within 10 seconds is once."""
    occasion = f"again:{thread.id}:{clerk.chat_id}:{int(now.timestamp()) // 10}"
    await desk_staff.owe(
        tx, clerk.person_id, clerk.chat_id, "desk_question", occasion, thread.id, {}, now=now
    )


async def bar(
    tx: Transaction, at: Desk, thread: Thread, days: int, clerk: Clerk, *, now: datetime
) -> datetime | None:
    """Let the member write to the desk no more, for so many days or (0) until somebody lifts it.

    Says until when. Their question is closed, and they are told kindly. The rest of the bot goes on
    working for them.
    """
    until = now + timedelta(days=days) if days else None
    known = await desk_bans.find(tx, thread.person_id, now=now)
    await desk_bans.put(tx, thread.person_id, until=until, now=now)
    still_open = await threads.find_open(tx, thread.person_id)
    if still_open is not None:
        await desk.close(tx, at, still_open, clerk, told=False, now=now)
    if known is None:
        occasion = f"barred:{thread.person_id}:{int(now.timestamp())}"
        await desk.tell_member(tx, thread, "desk_barred", occasion, now=now)
    await audit.note(
        tx, "desk_barred", now=now, actor_id=clerk.person_id, subject_id=thread.person_id, days=days
    )
    return until


async def lift(tx: Transaction, person_id: int, *, actor_id: int, now: datetime) -> bool:
    """Let the member write to the desk again; False where nothing kept them from it."""
    if not await desk_bans.lift(tx, person_id):
        return False
    await audit.note(tx, "desk_bar_lifted", now=now, actor_id=actor_id, subject_id=person_id)
    return True


async def sign(tx: Transaction, person_id: int, *, by_name: bool) -> None:
    """Choose whether one's answers bear one's own name. Choosing the same twice is harmless."""
    if by_name:
        await signatures.add(tx, person_id)
    else:
        await signatures.drop(tx, person_id)


async def learn_from(tx: Transaction, thread_id: int) -> Lesson | None:
    """A question with the desk's latest answer in plain text; None where there is no such answer (any more).

    Both are forgotten together with the question.
    """
    thread = await threads.find(tx, thread_id)
    if thread is None or not thread.answer:
        return None
    return Lesson(thread.question, thread.locale, thread.answer)


async def _again(tx: Transaction, thread: Thread) -> Thread:
    found = await threads.find(tx, thread.id)
    if found is None:
        raise LookupError("a question that was just there was not found")
    return found
