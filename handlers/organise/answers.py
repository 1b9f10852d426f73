"""Reading what organisers write about an event, and saying how it was understood."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from bot import when
from bot.language import Language
from bot.written import normal
from handlers.forms import Data, Misread, Understood
from handlers.turns import Turn, Writing

TITLE_LIMIT, DESCRIPTION_LIMIT, SHORT_LIMIT, LINK_LIMIT = 120, 2500, 300, 500
MOST_PLACES, MOST_COMPANIONS = 100_000, 20

# Stricter than the web is: Telegram refuses a whole message for one button whose address it doesn't like.
_ADDRESS: Final = re.compile(r"https://(?:[\w-]+\.)+[^\W\d_]{2,}(?::\d{1,5})?(?:[/?#]\S*)?")

_COUNT: Final = re.compile(r"(\d{1,9})(?:people|persons?|places?|人|个|名|位)?")

Read = Callable[[Writing, Data], Understood | Misread]


def instant(seconds: int) -> datetime:
    """A form's data hold instants as whole seconds since 1970."""
    return datetime.fromtimestamp(seconds, UTC)


def zone_of(data: Data) -> ZoneInfo:
    """The zone in which the event's times are read and said."""
    return ZoneInfo(data["zone"])


def read_text(limit: int, *, one_line: bool) -> Read:
    """A text of the given length at most. What is too long is refused with its length."""

    def read(writing: Writing, data: Data) -> Understood | Misread:
        language, text = writing.language, writing.text
        if not text:
            return Misread(language.html("Please send it as text."))
        if len(text) > limit:
            return Misread(
                language.html(
                    "That is {length} characters long, and {limit} fit. Please send a shorter text;"
                    " everything you sent before is safe.",
                    length=language.number(len(text)),
                    limit=language.number(limit),
                )
            )
        return Understood(" ".join(text.split()) if one_line else text)

    return read


def read_start(writing: Writing, data: Data) -> Understood | Misread:
    """Day and time, in one message or in two. An end and a deadline known before move along."""
    language, zone = writing.language, zone_of(data)
    found: when.Answer = when.NotUnderstood()
    if data.get("start_day"):
        found = _understand(writing, data, f"{data['start_day']} {writing.text}")
    if isinstance(found, when.NotUnderstood):
        found = _understand(writing, data, writing.text)
    match found:
        case when.Understood(start, has_time=False):
            sentence = language.html(
                "At what time on {day}? For example 18:30.", day=language.date(start, zone, now=writing.now)
            )
            return Misread(sentence, learnt={"start_day": start.date().isoformat()})
        case when.Understood(start) if start <= writing.now:
            return Misread(_over(start, writing, data))
        case when.Understood(start):
            seconds = int(start.timestamp())
            moved = {
                name: data[name] + seconds - data["start"]
                for name in ("end", "deadline")
                if data.get("start") and data.get(name)
            }
            said = language.html("✓ It starts {when}.", when=language.moment(start, zone, now=writing.now))
            return Understood(seconds, said, also={**moved, "start_day": None})
        case when.Past(start):
            return Misread(_over(start, writing, data))
        case when.NotUnderstood():
            return no_moment(language)


def read_coming(writing: Writing, data: Data) -> Understood | Misread:
    """Day and time by the association's clock, still to come."""
    language, home = writing.language, writing.setup.home
    match when.understand(writing.text, now=writing.now, zone=home, locale=language.locale):
        case when.Understood(coming, has_time=True) if coming > writing.now:
            said = language.html("✓ {when}", when=language.moment(coming, home, now=writing.now))
            return Understood(int(coming.timestamp()), said)
        case when.Understood(_, has_time=False):
            return Misread(
                language.html("At what time? Please write day and time, such as “tomorrow 10:00”.")
            )
        case when.NotUnderstood():
            return no_moment(language)
        case _:
            return Misread(language.html("Please send a time that is still to come."))


def no_moment(language: Language) -> Misread:
    return Misread(
        language.html(
            "I don't understand that as a day and a time. Please write it like"
            " “3 December 18:30”, “3/12 6:30pm” or “next Friday 3pm”."
        )
    )


def read_end(writing: Writing, data: Data) -> Understood | Misread:
    """A time, a length, or a day and a time, after the start."""
    language, zone = writing.language, zone_of(data)
    starts = instant(data["start"]).astimezone(zone)
    found: when.Answer = when.NotUnderstood()
    if data.get("end_day"):
        found = _understand_end(writing, data, f"{data['end_day']} {writing.text}")
    if isinstance(found, when.NotUnderstood):
        found = _understand_end(writing, data, writing.text)
    match found:
        case when.Understood(end, has_time=False):
            sentence = language.html(
                "At what time on {day}? For example 18:30.", day=language.date(end, zone, now=writing.now)
            )
            return Misread(sentence, learnt={"end_day": end.date().isoformat()})
        case when.Understood(end) if end > writing.now:
            return Understood(
                int(end.timestamp()),
                language.html("✓ {when}", when=language.span(starts, end, zone, now=writing.now)),
                also={"end_day": None},
            )
        case when.Understood() | when.Past():
            return Misread(
                language.html(
                    "That is not after the start, {start}. Please send a later time.",
                    start=language.moment(starts, zone, now=writing.now),
                )
            )
        case when.NotUnderstood():
            return Misread(
                language.html(
                    "I don't understand that as an end. Please write it like “20:30”, “2 hours”"
                    " or “4 December 17:00”."
                )
            )


def read_deadline(writing: Writing, data: Data) -> Understood | Misread:
    """A day and a time before the start. A day alone means until that day is over."""
    language, zone = writing.language, zone_of(data)
    match _understand(writing, data, writing.text):
        case when.Understood(day, has_time=False):
            next_day = (day + timedelta(days=1)).date()
            deadline = datetime(next_day.year, next_day.month, next_day.day, tzinfo=zone)
            deadline -= timedelta(minutes=1)
        case when.Understood(deadline):
            pass
        case when.Past(deadline):
            return Misread(_over(deadline, writing, data))
        case when.NotUnderstood():
            return Misread(
                language.html(
                    "I don't understand that as a day. Please write it like “1 December” or “1/12 18:00”."
                )
            )
    if deadline <= writing.now:
        return Misread(_over(deadline, writing, data))
    if deadline >= instant(data["start"]):
        return Misread(
            language.html(
                "That is not before the start, {start}. Please send an earlier time.",
                start=language.moment(instant(data["start"]), zone, now=writing.now),
            )
        )
    said = language.html("✓ Sign-up until {when}.", when=language.moment(deadline, zone, now=writing.now))
    return Understood(int(deadline.timestamp()), said)


def read_location(writing: Writing, data: Data) -> Understood | Misread:
    """A place on the map: Telegram's own attachment."""
    message = writing.message
    location = message and (message.location or (message.venue and message.venue.location))
    if not location:
        return Misread(
            writing.language.html(
                "Please send a location: press 📎 beside the message field, choose “Location”"
                " and drop the pin."
            )
        )
    return Understood([location.latitude, location.longitude], writing.language.html("✓ The map is set."))


def read_link(writing: Writing, data: Data) -> Understood | Misread:
    """An address that begins with https:// and names a host."""
    language, text = writing.language, writing.text
    if not _ADDRESS.fullmatch(text) or len(text) > LINK_LIMIT:
        return Misread(language.html("Please send one address that begins with https:// and nothing else."))
    return Understood(text)


def read_number(least: int, most: int) -> Read:
    """A whole number, in whatever digits, with or without what is counted: "30", "1,000", "三十個"."""

    def read(writing: Writing, data: Data) -> Understood | Misread:
        found = _COUNT.fullmatch(normal(writing.text).replace(",", "").replace(" ", ""))
        number = int(found[1]) if found else -1
        if not least <= number <= most:
            language = writing.language
            return Misread(
                language.html(
                    "Please send a whole number from {least} to {most}.",
                    least=language.number(least),
                    most=language.number(most),
                )
            )
        return Understood(number)

    return read


def tell_text(turn: Turn, value: Any) -> Markup:
    """A long text by its beginning alone."""
    if not value:
        return turn.language.html("nothing")
    return escape(value if len(value) <= SHORT_LIMIT else value[: SHORT_LIMIT - 1] + "…")


def tell_moment(turn: Turn, value: Any) -> Markup:
    if value is None:
        return turn.language.html("no deadline")
    return escape(turn.language.moment(instant(value), turn.setup.home, now=turn.now))


def tell_location(turn: Turn, value: Any) -> Markup:
    return turn.language.html("a pin on the map") if value else turn.language.html("no map")


def tell_places(turn: Turn, value: Any) -> Markup:
    return turn.language.html("no limit") if value is None else escape(turn.language.number(value))


def tell_number(turn: Turn, value: Any) -> Markup:
    return escape(turn.language.number(value))


def tell_companions(language: Language, most: int) -> Markup:
    """How many each person may bring."""
    if not most:
        return language.html("Companions: none")
    return language.nhtml("Companions: {n} for each person", "Companions: up to {n} for each person", most)


def tell_spans(language: Language, spans: Sequence[str]) -> str:
    """When reminders are sent: "7 days before and 2 hours before"."""
    if not spans:
        return language.gettext("none")
    return language.joined([language.before(span) for span in spans])


def _understand(writing: Writing, data: Data, text: str) -> when.Answer:
    return when.understand(text, now=writing.now, zone=zone_of(data), locale=writing.language.locale)


def _understand_end(writing: Writing, data: Data, text: str) -> when.Answer:
    zone = zone_of(data)
    starts = instant(data["start"]).astimezone(zone)
    return when.understand_end(
        text, starts=starts, now=writing.now, zone=zone, locale=writing.language.locale
    )


def _over(found: datetime, writing: Writing, data: Data) -> Markup:
    return writing.language.html(
        "{when} is over already. Please send a time to come.",
        when=writing.language.moment(found, zone_of(data), now=writing.now),
    )
