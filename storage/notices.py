"""Everything the bot owes people, from the deciding transaction until it is settled."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    and_,
    delete,
    func,
    not_,
    or_,
    select,
    update,
)

from storage.database import Transaction
from storage.owing import NEWS
from storage.tables import broadcasts, notices, people


@dataclass(frozen=True)
class Owed:
    """A notice that has been claimed, with whom it is for."""

    id: int
    kind: str
    params: Mapping[str, Any]
    rank: int
    due_at: datetime
    useful_until: datetime | None
    attempts: int
    event_id: int | None
    shift_id: int | None
    broadcast_id: int | None
    person_id: int | None
    chat_id: int
    locale: str | None
    quiet_from: int | None
    quiet_until: int | None
    unreachable: bool


@dataclass(frozen=True)
class Settled:
    """How a notice ended: sent, blocked, failed, unknown, missed or cancelled."""

    id: int
    state: str
    message_id: int | None = None
    problem: str | None = None


_claimable = (
    select(
        notices.c.id,
        notices.c.kind,
        notices.c.params,
        notices.c.rank,
        notices.c.due_at,
        notices.c.useful_until,
        notices.c.attempts,
        notices.c.event_id,
        notices.c.shift_id,
        notices.c.broadcast_id,
        notices.c.person_id,
        func.coalesce(people.c.telegram_id, notices.c.chat_id).label("chat_id"),
        people.c.locale,
        people.c.quiet_from,
        people.c.quiet_until,
        people.c.unreachable_since.is_not(None).label("unreachable"),
    )
    .select_from(notices)
    .outerjoin(people, people.c.id == notices.c.person_id)
)


_not_held = or_(
    notices.c.broadcast_id.is_(None),
    notices.c.broadcast_id.not_in(select(broadcasts.c.id).where(broadcasts.c.state == "paused")),
)


async def claim(tx: Transaction, *, now: datetime, limit: int) -> list[Owed]:
    """Take the most urgent notices that are due; until they are settled nobody else takes them."""
    query = (
        _claimable.where(notices.c.state == "owed", notices.c.due_at <= now, _not_held)
        .order_by(notices.c.rank, notices.c.due_at, notices.c.id)
        .limit(limit)
        .with_for_update(of=notices, skip_locked=True)
    )
    owed = [Owed(**row._mapping) for row in await tx.rows(query)]
    if owed:
        await tx.run(
            update(notices)
            .where(notices.c.id.in_([notice.id for notice in owed]))
            .values(state="claimed", attempts=notices.c.attempts + 1)
        )
    return owed


async def settle(tx: Transaction, settled: Sequence[Settled], *, now: datetime) -> None:
    """Write how the notices ended. What they said about people is not kept."""
    for one in settled:
        await tx.run(
            update(notices)
            .where(notices.c.id == one.id, notices.c.state.in_(("claimed", "owed")))
            .values(
                state=one.state,
                message_id=one.message_id,
                problem=one.problem,
                settled_at=now,
                params={},
            )
        )


async def postpone(tx: Transaction, notice_id: int, *, until: datetime) -> None:
    """Owe a claimed notice again, later."""
    await tx.run(
        update(notices)
        .where(notices.c.id == notice_id, notices.c.state == "claimed")
        .values(state="owed", due_at=until)
    )


async def recover(tx: Transaction, *, now: datetime) -> None:
    """Decide about what a stopped process had claimed: it may have arrived or not.

    News is left as unknown, as hearing it twice is worse; everything else is owed again.
    """
    claimed = notices.c.state == "claimed"
    await tx.run(
        update(notices).where(claimed, notices.c.rank == NEWS).values(state="unknown", settled_at=now)
    )
    await tx.run(update(notices).where(claimed).values(state="owed"))


async def cancel_reminders(tx: Transaction, *, event_id: int) -> None:
    """Nobody is reminded any more of what this event was: it moved or was cancelled."""
    await tx.run(
        update(notices)
        .where(notices.c.event_id == event_id, notices.c.state == "owed", notices.c.kind == "event_reminder")
        .values(state="cancelled", params={})
    )


async def cancel_shift_reminders(tx: Transaction, *, shift_id: int) -> None:
    await tx.run(
        update(notices)
        .where(notices.c.shift_id == shift_id, notices.c.state == "owed", notices.c.kind == "shift_reminder")
        .values(state="cancelled", params={})
    )


def _stale(now: datetime) -> ColumnElement[bool]:
    return and_(notices.c.state == "owed", notices.c.useful_until < now)


async def count_stale(tx: Transaction, *, now: datetime) -> int:
    count: int = await tx.value(select(func.count()).select_from(notices).where(_stale(now)))
    return count


async def miss_stale(tx: Transaction, *, now: datetime) -> int:
    """Settle as missed what is of no use any more and was never sent."""
    return await tx.run(update(notices).where(_stale(now)).values(state="missed", settled_at=now, params={}))


async def find_next_due(tx: Transaction) -> datetime | None:
    query = select(func.min(notices.c.due_at).label("due_at"))
    row = await tx.row(query.where(notices.c.state == "owed", _not_held))
    return row.due_at if row else None


async def prune(tx: Transaction, *, settled_before: datetime) -> None:
    """Forget what was settled long ago and belongs to no broadcast's report."""
    await tx.run(
        delete(notices).where(
            notices.c.settled_at < settled_before,
            notices.c.broadcast_id.is_(None),
            not_(or_(notices.c.state == "owed", notices.c.state == "claimed")),
        )
    )


async def list_states(tx: Transaction, occasions: Collection[str]) -> dict[str, str]:
    """The state of the notices for the given occasions, by occasion."""
    query = select(notices.c.occasion, notices.c.state).where(notices.c.occasion.in_(occasions))
    return {row.occasion: row.state for row in await tx.rows(query)}
