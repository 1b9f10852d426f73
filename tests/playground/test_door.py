"""The playground is for this machine only, and shows its page, its clock and its events."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from playground.clock import Clock
from tests.phone import Phone, Telegram, telegram_running


async def status(telegram: Telegram, path: str, **headers: str) -> int:
    async with (
        aiohttp.ClientSession() as session,
        session.get(telegram.url + path, headers=headers) as response,
    ):
        return response.status


@pytest.mark.parametrize("path", ["/", "/api/people", "/static/main.js", "/bot1:x/getMe", "/file/bot1:x/y"])
async def test_a_foreign_host_is_refused_everywhere(telegram: Telegram, path):
    assert await status(telegram, path, Host="evil.example") == 403
    assert await status(telegram, path, Host="127.0.0.1.evil.example:80") == 403
    assert await status(telegram, path, Origin="https://evil.example") == 403


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8000", "[::1]:80", "LOCALHOST:1"])
async def test_names_of_this_machine_are_let_in(telegram: Telegram, host):
    assert await status(telegram, "/api/people", Host=host) == 200


async def test_pages_files_are_served_but_nothing_beside_them(telegram: Telegram):
    assert await status(telegram, "/") == 200
    assert await status(telegram, "/static/../server.py") == 404
    assert await status(telegram, "/static/%2e%2e/server.py") == 404


async def test_files_are_for_whoever_has_the_token(telegram: Telegram, mei: Phone):
    await mei.send_document(b"x", "a.txt")
    [update] = (await telegram.call("getUpdates"))["result"]
    file_id = update["message"]["document"]["file_id"]
    path = (await telegram.call("getFile", file_id=file_id))["result"]["file_path"]
    assert await status(telegram, f"/file/bot{telegram.token}/{path}") == 200
    assert await status(telegram, f"/file/bot1:wrong/{path}") == 401
    assert await status(telegram, f"/file/bot{telegram.token}/documents/none") == 404


async def test_the_clock_moves_forward_and_dates_follow(telegram: Telegram, mei: Phone):
    before = await telegram.now()
    await telegram.move(86400)
    await mei.write("tomorrow")
    newest = (await mei.messages())[-1]
    assert newest["date"] >= before.timestamp() + 86399
    later = before + timedelta(days=3)
    assert await telegram.move(to=later) >= later


async def test_the_clock_goes_to_what_is_due_next():
    start = datetime(2030, 1, 1, tzinfo=UTC)

    async def next_due() -> datetime:
        return start + timedelta(hours=5)

    async with telegram_running(Clock(start), next_due=next_due) as telegram:
        assert await telegram.move(to="next") >= start + timedelta(hours=5)


async def test_events_stream_to_the_person_concerned(telegram: Telegram, mei: Phone):
    wing = await telegram.person("Wing")
    async with aiohttp.ClientSession() as session:
        url = f"{telegram.url}/api/events?person={mei.id}"
        async with asyncio.timeout(10), session.get(url) as response:
            assert response.content_type == "text/event-stream"
            assert await response.content.readline() == b": welcome\n"
            await wing.write("/start")
            await telegram.call("sendMessage", chat_id=wing.id, text="not for Mei")
            await telegram.call("sendMessage", chat_id=mei.id, text="for Mei")
            await telegram.call("editMessageText", chat_id=mei.id, message_id=2, text="changed")
            await telegram.call("deleteMessage", chat_id=mei.id, message_id=2)
            await telegram.move(60)
            seen = []
            while len(seen) < 4:
                line = await response.content.readline()
                if line.startswith(b"data: "):
                    seen.append(json.loads(line[6:]))
    assert [event["type"] for event in seen] == ["message", "edit", "delete", "clock"]
    assert seen[0]["message"]["text"] == "for Mei"


async def test_a_chats_state_comes_whole_and_then_in_changes(telegram: Telegram, mei: Phone):
    async def state(after=0, wait=0):
        return await telegram.ask("GET", f"/chats/{mei.id}/messages", after=after, wait=wait)

    await telegram.call("sendMessage", chat_id=mei.id, text="two")
    whole = await state()
    assert [m["message_id"] for m in whole["messages"]] == [1, 2]
    waiting = asyncio.create_task(state(whole["seq"], wait=30))
    await telegram.call("editMessageText", chat_id=mei.id, message_id=2, text="2")
    changes = await waiting
    assert [m["text"] for m in changes["messages"]] == ["2"]
    await telegram.call("deleteMessage", chat_id=mei.id, message_id=2)
    last = await state(changes["seq"])
    assert (last["messages"], last["deleted"]) == ([], [2])
    await telegram.call("sendChatAction", chat_id=mei.id, action="typing")
    assert (await state())["typing"]
