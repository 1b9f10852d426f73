"""The Bot API over HTTP: one call in, one JSON answer out."""

import asyncio
import json
import logging
import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, cast
from urllib.parse import quote

from playground.faults import Faults
from playground.files import UPLOAD_BYTES
from playground.forms import Call, read_call
from playground.methods import METHODS
from playground.refusals import Refused, Violation
from playground.telegram import Telegram

Json = dict[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_CALL = re.compile(r"/bot(\d+:[\w-]+)/(\w+)/?")
_FILE = re.compile(r"/file/bot(\d+:[\w-]+)/(.+)")
_SLACK = 1024 * 1024
VIOLATIONS_KEPT = 1000
_log = logging.getLogger(__name__)


class BotApi:
    """Answers `/bot{token}/{method}` and `/file/bot{token}/{path}` as Telegram would."""

    def __init__(self, telegram: Telegram, faults: Faults) -> None:
        self.telegram = telegram
        self.faults = faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        path = scope["path"]
        found = _CALL.fullmatch(path)
        if found is None:
            await self._file(_FILE.fullmatch(path), send)
            return
        try:
            body = await _body(receive)
        except Refused as refusal:
            await _answer(send, refusal.code, _error(refusal))
            return
        if found[1] != self.telegram.token:
            await _answer(send, 401, {"ok": False, "error_code": 401, "description": "Unauthorized"})
            return
        content_type = next((v for k, v in scope["headers"] if k == b"content-type"), b"").decode("latin-1")
        status, answer, cut = await self._call(found[2], scope["query_string"], content_type, body)
        if cut:
            _cut(receive)
            return
        await _answer(send, status, answer)

    async def _call(self, name: str, query: bytes, content_type: str, body: bytes) -> tuple[int, Json, bool]:
        """Do a call and log it; the last value says that the line is to be cut instead of answering."""
        telegram = self.telegram
        call = Call(name, {}, {})
        polls = name.lower() == "getupdates"
        if not polls:
            telegram.calls_busy += 1
        try:
            call = read_call(name, query, content_type, body)
            fault = self.faults.strike(call)
            if fault is not None:
                if fault.kind == "silence":
                    telegram.note_call(name, call.logged(), 0, fault=fault.kind)
                    await telegram.closing.wait()
                    return 0, {}, True
                if fault.kind == "reset":
                    telegram.note_call(name, call.logged(), 0, fault=fault.kind)
                    return 0, {}, True
                if fault.kind != "reset_after":
                    raise fault.refusal()
            result = await self._poll(call) if polls else self._do(call)
            noted = telegram.note_call(name, call.logged(), 200)
            if fault is not None:
                noted["fault"] = fault.kind
                return 0, {}, True
            return 200, {"ok": True, "result": result}, False
        except Refused as refusal:
            noted = telegram.note_call(name, call.logged(), refusal.code, description=refusal.description)
            if isinstance(refusal, Violation):
                self._note_violation(name, refusal.problem, noted)
            return refusal.code, _error(refusal), False
        except Exception as bug:
            _log.exception("the playground failed at %s", name)
            problem = f"Internal Server Error: {type(bug).__name__} in the playground"
            noted = telegram.note_call(name, call.logged(), 500, description=problem)
            self._note_violation(name, f"{problem}: {bug}", noted)
            return 500, {"ok": False, "error_code": 500, "description": problem}, False
        finally:
            if not polls:
                telegram.calls_busy -= 1
                telegram.last_call = asyncio.get_running_loop().time()

    def _do(self, call: Call) -> Any:
        method = METHODS.get(call.method.lower())
        if method is None:
            raise Refused(404, "Not Found")
        return method(self.telegram, call)

    async def _poll(self, call: Call) -> list[Json]:
        updates = self.telegram.updates
        allowed = call.structure("allowed_updates")
        if isinstance(allowed, list):
            updates.allowed = [str(kind) for kind in allowed]
        limit = call.whole("limit", 100)
        limit = limit if 1 <= limit <= 100 else 100
        return await updates.poll(call.whole("offset", 0), limit, max(0, call.whole("timeout", 0)))

    def _note_violation(self, method: str, problem: str, call: Json) -> None:
        _log.warning("%s broke a limit of Telegram: %s", method, problem)
        if len(self.telegram.violations) < VIOLATIONS_KEPT:
            self.telegram.violations.append({"method": method, "problem": problem, "call": call})

    async def _file(self, found: re.Match[str] | None, send: Send) -> None:
        file = self.telegram.files.by_path.get(found[2]) if found else None
        if found and found[1] != self.telegram.token:
            await _answer(send, 401, {"ok": False, "error_code": 401, "description": "Unauthorized"})
        elif file is None:
            await _answer(send, 404, {"ok": False, "error_code": 404, "description": "Not Found"})
        else:
            await respond(send, 200, file.data, "application/octet-stream", file.name)


def _error(refusal: Refused) -> Json:
    error: Json = {"ok": False, "error_code": refusal.code, "description": refusal.description}
    if refusal.parameters:
        error["parameters"] = refusal.parameters
    return error


async def _body(receive: Receive) -> bytes:
    message = await receive()
    first: bytes = message.get("body", b"")
    if not message.get("more_body"):
        return first
    parts, size = [first], len(first)
    while message.get("more_body"):
        message = await receive()
        part = message.get("body", b"")
        size += len(part)
        if size <= UPLOAD_BYTES + _SLACK:
            parts.append(part)
    if size > UPLOAD_BYTES + _SLACK:
        raise Refused(413, "Request Entity Too Large")
    return b"".join(parts)


def _cut(receive: Receive) -> None:
    """Break the connection without an answer; uvicorn's request holds the line behind `receive`."""
    cast(Any, receive).__self__.transport.abort()


async def _answer(send: Send, status: int, answer: Json) -> None:
    body = json.dumps(answer, ensure_ascii=False).encode("utf-8", "surrogatepass")
    await respond(send, status, body, "application/json")


async def respond(send: Send, status: int, body: bytes, mime: str, name: str = "") -> None:
    """Send a whole answer."""
    headers = [(b"content-type", mime.encode()), (b"content-length", b"%d" % len(body))]
    if name:
        headers.append((b"content-disposition", f"attachment; filename*=UTF-8''{quote(name)}".encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
