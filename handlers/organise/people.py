"""The people of one event: finding them, adding and removing some."""

from markupsafe import Markup

from bot import merging, team
from bot.attendance import Waiting
from bot.language import Language, isolate
from bot.merging import Already, Impossible, Put
from handlers import forms
from handlers.events import title_of
from handlers.forms import Data, Form, Misread, Step, Understood
from handlers.organise.applications import describe_party
from handlers.organise.event_admin import can_change, gone
from handlers.organise.reasons import REASON, reason_in, reason_rows
from handlers.replies import Button, Reply, button, show, toast
from handlers.turns import Press, Turn, Writing
from storage import Transaction, events, parties, people
from storage.parties import Known, Party
from storage.rsvps import HELD

PAGE = 8
MOST_FOUND = 8


async def open_people(press: Press, tx: Transaction) -> Reply:
    """A page of everybody who has asked for a place, each a button."""
    return await show_list(press, tx, press.number(0), page=press.number(1) if len(press.args) > 1 else 0)


async def show_list(
    turn: Turn,
    tx: Transaction,
    event_id: int,
    *,
    page: int = 0,
    called: str = "",
    before: Markup | None = None,
) -> Reply:
    event = await events.find(tx, event_id)
    if event is None:
        return gone(turn)
    language, page = turn.language, min(max(0, page), 10_000)
    found = await parties.list_held(tx, event.id, called=called, limit=PAGE + 1, offset=page * PAGE)
    lines = [language.html("<b>People: {title}</b>", title=title_of(event, language)), Markup()]
    if called and found:
        lines.append(language.html("Called “{name}”:", name=isolate(called)))
    elif called:
        lines.append(language.html("Nobody here is called “{name}”.", name=isolate(called)))
    elif found:
        lines.append(language.html("Choose somebody to see, move or remove them."))
    else:
        lines.append(
            language.html("There is nobody on this page.")
            if page
            else language.html("Nobody has signed up yet.")
        )
    rows = [[button(_label(one), "operson", event.id, one.person_id)] for one in found[:PAGE]]
    turning = []
    if page:
        turning.append(button(language.gettext("‹ Previous"), "opeople", event.id, page - 1))
    if len(found) > PAGE and not called:
        turning.append(button(language.gettext("Next ›"), "opeople", event.id, page + 1))
    if called and len(found) > PAGE:
        lines.append(language.html("There are more. Please search for a longer part of the name."))
    search = [button(language.gettext("🔎 Search"), "opfind", event.id)]
    if called:
        search.append(button(language.gettext("Everybody"), "opeople", event.id))
    rows += [turning, search]
    if can_change(event, turn):
        search.append(button(language.gettext("➕ Add somebody"), "opadd", event.id))
        rows.append([button(language.gettext("🔀 Merge with another event"), "omerge", event.id)])
    rows.append([button(language.gettext("‹ Back"), "oevent", event.id)])
    text = Markup("\n").join(lines)
    return show(before + Markup("\n\n") + text if before else text, rows)


def _label(party: Party) -> str:
    name = isolate(party.name[:40])
    if party.companions:
        name += f" +{party.companions}"
    match party.state:
        case "waiting":
            return f"🕒 {name}"
        case "offered":
            return f"⏳ {name}"
        case "applied":
            return f"📝 {name}"
        case _:
            return f"✅ {name}"


async def open_person(press: Press, tx: Transaction) -> Reply:
    """Where one party stands, and what can be done about it."""
    return await _show_person(press, tx, press.number(0), press.number(1))


async def _show_person(
    turn: Turn, tx: Transaction, event_id: int, person_id: int, *, before: Markup | None = None
) -> Reply:
    event = await events.find(tx, event_id)
    party = await parties.find(tx, event_id, person_id)
    if event is None:
        return gone(turn)
    if party is None:
        return await show_list(turn, tx, event_id, before=before)
    language = turn.language
    lines = [language.html("<b>{title}</b>", title=title_of(event, language)), Markup()]
    lines += [*describe_party(event, party, turn), Markup(), _standing(party, language)]
    rows: list[list[Button]] = []
    if party.state == "applied" or party.to_review:
        rows.append([button(language.gettext("📝 Open the application"), "oapp", party.rsvp_id)])
    if party.state in HELD and can_change(event, turn):
        rows.append([button(language.gettext("➡️ Move to another event"), "opmove", event.id, person_id)])
        rows.append(
            [button(language.gettext("Remove from the event"), "opout", event.id, person_id, style="danger")]
        )
    elif can_change(event, turn):
        rows.append([button(language.gettext("➕ Add again"), "opadded", event.id, person_id)])
    rows.append([button(language.gettext("‹ Everybody"), "opeople", event.id)])
    text = Markup("\n").join(lines)
    return show(before + Markup("\n\n") + text if before else text, rows)


def _standing(party: Party, language: Language) -> Markup:
    match party.state:
        case "going":
            return language.html("✅ Has a place.")
        case "offered":
            return language.html("⏳ A place is kept until they answer.")
        case "waiting":
            return language.html("🕒 Is on the waitlist.")
        case "applied":
            return language.html("📝 Has applied and waits for an answer.")
        case "refused" if party.reason:
            return language.html("❌ Was refused: {reason}", reason=isolate(party.reason))
        case "refused":
            return language.html("❌ Was refused.")
        case _:
            return language.html("Does not come any more.")


async def ask_removal(press: Press, tx: Transaction) -> Reply:
    """Why? The reason is sent along."""
    party = await parties.find(tx, press.number(0), press.number(1))
    event = await events.find(tx, press.number(0))
    if party is None or event is None:
        return gone(press)
    if party.state not in HELD or not can_change(event, press):
        return await _show_person(press, tx, event.id, party.person_id)
    language = press.language
    text = language.html(
        "Remove <b>{name}</b> from <b>{title}</b>? They are told, with your reason, and can't sign up again"
        " by themselves.",
        name=isolate(party.name[:64]),
        title=title_of(event, language),
    )
    rows = reason_rows(press, "opouted", "opoutwhy", event.id, party.person_id)
    return show(text, [*rows, [button(language.gettext("‹ Back"), "operson", event.id, party.person_id)]])


async def remove(press: Press, tx: Transaction) -> Reply:
    """Take the place away for the reason on the button. Pressing twice is harmless."""
    party = await parties.find(tx, press.number(0), press.number(1))
    reason = reason_in(party.locale, press.word(2)) if party else None
    if party is None:
        return gone(press)
    if reason is None:
        return toast(press.language.gettext("That button does nothing here."))
    return await _remove(press, tx, party, reason)


async def write_reason(press: Press, tx: Transaction) -> Reply:
    party = await parties.find(tx, press.number(0), press.number(1))
    if party is None:
        return gone(press)
    return await forms.begin(press, tx, REMOVAL, {"event": party.event_id, "person": party.person_id})


async def _remove_in_own_words(turn: Turn, tx: Transaction, data: Data) -> Reply:
    party = await parties.find(tx, data["event"], data["person"])
    return await _remove(turn, tx, party, data["reason"]) if party else gone(turn)


async def _remove(turn: Turn, tx: Transaction, party: Party, reason: str) -> Reply:
    done = await merging.remove(tx, party.event_id, party.person_id, turn.person.id, reason, now=turn.now)
    language, name = turn.language, isolate(party.name[:64])
    match done:
        case Put():
            said = language.html("{name} is removed, and is told.", name=name)
        case Already():
            said = language.html("{name} has no place here.", name=name)
        case Impossible():
            said = language.html("The event is over or cancelled: nothing was changed.")
    return await show_list(turn, tx, party.event_id, before=said)


def _to_person(turn: Turn) -> Button:
    data = turn.dialogue.data if turn.dialogue else {}
    return button(turn.language.gettext("‹ Back"), "operson", data.get("event", 0), data.get("person", 0))


REMOVAL = Form("removal", (REASON,), finish=_remove_in_own_words, way_back=_to_person, organisers_only=True)


async def begin_search(press: Press, tx: Transaction) -> Reply:
    event = await events.find(tx, press.number(0))
    if event is None:
        return gone(press)
    return await forms.begin(press, tx, SEARCH, {"event": event.id})


def _ask_name(turn: Turn, data: Data) -> Markup:
    return turn.language.html("Please send a name or a part of it, or a @username.")


def _read_name(writing: Writing, data: Data) -> Understood | Misread:
    text = " ".join((writing.text or "").split())
    if not text.removeprefix("@") or len(text) > 64:
        return Misread(writing.language.html("Please send a name as text, of 64 characters at most."))
    return Understood(text)


async def _finish_search(turn: Turn, tx: Transaction, data: Data) -> Reply:
    return await show_list(turn, tx, data["event"], called=data["name"])


def _to_people(turn: Turn) -> Button:
    data = turn.dialogue.data if turn.dialogue else {}
    return button(turn.language.gettext("‹ Back"), "opeople", data.get("event", 0))


NAME = Step("name", _ask_name, _read_name)
SEARCH = Form("find_person", (NAME,), finish=_finish_search, way_back=_to_people, organisers_only=True)


async def begin_adding(press: Press, tx: Transaction) -> Reply:
    event = await events.find(tx, press.number(0))
    if event is None:
        return gone(press)
    if not can_change(event, press):
        return await show_list(press, tx, event.id)
    return await forms.begin(press, tx, ADDING, {"event": event.id})


def _ask_whom(turn: Turn, data: Data) -> Markup:
    return turn.language.html(
        "Whom would you like to add? Please send a name or a part of it, a @username or a Telegram number."
        " They must have started me before."
    )


async def _choose_whom(turn: Turn, tx: Transaction, data: Data) -> Reply:
    """Who is meant, of those who have started the bot?"""
    event = await events.find(tx, data["event"])
    if event is None:
        return gone(turn)
    language, name = turn.language, data["name"]
    found = await parties.list_known(tx, name, limit=MOST_FOUND)
    if name.isascii() and name.isdecimal():
        found = [Known(one.id, one.name, one.username) for one in await team.find(tx, name)] + found
    if not found:
        unknown = language.html(
            "I don't know {name}. Ask them to open our chat and press Start, then send it again.",
            name=isolate(name),
        )
        return await forms.begin(turn, tx, ADDING, {"event": event.id}, before=unknown)
    text = language.html("Add whom to <b>{title}</b>?", title=title_of(event, language))
    rows = [[button(_known(one), "opadded", event.id, one.person_id)] for one in found[:MOST_FOUND]]
    return show(text, [*rows, [button(language.gettext("‹ Back"), "opeople", event.id)]])


def _known(one: Known) -> str:
    name = isolate(one.name[:40])
    return f"{name} @{one.username}" if one.username else name


ADDING = Form(
    "add_person",
    (Step("name", _ask_whom, _read_name),),
    finish=_choose_whom,
    way_back=_to_people,
    organisers_only=True,
)


async def add(press: Press, tx: Transaction) -> Reply:
    """Sign the person up. Pressing twice is harmless."""
    person = await people.find(tx, press.number(1))
    if person is None:
        return gone(press)
    done = await merging.add(tx, press.number(0), person.id, press.person.id, now=press.now)
    language, name = press.language, isolate(person.name[:64])
    match done:
        case Put(_, Waiting(position=position)):
            said = language.html(
                "It is full: {name} is number {n} on the waitlist, and is told.",
                name=name,
                n=language.number(position),
            )
        case Put():
            said = language.html("✅ {name} has a place, and is told.", name=name)
        case Already():
            said = language.html("{name} is on the list already.", name=name)
        case Impossible():
            said = language.html("The event is over or cancelled: nothing was changed.")
    return await _show_person(press, tx, press.number(0), person.id, before=said)
