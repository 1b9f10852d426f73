"""Open shifts: the list, a shift's card, taking and dropping one."""

from typing import Final
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from bot import programme, volunteering
from bot.language import Language
from bot.volunteering import Answer
from handlers.menu import home_button
from handlers.replies import Reply, alert, button, show
from handlers.spoken import spoken_name
from handlers.turns import Press, Turn
from storage import Transaction, events, shifts
from storage.events import Event
from storage.shifts import Shift

# What fits a phone's screen with its buttons.
PAGE: Final = 4
# What a button says of somebody who was warned and takes the shift all the same.
ANYWAY: Final = "1"


async def browse(turn: Turn, tx: Transaction, *, before: Markup | None = None) -> Reply:
    """A page of the shifts that have not begun, soonest first."""
    language = turn.language
    page = max(0, turn.number(0)) if isinstance(turn, Press) and turn.operation == "volunteer" else 0
    total = await shifts.count_open(tx, now=turn.now)
    page = min(page, max(0, (total - 1) // PAGE))
    found = await shifts.list_open(tx, now=turn.now, limit=PAGE, offset=page * PAGE)
    taken = await shifts.count_taken(tx, [shift.id for shift in found])
    of = {event.id: event for event in await events.find_many(tx, {shift.event_id for shift in found})}
    mine = {one.id for one in await shifts.list_of_person(tx, turn.person.id, ending_after=turn.now)}
    parts = [before] if before else []
    if not found:
        parts.append(language.html("There are no open shifts just now. Please look again in a few days."))
    else:
        parts.append(language.html("<b>Open shifts</b>"))
    parts += [
        Markup("<b>{n}.</b> {role} – {title}\n{when}\n{places}").format(
            n=number,
            role=volunteering.role_of(shift, of[shift.event_id], language.locale)[:100],
            title=programme.text_of(of[shift.event_id], language.locale).title[:100],
            when=when(shift, of[shift.event_id], turn),
            places=(
                language.html("✅ Yours")
                if shift.id in mine
                else places_left(shift.places - taken[shift.id], language)
            ),
        )
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


async def open_card(turn: Turn, tx: Transaction, shift_id: int) -> Reply:
    """The shift's card as the person stands with it, or an honest word that it is gone."""
    language = turn.language
    shift = await shifts.find(tx, shift_id)
    event = await events.find(tx, shift.event_id) if shift else None
    if shift is None or event is None or event.state == "draft":
        return show(
            language.html("This shift is not there any more."),
            [[button(language.gettext("‹ Shifts"), "volunteer")], [home_button(language)]],
        )
    free = shift.places - (await shifts.count_taken(tx, [shift.id]))[shift.id]
    is_mine = await shifts.has_taken(tx, shift.id, turn.person.id)
    rows = []
    if volunteering.is_open(shift, event, turn.now):
        if is_mine:
            rows.append([button(language.gettext("I can't come"), "drop", shift.id)])
        elif free > 0:
            rows.append([button(language.gettext("Take this shift"), "take", shift.id, style="success")])
    rows.append([button(language.gettext("Open the event"), "event", event.id)])
    rows.append([button(language.gettext("‹ Shifts"), "volunteer"), home_button(language)])
    return show(describe(shift, event, free, is_mine, turn), rows)


def describe(shift: Shift, event: Event, free: int, is_mine: bool, turn: Turn) -> Markup:
    """The card's text: everything a volunteer must know before the tap."""
    language, text = turn.language, programme.text_of(event, turn.language.locale)
    facts = [
        Markup("<b>{}</b>").format(volunteering.role_of(shift, event, language.locale)),
        escape(text.title),
        language.html("🗓 {when}", when=when(shift, event, turn)),
    ]
    if text.place:
        facts.append(language.html("📍 {place}", place=text.place))
    if shift.languages:
        needed = language.joined([spoken_name(language, code) for code in shift.languages])
        facts.append(language.html("🗣 You need to speak: {languages}", languages=needed))
    if event.state == "cancelled":
        facts.append(language.html("❌ <b>This event has been cancelled.</b>"))
    elif shift.cancelled_at is not None:
        facts.append(language.html("❌ <b>This shift has been cancelled.</b>"))
    elif turn.now >= shift.ends_at:
        facts.append(language.html("This shift is over."))
    elif turn.now >= shift.starts_at:
        facts.append(language.html("This shift has begun."))
    else:
        facts.append(places_left(free, language))
    parts = [Markup("\n").join(facts)]
    note = volunteering.note_of(shift, event, language.locale)
    if note:
        parts.append(escape(note))
    if is_mine and shift.cancelled_at is None and event.state != "cancelled":
        parts.append(_yours(shift, turn))
    return Markup("\n\n").join(parts)


def _yours(shift: Shift, turn: Turn) -> Markup:
    if turn.now >= shift.ends_at:
        return turn.language.html("✅ <b>This shift was yours. Thank you!</b>")
    return turn.language.html("✅ <b>This shift is yours.</b>")


def when(shift: Shift, event: Event, turn: Turn) -> str:
    return turn.language.span(shift.starts_at, shift.ends_at, ZoneInfo(event.zone), now=turn.now)


def places_left(free: int, language: Language) -> Markup:
    if free <= 0:
        return language.html("👥 All places are taken")
    return language.nhtml("👥 {n} place left", "👥 {n} places left", free)


def label(number: int, shift: Shift, event: Event, language: Language) -> str:
    """A button's label for a shift in a numbered list."""
    return f"{number}. {volunteering.role_of(shift, event, language.locale)}"[:60]


async def answer_take(press: Press, tx: Transaction, answer: Answer) -> Reply:
    """What came of taking a shift, in one sentence, above the shift as it is now."""
    language = press.language
    match answer:
        case volunteering.Attends(shift, attended):
            return _warn(shift, attended, language)
        case volunteering.Taken():
            said = language.gettext("The shift is yours. Thank you! I will remind you.")
        case volunteering.Full():
            said = language.gettext("All places of this shift are taken. Please choose another one.")
        case volunteering.Overlaps(_, other, event):
            said = language.gettext(
                "It overlaps with your shift “{role}” at “{title}”. Give that one back first.",
                role=volunteering.role_of(other, event, language.locale)[:40],
                title=programme.text_of(event, language.locale).title[:40],
            )
        case volunteering.NotSignedUp():
            said = language.gettext("Please sign up as a volunteer first.")
        case _:
            said = _closed(answer, language)
    return alert(said) + await open_card(press, tx, press.number(0))


def _warn(shift: Shift, attended: tuple[Event, ...], language: Language) -> Reply:
    titles = [
        Markup("<b>{}</b>").format(programme.text_of(event, language.locale).title[:100])
        for event in attended[:3]
    ]
    text = language.html(
        "⚠️ You signed up for {titles}, which overlaps with this shift. Take the shift all the same?",
        titles=language.joined(titles),
    )
    rows = [
        [button(language.gettext("Yes, take it"), "take", shift.id, ANYWAY, style="success")],
        [button(language.gettext("No, leave it"), "shift", shift.id)],
    ]
    return show(text, rows)


async def ask_drop(press: Press, tx: Transaction) -> Reply:
    """Others count on a volunteer: a shift is not dropped by a slip of the thumb."""
    shift = await shifts.find(tx, press.number(0))
    event = await events.find(tx, shift.event_id) if shift else None
    if shift is None or event is None or not volunteering.is_open(shift, event, press.now):
        return await open_card(press, tx, press.number(0))
    if not await shifts.has_taken(tx, shift.id, press.person.id):
        return await drop(press, tx)
    language = press.language
    text = language.html(
        "Give back your shift <b>{role}</b>, {when}?",
        role=volunteering.role_of(shift, event, language.locale),
        when=when(shift, event, press),
    )
    rows = [
        [button(language.gettext("Yes, give it back"), "dropped", shift.id, style="danger")],
        [button(language.gettext("No, I will come"), "shift", shift.id)],
    ]
    return show(text, rows)


async def drop(press: Press, tx: Transaction) -> Reply:
    """Give the shift back. Pressing twice is harmless."""
    answer = await volunteering.drop(tx, press.number(0), press.person.id, now=press.now)
    language = press.language
    match answer:
        case volunteering.Dropped(_, was_taken=True):
            said = language.gettext("The shift is given back. Thank you for telling us.")
        case volunteering.Dropped():
            said = language.gettext("This shift is not yours, so there is nothing to give back.")
        case _:
            said = _closed(answer, language)
    return alert(said) + await open_card(press, tx, press.number(0))


def _closed(
    answer: volunteering.Begun | volunteering.Cancelled | volunteering.Gone, language: Language
) -> str:
    match answer:
        case volunteering.Begun(_, over=True):
            return language.gettext("This shift is over.")
        case volunteering.Begun():
            return language.gettext("This shift has begun. If you can't come, please ask a person.")
        case volunteering.Cancelled():
            return language.gettext("This shift has been cancelled.")
        case volunteering.Gone():
            return language.gettext("This shift is not there any more.")
