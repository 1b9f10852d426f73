"""Whatever goes wrong: every notice ends once, what is sent arrived once, and the tallies are true."""

import asyncio
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markupsafe import Markup
from sqlalchemy import delete, func, insert, select

from bot.language import HK
from handlers import delivery as delivery_module
from handlers import wording as wording_module
from handlers.delivery import Delivery
from handlers.pacing import Pacer
from handlers.replies import Reply, say
from handlers.turns import Setup
from handlers.wire import Blocked, Held, NotSent, Outcome, Refused, Sent, Unknown
from playground.clock import Clock
from storage import Database, Transaction, Unavailable, tallies
from storage import notices as owed
from storage.owing import NEWS
from storage.tables import broadcasts, notices, people
from tests.conftest import NOON, migrated_sqlite

# So many times faster than real time the pace is played.
FASTER = 200
OPEN = ("owed", "claimed")
ARRIVED, LOST = "it arrived and nobody heard", "it never arrived and nobody heard"

FATES: Mapping[str, Outcome] = {
    "held": Held(1),
    "trouble": NotSent("Bad Gateway", 502),
    "unreachable": NotSent("OSError"),
    "blocked": Blocked("403"),
    "refused": Refused(400, "bad"),
    ARRIVED: Unknown("no answer in time"),
    LOST: Unknown("no answer in time"),
}


@dataclass
class Telegram:
    """Telegram as the wire knows it: each chat has its troubles, one call after the other."""

    fates: dict[int, list[str]]
    arrived: Counter[int] = field(default_factory=Counter)
    pause: float = 0.001

    async def call(self, method: str, params: Mapping[str, Any], **_: float) -> Outcome:
        assert method == "sendMessage"
        chat = int(params["chat_id"])
        await asyncio.sleep(self.pause)
        fate = self.fates[chat].pop(0) if self.fates.get(chat) else "sent"
        if fate in ("sent", ARRIVED):
            self.arrived[chat] += 1
        await asyncio.sleep(self.pause)
        return Sent({"message_id": chat}) if fate == "sent" else FATES[fate]


@dataclass
class Shaky:
    """The database, of which some commits fail, and some succeed without anybody hearing of it."""

    database: Database
    faults: list[str]

    def read(self) -> Any:
        return self.database.read()

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Transaction]:
        fault = self.faults.pop(0) if self.faults else "none"
        if fault == "gone":
            raise Unavailable("gone")
        async with self.database.write() as tx:
            yield tx
            if fault == "undone":
                raise Unavailable("undone")
        if fault == "unheard":
            raise Unavailable("nobody heard of the commit")


async def word(*_: object) -> Reply:
    return say(Markup("Hello"))


async def owe_everyone(database: Database, chats: Sequence[int]) -> int:
    async with database.write() as tx:
        broadcast_id: int = await tx.value(
            insert(broadcasts)
            .values(base_locale="en", audience={}, state="sending", started_at=NOON, created_at=NOON)
            .returning(broadcasts.c.id)
        )
        for chat in chats:
            locale = ("en", "zh_Hant_HK")[chat % 2]
            await tx.run(
                insert(people).values(id=chat, telegram_id=chat, name="Ming", locale=locale, joined_at=NOON)
            )
            await tx.run(
                insert(notices).values(
                    kind="broadcast",
                    person_id=chat,
                    params={},
                    occasion=f"broadcast:{broadcast_id}:{chat}",
                    rank=NEWS,
                    due_at=NOON,
                    broadcast_id=broadcast_id,
                )
            )
    return broadcast_id


async def states(database: Database) -> dict[int, str]:
    async with database.read() as tx:
        return {row.person_id: row.state for row in await tx.rows(select(notices))}


async def counted(database: Database, broadcast_id: int) -> dict[tuple[str, str], int]:
    async with database.read() as tx:
        found = await tallies.count(tx, broadcast_id)
    return {(tally.locale, tally.state): people for tally, people in found.items() if people}


async def rows_by_outcome(database: Database) -> dict[tuple[str, str], int]:
    query = select(people.c.locale, notices.c.state, func.count().label("number"))
    query = query.join(people, people.c.id == notices.c.person_id)
    async with database.read() as tx:
        rows = await tx.rows(query.group_by(people.c.locale, notices.c.state))
    return {(row.locale, row.state): row.number for row in rows}


async def deliver(
    database: Any, telegram: Telegram, clock: Clock, *, seconds: float | None, forget: int | None = None
) -> None:
    """Deliver for a while, or else until nothing is open; the clock runs fast. Somebody may be forgotten."""
    pacer = Pacer(
        1000,
        clock=lambda: time.monotonic() * FASTER,
        sleep=lambda pause: asyncio.sleep(pause / FASTER),
    )
    delivery = Delivery(database, telegram, pacer, clock, Setup("amity_bot", HK, frozenset(), None))  # type: ignore[arg-type]
    task = asyncio.create_task(delivery.run())
    real = database.database
    until = time.monotonic() + (20 if seconds is None else seconds)
    while time.monotonic() < until and not task.done():
        await asyncio.sleep(0.005 if seconds is None else min(0.005, seconds))
        if seconds is None:
            clock.move(300)
        delivery.wake()
        if forget is not None:
            async with real.write() as tx:
                await tx.run(delete(people).where(people.c.id == forget))
            forget = None
        if seconds is None and not set(OPEN) & set((await states(real)).values()):
            break
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def play(
    fates: dict[int, list[str]], faults: list[str], stops: list[float], forget: int | None = None
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        database = await migrated_sqlite(Path(folder))
        try:
            await play_on(database, fates, faults, stops, forget)
        finally:
            await database.close()


async def play_on(
    database: Database,
    fates: dict[int, list[str]],
    faults: list[str],
    stops: list[float],
    forget: int | None,
) -> None:
    may_be_lost = {chat for chat, list_ in fates.items() if {ARRIVED, LOST} & set(list_)}
    broadcast_id = await owe_everyone(database, list(fates))
    telegram, clock, shaky = Telegram(fates), Clock(NOON), Shaky(database, faults)
    for seconds in stops:
        await deliver(shaky, telegram, clock, seconds=seconds, forget=forget)
        forget = None
        assert "claimed" not in (await states(database)).values(), "a stop in order leaves nothing in doubt"
    await deliver(shaky, telegram, clock, seconds=None, forget=forget)
    ended = await states(database)
    for chat, state in ended.items():
        assert state not in OPEN, "nobody is left out"
        assert telegram.arrived[chat] <= 1, "nobody gets it twice"
        match state:
            case "sent":
                assert telegram.arrived[chat] == 1
            case "unknown":
                assert chat in may_be_lost, "only what Telegram did not answer is in doubt"
            case _:
                assert telegram.arrived[chat] == 0
    by_rows = await rows_by_outcome(database)
    if len(ended) == len(fates):
        assert await counted(database, broadcast_id) == by_rows, "the tallies are the rows"
    else:
        # Who was told and then forgotten stays counted.
        rest = Counter(await counted(database, broadcast_id))
        rest.subtract(by_rows)
        assert all(number >= 0 for number in rest.values())
        assert sum(rest.values()) <= 1


fate_lists = st.lists(st.sampled_from([*FATES, "sent"]), max_size=3)
faults_in_turn = st.lists(st.sampled_from(["none", "none", "gone", "undone", "unheard"]), max_size=12)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    fates=st.lists(fate_lists, min_size=1, max_size=20),
    faults=faults_in_turn,
    stops=st.lists(st.floats(0.0, 0.03), max_size=4),
    forget=st.none() | st.integers(1, 5),
)
def test_every_notice_ends_once_and_the_tallies_are_the_rows(
    fates: list[list[str]], faults: list[str], stops: list[float], forget: int | None
) -> None:
    by_chat = {number + 1: list_ for number, list_ in enumerate(fates)}
    with (
        mock.patch.object(wording_module, "WORDS", {"broadcast": word}),
        mock.patch.object(wording_module, "TOGETHER", {}),
        mock.patch.object(delivery_module, "IDLE_SECONDS", 0.01),
        mock.patch.object(delivery_module, "STOP_SECONDS", 1.0),
        mock.patch.object(delivery_module, "TURN_SECONDS", 0.002),
    ):
        asyncio.run(play(by_chat, list(faults), stops, forget))


async def test_a_commit_of_which_nobody_heard_is_counted_once_and_leaves_nobody_out(
    database: Database,
) -> None:
    with (
        mock.patch.object(wording_module, "WORDS", {"broadcast": word}),
        mock.patch.object(wording_module, "TOGETHER", {}),
        mock.patch.object(delivery_module, "IDLE_SECONDS", 0.05),
    ):
        faults = ["none", "unheard", "none", "unheard", "unheard"]
        await play_on(database, {chat: [] for chat in range(1, 40)}, faults, [], None)


async def test_what_loses_its_use_while_it_is_claimed_is_counted_once(database: Database) -> None:
    """The two look at the same moment: only one of them settles it."""

    broadcast_id = await owe_everyone(database, [1, 2, 3])
    async with database.write() as tx:
        await tx.run(notices.update().values(useful_until=NOON))
    clock = Clock(NOON)
    clock.move(60)
    now = clock.now()
    if database.is_sqlite:
        async with database.write() as tx:
            assert await owed.miss_stale(tx, now=now) == 3
    else:
        async with database.write() as claiming:
            claimed = await owed.claim(claiming, now=now, limit=2)
            async with database.write() as beating:
                assert await owed.miss_stale(beating, now=now) == 1
        async with database.write() as tx:
            await owed.settle(tx, [owed.Settled(one, "missed") for one in claimed], now=now)
    assert sum((await counted(database, broadcast_id)).values()) == 3
    assert await counted(database, broadcast_id) == await rows_by_outcome(database)
