"""Open shifts: the list, and a shift's card."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from bot import crew, door, programme, requirements, volunteering
from bot.language import Language
from bot.requirements import Lacking
from handlers.hold_words import on_card
from handlers.menu import home_button
from handlers.origins import back_button, carried
from handlers.replies import Button, Reply, button, show
from handlers.shift_needs import certificate_name, in_full, in_short, spoken
from handlers.turns import Press, Turn
from storage import (
    Transaction,
    events,
    shift_signups,
    shifts,
    swaps,
    volunteer_certificates,
    volunteers,
)
from storage.events import Event
from storage.shift_signups import Signup
from storage.shifts import Shift

# What fits a phone's screen with its buttons.
PAGE: Final = 4
NOTHING_LACKS: Final = Lacking()


@dataclass(frozen=True)
class Standing:
    """How the reader stands with a shift, and what can be had of it."""

    free: int
    sought: int = 0
    signup: Signup | None = None
    lacking: Lacking = NOTHING_LACKS

    @property
    def is_mine(self) -> bool:
        return self.signup is not None and self.signup.state == "taken"


async def browse(turn: Turn, tx: Transaction, *, before: Markup | None = None) -> Reply:
    """A page of the shifts that have not begun, soonest first."""
    language = turn.language
    page = max(0, turn.number(0)) if isinstance(turn, Press) and turn.operation == "volunteer" else 0
    total = await shifts.count_open(tx, now=turn.now)
    page = min(page, max(0, (total - 1) // PAGE))
    found = await shifts.list_open(tx, now=turn.now, limit=PAGE, offset=page * PAGE)
    of = {event.id: event for event in await events.find_many(tx, {shift.event_id for shift in found})}
    stands = await _standings(tx, turn, found, of)
    parts = [before] if before else []
    if not found:
        parts.append(language.html("There are no open shifts just now. Please look again in a few days."))
    else:
        parts.append(language.html("<b>Open shifts</b>"))
    parts += [
        _line(number, shift, of[shift.event_id], stands[shift.id], turn)
        for number, shift in enumerate(found, start=page * PAGE + 1)
    ]
    rows = [
        [button(label(number, shift, of[shift.event_id], language), "shift", shift.id)]
        for number, shift in enumerate(found, start=page * PAGE + 1)
    ]
    turning = []
    if page:
        turning.append(button(language.gettext("‹ Earlier"), "volunteer", page - 1))
    if (page + 1) * PAGE < total:
        turning.append(button(language.gettext("Later ›"), "volunteer", page + 1))
    last = [button(language.gettext("My details"), "volme"), home_button(language)]
    return show(Markup("\n\n").join(parts), [*rows, turning, last])


async def press_card(press: Press, tx: Transaction) -> Reply:
    return await open_card(press, tx, press.number(0))


async def open_card(turn: Turn, tx: Transaction, shift_id: int, *, before: Markup | None = None) -> Reply:
    """The shift's card as the person stands with it, or an honest word that it is gone."""
    language = turn.language
    found = await find(tx, shift_id)
    if found is None:
        return show(
            language.html("This shift is not there any more."),
            [[button(language.gettext("‹ Shifts"), "volunteer")], [home_button(language)]],
        )
    shift, event = found
    stands = (await _standings(tx, turn, [shift], {event.id: event}))[shift.id]
    rows: list[list[Button]] = []
    if volunteering.is_open(shift, event, turn.now):
        rows += await _ways(tx, shift, stands, turn)
    if stands.is_mine:
        rows += _for_crew(shift, event, stands, turn)
    rows.append([button(language.gettext("Open the event"), "event", event.id)])
    back = back_button(turn) if carried(turn) else button(language.gettext("‹ Shifts"), "volunteer")
    rows.append([back, home_button(language)])
    text = describe(shift, event, stands, turn)
    return show(before + Markup("\n\n") + text if before else text, rows)


async def find(tx: Transaction, shift_id: int) -> tuple[Shift, Event] | None:
    """A shift with its event, where there is one for members' eyes."""
    shift = await shifts.find(tx, shift_id)
    event = await events.find(tx, shift.event_id) if shift else None
    return (shift, event) if shift and event and event.state != "draft" else None


async def _standings(
    tx: Transaction, turn: Turn, found: Sequence[Shift], of: dict[int, Event]
) -> dict[int, Standing]:
    ids = [shift.id for shift in found]
    taken = await shifts.count_taken(tx, ids)
    sought = await shift_signups.count_cover_wanted(tx, ids)
    mine = await shift_signups.list_of_person(tx, turn.person.id, ids)
    volunteer = await volunteers.find(tx, turn.person.id)
    held = {one.kind: one for one in await volunteer_certificates.list_of_person(tx, turn.person.id)}
    stands = {}
    for shift in found:
        certificate = held.get(shift.certificate) if shift.certificate else None
        lacking = NOTHING_LACKS
        # Whoever is no volunteer yet is asked first; what the work needs stands on the card.
        if volunteer:
            lacking = Lacking(
                requirements.unspoken(shift, volunteer.languages),
                requirements.standing(certificate, shift, of[shift.event_id])
                if shift.certificate
                else "good",
            )
        free = shift.places - taken[shift.id]
        stands[shift.id] = Standing(free, sought.get(shift.id, 0), mine.get(shift.id), lacking)
    return stands


def _line(number: int, shift: Shift, event: Event, stands: Standing, turn: Turn) -> Markup:
    """A shift in the list: where, when, what it needs and how it stands."""
    language = turn.language
    lines = [
        Markup("<b>{n}.</b> {role} – {title}").format(
            n=number,
            role=volunteering.role_of(shift, event, language.locale)[:100],
            title=programme.text_of(event, language.locale).title[:100],
        ),
        escape(when(shift, event, turn)),
        *in_short(shift, event, stands.lacking, language),
        _state(stands, language) or places_left(stands, language),
    ]
    return Markup("\n").join(lines)


async def _ways(tx: Transaction, shift: Shift, stands: Standing, turn: Turn) -> list[list[Button]]:
    """What the person can do about a shift that has not begun."""
    language = turn.language
    match stands.signup:
        case Signup(state="taken", cover_since=since):
            rows = [[button(language.gettext("I can't come"), "drop", shift.id)]]
            if since is not None:
                rows = [[button(language.gettext("I can come after all"), "keepshift", shift.id)], *rows]
            swap = await swaps.find_asked(tx, turn.person.id, shift.id)
            if swap:
                rows.append([button(language.gettext("Take back the request to swap"), "swapback", swap.id)])
            return rows
        case Signup(state="applied"):
            return [[button(language.gettext("I don't ask for it any more"), "unapply", shift.id)]]
        case Signup(state="refused"):
            return []
        case _ if stands.free <= 0 and not stands.sought:
            return []
    if stands.lacking.languages:
        said = language.gettext("I speak {languages}", languages=spoken(language, stands.lacking.languages))
        return [[button(said, "speak", shift.id, style="primary")]]
    if stands.lacking.certificate in ("missing", "expired"):
        kind = certificate_name(language, shift.certificate or "")
        said = language.gettext("Hand in my certificate: {kind}", kind=kind)
        return [[button(said, "certnew", shift.certificate, style="primary")]]
    if stands.lacking.certificate == "unchecked":
        return [[button(language.gettext("My certificates"), "certs")]]
    if shift.approval:
        said = language.gettext("Ask for this shift")
    elif stands.sought:
        said = language.gettext("Take it over")
    else:
        said = language.gettext("Take this shift")
    return [[button(said, "take", shift.id, style="success")]]


def _for_crew(shift: Shift, event: Event, stands: Standing, turn: Turn) -> list[list[Button]]:
    """What those who work at the event do there."""
    rows = []
    if stands.signup is not None and stands.signup.leader and turn.now <= shift.ends_at + crew.AFTER:
        rows.append([button(turn.language.gettext("👥 My team"), "crew", shift.id)])
    if door.is_crew_time(event, turn.now):
        rows.append([button(turn.language.gettext("🚪 Check-in"), "door", event.id)])
    return rows


def describe(shift: Shift, event: Event, stands: Standing, turn: Turn) -> Markup:
    """The card's text: everything a volunteer must know before the tap."""
    language, text = turn.language, programme.text_of(event, turn.language.locale)
    is_open = volunteering.is_open(shift, event, turn.now)
    asks = is_open and not stands.is_mine and (stands.signup is None or stands.signup.state == "dropped")
    facts = [
        Markup("<b>{}</b>").format(volunteering.role_of(shift, event, language.locale)),
        escape(text.title),
        language.html("🗓 {when}", when=when(shift, event, turn)),
    ]
    if text.place:
        facts.append(language.html("📍 {place}", place=text.place))
    facts += on_card(event, language, turn.now)
    facts += in_full(shift, event, stands.lacking if asks else NOTHING_LACKS, language)
    if event.state == "cancelled":
        facts.append(language.html("❌ <b>This event has been cancelled.</b>"))
    elif shift.cancelled_at is not None:
        facts.append(language.html("❌ <b>This shift has been cancelled.</b>"))
    elif turn.now >= shift.ends_at:
        facts.append(language.html("This shift is over."))
    elif turn.now >= shift.starts_at:
        facts.append(language.html("This shift has begun."))
    else:
        facts.append(places_left(stands, language))
    parts = [Markup("\n").join(facts)]
    note = volunteering.note_of(shift, event, language.locale)
    if note:
        parts.append(escape(note))
    if shift.cancelled_at is None and event.state != "cancelled":
        parts += _yours(shift, stands, turn)
    return Markup("\n\n").join(parts)


def _state(stands: Standing, language: Language) -> Markup | None:
    """How the person stands with it, for the list; None where they have nothing to do with it."""
    match stands.signup:
        case Signup(state="taken", cover_since=None):
            return language.html("✅ Yours")
        case Signup(state="taken"):
            return language.html("✅ Yours, until somebody takes it over")
        case Signup(state="applied"):
            return language.html("🕒 You have asked for it")
        case Signup(state="refused"):
            return language.html("Somebody else does it")
        case _:
            return None


def _yours(shift: Shift, stands: Standing, turn: Turn) -> list[Markup]:
    language = turn.language
    match stands.signup:
        case Signup(state="taken") if turn.now >= shift.ends_at:
            return [language.html("✅ <b>This shift was yours. Thank you!</b>")]
        case Signup(state="taken", cover_since=since, leader=leader):
            said = language.html("✅ <b>This shift is yours.</b>")
            if since is not None and turn.now < shift.starts_at:
                said += "\n" + language.html("I look for somebody who takes it over, and tell you.")
            if leader:
                said += "\n" + language.html("You lead it.")
            return [said]
        case Signup(state="applied") if turn.now < shift.starts_at:
            return [language.html("🕒 <b>You have asked for this shift.</b> I tell you what is decided.")]
        case Signup(state="refused", reason=reason):
            said = language.html("Somebody else does this shift. Thank you for offering!")
            if reason:
                said += Markup("\n") + language.html("The organiser writes: {reason}", reason=reason)
            return [said]
        case Signup(state="missed"):
            return [language.html("You were marked as absent. Is that wrong? Tell whoever leads the shift.")]
        case _:
            return []


def when(shift: Shift, event: Event, turn: Turn) -> str:
    return turn.language.span(shift.starts_at, shift.ends_at, ZoneInfo(event.zone), now=turn.now)


def places_left(stands: Standing, language: Language) -> Markup:
    if stands.sought and not stands.is_mine:
        return language.html("🔁 Somebody can't come: cover is wanted")
    if stands.free <= 0:
        return language.html("👥 All places are taken")
    return language.nhtml("👥 {n} place left", "👥 {n} places left", stands.free)


def label(number: int, shift: Shift, event: Event, language: Language) -> str:
    """A button's label for a shift in a numbered list."""
    return f"{number}. {volunteering.role_of(shift, event, language.locale)}"[:60]
