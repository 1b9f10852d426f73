"""How a quiz is taken: its time, attempts, order, ranking, certificate, and for whom it is."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from markupsafe import Markup

from bot import programme, quizzes
from bot.language import Language
from bot.quizzes import Frozen
from handlers.organise.quiz_screens import back_button, certificate_rule, show_one, whom
from handlers.quiz_words import attempts_rule, heading, time_rule
from handlers.replies import Button, Reply, alert, button, show
from handlers.turns import Press, Turn
from storage import Transaction, events
from storage import quizzes as kept
from storage.quizzes import Quiz

EACH: Final = (10, 15, 20, 30, 45, 60)
WHOLE_MINUTES: Final = (3, 5, 10, 15, 30, 60)
ATTEMPTS: Final = (1, 2, 3, 5, 10)
PERCENTS: Final = (0, 50, 60, 80, 100)
EVENTS: Final = 8
# An event's quiz may be made a little after it.
_LATELY: Final = timedelta(days=2)


async def open_options(press: Press, tx: Transaction) -> Reply:
    return await show_options(press, tx, press.number(0))


async def show_options(turn: Turn, tx: Transaction, quiz_id: int) -> Reply:
    quiz, language = await kept.find(tx, quiz_id), turn.language
    if quiz is None:
        return await show_one(turn, tx, quiz_id)
    lines = [
        heading(quiz, language),
        Markup("\n").join(
            [
                time_rule(quiz, language),
                attempts_rule(quiz, language),
                language.html("• For: {whom}", whom=await whom(quiz, language, tx)),
                language.html(
                    "• Certificate: {answer}", answer=certificate_rule(quiz.certificate_percent, language)
                ),
                _closing(quiz, turn),
            ]
        ),
    ]
    if quiz.state != "draft":
        lines.append(language.html("Once it is opened, its time limit and its order stay as they are."))
    return show(Markup("\n\n").join(lines), _rows(quiz, language))


def _closing(quiz: Quiz, turn: Turn) -> Markup:
    if quiz.closes_at is None:
        return turn.language.html("• It stays open until you close it")
    when = turn.language.moment(quiz.closes_at, now=turn.now)
    return turn.language.html("• It closes by itself: {when}", when=when)


def _rows(quiz: Quiz, language: Language) -> list[list[Button]]:
    rows = list[list[Button]]()
    if quiz.state == "draft":
        rows.append(
            [
                button(language.gettext("⏱ Time"), "oquizpick", quiz.id, "time"),
                _tick(quiz, "shuffle", language.gettext("Shuffle the questions")),
            ]
        )
    rows += [
        [
            button(language.gettext("🔁 Attempts"), "oquizpick", quiz.id, "attempts"),
            button(language.gettext("📄 Certificate"), "oquizpick", quiz.id, "certificate"),
        ],
        [button(language.gettext("📅 At an event"), "oquizpick", quiz.id, "event")],
        [_tick(quiz, "ranking", language.gettext("Show the ranking while it is open"))],
    ]
    if quiz.event_id is not None:
        rows[-2].append(_tick(quiz, "audience", language.gettext("Only with a place")))
    if quiz.state != "closed":
        rows.append([button(language.gettext("⏳ When it closes"), "oquizwhen", quiz.id, "close")])
    return [*rows, [back_button(language, quiz.id)]]


def _tick(quiz: Quiz, what: str, label: str) -> Button:
    on = {"shuffle": quiz.shuffle, "ranking": quiz.live_ranking, "audience": quiz.audience == "event"}[what]
    return button(f"{'☑' if on else '☐'} {label}", "oquizput", quiz.id, what, int(not on))


async def pick(press: Press, tx: Transaction) -> Reply:
    """The values that one option can have."""
    quiz, language = await kept.find(tx, press.number(0)), press.language
    if quiz is None:
        return await show_one(press, tx, press.number(0))
    back = [button(language.gettext("‹ Back"), "oquizopts", quiz.id)]
    match press.word(1):
        case "time" if quiz.state == "draft":
            return show(language.html("How much time is there?"), [*_times(quiz, language), back])
        case "attempts":
            text = language.html("How often can a person take it? The best attempt counts.")
            many = [button(language.number(n), "oquizput", quiz.id, "attempts", n) for n in ATTEMPTS]
            return show(text, [many, back])
        case "certificate":
            text = language.html("From which score is there a certificate?")
            rows = [
                [button(_as_label(one, language), "oquizput", quiz.id, "certificate", one)]
                for one in PERCENTS
            ]
            none = [button(_as_label(None, language), "oquizput", quiz.id, "certificate", "-")]
            return show(text, [*rows, none, back])
        case "event":
            return show(
                language.html("With which event does it belong? The quiz is shown on that event's card."),
                [*await _events(quiz, press, tx), back],
            )
        case _:
            return await show_options(press, tx, quiz.id)


def _as_label(percent: int | None, language: Language) -> str:
    rule = certificate_rule(percent, language)
    return rule[:1].upper() + rule[1:]


def _times(quiz: Quiz, language: Language) -> list[Sequence[Button]]:
    each = [
        button(
            language.ngettext("{n} second a question", "{n} seconds a question", n),
            "oquizput",
            quiz.id,
            "each",
            n,
        )
        for n in EACH
    ]
    whole = [
        button(
            language.ngettext("{n} minute in all", "{n} minutes in all", n), "oquizput", quiz.id, "whole", n
        )
        for n in WHOLE_MINUTES
    ]
    both = [*each, *whole]
    none = [button(language.gettext("No time limit"), "oquizput", quiz.id, "each", 0)]
    return [*(both[at : at + 2] for at in range(0, len(both), 2)), none]


async def _events(quiz: Quiz, press: Press, tx: Transaction) -> list[list[Button]]:
    language = press.language
    found = await events.list_all(tx, ending_after=press.now - _LATELY, limit=EVENTS)
    rows = [
        [button(programme.text_of(one, language.locale).title, "oquizput", quiz.id, "event", one.id)]
        for one in found
        if one.state == "published"
    ]
    return [*rows, [button(language.gettext("With no event"), "oquizput", quiz.id, "event", 0)]]


async def put(press: Press, tx: Transaction) -> Reply:
    """Set one option. Pressing twice is harmless."""
    values = await _values(press, tx)
    if values:
        changed = await quizzes.change_rules(
            tx, press.number(0), actor_id=press.person.id, now=press.now, **values
        )
        if isinstance(changed, Frozen):
            word = alert(press.language.gettext("It has been opened already: that stays as it is."))
            return word + await show_options(press, tx, press.number(0))
    return await show_options(press, tx, press.number(0))


async def _values(press: Press, tx: Transaction) -> dict[str, Any]:
    """What the button sets; nothing where it was made up."""
    number = press.number(2)
    match press.word(1):
        case "each" if number in (0, *EACH):
            return {"each_seconds": number or None, "whole_seconds": None}
        case "whole" if number in WHOLE_MINUTES:
            return {"each_seconds": None, "whole_seconds": 60 * number}
        case "shuffle" if number in {0, 1}:
            return {"shuffle": number == 1}
        case "ranking" if number in {0, 1}:
            return {"live_ranking": number == 1}
        case "attempts" if number in ATTEMPTS:
            return {"attempts": number}
        case "certificate" if press.word(2) == "-":
            return {"certificate_percent": None}
        case "certificate" if number in PERCENTS:
            return {"certificate_percent": number}
        case "audience" if number in {0, 1}:
            return {"audience": "event" if number else "everyone"}
        case "event" if number == 0:
            return {"event_id": None, "audience": "everyone"}
        case "event" if await events.find(tx, number) is not None:
            return {"event_id": number}
        case _:
            return {}
