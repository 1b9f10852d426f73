"""Loading a content pack: what the association does, what it answers, and events it brings along."""

import json
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot import feedback, reminders, shift_changes, visit_changes
from bot.pack import Moments, Pack, SampleEvent, moments
from bot.pack.models import AskedQuestion, PlannedStop
from bot.pack.quizzes import PackQuiz, QuizQuestion
from bot.pack.spans import read_span
from bot.pack.times import StopMoments
from bot.quiz_writing import Asking, write_questions
from storage import Transaction, content, event_questions, events, options, quizzes, stops
from storage.event_questions import QuestionText
from storage.events import EventText
from storage.quiz_questions import QuestionText as QuizWords
from storage.quizzes import QuizText, Rules
from storage.stops import StopText

CONTENT_REVISION = "content_revision"
SOURCES = "sources"
NAME = "name"


@dataclass(frozen=True)
class Loaded:
    """How much is there after an import."""

    programmes: int
    questions: int
    events: int
    quizzes: int = 0


async def load(tx: Transaction, pack: Pack, *, now: datetime, home: ZoneInfo, samples: bool) -> Loaded:
    """Make programmes and questions what the pack says, and add its events. Loading twice changes nothing.

    Programmes and questions that came from an earlier pack and are not in this one are dropped. An event
    that is there already keeps its times, places and RSVPs; only its words follow the pack. So does a quiz,
    and what it asks stays as it is. Samples are loaded only when asked for.
    """
    for position, programme in enumerate(sorted(pack.programmes, key=lambda one: one.order)):
        texts = {
            locale: (
                title,
                programme.summary.get(locale, programme.summary[pack.base_locale]),
                programme.body.get(locale, programme.body[pack.base_locale]),
            )
            for locale, title in programme.title.items()
        }
        await content.put_programme(
            tx,
            programme.id,
            position,
            list(programme.kinds),
            programme.source,
            texts,
            audience=programme.audience,
        )
    for question in pack.questions:
        await content.put_question(
            tx,
            question.id,
            question.programme,
            question.source,
            question.as_of.isoformat() if question.as_of else None,
            question.events_of_kind,
            question.answer,
            {locale: list(wordings) for locale, wordings in question.wordings.items()},
            audience=question.audience,
        )
    await content.drop_missing(tx, [one.id for one in pack.programmes], [one.id for one in pack.questions])
    wanted = [event for event in pack.events if samples or not event.sample]
    for event in wanted:
        await _load_event(tx, event, pack, now=now, home=home)
    brought = [quiz for quiz in pack.quizzes if samples or not quiz.sample]
    for quiz in brought:
        await _load_quiz(tx, quiz, pack, now=now)
    await options.remember(tx, NAME, json.dumps(pack.name))
    await options.remember(tx, SOURCES, json.dumps(pack.sources))
    await content.raise_revision(tx)
    return Loaded(len(pack.programmes), len(pack.questions), len(wanted), len(brought))


async def is_empty(tx: Transaction) -> bool:
    """Whether no pack has ever been loaded."""
    return await options.find(tx, CONTENT_REVISION) is None


async def _load_event(
    tx: Transaction, event: SampleEvent, pack: Pack, *, now: datetime, home: ZoneInfo
) -> None:
    zone = ZoneInfo(event.zone) if event.zone else home
    when = moments(event, now, zone)
    event_id = await events.find_id_by_code(tx, event.id)
    if event_id is None:
        event_id = await _add_event(tx, event, when, pack, now=now, zone=zone)
    for locale, title in event.title.items():
        text = EventText(
            title,
            event.description.get(locale, ""),
            (event.place or {}).get(locale, ""),
            (event.bring or {}).get(locale, ""),
        )
        await events.put_text(tx, event_id, locale, text)


async def _add_event(
    tx: Transaction, event: SampleEvent, when: Moments, pack: Pack, *, now: datetime, zone: ZoneInfo
) -> int:
    event_id = await events.add(
        tx,
        now=now,
        code=event.id,
        kind=event.kind,
        state="published",
        base_locale=pack.base_locale,
        starts_at=when.starts,
        ends_at=when.ends,
        zone=zone.key,
        opens_at=when.opens,
        deadline_at=when.deadline,
        companions=event.companions,
        companion_names=event.companion_names,
        approval=event.approval,
        offer_minutes=_minutes(event.offer),
        traveller_details=event.traveller_details,
        guardian_consent=event.guardian_consent,
        **_places(event),
        latitude=event.map.latitude if event.map else None,
        longitude=event.map.longitude if event.map else None,
        online_url=event.online,
        reminders=list(event.reminders),
        programme_id=await events.find_programme_id(tx, event.programme) if event.programme else None,
        sample=event.sample,
    )
    found = await events.find(tx, event_id)
    if found is None:
        raise LookupError("an event just written was not found")
    await reminders.plan_event(tx, found, now=now)
    await visit_changes.follow(tx, None, found, now=now)
    await feedback.replan(tx, found, now=now)
    for question in event.questions:
        await _add_question(tx, event_id, question)
    for stop, times_of_stop in zip(event.plan, when.plan, strict=True):
        await _add_stop(tx, event_id, stop, times_of_stop)
    times = {shift.id: shift for shift in when.shifts}
    for shift in event.shifts:
        await shift_changes.add(
            tx,
            found,
            starts_at=times[shift.id].starts,
            ends_at=times[shift.id].ends,
            places=shift.places,
            roles=shift.role,
            notes=shift.note or {},
            languages=shift.languages,
            code=shift.id,
            now=now,
        )
    return event_id


async def _load_quiz(tx: Transaction, quiz: PackQuiz, pack: Pack, *, now: datetime) -> None:
    quiz_id = await quizzes.find_id_by_code(tx, quiz.id)
    if quiz_id is None:
        quiz_id = await _add_quiz(tx, quiz, pack, now=now)
    for locale, title in quiz.title.items():
        await quizzes.put_text(tx, quiz_id, locale, QuizText(title, (quiz.intro or {}).get(locale, "")))


async def _add_quiz(tx: Transaction, quiz: PackQuiz, pack: Pack, *, now: datetime) -> int:
    rules = Rules(
        attempts=quiz.attempts,
        each_seconds=quiz.seconds_each,
        whole_seconds=quiz.seconds_whole,
        shuffle=quiz.shuffle,
        certificate_percent=quiz.certificate,
    )
    quiz_id = await quizzes.add(
        tx,
        rules,
        base_locale=pack.base_locale,
        created_by=None,
        now=now,
        code=quiz.id,
        sample=quiz.sample,
    )
    await write_questions(tx, quiz_id, [_asking(question) for question in quiz.questions])
    await quizzes.change(tx, quiz_id, state="open")
    return quiz_id


def _asking(question: QuizQuestion) -> Asking:
    """A question in each language in which both its text and its choices are written."""
    explanation = question.explanation or {}
    texts = {
        locale: QuizWords(text, question.choices[locale], explanation.get(locale, ""))
        for locale, text in question.question.items()
        if locale in question.choices
    }
    return Asking(question.right, texts)


def _places(event: SampleEvent) -> dict[str, object]:
    """How people take part, and how many can: on the ground, online where there is no ground, or both."""
    if event.online is not None and event.place is None:
        return {"ways": "online", "online_capacity": event.places}
    if event.online_places is not None:
        return {"ways": "both", "capacity": event.places, "online_capacity": event.online_places}
    return {"capacity": event.places}


def _minutes(text: str | None) -> int | None:
    span = read_span(text) if text else None
    return None if span is None else span.days * 24 * 60 + span.minutes


async def _add_question(tx: Transaction, event_id: int, question: AskedQuestion) -> None:
    numbers = range(1, len(question.choices) + 1)
    question_id = await event_questions.add(
        tx, event_id, question.kind, required=question.required, choices=list(numbers)
    )
    for locale, text in question.text.items():
        choices = {
            number: choice[locale]
            for number, choice in zip(numbers, question.choices, strict=True)
            if locale in choice
        }
        await event_questions.put_text(tx, question_id, locale, QuestionText(text, choices))


async def _add_stop(tx: Transaction, event_id: int, stop: PlannedStop, when: StopMoments) -> None:
    stop_id = await stops.add(
        tx,
        event_id,
        starts_at=when.starts,
        ends_at=when.ends,
        meeting=stop.meeting,
        latitude=stop.map.latitude if stop.map else None,
        longitude=stop.map.longitude if stop.map else None,
    )
    for locale, title in stop.title.items():
        text = StopText(title, (stop.place or {}).get(locale, ""), (stop.note or {}).get(locale, ""))
        await stops.put_text(tx, stop_id, locale, text)
