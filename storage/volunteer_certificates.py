"""The certificates that volunteers have handed in, and whether somebody has looked at them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from storage.database import Transaction
from storage.tables import people, volunteer_certificates


@dataclass(frozen=True)
class Certificate:
    person_id: int
    kind: str
    # A day as YYYY-MM-DD; None: it doesn't expire.
    expires_on: str | None
    # "photo" or "document", a colon, and Telegram's id; None once it was looked at.
    file: str | None
    checked_at: datetime | None
    given_at: datetime


@dataclass(frozen=True)
class Unchecked:
    person_id: int
    name: str
    kind: str


_all = select(
    volunteer_certificates.c.person_id,
    volunteer_certificates.c.kind,
    volunteer_certificates.c.expires_on,
    volunteer_certificates.c.file,
    volunteer_certificates.c.checked_at,
    volunteer_certificates.c.given_at,
)


async def find(tx: Transaction, person_id: int, kind: str) -> Certificate | None:
    row = await tx.row(
        _all.where(volunteer_certificates.c.person_id == person_id, volunteer_certificates.c.kind == kind)
    )
    return row and Certificate(**row._mapping)


async def lock(tx: Transaction, person_id: int, kind: str) -> Certificate | None:
    """Find it and let nobody replace it or decide about it until this transaction ends."""
    query = _all.where(volunteer_certificates.c.person_id == person_id, volunteer_certificates.c.kind == kind)
    row = await tx.row(query.with_for_update(key_share=True))
    return row and Certificate(**row._mapping)


async def list_of_person(tx: Transaction, person_id: int) -> list[Certificate]:
    query = _all.where(volunteer_certificates.c.person_id == person_id)
    return [
        Certificate(**row._mapping) for row in await tx.rows(query.order_by(volunteer_certificates.c.kind))
    ]


async def put(
    tx: Transaction, person_id: int, kind: str, *, expires_on: str | None, file: str, now: datetime
) -> None:
    """Write what was handed in; one of the kind that was there before is replaced."""
    values = {
        "expires_on": expires_on,
        "file": file,
        "checked_by": None,
        "checked_at": None,
        "given_at": now,
    }
    table = volunteer_certificates
    await tx.run(
        insert(table)
        .values(person_id=person_id, kind=kind, **values)
        .on_conflict_do_update(index_elements=[table.c.person_id, table.c.kind], set_=values)
    )


async def confirm(tx: Transaction, person_id: int, kind: str, *, checked_by: int, now: datetime) -> bool:
    """Note who found it good, and forget its picture; False when it isn't there or was confirmed before."""
    table = volunteer_certificates
    confirmed = await tx.run(
        update(table)
        .where(table.c.person_id == person_id, table.c.kind == kind, table.c.checked_at.is_(None))
        .values(checked_by=checked_by, checked_at=now, file=None)
    )
    return confirmed > 0


async def drop(tx: Transaction, person_id: int, kind: str) -> bool:
    """Forget the certificate with its picture; False when there was none."""
    table = volunteer_certificates
    dropped = await tx.run(delete(table).where(table.c.person_id == person_id, table.c.kind == kind))
    return dropped > 0


async def drop_all(tx: Transaction, person_id: int) -> None:
    table = volunteer_certificates
    await tx.run(delete(table).where(table.c.person_id == person_id))


async def list_unchecked(tx: Transaction, *, limit: int) -> list[Unchecked]:
    """What nobody has looked at, the oldest first."""
    table = volunteer_certificates
    query = (
        select(table.c.person_id, people.c.name, table.c.kind)
        .join(people, people.c.id == table.c.person_id)
        .where(table.c.checked_at.is_(None))
        .order_by(table.c.given_at, table.c.person_id)
        .limit(limit)
    )
    return [Unchecked(**row._mapping) for row in await tx.rows(query)]


async def count_unchecked(tx: Transaction) -> int:
    table = volunteer_certificates
    count: int = await tx.value(select(func.count()).select_from(table).where(table.c.checked_at.is_(None)))
    return count
