"""Who is taken off a shift by an organiser."""

from datetime import timedelta

from sqlalchemy import select

from bot import shift_applications, volunteering
from storage import Database, shift_signups, shifts
from storage.people import Person
from storage.shifts import Shift
from storage.tables import notices
from tests.conftest import NOON
from tests.making import known_person, published_event
from tests.shifts import new_shift, volunteer


async def taken_shift(database: Database) -> tuple[Shift, Person]:
    """A shift, and the volunteer who has it."""
    shift = await new_shift(database, await published_event(database, now=NOON))
    ming = await volunteer(database, 7)
    async with database.write() as tx:
        await volunteering.take(tx, shift.id, ming.id, now=NOON)
    return shift, ming


async def test_taken_off_frees_the_place_says_why_and_is_told_once(database: Database) -> None:
    shift, ming = await taken_shift(database)
    boss = await known_person(database, 70, now=NOON)
    for _ in range(2):
        async with database.write() as tx:
            answer = await shift_applications.refuse(
                tx, shift.id, ming.id, "The hall is smaller", actor_id=boss.id, now=NOON
            )
        assert isinstance(answer, shift_applications.Refusal)
    async with database.read() as tx:
        signup = await shift_signups.find(tx, shift.id, ming.id)
        assert signup is not None
        assert (signup.state, signup.reason) == ("refused", "The hall is smaller")
        assert (await shifts.count_taken(tx, [shift.id]))[shift.id] == 0
        kinds = await tx.rows(select(notices.c.kind).where(notices.c.person_id == ming.id))
    assert [row.kind for row in kinds] == ["shift_refused"]


async def test_once_it_has_begun_nobody_is_taken_off(database: Database) -> None:
    shift, ming = await taken_shift(database)
    boss = await known_person(database, 70, now=NOON)
    async with database.write() as tx:
        later = shift.starts_at + timedelta(minutes=1)
        answer = await shift_applications.refuse(tx, shift.id, ming.id, "", actor_id=boss.id, now=later)
        assert isinstance(answer, shift_applications.NotAsking)
        assert await shifts.has_taken(tx, shift.id, ming.id)
