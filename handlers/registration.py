"""Signing up where something is asked: one question at a time, looked over before it is sent."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from markupsafe import Markup, escape

from bot import attendance, places, series
from bot.attendance import Incomplete, NoRoom, TooMany, WholeOnly
from bot.cutting import shortened
from bot.event_questions import text_of, visible
from bot.language import Language, isolate
from handlers import events as cards
from handlers import forms
from handlers.event_answers import tell_answer
from handlers.event_card import View, free_places
from handlers.forms import Choice, Data, Form, Misread, Step, Understood
from handlers.origins import carried
from handlers.question_steps import answers_in, as_data, given, question_key, step_name, step_of
from handlers.replies import Button, Reply, alert, button, show
from handlers.rsvp_answers import describe, describe_all, say_answer
from handlers.turns import Press, Turn, Writing
from storage import Transaction, event_questions, events
from storage.event_questions import Question
from storage.rsvps import Rsvp

NAME_LIMIT: Final = 64
# So much of an answer is shown where all are looked over.
SHOWN: Final = 150
_SEND: Final = "send"
_APART: Final = re.compile(r"[\n,，、;；]")


async def press(press: Press, tx: Transaction) -> Reply:
    """Sign up, go on with a sign-up that was begun, or look over what was answered."""
    event_id = press.number(0)
    under_way = press.dialogue
    if under_way is not None and under_way.kind == FORM.kind and under_way.data.get("event") == event_id:
        return await forms.repeat(press, tx, FORM)
    return await begin(press, tx, event_id, {})


async def begin(turn: Turn, tx: Transaction, event_id: int, known: Mapping[str, Any]) -> Reply:
    """Ask what has to be asked; `known` was said with the button: companions, the way of taking part."""
    view = await cards.look(turn, tx, event_id)
    if view is None or view.event.state != "published":
        return await cards.open_card(turn, tx, event_id)
    came = carried(turn)
    data: dict[str, Any] = {"event": event_id, "came": list(came)}
    if view.mine is None:
        data |= known
        steps = await _steps(turn, tx, data)
        first = next((step for step in steps if step.name not in data and step.applies(data)), None)
        if first is None:
            return await forms.begin(turn, tx, FORM, data)
        return await forms.ask_again(turn, tx, FORM, first.name, data)
    data |= {**await _said_before(tx, view.mine), **known}
    if not attendance.is_open(view.event, turn.now):
        return await _show_only(turn, tx, view, data)
    return await forms.ask_again(turn, tx, FORM, "review", data)


async def _said_before(tx: Transaction, mine: Rsvp) -> dict[str, Any]:
    answers = await event_questions.answers_of(tx, mine.id)
    held = {"way": mine.way, "companions": mine.companions, "names": list(mine.names), "held": True}
    asked = visible(await event_questions.list_asked(tx, mine.event_id), answers)
    # What was left empty is not asked once more because something else is changed.
    skipped = [step_name(one.id) for one in asked if not one.required and one.id not in answers]
    return held | dict.fromkeys(skipped) | as_data(answers)


async def _show_only(turn: Turn, tx: Transaction, view: View, data: Data) -> Reply:
    """After the deadline, what was answered can still be read."""
    questions = await event_questions.list_asked(tx, view.event.id)
    language = turn.language
    closed = language.html("Sign-up has closed, so this can't be changed any more.")
    text = Markup("\n\n").join([_overview(view, questions, turn, data), closed])
    return show(text, [[_back(turn, view.event.id, tuple(data["came"]))]])


async def _steps(turn: Turn, tx: Transaction, data: Data) -> tuple[Step, ...]:
    """What this event asks of this person; nothing where there is nothing to sign up for any more."""
    event = await events.find(tx, data["event"])
    if event is None or event.state != "published" or not attendance.is_open(event, turn.now):
        return ()
    view = View(event, await places.look(tx, event, turn.person.id))
    if view.is_barred and view.mine is None:
        return ()
    questions = await event_questions.list_asked(tx, event.id)
    steps: list[Step] = []
    if event.ways == "both":
        steps.append(_way_step(view))
    most = max(event.companions, view.mine.companions if view.mine else 0)
    if most:
        steps.append(_companions_step(most))
    if most and event.companion_names:
        steps.append(_names_step())
    steps += [step_of(question, questions, event) for question in questions]
    return (*steps, _review_step(view, questions, tuple(steps)))


def _way_step(view: View) -> Step:
    def ask(turn: Turn, data: Data) -> Markup:
        return turn.language.html("How would you like to take part?")

    def choices(turn: Turn, data: Data) -> Sequence[Choice]:
        return [Choice(_way_label(view, way, turn.language), way) for way in ("here", "online")]

    def tell(turn: Turn, value: Any) -> Markup:
        return escape(_way_name(value, turn.language))

    return Step("way", ask, choices=choices, tell=tell)


def _way_name(way: str, language: Language) -> str:
    return language.gettext("Online") if way == "online" else language.gettext("On the spot")


def _way_label(view: View, way: str, language: Language) -> str:
    free, waiting = free_places(view.event, view.seen, way), view.seen.of(way).waiting
    name = _way_name(way, language)
    if free is None:
        return name
    if waiting or not free:
        # Translators: a way of taking part, "On the spot" or "Online".
        return language.gettext("{way} (full, waitlist)", way=name)
    return language.ngettext("{way} ({n} place left)", "{way} ({n} places left)", free, way=name)


def _companions_step(most: int) -> Step:
    def ask(turn: Turn, data: Data) -> Markup:
        return turn.language.html("How many people do you bring along?")

    def choices(turn: Turn, data: Data) -> Sequence[Choice]:
        numbers = [Choice(turn.language.number(n), n) for n in range(1, most + 1)]
        return [Choice(turn.language.gettext("I come alone"), 0, alone=True), *numbers]

    def read(writing: Writing, data: Data) -> Understood | Misread:
        if writing.text.isdecimal() and len(writing.text) < 4 and int(writing.text) <= most:
            return Understood(int(writing.text))
        return Misread(
            writing.language.nhtml(
                "You can bring {n} person at most. Please press a number.",
                "You can bring {n} people at most. Please press a number.",
                most,
            )
        )

    def tell(turn: Turn, value: Any) -> Markup:
        return escape(turn.language.number(value))

    return Step("companions", ask, read=read, choices=choices, columns=5, tell=tell)


def _names_step() -> Step:
    def ask(turn: Turn, data: Data) -> Markup:
        language, total, known = turn.language, data["companions"], data.get("named") or []
        if not known:
            return language.nhtml(
                "What is the name of the person who comes with you?",
                "What are the names of the {n} people who come with you? One a line, or one after the other.",
                total,
            )
        return language.html(
            "What is the name of companion {n} of {total}?",
            n=language.number(len(known) + 1),
            total=language.number(total),
        )

    def read(writing: Writing, data: Data) -> Understood | Misread:
        return _read_names(writing, data)

    def tell(turn: Turn, value: Any) -> Markup:
        return escape(_names(value, turn.language))

    return Step("names", ask, read=read, tell=tell, applies=lambda data: bool(data.get("companions")))


def _names(names: Sequence[str], language: Language) -> str:
    return language.joined([isolate(name) for name in names])


def _read_names(writing: Writing, data: Data) -> Understood | Misread:
    """Names, all at once or some now and the others next."""
    language, total = writing.language, int(data["companions"])
    if not writing.text or (writing.message and not writing.message.text):
        return Misread(language.html("I can only read text here."))
    written = [" ".join(name.split()) for name in _APART.split(writing.text)]
    names = [*(data.get("named") or []), *(name for name in written if name)]
    if any(len(name) > NAME_LIMIT for name in names):
        return Misread(
            language.nhtml(
                "A name can be {n} character long at most.",
                "A name can be {n} characters long at most.",
                NAME_LIMIT,
            )
        )
    if len(names) > total:
        return Misread(
            language.nhtml(
                "That is more than {n} name. Please send as many as you bring.",
                "That is more than {n} names. Please send as many as you bring.",
                total,
            ),
            learnt={"named": []},
        )
    if len(names) < total:
        noted = language.html("✓ {names}", names=_names(names, language))
        return Misread(noted, learnt={"named": names})
    return Understood(names, also={"named": []})


def _review_step(view: View, questions: Sequence[Question], steps: Sequence[Step]) -> Step:
    def ask(turn: Turn, data: Data) -> Markup:
        language = turn.language
        if data.get("held"):
            hint = language.html("Press what you would like to change, then “Save”.")
        else:
            hint = language.html("Is that right? Press what you would like to change, or “Send”.")
        return Markup("\n\n").join([_overview(view, questions, turn, data), hint])

    def choices(turn: Turn, data: Data) -> Sequence[Choice]:
        language = turn.language
        done = language.gettext("Save") if data.get("held") else language.gettext("Send")
        labels = _labels(view, questions, language)
        return [
            Choice(done, _SEND, style="success", alone=True),
            *(
                Choice(f"✏️ {labels[step.name]}", step.name, leads_to=step.name, alone=True)
                for step in steps
                if step.applies(data)
            ),
        ]

    return Step("review", ask, choices=choices)


def _labels(view: View, questions: Sequence[Question], language: Language) -> dict[str, str]:
    asked = {
        step_name(question.id): text_of(question, language.locale, view.event.base_locale).text
        for question in questions
    }
    return {
        "way": language.gettext("How I take part"),
        "companions": language.gettext("Companions"),
        "names": language.gettext("Names"),
        **asked,
    }


def _overview(view: View, questions: Sequence[Question], turn: Turn, data: Data) -> Markup:
    """Everything that was said."""
    language, event = turn.language, view.event
    parts = [Markup("<b>{}</b>").format(cards.title_of(event, language))]
    if event.ways == "both" and data.get("way"):
        parts.append(language.html("How you take part: {way}", way=_way_name(data["way"], language)))
    companions = data.get("companions") or 0
    if companions:
        parts.append(language.nhtml("👥 With {n} companion", "👥 With {n} companions", companions))
    elif event.companions:
        parts.append(language.html("👥 You come alone"))
    if companions and data.get("names"):
        parts.append(language.html("👥 With you: {names}", names=_names(data["names"], language)))
    lines = [Markup("\n").join(parts)]
    answers = answers_in(questions, data)
    for question in visible(questions, answers):
        said = tell_answer(language, question, answers.get(question.id), event.base_locale)
        asked = text_of(question, language.locale, event.base_locale).text
        lines.append(Markup("{}\n<b>{}</b>").format(shortened(asked, SHOWN), shortened(said, SHOWN)))
    return Markup("\n\n").join(lines)


async def _finish(turn: Turn, tx: Transaction, data: Data) -> Reply:
    """Ask for the place with everything that was said; what is missing or too much is asked again."""
    event_id = data["event"]
    if isinstance(turn, Press):
        # The card that follows leads back to where the event was opened from.
        turn = replace(turn, args=(*turn.args, *(data.get("came") or ())))
    event = await events.find(tx, event_id)
    names = list(data.get("names") or [])
    named = event is not None and event.companion_names and data.get("review") == _SEND
    if named and len(names) > (data.get("companions") or 0) > 0:
        before = turn.language.html("Who of them comes with you now?")
        return await forms.ask_again(turn, tx, FORM, "names", data, before=before)
    questions = await event_questions.list_asked(tx, event_id)
    if data.get("whole"):
        return await _join_all(turn, tx, data["whole"], data, questions)
    answer = await attendance.join(
        tx,
        event_id,
        turn.person.id,
        now=turn.now,
        companions=data.get("companions"),
        way=data.get("way"),
        names=names or None,
        answers=given(questions, data) if questions else None,
    )
    match answer:
        case Incomplete(_, missing):
            return await _ask_missing(turn, tx, data, missing, questions)
        case TooMany() | NoRoom():
            sentence = escape(describe(answer, turn))
            return await forms.ask_again(turn, tx, FORM, "review", data, before=sentence)
        case WholeOnly(_, found):
            return await _join_all(turn, tx, found.id, data, questions)
        case _:
            return await say_answer(turn, tx, event_id, answer)


async def _join_all(
    turn: Turn, tx: Transaction, series_id: int, data: Data, questions: Sequence[Question]
) -> Reply:
    """Ask for a place at every session, with what was said for one of them."""
    answers = given(questions, data)
    said_to = {question_key(one): answers[one.id] for one in questions}
    for event in await series.list_sessions(tx, series_id, now=turn.now):
        for asked in await event_questions.list_asked(tx, event.id):
            # Sessions ask the same in questions of their own.
            answers.setdefault(asked.id, said_to.get(question_key(asked)))
    answer = await series.join_all(
        tx,
        series_id,
        turn.person.id,
        now=turn.now,
        companions=data.get("companions"),
        way=data.get("way"),
        names=tuple(data.get("names") or ()) or None,
        answers=dict(answers),
    )
    return alert(describe_all(answer, turn)) + await cards.open_card(turn, tx, data["event"])


async def _ask_missing(
    turn: Turn, tx: Transaction, data: Data, missing: Sequence[str], questions: Sequence[Question]
) -> Reply:
    """What was asked for since, or is short of a name: asked alone, everything else being kept."""
    steps = await _steps(turn, tx, data)
    unanswered = [
        step.name
        for step in steps
        if step.applies(data)
        and step.name != "review"
        and not step.optional
        and (data.get(step.name) in (None, "", []) or (step.name == "names" and "names" in missing))
    ]
    if not unanswered:
        return await cards.open_card(turn, tx, data["event"])
    before = turn.language.html("One thing is still missing.")
    return await forms.ask_again(turn, tx, FORM, unanswered[0], data, before=before)


def _back(turn: Turn, event_id: int, came: tuple[str, ...]) -> Button:
    return button(turn.language.gettext("‹ Back to the event"), "event", event_id, *came)


def _way_back(turn: Turn) -> Button:
    if turn.dialogue is None:
        return button(turn.language.gettext("📅 Events"), "events")
    data = turn.dialogue.data
    return _back(turn, data["event"], tuple(data.get("came") or ()))


FORM = Form(
    "signup",
    (),
    finish=_finish,
    way_back=_way_back,
    review="review",
    lay_out=_steps,
    counts=True,
)
