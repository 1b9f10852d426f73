"""What a shift needs of whoever takes it, and which volunteers have it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal
from zlib import crc32
from zoneinfo import ZoneInfo

from storage import Transaction, volunteer_certificates, volunteers
from storage.events import Event
from storage.shifts import Shift
from storage.volunteer_certificates import Certificate
from storage.volunteers import Volunteer

# The kinds of certificate, by the codes under which they are stored.
CERTIFICATES: Final = ("first_aid", "child_protection", "food_hygiene", "driving", "other")
# How many people are asked to take one shift.
MOST_ASKED: Final = 30

# How somebody stands with a certificate: it is good for the shift, or why it is not.
Standing = Literal["good", "missing", "unchecked", "expired"]


@dataclass(frozen=True)
class Lacking:
    """What somebody lacks for a shift; nothing where it is all empty."""

    languages: tuple[str, ...] = ()
    certificate: Standing = "good"

    def __bool__(self) -> bool:
        return bool(self.languages) or self.certificate != "good"


def last_day(shift: Shift, event: Event) -> str:
    """The day on which the shift ends as YYYY-MM-DD: a certificate must hold through it."""
    # What ends at midnight is over before that day has begun.
    last = shift.ends_at - timedelta(microseconds=1)
    return last.astimezone(ZoneInfo(event.zone)).date().isoformat()


def standing(certificate: Certificate | None, shift: Shift, event: Event) -> Standing:
    if certificate is None:
        return "missing"
    if certificate.expires_on is not None and certificate.expires_on < last_day(shift, event):
        return "expired"
    return "good" if certificate.checked_at is not None else "unchecked"


def unspoken(shift: Shift, languages: Collection[str]) -> tuple[str, ...]:
    return tuple(code for code in shift.languages if code not in languages)


async def find_lacking(
    tx: Transaction, shift: Shift, event: Event, volunteer: Volunteer | None, person_id: int
) -> Lacking:
    """What the person lacks for the shift. Of who is no volunteer yet, the languages aren't known to lack."""
    held: Standing = "good"
    if shift.certificate is not None:
        found = await volunteer_certificates.find(tx, person_id, shift.certificate)
        held = standing(found, shift, event)
    return Lacking(unspoken(shift, volunteer.languages) if volunteer else (), held)


async def list_fitting(tx: Transaction, shift: Shift, event: Event) -> list[Volunteer]:
    """Volunteers who could take the shift and may be asked, at most MOST_ASKED of them.

    They have what it needs, no other shift at that time and are usually free then. Not always the same
    ones are asked: each shift has an order of its own.
    """
    free = await volunteers.list_free(
        tx,
        shift.id,
        starts_at=shift.starts_at,
        ends_at=shift.ends_at,
        certificate=shift.certificate,
        expires_after=last_day(shift, event),
    )
    times = times_of(shift.starts_at, shift.ends_at, ZoneInfo(event.zone))
    fitting = [
        one for one in free if not unspoken(shift, one.languages) and (not one.free or times & set(one.free))
    ]
    fitting.sort(key=lambda one: crc32(f"{shift.id}:{one.person_id}".encode()))
    return fitting[:MOST_ASKED]


def times_of(starts_at: datetime, ends_at: datetime, zone: ZoneInfo) -> frozenset[str]:
    """In which of the times that volunteers name as free something lies, by its start and its end."""
    return frozenset(
        _time_of(instant.astimezone(zone)) for instant in (starts_at, ends_at - timedelta(minutes=1))
    )


def _time_of(local: datetime) -> str:
    match local.weekday():
        case 5:
            return "saturdays"
        case 6:
            return "sundays"
        case _:
            # Work in the small hours is for those who have evenings.
            return "weekdays" if 6 <= local.hour < 18 else "evenings"
