"""Why somebody is turned down: a reason by button, one in the organiser's own words, or none."""

from markupsafe import Markup

from bot.language import Language, language
from handlers.forms import Data, Misread, Step, Understood
from handlers.replies import Keyboard, button
from handlers.turns import Turn, Writing

MOST = 500
NONE = "none"


def quick_reasons(words: Language) -> dict[str, str]:
    return {
        "full": words.gettext("There are more applications than places."),
        "who": words.gettext("This event is meant for another group of people."),
        "info": words.gettext("Some answers are missing. Please write to us."),
    }


def reason_in(locale: str, code: str) -> str | None:
    """The reason on a button in the language of the one it is sent to; None: there is no such button."""
    return "" if code == NONE else quick_reasons(language(locale)).get(code)


def reason_rows(turn: Turn, done: str, write: str, *args: int) -> Keyboard:
    """Buttons that run `done` with the args and a reason's code, and one to write a reason."""
    words = turn.language
    return [
        *([button(text, done, *args, code)] for code, text in quick_reasons(words).items()),
        [button(words.gettext("✍️ Write a reason"), write, *args)],
        [button(words.gettext("Without a reason"), done, *args, NONE)],
    ]


def _ask(turn: Turn, data: Data) -> Markup:
    return turn.language.html(
        "Please write the reason. It is sent word for word, as the organiser's words, so choose a language"
        " that the person reads."
    )


def _read(writing: Writing, data: Data) -> Understood | Misread:
    text = (writing.text or "").strip()
    if not text:
        return Misread(writing.language.html("Please send the reason as text."))
    if len(text) > MOST:
        return Misread(
            writing.language.nhtml(
                "That is too long by {n} character.", "That is too long by {n} characters.", len(text) - MOST
            )
        )
    return Understood(text)


REASON = Step("reason", _ask, _read)
