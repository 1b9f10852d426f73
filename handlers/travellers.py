"""What a visit has to know of its travellers: asked of those who have a place, one after the other."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot import visits
from bot.language import Language, isolate
from bot.visits import Asked, Expired, NotAsked, TooLate
from handlers import events as cards
from handlers import forms
from handlers.forms import Data, Form
from handlers.replies import Button, Reply, alert, button, show
from handlers.traveller_steps import STEPS, expired, told
from handlers.turns import Press, Turn
from storage import Transaction
from storage.travellers import Traveller

Answer = Asked | NotAsked | TooLate


async def open_details(press: Press, tx: Transaction) -> Reply:
    """Of whom the details are there, and of whom they are missing."""
    found = await visits.details_of(tx, press.number(0), press.person.id, now=press.now)
    return await _screen(press, tx, press.number(0), found)


async def _screen(
    turn: Turn, tx: Transaction, event_id: int, answer: Answer, *, before: Markup | None = None
) -> Reply:
    language = turn.language
    match answer:
        case NotAsked():
            return await _card(turn, tx, event_id)
        case TooLate():
            sentence = language.gettext(
                "The visit has begun. The details stay as they are and are deleted after it."
            )
            return alert(sentence) + await cards.open_card(turn, tx, event_id)
        case Asked(event, rsvp, given):
            pass
    parts = [before] if before else []
    parts.append(language.html("🛂 <b>Traveller details: {title}</b>", title=cards.title_of(event, language)))
    zone = ZoneInfo(event.zone)
    parts.append(
        language.html(
            "For borders, insurance and emergencies. Only the organisers see this. I delete it"
            " {days} days after the visit, on {day}.",
            days=language.number(event.purge_days),
            day=language.date(event.ends_at + timedelta(days=event.purge_days), zone, now=turn.now),
        )
    )
    lines, rows = [], []
    for position in range(rsvp.party):
        name = given[position].name if position in given else _called(turn, position, rsvp.names)
        mark = "✅" if position in given else "▫️"
        lines.append(Markup("{} {}").format(mark, isolate(name)))
        style = None if position in given else "primary"
        rows.append([button(f"{mark} {name}", "traveller", event.id, position, style=style)])
    parts.append(Markup("\n").join(lines))
    if answer.missing:
        parts.append(
            language.nhtml(
                "Details of {n} person are missing. Press the name.",
                "Details of {n} people are missing. Press a name.",
                answer.missing,
            )
        )
    else:
        parts.append(language.html("Everything is there. You can change it until the start."))
    return show(Markup("\n\n").join(parts), [*rows, [_to_event(event.id, language)]])


async def _card(turn: Turn, tx: Transaction, event_id: int) -> Reply:
    sentence = turn.language.gettext("I only ask for details once you have a place, and not for every event.")
    return alert(sentence) + await cards.open_card(turn, tx, event_id)


def _called(turn: Turn, position: int, names: Sequence[str]) -> str:
    if position == 0:
        return turn.person.name
    if position <= len(names) and names[position - 1]:
        return names[position - 1]
    return turn.language.gettext("Companion {n}", n=turn.language.number(position))


async def press_traveller(press: Press, tx: Transaction) -> Reply:
    """One of the party: the details that are there, or the questions for those that aren't."""
    event_id, position = press.number(0), press.number(1)
    found = await visits.details_of(tx, event_id, press.person.id, now=press.now)
    if not isinstance(found, Asked) or not 0 <= position < found.rsvp.party:
        return await _screen(press, tx, event_id, found)
    details = found.given.get(position)
    if details is None:
        return await forms.begin(press, tx, FORM, _known(press, found, position))
    language = press.language
    rows = [
        [button(language.gettext("✏️ Change"), "travelleredit", event_id, position)],
        [button(language.gettext("🗑 Delete"), "travellerdel", event_id, position)],
        [button(language.gettext("‹ Back"), "travel", event_id)],
    ]
    return show(told(press, _answers(details)), rows)


async def edit(press: Press, tx: Transaction) -> Reply:
    """Look over what was given, and change any of it."""
    event_id, position = press.number(0), press.number(1)
    found = await visits.details_of(tx, event_id, press.person.id, now=press.now)
    if not isinstance(found, Asked) or position not in found.given:
        return await _screen(press, tx, event_id, found)
    known = _known(press, found, position) | _answers(found.given[position])
    return await forms.ask_again(press, tx, FORM, "overview", known)


async def ask_deletion(press: Press, tx: Transaction) -> Reply:
    event_id, position = press.number(0), press.number(1)
    found = await visits.details_of(tx, event_id, press.person.id, now=press.now)
    if not isinstance(found, Asked) or position not in found.given:
        return await _screen(press, tx, event_id, found)
    language = press.language
    text = language.html(
        "Delete the details of {name}? Without them they can't join the visit.",
        name=isolate(found.given[position].name),
    )
    rows = [
        [button(language.gettext("Yes, delete them"), "travellergone", event_id, position, style="danger")],
        [button(language.gettext("No, keep them"), "travel", event_id)],
    ]
    return show(text, rows)


async def delete(press: Press, tx: Transaction) -> Reply:
    """Delete what was given of one of the party. Pressing twice is harmless."""
    event_id, position = press.number(0), press.number(1)
    found = await visits.drop_details(tx, event_id, press.person.id, position, now=press.now)
    return await _screen(press, tx, event_id, found, before=press.language.html("🗑 Deleted."))


def _known(turn: Turn, asked: Asked, position: int) -> dict[str, Any]:
    """What a form about one of the party knows beforehand."""
    first = asked.given.get(0)
    same = {} if position == 0 or first is None else {"emergency_phone": first.emergency_phone}
    named = position > 0 and position <= len(asked.rsvp.names)
    return {
        "event": asked.event.id,
        "position": position,
        "who": _called(turn, position, asked.rsvp.names),
        "suggested": asked.rsvp.names[position - 1] if named else "",
        "ends": int(asked.event.ends_at.timestamp()),
        "zone": asked.event.zone,
        "contact": first.emergency_name if position and first else "",
        **same,
    }


def _answers(details: Traveller) -> dict[str, Any]:
    return {
        "name": details.name,
        "document": details.document,
        "last": details.document_last,
        "expires": details.document_expires,
        "emergency_name": details.emergency_name,
        "emergency_phone": details.emergency_phone,
        "diet": details.diet or None,
        "access": details.access or None,
    }


async def _save(turn: Turn, tx: Transaction, data: Data) -> Reply:
    details = Traveller(
        rsvp_id=0,
        position=data["position"],
        name=data["name"],
        document=data["document"],
        document_last=data["last"],
        document_expires=data["expires"],
        emergency_name=data["emergency_name"],
        emergency_phone=data["emergency_phone"],
        diet=data.get("diet") or "",
        access=data.get("access") or "",
        filled_at=turn.now,
    )
    if not details.document_expires and details.document not in visits.MAY_LAST:
        return await _ask_expiry(turn, tx, data)
    saved = await visits.save_details(tx, data["event"], turn.person.id, details, now=turn.now)
    if isinstance(saved, Expired):
        problem = expired(turn.language, date.fromisoformat(details.document_expires), saved.last_day)
        return await _ask_expiry(turn, tx, data, before=problem)
    return await _screen(turn, tx, data["event"], saved, before=turn.language.html("✅ Saved. Thank you."))


async def _ask_expiry(turn: Turn, tx: Transaction, data: Data, *, before: Markup | None = None) -> Reply:
    """The day that was given does not do any more: the document is another one, or the visit ends later."""
    known = {name: value for name, value in data.items() if name != "expires"}
    return await forms.ask_again(turn, tx, FORM, "expires", known, before=before)


def _way_back(turn: Turn) -> Button:
    data = turn.dialogue.data if turn.dialogue else {}
    return _to_event(data.get("event", 0), turn.language)


def _to_event(event_id: int, language: Language) -> Button:
    return button(language.gettext("‹ Back to the event"), "event", event_id)


FORM: Final = Form("traveller", STEPS, finish=_save, way_back=_way_back, review="overview", counts=True)
