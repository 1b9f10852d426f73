"""What a pack's events bring along arrives whole, and once."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot import importing, visits
from bot.pack import Pack, read_pack
from storage import Database, event_questions, events, stops
from storage.events import Event
from tests.conftest import NOON

SHIPPED = Path(__file__).parents[2] / "content"


@pytest.fixture
async def loaded(database: Database) -> Database:
    """A database with the shipped pack and its samples, loaded twice."""
    pack = read_pack(SHIPPED)
    assert isinstance(pack, Pack)
    for _ in range(2):
        async with database.write() as tx:
            await importing.load(tx, pack, now=NOON, home=ZoneInfo("Asia/Hong_Kong"), samples=True)
    return database


async def sample(database: Database, code: str) -> Event:
    async with database.read() as tx:
        event_id = await events.find_id_by_code(tx, code)
        assert event_id is not None
        found = await events.find(tx, event_id)
        assert found is not None
        return found


async def test_a_delegation_brings_its_programme_its_questions_and_what_it_asks_of_travellers(
    loaded: Database,
) -> None:
    event = await sample(loaded, "sample-delegation")
    assert event.approval
    assert event.traveller_details
    assert event.companion_names
    async with loaded.read() as tx:
        plan = await stops.list_of_event(tx, event.id)
        asked = await event_questions.list_asked(tx, event.id)
    assert [len(day) for day in visits.by_day(plan, event).values()] == [3, 2, 2]
    assert plan[0].meeting
    assert plan[0].starts_at == event.starts_at
    assert visits.text_of(plan[0], event, "zh_Hant_HK").title == "集合及領取車票"
    assert [(one.kind, one.required, len(one.choices)) for one in asked] == [
        ("choice", True, 2),
        ("text", False, 0),
    ]


async def test_an_event_without_a_place_is_online_and_one_with_both_lets_people_choose(
    loaded: Database,
) -> None:
    online = await sample(loaded, "sample-seminar-online")
    assert (online.ways, online.capacity, online.online_capacity) == ("online", None, 300)
    both = await sample(loaded, "sample-seminar-tokyo")
    assert (both.ways, both.capacity, both.online_capacity) == ("both", 40, 100)


async def test_a_freed_place_is_offered_for_as_long_as_the_pack_says(loaded: Database) -> None:
    assert (await sample(loaded, "sample-commemoration")).offer_minutes == 6 * 60
    assert (await sample(loaded, "sample-visit-tea")).offer_minutes is None
