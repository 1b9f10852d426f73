"""The HTTP client: a turn for everybody, a server found, and no call made twice."""

import asyncio
import shutil
import socket
import ssl
import subprocess
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import uvloop

from handlers import http
from handlers.http import Client
from handlers.http_connection import Broken, NeverLeft, TooLate
from tests.raw_http import (
    CLOSING,
    PLAIN,
    WHOLE,
    Caller,
    Server,
    always,
    ask,
    echo,
    failure,
    serving,
)

# The plugin's newer way to choose a loop can't be had for one module alone.
pytestmark = pytest.mark.filterwarnings("ignore:Overriding the .event_loop_policy. fixture")


@pytest.fixture(params=[asyncio.DefaultEventLoopPolicy, uvloop.EventLoopPolicy], ids=["asyncio", "uvloop"])
def event_loop_policy(request: pytest.FixtureRequest) -> Any:
    return request.param()


async def test_each_call_has_its_own_deadline() -> None:
    async def behave(caller: Caller) -> None:
        await asyncio.sleep(10)

    async with serving(behave) as server:
        client = server.client()
        started = asyncio.get_running_loop().time()
        ended: list[float] = []

        async def waiting(within: float) -> None:
            assert isinstance(await failure(client, within=within), TooLate)
            ended.append(within)

        await asyncio.gather(*(waiting(within) for within in (0.3, 0.1, 0.2, 0.4)))
        assert ended == [0.1, 0.2, 0.3, 0.4]
        assert asyncio.get_running_loop().time() - started >= 0.39
        await client.close()


async def test_a_cancelled_callers_answer_is_nobody_elses() -> None:
    async with serving(echo) as server:
        client = server.client(connections=4)

        async def hurried(number: int) -> None:
            body = b'{"n":%d}' % number
            call = asyncio.create_task(ask(client, body))
            for _ in range(number % 7):
                await asyncio.sleep(0)
            if number % 3:
                call.cancel()
            try:
                assert await call == (200, body)
            except asyncio.CancelledError:
                assert number % 3

        for start in range(0, 300, 20):
            await asyncio.gather(*(hurried(number) for number in range(start, start + 20)))
        assert await asyncio.wait_for(ask(client, b"still"), 5) == (200, b"still")
        await client.close()


async def test_no_more_connections_than_allowed_and_everybody_has_a_turn() -> None:
    async with serving(echo) as server:
        client = server.client(connections=3)
        bodies = [b'{"n":%d}' % number for number in range(200)]
        answers = await asyncio.gather(*(ask(client, body) for body in bodies))
        assert answers == [(200, body) for body in bodies]
        assert len(server.callers) == 3
        await client.close()


async def test_whoever_waits_for_a_connection_too_long_never_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "TURN_SECONDS", 0.1)

    async def behave(caller: Caller) -> None:
        await caller.request()
        await asyncio.sleep(10)

    async with serving(behave) as server:
        client = server.client(connections=1)
        busy = asyncio.create_task(failure(client, within=0.5))
        await asyncio.sleep(0)
        assert isinstance(await failure(client), NeverLeft)
        assert isinstance(await busy, TooLate)
        assert len(server.callers) == 1
        await client.close()


async def test_connections_that_end_in_failure_make_room_for_others() -> None:
    async def behave(caller: Caller) -> None:
        await caller.request()
        if caller.number % 2:
            caller.reset()
        else:
            await caller.say(PLAIN)

    async with serving(behave) as server:
        client = server.client(connections=2)
        ended = await asyncio.gather(*(ask(client) for _ in range(50)), return_exceptions=True)
        assert all(one == WHOLE or isinstance(one, Broken) for one in ended)
        await client.close()


async def test_what_found_no_server_never_left() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        client = Server(echo, port=taken.getsockname()[1]).client()
        assert isinstance(await failure(client), NeverLeft)
        await client.close()


async def test_a_name_that_is_not_known_never_left() -> None:
    client = Client("http://nowhere.invalid/bot1:A")
    client.open()
    problem = await failure(client)
    assert isinstance(problem, NeverLeft)
    assert "bot1" not in repr(problem)
    await client.close()


async def test_a_server_that_does_not_take_the_call_never_had_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "CONNECT_SECONDS", 0.2)

    async def behave(caller: Caller) -> None:
        await asyncio.sleep(10)

    async with serving(behave) as server:
        client = server.client(scheme="https")
        assert isinstance(await failure(client), NeverLeft)
        await client.close()


def resolving(*answers: list[str] | OSError) -> Callable[..., Awaitable[Any]]:
    """A name server that gives these answers, one after the other, and then the last for ever."""
    left = list(answers)

    async def getaddrinfo(host: str, port: int, **how: Any) -> Any:
        answer = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(answer, OSError):
            raise answer
        return [
            (
                socket.AF_INET6 if ":" in address else socket.AF_INET,
                socket.SOCK_STREAM,
                6,
                "",
                (address, port),
            )
            for address in answer
        ]

    return getaddrinfo


async def test_another_address_is_tried_where_one_does_not_answer() -> None:
    async with serving(echo) as server:
        look_up = resolving(["::1", "127.0.0.9", "127.0.0.1"])
        client = Client(f"http://somewhere.test:{server.port}", look_up=look_up)
        client.open()
        assert await ask(client, b"here") == (200, b"here")
        await client.close()


async def test_a_known_address_outlives_a_failing_name_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "RESOLVED_FOR_SECONDS", 0)
    async with serving(always(CLOSING)) as server:
        look_up = resolving(["127.0.0.1"], socket.gaierror("no name server"))
        client = Client(f"http://somewhere.test:{server.port}", look_up=look_up)
        client.open()
        for _ in range(3):
            assert await ask(client) == WHOLE
        assert len(server.callers) == 3
        await client.close()


@pytest.mark.skipif(not socket.has_ipv6, reason="there is no IPv6 here")
async def test_ipv6_works() -> None:
    try:
        async with serving(echo, host="::1") as server:
            client = server.client(host="[::1]")
            assert await ask(client, b"six") == (200, b"six")
            await client.close()
    except OSError:
        pytest.skip("there is no IPv6 here")


async def test_a_closed_client_tells_everybody_who_waits() -> None:
    async def behave(caller: Caller) -> None:
        await caller.request()
        await asyncio.sleep(10)

    async with serving(behave) as server:
        client = server.client(connections=1)
        calls = [asyncio.create_task(failure(client)) for _ in range(2)]
        while not server.callers:
            await asyncio.sleep(0.01)
        await client.close()
        assert {type(problem) for problem in await asyncio.gather(*calls)} == {Broken, NeverLeft}


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate of our own making for localhost, and its key."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    folder = tmp_path_factory.mktemp("certificate")
    made, key = folder / "made.pem", folder / "key.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    names = [
        "-subj",
        "/CN=localhost",
        "-addext",
        "subjectAltName=DNS:localhost",
        "-keyout",
        str(key),
        "-out",
        str(made),
    ]
    subprocess.run([*command, *names], check=True, capture_output=True)
    return made, key


async def test_a_certificate_must_be_trusted_and_fit(
    certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    own.load_cert_chain(*certificate)
    async with serving(echo, ssl=own) as server:
        stranger = server.client(scheme="https", host="localhost")
        assert isinstance(await failure(stranger), NeverLeft)
        await stranger.close()
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
        friend = server.client(scheme="https", host="localhost")
        assert await ask(friend, b"trusted") == (200, b"trusted")
        assert await ask(friend, b"x" * 3_000_000) == (200, b"x" * 3_000_000)
        await friend.close()
        wrongly_named = server.client(scheme="https", host="127.0.0.1")
        assert isinstance(await failure(wrongly_named), NeverLeft)
        await wrongly_named.close()
        assert not server.bodies
