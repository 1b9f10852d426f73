"""Who is in which group, and which link lets whom in."""

from bot import groups
from storage import Database
from storage import groups as kept
from tests.conftest import NOON
from tests.making import known_person, published_event


async def test_the_members_group_is_made_once(database: Database) -> None:
    async with database.write() as tx:
        first = await groups.ensure_members_group(tx, now=NOON)
        assert await groups.ensure_members_group(tx, now=NOON) == first
    assert first.code == groups.MEMBERS


async def test_a_link_lets_in_until_it_is_renewed(database: Database) -> None:
    boss, ming, wai = [await known_person(database, number, now=NOON) for number in (50, 51, 52)]
    async with database.write() as tx:
        group = await groups.create(tx, {"en": "Choir"}, actor_id=boss.id, now=NOON)
        for _ in range(2):
            assert await groups.join_by_token(tx, group.token, ming.id, now=NOON) == group
        renewed = await groups.renew_token(tx, group.id, actor_id=boss.id, now=NOON)
        assert await groups.join_by_token(tx, group.token, wai.id, now=NOON) is None
        assert await groups.join_by_token(tx, renewed, wai.id, now=NOON)
        assert [(one.person_id, one.name) for one in await kept.list_members(tx, group.id, limit=9)] == [
            (ming.id, "Person 51"),
            (wai.id, "Person 52"),
        ]
        assert await groups.take_out(tx, group.id, ming.id, actor_id=boss.id, now=NOON)
        assert not await groups.take_out(tx, group.id, ming.id, actor_id=boss.id, now=NOON)
        assert [(one.id, n) for one, n in await kept.list_all(tx)] == [(group.id, 1)]
        assert [one.person_id for one in await kept.list_members(tx, group.id, limit=9)] == [wai.id]
        assert [one.id for one, _ in await kept.list_of_person(tx, wai.id)] == [group.id]


async def test_a_group_is_called_by_its_first_name_where_a_language_has_none(database: Database) -> None:
    boss = await known_person(database, 50, now=NOON)
    async with database.write() as tx:
        names = {"zh_Hant_HK": "合唱團", "en": "Choir"}
        group = await groups.create(tx, names, actor_id=boss.id, now=NOON)
    assert groups.name_of(group, "en") == "Choir"
    assert groups.name_of(group, "zh_Hans_CN") == "合唱團"


async def test_a_group_that_an_event_to_come_is_for_is_not_deleted(database: Database) -> None:
    boss = await known_person(database, 50, now=NOON)
    async with database.write() as tx:
        group = await groups.create(tx, {"en": "Choir"}, actor_id=boss.id, now=NOON)
        members = await groups.ensure_members_group(tx, now=NOON)
    event = await published_event(database, now=NOON, audience="group", group_id=group.id)
    async with database.write() as tx:
        assert not await groups.drop(tx, group.id, actor_id=boss.id, now=NOON)
        assert not await groups.drop(tx, members.id, actor_id=boss.id, now=NOON)
        assert await groups.drop(tx, group.id, actor_id=boss.id, now=event.ends_at)
        assert [one.id for one, _ in await kept.list_all(tx)] == [members.id]
