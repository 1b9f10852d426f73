"""What is kept about a person, and forgetting it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot import attendance, broadcast_polls, consents, desk_staff, desk_waiting, volunteering
from bot.desk_staff import Desk
from storage import (
    Transaction,
    asked,
    belongings,
    checkins,
    conversations,
    desk_bans,
    desk_topics,
    dialogues,
    event_questions,
    events,
    feedback,
    feeds,
    groups,
    inbox,
    invitations,
    newsletters,
    people,
    quiz_attempts,
    quiz_questions,
    quiz_rankings,
    quizzes,
    replies,
    rsvps,
    service_hours,
    shifts,
    signatures,
    swaps,
    thread_messages,
    threads,
    travellers,
    volunteer_certificates,
    volunteers,
)
from storage import consents as consent_rows
from storage.asked import Asked
from storage.belongings import Made, Notice, Signup, Thread
from storage.checkins import Checkin
from storage.consents import Consent
from storage.desk_bans import Ban
from storage.event_questions import Question
from storage.events import Event
from storage.feedback import Given
from storage.groups import Group
from storage.newsletters import Subscription
from storage.people import Person
from storage.quiz_attempts import Answer, Attempt
from storage.quiz_questions import Question as QuizQuestion
from storage.quizzes import Quiz
from storage.rsvps import Rsvp
from storage.service_hours import Entry as HoursEntry
from storage.shifts import Shift
from storage.swaps import Swap
from storage.travellers import Traveller
from storage.volunteer_certificates import Certificate
from storage.volunteers import Volunteer


@dataclass(frozen=True)
class TakenShift:
    event: Event
    shift: Shift
    signup: Signup


@dataclass(frozen=True)
class TakenQuiz:
    """An attempt at a quiz with what was answered, and whether the name may stand in its top ten."""

    quiz: Quiz
    attempt: Attempt
    answers: tuple[tuple[QuizQuestion, Answer], ...]
    shown: bool | None


@dataclass(frozen=True)
class Kept:
    """Everything the bot remembers about one person, and nothing about anybody else."""

    person: Person
    muted: frozenset[str]
    interests: frozenset[str]
    rsvps: tuple[tuple[Event, Rsvp], ...]
    shifts: tuple[TakenShift, ...]
    volunteer: Volunteer | None
    threads: tuple[Thread, ...]
    notices: tuple[Notice, ...]
    in_dialogue: bool
    made: Made
    # Travel details of the person's parties, each with its event; and answers given as somebody's guardian.
    travels: tuple[tuple[Event, Traveller], ...] = ()
    consents: tuple[tuple[Event, Consent], ...] = ()
    # Where the person came, and how they found it.
    came: tuple[tuple[Event, Checkin], ...] = ()
    feedback: tuple[tuple[Event, Given], ...] = ()
    certificates: tuple[Certificate, ...] = ()
    # The exchanges of shifts that the person asked for or was asked for.
    swaps: tuple[Swap, ...] = ()
    # What the person answered to events' own questions, and the groups they are in, with since when.
    answers: tuple[tuple[Event, Question, Any], ...] = ()
    groups: tuple[tuple[Group, datetime], ...] = ()
    # What is written of the person's hours; the invitations they opened; since when their calendar is shared.
    hours: tuple[tuple[Event | None, HoursEntry], ...] = ()
    invitations: tuple[tuple[Event, datetime], ...] = ()
    calendar_since: datetime | None = None
    subscriptions: tuple[Subscription, ...] = ()
    # What they typed and found no good answer to, or said of an answer.
    asked: tuple[Asked, ...] = ()
    quizzes: tuple[TakenQuiz, ...] = ()
    # Whether the bot still knows what was last spoken of.
    in_conversation: bool = False
    # Why the person may not write to the desk, and whether their own answers there bear their name.
    barred: Ban | None = None
    signs: bool = False
    # Whether their questions stand in a topic of their own at the desk.
    has_topic: bool = False


@dataclass(frozen=True)
class Forgotten:
    """What forgetting gave up for others to take."""

    places: int
    shifts: int
    # Chat and message ids under which the person's questions stand elsewhere.
    copies: tuple[tuple[int, int], ...]
    # The chat and number of their topic at the desk.
    topic: tuple[int, int] | None = None


async def look(tx: Transaction, person: Person) -> Kept:
    """Read everything that is kept about the person."""
    given = await rsvps.list_everything_of_person(tx, person.id)
    signups = await belongings.list_signups(tx, person.id)
    travels = await travellers.list_of_person(tx, person.id)
    agreed = await consent_rows.list_by_guardian(tx, person.id)
    ids = {rsvp.event_id for rsvp in given} | {signup.event_id for signup in signups}
    ids |= {consent.event_id for consent in agreed}
    came, said = await checkins.list_of_person(tx, person.id), await feedback.list_of_person(tx, person.id)
    ids |= {one.event_id for one in came} | {one.event_id for one in said}
    hours = await service_hours.list_of_person(tx, person.id)
    invited = await invitations.list_of_person(tx, person.id)
    ids |= {one.event_id for one in hours if one.event_id is not None} | invited.keys()
    by_id = {event.id: event for event in await events.find_many(tx, ids)}
    taken = [(signup, await shifts.find(tx, signup.shift_id)) for signup in signups]
    return Kept(
        person=person,
        muted=await people.list_mutes(tx, person.id),
        interests=await people.list_interests(tx, person.id),
        rsvps=tuple((by_id[rsvp.event_id], rsvp) for rsvp in given),
        shifts=tuple(TakenShift(by_id[signup.event_id], shift, signup) for signup, shift in taken if shift),
        volunteer=await volunteers.find(tx, person.id),
        threads=tuple(await belongings.list_threads(tx, person.id)),
        notices=tuple(await belongings.list_notices(tx, person.id)),
        in_dialogue=await dialogues.find(tx, person.id) is not None,
        made=await belongings.count_made(tx, person.id),
        certificates=tuple(await volunteer_certificates.list_of_person(tx, person.id)),
        swaps=tuple(await swaps.list_of_person(tx, person.id)),
        answers=tuple(
            (by_id[question.event_id], question, value)
            for question, value in await event_questions.list_answers_of_person(tx, person.id)
        ),
        groups=tuple(await groups.list_of_person(tx, person.id)),
        hours=tuple((by_id.get(one.event_id or 0), one) for one in hours),
        invitations=tuple((by_id[event_id], opened) for event_id, opened in invited.items()),
        calendar_since=await feeds.find_since(tx, person.id),
        subscriptions=tuple(await newsletters.list_of_person(tx, person.id)),
        asked=tuple(await asked.list_of_person(tx, person.id)),
        quizzes=tuple(await _list_quizzes(tx, person.id)),
        in_conversation=await conversations.find(tx, person.id) is not None,
        barred=await desk_bans.find_any(tx, person.id),
        signs=await signatures.has(tx, person.id),
        has_topic=await desk_topics.find(tx, person.id) is not None,
        travels=tuple((by_id[event_id], one) for event_id, one in travels),
        consents=tuple((by_id[one.event_id], one) for one in agreed),
        came=tuple((by_id[one.event_id], one) for one in came),
        feedback=tuple((by_id[one.event_id], one) for one in said),
    )


async def _list_quizzes(tx: Transaction, person_id: int) -> list[TakenQuiz]:
    attempts = await quiz_attempts.list_everything_of_person(tx, person_id)
    shown = await quiz_rankings.list_shown(tx, person_id, [one.quiz_id for one in attempts])
    taken = []
    for attempt in attempts:
        quiz = await quizzes.find(tx, attempt.quiz_id)
        asked = {one.id: one for one in await quiz_questions.list_of_quiz(tx, attempt.quiz_id)}
        given = await quiz_attempts.list_answers(tx, attempt.id)
        if quiz is not None:
            answers = tuple((asked[one.question_id], one) for one in given)
            taken.append(TakenQuiz(quiz, attempt, answers, shown.get(quiz.id)))
    return taken


async def forget(tx: Transaction, person: Person, *, desk: Desk | None = None, now: datetime) -> Forgotten:
    """Delete the person and everything about them.

    The desk, if it is given, hears that their open question needs no answer any more.

    Places at events to come are given up first, so that whoever waits moves up and is told; shifts to come
    are open again. Events and broadcasts the person made stay, without a name. What stands in the person's
    own chat is theirs to delete, and backups keep what they hold until they expire.
    """
    held = await rsvps.list_of_person(tx, person.id, now=now)
    agreed = await consent_rows.list_by_guardian(tx, person.id)
    # In the order of their ids, as everybody does who locks several.
    for event_id in sorted({one.event_id for one in held} | {one.event_id for one in agreed}):
        await events.lock(tx, event_id)
    await consents.forget_guardian(tx, person, now=now)
    for rsvp in sorted(held, key=lambda one: one.event_id):
        await attendance.leave(tx, rsvp.event_id, person.id, now=now)
    dropped = await volunteering.sign_off(tx, person.id, now=now)
    passed_on = await thread_messages.list_of_person(tx, person.id)
    topic = await desk_topics.find(tx, person.id)
    await belongings.drop_notices_about(tx, person.id)
    await _tell_desk(tx, person, desk, now=now)
    await broadcast_polls.forget_chat(tx, person.telegram_id)
    await people.delete_person(tx, person.id)
    await inbox.empty_lane(tx, person.telegram_id)
    await replies.drop_lane(tx, person.telegram_id)
    copies = tuple(copy for copy in passed_on if copy[0] != person.telegram_id)
    numbered = (topic.chat_id, topic.topic_id) if topic and topic.topic_id is not None else None
    return Forgotten(len(held), dropped, copies, numbered)


async def _tell_desk(tx: Transaction, person: Person, desk: Desk | None, *, now: datetime) -> None:
    """Say that a question is no more, and not whose it was."""
    thread = await threads.find_open(tx, person.id)
    if desk is not None and thread is not None:
        await desk_waiting.drop(tx, thread.id)
        await desk_staff.tell(tx, desk, "desk_gone", None, f"gone:{thread.id}", {}, now=now, but=[person.id])
