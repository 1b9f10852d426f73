"""What somebody answered to an event's own question, in words."""

from datetime import date
from typing import Any

from bot.event_questions import text_of
from bot.language import Language
from storage.event_questions import Question


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
