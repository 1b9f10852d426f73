"""A server that behaves on each connection as a test says, to the byte."""

import asyncio
import contextlib
import socket
import struct
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from handlers.http import Client
from handlers.http_connection import Failed

OK = b"HTTP/1.1 200 OK\r\n"
PLAIN = OK + b"Content-Length: 11\r\n\r\n" + b'{"ok":true}'
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n" + b'4\r\n{"ok\r\n7;a=b\r\n":true}\r\n0\r\n\r\n'
UNTIL_CLOSED = OK + b"Connection: close\r\n\r\n" + b'{"ok":true}'
CLOSING = OK + b"Connection: close\r\nContent-Length: 11\r\n\r\n" + b'{"ok":true}'
OLD = b'HTTP/1.0 200 OK\r\n\r\n{"ok":true}'
CONTINUED = b"HTTP/1.1 100 Continue\r\n\r\n" + b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + PLAIN
WHOLE = (200, b'{"ok":true}')


@dataclass
class Caller:
    """One connection as the server sees it."""

    number: int
    reader: StreamReader
    writer: StreamWriter

    async def request(self) -> bytes:
        """The next request's body."""
        head = await self.reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"POST ")
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
        return await self.reader.readexactly(length)

    async def say(self, answer: bytes) -> None:
        self.writer.write(answer)
        await self.writer.drain()

    def reset(self) -> None:
        """Cut the connection in the middle of things."""
        held = self.writer.get_extra_info("socket")
        held.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


Behave = Callable[[Caller], Awaitable[None]]


@dataclass
class Server:
    """Behaves on each connection as the test says, and counts."""

    behave: Behave
    port: int = 0
    callers: list[Caller] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    serving: list[asyncio.Task[None]] = field(default_factory=list)

    def take(self, reader: StreamReader, writer: StreamWriter) -> None:
        self.serving.append(asyncio.create_task(self.serve(reader, writer)))

    async def serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        caller = Caller(len(self.callers), reader, writer)
        self.callers.append(caller)
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            await self.behave(caller)
        with contextlib.suppress(OSError):
            writer.close()

    def client(self, *, scheme: str = "http", host: str = "127.0.0.1", connections: int = 256) -> Client:
        client = Client(f"{scheme}://{host}:{self.port}/bot1:A", connections=connections)
        client.open()
        return client


@contextlib.asynccontextmanager
async def serving(behave: Behave, host: str = "127.0.0.1", **how: Any) -> AsyncIterator[Server]:
    server = Server(behave)
    listening = await asyncio.start_server(server.take, host, 0, **how)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
        for task in server.serving:
            task.cancel()
        await asyncio.gather(*server.serving, return_exceptions=True)
        for caller in server.callers:
            caller.writer.transport.abort()


def always(answer: bytes) -> Behave:
    """Answers every call the same."""

    async def behave(caller: Caller) -> None:
        while True:
            await caller.request()
            await caller.say(answer)

    return behave


async def echo(caller: Caller) -> None:
    """Answers every call with what it said."""
    while True:
        body = await caller.request()
        await caller.say(OK + b"Content-Length: %d\r\n\r\n" % len(body) + body)


async def ask(client: Client, body: bytes = b"{}", *, within: float = 10) -> tuple[int, bytes]:
    return await client.post("/sendMessage", body, within=within)


async def failure(client: Client, **how: Any) -> Failed:
    with pytest.raises(Failed) as caught:
        await ask(client, **how)
    return caught.value
