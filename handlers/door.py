"""At the door: the screen the crew keeps open, tickets they scan, names they type."""

from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot import door, door_names, tickets
from bot.door import Already, CheckedIn, Crew, Scan, SomeMissing
from bot.language import isolate
from handlers import other
from handlers.door_words import label, tell, tell_counts
from handlers.events import title_of
from handlers.menu import home_button
from handlers.replies import NOTHING, Button, Keyboard, Reply, button, say, show, toast
from handlers.tickets import open_code
from handlers.turns import Press, Turn, Writing
from storage import Transaction, checkins, dialogues, events
from storage.checkins import Known
from storage.dialogues import Dialogue
from storage.events import Event

# The dialogue of somebody who lets people in: what they type is a name.
MODE: Final = "door"
ANYWAY: Final = "1"
MOST_FOUND: Final = 8
MOST_PARTY_BUTTONS: Final = 10


async def crew_of(turn: Turn, tx: Transaction) -> Crew | None:
    return await door.find_crew(tx, turn.person.id, organises=turn.is_organiser, now=turn.now)


async def crew_at(turn: Turn, tx: Transaction, event_id: int) -> tuple[Crew, Event] | None:
    """The event with what the person may do there; None where they are not its crew."""
    crew = await crew_of(turn, tx)
    if crew is None or not crew.works_at(event_id):
        return None
    event = await events.find(tx, event_id)
    return (crew, event) if event else None


async def open_door(press: Press, tx: Transaction) -> Reply:
    """Begin letting people in: from now on what is typed is a name."""
    found = await crew_at(press, tx, press.number(0))
    if found is None:
        return other.unknown_button(press)
    _, event = found
    if not door.is_open(event, press.now):
        back = [button(press.language.gettext("‹ Back"), "event", event.id), home_button(press.language)]
        refusal: Scan = door.NotOpen(event, event.starts_at - door.AROUND)
        if event.state == "cancelled":
            refusal = door.Cancelled(event)
        return show(tell(refusal, press.language, press.now), [back])
    if _event_id(press) != event.id:
        await _keep_mode(press, tx, {"event": event.id})
    return await _screen(press, tx, event)


async def _screen(turn: Turn, tx: Transaction, event: Event) -> Reply:
    language = turn.language
    counts = await checkins.count(tx, event.id)
    parts = [
        Markup("\n").join(
            [
                language.html("🚪 <b>Check-in: {title}</b>", title=title_of(event, language)),
                language.html(
                    "🗓 {when}",
                    when=language.span(event.starts_at, event.ends_at, ZoneInfo(event.zone), now=turn.now),
                ),
            ]
        ),
        tell_counts(counts, language),
        language.html("Send me a photo of a ticket, open its code with your phone's camera, or type a name."),
    ]
    rows = [
        [
            button(language.gettext("📋 Not here yet"), "doorlist", event.id, 0),
            button(language.gettext("✅ Here"), "doorhere", event.id, 0),
        ],
        [button(language.gettext("🔄 Refresh"), "door", event.id)],
        [button(language.gettext("Close check-in"), "doorclose", event.id)],
    ]
    return show(Markup("\n\n").join(parts), rows)


async def close(turn: Turn, tx: Transaction) -> Reply:
    """Stop letting people in; what is typed is a question again."""
    event_id = _event_id(turn)
    language, rows = turn.language, [[home_button(turn.language)]]
    if event_id is not None:
        await dialogues.end(tx, turn.person.id)
        rows.insert(0, [button(language.gettext("🚪 Open check-in again"), "door", event_id)])
    return show(language.html("Check-in is closed on your phone. Everything is kept."), rows)


def is_on(turn: Turn) -> bool:
    return turn.dialogue is not None and turn.dialogue.kind == MODE


def _event_id(turn: Turn) -> int | None:
    return int(turn.dialogue.data["event"]) if turn.dialogue and turn.dialogue.kind == MODE else None


async def _keep_mode(turn: Turn, tx: Transaction, data: dict[str, Any]) -> None:
    version = turn.dialogue.version + 1 if turn.dialogue else int(turn.now.timestamp()) % 10**9
    await dialogues.put(tx, turn.person.id, Dialogue(MODE, "name", data, version), now=turn.now)


async def open_code_link(turn: Turn, tx: Transaction, code: str) -> Reply:
    """A ticket's link: crew let its holder in, everybody else learns that it is a ticket."""
    crew = await crew_of(turn, tx)
    if crew is None:
        return await open_code(turn, tx, code)
    answer = await _scan(turn, tx, crew, code)
    if isinstance(answer, door.NotOpen | door.OtherEvent) and await _is_own(turn, tx, code):
        return await open_code(turn, tx, code)
    return await _answer(turn, tx, answer)


async def _is_own(turn: Turn, tx: Transaction, code: str) -> bool:
    number = tickets.rsvp_id(code)
    return number is not None and await checkins.is_of(tx, number, turn.person.id)


async def _read_tickets(writing: Writing, tx: Transaction) -> Reply | None:
    """Let in whose tickets a picture shows; None for a picture that isn't for the door."""
    crew = await crew_of(writing, tx)
    if crew is None:
        return None
    reply = NOTHING
    for code in writing.tickets or ():
        reply += await _answer(writing, tx, await _scan(writing, tx, crew, code))
    return reply if reply.pieces else None


async def _scan(turn: Turn, tx: Transaction, crew: Crew, code: str) -> Scan:
    return await door.scan(
        tx, crew, code, turn.setup.secret, at=scanned_at(turn), now=turn.now, event_id=_event_id(turn)
    )


def scanned_at(turn: Turn) -> datetime:
    """When the crew scanned, which may be long before the message arrived; never in the future."""
    message = turn.message if isinstance(turn, Writing) else None
    return min(message.date, turn.now) if message else turn.now


async def _answer(turn: Turn, tx: Transaction, answer: Scan) -> Reply:
    """What came of one ticket or name, with what can still be changed about it."""
    language = turn.language
    text = tell(answer, language, turn.now)
    if not isinstance(answer, CheckedIn | Already):
        event_id = _event_id(turn)
        rows = [[door_button(turn, event_id)]] if event_id is not None else [[home_button(language)]]
        return show(text, rows)
    counts = await checkins.count(tx, answer.event.id)
    return show(
        text + Markup("\n") + tell_counts(counts, language),
        entry_buttons(turn, answer.event, answer.checkin.id, answer.checkin.party, answer.booked),
    )


def door_button(turn: Turn, event_id: int) -> Button:
    return button(turn.language.gettext("🚪 Check-in"), "door", event_id)


def entry_buttons(turn: Turn, event: Event, checkin_id: int, party: int, booked: int) -> Keyboard:
    """How many came of the party, taking it back, and the way to the door's screen."""
    language = turn.language
    numbers = [
        button(f"✓ {number}" if number == party else language.number(number), "doorparty", checkin_id, number)
        for number in range(1, min(booked, MOST_PARTY_BUTTONS) + 1)
    ]
    rows = [numbers[start : start + 5] for start in range(0, len(numbers), 5)] if booked > 1 else []
    undo = button(language.gettext("↩ Not here after all"), "doorout", checkin_id)
    return [*rows, [undo], [door_button(turn, event.id)]]


async def hear(writing: Writing, tx: Transaction) -> Reply | None:
    """What is meant for the door; None for a message like any other.

    A ticket's picture from crew is, at any time but while a form asks for something; while the door's
    screen is open, a name is too.
    """
    if writing.tickets and (read := await _read_tickets(writing, tx)):
        return read
    return await _hear_at_the_screen(writing, tx) if is_on(writing) else None


async def _hear_at_the_screen(writing: Writing, tx: Transaction) -> Reply | None:
    """A picture, or a name to look for. The screen closes by itself for who is no crew any more."""
    event_id = _event_id(writing)
    found = await crew_at(writing, tx, event_id) if event_id is not None else None
    if found is None:
        await dialogues.end(tx, writing.person.id)
        return None
    crew, event = found
    language, message = writing.language, writing.message
    if writing.tickets is not None:
        return say(
            language.html("I see no ticket in this picture. Go closer, avoid glare, or type the name."),
            [[door_button(writing, event.id)]],
        )
    if message and (message.photo or message.document):
        return say(
            language.html("I could not fetch this picture. Please send it again, or type the name."),
            [[door_button(writing, event.id)]],
        )
    if not writing.text:
        return say(
            language.html("Please send a photo of a ticket, or type a name."),
            [[door_button(writing, event.id)]],
        )
    return await _search(writing, tx, crew, event)


async def _search(writing: Writing, tx: Transaction, crew: Crew, event: Event) -> Reply:
    language, text = writing.language, writing.text
    found = await door_names.search(tx, crew, event.id, text)
    name = text[: door.NAME_LIMIT]
    guest = int(writing.dialogue.data.get("guest", 0)) + 1 if writing.dialogue else 1
    await _keep_mode(writing, tx, {"event": event.id, "guest": guest, "name": name})
    rows = [[_person_button(one, event, writing)] for one in found[:MOST_FOUND]]
    parts = [language.html("Who is it?")]
    if not found:
        parts = [language.html("There is nobody called “{name}” on the list.", name=isolate(name[:64]))]
    elif len(found) > MOST_FOUND:
        parts.append(
            language.html(
                "{n} people are called so. Type more of the name to see the others.",
                n=language.number(len(found)),
            )
        )
    if len(text) <= door.NAME_LIMIT and "\n" not in text:
        label = language.gettext("➕ Let in “{name}” without a booking", name=isolate(name[:40]))
        rows.append([button(label, "doorguest", event.id, guest)])
    last = [door_button(writing, event.id)]
    if not found:
        parts.append(language.html("To write to me about anything else, close check-in first."))
        last.append(button(language.gettext("Close check-in"), "doorclose", event.id))
    return say(Markup("\n").join(parts), [*rows, last])


def _person_button(one: Known, event: Event, turn: Turn) -> Button:
    return button(label(one, turn.language), "doorin", event.id, one.person_id, "name")


async def let_in(press: Press, tx: Transaction) -> Reply:
    """Let in somebody by name; the answer stands where the names stood."""
    found = await crew_at(press, tx, press.number(0))
    if found is None:
        return other.unknown_button(press)
    crew, event = found
    person_id = press.number(1)
    answer = await door.check_in(
        tx,
        crew,
        event,
        person_id,
        how="name",
        at=press.now,
        now=press.now,
        anyway=press.word(3) == ANYWAY,
    )
    if isinstance(answer, SomeMissing):
        return _ask_anyway(press, answer, "doorin", event.id, person_id, "name", ANYWAY)
    return await _answer(press, tx, answer)


async def let_in_guest(press: Press, tx: Transaction) -> Reply:
    """Let in the name that was typed last, once however often it is pressed."""
    found = await crew_at(press, tx, press.number(0))
    if found is None:
        return other.unknown_button(press)
    crew, event = found
    data = dict(press.dialogue.data) if is_on(press) and press.dialogue else {}
    number = press.number(1)
    if data.get("done") == number and _event_id(press) == event.id:
        entry = await checkins.find(tx, int(data["entry"]))
        if entry is not None:
            return await _answer(press, tx, Already(event, entry, await door.booked(tx, entry)))
    if data.get("guest") != number or not data.get("name") or _event_id(press) != event.id:
        stale = toast(press.language.gettext("Please type the name again."))
        return stale + await open_door(press, tx)
    answer = await door.let_in_guest(
        tx, crew, event, str(data["name"]), now=press.now, anyway=press.word(2) == ANYWAY
    )
    if isinstance(answer, SomeMissing):
        return _ask_anyway(press, answer, "doorguest", event.id, number, ANYWAY)
    if isinstance(answer, CheckedIn):
        done = {"event": event.id, "guest": number, "done": number, "entry": answer.checkin.id}
        await _keep_mode(press, tx, done)
    return await _answer(press, tx, answer)


def _ask_anyway(press: Press, answer: SomeMissing, operation: str, *args: object) -> Reply:
    yes = button(press.language.gettext("Yes, let them in"), operation, *args, style="success")
    return show(tell(answer, press.language, press.now), [[yes], [door_button(press, answer.event.id)]])
