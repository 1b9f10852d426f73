"""What every answer to a typed question has in common: a screen, and the ways on from it."""

from dataclasses import dataclass, replace

from markupsafe import Markup

from bot.language import Language
from handlers.menu import home_button
from handlers.replies import Button, Keyboard, Reply, Say, button
from handlers.turns import Writing

LABEL = 60

Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True)
class Screen:
    """What is told of a topic, before it is known in which message."""

    text: Markup
    rows: Rows


def ways_on(language: Language, topic_id: str) -> list[tuple[Button, ...]]:
    """A person, and the menu."""
    return [(button(language.gettext("💬 Ask a person"), "askq", topic_id),), (home_button(language),)]


def was_it(language: Language, topic_id: str) -> tuple[Button, ...]:
    """Whether that was what was asked."""
    return (
        button(language.gettext("👍 Yes"), "good", topic_id),
        button(language.gettext("👎 No"), "wrong", topic_id),
    )


def under(writing: Writing, screen: Screen) -> Reply:
    """The answer as a reply to the question, which its buttons find there again: it is stored nowhere."""
    rows: Keyboard = screen.rows
    said = Say(screen.text, rows)
    return Reply((replace(said, reply_to=writing.message.message_id if writing.message else None),))
