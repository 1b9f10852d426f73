"""A guardian's consent to a young person's taking part: asked for, given, withdrawn, or missing in time."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot import attendance
from storage import Transaction, consents, events, jobs, owing, rsvps
from storage.consents import Consent
from storage.events import Event
from storage.owing import TIMELY
from storage.people import Person

# What is done by the clock: asking everybody at an event, and following up one consent.
EVERYBODY: Final = "consents"
ONE: Final = "consent"

DAY: Final = timedelta(days=1)
LOOK_AGAIN: Final = timedelta(hours=1)
# Those who hold a place, or may be given one without being asked again.
CONCERNED: Final = ("going", "applied", "offered")

Token = Callable[[], str]


def new_token() -> str:
    return secrets.token_urlsafe(12)


@dataclass(frozen=True)
class Needed:
    """How the person stands whose guardian may have to agree, and until when."""

    event: Event
    consent: Consent
    until: datetime


@dataclass(frozen=True)
class NotNeeded:
    """There is no such event, no place of the person's, or nobody's consent is asked."""


@dataclass(frozen=True)
class ForGuardian:
    """What a guardian is asked about, or has answered."""

    event: Event
    consent: Consent
    until: datetime


@dataclass(frozen=True)
class OwnLink:
    """The young person opened the link that is meant for somebody else."""

    event: Event


@dataclass(frozen=True)
class AnotherAnswered:
    """A second guardian: the first one's answer stands."""

    event: Event


@dataclass(frozen=True)
class Over:
    """The event has begun, or was cancelled: there is nothing to agree to any more."""

    event: Event


@dataclass(frozen=True)
class NoLink:
    """The link was renewed, or never was one."""


Opened = ForGuardian | OwnLink | AnotherAnswered | Over | NoLink


def due_of(event: Event, consent: Consent) -> datetime:
    """Until when consent must be there: a day before sign-up ends or the event starts.

    Whoever was asked late, or whose guardian said no, has a day all the same, but never past the start.
    """
    closes = min(event.deadline_at or event.starts_at, event.starts_at)
    since = consent.asked_at
    if consent.state == "refused" and consent.answered_at:
        since = consent.answered_at
    return min(event.starts_at, max(closes - DAY, since + DAY))


async def stand(tx: Transaction, event_id: int, person_id: int) -> Consent | None:
    """What is known of the person's consent, or None where nothing was asked yet."""
    rsvp = await rsvps.find(tx, event_id, person_id)
    return await consents.find_of_rsvp(tx, rsvp.id) if rsvp else None


async def ask(
    tx: Transaction, event_id: int, person_id: int, *, now: datetime, token: Token = new_token
) -> Needed | NotNeeded:
    """Note that consent is needed and give the link's token. Asking twice gives the same one."""
    event = await events.lock(tx, event_id)
    rsvp = await rsvps.find(tx, event_id, person_id)
    if event is None or rsvp is None or not event.guardian_consent or rsvp.state not in CONCERNED:
        return NotNeeded()
    if event.state != "published" or now >= event.starts_at:
        return NotNeeded()
    found = await consents.find_of_rsvp(tx, rsvp.id)
    if found is None:
        await consents.add(tx, rsvp.id, token=token(), now=now)
        found = await consents.find_of_rsvp(tx, rsvp.id)
        if found is None:
            raise LookupError("a consent just asked for was not found")
        await _plan(tx, event, found, now=now)
    return Needed(event, found, due_of(event, found))


async def say_age(
    tx: Transaction, event_id: int, person_id: int, *, adult: bool, now: datetime
) -> Needed | NotNeeded:
    """Note whether the person is 18 or over. Once a guardian has answered, this can't undo it."""
    needed = await ask(tx, event_id, person_id, now=now)
    if not isinstance(needed, Needed) or needed.consent.state not in ("asked", "adult"):
        return needed
    state = "adult" if adult else "asked"
    if state == needed.consent.state:
        return needed
    changed = replace(needed.consent, state=state, asked_at=now if not adult else needed.consent.asked_at)
    await consents.change(tx, changed.id, state=state, asked_at=changed.asked_at)
    await _plan(tx, needed.event, changed, now=now)
    return Needed(needed.event, changed, due_of(needed.event, changed))


async def renew(
    tx: Transaction, event_id: int, person_id: int, *, now: datetime, token: Token = new_token
) -> Needed | NotNeeded:
    """Make a new link; the one before opens nothing any more. A consent that was given stands.

    A no is forgotten with its link, for it may have come from somebody whom the link wasn't meant for.
    """
    needed = await ask(tx, event_id, person_id, now=now)
    if not isinstance(needed, Needed) or needed.consent.state not in ("asked", "refused"):
        return needed
    since = now if needed.consent.state == "refused" else needed.consent.asked_at
    fresh = replace(
        needed.consent, state="asked", token=token(), guardian_id=None, asked_at=since, answered_at=None
    )
    await consents.change(
        tx,
        fresh.id,
        state="asked",
        token=fresh.token,
        guardian_id=None,
        guardian_name="",
        relation="",
        phone="",
        asked_at=since,
        answered_at=None,
    )
    await _plan(tx, needed.event, fresh, now=now)
    return Needed(needed.event, fresh, due_of(needed.event, fresh))


async def open_link(tx: Transaction, token: str, guardian_id: int, *, now: datetime) -> Opened:
    """What the link is about, for whoever holds it."""
    known = await consents.find_by_token(tx, token)
    # The event first, as everybody does who decides about a place: an answer counts whole or not at all.
    event = await events.lock(tx, known.event_id) if known else None
    consent = await consents.find_by_token(tx, token) if event else None
    if consent is None or event is None or consent.state == "adult":
        return NoLink()
    if consent.person_id == guardian_id:
        return OwnLink(event)
    if consent.guardian_id is not None and consent.guardian_id != guardian_id:
        return AnotherAnswered(event)
    if event.state != "published" or now >= event.starts_at or consent.rsvp_state not in CONCERNED:
        return Over(event)
    return ForGuardian(event, consent, due_of(event, consent))


async def agree(
    tx: Transaction,
    token: str,
    guardian_id: int,
    *,
    name: str,
    relation: str,
    phone: str,
    now: datetime,
) -> Opened:
    """Keep the guardian's yes; the young person is told. Saying it twice is harmless."""
    opened = await open_link(tx, token, guardian_id, now=now)
    if not isinstance(opened, ForGuardian):
        return opened
    given = replace(
        opened.consent,
        state="given",
        guardian_id=guardian_id,
        guardian_name=name,
        relation=relation,
        phone=phone,
        answered_at=now,
    )
    await _answer(tx, given)
    await jobs.drop(tx, ONE, given.id)
    if opened.consent.state != "given":
        stage = f"given:{int(now.timestamp())}"
        await _tell(tx, opened.event, given, "consent_given", stage=stage, now=now)
    return ForGuardian(opened.event, given, opened.until)


async def refuse(tx: Transaction, token: str, guardian_id: int, *, now: datetime) -> Opened:
    """Keep the guardian's no, or take back a yes; the young person is told.

    The place is kept for a day at least, in case it was a slip or they talk it over.
    """
    opened = await open_link(tx, token, guardian_id, now=now)
    if not isinstance(opened, ForGuardian) or opened.consent.state == "refused":
        return opened
    refused = replace(opened.consent, state="refused", guardian_id=guardian_id, answered_at=now)
    await _answer(tx, refused)
    await jobs.plan(tx, ONE, refused.id, due_at=due_of(opened.event, refused))
    stage = f"refused:{int(now.timestamp())}"
    await _tell(tx, opened.event, refused, "consent_refused", stage=stage, now=now)
    return ForGuardian(opened.event, refused, due_of(opened.event, refused))


async def ask_everybody(tx: Transaction, event_id: int, *, now: datetime) -> None:
    """Ask those who have a place or applied, and were not asked yet; looked at every hour to the start."""
    event = await events.lock(tx, event_id)
    if event is None or event.state != "published" or not event.guardian_consent or now >= event.starts_at:
        return
    # Who has just signed up is asked on the card itself.
    for person_id in await consents.list_unasked(tx, event_id, since=now - LOOK_AGAIN):
        needed = await ask(tx, event_id, person_id, now=now)
        if isinstance(needed, Needed):
            await _tell(tx, event, needed.consent, "consent_needed", stage="asked", now=now)
    await jobs.plan(tx, EVERYBODY, event_id, due_at=min(now + LOOK_AGAIN, event.starts_at))


async def check(tx: Transaction, consent_id: int, *, now: datetime) -> None:
    """Remind at half time; when time is up without a yes, give the place up for whoever waits."""
    known = await consents.find(tx, consent_id)
    event = await events.lock(tx, known.event_id) if known else None
    consent = await consents.find(tx, consent_id) if event else None
    if consent is None or event is None or event.state != "published" or not event.guardian_consent:
        return
    if consent.state not in ("asked", "refused") or consent.rsvp_state not in CONCERNED:
        return
    due = due_of(event, consent)
    if now < due:
        if consent.state == "asked":
            stage = f"half:{int(consent.asked_at.timestamp())}"
            await _tell(tx, event, consent, "consent_needed", stage=stage, now=now)
        await jobs.plan(tx, ONE, consent.id, due_at=due)
        return
    await attendance.leave(tx, event.id, consent.person_id, now=now)
    await owing.owe_person(
        tx,
        consent.person_id,
        "consent_missing",
        occasion=f"consent:{consent.id}:missing",
        due_at=now,
        useful_until=event.ends_at,
        event_id=event.id,
    )


async def replan(tx: Transaction, event: Event, *, now: datetime) -> None:
    """Follow an event that moved: what consent is still missing, is missing by another time."""
    if event.state != "published" or not event.guardian_consent:
        return
    for consent in await consents.list_of_event(tx, event.id):
        await _plan(tx, event, consent, now=now)


async def forget_guardian(tx: Transaction, guardian: Person, *, now: datetime) -> None:
    """Whoever deletes themselves takes their consents along; the young people are told and ask anew.

    Lock the events before.
    """
    for consent in await consents.list_by_guardian(tx, guardian.id):
        open_again = replace(consent, state="asked", asked_at=now)
        await consents.change(
            tx,
            consent.id,
            state="asked",
            asked_at=now,
            token=new_token(),
            guardian_id=None,
            guardian_name="",
            relation="",
            phone="",
            answered_at=None,
        )
        event = await events.find(tx, consent.event_id)
        if event and event.state == "published" and now < event.starts_at:
            await _plan(tx, event, open_again, now=now)
            await _tell(
                tx, event, open_again, "consent_needed", stage=f"anew:{int(now.timestamp())}", now=now
            )


async def _answer(tx: Transaction, consent: Consent) -> None:
    await consents.change(
        tx,
        consent.id,
        state=consent.state,
        guardian_id=consent.guardian_id,
        guardian_name=consent.guardian_name,
        relation=consent.relation,
        phone=consent.phone,
        answered_at=consent.answered_at,
    )


async def _plan(tx: Transaction, event: Event, consent: Consent, *, now: datetime) -> None:
    if consent.state not in ("asked", "refused"):
        await jobs.drop(tx, ONE, consent.id)
        return
    due = due_of(event, consent)
    half = consent.asked_at + (due - consent.asked_at) / 2
    wanted = half if consent.state == "asked" and half > now else due
    await jobs.plan(tx, ONE, consent.id, due_at=wanted)


async def _tell(
    tx: Transaction, event: Event, consent: Consent, kind: str, *, stage: str, now: datetime
) -> None:
    await owing.owe_person(
        tx,
        consent.person_id,
        kind,
        occasion=f"consent:{consent.id}:{stage}",
        due_at=now,
        rank=TIMELY,
        useful_until=event.starts_at,
        event_id=event.id,
    )
