"""Visits of several days: their programme, what is asked of travellers, and forgetting it afterwards."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot import audit, quiet
from storage import Transaction, consents, events, jobs, owing, rsvps, stops, travellers
from storage.events import Event
from storage.owing import TIMELY
from storage.rsvps import Rsvp
from storage.stops import Stop, StopText
from storage.travellers import Traveller

DOCUMENTS: Final = ("passport", "hkid", "return_permit", "mainland_id", "other")
# Identity cards may have no expiry date.
MAY_LAST: Final = frozenset({"hkid", "mainland_id", "other"})
PURGE_DAYS: Final = (7, 14, 30)

# What is done by the clock, each about one event.
DETAILS: Final = "travel"
PURGE: Final = "purge"
NAMES: Final = "names"

# Several edits of a programme in a row make one message.
SETTLING: Final = timedelta(minutes=10)
LOOK_AGAIN: Final = timedelta(hours=1)
KEEP_NAMES: Final = timedelta(days=1)
KEEP_CANCELLED: Final = timedelta(days=1)
# Ahead of the start, whoever has not given their details is reminded at these days.
REMINDED: Final = (1, 3, 7)
# Borders want a document that is valid for so many months more.
SPARE_MONTHS: Final = 6


def text_of(stop: Stop, event: Event, locale: str) -> StopText:
    """The stop's words in the language; what was not written in it, in the one of the event."""
    base = stop.texts.get(event.base_locale) or next(iter(stop.texts.values()), StopText(""))
    own = stop.texts.get(locale, base)
    return StopText(own.title or base.title, own.place or base.place, own.note or base.note)


def by_day(plan: Iterable[Stop], event: Event) -> dict[date, list[Stop]]:
    """The stops under the day on which each begins, where the event is."""
    zone, days = ZoneInfo(event.zone), dict[date, list[Stop]]()
    for stop in plan:
        days.setdefault(stop.starts_at.astimezone(zone).date(), []).append(stop)
    return days


def days_of(event: Event) -> list[date]:
    """Every day from the event's first to its last."""
    zone = ZoneInfo(event.zone)
    first, last = event.starts_at.astimezone(zone).date(), event.ends_at.astimezone(zone).date()
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


async def add_stop(
    tx: Transaction,
    event: Event,
    texts: Mapping[str, StopText],
    values: Mapping[str, Any],
    *,
    actor_id: int,
    now: datetime,
) -> int:
    """Put a stop on the programme and say its id."""
    before = await _meetings(tx, event)
    stop_id = await stops.add(tx, event.id, **values)
    for locale, text in texts.items():
        await stops.put_text(tx, stop_id, locale, text)
    await _changed(tx, event, before, actor_id=actor_id, now=now)
    return stop_id


async def change_stop(
    tx: Transaction, event: Event, stop: Stop, values: Mapping[str, Any], *, actor_id: int, now: datetime
) -> None:
    before = await _meetings(tx, event)
    await stops.change(tx, stop.id, **values)
    await _changed(tx, event, before, actor_id=actor_id, now=now)


async def change_stop_text(
    tx: Transaction,
    event: Event,
    stop: Stop,
    locale: str,
    changes: Mapping[str, str],
    *,
    actor_id: int,
    now: datetime,
) -> None:
    """Change the stop's words in one language; one without a title is dropped, except the event's own."""
    before = await _meetings(tx, event)
    text = replace(stop.texts.get(locale, StopText("")), **changes)
    if text.title or locale == event.base_locale:
        await stops.put_text(tx, stop.id, locale, text)
    else:
        await stops.drop_text(tx, stop.id, locale)
    await _changed(tx, event, before, actor_id=actor_id, now=now)


async def remove_stop(tx: Transaction, event: Event, stop: Stop, *, actor_id: int, now: datetime) -> None:
    before = await _meetings(tx, event)
    await stops.remove(tx, stop.id)
    await _changed(tx, event, before, actor_id=actor_id, now=now)


@dataclass(frozen=True)
class Meeting:
    """When and where one meets, as it was or as it is."""

    at: int
    # Title and place by locale.
    texts: Mapping[str, Sequence[str]]
    pin: Sequence[float] | None

    def differs(self, other: "Meeting", locale: str) -> bool:
        """Whether it takes a new time, place or pin; a new title or translation moves nobody."""
        return (self.at, self.pin, self.place(locale)) != (other.at, other.pin, other.place(locale))

    def place(self, locale: str) -> str:
        return self.texts[locale][1] if locale in self.texts else ""


async def _meetings(tx: Transaction, event: Event) -> dict[int, Meeting]:
    return meetings_of(await stops.list_of_event(tx, event.id))


def meetings_of(plan: Iterable[Stop]) -> dict[int, Meeting]:
    return {
        stop.id: Meeting(
            int(stop.starts_at.timestamp()),
            {locale: [text.title, text.place] for locale, text in stop.texts.items()},
            None if stop.latitude is None or stop.longitude is None else [stop.latitude, stop.longitude],
        )
        for stop in plan
        if stop.meeting
    }


def read_meetings(params: Mapping[str, Any]) -> dict[int, Meeting]:
    """The meeting points as a notice keeps them."""
    return {int(one): Meeting(**values) for one, values in params.get("meetings", {}).items()}


def differing(
    before: Mapping[int, Meeting], after: Mapping[int, Meeting], locale: str, now: datetime
) -> list[int]:
    """The meeting points, old and new, that somebody might go to in vain or miss; not those that are past."""
    found = []
    for one in sorted(before.keys() | after.keys()):
        was, will = before.get(one), after.get(one)
        if was and will and not was.differs(will, locale):
            continue
        if max(meeting.at for meeting in (was, will) if meeting) > now.timestamp():
            found.append(one)
    return found


async def _changed(
    tx: Transaction, event: Event, before: Mapping[int, Meeting], *, actor_id: int, now: datetime
) -> None:
    """Note who changed the programme, and tell those who have a place of a new time or place to meet.

    Who is still to be told of an earlier change is told once of both.
    """
    await audit.note(tx, "plan_changed", now=now, actor_id=actor_id, event_id=event.id)
    # Calendars go by the revision.
    await events.change(tx, event.id, now=now)
    after = await _meetings(tx, event)
    changed = differing(before, after, event.base_locale, now)
    if event.state != "published" or event.ends_at <= now or not changed:
        return
    soonest = min(meeting.at for one in changed for meeting in (before.get(one), after.get(one)) if meeting)
    kept = {str(one): {"at": was.at, "texts": was.texts, "pin": was.pin} for one, was in before.items()}
    await owing.owe_concerned(
        tx,
        event.id,
        "plan_changed",
        occasion=f"plan:{event.id}:{int(now.timestamp())}:{changed[0]}",
        due_at=now + SETTLING,
        useful_until=event.ends_at,
        params={"meetings": kept},
        rank=quiet.urgency(max(now, datetime.fromtimestamp(soonest, now.tzinfo)), now),
    )


@dataclass(frozen=True)
class Valid:
    """The document outlasts the visit by far, or for ever."""


@dataclass(frozen=True)
class ValidBriefly:
    """It outlasts the visit by less than six months; some borders mind."""


@dataclass(frozen=True)
class Expired:
    """It is not valid on the visit's last day."""

    last_day: date


def check_expiry(expires: date | None, ends_at: datetime, zone: ZoneInfo) -> Valid | ValidBriefly | Expired:
    """Whether the document is valid to the end of the visit. None: it has no expiry date."""
    last_day = ends_at.astimezone(zone).date()
    if expires is None:
        return Valid()
    if expires < last_day:
        return Expired(last_day)
    return ValidBriefly() if expires < months_after(last_day, SPARE_MONTHS) else Valid()


async def list_expired(tx: Transaction, event: Event) -> list[Traveller]:
    """Those whose documents don't outlast the visit any more, as it was moved since."""
    return [
        one
        for one in await travellers.list_of_event(tx, event.id)
        if one.document_expires
        and isinstance(
            check_expiry(date.fromisoformat(one.document_expires), event.ends_at, ZoneInfo(event.zone)),
            Expired,
        )
    ]


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last one of a month that is too short."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first_of_next = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=day.day - 1), first_of_next - timedelta(days=1))


@dataclass(frozen=True)
class Asked:
    """The person travels: these are the details given so far, by the number in the party."""

    event: Event
    rsvp: Rsvp
    given: Mapping[int, Traveller]

    @property
    def missing(self) -> int:
        return self.rsvp.party - len(self.given)


@dataclass(frozen=True)
class NotAsked:
    """No details are asked of the person: no such event, no place, or none needed."""


@dataclass(frozen=True)
class TooLate:
    """The visit has begun; details stay as they are until they are deleted."""

    event: Event


def travels(rsvp: Rsvp) -> bool:
    """Whether the person has a place and comes along; whoever takes part online crosses no border."""
    return rsvp.state == "going" and rsvp.way == "here"


async def details_of(
    tx: Transaction, event_id: int, person_id: int, *, now: datetime
) -> Asked | NotAsked | TooLate:
    """What is asked of the person as a traveller, and what has been given."""
    event = await events.find(tx, event_id)
    if event is None or event.state != "published" or not event.traveller_details:
        return NotAsked()
    rsvp = await rsvps.find(tx, event_id, person_id)
    if rsvp is None or not travels(rsvp):
        return NotAsked()
    if now >= event.starts_at:
        return TooLate(event)
    given = {one.position: one for one in await travellers.list_of_rsvp(tx, rsvp.id)}
    return Asked(event, rsvp, {n: one for n, one in given.items() if n < rsvp.party})


async def save_details(
    tx: Transaction, event_id: int, person_id: int, details: Traveller, *, now: datetime
) -> Asked | NotAsked | TooLate | Expired:
    """Keep what was given of one of the person's party; how they stand then."""
    # Nothing is kept of somebody who gives up the place at this moment.
    await events.lock(tx, event_id)
    asked = await details_of(tx, event_id, person_id, now=now)
    if not isinstance(asked, Asked):
        return asked
    if not 0 <= details.position < asked.rsvp.party:
        return NotAsked()
    expires = date.fromisoformat(details.document_expires) if details.document_expires else None
    checked = check_expiry(expires, asked.event.ends_at, ZoneInfo(asked.event.zone))
    if isinstance(checked, Expired):
        return checked
    await travellers.put(tx, replace(details, rsvp_id=asked.rsvp.id, filled_at=now))
    return await details_of(tx, event_id, person_id, now=now)


async def drop_details(
    tx: Transaction, event_id: int, person_id: int, position: int, *, now: datetime
) -> Asked | NotAsked | TooLate:
    """Delete what was given of one of the party. Doing it twice is harmless."""
    asked = await details_of(tx, event_id, person_id, now=now)
    if isinstance(asked, Asked):
        await travellers.drop(tx, asked.rsvp.id, position)
        return await details_of(tx, event_id, person_id, now=now)
    return asked


async def give_up(tx: Transaction, rsvp_id: int, *, keep: int = 0) -> None:
    """Forget at once what is known of those who don't come any more; the first `keep` of the party do."""
    await travellers.drop_beyond(tx, rsvp_id, keep)
    if not keep:
        await consents.drop_of_rsvp(tx, rsvp_id)


async def remind_travellers(tx: Transaction, event_id: int, *, now: datetime) -> None:
    """Owe everybody who has a place and not given their details a word; looked at every hour to the start.

    Each hears it once after getting the place, and again seven days, three days and a day before the start.
    """
    event = await events.find(tx, event_id)
    if event is None or event.state != "published" or not event.traveller_details or now >= event.starts_at:
        return
    ahead = [days for days in REMINDED if event.starts_at - now <= timedelta(days=days)]
    start = int(event.starts_at.timestamp())
    # Who has just got the place is asked on the card itself.
    since = now - LOOK_AGAIN
    await _owe_details(tx, event, f"{start}:{ahead[0]}d" if ahead else "place", since=since, now=now)
    await jobs.plan(tx, DETAILS, event.id, due_at=min(now + LOOK_AGAIN, event.starts_at))


async def remind_now(tx: Transaction, event: Event, *, now: datetime) -> int:
    """Remind those whose details are missing, as an organiser asks; nobody twice on one day. Say how many."""
    day = now.astimezone(ZoneInfo(event.zone)).date()
    return await _owe_details(tx, event, day.isoformat(), since=now, now=now)


async def _owe_details(tx: Transaction, event: Event, stage: str, *, since: datetime, now: datetime) -> int:
    parties = await travellers.list_parties(tx, event.id)
    missing = [one for one in parties if not one.complete and one.seated_at <= since]
    for party in missing:
        await owing.owe_person(
            tx,
            party.person_id,
            "details_needed",
            occasion=f"details:{event.id}:{party.person_id}:{stage}",
            due_at=now,
            rank=TIMELY,
            useful_until=event.starts_at,
            event_id=event.id,
        )
    return len(missing)


async def purge(tx: Transaction, event_id: int, *, now: datetime) -> None:
    """Delete travellers' details and guardians' consents to the event, and write down how many that were."""
    await travellers.forget_forms(tx, event_id)
    deleted = await travellers.purge(tx, event_id) + await consents.purge(tx, event_id)
    if deleted:
        await audit.note(tx, "details_purged", now=now, actor_id=None, event_id=event_id, count=deleted)


async def stop_asking(tx: Transaction, event_id: int, column: str, *, actor_id: int, now: datetime) -> None:
    """Forget at once what an organiser doesn't ask for any more: the details, or the consents."""
    if column == "traveller_details":
        await travellers.forget_forms(tx, event_id)
        deleted = await travellers.purge(tx, event_id)
    else:
        deleted = await consents.purge(tx, event_id)
    if deleted:
        await audit.note(tx, "details_purged", now=now, actor_id=actor_id, event_id=event_id, count=deleted)


async def forget_names(tx: Transaction, event_id: int, *, now: datetime) -> None:
    """Forget the names of people who never spoke to the bot."""
    await travellers.forget_names(tx, event_id)
