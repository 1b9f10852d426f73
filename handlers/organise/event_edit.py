"""Changing one thing of a published event at a time."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from markupsafe import Markup

from bot import programme
from bot.language import LOCALES, NATIVE_NAMES
from bot.programme import Changed
from handlers import forms
from handlers.events import title_of
from handlers.forms import Data, Form, Step
from handlers.organise.answers import instant
from handlers.organise.event_admin import can_change, show_event
from handlers.organise.event_draft import FIELDS, answers_of, field_name
from handlers.organise.event_steps import STEPS, TEXTS, text_step
from handlers.organise.menu import organise_button
from handlers.replies import Button, Reply, button, show
from handlers.turns import Press, Turn
from storage import Transaction, events
from storage.events import Event


async def choose(press: Press, tx: Transaction) -> Reply:
    """What is to be changed? With a locale: which of the texts in that language?"""
    event = await events.find(tx, press.number(0))
    if event is None or not can_change(event, press):
        return await show_event(press, tx, press.number(0))
    language, locale = press.language, press.word(1)
    back = [button(language.gettext("‹ Back"), "oevent", event.id)]
    if locale in LOCALES and locale != event.base_locale:
        fields = [field for field in TEXTS if text_step(field, locale) in _offered(event)]
        rows = [
            [button(field_name(press, field), "ochange", event.id, text_step(field, locale))]
            for field in fields
        ]
        back = [button(language.gettext("‹ Back"), "oedit", event.id)]
        text = language.html("What would you like to change in {language}?", language=NATIVE_NAMES[locale])
        return show(text, [*rows, back])
    buttons = [button(_label(press, event, field), "ochange", event.id, field) for field in FIELDS]
    rows = [buttons[start : start + 2] for start in range(0, len(buttons), 2)]
    others = [
        button(NATIVE_NAMES[locale], "oedit", event.id, locale)
        for locale in LOCALES
        if locale != event.base_locale
    ]
    text = language.html(
        "What would you like to change about <b>{title}</b>?", title=title_of(event, language)
    )
    return show(text, [*rows, others, back])


def _label(turn: Turn, event: Event, field: str) -> str:
    """The field's name; a text's language beside it where it isn't the reader's own."""
    name = field_name(turn, field)
    if field not in TEXTS or event.base_locale == turn.language.locale:
        return name
    return turn.language.gettext("{field} ({language})", field=name, language=NATIVE_NAMES[event.base_locale])


def _offered(event: Event) -> set[str]:
    """The steps that make sense for the event as it is."""
    data = answers_of(event)
    return {step.name for step in STEPS if step.applies(data)}


async def ask(press: Press, tx: Transaction) -> Reply:
    """Ask the one question, with the present answer beside it."""
    event, field = await events.find(tx, press.number(0)), ":".join(press.args[1:])
    if event is None or not can_change(event, press) or field not in _offered(event):
        return await show_event(press, tx, press.number(0))
    return await forms.begin(press, tx, FORM, {**answers_of(event), "event": event.id, "field": field})


async def _save(turn: Turn, tx: Transaction, data: Data) -> Reply:
    """Change what was asked about and nothing else, and say what came of it."""
    event_id, field = data["event"], data["field"]
    event = await events.lock(tx, event_id)
    if event is None or not can_change(event, turn):
        return await show_event(turn, tx, event_id)
    name, _, locale = field.partition(":")
    if name in TEXTS:
        words = {name: data[field] or ""}
        changed = await programme.change_text(tx, event_id, locale or event.base_locale, words, now=turn.now)
    else:
        changes = _columns(event, field, data[field])
        if problem := _impossible(event, changes, turn):
            known = {**answers_of(event), "event": event.id, "field": field}
            return await forms.ask_again(turn, tx, FORM, field, known, before=problem)
        changed = await programme.change(tx, event_id, changes, now=turn.now)
    if changed is None:
        return await show_event(turn, tx, event_id)
    return await show_event(turn, tx, event_id, before=_outcome(event, changed, turn))


def _columns(event: Event, field: str, value: Any) -> dict[str, Any]:
    """The columns that an answer changes. A new start takes the end and the deadline along."""
    match field:
        case "start":
            shift = instant(value) - event.starts_at
            deadline = event.deadline_at
            return {
                "starts_at": event.starts_at + shift,
                "ends_at": event.ends_at + shift,
                "deadline_at": deadline and deadline + shift,
            }
        case "end":
            return {"ends_at": instant(value)}
        case "deadline":
            return {"deadline_at": instant(value) if value else None}
        case "location":
            latitude, longitude = value or (None, None)
            return {"latitude": latitude, "longitude": longitude}
        case "online":
            return {"online_url": value}
        case "places":
            return {"capacity": value}
        case "reminders":
            return {"reminders": tuple(value)}
        case _:
            return {field: value}


def _impossible(event: Event, changes: dict[str, Any], turn: Turn) -> Markup | None:
    """What can't be any more, as time has passed or somebody else has changed the event meanwhile."""
    after = replace(event, **changes)
    if after.ends_at <= after.starts_at or after.ends_at <= turn.now:
        return turn.language.html("The end must be after the start, and still to come.")
    deadline = after.deadline_at
    if changes.keys() == {"deadline_at"} and deadline and not turn.now < deadline < after.starts_at:
        return turn.language.html("The deadline must be before the start, and still to come.")
    return None


def _outcome(before: Event, changed: Changed, turn: Turn) -> Markup:
    language = turn.language
    if changed.event.revision == before.revision:
        return language.html("Nothing was changed.")
    said = [language.html("✅ Changed.")]
    if changed.told:
        said.append(language.nhtml("{n} person is told.", "{n} people are told.", changed.told))
    if changed.moved:
        said.append(
            language.nhtml(
                "{n} sign-up moved up from the waitlist.",
                "{n} sign-ups moved up from the waitlist.",
                changed.moved,
            )
        )
    if _left_behind(before, changed.event, turn.now):
        said.append(language.html("Sign-up is closed now: its deadline moved along with the start."))
    return Markup("\n").join(said)


def _left_behind(before: Event, after: Event, now: datetime) -> bool:
    """Whether a deadline that moved along with an earlier start is over now."""
    if after.deadline_at is None or after.starts_at == before.starts_at:
        return False
    return after.deadline_at <= now


def _only(step: Step) -> Step:
    """The step, asked only when it is the one that was chosen."""
    return replace(step, applies=lambda data: data.get("field") == step.name)


def _way_back(turn: Turn) -> Button:
    data = turn.dialogue.data if turn.dialogue else {}
    if "event" in data:
        return button(turn.language.gettext("‹ Back to the event"), "oevent", data["event"])
    return organise_button(turn.language)


FORM = Form(
    "event_edit",
    tuple(_only(step) for step in STEPS),
    finish=_save,
    way_back=_way_back,
    organisers_only=True,
)
