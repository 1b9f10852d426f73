"""What one person is reminded of at once, in one message."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from bot import attendance, programme, reminders, shift_changes
from bot.language import HK, LOCALES, language
from handlers import digests
from handlers.owing import Reading
from handlers.reminder_words import MOST, read_subjects, write_subjects
from handlers.replies import Say
from handlers.turns import Setup
from storage import Database, notices, shifts
from storage.events import Event, EventText
from storage.notices import Owed
from storage.reminders import Subject
from tests.conftest import NOON
from tests.making import known_person, published_event

SETUP = Setup("amity_bot", HK, frozenset(), None)
STARTS = NOON + timedelta(days=2)


async def reminded_of(database: Database, titles: Sequence[str]) -> tuple[list[Event], list[Owed]]:
    """Somebody with seats at events that begin one after the other, and the reminders they are owed."""
    person = await known_person(database, 50, now=NOON)
    found = []
    for number, title in enumerate(titles):
        event = await published_event(
            database,
            now=NOON,
            starts_at=STARTS + timedelta(minutes=number),
            reminders=("1d",),
            texts={"en": EventText(title, "", "Sample Hall", "")},
        )
        async with database.write() as tx:
            await attendance.join(tx, event.id, person.id, now=NOON)
        found.append(event)
    async with database.write() as tx:
        while await reminders.fire_due(tx, now=later()):
            pass
        owed = await notices.claim(tx, now=later(), limit=100)
    return found, owed


def later() -> datetime:
    return NOON + timedelta(days=1, hours=1)


async def told(database: Database, owed: Sequence[Owed], *, locale: str = "en") -> Say | None:
    reading = Reading(language(locale), later(), SETUP)
    async with database.read() as tx:
        reply = await digests.tell_together(owed, tx, reading)
    if reply is None:
        return None
    [piece] = reply.pieces
    assert isinstance(piece, Say)
    return piece


@pytest.mark.parametrize("locale", LOCALES)
async def test_several_reminders_are_one_message_soonest_first(database: Database, locale: str) -> None:
    events, owed = await reminded_of(database, ["Harbour <b>Forum</b>", "Tea & Talk"])
    said = await told(database, list(reversed(owed)), locale=locale)
    assert said
    words = language(locale)
    heading = words.nhtml("<b>{n} thing is coming up:</b>", "<b>{n} things are coming up:</b>", 2)
    assert said.html.startswith(heading)
    first, second = (said.html.index(text) for text in ("Harbour &lt;b&gt;", "Tea &amp; Talk"))
    assert first < second
    operations = [one.data for row in said.buttons for one in row]
    assert [f"v1:event:{event.id}" for event in events] == operations[:2]
    assert "v1:fewer:events" in operations


async def test_what_is_not_true_any_more_is_left_out(database: Database) -> None:
    events, owed = await reminded_of(database, ["Harbour Forum", "Tea and Talk"])
    async with database.write() as tx:
        await programme.cancel(tx, events[0].id, now=later())
    said = await told(database, owed)
    assert said
    assert "Harbour" not in said.html
    # What is left reads as it would have alone.
    assert said.html.startswith("🔔 ")
    async with database.write() as tx:
        await programme.cancel(tx, events[1].id, now=later())
    assert await told(database, owed) is None


async def test_the_same_thing_is_said_once_however_many_reminders_there_are(database: Database) -> None:
    _, owed = await reminded_of(database, ["Harbour Forum"])
    said = await told(database, [*owed, *owed])
    assert said
    assert said.html.count("Harbour Forum") == 1


async def test_a_seat_and_a_shift_stand_side_by_side(database: Database) -> None:
    [event], owed = await reminded_of(database, ["Harbour Forum"])
    person_id = owed[0].person_id
    assert person_id is not None
    async with database.write() as tx:
        shift = await shift_changes.add(
            tx,
            event,
            starts_at=event.starts_at,
            ends_at=event.ends_at,
            places=1,
            roles={"en": "Usher"},
            now=NOON,
        )
        await shifts.put_signup(tx, shift.id, person_id, state="taken", now=NOON)
        while await reminders.fire_due(tx, now=later()):
            pass
        owed += await notices.claim(tx, now=later(), limit=100)
    said = await told(database, owed)
    assert said
    assert "begins" in said.html
    assert "Your shift" in said.html
    assert "v1:fewer:" in [one.data for row in said.buttons for one in row]


async def test_very_many_fit_on_a_phone_and_the_rest_is_counted(database: Database) -> None:
    _, owed = await reminded_of(database, ["x" * 300] * (MOST + 3))
    said = await told(database, owed)
    assert said
    assert len(said.html) < 4000
    assert language("en").nhtml("… and {n} more: see /my", "… and {n} more: see /my", 3) in said.html
    assert all(len((one.data or "").encode()) <= 64 for row in said.buttons for one in row)


def test_a_button_says_what_it_is_about() -> None:
    subjects = [Subject("event", 12), Subject("shift", 2**40), Subject("event", 0)]
    assert read_subjects(write_subjects(subjects)) == subjects


@pytest.mark.parametrize("forged", ["", ",", "e", "x1", "e-1", "e1.5", "s" + "z" * 30, "e١", "<b>"])
def test_a_forged_button_is_about_nothing(forged: str) -> None:
    assert read_subjects(forged) == []
