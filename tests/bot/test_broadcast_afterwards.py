"""What is done about a broadcast afterwards, and what the clock does when many messages fail."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from bot import attendance, broadcast_afterwards, broadcast_starting, broadcast_work
from bot import broadcasts as decisions
from bot.broadcast_afterwards import Done, Late, Nobody, Unfit
from storage import Database, Transaction, broadcast_changes, broadcast_notices, broadcasts, people
from storage import notices as owed
from storage.audiences import Audience, Segment
from storage.broadcasts import Broadcast, Variant
from storage.notices import Settled
from storage.tables import notices
from tests.conftest import NOON
from tests.making import known_person, published_event

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broadcast_work, "CHUNK", 4)


async def members(database: Database, *locales: str) -> list[int]:
    """People who read these languages; their ids."""
    return [
        (await known_person(database, 100 + number, now=NOON, locale=locale)).id
        for number, locale in enumerate(locales)
    ]


async def begun(database: Database, audience: Audience | None = None, **texts: str) -> Broadcast:
    """A broadcast on its way, in English and by locale."""
    author = await known_person(database, 9000, now=NOON)
    async with database.write() as tx:
        broadcast_id = await decisions.draft(
            tx, author_id=author.id, locale="en", variant=Variant("Hello"), now=NOON
        )
        for locale, text in texts.items():
            await decisions.write(tx, broadcast_id, locale, Variant(text))
        if audience is not None:
            await decisions.choose(tx, broadcast_id, audience)
        one = await broadcasts.find(tx, broadcast_id)
        assert one
        await broadcast_starting.start(tx, one.id, decisions.digest(one), actor_id=author.id, now=NOON)
    return await found(database, broadcast_id)


async def found(database: Database, broadcast_id: int) -> Broadcast:
    async with database.read() as tx:
        one = await broadcasts.find(tx, broadcast_id)
    assert one
    return one


async def carried_on(database: Database, one: Broadcast, *, now: datetime = NOON) -> Broadcast:
    """Do all the work there is just now, as the beat does."""
    going = True
    while going:
        async with database.write() as tx:
            going = await broadcast_work.carry_on(tx, one.id, now=now)
    return await found(database, one.id)


async def settle(
    database: Database, states: Sequence[str], *, now: datetime = NOON, first: int = 1000
) -> list[tuple[str, int]]:
    """Let delivery take what there is and end in these ways in turn; say what went to whom."""
    done: list[tuple[str, int]] = []
    while True:
        async with database.write() as tx:
            claimed = await owed.claim(tx, now=now, limit=500)
            settled = [
                Settled(one, states[number % len(states)], (first + number,))
                for number, one in enumerate(claimed, start=len(done))
            ]
            await owed.settle(tx, settled, now=now)
        if not claimed:
            return done
        done += [(one.kind, one.person_id or 0) for one in claimed]


async def sent(database: Database, one: Broadcast, *states: str, now: datetime = NOON) -> Broadcast:
    await carried_on(database, one, now=now)
    await settle(database, states or ("sent",), now=now)
    return await carried_on(database, one, now=now)


async def outcomes(
    database: Database, one: Broadcast, kind: str = broadcast_notices.MESSAGE
) -> dict[str, int]:
    counted: dict[str, int] = {}
    async with database.read() as tx:
        for outcome in await broadcast_notices.count_outcomes(tx, one.id, kind):
            counted[outcome.state] = counted.get(outcome.state, 0) + outcome.people
    return counted


async def correct(database: Database, one: Broadcast, locale: str = "en") -> broadcast_afterwards.Answer:
    async with database.write() as tx:
        return await broadcast_afterwards.correct(
            tx, one.id, locale, Variant("Better"), actor_id=one.author_id or 0, now=NOON
        )


async def recall(database: Database, one: Broadcast, *, now: datetime = NOON) -> broadcast_afterwards.Answer:
    async with database.write() as tx:
        return await broadcast_afterwards.recall(tx, one.id, actor_id=one.author_id or 0, now=now)


async def test_a_correction_is_for_those_who_read_its_language(database: Database) -> None:
    ming, wai, lin = await members(database, "en", "zh_Hant_HK", "zh_Hans_CN")
    one = await sent(database, await begun(database, zh_Hant_HK="你好"))
    assert isinstance(await correct(database, one), Done)
    one = await carried_on(database, one)
    assert sorted(await settle(database, ["sent"])) == sorted(
        [("broadcast_correct", person) for person in (ming, lin, one.author_id)]
        + [("broadcast_report", one.author_id or 0)]
    )
    assert one.variants["en"].text == "Better"
    assert isinstance(await correct(database, one, "zh_Hant_HK"), Done)
    await carried_on(database, one)
    assert ("broadcast_correct", wai) in await settle(database, ["sent"])
    await carried_on(database, one)
    assert await outcomes(database, one, "broadcast_correct") == {"sent": 4}


async def test_only_what_arrived_is_corrected(database: Database) -> None:
    await members(database, *["en"] * 5)
    one = await sent(database, await begun(database), "sent", "blocked", "failed", "unknown")
    await correct(database, one)
    await carried_on(database, one)
    corrected = [kind for kind, _ in await settle(database, ["sent"])]
    assert corrected.count("broadcast_correct") == (await outcomes(database, one))["sent"]


async def test_what_is_on_the_wire_while_it_is_corrected_is_corrected_too(database: Database) -> None:
    await members(database, "en", "en", "en")
    one = await begun(database)
    await carried_on(database, one)
    async with database.write() as tx:
        flying = await owed.claim(tx, now=NOON, limit=2)
        await decisions.pause(tx, one.id, actor_id=None, now=NOON)
    await correct(database, one)
    await carried_on(database, one)
    async with database.write() as tx:
        assert not await decisions.resume(tx, one.id, actor_id=None, now=NOON), "the old words still fly"
        await owed.settle(tx, [Settled(notice, "sent", (7,)) for notice in flying], now=NOON)
    await carried_on(database, one)
    async with database.write() as tx:
        assert await decisions.resume(tx, one.id, actor_id=None, now=NOON)
    await settle(database, ["sent"])
    await carried_on(database, one)
    assert (await outcomes(database, one, "broadcast_correct"))["sent"] == 2
    assert (await found(database, one.id)).state == "done"


async def test_what_is_paused_is_corrected_and_stays_paused(database: Database) -> None:
    await members(database, "en", "en")
    one = await begun(database)
    await carried_on(database, one)
    async with database.write() as tx:
        first = await owed.claim(tx, now=NOON, limit=1)
        await owed.settle(tx, [Settled(notice, "sent", (7,)) for notice in first], now=NOON)
        await decisions.pause(tx, one.id, actor_id=None, now=NOON)
    await correct(database, one)
    await carried_on(database, one)
    assert await settle(database, ["sent"]) == [("broadcast_correct", first[0].person_id)]
    assert (await carried_on(database, one)).state == "paused"


async def test_while_it_is_being_sent_it_can_not_be_corrected(database: Database) -> None:
    one = await begun(database)
    assert isinstance(await correct(database, one), Unfit)
    assert (await found(database, one.id)).variants["en"].text == "Hello"


async def test_taking_back_stops_the_rest_and_deletes_what_arrived(database: Database) -> None:
    await members(database, *["en"] * 9)
    one = await begun(database)
    await carried_on(database, one)
    async with database.write() as tx:
        first = await owed.claim(tx, now=NOON, limit=3)
        await owed.settle(tx, [Settled(notice, "sent", (7, 8)) for notice in first], now=NOON)
    assert await recall(database, one) == Done(3)
    await carried_on(database, one)
    assert (await found(database, one.id)).state == "cancelled"
    taken = [who for kind, who in await settle(database, ["sent"]) if kind == "broadcast_recall"]
    assert sorted(taken) == sorted(notice.person_id or 0 for notice in first)
    assert await outcomes(database, one) == {"sent": 3, "cancelled": 7}
    async with database.read() as tx:
        arrived = await broadcast_changes.find_arrived(tx, one.id, taken[0])
    assert arrived
    assert arrived.message_ids == (7, 8)


async def test_taking_back_twice_is_harmless(database: Database) -> None:
    one = await sent(database, await begun(database))
    assert isinstance(await recall(database, one), Done)
    assert isinstance(await recall(database, one), Unfit)
    assert isinstance(await correct(database, one), Unfit)


async def test_after_two_days_nothing_is_taken_back(database: Database) -> None:
    one = await sent(database, await begun(database))
    assert isinstance(await recall(database, one, now=NOON + timedelta(hours=48)), Late)


async def test_a_deletion_is_of_no_use_once_its_message_is_two_days_old(database: Database) -> None:
    one = await sent(database, await begun(database))
    await recall(database, one, now=NOON + 47 * HOUR)
    await carried_on(database, one, now=NOON + 47 * HOUR)
    async with database.write() as tx:
        assert not await owed.miss_stale(tx, now=NOON + 48 * HOUR)
        assert await owed.miss_stale(tx, now=NOON + 48 * HOUR + SECOND) == 1
    assert await outcomes(database, one, "broadcast_recall") == {"missed": 1}


async def test_the_one_who_changed_it_is_told_when_that_is_through(database: Database) -> None:
    one = await sent(database, await begun(database))
    await settle(database, ["sent"])
    await recall(database, one)
    await carried_on(database, one)
    await settle(database, ["sent"])
    await carried_on(database, one)
    assert await settle(database, ["sent"]) == [("broadcast_changed", one.author_id or 0)]


async def further(database: Database, one: Broadcast, now: datetime) -> broadcast_afterwards.Answer:
    async with database.write() as tx:
        asked = await broadcast_afterwards.ask_further(tx, one.id, now=now)
        sent = await broadcast_afterwards.send_further(
            tx, one.id, asked.people if isinstance(asked, Done) else 0, actor_id=one.author_id or 0, now=now
        )
        assert asked == sent
        return sent


async def test_send_to_new_ones_reaches_whoever_came_later_and_nobody_twice(database: Database) -> None:
    await members(database, "en", "en")
    one = await sent(database, await begun(database))
    assert isinstance(await further(database, one, NOON + HOUR), Nobody)
    later = await known_person(database, 500, now=NOON + HOUR)
    assert await further(database, one, NOON + 2 * HOUR) == Done(1)
    assert isinstance(await further(database, one, NOON + 2 * HOUR), Unfit)
    await known_person(database, 501, now=NOON + 3 * HOUR)
    await settle(database, ["sent"], now=NOON + 2 * HOUR)
    await carried_on(database, one, now=NOON + 2 * HOUR)
    reached = await settle(database, ["sent"], now=NOON + 2 * HOUR)
    assert reached == [("broadcast", later.id)]
    one = await carried_on(database, one, now=NOON + 2 * HOUR)
    assert one.state == "done"
    assert one.planned
    assert one.planned.people == 4


async def test_looking_for_new_ones_keeps_nobody_from_writing(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    await members(database, "en")
    one = await sent(database, await begun(database))
    await known_person(database, 500, now=NOON + HOUR)
    kept_waiting = 0
    shared = Transaction.aside

    async def aside(tx: Transaction, subject: Hashable, look: Callable[[Transaction], Awaitable[int]]) -> int:
        async def slowly(other: Transaction) -> int:
            nonlocal kept_waiting
            async with asyncio.timeout(10):
                await database.share(lambda tx: people.mute(tx, one.author_id or 0, "broadcasts"))
            kept_waiting += 1
            return await look(other)

        return await shared(tx, subject, slowly)

    monkeypatch.setattr(Transaction, "aside", aside)
    later = NOON + 2 * HOUR
    asked = await database.share(lambda tx: broadcast_afterwards.ask_further(tx, one.id, now=later))
    assert (asked, kept_waiting) == (Done(1), 1)
    told = await database.share(
        lambda tx: broadcast_afterwards.send_further(tx, one.id, 1, actor_id=one.author_id or 0, now=later)
    )
    assert (told, kept_waiting) == (Done(1), 2)


async def test_new_ones_are_those_of_the_audience_who_can_be_reached_and_want_it(database: Database) -> None:
    event = await published_event(database, now=NOON)
    ids = await members(database, "en", "en", "en", "en")
    async with database.write() as tx:
        await attendance.join(tx, event.id, ids[0], now=NOON)
    one = await sent(database, await begun(database, Audience((Segment("event", event.id, "going"),))))
    async with database.write() as tx:
        for person in ids[1:]:
            await attendance.join(tx, event.id, person, now=NOON)
        await people.mute(tx, ids[2], "broadcasts")
        await people.mark_unreachable(tx, [ids[3]], now=NOON)
    assert await further(database, one, NOON + HOUR) == Done(1)


async def test_nothing_more_is_sent_about_an_event_that_is_over(database: Database) -> None:
    event = await published_event(database, now=NOON)
    (ming,) = await members(database, "en")
    async with database.write() as tx:
        await attendance.join(tx, event.id, ming, now=NOON)
    one = await sent(database, await begun(database, Audience((Segment("event", event.id, "going"),))))
    assert isinstance(await further(database, one, event.ends_at), Late)


async def test_what_may_have_arrived_is_sent_again_only_because_somebody_says_so(database: Database) -> None:
    await members(database, *["en"] * 5)
    one = await sent(database, await begun(database), "sent", "unknown")
    assert one.state == "done"
    assert await outcomes(database, one) == {"sent": 3, "unknown": 3}
    await settle(database, ["sent"])
    async with database.write() as tx:
        again = await broadcast_afterwards.send_unknown_again(tx, one.id, actor_id=1, now=NOON)
        twice = await broadcast_afterwards.send_unknown_again(tx, one.id, actor_id=1, now=NOON)
    assert again == Done(3)
    assert isinstance(twice, Unfit)
    assert [kind for kind, _ in await settle(database, ["sent"])].count("broadcast") == 3
    assert (await carried_on(database, one)).state == "done"
    assert await outcomes(database, one) == {"sent": 6}


async def test_many_failures_at_once_pause_it_and_alert_its_author(database: Database) -> None:
    await members(database, *["en"] * 39)
    one = await begun(database)
    await carried_on(database, one)
    await settle(database, ["sent", "failed"])
    one = await carried_on(database, one, now=NOON + SECOND)
    assert (one.state, one.paused_because) == ("paused", "failures")
    alerted = await settle(database, ["sent"], now=NOON + SECOND)
    assert alerted == [("broadcast_alarm", one.author_id or 0)]


async def test_going_on_after_failures_counts_them_anew(database: Database) -> None:
    await members(database, *["en"] * 39)
    one = await begun(database)
    await carried_on(database, one)
    await settle(database, ["failed"])
    await carried_on(database, one, now=NOON + SECOND)
    async with database.write() as tx:
        assert await decisions.resume(tx, one.id, actor_id=1, now=NOON + 2 * SECOND)
    one = await carried_on(database, one, now=NOON + 2 * SECOND)
    assert one.state == "done"


async def test_people_who_have_blocked_the_bot_never_stop_a_broadcast(database: Database) -> None:
    await members(database, *["en"] * 39)
    one = await begun(database)
    await carried_on(database, one)
    await settle(database, ["blocked"])
    assert (await carried_on(database, one, now=NOON + SECOND)).state == "done"


async def test_what_waits_for_the_morning_keeps_it_from_being_finished(database: Database) -> None:
    (ming,) = await members(database, "en")
    one = await begun(database)
    await carried_on(database, one)
    async with database.write() as tx:
        waiting = notices.c.person_id == ming
        await tx.run(notices.update().where(waiting).values(due_at=NOON + 8 * HOUR))
    await settle(database, ["sent"])
    assert (await carried_on(database, one)).state == "sending"
    await settle(database, ["sent"], now=NOON + 8 * HOUR)
    assert (await carried_on(database, one, now=NOON + 8 * HOUR)).state == "done"


async def test_who_is_forgotten_leaves_the_counts_as_they_were(database: Database) -> None:
    ming, _ = await members(database, "en", "en")
    one = await sent(database, await begun(database))
    async with database.write() as tx:
        await people.delete_person(tx, ming)
        left = await tx.rows(select(notices.c.id).where(notices.c.person_id == ming))
    assert not left
    assert await outcomes(database, one) == {"sent": 3}
