"""A volunteer's certificates: which there are, handing one in, taking one back."""

from datetime import date
from typing import Final

from markupsafe import Markup

from bot import volunteer_certificates as deciding
from bot import when as written
from bot.requirements import CERTIFICATES
from handlers import forms
from handlers.forms import Choice, Data, Form, Misread, Step, Understood
from handlers.menu import home_button
from handlers.replies import Reply, alert, button, show
from handlers.shift_needs import certificate_name
from handlers.turns import Press, Turn, Writing
from storage import Transaction, volunteer_certificates
from storage.volunteer_certificates import Certificate

# Nobody's certificate holds for longer; a year typed wrongly is asked for again.
LONGEST_YEARS: Final = 50


async def browse(turn: Turn, tx: Transaction, *, before: Markup | None = None) -> Reply:
    """What the volunteer has handed in, and how it stands."""
    language = turn.language
    held = await volunteer_certificates.list_of_person(tx, turn.person.id)
    parts = [before] if before else []
    parts.append(language.html("📜 <b>My certificates</b>"))
    parts += [_described(one, turn) for one in held]
    if not held:
        parts.append(language.html("Some shifts need one, such as first aid. You have handed in none."))
    rows = [
        [
            button(
                language.gettext("Delete: {kind}", kind=certificate_name(language, one.kind)),
                "certdrop",
                one.kind,
            )
        ]
        for one in held
    ]
    rows.append([button(language.gettext("➕ Hand in a certificate"), "certnew", style="primary")])
    rows.append([button(language.gettext("‹ My details"), "volme"), home_button(language)])
    return show(Markup("\n\n").join(parts), rows)


def _described(one: Certificate, turn: Turn) -> Markup:
    language = turn.language
    lines = [Markup("<b>{}</b>").format(certificate_name(language, one.kind))]
    today = turn.now.astimezone(turn.setup.home).date().isoformat()
    if one.expires_on is not None and one.expires_on < today:
        lines.append(language.html("❌ It has expired. Please hand in the new one."))
    elif one.checked_at is not None:
        lines.append(language.html("✅ An organiser has looked at it."))
    else:
        lines.append(language.html("🕒 An organiser will look at it."))
    if one.expires_on is None:
        lines.append(language.html("It doesn't expire."))
    else:
        day = language.day_of_record(date.fromisoformat(one.expires_on))
        lines.append(language.html("Valid until {day}", day=day))
    return Markup("\n").join(lines)


async def ask_drop(press: Press, tx: Transaction) -> Reply:
    kind = press.word(0)
    if await volunteer_certificates.find(tx, press.person.id, kind) is None:
        return await browse(press, tx)
    language = press.language
    text = language.html("Delete your certificate ({kind})?", kind=certificate_name(language, kind))
    rows = [
        [button(language.gettext("Yes, delete it"), "certdropped", kind, style="danger")],
        [button(language.gettext("No, keep it"), "certs")],
    ]
    return show(text, rows)


async def drop(press: Press, tx: Transaction) -> Reply:
    """Forget the certificate. Pressing twice is harmless."""
    await deciding.withdraw(tx, press.person.id, press.word(0), now=press.now)
    return alert(press.language.gettext("It is deleted.")) + await browse(press, tx)


async def begin(press: Press, tx: Transaction) -> Reply:
    """Ask for a certificate; the kind too, unless a shift that needs it led here."""
    kind = press.word(0)
    return await forms.begin(press, tx, FORM, {"needed": kind} if kind in CERTIFICATES else {})


def _ask_kind(turn: Turn, data: Data) -> Markup:
    return turn.language.html("Which certificate is it?")


def _offer_kinds(turn: Turn, data: Data) -> list[Choice]:
    return [Choice(certificate_name(turn.language, kind), kind) for kind in CERTIFICATES]


def _ask_file(turn: Turn, data: Data) -> Markup:
    language = turn.language
    return language.html(
        "Please send a photo of it, or a document: {kind}. An organiser looks at it; then the picture is"
        " deleted, and only the date is kept.",
        kind=certificate_name(language, _kind(data)),
    )


def _read_file(writing: Writing, data: Data) -> Understood | Misread:
    message = writing.message
    if message is not None and message.photo:
        return Understood(f"photo:{message.photo[-1].file_id}")
    if message is not None and message.document:
        return Understood(f"document:{message.document.file_id}")
    return Misread(writing.language.html("I need a photo or a document here."))


def _ask_expiry(turn: Turn, data: Data) -> Markup:
    return turn.language.html("Until when is it valid? Send the day, such as 31/12/2027.")


def _offer_expiry(turn: Turn, data: Data) -> list[Choice]:
    return [Choice(turn.language.gettext("It doesn't expire"), "")]


def _read_expiry(writing: Writing, data: Data) -> Understood | Misread:
    language, home = writing.language, writing.setup.home
    answer = written.understand(writing.text, now=writing.now, zone=home, locale=language.locale)
    match answer:
        case written.Understood(instant):
            day = instant.astimezone(home).date()
            if day.year > writing.now.year + LONGEST_YEARS:
                return Misread(language.html("That is very far away. Please send the day once more."))
            return Understood(
                day.isoformat(), language.html("✓ Valid until {day}", day=language.day_of_record(day))
            )
        case written.Past():
            return Misread(language.html("It has expired then. Please send the day until which it is valid."))
        case _:
            return Misread(language.html("I didn't understand that day. Try 31/12/2027."))


def _kind(data: Data) -> str:
    return str(data.get("needed") or data["kind"])


async def _finish(turn: Turn, tx: Transaction, data: Data) -> Reply:
    expires_on = date.fromisoformat(data["expires_on"]) if data["expires_on"] else None
    await deciding.hand_in(
        tx, turn.person.id, _kind(data), expires_on=expires_on, file=data["file"], now=turn.now
    )
    thanks = turn.language.html("✅ Thank you! An organiser looks at it, and I tell you.")
    return await browse(turn, tx, before=thanks)


FORM: Final = Form(
    kind="certificate",
    steps=(
        Step("kind", _ask_kind, choices=_offer_kinds, applies=lambda data: "needed" not in data),
        Step("file", _ask_file, read=_read_file),
        Step("expires_on", _ask_expiry, read=_read_expiry, choices=_offer_expiry),
    ),
    finish=_finish,
    way_back=lambda turn: button(turn.language.gettext("My certificates"), "certs"),
)
