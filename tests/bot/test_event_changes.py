"""What those concerned are told of a change: its first state against the present one, once."""

from datetime import timedelta
from typing import Any

from bot import attendance, event_changes, programme
from bot.event_changes import Before
from storage import Database, audit, events, notices
from storage.events import EventText
from tests.conftest import NOON
from tests.making import known_person, published_event


async def test_several_edits_before_anybody_was_told_are_one_message_from_first_to_last(
    database: Database,
) -> None:
    texts = {
        "en": EventText("Harbour Forum", place="Sample Hall"),
        "zh_Hans_CN": EventText("海港论坛", place="示例会堂"),
    }
    event = await published_event(database, now=NOON, texts=texts)
    person = await known_person(database, 50, now=NOON)
    hour = timedelta(hours=1)
    edits: list[dict[str, Any]] = [
        {"starts_at": event.starts_at + hour, "ends_at": event.ends_at + hour},
        {"starts_at": event.starts_at + 2 * hour, "ends_at": event.ends_at + 2 * hour},
        {"online_url": "https://example.org/a"},
    ]
    async with database.write() as tx:
        await attendance.join(tx, event.id, person.id, now=NOON)
        for edit in edits:
            await programme.change(tx, event.id, edit, now=NOON)
        for locale, place in (("zh_Hans_CN", "别处"), ("en", "Elsewhere")):
            await programme.change_text(tx, event.id, locale, {"place": place}, now=NOON)
        [owed] = [one for one in await notices.claim(tx, now=NOON, limit=9) if one.kind == "event_changed"]
        after = await events.find(tx, event.id)
        assert after
    was = Before(event.starts_at, event.ends_at, "Sample Hall", "")
    assert event_changes.before(after, owed.params, "en") == was
    # In a language without a text of its own the place is the organiser's.
    assert event_changes.before(after, owed.params, "zh_Hant_HK") == was
    chinese = event_changes.before(after, owed.params, "zh_Hans_CN")
    assert chinese
    assert chinese.place == "示例会堂"


async def test_an_event_moved_there_and_back_has_not_changed(database: Database) -> None:
    event = await published_event(database, now=NOON)
    assert event_changes.before(event, event_changes.remembered(event), "en") is None
    # Owed by an earlier version.
    old = {"before_starts_at": int(event.starts_at.timestamp()) - 60}
    found = event_changes.before(event, old, "en")
    assert found
    assert found.starts_at == event.starts_at - timedelta(minutes=1)
    assert found.place is None


async def test_whatever_organisers_do_with_an_event_is_written_down(database: Database) -> None:
    event = await published_event(database, now=NOON)
    boss = await known_person(database, 50, now=NOON)
    async with database.write() as tx:
        await programme.change(tx, event.id, {"capacity": 3}, actor_id=boss.id, now=NOON)
        await programme.change(tx, event.id, {"capacity": 3}, actor_id=boss.id, now=NOON)
        await programme.change_text(tx, event.id, "en", {"bring": "Tea"}, actor_id=boss.id, now=NOON)
        await programme.renew_invitation(tx, event.id, actor_id=boss.id, now=NOON)
        await programme.cancel(tx, event.id, actor_id=boss.id, now=NOON)
        entries = await audit.list_entries(tx, event_id=event.id, limit=9)
    assert [(one.action, one.actor) for one in reversed(entries)] == [
        ("event_created", "Person 1"),
        ("event_changed", "Person 50"),
        ("event_changed", "Person 50"),
        ("invitation_renewed", "Person 50"),
        ("event_cancelled", "Person 50"),
    ]
