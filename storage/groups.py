"""The association's own circles of people, and who is in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from storage.database import Transaction
from storage.tables import events, group_members, groups, people


@dataclass(frozen=True)
class Group:
    id: int
    # "members" for the group of the association's members; the others have none.
    code: str | None
    # By locale; the first one stands where a language has none.
    names: Mapping[str, str]
    token: str


@dataclass(frozen=True)
class Member:
    person_id: int
    name: str
    username: str | None
    joined_at: datetime


_all = select(groups.c.id, groups.c.code, groups.c.names, groups.c.token)


async def find(tx: Transaction, group_id: int) -> Group | None:
    return await _find(tx, groups.c.id == group_id)


async def find_by_token(tx: Transaction, token: str) -> Group | None:
    return await _find(tx, groups.c.token == token)


async def find_by_code(tx: Transaction, code: str) -> Group | None:
    return await _find(tx, groups.c.code == code)


async def _find(tx: Transaction, condition: ColumnElement[bool]) -> Group | None:
    row = await tx.row(_all.where(condition))
    return Group(**row._mapping) if row else None


async def list_all(tx: Transaction) -> list[tuple[Group, int]]:
    """Every group in the order of creation, with how many people are in it."""
    query = (
        _all.add_columns(func.count(group_members.c.person_id).label("members"))
        .outerjoin(group_members, group_members.c.group_id == groups.c.id)
        .group_by(groups.c.id)
        .order_by(groups.c.id)
    )
    rows = await tx.rows(query)
    return [(Group(row.id, row.code, row.names, row.token), row.members) for row in rows]


async def add(
    tx: Transaction, names: Mapping[str, str], *, token: str, now: datetime, code: str | None = None
) -> int | None:
    """Write a new group and say its id; None when there is one of that code already."""
    query = insert(groups).values(code=code, names=dict(names), token=token, created_at=now)
    group_id: int | None = await tx.value(
        query.on_conflict_do_nothing(index_elements=[groups.c.code]).returning(groups.c.id)
    )
    return group_id


async def change(tx: Transaction, group_id: int, **values: object) -> None:
    await tx.run(update(groups).where(groups.c.id == group_id).values(**values))


async def delete_group(tx: Transaction, group_id: int) -> None:
    await tx.run(delete(groups).where(groups.c.id == group_id))


async def is_in_code(tx: Transaction, code: str, person_id: int) -> bool:
    """Whether the person is in the group of that code; of one that does not exist nobody is."""
    query = (
        select(group_members.c.person_id)
        .join(groups, groups.c.id == group_members.c.group_id)
        .where(groups.c.code == code, group_members.c.person_id == person_id)
    )
    return await tx.row(query) is not None


async def join(tx: Transaction, group_id: int, person_id: int, *, now: datetime) -> bool:
    """Put the person into the group; say whether they weren't in it yet."""
    query = insert(group_members).values(group_id=group_id, person_id=person_id, joined_at=now)
    keys = [group_members.c.group_id, group_members.c.person_id]
    joined = await tx.row(
        query.on_conflict_do_nothing(index_elements=keys).returning(group_members.c.person_id)
    )
    return joined is not None


async def leave(tx: Transaction, group_id: int, person_id: int) -> bool:
    """Take the person out of the group; say whether they were in it."""
    query = delete(group_members).where(
        group_members.c.group_id == group_id, group_members.c.person_id == person_id
    )
    return await tx.row(query.returning(group_members.c.person_id)) is not None


async def count_members(tx: Transaction, group_id: int) -> int:
    query = select(func.count()).select_from(group_members)
    count: int = await tx.value(query.where(group_members.c.group_id == group_id))
    return count


async def list_members(tx: Transaction, group_id: int, *, limit: int, offset: int = 0) -> list[Member]:
    """Who is in the group, in the order of joining."""
    query = (
        select(people.c.id.label("person_id"), people.c.name, people.c.username, group_members.c.joined_at)
        .join(people, people.c.id == group_members.c.person_id)
        .where(group_members.c.group_id == group_id)
        .order_by(group_members.c.joined_at, people.c.id)
        .limit(limit)
        .offset(offset)
    )
    return [Member(**row._mapping) for row in await tx.rows(query)]


async def find_member(tx: Transaction, group_id: int, person_id: int) -> Member | None:
    query = (
        select(people.c.id.label("person_id"), people.c.name, people.c.username, group_members.c.joined_at)
        .join(people, people.c.id == group_members.c.person_id)
        .where(group_members.c.group_id == group_id, people.c.id == person_id)
    )
    row = await tx.row(query)
    return Member(**row._mapping) if row else None


async def list_of_person(tx: Transaction, person_id: int) -> list[tuple[Group, datetime]]:
    """The groups the person is in, and since when, for their own export."""
    query = (
        _all.add_columns(group_members.c.joined_at)
        .join(group_members, group_members.c.group_id == groups.c.id)
        .where(group_members.c.person_id == person_id)
        .order_by(groups.c.id)
    )
    rows = await tx.rows(query)
    return [(Group(row.id, row.code, row.names, row.token), row.joined_at) for row in rows]


async def count_events_to_come(tx: Transaction, group_id: int, *, now: datetime) -> int:
    """How many events that are not over are for this group alone."""
    query = (
        select(func.count())
        .select_from(events)
        .where(events.c.group_id == group_id, events.c.ends_at > now, events.c.state == "published")
    )
    count: int = await tx.value(query)
    return count
