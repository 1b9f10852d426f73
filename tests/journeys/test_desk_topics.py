"""The desk in a group with topics: one for each member, and what happens where there can be none."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.language import language
from bot.settings import Settings
from handlers.service import running
from playground.clock import Clock
from tests.conftest import NOON, OWNER, Amity, amity_running, migrated_sqlite
from tests.making import agreed
from tests.phone import Phone, buttons, telegram_running, text_of

DESK = -1_000_000_000_778
HANT = language("zh_Hant_HK")


@pytest.fixture
async def amity(tmp_path: Path) -> AsyncIterator[Amity]:
    async with amity_running(tmp_path, desk=DESK) as started:
        yield started


async def forum(amity: Amity, *, admin: bool = True) -> Phone:
    """The owner, in a group with topics that the bot has heard of."""
    boss = await agreed(amity.telegram, "Boss", id=OWNER, locale="zh_Hant_HK")
    await amity.telegram.group("Desk", boss, id=DESK, forum=True, bot_is_admin=admin)
    await boss.write("/start", chat=DESK)
    await boss.wait_for("", chat=DESK)
    return boss


async def asked(phone: Phone, question: str) -> None:
    await phone.write("/ask")
    await phone.wait_for(lambda message: "v1:cancel" in str(message))
    await phone.write(question)
    await phone.wait_for(lambda message: "v1:settled" in str(message))


async def topics(boss: Phone, *states: tuple[str, bool]) -> list[int]:
    """Wait until the group's topics are these, by name and whether closed; give their numbers."""
    for _ in range(100):
        found = await boss.topics(DESK)
        if [(one["name"], one["closed"]) for one in found] == list(states):
            return [one["id"] for one in found]
        await asyncio.sleep(0.1)
    raise AssertionError(f"the topics are {found}\n{await boss.transcript(DESK)}")


async def test_a_member_has_one_topic_in_which_the_desk_simply_writes(amity: Amity) -> None:
    boss = await forum(amity)
    ming = await agreed(amity.telegram, "明", locale="zh_Hant_HK")
    await asked(ming, "可以帶狗嗎？")
    question = await boss.wait_for("可以帶狗嗎？", chat=DESK)
    (topic,) = await topics(boss, ("明 · 繁體中文", False))
    assert question["message_thread_id"] == topic
    answer = await boss.write("可以。", chat=DESK, topic=topic)
    assert buttons(await ming.wait_for("可以。")) == [
        HANT.gettext("Ask further"),
        HANT.gettext("That's settled"),
    ]
    await boss.edit(answer, "細狗可以。", chat=DESK)
    corrected = await ming.wait_for("細狗可以。")
    assert sum("可以。" in text_of(one) for one in await ming.messages()) == 1, corrected
    await boss.write("/note 上次也來過", chat=DESK, topic=topic)
    await boss.wait_for(HANT.gettext("📝 Noted. Only the desk sees it."), chat=DESK)
    picture = await ming.send_photo(b"dog", "我的狗")
    assert (await boss.wait_for("我的狗", chat=DESK))["message_thread_id"] == topic
    await ming.edit(picture, "我的大狗")
    assert "photo" in await boss.wait_for("我的大狗", chat=DESK)
    assert sum("photo" in one for one in await boss.messages(DESK)) == 1
    await boss.press("v1:deskmore", question)
    shown = await boss.wait_for(lambda message: "v1:deskgive" in str(message), chat=DESK)
    assert (shown["message_thread_id"], "上次也來過" in text_of(shown)) == (topic, True)
    await boss.write("/close", chat=DESK, topic=topic)
    await ming.wait_for("職員已結束你的問題")
    await topics(boss, ("明 · 繁體中文", True))
    await asked(ming, "那麼貓呢？")
    again = await boss.wait_for("那麼貓呢？", chat=DESK)
    assert again["message_thread_id"] == topic
    assert await topics(boss, ("明 · 繁體中文", False)) == [topic]
    assert "上次也來過" not in await ming.transcript()
    marked = [one.get("reactions") for one in await boss.messages(DESK) if one["message_id"] == answer]
    assert marked == [["👌"]]


async def test_an_answer_given_in_a_topic_is_taught_in_ones_own_chat(amity: Amity) -> None:
    boss = await forum(amity)
    ming = await agreed(amity.telegram, "明", locale="zh_Hant_HK")
    await asked(ming, "可以帶狗嗎？")
    await boss.wait_for("可以帶狗嗎？", chat=DESK)
    (topic,) = await topics(boss, ("明 · 繁體中文", False))
    await boss.write("導盲犬可以。", chat=DESK, topic=topic)
    await ming.wait_for("導盲犬可以。")
    await boss.write("/close", chat=DESK, topic=topic)
    closed = await boss.wait_for(lambda message: "v1:deskreopen" in str(message), chat=DESK)
    ((teach,),) = [row for row in closed["reply_markup"]["inline_keyboard"] if "url" in row[0]]
    await boss.write(f"/start {teach['url'].partition('start=')[2]}")
    await boss.wait_for("可以帶狗嗎？")
    await boss.press(HANT.gettext("Keep it"))
    await boss.wait_for("導盲犬可以。")
    await ming.write("/start " + teach["url"].partition("start=")[2])
    assert "導盲犬可以。" not in text_of(await ming.wait_for(bool)), "members can't teach"


async def test_closing_the_topic_in_telegram_itself_closes_the_question(amity: Amity) -> None:
    boss = await forum(amity)
    ming = await agreed(amity.telegram, "Ming")
    await asked(ming, "Is there parking?")
    (topic,) = await topics(boss, ("Ming · English", False))
    await boss.wait_for("Is there parking?", chat=DESK)
    turn = {"person": boss.id, "chat": DESK, "topic": topic}
    await amity.telegram.ask("POST", "/topic", {**turn, "closed": True})
    await ming.wait_for("Our team has closed your question.")
    await amity.telegram.ask("POST", "/topic", {**turn, "closed": False})
    await ming.wait_for("Our team has taken up your question again.")


async def test_without_the_right_to_open_topics_questions_stand_in_the_group(amity: Amity) -> None:
    boss = await forum(amity, admin=False)
    ming = await agreed(amity.telegram, "Ming")
    wai = await agreed(amity.telegram, "Wai")
    await asked(ming, "Is there parking?")
    question = await boss.wait_for("Is there parking?", chat=DESK)
    assert "message_thread_id" not in question
    await boss.write("Yes.", reply_to=question, chat=DESK)
    await ming.wait_for("Yes.")
    rights = {"person": boss.id, "chat": DESK, "bot_is_admin": True}
    await amity.telegram.ask("POST", "/rights", rights)
    await boss.settled()
    await asked(wai, "Is there food?")
    await topics(boss, ("Wai · English", False))
    assert await amity.telegram.violations() == []


async def test_nothing_is_lost_when_somebody_deletes_a_topic(amity: Amity) -> None:
    boss = await forum(amity)
    ming = await agreed(amity.telegram, "Ming")
    await asked(ming, "Is there parking?")
    await boss.wait_for("Is there parking?", chat=DESK)
    (topic,) = await topics(boss, ("Ming · English", False))
    await amity.telegram.ask(
        "POST", "/topic", {"person": boss.id, "chat": DESK, "topic": topic, "gone": True}
    )
    await ming.write("Or a bus?")
    lost = await boss.wait_for("Or a bus?", chat=DESK)
    assert "message_thread_id" not in lost
    await boss.write("Number 5.", reply_to=lost, chat=DESK)
    await ming.wait_for("Number 5.")
    await ming.press("v1:settled")
    await topics(boss)
    await boss.settled(1.2)
    await asked(ming, "And a train?")
    await boss.wait_for("And a train?", chat=DESK)
    (new,) = await topics(boss, ("Ming · English", False))
    assert new != topic


async def test_whoever_is_forgotten_leaves_no_topic(amity: Amity) -> None:
    boss = await forum(amity)
    ming = await agreed(amity.telegram, "Ming")
    await asked(ming, "Is there parking?")
    await boss.wait_for("Is there parking?", chat=DESK)
    await ming.write("/privacy")
    await ming.wait_for("What I keep about you")
    await ming.press("v1:forget")
    await ming.wait_for("Delete everything")
    await ming.press("v1:forgotten")
    await topics(boss)
    await boss.wait_for(
        HANT.gettext(
            "A member has deleted everything about themselves. Their open question is gone and needs no"
            " answer."
        ),
        chat=DESK,
    )
    assert "Ming" not in await boss.transcript(DESK)


async def test_a_question_waits_for_its_topic_where_telegram_wants_a_pause(amity: Amity) -> None:
    boss = await forum(amity)
    ming = await agreed(amity.telegram, "Ming")
    await amity.telegram.fault("createForumTopic", "429", retry_after=1, times=1)
    long = "🐕" * 3990 + " END"
    await asked(ming, long)
    await boss.wait_for(lambda message: text_of(message) == long, chat=DESK)
    (topic,) = await topics(boss, ("Ming · English", False))
    for _ in range(2):
        await ming.send_file("photo", b"dog", "dog.jpg", album="1")
    await boss.wait_for(lambda message: "photo" in message, chat=DESK)
    await boss.settled(2)
    said = [one for one in await boss.messages(DESK) if one["from"]["is_bot"] and "reply_markup" in one]
    assert sum("photo" in one for one in said) == 2
    assert {one.get("message_thread_id") for one in said if "deskclose" in str(one)} == {topic}


async def test_a_topic_of_which_nobody_knows_whether_it_was_opened_is_not_opened_twice(amity: Amity) -> None:
    boss = await forum(amity)
    ming = await agreed(amity.telegram, "Ming")
    await amity.telegram.fault("createForumTopic", "reset_after", times=1)
    await asked(ming, "🐕")
    question = await boss.wait_for("🐕", chat=DESK)
    assert "message_thread_id" not in question
    await topics(boss, ("Ming · English", False))
    await boss.write("Woof", reply_to=question, chat=DESK)
    await ming.wait_for("Woof")


async def test_topics_survive_restarts_and_months(tmp_path: Path) -> None:
    clock = Clock(NOON)
    async with telegram_running(clock) as telegram:
        given = {"bot_token": telegram.token, "api_url": telegram.api_url, "owners": [OWNER], "desk": DESK}
        settings = Settings.model_validate(given)
        database = await migrated_sqlite(tmp_path)
        boss = await telegram.person("Boss", id=OWNER)
        await telegram.group("Desk", boss, id=DESK, forum=True, bot_is_admin=True)
        async with running(settings, database, clock):
            ming = await agreed(telegram, "Ming")
            await asked(ming, "Is there parking?")
            await boss.wait_for("Is there parking?", chat=DESK)
            (topic,) = await topics(boss, ("Ming · English", False))
        clock.move(200 * 24 * 3600)
        async with running(settings, database, clock):
            await boss.write("Now there is.", chat=DESK, topic=topic)
            await ming.wait_for("Now there is.")
            await ming.write("At last!")
            assert (await boss.wait_for("At last!", chat=DESK))["message_thread_id"] == topic
        await database.close()
        assert await telegram.violations() == []
