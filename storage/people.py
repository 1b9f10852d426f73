"""Who has agreed to be remembered, and how they like to be spoken to."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from storage.database import Transaction
from storage.tables import interests, mutes, people


@dataclass(frozen=True)
class Person:
    id: int
    telegram_id: int
    name: str
    username: str | None
    locale: str
    role: str
    joined_at: datetime
    unreachable_since: datetime | None
    quiet_from: int | None
    quiet_until: int | None


def _person(row: Row[Any]) -> Person:
    return Person(**row._mapping)


_all = select(
    people.c.id,
    people.c.telegram_id,
    people.c.name,
    people.c.username,
    people.c.locale,
    people.c.role,
    people.c.joined_at,
    people.c.unreachable_since,
    people.c.quiet_from,
    people.c.quiet_until,
)


_FIND = _all.where(people.c.id == bindparam("person_id"))
_FIND_BY_TELEGRAM_ID = _all.where(people.c.telegram_id == bindparam("telegram_id"))


async def find(tx: Transaction, person_id: int) -> Person | None:
    row = await tx.row(_FIND, person_id=person_id)
    return row and _person(row)


async def find_by_telegram_id(tx: Transaction, telegram_id: int) -> Person | None:
    row = await tx.row(_FIND_BY_TELEGRAM_ID, telegram_id=telegram_id)
    return row and _person(row)


async def list_by_username(tx: Transaction, username: str) -> list[Person]:
    """Everybody last seen under the name: more than one where a name was given up and taken by another."""
    query = _all.where(func.lower(people.c.username) == username.lower())
    return [_person(row) for row in await tx.rows(query.order_by(people.c.id))]


async def list_organisers(tx: Transaction, owners: Collection[int]) -> list[Person]:
    """Everybody who may organise: the owners who have started the bot and those they appointed."""
    query = _all.where(or_(people.c.role == "organiser", people.c.telegram_id.in_(owners)))
    return [_person(row) for row in await tx.rows(query.order_by(people.c.id))]


async def add(
    tx: Transaction, *, telegram_id: int, name: str, username: str | None, locale: str, now: datetime
) -> Person:
    """Remember a person. Whoever is known already is found, with the new name and language."""
    values = {"name": name, "username": username, "locale": locale, "unreachable_since": None}
    statement = (
        insert(people)
        .values(telegram_id=telegram_id, joined_at=now, **values)
        .on_conflict_do_update(index_elements=[people.c.telegram_id], set_=values)
        .returning(*_all.selected_columns)
    )
    row = await tx.row(statement)
    if row is None:
        raise LookupError("a person just written was not found")
    return _person(row)


async def refresh(tx: Transaction, person_id: int, *, name: str, username: str | None) -> None:
    """Note how the person is called now, and that they can be reached, as they have just written."""
    await tx.run(
        update(people)
        .where(people.c.id == person_id)
        .values(name=name, username=username, unreachable_since=None)
    )


async def mark_unreachable(tx: Transaction, person_ids: Collection[int], *, now: datetime) -> None:
    await tx.run(
        update(people)
        .where(people.c.id.in_(person_ids), people.c.unreachable_since.is_(None))
        .values(unreachable_since=now)
    )


async def set_locale(tx: Transaction, person_id: int, locale: str) -> None:
    await tx.run(update(people).where(people.c.id == person_id).values(locale=locale))


async def set_role(tx: Transaction, person_id: int, role: str) -> None:
    await tx.run(update(people).where(people.c.id == person_id).values(role=role))


async def set_quiet(tx: Transaction, person_id: int, hours: tuple[int, int] | None) -> None:
    """Quiet hours in minutes after local midnight, or None for none."""
    start, end = hours or (None, None)
    await tx.run(update(people).where(people.c.id == person_id).values(quiet_from=start, quiet_until=end))


async def delete_person(tx: Transaction, person_id: int) -> None:
    """Forget the person and everything that hangs on them."""
    await tx.run(delete(people).where(people.c.id == person_id))


async def list_mutes(tx: Transaction, person_id: int) -> frozenset[str]:
    rows = await tx.rows(select(mutes.c.subject).where(mutes.c.person_id == person_id))
    return frozenset(row.subject for row in rows)


async def list_muting(tx: Transaction, person_ids: Collection[int], subject: str) -> frozenset[int]:
    """Who of them has muted the subject."""
    query = select(mutes.c.person_id).where(mutes.c.subject == subject, mutes.c.person_id.in_(person_ids))
    return frozenset(row.person_id for row in await tx.rows(query))


async def mute(tx: Transaction, person_id: int, subject: str) -> None:
    await tx.run(insert(mutes).values(person_id=person_id, subject=subject).on_conflict_do_nothing())


async def unmute(tx: Transaction, person_id: int, subject: str) -> None:
    await tx.run(delete(mutes).where(mutes.c.person_id == person_id, mutes.c.subject == subject))


async def list_interests(tx: Transaction, person_id: int) -> frozenset[str]:
    rows = await tx.rows(select(interests.c.kind).where(interests.c.person_id == person_id))
    return frozenset(row.kind for row in rows)


async def add_interest(tx: Transaction, person_id: int, kind: str) -> None:
    await tx.run(insert(interests).values(person_id=person_id, kind=kind).on_conflict_do_nothing())


async def drop_interest(tx: Transaction, person_id: int, kind: str) -> None:
    await tx.run(delete(interests).where(interests.c.person_id == person_id, interests.c.kind == kind))
