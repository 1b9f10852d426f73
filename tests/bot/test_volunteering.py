"""Who may take which shift, and who has it then."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from bot import attendance, shift_applications, shift_changes, volunteering
from bot.requirements import Lacking
from bot.rest import ShortRest
from bot.volunteering import (
    Applied,
    Begun,
    Cancelled,
    Dropped,
    Full,
    Gone,
    Lacks,
    NotSignedUp,
    Overlaps,
    Refused,
    Taken,
    Warned,
)
from storage import Database, shifts
from storage.events import Event
from storage.shifts import Shift
from storage.tables import events as event_table
from tests.conftest import NOON
from tests.making import known_person, published_event
from tests.shifts import drop, new_shift, owed, take, volunteer

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HK = ZoneInfo("Asia/Hong_Kong")


async def needing(
    database: Database, event: Event, *, shift: Shift | None = None, places: int = 1, **needs: Any
) -> Shift:
    """A shift that needs something of whoever takes it."""
    shift = shift or await new_shift(database, event, places=places)
    boss = await known_person(database, 1, now=NOON)
    async with database.write() as tx:
        found = await shift_changes.set_needs(tx, shift.id, now=NOON, actor_id=boss.id, **needs)
    assert found is not None
    return found


async def test_taking_twice_is_harmless(database: Database) -> None:
    event = await published_event(database, now=NOON)
    shift = await new_shift(database, event)
    ming = await volunteer(database, 10)
    for _ in range(2):
        assert isinstance(await take(database, shift, ming), Taken)
    async with database.read() as tx:
        assert await shifts.count_taken(tx, [shift.id]) == {shift.id: 1}


async def test_of_many_at_once_exactly_one_gets_the_last_place(database: Database) -> None:
    event = await published_event(database, now=NOON)
    shift = await new_shift(database, event)
    hands = [await volunteer(database, 20 + n) for n in range(8)]
    answers = await asyncio.gather(*(take(database, shift, one) for one in hands))
    assert sorted(type(answer).__name__ for answer in answers) == ["Full"] * 7 + ["Taken"]
    async with database.read() as tx:
        assert await shifts.count_taken(tx, [shift.id]) == {shift.id: 1}


async def test_two_devices_of_one_person_never_take_two_shifts_that_overlap(database: Database) -> None:
    event = await published_event(database, now=NOON)
    both = [await new_shift(database, event), await new_shift(database, event)]
    ming = await volunteer(database, 10)
    answers = await asyncio.gather(*(take(database, shift, ming) for shift in both))
    assert {type(answer) for answer in answers} == {Taken, Overlaps}


async def test_only_volunteers_take_shifts(database: Database) -> None:
    event = await published_event(database, now=NOON)
    shift = await new_shift(database, event)
    person = await known_person(database, 10, now=NOON)
    assert isinstance(await take(database, shift, person), NotSignedUp)


async def test_dropping_frees_the_place_at_once(database: Database) -> None:
    event = await published_event(database, now=NOON)
    shift = await new_shift(database, event)
    ming, wai = await volunteer(database, 10), await volunteer(database, 11)
    await take(database, shift, ming)
    assert isinstance(await take(database, shift, wai), Full)
    assert await drop(database, shift, ming) == Dropped(shift, was_taken=True)
    assert await drop(database, shift, ming) == Dropped(shift, was_taken=False)
    assert isinstance(await take(database, shift, wai), Taken)


async def test_a_shift_that_is_full_begun_over_cancelled_or_unknown_each_says_so(database: Database) -> None:
    event = await published_event(database, now=NOON)
    shift = await new_shift(database, event)
    ming = await volunteer(database, 10)
    assert await take(database, shift, ming, now=shift.starts_at) == Begun(shift, over=False)
    assert await take(database, shift, ming, now=shift.ends_at) == Begun(shift, over=True)
    async with database.write() as tx:
        assert isinstance(await volunteering.take(tx, 999_999, ming.id, now=NOON), Gone)
        assert isinstance(await volunteering.take(tx, -1, ming.id, now=NOON), Gone)
        assert await shift_changes.cancel(tx, shift.id, now=NOON)
    assert isinstance(await take(database, shift, ming), Cancelled)
    assert isinstance(await drop(database, shift, ming), Cancelled)


async def test_shifts_of_a_draft_do_not_exist_yet(database: Database) -> None:
    event = await published_event(database, now=NOON)
    shift = await new_shift(database, event)
    async with database.write() as tx:
        await tx.run(update(event_table).where(event_table.c.id == event.id).values(state="draft"))
    assert isinstance(await take(database, shift, await volunteer(database, 10)), Gone)


async def test_overlaps_are_of_real_intervals_across_midnight_and_across_events(
    database: Database,
) -> None:
    night = datetime(2026, 11, 28, 22, 0, tzinfo=HK).astimezone(UTC)
    camp = await published_event(database, now=NOON, starts_at=night, ends_at=night + 11 * HOUR)
    visit = await published_event(database, now=NOON, starts_at=night + 10 * HOUR, title="Visit")
    guard, guide = await new_shift(database, camp), await new_shift(database, visit)
    ming = await volunteer(database, 10)
    await take(database, guard, ming)
    assert await take(database, guide, ming) == Overlaps(guide, guard, camp)


async def test_back_to_back_is_no_overlap(database: Database) -> None:
    event = await published_event(database, now=NOON)
    before = await new_shift(database, event, starts_at=event.starts_at - 3 * HOUR, ends_at=event.starts_at)
    during = await new_shift(database, event)
    ming = await volunteer(database, 10)
    assert isinstance(await take(database, before, ming), Taken)
    assert isinstance(await take(database, during, ming), Taken)


@given(*[st.integers(0, 72)] * 2, *[st.integers(1, 30)] * 2)
def test_shifts_overlap_where_they_share_an_hour(
    one: int, other: int, one_lasts: int, other_lasts: int
) -> None:
    def shift(starts: int, lasts: int) -> Shift:
        begins = NOON + starts * HOUR
        return Shift(1, 1, begins, begins + lasts * HOUR, 1, (), None, {}, {})

    shared = set(range(one, one + one_lasts)) & set(range(other, other + other_lasts))
    assert volunteering.overlap(shift(one, one_lasts), shift(other, other_lasts)) == bool(shared)
    assert volunteering.overlap(shift(other, other_lasts), shift(one, one_lasts)) == bool(shared)


async def test_an_event_at_that_time_is_a_warning_and_the_volunteer_decides(database: Database) -> None:
    helped = await published_event(database, now=NOON)
    attended = await published_event(database, now=NOON, title="Visit")
    shift = await new_shift(database, helped)
    ming = await volunteer(database, 10)
    async with database.write() as tx:
        await attendance.join(tx, attended.id, ming.id, now=NOON)
        await attendance.join(tx, helped.id, ming.id, now=NOON)
    assert await take(database, shift, ming) == Warned(shift, (attended,))
    async with database.read() as tx:
        assert not await shifts.has_taken(tx, shift.id, ming.id)
    assert isinstance(await take(database, shift, ming, anyway=True), Taken)


async def test_roles_that_need_approval_or_a_language_say_so_before_the_tap(database: Database) -> None:
    event = await published_event(database, now=NOON)
    shift = await needing(database, event, languages=["yue", "en"], approval=True)
    ming, boss = await volunteer(database, 10), await known_person(database, 1, now=NOON)
    assert await take(database, shift, ming) == Lacks(shift, Lacking(languages=("yue",)))
    async with database.write() as tx:
        assert await volunteering.add_languages(tx, shift.id, ming.id)
    for _ in range(2):
        assert await take(database, shift, ming) == Applied(shift, event)
    assert await owed(database, "shift_applied") == [boss.id]
    async with database.read() as tx:
        assert await shifts.count_taken(tx, [shift.id]) == {shift.id: 0}


async def test_whoever_is_approved_has_the_shift_and_whoever_is_not_hears_why(database: Database) -> None:
    event = await published_event(database, now=NOON)
    shift = await needing(database, event, approval=True, places=1)
    ming, wai, ann = [await volunteer(database, 10 + n) for n in range(3)]
    boss = await known_person(database, 1, now=NOON)
    for one in (ming, wai, ann):
        assert isinstance(await take(database, shift, one), Applied)
    async with database.write() as tx:
        for _ in range(2):
            answer = await shift_applications.approve(tx, shift.id, ming.id, actor_id=boss.id, now=NOON)
            assert answer == shift_applications.Approved(shift)
        full = await shift_applications.approve(tx, shift.id, wai.id, actor_id=boss.id, now=NOON)
        assert full == Full(shift)
        for reason in ("We are enough", "Another one"):
            await shift_applications.refuse(tx, shift.id, wai.id, reason, actor_id=boss.id, now=NOON)
        assert await volunteering.withdraw(tx, shift.id, ann.id, now=NOON)
        gone = await shift_applications.approve(tx, shift.id, ann.id, actor_id=boss.id, now=NOON)
        assert gone == shift_applications.NotAsking(shift)
    assert await take(database, shift, wai) == Refused(shift, "We are enough")
    assert await owed(database, "shift_approved") == [ming.id]
    assert await owed(database, "shift_refused") == [wai.id]


async def test_who_asked_for_a_shift_hears_that_it_is_cancelled(database: Database) -> None:
    event = await published_event(database, now=NOON)
    shift = await needing(database, event, approval=True)
    ming = await volunteer(database, 10)
    await take(database, shift, ming)
    async with database.write() as tx:
        for _ in range(2):
            await shift_changes.cancel(tx, shift.id, now=NOON)
    assert await owed(database, "shift_cancelled") == [ming.id]


async def test_who_is_approved_has_no_other_shift_at_that_time(database: Database) -> None:
    event = await published_event(database, now=NOON)
    shift = await needing(database, event, approval=True)
    other = await new_shift(database, event)
    ming, boss = await volunteer(database, 10), await known_person(database, 1, now=NOON)
    await take(database, shift, ming)
    await take(database, other, ming)
    async with database.write() as tx:
        answer = await shift_applications.approve(tx, shift.id, ming.id, actor_id=boss.id, now=NOON)
    assert answer == Overlaps(shift, other, event)


async def test_when_a_shift_comes_to_need_more_whoever_has_it_keeps_it(database: Database) -> None:
    event = await published_event(database, now=NOON)
    shift = await new_shift(database, event)
    ming = await volunteer(database, 10)
    await take(database, shift, ming)
    await needing(database, event, shift=shift, languages=["ur"], certificate="driving", approval=True)
    assert isinstance(await take(database, shift, ming), Taken)
    assert await owed(database, "shift_changed") == []


async def test_too_little_rest_is_a_warning_and_the_volunteer_decides(database: Database) -> None:
    event = await published_event(database, now=NOON)
    evening = await new_shift(database, event)
    early = await new_shift(
        database, event, starts_at=evening.ends_at + 10 * HOUR, ends_at=evening.ends_at + 12 * HOUR
    )
    ming = await volunteer(database, 10)
    await take(database, evening, ming)
    assert await take(database, early, ming) == Warned(early, strains=(ShortRest(10 * HOUR),))
    assert isinstance(await take(database, early, ming, anyway=True), Taken)


async def test_who_stops_volunteering_gives_back_what_has_not_begun(database: Database) -> None:
    event = await published_event(database, now=NOON)
    early, late = (
        await new_shift(database, event, ends_at=event.starts_at + HOUR),
        await new_shift(database, event, starts_at=event.starts_at + HOUR),
    )
    ming = await volunteer(database, 10)
    await take(database, early, ming)
    await take(database, late, ming)
    async with database.write() as tx:
        assert await volunteering.sign_off(tx, ming.id, now=event.starts_at) == 1
        assert await shifts.has_taken(tx, early.id, ming.id)
        assert not await shifts.has_taken(tx, late.id, ming.id)
