"""The main menu, and the list of commands beside the message field."""

from markupsafe import Markup

from bot.language import Language
from handlers.replies import Button, Raw, Reply, button, show
from handlers.turns import Turn


def home_button(language: Language) -> Button:
    return button(language.gettext("‹ Menu"), "menu")


def main(turn: Turn, *, before: Markup | None = None) -> Reply:
    """Everything a member can do, two taps away at most."""
    language = turn.language
    text = language.html("What would you like to do? You can also just type a question.")
    rows = [
        [button(language.gettext("📅 Events"), "events"), button(language.gettext("🎟 My places"), "my")],
        [
            button(language.gettext("🤝 Programmes"), "programmes"),
            button(language.gettext("🙋 Volunteer"), "volunteer"),
        ],
        [
            button(language.gettext("💬 Ask a person"), "ask"),
            button(language.gettext("⚙️ Settings"), "settings"),
        ],
    ]
    if turn.setup.quizzes.is_any_out:
        rows.insert(2, [button(language.gettext("🧠 Quiz"), "quizzes")])
    if turn.is_organiser:
        rows.append([button(language.gettext("🗂 Organise"), "organise")])
    return show(before + Markup("\n\n") + text if before else text, rows)


async def open_menu(turn: Turn, tx: object) -> Reply:
    return main(turn)


def commands(turn: Turn) -> Reply:
    """Set the commands of this chat."""
    return commands_of(turn.person.telegram_id, turn.language, organiser=turn.is_organiser)


def commands_of(telegram_id: int, language: Language, *, organiser: bool) -> Reply:
    """Set the commands of a person's chat: Telegram can't tell the two Chinese scripts apart by itself."""
    params = {
        "commands": listed_commands(language, organiser=organiser),
        "scope": {"type": "chat", "chat_id": telegram_id},
    }
    return Reply((Raw("setMyCommands", params),))


def listed_commands(language: Language, *, organiser: bool = False) -> list[dict[str, str]]:
    """The commands as Telegram lists them beside the message field."""
    listed = [
        ("events", language.gettext("Upcoming events")),
        ("my", language.gettext("My places and shifts")),
        ("programmes", language.gettext("What the association does")),
        ("volunteer", language.gettext("Volunteer for a shift")),
        ("quiz", language.gettext("Take a quiz, see its results")),
        ("ask", language.gettext("Ask a person")),
        ("settings", language.gettext("Reminders, quiet hours, interests")),
        ("language", language.gettext("Change the language")),
        ("privacy", language.gettext("What is kept about me")),
        ("help", language.gettext("How this bot works")),
        ("cancel", language.gettext("Stop what I am doing")),
    ]
    if organiser:
        listed.insert(4, ("organise", language.gettext("Events, shifts, broadcasts")))
    return [{"command": name, "description": text} for name, text in listed]
