"""The levers on the playground's world: its clock, faults, blocks, and the log of the bot's calls."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from playground import people
from playground.control import LONGEST_WAIT, Endpoint, given_in
from playground.faults import KINDS, Fault, Faults
from playground.methods.topics import remove_topic
from playground.people import Impossible
from playground.telegram import Telegram

Json = dict[str, Any]


class Levers:
    """The part of /api that changes the world rather than talks in it."""

    def __init__(
        self, telegram: Telegram, faults: Faults, next_due: Callable[[], Awaitable[datetime | None]] | None
    ) -> None:
        self.telegram = telegram
        self.faults = faults
        self.next_due = next_due
        self.moved = 0.0

    def routes(self) -> list[BaseRoute]:
        """List the addresses."""
        table: list[tuple[str, str, Endpoint]] = [
            ("POST", "/updates/raw", self.raw_update),
            ("POST", "/block", self.block),
            ("POST", "/deactivate", self.deactivate),
            ("POST", "/upgrade", self.upgrade),
            ("POST", "/remove_bot", self.remove_bot),
            ("POST", "/topic", self.turn_topic),
            ("POST", "/rights", self.change_rights),
            ("GET", "/clock", self.clock),
            ("POST", "/clock", self.move_clock),
            ("POST", "/faults", self.add_fault),
            ("DELETE", "/faults", self.clear_faults),
            ("GET", "/violations", self.violations),
            ("GET", "/calls", self.calls),
            ("GET", "/settled", self.settled),
        ]
        return [Route("/api" + path, endpoint, methods=[method]) for method, path, endpoint in table]

    async def raw_update(self, request: Request) -> Response:
        """Put an update in the queue as it is."""
        return JSONResponse({"update_id": self.telegram.updates.put_raw(await given_in(request))})

    async def block(self, request: Request) -> Response:
        """Block the bot, or let it in again."""
        given = await given_in(request)
        person = people.somebody(self.telegram, given.get("person"))
        people.block(self.telegram, person, blocked=bool(given.get("blocked", True)))
        return JSONResponse({"blocked": person.blocked})

    async def deactivate(self, request: Request) -> Response:
        """Close a person's account."""
        people.somebody(self.telegram, (await given_in(request)).get("person")).deactivated = True
        return JSONResponse({"deactivated": True})

    async def upgrade(self, request: Request) -> Response:
        """Give a group another id, as Telegram does when it grows."""
        chat = self.telegram.chats.get((await given_in(request)).get("chat", 0))
        if chat is None:
            raise Impossible("there is no such group")
        return JSONResponse({"id": people.upgrade(self.telegram, chat).id})

    async def remove_bot(self, request: Request) -> Response:
        """Take the bot out of a group, or bring it back."""
        given = await given_in(request)
        person = people.somebody(self.telegram, given.get("person"))
        chat = people.their_chat(self.telegram, person, given.get("chat"))
        people.remove_bot(self.telegram, person, chat, back=bool(given.get("back")))
        return JSONResponse({"in_group": chat.opened})

    async def turn_topic(self, request: Request) -> Response:
        """Close, open or delete a topic as a person."""
        given = await given_in(request)
        person = people.somebody(self.telegram, given.get("person"))
        chat = people.their_chat(self.telegram, person, given.get("chat"))
        number = int(given["topic"])
        if given.get("gone"):
            remove_topic(self.telegram, chat, number)
        else:
            people.turn_topic(self.telegram, person, chat, number, closed=bool(given.get("closed")))
        return JSONResponse({})

    async def change_rights(self, request: Request) -> Response:
        """Make the bot an administrator of a group, or no longer one; give the group topics, or take them."""
        given = await given_in(request)
        person = people.somebody(self.telegram, given.get("person"))
        chat = people.their_chat(self.telegram, person, given.get("chat"))
        if "forum" in given:
            chat.face["is_forum"] = bool(given["forum"])
        if "bot_is_admin" in given:
            people.change_rights(self.telegram, person, chat, admin=bool(given["bot_is_admin"]))
        return JSONResponse({})

    async def clock(self, request: Request) -> Response:
        """Tell the time in the playground."""
        now = self.telegram.clock.now().astimezone(UTC)
        return JSONResponse({"now": now.isoformat(), "offset_seconds": self.moved})

    async def move_clock(self, request: Request) -> Response:
        """Move the clock forward, by seconds, to an instant or to what the bot is next due to send."""
        given = await given_in(request)
        now = self.telegram.clock.now()
        if "seconds" in given:
            seconds = float(given["seconds"])
        elif given.get("to") == "next":
            due = await self.next_due() if self.next_due else None
            if due is None:
                raise Impossible("nothing is due to be sent")
            seconds = max(0.0, (due - now).total_seconds())
        else:
            try:
                to = datetime.fromisoformat(str(given.get("to")))
            except ValueError:
                raise Impossible("an instant as 2030-01-31T12:00:00Z is wanted") from None
            seconds = ((to if to.tzinfo else to.replace(tzinfo=UTC)) - now).total_seconds()
        if not 0 <= seconds < 100 * 366 * 86400:
            raise Impossible("the clock only moves forward, and not by a hundred years")
        self.telegram.clock.move(seconds)
        self.moved += seconds
        answer = {"now": self.telegram.clock.now().astimezone(UTC).isoformat(), "offset_seconds": self.moved}
        self.telegram.tell(None, {"type": "clock", **answer})
        return JSONResponse(answer)

    async def add_fault(self, request: Request) -> Response:
        """Let some of the bot's calls fail."""
        given = await given_in(request)
        if str(given.get("kind")) not in KINDS:
            raise Impossible(f"kinds of fault are {sorted(KINDS)}")
        fault = Fault(
            method=str(given.get("method", "*")),
            kind=str(given["kind"]),
            chat=given.get("chat"),
            retry_after=int(given.get("retry_after", 1)),
            times=given.get("times"),
        )
        self.faults.order(fault, given.get("seconds"))
        return JSONResponse({})

    async def clear_faults(self, request: Request) -> Response:
        """Let everything work again."""
        self.faults.clear()
        return JSONResponse({})

    async def violations(self, request: Request) -> Response:
        """List the calls that broke a documented limit."""
        return JSONResponse(self.telegram.violations)

    async def calls(self, request: Request) -> Response:
        """List the bot's calls after the `after`th; the header X-Count tells how many there were in all."""
        after = int(request.query_params.get("after", 0))
        found = [c for c in self.telegram.calls if c["n"] > after]
        return JSONResponse(found, headers={"x-count": str(self.telegram.calls_count)})

    async def settled(self, request: Request) -> Response:
        """Wait until no update is left and the bot has called nothing for `quiet` seconds."""
        quiet = float(request.query_params.get("quiet", 0.15))
        deadline = time.monotonic() + min(float(request.query_params.get("wait", 10)), LONGEST_WAIT)
        began = asyncio.get_running_loop().time()
        while True:
            now = asyncio.get_running_loop().time()
            idle = not self.telegram.updates.pending and not self.telegram.calls_busy
            if idle and now - max(began, self.telegram.last_call) >= quiet:
                return JSONResponse({"settled": True})
            if not idle:
                began = now
            if time.monotonic() > deadline or self.telegram.closing.is_set():
                return JSONResponse({"settled": False})
            await asyncio.sleep(0.02)
