"""When a broadcast begins: at once, at its hour, or when a second organiser has agreed."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot import broadcast_starting as starting
from bot import broadcast_work
from bot import broadcasts as decisions
from bot.broadcast_starting import Begun, Changed, Own, Scheduled, Started, Submitted
from storage import Database, broadcasts, people
from storage.broadcasts import Broadcast, Variant
from storage.people import Person
from storage.tables import audit, notices
from storage.tables import people as people_table
from tests.conftest import NOON
from tests.making import known_person

HOUR = timedelta(hours=1)


async def organiser(database: Database, telegram_id: int) -> Person:
    person = await known_person(database, telegram_id, now=NOON)
    async with database.write() as tx:
        await tx.run(people_table.update().where(people_table.c.id == person.id).values(role="organiser"))
    return person


async def drafted(database: Database, author: Person, **values: object) -> Broadcast:
    async with database.write() as tx:
        broadcast_id = await decisions.draft(
            tx, author_id=author.id, locale="en", variant=Variant("Hello"), now=NOON
        )
        if values:
            await decisions.arrange(tx, broadcast_id, **values)
    return await found(database, broadcast_id)


async def found(database: Database, broadcast_id: int) -> Broadcast:
    async with database.read() as tx:
        one = await broadcasts.find(tx, broadcast_id)
    assert one
    return one


async def start(database: Database, one: Broadcast, by: Person) -> starting.Start:
    async with database.write() as tx:
        return await starting.start(tx, one.id, decisions.digest(one), actor_id=by.id, now=NOON)


async def approve(database: Database, one: Broadcast, by: Person) -> starting.Approval:
    async with database.write() as tx:
        return await starting.approve(tx, one.id, decisions.digest(one), actor_id=by.id, now=NOON)


async def beat(database: Database, one: Broadcast, now: object = NOON) -> Broadcast:
    async with database.write() as tx:
        if one.id in await broadcast_work.list_with_work(tx, now=now):  # type: ignore[arg-type]
            await broadcast_work.carry_on(tx, one.id, now=now)  # type: ignore[arg-type]
    return await found(database, one.id)


async def told(database: Database, kind: str) -> list[int]:
    async with database.read() as tx:
        rows = await tx.rows(select(notices.c.person_id).where(notices.c.kind == kind))
    return [row.person_id for row in rows]


async def want_approval(database: Database, by: Person) -> None:
    async with database.write() as tx:
        await starting.want_approval(tx, True, actor_id=by.id, now=NOON)


async def test_it_waits_for_its_hour_and_then_begins_by_itself(database: Database) -> None:
    author = await organiser(database, 1)
    one = await drafted(database, author, send_at=NOON + HOUR)
    assert isinstance(await start(database, one, author), Scheduled)
    assert (await beat(database, one, NOON + HOUR - timedelta(seconds=1))).state == "scheduled"
    begun = await beat(database, one, NOON + HOUR)
    assert begun.state == "sending"
    assert begun.started_at == NOON + HOUR


async def test_who_joins_before_its_hour_gets_it_too(database: Database) -> None:
    author = await organiser(database, 1)
    one = await drafted(database, author, send_at=NOON + HOUR)
    await start(database, one, author)
    later = await known_person(database, 2, now=NOON + HOUR / 2)
    await beat(database, one, NOON + HOUR)
    await beat(database, one, NOON + HOUR)
    assert await told(database, "broadcast") == [author.id, later.id]


async def test_an_hour_that_passed_while_nothing_ran_is_asked_about_first(database: Database) -> None:
    author, other = await organiser(database, 1), await organiser(database, 2)
    one = await drafted(database, author, send_at=NOON + HOUR)
    await start(database, one, author)
    late = await beat(database, one, NOON + 10 * HOUR)
    assert (late.state, late.paused_because) == ("paused", "late")
    assert sorted(await told(database, "broadcast_alarm")) == [author.id, other.id]
    assert not await told(database, "broadcast")
    async with database.write() as tx:
        assert await decisions.resume(tx, one.id, actor_id=author.id, now=NOON + 10 * HOUR)
    assert (await beat(database, one, NOON + 10 * HOUR)).paused_because is None
    assert len(await told(database, "broadcast")) == 2


async def test_what_was_scheduled_can_be_a_draft_again(database: Database) -> None:
    author = await organiser(database, 1)
    one = await drafted(database, author, send_at=NOON + HOUR)
    await start(database, one, author)
    for expected in (True, False):
        async with database.write() as tx:
            assert await starting.unschedule(tx, one.id, actor_id=author.id, now=NOON) is expected
    assert (await beat(database, one, NOON + 2 * HOUR)).state == "draft"


async def test_an_hour_that_is_over_when_it_is_sent_means_at_once(database: Database) -> None:
    author = await organiser(database, 1)
    one = await drafted(database, author, send_at=NOON - HOUR)
    assert isinstance(await start(database, one, author), Started)


async def test_a_second_organiser_has_to_agree_where_that_is_wanted(database: Database) -> None:
    author, other = await organiser(database, 1), await organiser(database, 2)
    await want_approval(database, author)
    one = await drafted(database, author)
    assert await start(database, one, author) == Submitted(one, 1)
    assert await told(database, "broadcast_review") == [other.id]
    assert (await beat(database, one)).state == "review"
    one = await found(database, one.id)
    assert isinstance(await approve(database, one, other), Started)
    assert isinstance(await approve(database, one, other), Begun)
    begun = await found(database, one.id)
    assert (begun.state, begun.approved_by) == ("sending", other.id)
    assert await told(database, "broadcast_approved") == [author.id]


async def test_nobody_approves_their_own(database: Database) -> None:
    author, sender = await organiser(database, 1), await organiser(database, 2)
    await want_approval(database, author)
    one = await drafted(database, author)
    await start(database, one, sender)
    one = await found(database, one.id)
    assert isinstance(await approve(database, one, author), Own)
    assert isinstance(await approve(database, one, sender), Own)
    assert (await found(database, one.id)).state == "review"


async def test_only_what_was_seen_is_approved(database: Database) -> None:
    author, other = await organiser(database, 1), await organiser(database, 2)
    await want_approval(database, author)
    one = await drafted(database, author)
    await start(database, one, author)
    async with database.write() as tx:
        assert not await decisions.write(tx, one.id, "en", Variant("Other words"))
        assert not await decisions.arrange(tx, one.id, silent=True)
        answer = await starting.approve(tx, one.id, "other", actor_id=other.id, now=NOON)
    assert isinstance(answer, Changed)


async def test_an_approved_broadcast_still_waits_for_its_hour(database: Database) -> None:
    author, other = await organiser(database, 1), await organiser(database, 2)
    await want_approval(database, author)
    one = await drafted(database, author, send_at=NOON + HOUR)
    await start(database, one, author)
    assert isinstance(await approve(database, await found(database, one.id), other), Scheduled)


async def test_what_is_handed_back_can_be_changed_and_its_author_knows_why(database: Database) -> None:
    author, other = await organiser(database, 1), await organiser(database, 2)
    await want_approval(database, author)
    one = await drafted(database, author)
    await start(database, one, author)
    for expected in (True, False):
        async with database.write() as tx:
            done = await starting.hand_back(tx, one.id, "Wrong day", actor_id=other.id, now=NOON)
            assert done is expected
    assert await told(database, "broadcast_returned") == [author.id]
    assert (await found(database, one.id)).state == "draft"
    async with database.write() as tx:
        assert await decisions.write(tx, one.id, "en", Variant("Other words"))


async def test_whether_approval_is_wanted_is_written_down_once(database: Database) -> None:
    author = await organiser(database, 1)
    await want_approval(database, author)
    await want_approval(database, author)
    async with database.read() as tx:
        rows = await tx.rows(select(audit.c.action))
    assert [row.action for row in rows] == ["approval_wanted"]


@pytest.mark.parametrize(
    "values", [{"silent": True}, {"night": "now"}, {"paid": True}, {"send_at": NOON + HOUR}]
)
async def test_how_it_goes_out_belongs_to_what_was_seen(
    database: Database, values: dict[str, object]
) -> None:
    author = await organiser(database, 1)
    one = await drafted(database, author)
    async with database.write() as tx:
        await decisions.arrange(tx, one.id, **values)
        answer = await starting.start(tx, one.id, decisions.digest(one), actor_id=author.id, now=NOON)
    assert isinstance(answer, Changed)


async def test_who_forgets_themselves_leaves_nothing_waiting_for_them(database: Database) -> None:
    author, other = await organiser(database, 1), await organiser(database, 2)
    await want_approval(database, author)
    one = await drafted(database, author)
    await start(database, one, author)
    async with database.write() as tx:
        await people.delete_person(tx, author.id)
    assert isinstance(await approve(database, await found(database, one.id), other), Started)
