"""Being reminded once more, when it suits better."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from bot.reminders import occasion as occasion_of
from bot.reminders import settle_wall_time, takes_place
from storage import Transaction, events, reminders, rsvps, shifts
from storage.reminders import Subject

Choice = Literal["hour", "morning"]
CHOICES: Final[tuple[Choice, ...]] = ("hour", "morning")

_MORNING_HOUR: Final = 9
# Later than this before the start, nobody could still make use of it.
_LEAST_AHEAD: Final = timedelta(minutes=10)


@dataclass(frozen=True)
class Again:
    """They will be reminded at the instant."""

    at: datetime


@dataclass(frozen=True)
class TooLate:
    """By then it has begun, or is about to."""


@dataclass(frozen=True)
class NothingAhead:
    """None of it is ahead of the person any more: moved away, cancelled, given up, or never theirs."""


Answer = Again | TooLate | NothingAhead


def instant(choice: Choice, *, now: datetime, home: ZoneInfo) -> datetime:
    """When that is: an hour from now, or nine o'clock on the morning of the next day."""
    match choice:
        case "hour":
            return now + timedelta(hours=1)
        case "morning":
            midnight = now.astimezone(home).replace(tzinfo=None, hour=0, minute=0, second=0, microsecond=0)
            return settle_wall_time(midnight + timedelta(days=1, hours=_MORNING_HOUR), home)


def offer(starts_at: datetime, *, now: datetime, home: ZoneInfo) -> list[Choice]:
    """The choices that are of use for something that starts then."""
    return [choice for choice in CHOICES if _is_of_use(instant(choice, now=now, home=home), starts_at)]


async def snooze(
    tx: Transaction,
    person_id: int,
    subjects: Sequence[Subject],
    choice: Choice,
    *,
    now: datetime,
    home: ZoneInfo,
) -> Answer:
    """Remind the person of these once more, each at most once: asking again moves it.

    What will have begun by then is left out. A new time or a cancellation ends it, as it does every reminder.
    """
    at = instant(choice, now=now, home=home)
    starts = [(subject, await find_start(tx, subject, person_id, now=now)) for subject in subjects]
    ahead = [(subject, starts_at) for subject, starts_at in starts if starts_at is not None]
    put_off = [(subject, starts_at) for subject, starts_at in ahead if _is_of_use(at, starts_at)]
    for subject, starts_at in put_off:
        await reminders.put_off(
            tx,
            person_id,
            subject,
            occasion=f"{occasion_of(subject, starts_at, 'again')}:{int(at.timestamp())}:{person_id}",
            until=at,
            useful_until=starts_at,
        )
    if not ahead:
        return NothingAhead()
    return Again(at) if put_off else TooLate()


async def give_up(tx: Transaction, person_id: int, subjects: Sequence[Subject]) -> None:
    """Don't remind them once more after all; giving up twice is harmless."""
    for subject in subjects:
        await reminders.drop_put_off(tx, person_id, subject)


async def find_start(tx: Transaction, subject: Subject, person_id: int, *, now: datetime) -> datetime | None:
    """When it begins for a person who has a seat or the shift; None where that is not ahead of them."""
    match subject.kind:
        case "event":
            found = await _find_seat(tx, subject.id, person_id)
        case "shift":
            found = await _find_duty(tx, subject.id, person_id)
    return found if found is not None and now < found else None


async def _find_seat(tx: Transaction, event_id: int, person_id: int) -> datetime | None:
    event, rsvp = await events.find(tx, event_id), await rsvps.find(tx, event_id, person_id)
    seated = rsvp is not None and rsvp.state == "going"
    return event.starts_at if event is not None and takes_place(event) and seated else None


async def _find_duty(tx: Transaction, shift_id: int, person_id: int) -> datetime | None:
    shift = await shifts.find(tx, shift_id)
    if shift is None or shift.cancelled_at is not None or not await shifts.has_taken(tx, shift_id, person_id):
        return None
    event = await events.find(tx, shift.event_id)
    return shift.starts_at if event is not None and takes_place(event) else None


def _is_of_use(at: datetime, starts_at: datetime) -> bool:
    return at + _LEAST_AHEAD <= starts_at
