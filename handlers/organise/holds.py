"""Putting events on hold when the weather turns: all of today's at once, or a single one."""

from collections.abc import Collection, Sequence
from typing import Final

from markupsafe import Markup

from bot import holds, programme
from bot.holds import REASONS, Reason, Told
from handlers.events import title_of
from handlers.hold_words import line_of, reason_name
from handlers.organise import hold_decisions
from handlers.organise.event_admin import can_change, show_event
from handlers.organise.menu import organise_button
from handlers.replies import Reply, alert, button, show, toast
from handlers.turns import Press, Turn
from storage import Transaction, events
from storage import holds as hold_rows
from storage.events import Event

# What fits a screen; more are put on hold all the same.
MOST_LISTED: Final = 20
# The ids of those left out travel in the buttons, of which Telegram takes 64 bytes.
MOST_LEFT_OUT: Final = 30
_NOBODY: Final = "-"


async def open_weather(turn: Turn, tx: Transaction) -> Reply:
    """What takes place today and whom it concerns, with the reasons to put it on hold."""
    language = turn.language
    found = await holds.list_today(tx, now=turn.now, home=turn.setup.home)
    held = await holds.list_held(tx, now=turn.now)
    heading = language.html("<b>⛈ Weather</b>")
    rows = [[button(language.gettext("⏸ What is on hold"), "oheldall")]] if held else []
    if not found:
        none = language.html("Nothing takes place today that could be put on hold.")
        if held:
            none = language.html("Everything that takes place today is on hold.")
        hint = language.html("A single event of another day is put on hold from its page, under “More”.")
        return show(Markup("\n\n").join([heading, none, hint]), [*rows, [organise_button(language)]])
    parts = [
        heading,
        language.html("Today:"),
        *_listed(found, turn),
        await _count(found, turn, tx),
        language.html("Why do you put it on hold? You see everything once more before anybody is told."),
    ]
    reasons = [[button(reason_name(language, one), "oholdlook", one)] for one in REASONS]
    return show(Markup("\n\n").join(parts), [*reasons, *rows, [organise_button(language)]])


def _listed(found: Sequence[Event], turn: Turn) -> list[Markup]:
    lines = [line_of(event, turn.language, turn.now) for event in found[:MOST_LISTED]]
    if len(found) > MOST_LISTED:
        lines.append(turn.language.nhtml("… and {n} more", "… and {n} more", len(found) - MOST_LISTED))
    return lines


async def _count(found: Collection[Event], turn: Turn, tx: Transaction) -> Markup:
    ids = [event.id for event in found]
    people = await hold_rows.count_concerned(tx, ids, but=turn.person.id)
    return turn.language.nhtml("It concerns {n} person.", "It concerns {n} people.", people)


async def look(press: Press, tx: Transaction) -> Reply:
    """The confirming look: what is put on hold, what is left out, and how many people hear of it."""
    because, out = _reason(press.word(0)), _left_out(press.word(1))
    if because is None:
        return toast(press.language.gettext("That button does nothing here.")) + await open_weather(press, tx)
    return await _look(press, tx, because, out)


async def _look(turn: Turn, tx: Transaction, because: Reason, out: frozenset[int]) -> Reply:
    language = turn.language
    today = await holds.list_today(tx, now=turn.now, home=turn.setup.home)
    if not today:
        return await open_weather(turn, tx)
    taken = [event for event in today if event.id not in out]
    parts = [
        language.html("<b>Put on hold: {reason}</b>", reason=reason_name(language, because)),
        language.html("Tap an event to leave it out or to take it in again."),
        await _count(taken, turn, tx),
        language.html(
            "They are told at once, at night without a sound. Reminders stop until you have decided."
        ),
    ]
    if any(_left_out(_written(out ^ {event.id})) != out ^ {event.id} for event in today[:MOST_LISTED]):
        parts.append(
            language.html(
                "No more can be left out here. You can also put single events on hold from their own pages."
            )
        )
    rows = [
        [
            button(
                f"{'▫️' if event.id in out else '⏸'} {programme.text_of(event, language.locale).title}",
                "oholdlook",
                because,
                _written(out ^ {event.id}),
            )
        ]
        for event in today[:MOST_LISTED]
    ]
    if taken:
        label = language.ngettext("Put {n} event on hold", "Put {n} events on hold", len(taken))
        rows.append([button(label, "oholdgo", because, holds.digest(today), _written(out), style="danger")])
    return show(Markup("\n\n").join(parts), [*rows, [button(language.gettext("‹ Back"), "oholds")]])


def _written(out: Collection[int]) -> str:
    """The ids in a button; those that don't fit are not left out."""
    said = ""
    for event_id in sorted(out):
        longer = f"{said}.{event_id}" if said else str(event_id)
        if len(longer) > MOST_LEFT_OUT:
            break
        said = longer
    return said or _NOBODY


def _left_out(word: str) -> frozenset[int]:
    return frozenset(int(part) for part in word[:MOST_LEFT_OUT].split(".") if part.isdecimal())


def _reason(word: str) -> Reason | None:
    return next((one for one in REASONS if one == word), None)


async def go(press: Press, tx: Transaction) -> Reply:
    """Put on hold what the organiser saw, and tell everybody. Pressing twice tells nobody twice."""
    because, out = _reason(press.word(0)), _left_out(press.word(2))
    if because is None:
        return toast(press.language.gettext("That button does nothing here.")) + await open_weather(press, tx)
    today = await holds.list_today(tx, now=press.now, home=press.setup.home)
    if holds.digest(today) != press.word(1):
        # Pressed once more, or the day's events have changed meanwhile.
        changed = press.language.gettext("Today's events have changed meanwhile. Please look again.")
        if not today:
            return await hold_decisions.open_held(press, tx)
        return alert(changed) + await _look(press, tx, because, out)
    ids = [event.id for event in today if event.id not in out]
    told = await holds.hold(tx, ids, because, actor_id=press.person.id, now=press.now)
    return await hold_decisions.open_held(press, tx, before=_told(told, press))


def _told(told: Told, turn: Turn) -> Markup:
    return turn.language.nhtml(
        "⏸ On hold. {n} person is told now.", "⏸ On hold. {n} people are told now.", told.people
    )


async def ask_one(press: Press, tx: Transaction) -> Reply:
    """A single event of any day: why, and how many people will hear of it."""
    event = await events.find(tx, press.number(0))
    if event is None or not can_change(event, press) or event.held_at is not None:
        return await show_event(press, tx, press.number(0))
    language = press.language
    parts = [
        language.html("Put <b>{title}</b> on hold?", title=title_of(event, language)),
        await _count([event], press, tx),
        language.html("They are told at once, at night without a sound. Tap the reason to do it."),
    ]
    rows = [[button(reason_name(language, one), "oholdonego", event.id, one)] for one in REASONS]
    return show(Markup("\n\n").join(parts), [*rows, [button(language.gettext("‹ Back"), "omore", event.id)]])


async def go_one(press: Press, tx: Transaction) -> Reply:
    because = _reason(press.word(1))
    if because is None:
        nothing = toast(press.language.gettext("That button does nothing here."))
        return nothing + await show_event(press, tx, press.number(0))
    told = await holds.hold(tx, [press.number(0)], because, actor_id=press.person.id, now=press.now)
    before = _told(told, press) if told.events else None
    return await show_event(press, tx, press.number(0), before=before)
