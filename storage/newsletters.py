"""Newsletters: what each is about, when its next letter is due, and who asked for it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from storage.database import Transaction
from storage.tables import newsletter_texts, newsletters, people, subscriptions


@dataclass(frozen=True)
class Words:
    """What a newsletter is called in a language, and what stands above its next letter's events."""

    name: str
    foreword: str = ""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """When letters come: every week on a day from Monday, 0, or every month on a day; at a minute of it."""

    every: str
    day: int
    minute: int


@dataclass(frozen=True, kw_only=True)
class Newsletter(Rule):
    id: int
    # Of which events it tells; empty: of all.
    kinds: tuple[str, ...]
    # None: it is paused.
    next_at: datetime | None
    # By locale.
    texts: Mapping[str, Words]


@dataclass(frozen=True)
class Subscription:
    newsletter: Newsletter
    # On, off since it was given up, or merely offered: then it isn't offered again.
    state: str
    since: datetime


_columns = (
    newsletters.c.id,
    newsletters.c.kinds,
    newsletters.c.every,
    newsletters.c.day,
    newsletters.c.minute,
    newsletters.c.next_at,
)


async def _with_texts(tx: Transaction, rows: Sequence[Row[Any]]) -> list[Newsletter]:
    texts: dict[int, dict[str, Words]] = {row.id: {} for row in rows}
    if texts:
        query = select(newsletter_texts).where(newsletter_texts.c.newsletter_id.in_(list(texts)))
        for row in await tx.rows(query):
            texts[row.newsletter_id][row.locale] = Words(row.name, row.foreword)
    return [
        Newsletter(
            id=row.id,
            kinds=tuple(row.kinds),
            every=row.every,
            day=row.day,
            minute=row.minute,
            next_at=row.next_at,
            texts=texts[row.id],
        )
        for row in rows
    ]


async def find(tx: Transaction, newsletter_id: int) -> Newsletter | None:
    found = await _with_texts(tx, await tx.rows(select(*_columns).where(newsletters.c.id == newsletter_id)))
    return found[0] if found else None


async def lock(tx: Transaction, newsletter_id: int) -> Newsletter | None:
    """Find the newsletter and let nobody else change it until this transaction ends."""
    query = select(*_columns).where(newsletters.c.id == newsletter_id).with_for_update()
    found = await _with_texts(tx, await tx.rows(query))
    return found[0] if found else None


async def list_all(tx: Transaction) -> list[Newsletter]:
    """Every newsletter, paused ones included, the oldest first."""
    return await _with_texts(tx, await tx.rows(select(*_columns).order_by(newsletters.c.id)))


async def list_due(tx: Transaction, *, now: datetime, limit: int) -> list[int]:
    """The newsletters whose letter is due, the longest due first."""
    query = select(newsletters.c.id).where(newsletters.c.next_at <= now)
    rows = await tx.rows(query.order_by(newsletters.c.next_at, newsletters.c.id).limit(limit))
    return [row.id for row in rows]


async def add(
    tx: Transaction,
    rule: Rule,
    *,
    kinds: Sequence[str],
    next_at: datetime,
    created_by: int,
    now: datetime,
) -> int:
    """Write a new newsletter and say its id; its names follow by `put_name`."""
    newsletter_id: int = await tx.value(
        insert(newsletters)
        .values(
            kinds=list(kinds),
            every=rule.every,
            day=rule.day,
            minute=rule.minute,
            next_at=next_at,
            created_by=created_by,
            created_at=now,
        )
        .returning(newsletters.c.id)
    )
    return newsletter_id


async def change(tx: Transaction, newsletter_id: int, **values: object) -> None:
    await tx.run(update(newsletters).where(newsletters.c.id == newsletter_id).values(**values))


async def put_name(tx: Transaction, newsletter_id: int, locale: str, name: str) -> None:
    await tx.run(
        insert(newsletter_texts)
        .values(newsletter_id=newsletter_id, locale=locale, name=name)
        .on_conflict_do_update(
            index_elements=[newsletter_texts.c.newsletter_id, newsletter_texts.c.locale],
            set_={"name": name},
        )
    )


async def put_foreword(tx: Transaction, newsletter_id: int, locale: str, foreword: str) -> None:
    """Write what stands above the next letter's events; a language without a name of its own borrows none."""
    await tx.run(
        insert(newsletter_texts)
        .values(newsletter_id=newsletter_id, locale=locale, name="", foreword=foreword)
        .on_conflict_do_update(
            index_elements=[newsletter_texts.c.newsletter_id, newsletter_texts.c.locale],
            set_={"foreword": foreword},
        )
    )


async def clear_forewords(tx: Transaction, newsletter_id: int) -> None:
    await tx.run(
        update(newsletter_texts).where(newsletter_texts.c.newsletter_id == newsletter_id).values(foreword="")
    )


async def drop(tx: Transaction, newsletter_id: int) -> None:
    """Forget the newsletter, and with it who asked for it."""
    await tx.run(delete(newsletters).where(newsletters.c.id == newsletter_id))


async def count_subscribers(tx: Transaction, newsletter_id: int) -> int:
    query = select(func.count()).select_from(subscriptions)
    count: int = await tx.value(
        query.where(subscriptions.c.newsletter_id == newsletter_id, subscriptions.c.state == "on")
    )
    return count


async def find_state(tx: Transaction, newsletter_id: int, person_id: int) -> str | None:
    """On, off or offered; None where the person has never been asked."""
    query = select(subscriptions.c.state).where(
        subscriptions.c.newsletter_id == newsletter_id, subscriptions.c.person_id == person_id
    )
    found: str | None = await tx.value(query)
    return found


async def put_state(
    tx: Transaction, newsletter_id: int, person_id: int, state: str, *, now: datetime
) -> None:
    """Write how the person stands with it, and since when; to write the same again changes nothing."""
    await tx.run(
        insert(subscriptions)
        .values(newsletter_id=newsletter_id, person_id=person_id, state=state, since=now)
        .on_conflict_do_update(
            index_elements=[subscriptions.c.newsletter_id, subscriptions.c.person_id],
            set_={"state": state, "since": now},
            where=subscriptions.c.state != state,
        )
    )


async def list_of_person(tx: Transaction, person_id: int) -> list[Subscription]:
    """The newsletters that the person asked for, gave up or was offered, and since when."""
    query = (
        select(*_columns, subscriptions.c.state, subscriptions.c.since)
        .join(subscriptions, subscriptions.c.newsletter_id == newsletters.c.id)
        .where(subscriptions.c.person_id == person_id)
        .order_by(newsletters.c.id)
    )
    rows = await tx.rows(query)
    found = await _with_texts(tx, rows)
    return [Subscription(one, row.state, row.since) for one, row in zip(found, rows, strict=True)]


async def find_next_at(tx: Transaction, telegram_ids: Collection[int]) -> datetime | None:
    """When the next letter for one of these people is due."""
    query = (
        select(func.min(newsletters.c.next_at).label("next_at"))
        .join(subscriptions, subscriptions.c.newsletter_id == newsletters.c.id)
        .join(people, people.c.id == subscriptions.c.person_id)
        .where(subscriptions.c.state == "on", people.c.telegram_id.in_(telegram_ids))
    )
    row = await tx.row(query)
    return row.next_at if row else None
