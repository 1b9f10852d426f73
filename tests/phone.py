"""A phone in somebody's hand: what tests use to talk to the bot over real HTTP, as people do.

async with telegram_running() as telegram:
    ming = await telegram.person("Ming", language_code="zh-hk")
    await ming.write("/start")
    welcome = await ming.wait_for("Welcome")
    answer = await ming.press("English")
"""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from types import TracebackType
from typing import Any, Self

import aiohttp

from playground.clock import Clock, MovableClock
from playground.server import create_app, serving
from playground.telegram import TOKEN
from playground.telegram import Telegram as State
from tests.messages import Message, Wanted, buttons, fulfils, line_of, matching, number_of, text_of

PATIENCE = 10.0
__all__ = ["Message", "Phone", "Refusal", "Telegram", "buttons", "telegram_running", "text_of"]


class Refusal(AssertionError):
    """The playground would not do what a phone asked."""


class Telegram:
    """A running playground, seen from the tests."""

    def __init__(self, url: str, token: str = TOKEN, clock: MovableClock | None = None) -> None:
        self.url = url
        self.api_url = url
        self.token = token
        self.clock = clock
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()

    async def ask(self, verb: str, path: str, body: Any = None, **query: Any) -> Any:
        """Call the control API; a refusal raises with its reason, 404 gives None."""
        params = {name: str(value) for name, value in query.items() if value is not None}
        async with self._session.request(verb, f"{self.url}/api{path}", json=body, params=params) as response:
            if response.status == 404:
                return None
            answer = await response.json()
            if response.status >= 400:
                raise Refusal(answer.get("error", answer))
            return answer

    async def call(self, method: str, **params: Any) -> Any:
        """Call a Bot API method as the bot does and give the whole answer."""
        async with self._session.post(f"{self.url}/bot{self.token}/{method}", json=params) as response:
            return await response.json()

    async def person(self, first_name: str, language_code: str | None = "en", **details: Any) -> "Phone":
        """Open an account (last_name, username, label, id may be given) and hand over its phone."""
        made = await self.ask(
            "POST", "/people", {"first_name": first_name, "language_code": language_code, **details}
        )
        return Phone(self, made)

    async def group(self, title: str, *members: "Phone", **details: Any) -> int:
        """Open a group with the bot in it and give its id; bot_is_admin and forum may be given."""
        body = {"title": title, "members": [member.id for member in members], **details}
        return int((await self.ask("POST", "/groups", body))["id"])

    async def fault(self, method: str = "*", kind: str = "500", **details: Any) -> None:
        """Let the bot's calls fail; chat, retry_after, times, seconds may be given."""
        await self.ask("POST", "/faults", {"method": method, "kind": kind, **details})

    async def clear_faults(self) -> None:
        """Let everything work again."""
        await self.ask("DELETE", "/faults")

    async def move(self, seconds: float = 0, *, to: datetime | str | None = None) -> datetime:
        """Move the clock forward by seconds, or to an instant, or to "next"; give the new time."""
        target = to.isoformat() if isinstance(to, datetime) else to
        body = {"to": target} if target is not None else {"seconds": seconds}
        return datetime.fromisoformat((await self.ask("POST", "/clock", body))["now"])

    async def now(self) -> datetime:
        """Tell the playground's time."""
        return datetime.fromisoformat((await self.ask("GET", "/clock"))["now"])

    async def violations(self) -> list[dict[str, Any]]:
        """List the bot's calls that broke a documented limit."""
        found: list[dict[str, Any]] = await self.ask("GET", "/violations")
        return found

    async def calls(self, method: str | None = None, *, after: int = 0) -> list[dict[str, Any]]:
        """List the bot's calls, of one method if named."""
        found: list[dict[str, Any]] = await self.ask("GET", "/calls", after=after)
        return [call for call in found if method in (None, call["method"])]

    async def raw_update(self, update: dict[str, Any]) -> int:
        """Put an update in the bot's queue as it is."""
        return int((await self.ask("POST", "/updates/raw", update))["update_id"])

    async def press_many(self, presses: Sequence[tuple["Phone", Message, str]]) -> list[str]:
        """Let many people press at once, in this order; give the ids of their queries."""
        body = [
            {
                "person": phone.id,
                "chat": message["chat"]["id"],
                "message_id": message["message_id"],
                "data": data,
            }
            for phone, message, data in presses
        ]
        return [one["callback_query_id"] for one in await self.ask("POST", "/press_many", body)]

    async def answer(self, query: str, timeout: float = PATIENCE) -> dict[str, Any] | None:  # noqa: ASYNC109
        """Wait for the answer to a press; None when none comes."""
        found: dict[str, Any] | None = await self.ask("GET", f"/answers/{query}", wait=timeout)
        return found

    async def settled(self, quiet: float = 0.15, timeout: float = PATIENCE) -> None:  # noqa: ASYNC109
        """Wait until the bot has taken every update and called nothing for a moment."""
        answer = await self.ask("GET", "/settled", quiet=quiet, wait=timeout)
        assert answer["settled"], f"the bot was still busy after {timeout} s"


class Phone:
    """One person's Telegram; everything happens in their private chat unless a chat is named."""

    def __init__(self, telegram: Telegram, face: dict[str, Any]) -> None:
        self.telegram = telegram
        self.face = face
        self.id = int(face["id"])
        self.name = str(face["first_name"])
        self._since: dict[int, int] = {}

    async def write(
        self,
        text: str,
        reply_to: Message | int | None = None,
        *,
        chat: int | None = None,
        entities: Any = None,
        topic: int | None = None,
    ) -> int:
        """Write a message and give its id."""
        body = {"text": text, "entities": entities, "topic": topic}
        return await self._send("/send", body, reply_to, chat)

    async def send_location(self, latitude: float, longitude: float, *, chat: int | None = None) -> int:
        """Send a location and give the message's id."""
        return await self._send("/send_location", {"latitude": latitude, "longitude": longitude}, None, chat)

    async def send_contact(self, *, chat: int | None = None, **contact: str) -> int:
        """Send a contact, one's own unless phone_number and first_name are given."""
        return await self._send("/send_contact", contact, None, chat)

    async def share_contact(self, *, chat: int | None = None) -> int:
        """Press the key below the message field that sends one's own number; without one it fails."""
        shown = (await self._state(chat))["keyboard"] or {}
        keys = [key for row in shown.get("keyboard", []) for key in row]
        assert any(key.get("request_contact") for key in keys), f"no key asks for a number: {keys}"
        return await self.send_contact(chat=chat)

    async def send_photo(self, data: bytes, caption: str = "", **more: Any) -> int:
        """Send a photo and give the message's id."""
        return await self.send_file("photo", data, "photo.jpg", caption, **more)

    async def send_document(self, data: bytes, name: str, caption: str = "", **more: Any) -> int:
        """Send a document and give the message's id."""
        return await self.send_file("document", data, name, caption, **more)

    async def send_sticker(self, **more: Any) -> int:
        """Send a sticker and give the message's id."""
        return await self.send_file("sticker", b"sticker", "sticker.webp", **more)

    async def send_voice(self, **more: Any) -> int:
        """Send a voice message and give the message's id."""
        return await self.send_file("voice", b"voice", "voice.ogg", **more)

    async def send_file(
        self,
        kind: str,
        data: bytes,
        name: str,
        caption: str = "",
        reply_to: Message | int | None = None,
        *,
        album: str = "",
        chat: int | None = None,
        topic: int | None = None,
    ) -> int:
        """Send a file of any kind and give the message's id; those of one album belong together."""
        await self._acts(chat)
        form = aiohttp.FormData(quote_fields=False)
        fields = {"person": self.id, "chat": chat or self.id, "kind": kind, "caption": caption}
        if album:
            fields["album"] = album
        if topic is not None:
            fields["topic"] = topic
        if reply_to is not None:
            fields["reply_to"] = number_of(reply_to)
        for field, value in fields.items():
            form.add_field(field, str(value))
        form.add_field("file", data, filename=name)
        async with self.telegram._session.post(f"{self.telegram.url}/api/send_file", data=form) as response:
            answer = await response.json()
            if response.status >= 400:
                raise Refusal(answer.get("error", answer))
            return int(answer["message_id"])

    async def send_poll(self, question: str, *options: str, several: bool = False) -> int:
        """Send a poll and give the message's id."""
        body = {"question": question, "options": options, "several": several}
        return await self._send("/send_poll", body, None, None)

    async def edit(self, message_id: int, text: str, *, chat: int | None = None) -> None:
        """Change one's own message."""
        await self._acts(chat)
        body = {"person": self.id, "chat": chat or self.id, "message_id": message_id, "text": text}
        await self.telegram.ask("POST", "/edit", body)

    async def press(
        self,
        label_or_data: str,
        message: Message | None = None,
        *,
        chat: int | None = None,
        timeout: float = PATIENCE,  # noqa: ASYNC109
    ) -> dict[str, Any] | None:
        """Press the button whose label holds this, or whose data is or begins with it.

        It is looked for in the newest message that has one, or in the message given. Gives the bot's
        answer {text, show_alert, url}, or None when none came in time.
        """
        query = await self.tap(label_or_data, message, chat=chat)
        return await self.telegram.answer(query, timeout)

    async def tap(
        self, label_or_data: str, message: Message | None = None, *, chat: int | None = None
    ) -> str:
        """Press a button as `press` does, but don't wait; gives the query's id."""
        among = [message] if message else list(reversed(await self.messages(chat)))
        for candidate in among:
            button = matching(candidate, label_or_data)
            if button is not None:
                where = int(candidate["chat"]["id"])
                return await self.forge(
                    button["callback_data"], candidate["message_id"], chat=where, forged=message is not None
                )
        raise AssertionError(f"there is no button {label_or_data!r}\n{await self.transcript(chat)}")

    async def forge(self, data: str, message_id: int, *, chat: int | None = None, forged: bool = True) -> str:
        """Press with any data, whether or not the message has such a button; gives the query's id."""
        await self._acts(chat)
        body = {
            "person": self.id,
            "chat": chat or self.id,
            "message_id": message_id,
            "data": data,
            "forged": forged,
        }
        return str((await self.telegram.ask("POST", "/press", body))["callback_query_id"])

    async def messages(self, chat: int | None = None) -> list[Message]:
        """List every message of the chat, oldest first."""
        found: list[Message] = (await self._state(chat))["messages"]
        return found

    async def topics(self, chat: int) -> list[dict[str, Any]]:
        """List the group's topics: id, name and whether they are closed."""
        found: list[dict[str, Any]] = (await self._state(chat))["topics"]
        return found

    async def keyboard(self, chat: int | None = None) -> list[str]:
        """List the labels of the keyboard under the input field."""
        shown = (await self._state(chat))["keyboard"] or {}
        return [button["text"] for row in shown.get("keyboard", []) for button in row]

    async def commands(self, chat: int | None = None) -> dict[str, str]:
        """Give the commands of the menu with their descriptions."""
        return {c["command"]: c["description"] for c in (await self._state(chat))["commands"]}

    async def last(self, chat: int | None = None) -> Message:
        """Give the newest message of the bot's."""
        for message in reversed(await self.messages(chat)):
            if message["from"]["is_bot"]:
                return message
        raise AssertionError(f"the bot has written nothing\n{await self.transcript(chat)}")

    async def wait_for(
        self,
        wanted: Wanted,
        timeout: float = PATIENCE,  # noqa: ASYNC109
        *,
        chat: int | None = None,
    ) -> Message:
        """Wait for a message of the bot's that holds a text or fulfils a predicate.

        Those new or edited since this phone's last own action count, and those that come.
        """
        deadline = time.monotonic() + timeout
        where = chat or self.id
        after = self._since.get(where, 0)
        while True:
            left = deadline - time.monotonic()
            state = await self._state(chat, after=after, wait=max(0.0, left))
            for message in sorted(state["messages"], key=lambda m: m["seq"]):
                if message["from"]["is_bot"] and fulfils(message, wanted):
                    return dict(message)
            after = state["seq"]
            if left <= 0:
                problem = (
                    f"no message {wanted!r} within {timeout} s"
                    if isinstance(wanted, str)
                    else "no such message"
                )
                raise AssertionError(f"{problem}\n{await self.transcript(chat)}")

    async def settled(self, quiet: float = 0.15) -> None:
        """Wait until the bot has done what it was asked."""
        await self.telegram.settled(quiet)

    async def block(self, blocked: bool = True) -> None:
        """Block the bot, or let it in again."""
        await self.telegram.ask("POST", "/block", {"person": self.id, "blocked": blocked})

    async def deactivate(self) -> None:
        """Close one's account."""
        await self.telegram.ask("POST", "/deactivate", {"person": self.id})

    async def download(self, message: Message) -> bytes:
        """Fetch a message's document or photo."""
        part = message.get("document") or message["photo"][-1]
        async with self.telegram._session.get(f"{self.telegram.url}/api/file/{part['file_id']}") as response:
            assert response.status == 200, f"no file {part}"
            return await response.read()

    async def transcript(self, chat: int | None = None) -> str:
        """Write the chat down, for reading when something went wrong."""
        lines = [f"--- {self.name}'s chat ---", *map(line_of, await self.messages(chat))]
        broken = await self.telegram.violations()
        lines += [f"! {one['method']}: {one['problem']}" for one in broken]
        return "\n".join(lines)

    async def _send(
        self, path: str, body: dict[str, Any], reply_to: Message | int | None, chat: int | None
    ) -> int:
        await self._acts(chat)
        reply = None if reply_to is None else number_of(reply_to)
        whole = {"person": self.id, "chat": chat or self.id, "reply_to": reply, **body}
        return int((await self.telegram.ask("POST", path, whole))["message_id"])

    async def _acts(self, chat: int | None) -> None:
        self._since[chat or self.id] = (await self._state(chat, after=2**62))["seq"]

    async def _state(self, chat: int | None, after: int = 0, wait: float = 0) -> Any:
        return await self.telegram.ask("GET", f"/chats/{chat or self.id}/messages", after=after, wait=wait)


@asynccontextmanager
async def telegram_running(
    clock: MovableClock | None = None,
    *,
    limits: bool = False,
    port: int = 0,
    next_due: Callable[[], Awaitable[datetime | None]] | None = None,
) -> AsyncIterator[Telegram]:
    """Run a playground on a free port in this loop."""
    own = clock or Clock()
    state = State(own, limits=limits)
    async with (
        serving(create_app(state, next_due=next_due), port) as url,
        Telegram(url, state.token, own) as telegram,
    ):
        yield telegram
