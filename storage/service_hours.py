"""Minutes of service, entry by entry: nothing is ever changed, a correction is an entry of its own."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.dialects.postgresql import insert

from storage.database import Transaction
from storage.tables import events, service_hours


@dataclass(frozen=True)
class Entry:
    id: int
    person_id: int
    shift_id: int | None
    event_id: int | None
    minutes: int
    worked_on: date
    # "earned" or "correction".
    entry: str
    reason: str
    entered_by: int | None
    entered_at: datetime


@dataclass(frozen=True)
class Served:
    """What one person did for one event: how long in all, and from which day to which."""

    event_id: int | None
    kind: str | None
    minutes: int
    first: date
    last: date


_columns = (
    service_hours.c.id,
    service_hours.c.person_id,
    service_hours.c.shift_id,
    service_hours.c.event_id,
    service_hours.c.minutes,
    service_hours.c.worked_on,
    service_hours.c.entry,
    service_hours.c.reason,
    service_hours.c.entered_by,
    service_hours.c.entered_at,
)
_minutes = func.coalesce(func.sum(service_hours.c.minutes), 0)
_year = func.substr(service_hours.c.worked_on, 1, 4)


async def add_earned(
    tx: Transaction,
    person_id: int,
    *,
    shift_id: int,
    event_id: int,
    minutes: int,
    worked_on: date,
    entered_by: int | None,
    now: datetime,
) -> bool:
    """Write what a shift has earned the person, once; say whether it was written now."""
    written = await tx.run(
        insert(service_hours)
        .values(
            person_id=person_id,
            shift_id=shift_id,
            event_id=event_id,
            minutes=minutes,
            worked_on=worked_on.isoformat(),
            entry="earned",
            entered_by=entered_by,
            entered_at=now,
        )
        .on_conflict_do_nothing()
    )
    return bool(written)


async def add_correction(
    tx: Transaction,
    person_id: int,
    *,
    shift_id: int,
    event_id: int,
    minutes: int,
    worked_on: date,
    reason: str,
    entered_by: int,
    now: datetime,
) -> int:
    """Write by how much the person's minutes for the shift change, up or down; say the entry's id."""
    entry_id: int = await tx.value(
        insert(service_hours)
        .values(
            person_id=person_id,
            shift_id=shift_id,
            event_id=event_id,
            minutes=minutes,
            worked_on=worked_on.isoformat(),
            entry="correction",
            reason=reason,
            entered_by=entered_by,
            entered_at=now,
        )
        .returning(service_hours.c.id)
    )
    return entry_id


async def find(tx: Transaction, entry_id: int) -> Entry | None:
    row = await tx.row(select(*_columns).where(service_hours.c.id == entry_id))
    return row and Entry(**{**row._mapping, "worked_on": date.fromisoformat(row.worked_on)})


async def list_of_shift(tx: Transaction, shift_id: int, person_id: int) -> list[Entry]:
    """The person's entries for the shift, in the order in which they were written."""
    return await _list(tx, service_hours.c.shift_id == shift_id, service_hours.c.person_id == person_id)


async def list_of_person(tx: Transaction, person_id: int) -> list[Entry]:
    """Everything that was ever written of the person's hours, in order."""
    return await _list(tx, service_hours.c.person_id == person_id)


async def _list(tx: Transaction, *conditions: ColumnElement[bool]) -> list[Entry]:
    rows = await tx.rows(select(*_columns).where(*conditions).order_by(service_hours.c.id))
    return [Entry(**{**row._mapping, "worked_on": date.fromisoformat(row.worked_on)}) for row in rows]


async def sum_of_shift(tx: Transaction, shift_id: int) -> dict[int, int]:
    """The minutes of everybody who has entries for the shift, corrections included, by person."""
    query = (
        select(service_hours.c.person_id, _minutes.label("minutes"))
        .where(service_hours.c.shift_id == shift_id)
        .group_by(service_hours.c.person_id)
    )
    return {row.person_id: row.minutes for row in await tx.rows(query)}


async def sum_by_year(tx: Transaction, person_id: int) -> dict[int, int]:
    """The person's minutes of each calendar year in which there are any, the latest year first."""
    query = (
        select(_year.label("year"), _minutes.label("minutes"))
        .where(service_hours.c.person_id == person_id)
        .group_by(_year)
        .having(_minutes != 0)
        .order_by(_year.desc())
    )
    return {int(row.year): row.minutes for row in await tx.rows(query)}


async def list_served(tx: Transaction, person_id: int, *, year: int | None = None) -> list[Served]:
    """What the person did for each event, in that year or ever, in the order in which it began.

    Events for which corrections left nothing are not among them.
    """
    first = func.min(service_hours.c.worked_on)
    query = (
        select(
            service_hours.c.event_id,
            events.c.kind,
            _minutes.label("minutes"),
            first.label("first"),
            func.max(service_hours.c.worked_on).label("last"),
        )
        .outerjoin(events, events.c.id == service_hours.c.event_id)
        .where(service_hours.c.person_id == person_id)
        .group_by(service_hours.c.event_id, events.c.kind)
        .having(_minutes != 0)
        .order_by(first, service_hours.c.event_id)
    )
    if year is not None:
        query = query.where(_year == f"{year:04d}")
    return [
        Served(
            row.event_id,
            row.kind,
            row.minutes,
            date.fromisoformat(row.first),
            date.fromisoformat(row.last),
        )
        for row in await tx.rows(query)
    ]


async def list_corrections(tx: Transaction, person_id: int, *, limit: int) -> list[Entry]:
    """The person's latest corrections, the newest first."""
    query = (
        select(*_columns)
        .where(service_hours.c.person_id == person_id, service_hours.c.entry == "correction")
        .order_by(service_hours.c.id.desc())
        .limit(limit)
    )
    rows = await tx.rows(query)
    return [Entry(**{**row._mapping, "worked_on": date.fromisoformat(row.worked_on)}) for row in rows]
