"""In order within a chat, side by side across chats, each update decided exactly once."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import pytest
from markupsafe import Markup
from sqlalchemy import text
from telegram import Message, Update

from handlers.answering import Answering
from handlers.dispatch import Answer, Dispatch, Handle
from handlers.letterbox import arrivals
from handlers.pacing import Pacer
from handlers.replies import Where, say
from handlers.wire import Outcome, Sent, Wire
from playground.clock import Clock
from storage import Database, Transaction, Unavailable, inbox, options, replies
from storage.tables import inbox as inbox_rows
from tests.conftest import NOON, migrated_sqlite

MING, WAI = 11, 12


class SlowWire:
    """A wire on which the messages to some chats take until they are let go."""

    def __init__(self) -> None:
        self.sent: list[tuple[int, str]] = []
        self.stuck = {MING: asyncio.Event(), WAI: asyncio.Event()}
        self.let_go(MING, WAI)

    def hold(self, chat: int) -> None:
        self.stuck[chat].clear()

    def let_go(self, *chats: int) -> None:
        for chat in chats:
            self.stuck[chat].set()

    async def call(self, method: str, params: Mapping[str, Any], **_: Any) -> Outcome:
        chat = int(params["chat_id"])
        await self.stuck[chat].wait()
        self.sent.append((chat, str(params["text"])))
        return Sent({"message_id": len(self.sent)})


class Handling:
    """A handler that says what it heard; what it is told to fail at raises."""

    def __init__(self, *failing: str) -> None:
        self.heard: list[str] = []
        self._failing = failing

    async def __call__(self, update: Update, tx: Transaction, now: datetime) -> Answer:
        text = str(update.message and update.message.text)
        self.heard.append(text)
        await options.remember(tx, text, "decided")
        if text in self._failing:
            raise RuntimeError("a bug")
        return say(Markup.escape(f"You said {text}")), _where(update)


async def apologise(update: Update, tx: Transaction, now: datetime) -> Answer:
    return say(Markup("Sorry")), _where(update)


def _where(update: Update) -> Where:
    assert update.effective_chat is not None
    return Where(update.effective_chat.id)


def message(update_id: int, chat: int, text: str) -> dict[str, Any]:
    face = {"id": chat, "is_bot": False, "first_name": "Made Up"}
    body = {"message_id": update_id, "date": 1, "chat": {"id": chat, "type": "private"}, "from": face}
    return {"update_id": update_id, "message": {**body, "text": text}}


@asynccontextmanager
async def dispatching(
    database: Database, handling: Handle, wire: SlowWire, apologising: Handle = apologise
) -> AsyncIterator[Dispatch]:
    answering = Answering(cast(Wire, wire), database, Pacer(1000))
    dispatch = Dispatch(database, answering, Clock(NOON), handle=handling, apologise=apologising)
    task = asyncio.create_task(dispatch.run())
    try:
        yield dispatch
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def arrive(database: Database, dispatch: Dispatch, *updates: dict[str, Any]) -> None:
    async with database.write() as tx:
        await inbox.add(tx, arrivals(updates), now=NOON)
    dispatch.wake()


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.01)


async def states(database: Database) -> dict[int, str]:
    async with database.read() as tx:
        return {row.update_id: row.state for row in await tx.rows(inbox_rows.select())}


async def test_two_messages_of_one_person_never_interleave(database: Database) -> None:
    wire, handling = SlowWire(), Handling()
    wire.hold(MING)
    async with dispatching(database, handling, wire) as dispatch:
        await arrive(database, dispatch, message(1, MING, "one"), message(2, MING, "two"))
        await until(lambda: handling.heard == ["one"])
        await asyncio.sleep(0.1)
        assert handling.heard == ["one"]
        wire.let_go(MING)
        await until(lambda: len(wire.sent) == 2)
    assert wire.sent == [(MING, "You said one"), (MING, "You said two")]


async def test_one_slow_person_never_holds_up_another(database: Database) -> None:
    wire, handling = SlowWire(), Handling()
    wire.hold(MING)
    async with dispatching(database, handling, wire) as dispatch:
        await arrive(database, dispatch, message(1, MING, "slow"), message(2, WAI, "quick"))
        await until(lambda: (WAI, "You said quick") in wire.sent)
        assert (MING, "You said slow") not in wire.sent


async def test_a_commit_whose_answer_is_lost_is_not_done_twice(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    share, lost = database.share, [True]

    async def losing(work: Any) -> Any:
        done = await share(work)
        if lost and handling.heard:
            lost.clear()
            raise Unavailable("the connection was lost")
        return done

    wire, handling = SlowWire(), Handling()
    monkeypatch.setattr(database, "share", losing)
    async with dispatching(database, handling, wire) as dispatch:
        await arrive(database, dispatch, message(1, MING, "one"), message(2, MING, "two"))
        await until(lambda: len(wire.sent) == 2)
    assert wire.sent == [(MING, "You said one"), (MING, "You said two")]
    assert await states(database) == {1: "done", 2: "done"}
    async with database.read() as tx:
        assert await replies.count(tx) == 0


async def test_what_cannot_be_parsed_is_set_aside_and_the_rest_goes_on(database: Database) -> None:
    wire, handling = SlowWire(), Handling()
    broken = {"update_id": 1, "message": {"chat": {"id": MING}, "date": "never"}}
    async with dispatching(database, handling, wire) as dispatch:
        await arrive(database, dispatch, broken, message(2, MING, "fine"))
        await until(lambda: wire.sent == [(MING, "You said fine")])
    assert await states(database) == {1: "aside", 2: "done"}


async def test_a_failing_handler_is_tried_three_times_then_we_apologise(database: Database) -> None:
    wire, handling = SlowWire(), Handling("bad")
    async with dispatching(database, handling, wire) as dispatch:
        await arrive(database, dispatch, message(1, MING, "bad"), message(2, MING, "good"))
        await until(lambda: len(wire.sent) == 2)
    assert handling.heard == ["bad", "bad", "bad", "good"]
    assert wire.sent == [(MING, "Sorry"), (MING, "You said good")]
    assert await states(database) == {1: "aside", 2: "done"}
    async with database.read() as tx:
        assert await options.find(tx, "bad") is None


async def test_where_even_the_apology_fails_the_rest_goes_on(database: Database) -> None:
    async def fail(update: Update, tx: Transaction, now: datetime) -> Answer:
        await tx.value(text("SELECT nothing FROM nowhere"))
        return None

    wire, handling = SlowWire(), Handling("bad")
    async with dispatching(database, handling, wire, apologising=fail) as dispatch:
        await arrive(database, dispatch, message(1, MING, "bad"), message(2, MING, "good"))
        await until(lambda: wire.sent == [(MING, "You said good")])
    assert await states(database) == {1: "aside", 2: "done"}


async def test_a_number_that_no_database_holds_stops_nothing(database: Database) -> None:
    wire, handling = SlowWire(), Handling()
    async with dispatching(database, handling, wire) as dispatch:
        await arrive(
            database, dispatch, message(2**70, MING, "no"), message(1, 2**70, "far"), message(2, MING, "yes")
        )
        await until(lambda: (MING, "You said yes") in wire.sent)
    assert "no" not in handling.heard


async def test_the_same_update_delivered_twice_counts_once(database: Database) -> None:
    wire, handling = SlowWire(), Handling()
    async with dispatching(database, handling, wire) as dispatch:
        await arrive(database, dispatch, message(1, MING, "once"))
        await until(lambda: len(wire.sent) == 1)
        await arrive(database, dispatch, message(1, MING, "once"), message(2, MING, "next"))
        await until(lambda: len(wire.sent) == 2)
    assert handling.heard == ["once", "next"]


async def test_what_was_handled_is_not_kept(database: Database) -> None:
    wire, handling = SlowWire(), Handling()
    async with dispatching(database, handling, wire) as dispatch:
        await arrive(database, dispatch, message(1, MING, "secret"))
        await until(lambda: len(wire.sent) == 1)
        await until(lambda: dispatch.waiting == 0)
    async with database.read() as tx:
        assert json.dumps([row.payload for row in await tx.rows(inbox_rows.select())]) == '[""]'


async def test_a_reply_decided_before_a_stop_is_sent_after_it(database: Database) -> None:
    wire, handling = SlowWire(), Handling()
    wire.hold(MING)
    async with dispatching(database, handling, wire) as dispatch:
        await arrive(database, dispatch, message(1, MING, "one"))
        await until(lambda: handling.heard == ["one"])
        await asyncio.sleep(0.1)
    assert wire.sent == []
    wire.let_go(MING)
    async with dispatching(database, handling, wire):
        await until(lambda: wire.sent == [(MING, "You said one")])
    assert handling.heard == ["one"]


async def test_a_failing_handler_undoes_itself_alone_in_a_shared_commit(database: Database) -> None:
    wire, handling = SlowWire(), Handling("bad")
    chats = range(100, 120)
    wire.stuck |= {chat: asyncio.Event() for chat in chats}
    wire.let_go(*chats)
    texts = {chat: "bad" if chat == 107 else f"good {chat}" for chat in chats}
    async with dispatching(database, handling, wire) as dispatch:
        await arrive(database, dispatch, *(message(chat, chat, said) for chat, said in texts.items()))
        await until(lambda: len(wire.sent) == len(chats))
        await until(lambda: dispatch.waiting == 0)
    assert dict(wire.sent) == {
        chat: "Sorry" if said == "bad" else f"You said {said}" for chat, said in texts.items()
    }
    assert {said: handling.heard.count(said) for said in texts.values()} == {
        said: 3 if said == "bad" else 1 for said in texts.values()
    }
    assert await states(database) == {chat: "aside" if chat == 107 else "done" for chat in chats}
    async with database.read() as tx:
        for said in texts.values():
            assert await options.find(tx, said) == (None if said == "bad" else "decided")


async def test_who_pressed_first_is_decided_first(tmp_path: Path) -> None:
    wire, handling, database = SlowWire(), Handling(), await migrated_sqlite(tmp_path)
    chats = range(100, 300)
    wire.stuck |= {chat: asyncio.Event() for chat in chats}
    wire.let_go(*chats)
    async with dispatching(database, handling, wire) as dispatch:
        await arrive(database, dispatch, *(message(chat, chat, str(chat)) for chat in chats))
        await until(lambda: len(wire.sent) == len(chats))
    assert handling.heard == [str(chat) for chat in chats]
    await database.close()


async def test_of_the_message_with_a_pressed_button_only_its_place_is_known_and_the_question_it_answers(
    database: Database,
) -> None:
    presses: list[Update] = []

    async def note(update: Update, tx: Transaction, now: datetime) -> Answer:
        presses.append(update)
        return None

    body = message(1, MING, "A card")["message"]
    keyboard = {"inline_keyboard": [[{"text": "Yes", "callback_data": "yes"}]]}
    query = {"id": "1", "from": body["from"], "chat_instance": "1", "data": "yes"}
    card = {**body, "reply_markup": keyboard}
    answer = {**card, "reply_to_message": message(2, MING, "Where is it?")["message"]}
    arriving = [
        {"update_id": number, "callback_query": {**query, "message": shown}}
        for number, shown in enumerate((card, answer), start=1)
    ]
    async with dispatching(database, note, SlowWire()) as dispatch:
        await arrive(database, dispatch, *arriving)
        await until(lambda: len(presses) == 2 and dispatch.waiting == 0)
    one, other = (press.callback_query for press in presses)
    assert one
    assert one.message
    assert one.data == "yes"
    assert (one.message.message_id, one.message.chat.id, one.from_user.id) == (1, MING, MING)
    assert not isinstance(one.message, Message)
    assert other
    assert isinstance(other.message, Message)
    assert other.message.reply_to_message
    assert other.message.reply_to_message.text == "Where is it?"


class Unheard:
    """A database whose commits nobody hears of the first time: everything is done once more."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def read(self) -> Any:
        return self._database.read()

    async def share(self, work: Any) -> Any:
        with contextlib.suppress(RuntimeError):
            await self._database.share(work)
        return await self._database.share(work)


async def test_a_commit_of_which_nobody_heard_is_answered_and_apologised_for_once(
    database: Database,
) -> None:
    wire, handling = SlowWire(), Handling("broken")
    unheard = cast(Database, Unheard(database))
    answering = Answering(cast(Wire, wire), database, Pacer(1000))
    dispatch = Dispatch(unheard, answering, Clock(NOON), handle=handling, apologise=apologise)
    async with database.write() as tx:
        await inbox.add(tx, arrivals([message(1, MING, "whole"), message(2, WAI, "broken")]), now=NOON)
    task = asyncio.create_task(dispatch.run())
    await until(lambda: len(wire.sent) == 2)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert sorted(wire.sent) == [(MING, "You said whole"), (WAI, "Sorry")]
    async with database.read() as tx:
        assert await replies.count(tx) == 0
