"""The forms in which organisers write a newsletter: a new one, its days, its topics, its words."""

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup, escape

from bot import newsletters
from bot.kinds import KINDS
from bot.language import LOCALES, NATIVE_NAMES, Language
from bot.newsletters import FOREWORD_LIMIT, MOST, NAME_LIMIT, name_of
from bot.written import normal, take_clock
from handlers import forms
from handlers.forms import Choice, Data, Form, Misread, Step, Understood
from handlers.kinds import kind_name
from handlers.organise import answers
from handlers.organise.newsletters import list_button, show_list, show_one
from handlers.replies import Button, Reply, button
from handlers.turns import Press, Turn, Writing
from storage import Transaction
from storage import newsletters as kept
from storage.newsletters import Rule

_DAY_MINUTES = 24 * 60
_LONGEST_MONTH = 31


def _ask_name(turn: Turn, data: Data) -> Markup:
    return turn.language.html(
        "What is the newsletter called? Please write it in {language}.",
        language=NATIVE_NAMES[data["locale"]],
    )


def _ask_topics(turn: Turn, data: Data) -> Markup:
    return turn.language.html("Which events does it tell of? Tap as many kinds as you like; none means all.")


def _topics(turn: Turn, data: Data) -> Sequence[Choice]:
    return [Choice(kind_name(turn.language, kind), kind) for kind in KINDS]


def _ask_every(turn: Turn, data: Data) -> Markup:
    return turn.language.html("How often is it sent?")


def _rhythms(turn: Turn, data: Data) -> Sequence[Choice]:
    return [
        Choice(turn.language.gettext("Every week"), "week"),
        Choice(turn.language.gettext("Every month"), "month"),
    ]


def _ask_weekday(turn: Turn, data: Data) -> Markup:
    return turn.language.html("On which day of the week?")


def _weekdays(turn: Turn, data: Data) -> Sequence[Choice]:
    return [Choice(turn.language.weekday(number), number) for number in range(7)]


def _ask_date(turn: Turn, data: Data) -> Markup:
    return turn.language.html(
        "On which day of the month? Please send a number from 1 to 31. A month without that day has it on"
        " its last."
    )


def _read_date(writing: Writing, data: Data) -> Understood | Misread:
    text = normal(writing.text).strip().rstrip(".日号號")
    if text.isascii() and text.isdecimal() and len(text) <= 2 and 1 <= int(text) <= _LONGEST_MONTH:
        return Understood(int(text))
    return Misread(writing.language.html("Please send a number from 1 to 31."))


def _ask_time(turn: Turn, data: Data) -> Markup:
    return turn.language.html("At what time of the day? For example 18:30.")


def _read_time(writing: Writing, data: Data) -> Understood | Misread:
    clock, rest = take_clock(normal(writing.text))
    if clock is None or rest.strip(" .,。"):
        return Misread(writing.language.html("I could not read a time in that. An example: 18:30"))
    return Understood(clock.minutes % _DAY_MINUTES)


NAME = Step("name", _ask_name, answers.read_text(NAME_LIMIT, one_line=True))
TOPICS = Step("topics", _ask_topics, choices=_topics, several=True, columns=2)
DAYS = (
    Step("every", _ask_every, choices=_rhythms),
    Step(
        "weekday",
        _ask_weekday,
        choices=_weekdays,
        columns=2,
        applies=lambda data: data.get("every") == "week",
    ),
    Step("date", _ask_date, _read_date, applies=lambda data: data.get("every") == "month"),
    Step("time", _ask_time, _read_time),
)


def _rule(data: Data) -> Rule:
    day = data["weekday"] if data["every"] == "week" else data["date"]
    return Rule(every=data["every"], day=day, minute=data["time"])


async def begin_new(press: Press, tx: Transaction) -> Reply:
    if len(await kept.list_all(tx)) >= MOST:
        return await show_list(press, tx)
    return await forms.begin(press, tx, NEW, {"locale": press.language.locale})


async def _create(turn: Turn, tx: Transaction, data: Data) -> Reply:
    made = await newsletters.create(
        tx,
        _rule(data),
        names={data["locale"]: data["name"]},
        kinds=data["topics"],
        actor_id=turn.person.id,
        home=turn.setup.home,
        now=turn.now,
    )
    said = turn.language.html("✅ The newsletter is there. Members ask for it in /settings.")
    return await show_one(turn, tx, made.id, before=said)


async def begin_days(press: Press, tx: Transaction) -> Reply:
    return await _begin(press, tx, WHEN, {})


async def _reschedule(turn: Turn, tx: Transaction, data: Data) -> Reply:
    await newsletters.reschedule(
        tx,
        data["newsletter"],
        _rule(data),
        actor_id=turn.person.id,
        home=turn.setup.home,
        now=turn.now,
    )
    return await _changed(turn, tx, data)


async def begin_topics(press: Press, tx: Transaction) -> Reply:
    found = await kept.find(tx, press.number(0))
    return await _begin(press, tx, RETOPIC, {"topics": list(found.kinds) if found else []})


async def _retopic(turn: Turn, tx: Transaction, data: Data) -> Reply:
    kinds = data["topics"]
    await newsletters.retopic(tx, data["newsletter"], kinds, actor_id=turn.person.id, now=turn.now)
    return await _changed(turn, tx, data)


async def begin_words(press: Press, tx: Transaction) -> Reply:
    """Ask for its name or its foreword in one of the languages, what it was standing beside."""
    what, locale = press.word(1), press.word(2)
    found = await kept.find(tx, press.number(0))
    if found is None or locale not in LOCALES or what not in ("name", "fore"):
        return await show_one(press, tx, press.number(0))
    now_is = found.texts.get(locale)
    known: dict[str, Any] = {"locale": locale, "called": name_of(found, press.language.locale)}
    if what == "name":
        if now_is is not None and now_is.name:
            known["words"] = now_is.name
        return await _begin(press, tx, RENAME, known)
    if now_is is not None and now_is.foreword:
        known["words"] = now_is.foreword
    return await _begin(press, tx, FOREWORD, known)


def _ask_other_name(turn: Turn, data: Data) -> Markup:
    return turn.language.html(
        "What is “{name}” called in {language}?", name=data["called"], language=NATIVE_NAMES[data["locale"]]
    )


def _ask_foreword(turn: Turn, data: Data) -> Markup:
    return turn.language.html(
        "What stands above the events of the next letter? Please write it in {language}. It is sent once;"
        " the letter after it begins without.",
        language=NATIVE_NAMES[data["locale"]],
    )


def _tell(turn: Turn, value: Any) -> Markup:
    return Markup("<blockquote>{}</blockquote>").format(escape(value))


async def _rename(turn: Turn, tx: Transaction, data: Data) -> Reply:
    name, actor = data["words"] or "", turn.person.id
    await newsletters.rename(tx, data["newsletter"], data["locale"], name, actor_id=actor, now=turn.now)
    return await _changed(turn, tx, data)


async def _write_foreword(turn: Turn, tx: Transaction, data: Data) -> Reply:
    text, actor = data["words"] or "", turn.person.id
    await newsletters.write_foreword(
        tx, data["newsletter"], data["locale"], text, actor_id=actor, now=turn.now
    )
    return await _changed(turn, tx, data)


async def _begin(press: Press, tx: Transaction, form: Form, known: dict[str, Any]) -> Reply:
    """Ask about a newsletter that is there."""
    if await kept.find(tx, press.number(0)) is None:
        return await show_one(press, tx, press.number(0))
    return await forms.begin(press, tx, form, {"newsletter": press.number(0), **known})


async def _changed(turn: Turn, tx: Transaction, data: Data) -> Reply:
    return await show_one(turn, tx, data["newsletter"], before=turn.language.html("✅ Changed."))


def _way_back(turn: Turn) -> Button:
    language: Language = turn.language
    data = turn.dialogue.data if turn.dialogue else {}
    if "newsletter" in data:
        return button(language.gettext("‹ Back to the newsletter"), "onewsone", data["newsletter"])
    return list_button(language)


def _form(kind: str, steps: tuple[Step, ...], finish: Any) -> Form:
    return Form(kind, steps, finish=finish, way_back=_way_back, organisers_only=True)


NEW = _form("newsletter", (NAME, TOPICS, *DAYS), _create)
WHEN = _form("newsletter_days", DAYS, _reschedule)
RETOPIC = _form("newsletter_topics", (TOPICS,), _retopic)
RENAME = _form(
    "newsletter_name",
    (
        Step(
            "words",
            _ask_other_name,
            answers.read_text(NAME_LIMIT, one_line=True),
            optional=True,
            tell=_tell,
        ),
    ),
    _rename,
)
FOREWORD = _form(
    "newsletter_foreword",
    (
        Step(
            "words",
            _ask_foreword,
            answers.read_text(FOREWORD_LIMIT, one_line=False),
            optional=True,
            tell=_tell,
        ),
    ),
    _write_foreword,
)
