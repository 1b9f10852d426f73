"""Everything that can be answered at this moment, found by questions in any wording."""

import asyncio
from dataclasses import dataclass
from datetime import datetime

from bot import groups
from bot.questions import Answer, Choices, Entry, Finder, Nothing
from storage import Database, Transaction, content, events, programmes, questions
from storage.events import Event
from storage.programmes import Programme, Question

# What an entry leads to: read again from the database before it is told.
Topic = Question | Programme | Event

MOST = 100_000


@dataclass(frozen=True)
class Reader:
    """For whose eyes something is: as far as is known, nobody's in particular.

    Whoever looks after the content reads all of it.
    """

    person_id: int | None = None
    reads_all: bool = False


ANYBODY = Reader()


class Library:
    """An index that is replaced, never changed, when programmes, questions or events have changed.

    It only says which topic is meant. Texts, dates and permissions are read again by `read`, so that what
    has ended since is never told as if it were to come.
    """

    def __init__(self) -> None:
        self._finder = Finder(())
        self._edition: tuple[int, ...] = ()

    def ask(self, question: str, locale: str) -> Answer | Choices | Nothing:
        return self._finder.ask(question, locale)

    async def refresh(self, database: Database, *, now: datetime) -> bool:
        """Index everything anew if anything has changed; say whether it had. Looking is cheap."""
        async with database.read() as tx:
            edition = (await content.find_revision(tx), *await events.find_edition(tx, now=now))
            if edition == self._edition:
                return False
            found = await entries(tx, now=now)
        # A large pack takes seconds: meanwhile others are answered from the old index.
        self._finder = await asyncio.to_thread(Finder, found)
        self._edition = edition
        return True


async def entries(tx: Transaction, *, now: datetime) -> list[Entry]:
    """All that can be answered now: questions, programmes, and events for everyone that are not over."""
    found = [
        Entry(f"q{asked.question_id}", asked.locale, "question", asked.wordings, asked.answer, asked.audience)
        for asked in await questions.list_asked(tx)
    ]
    for programme in await programmes.list_page(tx, limit=MOST, audiences=programmes.ALL):
        for locale, text in programme.texts.items():
            said = f"{text.summary}\n{text.body}"
            found.append(
                Entry(f"p{programme.id}", locale, "programme", (text.title,), said, programme.audience)
            )
    for event in await events.list_upcoming(tx, now=now, limit=MOST):
        for locale, words in event.texts.items():
            said = f"{words.description}\n{words.place}"
            found.append(Entry(f"e{event.id}", locale, "event", (words.title,), said))
    return found


async def read(tx: Transaction, topic_id: str, *, now: datetime, reader: Reader = ANYBODY) -> Topic | None:
    """The topic as it is now; None when there is none of that id, or none for this reader, or it is an
    event that is over or off."""
    kind, number = topic_id[:1], topic_id[1:]
    if not (number.isascii() and number.isdecimal() and len(number) < 19):
        return None
    match kind:
        case "q":
            question = await programmes.find_question(tx, int(number))
            return question if question and await may_read(tx, question.audience, reader) else None
        case "p":
            programme = await programmes.find(tx, int(number))
            return programme if programme and await may_read(tx, programme.audience, reader) else None
        case "e":
            event = await events.find(tx, int(number))
            upcoming = event is not None and event.state == "published" and event.ends_at > now
            return event if upcoming and event and event.audience == "everyone" else None
        case _:
            return None


async def may_read(tx: Transaction, audience: str, reader: Reader) -> bool:
    """Whether what is for that audience is for this reader."""
    return audience in programmes.EVERYONE or audience in await audiences_of(tx, reader)


async def audiences_of(tx: Transaction, reader: Reader) -> tuple[str, ...]:
    """For whom a text may be that this reader is shown."""
    if reader.reads_all:
        return programmes.ALL
    member = reader.person_id is not None and await groups.is_of_the_association(tx, reader.person_id)
    return programmes.ALL if member else programmes.EVERYONE


async def kinds_of(tx: Transaction, topic: Topic) -> tuple[str, ...]:
    """The kinds of event that the topic speaks of."""
    match topic:
        case Question(events_of_kind=None, programme_id=int(programme_id)):
            programme = await programmes.find(tx, programme_id)
            return tuple(programme.kinds) if programme else ()
        case Question(events_of_kind=str(kind)):
            return (kind,)
        case Programme():
            return topic.kinds
        case _:
            return ()


async def related_events(
    tx: Transaction, topic: Topic, *, now: datetime, limit: int, reader: Reader = ANYBODY
) -> list[Event]:
    """Upcoming events of the kinds that the topic speaks of, as far as the reader may know of them."""
    found = {
        event.id: event
        for kind in await kinds_of(tx, topic)
        for event in await events.list_upcoming(
            tx, now=now, person_id=reader.person_id, kind=kind, limit=limit
        )
    }
    return sorted(found.values(), key=lambda event: (event.starts_at, event.id))[:limit]
