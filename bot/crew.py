"""Who leads a shift, and who has come to it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot import audit, service_hours, shift_alerts, shift_places
from storage import Transaction, events, owing, shift_signups, shifts
from storage.shift_signups import Signup
from storage.shifts import Shift

# From how long before its start, and until how long after its end, those who came are marked.
BEFORE: Final = timedelta(minutes=30)
AFTER: Final = timedelta(hours=12)


@dataclass(frozen=True)
class Marked:
    """What now stands of the person: `came`, or that they did not, or with None nothing."""

    came: bool | None


@dataclass(frozen=True)
class NotNow:
    """It is too early or too late to say who came."""

    early: bool


@dataclass(frozen=True)
class Oneself:
    """Nobody says of themselves that they came."""


@dataclass(frozen=True)
class NotOnShift:
    """The person has nothing to do with the shift, or nobody may be marked on it."""


Answer = Marked | NotNow | Oneself | NotOnShift


def is_marking_time(shift: Shift, now: datetime) -> bool:
    return shift.starts_at - BEFORE <= now <= shift.ends_at + AFTER


async def leads(tx: Transaction, shift_id: int, person_id: int) -> bool:
    signup = await shift_signups.find(tx, shift_id, person_id)
    return signup is not None and signup.leader and signup.state == "taken"


async def set_leader(
    tx: Transaction, shift_id: int, person_id: int, leader: bool, *, actor_id: int, now: datetime
) -> bool:
    """Make somebody who has the shift its leader, or no leader any more; a new leader is told.

    There may be several. False when the person doesn't have the shift. Doing it twice is harmless.
    """
    shift = await shifts.lock(tx, shift_id)
    signup = await shift_signups.find(tx, shift_id, person_id)
    if shift is None or signup is None or signup.state != "taken":
        return False
    if signup.leader == leader:
        return True
    await shift_signups.change(tx, shift_id, person_id, leader=leader)
    await audit.note(
        tx,
        "leader_appointed" if leader else "leader_dismissed",
        now=now,
        actor_id=actor_id,
        event_id=shift.event_id,
        shift_id=shift_id,
        subject_id=person_id,
    )
    if leader and now < shift.ends_at:
        await owing.owe_person(
            tx,
            person_id,
            "leader_named",
            occasion=f"leader:{shift_id}:{person_id}:{int(now.timestamp())}",
            due_at=now,
            rank=owing.TIMELY,
            useful_until=shift.ends_at,
            shift_id=shift_id,
        )
    return True


async def mark(
    tx: Transaction, shift_id: int, person_id: int, came: bool | None, *, actor_id: int, now: datetime
) -> Answer:
    """Write down that the person came, or did not come, or with None that nobody knows yet.

    Who did not come frees the place and earns nothing, at any hour. Of several who press at once the first
    is noted, and all get the same answer. Who may press is for the caller to know.
    """
    shift = await shifts.lock(tx, shift_id)
    if shift is None or shift.cancelled_at is not None:
        return NotOnShift()
    if not is_marking_time(shift, now):
        return NotNow(early=now < shift.starts_at)
    if actor_id == person_id:
        return Oneself()
    signup = await shift_signups.find(tx, shift_id, person_id)
    if signup is None or signup.state not in ("taken", "missed"):
        return NotOnShift()
    if came is _known(signup):
        return Marked(came)
    await _write(tx, shift, signup, came, actor_id=actor_id, now=now)
    await service_hours.follow(tx, shift, person_id, came=came, by=actor_id, now=now)
    actions = {True: "came_to_shift", False: "missed_shift", None: "shift_mark_undone"}
    await audit.note(
        tx,
        actions[came],
        now=now,
        actor_id=actor_id,
        event_id=shift.event_id,
        shift_id=shift_id,
        subject_id=person_id,
    )
    return Marked(came)


def _known(signup: Signup) -> bool | None:
    if signup.state == "missed":
        return False
    return True if signup.arrived_at is not None else None


async def _write(
    tx: Transaction, shift: Shift, signup: Signup, came: bool | None, *, actor_id: int, now: datetime
) -> None:
    arrived = {"arrived_at": now if came else None, "arrived_by": actor_id if came else None}
    state = "missed" if came is False else "taken"
    await shift_signups.change(tx, shift.id, signup.person_id, state=state, cover_since=None, **arrived)
    if came is False:
        await shift_places.end_swaps(tx, shift, signup.person_id, now=now)
        event = await events.find(tx, shift.event_id)
        if event is not None:
            await shift_alerts.tell_freed(tx, shift, event, now=now)
