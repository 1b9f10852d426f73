"""Notices to volunteers about what organisers decided, and about certificates."""

from datetime import date

from markupsafe import Markup

from bot import crew, volunteering
from handlers.owing import Reading
from handlers.replies import Reply, button, say
from handlers.shift_needs import certificate_name, named
from storage import Transaction, events, shift_signups, shifts, volunteer_certificates
from storage.events import Event
from storage.notices import Owed
from storage.shift_signups import Signup
from storage.shifts import Shift


async def tell_approved(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    """The organiser gave the reader the shift they had asked for."""
    found = await _standing(notice, tx)
    if found is None or found[2].state != "taken" or not volunteering.is_open(*found[:2], reading.now):
        return None
    shift, event, _ = found
    language = reading.language
    text = language.html(
        "✅ The shift is yours: {shift}. Thank you!", shift=named(shift, event, language, reading.now)
    )
    rows = [
        [button(language.gettext("Open the shift"), "shift", shift.id)],
        [button(language.gettext("I can't come"), "drop", shift.id)],
    ]
    return say(text, rows)


async def tell_refused(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    found = await _standing(notice, tx)
    if found is None or found[2].state != "refused" or not volunteering.is_open(*found[:2], reading.now):
        return None
    shift, event, signup = found
    language = reading.language
    text = language.html(
        "Somebody else does {shift}. Thank you for offering!",
        shift=named(shift, event, language, reading.now),
    )
    if signup.reason:
        text += Markup("\n") + language.html("The organiser writes: {reason}", reason=signup.reason)
    return say(text, [[button(language.gettext("🙋 Open shifts"), "volunteer")]])


async def tell_leader(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    """The reader leads the shift: they see its people and note who comes."""
    found = await _standing(notice, tx)
    if found is None or found[2].state != "taken" or not found[2].leader:
        return None
    shift, event, _ = found
    if shift.cancelled_at is not None or reading.now > shift.ends_at + crew.AFTER:
        return None
    language = reading.language
    text = language.html(
        "⭐ You lead {shift}. You see who is on it, and note who has come.",
        shift=named(shift, event, language, reading.now),
    )
    return say(text, [[button(language.gettext("👥 My team"), "crew", shift.id)]])


async def tell_certificate_accepted(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    if notice.person_id is None:
        return None
    held = await volunteer_certificates.find(tx, notice.person_id, notice.params["kind"])
    if held is None or held.checked_at is None:
        return None
    language = reading.language
    text = language.html(
        "✅ Your certificate ({kind}) counts from now on. Its picture is deleted.",
        kind=certificate_name(language, held.kind),
    )
    return say(text, [[button(language.gettext("🙋 Open shifts"), "volunteer")]])


async def tell_certificate_refused(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    language = reading.language
    kind = notice.params["kind"]
    text = language.html(
        "Your certificate ({kind}) could not be accepted.", kind=certificate_name(language, kind)
    )
    if notice.params["reason"]:
        text += Markup("\n") + language.html("The organiser writes: {reason}", reason=notice.params["reason"])
    return say(text, [[button(language.gettext("Hand it in again"), "certnew", kind)]])


async def warn_of_expiry(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    """A certificate expires soon, if it is still the same one."""
    if notice.person_id is None:
        return None
    held = await volunteer_certificates.find(tx, notice.person_id, notice.params["kind"])
    if held is None or held.expires_on is None or held.expires_on != notice.params["expires_on"]:
        return None
    language = reading.language
    text = language.html(
        "🔔 Your certificate ({kind}) expires on {day}. Once you have the new one, please hand it in.",
        kind=certificate_name(language, held.kind),
        day=language.day_of_record(date.fromisoformat(held.expires_on)),
    )
    return say(text, [[button(language.gettext("Hand in the new one"), "certnew", held.kind)]])


async def _standing(notice: Owed, tx: Transaction) -> tuple[Shift, Event, Signup] | None:
    if notice.shift_id is None or notice.person_id is None:
        return None
    shift = await shifts.find(tx, notice.shift_id)
    event = await events.find(tx, shift.event_id) if shift else None
    signup = await shift_signups.find(tx, notice.shift_id, notice.person_id)
    return (shift, event, signup) if shift and event and signup else None
