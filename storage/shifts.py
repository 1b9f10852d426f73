"""Volunteers' shifts at events, and who has taken them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select, update
from sqlalchemy.dialects.postgresql import insert

from storage.database import Transaction
from storage.tables import events, people, shift_signups, shift_texts, shifts


@dataclass(frozen=True)
class Shift:
    id: int
    event_id: int
    starts_at: datetime
    ends_at: datetime
    places: int
    # Codes of the spoken languages that the work needs.
    languages: tuple[str, ...]
    cancelled_at: datetime | None
    # The role's name by locale.
    roles: Mapping[str, str]
    # What the work takes, by locale; not every locale has one.
    notes: Mapping[str, str]
    # Whether an organiser decides who takes it.
    approval: bool = False
    # The kind of certificate that the work needs.
    certificate: str | None = None
    # Raised by every change that calendars go by.
    revision: int = 0


@dataclass(frozen=True)
class Helper:
    """Somebody who has taken a shift."""

    person_id: int
    name: str
    username: str | None
    taken_at: datetime


_columns = (
    shifts.c.id,
    shifts.c.event_id,
    shifts.c.starts_at,
    shifts.c.ends_at,
    shifts.c.places,
    shifts.c.languages,
    shifts.c.cancelled_at,
    shifts.c.approval,
    shifts.c.certificate,
    shifts.c.revision,
)


async def _with_texts(tx: Transaction, rows: Sequence[Row[Any]]) -> list[Shift]:
    roles: dict[int, dict[str, str]] = {row.id: {} for row in rows}
    notes: dict[int, dict[str, str]] = {row.id: {} for row in rows}
    if roles:
        for row in await tx.rows(select(shift_texts).where(shift_texts.c.shift_id.in_(roles))):
            roles[row.shift_id][row.locale] = row.role
            if row.note:
                notes[row.shift_id][row.locale] = row.note
    return [
        Shift(**{**row._mapping, "languages": tuple(row.languages)}, roles=roles[row.id], notes=notes[row.id])
        for row in rows
    ]


async def find(tx: Transaction, shift_id: int) -> Shift | None:
    found = await _with_texts(tx, await tx.rows(select(*_columns).where(shifts.c.id == shift_id)))
    return found[0] if found else None


async def lock(tx: Transaction, shift_id: int) -> Shift | None:
    """Find the shift and let nobody else decide about its places until this transaction ends."""
    query = select(*_columns).where(shifts.c.id == shift_id).with_for_update(key_share=True)
    found = await _with_texts(tx, await tx.rows(query))
    return found[0] if found else None


async def list_of_event(tx: Transaction, event_id: int) -> list[Shift]:
    """The event's shifts that are not cancelled, soonest first."""
    query = select(*_columns).where(shifts.c.event_id == event_id, shifts.c.cancelled_at.is_(None))
    return await _with_texts(tx, await tx.rows(query.order_by(shifts.c.starts_at, shifts.c.id)))


async def list_open(tx: Transaction, *, now: datetime, limit: int, offset: int = 0) -> list[Shift]:
    """Shifts of published events that have not begun, full or not, soonest first."""
    query = (
        select(*_columns)
        .join(events, events.c.id == shifts.c.event_id)
        .where(events.c.state == "published", shifts.c.cancelled_at.is_(None), shifts.c.starts_at > now)
        .order_by(shifts.c.starts_at, shifts.c.id)
        .limit(limit)
        .offset(offset)
    )
    return await _with_texts(tx, await tx.rows(query))


async def count_open(tx: Transaction, *, now: datetime) -> int:
    query = (
        select(func.count())
        .select_from(shifts)
        .join(events, events.c.id == shifts.c.event_id)
        .where(events.c.state == "published", shifts.c.cancelled_at.is_(None), shifts.c.starts_at > now)
    )
    count: int = await tx.value(query)
    return count


async def list_many(tx: Transaction, shift_ids: Collection[int]) -> list[Shift]:
    """Those of the shifts that exist, soonest first."""
    query = select(*_columns).where(shifts.c.id.in_(shift_ids))
    return await _with_texts(tx, await tx.rows(query.order_by(shifts.c.starts_at, shifts.c.id)))


async def list_of_person(tx: Transaction, person_id: int, *, ending_after: datetime) -> list[Shift]:
    """Shifts the person has taken that are not cancelled and end after the instant, soonest first."""
    query = (
        select(*_columns)
        .join(shift_signups, shift_signups.c.shift_id == shifts.c.id)
        .where(
            shift_signups.c.person_id == person_id,
            shift_signups.c.state == "taken",
            shifts.c.cancelled_at.is_(None),
            shifts.c.ends_at > ending_after,
        )
        .order_by(shifts.c.starts_at, shifts.c.id)
    )
    return await _with_texts(tx, await tx.rows(query))


async def add(
    tx: Transaction,
    event_id: int,
    *,
    starts_at: datetime,
    ends_at: datetime,
    places: int,
    roles: Mapping[str, str],
    notes: Mapping[str, str] | None = None,
    languages: Sequence[str] = (),
    code: str | None = None,
) -> int:
    """Write a new shift and say its id. A note is kept only in a language in which the role has a name."""
    values = {"starts_at": starts_at, "ends_at": ends_at, "places": places, "languages": list(languages)}
    shift_id: int = await tx.value(
        insert(shifts).values(event_id=event_id, code=code, **values).returning(shifts.c.id)
    )
    await put_roles(tx, shift_id, roles)
    await put_notes(tx, shift_id, notes or {})
    return shift_id


async def put_roles(tx: Transaction, shift_id: int, roles: Mapping[str, str]) -> None:
    for locale, role in roles.items():
        await tx.run(
            insert(shift_texts)
            .values(shift_id=shift_id, locale=locale, role=role)
            .on_conflict_do_update(
                index_elements=[shift_texts.c.shift_id, shift_texts.c.locale], set_={"role": role}
            )
        )


async def put_notes(tx: Transaction, shift_id: int, notes: Mapping[str, str]) -> None:
    """Write what the work takes, in the languages in which the role has a name already."""
    for locale, note in notes.items():
        await tx.run(
            update(shift_texts)
            .where(shift_texts.c.shift_id == shift_id, shift_texts.c.locale == locale)
            .values(note=note)
        )


async def change(tx: Transaction, shift_id: int, **values: object) -> None:
    await tx.run(update(shifts).where(shifts.c.id == shift_id).values(**values))


async def raise_revision(tx: Transaction, shift_id: int) -> None:
    """Let calendars know that the shift is not what it was."""
    await tx.run(update(shifts).where(shifts.c.id == shift_id).values(revision=shifts.c.revision + 1))


async def cancel(tx: Transaction, shift_id: int, *, now: datetime) -> None:
    await tx.run(
        update(shifts)
        .where(shifts.c.id == shift_id, shifts.c.cancelled_at.is_(None))
        .values(cancelled_at=now, revision=shifts.c.revision + 1)
    )


async def find_id_by_code(tx: Transaction, event_id: int, code: str) -> int | None:
    found: int | None = await tx.value(
        select(shifts.c.id).where(shifts.c.event_id == event_id, shifts.c.code == code)
    )
    return found


async def count_taken(tx: Transaction, shift_ids: Collection[int]) -> dict[int, int]:
    """How many have taken each of the shifts; a shift nobody has taken counts 0."""
    query = (
        select(shift_signups.c.shift_id, func.count().label("taken"))
        .where(shift_signups.c.shift_id.in_(shift_ids), shift_signups.c.state == "taken")
        .group_by(shift_signups.c.shift_id)
    )
    counted = {row.shift_id: row.taken for row in await tx.rows(query)}
    return {shift_id: counted.get(shift_id, 0) for shift_id in shift_ids}


async def has_taken(tx: Transaction, shift_id: int, person_id: int) -> bool:
    query = select(shift_signups.c.id).where(
        shift_signups.c.shift_id == shift_id,
        shift_signups.c.person_id == person_id,
        shift_signups.c.state == "taken",
    )
    return await tx.value(query) is not None


async def put_signup(tx: Transaction, shift_id: int, person_id: int, *, state: str, now: datetime) -> None:
    """Write that the person has taken or dropped the shift; nothing of what stood there before is left."""
    values = {
        "state": state,
        "taken_at": now,
        "leader": False,
        "arrived_at": None,
        "arrived_by": None,
        "cover_since": None,
        "reason": "",
    }
    await tx.run(
        insert(shift_signups)
        .values(shift_id=shift_id, person_id=person_id, **values)
        .on_conflict_do_update(
            index_elements=[shift_signups.c.shift_id, shift_signups.c.person_id], set_=values
        )
    )


async def list_helpers(
    tx: Transaction, shift_id: int, *, limit: int | None = None, offset: int = 0
) -> list[Helper]:
    """Those who have taken the shift, in the order in which they took it."""
    query = (
        select(people.c.id.label("person_id"), people.c.name, people.c.username, shift_signups.c.taken_at)
        .join(people, people.c.id == shift_signups.c.person_id)
        .where(shift_signups.c.shift_id == shift_id, shift_signups.c.state == "taken")
        .order_by(shift_signups.c.taken_at, shift_signups.c.id)
        .limit(limit)
        .offset(offset)
    )
    return [Helper(**row._mapping) for row in await tx.rows(query)]
