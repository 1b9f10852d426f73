"""The questions about how people sign up that have no place in creating an event."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from markupsafe import Markup, escape

from bot import when
from bot.language import Language
from handlers.forms import Choice, Data, Misread, Step, Understood
from handlers.organise import answers, reminder_steps
from handlers.organise.answers import instant, zone_of
from handlers.turns import Turn, Writing

SHORTEST_OFFER, LONGEST_OFFER = 10, 7 * 24 * 60


def _ask_opens(turn: Turn, data: Data) -> Markup:
    return turn.language.html(
        "From when can people sign up? Please write day and time, such as “3 December 18:30”."
    )


def _opens_at_once(turn: Turn, data: Data) -> Sequence[Choice]:
    return [Choice(turn.language.gettext("At once"), None)]


def _read_opens(writing: Writing, data: Data) -> Understood | Misread:
    """A day and a time before the start; a day alone is its first moment."""
    language, zone = writing.language, zone_of(data)
    match when.understand(writing.text, now=writing.now, zone=zone, locale=language.locale):
        case when.Understood(opens) if writing.now < opens < instant(data["start"]):
            said = language.html("✓ Sign-up from {when}.", when=language.moment(opens, zone, now=writing.now))
            return Understood(int(opens.timestamp()), said)
        case when.NotUnderstood():
            return answers.no_moment(language)
        case _:
            return Misread(
                language.html("Please send a time that is still to come and before the event starts.")
            )


def _tell_opens(turn: Turn, value: Any) -> Markup:
    if value is None:
        return turn.language.html("open at once")
    return escape(turn.language.moment(instant(value), turn.setup.home, now=turn.now))


def _ask_online_places(turn: Turn, data: Data) -> Markup:
    return turn.language.html(
        "How many can take part online, companions included? Please send a number. When they are taken,"
        " people join a waitlist."
    )


def _no_limit(turn: Turn, data: Data) -> Sequence[Choice]:
    return [Choice(turn.language.gettext("No limit"), None)]


def _ask_offer(turn: Turn, data: Data) -> Markup:
    return turn.language.html(
        "For how long is a freed place kept for the person it is offered to? Please write it like"
        " “45 minutes” or “6 hours”. As the event comes near, the time gets shorter by itself."
    )


def _read_offer(writing: Writing, data: Data) -> Understood | Misread:
    lasting = when.understand_duration(writing.text)
    minutes = int(lasting.total_seconds()) // 60 if isinstance(lasting, timedelta) else 0
    if not SHORTEST_OFFER <= minutes <= LONGEST_OFFER:
        return Misread(
            writing.language.html("Please send a time from 10 minutes to 7 days, such as “6 hours”.")
        )
    return Understood(minutes)


def tell_lasting(language: Language, minutes: int) -> str:
    """A length of time in the largest unit that says it whole: "2 hours"."""
    if minutes % 1440 == 0:
        return language.ngettext("{n} day", "{n} days", minutes // 1440)
    if minutes % 60 == 0:
        return language.ngettext("{n} hour", "{n} hours", minutes // 60)
    return language.ngettext("{n} minute", "{n} minutes", minutes)


def _tell_offer(turn: Turn, value: Any) -> Markup:
    if value is None:
        return turn.language.html("taken at once")
    return escape(tell_lasting(turn.language, value))


OPTIONS: tuple[Step, ...] = (
    Step("opens", _ask_opens, read=_read_opens, choices=_opens_at_once, tell=_tell_opens),
    Step(
        "online_places",
        _ask_online_places,
        read=answers.read_number(1, answers.MOST_PLACES),
        choices=_no_limit,
        tell=answers.tell_places,
    ),
    Step("offer", _ask_offer, read=_read_offer, tell=_tell_offer),
    reminder_steps.step("shift_reminders", reminder_steps.ask_of_shifts),
)
