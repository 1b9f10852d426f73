"""What becomes of events on hold: they take place, later or not at all; for one of them or for all."""

from datetime import timedelta
from typing import Final

from markupsafe import Markup

from bot import holds, programme, when
from bot.holds import Told
from bot.language import Language
from handlers import forms
from handlers.forms import Choice, Data, Form, Misread, Step, Understood
from handlers.hold_words import line_of, on_hold
from handlers.organise.event_admin import show_event
from handlers.organise.menu import organise_button
from handlers.replies import Button, Reply, alert, button, show, toast
from handlers.turns import Press, Turn, Writing
from storage import Transaction, events
from storage import holds as hold_rows
from storage.events import Event

MOST_LISTED: Final = 20
LONGEST: Final = timedelta(days=60)


async def press_held(press: Press, tx: Transaction) -> Reply:
    return await open_held(press, tx)


async def open_held(turn: Turn, tx: Transaction, *, before: Markup | None = None) -> Reply:
    """Everything that is on hold, each to be decided by itself, or all at once."""
    language = turn.language
    found = await holds.list_held(tx, now=turn.now)
    weather = button(language.gettext("⛈ Weather"), "oholds")
    if not found:
        none = language.html("Nothing is on hold.")
        text = before + Markup("\n\n") + none if before else none
        return show(text, [[weather, organise_button(language)]])
    parts = [before] if before else []
    parts += [
        language.html("<b>On hold</b>"),
        *(line_of(event, language, turn.now) for event in found[:MOST_LISTED]),
        language.html("Tap an event to decide about it."),
    ]
    if len(found) > 1:
        parts[-1] = language.html("Tap one to decide about it alone, or decide about all of them.")
    rows = [
        [button(f"⏸ {programme.text_of(event, language.locale).title}", "oheld", event.id)]
        for event in found[:MOST_LISTED]
    ]
    if len(found) > 1:
        seen = holds.digest(found)
        rows += [
            [button(language.gettext("✅ All take place"), "oheldask", "yes", seen, style="success")],
            [button(language.gettext("🕐 All later…"), "oheldlater", seen)],
            [button(language.gettext("❌ Cancel all"), "oheldask", "no", seen, style="danger")],
        ]
    return show(Markup("\n\n").join(parts), [*rows, [weather, organise_button(language)]])


async def open_one(press: Press, tx: Transaction) -> Reply:
    """One event on hold, with what can become of it."""
    event = await events.find(tx, press.number(0))
    if event is None or not _is_held(event, press):
        return await show_event(press, tx, press.number(0))
    language = press.language
    people = await hold_rows.count_concerned(tx, [event.id], but=press.person.id)
    parts = [
        on_hold(language, event.held_because),
        line_of(event, language, press.now),
        language.nhtml(
            "Whatever you decide, {n} person is told at once.",
            "Whatever you decide, {n} people are told at once.",
            people,
        ),
    ]
    rows = [
        [button(language.gettext("✅ It takes place"), "oheldyes", event.id, style="success")],
        [button(language.gettext("🕐 A new time…"), "ochange", event.id, "start")],
        [button(language.gettext("❌ Cancel it…"), "ocancel", event.id, style="danger")],
        [
            button(language.gettext("‹ On hold"), "oheldall"),
            button(language.gettext("Open the event"), "oevent", event.id),
        ],
    ]
    return show(Markup("\n\n").join(parts), rows)


def _is_held(event: Event, turn: Turn) -> bool:
    return event.held_at is not None and event.state == "published" and turn.now < event.ends_at


async def resume_one(press: Press, tx: Transaction) -> Reply:
    """It takes place as planned; those concerned are told. Pressing twice tells nobody twice."""
    told = await holds.resume(tx, [press.number(0)], actor_id=press.person.id, now=press.now)
    if not told.events:
        return await show_event(press, tx, press.number(0))
    return await open_held(press, tx, before=_resumed(told, press.language))


def _resumed(told: Told, language: Language) -> Markup:
    return language.nhtml(
        "✅ It takes place. {n} person is told now.",
        "✅ It takes place. {n} people are told now.",
        told.people,
    )


async def ask_all(press: Press, tx: Transaction) -> Reply:
    """Say what would happen to how many, and ask."""
    found = await _seen(press, tx, press.word(1))
    if found is None or press.word(0) not in ("yes", "no"):
        return await _changed(press, tx)
    language = press.language
    people = await hold_rows.count_concerned(tx, [event.id for event in found], but=press.person.id)
    if press.word(0) == "yes":
        question = language.nhtml(
            "Let {n} event take place as planned?", "Let all {n} events take place as planned?", len(found)
        )
        label = language.gettext("Yes, they take place")
        yes = button(label, "oheldgo", "yes", press.word(1), style="success")
    else:
        question = language.nhtml(
            "Cancel {n} event? This can't be undone.",
            "Cancel all {n} events? This can't be undone.",
            len(found),
        )
        yes = button(language.gettext("Yes, cancel them"), "oheldgo", "no", press.word(1), style="danger")
    parts = [
        question,
        *(line_of(event, language, press.now) for event in found[:MOST_LISTED]),
        language.nhtml("{n} person will be told.", "{n} people will be told.", people),
    ]
    return show(Markup("\n\n").join(parts), [[yes], [button(language.gettext("‹ Back"), "oheldall")]])


async def decide_all(press: Press, tx: Transaction) -> Reply:
    """Do it to what the organiser saw. Pressed twice, the second press finds nothing on hold."""
    found = await _seen(press, tx, press.word(1))
    if found is None or press.word(0) not in ("yes", "no"):
        return await _changed(press, tx)
    ids, language = [event.id for event in found], press.language
    if press.word(0) == "yes":
        told = await holds.resume(tx, ids, actor_id=press.person.id, now=press.now)
        return await open_held(press, tx, before=_resumed(told, language))
    told = await holds.call_off(tx, ids, actor_id=press.person.id, now=press.now)
    said = language.nhtml(
        "❌ Cancelled. {n} person is told now.", "❌ Cancelled. {n} people are told now.", told.people
    )
    return await open_held(press, tx, before=said)


async def _seen(turn: Turn, tx: Transaction, seen: str) -> list[Event] | None:
    """What is on hold, if that is what the organiser saw."""
    found = await holds.list_held(tx, now=turn.now)
    return found if found and holds.digest(found) == seen else None


async def _changed(press: Press, tx: Transaction) -> Reply:
    if not await hold_rows.list_held_ids(tx, now=press.now):
        return toast(press.language.gettext("Nothing is on hold.")) + await open_held(press, tx)
    said = press.language.gettext("What is on hold has changed meanwhile. Please look again.")
    return alert(said) + await open_held(press, tx)


async def begin_later(press: Press, tx: Transaction) -> Reply:
    """Ask by how much everything that is on hold is put off."""
    found = await _seen(press, tx, press.word(0))
    if found is None:
        return await _changed(press, tx)
    soonest = int(min(event.starts_at for event in found).timestamp())
    return await forms.begin(
        press, tx, LATER, {"seen": press.word(0), "events": len(found), "soonest": soonest}
    )


def _ask_by(turn: Turn, data: Data) -> Markup:
    return turn.language.html(
        "How much later do they begin? Please write a length, such as <code>2 hours</code> or"
        " <code>1 day</code>. Whole days keep the time of the clock."
    )


def _read_by(writing: Writing, data: Data) -> Understood | Misread:
    by = when.understand_duration(writing.text)
    if not isinstance(by, timedelta):
        return Misread(writing.language.html("I could not read a length of time in that."))
    if not timedelta() < by <= LONGEST:
        return Misread(
            writing.language.html(
                "Please choose at most {n} days. What comes even later is better given a day of its own.",
                n=LONGEST.days,
            )
        )
    if data["soonest"] + by.total_seconds() <= writing.now.timestamp():
        return Misread(
            writing.language.html(
                "That is past already: they would have begun by now. Please put them off longer."
            )
        )
    return Understood(int(by.total_seconds()))


def _ask_sure(turn: Turn, data: Data) -> Markup:
    by, language = timedelta(seconds=data["by"]), turn.language
    lasting = language.joined(_lengths(by, language), "unit")
    return language.nhtml(
        "Put off {n} event by {length}? Everybody concerned is told.",
        "Put off {n} events by {length}? Everybody concerned is told.",
        data["events"],
        length=lasting,
    )


def _lengths(by: timedelta, language: Language) -> list[str]:
    hours, minutes = divmod(by.seconds // 60, 60)
    said = [language.ngettext("{n} day", "{n} days", by.days)] if by.days else []
    said += [language.ngettext("{n} hour", "{n} hours", hours)] if hours else []
    return said + ([language.ngettext("{n} minute", "{n} minutes", minutes)] if minutes else [])


def _sure(turn: Turn, data: Data) -> list[Choice]:
    return [Choice(turn.language.gettext("Yes, put them off"), True, style="primary")]


async def _put_off(turn: Turn, tx: Transaction, data: Data) -> Reply:
    found, language = await _seen(turn, tx, data["seen"]), turn.language
    if found is None:
        changed = language.html("What is on hold has changed meanwhile. Please look again.")
        return await open_held(turn, tx, before=changed)
    ids = [event.id for event in found]
    by = timedelta(seconds=data["by"])
    told = await holds.put_off(tx, ids, by, actor_id=turn.person.id, now=turn.now)
    said = language.nhtml(
        "🕐 Put off. {n} person is told now.", "🕐 Put off. {n} people are told now.", told.people
    )
    return await open_held(turn, tx, before=said)


def _way_back(turn: Turn) -> Button:
    return button(turn.language.gettext("‹ On hold"), "oheldall")


LATER = Form(
    "hold_later",
    (Step("by", _ask_by, _read_by), Step("sure", _ask_sure, choices=_sure)),
    finish=_put_off,
    way_back=_way_back,
    organisers_only=True,
)
