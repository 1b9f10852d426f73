"""What is kept about a person, and that nothing is left of it."""

import json
from datetime import timedelta
from random import Random

from sqlalchemy import Column, func, select

from bot import (
    attendance,
    conversations,
    privacy,
    quiz_taking,
    quiz_writing,
    quizzes,
    volunteer_certificates,
    volunteering,
)
from storage import (
    Database,
    asked,
    desk_bans,
    desk_notes,
    desk_topics,
    dialogues,
    feeds,
    inbox,
    invitations,
    newsletters,
    owing,
    people,
    quiz_rankings,
    replies,
    rsvps,
    service_hours,
    shifts,
    signatures,
    swaps,
)
from storage import threads as thread_rows
from storage.dialogues import Dialogue
from storage.inbox import Arrival
from storage.newsletters import Rule
from storage.people import Person
from storage.quizzes import QuizText, Rules
from storage.tables import metadata, threads
from tests.conftest import NOON
from tests.making import known_person, published_event
from tests.quizzes import asking

TELEGRAM_ID = 4_242_424_242


async def somebody_with_everything(database: Database) -> Person:
    """A person of whom there is something in every table that can hold it."""
    person = await known_person(database, TELEGRAM_ID, now=NOON)
    event = await published_event(database, now=NOON)
    other = await known_person(database, 5, now=NOON)
    async with database.write() as tx:
        await attendance.join(tx, event.id, person.id, now=NOON)
        await people.mute(tx, person.id, "events")
        await people.add_interest(tx, person.id, "camp")
        await people.set_quiet(tx, person.id, (1320, 480))
        await volunteering.sign_up(
            tx, person.id, languages=["en"], skills="Maps", free=["evenings"], now=NOON
        )
        shift = await shifts.add(
            tx, event.id, starts_at=event.starts_at, ends_at=event.ends_at, places=1, roles={"en": "Door"}
        )
        await volunteering.take(tx, shift, person.id, now=NOON)
        await volunteer_certificates.hand_in(
            tx, person.id, "first_aid", expires_on=None, file="photo:x", now=NOON
        )
        await swaps.add(
            tx, giver_id=person.id, giver_shift_id=shift, taker_id=other.id, taker_shift_id=shift, now=NOON
        )
        await service_hours.add_earned(
            tx,
            person.id,
            shift_id=shift,
            event_id=event.id,
            minutes=120,
            worked_on=NOON.date(),
            entered_by=None,
            now=NOON,
        )
        await invitations.put(tx, event.id, person.id, now=NOON)
        quiz = await quizzes.create(
            tx, Rules(), locale="en", text=QuizText("Quiz"), actor_id=person.id, now=NOON
        )
        await quiz_writing.add_questions(tx, quiz, [asking(1)], actor_id=person.id, now=NOON)
        await quizzes.open_quiz(tx, quiz, actor_id=person.id, now=NOON)
        taken = await quiz_taking.start(tx, quiz, person.id, 1, chance=Random(1), now=NOON)
        assert isinstance(taken, quiz_taking.Asked)
        await quiz_taking.answer(tx, taken.attempt.id, person.id, 0, 2, now=NOON)
        await quiz_rankings.put_shown(tx, quiz, person.id, True, now=NOON)
        await feeds.put(tx, person.id, "secret", now=NOON)
        weekly = Rule(every="week", day=0, minute=1080)
        letter = await newsletters.add(
            tx, weekly, kinds=["forum"], next_at=NOON, created_by=other.id, now=NOON
        )
        await newsletters.put_name(tx, letter, "en", "Forum News")
        await newsletters.put_state(tx, letter, person.id, "on", now=NOON)
        await dialogues.put(tx, person.id, Dialogue("quiet", "hours", {}, 1), now=NOON)
        await conversations.note_event(tx, person.id, event.id, now=NOON)
        await owing.owe_person(tx, person.id, "seat_freed", occasion="one", due_at=NOON, event_id=event.id)
        await tx.run(
            threads.insert().values(
                person_id=person.id,
                state="open",
                question="Where do I sit?",
                opened_at=NOON,
                answer="hello at the back",
            )
        )
        await asked.note(
            tx,
            person.id,
            "hello, is there a dentist?",
            locale="en",
            outcome="nothing",
            topic_id=None,
            now=NOON,
        )
        opened = await thread_rows.find_open(tx, person.id)
        assert opened is not None
        await desk_notes.add(tx, opened.id, "hello, sits badly", author_id=person.id, now=NOON)
        await thread_rows.assign(tx, opened.id, person.id)
        await desk_bans.put(tx, person.id, until=None, now=NOON)
        await desk_topics.ask_for(tx, person.id, -100, "topic", instead_of=None)
        await signatures.add(tx, person.id)
        await inbox.add(tx, [Arrival(77, TELEGRAM_ID, '{"text": "hello"}')], now=NOON)
        await inbox.set_aside(tx, 1, "it failed", now=NOON)
        await replies.add(tx, TELEGRAM_ID, [{"method": "sendMessage", "params": {"text": "hello"}}], now=NOON)
    return person


def columns_of_people() -> list[Column[int]]:
    return [
        column
        for table in metadata.sorted_tables
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table.name == "people"
    ]


async def test_nothing_is_left_of_whoever_is_forgotten(database: Database) -> None:
    person = await somebody_with_everything(database)
    async with database.write() as tx:
        await privacy.forget(tx, person, now=NOON)
    async with database.read() as tx:
        for column in columns_of_people():
            assert not await tx.value(select(func.count()).where(column == person.id)), column
        assert await people.find_by_telegram_id(tx, TELEGRAM_ID) is None
        assert await replies.count(tx) == 0
        for table in metadata.sorted_tables:
            held = json.dumps([list(map(str, row)) for row in await tx.rows(select(table))])
            assert "hello" not in held, table
            assert "Where do I sit" not in held, table
            assert str(TELEGRAM_ID) not in held, table


async def test_whoever_waits_moves_up_and_hears_of_it(database: Database) -> None:
    first, second = [await known_person(database, number, now=NOON) for number in (11, 12)]
    event = await published_event(database, now=NOON, capacity=1)
    async with database.write() as tx:
        await attendance.join(tx, event.id, first.id, now=NOON)
        await attendance.join(tx, event.id, second.id, now=NOON + timedelta(minutes=1))
        gone = await privacy.forget(tx, first, now=NOON + timedelta(minutes=2))
    assert gone.places == 1
    async with database.read() as tx:
        mine = await rsvps.find(tx, event.id, second.id)
        assert mine is not None
        assert mine.state == "going"
        assert [notice.kind for notice in (await privacy.look(tx, second)).notices] == ["seat_freed"]


async def test_a_shift_is_open_again_when_its_volunteer_is_forgotten(database: Database) -> None:
    person = await somebody_with_everything(database)
    async with database.write() as tx:
        taken = await shifts.list_of_person(tx, person.id, ending_after=NOON)
        gone = await privacy.forget(tx, person, now=NOON)
        assert (await shifts.count_taken(tx, [taken[0].id])) == {taken[0].id: 0}
    assert gone.shifts == 1


async def test_others_lose_nothing(database: Database) -> None:
    person, other = await somebody_with_everything(database), await known_person(database, 13, now=NOON)
    event = await published_event(database, now=NOON)
    async with database.write() as tx:
        await attendance.join(tx, event.id, other.id, now=NOON)
        await inbox.add(tx, [Arrival(78, 13, '{"text": "mine"}')], now=NOON)
        before = await privacy.look(tx, other)
        await privacy.forget(tx, person, now=NOON)
        assert await privacy.look(tx, other) == before
        assert [item.payload for item in await inbox.list_new(tx, after=0, limit=9)] == ['{"text": "mine"}']


async def test_what_is_kept_is_found_whole(database: Database) -> None:
    person = await somebody_with_everything(database)
    async with database.read() as tx:
        kept = await privacy.look(tx, person)
    assert [(event.id, rsvp.state) for event, rsvp in kept.rsvps] == [(1, "going")]
    assert [one.signup.state for one in kept.shifts] == ["taken"]
    assert [thread.question for thread in kept.threads] == ["Where do I sit?"]
    assert [(one.answer, one.taken, one.notes) for one in kept.threads] == [
        ("hello at the back", True, ("hello, sits badly",))
    ]
    assert (kept.made.notes, kept.made.questions) == (1, 1)
    assert kept.barred is not None
    assert kept.signs
    assert kept.has_topic
    assert kept.interests == {"camp"}
    assert kept.muted == {"events"}
    assert kept.volunteer is not None
    assert kept.in_dialogue
    assert kept.in_conversation
    assert len(kept.notices) == 1
    assert [(event.id, entry.minutes) for event, entry in kept.hours if event] == [(1, 120)]
    assert [event.id for event, _ in kept.invitations] == [1]
    assert kept.calendar_since == NOON
    assert [one.text for one in kept.asked] == ["hello, is there a dentist?"]
    assert [one.newsletter.texts["en"].name for one in kept.subscriptions] == ["Forum News"]
    (taken,) = kept.quizzes
    assert (taken.quiz.texts["en"].title, taken.shown) == ("Quiz", True)
    assert [(question.texts["en"].text, given.choice) for question, given in taken.answers] == [
        ("Question 1?", 2)
    ]


def test_every_table_that_knows_people_is_shown_to_them_or_left_out_for_a_reason() -> None:
    """A new table with somebody in it makes this fail until it is decided what its people see of it."""
    tables = {column.table.name for column in columns_of_people()}
    assert tables == SHOWN | LEFT_OUT


SHOWN = {
    "asked", "assignments", "broadcasts", "checkins", "consents", "conversations", "desk_bans", "desk_notes",
    "desk_topics", "dialogues", "events", "feedback", "feeds", "group_members", "interests", "invitations",
    "mutes", "notices", "quiz_attempts", "quiz_names", "rsvps", "service_hours", "shift_signups",
    "signatures", "subscriptions", "swaps", "threads",
    "volunteer_certificates", "volunteers",
}  # fmt: skip
# What organisers did is the association's record; names are looked up, so it forgets with the person.
LEFT_OUT = {"audit", "broadcast_changes", "lessons", "newsletters", "quizzes"}


async def test_events_stay_when_their_maker_is_forgotten(database: Database) -> None:
    event = await published_event(database, now=NOON)
    async with database.write() as tx:
        maker = await people.find_by_telegram_id(tx, 1)
        assert maker is not None
        assert (await privacy.look(tx, maker)).made.events == 1
        await privacy.forget(tx, maker, now=NOON)
        assert await rsvps.count_seated(tx, event.id) == 0
