"""What becomes of shifts that change, move with their event or end early, and what their people are owed."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot import programme, reminders, shift_changes, volunteering
from bot.volunteering import (
    Begun,
    Full,
    Taken,
)
from storage import Database, Transaction, events, people, shifts
from storage.shifts import Shift
from tests.conftest import NOON
from tests.making import published_event
from tests.shifts import drop, new_shift, owed, take, volunteer

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def beat(database: Database, now: datetime) -> None:
    async with database.write() as tx:
        await reminders.fire_due(tx, now=now)


async def test_calendars_hear_of_a_new_time_or_role_and_of_the_end_by_the_revision(
    database: Database,
) -> None:
    event = await published_event(database, now=NOON)
    shift = await new_shift(database, event)
    revisions = []
    changes: list[dict[str, Any]] = [
        {"places": 3},
        {"roles": {"en": "Interpreter"}},
        {"ends_at": shift.ends_at + HOUR},
    ]
    async with database.write() as tx:
        for values in changes:
            await shift_changes.change(tx, shift.id, now=NOON, **values)
            revisions.append(await revision_of(tx, shift))
        later = {"starts_at": event.starts_at + DAY, "ends_at": event.ends_at + DAY}
        await programme.change(tx, event.id, later, now=NOON)
        revisions.append(await revision_of(tx, shift))
        await shift_changes.cancel(tx, shift.id, now=NOON)
        revisions.append(await revision_of(tx, shift))
    assert revisions == [0, 1, 2, 3, 4]


async def revision_of(tx: Transaction, shift: Shift) -> int:
    found = await shifts.find(tx, shift.id)
    assert found is not None
    return found.revision


async def test_a_shift_that_has_begun_can_not_be_dropped_or_deleted_and_keeps_its_hours(
    database: Database,
) -> None:
    event = await published_event(database, now=NOON)
    shift = await new_shift(database, event)
    ming = await volunteer(database, 10)
    await take(database, shift, ming)
    assert isinstance(await drop(database, shift, ming, now=shift.starts_at), Begun)
    async with database.write() as tx:
        assert not await shift_changes.cancel(tx, shift.id, now=shift.starts_at)
        await programme.cancel(tx, event.id, now=shift.starts_at)
        kept = await shifts.find(tx, shift.id)
        assert kept is not None
        assert kept.cancelled_at is None
        assert await shifts.has_taken(tx, shift.id, ming.id)
    assert await owed(database, "shift_cancelled") == []


async def test_a_cancelled_shift_tells_everyone_on_it_once(database: Database) -> None:
    event = await published_event(database, now=NOON)
    shift = await new_shift(database, event, places=3)
    ming, wai, dropped = [await volunteer(database, 10 + n) for n in range(3)]
    for one in (ming, wai, dropped):
        await take(database, shift, one)
    await drop(database, shift, dropped)
    async with database.write() as tx:
        await people.mute(tx, wai.id, "shifts")
        assert await shift_changes.cancel(tx, shift.id, now=NOON)
        assert not await shift_changes.cancel(tx, shift.id, now=NOON + HOUR)
    assert await owed(database, "shift_cancelled") == [ming.id, wai.id]


async def test_fewer_places_remove_nobody_and_more_are_free_at_once(database: Database) -> None:
    event = await published_event(database, now=NOON)
    shift = await new_shift(database, event, places=2)
    ming, wai, ann = [await volunteer(database, 10 + n) for n in range(3)]
    await take(database, shift, ming)
    await take(database, shift, wai)
    for places, expected in ((1, Full), (3, Taken)):
        async with database.write() as tx:
            await shift_changes.change(tx, shift.id, now=NOON, places=places)
            assert (await shifts.count_taken(tx, [shift.id]))[shift.id] == 2
        assert isinstance(await take(database, shift, ann), expected)
    assert await owed(database, "shift_changed") == []


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"starts_at": NOON + 7 * DAY}, True),
        ({"ends_at": NOON + 9 * DAY}, True),
        ({"roles": {"en": "Interpreter"}}, True),
        ({"roles": {"en": "Guide", "zh_Hant_HK": "導賞員"}}, False),
        ({"places": 5}, False),
        ({"notes": {"en": "Bring a cap"}}, False),
    ],
)
async def test_editing_tells_its_people_once_and_only_of_a_new_time_or_role(
    database: Database, changes: dict[str, Any], told: bool
) -> None:
    event = await published_event(database, now=NOON)
    shift = await new_shift(database, event)
    ming = await volunteer(database, 10)
    await take(database, shift, ming)
    for _ in range(2):
        async with database.write() as tx:
            await shift_changes.change(tx, shift.id, now=NOON, **changes)
    assert await owed(database, "shift_changed") == ([ming.id] if told else [])


async def test_nobody_is_told_of_a_shift_that_has_ended(database: Database) -> None:
    event = await published_event(database, now=NOON)
    shift = await new_shift(database, event)
    await take(database, shift, await volunteer(database, 10))
    async with database.write() as tx:
        await shift_changes.change(tx, shift.id, now=shift.ends_at, ends_at=shift.ends_at + HOUR)
        await programme.change_text(tx, event.id, "en", {"place": "Elsewhere"}, now=shift.ends_at + HOUR)
    assert await owed(database, "shift_changed") == []


async def test_a_new_place_of_the_event_is_told_to_those_on_its_shifts_once(database: Database) -> None:
    event = await published_event(database, now=NOON)
    shift = await new_shift(database, event)
    ming = await volunteer(database, 10)
    await take(database, shift, ming)
    for _ in range(2):
        async with database.write() as tx:
            await programme.change_text(tx, event.id, "en", {"place": "Elsewhere"}, now=NOON)
    assert await owed(database, "shift_changed") == [ming.id]


async def test_shifts_follow_their_event_by_the_clock_on_the_wall(database: Database) -> None:
    london = ZoneInfo("Europe/London")
    # The clocks go forward on 28 March 2027.
    starts = datetime(2027, 3, 26, 19, 0, tzinfo=london).astimezone(UTC)
    event = await published_event(database, now=NOON, starts_at=starts, zone="Europe/London")
    shift = await new_shift(database, event, starts_at=starts - HOUR, ends_at=starts + HOUR)
    ming = await volunteer(database, 10)
    await take(database, shift, ming)
    later = datetime(2027, 4, 2, 18, 30, tzinfo=london).astimezone(UTC)
    async with database.write() as tx:
        await programme.change(tx, event.id, {"starts_at": later, "ends_at": later + 2 * HOUR}, now=NOON)
        moved = await shifts.find(tx, shift.id)
    assert moved is not None
    assert moved.starts_at.astimezone(london) == datetime(2027, 4, 2, 17, 30, tzinfo=london)
    assert moved.ends_at - moved.starts_at == 2 * HOUR
    assert await owed(database, "shift_changed") == [ming.id]


async def test_a_shift_that_has_begun_does_not_move_with_its_event(database: Database) -> None:
    event = await published_event(database, now=NOON)
    early = await new_shift(database, event, starts_at=event.starts_at - DAY)
    now = event.starts_at - HOUR
    async with database.write() as tx:
        changes = {"starts_at": event.starts_at + DAY, "ends_at": event.ends_at + DAY}
        await programme.change(tx, event.id, changes, now=now)
        assert await shifts.find(tx, early.id) == early


async def test_whoever_is_moved_into_an_overlap_keeps_both_shifts(database: Database) -> None:
    event, other = (
        await published_event(database, now=NOON),
        await published_event(database, now=NOON, starts_at=NOON + 9 * DAY, title="Visit"),
    )
    moving, staying = await new_shift(database, event), await new_shift(database, other)
    ming = await volunteer(database, 10)
    await take(database, moving, ming)
    await take(database, staying, ming)
    async with database.write() as tx:
        changes = {"starts_at": other.starts_at, "ends_at": other.ends_at}
        await programme.change(tx, event.id, changes, now=NOON)
        moved = await shifts.find(tx, moving.id)
        assert moved is not None
        assert await volunteering.find_overlapping(tx, moved, ming.id) == [
            (staying, await events.find(tx, other.id))
        ]
        assert await shifts.has_taken(tx, moving.id, ming.id)
        assert await shifts.has_taken(tx, staying.id, ming.id)


async def test_reminders_go_to_those_who_had_the_shift_at_the_moment_and_want_them(
    database: Database,
) -> None:
    event = await published_event(database, now=NOON, starts_at=NOON + 3 * DAY)
    shift = await new_shift(database, event, places=9)
    ming, muted, dropped, late = [await volunteer(database, 10 + n) for n in range(4)]
    for one in (ming, muted, dropped):
        await take(database, shift, one)
    await drop(database, shift, dropped, now=NOON + HOUR)
    async with database.write() as tx:
        await people.mute(tx, muted.id, "shifts")
    day_before = shift.starts_at - DAY
    await take(database, shift, late, now=day_before + timedelta(seconds=1))
    await beat(database, day_before + timedelta(seconds=2))
    await beat(database, day_before + timedelta(seconds=3))
    assert await owed(database, "shift_reminder") == [ming.id]


async def test_moving_a_shift_moves_its_reminders_and_forgets_those_owed(database: Database) -> None:
    event = await published_event(database, now=NOON, starts_at=NOON + 3 * DAY)
    shift = await new_shift(database, event)
    ming = await volunteer(database, 10)
    await take(database, shift, ming)
    now = shift.starts_at - DAY
    await beat(database, now)
    async with database.write() as tx:
        await shift_changes.change(
            tx, shift.id, now=now, starts_at=shift.starts_at + DAY, ends_at=shift.ends_at + DAY
        )
    assert await owed(database, "shift_reminder") == []
    await beat(database, now + HOUR)
    assert await owed(database, "shift_reminder") == []
    await beat(database, now + DAY)
    assert await owed(database, "shift_reminder") == [ming.id]


async def test_a_cancelled_shift_reminds_nobody(database: Database) -> None:
    event = await published_event(database, now=NOON, starts_at=NOON + 3 * DAY)
    shift = await new_shift(database, event)
    await take(database, shift, await volunteer(database, 10))
    async with database.write() as tx:
        await shift_changes.cancel(tx, shift.id, now=NOON)
    await beat(database, shift.starts_at - HOUR)
    assert await owed(database, "shift_reminder") == []
