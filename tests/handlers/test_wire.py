"""What becomes of a call on the wire, and that the token never shows."""

import logging
import socket
from collections.abc import AsyncIterator

import pytest

from handlers.wire import Blocked, Held, NotSent, Outcome, Refused, Sent, Unknown, Wire
from tests.phone import Phone, Telegram, telegram_running


@pytest.fixture
async def telegram() -> AsyncIterator[Telegram]:
    async with telegram_running() as running:
        yield running


@pytest.fixture
async def wire(telegram: Telegram) -> AsyncIterator[Wire]:
    async with Wire(telegram.token, telegram.api_url) as open_wire:
        yield open_wire


@pytest.fixture
async def ming(telegram: Telegram) -> Phone:
    phone = await telegram.person("Ming")
    await phone.write("/start")
    return phone


async def send(wire: Wire, chat_id: int, text: str = "Hello", *, within: float = 20) -> Outcome:
    return await wire.call("sendMessage", {"chat_id": chat_id, "text": text}, answer_within=within)


async def test_what_arrives_is_sent(wire: Wire, ming: Phone) -> None:
    outcome = await send(wire, ming.id, "שלום 👩‍👩‍👧 & <b>")
    assert isinstance(outcome, Sent)
    assert outcome.message_id == (await ming.last())["message_id"]
    assert (await ming.last())["text"] == "שלום 👩‍👩‍👧 & <b>"


async def test_what_is_none_is_left_out(wire: Wire, ming: Phone) -> None:
    params = {"chat_id": ming.id, "text": "Hello", "parse_mode": None, "reply_markup": None}
    assert isinstance(await wire.call("sendMessage", params), Sent)


@pytest.mark.parametrize(("kind", "status"), [("500", 500), ("502", 502), ("401", 401), ("409", 409)])
async def test_telegrams_own_trouble_may_be_tried_again(
    telegram: Telegram, wire: Wire, ming: Phone, kind: str, status: int
) -> None:
    await telegram.fault("sendMessage", kind, times=1)
    outcome = await send(wire, ming.id)
    assert isinstance(outcome, NotSent)
    assert outcome.status == status
    assert isinstance(await send(wire, ming.id), Sent)


async def test_too_many_calls_say_for_how_long_to_wait(telegram: Telegram, wire: Wire, ming: Phone) -> None:
    await telegram.fault("sendMessage", "429", retry_after=17, times=1)
    assert await send(wire, ming.id) == Held(17.0)


async def test_whoever_cant_be_reached_is_told_from_other_refusals(
    telegram: Telegram, wire: Wire, ming: Phone
) -> None:
    never = await telegram.person("Never")
    gone = await telegram.person("Gone")
    await gone.write("/start")
    await gone.deactivate()
    await ming.block()
    for chat_id in (ming.id, never.id, gone.id, 123_456_789_000):
        assert isinstance(await send(wire, chat_id), Blocked), chat_id
    await ming.block(False)
    assert isinstance(await send(wire, ming.id, ""), Refused)


async def test_no_answer_in_time_is_unknown(telegram: Telegram, wire: Wire, ming: Phone) -> None:
    await telegram.fault("sendMessage", "silence", times=1)
    assert isinstance(await send(wire, ming.id, within=0.2), Unknown)


@pytest.mark.parametrize("kind", ["reset", "reset_after"])
async def test_a_connection_cut_while_waiting_is_unknown(
    telegram: Telegram, wire: Wire, ming: Phone, kind: str
) -> None:
    await telegram.fault("sendMessage", kind, times=1)
    assert isinstance(await send(wire, ming.id), Unknown)


async def test_what_never_left_may_be_tried_again() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        async with Wire("1:token", f"http://127.0.0.1:{taken.getsockname()[1]}") as wire:
            outcome = await wire.call("getMe", {})
    assert isinstance(outcome, NotSent)
    assert outcome.status == 0


async def test_editing_without_a_change_is_success(wire: Wire, ming: Phone) -> None:
    sent = await send(wire, ming.id)
    assert isinstance(sent, Sent)
    same = {"chat_id": ming.id, "message_id": sent.message_id, "text": "Hello"}
    assert isinstance(await wire.call("editMessageText", same), Sent)


async def test_the_token_is_in_no_log_and_no_exception(
    telegram: Telegram, ming: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    secret = telegram.token.partition(":")[2]
    said: list[str] = []
    async with Wire(telegram.token, telegram.api_url) as wire:
        for kind in ("reset", "silence", "500", "401", "404", "429"):
            await telegram.fault("*", kind, times=1)
            said.append(repr(await send(wire, ming.id, within=0.2)))
            await telegram.fault("*", kind, times=1)
            try:
                await wire.bot.get_chat(ming.id, read_timeout=0.2)
            except Exception as error:
                said += [repr(error), repr(error.__cause__), repr(error.__context__)]
    async with Wire(telegram.token, "http://nowhere.invalid") as wire:
        said.append(repr(await send(wire, ming.id)))
        try:
            await wire.bot.get_chat(ming.id)
        except Exception as error:
            said += [repr(error), repr(error.__cause__)]
    assert len(said) > 8
    assert not [text for text in said if secret in text]
    ours = [record for record in caplog.records if not record.name.startswith(("uvicorn", "asyncio"))]
    assert not [record.getMessage() for record in ours if secret in record.getMessage()]
