"""What becomes of a call on the wire, and that the token never shows."""

import json
import logging
import socket
from collections.abc import AsyncIterator

import pytest
from markupsafe import Markup

from handlers.wire import (
    Blocked,
    Held,
    NotSent,
    Outcome,
    Refused,
    Sent,
    Unknown,
    Upload,
    Wire,
    _outcome,
    needs_proxy,
)
from tests.phone import Phone, Telegram, telegram_running
from tests.raw_http import OK, Caller, always, serving


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


@pytest.mark.parametrize(
    ("parameters", "seconds"),
    [
        ('{"retry_after": 17}', 17),
        ('{"retry_after": null}', 1),
        ('{"retry_after": "soon"}', 1),
        ('{"retry_after": -5}', 0.1),
        ('{"retry_after": 1e300}', 24 * 3600),
        ("{}", 1),
        ('["retry_after"]', 1),
        ("null", 1),
    ],
)
async def test_a_hold_ends_whatever_the_answer_says(parameters: str, seconds: float) -> None:
    body = f'{{"ok": false, "error_code": 429, "description": "Too Many", "parameters": {parameters}}}'
    assert _outcome(429, body.encode()) == Held(seconds)


async def test_what_waited_too_long_behind_a_gateway_may_have_arrived() -> None:
    assert isinstance(_outcome(504, b"<html>Gateway Timeout</html>"), Unknown)
    assert isinstance(_outcome(502, b"<html>Bad Gateway</html>"), NotSent)


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


async def answered(answer: bytes, method: str = "sendMessage", **params: object) -> Outcome:
    """What the wire makes of an answer."""
    async with (
        serving(always(answer)) as server,
        Wire("1:token", f"http://127.0.0.1:{server.port}") as wire,
    ):
        return await wire.call(method, {"chat_id": 1, "text": "Hello", **params})


@pytest.mark.parametrize("params", [{}, {"document": Upload("list.txt", b"Ming")}])
async def test_a_message_that_something_on_the_way_swallowed_is_in_doubt(params: dict[str, object]) -> None:
    page = b"<html>Sign in to use this network</html>"
    length = OK + b"Content-Length: %d\r\n\r\n"
    assert isinstance(await answered(length % len(page) + page, **params), Unknown)
    assert isinstance(await answered(length % 0, **params), Unknown)
    half = b'{"ok":true,"resul'
    assert isinstance(await answered(OK + b"Connection: close\r\n\r\n" + half), Unknown)
    deep = b"[" * 100_000
    assert isinstance(await answered(length % len(deep) + deep, **params), Unknown)


@pytest.mark.parametrize(
    ("status", "kind"), [(302, Refused), (403, Blocked), (404, NotSent), (429, Held), (502, NotSent)]
)
async def test_a_refusal_in_other_words_than_telegrams_is_known_by_its_status(
    status: int, kind: type[Outcome]
) -> None:
    page = b"HTTP/1.1 %d Something\r\nContent-Length: 6\r\n\r\n<html>" % status
    assert isinstance(await answered(page), kind)


async def test_what_is_for_a_group_that_moved_is_passed_on() -> None:
    asked: list[int] = []

    async def behave(caller: Caller) -> None:
        while True:
            chat = json.loads(await caller.request())["chat_id"]
            asked.append(chat)
            moved = {"ok": False, "description": "upgraded", "parameters": {"migrate_to_chat_id": -100}}
            answer = json.dumps(moved if chat == -1 else {"ok": True, "result": True}).encode()
            status = b"400 Bad Request" if chat == -1 else b"200 OK"
            await caller.say(b"HTTP/1.1 %b\r\nContent-Length: %d\r\n\r\n%b" % (status, len(answer), answer))

    async with serving(behave) as server, Wire("1:A", f"http://127.0.0.1:{server.port}") as wire:
        assert await wire.call("sendMessage", {"chat_id": -1, "text": "Hello"}) == Sent(True)
        assert await wire.call("sendMessage", {"chat_id": -100, "text": "Hello"}) == Sent(True)
    assert asked == [-1, -100, -100]


async def test_strange_words_and_numbers_arrive(wire: Wire, ming: Phone) -> None:
    for text in ("half an emoji \ud83d", "\x1f\u202e", Markup("<b>bold</b>"), "𝔸" * 4000):
        assert isinstance(await send(wire, ming.id, text), Sent)
    assert isinstance(await send(wire, 2**70), Blocked | Refused)


async def test_a_proxy_is_used_where_the_environment_names_one(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    assert not needs_proxy("https://api.telegram.org")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    assert needs_proxy("https://api.telegram.org")
    assert not needs_proxy("http://bot-api.example:8081")
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example:3128")
    assert needs_proxy("http://bot-api.example:8081")
    for own in ("http://localhost:8081", "http://127.0.0.1:8081", "http://[::1]:8081"):
        assert not needs_proxy(own)
    async with serving(always(OK + b"Content-Length: 11\r\n\r\n" + b'{"ok":true}')) as proxy:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.port}")
        async with Wire("1:token", "http://nowhere.invalid") as wire:
            assert isinstance(await send(wire, 1), Sent)
        monkeypatch.setenv("NO_PROXY", "nowhere.invalid")
        async with Wire("1:token", "http://nowhere.invalid") as wire:
            assert isinstance(await send(wire, 1), NotSent)
