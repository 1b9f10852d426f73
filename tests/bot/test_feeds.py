"""A person's calendar, read by parsers that are not ours."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import vobject
from dateutil.tz import tzical

from bot import attendance, calendars, feeds, holds, programme, shift_changes, visits, volunteering
from bot.calendars import CalendarEvent
from bot.language import language
from storage import Database, events
from storage import feeds as addresses
from storage.people import Person
from storage.stops import StopText
from tests.conftest import NOON
from tests.making import known_person, published_event

ZONES = ("Asia/Hong_Kong", "Europe/London", "America/New_York", "Australia/Lord_Howe", "America/Sao_Paulo")


async def read(database: Database, person: Person, locale: str = "en") -> dict[str, Any]:
    """The person's calendar as vobject reads it, by uid."""
    async with database.read() as tx:
        entries = await feeds.entries_of(tx, person.id, language(locale), username="amity_bot", now=NOON)
    document = calendars.feed(entries, now=NOON)
    return {entry.uid.value: entry for entry in vobject.readOne(document.decode()).contents.get("vevent", [])}


async def ming_with_a_place(database: Database, **values: Any) -> tuple[Person, int]:
    event = await published_event(database, now=NOON, **values)
    ming = await known_person(database, 7, now=NOON)
    async with database.write() as tx:
        await attendance.join(tx, event.id, ming.id, now=NOON)
    return ming, event.id


async def test_a_place_stands_in_the_calendar_with_its_alarms(database: Database) -> None:
    ming, event_id = await ming_with_a_place(database, online_url="https://example.org/room")
    entry = (await read(database, ming))[f"event-{event_id}@amity_bot"]
    assert entry.summary.value == "Harbour Forum"
    assert entry.status.value == "CONFIRMED"
    assert entry.url.value == "https://example.org/room"
    assert len(entry.contents["valarm"]) == 2


async def test_a_waitlist_is_tentative_and_rings_no_alarm(database: Database) -> None:
    event = await published_event(database, now=NOON, capacity=1, online_url="https://example.org/room")
    first, ming = await known_person(database, 6, now=NOON), await known_person(database, 7, now=NOON)
    async with database.write() as tx:
        await attendance.join(tx, event.id, first.id, now=NOON)
        await attendance.join(tx, event.id, ming.id, now=NOON)
    entry = (await read(database, ming))[f"event-{event.id}@amity_bot"]
    assert entry.status.value == "TENTATIVE"
    assert "valarm" not in entry.contents
    assert "url" not in entry.contents, "where to join online is for those with a place"


async def test_an_event_on_hold_is_tentative_and_rings_no_alarm(database: Database) -> None:
    ming, event_id = await ming_with_a_place(database)
    uid = f"event-{event_id}@amity_bot"
    before = (await read(database, ming))[uid]
    async with database.write() as tx:
        await holds.hold(tx, [event_id], "typhoon8", actor_id=ming.id, now=NOON)
    held = (await read(database, ming))[uid]
    assert held.status.value == "TENTATIVE"
    assert "valarm" not in held.contents
    assert int(before.sequence.value) < int(held.sequence.value)
    async with database.write() as tx:
        await holds.resume(tx, [event_id], actor_id=ming.id, now=NOON)
    assert (await read(database, ming))[uid].status.value == "CONFIRMED"


async def test_a_change_raises_the_sequence_and_a_cancellation_is_marked(database: Database) -> None:
    ming, event_id = await ming_with_a_place(database)
    uid = f"event-{event_id}@amity_bot"
    before = (await read(database, ming))[uid]
    async with database.write() as tx:
        later = NOON + timedelta(days=9)
        await programme.change(
            tx, event_id, {"starts_at": later, "ends_at": later + timedelta(hours=2)}, now=NOON
        )
    moved = (await read(database, ming))[uid]
    async with database.write() as tx:
        await programme.cancel(tx, event_id, now=NOON)
    cancelled = (await read(database, ming))[uid]
    assert int(before.sequence.value) < int(moved.sequence.value) < int(cancelled.sequence.value)
    assert moved.dtstart.value.astimezone(UTC) == later
    assert cancelled.status.value == "CANCELLED"


async def test_who_gives_a_place_up_finds_it_no_more(database: Database) -> None:
    ming, event_id = await ming_with_a_place(database)
    async with database.write() as tx:
        await attendance.leave(tx, event_id, ming.id, now=NOON)
    assert not await read(database, ming)


async def test_a_shift_stands_in_the_calendar_and_its_changes_too(database: Database) -> None:
    event = await published_event(database, now=NOON)
    ming = await known_person(database, 7, now=NOON)
    async with database.write() as tx:
        shift = await shift_changes.add(
            tx,
            event,
            starts_at=event.starts_at,
            ends_at=event.ends_at,
            places=1,
            roles={"en": "Ushering", "zh_Hant_HK": "帶位"},
            now=NOON,
        )
        await volunteering.sign_up(tx, ming.id, languages=["en"], skills="", free=[], now=NOON)
        await volunteering.take(tx, shift.id, ming.id, now=NOON)
    uid = f"shift-{shift.id}@amity_bot"
    before = (await read(database, ming, "zh_Hant_HK"))[uid]
    assert "帶位" in before.summary.value
    async with database.write() as tx:
        await shift_changes.change(tx, shift.id, starts_at=shift.starts_at + timedelta(minutes=30), now=NOON)
    after = (await read(database, ming))[uid]
    assert int(after.sequence.value) > int(before.sequence.value)
    assert after.dtstart.value.astimezone(UTC) == shift.starts_at + timedelta(minutes=30)


async def test_a_visits_programme_stands_in_the_calendar_and_moves_with_it(database: Database) -> None:
    ming, event_id = await ming_with_a_place(database, kind="visit")
    async with database.write() as tx:
        event = await events.find(tx, event_id)
        assert event is not None
        stop_id = await visits.add_stop(
            tx,
            event,
            {"en": StopText("Meet at the clock", "Clock Tower")},
            {"starts_at": event.starts_at, "meeting": True},
            actor_id=ming.id,
            now=NOON,
        )
    uid = f"stop-{stop_id}@amity_bot"
    entry = (await read(database, ming))[uid]
    assert (entry.summary.value, entry.location.value) == ("Meet at the clock", "Clock Tower")
    assert len(entry.contents["valarm"]) == 2, "where people meet, an alarm rings"
    later = event.starts_at + timedelta(days=1)
    async with database.write() as tx:
        await programme.change(
            tx, event_id, {"starts_at": later, "ends_at": later + timedelta(hours=2)}, now=NOON
        )
    moved = (await read(database, ming))[uid]
    assert moved.dtstart.value.astimezone(UTC) == later
    assert int(moved.sequence.value) > int(entry.sequence.value)


async def test_nobody_finds_anybody_elses_places(database: Database) -> None:
    await ming_with_a_place(database)
    other = await known_person(database, 8, now=NOON)
    assert not await read(database, other)


async def test_a_new_address_stops_the_old_one(database: Database) -> None:
    ming = await known_person(database, 7, now=NOON)
    async with database.write() as tx:
        old = await feeds.address_of(tx, ming.id, now=NOON)
        assert await feeds.address_of(tx, ming.id, now=NOON) == old, "asked again, it stays"
        new = await feeds.renew(tx, ming.id, now=NOON)
        assert await addresses.find_person_id(tx, new) == ming.id
        assert await addresses.find_person_id(tx, old) is None
        await addresses.drop(tx, ming.id)
        assert await addresses.find_person_id(tx, new) is None
    assert len(new) >= 43, "32 random bytes can't be guessed"


def around_changes(zone: ZoneInfo) -> Iterator[datetime]:
    """Every third hour of two days before and after each change of the clock in three years."""
    day = datetime(2026, 1, 1, 0, 30, tzinfo=UTC)
    for number in range(3 * 365):
        here, there = day + timedelta(days=number), day + timedelta(days=number + 1)
        if here.astimezone(zone).utcoffset() != there.astimezone(zone).utcoffset() or number % 90 == 0:
            yield from (here + timedelta(hours=hours) for hours in range(-48, 72, 3))


@pytest.mark.parametrize("name", ZONES)
def test_times_are_right_by_the_zone_as_the_file_describes_it(name: str) -> None:
    zone = ZoneInfo(name)
    for starts in around_changes(zone):
        entry = CalendarEvent("one", "Forum", starts, starts + timedelta(hours=1), zone)
        document = calendars.calendar(entry, now=NOON).decode()
        described = tzical(StringIO(document)).get()
        event = document.partition("BEGIN:VEVENT")[2]
        said = next(line for line in event.splitlines() if line.startswith("DTSTART")).rpartition(":")[2]
        if said.endswith("Z"):
            read_back = datetime.strptime(said, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        else:
            read_back = datetime.strptime(said, "%Y%m%dT%H%M%S").replace(tzinfo=described)
        assert read_back.astimezone(UTC) == starts, (name, starts)
