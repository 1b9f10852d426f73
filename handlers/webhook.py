"""Updates that Telegram posts to the bot's own address: acknowledged once they are stored, not before."""

import asyncio
import hashlib
import hmac
import json
import logging
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.checkup import Posting
from bot.clock import Clock
from handlers.intake import explain
from handlers.letterbox import ALLOWED_UPDATES, Letterbox
from handlers.wire import Held, NotSent, Sent, Wire
from storage import Unavailable

logger = logging.getLogger(__name__)

HEADER = "x-telegram-bot-api-secret-token"
# Telegram's largest updates are some tens of kilobytes.
MOST_BYTES = 1024 * 1024
MOST_CONNECTIONS = 100
LOOK_SECONDS = 60.0
LONGEST_PAUSE = 30.0


def derived_secret(secret: bytes) -> str:
    """What Telegram is to show with each post, the same in all processes that share a database."""
    return hmac.new(secret, b"webhook", hashlib.sha256).hexdigest()


async def how_it_posts(token: str, api_url: str) -> Posting:
    """What Telegram says of the bot's webhook. Raises ConnectionError when it does not say."""
    async with Wire(token, api_url) as wire:
        outcome = await wire.call("getWebhookInfo", {})
    match outcome:
        case Sent({"url": str(address)} as info):
            failed = info.get("last_error_date")
            failed_at = datetime.fromtimestamp(failed, UTC) if failed else None
            waiting = int(info.get("pending_update_count", 0))
            return Posting(address, waiting, str(info.get("last_error_message", "")), failed_at)
        case NotSent(problem, status):
            raise ConnectionError(explain(problem, status))
        case _:
            raise ConnectionError("Telegram does not say how it posts updates")


class Webhook:
    """Takes what Telegram posts, and nobody else's.

    Whatever is not stored is not acknowledged: Telegram posts it again, in the order of each chat.
    """

    def __init__(self, letterbox: Letterbox, address: str, secret: str) -> None:
        self._letterbox = letterbox
        self._path = urlsplit(address).path or "/"
        self._secret = secret.encode()

    def routes(self) -> list[Route]:
        return [Route(self._path, self.take, methods=["POST"])]

    async def take(self, request: Request) -> Response:
        """Store one update. Whoever does not know the secret is not even listened to."""
        shown = request.headers.get(HEADER, "").encode()
        if not hmac.compare_digest(shown, self._secret):
            return PlainTextResponse("This is not for you.", 403)
        try:
            body = await _body(request)
        except ClientDisconnect:
            return Response(status_code=400)
        if body is None:
            return PlainTextResponse("This is too long.", 413)
        try:
            update: Any = json.loads(body)
        except (ValueError, RecursionError):
            return PlainTextResponse("This is not an update.", 400)
        try:
            await self._letterbox.put([update])
        except Unavailable as error:
            logger.error("the database can't be written (%s); updates wait at Telegram", error)
            return PlainTextResponse("Please try again later.", 503, {"retry-after": "1"})
        return Response(status_code=200)


async def _body(request: Request) -> bytes | None:
    """What was posted; None where it is longer than any update."""
    said = request.headers.get("content-length", "0")
    if not said.isdecimal() or int(said) > MOST_BYTES:
        return None
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            return None
    return bytes(body)


class Hook:
    """Tells Telegram where to post updates, and sees to it that it stays so; the leader's part."""

    def __init__(self, wire: Wire, clock: Clock, address: str, secret: str) -> None:
        self._wire = wire
        self._clock = clock
        self._address = address.rstrip("/")
        self._secret = secret
        self._said = ""
        # When Telegram last confirmed the address, by monotonic time; None before it first did.
        self.last_good_look: float | None = None

    async def run(self) -> None:
        """Set the address, then look now and then whether it stands and whether posts get through."""
        set_at = await self._set()
        while True:
            match await self._wire.call("getWebhookInfo", {}):
                case Sent({"url": str(url)} as info) if url.rstrip("/") == self._address:
                    self.last_good_look = time.monotonic()
                    self._tell_failures(info, since=set_at)
                case Sent(dict()):
                    logger.warning("somebody else changed the bot's webhook; it is set again")
                    set_at = await self._set()
            await asyncio.sleep(LOOK_SECONDS)

    async def _set(self) -> float:
        """Tell Telegram the address, for as long as that takes; gives when it was."""
        params = {
            "url": self._address,
            "secret_token": self._secret,
            "allowed_updates": ALLOWED_UPDATES,
            "max_connections": MOST_CONNECTIONS,
            "drop_pending_updates": False,
        }
        pause = 0.5
        while True:
            outcome = await self._wire.call("setWebhook", params)
            match outcome:
                case Sent():
                    self._say("")
                    return self._clock.now().timestamp()
                case Held(seconds):
                    pause = max(pause, seconds)
                case NotSent(problem, 0):
                    self._say(f"Telegram can't be reached ({problem}): check the network and AMITY_API_URL")
                case other:
                    problem = getattr(other, "problem", "no answer")
                    self._say(f"Telegram does not take AMITY_WEBHOOK_URL: {problem}")
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    def _tell_failures(self, info: Mapping[Any, Any], *, since: float) -> None:
        failed_at = info.get("last_error_date") or 0
        if failed_at > max(since, self._clock.now().timestamp() - 2 * LOOK_SECONDS):
            self._say(
                f"Telegram can't post updates to AMITY_WEBHOOK_URL: {info.get('last_error_message')}"
                f" ({info.get('pending_update_count', 0)} wait)"
            )
        else:
            self._say("")

    def _say(self, problem: str) -> None:
        """Tell the operator once, and tell when it is over."""
        if problem and problem != self._said:
            logger.error("%s", problem)
        elif self._said and not problem:
            logger.info("the webhook works again")
        self._said = problem
