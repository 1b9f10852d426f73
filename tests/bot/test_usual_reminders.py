"""When people are reminded where an event doesn't say otherwise."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import reminders, shift_changes, usual_reminders
from bot.language import LOCALES, language
from storage import Database, notices, shifts
from tests.conftest import NOON
from tests.making import known_person, published_event


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("2 weeks, 1 day and 3 hours before", ("14d", "1d", "3h")),
        ("7d, 2h", ("7d", "2h")),
        ("2h; 2h", ("2h",)),
        ("90 minutes", ("90m",)),
        ("三天前、兩小時前", ("3d", "2h")),
        ("3天前和2小时前", ("3d", "2h")),
        ("48 hours", ("2d",)),
    ],
)
def test_spans_are_read_as_people_write_them(text: str, spans: tuple[str, ...]) -> None:
    assert usual_reminders.understand(text) == spans


@pytest.mark.parametrize("text", ["", ",", "soon", "61 days", "1 minute", "7d, x", "1d,2d,3d,4d,5d,6d,7d"])
def test_what_is_no_such_time_is_not_guessed(text: str) -> None:
    assert usual_reminders.understand(text) is None


@given(st.text(max_size=40))
def test_whatever_is_understood_can_be_said_and_planned(text: str) -> None:
    for span in usual_reminders.understand(text) or ():
        assert reminders.moment(NOON, NOON.tzinfo, span) < NOON  # type: ignore[arg-type]
        assert all(language(locale).before(span) for locale in LOCALES)


async def test_each_kind_has_its_own_habit_and_begins_with_the_usual_one(database: Database) -> None:
    boss = await known_person(database, 9, now=NOON)
    async with database.write() as tx:
        await usual_reminders.change(tx, ["visit"], "event", ["2h", "14d"], actor_id=boss.id, now=NOON)
        found = await usual_reminders.find_all(tx)
    assert found["visit"] == {"event": ("14d", "2h"), "shift": reminders.USUAL}
    assert found["forum"] == {"event": reminders.USUAL, "shift": reminders.USUAL}


async def test_shifts_follow_the_habit_of_their_event(database: Database) -> None:
    helper = await known_person(database, 50, now=NOON)
    async with database.write() as tx:
        await usual_reminders.change(tx, ["camp"], "shift", ["3h"], actor_id=helper.id, now=NOON)
    event = await published_event(database, now=NOON, kind="camp", starts_at=NOON + timedelta(days=3))
    async with database.write() as tx:
        shift = await shift_changes.add(
            tx,
            event,
            starts_at=event.starts_at,
            ends_at=event.ends_at,
            places=1,
            roles={"en": "Cook"},
            now=NOON,
        )
        await shifts.put_signup(tx, shift.id, helper.id, state="taken", now=NOON)
        await reminders.fire_due(tx, now=event.starts_at - timedelta(hours=3, seconds=1))
        assert await notices.claim(tx, now=event.starts_at, limit=10) == []
        await reminders.fire_due(tx, now=event.starts_at - timedelta(hours=3))
        owed = await notices.claim(tx, now=event.starts_at, limit=10)
    assert [(one.person_id, one.params["before"]) for one in owed] == [(helper.id, "3h")]
