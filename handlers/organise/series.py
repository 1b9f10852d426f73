"""Further events like one that is there: a copy on another day, and the sessions of a series."""

from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot import audit, copies, programme
from bot import series as sessions_of
from handlers import forms
from handlers.forms import Data, Form, Step
from handlers.organise import answers
from handlers.organise.answers import instant
from handlers.organise.copy_steps import COPY_START, SERIES_STEPS, sign_up_label, starts_of
from handlers.organise.event_admin import can_change, gone, show_event
from handlers.organise.menu import organise_button
from handlers.replies import Button, Reply, button, show
from handlers.turns import Press, Turn
from storage import Transaction, events, series
from storage.events import Event
from storage.series import Series

PAGE = 8
_SIGN_UPS = ("either", "single", "whole")


def _known(event: Event, turn: Turn) -> dict[str, object]:
    return {
        "event": event.id,
        "zone": event.zone,
        "first": int(event.starts_at.timestamp()),
        "title": programme.text_of(event, turn.language.locale).title,
    }


async def begin_copy(press: Press, tx: Transaction) -> Reply:
    """A copy of any event, also of one that is over or cancelled: only its start is asked."""
    event = await events.find(tx, press.number(0))
    if event is None:
        return gone(press)
    return await forms.begin(press, tx, COPY, _known(event, press))


async def _copy(turn: Turn, tx: Transaction, data: Data) -> Reply:
    source = await events.find(tx, data["event"])
    if source is None:
        return gone(turn)
    starts_at = instant(data["start"])
    if starts_at <= turn.now:
        sentence = turn.language.html("The start is over by now. Please send a time to come.")
        return await forms.ask_again(turn, tx, COPY, "start", data, before=sentence)
    copy = await copies.duplicate(tx, source, starts_at=starts_at, actor_id=turn.person.id, now=turn.now)
    said = turn.language.html("✅ The copy is published. Change what is different this time.")
    return await show_event(turn, tx, copy.id, before=said)


async def open_series(press: Press, tx: Transaction) -> Reply:
    """The series of an event, or the way to make one of it."""
    event = await events.find(tx, press.number(0))
    if event is None or not can_change(event, press):
        return await show_event(press, tx, press.number(0))
    if event.series_id is None:
        return await forms.begin(press, tx, SERIES, _known(event, press))
    return await _show(press, tx, event, page=max(0, press.number(1)))


async def begin_more(press: Press, tx: Transaction) -> Reply:
    """Further sessions of the series, counted from its last one."""
    event = await events.find(tx, press.number(0))
    if event is None or event.series_id is None or not can_change(event, press):
        return await show_event(press, tx, press.number(0))
    last = (await sessions_of.list_sessions(tx, event.series_id, now=press.now) or [event])[-1]
    return await forms.begin(press, tx, SERIES, {**_known(last, press), "series": event.series_id})


async def _make(turn: Turn, tx: Transaction, data: Data) -> Reply:
    event = await events.lock(tx, data["event"])
    if event is None or not can_change(event, turn):
        return await show_event(turn, tx, data["event"])
    names = {locale: text.title for locale, text in event.texts.items()}
    if data.get("name"):
        names = {turn.language.locale: data["name"]}
    _, made = await copies.make_series(
        tx,
        event,
        starts_of(data),
        names=names,
        sign_up=data.get("sign_up") or "either",
        actor_id=turn.person.id,
        now=turn.now,
    )
    said = turn.language.nhtml(
        "✅ {n} further session is published.", "✅ {n} further sessions are published.", len(made)
    )
    event = await events.find(tx, event.id) or event
    return await _show(turn, tx, event, before=said)


async def _show(
    turn: Turn, tx: Transaction, event: Event, *, page: int = 0, before: Markup | None = None
) -> Reply:
    found = await series.find(tx, event.series_id) if event.series_id is not None else None
    if found is None:
        return await show_event(turn, tx, event.id)
    language = turn.language
    sessions = await sessions_of.list_sessions(tx, found.id, now=turn.now)
    page = min(page, max(0, len(sessions) - 1) // PAGE)
    name = sessions_of.name_of(found, language.locale, event.base_locale)
    text = Markup("\n").join(
        [
            language.html("🔁 <b>{series}</b>", series=name),
            language.nhtml("{n} session to come", "{n} sessions to come", len(sessions)),
            language.html("People sign up: {how}", how=sign_up_label(turn, found.sign_up)),
        ]
    )
    shown = sessions[page * PAGE : (page + 1) * PAGE]
    rows: list[list[Button]] = [
        [
            button(
                language.moment(one.starts_at, ZoneInfo(one.zone), now=turn.now),
                "oevent",
                one.id,
            )
        ]
        for one in shown
    ]
    turning = []
    if page:
        turning.append(button(language.gettext("‹ Earlier"), "oseries", event.id, page - 1))
    if (page + 1) * PAGE < len(sessions):
        turning.append(button(language.gettext("Later ›"), "oseries", event.id, page + 1))
    rows += [
        turning,
        [
            button(language.gettext("➕ Further dates"), "oseriesmore", event.id),
            button(language.gettext("How people sign up"), "oserieshow", event.id),
        ],
        [
            button(language.gettext("Rename"), "oseriesname", event.id),
            button(language.gettext("Take this event out"), "oseriesout", event.id),
        ],
        [button(language.gettext("‹ Back to the event"), "oevent", event.id)],
    ]
    return show(before + Markup("\n\n") + text if before else text, rows)


async def _found(press: Press, tx: Transaction) -> tuple[Event, Series] | None:
    event = await events.find(tx, press.number(0))
    if event is None or event.series_id is None or not can_change(event, press):
        return None
    found = await series.find(tx, event.series_id)
    return (event, found) if found else None


async def choose_sign_up(press: Press, tx: Transaction) -> Reply:
    """Whether people sign up for all sessions, for single ones, or as they like."""
    found = await _found(press, tx)
    if found is None:
        return await show_event(press, tx, press.number(0))
    event, present = found
    if press.word(1) in _SIGN_UPS:
        if press.word(1) != present.sign_up:
            await series.change(tx, present.id, sign_up=press.word(1))
            await _note(press, tx, event)
        return await _show(press, tx, event)
    rows = []
    for value in _SIGN_UPS:
        label = sign_up_label(press, value)
        ticked = f"✓ {label}" if value == present.sign_up else label
        rows.append([button(ticked, "oserieshow", event.id, value)])
    text = press.language.html("How do people sign up? Whoever has signed up already keeps their places.")
    return show(text, [*rows, [button(press.language.gettext("‹ Back"), "oseries", event.id)]])


async def ask_take_out(press: Press, tx: Transaction) -> Reply:
    found = await _found(press, tx)
    if found is None:
        return await show_event(press, tx, press.number(0))
    event, language = found[0], press.language
    text = language.html(
        "Take this event out of the series? It stays as it is, with everybody who signed up; only the others"
        " belong together."
    )
    rows = [
        [button(language.gettext("Yes, take it out"), "oseriesouted", event.id)],
        [button(language.gettext("‹ No, keep it"), "oseries", event.id)],
    ]
    return show(text, rows)


async def take_out(press: Press, tx: Transaction) -> Reply:
    found = await _found(press, tx)
    if found is not None:
        await programme.change(tx, found[0].id, {"series_id": None}, actor_id=press.person.id, now=press.now)
    return await show_event(press, tx, press.number(0))


async def begin_name(press: Press, tx: Transaction) -> Reply:
    found = await _found(press, tx)
    if found is None:
        return await show_event(press, tx, press.number(0))
    data = {"event": found[0].id, "name": found[1].names.get(press.language.locale)}
    return await forms.begin(press, tx, NAME, {key: value for key, value in data.items() if value})


def _ask_new_name(turn: Turn, data: Data) -> Markup:
    return turn.language.html("What is the series called?")


async def _rename(turn: Turn, tx: Transaction, data: Data) -> Reply:
    event = await events.find(tx, data["event"])
    found = await series.find(tx, event.series_id) if event and event.series_id is not None else None
    if event is None or found is None:
        return await show_event(turn, tx, data["event"])
    names = {**found.names, turn.language.locale: data["name"]}
    if names != found.names:
        await series.change(tx, found.id, names=names)
        await _note(turn, tx, event)
    return await _show(turn, tx, event, before=turn.language.html("✅ Changed."))


async def _note(turn: Turn, tx: Transaction, event: Event) -> None:
    """What is changed of a series is written down at the session where it was done."""
    await audit.note(
        tx, "event_changed", now=turn.now, actor_id=turn.person.id, event_id=event.id, fields=["series_id"]
    )


def _way_back(turn: Turn) -> Button:
    data = turn.dialogue.data if turn.dialogue else {}
    if "event" in data:
        return button(turn.language.gettext("‹ Back to the event"), "oevent", data["event"])
    return organise_button(turn.language)


COPY = Form("event_copy", (COPY_START,), finish=_copy, way_back=_way_back, organisers_only=True)
SERIES = Form("event_series", SERIES_STEPS, finish=_make, way_back=_way_back, organisers_only=True)
NAME = Form(
    "series_name",
    (
        Step(
            "name",
            _ask_new_name,
            read=answers.read_text(answers.TITLE_LIMIT, one_line=True),
            tell=answers.tell_text,
        ),
    ),
    finish=_rename,
    way_back=_way_back,
    organisers_only=True,
)
