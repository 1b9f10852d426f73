"""Notices to organisers about shifts: free places, who asks for one, certificates to look at."""

from markupsafe import Markup

from bot import shift_alerts, volunteering
from bot.language import isolate
from handlers.owing import Reading
from handlers.replies import Reply, button, say
from handlers.shift_needs import certificate_name, named
from storage import Transaction, events, people, shift_signups, shifts, volunteer_certificates
from storage.events import Event
from storage.notices import Owed
from storage.shifts import Shift


async def tell_unfilled(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    """A shift that is near and not full, or whose people seek cover."""
    found = await _open_shift(notice, tx, reading)
    if found is None or not await shift_alerts.needs_people(tx, found[0]):
        return None
    shift, event = found
    language = reading.language
    taken = (await shifts.count_taken(tx, [shift.id]))[shift.id]
    sought = (await shift_signups.count_cover_wanted(tx, [shift.id])).get(shift.id, 0)
    name = named(shift, event, language, reading.now)
    if notice.kind == "shift_freed":
        head = language.html("⚠️ Somebody can't come to {shift}.", shift=name)
    else:
        head = language.html("⚠️ {shift} is not full.", shift=name)
    lines = [
        head,
        language.html(
            "👥 {taken} of {places} taken",
            taken=language.number(taken),
            places=language.number(shift.places),
        ),
    ]
    if sought:
        lines.append(language.nhtml("🔁 {n} of them seeks cover", "🔁 {n} of them seek cover", sought))
    rows = [
        [button(language.gettext("🙋 Ask volunteers"), "oshiftask", shift.id, style="primary")],
        [button(language.gettext("Open the shift"), "oshift", shift.id)],
    ]
    return say(Markup("\n").join(lines), rows)


async def tell_applied(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    """Somebody asks for a shift that needs the organiser's word."""
    found = await _open_shift(notice, tx, reading)
    person = await people.find(tx, notice.params["person_id"])
    if found is None or person is None:
        return None
    shift, event = found
    signup = await shift_signups.find(tx, shift.id, person.id)
    if signup is None or signup.state != "applied":
        return None
    language = reading.language
    text = language.html(
        "✋ {name} asks for {shift}.",
        name=isolate(person.name[:60]),
        shift=named(shift, event, language, reading.now),
    )
    about = (shift.id, person.id)
    rows = [
        [
            button(language.gettext("✅ Approve"), "oshiftyes", *about, style="success"),
            button(language.gettext("Refuse"), "oshiftno", *about, style="danger"),
        ],
        [button(language.gettext("See what they told"), "oshiftone", *about)],
    ]
    return say(text, rows)


async def tell_certificate(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    """A certificate waits to be looked at."""
    reader = await people.find(tx, notice.person_id) if notice.person_id is not None else None
    person = await people.find(tx, notice.params["person_id"])
    if person is None or not reading.may_organise(reader):
        return None
    kind = notice.params["kind"]
    held = await volunteer_certificates.find(tx, person.id, kind)
    if held is None or held.checked_at is not None:
        return None
    language = reading.language
    text = language.html(
        "📜 {name} has handed in a certificate: {kind}.",
        name=isolate(person.name[:60]),
        kind=certificate_name(language, kind),
    )
    return say(text, [[button(language.gettext("Look at it"), "ocert", person.id, kind, style="primary")]])


async def _open_shift(notice: Owed, tx: Transaction, reading: Reading) -> tuple[Shift, Event] | None:
    """A shift that can still be taken, where the reader is still an organiser."""
    reader = await people.find(tx, notice.person_id) if notice.person_id is not None else None
    shift = await shifts.find(tx, notice.shift_id) if notice.shift_id is not None else None
    event = await events.find(tx, shift.event_id) if shift else None
    if shift is None or event is None or not reading.may_organise(reader):
        return None
    return (shift, event) if volunteering.is_open(shift, event, reading.now) else None
