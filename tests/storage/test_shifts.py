"""Shifts and volunteers as both databases keep them."""

from datetime import timedelta

from storage import Database, shifts, volunteers
from tests.conftest import NOON
from tests.making import known_person, published_event

HOUR = timedelta(hours=1)


async def test_a_shift_is_read_back_as_it_was_written(database: Database) -> None:
    event = await published_event(database, now=NOON)
    async with database.write() as tx:
        shift_id = await shifts.add(
            tx,
            event.id,
            starts_at=event.starts_at,
            ends_at=event.ends_at,
            places=2,
            roles={"en": "Guide", "zh_Hant_HK": "導賞員"},
            notes={"en": "Bring a cap.", "zh_Hans_CN": "without a role in it"},
            languages=["yue", "ja"],
        )
        shift = await shifts.find(tx, shift_id)
    assert shift is not None
    assert (shift.starts_at, shift.ends_at, shift.places) == (event.starts_at, event.ends_at, 2)
    assert shift.roles == {"en": "Guide", "zh_Hant_HK": "導賞員"}
    assert shift.notes == {"en": "Bring a cap."}
    assert shift.languages == ("yue", "ja")


async def test_helpers_are_listed_in_the_order_in_which_they_came_page_by_page(database: Database) -> None:
    event = await published_event(database, now=NOON)
    people = [await known_person(database, 100 + n, now=NOON) for n in range(5)]
    async with database.write() as tx:
        shift_id = await shifts.add(
            tx,
            event.id,
            starts_at=event.starts_at,
            ends_at=event.ends_at,
            places=9,
            roles={"en": "Guide"},
        )
        for late, person in enumerate(reversed(people)):
            await shifts.put_signup(tx, shift_id, person.id, state="taken", now=NOON + late * HOUR)
        await shifts.put_signup(tx, shift_id, people[4].id, state="dropped", now=NOON)
        first = await shifts.list_helpers(tx, shift_id, limit=2)
        second = await shifts.list_helpers(tx, shift_id, limit=2, offset=2)
        assert await shifts.count_taken(tx, [shift_id, -1]) == {shift_id: 4, -1: 0}
    listed = [helper.person_id for helper in [*first, *second]]
    assert listed == [people[n].id for n in (3, 2, 1, 0)]


async def test_a_volunteer_who_changes_details_keeps_the_day_of_signing_up(database: Database) -> None:
    person = await known_person(database, 7, now=NOON)
    async with database.write() as tx:
        await volunteers.put(tx, person.id, languages=["en"], skills="", free=[], now=NOON)
        await volunteers.put(
            tx, person.id, languages=["ur", "en"], skills="First aid", free=["sundays"], now=NOON + HOUR
        )
        volunteer = await volunteers.find(tx, person.id)
        assert volunteer is not None
        assert (volunteer.languages, volunteer.skills, volunteer.free) == (
            ("ur", "en"),
            "First aid",
            ("sundays",),
        )
        assert volunteer.signed_up_at == NOON
        await volunteers.drop(tx, person.id)
        assert await volunteers.find(tx, person.id) is None
