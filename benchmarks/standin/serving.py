"""HTTP for the stand-in: just enough, and as fast as it goes."""

import asyncio
import logging
import re
from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import parse_qsl

import httptools
import orjson

from benchmarks.standin.calls import Reset, Telegram

logger = logging.getLogger(__name__)

FIELD = re.compile(rb'name="?(\w+)"?[^\r]*\r\n(?:[^\r]+\r\n)*\r\n(.*?)\r\n--', re.DOTALL)
REASONS = {200: b"OK", 429: b"Too Many Requests", 500: b"Internal Server Error"}


def understand(kind: str, query: bytes, body: bytes) -> Mapping[str, Any]:
    """The parameters of a call, in whichever way they were put."""
    if kind.startswith("application/json"):
        found: Mapping[str, Any] = orjson.loads(body) if body else {}
        return found
    if kind.startswith("multipart/"):
        return {name.decode(): value.decode(errors="replace") for name, value in FIELD.findall(body)}
    return dict(parse_qsl((query + b"&" + body if query else body).decode()))


class Connection(asyncio.Protocol):
    """One connection that is kept open; its calls come one after the other."""

    def __init__(self, telegram: Telegram) -> None:
        self._telegram = telegram
        self._parser = httptools.HttpRequestParser(self)
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._polling: asyncio.Task[None] | None = None
        self._url, self._kind, self._body = b"", "", b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's is no asyncio.Transport by name.
        self._transport = cast(asyncio.Transport, transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._transport = None
        if self._polling is not None:
            self._polling.cancel()

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            logger.exception("a request could not be read")
            self._reset()

    def on_message_begin(self) -> None:
        self._url, self._kind, self._body = b"", "", b""

    def on_url(self, url: bytes) -> None:
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        if len(name) == 12 and name.lower() == b"content-type":
            self._kind = value.decode("latin-1")
        elif len(name) == 6 and name.lower() == b"expect":
            self._write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def on_body(self, body: bytes) -> None:
        self._body += body

    def on_message_complete(self) -> None:
        path, _, query = self._url.partition(b"?")
        place, _, method = path.rpartition(b"/")
        name = method.decode()
        params = understand(self._kind, query, self._body)
        if place == b"/control":
            self._respond(200, self._telegram.control(name, params, self._loop.time()))
            return
        if name == "getUpdates":
            self._polling = self._loop.create_task(self._poll(params))
            return
        if there := self._telegram.delay() / 2:
            self._loop.call_later(there, self._answer, name, params)
        else:
            self._answer(name, params)

    def _answer(self, name: str, params: Mapping[str, Any]) -> None:
        try:
            status, answer = self._telegram.answer(name, params, self._loop.time())
        except Reset:
            self._reset()
            return
        if back := self._telegram.delay() / 2:
            self._loop.call_later(back, self._respond, status, answer)
        else:
            self._respond(status, answer)

    async def _poll(self, params: Mapping[str, Any]) -> None:
        answer = await self._telegram.poll(params)
        if delay := self._telegram.delay():
            await asyncio.sleep(delay)
        self._respond(200, answer)

    def _respond(self, status: int, body: bytes) -> None:
        self._write(
            b"HTTP/1.1 %d %b\r\nServer: nginx/1.18.0\r\nContent-Type: application/json\r\n"
            b"Content-Length: %d\r\nConnection: keep-alive\r\n\r\n%b"
            % (status, REASONS[status], len(body), body)
        )

    def _write(self, data: bytes) -> None:
        if self._transport is not None:
            self._transport.write(data)

    def _reset(self) -> None:
        if self._transport is not None:
            self._transport.abort()
