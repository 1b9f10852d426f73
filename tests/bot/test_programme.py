"""Events from published to cancelled, and who is told when they change."""

from datetime import timedelta
from typing import Any

from bot import attendance, programme
from bot.programme import Changed
from storage import Database, events, notices
from storage.events import Event, EventText
from storage.notices import Owed
from tests.conftest import NOON
from tests.making import known_person, published_event


async def joined(database: Database, event: Event, telegram_id: int) -> int:
    person = await known_person(database, telegram_id, now=NOON)
    async with database.write() as tx:
        await attendance.join(tx, event.id, person.id, now=NOON)
    return person.id


async def changed(database: Database, event: Event, **columns: Any) -> Changed:
    async with database.write() as tx:
        done = await programme.change(tx, event.id, columns, now=NOON)
    assert done
    return done


async def reworded(database: Database, event: Event, locale: str, **words: str) -> Changed:
    async with database.write() as tx:
        done = await programme.change_text(tx, event.id, locale, words, now=NOON)
    assert done
    return done


async def told(database: Database, kind: str) -> list[int]:
    """Who is owed the notice now; it is taken and counts as sent."""
    async with database.write() as tx:
        owed: list[Owed] = await notices.claim(tx, now=NOON, limit=100)
        await notices.settle(tx, [notices.Settled(one, "sent") for one in owed], now=NOON)
    return sorted(one.person_id or 0 for one in owed if one.kind == kind)


async def test_a_change_of_time_is_told_to_those_seated_or_waiting_once(database: Database) -> None:
    event = await published_event(database, now=NOON, capacity=1)
    seated, waiting, gone = [await joined(database, event, number) for number in (50, 51, 52)]
    async with database.write() as tx:
        await attendance.leave(tx, event.id, gone, now=NOON)
    later = {
        "starts_at": event.starts_at + timedelta(hours=1),
        "ends_at": event.ends_at + timedelta(hours=1),
    }
    assert (await changed(database, event, **later)).told == 2
    assert await told(database, "event_changed") == [seated, waiting]
    # The same change again is no change.
    assert (await changed(database, event, **later)).told == 0
    assert await told(database, "event_changed") == []


async def test_a_new_place_or_link_is_told_and_a_new_title_is_not(database: Database) -> None:
    event = await published_event(database, now=NOON)
    await joined(database, event, 50)
    assert (await reworded(database, event, "en", place="Other Hall")).told == 1
    await told(database, "event_changed")
    assert (await changed(database, event, online_url="https://example.org/b")).told == 1
    assert (await reworded(database, event, "en", title="Harbour Evening")).told == 0
    assert (await changed(database, event, companions=2)).told == 0


async def test_two_changes_before_anybody_was_told_are_told_once(database: Database) -> None:
    event = await published_event(database, now=NOON)
    person = await joined(database, event, 50)
    for hours in (1, 2):
        await changed(database, event, ends_at=event.ends_at + timedelta(hours=hours))
    assert await told(database, "event_changed") == [person]
    await changed(database, event, ends_at=event.ends_at + timedelta(hours=3))
    assert await told(database, "event_changed") == [person]


async def test_a_cancelled_event_tells_everyone_seated_or_waiting_once(database: Database) -> None:
    event = await published_event(database, now=NOON, capacity=1)
    both = [await joined(database, event, number) for number in (50, 51)]
    for _ in range(2):
        async with database.write() as tx:
            cancelled = await programme.cancel(tx, event.id, now=NOON)
        assert cancelled
        assert cancelled.state == "cancelled"
    assert await told(database, "event_cancelled") == both


async def test_a_cancelled_event_stays_as_it_is(database: Database) -> None:
    event = await published_event(database, now=NOON)
    async with database.write() as tx:
        await programme.cancel(tx, event.id, now=NOON)
        assert await programme.change(tx, event.id, {"capacity": 3}, now=NOON) is None
        assert await programme.change_text(tx, event.id, "en", {"title": "X"}, now=NOON) is None


async def test_what_is_over_is_cancelled_without_telling_anybody(database: Database) -> None:
    event = await published_event(database, now=NOON)
    await joined(database, event, 50)
    async with database.write() as tx:
        await programme.cancel(tx, event.id, now=event.ends_at)
    assert await told(database, "event_cancelled") == []


async def test_each_text_that_was_not_translated_is_the_organisers(database: Database) -> None:
    texts = {
        "en": EventText("Harbour Forum", "We talk.", "Sample Hall", "A pen"),
        "zh_Hant_HK": EventText("海港論壇", place="示例會堂"),
    }
    event = await published_event(database, now=NOON, texts=texts)
    assert programme.text_of(event, "zh_Hant_HK") == EventText("海港論壇", "We talk.", "示例會堂", "A pen")
    assert programme.text_of(event, "zh_Hans_CN") == texts["en"]


async def test_a_language_without_a_title_is_dropped_but_never_the_organisers_own(database: Database) -> None:
    texts = {"en": EventText("Harbour Forum"), "zh_Hant_HK": EventText("海港論壇")}
    event = await published_event(database, now=NOON, texts=texts)
    after = await reworded(database, event, "zh_Hant_HK", title="")
    assert set(after.event.texts) == {"en"}
    await reworded(database, event, "en", title="")
    async with database.read() as tx:
        found = await events.find(tx, event.id)
    assert found
    assert found.texts["en"].title == "Harbour Forum"


async def test_every_change_raises_the_revision_that_calendars_go_by(database: Database) -> None:
    event = await published_event(database, now=NOON)
    first = await changed(database, event, companions=1)
    second = await reworded(database, event, "en", bring="An umbrella")
    assert event.revision < first.event.revision < second.event.revision
    assert (await changed(database, event, companions=1)).event.revision == second.event.revision
