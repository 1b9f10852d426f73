"""One connection: whole answers whatever the server does, and how far a call got that has none."""

import asyncio
from typing import Any

import pytest
import uvloop

from handlers import http_connection
from handlers.http_connection import Broken, TooLate
from tests.raw_http import (
    CHUNKED,
    CLOSING,
    CONTINUED,
    OK,
    OLD,
    PLAIN,
    UNTIL_CLOSED,
    WHOLE,
    Caller,
    always,
    ask,
    failure,
    serving,
)

# The plugin's newer way to choose a loop can't be had for one module alone.
pytestmark = pytest.mark.filterwarnings("ignore:Overriding the .event_loop_policy. fixture")


@pytest.fixture(params=[asyncio.DefaultEventLoopPolicy, uvloop.EventLoopPolicy], ids=["asyncio", "uvloop"])
def event_loop_policy(request: pytest.FixtureRequest) -> Any:
    return request.param()


@pytest.mark.parametrize("answer", [PLAIN, CHUNKED, CLOSING, UNTIL_CLOSED, OLD, CONTINUED])
@pytest.mark.parametrize("piece", [1, 7, 1000])
async def test_an_answer_is_whole_however_it_comes(answer: bytes, piece: int) -> None:
    async def behave(caller: Caller) -> None:
        await caller.request()
        for start in range(0, len(answer), piece):
            await caller.say(answer[start : start + piece])
            await asyncio.sleep(0)

    async with serving(behave) as server:
        client = server.client()
        assert await ask(client) == WHOLE
        await client.close()


@pytest.mark.parametrize("answer", [PLAIN, CHUNKED, CONTINUED])
async def test_a_connection_is_used_again(answer: bytes) -> None:
    async with serving(always(answer)) as server:
        client = server.client()
        assert [await ask(client) for _ in range(5)] == [WHOLE] * 5
        assert len(server.callers) == 1
        await client.close()


@pytest.mark.parametrize("answer", [PLAIN, CLOSING])
async def test_a_connection_closed_between_calls_is_not_trusted_with_the_next(answer: bytes) -> None:
    async def behave(caller: Caller) -> None:
        await caller.request()
        await caller.say(answer)
        caller.writer.close()

    async with serving(behave) as server:
        client = server.client()
        for _ in range(5):
            assert await ask(client) == WHOLE
            await asyncio.sleep(0.02)
        assert len(server.callers) == 5
        await client.close()


@pytest.mark.parametrize("by", ["closing", "resetting"])
@pytest.mark.parametrize("answer", [PLAIN, CHUNKED, CLOSING])
async def test_a_call_cut_off_at_any_point_is_in_doubt_and_not_repeated(by: str, answer: bytes) -> None:
    points = iter(range(len(answer)))

    async def behave(caller: Caller) -> None:
        server.bodies.append(await caller.request())
        await caller.say(answer[: next(points)])
        if by == "resetting":
            caller.reset()

    async with serving(behave) as server:
        client = server.client()
        for point in range(len(answer)):
            assert isinstance(await failure(client), Broken), point
        assert len(server.bodies) == len(answer)
        await client.close()


async def test_a_large_request_that_is_cut_off_is_in_doubt() -> None:
    async def behave(caller: Caller) -> None:
        await caller.reader.read(1000)
        caller.reset()

    async with serving(behave) as server:
        client = server.client()
        assert isinstance(await failure(client, body=b"x" * 20_000_000), Broken)
        await client.close()


async def test_an_answer_that_comes_before_all_was_said_counts() -> None:
    refusal = b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n"

    async def behave(caller: Caller) -> None:
        await caller.reader.read(1000)
        await caller.say(refusal)
        await asyncio.sleep(10)

    async with serving(behave) as server:
        client = server.client()
        assert await ask(client, b"x" * 20_000_000) == (413, b"")
        assert (await ask(client))[0] == 413
        assert len(server.callers) == 2
        await client.close()


@pytest.mark.parametrize(
    "garbage",
    [
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"\x15\x03\x01\x00\x02\x02\x46" * 10,
        b"HTTP/9.9 nonsense\r\n\r\n",
        OK + b"Content-Length: minus one\r\n\r\n",
        OK + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\nhello",
        OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n",
    ],
)
async def test_garbage_is_no_answer(garbage: bytes) -> None:
    async with serving(always(garbage)) as server:
        client = server.client()
        assert isinstance(await failure(client), Broken)
        await client.close()


async def test_two_answers_to_one_call_are_not_taken_for_the_next_ones() -> None:
    wrong = OK + b"Content-Length: 5\r\n\r\nwrong"

    async def behave(caller: Caller) -> None:
        await caller.request()
        await caller.say(PLAIN + wrong)
        await asyncio.sleep(10)

    async with serving(behave) as server:
        client = server.client()
        assert [await ask(client) for _ in range(3)] == [WHOLE] * 3
        assert len(server.callers) == 3
        await client.close()


async def test_what_comes_unasked_is_not_taken_for_an_answer() -> None:
    async def behave(caller: Caller) -> None:
        await caller.request()
        await caller.say(PLAIN)
        await asyncio.sleep(0.01)
        await caller.say(OK + b"Content-Length: 5\r\n\r\nwrong")
        await asyncio.sleep(10)

    async with serving(behave) as server:
        client = server.client()
        for _ in range(3):
            assert await ask(client) == WHOLE
            await asyncio.sleep(0.05)
        await client.close()


async def test_an_answer_too_late_is_in_doubt_and_not_the_next_calls() -> None:
    async def behave(caller: Caller) -> None:
        while True:
            body = await caller.request()
            await asyncio.sleep(0.3 if body == b"slow" else 0)
            await caller.say(OK + b"Content-Length: %d\r\n\r\n" % len(body) + body)

    async with serving(behave) as server:
        client = server.client()
        assert isinstance(await failure(client, body=b"slow", within=0.1), TooLate)
        assert await ask(client, b"next") == (200, b"next")
        await asyncio.sleep(0.3)
        assert await ask(client, b"last") == (200, b"last")
        await client.close()


async def test_an_answer_that_drips_for_ever_ends_at_its_deadline() -> None:
    async def behave(caller: Caller) -> None:
        await caller.request()
        await caller.say(OK + b"Content-Length: 100000\r\n\r\n")
        while True:
            await caller.say(b" ")
            await asyncio.sleep(0.01)

    async with serving(behave) as server:
        client = server.client()
        assert isinstance(await failure(client, within=0.2), TooLate)
        await client.close()


async def test_a_huge_answer_is_whole() -> None:
    huge = b'{"ok":true,"result":"%b"}' % (b"x" * 20_000_000)
    async with serving(always(OK + b"Content-Length: %d\r\n\r\n" % len(huge) + huge)) as server:
        client = server.client()
        assert await ask(client) == (200, huge)
        await client.close()


async def test_an_endless_answer_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_connection, "LARGEST_ANSWER", 1_000_000)

    async def behave(caller: Caller) -> None:
        await caller.request()
        await caller.say(OK + b"Connection: close\r\n\r\n")
        while True:
            await caller.say(b"x" * 100_000)

    async with serving(behave) as server:
        client = server.client()
        assert isinstance(await failure(client), Broken)
        await client.close()
