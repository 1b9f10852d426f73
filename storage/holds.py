"""Events of which nobody knows just now whether they take place, and whom that concerns."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ColumnElement, CompoundSelect, String, cast, func, literal, select, union, update
from sqlalchemy.dialects.postgresql import insert

from storage import owing
from storage.database import Transaction
from storage.instants import Instant
from storage.owing import ANSWER
from storage.rsvps import HELD
from storage.tables import consents, events, notices, rsvps, shift_signups, shifts


async def list_ids_between(tx: Transaction, starts: datetime, ends: datetime) -> list[int]:
    """The published events of which some part lies between the instants, by their ids."""
    query = select(events.c.id).where(
        events.c.state == "published", events.c.starts_at < ends, events.c.ends_at > starts
    )
    return [row.id for row in await tx.rows(query.order_by(events.c.id))]


async def list_held_ids(tx: Transaction, *, now: datetime) -> list[int]:
    """The events on hold that are not over, by their ids."""
    query = select(events.c.id).where(
        events.c.state == "published", events.c.held_at.is_not(None), events.c.ends_at > now
    )
    return [row.id for row in await tx.rows(query.order_by(events.c.id))]


async def count_held(tx: Transaction, *, now: datetime) -> int:
    return len(await list_held_ids(tx, now=now))


async def put(tx: Transaction, event_ids: Collection[int], because: str, *, now: datetime) -> None:
    """Put the events on hold, which calendars hear of too."""
    await tx.run(
        update(events)
        .where(events.c.id.in_(event_ids))
        .values(held_at=now, held_because=because, changed_at=now, revision=events.c.revision + 1)
    )


async def end(tx: Transaction, event_ids: Collection[int], *, now: datetime) -> None:
    await tx.run(
        update(events)
        .where(events.c.id.in_(event_ids))
        .values(held_at=None, held_because=None, changed_at=now, revision=events.c.revision + 1)
    )


def _concerned(event_ids: Collection[int]) -> CompoundSelect[tuple[int, int]]:
    """Who has to know what becomes of which event.

    They hold or asked for a place, are on a shift or asked for one, agreed as somebody's guardian, or made
    the event. Whoever has muted reminders is told all the same: it is a change of plans.
    """
    seats = select(rsvps.c.event_id, rsvps.c.person_id).where(
        rsvps.c.event_id.in_(event_ids), rsvps.c.state.in_(HELD)
    )
    hands = (
        select(shifts.c.event_id, shift_signups.c.person_id)
        .join(shifts, shifts.c.id == shift_signups.c.shift_id)
        .where(
            shifts.c.event_id.in_(event_ids),
            shifts.c.cancelled_at.is_(None),
            shift_signups.c.state.in_(("taken", "applied")),
        )
    )
    guardians = (
        select(rsvps.c.event_id, consents.c.guardian_id)
        .join(rsvps, rsvps.c.id == consents.c.rsvp_id)
        .where(
            rsvps.c.event_id.in_(event_ids),
            rsvps.c.state.in_(HELD),
            consents.c.guardian_id.is_not(None),
            consents.c.state == "given",
        )
    )
    makers = select(events.c.id, events.c.created_by).where(
        events.c.id.in_(event_ids), events.c.created_by.is_not(None)
    )
    return union(seats, hands, guardians, makers)


async def owe_untold(
    tx: Transaction,
    event_id: int,
    kind: str,
    *,
    occasion: str,
    params: Mapping[str, Any],
    due_at: datetime,
    useful_until: datetime,
    rank: int,
    but: int | None,
) -> int:
    """Owe one notice to those whom the hold concerned and who are told nothing of what became of the event.

    They made it, or are on a shift of it that has begun or asked for one; those who hold places and those
    whose shift was moved or cancelled hear of it anyway.
    """
    chosen = _concerned([event_id]).subquery()
    told = (
        select(notices.c.id)
        .join(shifts, shifts.c.id == notices.c.shift_id)
        .where(
            shifts.c.event_id == event_id,
            notices.c.person_id == chosen.c.person_id,
            notices.c.kind.in_(("shift_changed", "shift_cancelled")),
            notices.c.state == "owed",
        )
        .correlate(chosen)
        .exists()
    )
    heard = (
        select(notices.c.id)
        .where(
            notices.c.event_id == event_id,
            notices.c.person_id == chosen.c.person_id,
            notices.c.kind.in_((kind, "guardian_changed", "guardian_cancelled")),
            notices.c.state == "owed",
        )
        .correlate(chosen)
        .exists()
    )
    people = select(chosen.c.person_id).where(_but(but, chosen.c.person_id), ~told, ~heard)
    return await owing.owe_each(
        tx,
        people.distinct(),
        kind,
        occasion=occasion,
        params=params,
        due_at=due_at,
        useful_until=useful_until,
        event_id=event_id,
        shift_id=None,
        rank=rank,
    )


def _but(person_id: int | None, column: ColumnElement[int]) -> ColumnElement[bool]:
    return column.is_not(None) if person_id is None else column != person_id


async def count_concerned(tx: Transaction, event_ids: Collection[int], *, but: int | None = None) -> int:
    """How many people have to know what becomes of the events, each counted once."""
    chosen = _concerned(event_ids).subquery()
    query = select(func.count(chosen.c.person_id.distinct())).where(_but(but, chosen.c.person_id))
    count: int = await tx.value(query)
    return count


async def list_concerning(tx: Transaction, person_id: int, event_ids: Collection[int]) -> set[int]:
    """Those of the events of which the person has to know."""
    chosen = _concerned(event_ids).subquery()
    query = select(chosen.c.event_id).where(chosen.c.person_id == person_id)
    return {row.event_id for row in await tx.rows(query)}


async def owe_concerned(
    tx: Transaction,
    event_ids: Collection[int],
    kind: str,
    *,
    occasion: str,
    params: Mapping[str, Any],
    due_at: datetime,
    useful_until: datetime,
    but: int | None = None,
) -> int:
    """Owe one notice to everybody whom some of the events concern; say to how many.

    It is an answer in rank: it goes first, and at night too, though without a sound.
    """
    chosen = _concerned(event_ids).subquery()
    people = select(chosen.c.person_id).where(_but(but, chosen.c.person_id)).distinct().subquery()
    rows = select(
        literal(kind),
        people.c.person_id,
        literal(dict(params), JSON),
        literal(occasion + ":") + cast(people.c.person_id, String),
        literal(ANSWER),
        literal(due_at, Instant),
        literal(useful_until, Instant),
        # SQLite can only tell ON CONFLICT from a join's ON where the SELECT has a WHERE.
    ).where(people.c.person_id.is_not(None))
    names = ["kind", "person_id", "params", "occasion", "rank", "due_at", "useful_until"]
    return await tx.run(insert(notices).from_select(names, rows).on_conflict_do_nothing())
