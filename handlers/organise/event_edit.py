"""Changing one thing of a published event at a time."""

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot import programme, usual_reminders
from bot.language import LOCALES, NATIVE_NAMES
from handlers import forms
from handlers.events import title_of
from handlers.forms import Data, Form, Step
from handlers.organise import sign_up
from handlers.organise.answers import instant
from handlers.organise.event_admin import can_change, show_event
from handlers.organise.event_draft import FIELDS, answers_of, field_name
from handlers.organise.event_outcome import tell_outcome
from handlers.organise.event_steps import STEPS, TEXTS, text_step
from handlers.organise.menu import organise_button
from handlers.organise.sign_up_steps import OPTIONS
from handlers.replies import Button, Reply, button, show
from handlers.turns import Press, Turn
from storage import Transaction, events
from storage.events import Event

ASKED = (*STEPS, *OPTIONS)


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
    return {step.name for step in ASKED if step.applies(data)}


async def ask(press: Press, tx: Transaction) -> Reply:
    """Ask the one question, with the present answer beside it."""
    name, beside = press.word(1), press.word(2)
    field = f"{name}:{beside}" if name in TEXTS and beside else name
    event = await events.find(tx, press.number(0))
    if event is None or not can_change(event, press) or field not in _offered(event):
        return await show_event(press, tx, press.number(0))
    data = {**answers_of(event), "event": event.id, "field": field, "from": press.word(2)}
    if field == "shift_reminders":
        data[field] = list(await usual_reminders.of_shifts(tx, event))
    return await forms.begin(press, tx, FORM, data)


async def _save(turn: Turn, tx: Transaction, data: Data) -> Reply:
    """Change what was asked about and nothing else, and say what came of it."""
    event_id, field = data["event"], data["field"]
    event = await events.lock(tx, event_id)
    if event is None or not can_change(event, turn):
        return await show_event(turn, tx, event_id)
    name, _, locale = field.partition(":")
    if name in TEXTS:
        words = {name: data[field] or ""}
        changed = await programme.change_text(
            tx, event_id, locale or event.base_locale, words, actor_id=turn.person.id, now=turn.now
        )
    else:
        changes = _columns(event, field, data[field])
        if problem := _impossible(event, changes, turn):
            known = {**answers_of(event), "event": event.id, "field": field, "from": data.get("from")}
            return await forms.ask_again(turn, tx, FORM, field, known, before=problem)
        changed = await programme.change(tx, event_id, changes, actor_id=turn.person.id, now=turn.now)
    if changed is None:
        return await show_event(turn, tx, event_id)
    outcome = await tell_outcome(event, changed, turn, tx)
    page = sign_up.PAGE_OF.get(field)
    if page is not None and data.get("from") == sign_up.FROM:
        return await sign_up.show_page(turn, tx, event_id, page, before=outcome)
    return await show_event(turn, tx, event_id, before=outcome)


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
                "opens_at": event.opens_at and event.opens_at + shift,
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
        case "opens":
            return {"opens_at": instant(value) if value else None}
        case "places":
            return {"online_capacity" if event.ways == "online" else "capacity": value}
        case "online_places":
            return {"online_capacity": value}
        case "offer":
            return {"offer_minutes": value}
        case "reminders":
            return {"reminders": tuple(value)}
        case "shift_reminders":
            return {"shift_reminders": tuple(value)}
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
    if changes.keys() & {"opens_at", "deadline_at"} and after.opens_at:
        closes = min(after.starts_at, deadline or after.starts_at)
        if after.opens_at >= closes:
            return turn.language.html(
                "Sign-up must open before it closes, {when}.",
                when=turn.language.moment(closes, ZoneInfo(event.zone), now=turn.now),
            )
    return None


def _only(step: Step) -> Step:
    """The step, asked only when it is the one that was chosen."""
    return replace(step, applies=lambda data: data.get("field") == step.name)


def _way_back(turn: Turn) -> Button:
    data = turn.dialogue.data if turn.dialogue else {}
    if data.get("from") == sign_up.FROM and data.get("field") in sign_up.PAGE_OF:
        return sign_up.page_button(turn, data["event"], sign_up.PAGE_OF[data["field"]])
    if "event" in data:
        return button(turn.language.gettext("‹ Back to the event"), "oevent", data["event"])
    return organise_button(turn.language)


FORM = Form(
    "event_edit",
    tuple(_only(step) for step in ASKED),
    finish=_save,
    way_back=_way_back,
    organisers_only=True,
)
