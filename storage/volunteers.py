"""Who has signed up as a volunteer, and what they told about themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, and_, delete, func, not_, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from storage.database import Transaction
from storage.tables import (
    mutes,
    notices,
    people,
    shift_signups,
    shifts,
    volunteer_certificates,
    volunteers,
)


@dataclass(frozen=True)
class Volunteer:
    person_id: int
    # Codes of the languages the person speaks.
    languages: tuple[str, ...]
    skills: str
    # Codes of the times at which the person is usually free.
    free: tuple[str, ...]
    signed_up_at: datetime


_all = select(
    volunteers.c.person_id,
    volunteers.c.languages,
    volunteers.c.skills,
    volunteers.c.free,
    volunteers.c.signed_up_at,
)


def _volunteer(row: Row[tuple[object, ...]] | None) -> Volunteer | None:
    return row and Volunteer(
        row.person_id, tuple(row.languages), row.skills, tuple(row.free), row.signed_up_at
    )


async def find(tx: Transaction, person_id: int) -> Volunteer | None:
    return _volunteer(await tx.row(_all.where(volunteers.c.person_id == person_id)))


async def lock(tx: Transaction, person_id: int) -> Volunteer | None:
    """Find the volunteer and let nobody else decide about their shifts until the transaction ends."""
    query = _all.where(volunteers.c.person_id == person_id).with_for_update(key_share=True)
    return _volunteer(await tx.row(query))


async def set_languages(tx: Transaction, person_id: int, languages: Sequence[str]) -> None:
    await tx.run(
        update(volunteers).where(volunteers.c.person_id == person_id).values(languages=list(languages))
    )


async def list_free(
    tx: Transaction,
    shift_id: int,
    *,
    starts_at: datetime,
    ends_at: datetime,
    certificate: str | None,
    expires_after: str,
) -> list[Volunteer]:
    """Volunteers who can be asked to take the shift, as far as the database can tell.

    They can be reached, want to hear of shifts, never had to do with this one, have no other shift at that
    time and hold the certificate, valid on the day given as YYYY-MM-DD.
    """
    other = shifts.alias()
    busy = (
        select(shift_signups.c.id)
        .join(other, other.c.id == shift_signups.c.shift_id)
        .where(
            shift_signups.c.person_id == volunteers.c.person_id,
            or_(
                shift_signups.c.shift_id == shift_id,
                and_(
                    shift_signups.c.state == "taken",
                    other.c.cancelled_at.is_(None),
                    other.c.starts_at < ends_at,
                    other.c.ends_at > starts_at,
                ),
            ),
        )
        .correlate(volunteers)
        .exists()
    )
    muted = (
        select(mutes.c.person_id)
        .where(mutes.c.person_id == volunteers.c.person_id, mutes.c.subject == "shifts")
        .correlate(volunteers)
        .exists()
    )
    query = (
        _all.join(people, people.c.id == volunteers.c.person_id)
        .where(people.c.unreachable_since.is_(None), not_(busy), not_(muted))
        .order_by(volunteers.c.person_id)
    )
    if certificate is not None:
        held = (
            select(volunteer_certificates.c.kind)
            .where(
                volunteer_certificates.c.person_id == volunteers.c.person_id,
                volunteer_certificates.c.kind == certificate,
                volunteer_certificates.c.checked_at.is_not(None),
                or_(
                    volunteer_certificates.c.expires_on.is_(None),
                    volunteer_certificates.c.expires_on >= expires_after,
                ),
            )
            .correlate(volunteers)
            .exists()
        )
        query = query.where(held)
    rows = await tx.rows(query)
    return [found for found in map(_volunteer, rows) if found]


async def was_asked(tx: Transaction, shift_id: int, kind: str, *, since: datetime) -> bool:
    """Whether anybody has been asked to take the shift since the instant, by a notice of the kind."""
    query = select(notices.c.id).where(
        notices.c.shift_id == shift_id, notices.c.kind == kind, notices.c.due_at >= since
    )
    return await tx.value(query.limit(1)) is not None


async def put(
    tx: Transaction,
    person_id: int,
    *,
    languages: Sequence[str],
    skills: str,
    free: Sequence[str],
    now: datetime,
) -> None:
    """Write what a volunteer says of themselves; who has signed up before keeps the day of that."""
    values = {"languages": list(languages), "skills": skills, "free": list(free)}
    await tx.run(
        insert(volunteers)
        .values(person_id=person_id, signed_up_at=now, **values)
        .on_conflict_do_update(index_elements=[volunteers.c.person_id], set_=values)
    )


async def drop(tx: Transaction, person_id: int) -> None:
    """Forget what the volunteer said of themselves; their shifts are another table's."""
    await tx.run(delete(volunteers).where(volunteers.c.person_id == person_id))


async def count(tx: Transaction) -> int:
    found: int = await tx.value(select(func.count()).select_from(volunteers))
    return found
