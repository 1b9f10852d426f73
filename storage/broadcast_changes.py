"""What is done to a broadcast's messages after they have arrived: correcting them, taking them back."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    JSON,
    BigInteger,
    String,
    and_,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    type_coerce,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from storage.broadcast_notices import CORRECTION, MESSAGE, RECALL
from storage.broadcasts import Broadcast
from storage.database import Transaction
from storage.instants import Instant
from storage.owing import NEWS
from storage.tables import broadcast_changes, notices, people

# Where the walk over those who have the message stands before it may begin.
NOT_BEGUN = -1


@dataclass(frozen=True)
class Change:
    """A correction of what readers of a language have, or the recall of everything."""

    id: int
    broadcast_id: int
    kind: str
    locale: str | None
    author_id: int | None
    started_at: datetime
    finished_at: datetime | None
    spread_to: int
    spread_done: bool

    @property
    def notice(self) -> str:
        """The kind of its notices."""
        return RECALL if self.kind == "recall" else CORRECTION


@dataclass(frozen=True)
class Arrived:
    """The messages that a broadcast became in somebody's chat, the first of them first."""

    message_ids: tuple[int, ...]


_columns = select(broadcast_changes)


async def add(
    tx: Transaction, broadcast_id: int, kind: str, *, locale: str | None, author_id: int | None, now: datetime
) -> int:
    change_id: int = await tx.value(
        insert(broadcast_changes)
        .values(
            broadcast_id=broadcast_id,
            kind=kind,
            locale=locale,
            author_id=author_id,
            started_at=now,
            spread_to=NOT_BEGUN,
        )
        .returning(broadcast_changes.c.id)
    )
    return change_id


async def list_of(tx: Transaction, broadcast_id: int) -> list[Change]:
    """The changes of a broadcast, the first one first."""
    query = _columns.where(broadcast_changes.c.broadcast_id == broadcast_id)
    return [Change(**row._mapping) for row in await tx.rows(query.order_by(broadcast_changes.c.id))]


async def list_unfinished(tx: Transaction) -> list[Change]:
    query = _columns.where(broadcast_changes.c.finished_at.is_(None))
    return [Change(**row._mapping) for row in await tx.rows(query.order_by(broadcast_changes.c.id))]


async def find(tx: Transaction, change_id: int) -> Change | None:
    row = await tx.row(_columns.where(broadcast_changes.c.id == change_id))
    return Change(**row._mapping) if row else None


async def change(tx: Transaction, change_id: int, **values: object) -> None:
    await tx.run(update(broadcast_changes).where(broadcast_changes.c.id == change_id).values(**values))


async def spread(
    tx: Transaction,
    broadcast: Broadcast,
    made: Change,
    *,
    lasting: timedelta | None,
    limit: int,
    now: datetime,
) -> int:
    """Owe the change to the next of those who have the message, in the order of their ids; say to how many.

    A correction is for those who read its language by now, a recall for all whose message is not older than
    `lasting`. The last chunk is marked by `spread_done`.
    """
    theirs = and_(
        notices.c.broadcast_id == broadcast.id,
        notices.c.person_id > made.spread_to,
        notices.c.kind == MESSAGE,
        notices.c.state == "sent",
        notices.c.message_id.is_not(None),
    )
    if lasting is not None:
        theirs = and_(theirs, notices.c.settled_at > literal(now - lasting, Instant))
    if made.locale is not None:
        reads = people.c.locale == made.locale
        if made.locale == broadcast.base_locale:
            others = [locale for locale in broadcast.variants if locale != made.locale]
            reads = or_(reads, people.c.locale.not_in(others))
        reader = select(people.c.id).where(people.c.id == notices.c.person_id, reads)
        theirs = and_(theirs, reader.correlate(notices).exists())
    holders = select(notices.c.person_id).where(theirs)
    chunk = holders.order_by(notices.c.person_id).limit(limit).subquery()
    found = await tx.row(select(func.max(chunk.c.person_id).label("last"), func.count().label("people")))
    if found is None or not found.people:
        await change(tx, made.id, spread_done=True)
        return 0
    sent_at = type_coerce(notices.c.settled_at, BigInteger)
    until = sent_at + int(lasting.total_seconds()) if lasting is not None else null()
    rows = (
        select(
            literal(made.notice),
            notices.c.person_id,
            literal({}, JSON),
            literal(f"{made.notice}:{made.id}:") + cast(notices.c.person_id, String),
            literal(NEWS),
            literal(now, Instant),
            cast(until, BigInteger),
            literal(broadcast.id, notices.c.broadcast_id.type),
        )
        .where(theirs, notices.c.person_id <= found.last)
        .order_by(notices.c.person_id)
    )
    names = ["kind", "person_id", "params", "occasion", "rank", "due_at", "useful_until", "broadcast_id"]
    await tx.run(insert(notices).from_select(names, rows).on_conflict_do_nothing())
    count: int = found.people
    await change(tx, made.id, spread_to=found.last, spread_done=count < limit)
    return count


async def find_arrived(tx: Transaction, broadcast_id: int, person_id: int) -> Arrived | None:
    """The messages that the person has of the broadcast, as far as it is known that they arrived."""
    query = select(notices.c.message_id, notices.c.more_messages).where(
        notices.c.broadcast_id == broadcast_id,
        notices.c.person_id == person_id,
        notices.c.kind == MESSAGE,
        notices.c.state == "sent",
        notices.c.message_id.is_not(None),
    )
    row = await tx.row(query.limit(1))
    return Arrived((row.message_id, *(row.more_messages or ()))) if row else None
