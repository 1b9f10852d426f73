"""The questions about a stop of a visit's programme, and how their answers are read."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from bot import when
from bot.language import NATIVE_NAMES
from handlers.forms import Choice, Data, Misread, Step, Understood
from handlers.organise import answers
from handlers.turns import Turn, Writing

TEXTS: Final = ("title", "place", "note")
MOST_DAYS: Final = 30
# From when to when, in one text; both dashes of "3-4" and the hyphen of a date such as 2026-12-03 occur.
_UNTIL: Final = re.compile(r"\s*(?:\s-\s|(?<=[\dm點点時时半])-(?=\d)|[–—~～至到]|\b(?:to|until|till)\b)\s*")


def _ask_day(turn: Turn, data: Data) -> Markup:
    return turn.language.html("On which day?")


def _days(turn: Turn, data: Data) -> Sequence[Choice]:
    """The visit's days, if they are few enough for buttons."""
    days = [date.fromisoformat(one) for one in data["days"][:MOST_DAYS]]
    return [
        Choice(
            turn.language.gettext(
                "Day {n}: {day}",
                n=turn.language.number(number),
                day=turn.language.day(day, now=turn.now),
            ),
            day.isoformat(),
        )
        for number, day in enumerate(days, start=1)
    ]


def _read_day(writing: Writing, data: Data) -> Understood | Misread:
    """A day as people write it; the evening before and the morning after a visit belong to it as well."""
    language, zone = writing.language, ZoneInfo(data["zone"])
    first = datetime.fromisoformat(data["days"][0]).replace(tzinfo=zone)
    found = when.understand(
        writing.text, now=writing.now, zone=zone, locale=language.locale, after=min(first, writing.now)
    )
    first_day, last_day = date.fromisoformat(data["days"][0]), date.fromisoformat(data["days"][-1])
    match found:
        case when.Understood(instant) | when.Past(instant):
            day = instant.astimezone(zone).date()
            if (first_day - day).days <= 1 and (day - last_day).days <= 1:
                return Understood(day.isoformat())
            return Misread(
                language.html(
                    "The visit is from {first} to {last}. Please choose a day of it.",
                    first=language.day(first_day, now=writing.now),
                    last=language.day(last_day, now=writing.now),
                )
            )
        case _:
            return Misread(
                language.html("I don't understand that as a day. Please press one of the buttons.")
            )


def _ask_time(turn: Turn, data: Data) -> Markup:
    return turn.language.html("At what time on {day}? For example 9:00, or 9:00–10:30.", day=_day(turn, data))


def _day(turn: Turn, data: Data) -> str:
    return turn.language.day(date.fromisoformat(data["day"]), now=turn.now)


def _read_time(writing: Writing, data: Data) -> Understood | Misread:
    """A time of the chosen day, or from when to when; the end may be a length, or after midnight."""
    language, zone = writing.language, ZoneInfo(data["zone"])
    first, *rest = _UNTIL.split(writing.text.strip(), maxsplit=1)
    # From the day before it on, so that a time on a day that has begun is still that day's.
    day = date.fromisoformat(data["day"])
    eve = datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
    begun = when.understand(
        f"{data['day']} {first}", now=min(writing.now, eve), zone=zone, locale=language.locale
    )
    unclear = Misread(
        language.html("I don't understand that as a time. Please write it like 9:00 or 9:00–10:30.")
    )
    if not isinstance(begun, when.Understood) or not begun.has_time:
        return unclear
    starts, ends = begun.instant, None
    if rest:
        ended = when.understand_end(
            rest[0], starts=starts, now=min(writing.now, eve), zone=zone, locale=language.locale
        )
        if not isinstance(ended, when.Understood) or not ended.has_time or ended.instant <= starts:
            return unclear
        ends = ended.instant
    said = language.moment(starts, zone, now=writing.now)
    if ends:
        said = language.span(starts, ends, zone, now=writing.now)
    value = [int(starts.timestamp()), int(ends.timestamp()) if ends else None]
    return Understood(value, language.html("✓ {when}", when=said))


def _ask_text(name: str) -> Callable[[Turn, Data], Markup]:
    def ask(turn: Turn, data: Data) -> Markup:
        words, base = turn.language, NATIVE_NAMES[data["base"]]
        match name:
            case "title":
                return words.html(
                    "What happens then? Please write it in {language}, such as “Leave by coach”.",
                    language=base,
                )
            case "place":
                return words.html("Where is it? Please write the place, or skip this.")
            case _:
                return words.html("Is there anything to know, such as what to wear? You can skip this.")

    return ask


def _ask_location(turn: Turn, data: Data) -> Markup:
    return turn.language.html("Would you like a map? Please send the location with 📎, or skip this.")


def _ask_meeting(turn: Turn, data: Data) -> Markup:
    return turn.language.html(
        "Do people meet here? If its time or place changes later, those who have a place are told."
    )


def _yes_no(turn: Turn, data: Data) -> Sequence[Choice]:
    return [Choice(turn.language.gettext("Yes"), True), Choice(turn.language.gettext("No"), False)]


def _tell_meeting(turn: Turn, value: Any) -> Markup:
    return escape(turn.language.gettext("Yes") if value else turn.language.gettext("No"))


_LIMITS: Final = {"title": answers.TITLE_LIMIT, "place": answers.SHORT_LIMIT, "note": answers.SHORT_LIMIT}


def _text_step(name: str) -> Step:
    return Step(
        name,
        _ask_text(name),
        read=answers.read_text(_LIMITS[name], one_line=True),
        optional=name != "title",
        tell=answers.tell_text,
    )


def translated(name: str, locale: str) -> Step:
    def ask(turn: Turn, data: Data) -> Markup:
        words, language = turn.language, NATIVE_NAMES[locale]
        match name:
            case "title":
                said = words.html("What happens then, in {language}?", language=language)
            case "place":
                said = words.html("The place in {language}?", language=language)
            case _:
                said = words.html("The note in {language}?", language=language)
        return said + Markup("\n\n<i>{}</i>").format(data[name])

    return Step(
        f"{name}:{locale}",
        ask,
        read=answers.read_text(_LIMITS[name], one_line=True),
        optional=True,
        tell=answers.tell_text,
        applies=lambda data: bool(data.get(name)) and (name == "title" or bool(data.get(f"title:{locale}"))),
    )


STEPS: Final[Mapping[str, tuple[Step, ...]]] = {
    "time": (
        Step(
            "day",
            _ask_day,
            read=_read_day,
            choices=_days,
            applies=lambda data: "day" not in data or len(data["days"]) > 1,
        ),
        Step("time", _ask_time, read=_read_time),
    ),
    "title": (_text_step("title"),),
    "place": (_text_step("place"),),
    "location": (
        Step(
            "location", _ask_location, read=answers.read_location, optional=True, tell=answers.tell_location
        ),
    ),
    "meeting": (Step("meeting", _ask_meeting, choices=_yes_no, columns=2, tell=_tell_meeting),),
    "note": (_text_step("note"),),
}
