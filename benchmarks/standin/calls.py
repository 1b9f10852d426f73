"""What the stand-in answers to each call of the Bot API, in Telegram's shape."""

import time
from collections import Counter
from collections.abc import Mapping
from random import Random
from typing import Any

import orjson

from benchmarks.standin.arriving import Arriving, Faults
from benchmarks.standin.crowd import Crowd, Presses, figures

BOT = b'{"id":1,"is_bot":true,"first_name":"Amity","username":"amity_bot"}'
NEW_MESSAGE = ("send", "copy", "forward")
OK = b'{"ok":true,"result":true}'
FIRST_UPDATE = 1_000_000


class Reset(Exception):
    """The connection is to end without an answer."""


class Telegram:
    """Answers calls and remembers what arrived, until it is told to begin anew."""

    def __init__(self) -> None:
        self.latency = 0.0
        self.spread = 0.0
        self.calls: Counter[str] = Counter()
        self._arriving = Arriving(rate=None, faults=Faults(), marked="")
        self._crowd = Crowd(None, first_update=FIRST_UPDATE)
        self._random = Random(1)

    def delay(self) -> float:
        """For how long the next call and its answer are on their way."""
        return self.latency + self._random.random() * self.spread if self.latency else 0.0

    async def poll(self, params: Mapping[str, Any]) -> bytes:
        self.calls["getUpdates"] += 1
        offset = int(params.get("offset") or 0)
        crowd = self._crowd
        updates = await crowd.poll(offset, float(params.get("timeout") or 0))
        return b'{"ok":true,"result":[' + b",".join(updates) + b"]}"

    def answer(self, method: str, params: Mapping[str, Any], now: float) -> tuple[int, bytes]:
        """The status and the body. Raises Reset when the connection is to end instead."""
        self.calls[method] += 1
        if method.startswith(NEW_MESSAGE) and method != "sendChatAction":
            return self._message(params, now)
        if method == "answerCallbackQuery":
            self._crowd.answered(str(params.get("callback_query_id")), now)
        elif method.startswith("editMessage"):
            chat_id = int(params["chat_id"])
            self._crowd.edited(chat_id, now)
            return 200, _message(int(params["message_id"]), chat_id, params)
        elif method == "getMe":
            return 200, b'{"ok":true,"result":' + BOT + b"}"
        elif method == "getWebhookInfo":
            return (
                200,
                b'{"ok":true,"result":{"url":""}}',
            )
        return 200, OK

    def _message(self, params: Mapping[str, Any], now: float) -> tuple[int, bytes]:
        chat_id = int(params["chat_id"])
        if seconds := self._arriving.refuse(chat_id, now):
            return _too_many(seconds)
        match self._arriving.fault():
            case "too_many":
                return _too_many(1)
            case "broken":
                return 500, b'{"ok":false,"error_code":500,"description":"Internal Server Error"}'
            case "reset":
                raise Reset
            case "lost":
                self._arriving.arrive(chat_id, _text(params), now)
                raise Reset
        message_id = self._arriving.arrive(chat_id, _text(params), now)
        return 200, _message(message_id, chat_id, params)

    def control(self, name: str, wanted: Mapping[str, Any], now: float) -> bytes:
        """What the benchmark asks of the stand-in itself."""
        match name:
            case "begin":
                self.latency, self.spread = wanted["latency"], wanted["spread"]
                self.calls.clear()
                self._arriving = Arriving(
                    rate=wanted["rate"], faults=Faults(**wanted["faults"]), marked=wanted["marked"]
                )
            case "press":
                self._crowd = self._crowd.begin(Presses(**wanted))
            case "messages":
                return orjson.dumps(len(self._arriving.moments))
            case "reached":
                found = sorted(self._arriving.reached.items())
                return orjson.dumps(found)
            case "figures":
                return orjson.dumps(self._figures(now))
        return b"null"

    def _figures(self, now: float) -> dict[str, Any]:
        moments = self._arriving.moments
        return {
            "now": now,
            "messages": len(moments),
            "first_at": moments[0] if moments else 0.0,
            "last_at": moments[-1] if moments else 0.0,
            "worst_second": self._arriving.worst_second(),
            "refused": self._arriving.refused,
            "injected": dict(self._arriving.injected),
            "calls": dict(self.calls),
            "crowd": figures(self._crowd),
        }


def _too_many(seconds: int) -> tuple[int, bytes]:
    return 429, (
        b'{"ok":false,"error_code":429,"description":"Too Many Requests: retry after %d",'
        b'"parameters":{"retry_after":%d}}' % (seconds, seconds)
    )


def _text(params: Mapping[str, Any]) -> str:
    return str(params.get("text") or params.get("caption") or "")


def _message(message_id: int, chat_id: int, params: Mapping[str, Any]) -> bytes:
    """The message as it stands now. Formatting is not worked out: entities come back as they were given."""
    text = orjson.dumps(_text(params)) + _given("entities", params) + _given("reply_markup", params)
    return (
        b'{"ok":true,"result":{"message_id":%d,"from":%b,"chat":{"id":%d,"first_name":"Member %d",'
        b'"type":"private"},"date":%d,"text":%b}}'
        % (message_id, BOT, chat_id, chat_id, int(time.time()), text)
    )


def _given(name: str, params: Mapping[str, Any]) -> bytes:
    """The parameter as it came, which is JSON already where the others were sent as a form."""
    value = params.get(name)
    if not value:
        return b""
    return b',"%b":%b' % (name.encode(), value.encode() if isinstance(value, str) else orjson.dumps(value))
