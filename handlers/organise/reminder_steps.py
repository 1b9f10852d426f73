"""The question when people are reminded, of an event or of shifts: ticked, or written as people write it."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from markupsafe import Markup

from bot import usual_reminders
from handlers.forms import Choice, Data, Misread, Step, Understood
from handlers.turns import Turn, Writing

SPANS: Final = ("7d", "3d", "1d", "3h", "2h", "30m")


def _ask(sentence: Callable[[Turn], Markup]) -> Callable[[Turn, Data], Markup]:
    def ask(turn: Turn, data: Data) -> Markup:
        hint = turn.language.html("You can also write your own, such as “2 weeks, 2 days, 90 minutes”.")
        return sentence(turn) + Markup("\n\n") + hint

    return ask


def _choices(name: str) -> Callable[[Turn, Data], Sequence[Choice]]:
    def choices(turn: Turn, data: Data) -> Sequence[Choice]:
        present: Sequence[str] = data.get(name) or ()
        offered = usual_reminders.ordered([*SPANS, *present])
        return [Choice(turn.language.before(span), span) for span in offered]

    return choices


def _read(writing: Writing, data: Data) -> Understood | Misread:
    spans = usual_reminders.understand(writing.text)
    if spans is None:
        return Misread(
            writing.language.html(
                "I could not read that as times before the start. Please send up to six, from 5 minutes to"
                " 60 days, such as “2 weeks, 2 days, 90 minutes”."
            )
        )
    said = writing.language.joined([writing.language.before(span) for span in spans])
    return Understood(list(spans), writing.language.html("✓ Reminders: {times}", times=said))


def step(name: str, sentence: Callable[[Turn], Markup], **more: Any) -> Step:
    """A step of this name; no tick at all is no reminder at all."""
    return Step(name, _ask(sentence), read=_read, choices=_choices(name), columns=2, several=True, **more)


def ask_of_events(turn: Turn) -> Markup:
    return turn.language.html("When are people reminded? Tick as many as you like, then press “Done”.")


def ask_of_shifts(turn: Turn) -> Markup:
    return turn.language.html(
        "When are volunteers reminded of their shifts? Tick as many as you like, then press “Done”."
    )
