"""Single letters of newsletters: what stands above their events, and to whom they are owed so far."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import JSON, String, cast, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert

from storage.database import Transaction
from storage.instants import Instant
from storage.owing import NEWS
from storage.tables import letters, notices, people, subscriptions

KIND = "newsletter"


@dataclass(frozen=True)
class Letter:
    id: int
    newsletter_id: int
    due_at: datetime
    # By locale.
    forewords: Mapping[str, str]
    # The last person to whom it is owed; they are taken in the order of their ids.
    spread_to: int
    spread_done: bool


async def add(tx: Transaction, newsletter_id: int, *, due_at: datetime, forewords: Mapping[str, str]) -> None:
    """Write down that a letter is due; a second one for the same instant is not written."""
    await tx.run(
        insert(letters)
        .values(newsletter_id=newsletter_id, due_at=due_at, forewords=dict(forewords))
        .on_conflict_do_nothing()
    )


async def find(tx: Transaction, letter_id: int) -> Letter | None:
    row = await tx.row(select(letters).where(letters.c.id == letter_id))
    return row and Letter(**row._mapping)


async def lock(tx: Transaction, letter_id: int) -> Letter | None:
    """Find the letter and let nobody else owe it to people until this transaction ends."""
    row = await tx.row(select(letters).where(letters.c.id == letter_id).with_for_update())
    return row and Letter(**row._mapping)


async def list_unspread(tx: Transaction) -> list[int]:
    query = select(letters.c.id).where(letters.c.spread_done.is_(False)).order_by(letters.c.id)
    return [row.id for row in await tx.rows(query)]


async def change(tx: Transaction, letter_id: int, **values: object) -> None:
    await tx.run(update(letters).where(letters.c.id == letter_id).values(**values))


async def count_waiting(tx: Transaction, *, now: datetime, limit: int) -> int:
    """How many people's letters could leave now, as far as the limit."""
    waiting = (
        select(notices.c.id)
        .where(
            notices.c.state == "owed",
            notices.c.rank == NEWS,
            notices.c.due_at <= now,
            notices.c.kind == KIND,
        )
        .limit(limit)
        .subquery()
    )
    count: int = await tx.value(select(func.count()).select_from(waiting))
    return count


async def spread(
    tx: Transaction, letter: Letter, *, limit: int, now: datetime, useful_until: datetime | None
) -> int:
    """Owe the letter to the next of those who asked for it, in the order of their ids; say to how many.

    Who asked for it only after it was due gets the next one. The last one is marked by `spread_done`.
    """
    takes = (
        select(subscriptions.c.person_id)
        .join(people, people.c.id == subscriptions.c.person_id)
        .where(
            subscriptions.c.newsletter_id == letter.newsletter_id,
            subscriptions.c.person_id > letter.spread_to,
            subscriptions.c.state == "on",
            subscriptions.c.since <= literal(letter.due_at, Instant),
            people.c.unreachable_since.is_(None),
        )
    )
    chunk = takes.order_by(subscriptions.c.person_id).limit(limit).subquery()
    found = await tx.row(select(func.max(chunk.c.person_id).label("last"), func.count().label("people")))
    if found is None or not found.people:
        await change(tx, letter.id, spread_done=True)
        return 0
    whom = takes.where(subscriptions.c.person_id <= found.last).subquery()
    rows = select(
        literal(KIND),
        whom.c.person_id,
        literal({"letter": letter.id}, JSON),
        literal(f"{KIND}:{letter.id}:") + cast(whom.c.person_id, String),
        literal(NEWS),
        literal(now, Instant),
        literal(useful_until, Instant),
        # SQLite can only tell ON CONFLICT from a join's ON where the SELECT has a WHERE.
    ).where(whom.c.person_id.is_not(None))
    names = ["kind", "person_id", "params", "occasion", "rank", "due_at", "useful_until"]
    await tx.run(insert(notices).from_select(names, rows).on_conflict_do_nothing())
    count: int = found.people
    await change(tx, letter.id, spread_to=found.last, spread_done=count < limit)
    return count
