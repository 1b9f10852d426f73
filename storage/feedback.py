"""How people found the events they came to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, exists, func, not_, select, update
from sqlalchemy.dialects.postgresql import insert

from storage.database import Transaction
from storage.tables import checkins, feedback, rsvps


@dataclass(frozen=True)
class Given:
    event_id: int
    score: int
    comment: str
    given_at: datetime


_all = select(feedback.c.event_id, feedback.c.score, feedback.c.comment, feedback.c.given_at)


async def find(tx: Transaction, event_id: int, person_id: int) -> Given | None:
    row = await tx.row(_all.where(feedback.c.event_id == event_id, feedback.c.person_id == person_id))
    return row and Given(**row._mapping)


async def put_score(tx: Transaction, event_id: int, person_id: int, score: int, *, now: datetime) -> None:
    """Write the score; a comment given before stays."""
    await tx.run(
        insert(feedback)
        .values(event_id=event_id, person_id=person_id, score=score, given_at=now)
        .on_conflict_do_update(
            index_elements=[feedback.c.event_id, feedback.c.person_id],
            set_={"score": score, "given_at": now},
        )
    )


async def put_comment(tx: Transaction, event_id: int, person_id: int, comment: str) -> bool:
    """Write the sentence that goes with the score; without a score there is nothing to write it to."""
    written = await tx.run(
        update(feedback)
        .where(feedback.c.event_id == event_id, feedback.c.person_id == person_id)
        .values(comment=comment)
    )
    return bool(written)


async def count_scores(tx: Transaction, event_id: int) -> Mapping[int, int]:
    """How many gave each score; those that nobody gave are left out."""
    query = (
        select(feedback.c.score, func.count().label("n"))
        .where(feedback.c.event_id == event_id)
        .group_by(feedback.c.score)
    )
    return {row.score: row.n for row in await tx.rows(query)}


async def list_comments(
    tx: Transaction, event_id: int, *, limit: int | None = None, offset: int = 0
) -> list[Given]:
    """What was written, without who wrote it; by score and words, so that the order tells nobody either."""
    query = (
        _all.where(feedback.c.event_id == event_id, feedback.c.comment != "")
        .order_by(feedback.c.score, feedback.c.comment)
        .limit(limit)
        .offset(offset)
    )
    return [Given(**row._mapping) for row in await tx.rows(query)]


async def count_comments(tx: Transaction, event_id: int) -> int:
    counted: int = await tx.value(
        select(func.count())
        .select_from(feedback)
        .where(feedback.c.event_id == event_id, feedback.c.comment != "")
    )
    return counted


async def took_part(tx: Transaction, event_id: int, person_id: int) -> bool:
    """Whether the person came; where nobody was checked in at all, whether they had a seat."""
    came = select(checkins.c.id).where(checkins.c.event_id == event_id, checkins.c.person_id == person_id)
    seat = select(rsvps.c.id).where(
        rsvps.c.event_id == event_id, rsvps.c.person_id == person_id, rsvps.c.state == "going"
    )
    anybody = exists().where(checkins.c.event_id == event_id)
    online = and_(exists(seat.where(rsvps.c.way == "online")))
    found = await tx.value(select(exists(came) | online | and_(exists(seat), not_(anybody))))
    return bool(found)


async def list_of_person(tx: Transaction, person_id: int) -> list[Given]:
    query = _all.where(feedback.c.person_id == person_id)
    return [Given(**row._mapping) for row in await tx.rows(query.order_by(feedback.c.event_id))]
