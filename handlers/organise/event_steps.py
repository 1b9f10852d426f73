"""The questions about an event, one by one: for creating it and for changing it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from markupsafe import Markup, escape

from bot import reminders
from bot.kinds import KINDS
from bot.language import LOCALES, NATIVE_NAMES
from handlers.forms import Choice, Data, Step
from handlers.kinds import kind_name
from handlers.organise import answers, reminder_steps
from handlers.organise.answers import instant, zone_of
from handlers.turns import Turn

TEXTS = ("title", "description", "place", "bring")


def text_step(field: str, locale: str) -> str:
    """The name of the step for a text in a language that is not the organiser's own."""
    return f"{field}:{locale}"


def _ask_kind(turn: Turn, data: Data) -> Markup:
    return turn.language.html("What kind of event is it?")


def _kinds(turn: Turn, data: Data) -> Sequence[Choice]:
    return [Choice(kind_name(turn.language, kind), kind, also=_usual(kind, data)) for kind in KINDS]


def _usual(kind: str, data: Data) -> Data:
    """The reminders that events of the kind begin with, unless others have been chosen already."""
    usual: Mapping[str, Sequence[str]] = data.get("usual") or {}
    untouched = list(usual.get(data.get("kind", ""), reminders.USUAL))
    if kind not in usual or list(data.get("reminders", untouched)) != untouched:
        return {}
    return {"reminders": list(usual[kind])}


def _tell_kind(turn: Turn, value: Any) -> Markup:
    return escape(kind_name(turn.language, value))


def _ask_title(turn: Turn, data: Data) -> Markup:
    return turn.language.html(
        "What is it called? Please write the title in {language}; other languages come later.",
        language=NATIVE_NAMES[data["base"]],
    )


def _ask_description(turn: Turn, data: Data) -> Markup:
    return turn.language.html("What is it about? Please describe it in a few sentences.")


def _ask_start(turn: Turn, data: Data) -> Markup:
    language = turn.language
    if data.get("start_day"):
        return language.html("Please send the time, or another day and time.")
    return language.html("When does it start? Please write day and time, such as “3 December 18:30”.")


def _ask_end(turn: Turn, data: Data) -> Markup:
    return turn.language.html("When does it end? Choose how long it takes, or write a time such as “20:30”.")


def _lengths(turn: Turn, data: Data) -> Sequence[Choice]:
    return [
        Choice(turn.language.ngettext("{n} hour", "{n} hours", n), data["start"] + n * 3600)
        for n in (1, 2, 3)
        if data["start"] + n * 3600 > turn.now.timestamp()
    ]


def _ask_place(turn: Turn, data: Data) -> Markup:
    return turn.language.html("Where is it? Please write the place, or skip this if it is online only.")


def _ask_location(turn: Turn, data: Data) -> Markup:
    return turn.language.html("Would you like a map? Please send the location with 📎, or skip this.")


def _ask_online(turn: Turn, data: Data) -> Markup:
    return turn.language.html(
        "Can people join online? Please send the link; only those who have a place will see it."
    )


def _ask_places(turn: Turn, data: Data) -> Markup:
    return turn.language.html(
        "How many places are there, companions included? Please send a number. When they are taken,"
        " people join a waitlist."
    )


def _no_limit(turn: Turn, data: Data) -> Sequence[Choice]:
    return [Choice(turn.language.gettext("No limit"), None)]


def _ask_companions(turn: Turn, data: Data) -> Markup:
    return turn.language.html("How many companions may each person bring?")


def _companions(turn: Turn, data: Data) -> Sequence[Choice]:
    return [Choice(turn.language.number(n), n) for n in range(6)]


def _ask_deadline(turn: Turn, data: Data) -> Markup:
    return turn.language.html("Until when can people sign up? You can also write a day and a time.")


def _deadlines(turn: Turn, data: Data) -> Sequence[Choice]:
    start, zone = instant(data["start"]), zone_of(data)
    leads = [(lead, reminders.moment(start, zone, lead)) for lead in ("1d", "3d")]
    return [
        *(
            Choice(turn.language.before(lead), int(due.timestamp()))
            for lead, due in leads
            if due > turn.now + timedelta(minutes=1)
        ),
        Choice(turn.language.gettext("No deadline"), None),
    ]


def _ask_bring(turn: Turn, data: Data) -> Markup:
    return turn.language.html("Is there anything people should bring?")


_ONE_LINE = {"title": answers.TITLE_LIMIT, "place": answers.SHORT_LIMIT, "bring": answers.SHORT_LIMIT}


def _read(field: str) -> answers.Read:
    if field in _ONE_LINE:
        return answers.read_text(_ONE_LINE[field], one_line=True)
    return answers.read_text(answers.DESCRIPTION_LIMIT, one_line=False)


def _ask_translated(field: str, locale: str) -> Callable[[Turn, Data], Markup]:
    def ask(turn: Turn, data: Data) -> Markup:
        language, name = turn.language, NATIVE_NAMES[locale]
        match field:
            case "title":
                said = language.html(
                    "The title in {language}? Skip this to show everything as you wrote it.", language=name
                )
            case "description":
                said = language.html("The description in {language}?", language=name)
            case "place":
                said = language.html("The place in {language}?", language=name)
            case _:
                said = language.html("What to bring, in {language}?", language=name)
        yours = data[field]
        quoted = Markup("<i>{}</i>").format(yours if len(yours) <= 500 else yours[:499] + "…")
        return said + Markup("\n\n") + quoted

    return ask


def _translated(locale: str) -> list[Step]:
    """The texts in another language: the title first; without it the others are not asked."""

    def applies(field: str) -> Callable[[Data], bool]:
        def check(data: Data) -> bool:
            other = data["base"] != locale and bool(data.get(field))
            return other and (field == "title" or bool(data.get(text_step("title", locale))))

        return check

    return [
        Step(
            text_step(field, locale),
            _ask_translated(field, locale),
            read=_read(field),
            optional=True,
            tell=answers.tell_text,
            applies=applies(field),
        )
        for field in TEXTS
    ]


STEPS: tuple[Step, ...] = (
    Step("kind", _ask_kind, choices=_kinds, columns=2, tell=_tell_kind),
    Step("title", _ask_title, read=_read("title"), tell=answers.tell_text),
    Step("description", _ask_description, read=_read("description"), optional=True, tell=answers.tell_text),
    Step("start", _ask_start, read=answers.read_start, tell=answers.tell_moment),
    Step("end", _ask_end, read=answers.read_end, choices=_lengths, columns=3, tell=answers.tell_moment),
    Step("place", _ask_place, read=_read("place"), optional=True, tell=answers.tell_text),
    Step("location", _ask_location, read=answers.read_location, optional=True, tell=answers.tell_location),
    Step("online", _ask_online, read=answers.read_link, optional=True, tell=answers.tell_text),
    Step(
        "places",
        _ask_places,
        read=answers.read_number(1, answers.MOST_PLACES),
        choices=_no_limit,
        tell=answers.tell_places,
    ),
    Step(
        "companions",
        _ask_companions,
        read=answers.read_number(0, answers.MOST_COMPANIONS),
        choices=_companions,
        columns=6,
        tell=answers.tell_number,
    ),
    Step("deadline", _ask_deadline, read=answers.read_deadline, choices=_deadlines, tell=answers.tell_moment),
    reminder_steps.step("reminders", reminder_steps.ask_of_events),
    Step("bring", _ask_bring, read=_read("bring"), optional=True, tell=answers.tell_text),
    *(step for locale in LOCALES for step in _translated(locale)),
)
