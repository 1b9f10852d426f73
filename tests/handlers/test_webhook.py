"""What Telegram posts is stored before it is acknowledged, and nobody else is listened to."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sqlalchemy import select
from starlette.applications import Starlette

from handlers.letterbox import Letterbox
from handlers.listening import serving
from handlers.webhook import HEADER, MOST_BYTES, Webhook, derived_secret
from playground.clock import Clock
from storage import Database, Unavailable
from storage.tables import inbox
from tests.conftest import NOON, amity_running
from tests.phone import Telegram

SECRET = "a-made-up-secret-of-enough-characters"
HOOK = "https://amity.example.org/telegram"


class Listening:
    """A webhook that listens, and what it is told."""

    def __init__(self, address: str, session: aiohttp.ClientSession) -> None:
        self._address = address
        self._session = session
        self.arrived = 0

    def arrive(self) -> None:
        self.arrived += 1

    async def post(
        self, body: Any, *, secret: str | None = SECRET, path: str = "/telegram", **details: Any
    ) -> int:
        headers = {HEADER: secret} if secret is not None else {}
        data = body if isinstance(body, bytes) or not isinstance(body, dict) else json.dumps(body).encode()
        async with self._session.post(self._address + path, data=data, headers=headers, **details) as answer:
            return answer.status


@asynccontextmanager
async def listening(database: Database) -> AsyncIterator[Listening]:
    def arrived() -> None:
        found.arrive()

    webhook = Webhook(Letterbox(database, Clock(NOON), arrived=arrived), HOOK, SECRET)
    async with serving(Starlette(routes=webhook.routes())) as address, aiohttp.ClientSession() as session:
        found = Listening(address, session)
        yield found


def update(number: int, text: str = "hello") -> dict[str, Any]:
    chat = {"id": 11, "type": "private", "first_name": "Made Up"}
    body = {"message_id": number, "date": 1, "chat": chat, "from": {**chat, "is_bot": False}, "text": text}
    return {"update_id": number, "message": body}


async def stored(database: Database) -> list[int]:
    async with database.read() as tx:
        return [row.update_id for row in await tx.rows(select(inbox.c.update_id).order_by(inbox.c.id))]


async def test_an_update_is_stored_before_it_is_acknowledged(database: Database) -> None:
    async with listening(database) as hook:
        assert await hook.post(update(1)) == 200
        assert await stored(database) == [1]
        assert hook.arrived == 1


async def test_whoever_does_not_know_the_secret_is_not_listened_to(database: Database) -> None:
    async with listening(database) as hook:
        for wrong in (None, "", SECRET[:-1], SECRET + "x", SECRET.upper(), "é" * 8):
            assert await hook.post(update(1), secret=wrong) == 403, wrong
        assert await stored(database) == []
        assert hook.arrived == 0


async def test_an_update_posted_twice_counts_once(database: Database) -> None:
    async with listening(database) as hook:
        assert [await hook.post(update(1)) for _ in range(2)] == [200, 200]
        assert await stored(database) == [1]


async def test_what_cannot_be_stored_is_not_acknowledged(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(work: Any) -> None:
        raise Unavailable("database or disk is full")

    async with listening(database) as hook:
        with monkeypatch.context() as patched:
            patched.setattr(database, "share", full)
            assert await hook.post(update(1)) == 503
            assert hook.arrived == 0
        assert await hook.post(update(1)) == 200
        assert await stored(database) == [1]


async def test_what_is_longer_than_any_update_is_refused(database: Database) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b" " * (MOST_BYTES // 8)

    async with listening(database) as hook:
        assert await hook.post(b" " * (MOST_BYTES + 1)) == 413
        assert await hook.post(endless()) == 413
        assert await hook.post(update(1, "x" * (MOST_BYTES // 2))) == 200


@pytest.mark.parametrize("nonsense", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"update_id": 1'])
async def test_what_is_no_update_is_refused(database: Database, nonsense: bytes) -> None:
    async with listening(database) as hook:
        assert await hook.post(nonsense) == 400
        assert await stored(database) == []


@pytest.mark.parametrize("odd", [b"[]", b"7", b'{"update_id": "x"}', b'{"update_id": 99999999999999999999}'])
async def test_what_would_only_come_back_is_acknowledged(database: Database, odd: bytes) -> None:
    async with listening(database) as hook:
        assert await hook.post(odd) == 200
        assert await stored(database) == []


async def test_many_at_once_are_all_stored(database: Database) -> None:
    async with listening(database) as hook:
        answers = await asyncio.gather(*(hook.post(update(number)) for number in range(1, 101)))
        assert set(answers) == {200}
        assert sorted(await stored(database)) == list(range(1, 101))


def test_the_secret_follows_from_the_bots_own_and_does_not_tell_it() -> None:
    one, other = derived_secret(b"one secret"), derived_secret(b"another")
    assert one == derived_secret(b"one secret") != other
    assert one.isalnum()
    assert len(one) <= 256


async def free_port() -> int:
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port: int = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    return port


async def webhook_of(telegram: Telegram) -> dict[str, Any]:
    info: dict[str, Any] = (await telegram.call("getWebhookInfo"))["result"]
    return info


async def test_a_conversation_goes_through_a_webhook(tmp_path: Path) -> None:
    port = await free_port()
    hook = f"http://127.0.0.1:{port}/telegram"
    async with amity_running(tmp_path, listen=f"127.0.0.1:{port}", webhook_url=hook) as amity:
        ming = await amity.telegram.person("Ming")
        await ming.write("/start")
        await ming.wait_for(lambda message: bool(message.get("reply_markup")))
        info = await webhook_of(amity.telegram)
        assert info["url"] == hook
        assert info["allowed_updates"] == ["message", "edited_message", "callback_query", "my_chat_member"]
        assert not await amity.telegram.calls("getUpdates")


async def test_a_webhook_that_somebody_left_is_removed_by_who_polls(tmp_path: Path) -> None:
    async with amity_running(tmp_path) as amity:
        await amity.telegram.call("setWebhook", url="http://127.0.0.1:9/nobody")
        ming = await amity.telegram.person("Ming")
        await ming.write("/start")
        await ming.wait_for(lambda message: bool(message.get("reply_markup")))
        assert (await webhook_of(amity.telegram))["url"] == ""
