"""Making shifts and volunteers for tests, and asking how they stand."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from bot import shift_changes, volunteer_certificates, volunteering
from bot.volunteering import Answer
from storage import Database, shift_signups, shifts
from storage.events import Event
from storage.people import Person
from storage.shift_signups import Signup
from storage.shifts import Shift
from storage.tables import audit, notices
from tests.conftest import NOON
from tests.making import known_person


async def new_shift(database: Database, event: Event, **values: Any) -> Shift:
    """A shift for one at the event's time, unless said otherwise; approval and certificate may be given."""
    async with database.write() as tx:
        added = await shift_changes.add(
            tx,
            event,
            starts_at=values.get("starts_at", event.starts_at),
            ends_at=values.get("ends_at", event.ends_at),
            places=values.get("places", 1),
            roles=values.get("roles", {"en": "Guide"}),
            notes=values.get("notes"),
            languages=values.get("languages", ()),
            now=values.get("now", NOON),
        )
        await shifts.change(
            tx, added.id, approval=values.get("approval", False), certificate=values.get("certificate")
        )
        found = await shifts.find(tx, added.id)
    assert found is not None
    return found


async def volunteer(database: Database, telegram_id: int, **values: Any) -> Person:
    person = await known_person(database, telegram_id, now=NOON)
    async with database.write() as tx:
        await volunteering.sign_up(
            tx,
            person.id,
            languages=values.get("languages", ["en"]),
            skills="",
            free=values.get("free", []),
            now=NOON,
        )
    return person


async def certified(
    database: Database, person: Person, kind: str = "first_aid", *, expires_on: Any = None, by: Person
) -> None:
    """Let the person hold a certificate that an organiser has looked at."""
    async with database.write() as tx:
        await volunteer_certificates.hand_in(
            tx, person.id, kind, expires_on=expires_on, file="photo:x", now=NOON
        )
        await volunteer_certificates.confirm(
            tx, person.id, kind, given_at=int(NOON.timestamp()), actor_id=by.id, now=NOON
        )


async def take(
    database: Database, shift: Shift, person: Person, *, now: datetime = NOON, anyway: bool = False
) -> Answer:
    async with database.write() as tx:
        return await volunteering.take(tx, shift.id, person.id, now=now, anyway=anyway)


async def drop(database: Database, shift: Shift, person: Person, *, now: datetime = NOON) -> object:
    async with database.write() as tx:
        return await volunteering.drop(tx, shift.id, person.id, now=now)


async def standing(database: Database, shift: Shift, person: Person) -> Signup | None:
    async with database.read() as tx:
        return await shift_signups.find(tx, shift.id, person.id)


async def has(database: Database, shift: Shift, person: Person) -> bool:
    async with database.read() as tx:
        return await shifts.has_taken(tx, shift.id, person.id)


async def owed(database: Database, kind: str) -> list[int | None]:
    """Who is owed a notice of the kind that is not settled."""
    async with database.read() as tx:
        query = select(notices.c.person_id).where(notices.c.kind == kind, notices.c.state == "owed")
        return [row.person_id for row in await tx.rows(query.order_by(notices.c.id))]


async def written_down(database: Database) -> list[tuple[str, int | None, int | None]]:
    """What the audit log says of more than the event: the action, who did it, to whom."""
    async with database.read() as tx:
        query = select(audit.c.action, audit.c.actor_id, audit.c.subject_id)
        query = query.where(audit.c.action != "event_created").order_by(audit.c.id)
        return [(row.action, row.actor_id, row.subject_id) for row in await tx.rows(query)]
