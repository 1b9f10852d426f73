"""Who volunteers, and who takes which shift."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from storage import Transaction, events, rsvps, shifts, volunteers
from storage.events import Event
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
class Attends:
    """The person signed up for another event at that time, and may still choose to take the shift."""

    shift: Shift
    events: tuple[Event, ...]


@dataclass(frozen=True)
class Dropped:
    shift: Shift
    was_taken: bool


Answer = Taken | NotSignedUp | Full | Begun | Cancelled | Gone | Overlaps | Attends


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
    for shift in ahead:
        await shifts.put_signup(tx, shift.id, person_id, state="dropped", now=now)
    await volunteers.drop(tx, person_id)
    return len(ahead)


async def list_ahead(tx: Transaction, person_id: int, *, now: datetime) -> list[Shift]:
    """The person's shifts that have not begun."""
    mine = await shifts.list_of_person(tx, person_id, ending_after=now)
    return [shift for shift in mine if now < shift.starts_at]


async def take(
    tx: Transaction, shift_id: int, person_id: int, *, now: datetime, anyway: bool = False
) -> Answer:
    """Give the volunteer the shift if there is a place and no other shift of theirs at that time.

    Taking twice is harmless. `anyway` takes it though the person signed up for an event at that time.
    """
    # The volunteer first, then the shift: two presses by one person can't take two shifts that overlap.
    signed_up = await volunteers.lock(tx, person_id)
    shift = await shifts.lock(tx, shift_id)
    event = await events.find(tx, shift.event_id) if shift else None
    if shift is None or event is None or event.state == "draft":
        return Gone()
    refusal = _closed(shift, event, now)
    if refusal:
        return refusal
    if await shifts.has_taken(tx, shift_id, person_id):
        return Taken(shift, event)
    if (await shifts.count_taken(tx, [shift_id]))[shift_id] >= shift.places:
        return Full(shift)
    if not signed_up:
        return NotSignedUp(shift)
    others = await find_overlapping(tx, shift, person_id)
    if others:
        return Overlaps(shift, *others[0])
    attended = () if anyway else await _attended(tx, shift, person_id)
    if attended:
        return Attends(shift, attended)
    await shifts.put_signup(tx, shift_id, person_id, state="taken", now=now)
    return Taken(shift, event)


async def drop(
    tx: Transaction, shift_id: int, person_id: int, *, now: datetime
) -> Dropped | Begun | Cancelled | Gone:
    """Give the shift back; its place is free at once. Dropping twice is harmless.

    Once it has begun it can't be dropped any more: the hours stay with whoever had taken it.
    """
    shift = await shifts.lock(tx, shift_id)
    event = await events.find(tx, shift.event_id) if shift else None
    if shift is None or event is None or event.state == "draft":
        return Gone()
    refusal = _closed(shift, event, now)
    if refusal:
        return refusal
    was_taken = await shifts.has_taken(tx, shift_id, person_id)
    if was_taken:
        await shifts.put_signup(tx, shift_id, person_id, state="dropped", now=now)
    return Dropped(shift, was_taken)


async def find_overlapping(tx: Transaction, shift: Shift, person_id: int) -> list[tuple[Shift, Event]]:
    """The person's other shifts, of any event, that share time with this one."""
    mine = await shifts.list_of_person(tx, person_id, ending_after=shift.starts_at)
    others = [other for other in mine if other.id != shift.id and overlap(other, shift)]
    found = {event.id: event for event in await events.find_many(tx, {one.event_id for one in others})}
    return [(other, found[other.event_id]) for other in others if found[other.event_id].state != "cancelled"]


def _closed(shift: Shift, event: Event, now: datetime) -> Begun | Cancelled | None:
    if shift.cancelled_at is not None or event.state == "cancelled":
        return Cancelled(shift)
    if shift.starts_at <= now:
        return Begun(shift, over=shift.ends_at <= now)
    return None


async def _attended(tx: Transaction, shift: Shift, person_id: int) -> tuple[Event, ...]:
    """Other events at that time where the person has a place or waits for one.

    The shift's own event is none of them: who helps there is there.
    """
    places = await rsvps.list_of_person(tx, person_id, now=shift.starts_at)
    found = await events.find_many(tx, [place.event_id for place in places])
    return tuple(event for event in found if event.id != shift.event_id and overlap(shift, event))
