"""A small HTTP/1.1 client for calls without files, which says how far a call got that failed."""

import asyncio
import contextlib
import re
import select
import socket
import ssl
from collections import deque
from functools import partial
from itertools import chain, zip_longest
from typing import Any, cast
from urllib.parse import quote, urlsplit

import httptools

CONNECT_SECONDS = 10.0
# One address of several that does not answer must not use up the time of the others.
ADDRESS_SECONDS = 2.0
# How long a call waits for its turn when all connections are busy.
TURN_SECONDS = 30.0
RESOLVED_FOR_SECONDS = 300.0
# Servers close what is idle, some after these seconds; a call sent at that instant is in doubt.
IDLE_SECONDS = 15.0
# A connection idle for longer than this is looked at before it is trusted with a call.
TRUSTED_SECONDS = 0.05
LARGEST_ANSWER = 64 * 1024 * 1024

_FRAMED = re.compile(rb"\r\n(?:content-length|transfer-encoding)[ \t]*:", re.IGNORECASE)

Answer = tuple[int, bytes]


class Failed(Exception):
    """The call has no whole answer. The text never holds the address, which may hold a secret."""


class NeverLeft(Failed):
    """There was no connection, and nothing was sent."""


class TooLate(Failed):
    """It was sent, and the answer did not come in time."""


class Broken(Failed):
    """It was sent, and the connection was lost or what came back was no answer."""


class _Connection(asyncio.Protocol):
    """One connection: at most one call at a time, and its answer."""

    def __init__(self, client: "Client") -> None:
        self._client = client
        self._parts: list[bytes] = []
        # The parser hands every piece of a body straight to the list.
        self.on_body = self._parts.append
        self._parser = httptools.HttpResponseParser(self)
        self._head = b""
        self._size = 0
        self._status = 0
        self._in_body = self._whole = self._keep = self._until_closed = False
        self.answer: asyncio.Future[Answer] | None = None
        self.deadline = 0.0
        self.idle_since = 0.0
        self._lost = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # What a stream has; other loops' transports are not of its class.
        self._transport = cast(asyncio.Transport, transport)
        held = transport.get_extra_info("socket")
        self._readable = select.poll() if hasattr(select, "poll") else None
        if self._readable is not None and held is not None:
            self._readable.register(held.fileno(), select.POLLIN)
        self._client._remember(self)

    def is_usable(self, now: float) -> bool:
        """Say whether a call may go out on it: the other side is not known to have closed it."""
        if self._lost or self._transport.is_closing():
            return False
        idle = now - self.idle_since
        if idle < TRUSTED_SECONDS:
            return True
        # What has arrived unread can only be its end.
        return idle < IDLE_SECONDS and not (self._readable is not None and self._readable.poll(0))

    def ask(self, request: bytes, answer: asyncio.Future[Answer], deadline: float) -> None:
        self.answer = answer
        self.deadline = deadline
        self._size = self._status = 0
        self._head = b""
        self._in_body = self._whole = self._keep = self._until_closed = False
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        if self.answer is None:
            # Nobody has asked; the next caller must not take it for an answer.
            self.close()
            return
        self._size += len(data)
        if not self._in_body:
            self._head += data
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._keep = False
            if not self._whole:
                self.fail(Broken("what came back is not HTTP"))
                return
        if self._whole:
            self._finish()
        elif self._size > LARGEST_ANSWER:
            self.fail(Broken("the answer is too large"))

    def on_message_begin(self) -> None:
        if self._whole:
            # More than one answer to one call: they could be taken for the next call's.
            self._keep = False

    def on_headers_complete(self) -> None:
        self._in_body = True
        if not self._parser.should_keep_alive():
            self._until_closed = _FRAMED.search(self._head) is None

    def on_message_complete(self) -> None:
        if self._whole:
            return
        self._status = self._parser.get_status_code()
        if self._status < 200:
            # A word in between, such as 100 Continue; the answer is still to come.
            self._parts.clear()
            self._in_body = self._until_closed = False
            return
        self._whole = True
        self._keep = self._parser.should_keep_alive()

    def connection_lost(self, exc: Exception | None) -> None:
        self._lost = True
        self._client._forget(self)
        if self.answer is not None:
            if self._until_closed and exc is None:
                self._status = self._parser.get_status_code()
                self._finish()
            else:
                self.fail(Broken(type(exc).__name__ if exc else "the connection was closed"))

    def _finish(self) -> None:
        body = self._parts[0] if len(self._parts) == 1 else b"".join(self._parts)
        self._parts.clear()
        answer, self.answer = self.answer, None
        if answer is not None and not answer.done():
            answer.set_result((self._status, body))
        # What is still being written would run into the next call.
        if self._keep and not self._lost and not self._transport.get_write_buffer_size():
            self._client._release(self)
        else:
            self.close()

    def fail(self, problem: Failed) -> None:
        """End the call without an answer. The connection is not used again: one may still come on it."""
        answer, self.answer = self.answer, None
        self.close()
        if answer is not None and not answer.done():
            answer.set_exception(problem)

    def close(self) -> None:
        self._transport.abort()


class Client:
    """Asks one server, over connections that are kept open; each call is made once and never repeated."""

    def __init__(self, address: str, *, connections: int = 256) -> None:
        parts = urlsplit(address)
        self._host = parts.hostname or ""
        self._port = parts.port or (443 if parts.scheme == "https" else 80)
        self._secure = parts.scheme == "https"
        self._limit = connections
        named = parts.netloc.rpartition("@")[2]
        self._host_header = named.encode("ascii" if named.isascii() else "idna")
        self._prefix = parts.path
        self._heads: dict[str, bytes] = {}
        self._connections: set[_Connection] = set()
        self._idle: list[_Connection] = []
        self._opening = 0
        self._waiting: deque[asyncio.Future[_Connection | None]] = deque()
        self._resolved: list[tuple[Any, ...]] = []
        self._resolved_at = float("-inf")
        self._alarm: asyncio.TimerHandle | None = None
        self._alarm_at = float("inf")
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tls: ssl.SSLContext | None = None

    def open(self) -> None:
        """Make ready, within the loop that will be used; no connection is made yet."""
        self._loop = asyncio.get_running_loop()
        if self._secure and self._tls is None:
            self._tls = ssl.create_default_context()
            self._tls.set_alpn_protocols(["http/1.1"])

    async def close(self) -> None:
        """Cut all connections; whoever waits for an answer is told that it is broken."""
        self._loop = None
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm, self._alarm_at = None, float("inf")
        for connection in tuple(self._connections):
            connection.close()
        for waiter in self._waiting:
            if not waiter.done():
                waiter.set_exception(NeverLeft("the client was closed"))
        # The loop closes sockets in its next round.
        await asyncio.sleep(0)

    async def post(self, path: str, body: bytes, *, within: float) -> Answer:
        """Post JSON once; give the status and the whole body within so many seconds of sending.

        Raises NeverLeft, TooLate or Broken. Cancelling the caller gives up its connection.
        """
        loop = self._loop
        if loop is None:
            raise RuntimeError("the client is used before it is opened")
        connection = self._take() or await self._obtain(loop)
        answer: asyncio.Future[Answer] = loop.create_future()
        deadline = loop.time() + within
        connection.ask(b"%b%d\r\n\r\n%b" % (self._head(path), len(body), body), answer, deadline)
        if deadline < self._alarm_at:
            self._set_alarm(loop, deadline)
        try:
            return await answer
        except asyncio.CancelledError:
            # Unless its answer has come meanwhile and it is another's by now.
            if connection.answer is answer:
                connection.fail(Broken("given up"))
            raise

    def _head(self, path: str) -> bytes:
        head = self._heads.get(path)
        if head is None:
            target = quote(self._prefix + path, safe="/%:~!$&'()*+,;=@").encode()
            head = self._heads[path] = (
                b"POST %b HTTP/1.1\r\nHost: %b\r\nContent-Type: application/json\r\nContent-Length: "
                % (target, self._host_header)
            )
        return head

    def _take(self) -> _Connection | None:
        """The connection used last that is still good: the others may rest until they are closed."""
        while self._idle:
            connection = self._idle.pop()
            if connection.is_usable(self._now()):
                return connection
            connection.close()
        return None

    async def _obtain(self, loop: asyncio.AbstractEventLoop) -> _Connection:
        try:
            async with asyncio.timeout(TURN_SECONDS):
                while len(self._connections) + self._opening >= self._limit:
                    connection = await self._turn(loop)
                    if connection is not None and connection.is_usable(self._now()):
                        return connection
        except TimeoutError:
            raise NeverLeft("no connection was free in time") from None
        self._opening += 1
        try:
            connection = await self._connect(loop)
        except BaseException:
            self._pass_on(None)
            raise
        finally:
            self._opening -= 1
        if not connection.is_usable(self._now()):
            raise NeverLeft("the connection was closed at once")
        return connection

    async def _turn(self, loop: asyncio.AbstractEventLoop) -> _Connection | None:
        """Wait for a connection that another call has done with, or None for room to make one."""
        waiter: asyncio.Future[_Connection | None] = loop.create_future()
        self._waiting.append(waiter)
        try:
            return await waiter
        except asyncio.CancelledError:
            if waiter.cancelled() or not waiter.done() or waiter.exception():
                with contextlib.suppress(ValueError):
                    self._waiting.remove(waiter)
            elif (connection := waiter.result()) is not None:
                self._release(connection)
            else:
                self._pass_on(None)
            raise

    def _pass_on(self, connection: _Connection | None) -> bool:
        """Give the connection, or room for one, to who waits longest; say whether somebody does."""
        while self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.done():
                waiter.set_result(connection)
                return True
        return False

    def _release(self, connection: _Connection) -> None:
        connection.idle_since = self._now()
        if not self._waiting or not self._pass_on(connection):
            self._idle.append(connection)

    def _remember(self, connection: _Connection) -> None:
        connection.idle_since = self._now()
        self._connections.add(connection)

    def _forget(self, connection: _Connection) -> None:
        self._connections.discard(connection)
        with contextlib.suppress(ValueError):
            self._idle.remove(connection)
        self._pass_on(None)

    async def _connect(self, loop: asyncio.AbstractEventLoop) -> _Connection:
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                return await self._connect_to_any(loop, await self._addresses(loop))
        except TimeoutError:
            raise NeverLeft("no connection in time") from None
        except (OSError, UnicodeError) as error:
            raise NeverLeft(type(error).__name__) from None

    async def _connect_to_any(
        self, loop: asyncio.AbstractEventLoop, addresses: list[tuple[Any, ...]]
    ) -> _Connection:
        """Try one address after the other; the one that answered is the first to be tried next time."""
        for number, address in enumerate(addresses, start=1):
            is_last = number == len(addresses)
            try:
                async with asyncio.timeout(None if is_last else ADDRESS_SECONDS):
                    _, connection = await loop.create_connection(
                        partial(_Connection, self),
                        *address[:2],
                        ssl=self._tls,
                        server_hostname=self._host if self._tls else None,
                    )
            except OSError:
                # A time-out is one too.
                if is_last:
                    self._resolved_at = float("-inf")
                    raise
                continue
            if number > 1:
                self._resolved = [address, *(other for other in addresses if other != address)]
            return connection
        raise OSError("no address")

    async def _addresses(self, loop: asyncio.AbstractEventLoop) -> list[tuple[Any, ...]]:
        """Where the server is: asked again after minutes; known addresses outlive a failing name server."""
        if self._now() - self._resolved_at < RESOLVED_FOR_SECONDS:
            return self._resolved
        try:
            found = await loop.getaddrinfo(self._host, self._port, type=socket.SOCK_STREAM)
        except OSError:
            if not self._resolved:
                raise
            return self._resolved
        six = [address for family, *_, address in found if family == socket.AF_INET6]
        four = [address for family, *_, address in found if family == socket.AF_INET]
        first, second = (six, four) if found and found[0][0] == socket.AF_INET6 else (four, six)
        self._resolved = [address for address in chain(*zip_longest(first, second)) if address]
        self._resolved_at = self._now()
        return self._resolved

    def _now(self) -> float:
        return self._loop.time() if self._loop is not None else 0.0

    def _set_alarm(self, loop: asyncio.AbstractEventLoop, at: float) -> None:
        """One alarm for all calls, at the earliest deadline: a timer each would cost more than a call."""
        if self._alarm is not None:
            self._alarm.cancel()
        self._alarm = loop.call_at(at, self._ring)
        self._alarm_at = at

    def _ring(self) -> None:
        loop, self._alarm, self._alarm_at = self._loop, None, float("inf")
        if loop is None:
            return
        # Some loops' clocks tick in milliseconds.
        now = loop.time() + 0.001
        busy = [connection for connection in self._connections if connection.answer is not None]
        for connection in busy:
            if connection.deadline <= now:
                connection.fail(TooLate("no answer in time"))
        upcoming = [connection.deadline for connection in busy if connection.deadline > now]
        if upcoming:
            self._set_alarm(loop, min(upcoming))
