"""The questions about further events like one that is there: a copy's start, a series' days."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from markupsafe import Markup, escape

from bot import when
from bot.copies import MOST_SESSIONS, repeated
from handlers.forms import Choice, Data, Misread, Step, Understood
from handlers.organise import answers
from handlers.organise.answers import instant, zone_of
from handlers.turns import Turn, Writing

OWN = "own"
_BETWEEN_DAYS: Final = re.compile(r"[,，、;；]")


def _ask_copy(turn: Turn, data: Data) -> Markup:
    return turn.language.html(
        "When does the copy of <b>{title}</b> start? Everything else is taken over: texts, options, questions"
        " and shifts. Nobody is signed up for it yet.",
        title=data["title"],
    )


def _copy_days(turn: Turn, data: Data) -> Sequence[Choice]:
    first, zone = instant(data["first"]), zone_of(data)
    found = {repeated(first, data["zone"], rhythm, 1)[0] for rhythm in ("week", "fortnight", "month")}
    return [
        Choice(turn.language.moment(start, zone, now=turn.now), int(start.timestamp()))
        for start in sorted(found)
        if start > turn.now
    ]


COPY_START = Step("start", _ask_copy, read=answers.read_start, choices=_copy_days, tell=answers.tell_moment)


def _ask_rhythm(turn: Turn, data: Data) -> Markup:
    language = turn.language
    return language.html(
        "<b>{title}</b> is on {when}. When does it take place again?",
        title=data["title"],
        when=language.moment(instant(data["first"]), zone_of(data), now=turn.now),
    )


def _rhythms(turn: Turn, data: Data) -> Sequence[Choice]:
    language = turn.language
    return [
        Choice(language.gettext("Every week"), "week"),
        Choice(language.gettext("Every two weeks"), "fortnight"),
        Choice(language.gettext("Every month, same weekday"), "weekday"),
        Choice(language.gettext("Every month, same date"), "month"),
        Choice(language.gettext("On days that I write"), OWN),
    ]


def _ask_times(turn: Turn, data: Data) -> Markup:
    return turn.language.html("How many further times? Please choose or send a number.")


def _times(turn: Turn, data: Data) -> Sequence[Choice]:
    return [Choice(turn.language.number(n), n) for n in (3, 5, 7, 11)]


def _ask_days(turn: Turn, data: Data) -> Markup:
    return turn.language.html(
        "Please write the days, each on a line of its own, such as “3 December”. Without a time they begin at"
        " the same time as the first."
    )


def _read_days(writing: Writing, data: Data) -> Understood | Misread:
    """Several starts, each on its line or after a comma; the first that can't be one is quoted."""
    language, zone = writing.language, zone_of(data)
    first = instant(data["first"]).astimezone(zone)
    starts: set[int] = set()

    def understood(text: str) -> when.Answer:
        return when.understand(text, now=writing.now, zone=zone, locale=language.locale)

    for line in _single_days(writing.text, understood):
        match understood(line):
            case when.Understood(day, has_time=False):
                start = day.replace(hour=first.hour, minute=first.minute)
            case when.Understood(start) | when.Past(start):
                pass
            case when.NotUnderstood():
                return Misread(
                    language.html(
                        "I don't understand “{line}” as a day. Please send all days again.", line=line[:60]
                    )
                )
        if start <= writing.now:
            return Misread(
                language.html("“{line}” is over already. Please send all days again.", line=line[:60])
            )
        starts.add(int(start.timestamp()))
    starts.discard(data["first"])
    if not 0 < len(starts) < MOST_SESSIONS:
        return Misread(
            language.html(
                "Please send 1 to {most} days, each on a line of its own.",
                most=language.number(MOST_SESSIONS - 1),
            )
        )
    return Understood(sorted(starts))


def _single_days(text: str, understood: Callable[[str], when.Answer]) -> Iterator[str]:
    """Line by line, and by commas where a line isn't one day: in "Friday, 15 January" it is."""
    for line in text.splitlines():
        parts = [line] if understood(line) != when.NotUnderstood() else _BETWEEN_DAYS.split(line)
        yield from filter(None, (part.strip() for part in parts))


def _tell_days(turn: Turn, value: Any) -> Markup:
    return turn.language.nhtml("{n} day", "{n} days", len(value))


def _ask_name(turn: Turn, data: Data) -> Markup:
    return turn.language.html(
        "What is the series called? Skip this to call it “{title}”.", title=data["title"]
    )


def _ask_sign_up(turn: Turn, data: Data) -> Markup:
    return turn.language.html("How do people sign up?")


def _sign_ups(turn: Turn, data: Data) -> Sequence[Choice]:
    return [Choice(sign_up_label(turn, value), value) for value in ("either", "single", "whole")]


def sign_up_label(turn: Turn, value: str) -> str:
    match value:
        case "whole":
            return turn.language.gettext("For all sessions at once")
        case "single":
            return turn.language.gettext("For each session")
        case _:
            return turn.language.gettext("For all or for each, as they like")


def starts_of(data: Data) -> list[datetime]:
    """When the further sessions start."""
    if data["rhythm"] == OWN:
        return [instant(seconds) for seconds in data["days"]]
    return repeated(instant(data["first"]), data["zone"], data["rhythm"], data["times"])


def _ask_confirm(turn: Turn, data: Data) -> Markup:
    language, zone, starts = turn.language, zone_of(data), starts_of(data)
    heading = language.nhtml(
        "{n} further session of <b>{title}</b> will be published:",
        "{n} further sessions of <b>{title}</b> will be published:",
        len(starts),
        title=data["title"],
    )
    lines = [escape(language.moment(start, zone, now=turn.now)) for start in starts]
    return heading + Markup("\n\n") + Markup("\n").join(lines)


def _confirm(turn: Turn, data: Data) -> Sequence[Choice]:
    return [Choice(turn.language.gettext("Publish them"), True, style="success")]


def _is_new(data: Data) -> bool:
    return not data.get("series")


SERIES_STEPS: tuple[Step, ...] = (
    Step("rhythm", _ask_rhythm, choices=_rhythms),
    Step(
        "times",
        _ask_times,
        read=answers.read_number(1, MOST_SESSIONS - 1),
        choices=_times,
        columns=4,
        applies=lambda data: data.get("rhythm") != OWN,
    ),
    Step(
        "days",
        _ask_days,
        read=_read_days,
        tell=_tell_days,
        applies=lambda data: data.get("rhythm") == OWN,
    ),
    Step("sign_up", _ask_sign_up, choices=_sign_ups, applies=_is_new),
    Step(
        "name",
        _ask_name,
        read=answers.read_text(answers.TITLE_LIMIT, one_line=True),
        optional=True,
        tell=answers.tell_text,
        applies=_is_new,
    ),
    Step("confirm", _ask_confirm, choices=_confirm),
)
