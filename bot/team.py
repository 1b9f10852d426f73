"""Who may organise: owners appoint and dismiss, and those concerned are told."""

from dataclasses import dataclass
from datetime import datetime

from bot import audit
from storage import Transaction, owing, people
from storage.people import Person


@dataclass(frozen=True)
class Appointed:
    person: Person


@dataclass(frozen=True)
class Dismissed:
    person: Person


@dataclass(frozen=True)
class Unchanged:
    """The person was what they should become already; nobody is told."""

    person: Person


@dataclass(frozen=True)
class Unknown:
    """Nobody of that name or number has started the bot."""


async def find(tx: Transaction, called: str) -> list[Person]:
    """Whoever has this @username or this numeric Telegram id.

    Several where a name was given up by one and taken by another: then only the number tells them apart.
    """
    name = called.strip().removeprefix("@")
    if name.isascii() and name.isdecimal():
        # No Telegram id is longer, and no database takes a longer number.
        found = await people.find_by_telegram_id(tx, int(name)) if len(name) <= 15 else None
        return [found] if found else []
    return await people.list_by_username(tx, name)


async def appoint(
    tx: Transaction, person_id: int, *, actor_id: int, now: datetime
) -> Appointed | Unchanged | Unknown:
    """Make the person an organiser; they are told. Appointing twice is harmless."""
    person = await people.find(tx, person_id)
    if person is None:
        return Unknown()
    if person.role == "organiser":
        return Unchanged(person)
    await people.set_role(tx, person.id, "organiser")
    await audit.note(tx, "organiser_appointed", now=now, actor_id=actor_id, subject_id=person.id)
    await _tell(tx, person, "role_given", now=now)
    return Appointed(person)


async def dismiss(
    tx: Transaction, person_id: int, *, actor_id: int, now: datetime
) -> Dismissed | Unchanged | Unknown:
    """Make the organiser a member again; they are told. Dismissing twice is harmless."""
    person = await people.find(tx, person_id)
    if person is None:
        return Unknown()
    if person.role != "organiser":
        return Unchanged(person)
    await people.set_role(tx, person.id, "member")
    await audit.note(tx, "organiser_dismissed", now=now, actor_id=actor_id, subject_id=person.id)
    await _tell(tx, person, "role_taken", now=now)
    return Dismissed(person)


async def _tell(tx: Transaction, person: Person, kind: str, *, now: datetime) -> None:
    await owing.owe_person(
        tx,
        person.id,
        kind,
        occasion=f"{kind}:{person.id}:{int(now.timestamp())}",
        due_at=now,
    )
