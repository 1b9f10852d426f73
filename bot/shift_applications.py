"""Organisers decide who takes a shift that needs their word."""

from dataclasses import dataclass
from datetime import datetime

from bot import audit, quiet, shift_places, volunteering
from bot.volunteering import Closed, Full, Gone, Lacks, Overlaps
from storage import Transaction, events, owing, shift_signups, shifts, volunteers
from storage.shift_signups import Signup
from storage.shifts import Shift


@dataclass(frozen=True)
class Approved:
    shift: Shift


@dataclass(frozen=True)
class Refusal:
    shift: Shift


@dataclass(frozen=True)
class NotAsking:
    """The person does not ask for the shift any more, or has stopped volunteering."""

    shift: Shift


async def approve(
    tx: Transaction, shift_id: int, person_id: int, *, actor_id: int, now: datetime
) -> Approved | NotAsking | Full | Lacks | Overlaps | Closed:
    """Give the person the shift if there is a place and nothing stands in their way by now; they are told.

    Somebody refused before can be approved after all. Approving twice is harmless.
    """
    volunteer = await volunteers.lock(tx, person_id)
    found = await volunteering.lock_ahead(tx, shift_id, now=now)
    if not isinstance(found, tuple):
        return found
    shift, event = found
    signup = await shift_signups.find(tx, shift_id, person_id)
    if signup is not None and signup.state == "taken":
        return Approved(shift)
    if signup is None or signup.state not in ("applied", "refused") or volunteer is None:
        return NotAsking(shift)
    opening = await shift_places.find_opening(tx, shift)
    if opening is None:
        return Full(shift)
    obstacle = await volunteering.find_obstacle(tx, shift, event, volunteer)
    if obstacle:
        return obstacle
    await shift_places.give(tx, shift, person_id, opening, now=now)
    await _tell(tx, shift, person_id, "shift_approved", now=now)
    await audit.note(
        tx,
        "shift_approved",
        now=now,
        actor_id=actor_id,
        event_id=event.id,
        shift_id=shift.id,
        subject_id=person_id,
    )
    return Approved(shift)


async def refuse(
    tx: Transaction, shift_id: int, person_id: int, reason: str, *, actor_id: int, now: datetime
) -> Refusal | NotAsking | Gone:
    """Turn the wish down, or take the person off a shift that has not begun; they are told, with the reason.

    Refusing twice keeps the first reason.
    """
    shift = await shifts.lock(tx, shift_id)
    event = await events.find(tx, shift.event_id) if shift else None
    if shift is None or event is None:
        return Gone()
    signup = await shift_signups.find(tx, shift_id, person_id)
    if signup is not None and signup.state == "refused":
        return Refusal(shift)
    if signup is None or not may_refuse(signup, shift, now):
        return NotAsking(shift)
    if signup.state == "taken":
        await shift_places.vacate(tx, shift, event, person_id, now=now)
    await shift_signups.change(tx, shift_id, person_id, state="refused", reason=reason)
    if now < shift.starts_at:
        await _tell(tx, shift, person_id, "shift_refused", now=now)
    await audit.note(
        tx,
        "shift_refused",
        now=now,
        actor_id=actor_id,
        event_id=shift.event_id,
        shift_id=shift.id,
        subject_id=person_id,
    )
    return Refusal(shift)


def may_refuse(signup: Signup, shift: Shift, now: datetime) -> bool:
    """Whether the person asks for the shift, or has it and it has not begun."""
    return signup.state == "applied" or (signup.state == "taken" and now < shift.starts_at)


async def _tell(tx: Transaction, shift: Shift, person_id: int, kind: str, *, now: datetime) -> None:
    await owing.owe_person(
        tx,
        person_id,
        kind,
        occasion=f"{kind}:{shift.id}:{person_id}:{int(now.timestamp())}",
        due_at=now,
        rank=quiet.urgency(shift.starts_at, now),
        useful_until=shift.ends_at,
        shift_id=shift.id,
    )
