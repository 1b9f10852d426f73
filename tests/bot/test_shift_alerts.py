"""Organisers hear of shifts that are not full, and ask volunteers."""

from datetime import timedelta

import pytest

from bot import covering, crew, jobs, programme, shift_alerts, shift_changes, volunteering
from bot.shift_alerts import Asked, AskedToday, NotOpen
from storage import Database, notices, options, organisers, people
from storage.notices import Settled
from storage.shifts import Shift
from tests.conftest import NOON
from tests.making import known_person, published_event
from tests.shifts import drop, new_shift, owed, take, volunteer

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def beat(database: Database, shift: Shift, hours: float) -> None:
    """Let the clock come so many hours before the shift."""
    async with database.write() as tx:
        await jobs.do_due(tx, now=shift.starts_at - hours * HOUR)


async def told(database: Database, kind: str = "shift_unfilled") -> int:
    """How many are told by such a notice; each counts once."""
    who = await owed(database, kind)
    async with database.write() as tx:
        claimed = await notices.claim(tx, now=NOON + 365 * DAY, limit=100)
        await notices.settle(tx, [Settled(one, "sent") for one in claimed], now=NOON)
    return len(who)


async def test_shifts_still_unfilled_close_to_their_start_alert_the_organiser(database: Database) -> None:
    event = await published_event(database, now=NOON)
    shift = await new_shift(database, event, places=2)
    await take(database, shift, await volunteer(database, 10))
    creator = await known_person(database, 1, now=NOON)
    await beat(database, shift, 73)
    assert await told(database) == 0
    await beat(database, shift, 72)
    assert await owed(database, "shift_unfilled") == [creator.id]
    assert await told(database) == 1
    await beat(database, shift, 25)
    assert await told(database) == 0
    await beat(database, shift, 24)
    assert await told(database) == 1
    await beat(database, shift, 0)
    assert await told(database) == 0


async def test_a_full_shift_alerts_nobody_unless_cover_is_sought(database: Database) -> None:
    event = await published_event(database, now=NOON)
    shift = await new_shift(database, event)
    ming = await volunteer(database, 10)
    await take(database, shift, ming)
    await beat(database, shift, 72)
    assert await told(database) == 0
    async with database.write() as tx:
        await covering.seek(tx, shift.id, ming.id, now=NOON)
    await beat(database, shift, 24)
    assert await told(database) == 1


async def test_thresholds_are_per_event_and_follow_when_they_change(database: Database) -> None:
    event = await published_event(database, now=NOON, unfilled_hours=(48,))
    shift = await new_shift(database, event)
    async with database.write() as tx:
        await programme.change(tx, event.id, {"unfilled_hours": (100, 6)}, now=NOON)
    await beat(database, shift, 100)
    assert await told(database) == 1
    await beat(database, shift, 48)
    assert await told(database) == 0
    await beat(database, shift, 6)
    assert await told(database) == 1
    async with database.write() as tx:
        await programme.change(tx, event.id, {"unfilled_hours": ()}, now=NOON)
    await beat(database, shift, 1)
    assert await told(database) == 0


@pytest.mark.parametrize("way", ["moved", "event moved", "cancelled", "event cancelled"])
async def test_alerts_move_with_the_shift_and_end_with_it(database: Database, way: str) -> None:
    event = await published_event(database, now=NOON)
    shift = await new_shift(database, event)
    async with database.write() as tx:
        match way:
            case "moved":
                await shift_changes.change(
                    tx, shift.id, now=NOON, starts_at=shift.starts_at + DAY, ends_at=shift.ends_at + DAY
                )
            case "event moved":
                later = {"starts_at": event.starts_at + DAY, "ends_at": event.ends_at + DAY}
                await programme.change(tx, event.id, later, now=NOON)
            case "cancelled":
                await shift_changes.cancel(tx, shift.id, now=NOON)
            case _:
                await programme.cancel(tx, event.id, now=NOON)
    await beat(database, shift, 72)
    assert await told(database) == 0
    await beat(database, shift, 48)
    assert await told(database) == (1 if "moved" in way else 0)


async def test_a_shift_added_late_alerts_at_the_next_moment_only(database: Database) -> None:
    event = await published_event(database, now=NOON, starts_at=NOON + 30 * HOUR)
    shift = await new_shift(database, event)
    await beat(database, shift, 30)
    assert await told(database) == 0
    await beat(database, shift, 24)
    assert await told(database) == 1


async def test_a_place_freed_within_a_day_alerts_at_once(database: Database) -> None:
    event = await published_event(database, now=NOON)
    shift = await new_shift(database, event, places=4)
    hands = [await volunteer(database, 10 + n) for n in range(4)]
    for one in hands:
        await take(database, shift, one)
    await drop(database, shift, hands[0], now=shift.starts_at - 25 * HOUR)
    assert await told(database, "shift_freed") == 0
    soon = shift.starts_at - HOUR
    await drop(database, shift, hands[1], now=soon)
    assert await told(database, "shift_freed") == 1
    async with database.write() as tx:
        await volunteering.sign_off(tx, hands[2].id, now=soon + timedelta(minutes=1))
    assert await told(database, "shift_freed") == 1
    async with database.write() as tx:
        at = shift.starts_at - timedelta(minutes=20)
        await crew.mark(tx, shift.id, hands[3].id, False, actor_id=hands[0].id, now=at)
    assert await told(database, "shift_freed") == 1


async def test_without_a_creator_every_organiser_who_can_be_reached_hears(database: Database) -> None:
    event = await published_event(database, now=NOON)
    shift = await new_shift(database, event)
    owner, helper, gone = [await known_person(database, 90 + n, now=NOON) for n in range(3)]
    async with database.write() as tx:
        await options.remember(tx, organisers.OWNERS, f"[{owner.telegram_id}]")
        for one in (helper, gone):
            await people.set_role(tx, one.id, "organiser")
        await people.mark_unreachable(tx, [gone.id, (await known_creator(database)).id], now=NOON)
    await beat(database, shift, 72)
    assert await owed(database, "shift_unfilled") == [owner.id, helper.id]


async def known_creator(database: Database) -> people.Person:
    async with database.read() as tx:
        found = await people.find_by_telegram_id(tx, 1)
    assert found is not None
    return found


async def test_volunteers_are_asked_once_for_a_shift_and_day(database: Database) -> None:
    event = await published_event(database, now=NOON)
    shift = await new_shift(database, event)
    hands = [await volunteer(database, 10 + n) for n in range(2)]
    async with database.write() as tx:
        assert await shift_alerts.ask_volunteers(tx, shift.id, now=NOON) == Asked(2)
        assert await shift_alerts.ask_volunteers(tx, shift.id, now=NOON + HOUR) == AskedToday()
        assert await shift_alerts.ask_volunteers(tx, shift.id, now=NOON + DAY) == Asked(2)
    assert sorted(await owed(database, "shift_wanted"), key=str) == sorted(
        [one.id for one in hands] * 2, key=str
    )
    await take(database, shift, hands[0])
    async with database.write() as tx:
        assert await shift_alerts.ask_volunteers(tx, shift.id, now=NOON + 2 * DAY) == NotOpen()


async def test_at_most_thirty_are_asked_and_not_always_the_same(database: Database) -> None:
    event = await published_event(database, now=NOON)
    for n in range(40):
        await volunteer(database, 100 + n)
    asked = []
    for day in range(2):
        shift = await new_shift(database, event)
        async with database.write() as tx:
            assert await shift_alerts.ask_volunteers(tx, shift.id, now=NOON + day * DAY) == Asked(30)
        asked.append(set(await owed(database, "shift_wanted")))
    assert len(asked[1]) > 30
