"""Questions that a person answers: from the member to the desk, back again, and when they are settled."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from bot import desk_staff, desk_topics, desk_waiting
from bot.desk_staff import Clerk, Desk
from storage import Transaction, desk_bans, owing, signatures, thread_messages, threads
from storage.people import Person
from storage.thread_messages import ASKED, WRITTEN
from storage.threads import Thread

Form = Literal["text", "caption", "bare"]

# How long after its end a question is kept: until then a reply to it still finds its member.
KEEP_CLOSED = timedelta(days=30)


@dataclass(frozen=True)
class Said:
    """A message that is passed on.

    A text is said again under a line that tells whose it is; so is the caption of a picture or file, on a
    copy of it. Anything else, and what is too long for that, is a bare copy, and `words` are empty.
    """

    chat_id: int
    message_id: int
    form: Form = "text"
    words: str = ""
    # When it was changed last, in seconds since 1970: a correction of what was passed on before.
    edited_at: int | None = None
    # The words without their formatting.
    plain: str = ""
    # Tells apart what is said by several buttons under one message.
    token: str = ""

    @property
    def params(self) -> dict[str, Any]:
        return {
            "from_chat_id": self.chat_id,
            "message_id": self.message_id,
            "form": self.form,
            "words": self.words,
            "corrected": self.edited_at is not None,
        }

    @property
    def source(self) -> tuple[int, int]:
        return self.chat_id, self.message_id

    @property
    def occasion(self) -> str:
        return f"{self.chat_id}:{self.message_id}:{self.edited_at or 0}{self.token}"


@dataclass(frozen=True)
class Opened:
    thread: Thread


@dataclass(frozen=True)
class PassedOn:
    """The member's question is open; this was added to it. `first` is true the first time only."""

    thread: Thread
    first: bool


@dataclass(frozen=True)
class Nobody:
    """There is nobody at the desk: no chat is set, and no organiser can be reached."""


@dataclass(frozen=True)
class Barred:
    """The member may not write to the desk, until the instant or until somebody lifts it."""

    until: datetime | None


@dataclass(frozen=True)
class Answered:
    """The answer is on its way. `reopened` says that the question had been closed."""

    thread: Thread
    reopened: bool


@dataclass(frozen=True)
class Closed:
    """The question is closed; `just_now` is false where it was already."""

    thread: Thread
    just_now: bool


@dataclass(frozen=True)
class Unknown:
    """There is no such question, or it isn't this person's."""


async def ask(
    tx: Transaction,
    desk: Desk,
    person: Person,
    question: str,
    said: Said,
    *,
    offered: str | None = None,
    now: datetime,
) -> Opened | PassedOn | Nobody | Barred:
    """Pass a question to a person. Whoever has one open adds to it; the same message counts once.

    `said` is the message with the question; `offered` is what the bot had answered to it.
    """
    if (barred := await is_barred(tx, person.id, now=now)) is not None:
        return barred
    if not await desk_staff.is_staffed(tx, desk):
        return Nobody()
    thread_id = await threads.open_new(tx, person.id, question, offered=offered, now=now)
    if thread_id is None:
        thread = await _open_of(tx, person.id)
        if thread.question == question:
            return PassedOn(thread, first=False)
        first = thread.follow_ups == 0
        await _add(tx, desk, thread, said, now=now)
        return PassedOn(thread, first)
    await thread_messages.add(tx, thread_id, *said.source, kind=ASKED)
    await desk_topics.ready(tx, desk, person.id, thread_id, now=now)
    await desk_staff.tell(tx, desk, "desk_question", thread_id, f"desk:{thread_id}", said.params, now=now)
    await desk_waiting.plan(tx, desk, thread_id, since=now)
    return Opened(await _open_of(tx, person.id))


async def is_barred(tx: Transaction, person_id: int, *, now: datetime) -> Barred | None:
    ban = await desk_bans.find(tx, person_id, now=now)
    return None if ban is None else Barred(ban.until)


async def write_on(tx: Transaction, desk: Desk, thread: Thread, said: Said, *, now: datetime) -> PassedOn:
    """Pass on what the member writes while the question is open."""
    await _add(tx, desk, thread, said, now=now)
    return PassedOn(thread, thread.follow_ups == 0)


async def write_again(
    tx: Transaction, desk: Desk, thread: Thread, said: Said, *, now: datetime
) -> PassedOn | Nobody | Barred:
    """Pass on a reply to a message of a question that is over: it is open again."""
    if (barred := await is_barred(tx, thread.person_id, now=now)) is not None:
        return barred
    if not await desk_staff.is_staffed(tx, desk):
        return Nobody()
    await open_again(tx, desk, thread, now=now)
    await _add(tx, desk, thread, said, now=now)
    return PassedOn(await _open_of(tx, thread.person_id), first=True)


async def correct(tx: Transaction, desk: Desk, person_id: int, said: Said, *, now: datetime) -> bool:
    """Pass on that the member changed a message; False where it was never passed on.

    That opens nothing that is closed, and asks for no answer.
    """
    thread = await thread_messages.find_thread(tx, *said.source)
    if thread is None or thread.person_id != person_id:
        return False
    if said.plain and await thread_messages.kind_of(tx, *said.source) == ASKED:
        await threads.correct_question(tx, thread.id, said.plain)
    occasion = f"follow-up:{thread.id}:{said.occasion}"
    await desk_staff.tell(tx, desk, "desk_follow_up", thread.id, occasion, said.params, now=now)
    return True


async def ask_further(
    tx: Transaction, desk: Desk, thread_id: int, person_id: int, *, now: datetime
) -> PassedOn | Nobody | Barred | Unknown:
    """Have the question open, again if need be, so that what the member writes next goes to the desk."""
    thread = await threads.find(tx, thread_id)
    if thread is None or thread.person_id != person_id:
        return Unknown()
    if (barred := await is_barred(tx, person_id, now=now)) is not None:
        return barred
    if not await desk_staff.is_staffed(tx, desk):
        return Nobody()
    if await threads.find_open(tx, person_id) is None:
        await open_again(tx, desk, thread, now=now)
    return PassedOn(await _open_of(tx, person_id), first=False)


async def answer(
    tx: Transaction, desk: Desk, thread: Thread, clerk: Clerk, said: Said, *, now: datetime
) -> Answered:
    """Bring the member an answer. It opens a closed question again.

    A member with a newer question open gets the answer all the same; that question stays the open one. So
    does one who may not write to the desk, whose questions stay closed.
    """
    busy = await threads.find_open(tx, thread.person_id) is not None
    barred = await is_barred(tx, thread.person_id, now=now) is not None
    reopened = thread.state == "closed" and not busy and not barred
    if reopened:
        await open_again(tx, desk, thread, now=now)
    await threads.note_answered(tx, thread.id, now=now)
    await desk_waiting.drop(tx, thread.id)
    if not said.token:
        await thread_messages.add(tx, thread.id, *said.source, kind=WRITTEN)
    occasion = f"answered:{thread.id}:{said.occasion}"
    await desk_staff.tell_others(tx, desk, thread, clerk, "answered", occasion, text=said.plain, now=now)
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


async def settle(
    tx: Transaction, desk: Desk, thread_id: int, person_id: int, *, now: datetime
) -> Closed | Unknown:
    """The member says it is settled; the desk is told. Saying so twice is harmless."""
    thread = await threads.find(tx, thread_id)
    if thread is None or thread.person_id != person_id:
        return Unknown()
    if not await _end(tx, desk, thread, now=now):
        return Closed(thread, just_now=False)
    occasion = f"settled:{thread.id}:{int(now.timestamp())}"
    await desk_staff.tell(tx, desk, "desk_note", thread.id, occasion, {"what": "settled"}, now=now)
    await desk_topics.turn(tx, desk, thread.person_id, thread.id, now=now)
    return Closed(thread, just_now=True)


async def close(
    tx: Transaction, desk: Desk, thread: Thread, clerk: Clerk, *, told: bool = True, now: datetime
) -> Closed:
    """The desk closes the question; the member, if they are to be told, and the other organisers hear of it.

    Twice is harmless.
    """
    if not await _end(tx, desk, thread, now=now):
        return Closed(thread, just_now=False)
    occasion = f"closed:{thread.id}:{int(now.timestamp())}"
    if told:
        await tell_member(tx, thread, "desk_closed", f"member-{occasion}", now=now)
    await desk_staff.tell_others(tx, desk, thread, clerk, "closed", occasion, now=now)
    await desk_topics.turn(tx, desk, thread.person_id, thread.id, now=now)
    return Closed(thread, just_now=True)


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


async def _open_of(tx: Transaction, person_id: int) -> Thread:
    thread = await threads.find_open(tx, person_id)
    if thread is None:
        raise LookupError("a question just opened was not found")
    return thread


async def open_again(tx: Transaction, desk: Desk, thread: Thread, *, now: datetime) -> None:
    """Have the closed question open, its topic with it; nobody is told."""
    await threads.reopen(tx, thread.id)
    await desk_topics.ready(tx, desk, thread.person_id, thread.id, now=now)


async def _end(tx: Transaction, desk: Desk, thread: Thread, *, now: datetime) -> bool:
    await desk_waiting.drop(tx, thread.id)
    return await threads.close(tx, thread.id, now=now)


async def _add(tx: Transaction, desk: Desk, thread: Thread, said: Said, *, now: datetime) -> None:
    await threads.note_follow_up(tx, thread.id, now=now)
    await thread_messages.add(tx, thread.id, *said.source, kind=WRITTEN)
    occasion = f"follow-up:{thread.id}:{said.occasion}"
    await desk_staff.tell(tx, desk, "desk_follow_up", thread.id, occasion, said.params, now=now)
    if thread.waiting_since is None:
        await desk_waiting.plan(tx, desk, thread.id, since=now)


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


async def tell_member(tx: Transaction, thread: Thread, kind: str, occasion: str, *, now: datetime) -> None:
    await owing.owe_person(
        tx, thread.person_id, kind, occasion=occasion, due_at=now, params={"thread_id": thread.id}
    )
