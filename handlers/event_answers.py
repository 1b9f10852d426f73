"""What somebody answered to an event's own question, in words."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from bot import programme
from bot.event_questions import text_of
from bot.language import Language
from storage.event_questions import Question
from storage.events import Event


def tell_answer(language: Language, question: Question, value: Any, base_locale: str) -> str:
    """The answer in plain text; choices that have been removed keep their words."""
    if value in (None, "", []):
        return language.gettext("no answer")
    match question.kind:
        case "choice" | "choices":
            words = text_of(question, language.locale, base_locale).choices
            chosen = value if isinstance(value, list) else [value]
            return language.joined([words.get(number, str(number)) for number in chosen], style="unit")
        case "date":
            return language.day(date.fromisoformat(value))
        case "photo":
            return language.gettext("a picture")
        case "document":
            return language.gettext("a document")
        case _:
            return str(value)


def answers_as_values(
    answers: Iterable[tuple[Event, Question, Any]], words: Language
) -> list[dict[str, str]]:
    """Somebody's answers as their own export holds them."""
    return [
        {
            words.gettext("event"): programme.text_of(event, words.locale).title,
            words.gettext("question"): text_of(question, words.locale, event.base_locale).text,
            words.gettext("answer"): tell_answer(words, question, value, event.base_locale),
        }
        for event, question, value in answers
    ]
