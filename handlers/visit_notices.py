"""Notices about visits: what is missing of travellers, a changed programme, and what guardians hear."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot import programme, visits
from bot.consents import CONCERNED, due_of
from bot.language import Language, isolate
from bot.visits import Meeting
from handlers.events import title_of
from handlers.owing import Reading
from handlers.replies import Button, Reply, button, say
from storage import Transaction, consents, events, rsvps, stops, travellers
from storage.consents import Consent
from storage.events import Event
from storage.notices import Owed
from storage.rsvps import Rsvp


async def ask_details(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    """For somebody who has a place and whose party's details are not all there."""
    found = await _place(notice, tx, reading)
    if found is None:
        return None
    event, rsvp = found
    given = [one for one in await travellers.list_of_rsvp(tx, rsvp.id) if one.position < rsvp.party]
    if not visits.travels(rsvp) or not event.traveller_details or len(given) >= rsvp.party:
        return None
    language = reading.language
    text = language.html(
        "🛂 You have a place at <b>{title}</b>, {when}. I still need the travel details of your party:"
        " it takes two minutes for each person.",
        title=title_of(event, language),
        when=language.moment(event.starts_at, ZoneInfo(event.zone), now=reading.now),
    )
    details = button(language.gettext("🛂 Give traveller details"), "travel", event.id, style="primary")
    return say(text, [[details], [_open(event, language)]])


async def tell_plan_changed(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    """What changed about where and when one meets, from what it was when the first change was made."""
    found = await _place(notice, tx, reading, begun=True)
    if found is None or found[1].state != "going":
        return None
    event, _ = found
    before = visits.read_meetings(notice.params)
    after = visits.meetings_of(await stops.list_of_event(tx, event.id))
    changed = visits.differing(before, after, event.base_locale, reading.now)
    if not changed:
        return None
    language = reading.language
    heading = language.html("✏️ The programme of <b>{title}</b> has changed.", title=title_of(event, language))
    said = [_changed(before.get(one), after.get(one), event, reading) for one in changed]
    plan = button(language.gettext("🧭 Programme"), "plan", event.id)
    leave = button(language.gettext("I can't come"), "leave", event.id)
    return say(Markup("\n\n").join([heading, *said]), [[plan], [_open(event, language)], [leave]])


def _changed(was: Meeting | None, will: Meeting | None, event: Event, reading: Reading) -> Markup:
    language, lines = reading.language, []
    if was and will:
        lines.append(language.html("🚩 Before: {point}", point=_point(was, event, reading)))
        lines.append(language.html("Now: {point}", point=_point(will, event, reading)))
    elif was:
        lines.append(
            language.html("🚩 We don't meet here any more: {point}", point=_point(was, event, reading))
        )
    elif will:
        lines.append(language.html("🚩 New meeting point: {point}", point=_point(will, event, reading)))
    return Markup("\n").join(lines)


def _point(meeting: Meeting, event: Event, reading: Reading) -> str:
    language = reading.language
    title, place = _words(meeting.texts, language.locale, event.base_locale)
    at = datetime.fromtimestamp(meeting.at, UTC)
    when = language.moment(at, ZoneInfo(event.zone), now=reading.now)
    return language.joined([one for one in (when, title, place) if one], "unit")


def _words(texts: Mapping[str, Sequence[str]], locale: str, base_locale: str) -> tuple[str, str]:
    base = texts.get(base_locale, ("", ""))
    own = texts.get(locale, base)
    return own[0] or base[0], own[1] or base[1]


async def ask_consent(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    """For somebody of whom it isn't known that they are 18, and whose guardian hasn't answered."""
    found = await _consent_of(notice, tx, reading, "asked")
    if found is None or not found[0].guardian_consent:
        return None
    event, consent = found
    language = reading.language
    text = language.html(
        "👪 For <b>{title}</b> a parent or guardian has to agree if you are under 18. I need to know by"
        " {when}; else your place goes to somebody else.",
        title=title_of(event, language),
        when=language.moment(due_of(event, consent), ZoneInfo(event.zone), now=reading.now),
    )
    ask = button(language.gettext("👪 Tell me more"), "young", event.id, style="primary")
    return say(text, [[ask], [_open(event, language)]])


async def tell_given(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    found = await _consent_of(notice, tx, reading, "given")
    if found is None:
        return None
    event, _ = found
    language = reading.language
    text = language.html(
        "✅ Your parent or guardian has agreed: you can take part in <b>{title}</b>.",
        title=title_of(event, language),
    )
    return say(text, [[_open(event, language)]])


async def tell_refused(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    found = await _consent_of(notice, tx, reading, "refused")
    if found is None:
        return None
    event, consent = found
    language = reading.language
    text = language.html(
        "👪 Your parent or guardian does not agree that you take part in <b>{title}</b>. Please talk it over:"
        " they can change their answer until {when}. Then your place goes to somebody else.",
        title=title_of(event, language),
        when=language.moment(due_of(event, consent), ZoneInfo(event.zone), now=reading.now),
    )
    return say(text, [[button(language.gettext("👪 Tell me more"), "young", event.id)]])


async def tell_missing(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    """The place went to somebody else, as nobody agreed in time."""
    event = await _event(notice, tx)
    if event is None or event.state != "published" or notice.person_id is None:
        return None
    rsvp = await rsvps.find(tx, event.id, notice.person_id)
    if rsvp is None or rsvp.state != "left":
        return None
    language = reading.language
    text = language.html(
        "👪 I have not heard from your parent or guardian in time, so your place at <b>{title}</b> is free"
        " for somebody else. We are sorry. If they agree after all, sign up again or ask us.",
        title=title_of(event, language),
    )
    ask = button(language.gettext("💬 Ask a person"), "ask")
    return say(text, [[_open(event, language)], [ask]])


async def tell_guardian_changed(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    """Time and place as they are now, for somebody who agreed to what they were."""
    found = await _agreed(notice, tx)
    if found is None or found[0].state != "published" or found[0].ends_at <= reading.now:
        return None
    event, consent = found
    language, zone = reading.language, ZoneInfo(event.zone)
    before = datetime.fromtimestamp(notice.params["before_starts_at"], UTC)
    lines = [
        language.html(
            "✏️ <b>{title}</b>, where {name} takes part, has changed.",
            title=title_of(event, language),
            name=isolate(consent.person[:64]),
        )
    ]
    if before != event.starts_at:
        lines.append(language.html("Before: {when}", when=language.moment(before, zone, now=reading.now)))
    lines.append(
        language.html(
            "Now: {when}", when=language.span(event.starts_at, event.ends_at, zone, now=reading.now)
        )
    )
    place = programme.text_of(event, language.locale).place
    if place:
        lines.append(language.html("📍 {place}", place=place))
    take_back = button(language.gettext("Take my consent back"), "guardno", consent.token, style="danger")
    return say(Markup("\n").join(lines), [[take_back]])


async def tell_guardian_cancelled(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    found = await _agreed(notice, tx)
    if found is None or found[0].state != "cancelled":
        return None
    event, consent = found
    language = reading.language
    text = language.html(
        "❌ <b>{title}</b>, {when}, where {name} was going to take part, has been cancelled. We are sorry.",
        title=title_of(event, language),
        when=language.moment(event.starts_at, ZoneInfo(event.zone), now=reading.now),
        name=isolate(consent.person[:64]),
    )
    return say(text)


async def _event(notice: Owed, tx: Transaction) -> Event | None:
    return await events.find(tx, notice.event_id) if notice.event_id is not None else None


async def _place(
    notice: Owed, tx: Transaction, reading: Reading, *, begun: bool = False
) -> tuple[Event, Rsvp] | None:
    """A published event that has not begun, or with `begun` is not over, and the reader's place at it."""
    event = await _event(notice, tx)
    if event is None or event.state != "published" or notice.person_id is None:
        return None
    if reading.now >= (event.ends_at if begun else event.starts_at):
        return None
    rsvp = await rsvps.find(tx, event.id, notice.person_id)
    return (event, rsvp) if rsvp and rsvp.state in CONCERNED else None


async def _consent_of(
    notice: Owed, tx: Transaction, reading: Reading, state: str
) -> tuple[Event, Consent] | None:
    """The event, and what a guardian says to the reader's place at it while that is their answer."""
    found = await _place(notice, tx, reading)
    consent = await consents.find_of_rsvp(tx, found[1].id) if found else None
    return (found[0], consent) if found and consent and consent.state == state else None


async def _agreed(notice: Owed, tx: Transaction) -> tuple[Event, Consent] | None:
    """The event, and the reader's own consent to it where that still stands."""
    event, consent = await _event(notice, tx), await consents.find(tx, notice.params["consent"])
    if event is None or consent is None or consent.state != "given":
        return None
    return (event, consent) if consent.guardian_id == notice.person_id else None


def _open(event: Event, language: Language) -> Button:
    return button(language.gettext("Open the event"), "event", event.id)
