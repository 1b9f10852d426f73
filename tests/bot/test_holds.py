"""Putting events on hold: whom it concerns, who is told what and how often, and what comes of it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot import attendance, holds, programme, volunteering
from storage import Database, audit, events, notices, people, shifts
from storage import holds as hold_rows
from storage.events import Event
from storage.notices import Owed
from storage.owing import ANSWER
from storage.people import Person
from tests.conftest import NOON
from tests.making import known_person, published_event

HOME = ZoneInfo("Asia/Hong_Kong")


async def event_today(database: Database, *, hours: int = 3, **values: object) -> Event:
    return await published_event(database, now=NOON, starts_at=NOON + timedelta(hours=hours), **values)


async def seated(database: Database, event: Event, number: int) -> Person:
    person = await known_person(database, number, now=NOON)
    async with database.write() as tx:
        await attendance.join(tx, event.id, person.id, now=NOON)
    return person


async def on_shift(database: Database, event: Event, number: int) -> Person:
    person = await known_person(database, number, now=NOON)
    async with database.write() as tx:
        shift = await shifts.add(
            tx, event.id, starts_at=event.starts_at, ends_at=event.ends_at, places=3, roles={"en": "Door"}
        )
        await volunteering.sign_up(tx, person.id, languages=["en"], skills="", free=[], now=NOON)
        await volunteering.take(tx, shift, person.id, now=NOON)
    return person


async def hold(
    database: Database, found: Sequence[Event], *, actor: int = 0, now: datetime = NOON
) -> holds.Told:
    async with database.write() as tx:
        ids = [event.id for event in found]
        return await holds.hold(tx, ids, "typhoon8", actor_id=actor, now=now)


async def boss(database: Database) -> Person:
    return await known_person(database, 77, now=NOON)


async def owed(database: Database, *kinds: str, now: datetime = NOON) -> list[Owed]:
    async with database.write() as tx:
        claimed = await notices.claim(tx, now=now, limit=100)
    return [one for one in claimed if one.kind in kinds]


async def test_today_is_what_still_goes_on_today_and_nothing_else(database: Database) -> None:
    today = await event_today(database)
    over = await published_event(
        database, now=NOON, starts_at=NOON - timedelta(hours=3), ends_at=NOON - timedelta(hours=1)
    )
    camp = await published_event(
        database, now=NOON, starts_at=NOON - timedelta(days=1), ends_at=NOON + timedelta(days=1)
    )
    tomorrow = await published_event(database, now=NOON, starts_at=NOON + timedelta(hours=12))
    cancelled = await event_today(database)
    async with database.write() as tx:
        await programme.cancel(tx, cancelled.id, now=NOON)
        found = {event.id for event in await holds.list_today(tx, now=NOON, home=HOME)}
    assert found == {today.id, camp.id}
    assert not found & {over.id, tomorrow.id}


async def test_everybody_concerned_is_told_once_however_they_are_concerned(database: Database) -> None:
    first, second = await event_today(database, capacity=1), await event_today(database, hours=5)
    sitting = await seated(database, first, 11)
    waiting = await seated(database, first, 12)
    helper = await on_shift(database, first, 13)
    async with database.write() as tx:
        for event in (first, second):
            await attendance.join(tx, event.id, helper.id, now=NOON)
        await people.mute(tx, waiting.id, "events")
    stranger = await known_person(database, 14, now=NOON)
    actor = await boss(database)
    told = await hold(database, [first, second], actor=actor.id)
    got = await owed(database, "events_held")
    maker = await known_person(database, 1, now=NOON)
    assert sorted(one.person_id or 0 for one in got) == sorted([sitting.id, waiting.id, helper.id, maker.id])
    assert told.people == 4
    assert stranger.id not in {one.person_id for one in got}


async def test_a_hold_goes_out_at_night_too_and_before_everything_else(database: Database) -> None:
    event = await event_today(database)
    await seated(database, event, 11)
    await hold(database, [event], actor=(await boss(database)).id)
    assert {one.rank for one in await owed(database, "events_held")} == {ANSWER}


async def test_holding_twice_tells_nobody_twice(database: Database) -> None:
    event, actor = await event_today(database), await boss(database)
    await seated(database, event, 11)
    assert (await hold(database, [event], actor=actor.id)).people == 2
    again = await hold(database, [event], actor=actor.id, now=NOON + timedelta(minutes=1))
    assert again == holds.Told()
    assert len(await owed(database, "events_held", now=NOON + timedelta(minutes=1))) == 2


async def test_whoever_presses_is_not_told_what_they_know(database: Database) -> None:
    event = await event_today(database)
    person = await seated(database, event, 11)
    await hold(database, [event], actor=person.id)
    assert person.id not in {one.person_id for one in await owed(database, "events_held")}


async def test_what_is_over_or_cancelled_or_unknown_is_not_held(database: Database) -> None:
    event, actor = await event_today(database), await boss(database)
    late = NOON + timedelta(days=1)
    assert (await hold(database, [event], actor=actor.id, now=late)).events == ()
    async with database.write() as tx:
        await programme.cancel(tx, event.id, now=NOON)
        assert (
            await holds.hold(tx, [event.id, 4711, -1], "other", actor_id=actor.id, now=NOON) == holds.Told()
        )


async def test_it_takes_place_after_all_and_each_is_told_once(database: Database) -> None:
    event, actor = await event_today(database), await boss(database)
    person = await seated(database, event, 11)
    await hold(database, [event], actor=actor.id)
    async with database.write() as tx:
        told = await holds.resume(tx, [event.id], actor_id=actor.id, now=NOON)
        again = await holds.resume(tx, [event.id], actor_id=actor.id, now=NOON)
        now_is = await events.find(tx, event.id)
    assert now_is is not None
    assert now_is.held_at is None
    assert (told.people, again.people) == (2, 0)
    got = [one.person_id for one in await owed(database, "events_resumed")]
    assert got.count(person.id) == 1


async def test_an_event_held_again_after_it_was_released_is_told_again(database: Database) -> None:
    event, actor = await event_today(database), await boss(database)
    await seated(database, event, 11)
    await hold(database, [event], actor=actor.id)
    async with database.write() as tx:
        await holds.resume(tx, [event.id], actor_id=actor.id, now=NOON)
    await hold(database, [event], actor=actor.id, now=NOON + timedelta(minutes=5))
    assert len(await owed(database, "events_held", now=NOON + timedelta(minutes=5))) == 4


async def test_cancelling_what_is_on_hold_ends_the_hold(database: Database) -> None:
    event, other = await event_today(database), await event_today(database)
    actor, person = await boss(database), await seated(database, event, 11)
    await hold(database, [event], actor=actor.id)
    async with database.write() as tx:
        told = await holds.call_off(tx, [event.id, other.id], actor_id=actor.id, now=NOON)
        left = [one.id for one in await holds.list_held(tx, now=NOON)]
    assert [one.id for one in told.events] == [event.id]
    assert left == []
    assert person.id in {one.person_id for one in await owed(database, "event_cancelled")}


async def test_a_new_time_ends_the_hold_and_whole_days_keep_the_clock(database: Database) -> None:
    zone = ZoneInfo("Europe/London")
    start = datetime(2027, 3, 27, 18, 30, tzinfo=zone)
    event = await published_event(database, now=NOON, starts_at=start, zone="Europe/London")
    actor, person = await boss(database), await seated(database, event, 11)
    await hold(database, [event], actor=actor.id)
    async with database.write() as tx:
        await holds.put_off(tx, [event.id], timedelta(days=1, hours=1), actor_id=actor.id, now=NOON)
        moved = await events.find(tx, event.id)
    assert moved is not None
    # The clocks go forward that night.
    assert moved.starts_at.astimezone(zone) == datetime(2027, 3, 28, 19, 30, tzinfo=zone)
    assert moved.held_at is None
    got = await owed(database, "event_changed")
    maker = await known_person(database, 1, now=NOON)
    assert sorted(one.person_id or 0 for one in got) == sorted([person.id, maker.id])


async def test_a_new_start_by_any_way_ends_the_hold_and_a_new_title_does_not(database: Database) -> None:
    event, actor = await event_today(database), await boss(database)
    await hold(database, [event], actor=actor.id)
    async with database.write() as tx:
        renamed = await programme.change_text(tx, event.id, "en", {"title": "Other"}, now=NOON)
        assert renamed is not None
        assert renamed.event.held_at == NOON
        later = event.starts_at + timedelta(hours=1)
        changes = {"starts_at": later, "ends_at": later + timedelta(hours=2)}
        moved = await programme.change(tx, event.id, changes, now=NOON)
    assert moved is not None
    assert moved.event.held_at is None
    assert moved.event.held_because is None


async def test_what_organisers_decide_about_holds_is_written_down(database: Database) -> None:
    event, actor = await event_today(database), await boss(database)
    await hold(database, [event], actor=actor.id)
    async with database.write() as tx:
        await holds.resume(tx, [event.id], actor_id=actor.id, now=NOON)
        found = [one.action for one in await audit.list_entries(tx, event_id=event.id, limit=9)]
    assert {"event_held", "event_resumed"} <= set(found)


async def test_a_guardian_who_agreed_is_concerned_and_nobody_who_left(database: Database) -> None:
    event = await event_today(database)
    left = await seated(database, event, 11)
    async with database.write() as tx:
        await attendance.leave(tx, event.id, left.id, now=NOON)
        maker = await people.find_by_telegram_id(tx, 1)
        assert maker is not None
        assert await hold_rows.count_concerned(tx, [event.id]) == 1
        assert await hold_rows.count_concerned(tx, [event.id], but=maker.id) == 0
        assert await hold_rows.list_concerning(tx, left.id, [event.id]) == set()


async def helper_at(database: Database, event: Event, number: int, *, starts_at: datetime) -> Person:
    person = await known_person(database, number, now=NOON)
    async with database.write() as tx:
        shift = await shifts.add(
            tx, event.id, starts_at=starts_at, ends_at=event.ends_at, places=3, roles={"en": "Setting up"}
        )
        await volunteering.sign_up(tx, person.id, languages=["en"], skills="", free=[], now=NOON)
        await volunteering.take(tx, shift, person.id, now=NOON)
    return person


async def test_whoever_heard_of_the_hold_hears_once_that_it_is_cancelled(database: Database) -> None:
    event, actor = await event_today(database), await boss(database)
    sitting, maker = await seated(database, event, 11), await known_person(database, 1, now=NOON)
    early = await helper_at(database, event, 12, starts_at=NOON + timedelta(minutes=10))
    late = await helper_at(database, event, 13, starts_at=NOON + timedelta(hours=2))
    now = NOON + timedelta(hours=1)
    held = await hold(database, [event], actor=actor.id, now=now)
    async with database.write() as tx:
        told = await holds.call_off(tx, [event.id], actor_id=actor.id, now=now)
    got = await owed(database, "event_cancelled", "shift_cancelled", now=now)
    everybody = sorted([sitting.id, maker.id, early.id, late.id])
    assert sorted(one.person_id or 0 for one in got) == everybody
    assert (held.people, told.people) == (4, 4)


async def test_whoever_heard_of_the_hold_hears_once_of_the_new_time(database: Database) -> None:
    event, actor = await event_today(database), await boss(database)
    sitting, maker = await seated(database, event, 11), await known_person(database, 1, now=NOON)
    early = await helper_at(database, event, 12, starts_at=NOON + timedelta(minutes=10))
    late = await helper_at(database, event, 13, starts_at=NOON + timedelta(hours=2))
    now = NOON + timedelta(hours=1)
    await hold(database, [event], actor=actor.id, now=now)
    async with database.write() as tx:
        await holds.put_off(tx, [event.id], timedelta(days=1), actor_id=actor.id, now=now)
    got = await owed(database, "event_changed", "shift_changed", now=now)
    assert sorted(one.person_id or 0 for one in got) == sorted([sitting.id, maker.id, early.id, late.id])


async def test_a_change_of_what_was_never_on_hold_is_no_news_to_its_maker(database: Database) -> None:
    event, actor = await event_today(database), await boss(database)
    async with database.write() as tx:
        later = event.starts_at + timedelta(minutes=30)
        await programme.change(tx, event.id, {"starts_at": later}, actor_id=actor.id, now=NOON)
        await programme.cancel(tx, event.id, actor_id=actor.id, now=NOON)
    assert await owed(database, "event_changed", "event_cancelled") == []
