"""The secret addresses under which people's calendars are read, and what stands in them."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from storage.database import Transaction
from storage.tables import events, feeds, rsvps, shift_signups, shifts


async def find_token(tx: Transaction, person_id: int) -> str | None:
    token: str | None = await tx.value(select(feeds.c.token).where(feeds.c.person_id == person_id))
    return token


async def find_since(tx: Transaction, person_id: int) -> datetime | None:
    """Since when the person's calendar has the address it has, or None where it has none."""
    row = await tx.row(select(feeds.c.created_at).where(feeds.c.person_id == person_id))
    return row.created_at if row else None


async def find_person_id(tx: Transaction, token: str) -> int | None:
    """Whose calendar it is, or None when there is no such address, or no more."""
    found: int | None = await tx.value(select(feeds.c.person_id).where(feeds.c.token == token))
    return found


async def put(tx: Transaction, person_id: int, token: str, *, now: datetime) -> None:
    """Give the person this address; the one before stops working."""
    values = {"token": token, "created_at": now}
    await tx.run(
        insert(feeds)
        .values(person_id=person_id, **values)
        .on_conflict_do_update(index_elements=[feeds.c.person_id], set_=values)
    )


async def drop(tx: Transaction, person_id: int) -> None:
    await tx.run(delete(feeds).where(feeds.c.person_id == person_id))


async def list_places(tx: Transaction, person_id: int, *, ending_after: datetime) -> dict[int, str]:
    """The person's standing at each event that ends after the instant, cancelled ones too, by event id."""
    query = (
        select(rsvps.c.event_id, rsvps.c.state)
        .join(events, events.c.id == rsvps.c.event_id)
        .where(
            rsvps.c.person_id == person_id,
            rsvps.c.state.in_(("going", "waiting", "offered", "applied")),
            events.c.ends_at > ending_after,
            events.c.state != "draft",
        )
        .order_by(events.c.starts_at, events.c.id)
    )
    return {row.event_id: row.state for row in await tx.rows(query)}


async def list_shift_ids(tx: Transaction, person_id: int, *, ending_after: datetime) -> list[int]:
    """The shifts the person has taken that end after the instant, cancelled ones too."""
    query = (
        select(shift_signups.c.shift_id)
        .join(shifts, shifts.c.id == shift_signups.c.shift_id)
        .where(
            shift_signups.c.person_id == person_id,
            shift_signups.c.state == "taken",
            shifts.c.ends_at > ending_after,
        )
        .order_by(shifts.c.starts_at, shifts.c.id)
    )
    return [row.shift_id for row in await tx.rows(query)]
