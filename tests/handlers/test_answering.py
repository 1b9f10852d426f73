"""Replies: sent until they arrived or can't, in order, and not said twice by stopping."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from markupsafe import Markup
from telegram import Update

from handlers import answering as answering_module
from handlers.answering import Answering
from handlers.dispatch import Answer, Dispatch, Handle
from handlers.pacing import Pacer
from handlers.replies import Original, Reply, Where, say, show
from handlers.wire import Blocked, Held, NotSent, Outcome, Refused, Unknown
from playground.clock import Clock
from storage import Database, Transaction, connect, inbox, replies
from storage.inbox import Arrival
from storage.migrations import migrate
from tests.conftest import NOON
from tests.wire import FakeWire


class SlowWire(FakeWire):
    async def call(self, method: str, params: Mapping[str, Any], **more: float) -> Outcome:
        outcome = await super().call(method, params, **more)
        await asyncio.sleep(0.3)
        return outcome


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = connect(f"sqlite+aiosqlite:///{tmp_path / 'amity.db'}")
    await migrate(opened)
    yield opened
    await opened.close()


def written(chat: int, number: int) -> Arrival:
    message = {"message_id": number, "date": 0, "chat": {"id": chat, "type": "private"}, "text": str(number)}
    return Arrival(number, chat, json.dumps({"update_id": number, "message": message}))


async def echo(update: Update, tx: Transaction, now: datetime) -> Answer:
    message = update.message
    if message is None:
        return None
    return say(Markup.escape(message.text or "")), Where(message.chat.id)


async def play(
    database: Database, wire: FakeWire, calls: int, *arrivals: Arrival, handle: Handle = echo
) -> None:
    """Let the bot work until it has made so many calls, then stop it in order."""
    async with database.write() as tx:
        await inbox.add(tx, arrivals, now=NOON)
    answering = Answering(wire, database, Pacer(1000))  # type: ignore[arg-type]
    dispatch = Dispatch(database, answering, Clock(NOON), handle=handle, apologise=handle)
    task = asyncio.create_task(dispatch.run())
    async with asyncio.timeout(20):
        while len(wire.calls) < calls:
            await asyncio.sleep(0.01)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def left(database: Database) -> tuple[int, int]:
    """How many updates and how many replies wait."""
    async with database.read() as tx:
        return await inbox.count_new(tx), await replies.count(tx)


async def test_a_call_that_telegram_never_manages_does_not_hold_its_chat_for_ever(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering_module, "LONGEST_PAUSE", 0.01)
    tries = answering_module.MOST_TROUBLES + 1
    wire = FakeWire({1: [NotSent("Internal Server Error", 500)] * tries})
    await play(database, wire, tries + 1, written(1, 1), written(1, 2))
    assert wire.calls[-1][1]["text"] == "2"
    assert await left(database) == (0, 0)


async def test_a_reply_is_sent_until_it_arrives(database: Database) -> None:
    wire = FakeWire({1: [NotSent("Bad Gateway", 502), Held(0.1), NotSent("ClientConnectorError")]})
    await play(database, wire, 4, written(1, 1))
    assert wire.count(1) == 4
    assert await left(database) == (0, 0)


@pytest.mark.parametrize("outcome", [Unknown("no answer in time"), Blocked("403"), Refused(400, "bad")])
async def test_what_may_have_arrived_or_never_can_is_not_said_again(
    database: Database, outcome: Unknown | Blocked | Refused
) -> None:
    wire = FakeWire({1: [outcome]})
    await play(database, wire, 1, written(1, 1))
    assert wire.count(1) == 1
    assert await left(database) == (0, 0)


async def test_a_change_that_may_have_happened_is_made_again_a_few_times(database: Database) -> None:
    async def changing(update: Update, tx: Transaction, now: datetime) -> Answer:
        return show(Markup("Changed")), Where(1, message_id=7)

    wire = FakeWire({1: [Unknown("ServerDisconnectedError")] * 2})
    await play(database, wire, 3, written(1, 1), handle=changing)
    assert [method for method, _ in wire.calls] == ["editMessageText"] * 3
    wire = FakeWire({1: [Unknown("no answer in time")] * 9})
    await play(database, wire, 4, written(1, 2), handle=changing)
    assert len(wire.calls) == 4
    assert await left(database) == (0, 0)


async def test_one_held_up_person_holds_up_nobody_else(database: Database) -> None:
    wire = FakeWire({1: [Held(60)]})
    await play(database, wire, 3, written(1, 1), written(2, 2), written(1, 3), written(3, 4))
    assert sorted(params["chat_id"] for _, params in wire.calls) == [1, 2, 3]
    assert await left(database) == (1, 1)


async def test_stopping_keeps_the_order_loses_no_reply_and_says_none_twice(database: Database) -> None:
    wire = SlowWire()
    await play(database, wire, 2, *(written(1, number) for number in range(1, 6)))
    assert len(wire.calls) == 2
    assert (await left(database))[1] == 0, "what was on its way is settled"
    await play(database, wire, 5)
    assert [params["text"] for _, params in wire.calls] == ["1", "2", "3", "4", "5"]


async def test_refused_formatting_is_said_plainly(database: Database) -> None:
    async def formatted(update: Update, tx: Transaction, now: datetime) -> Answer:
        pieces = (Original("Hello", ({"type": "bold", "offset": 0, "length": 99},)),)
        return Reply(pieces), Where(1)

    wire = FakeWire({1: [Refused(400, "Bad Request: can't parse entities: beyond the text")]})
    await play(database, wire, 2, written(1, 1), handle=formatted)
    assert [params["entities"] for _, params in wire.calls][-1] is None
    assert wire.count(1) == 2


def test_a_picture_that_cannot_be_had_is_left_out_and_its_words_are_said() -> None:
    words = {"caption": "<b>Which is red?</b>", "parse_mode": "HTML"}
    sent = {"chat_id": 1, "reply_markup": {"inline_keyboard": []}}
    problem = "Bad Request: wrong file identifier/HTTP URL specified"
    for method, params in (
        ("sendPhoto", sent | words | {"photo": "gone"}),
        ("editMessageMedia", sent | {"message_id": 5, "media": {"type": "photo", "media": "gone"} | words}),
    ):
        assert answering_module.milder(method, params, problem) == (
            "sendMessage",
            sent | {"text": "<b>Which is red?</b>", "parse_mode": "HTML"},
        )
