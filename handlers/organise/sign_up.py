"""How people sign up for an event: every option with what it is now, each changed with a tap or a word."""

from collections.abc import Mapping
from typing import Any, Final

from markupsafe import Markup

from bot import groups, programme, usual_reminders
from handlers.organise.event_admin import can_change, show_event
from handlers.organise.event_outcome import tell_outcome
from handlers.organise.sign_up_pages import PAGES, Options
from handlers.replies import NOTHING, Button, Reply, button, show, toast
from handlers.turns import Press, Turn
from storage import Transaction, event_questions, events
from storage import groups as group_rows
from storage.events import Event

# In a form's data: the answer leads back here, to the page where its question was chosen.
FROM: Final = "s"
PAGE_OF: Final[Mapping[str, str]] = {
    "opens": "time",
    "deadline": "time",
    "places": "ways",
    "online_places": "ways",
    "online": "ways",
    "companions": "party",
    "offer": "wait",
    "shift_reminders": "shifts",
}
_WAYS: Final = ("here", "online", "both")
_OFFERS: Final = frozenset({30, 120, 720, 1440})
_SWITCHES: Final[Mapping[str, tuple[str, str]]] = {
    # What a button names: the column, and the page that it stands on.
    "names": ("companion_names", "party"),
    "approval": ("approval", "approval"),
    "again": ("apply_again", "approval"),
    "smaller": ("smaller_first", "wait"),
    "feedback": ("feedback", ""),
    "hold": ("hold_shifts", "shifts"),
}


def page_button(turn: Turn, event_id: int, page: str) -> Button:
    return button(turn.language.gettext("‹ Sign-up options"), "osignup", event_id, page)


async def open_page(press: Press, tx: Transaction) -> Reply:
    return await show_page(press, tx, press.number(0), press.word(1))


async def show_page(
    turn: Turn, tx: Transaction, event_id: int, page: str, *, before: Markup | None = None
) -> Reply:
    """One page of the options, below a sentence about what has just been done."""
    event = await events.find(tx, event_id)
    if event is None or not can_change(event, turn):
        return await show_event(turn, tx, event_id)
    draw = PAGES.get(page, PAGES[""])
    text, rows = draw(await _read(event, tx), turn)
    return show(before + Markup("\n\n") + text if before else text, rows)


async def _read(event: Event, tx: Transaction) -> Options:
    return Options(
        event,
        questions=len(await event_questions.list_asked(tx, event.id)),
        groups=tuple(group for group, _ in await group_rows.list_all(tx)),
        shift_reminders=await usual_reminders.of_shifts(tx, event),
    )


async def set_option(press: Press, tx: Transaction) -> Reply:
    """Set one option to the value that the button names; pressing twice is harmless."""
    event = await events.lock(tx, press.number(0))
    if event is None or not can_change(event, press):
        return await show_event(press, tx, press.number(0))
    found = await _understood(event, press, tx)
    if found is None:
        return toast(press.language.gettext("That button does nothing here."))
    page, changes = found
    if changes.get("audience") == "invited" and event.invite_token is None:
        await programme.renew_invitation(tx, event.id, actor_id=press.person.id, now=press.now)
    changed = await programme.change(tx, event.id, changes, actor_id=press.person.id, now=press.now)
    if changed is None:
        return await show_event(press, tx, event.id)
    if changed.event.revision == event.revision:
        return await show_page(press, tx, event.id, page)
    outcome = await tell_outcome(event, changed, press, tx)
    return await show_page(press, tx, event.id, page, before=outcome)


async def _understood(event: Event, press: Press, tx: Transaction) -> tuple[str, dict[str, Any]] | None:
    """The page to go back to and the columns to change; None for what no button of ours says."""
    option, value, number = press.word(1), press.word(2), press.number(2)
    match option:
        case "ways" if value in _WAYS:
            return "ways", _change_ways(event, value)
        case "for":
            audience = await _audience(value, number, tx, press)
            return None if audience is None else ("whom", audience)
        case "offer" if number == 0 or number in _OFFERS:
            return "wait", {"offer_minutes": number or None}
        case "unfilled" if 0 < number <= 24 * 14:
            hours = set(event.unfilled_hours) - {number} | ({number} if press.word(3) == "1" else set())
            return "shifts", {"unfilled_hours": tuple(sorted(hours, reverse=True))}
        case option if option in _SWITCHES and value in {"0", "1"}:
            column, page = _SWITCHES[option]
            return page, {column: value == "1"}
        case _:
            return None


def _change_ways(event: Event, ways: str) -> dict[str, Any]:
    """Where there was one way only, its number of places goes along with it."""
    if (event.ways, ways) == ("here", "online"):
        return {"ways": ways, "online_capacity": event.online_capacity or event.capacity}
    if (event.ways, ways) == ("online", "here"):
        return {"ways": ways, "capacity": event.capacity or event.online_capacity}
    return {"ways": ways}


async def _audience(value: str, number: int, tx: Transaction, press: Press) -> dict[str, Any] | None:
    if value in {"everyone", "invited"}:
        return {"audience": value, "group_id": None}
    if value == "members":
        group = await groups.ensure_members_group(tx, now=press.now)
        return {"audience": "group", "group_id": group.id}
    chosen = await group_rows.find(tx, number)
    return None if chosen is None else {"audience": "group", "group_id": chosen.id}


async def ask_new_link(press: Press, tx: Transaction) -> Reply:
    """Say what a new invitation link does, and ask."""
    event = await events.find(tx, press.number(0))
    if event is None or not can_change(event, press) or event.invite_token is None:
        return await show_page(press, tx, press.number(0), "whom")
    language = press.language
    question = language.html(
        "Make a new invitation link? The old one lets nobody in any more. Whoever came by it stays invited."
    )
    rows = [
        # The button knows which link it replaces: pressed twice, it makes one new link.
        [button(language.gettext("Make a new link"), "onewlinked", event.id, event.invite_token[-4:])],
        [button(language.gettext("‹ No, keep it"), "osignup", event.id, "whom")],
    ]
    return show(question, rows)


async def make_new_link(press: Press, tx: Transaction) -> Reply:
    event = await events.lock(tx, press.number(0))
    done = NOTHING
    if (
        event is not None
        and can_change(event, press)
        and event.invite_token is not None
        and event.invite_token[-4:] == press.word(1)
    ):
        await programme.renew_invitation(tx, event.id, actor_id=press.person.id, now=press.now)
        done = toast(press.language.gettext("The link is a new one now."))
    return done + await show_page(press, tx, press.number(0), "whom")
