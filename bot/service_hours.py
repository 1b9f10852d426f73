"""Who came to a shift, the hours that earned, and corrections.

Hours are earned by having come: checked in at the shift by its leader or an organiser, marked by them
afterwards, or given by a correction. Nobody earns by silence. A certificate says to a school or an employer
that somebody was there, so somebody must have said so; where nobody has when a shift ends, its leaders or
else the event's organisers are asked. What is earned is the shift's length in minutes that really passed:
a night in which the clock changes is as long as it was. Whoever came late or stayed longer is corrected.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot import audit, organisers
from storage import Transaction, events, jobs, owing, service_hours, shift_signups, shifts
from storage.events import Event
from storage.people import Person
from storage.service_hours import Entry
from storage.shift_signups import Signup
from storage.shifts import Shift

JOB: Final = "shift_ended"
# Longer than any shift; a slip of the thumb in a correction stops here.
MOST_MINUTES: Final = 7 * 24 * 60
# How long a mark is left alone before it is told: it may have been a slip of the thumb.
SETTLES: Final = timedelta(minutes=5)
HEARD_WITHIN: Final = timedelta(days=14)
_ASKED_WITHIN: Final = timedelta(days=3)


@dataclass(frozen=True)
class Corrected:
    """The person has `minutes` for the shift now; `entry` undoes it."""

    shift: Shift
    entry: int
    before: int
    minutes: int


@dataclass(frozen=True)
class Unchanged:
    shift: Shift


@dataclass(frozen=True)
class TooEarly:
    """The shift isn't over: there is nothing to correct yet."""

    shift: Shift


@dataclass(frozen=True)
class NotTheirs:
    """The person hasn't taken the shift, or there is no such shift."""


@dataclass(frozen=True)
class Later:
    """Something else was entered since: that comes first."""


def minutes_of(shift: Shift) -> int:
    """How long the shift really lasts, whatever the clock on the wall does meanwhile."""
    return int((shift.ends_at - shift.starts_at).total_seconds()) // 60


async def may_say(tx: Transaction, shift_id: int, person: Person, *, organiser: bool) -> bool:
    """Whether the person says who came: organisers, and whoever leads the shift."""
    return organiser or _leads(await shift_signups.find(tx, shift_id, person.id))


async def plan(tx: Transaction, shift_id: int, ends_at: datetime) -> None:
    """Have the shift's hours written when it ends."""
    await jobs.plan(tx, JOB, shift_id, due_at=ends_at)


async def end(tx: Transaction, shift_id: int, *, now: datetime) -> None:
    """The shift has ended: those who came have earned it, and where nobody has said who, it is asked."""
    shift = await shifts.lock(tx, shift_id)
    event = await events.find(tx, shift.event_id) if shift else None
    if shift is None or event is None or shift.cancelled_at is not None:
        return
    if now < shift.ends_at:
        await plan(tx, shift.id, shift.ends_at)
        return
    hands = await shift_signups.list_hands(tx, shift.id, ["taken"])
    entered = await service_hours.sum_of_shift(tx, shift.id)
    for hand in hands:
        if hand.arrived_at is not None and hand.person_id not in entered:
            await _earn(tx, shift, event, hand.person_id, by=None, now=now)
    if any(hand.arrived_at is None for hand in hands):
        leaders = [hand.person_id for hand in hands if hand.leader]
        for person_id in leaders or await organisers.responsible(tx, event.id):
            await owing.owe_person(
                tx,
                person_id,
                "who_came",
                occasion=f"who-came:{shift.id}:{person_id}",
                due_at=now,
                rank=owing.NEWS,
                useful_until=now + _ASKED_WITHIN,
                shift_id=shift.id,
            )


async def follow(
    tx: Transaction, shift: Shift, person_id: int, *, came: bool | None, by: int, now: datetime
) -> None:
    """Somebody has said that the person came to the shift, or didn't, or (None) took that back.

    What is said during the shift counts when it ends. Afterwards it counts at once: who came has earned the
    shift, and of anybody else what was earned is taken back, and they are told. By day as by night.
    """
    if now < shift.ends_at:
        await plan(tx, shift.id, shift.ends_at)
        return
    event = await events.find(tx, shift.event_id)
    if event is None:
        return
    if not came:
        await _enter(tx, shift, event, person_id, 0, reason="", by=by, now=now)
    elif not await _earn(tx, shift, event, person_id, by=by, now=now):
        await _enter(tx, shift, event, person_id, minutes_of(shift), reason="", by=by, now=now)


async def correct(
    tx: Transaction, shift_id: int, person_id: int, minutes: int, *, reason: str, by: int, now: datetime
) -> Corrected | Unchanged | TooEarly | NotTheirs:
    """Let the person have so many minutes for a shift that has ended, and tell them why.

    Whoever gets minutes was there. Nothing earned before is lost: the difference is an entry of its own.
    """
    if not 0 <= minutes <= MOST_MINUTES:
        raise ValueError(f"not a length of service: {minutes} minutes")
    found = await _found(tx, shift_id, person_id)
    if found is None:
        return NotTheirs()
    shift, event, signup = found
    if now < shift.ends_at:
        return TooEarly(shift)
    if signup.state == "taken" and signup.arrived_at is not None:
        # It may have ended just now; a correction is made to what was earned.
        await _earn_first(tx, shift, event, person_id, now=now)
    before = await _minutes(tx, shift.id, person_id)
    if minutes == before:
        return Unchanged(shift)
    if minutes:
        await _note_presence(tx, signup, by=by, now=now)
    entry = await _enter(tx, shift, event, person_id, minutes, reason=reason, by=by, now=now)
    return Corrected(shift, entry, before, minutes)


async def undo(
    tx: Transaction, entry_id: int, *, by: int, now: datetime
) -> Corrected | Unchanged | NotTheirs | Later:
    """Take back the correction that was the last entry; once anything was entered after it, it stays."""
    undone = await service_hours.find(tx, entry_id)
    if undone is None or undone.entry != "correction" or undone.shift_id is None:
        return NotTheirs()
    found = await _found(tx, undone.shift_id, undone.person_id)
    if found is None:
        return NotTheirs()
    shift, event, signup = found
    entries = await service_hours.list_of_shift(tx, shift.id, undone.person_id)
    if entries[-1].id != entry_id:
        return Later()
    before = sum(entry.minutes for entry in entries)
    minutes = before - undone.minutes
    if minutes:
        await _note_presence(tx, signup, by=by, now=now)
    entry = await _enter(tx, shift, event, undone.person_id, minutes, reason="", by=by, now=now)
    return Corrected(shift, entry, before, minutes)


async def _found(tx: Transaction, shift_id: int, person_id: int) -> tuple[Shift, Event, Signup] | None:
    """The shift, nobody else deciding about it, its event, and how the person stands with it."""
    shift = await shifts.lock(tx, shift_id)
    event = await events.find(tx, shift.event_id) if shift else None
    signup = await shift_signups.find(tx, shift_id, person_id) if shift else None
    if shift is None or event is None or signup is None or signup.state not in ("taken", "missed"):
        return None
    return shift, event, signup


async def _note_presence(tx: Transaction, signup: Signup, *, by: int, now: datetime) -> None:
    """Whoever has minutes was there."""
    if signup.state != "taken" or signup.arrived_at is None:
        await shift_signups.change(
            tx, signup.shift_id, signup.person_id, state="taken", arrived_at=now, arrived_by=by
        )


async def _earn_first(tx: Transaction, shift: Shift, event: Event, person_id: int, *, now: datetime) -> None:
    if not await service_hours.list_of_shift(tx, shift.id, person_id):
        await _earn(tx, shift, event, person_id, by=None, now=now)


async def _earn(
    tx: Transaction, shift: Shift, event: Event, person_id: int, *, by: int | None, now: datetime
) -> bool:
    return await service_hours.add_earned(
        tx,
        person_id,
        shift_id=shift.id,
        event_id=event.id,
        minutes=minutes_of(shift),
        worked_on=_day(shift, event),
        entered_by=by,
        now=now,
    )


async def _enter(
    tx: Transaction,
    shift: Shift,
    event: Event,
    person_id: int,
    minutes: int,
    *,
    reason: str,
    by: int,
    now: datetime,
) -> int:
    """Enter the difference to these minutes, if any, and tell the person. Say the entry's id, or 0."""
    difference = minutes - await _minutes(tx, shift.id, person_id)
    if not difference:
        return 0
    entry = await service_hours.add_correction(
        tx,
        person_id,
        shift_id=shift.id,
        event_id=event.id,
        minutes=difference,
        worked_on=_day(shift, event),
        reason=reason,
        entered_by=by,
        now=now,
    )
    await audit.note(
        tx,
        "hours_corrected",
        now=now,
        actor_id=by,
        event_id=event.id,
        shift_id=shift.id,
        subject_id=person_id,
        minutes=difference,
        reason=reason,
    )
    await owing.owe_person(
        tx,
        person_id,
        "hours_corrected",
        occasion=f"hours-corrected:{entry}",
        due_at=now if reason else now + SETTLES,
        rank=owing.NEWS,
        params={"entry": entry},
        useful_until=now + HEARD_WITHIN,
        event_id=event.id,
        shift_id=shift.id,
    )
    return entry


async def _minutes(tx: Transaction, shift_id: int, person_id: int) -> int:
    entries: list[Entry] = await service_hours.list_of_shift(tx, shift_id, person_id)
    return sum(entry.minutes for entry in entries)


def _day(shift: Shift, event: Event) -> date:
    return shift.starts_at.astimezone(ZoneInfo(event.zone)).date()


def _leads(signup: Signup | None) -> bool:
    return signup is not None and signup.leader and signup.state == "taken"
