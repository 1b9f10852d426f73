"""What a shift earned each of its people, and correcting that: for organisers and whoever leads it."""

from typing import Final

from markupsafe import Markup

from bot import crew, programme, service_hours, volunteering
from bot.language import Language, isolate
from bot.lengths import change, length
from bot.written import length as written_length
from handlers import forms, other
from handlers.forms import Choice, Data, Form, Misread, Step, Understood
from handlers.menu import home_button
from handlers.organise.shifts import NAME_SHOWN
from handlers.replies import Button, Reply, alert, button, show
from handlers.shifts import when
from handlers.turns import Press, Turn, Writing
from storage import Transaction, events, shift_signups, shifts
from storage import service_hours as entries
from storage.events import Event
from storage.service_hours import Entry
from storage.shift_signups import Hand
from storage.shifts import Shift

PAGE: Final = 8
ENTRIES_SHOWN: Final = 6
REASON_LIMIT: Final = 300
ON_IT: Final = ("taken", "missed")


async def press_list(press: Press, tx: Transaction) -> Reply:
    return await list_hands(press, tx, press.number(0), page=max(0, press.number(1)))


async def list_hands(
    turn: Turn, tx: Transaction, shift_id: int, *, page: int = 0, before: Markup | None = None
) -> Reply:
    """Everybody who was expected at the shift, whether they came, and the hours they have for it."""
    found = await _find(turn, tx, shift_id)
    if found is None:
        return _no_access(turn)
    shift, event = found
    language = turn.language
    total = await shift_signups.count_in(tx, shift.id, ON_IT)
    page = min(page, max(0, (total - 1) // PAGE))
    hands = await shift_signups.list_hands(tx, shift.id, ON_IT, limit=PAGE, offset=page * PAGE)
    minutes = await entries.sum_of_shift(tx, shift.id)
    parts = [before] if before else []
    parts.append(_heading(shift, event, turn))
    if turn.now < shift.ends_at:
        parts.append(language.html("Hours are written down when the shift ends."))
    elif not hands:
        parts.append(language.html("Nobody had taken it."))
    else:
        parts.append(
            language.html("Only who came has hours. Tap a name to see its hours or to correct them.")
        )
    numbered = list(enumerate(hands, start=page * PAGE + 1))
    parts += [_line(number, hand, minutes.get(hand.person_id), shift, turn) for number, hand in numbered]
    rows = [[_open(number, hand, shift)] for number, hand in numbered]
    turning = []
    if page:
        turning.append(button(language.gettext("‹ Earlier"), "shifthours", shift.id, page - 1))
    if (page + 1) * PAGE < total:
        turning.append(button(language.gettext("Later ›"), "shifthours", shift.id, page + 1))
    marking = []
    if shift.cancelled_at is None and crew.is_marking_time(shift, turn.now):
        marking.append(button(language.gettext("✅ Who has come?"), "crew", shift.id))
    return show(Markup("\n").join(parts), [*rows, turning, marking, _ways_back(shift, turn)])


async def press_hand(press: Press, tx: Transaction) -> Reply:
    return await show_hand(press, tx, press.number(0), press.number(1))


async def show_hand(
    turn: Turn,
    tx: Transaction,
    shift_id: int,
    person_id: int,
    *,
    before: Markup | None = None,
    undo: int | None = None,
) -> Reply:
    """One person's hours for the shift, entry by entry, and what can be done about them."""
    found = await _find(turn, tx, shift_id)
    if found is None:
        return _no_access(turn)
    shift, event = found
    language = turn.language
    hand = await _hand(tx, shift.id, person_id)
    if hand is None:
        gone = alert(language.gettext("This person is not on the shift any more."))
        return gone + await list_hands(turn, tx, shift.id)
    written = await entries.list_of_shift(tx, shift.id, person_id)
    minutes = sum(entry.minutes for entry in written)
    parts = [before] if before else []
    parts.append(_heading(shift, event, turn))
    parts.append(Markup("<b>{}</b>").format(_name(hand)) + Markup(" – ") + _standing(hand, language))
    if turn.now >= shift.ends_at:
        parts.append(language.html("Hours: <b>{length}</b>", length=length(language, minutes)))
    parts += [_entry(entry, turn) for entry in written[-ENTRIES_SHOWN:]]
    rows = []
    if undo is not None:
        rows.append([button(language.gettext("↩ Undo"), "hoursundo", undo)])
    if turn.now >= shift.ends_at and _may_correct(turn, person_id):
        rows.append([button(language.gettext("✏️ Correct the hours"), "hoursfix", shift.id, person_id)])
    rows.append([button(language.gettext("‹ Back"), "shifthours", shift.id), home_button(language)])
    return show(Markup("\n").join(parts), rows)


async def begin_correction(press: Press, tx: Transaction) -> Reply:
    """Ask how long it really was, and why."""
    found = await _find(press, tx, press.number(0))
    if found is None:
        return _no_access(press)
    shift, _ = found
    hand = await _hand(tx, shift.id, press.number(1))
    if hand is None or press.now < shift.ends_at or not _may_correct(press, hand.person_id):
        return await show_hand(press, tx, shift.id, press.number(1))
    known = {
        "shift": shift.id,
        "person": hand.person_id,
        "name": _name(hand),
        "full": service_hours.minutes_of(shift),
    }
    return await forms.begin(press, tx, CORRECTION, known)


async def undo(press: Press, tx: Transaction) -> Reply:
    """Take the last correction back; the volunteer is told of that too."""
    entry = await entries.find(tx, press.number(0))
    if entry is None or entry.shift_id is None or await _find(press, tx, entry.shift_id) is None:
        return _no_access(press)
    if not _may_correct(press, entry.person_id):
        return await show_hand(press, tx, entry.shift_id, entry.person_id)
    language = press.language
    match await service_hours.undo(tx, entry.id, by=press.person.id, now=press.now):
        case service_hours.Corrected():
            said = language.gettext("The hours are as they were before.")
        case service_hours.Later():
            said = language.gettext("Something was entered since. Please correct the hours instead.")
        case _:
            said = language.gettext("There is nothing to undo.")
    return alert(said) + await show_hand(press, tx, entry.shift_id, entry.person_id)


def _ask_minutes(turn: Turn, data: Data) -> Markup:
    language = turn.language
    return language.html(
        "How long did {name} help? For example “2 hours” or “1h30”. The shift lasted {length}.",
        name=data["name"],
        length=length(language, data["full"]),
    )


def _read_minutes(writing: Writing, data: Data) -> Understood | Misread:
    language = writing.language
    understood = written_length(writing.text or "")
    if understood is None and writing.text.strip().isdecimal():
        return Misread(language.html("Is that hours or minutes? Please write for example “2 hours”."))
    if understood is None:
        return Misread(language.html("I can't read that. Please write it like “2 hours” or “1h30”."))
    minutes = int(understood.total_seconds()) // 60
    if minutes > service_hours.MOST_MINUTES:
        return Misread(language.html("That is more than a week. Please look again."))
    return Understood(minutes, language.html("Understood: {length}.", length=length(language, minutes)))


def _offer_minutes(turn: Turn, data: Data) -> list[Choice]:
    language = turn.language
    choices = [Choice(length(language, data["full"]), data["full"])]
    if data["full"] >= 60:
        half = data["full"] // 2
        choices.append(Choice(length(language, half), half))
    return [*choices, Choice(language.gettext("None at all"), 0)]


def _ask_reason(turn: Turn, data: Data) -> Markup:
    return turn.language.html("Why? The volunteer reads your reason. One sentence is enough.")


def _read_reason(writing: Writing, data: Data) -> Understood | Misread:
    language = writing.language
    if not writing.text.strip():
        return Misread(language.html("I can only read text here."))
    if len(writing.text) > REASON_LIMIT:
        return Misread(
            language.nhtml(
                "That is too long. Please use {n} character at most.",
                "That is too long. Please use {n} characters at most.",
                REASON_LIMIT,
            )
        )
    return Understood(" ".join(writing.text.split()))


async def _finish(turn: Turn, tx: Transaction, data: Data) -> Reply:
    shift_id, person_id = data["shift"], data["person"]
    # Meanwhile the shift may have got another leader.
    if await _find(turn, tx, shift_id) is None or not _may_correct(turn, person_id):
        return _no_access(turn)
    language = turn.language
    answer = await service_hours.correct(
        tx, shift_id, person_id, data["minutes"], reason=data["reason"], by=turn.person.id, now=turn.now
    )
    match answer:
        case service_hours.Corrected(_, entry, before, minutes):
            said = language.html(
                "✅ Corrected from {before} to {now}. The volunteer is told.",
                before=length(language, before),
                now=length(language, minutes),
            )
            return await show_hand(turn, tx, shift_id, person_id, before=said, undo=entry)
        case service_hours.Unchanged():
            said = language.html("That is what was written already; nothing has changed.")
        case service_hours.TooEarly():
            said = language.html("The shift isn't over yet.")
        case service_hours.NotTheirs():
            said = language.html("This person is not on the shift any more.")
    return await list_hands(turn, tx, shift_id, before=said)


CORRECTION = Form(
    kind="hours",
    steps=(
        Step("minutes", _ask_minutes, read=_read_minutes, choices=_offer_minutes),
        Step("reason", _ask_reason, read=_read_reason),
    ),
    finish=_finish,
    way_back=lambda turn: home_button(turn.language),
)


async def _find(turn: Turn, tx: Transaction, shift_id: int) -> tuple[Shift, Event] | None:
    """The shift and its event, for those who may say who came."""
    shift = await shifts.find(tx, shift_id)
    event = await events.find(tx, shift.event_id) if shift else None
    if shift is None or event is None:
        return None
    allowed = await service_hours.may_say(tx, shift.id, turn.person, organiser=turn.is_organiser)
    return (shift, event) if allowed else None


def _no_access(turn: Turn) -> Reply:
    """To everybody else these buttons do not exist."""
    if isinstance(turn, Press):
        return other.unknown_button(turn)
    return show(turn.language.html("This shift is not there any more."), [[home_button(turn.language)]])


def _may_correct(turn: Turn, person_id: int) -> bool:
    """A leader's own hours are for an organiser to correct."""
    return turn.is_organiser or person_id != turn.person.id


async def _hand(tx: Transaction, shift_id: int, person_id: int) -> Hand | None:
    hands = await shift_signups.list_hands(tx, shift_id, ON_IT)
    return next((hand for hand in hands if hand.person_id == person_id), None)


def _heading(shift: Shift, event: Event, turn: Turn) -> Markup:
    locale = turn.language.locale
    return Markup("<b>{}</b>\n{}\n{}\n").format(
        volunteering.role_of(shift, event, locale),
        programme.text_of(event, locale).title[:200],
        turn.language.html("🗓 {when}", when=when(shift, event, turn)),
    )


def _name(hand: Hand) -> str:
    return isolate(hand.name if len(hand.name) <= NAME_SHOWN else hand.name[: NAME_SHOWN - 1] + "…")


def _line(number: int, hand: Hand, minutes: int | None, shift: Shift, turn: Turn) -> Markup:
    line = Markup("{n}. {name} – {standing}").format(
        n=number, name=_name(hand), standing=_standing(hand, turn.language)
    )
    if minutes is not None and turn.now >= shift.ends_at:
        line += Markup(", ") + Markup.escape(length(turn.language, minutes))
    return line


def _standing(hand: Hand, language: Language) -> Markup:
    if hand.state == "missed":
        return language.html("❌ didn't come")
    if hand.arrived_at is not None:
        return language.html("✅ came")
    return language.html("not marked yet")


def _entry(entry: Entry, turn: Turn) -> Markup:
    language = turn.language
    day = language.date(entry.entered_at, now=turn.now)
    if entry.entry == "earned":
        return language.html("{day}: earned {length}", day=day, length=length(language, entry.minutes))
    line = language.html("{day}: corrected, {change}", day=day, change=change(language, entry.minutes))
    if entry.reason:
        line += Markup("\n") + language.html("Reason: {reason}", reason=entry.reason)
    return line


def _open(number: int, hand: Hand, shift: Shift) -> Button:
    return button(f"{number}. {isolate(hand.name[:NAME_SHOWN])}", "hourswho", shift.id, hand.person_id)


def _ways_back(shift: Shift, turn: Turn) -> list[Button]:
    back = button(
        turn.language.gettext("‹ Back to the shift"), "oshift" if turn.is_organiser else "shift", shift.id
    )
    return [back, home_button(turn.language)]
