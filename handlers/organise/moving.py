"""Moving somebody to another event, and making one event out of two."""

from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot import merging, programme
from bot.attendance import Waiting
from bot.language import Language, isolate
from bot.merging import Already, Impossible, Merger, Put
from bot.places import capacity_of, count_places, ways_of
from handlers.events import title_of
from handlers.organise.event_admin import can_change, gone, show_event
from handlers.organise.people import show_list
from handlers.replies import Reply, button, show
from handlers.turns import Press, Turn
from storage import Transaction, events, parties, people
from storage.events import Event
from storage.parties import Party
from storage.rsvps import HELD

MOST_SHOWN = 10


async def choose_target(press: Press, tx: Transaction) -> Reply:
    """To which event?"""
    event, party = await _movable(press, tx)
    if event is None or party is None:
        return gone(press)
    language = press.language
    text = language.html("Move <b>{name}</b> to which event?", name=isolate(party.name[:64]))
    rows = [
        [button(_label(one, press), "opmoveto", event.id, party.person_id, one.id)]
        for one in await _targets(event, press, tx)
    ]
    if not rows:
        text += Markup("\n\n") + language.html("There is no other event ahead.")
    return show(text, [*rows, [button(language.gettext("‹ Back"), "operson", event.id, party.person_id)]])


async def confirm_target(press: Press, tx: Transaction) -> Reply:
    """Say what it comes to before it is done."""
    event, party = await _movable(press, tx)
    into = await events.find(tx, press.number(2))
    if event is None or party is None or into is None:
        return gone(press)
    language = press.language
    text = language.html(
        "Move <b>{name}</b> from <b>{old}</b> to <b>{new}</b>?",
        name=isolate(party.name[:64]),
        old=title_of(event, language),
        new=title_of(into, language),
    )
    if not await _has_room(tx, into, party):
        text += Markup("\n\n") + language.html("⚠️ There is no room: they would be on the waitlist there.")
    rows = [
        [
            button(
                language.gettext("Yes, move them"),
                "opmoved",
                event.id,
                party.person_id,
                into.id,
                style="success",
            )
        ],
        [button(language.gettext("‹ No"), "operson", event.id, party.person_id)],
    ]
    return show(text, rows)


async def _has_room(tx: Transaction, into: Event, party: Party) -> bool:
    way = party.way if party.way in ways_of(into) else ways_of(into)[0]
    places = await count_places(tx, into, way)
    return capacity_of(into, way) is None or 1 + party.companions <= (places.free or 0)


async def move(press: Press, tx: Transaction) -> Reply:
    """Move the party. Pressing twice is harmless."""
    person = await people.find(tx, press.number(1))
    if person is None:
        return gone(press)
    done = await merging.move(tx, press.number(0), press.number(2), person.id, press.person.id, now=press.now)
    language, name = press.language, isolate(person.name[:64])
    match done:
        case Put(into, Waiting(position=position)):
            said = language.html(
                "{name} is moved to <b>{title}</b> and is number {n} on the waitlist there.",
                name=name,
                title=title_of(into, language),
                n=language.number(position),
            )
        case Put(into):
            said = language.html(
                "✅ {name} is moved to <b>{title}</b>, and is told.",
                name=name,
                title=title_of(into, language),
            )
        case Already(into):
            said = language.html(
                "{name} is on the list of <b>{title}</b> already.", name=name, title=title_of(into, language)
            )
        case Impossible():
            said = language.html("That can't be done any more: nothing was changed.")
    return await show_list(press, tx, press.number(0), before=said)


async def _movable(press: Press, tx: Transaction) -> tuple[Event | None, Party | None]:
    event = await events.find(tx, press.number(0))
    party = await parties.find(tx, press.number(0), press.number(1))
    return event, party if party and party.state in HELD else None


async def _targets(event: Event, turn: Turn, tx: Transaction) -> list[Event]:
    """Other events that are still ahead, soonest first."""
    ahead = await events.list_all(tx, ending_after=turn.now, limit=MOST_SHOWN * 3)
    return [one for one in ahead if one.id != event.id and one.state == "published"][:MOST_SHOWN]


def _label(event: Event, turn: Turn) -> str:
    day = turn.language.date(event.starts_at, ZoneInfo(event.zone), now=turn.now)
    return f"{day} · {programme.text_of(event, turn.language.locale).title}"


async def choose_merger(press: Press, tx: Transaction) -> Reply:
    """With which event? This one is given up, and everybody moves to the other."""
    event = await events.find(tx, press.number(0))
    if event is None:
        return gone(press)
    if not can_change(event, press):
        return await show_event(press, tx, event.id)
    language = press.language
    text = language.html(
        "Into which event shall everybody from <b>{title}</b> move? <b>{title}</b> itself is cancelled then.",
        title=title_of(event, language),
    )
    rows = [
        [button(_label(one, press), "omergeto", event.id, one.id)] for one in await _targets(event, press, tx)
    ]
    if not rows:
        text += Markup("\n\n") + language.html("There is no other event ahead.")
    return show(text, [*rows, [button(language.gettext("‹ Back"), "opeople", event.id)]])


async def preview_merger(press: Press, tx: Transaction) -> Reply:
    """What it would come to at this moment."""
    found = await merging.preview(tx, press.number(0), press.number(1), now=press.now)
    if isinstance(found, Impossible):
        return await _impossible(press, tx)
    language = press.language
    text = language.html(
        "Merge <b>{old}</b> into <b>{new}</b>?",
        old=title_of(found.event, language),
        new=title_of(found.into, language),
    )
    text += Markup("\n\n") + _tell_numbers(found, language)
    text += Markup("\n\n") + language.html(
        "Everybody is told once what became of it. The shifts of <b>{old}</b> are cancelled."
        " This can't be undone.",
        old=title_of(found.event, language),
    )
    rows = [
        [
            button(
                language.gettext("Yes, merge them"),
                "omerged",
                found.event.id,
                found.into.id,
                style="danger",
            )
        ],
        [button(language.gettext("‹ No"), "opeople", found.event.id)],
    ]
    return show(text, rows)


def _tell_numbers(found: Merger, language: Language) -> Markup:
    """Sign-ups, each a person with those they bring."""
    lines = [
        language.nhtml(
            "✅ {n} sign-up gets a place there.", "✅ {n} sign-ups get a place there.", found.seated
        ),
        language.nhtml("🕒 {n} sign-up waits there.", "🕒 {n} sign-ups wait there.", found.waiting),
    ]
    if found.applied:
        lines.append(
            language.nhtml(
                "📝 {n} application waits for an answer.",
                "📝 {n} applications wait for an answer.",
                found.applied,
            )
        )
    if found.both:
        lines.append(
            language.nhtml(
                "Of these, {n} is on both lists and counts once.",
                "Of these, {n} are on both lists and count once.",
                found.both,
            )
        )
    return Markup("\n").join(lines)


async def merge(press: Press, tx: Transaction) -> Reply:
    """Merge them. Pressing twice merges once."""
    found = await merging.merge(tx, press.number(0), press.number(1), press.person.id, now=press.now)
    if isinstance(found, Impossible):
        return await _impossible(press, tx)
    language = press.language
    said = language.html(
        "✅ <b>{old}</b> is merged into <b>{new}</b>, and everybody is told.",
        old=title_of(found.event, language),
        new=title_of(found.into, language),
    )
    said += Markup("\n") + _tell_numbers(found, language)
    return await show_event(press, tx, found.into.id, before=said)


async def _impossible(press: Press, tx: Transaction) -> Reply:
    said = press.language.html("These two can't be merged: one of them is cancelled or over.")
    return await show_event(press, tx, press.number(0), before=said)
