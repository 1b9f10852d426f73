"""A small HTTP/1.1 client for calls without files, which says how far a call got that failed."""

import asyncio
import contextlib
import socket
import ssl
from collections import deque
from collections.abc import Awaitable, Callable
from functools import partial
from itertools import chain, zip_longest
from typing import Any
from urllib.parse import quote, urlsplit

from handlers.http_connection import Answer, Broken, Connection, NeverLeft, TooLate

CONNECT_SECONDS = 10.0
# One address of several that does not answer must not use up the time of the others.
ADDRESS_SECONDS = 2.0
# How long a call waits for its turn when all connections are busy.
TURN_SECONDS = 30.0
RESOLVED_FOR_SECONDS = 300.0
# Gives what socket.getaddrinfo gives, for a name and a port.
LookUp = Callable[[str, int], Awaitable[list[tuple[Any, ...]]]]


class Client:
    """Asks one server, over connections that are kept open; each call is made once and never repeated."""

    def __init__(self, address: str, *, connections: int = 256, look_up: LookUp | None = None) -> None:
        parts = urlsplit(address)
        self._host = parts.hostname or ""
        self._port = parts.port or (443 if parts.scheme == "https" else 80)
        self._secure = parts.scheme == "https"
        self._limit = connections
        self._look_up = look_up
        named = parts.netloc.rpartition("@")[2]
        self._host_header = named.encode("ascii" if named.isascii() else "idna")
        self._prefix = parts.path
        self._heads: dict[str, bytes] = {}
        self._connections: set[Connection] = set()
        self._idle: list[Connection] = []
        self._opening = 0
        self._waiting: deque[asyncio.Future[Connection | None]] = deque()
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

    def _take(self) -> Connection | None:
        """The connection used last that is still good: the others may rest until they are closed."""
        while self._idle:
            connection = self._idle.pop()
            if connection.is_usable(self._now()):
                return connection
            connection.close()
        return None

    async def _obtain(self, loop: asyncio.AbstractEventLoop) -> Connection:
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

    async def _turn(self, loop: asyncio.AbstractEventLoop) -> Connection | None:
        """Wait for a connection that another call has done with, or None for room to make one."""
        waiter: asyncio.Future[Connection | None] = loop.create_future()
        self._waiting.append(waiter)
        try:
            return await waiter
        except asyncio.CancelledError:
            if waiter.cancelled() or not waiter.done() or waiter.exception():
                with contextlib.suppress(ValueError):
                    self._waiting.remove(waiter)
            elif (connection := waiter.result()) is not None:
                self.free(connection)
            else:
                self._pass_on(None)
            raise

    def _pass_on(self, connection: Connection | None) -> bool:
        """Give the connection, or room for one, to who waits longest; say whether somebody does."""
        while self._waiting:
            waiter = self._waiting.popleft()
            if not waiter.done():
                waiter.set_result(connection)
                return True
        return False

    def free(self, connection: Connection) -> None:
        connection.idle_since = self._now()
        if not self._waiting or not self._pass_on(connection):
            self._idle.append(connection)

    def made(self, connection: Connection) -> None:
        connection.idle_since = self._now()
        self._connections.add(connection)

    def lost(self, connection: Connection) -> None:
        self._connections.discard(connection)
        with contextlib.suppress(ValueError):
            self._idle.remove(connection)
        self._pass_on(None)

    async def _connect(self, loop: asyncio.AbstractEventLoop) -> Connection:
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                return await self._connect_to_any(loop, await self._addresses(loop))
        except TimeoutError:
            raise NeverLeft("no connection in time") from None
        except (OSError, UnicodeError) as error:
            raise NeverLeft(type(error).__name__) from None

    async def _connect_to_any(
        self, loop: asyncio.AbstractEventLoop, addresses: list[tuple[Any, ...]]
    ) -> Connection:
        """Try one address after the other; the one that answered is the first to be tried next time."""
        for number, address in enumerate(addresses, start=1):
            is_last = number == len(addresses)
            try:
                async with asyncio.timeout(None if is_last else ADDRESS_SECONDS):
                    _, connection = await loop.create_connection(
                        partial(Connection, self),
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
            look_up = self._look_up or partial(loop.getaddrinfo, type=socket.SOCK_STREAM)
            found = await look_up(self._host, self._port)
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
