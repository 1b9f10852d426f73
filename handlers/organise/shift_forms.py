"""What organisers are asked when they add a shift or change one."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot import shift_changes
from bot import when as written
from bot.language import LOCALES, NATIVE_NAMES
from bot.written import normal
from handlers import forms
from handlers.forms import Choice, Data, Form, Misread, Step, Understood
from handlers.menu import home_button
from handlers.organise import shifts as screens
from handlers.replies import Button, Reply, button, show
from handlers.turns import Press, Turn, Writing
from storage import Transaction, events
from storage.events import Event
from storage.shifts import Shift

ROLE_LIMIT: Final = 100
NOTE_LIMIT: Final = 300
MOST_PLACES: Final = 1000
OFFERED_PLACES: Final = (1, 2, 3, 4, 5, 6, 8, 10)
_COUNT: Final = re.compile(r"(\d{1,6})\s*(?:people|persons?|places?|volunteers?|人|个|名|位)?")


async def begin_new(press: Press, tx: Transaction) -> Reply:
    """Ask about a new shift, step by step."""
    event = await events.find(tx, press.number(0))
    if event is None or event.state == "cancelled" or event.ends_at <= press.now:
        return await screens.list_shifts(press, tx, press.number(0))
    return await forms.begin(press, tx, NEW, _known(event, press))


async def begin_edit(press: Press, tx: Transaction) -> Reply:
    """Ask for one thing of a shift anew."""
    found = await screens.find(tx, press.number(0))
    if found is None:
        return screens.gone(press.language)
    shift, event = found
    form = EDITS.get(press.word(1))
    if form is None or shift.cancelled_at is not None or shift.starts_at <= press.now:
        return await screens.open_card(press, tx, shift.id)
    return await forms.begin(press, tx, form, _known(event, press) | {"shift": shift.id})


def _known(event: Event, turn: Turn) -> dict[str, Any]:
    return {
        "event": event.id,
        "locale": turn.language.locale,
        "zone": event.zone,
        "event_starts": int(event.starts_at.timestamp()),
        "event_ends": int(event.ends_at.timestamp()),
    }


def _ask_role(turn: Turn, data: Data) -> Markup:
    return turn.language.html("What is the role called? For example “Welcome desk”.")


def _role_step(locale: str) -> Step:
    """The role in one more language than the organiser's own."""

    def ask(turn: Turn, data: Data) -> Markup:
        return turn.language.html(
            "And the role in {language}? Skip it and that language shows yours.",
            language=NATIVE_NAMES[locale],
        )

    return Step(
        f"role_{locale}", ask, read=_read_role, optional=True, applies=lambda data: data["locale"] != locale
    )


def _read_role(writing: Writing, data: Data) -> Understood | Misread:
    return _read_line(writing, ROLE_LIMIT)


def _read_note(writing: Writing, data: Data) -> Understood | Misread:
    return _read_line(writing, NOTE_LIMIT)


def _read_line(writing: Writing, limit: int) -> Understood | Misread:
    language = writing.language
    if not writing.text:
        return Misread(language.html("I can only read text here."))
    if len(writing.text) > limit:
        return Misread(
            language.nhtml(
                "That is too long. Please use {n} character at most.",
                "That is too long. Please use {n} characters at most.",
                limit,
            )
        )
    return Understood(" ".join(writing.text.split()))


def _ask_starts(turn: Turn, data: Data) -> Markup:
    language, zone = turn.language, ZoneInfo(data["zone"])
    return language.html(
        "When does the shift start? The event is {when}. A time such as 18:00 means that day.",
        when=language.span(_instant(data, "event_starts"), _instant(data, "event_ends"), zone, now=turn.now),
    )


def _read_starts(writing: Writing, data: Data) -> Understood | Misread:
    """A time alone is on the event's day; of its two readings, the one nearer to the event's start."""
    language, zone = writing.language, ZoneInfo(data["zone"])
    event_starts = _instant(data, "event_starts")
    day = max(event_starts, writing.now).astimezone(zone).date()
    eve = datetime.combine(day, time(), zone) - timedelta(seconds=1)
    answer = _understand(writing, zone, eve)
    match answer:
        case written.Understood(instant, has_time=True) if instant > writing.now:
            later = _understand(writing, zone, instant)
            if (
                isinstance(later, written.Understood)
                and later.instant.date() == instant.date()
                and abs(later.instant - event_starts) < abs(instant - event_starts)
            ):
                instant = later.instant
            shown = language.html("✓ Starts {when}", when=language.moment(instant, zone, now=writing.now))
            return Understood(int(instant.timestamp()), shown)
        case written.Understood(has_time=False):
            return Misread(language.html("At what time? Please send it with the day, such as 3/12 18:00."))
        case written.Past() | written.Understood():
            return Misread(language.html("That is over already. Please send a time that is still to come."))
        case _:
            return Misread(language.html("I didn't understand that time. Try 18:00, or 3/12 18:00."))


def _understand(writing: Writing, zone: ZoneInfo, after: datetime) -> written.Answer:
    return written.understand(
        writing.text, now=writing.now, zone=zone, locale=writing.language.locale, after=after
    )


def _ask_ends(turn: Turn, data: Data) -> Markup:
    return turn.language.html("When does it end? Send a time such as 21:30, or how long it takes: 3 hours.")


def _read_ends(writing: Writing, data: Data) -> Understood | Misread:
    language, zone, starts = writing.language, ZoneInfo(data["zone"]), _instant(data, "starts")
    answer = written.understand_end(
        writing.text, starts=starts, now=writing.now, zone=zone, locale=language.locale
    )
    match answer:
        case written.Understood(instant, has_time=True):
            shown = language.html("✓ {when}", when=language.span(starts, instant, zone, now=writing.now))
            return Understood(int(instant.timestamp()), shown)
        case written.Understood():
            return Misread(language.html("At what time? Please send it with the day, such as 3/12 18:00."))
        case written.Past():
            return Misread(language.html("It must end after it starts. Please send a later time."))
        case _:
            return Misread(language.html("I didn't understand that. Try 21:30, or 3 hours."))


def _ask_places(turn: Turn, data: Data) -> Markup:
    return turn.language.html("How many volunteers are needed? Choose a number or send one.")


def _offer_places(turn: Turn, data: Data) -> list[Choice]:
    return [Choice(turn.language.number(n), n) for n in OFFERED_PLACES]


def _read_places(writing: Writing, data: Data) -> Understood | Misread:
    found = _COUNT.fullmatch(normal(writing.text))
    if found is None or not 1 <= int(found[1]) <= MOST_PLACES:
        return Misread(
            writing.language.html(
                "Please send a number from 1 to {most}.", most=writing.language.number(MOST_PLACES)
            )
        )
    return Understood(int(found[1]))


def _ask_note(turn: Turn, data: Data) -> Markup:
    return turn.language.html(
        "Is there anything to know, such as what to wear? It is shown before anybody takes the shift. Or"
        " press “Skip”."
    )


def _offer_no_note(turn: Turn, data: Data) -> list[Choice]:
    return [Choice(turn.language.gettext("Remove it"), "")]


def _instant(data: Data, name: str) -> datetime:
    return datetime.fromtimestamp(data[name], UTC)


def _roles(data: Data) -> Mapping[str, str]:
    further = {locale: data.get(f"role_{locale}") for locale in LOCALES}
    return {data["locale"]: data["role"]} | {locale: role for locale, role in further.items() if role}


def _notes(data: Data, roles: Mapping[str, str]) -> Mapping[str, str]:
    """The note beside the role's name in the organiser's language, or else in its first one."""
    match data.get("note"):
        case None:
            return {}
        case "":
            return dict.fromkeys(roles, "")
        case note:
            return {data["locale"] if data["locale"] in roles else next(iter(roles)): note}


async def _add(turn: Turn, tx: Transaction, data: Data) -> Reply:
    event = await events.lock(tx, data["event"])
    language = turn.language
    if event is None or event.state == "cancelled":
        text = language.html("The event was cancelled meanwhile. Nothing was added.")
        return show(text, [[_way_back(turn)]])
    shift = await shift_changes.add(
        tx,
        event,
        starts_at=_instant(data, "starts"),
        ends_at=_instant(data, "ends"),
        places=data["places"],
        roles=_roles(data),
        notes=_notes(data, _roles(data)),
        actor_id=turn.person.id,
        now=turn.now,
    )
    return await screens.open_card(turn, tx, shift.id, before=language.html("✅ The shift is added."))


async def _change(turn: Turn, tx: Transaction, data: Data) -> Reply:
    language = turn.language
    found = await screens.find(tx, data["shift"])
    if found is None:
        return screens.gone(language)
    shift, _ = found
    if shift.cancelled_at is not None or shift.starts_at <= turn.now:
        over = language.html("The shift has begun or was cancelled meanwhile. Nothing was changed.")
        return await screens.open_card(turn, tx, shift.id, before=over)
    await _apply(turn, tx, shift, data)
    return await screens.open_card(turn, tx, shift.id, before=language.html("✅ Changed."))


async def _apply(turn: Turn, tx: Transaction, shift: Shift, data: Data) -> None:
    await shift_changes.change(
        tx,
        shift.id,
        now=turn.now,
        starts_at=_instant(data, "starts") if "starts" in data else None,
        ends_at=_instant(data, "ends") if "ends" in data else None,
        places=data.get("places"),
        roles=_roles(data) if "role" in data else None,
        notes=_notes(data, shift.roles),
        actor_id=turn.person.id,
    )


def _way_back(turn: Turn) -> Button:
    data = turn.dialogue.data if turn.dialogue else {}
    if "event" in data:
        return button(turn.language.gettext("‹ Back to the shifts"), "oshifts", data["event"])
    return home_button(turn.language)


_ROLE: Final = (
    Step("role", _ask_role, read=_read_role),
    *(_role_step(locale) for locale in LOCALES),
)
_TIME: Final = (
    Step("starts", _ask_starts, read=_read_starts),
    Step("ends", _ask_ends, read=_read_ends),
)
_PLACES: Final = (Step("places", _ask_places, read=_read_places, choices=_offer_places, columns=4),)

NEW: Final = Form(
    kind="shift_new",
    steps=(*_ROLE, *_TIME, *_PLACES, Step("note", _ask_note, read=_read_note, optional=True)),
    finish=_add,
    way_back=_way_back,
    organisers_only=True,
)
EDITS: Final = {
    name: Form(kind=f"shift_{name}", steps=steps, finish=_change, way_back=_way_back, organisers_only=True)
    for name, steps in {
        "time": _TIME,
        "places": _PLACES,
        "role": _ROLE,
        "note": (Step("note", _ask_note, read=_read_note, choices=_offer_no_note, optional=True),),
    }.items()
}
