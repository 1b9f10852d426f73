"""What a visit has to know of its travellers: asked of those who have a place, one after the other."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from bot import visits
from bot.language import Language, isolate
from bot.visits import Asked, Expired, NotAsked, TooLate, Valid, ValidBriefly
from bot.written import normal, take_day
from handlers import events as cards
from handlers import forms
from handlers.forms import Choice, Data, Form, Misread, Step, Understood
from handlers.organise.answers import SHORT_LIMIT, read_text
from handlers.replies import Button, Reply, alert, button, show
from handlers.turns import Press, Turn, Writing
from storage import Transaction
from storage.travellers import Traveller

NAME_LIMIT: Final = 100
_ASIDE: Final = re.compile(r"[\s()\[\].\-/*•·…_]+")
_PHONE: Final = re.compile(r"\+?[\d\s().\-]{6,24}")
_SPACED_DAY: Final = re.compile(r"\s*(\d{1,2})\s+(\d{1,2})\s+(20\d\d)\s*")
_NO_DATE: Final = ""

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
    return show(_told(press, _answers(details)), rows)


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
        "Delete the details of {name}? The visit can't take place for them without.",
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


_FIELDS: Final = (
    "name",
    "document",
    "last",
    "expires",
    "emergency_name",
    "emergency_phone",
    "diet",
    "access",
)


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


def document_name(language: Language, document: str) -> str:
    match document:
        case "passport":
            return language.gettext("Passport")
        case "hkid":
            return language.gettext("Hong Kong identity card")
        case "return_permit":
            return language.gettext("Home return permit")
        case "mainland_id":
            return language.gettext("Mainland identity card")
        case _:
            return language.gettext("Another document")


def expiry_name(language: Language, expires: str) -> str:
    if not expires:
        return language.gettext("no expiry date")
    return language.day_of_record(date.fromisoformat(expires))


def _label(language: Language, name: str) -> str:
    match name:
        case "name":
            return language.gettext("Name on the document")
        case "document":
            return language.gettext("Document")
        case "last":
            return language.gettext("Last four characters")
        case "expires":
            return language.gettext("Valid until")
        case "emergency_name":
            return language.gettext("Emergency contact")
        case "emergency_phone":
            return language.gettext("Their phone number")
        case "diet":
            return language.gettext("Diet")
        case _:
            return language.gettext("Access needs")


def _value(language: Language, name: str, value: Any) -> str:
    match name:
        case "document":
            return document_name(language, value)
        case "expires":
            return expiry_name(language, value)
        case _:
            return isolate(value) if value else language.gettext("none")


def _told(turn: Turn, data: Data) -> Markup:
    language = turn.language
    return Markup("\n").join(
        language.html(
            "{field}: <b>{answer}</b>",
            field=_label(language, name),
            answer=_value(language, name, data.get(name)),
        )
        for name in _FIELDS
    )


def _ask(name: str) -> Any:
    def ask(turn: Turn, data: Data) -> Markup:
        words = turn.language
        match name:
            case "name":
                return words.html(
                    "What is the name of {who}, exactly as on the document they travel with?",
                    who=isolate(data["who"]),
                )
            case "document":
                return words.html("With which document?")
            case "last":
                return words.html(
                    "What are the <b>last four</b> letters or digits of its number? Please send no more than"
                    " these: I keep nothing else of it."
                )
            case "expires":
                return words.html("Until when is it valid? Please send the day, such as 31/12/2030.")
            case "emergency_name":
                return words.html("Who can be called in an emergency? Please send the name.")
            case "emergency_phone":
                return words.html("And their phone number?")
            case "diet":
                return words.html("Is there anything they can't or don't eat?")
            case _:
                return words.html(
                    "Is there anything they need on the way, such as a wheelchair or few stairs?"
                )

    return ask


def _read_name(writing: Writing, data: Data) -> Understood | Misread:
    read = read_text(NAME_LIMIT, one_line=True)(writing, data)
    if isinstance(read, Understood) and sum(map(str.isalpha, read.value)) < 2:
        return Misread(writing.language.html("That doesn't look like a name. Please send it in letters."))
    return read


def _read_last(writing: Writing, data: Data) -> Understood | Misread:
    """Four letters or digits. More than that is not even kept in the form."""
    language = writing.language
    plain = _ASIDE.sub("", unicodedata.normalize("NFKC", writing.text)).upper()
    if re.fullmatch(r"[A-Z0-9]{4}", plain):
        return Understood(plain)
    if len(plain) > 4 and re.fullmatch(r"[A-Z0-9]+", plain):
        return Misread(
            language.html(
                "That is more than I may know, and I have not kept it. Please delete your message and send"
                " just the last four letters or digits."
            )
        )
    return Misread(language.html("Please send exactly four letters or digits, such as 4567."))


def _read_expiry(writing: Writing, data: Data) -> Understood | Misread:
    """A day with its year, not before the visit's last one."""
    language, zone = writing.language, ZoneInfo(data["zone"])
    today = writing.now.astimezone(zone).date()
    text = normal(_SPACED_DAY.sub(r"\1/\2/\3", writing.text))
    found, rest = take_day(text, today, today)
    again, _ = take_day(text, today, today + timedelta(days=800))
    if found is None or again is None or rest.strip(" .,"):
        return Misread(
            language.html("I don't understand that as a day. Please write it like 31/12/2030 or 31 Dec 2030.")
        )
    if found.day != again.day:
        return Misread(language.html("Of which year? Please send day, month and year, such as 31/12/2030."))
    match visits.check_expiry(found.day, datetime.fromtimestamp(data["ends"], UTC), zone):
        case Expired(last_day):
            return Misread(_expired(language, found.day, last_day))
        case ValidBriefly():
            shown = language.html(
                "⚠️ That is less than six months after the visit. Some borders ask for more; please check."
            )
        case Valid():
            shown = language.html("✓ Valid until {day}.", day=language.day_of_record(found.day))
    return Understood(found.day.isoformat(), shown)


def _expired(language: Language, expires: date, last_day: date) -> Markup:
    return language.html(
        "It is valid until {expires}, and the visit ends on {day}: nobody can travel with it. Please have it"
        " renewed, or press “Back” and choose another document.",
        expires=language.day_of_record(expires),
        day=language.day_of_record(last_day),
    )


def read_phone(writing: Writing, data: Data) -> Understood | Misread:
    """A phone number, typed or as Telegram's contact."""
    contact = writing.message.contact if writing.message else None
    text = unicodedata.normalize("NFKC", contact.phone_number if contact else writing.text).strip()
    if _PHONE.fullmatch(text) and 6 <= sum(map(str.isdigit, text)) <= 15:
        return Understood(" ".join(text.split()))
    return Misread(
        writing.language.html(
            "I don't understand that as a phone number. Please write it like +852 5555 1234."
        )
    )


def _names(turn: Turn, data: Data) -> Sequence[Choice]:
    return [Choice(data["suggested"], data["suggested"])] if data.get("suggested") else []


def _documents(turn: Turn, data: Data) -> Sequence[Choice]:
    # Another document has another number: it is asked next, even when only the document is changed.
    return [Choice(document_name(turn.language, one), one, leads_to="last") for one in visits.DOCUMENTS]


def _lasting(turn: Turn, data: Data) -> Sequence[Choice]:
    if data.get("document") not in visits.MAY_LAST:
        return []
    return [Choice(turn.language.gettext("It has no expiry date"), _NO_DATE)]


def _contacts(turn: Turn, data: Data) -> Sequence[Choice]:
    if not data.get("contact"):
        return []
    label = turn.language.gettext("The same as yours: {name}", name=data["contact"])
    return [Choice(label, data["contact"], leads_to="diet")]


def _ask_overview(turn: Turn, data: Data) -> Markup:
    words = turn.language
    return Markup("\n\n").join(
        [
            words.html("Please look it over. To change something, press it."),
            _told(turn, data),
        ]
    )


def _overview(turn: Turn, data: Data) -> Sequence[Choice]:
    save = Choice(turn.language.gettext("✅ Save"), "save", style="success", alone=True)
    return [save, *(Choice(_label(turn.language, name), None, leads_to=name) for name in _FIELDS)]


def _tell(name: str) -> Any:
    def tell(turn: Turn, value: Any) -> Markup:
        return escape(_value(turn.language, name, value))

    return tell


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
        problem = _expired(turn.language, date.fromisoformat(details.document_expires), saved.last_day)
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


_READS: Final = {
    "name": _read_name,
    "last": _read_last,
    "expires": _read_expiry,
    "emergency_name": _read_name,
    "emergency_phone": read_phone,
    "diet": read_text(SHORT_LIMIT, one_line=True),
    "access": read_text(SHORT_LIMIT, one_line=True),
}
_CHOICES: Final = {
    "name": _names,
    "document": _documents,
    "expires": _lasting,
    "emergency_name": _contacts,
}

FORM: Final = Form(
    "traveller",
    (
        *(
            Step(
                name,
                _ask(name),
                read=_READS.get(name),
                choices=_CHOICES.get(name, lambda turn, data: ()),
                optional=name in ("diet", "access"),
                tell=_tell(name),
            )
            for name in _FIELDS
        ),
        Step("overview", _ask_overview, choices=_overview, columns=2),
    ),
    finish=_save,
    way_back=_way_back,
    review="overview",
    counts=True,
)
