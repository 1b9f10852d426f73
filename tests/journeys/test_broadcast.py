"""Organisers write to many people at once; each reads it in their language, once, and can have fewer."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import func, select

from bot import attendance
from bot.language import LOCALES, Language, language
from storage.tables import broadcasts, mutes, people
from tests.conftest import NOON, OWNER, Amity
from tests.making import agreed, known_person, published_event
from tests.phone import Message, Phone, buttons, text_of

PICTURE = b"\x89PNG\r\n\x1a\n" + b"0" * 64


async def boss_of(amity: Amity, **details: Any) -> Phone:
    return await agreed(amity.telegram, "Boss", id=OWNER, **details)


async def go(phone: Phone, data: str, until: str) -> Message:
    """Press a button and wait for the screen that offers another."""
    await phone.press(data)
    return await phone.wait_for(lambda message: until in str(message))


async def compose(boss: Phone) -> None:
    await boss.write("/organise")
    await boss.wait_for(lambda message: "v1:broadcasts" in str(message))
    await go(boss, "v1:broadcasts", "v1:newbroadcast")
    await go(boss, "v1:newbroadcast", "v1:cancel")


async def draft(boss: Phone, text: str = "Dear friends, we move.", **more: Any) -> Message:
    """A draft with one text, for everyone; gives the draft's card."""
    await compose(boss)
    await boss.write(text, **more)
    return await boss.wait_for(lambda message: "v1:broadcastconfirm" in str(message))


async def add_text(boss: Phone, locale: str, text: str) -> None:
    await boss.press(next(data for data in data_of(await boss.last()) if data.endswith(locale)))
    await boss.wait_for(lambda message: "v1:cancel" in str(message))
    await boss.write(text)
    await boss.wait_for(lambda message: "v1:broadcastconfirm" in str(message))


async def send(boss: Phone) -> None:
    await go(boss, "v1:broadcastconfirm", "v1:broadcastsend")
    await boss.press("v1:broadcastsend")


def data_of(message: Message) -> list[str]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button.get("callback_data", "") for row in rows for button in row]


def is_broadcast(message: Message) -> bool:
    return any("mutebroadcasts" in data for data in data_of(message))


async def received(phone: Phone) -> list[Message]:
    return [message for message in await phone.messages() if is_broadcast(message)]


async def finished(amity: Amity) -> None:
    """Wait until nothing is on its way any more."""
    await amity.telegram.settled()
    for _ in range(200):
        async with amity.database.read() as tx:
            going = select(func.count()).select_from(broadcasts)
            if not await tx.value(
                going.where(broadcasts.c.state != "draft", broadcasts.c.finished_at.is_(None))
            ):
                return
        await asyncio.sleep(0.05)
    raise AssertionError("the broadcast does not come to an end")


def plain(words: Language, sentence: str, **blanks: object) -> str:
    return str(words.html(sentence, **blanks).striptags())


@pytest.mark.parametrize("locale", LOCALES)
async def test_a_broadcast_reaches_everyone_and_its_author_gets_a_report(amity: Amity, locale: str) -> None:
    words = language(locale)
    boss = await boss_of(amity, locale=locale)
    ming = await agreed(amity.telegram, "Ming")
    await draft(boss)
    await send(boss)
    await ming.wait_for("Dear friends, we move.")
    report = await boss.wait_for(lambda message: text_of(message).startswith("✅") and not edited(message))
    assert words.ngettext("✅ Sent to {n} person", "✅ Sent to {n} people", 2) in text_of(report)
    assert len(await received(ming)) == len(await received(boss)) == 1


def edited(message: Message) -> bool:
    return "edit_date" in message


async def test_each_reader_gets_their_language_and_others_the_base_language(amity: Amity) -> None:
    boss = await boss_of(amity)
    wai = await agreed(amity.telegram, "Wai", locale="zh_Hant_HK")
    lin = await agreed(amity.telegram, "Lin", locale="zh_Hans_CN")
    await draft(boss, "We move.")
    await add_text(boss, "zh_Hant_HK", "我們搬家了。")
    await send(boss)
    await wai.wait_for("我們搬家了。")
    await lin.wait_for("We move.")
    await finished(amity)
    assert [text_of(one) for one in await received(boss)] == ["We move."]
    assert language("zh_Hans_CN").gettext("🔕 Don't send me news") in buttons((await received(lin))[0])


async def test_formatting_emoji_markup_and_direction_are_kept_literally(amity: Amity) -> None:
    boss = await boss_of(amity)
    ming = await agreed(amity.telegram, "Ming")
    text = "👩‍👩‍👧 <b>5 < 6</b> &amp; שלום bold 𝒳 end"
    start = len(text[: text.index("bold")].encode("utf-16-le")) // 2
    marks = [
        {"type": "bold", "offset": start, "length": 4},
        {"type": "text_link", "offset": start + 5, "length": 2, "url": "https://example.org/"},
    ]
    await draft(boss, text, entities=marks)
    await send(boss)
    message = await ming.wait_for("5 < 6")
    assert message["text"] == text
    assert message["entities"] == marks


async def test_a_picture_with_a_caption_goes_out_as_it_is(amity: Amity) -> None:
    boss = await boss_of(amity)
    ming = await agreed(amity.telegram, "Ming")
    await compose(boss)
    await boss.send_photo(PICTURE, "Look at <this>")
    await boss.wait_for(lambda message: "v1:broadcastconfirm" in str(message))
    await send(boss)
    message = await ming.wait_for("Look at <this>")
    assert await ming.download(message) == PICTURE


async def test_the_preview_is_what_readers_will_see(amity: Amity) -> None:
    boss = await boss_of(amity)
    await draft(boss, "Bold news", entities=[{"type": "bold", "offset": 0, "length": 4}])
    await add_text(boss, "zh_Hant_HK", "新聞")
    await boss.press("v1:broadcastpreview")
    chinese = await boss.wait_for(lambda message: is_broadcast(message) and text_of(message) == "新聞")
    assert language("zh_Hant_HK").gettext("🔕 Don't send me news") in buttons(chinese)
    await boss.wait_for(lambda message: "v1:broadcastconfirm" in str(message) and not edited(message))
    english = (await received(boss))[0]
    assert english["entities"] == [{"type": "bold", "offset": 0, "length": 4}]


async def test_what_cant_be_a_broadcast_is_refused_and_nothing_is_lost(amity: Amity) -> None:
    boss = await boss_of(amity)
    await draft(boss, "Kept")
    await go(boss, "v1:broadcasttext", "v1:cancel")
    refusal = plain(
        language("en"),
        "That can't be a broadcast. Please send a text, pictures, videos or files with a text under them,"
        " a poll or a location; nothing you did before is lost.",
    )
    await boss.send_sticker()
    await boss.wait_for(refusal)
    await boss.send_voice()
    await boss.wait_for(refusal)
    await boss.send_photo(PICTURE, "x" * 1024)
    await boss.wait_for(lambda message: "v1:broadcastconfirm" in str(message))


async def test_confirming_twice_sends_once(amity: Amity) -> None:
    boss = await boss_of(amity)
    ming = await agreed(amity.telegram, "Ming")
    await draft(boss)
    confirm = await go(boss, "v1:broadcastconfirm", "v1:broadcastsend")
    data = next(one for one in data_of(confirm) if one.startswith("v1:broadcastsend"))
    for _ in range(3):
        await boss.forge(data, confirm["message_id"])
    await finished(amity)
    assert len(await received(ming)) == 1


async def test_what_another_organiser_changed_is_looked_at_again_before_it_is_sent(amity: Amity) -> None:
    boss = await boss_of(amity)
    ann = await agreed(amity.telegram, "Ann")
    async with amity.database.write() as tx:
        await tx.run(people.update().where(people.c.telegram_id == ann.id).values(role="organiser"))
    await draft(boss, "The first words")
    await go(boss, "v1:broadcastconfirm", "v1:broadcastsend")
    await ann.write("/organise")
    await ann.wait_for(lambda message: "v1:broadcasts" in str(message))
    await go(ann, "v1:broadcasts", "v1:broadcast:1")
    await go(ann, "v1:broadcast:1", "v1:broadcasttext")
    await go(ann, "v1:broadcasttext:1:en", "v1:cancel")
    await ann.write("Other words")
    await ann.wait_for(lambda message: "v1:broadcastconfirm" in str(message))
    answer = await boss.press("v1:broadcastsend")
    assert answer is not None
    assert answer["text"] == language("en").gettext(
        "Somebody has just changed it. Please look at it once more."
    )
    await boss.wait_for("Other words")
    await boss.press("v1:broadcastsend")
    await finished(amity)
    assert [text_of(one) for one in await received(ann)] == ["Other words"]


async def test_groups_can_be_joined_and_narrowed_by_language(amity: Amity) -> None:
    boss = await boss_of(amity)
    event = await published_event(amity.database, now=NOON)
    for number, locale in ((501, "en"), (502, "zh_Hant_HK"), (503, "en")):
        person = await known_person(amity.database, number, now=NOON, locale=locale)
        if number != 503:
            async with amity.database.write() as tx:
                await attendance.join(tx, event.id, person.id, now=NOON)
    await draft(boss)
    await go(boss, "v1:broadcastwhom", "v1:broadcastevents")
    await go(boss, "v1:broadcastevents", "v1:broadcastevent:")
    await go(boss, "v1:broadcastevent:", "event:1:waiting")
    await boss.press("v1:broadcastpick:1:to:on:event:1:going")
    shown = await boss.wait_for("Harbour Forum")
    words = language("en")
    assert plain_count(words, 2) in text_of(shown)
    await go(boss, "v1:broadcastevents", "v1:broadcastwhom")
    await go(boss, "v1:broadcastwhom", "v1:broadcastlanguages")
    await go(boss, "v1:broadcastlanguages", "locale:0:zh_Hant_HK")
    await boss.press("v1:broadcastpick:1:to:on:locale:0:zh_Hant_HK")
    await boss.wait_for(plain_count(words, 1))


def plain_count(words: Language, n: int) -> str:
    said = words.nhtml(
        "<b>{n} person</b> would get it now, once.", "<b>{n} people</b> would get it now, each once.", n
    )
    return str(said.striptags())


async def test_it_can_be_paused_gone_on_with_and_stopped(amity: Amity) -> None:
    boss = await boss_of(amity)
    for number in range(300):
        phone = await amity.telegram.person("Member", id=10_000 + number)
        await known_person(amity.database, phone.id, now=NOON)
    await draft(boss)
    await send(boss)
    await boss.wait_for(lambda message: "v1:broadcastpause" in str(message))
    await go(boss, "v1:broadcastpause", "v1:broadcastresume")
    await asyncio.sleep(1)
    before = len(await amity.telegram.calls("sendMessage"))
    await asyncio.sleep(1)
    assert len(await amity.telegram.calls("sendMessage")) == before
    await go(boss, "v1:broadcastresume", "v1:broadcastpause")
    await go(boss, "v1:broadcaststop", "v1:broadcaststopped")
    await boss.press("v1:broadcaststopped")
    report = await boss.wait_for(lambda message: text_of(message).startswith("⏹") and not edited(message))
    assert "⏹" in text_of(report).split("\n", 1)[1], "those who were spared are counted"
    await boss.forge("v1:ohistory:0", report["message_id"])
    shown = text_of(await boss.wait_for("What organisers did"))
    done = ["Stopped a broadcast", "Went on with a broadcast", "Paused a broadcast", "Sent a broadcast"]
    assert sorted(done, key=shown.index) == done


async def test_progress_is_told_in_one_message(amity: Amity) -> None:
    boss = await boss_of(amity)
    for number in range(130):
        phone = await amity.telegram.person("Member", id=10_000 + number)
        await known_person(amity.database, phone.id, now=NOON)
    await draft(boss)
    await send(boss)
    progress = await boss.wait_for(lambda message: "v1:broadcaststop" in str(message))
    await finished(amity)
    done = await boss.wait_for(lambda message: text_of(message).startswith("✅") and edited(message))
    assert done["message_id"] == progress["message_id"]
    edits = [
        call
        for call in await amity.telegram.calls("editMessageText")
        if call["params"].get("message_id") in (done["message_id"], str(done["message_id"]))
    ]
    assert len(edits) < 15


async def test_fewer_messages_turns_them_off_and_can_be_undone(amity: Amity) -> None:
    boss = await boss_of(amity)
    ming = await agreed(amity.telegram, "Ming")
    await draft(boss)
    await send(boss)
    message = await ming.wait_for("Dear friends")
    for _ in range(2):
        # The second tap may come when the button has changed already.
        await ming.forge("v1:mutebroadcasts", message["message_id"])
    await ming.wait_for(lambda one: "v1:unmutebroadcasts" in str(one))
    assert text_of((await received(ming))[0]) == "Dear friends, we move."
    await finished(amity)
    await draft(boss, "A second one")
    await send(boss)
    await finished(amity)
    assert len(await received(ming)) == 1
    await ming.press("v1:unmutebroadcasts")
    await ming.settled()
    async with amity.database.read() as tx:
        assert not await tx.rows(select(mutes))


async def test_a_broadcast_does_not_swallow_the_next_answer_of_somebody_in_a_form(amity: Amity) -> None:
    boss = await boss_of(amity)
    ming = await agreed(amity.telegram, "Ming")
    async with amity.database.write() as tx:
        await tx.run(people.update().where(people.c.telegram_id == ming.id).values(role="organiser"))
    await compose(ming)
    await draft(boss)
    await send(boss)
    await ming.wait_for("Dear friends")
    await ming.write("My own words")
    await ming.wait_for(lambda message: "v1:broadcastconfirm" in str(message))


async def test_who_blocked_the_bot_is_counted_apart_and_writing_again_brings_them_back(amity: Amity) -> None:
    boss = await boss_of(amity)
    ming = await agreed(amity.telegram, "Ming")
    await ming.block()
    await draft(boss)
    await send(boss)
    report = await boss.wait_for(lambda message: text_of(message).startswith("✅") and not edited(message))
    words = language("en")
    blocked = words.ngettext(
        "🚫 {n} person has blocked the bot or left Telegram",
        "🚫 {n} people have blocked the bot or left Telegram",
        1,
    )
    assert blocked in text_of(report)
    card = await draft(boss, "A second one")
    assert plain_count(words, 1) in text_of(card)
    await ming.block(False)
    await ming.write("/menu")
    await ming.wait_for(lambda message: "v1:events" in str(message))
    await send(boss)
    await ming.wait_for("A second one")


async def test_members_cant_reach_broadcasts_by_forged_buttons(amity: Amity) -> None:
    boss = await boss_of(amity)
    ming = await agreed(amity.telegram, "Ming")
    await draft(boss)
    message = await ming.last()
    for data in ("broadcasts", "newbroadcast", "broadcast:1", "broadcastconfirm:1", "broadcastdeleted:1"):
        await ming.forge(f"v1:{data}", message["message_id"])
    await ming.settled()
    assert "Dear friends" not in await ming.transcript()
    async with amity.database.read() as tx:
        assert await tx.value(select(func.count()).select_from(broadcasts)) == 1


async def test_forged_and_stale_buttons_do_no_harm(amity: Amity) -> None:
    boss = await boss_of(amity)
    message = await draft(boss)
    for data in (
        "broadcast:999999999999999999999",
        "broadcast:x",
        "broadcasttext:1:xx",
        "broadcasttext:99:en",
        "broadcastpick:1:to:on:event:99:going",
        "broadcastpick:1:to:on:topic:0:nonsense",
        "broadcastpick:1:to:on:locale:0:xx",
        "broadcastpick:99:to:on:everyone",
        "broadcastpick",
        "broadcastevent:1:to:77",
        "broadcastevents:1:to:-5",
        "broadcastevents:99",
        "broadcastsend:1:0",
        "broadcastsend:99:0",
        "broadcaststopped:1",
        "broadcastpause:1",
        "broadcastresume:99",
        "broadcasts:-3",
        "broadcasts:99",
        "broadcastdeleted:77",
    ):
        assert await boss.telegram.answer(await boss.forge(f"v1:{data}", message["message_id"])), data
    await boss.settled()
    async with amity.database.read() as tx:
        assert await tx.value(select(broadcasts.c.state)) == "draft"


async def test_a_draft_can_be_deleted(amity: Amity) -> None:
    boss = await boss_of(amity)
    await draft(boss)
    await go(boss, "v1:broadcastdelete:", "v1:broadcastdeleted")
    await go(boss, "v1:broadcastdeleted", "v1:newbroadcast")
    async with amity.database.read() as tx:
        assert not await tx.rows(select(broadcasts))
