"""Who volunteers, and who takes which shift."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot import organisers, requirements, rest, shift_places
from bot.requirements import Lacking
from bot.rest import Strain
from storage import (
    Transaction,
    events,
    owing,
    rsvps,
    shift_signups,
    shifts,
    volunteer_certificates,
    volunteers,
)
from storage.events import Event
from storage.shift_signups import Signup
from storage.shifts import Shift
from storage.volunteers import Volunteer

# The languages that volunteers are asked about, by the codes that shifts use too; "other" is any further one.
SPOKEN: Final = ("yue", "zh", "en", "hi", "ur", "ne", "pa", "id", "fil", "th", "vi", "other")
FREE_TIMES: Final = ("weekdays", "evenings", "saturdays", "sundays")


@dataclass(frozen=True)
class Taken:
    """The shift is the person's."""

    shift: Shift
    event: Event


@dataclass(frozen=True)
class Applied:
    """The person has asked for the shift, and an organiser decides."""

    shift: Shift
    event: Event


@dataclass(frozen=True)
class Refused:
    """An organiser has decided that somebody else does this shift."""

    shift: Shift
    reason: str


@dataclass(frozen=True)
class Lacks:
    """The person lacks a language or a certificate that the shift needs."""

    shift: Shift
    lacking: Lacking


@dataclass(frozen=True)
class NotSignedUp:
    """Only volunteers take shifts; the shift could be had."""

    shift: Shift


@dataclass(frozen=True)
class Full:
    shift: Shift


@dataclass(frozen=True)
class Begun:
    """The shift has begun or is over: nobody takes or drops it any more."""

    shift: Shift
    over: bool


@dataclass(frozen=True)
class Cancelled:
    shift: Shift


@dataclass(frozen=True)
class Gone:
    """There is no such shift, or its event is not for anybody's eyes yet."""


@dataclass(frozen=True)
class Overlaps:
    """The person has taken another shift for part of that time."""

    shift: Shift
    other: Shift
    other_event: Event


@dataclass(frozen=True)
class Warned:
    """There is something to think of first: other events at that time, too little rest, too much work.

    The person may still choose to take the shift.
    """

    shift: Shift
    events: tuple[Event, ...] = ()
    strains: tuple[Strain, ...] = ()


@dataclass(frozen=True)
class Dropped:
    shift: Shift
    was_taken: bool


@dataclass(frozen=True)
class Held:
    """The event keeps the shift with the person until somebody takes it over; cover can be sought."""

    shift: Shift


Closed = Begun | Cancelled | Gone
Answer = Taken | Applied | Refused | NotSignedUp | Full | Lacks | Overlaps | Warned | Closed


def role_of(shift: Shift, event: Event, locale: str) -> str:
    """The role in the language, or in the event's, or in any that it has."""
    return _first_of(shift.roles, locale, event.base_locale)


def note_of(shift: Shift, event: Event, locale: str) -> str:
    """What the work takes, in the same order of languages; empty when nothing was written."""
    return (
        shift.notes.get(locale) or shift.notes.get(event.base_locale) or next(iter(shift.notes.values()), "")
    )


def _first_of(texts: Mapping[str, str], *locales: str) -> str:
    wanted = (texts[locale] for locale in locales if texts.get(locale))
    return next(wanted, "") or next(iter(texts.values()), "")


def overlap(one: Shift, other: Shift | Event) -> bool:
    """Whether they share any time at all. Back to back is no overlap."""
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


def is_open(shift: Shift, event: Event, now: datetime) -> bool:
    """Whether the shift can be taken and dropped, places apart."""
    return event.state == "published" and shift.cancelled_at is None and now < shift.starts_at


async def sign_up(
    tx: Transaction,
    person_id: int,
    *,
    languages: Sequence[str],
    skills: str,
    free: Sequence[str],
    now: datetime,
) -> Volunteer:
    """Make the person a volunteer, or change what they said of themselves."""
    await volunteers.put(tx, person_id, languages=languages, skills=skills, free=free, now=now)
    found = await volunteers.find(tx, person_id)
    if found is None:
        raise LookupError("a volunteer just written was not found")
    return found


async def sign_off(tx: Transaction, person_id: int, *, now: datetime) -> int:
    """Stop volunteering: shifts not begun are given back. Say how many that were.

    Shifts that have begun stay the person's: they did that work.
    """
    await volunteers.lock(tx, person_id)
    ahead = await list_ahead(tx, person_id, now=now)
    for listed in ahead:
        found = await lock_open(tx, listed.id)
        if found is not None:
            await shift_places.vacate(tx, *found, person_id, now=now)
    await shift_signups.drop_applications(tx, person_id)
    await volunteers.drop(tx, person_id)
    await volunteer_certificates.drop_all(tx, person_id)
    return len(ahead)


async def add_languages(tx: Transaction, shift_id: int, person_id: int) -> bool:
    """Note that the volunteer speaks what the shift needs; False where there is no shift or volunteer."""
    volunteer = await volunteers.lock(tx, person_id)
    shift = await shifts.find(tx, shift_id)
    if volunteer is None or shift is None:
        return False
    added = [*volunteer.languages, *requirements.unspoken(shift, volunteer.languages)]
    await volunteers.set_languages(tx, person_id, added)
    return True


async def list_ahead(tx: Transaction, person_id: int, *, now: datetime) -> list[Shift]:
    """The person's shifts that have not begun."""
    mine = await shifts.list_of_person(tx, person_id, ending_after=now)
    return [shift for shift in mine if now < shift.starts_at]


async def take(
    tx: Transaction, shift_id: int, person_id: int, *, now: datetime, anyway: bool = False
) -> Answer:
    """Give the volunteer the shift, or note that they ask for it where an organiser decides.

    There must be a place, or somebody on it who seeks cover. Taking twice is harmless. `anyway` takes it
    though it was warned of.
    """
    # The volunteer first, then the shift: two presses by one person can't take two shifts that overlap.
    volunteer = await volunteers.lock(tx, person_id)
    found = await lock_ahead(tx, shift_id, now=now)
    if not isinstance(found, tuple):
        return found
    shift, event = found
    settled = _settled(await shift_signups.find(tx, shift_id, person_id), shift, event)
    if settled:
        return settled
    opening = await shift_places.find_opening(tx, shift)
    if opening is None:
        return Full(shift)
    if volunteer is None:
        return NotSignedUp(shift)
    obstacle = await find_obstacle(tx, shift, event, volunteer)
    if obstacle:
        return obstacle
    if not anyway:
        warning = await _warning(tx, shift, event, person_id)
        if warning:
            return warning
    if shift.approval:
        await _apply(tx, shift, person_id, now=now)
        return Applied(shift, event)
    await shift_places.give(tx, shift, person_id, opening, now=now)
    return Taken(shift, event)


async def find_obstacle(
    tx: Transaction, shift: Shift, event: Event, volunteer: Volunteer, *, apart_from: int | None = None
) -> Lacks | Overlaps | None:
    """What keeps the volunteer from doing the shift, one of their own shifts left out of account."""
    lacking = await requirements.find_lacking(tx, shift, event, volunteer, volunteer.person_id)
    if lacking:
        return Lacks(shift, lacking)
    overlapping = await find_overlapping(tx, shift, volunteer.person_id)
    for other, other_event in overlapping:
        if other.id != apart_from:
            return Overlaps(shift, other, other_event)
    return None


async def withdraw(tx: Transaction, shift_id: int, person_id: int, *, now: datetime) -> bool:
    """Ask for the shift no more; False when no organiser had it to decide any more."""
    await shifts.lock(tx, shift_id)
    signup = await shift_signups.find(tx, shift_id, person_id)
    if signup is None or signup.state != "applied":
        return False
    await shifts.put_signup(tx, shift_id, person_id, state="dropped", now=now)
    return True


async def drop(
    tx: Transaction, shift_id: int, person_id: int, *, now: datetime
) -> Dropped | Held | Begun | Cancelled | Gone:
    """Give the shift back; its place is free at once, unless the event keeps places until they are covered.

    Dropping twice is harmless. Once it has begun it can't be dropped any more: the hours stay with whoever
    had taken it.
    """
    found = await lock_ahead(tx, shift_id, now=now)
    if not isinstance(found, tuple):
        return found
    shift, event = found
    was_taken = await shifts.has_taken(tx, shift_id, person_id)
    if was_taken and event.hold_shifts:
        return Held(shift)
    if was_taken:
        await shift_places.vacate(tx, shift, event, person_id, now=now)
    return Dropped(shift, was_taken)


async def lock_open(tx: Transaction, shift_id: int) -> tuple[Shift, Event] | None:
    """The shift, locked, with its event; None where there is none for members' eyes."""
    shift = await shifts.lock(tx, shift_id)
    event = await events.find(tx, shift.event_id) if shift else None
    return (shift, event) if shift and event and event.state != "draft" else None


async def lock_ahead(tx: Transaction, shift_id: int, *, now: datetime) -> tuple[Shift, Event] | Closed:
    """The shift, locked, with its event, while it can be taken and dropped; else why it can't."""
    found = await lock_open(tx, shift_id)
    if found is None:
        return Gone()
    return is_closed(*found, now) or found


async def find_overlapping(tx: Transaction, shift: Shift, person_id: int) -> list[tuple[Shift, Event]]:
    """The person's other shifts, of any event, that share time with this one."""
    mine = await shifts.list_of_person(tx, person_id, ending_after=shift.starts_at)
    others = [other for other in mine if other.id != shift.id and overlap(other, shift)]
    found = {event.id: event for event in await events.find_many(tx, {one.event_id for one in others})}
    return [(other, found[other.event_id]) for other in others if found[other.event_id].state != "cancelled"]


def is_closed(shift: Shift, event: Event, now: datetime) -> Begun | Cancelled | None:
    """Why nobody takes or drops the shift any more; None while they can."""
    if shift.cancelled_at is not None or event.state == "cancelled":
        return Cancelled(shift)
    if shift.starts_at <= now:
        return Begun(shift, over=shift.ends_at <= now)
    return None


def _settled(signup: Signup | None, shift: Shift, event: Event) -> Taken | Applied | Refused | None:
    """What was decided about the person before, if anything still stands of it."""
    match signup:
        case Signup(state="taken"):
            return Taken(shift, event)
        case Signup(state="applied"):
            return Applied(shift, event)
        case Signup(state="refused", reason=reason):
            return Refused(shift, reason)
        case _:
            return None


async def _apply(tx: Transaction, shift: Shift, person_id: int, *, now: datetime) -> None:
    """Note that the person asks for the shift, and tell the organiser."""
    await shifts.put_signup(tx, shift.id, person_id, state="applied", now=now)
    for organiser_id in await organisers.responsible(tx, shift.event_id):
        await owing.owe_person(
            tx,
            organiser_id,
            "shift_applied",
            occasion=f"shift-applied:{shift.id}:{person_id}:{int(now.timestamp())}:{organiser_id}",
            due_at=now,
            rank=owing.TIMELY,
            params={"person_id": person_id},
            useful_until=shift.starts_at,
            shift_id=shift.id,
        )


async def _warning(tx: Transaction, shift: Shift, event: Event, person_id: int) -> Warned | None:
    attended = await _attended(tx, shift, person_id)
    around = await shifts.list_of_person(tx, person_id, ending_after=shift.starts_at - timedelta(days=8))
    strains = rest.strains(shift, around, ZoneInfo(event.zone))
    return Warned(shift, attended, strains) if attended or strains else None


async def _attended(tx: Transaction, shift: Shift, person_id: int) -> tuple[Event, ...]:
    """Other events at that time where the person has a place or waits for one.

    The shift's own event is none of them: who helps there is there.
    """
    places = await rsvps.list_of_person(tx, person_id, now=shift.starts_at)
    found = await events.find_many(tx, [place.event_id for place in places])
    return tuple(event for event in found if event.id != shift.event_id and overlap(shift, event))
