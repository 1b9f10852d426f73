"""The questions about a traveller, one by one, and how their answers are read and said."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from bot import visits
from bot.language import Language, isolate
from bot.visits import Expired, Valid, ValidBriefly
from bot.written import normal, take_day
from handlers.forms import Choice, Data, Misread, Step, Understood
from handlers.organise.answers import SHORT_LIMIT, read_text
from handlers.turns import Turn, Writing

NAME_LIMIT: Final = 100
_ASIDE: Final = re.compile(r"[\s()\[\].\-/*•·…_]+")
_PHONE: Final = re.compile(r"\+?[\d\s().\-]{6,24}")
_SPACED_DAY: Final = re.compile(r"\s*(\d{1,2})\s+(\d{1,2})\s+(20\d\d)\s*")
_NO_DATE: Final = ""

FIELDS: Final = (
    "name",
    "document",
    "last",
    "expires",
    "emergency_name",
    "emergency_phone",
    "diet",
    "access",
)


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


def told(turn: Turn, data: Data) -> Markup:
    language = turn.language
    return Markup("\n").join(
        language.html(
            "{field}: <b>{answer}</b>",
            field=_label(language, name),
            answer=_value(language, name, data.get(name)),
        )
        for name in FIELDS
    )


def _ask(name: str) -> Callable[[Turn, Data], Markup]:
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
            return Misread(expired(language, found.day, last_day))
        case ValidBriefly():
            shown = language.html(
                "⚠️ That is less than six months after the visit. Some borders ask for more; please check."
            )
        case Valid():
            shown = language.html("✓ Valid until {day}.", day=language.day_of_record(found.day))
    return Understood(found.day.isoformat(), shown)


def expired(language: Language, expires: date, last_day: date) -> Markup:
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
            told(turn, data),
        ]
    )


def _overview(turn: Turn, data: Data) -> Sequence[Choice]:
    save = Choice(turn.language.gettext("✅ Save"), "save", style="success", alone=True)
    return [save, *(Choice(_label(turn.language, name), None, leads_to=name) for name in FIELDS)]


def _tell(name: str) -> Callable[[Turn, Any], Markup]:
    def tell(turn: Turn, value: Any) -> Markup:
        return escape(_value(turn.language, name, value))

    return tell


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


STEPS: Final = (
    *(
        Step(
            name,
            _ask(name),
            read=_READS.get(name),
            choices=_CHOICES.get(name, lambda turn, data: ()),
            optional=name in ("diet", "access"),
            tell=_tell(name),
        )
        for name in FIELDS
    ),
    Step("overview", _ask_overview, choices=_overview, columns=2),
)
