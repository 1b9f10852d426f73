"""Adding a stop to a visit's programme, changing it, and taking it off."""

from typing import Any, Final

from markupsafe import Markup

from bot import visits
from bot.language import LOCALES, NATIVE_NAMES
from handlers import forms
from handlers.forms import Data, Form
from handlers.organise import answers
from handlers.organise.event_admin import can_change, gone
from handlers.organise.event_draft import field_name
from handlers.organise.menu import organise_button
from handlers.organise.stop_steps import STEPS, TEXTS, translated
from handlers.organise.visits import label, show_visit
from handlers.replies import Button, Reply, button, show, toast
from handlers.turns import Press, Turn
from handlers.visits import described_stop
from storage import Transaction, events, stops
from storage.events import Event
from storage.stops import Stop, StopText

FIELDS: Final = ("time", "title", "place", "location", "meeting", "note")


async def begin_new(press: Press, tx: Transaction) -> Reply:
    """Ask about a new stop, step by step."""
    event = await events.find(tx, press.number(0))
    if event is None or not can_change(event, press):
        return await show_visit(press, tx, press.number(0))
    return await forms.begin(press, tx, NEW, _known(event))


def _known(event: Event) -> dict[str, Any]:
    days = visits.days_of(event)
    known: dict[str, Any] = {
        "event": event.id,
        "base": event.base_locale,
        "zone": event.zone,
        "days": [one.isoformat() for one in days],
    }
    return known | ({"day": days[0].isoformat()} if len(days) == 1 else {})


async def open_stop(press: Press, tx: Transaction) -> Reply:
    return await show_stop(press, tx, press.number(0))


async def show_stop(turn: Turn, tx: Transaction, stop_id: int, *, before: Markup | None = None) -> Reply:
    """A stop with what can be changed about it."""
    found = await _find(tx, stop_id)
    if found is None:
        return _stop_gone(turn)
    stop, event = found
    language = turn.language
    parts = [before] if before else []
    parts += [Markup("<b>{}</b>").format(label(stop, event, turn)), described_stop(stop, event, language)]
    back = [button(language.gettext("‹ Back to the visit"), "ovisit", event.id)]
    if not can_change(event, turn):
        return show(Markup("\n\n").join(parts), [back])
    fields = [button(_name(turn, field), "ostopedit", stop.id, field) for field in FIELDS]
    rows = [fields[start : start + 2] for start in range(0, len(fields), 2)]
    others = [
        button(NATIVE_NAMES[locale], "ostopedit", stop.id, locale)
        for locale in LOCALES
        if locale != event.base_locale
    ]
    add = [button(language.gettext("➕ Add another"), "ostopadd", event.id, style="primary")]
    remove = [button(language.gettext("🗑 Remove"), "ostopdel", stop.id)]
    return show(Markup("\n\n").join(parts), [*rows, others, remove, add, back])


def _name(turn: Turn, field: str) -> str:
    words = turn.language
    match field:
        case "time":
            return words.gettext("Day and time")
        case "meeting":
            return words.gettext("Meeting point?")
        case "note":
            return words.gettext("Note")
        case _:
            return field_name(turn, field)


async def _find(tx: Transaction, stop_id: int) -> tuple[Stop, Event] | None:
    stop = await stops.find(tx, stop_id)
    event = await events.find(tx, stop.event_id) if stop else None
    return (stop, event) if stop and event else None


def _stop_gone(turn: Turn) -> Reply:
    return show(turn.language.html("This stop is not there any more."), [[organise_button(turn.language)]])


async def begin_edit(press: Press, tx: Transaction) -> Reply:
    """Ask for one thing of a stop anew, or for its words in another language."""
    found = await _find(tx, press.number(0))
    if found is None:
        return _stop_gone(press)
    stop, event = found
    form = EDITS.get(press.word(1))
    if form is None or not can_change(event, press) or press.word(1) == event.base_locale:
        return await show_stop(press, tx, stop.id)
    return await forms.begin(press, tx, form, _known(event) | _answers(stop, event) | {"stop": stop.id})


def _answers(stop: Stop, event: Event) -> dict[str, Any]:
    """The stop as the form's answers; the day and the time are asked anew."""
    base = stop.texts.get(event.base_locale, StopText(""))
    data: dict[str, Any] = {
        **{name: getattr(base, name) or None for name in TEXTS},
        "meeting": stop.meeting,
        "location": None if stop.latitude is None else [stop.latitude, stop.longitude],
    }
    for locale in LOCALES:
        if own := stop.texts.get(locale):
            data |= {f"{name}:{locale}": getattr(own, name) or None for name in TEXTS}
    return data


async def ask_removal(press: Press, tx: Transaction) -> Reply:
    found = await _find(tx, press.number(0))
    if found is None:
        return _stop_gone(press)
    stop, event = found
    language = press.language
    text = language.html(
        "Take “{title}” off the programme?", title=visits.text_of(stop, event, language.locale).title
    )
    rows = [
        [button(language.gettext("Yes, remove it"), "ostopgone", stop.id, style="danger")],
        [button(language.gettext("No, keep it"), "ostop", stop.id)],
    ]
    return show(text, rows)


async def remove(press: Press, tx: Transaction) -> Reply:
    """Take the stop off the programme. Pressing twice is harmless."""
    found = await _find(tx, press.number(0))
    if found is None:
        return _stop_gone(press)
    stop, event = found
    if not can_change(event, press):
        return await show_stop(press, tx, stop.id)
    await visits.remove_stop(tx, event, stop, actor_id=press.person.id, now=press.now)
    return toast(press.language.gettext("It is removed.")) + await show_visit(press, tx, event.id)


def _columns(data: Data) -> dict[str, Any]:
    """The columns that were answered."""
    columns: dict[str, Any] = {}
    if data.get("time"):
        starts, ends = data["time"]
        columns |= {
            "starts_at": answers.instant(starts),
            "ends_at": answers.instant(ends) if ends else None,
        }
    if "location" in data:
        latitude, longitude = data["location"] or (None, None)
        columns |= {"latitude": latitude, "longitude": longitude}
    if "meeting" in data:
        columns["meeting"] = bool(data["meeting"])
    return columns


def _way_back(turn: Turn) -> Button:
    data = turn.dialogue.data if turn.dialogue else {}
    if "event" in data:
        return button(turn.language.gettext("‹ Back to the visit"), "ovisit", data["event"])
    return organise_button(turn.language)


async def _add(turn: Turn, tx: Transaction, data: Data) -> Reply:
    event = await events.lock(tx, data["event"])
    if event is None:
        return gone(turn)
    if not can_change(event, turn):
        return await show_visit(turn, tx, event.id)
    text = StopText(data["title"], data.get("place") or "", data.get("note") or "")
    stop_id = await visits.add_stop(
        tx, event, {event.base_locale: text}, _columns(data), actor_id=turn.person.id, now=turn.now
    )
    added = turn.language.html("✅ Added. You can say it in other languages too.")
    return await show_stop(turn, tx, stop_id, before=added)


async def _change(turn: Turn, tx: Transaction, data: Data) -> Reply:
    """Change what was asked about and nothing else."""
    found = await _find(tx, data["stop"])
    if found is None:
        return _stop_gone(turn)
    stop, event = found
    if not can_change(event, turn):
        return await show_stop(turn, tx, stop.id)
    field = turn.dialogue.kind.removeprefix("stop_") if turn.dialogue else ""
    if field in LOCALES:
        words = {name: data.get(f"{name}:{field}") or "" for name in TEXTS}
        await visits.change_stop_text(tx, event, stop, field, words, actor_id=turn.person.id, now=turn.now)
    elif field in TEXTS:
        await visits.change_stop_text(
            tx,
            event,
            stop,
            event.base_locale,
            {field: data[field] or ""},
            actor_id=turn.person.id,
            now=turn.now,
        )
    else:
        columns = _columns({name: data[name] for name in (field,)})
        await visits.change_stop(tx, event, stop, columns, actor_id=turn.person.id, now=turn.now)
    return await show_stop(turn, tx, stop.id, before=turn.language.html("✅ Changed."))


NEW: Final = Form(
    "stop_new",
    tuple(step for field in FIELDS for step in STEPS[field]),
    finish=_add,
    way_back=_way_back,
    organisers_only=True,
    counts=True,
)
EDITS: Final = {
    **{
        field: Form(f"stop_{field}", steps, finish=_change, way_back=_way_back, organisers_only=True)
        for field, steps in STEPS.items()
    },
    **{
        locale: Form(
            f"stop_{locale}",
            tuple(translated(name, locale) for name in TEXTS),
            finish=_change,
            way_back=_way_back,
            organisers_only=True,
        )
        for locale in LOCALES
    },
}
