"""One HTTP/1.1 connection: at most one call at a time on it, and how far a call got that failed."""

import asyncio
import re
import select
from typing import Protocol, cast

import httptools

# Servers close what is idle, some after these seconds; a call sent at that instant is in doubt.
IDLE_SECONDS = 15.0
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


class Keeper(Protocol):
    """Who keeps connections, and is told what becomes of them."""

    def made(self, connection: "Connection") -> None: ...

    def free(self, connection: "Connection") -> None:
        """Told when a call has ended well and the next may go out."""

    def lost(self, connection: "Connection") -> None: ...


class Connection(asyncio.Protocol):
    """One connection: at most one call at a time, and its answer."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper
        self._parts: list[bytes] = []
        # The parser hands every piece of a body straight to the list.
        self.on_body = self._parts.append
        self._parser = httptools.HttpResponseParser(self)
        self._head = self._body = b""
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
        self._keeper.made(self)

    def is_usable(self, now: float) -> bool:
        """Say whether a call may go out on it: the other side is not known to have closed it."""
        if self._lost or self._transport.is_closing():
            return False
        # What has arrived unread can only be its end.
        ended = self._readable is not None and self._readable.poll(0)
        return now - self.idle_since < IDLE_SECONDS and not ended

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
        self._body = self._collected()
        self._keep = self._parser.should_keep_alive()

    def connection_lost(self, exc: Exception | None) -> None:
        self._lost = True
        self._keeper.lost(self)
        if self.answer is not None:
            if self._until_closed and exc is None:
                self._status = self._parser.get_status_code()
                self._body = self._collected()
                self._finish()
            else:
                self.fail(Broken(type(exc).__name__ if exc else "the connection was closed"))

    def _collected(self) -> bytes:
        body = self._parts[0] if len(self._parts) == 1 else b"".join(self._parts)
        self._parts.clear()
        return body

    def _finish(self) -> None:
        answer, self.answer = self.answer, None
        if answer is not None and not answer.done():
            answer.set_result((self._status, self._body))
        self._body = b""
        # What is still being written would run into the next call.
        if self._keep and not self._lost and not self._transport.get_write_buffer_size():
            self._keeper.free(self)
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
