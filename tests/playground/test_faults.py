"""Telegram's bad days: late, wrong, cut off or silent; and its sending rates."""

import asyncio

import aiohttp
import pytest

from playground.rates import Rates
from playground.refusals import Refused
from tests.phone import Phone, Telegram, telegram_running


@pytest.mark.parametrize(
    ("kind", "code"), [("500", 500), ("502", 502), ("401", 401), ("403", 403), ("409", 409)]
)
async def test_a_fault_answers_as_ordered_and_then_ends(telegram: Telegram, mei: Phone, kind, code):
    await telegram.fault("sendMessage", kind, times=1)
    assert (await telegram.call("getMe"))["ok"]
    assert (await telegram.call("sendMessage", chat_id=mei.id, text="x"))["error_code"] == code
    assert (await telegram.call("sendMessage", chat_id=mei.id, text="x"))["ok"]
    assert len(await mei.messages()) == 2


async def test_429_says_how_long_to_wait_for_that_chat_only(telegram: Telegram, mei: Phone):
    wing = await telegram.person("Wing")
    await wing.write("/start")
    await telegram.fault("*", "429", chat=mei.id, retry_after=7)
    answer = await telegram.call("sendMessage", chat_id=mei.id, text="x")
    assert (answer["error_code"], answer["parameters"]) == (429, {"retry_after": 7})
    assert answer["description"] == "Too Many Requests: retry after 7"
    assert (await telegram.call("sendMessage", chat_id=wing.id, text="x"))["ok"]
    await telegram.clear_faults()
    assert (await telegram.call("sendMessage", chat_id=mei.id, text="x"))["ok"]


@pytest.mark.parametrize(("kind", "arrived"), [("reset", 1), ("reset_after", 2)])
async def test_a_cut_line_leaves_the_bot_to_wonder(telegram: Telegram, mei: Phone, kind, arrived):
    await telegram.fault("sendMessage", kind, times=1)
    with pytest.raises(aiohttp.ClientError):
        await telegram.call("sendMessage", chat_id=mei.id, text="x")
    assert len(await mei.messages()) == arrived


async def test_silence_never_answers(telegram: Telegram, mei: Phone):
    await telegram.fault("sendMessage", "silence", times=1)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(telegram.call("sendMessage", chat_id=mei.id, text="x"), 0.2)
    assert len(await mei.messages()) == 1


async def test_every_call_is_logged_with_its_outcome(telegram: Telegram, mei: Phone):
    await telegram.call("sendMessage", chat_id=mei.id, text="x")
    await telegram.call("sendMessage", chat_id=mei.id, text="")
    first, second = await telegram.calls("sendMessage")
    assert (first["status"], first["params"]["text"]) == (200, "x")
    assert (second["status"], second["description"]) == (400, "Bad Request: message text is empty")
    assert second["n"] == first["n"] + 1


async def test_rates_are_kept_where_asked_for():
    async with telegram_running(limits=True) as telegram:
        mei = await telegram.person("Mei")
        await mei.write("/start")
        sent = [telegram.call("sendMessage", chat_id=mei.id, text=str(n)) for n in range(10)]
        answers = await asyncio.gather(*sent)
    refused = [a for a in answers if not a["ok"]]
    assert refused
    assert all(a["error_code"] == 429 and a["parameters"]["retry_after"] >= 1 for a in refused)


def admitted(rates, chats, **kind):
    count = 0
    for chat in chats:
        try:
            rates.admit(chat, **kind)
        except Refused:
            continue
        count += 1
    return count


def test_thirty_messages_leave_in_a_second_in_all():
    time = 100.0
    rates = Rates(lambda: time)
    assert admitted(rates, range(40), private=True) == 30
    time = 100.99
    assert admitted(rates, range(40, 50), private=True) == 0
    time = 101.0
    assert admitted(rates, range(50, 90), private=True) == 30


def test_a_paid_broadcast_may_send_a_thousand():
    rates = Rates(lambda: 5.0)
    assert admitted(rates, range(1100), private=True, paid=True) == 1000
    assert admitted(rates, range(2000, 2100), private=True) == 30, "it takes nothing from the others"


def test_a_chat_takes_a_burst_of_three_then_one_a_second():
    time = 100.0
    rates = Rates(lambda: time)
    assert admitted(rates, [1] * 5, private=True) == 3
    time = 101.0
    assert admitted(rates, [1] * 5, private=True) == 1


def test_a_group_takes_twenty_a_minute():
    time = 0.0
    rates = Rates(lambda: time)
    count = 0
    while time < 60:
        count += admitted(rates, [-1], private=False)
        time += 1
    assert count == 20
    assert admitted(rates, [-1], private=False) == 1
