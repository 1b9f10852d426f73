"""Who leads a shift, and who came to it."""

import asyncio
from datetime import timedelta

import pytest

from bot import crew, shift_changes
from bot.crew import Marked, NotNow, NotOnShift, Oneself
from storage import Database, shifts
from storage.people import Person
from storage.shifts import Shift
from tests.conftest import NOON
from tests.making import known_person, published_event
from tests.shifts import has, new_shift, owed, standing, take, volunteer, written_down

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


async def on_duty(database: Database, *, night: bool = False) -> tuple[Shift, Person, Person, Person]:
    """A shift with a leader and a hand, and an organiser."""
    starts_at = NOON + timedelta(days=7, hours=10 if night else 0)
    event = await published_event(database, now=NOON, starts_at=starts_at)
    shift = await new_shift(database, event, places=2)
    boss = await known_person(database, 1, now=NOON)
    leader, hand = await volunteer(database, 10), await volunteer(database, 11)
    for one in (leader, hand):
        await take(database, shift, one)
    async with database.write() as tx:
        assert await crew.set_leader(tx, shift.id, leader.id, True, actor_id=boss.id, now=NOON)
    return shift, boss, leader, hand


async def mark(
    database: Database, shift: Shift, person: Person, came: bool | None, by: Person, minutes: int = 0
) -> object:
    async with database.write() as tx:
        return await crew.mark(
            tx, shift.id, person.id, came, actor_id=by.id, now=shift.starts_at + minutes * MINUTE
        )


async def test_a_leader_is_told_once_and_stops_being_one_with_the_shift(database: Database) -> None:
    shift, boss, leader, hand = await on_duty(database)
    async with database.write() as tx:
        assert await crew.set_leader(tx, shift.id, leader.id, True, actor_id=boss.id, now=NOON)
        assert await crew.leads(tx, shift.id, leader.id)
        assert not await crew.leads(tx, shift.id, hand.id)
        assert not await crew.set_leader(tx, shift.id, boss.id, True, actor_id=boss.id, now=NOON)
        await shifts.put_signup(tx, shift.id, leader.id, state="dropped", now=NOON)
        assert not await crew.leads(tx, shift.id, leader.id)
    assert await owed(database, "leader_named") == [leader.id]


@pytest.mark.parametrize("night", [False, True])
async def test_a_no_show_frees_the_place_and_keeps_no_arrival(database: Database, night: bool) -> None:
    shift, _, leader, hand = await on_duty(database, night=night)
    await mark(database, shift, hand, True, leader)
    assert await mark(database, shift, hand, False, leader) == Marked(False)
    assert not await has(database, shift, hand)
    signup = await standing(database, shift, hand)
    assert signup is not None
    assert (signup.state, signup.arrived_at) == ("missed", None)
    assert await mark(database, shift, hand, None, leader) == Marked(None)
    assert await has(database, shift, hand)


async def test_of_several_who_press_the_same_name_the_first_is_noted_and_all_hear_the_same(
    database: Database,
) -> None:
    shift, boss, leader, hand = await on_duty(database)
    answers = await asyncio.gather(*(mark(database, shift, hand, True, by) for by in (boss, leader, boss)))
    assert answers == [Marked(True)] * 3
    assert [action for action, *_ in await written_down(database)].count("came_to_shift") == 1
    signup = await standing(database, shift, hand)
    assert signup is not None
    assert signup.arrived_at == shift.starts_at


async def test_nobody_checks_in_themselves(database: Database) -> None:
    shift, _, leader, _ = await on_duty(database)
    assert await mark(database, shift, leader, True, leader) == Oneself()


async def test_who_came_is_noted_from_half_an_hour_before_until_twelve_hours_after(
    database: Database,
) -> None:
    shift, _, leader, hand = await on_duty(database)
    end = int((shift.ends_at - shift.starts_at) / MINUTE)
    assert await mark(database, shift, hand, True, leader, -31) == NotNow(early=True)
    assert await mark(database, shift, hand, True, leader, -30) == Marked(True)
    assert await mark(database, shift, hand, None, leader, end + 12 * 60) == Marked(None)
    assert await mark(database, shift, hand, True, leader, end + 12 * 60 + 1) == NotNow(early=False)


async def test_strangers_to_the_shift_and_cancelled_shifts_are_not_marked(database: Database) -> None:
    shift, boss, leader, hand = await on_duty(database)
    assert await mark(database, shift, boss, True, leader) == NotOnShift()
    async with database.write() as tx:
        await shift_changes.cancel(tx, shift.id, now=NOON)
    assert await mark(database, shift, hand, True, leader) == NotOnShift()


async def test_what_leaders_and_organisers_do_is_written_down(database: Database) -> None:
    shift, boss, leader, hand = await on_duty(database)
    await mark(database, shift, hand, True, leader)
    await mark(database, shift, hand, None, leader)
    await mark(database, shift, hand, False, boss)
    async with database.write() as tx:
        await crew.set_leader(tx, shift.id, leader.id, False, actor_id=boss.id, now=NOON)
    assert await written_down(database) == [
        ("leader_appointed", boss.id, leader.id),
        ("came_to_shift", leader.id, hand.id),
        ("shift_mark_undone", leader.id, hand.id),
        ("missed_shift", boss.id, hand.id),
        ("leader_dismissed", boss.id, leader.id),
    ]
