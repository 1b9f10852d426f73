"""Organisers add, move and remove people, and make one event out of two."""

import asyncio
from datetime import timedelta
from typing import Any

from bot import merging
from bot.attendance import Cancelled, Refused, Seated, Waiting
from bot.merging import Already, Impossible, Merger, Put
from storage import Database, audit, events, rsvps
from storage.events import Event
from tests.conftest import NOON
from tests.making import published_event
from tests.places import arrived, changed, joined, rsvp_of, somebody, states, told


async def two(database: Database, places: int, into_places: int, **values: Any) -> tuple[Event, Event]:
    return (
        await published_event(database, now=NOON, capacity=places, companions=3, **values),
        await published_event(database, now=NOON, capacity=into_places, companions=3, **values),
    )


async def merged(database: Database, event: Event, into: Event) -> Merger | Impossible:
    boss = await somebody(database)
    async with database.write() as tx:
        return await merging.merge(tx, event.id, into.id, boss, now=NOON)


async def test_a_merger_keeps_the_order_seats_first_as_long_as_there_is_room(database: Database) -> None:
    event, into = await two(database, 3, 3)
    there = await arrived(database, into)
    came = [await arrived(database, event, at=NOON + timedelta(seconds=number)) for number in range(4)]
    async with database.read() as tx:
        seen = await merging.preview(tx, event.id, into.id, now=NOON)
    done = await merged(database, event, into)
    assert isinstance(seen, Merger)
    assert isinstance(done, Merger)
    assert (seen.seated, seen.waiting) == (done.seated, done.waiting) == (2, 2)
    assert await states(database, into, there, *came) == ["going", "going", "going", "waiting", "waiting"]
    assert [await told(database, one) for one in came] == [["event_merged"]] * 4
    assert await told(database, there) == []


async def test_who_is_at_both_keeps_the_better_standing_and_the_larger_party(database: Database) -> None:
    event, into = await two(database, 9, 4)
    pair = await arrived(database, into)
    await arrived(database, into, companions=2)
    await joined(database, event, pair, companions=1)
    waits = await arrived(database, into)
    await joined(database, event, waits)
    assert await states(database, into, pair, waits) == ["going", "waiting"]
    done = await merged(database, event, into)
    assert isinstance(done, Merger)
    assert done.both == 2
    # There is no room for one more: the seat is kept as it was.
    assert (await rsvp_of(database, into, pair)).companions == 0
    assert await states(database, into, pair, waits) == ["going", "waiting"]
    await changed(database, into, capacity=9)
    assert await states(database, into, waits) == ["going"]


async def test_the_merged_event_is_cancelled_and_names_the_other(database: Database) -> None:
    event, into = await two(database, 3, 3)
    who = await arrived(database, event)
    await merged(database, event, into)
    answer = await joined(database, event, who)
    assert isinstance(answer, Cancelled)
    assert answer.event.merged_into == into.id
    assert isinstance(await merged(database, event, into), Impossible)
    async with database.read() as tx:
        actions = [one.action for one in await audit.list_entries(tx, event_id=into.id, limit=5)]
    assert "events_merged" in actions


async def test_events_merge_across_in_both_directions_and_never_into_themselves(database: Database) -> None:
    event, into = await two(database, 3, 3)
    assert isinstance(await merged(database, event, event), Impossible)
    assert isinstance(await merged(database, into, event), Merger)


async def test_two_organisers_who_merge_both_ways_at_once_merge_once(database: Database) -> None:
    event, into = await two(database, 3, 3)
    for one in (event, into):
        await arrived(database, one)
    done = await asyncio.gather(merged(database, event, into), merged(database, into, event))
    assert sorted(type(one).__name__ for one in done) == ["Impossible", "Merger"]


async def test_a_moved_person_is_told_once_and_frees_the_place(database: Database) -> None:
    event, into = await two(database, 1, 1)
    first, second = await arrived(database, event), await arrived(database, event)
    boss = await somebody(database)
    async with database.write() as tx:
        done = await merging.move(tx, event.id, into.id, first, boss, now=NOON)
        again = await merging.move(tx, event.id, into.id, first, boss, now=NOON)
    assert isinstance(done, Put)
    assert isinstance(done.standing, Seated)
    assert isinstance(again, Already)
    assert await states(database, event, second) == ["going"]
    assert await told(database, first) == ["person_moved"]
    async with database.read() as tx:
        assert await rsvps.find(tx, event.id, first) is None


async def test_an_organiser_adds_somebody_though_sign_up_has_closed_but_never_a_place(
    database: Database,
) -> None:
    event = await published_event(
        database, now=NOON, capacity=1, audience="invited", deadline_at=NOON - timedelta(hours=1)
    )
    boss, first, second = [await somebody(database) for _ in range(3)]
    async with database.write() as tx:
        one = await merging.add(tx, event.id, first, boss, now=NOON)
        two = await merging.add(tx, event.id, second, boss, now=NOON)
        again = await merging.add(tx, event.id, first, boss, now=NOON)
    assert isinstance(one, Put)
    assert isinstance(two, Put)
    assert isinstance(one.standing, Seated)
    assert isinstance(two.standing, Waiting)
    assert isinstance(again, Already)
    assert await told(database, first) == ["person_added"]


async def test_who_is_removed_hears_why_and_does_not_come_back_by_themselves(database: Database) -> None:
    event = await published_event(database, now=NOON, capacity=1)
    first, second = await arrived(database, event), await arrived(database, event)
    boss = await somebody(database)
    async with database.write() as tx:
        await merging.remove(tx, event.id, first, boss, " For pupils only ", now=NOON)
        again = await merging.remove(tx, event.id, first, boss, "twice", now=NOON)
    assert isinstance(again, Already)
    answer = await joined(database, event, first)
    assert isinstance(answer, Refused)
    assert answer.reason == "For pupils only"
    assert await states(database, event, second) == ["going"]
    assert await told(database, first) == ["place_taken_back"]
    async with database.write() as tx:
        back = await merging.add(tx, event.id, first, boss, now=NOON)
    assert isinstance(back, Put)
    assert isinstance(back.standing, Waiting)


async def test_nothing_is_merged_with_what_is_over_or_cancelled(database: Database) -> None:
    event, into = await two(database, 3, 3)
    async with database.write() as tx:
        await events.change(tx, into.id, now=NOON, state="cancelled")
    assert isinstance(await merged(database, event, into), Impossible)
