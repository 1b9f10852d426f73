"""Who gets a broadcast, once each, and when it is finished."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot import attendance, broadcast_work
from bot import broadcasts as decisions
from bot.broadcast_starting import Begun, Changed, Gone, Nobody, Start, Started, start
from storage import Database, broadcast_notices, broadcasts, people
from storage import notices as owed
from storage.audiences import Audience, Segment
from storage.broadcasts import Broadcast, Variant
from storage.notices import Settled
from storage.people import Person
from storage.tables import interests, notices, volunteers
from tests.conftest import NOON
from tests.making import known_person, published_event


async def drafted(
    database: Database, audience: Audience | None = None, *, author: int = 9000, **texts: str
) -> Broadcast:
    """A draft in English, with further texts by locale."""
    writer = await known_person(database, author, now=NOON)
    async with database.write() as tx:
        broadcast_id = await decisions.draft(
            tx, author_id=writer.id, locale="en", variant=Variant("Hello"), now=NOON
        )
        for locale, text in texts.items():
            await decisions.write(tx, broadcast_id, locale, Variant(text))
        await decisions.choose(tx, broadcast_id, audience or Audience())
        found = await broadcasts.find(tx, broadcast_id)
    assert found
    return found


async def begun(database: Database, broadcast: Broadcast, *, now: Any = NOON, by: int | None = None) -> Start:
    async with database.write() as tx:
        actor_id = by or broadcast.author_id or 0
        return await start(tx, broadcast.id, decisions.digest(broadcast), actor_id=actor_id, now=now)


async def carried_on(database: Database, broadcast: Broadcast, *, now: Any = NOON) -> None:
    """Do all the work there is just now, a transaction a piece, as the beat does."""
    going = True
    while going:
        async with database.write() as tx:
            waiting = broadcast.id in await broadcast_work.list_with_work(tx, now=now)
            going = waiting and await broadcast_work.carry_on(tx, broadcast.id, now=now)


async def recipients(database: Database, broadcast: Broadcast) -> list[int]:
    async with database.read() as tx:
        query = select(notices.c.person_id).where(notices.c.broadcast_id == broadcast.id)
        return [row.person_id for row in await tx.rows(query.order_by(notices.c.id))]


async def settle_all(database: Database, state: str, *, now: Any = NOON) -> None:
    """Let delivery take everything there is and end in one way."""
    while True:
        async with database.write() as tx:
            claimed = await owed.claim(tx, now=now, limit=500)
            await owed.settle(tx, [Settled(one, state) for one in claimed], now=now)
        if not claimed:
            return


async def many(database: Database, count: int) -> list[Person]:
    return [await known_person(database, 100 + number, now=NOON) for number in range(count)]


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broadcast_work, "CHUNK", 4)
    monkeypatch.setattr(broadcast_work, "AHEAD", 10)


async def test_overlapping_groups_make_one_message_each(database: Database) -> None:
    event = await published_event(database, now=NOON, capacity=1)
    going, waiting, helper, other = await many(database, 4)
    async with database.write() as tx:
        await attendance.join(tx, event.id, going.id, now=NOON)
        await attendance.join(tx, event.id, waiting.id, now=NOON)
        for person in (going, helper):
            await tx.run(
                volunteers.insert().values(
                    person_id=person.id, languages=["en"], skills="", free=[], signed_up_at=NOON
                )
            )
        await tx.run(interests.insert().values(person_id=going.id, kind="forum"))
    broadcast = await drafted(
        database,
        Audience(
            (
                Segment("volunteers"),
                Segment("topic", which="forum"),
                Segment("event", event.id, "going"),
                Segment("event", event.id, "waiting"),
            )
        ),
    )
    assert isinstance(await begun(database, broadcast), Started)
    await carried_on(database, broadcast)
    assert await recipients(database, broadcast) == [going.id, waiting.id, helper.id]
    assert other.id not in await recipients(database, broadcast)


@pytest.mark.parametrize(
    ("whom", "expected"), [(("going",), [0]), (("waiting",), [1]), (("going", "waiting"), [0, 1])]
)
async def test_an_events_people_are_those_seated_those_waiting_or_both(
    database: Database, whom: tuple[str, ...], expected: list[int]
) -> None:
    event = await published_event(database, now=NOON, capacity=1)
    persons = await many(database, 3)
    async with database.write() as tx:
        for person in persons:
            await attendance.join(tx, event.id, person.id, now=NOON)
        await attendance.leave(tx, event.id, persons[2].id, now=NOON)
    broadcast = await drafted(database, Audience(tuple(Segment("event", event.id, which) for which in whom)))
    await begun(database, broadcast)
    await carried_on(database, broadcast)
    assert await recipients(database, broadcast) == [persons[number].id for number in expected]


async def test_a_language_leaves_only_its_readers(database: Database) -> None:
    wai = await known_person(database, 1, now=NOON, locale="zh_Hant_HK")
    await known_person(database, 2, now=NOON, locale="zh_Hans_CN")
    broadcast = await drafted(database, Audience(locales=("zh_Hant_HK",)))
    await begun(database, broadcast)
    await carried_on(database, broadcast)
    assert await recipients(database, broadcast) == [wai.id]


async def test_the_muted_and_the_unreachable_are_passed_over_and_counted_apart(database: Database) -> None:
    reader, muted, lost = await many(database, 3)
    async with database.write() as tx:
        await people.mute(tx, muted.id, "broadcasts")
        await people.mute(tx, lost.id, "broadcasts")
        await people.mark_unreachable(tx, [lost.id], now=NOON)
    broadcast = await drafted(database)
    started = await begun(database, broadcast)
    assert isinstance(started, Started)
    counted = started.counted
    assert (counted.people, counted.unreachable, counted.muted) == (2, 1, 1)
    await carried_on(database, broadcast)
    assert set(await recipients(database, broadcast)) == {reader.id, broadcast.author_id}


async def test_everybody_is_taken_once_however_often_it_is_interrupted(database: Database) -> None:
    persons = await many(database, 25)
    broadcast = await drafted(database)
    await begun(database, broadcast)
    for _ in range(40):
        async with database.write() as tx:
            await broadcast_work.carry_on(tx, broadcast.id, now=NOON)
        try:
            async with database.write() as tx:
                await broadcast_work.carry_on(tx, broadcast.id, now=NOON)
                raise InterruptedError
        except InterruptedError:
            await settle_all(database, "sent")
    assert await recipients(database, broadcast) == [*[one.id for one in persons], broadcast.author_id]
    async with database.read() as tx:
        found = await broadcasts.find(tx, broadcast.id)
    assert found
    assert found.state == "done"


async def test_no_more_is_owed_ahead_than_can_soon_be_sent(database: Database) -> None:
    await many(database, 40)
    broadcast = await drafted(database)
    await begun(database, broadcast)
    await carried_on(database, broadcast)
    assert len(await recipients(database, broadcast)) < 15


async def test_who_joins_after_it_began_does_not_get_it(database: Database) -> None:
    broadcast = await drafted(database)
    await begun(database, broadcast)
    await known_person(database, 77, now=NOON + timedelta(seconds=5))
    await carried_on(database, broadcast, now=NOON + timedelta(seconds=6))
    assert await recipients(database, broadcast) == [broadcast.author_id]


async def test_finished_means_every_message_is_settled(database: Database) -> None:
    await many(database, 3)
    broadcast = await drafted(database)
    await begun(database, broadcast)
    await carried_on(database, broadcast)
    async with database.write() as tx:
        claimed = await owed.claim(tx, now=NOON, limit=3)
        await owed.settle(tx, [Settled(claimed[0], "sent")], now=NOON)
    await carried_on(database, broadcast)
    assert await state_of(database, broadcast) == "sending"
    async with database.write() as tx:
        await owed.settle(tx, [Settled(one, "failed") for one in claimed[1:]], now=NOON)
    await settle_all(database, "sent")
    await carried_on(database, broadcast)
    assert await state_of(database, broadcast) == "done"


async def state_of(database: Database, broadcast: Broadcast) -> str:
    async with database.read() as tx:
        found = await broadcasts.find(tx, broadcast.id)
    assert found
    return found.state


async def test_the_author_is_owed_one_report(database: Database) -> None:
    broadcast = await drafted(database)
    await begun(database, broadcast)
    await carried_on(database, broadcast)
    await settle_all(database, "sent")
    for _ in range(3):
        await carried_on(database, broadcast)
        async with database.write() as tx:
            await broadcast_work.carry_on(tx, broadcast.id, now=NOON)
    async with database.read() as tx:
        reports = await tx.rows(select(notices).where(notices.c.kind == "broadcast_report"))
        outcomes = await broadcast_notices.count_outcomes(tx, broadcast.id)
    assert [report.person_id for report in reports] == [broadcast.author_id]
    assert [(one.locale, one.state, one.people) for one in outcomes] == [("en", "sent", 1)]


async def test_starting_twice_starts_once(database: Database) -> None:
    broadcast = await drafted(database)
    assert isinstance(await begun(database, broadcast), Started)
    assert isinstance(await begun(database, broadcast), Begun)


async def test_a_draft_that_changed_since_it_was_seen_is_not_sent(database: Database) -> None:
    broadcast = await drafted(database)
    async with database.write() as tx:
        await decisions.write(tx, broadcast.id, "en", Variant("Other"))
    assert isinstance(await begun(database, broadcast), Changed)
    assert await state_of(database, broadcast) == "draft"


async def test_nothing_starts_for_nobody_or_from_nothing(database: Database) -> None:
    broadcast = await drafted(database, Audience((Segment("topic", which="camp"),)))
    assert isinstance(await begun(database, broadcast), Nobody)
    async with database.write() as tx:
        assert isinstance(await start(tx, 777, "", actor_id=1, now=NOON), Gone)


async def test_what_is_on_its_way_can_not_be_rewritten_readdressed_or_deleted(database: Database) -> None:
    broadcast = await drafted(database)
    await begun(database, broadcast)
    async with database.write() as tx:
        assert not await decisions.write(tx, broadcast.id, "en", Variant("Other"))
        assert not await decisions.choose(tx, broadcast.id, Audience((Segment("volunteers"),)))
        assert not await decisions.discard(tx, broadcast.id)


async def test_the_base_text_can_not_be_taken_away(database: Database) -> None:
    broadcast = await drafted(database, zh_Hant_HK="你好")
    async with database.write() as tx:
        await decisions.write(tx, broadcast.id, "en", None)
        await decisions.write(tx, broadcast.id, "zh_Hant_HK", None)
        found = await broadcasts.find(tx, broadcast.id)
    assert found
    assert list(found.variants) == ["en"]


async def test_while_paused_nothing_is_claimed_and_going_on_skips_nobody(database: Database) -> None:
    persons = await many(database, 12)
    broadcast = await drafted(database)
    await begun(database, broadcast)
    await carried_on(database, broadcast)
    async with database.write() as tx:
        assert await decisions.pause(tx, broadcast.id, actor_id=None, now=NOON)
        assert not await decisions.pause(tx, broadcast.id, actor_id=None, now=NOON)
        assert not await owed.claim(tx, now=NOON, limit=50)
        assert await decisions.resume(tx, broadcast.id, actor_id=None, now=NOON)
    for _ in range(5):
        await carried_on(database, broadcast)
        await settle_all(database, "sent")
    await carried_on(database, broadcast)
    assert await recipients(database, broadcast) == [*[one.id for one in persons], broadcast.author_id]
    assert await state_of(database, broadcast) == "done"


async def test_stopping_settles_what_is_owed_as_cancelled(database: Database) -> None:
    await many(database, 25)
    broadcast = await drafted(database)
    await begun(database, broadcast)
    await carried_on(database, broadcast)
    async with database.write() as tx:
        claimed = await owed.claim(tx, now=NOON, limit=2)
        assert await decisions.stop(tx, broadcast.id, actor_id=None, now=NOON)
        assert not await decisions.resume(tx, broadcast.id, actor_id=None, now=NOON)
        await owed.settle(tx, [Settled(one, "sent") for one in claimed], now=NOON)
    await carried_on(database, broadcast)
    assert await state_of(database, broadcast) == "cancelled"
    async with database.read() as tx:
        outcomes = {one.state: one.people for one in await broadcast_notices.count_outcomes(tx, broadcast.id)}
    assert set(outcomes) == {"sent", "cancelled"}
    assert outcomes["sent"] == 2


async def test_news_for_an_event_is_of_no_use_after_it(database: Database) -> None:
    event = await published_event(database, now=NOON)
    (person,) = await many(database, 1)
    async with database.write() as tx:
        await attendance.join(tx, event.id, person.id, now=NOON)
    broadcast = await drafted(database, Audience((Segment("event", event.id, "going"),)))
    await begun(database, broadcast)
    await carried_on(database, broadcast)
    after = event.ends_at + timedelta(minutes=1)
    async with database.write() as tx:
        assert await owed.miss_stale(tx, now=after) == 1
    thanks = await drafted(database, Audience((Segment("event", event.id, "going"),)))
    await begun(database, thanks, now=after)
    await carried_on(database, thanks, now=after)
    async with database.write() as tx:
        assert await owed.miss_stale(tx, now=after + timedelta(days=1)) == 0
