"""What happens when on a visit: its stops, in every language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Row, bindparam, delete, literal, select, update
from sqlalchemy.dialects.postgresql import insert

from storage.database import Transaction
from storage.tables import stop_texts, stops


@dataclass(frozen=True)
class StopText:
    title: str
    place: str = ""
    note: str = ""


@dataclass(frozen=True)
class Stop:
    id: int
    event_id: int
    starts_at: datetime
    ends_at: datetime | None
    # Whether people meet there.
    meeting: bool
    latitude: float | None
    longitude: float | None
    texts: Mapping[str, StopText]


_columns = (
    stops.c.id,
    stops.c.event_id,
    stops.c.starts_at,
    stops.c.ends_at,
    stops.c.meeting,
    stops.c.latitude,
    stops.c.longitude,
)


async def _with_texts(tx: Transaction, rows: Sequence[Row[Any]]) -> list[Stop]:
    texts: dict[int, dict[str, StopText]] = {row.id: {} for row in rows}
    if texts:
        for row in await tx.rows(select(stop_texts).where(stop_texts.c.stop_id.in_(texts))):
            texts[row.stop_id][row.locale] = StopText(row.title, row.place, row.note)
    return [Stop(**row._mapping, texts=texts[row.id]) for row in rows]


async def find(tx: Transaction, stop_id: int) -> Stop | None:
    found = await _with_texts(tx, await tx.rows(select(*_columns).where(stops.c.id == stop_id)))
    return found[0] if found else None


async def list_of_event(tx: Transaction, event_id: int) -> list[Stop]:
    """The event's stops in the order of their times."""
    query = select(*_columns).where(stops.c.event_id == event_id)
    return await _with_texts(tx, await tx.rows(query.order_by(stops.c.starts_at, stops.c.id)))


_HAS_ANY = select(stops.c.id).where(stops.c.event_id == bindparam("event_id")).limit(1)


async def has_any(tx: Transaction, event_id: int) -> bool:
    return await tx.value(_HAS_ANY, event_id=event_id) is not None


async def add(tx: Transaction, event_id: int, **values: object) -> int:
    """Write a new stop and say its id; its texts follow by `put_text`."""
    stop_id: int = await tx.value(insert(stops).values(event_id=event_id, **values).returning(stops.c.id))
    return stop_id


async def change(tx: Transaction, stop_id: int, **values: object) -> None:
    await tx.run(update(stops).where(stops.c.id == stop_id).values(**values))


async def move_all(tx: Transaction, event_id: int, seconds: int) -> None:
    """Move every stop of the event by so many seconds."""
    later = literal(seconds, BigInteger)
    await tx.run(
        update(stops)
        .where(stops.c.event_id == event_id)
        .values(starts_at=stops.c.starts_at + later, ends_at=stops.c.ends_at + later)
    )


async def remove(tx: Transaction, stop_id: int) -> None:
    await tx.run(delete(stops).where(stops.c.id == stop_id))


async def put_text(tx: Transaction, stop_id: int, locale: str, text: StopText) -> None:
    values = {"title": text.title, "place": text.place, "note": text.note}
    await tx.run(
        insert(stop_texts)
        .values(stop_id=stop_id, locale=locale, **values)
        .on_conflict_do_update(index_elements=[stop_texts.c.stop_id, stop_texts.c.locale], set_=values)
    )


async def drop_text(tx: Transaction, stop_id: int, locale: str) -> None:
    await tx.run(delete(stop_texts).where(stop_texts.c.stop_id == stop_id, stop_texts.c.locale == locale))
