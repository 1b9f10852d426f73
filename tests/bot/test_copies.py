"""Copies of an event, and the days of a series."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot import attendance, copies, event_questions, programme, shift_changes
from bot.copies import repeated
from storage import Database, rsvps, shifts
from storage import event_questions as questions
from storage import series as kept
from storage.event_questions import QuestionText
from storage.events import EventText
from tests.conftest import NOON
from tests.making import known_person, published_event

LONDON = "Europe/London"


def days(starts: list[datetime], zone: str) -> list[date]:
    return [one.astimezone(ZoneInfo(zone)).date() for one in starts]


def test_monthly_on_the_31st_is_the_30th_of_september_and_the_31st_of_october_again() -> None:
    first = datetime(2026, 8, 31, 10, tzinfo=UTC)
    assert days(repeated(first, "Asia/Hong_Kong", "month", 6), "Asia/Hong_Kong") == [
        date(2026, 9, 30),
        date(2026, 10, 31),
        date(2026, 11, 30),
        date(2026, 12, 31),
        date(2027, 1, 31),
        date(2027, 2, 28),
    ]


def test_the_third_sunday_stays_the_third_and_the_fifth_is_the_last() -> None:
    third = datetime(2026, 11, 15, 10, tzinfo=UTC)
    assert days(repeated(third, LONDON, "weekday", 2), LONDON) == [date(2026, 12, 20), date(2027, 1, 17)]
    fifth = datetime(2026, 11, 29, 10, tzinfo=UTC)
    assert days(repeated(fifth, LONDON, "weekday", 2), LONDON) == [date(2026, 12, 27), date(2027, 1, 31)]


def test_repeated_events_keep_the_time_on_the_wall_across_a_change_of_clocks() -> None:
    first = datetime(2026, 3, 22, 18, 30, tzinfo=ZoneInfo(LONDON))
    for rhythm in ("week", "fortnight", "month", "weekday"):
        for one in repeated(first, LONDON, rhythm, 4):
            local = one.astimezone(ZoneInfo(LONDON))
            assert (local.hour, local.minute) == (18, 30), rhythm


async def test_a_copy_has_everything_but_the_people(database: Database) -> None:
    event = await published_event(
        database,
        now=NOON,
        capacity=3,
        approval=False,
        offer_minutes=120,
        deadline_at=NOON + timedelta(days=6),
        texts={"en": EventText("Forum", "We talk."), "zh_Hans_CN": EventText("论坛")},
    )
    person = await known_person(database, 50, now=NOON)
    later = event.starts_at + timedelta(days=7)
    async with database.write() as tx:
        await attendance.join(tx, event.id, person.id, now=NOON)
        meal = {"en": QuestionText("Will you eat?", {1: "Yes", 2: "No"})}
        first = await event_questions.add(
            tx, event.id, "choice", meal, required=True, actor_id=person.id, now=NOON
        )
        assert first
        await event_questions.add(
            tx,
            event.id,
            "text",
            {"en": QuestionText("What?")},
            required=True,
            after=(first, 1),
            actor_id=person.id,
            now=NOON,
        )
        await shift_changes.add(
            tx,
            event,
            starts_at=event.starts_at - timedelta(hours=1),
            ends_at=event.ends_at,
            places=2,
            roles={"en": "Door"},
            now=NOON,
        )
        await programme.renew_invitation(tx, event.id, actor_id=person.id, now=NOON)
        copy = await copies.duplicate(tx, event, starts_at=later, actor_id=person.id, now=NOON)
        assert (copy.texts, copy.capacity, copy.offer_minutes) == (event.texts, 3, 120)
        assert copy.ends_at == event.ends_at + timedelta(days=7)
        assert copy.deadline_at == NOON + timedelta(days=13)
        assert await rsvps.list_concerned(tx, copy.id) == []
        asked = await questions.list_asked(tx, copy.id)
        [shift] = await shifts.list_of_event(tx, copy.id)
    assert [(one.kind, one.after_question_id, one.after_choice) for one in asked] == [
        ("choice", None, None),
        ("text", asked[0].id, 1),
    ]
    assert shift.starts_at == later - timedelta(hours=1)


async def test_a_series_made_twice_has_each_session_once(database: Database) -> None:
    event = await published_event(database, now=NOON)
    boss = await known_person(database, 50, now=NOON)
    starts = repeated(event.starts_at, event.zone, "week", 3)
    async with database.write() as tx:
        series_id, made = await copies.make_series(
            tx, event, starts, names={"en": "Forums"}, sign_up="either", actor_id=boss.id, now=NOON
        )
        again, more = await copies.make_series(
            tx,
            made[0],
            [*starts, event.starts_at, NOON],
            names={"en": "Else"},
            sign_up="whole",
            actor_id=boss.id,
            now=NOON,
        )
        sessions = await kept.list_session_ids(tx, series_id, ending_after=NOON)
    assert (again, more) == (series_id, [])
    assert sessions == [event.id, *(one.id for one in made)]
    assert [one.starts_at for one in made] == starts
