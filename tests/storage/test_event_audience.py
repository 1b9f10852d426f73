"""Events for a group or by invitation are in nobody else's lists."""

from bot import attendance, groups
from storage import Database, events, invitations
from storage import groups as group_rows
from tests.conftest import NOON
from tests.making import known_person, published_event


async def titles(database: Database, person_id: int | None) -> list[str]:
    async with database.read() as tx:
        found = await events.list_upcoming(tx, now=NOON, person_id=person_id, limit=9)
        assert await events.count_upcoming(tx, now=NOON, person_id=person_id) == len(found)
        kinds = await events.list_kinds_upcoming(tx, now=NOON, person_id=person_id)
        assert set(kinds) == {event.kind for event in found}
    return sorted(event.texts["en"].title for event in found)


async def test_an_event_is_listed_for_those_it_is_for(database: Database) -> None:
    member = await known_person(database, 51, now=NOON)
    guest = await known_person(database, 52, now=NOON)
    outsider = await known_person(database, 53, now=NOON)
    async with database.write() as tx:
        group = await groups.create(tx, {"en": "Choir"}, actor_id=member.id, now=NOON)
        await group_rows.join(tx, group.id, member.id, now=NOON)
    await published_event(database, now=NOON, title="Open")
    await published_event(database, now=NOON, title="Choir", kind="camp", audience="group", group_id=group.id)
    party = await published_event(database, now=NOON, title="Party", kind="visit", audience="invited")
    async with database.write() as tx:
        await invitations.put(tx, party.id, guest.id, now=NOON)
    assert await titles(database, member.id) == ["Choir", "Open"]
    assert await titles(database, guest.id) == ["Open", "Party"]
    assert await titles(database, outsider.id) == ["Open"]
    assert await titles(database, None) == ["Open"]


async def test_whoever_has_a_place_still_finds_the_event_after_leaving_the_group(database: Database) -> None:
    member = await known_person(database, 51, now=NOON)
    async with database.write() as tx:
        group = await groups.create(tx, {"en": "Choir"}, actor_id=member.id, now=NOON)
        await group_rows.join(tx, group.id, member.id, now=NOON)
    event = await published_event(database, now=NOON, title="Choir", audience="group", group_id=group.id)
    async with database.write() as tx:
        await attendance.join(tx, event.id, member.id, now=NOON)
        await group_rows.leave(tx, group.id, member.id)
    assert await titles(database, member.id) == ["Choir"]
    async with database.write() as tx:
        await attendance.leave(tx, event.id, member.id, now=NOON)
    assert await titles(database, member.id) == []


async def test_what_is_not_for_everyone_is_not_in_the_edition_that_answers_are_made_from(
    database: Database,
) -> None:
    async with database.read() as tx:
        before = await events.find_edition(tx, now=NOON)
    await published_event(database, now=NOON, audience="invited")
    async with database.read() as tx:
        assert await events.find_edition(tx, now=NOON) == before
