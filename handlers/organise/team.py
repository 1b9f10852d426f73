"""The team: owners appoint organisers and dismiss them."""

from markupsafe import Markup

from bot import team
from bot.language import isolate
from bot.team import Appointed, Dismissed, Unchanged, Unknown
from handlers import forms, menu, other
from handlers.forms import Data, Form, Misread, Step, Understood
from handlers.organise.menu import organise_button
from handlers.owing import Reading
from handlers.replies import Reply, button, say, show
from handlers.turns import Press, Turn, Writing
from storage import Transaction, people
from storage.notices import Owed
from storage.people import Person

# A message and its keyboard stay small; nobody appoints more one by one in a chat.
MOST_SHOWN = 40


async def open_team(press: Press, tx: Transaction) -> Reply:
    """Who may organise; for owners alone."""
    return await _show(press, tx) if press.is_owner else other.unknown_button(press)


async def _show(turn: Turn, tx: Transaction, *, before: Markup | None = None) -> Reply:
    language = turn.language
    found = (await people.list_organisers(tx, turn.setup.owners))[:MOST_SHOWN]
    lines = [language.html("<b>Team</b>")]
    rows = []
    for person in found:
        if person.telegram_id in turn.setup.owners:
            lines.append(language.html("👑 {name} (owner)", name=_called(person)))
        else:
            lines.append(language.html("👤 {name}", name=_called(person)))
            label = language.gettext("Remove {name}", name=isolate(person.name[:30]))
            rows.append([button(label, "unteam", person.id)])
    text = Markup("\n").join(lines)
    add = [button(language.gettext("➕ Add an organiser"), "appoint", style="primary")]
    whole = before + Markup("\n\n") + text if before else text
    return show(whole, [*rows, add, [organise_button(language)]])


def _called(person: Person) -> Markup:
    name = Markup.escape(isolate(person.name[:64]))
    return name + Markup(" @{}").format(person.username) if person.username else name


async def begin_appointing(press: Press, tx: Transaction) -> Reply:
    return await forms.begin(press, tx, FORM) if press.is_owner else other.unknown_button(press)


def _ask_whom(turn: Turn, data: Data) -> Markup:
    return turn.language.html(
        "Whom would you like to add? Please send their @username or their Telegram number, which they see"
        " under /privacy. They must have started me before."
    )


def _read_whom(writing: Writing, data: Data) -> Understood | Misread:
    text = writing.text
    if not text or len(text) > 40 or len(text.split()) != 1:
        return Misread(writing.language.html("Please send one @username, or a Telegram number."))
    return Understood(text)


async def _confirm(turn: Turn, tx: Transaction, data: Data) -> Reply:
    """Show who was found: a name can have passed to somebody else."""
    if not turn.is_owner:
        return other.unknown_command(turn)
    language = turn.language
    match await team.find(tx, data["whom"]):
        case []:
            unknown = language.html(
                "I don't know {name}. Ask them to open our chat and press Start, then send it again.",
                name=isolate(data["whom"]),
            )
            return await forms.begin(turn, tx, FORM, before=unknown)
        case [person]:
            text = language.html(
                "Make <b>{name}</b> an organiser? They will be able to create and cancel events, see who"
                " signs up, and write to all members.",
                name=_called(person),
            )
            rows = [
                [button(language.gettext("Yes, add them"), "appointed", person.id, style="success")],
                [button(language.gettext("‹ No"), "team")],
            ]
            return show(text, rows)
        case _:
            several = language.html(
                "Several people have had that name. Please send the person's Telegram number instead."
            )
            return await forms.begin(turn, tx, FORM, before=several)


async def appoint(press: Press, tx: Transaction) -> Reply:
    """Make the person an organiser. Pressing twice is harmless."""
    if not press.is_owner:
        return other.unknown_button(press)
    language = press.language
    match await team.appoint(tx, press.number(0), actor_id=press.person.id, now=press.now):
        case Appointed(person):
            text = language.html("✅ {name} is an organiser now, and is told.", name=_called(person))
        case Unchanged(person):
            text = language.html("{name} is an organiser.", name=_called(person))
        case Unknown():
            text = language.html("That person is not here any more.")
    return await _show(press, tx, before=text)


async def ask_dismissal(press: Press, tx: Transaction) -> Reply:
    if not press.is_owner:
        return other.unknown_button(press)
    person = await people.find(tx, press.number(0))
    if person is None or person.role != "organiser" or person.telegram_id in press.setup.owners:
        return await _show(press, tx)
    language = press.language
    rows = [
        [button(language.gettext("Yes, remove them"), "unteamed", person.id, style="danger")],
        [button(language.gettext("‹ No"), "team")],
    ]
    text = language.html("Remove <b>{name}</b> from the team? They stay a member.", name=_called(person))
    return show(text, rows)


async def dismiss(press: Press, tx: Transaction) -> Reply:
    """Make the organiser a member again. Pressing twice is harmless."""
    if not press.is_owner:
        return other.unknown_button(press)
    language = press.language
    match await team.dismiss(tx, press.number(0), actor_id=press.person.id, now=press.now):
        case Dismissed(person):
            text = language.html("{name} is no organiser any more, and is told.", name=_called(person))
        case Unchanged(person):
            text = language.html("{name} is no organiser.", name=_called(person))
        case Unknown():
            text = language.html("That person is not here any more.")
    return await _show(press, tx, before=text)


FORM = Form(
    "appoint",
    (Step("whom", _ask_whom, read=_read_whom),),
    finish=_confirm,
    way_back=lambda turn: button(turn.language.gettext("‹ Team"), "team"),
    organisers_only=True,
)


async def tell_given(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    """Good news for a new organiser, whose list of commands grows."""
    person = await people.find(tx, notice.person_id or 0)
    if person is None or person.role != "organiser":
        return None
    language = reading.language
    text = language.html(
        "🗂 You are an organiser now. With /organise you can create events, see who comes"
        " and write to members."
    )
    said = say(text, [[button(language.gettext("🗂 Organise"), "organise")]])
    return said + menu.commands_of(person.telegram_id, language, organiser=True)


async def tell_taken(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    person = await people.find(tx, notice.person_id or 0)
    if person is None or person.role == "organiser" or person.telegram_id in reading.setup.owners:
        return None
    language = reading.language
    text = language.html("You are no organiser any more. Thank you for your work! Everything else stays.")
    said = say(text, [[menu.home_button(language)]])
    return said + menu.commands_of(person.telegram_id, language, organiser=False)
