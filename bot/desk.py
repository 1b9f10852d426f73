"""Questions that a person answers: from the member to the desk, back again, and when they are settled."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from storage import Transaction, owing, people, threads
from storage.people import Person
from storage.threads import Thread

Form = Literal["text", "caption", "bare"]

# How long after its end a question is kept: until then a reply to it still finds its member.
KEEP_CLOSED = timedelta(days=30)


@dataclass(frozen=True)
class Desk:
    """Who answers: everybody in one chat, or else each organiser in their own."""

    chat_id: int | None
    owners: frozenset[int]


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
    def occasion(self) -> str:
        return f"{self.chat_id}:{self.message_id}:{self.edited_at or 0}"


@dataclass(frozen=True)
class Clerk:
    """Somebody who answers for the association. In the desk's chat that may be nobody we know."""

    name: str
    chat_id: int
    person_id: int | None = None


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
) -> Opened | PassedOn | Nobody:
    """Pass a question to a person. Whoever has one open adds to it; the same message counts once.

    `said` is the message with the question; `offered` is what the bot had answered to it.
    """
    if not await is_staffed(tx, desk):
        return Nobody()
    thread_id = await threads.open_new(tx, person.id, question, now=now)
    if thread_id is None:
        thread = await _open_of(tx, person.id)
        if thread.question == question:
            return PassedOn(thread, first=False)
        first = thread.follow_ups == 0
        await _add(tx, desk, thread, said, now=now)
        return PassedOn(thread, first)
    params = {"offered": offered} | said.params
    await _tell(tx, desk, "desk_question", thread_id, f"desk:{thread_id}", params, now=now)
    return Opened(await _open_of(tx, person.id))


async def is_staffed(tx: Transaction, desk: Desk) -> bool:
    return desk.chat_id is not None or bool(await _organisers(tx, desk))


async def write_on(tx: Transaction, desk: Desk, thread: Thread, said: Said, *, now: datetime) -> PassedOn:
    """Pass on what the member writes while the question is open."""
    await _add(tx, desk, thread, said, now=now)
    return PassedOn(thread, thread.follow_ups == 0 and said.edited_at is None)


async def ask_further(
    tx: Transaction, desk: Desk, thread_id: int, person_id: int
) -> PassedOn | Nobody | Unknown:
    """Have the question open, again if need be, so that what the member writes next goes to the desk."""
    thread = await threads.find(tx, thread_id)
    if thread is None or thread.person_id != person_id:
        return Unknown()
    if not await is_staffed(tx, desk):
        return Nobody()
    if await threads.find_open(tx, person_id) is None:
        await threads.reopen(tx, thread_id)
    return PassedOn(await _open_of(tx, person_id), first=False)


async def answer(
    tx: Transaction, desk: Desk, thread: Thread, clerk: Clerk, said: Said, *, now: datetime
) -> Answered:
    """Bring the member an answer, or the correction of one. An answer opens a closed question again.

    A member with a newer question open gets the answer all the same; that question stays the open one.
    """
    is_new = said.edited_at is None
    busy = await threads.find_open(tx, thread.person_id) is not None
    reopened = is_new and thread.state == "closed" and not busy
    if reopened:
        await threads.reopen(tx, thread.id)
    if is_new:
        await threads.note_answered(tx, thread.id, now=now)
        occasion = f"answered:{thread.id}:{said.occasion}"
        await _tell_others(tx, desk, thread, clerk, "answered", occasion, now=now)
    params = {"thread_id": thread.id, "clerk_chat_id": clerk.chat_id, "clerk_id": clerk.person_id}
    await owing.owe_person(
        tx,
        thread.person_id,
        "desk_answer",
        occasion=f"answer:{thread.id}:{said.occasion}",
        due_at=now,
        params=params | said.params,
    )
    return Answered(thread, reopened)


async def settle(
    tx: Transaction, desk: Desk, thread_id: int, person_id: int, *, now: datetime
) -> Closed | Unknown:
    """The member says it is settled; the desk is told. Saying so twice is harmless."""
    thread = await threads.find(tx, thread_id)
    if thread is None or thread.person_id != person_id:
        return Unknown()
    if not await threads.close(tx, thread.id, now=now):
        return Closed(thread, just_now=False)
    occasion = f"settled:{thread.id}:{int(now.timestamp())}"
    await _tell(tx, desk, "desk_note", thread.id, occasion, {"what": "settled"}, now=now)
    return Closed(thread, just_now=True)


async def close(tx: Transaction, desk: Desk, thread: Thread, clerk: Clerk, *, now: datetime) -> Closed:
    """The desk closes the question; the member and the other organisers are told. Twice is harmless."""
    if not await threads.close(tx, thread.id, now=now):
        return Closed(thread, just_now=False)
    occasion = f"closed:{thread.id}:{int(now.timestamp())}"
    await owing.owe_person(
        tx,
        thread.person_id,
        "desk_closed",
        occasion=f"member-{occasion}",
        due_at=now,
        params={"thread_id": thread.id},
    )
    await _tell_others(tx, desk, thread, clerk, "closed", occasion, now=now)
    return Closed(thread, just_now=True)


async def show_again(tx: Transaction, thread: Thread, clerk: Clerk, *, now: datetime) -> None:
    """Send somebody at the desk the question once more, to be replied to. Twice within 10 seconds is once."""
    occasion = f"again:{thread.id}:{clerk.chat_id}:{int(now.timestamp()) // 10}"
    await _owe(tx, clerk.person_id, clerk.chat_id, "desk_question", occasion, thread.id, {}, now=now)


async def tell_undelivered(
    tx: Transaction, notice_id: int, params: Mapping[str, Any], *, now: datetime
) -> None:
    """Tell whoever answered that the answer did not arrive. `params` are those of the answer's notice."""
    await _owe(
        tx,
        params["clerk_id"],
        params["clerk_chat_id"],
        "desk_note",
        f"undelivered:{notice_id}",
        params["thread_id"],
        {"what": "undelivered"},
        now=now,
    )


async def _organisers(tx: Transaction, desk: Desk) -> list[Person]:
    found = await people.list_organisers(tx, desk.owners)
    return [person for person in found if person.unreachable_since is None]


async def _open_of(tx: Transaction, person_id: int) -> Thread:
    thread = await threads.find_open(tx, person_id)
    if thread is None:
        raise LookupError("a question just opened was not found")
    return thread


async def _add(tx: Transaction, desk: Desk, thread: Thread, said: Said, *, now: datetime) -> None:
    await threads.note_follow_up(tx, thread.id)
    occasion = f"follow-up:{thread.id}:{said.occasion}"
    await _tell(tx, desk, "desk_follow_up", thread.id, occasion, said.params, now=now)


async def _tell(
    tx: Transaction,
    desk: Desk,
    kind: str,
    thread_id: int,
    occasion: str,
    params: Mapping[str, Any],
    *,
    now: datetime,
    but: int | None = None,
) -> None:
    """Owe the whole desk a notice, except one organiser."""
    if desk.chat_id is not None:
        await _owe(tx, None, desk.chat_id, kind, occasion, thread_id, params, now=now)
        return
    for person in await _organisers(tx, desk):
        if person.id != but:
            await _owe(
                tx, person.id, person.telegram_id, kind, f"{occasion}:{person.id}", thread_id, params, now=now
            )


async def _tell_others(
    tx: Transaction, desk: Desk, thread: Thread, clerk: Clerk, what: str, occasion: str, *, now: datetime
) -> None:
    """Tell the organisers who don't see it happen: in the desk's own chat everybody does."""
    if desk.chat_id is None or clerk.chat_id != desk.chat_id:
        params = {"what": what, "by": clerk.name}
        await _tell(tx, desk, "desk_note", thread.id, occasion, params, now=now, but=clerk.person_id)


async def _owe(
    tx: Transaction,
    person_id: int | None,
    chat_id: int,
    kind: str,
    occasion: str,
    thread_id: int,
    params: Mapping[str, Any],
    *,
    now: datetime,
) -> None:
    """Owe a notice to somebody we know, or else to a chat."""
    whole = {"thread_id": thread_id} | dict(params)
    if person_id is not None:
        await owing.owe_person(tx, person_id, kind, occasion=occasion, due_at=now, params=whole)
    else:
        await owing.owe_chat(tx, chat_id, kind, occasion=occasion, due_at=now, params=whole)
