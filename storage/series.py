"""Series: several events that belong together, each with places of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, select, update
from sqlalchemy.dialects.postgresql import insert

from storage.database import Transaction
from storage.tables import events, series


@dataclass(frozen=True)
class Series:
    id: int
    # Its name by locale.
    names: Mapping[str, str]
    # How people sign up: "whole" (all sessions at once), "single", or "either".
    sign_up: str


_columns = (series.c.id, series.c.names, series.c.sign_up)


def _series(row: Row[Any]) -> Series:
    return Series(row.id, dict(row.names), row.sign_up)


async def find(tx: Transaction, series_id: int) -> Series | None:
    row = await tx.row(select(*_columns).where(series.c.id == series_id))
    return row and _series(row)


async def list_all(tx: Transaction) -> list[Series]:
    """The latest first."""
    return [_series(row) for row in await tx.rows(select(*_columns).order_by(series.c.id.desc()))]


async def add(
    tx: Transaction,
    *,
    names: Mapping[str, str],
    sign_up: str = "either",
    now: datetime,
    code: str | None = None,
) -> int:
    """Write a new series and say its id; events join it by their `series_id`."""
    series_id: int = await tx.value(
        insert(series)
        .values(code=code, names=dict(names), sign_up=sign_up, created_at=now)
        .returning(series.c.id)
    )
    return series_id


async def change(tx: Transaction, series_id: int, **values: object) -> None:
    await tx.run(update(series).where(series.c.id == series_id).values(**values))


async def drop(tx: Transaction, series_id: int) -> None:
    """Its events stay, each for itself."""
    await tx.run(delete(series).where(series.c.id == series_id))


async def list_session_ids(tx: Transaction, series_id: int, *, ending_after: datetime) -> list[int]:
    """Its published events that end after the instant, soonest first."""
    query = (
        select(events.c.id)
        .where(
            events.c.series_id == series_id,
            events.c.state == "published",
            events.c.ends_at > ending_after,
        )
        .order_by(events.c.starts_at, events.c.id)
    )
    return [row.id for row in await tx.rows(query)]
