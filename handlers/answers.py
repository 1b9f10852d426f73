"""How the answer to a question people ask is put to them."""

from collections.abc import Iterable, Mapping
from datetime import date

from markupsafe import Markup, escape

from bot.language import NATIVE_NAMES, Language
from bot.teaching import TEAM
from storage.programmes import Question

Sources = Mapping[str, Mapping[str, str]]


def describe_answer(question: Question, sources: Sources, language: Language) -> Markup:
    """The question, its answer and where that comes from; marked where it is not in the reader's language."""
    shown = nearest(question.answers, language.locale)
    asked = question.wordings[nearest(question.wordings, language.locale)]
    parts = [Markup("<b>{}</b>").format(asked), escape(question.answers[shown])]
    remarks = [describe_source(question.source, sources, language)]
    if question.as_of:
        day = language.day_of_record(date.fromisoformat(question.as_of))
        remarks.append(language.html("<i>As of {day}.</i>", day=day))
    if shown != language.locale:
        remarks.append(shown_in(shown, language))
    return Markup("\n\n").join([*parts, Markup("\n").join(remarks)])


def describe_source(source: str, sources: Sources, language: Language) -> Markup:
    """What members read for a source's short name."""
    if source == TEAM:
        return language.html("<i>Source: our team</i>")
    names = sources.get(source, {})
    name = names[nearest(names, language.locale)] if names else source
    return language.html("<i>Source: {source}</i>", source=name)


def shown_in(locale: str, language: Language) -> Markup:
    """A mark for words in another language than the reader's."""
    return language.html("<i>Shown in {language}.</i>", language=NATIVE_NAMES.get(locale, locale))


def nearest(available: Iterable[str], locale: str) -> str:
    """The locale to read something in: one's own, else the same language in another writing, else English."""

    def strangeness(one: str) -> tuple[bool, bool, bool, str]:
        return one != locale, _spoken(one) != _spoken(locale), one != "en", one

    return min(available, key=strangeness)


def _spoken(locale: str) -> str:
    return locale.partition("_")[0]
