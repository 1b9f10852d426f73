"""Who came earns hours; nobody else does, and corrections are entries of their own."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot import crew, service_hours, shift_changes, volunteering
from bot.service_hours import Corrected, Later, NotTheirs, TooEarly, Unchanged
from storage import Database, audit, notices, people, shift_signups, shifts
from storage import service_hours as entries
from storage.events import Event
from storage.people import Person
from storage.shifts import Shift
from tests.conftest import NOON
from tests.making import known_person, published_event

HOUR = timedelta(hours=1)


async def shift_of(
    database: Database, event: Event, *, starts_at: datetime | None = None, lasts: timedelta = 3 * HOUR
) -> Shift:
    starts_at = starts_at or event.starts_at
    async with database.write() as tx:
        return await shift_changes.add(
            tx,
            event,
            starts_at=starts_at,
            ends_at=starts_at + lasts,
            places=5,
            roles={"en": "Guide"},
            now=NOON,
        )


async def helper(database: Database, shift: Shift, telegram_id: int = 7) -> Person:
    """A volunteer who has taken the shift."""
    person = await known_person(database, telegram_id, now=NOON)
    async with database.write() as tx:
        await volunteering.sign_up(tx, person.id, languages=["en"], skills="", free=[], now=NOON)
        await volunteering.take(tx, shift.id, person.id, now=NOON)
    return person


async def organiser(database: Database, telegram_id: int) -> Person:
    async with database.read() as tx:
        known = await people.find_by_telegram_id(tx, telegram_id)
    return known or await known_person(database, telegram_id, now=NOON)


async def mark(database: Database, shift: Shift, person: Person, came: bool, *, now: datetime) -> None:
    boss = await organiser(database, 900)
    async with database.write() as tx:
        answer = await crew.mark(tx, shift.id, person.id, came, actor_id=boss.id, now=now)
    assert answer == crew.Marked(came)


async def end(database: Database, shift: Shift, *, now: datetime | None = None) -> None:
    async with database.write() as tx:
        await service_hours.end(tx, shift.id, now=now or shift.ends_at)


async def minutes(database: Database, shift: Shift, person: Person) -> list[int]:
    """The person's entries for the shift."""
    async with database.read() as tx:
        return [entry.minutes for entry in await entries.list_of_shift(tx, shift.id, person.id)]


async def correct(
    database: Database, shift: Shift, person: Person, to: int, *, now: datetime, reason: str = "Stayed on"
) -> service_hours.Corrected | Unchanged | TooEarly | NotTheirs:
    boss = await organiser(database, 901)
    async with database.write() as tx:
        return await service_hours.correct(tx, shift.id, person.id, to, reason=reason, by=boss.id, now=now)


async def undo(database: Database, entry_id: int, *, now: datetime) -> object:
    boss = await organiser(database, 902)
    async with database.write() as tx:
        return await service_hours.undo(tx, entry_id, by=boss.id, now=now)


async def test_who_came_has_earned_the_shift_when_it_ends(database: Database) -> None:
    shift = await shift_of(database, await published_event(database, now=NOON))
    person = await helper(database, shift)
    await mark(database, shift, person, True, now=shift.starts_at)
    assert await minutes(database, shift, person) == []
    await end(database, shift)
    assert await minutes(database, shift, person) == [180]


async def test_a_shift_is_earned_once_however_often_it_ends(database: Database) -> None:
    shift = await shift_of(database, await published_event(database, now=NOON))
    person = await helper(database, shift)
    await mark(database, shift, person, True, now=shift.starts_at)
    for _ in range(3):
        await end(database, shift)
    await mark(database, shift, person, True, now=shift.ends_at + HOUR)
    assert await minutes(database, shift, person) == [180]


@pytest.mark.parametrize("hour", [1, 14], ids=["by night", "by day"])
async def test_a_no_show_frees_the_place_and_earns_nothing(database: Database, hour: int) -> None:
    event = await published_event(database, now=NOON)
    starts_at = event.starts_at.replace(hour=hour)
    shift = await shift_of(database, event, starts_at=starts_at)
    person = await helper(database, shift)
    await mark(database, shift, person, False, now=starts_at + HOUR)
    await end(database, shift)
    assert await minutes(database, shift, person) == []
    async with database.read() as tx:
        assert await shifts.count_taken(tx, [shift.id]) == {shift.id: 0}


async def test_nobody_earns_by_silence(database: Database) -> None:
    shift = await shift_of(database, await published_event(database, now=NOON))
    person = await helper(database, shift)
    await end(database, shift)
    assert await minutes(database, shift, person) == []


async def test_a_shift_through_the_night_earns_all_of_it(database: Database) -> None:
    event = await published_event(database, now=NOON)
    shift = await shift_of(
        database, event, starts_at=event.starts_at.replace(hour=14), lasts=timedelta(hours=11)
    )
    person = await helper(database, shift)
    await mark(database, shift, person, True, now=shift.starts_at)
    await end(database, shift)
    assert await minutes(database, shift, person) == [11 * 60]


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "earned"),
    [
        (datetime(2027, 3, 28, 0, 30, tzinfo=UTC), datetime(2027, 3, 28, 3, 30, tzinfo=UTC), 180),
        (datetime(2027, 10, 30, 23, 30, tzinfo=UTC), datetime(2027, 10, 31, 2, 30, tzinfo=UTC), 180),
    ],
    ids=["00:30 to 04:30 in spring", "00:30 to 02:30 in autumn"],
)
async def test_a_night_in_which_the_clock_changes_is_as_long_as_it_was(
    database: Database, starts_at: datetime, ends_at: datetime, earned: int
) -> None:
    event = await published_event(
        database, now=NOON, starts_at=starts_at, ends_at=ends_at, zone="Europe/London"
    )
    shift = await shift_of(database, event, lasts=ends_at - starts_at)
    person = await helper(database, shift)
    await mark(database, shift, person, True, now=starts_at)
    await end(database, shift)
    assert await minutes(database, shift, person) == [earned]


async def test_a_shift_counts_for_the_day_on_which_it_began_there(database: Database) -> None:
    # Half past one on New Year's morning in Hong Kong.
    starts_at = datetime(2026, 12, 31, 17, 30, tzinfo=UTC)
    event = await published_event(database, now=NOON, starts_at=starts_at)
    shift = await shift_of(database, event)
    person = await helper(database, shift)
    await mark(database, shift, person, True, now=starts_at)
    await end(database, shift)
    async with database.read() as tx:
        assert await entries.sum_by_year(tx, person.id) == {2027: 180}
        (served,) = await entries.list_served(tx, person.id, year=2027)
        assert await entries.list_served(tx, person.id, year=2026) == []
    assert (served.first, served.kind, served.minutes) == (date(2027, 1, 1), "forum", 180)


async def test_cancelling_a_shift_that_has_begun_keeps_the_hours(database: Database) -> None:
    shift = await shift_of(database, await published_event(database, now=NOON))
    person = await helper(database, shift)
    await mark(database, shift, person, True, now=shift.starts_at)
    async with database.write() as tx:
        assert not await shift_changes.cancel(tx, shift.id, now=shift.starts_at + HOUR)
    await end(database, shift)
    async with database.write() as tx:
        await shift_changes.cancel(tx, shift.id, now=shift.ends_at + HOUR)
    assert await minutes(database, shift, person) == [180]


async def test_whoever_stops_volunteering_keeps_the_hours(database: Database) -> None:
    shift = await shift_of(database, await published_event(database, now=NOON))
    person = await helper(database, shift)
    await mark(database, shift, person, True, now=shift.starts_at)
    async with database.write() as tx:
        await volunteering.sign_off(tx, person.id, now=shift.starts_at + HOUR)
    await end(database, shift)
    assert await minutes(database, shift, person) == [180]


async def test_marked_afterwards_counts_at_once_and_is_taken_back_as_an_entry(database: Database) -> None:
    shift = await shift_of(database, await published_event(database, now=NOON))
    person = await helper(database, shift)
    await end(database, shift)
    for came, written in [(True, [180]), (False, [180, -180]), (True, [180, -180, 180])]:
        await mark(database, shift, person, came, now=shift.ends_at + HOUR)
        assert await minutes(database, shift, person) == written
    assert await notices_of(database, person, "hours_corrected") == 2


async def test_a_correction_is_a_further_entry_with_its_reason_and_who_made_it(database: Database) -> None:
    shift = await shift_of(database, await published_event(database, now=NOON))
    person = await helper(database, shift)
    await mark(database, shift, person, True, now=shift.starts_at)
    await end(database, shift)
    later = shift.ends_at + 30 * 24 * HOUR
    answer = await correct(database, shift, person, 240, now=later)
    assert isinstance(answer, Corrected)
    assert (answer.before, answer.minutes) == (180, 240)
    async with database.read() as tx:
        earned, correction = await entries.list_of_shift(tx, shift.id, person.id)
        boss = await people.find_by_telegram_id(tx, 901)
        noted = [
            entry for entry in await audit.list_entries(tx, limit=9) if entry.action == "hours_corrected"
        ]
    assert boss is not None
    assert (earned.entry, earned.minutes) == ("earned", 180)
    assert (correction.entry, correction.minutes, correction.reason) == ("correction", 60, "Stayed on")
    assert (correction.entered_by, correction.entered_at) == (boss.id, later)
    assert noted[0].params == {"minutes": 60, "reason": "Stayed on"}
    assert await notices_of(database, person, "hours_corrected") == 1


async def test_a_correction_to_what_is_written_changes_nothing(database: Database) -> None:
    shift = await shift_of(database, await published_event(database, now=NOON))
    person = await helper(database, shift)
    await mark(database, shift, person, True, now=shift.starts_at)
    await end(database, shift)
    assert isinstance(await correct(database, shift, person, 180, now=shift.ends_at), Unchanged)
    assert await notices_of(database, person, "hours_corrected") == 0


async def test_whoever_is_given_hours_was_there(database: Database) -> None:
    shift = await shift_of(database, await published_event(database, now=NOON))
    person = await helper(database, shift)
    await mark(database, shift, person, False, now=shift.starts_at)
    await end(database, shift)
    await correct(database, shift, person, 90, now=shift.ends_at + HOUR)
    await end(database, shift)
    assert await minutes(database, shift, person) == [90]
    async with database.read() as tx:
        signup = await shift_signups.find(tx, shift.id, person.id)
    assert signup is not None
    assert signup.state == "taken"
    assert signup.arrived_at is not None


async def test_a_correction_before_the_hours_were_written_corrects_them_all_the_same(
    database: Database,
) -> None:
    shift = await shift_of(database, await published_event(database, now=NOON))
    person = await helper(database, shift)
    await mark(database, shift, person, True, now=shift.starts_at)
    await correct(database, shift, person, 240, now=shift.ends_at)
    await end(database, shift)
    assert await minutes(database, shift, person) == [180, 60]


async def test_hours_are_corrected_only_when_the_shift_is_over(database: Database) -> None:
    shift = await shift_of(database, await published_event(database, now=NOON))
    person = await helper(database, shift)
    assert isinstance(await correct(database, shift, person, 60, now=shift.starts_at), TooEarly)
    stranger = await known_person(database, 55, now=NOON)
    assert isinstance(await correct(database, shift, stranger, 60, now=shift.ends_at), NotTheirs)


async def test_only_the_last_correction_is_undone_and_only_once(database: Database) -> None:
    shift = await shift_of(database, await published_event(database, now=NOON))
    person = await helper(database, shift)
    await mark(database, shift, person, True, now=shift.starts_at)
    await end(database, shift)
    later = shift.ends_at + HOUR
    first = await correct(database, shift, person, 240, now=later)
    second = await correct(database, shift, person, 200, now=later)
    assert isinstance(first, Corrected)
    assert isinstance(second, Corrected)
    assert isinstance(await undo(database, first.entry, now=later), Later)
    assert isinstance(await undo(database, second.entry, now=later), Corrected)
    assert isinstance(await undo(database, second.entry, now=later), Later)
    assert await minutes(database, shift, person) == [180, 60, -40, 40]


async def test_what_was_earned_is_not_undone_by_a_forged_button(database: Database) -> None:
    shift = await shift_of(database, await published_event(database, now=NOON))
    person = await helper(database, shift)
    await mark(database, shift, person, True, now=shift.starts_at)
    await end(database, shift)
    async with database.read() as tx:
        (earned,) = await entries.list_of_shift(tx, shift.id, person.id)
    assert isinstance(await undo(database, earned.id, now=shift.ends_at), NotTheirs)
    assert isinstance(await undo(database, 10**9, now=shift.ends_at), NotTheirs)


async def test_it_is_asked_who_came_only_where_nobody_has_said(database: Database) -> None:
    event = await published_event(database, now=NOON)
    shift = await shift_of(database, event)
    person = await helper(database, shift)
    other = await helper(database, shift, 8)
    await mark(database, shift, person, True, now=shift.starts_at)
    await mark(database, shift, other, False, now=shift.starts_at)
    await end(database, shift)
    assert await notices_of(database, None, "who_came") == 0
    again = await shift_of(database, event, starts_at=shift.ends_at)
    await helper(database, again, 9)
    await end(database, again)
    assert await notices_of(database, None, "who_came") == 1


async def test_events_for_which_corrections_left_nothing_are_not_listed(database: Database) -> None:
    shift = await shift_of(database, await published_event(database, now=NOON))
    person = await helper(database, shift)
    await mark(database, shift, person, True, now=shift.starts_at)
    await end(database, shift)
    await correct(database, shift, person, 0, now=shift.ends_at + HOUR)
    async with database.read() as tx:
        assert await entries.list_served(tx, person.id) == []
        assert await entries.sum_by_year(tx, person.id) == {}


async def notices_of(database: Database, person: Person | None, kind: str) -> int:
    """How many notices of the kind are owed, to the person or to anybody."""
    async with database.write() as tx:
        claimed = await notices.claim(tx, now=NOON + timedelta(days=90), limit=100)
    return sum(
        notice.kind == kind and (person is None or notice.person_id == person.id) for notice in claimed
    )
