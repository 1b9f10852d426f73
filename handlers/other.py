"""What is left: help, stopping, and messages the bot can make nothing of."""

from markupsafe import Markup

from bot.language import Language
from handlers import menu
from handlers.replies import Button, Reply, button, link, say, show, toast
from handlers.turns import Press, Setup, Turn, Writing
from storage import Transaction, dialogues


async def explain(turn: Turn, tx: Transaction) -> Reply:
    """/help: what one can do here, in a screen."""
    language = turn.language
    lines = [
        language.html("<b>How this works</b>"),
        language.html("📅 /events – see what is coming up and sign up"),
        language.html("🎟 /my – your places and shifts; change or give up any of them"),
        language.html("🤝 /programmes – what the association does"),
        language.html("🙋 /volunteer – take a shift as a volunteer"),
        language.html("🧠 /quiz – take a quiz, see its results"),
        language.html("⚙️ /settings – reminders, quiet hours, interests"),
        language.html("🌐 /language – change the language"),
        language.html("🔒 /privacy – what is kept, and deleting it"),
        language.html("Or just type a question. If I don't know, a person will answer you here."),
    ]
    if turn.is_organiser:
        lines.insert(5, language.html("🗂 /organise – events, shifts, broadcasts, questions"))
    return show(Markup("\n").join(lines), [[_ask_button(language)], [menu.home_button(language)]])


async def cancel(turn: Turn, tx: Transaction) -> Reply:
    """/cancel with nothing under way; a form's own end is handlers/forms.py."""
    await dialogues.end(tx, turn.person.id)
    return menu.main(turn, before=turn.language.html("There was nothing to stop."))


def unknown_command(turn: Turn) -> Reply:
    return menu.main(turn, before=turn.language.html("I don't know that command."))


def unknown_button(press: Press) -> Reply:
    """A button of a version we don't have any more, or one that was made up."""
    return toast(press.language.gettext("That button does nothing here.")) + menu.main(press)


def not_text(writing: Writing) -> Reply:
    """Stickers, voices, pictures, where nobody asked for one."""
    language = writing.language
    text = language.html(
        "I can only read text here. Please type your question, or send it to a person from our team."
    )
    return say(text, [[_ask_button(language)], [menu.home_button(language)]])


def write_in_private(language: Language, setup: Setup, payload: str = "") -> Reply:
    """In a group: what is about one person belongs into their own chat."""
    address = f"https://t.me/{setup.username}" + (f"?start={payload}" if payload else "")
    text = language.html("Please write to me in our own chat, so that your plans stay yours.")
    return say(text, [[link(language.gettext("Open our chat"), address)]])


def apologise(language: Language) -> Reply:
    text = language.html(
        "Sorry, something went wrong on our side, and it has been noted. Nothing was changed."
        " Please try again, or ask a person."
    )
    return say(text, [[_ask_button(language)], [menu.home_button(language)]])


def _ask_button(language: Language) -> Button:
    return button(language.gettext("💬 Ask a person"), "ask")
