"""What broadcasts owe to whom: spreading over an audience, and how each message ended."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import (
    JSON,
    ColumnElement,
    Row,
    String,
    and_,
    cast,
    delete,
    func,
    literal,
    literal_column,
    not_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from storage import tallies
from storage.audiences import chosen, end_of_stretch, has_muted
from storage.broadcasts import Broadcast, change
from storage.database import Transaction
from storage.instants import Instant
from storage.owing import NEWS
from storage.tables import (
    broadcast_tallies,
    notices,
    people,
)
from storage.tallies import Tally

# What a notice of a broadcast is: the message itself, or what is done to it when it has arrived.
MESSAGE, CORRECTION, RECALL = "broadcast", "broadcast_correct", "broadcast_recall"

# Written out, as SQLite finds the index of what is open by the very words of its condition.
OWED: ColumnElement[str] = literal_column("'owed'")
_is_open = notices.c.state.in_([OWED, literal_column("'claimed'")])


@dataclass(frozen=True)
class Outcome:
    """How many of a broadcast's messages to readers of a language ended in a way."""

    locale: str
    state: str
    people: int


def _reached(broadcast_id: int) -> ColumnElement[bool]:
    """Whether the broadcast was ever owed to the person."""
    found = select(notices.c.id).where(
        notices.c.broadcast_id == broadcast_id,
        notices.c.person_id == people.c.id,
        notices.c.kind == MESSAGE,
    )
    return found.correlate(people).exists()


def _takers(broadcast: Broadcast, joined_by: datetime) -> ColumnElement[bool]:
    return and_(
        people.c.joined_at <= literal(joined_by, Instant),
        people.c.unreachable_since.is_(None),
        not_(has_muted(people.c.id)),
        chosen(broadcast.audience),
    )


async def count_new(tx: Transaction, broadcast: Broadcast, *, now: datetime) -> int:
    """How many it is for by now who have never been owed it.

    Among a million that takes a while: nobody waits for it.
    """
    return await tx.aside(
        ("new to broadcast", broadcast.id), partial(_count_new, broadcast=broadcast, now=now)
    )


async def _count_new(tx: Transaction, *, broadcast: Broadcast, now: datetime) -> int:
    query = select(func.count()).select_from(people)
    count: int = await tx.value(query.where(_takers(broadcast, now), not_(_reached(broadcast.id))))
    return count


async def is_anybody_new(tx: Transaction, broadcast: Broadcast, *, now: datetime) -> bool:
    """Whether it is for anybody by now who has never been owed it; the newest are looked at first.

    Where it is for nobody all are looked at: nobody waits for that either.
    """
    look = partial(_is_anybody_new, broadcast=broadcast, now=now)
    return await tx.aside(("anybody new to broadcast", broadcast.id), look)


async def _is_anybody_new(tx: Transaction, *, broadcast: Broadcast, now: datetime) -> bool:
    query = select(people.c.id).where(_takers(broadcast, now), not_(_reached(broadcast.id)))
    return await tx.row(query.order_by(people.c.id.desc()).limit(1)) is not None


async def spread(
    tx: Transaction, broadcast: Broadcast, *, limit: int, now: datetime, useful_until: datetime | None
) -> int:
    """Owe the broadcast to the next people of its audience, in the order of their ids; say to how many.

    It looks at so many people and no more, however few of them it is for. Those who joined after this round
    of it began don't get it, nor those who were owed it in an earlier one. The end is marked by
    `spread_done`.
    """
    end = await end_of_stretch(tx, after=broadcast.spread_to, size=limit)
    if end is None:
        await change(tx, broadcast.id, spread_done=True)
        return 0
    since = broadcast.round_at or broadcast.started_at
    takes = and_(people.c.id > broadcast.spread_to, people.c.id <= end, _takers(broadcast, since or now))
    if broadcast.round_at != broadcast.started_at:
        takes = and_(takes, not_(_reached(broadcast.id)))
    rows = (
        select(
            literal(MESSAGE),
            people.c.id,
            literal({}, JSON),
            literal(f"broadcast:{broadcast.id}:") + cast(people.c.id, String),
            literal(NEWS),
            literal(now, Instant),
            literal(useful_until, Instant),
            literal(broadcast.id, notices.c.broadcast_id.type),
        )
        .where(takes)
        .order_by(people.c.id)
    )
    names = ["kind", "person_id", "params", "occasion", "rank", "due_at", "useful_until", "broadcast_id"]
    count = await tx.run(insert(notices).from_select(names, rows).on_conflict_do_nothing())
    await change(tx, broadcast.id, spread_to=end)
    return count


async def count_due(tx: Transaction, broadcast_id: int, kind: str, *, now: datetime, most: int) -> int:
    """How many notices of a kind could leave now; it counts up to `most` and no further.

    They are looked for among what is due, in the order in which it leaves, and not among all that the
    broadcast owes: a million may be waiting for their readers' morning.
    """
    due = (
        select(notices.c.id)
        .where(
            notices.c.state == OWED,
            notices.c.rank == NEWS,
            notices.c.due_at <= now,
            # Not the bare column, lest a database walk the broadcast's own index.
            notices.c.broadcast_id + 0 == broadcast_id,
            notices.c.kind == kind,
        )
        .limit(most)
        .subquery()
    )
    count: int = await tx.value(select(func.count()).select_from(due))
    return count


async def is_anything_open(tx: Transaction, broadcast_id: int, *kinds: str) -> bool:
    """Whether something of these kinds is still owed or on the wire."""
    query = select(notices.c.id).where(
        notices.c.broadcast_id == broadcast_id, _is_open, notices.c.kind.in_(kinds)
    )
    return await tx.row(query.limit(1)) is not None


async def is_anything_claimed(tx: Transaction, broadcast_id: int) -> bool:
    """Whether a message of the broadcast is on the wire this moment."""
    query = select(notices.c.id).where(
        notices.c.broadcast_id == broadcast_id,
        _is_open,
        notices.c.state == "claimed",
        notices.c.kind == MESSAGE,
    )
    return await tx.row(query.limit(1)) is not None


async def cancel_owed(
    tx: Transaction, broadcast_id: int, kinds: Iterable[str], *, limit: int, now: datetime
) -> int:
    """Settle as cancelled some of what the broadcast still owes, and count it; say how many."""
    query = (
        select(notices.c.id, notices.c.kind, people.c.locale)
        .join(people, people.c.id == notices.c.person_id)
        .where(
            notices.c.broadcast_id == broadcast_id,
            _is_open,
            notices.c.state == "owed",
            notices.c.kind.in_(list(kinds)),
        )
        .limit(limit)
        .with_for_update(of=notices, skip_locked=True)
    )
    owed = await tx.rows(query)
    if not owed:
        return 0
    await tx.run(
        update(notices)
        .where(notices.c.id.in_([row.id for row in owed]))
        .values(state="cancelled", settled_at=now, params={})
    )
    await tallies.add(tx, _counted(broadcast_id, owed, "cancelled"))
    return len(owed)


def _counted(broadcast_id: int, rows: Iterable[Row[tuple[int, str, str]]], state: str) -> Counter[Tally]:
    return Counter(Tally(broadcast_id, row.kind, row.locale, state) for row in rows)


async def owe_unknown_again(tx: Transaction, broadcast_id: int, *, now: datetime) -> int:
    """Owe the messages once more of which nobody knows whether they arrived; say how many."""
    lost = and_(
        notices.c.broadcast_id == broadcast_id, notices.c.kind == MESSAGE, notices.c.state == "unknown"
    )
    count = await tx.run(
        update(notices)
        .where(lost)
        .values(state="owed", due_at=now, settled_at=None, attempts=0, problem=None, message_id=None)
    )
    await tx.run(
        delete(broadcast_tallies).where(
            broadcast_tallies.c.broadcast_id == broadcast_id,
            broadcast_tallies.c.kind == MESSAGE,
            broadcast_tallies.c.state == "unknown",
        )
    )
    return count


async def count_outcomes(tx: Transaction, broadcast_id: int, kind: str = MESSAGE) -> list[Outcome]:
    """By language and state, as they were counted along; what is still open is in none of them."""
    query = (
        select(broadcast_tallies.c.locale, broadcast_tallies.c.state, broadcast_tallies.c.people)
        .where(
            broadcast_tallies.c.broadcast_id == broadcast_id,
            broadcast_tallies.c.kind == kind,
            broadcast_tallies.c.people > 0,
        )
        .order_by(broadcast_tallies.c.state, broadcast_tallies.c.locale)
    )
    return [Outcome(row.locale, row.state, row.people) for row in await tx.rows(query)]
