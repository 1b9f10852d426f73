"""What broadcasts owe to whom: spreading over an audience, and how each message ended."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    JSON,
    String,
    and_,
    case,
    cast,
    func,
    literal,
    not_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from storage.audiences import chosen, has_muted
from storage.broadcasts import Broadcast, Variant, change, variant_of
from storage.database import Transaction
from storage.instants import Instant
from storage.owing import NEWS
from storage.tables import (
    broadcast_variants,
    broadcasts,
    notices,
    people,
)


@dataclass(frozen=True)
class Outcome:
    """How many notices for readers of a language have come how far."""

    locale: str
    state: str
    people: int


async def spread(
    tx: Transaction, broadcast: Broadcast, *, limit: int, now: datetime, useful_until: datetime | None
) -> int:
    """Owe the broadcast to the next people of its audience, in the order of their ids; say to how many.

    Those who joined after it began don't get it. The last one is marked by `spread_done`.
    """
    takes = and_(
        people.c.id > broadcast.spread_to,
        people.c.joined_at <= literal(broadcast.started_at, Instant),
        people.c.unreachable_since.is_(None),
        not_(has_muted(people.c.id)),
        chosen(broadcast.audience),
    )
    chunk = select(people.c.id).where(takes).order_by(people.c.id).limit(limit).subquery()
    found = await tx.row(select(func.max(chunk.c.id).label("last"), func.count().label("people")))
    if found is None or not found.people:
        await change(tx, broadcast.id, spread_done=True)
        return 0
    rows = (
        select(
            literal("broadcast"),
            people.c.id,
            literal({}, JSON),
            literal(f"broadcast:{broadcast.id}:") + cast(people.c.id, String),
            literal(NEWS),
            literal(now, Instant),
            literal(useful_until, Instant),
            literal(broadcast.id, notices.c.broadcast_id.type),
        )
        .where(takes, people.c.id <= found.last)
        .order_by(people.c.id)
    )
    names = ["kind", "person_id", "params", "occasion", "rank", "due_at", "useful_until", "broadcast_id"]
    await tx.run(insert(notices).from_select(names, rows).on_conflict_do_nothing())
    count: int = found.people
    await change(tx, broadcast.id, spread_to=found.last, spread_done=count < limit)
    return count


async def count_due(tx: Transaction, broadcast_id: int, *, now: datetime) -> int:
    """How many notices of the broadcast could leave now."""
    count: int = await tx.value(
        select(func.count())
        .select_from(notices)
        .where(notices.c.broadcast_id == broadcast_id, notices.c.state == "owed", notices.c.due_at <= now)
    )
    return count


async def is_anything_unsettled(tx: Transaction, broadcast_id: int) -> bool:
    query = select(notices.c.id).where(
        notices.c.broadcast_id == broadcast_id, notices.c.state.in_(("owed", "claimed"))
    )
    return await tx.row(query.limit(1)) is not None


async def cancel_owed(tx: Transaction, broadcast_id: int, *, limit: int, now: datetime) -> int:
    """Settle as cancelled some of what the broadcast still owes; say how many."""
    owed = (
        select(notices.c.id)
        .where(notices.c.broadcast_id == broadcast_id, notices.c.state == "owed")
        .limit(limit)
    )
    return await tx.run(
        update(notices)
        .where(notices.c.id.in_(owed.scalar_subquery()), notices.c.state == "owed")
        .values(state="cancelled", settled_at=now)
    )


async def count_outcomes(tx: Transaction, broadcast_id: int) -> list[Outcome]:
    """By language and state; who has since been forgotten is not counted."""
    query = (
        select(people.c.locale, notices.c.state, func.count().label("people"))
        .select_from(notices)
        .join(people, people.c.id == notices.c.person_id)
        .where(notices.c.broadcast_id == broadcast_id)
        .group_by(people.c.locale, notices.c.state)
        .order_by(notices.c.state, people.c.locale)
    )
    return [Outcome(row.locale, row.state, row.people) for row in await tx.rows(query)]


async def find_wanted(tx: Transaction, broadcast_id: int, person_id: int, locale: str) -> Variant | None:
    """What the person is to read: their language's text, or else the base language's.

    None when the broadcast was stopped, or when they have turned such messages off since.
    """
    query = (
        select(broadcast_variants)
        .join(broadcasts, broadcasts.c.id == broadcast_variants.c.broadcast_id)
        .where(
            broadcasts.c.id == broadcast_id,
            broadcasts.c.state != "cancelled",
            broadcast_variants.c.locale.in_((locale, broadcasts.c.base_locale)),
            not_(has_muted(literal(person_id, people.c.id.type))),
        )
        .order_by(case((broadcast_variants.c.locale == locale, 0), else_=1))
        .limit(1)
    )
    row = await tx.row(query)
    return row and variant_of(row)
