"""What an entry of the library leads to, read again before it is told, and who may read it."""

from dataclasses import dataclass
from datetime import datetime

from bot import groups
from storage import Transaction, events, programmes
from storage.events import Event
from storage.programmes import Programme, Question

Topic = Question | Programme | Event


@dataclass(frozen=True)
class Reader:
    """For whose eyes something is: as far as is known, nobody's in particular.

    Whoever looks after the content reads all of it.
    """

    person_id: int | None = None
    reads_all: bool = False


ANYBODY = Reader()


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
