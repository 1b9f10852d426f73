"""Updates wait until they are acknowledged, and one poller at a time gets them."""

import asyncio

from tests.phone import Phone, Telegram


async def polled(telegram, **params):
    answer = await telegram.call("getUpdates", **params)
    assert answer["ok"], answer
    return answer["result"]


async def test_an_update_comes_again_until_it_is_acknowledged(telegram: Telegram):
    mei = await telegram.person("Mei")
    await mei.write("one")
    await mei.write("two")
    first, second = await polled(telegram)
    assert [u["update_id"] for u in await polled(telegram)] == [first["update_id"], second["update_id"]]
    assert await polled(telegram, offset=first["update_id"] + 1) == [second]
    assert await polled(telegram, offset=second["update_id"] + 1) == []


async def test_a_long_poll_ends_when_something_arrives(telegram: Telegram):
    mei = await telegram.person("Mei")
    waiting = asyncio.create_task(polled(telegram, timeout=50))
    await mei.write("hello")
    [update] = await waiting
    assert update["message"]["text"] == "hello"
    assert update["message"]["chat"]["type"] == "private"


async def test_no_more_than_the_limit_come_at_once(telegram: Telegram):
    mei = await telegram.person("Mei")
    for n in range(5):
        await mei.write(str(n))
    assert [u["message"]["text"] for u in await polled(telegram, limit=2)] == ["0", "1"]


async def test_a_negative_offset_forgets_all_but_the_last(telegram: Telegram):
    mei = await telegram.person("Mei")
    for n in range(5):
        await mei.write(str(n))
    assert [u["message"]["text"] for u in await polled(telegram, offset=-1)] == ["4"]
    assert len(await polled(telegram)) == 1


async def test_a_second_poller_ends_the_first_with_409(telegram: Telegram):
    first = asyncio.create_task(telegram.call("getUpdates", timeout=50))
    while not first.done():
        await telegram.call("getUpdates", timeout=0)
        await asyncio.sleep(0)
    answer = await first
    assert answer["error_code"] == 409
    assert answer["description"].startswith("Conflict: terminated by other getUpdates request")


async def test_kinds_not_asked_for_are_never_queued(telegram: Telegram, mei: Phone):
    await polled(telegram, allowed_updates=["callback_query"])
    await mei.write("unheard")
    assert await polled(telegram) == []


async def test_polling_is_refused_while_a_webhook_is_set(telegram: Telegram):
    assert (await telegram.call("setWebhook", url="https://example.org/hook", secret_token="s"))["ok"]
    assert (await telegram.call("getUpdates"))["error_code"] == 409
    assert (await telegram.call("getWebhookInfo"))["result"]["url"] == "https://example.org/hook"
    assert (await telegram.call("deleteWebhook", drop_pending_updates=True))["ok"]
    assert await polled(telegram) == []


async def test_a_raw_update_is_delivered_as_it_is(telegram: Telegram):
    number = await telegram.raw_update({"message": {"nonsense": True}})
    assert await polled(telegram) == [{"update_id": number, "message": {"nonsense": True}}]


async def test_a_wrong_token_and_an_unknown_method_are_told_apart(telegram: Telegram):
    assert (await telegram.call("getNothing"))["error_code"] == 404
    stranger = Telegram(telegram.url, "123:wrong")
    async with stranger:
        answer = await stranger.call("getMe")
    assert (answer["error_code"], answer["description"]) == (401, "Unauthorized")
