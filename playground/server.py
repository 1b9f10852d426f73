"""The playground's web application, and serving it on this machine only."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import datetime
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from handlers import listening
from playground.botapi import BotApi
from playground.clock import MovableClock
from playground.control import Control, exception_handlers
from playground.faults import Faults
from playground.levers import Levers
from playground.telegram import Telegram
from playground.webhooks import Poster

PAGE = Path(__file__).parent / "page"
HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})
NextDue = Callable[[], Awaitable[datetime | None]]


class FrontDoor:
    """Refuses foreign hosts and origins: no web page elsewhere reaches in. The bot's calls go straight on."""

    def __init__(self, app: ASGIApp, bot_api: BotApi, hosts: frozenset[str]) -> None:
        self._app = app
        self._bot_api = bot_api
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or answer 403."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        host = next((v for k, v in scope["headers"] if k == b"host"), b"").decode("latin-1").lower()
        origin = next((v for k, v in scope["headers"] if k == b"origin"), b"").decode("latin-1").lower()
        if not self._knows(host) or (origin and not self._knows(origin.partition("://")[2])):
            await PlainTextResponse("This page is for this machine only.", 403)(scope, receive, send)
        elif scope["path"].startswith(("/bot", "/file/bot")):
            await self._bot_api(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _knows(self, host: str) -> bool:
        name, colon, port = host.rpartition(":")
        return host in self._hosts or bool(colon and name in self._hosts and port.isdigit())


def create_app(
    telegram: Telegram,
    *,
    clock: MovableClock | None = None,
    next_due: NextDue | None = None,
    hosts: frozenset[str] = HOSTS,
    also: Sequence[BaseRoute] = (),
) -> Starlette:
    """Make the application: the Bot API, the control API under /api and the chat page at /.

    `next_due` tells when the bot is next due to send something, for moving the clock there; `also` is what
    the bot itself serves.
    """
    if clock is not None:
        telegram.clock = clock
    faults = Faults()

    async def page(request: Request) -> Response:
        index = PAGE / "index.html"
        if not index.is_file():
            return PlainTextResponse(
                "The chat page is not installed; the Bot API is at /bot{token}/{method}."
            )
        return FileResponse(index, headers={"cache-control": "no-cache"})

    app = Starlette(
        routes=[
            Route("/", page),
            Mount("/static", StaticFiles(directory=PAGE, check_dir=False)),
            *Control(telegram).routes(),
            *Levers(telegram, faults, next_due).routes(),
            *also,
        ],
        middleware=[Middleware(FrontDoor, bot_api=BotApi(telegram, faults), hosts=hosts)],
        exception_handlers=exception_handlers(),
    )
    app.state.telegram = telegram
    return app


@contextlib.asynccontextmanager
async def serving(app: Starlette, port: int = 0) -> AsyncIterator[str]:
    """Serve the application on 127.0.0.1 in this loop and give its address; port 0 takes a free one."""
    async with listening.serving(app, port=port) as address:
        posting = asyncio.create_task(Poster(app.state.telegram).run())
        try:
            yield address
        finally:
            posting.cancel()
            app.state.telegram.close()
            await asyncio.wait([posting])
