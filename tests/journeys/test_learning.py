"""From a question that nobody could answer to one that is answered, in chat, and back again."""

import asyncio
from collections.abc import Mapping, Sequence

import pytest

from bot.language import LOCALES, language
from storage import asked, content, options, people
from tests.conftest import NOON, OWNER, Amity
from tests.making import agreed
from tests.messages import buttons, text_of
from tests.moves import finished, forged, pressed, send
from tests.phone import Phone

OFFICE = {"en": "It is in Sample Street.", "zh_Hant_HK": "在示例街。", "zh_Hans_CN": "在示例街道。"}
ASKED = {
    "en": ["Where is the office?"],
    "zh_Hant_HK": ["辦公室在哪裏？"],
    "zh_Hans_CN": ["办公室在哪里？"],
}
NOT_FOUND = "I haven't found an answer to that. A person from our team can answer you."


async def know(amity: Amity, code: str, answer: Mapping[str, str], ways: Mapping[str, Sequence[str]]) -> int:
    async with amity.database.write() as tx:
        question_id = await content.put_question(tx, code, None, "Made-up", None, None, answer, ways)
        await options.remember(tx, content.SOURCES, '{"Made-up": {"en": "A made-up leaflet"}}')
        await content.raise_revision(tx)
    await amity.service.library.refresh(amity.database, now=amity.clock.now())
    return question_id


async def said_within_seconds(phone: Phone, question: str, wanted: str) -> str:
    """What the bot says to the question once it says this; it is asked again until then."""
    async with asyncio.timeout(10):
        while True:
            await phone.write(question)
            said = text_of(await phone.wait_for(bool))
            if wanted in said:
                return said
            await asyncio.sleep(0.2)


async def boss_of(amity: Amity, locale: str = "en") -> Phone:
    return await agreed(amity.telegram, "Boss", id=OWNER, locale=locale)


async def data_of(phone: Phone, operation: str) -> str:
    """The data of the newest message's first button of this operation."""
    message = await phone.last()
    rows = message["reply_markup"]["inline_keyboard"]
    return str(
        next(one["callback_data"] for row in rows for one in row if f":{operation}:" in one["callback_data"])
    )


async def test_what_is_asked_in_vain_is_attached_in_one_tap_answered_within_seconds_and_undone(
    amity: Amity,
) -> None:
    office = await know(amity, "office", OFFICE, ASKED)
    words = language("zh_Hant_HK")
    members = [await agreed(amity.telegram, name, locale="zh_Hant_HK") for name in ("Ming", "Wai", "Ka")]
    for phone, typed in zip(members, ("你哋喺邊度㗎？", "你哋喺邊度", "請問你哋喺邊度呀"), strict=True):
        await phone.write(typed)
        await phone.wait_for(lambda message: words.gettext("💬 Ask a person") in buttons(message))
    boss = await boss_of(amity)
    await send(boss, "/organise")
    await pressed(amity, boss, "v1:olearn:0")
    listed = text_of(await boss.last())
    assert "3 people" in listed
    assert "Ming" not in listed
    await pressed(amity, boss, await data_of(boss, "olearngroup"))
    async with amity.database.read() as tx:
        opened = await asked.list_open(tx, since=NOON.replace(year=2020), limit=9)
    await forged(amity, boss, f"v1:olearnto:{opened[0].id}:{office}")
    learned = await boss.last()
    assert "Learned" in text_of(learned)
    await forged(amity, boss, f"v1:olearnto:{opened[0].id}:{office}")
    assert await boss.last() == learned, "a second press takes nothing away, least of all the way back"
    await said_within_seconds(members[0], "你哋喺邊度", "在示例街。")
    await pressed(amity, boss, "v1:olearnundo")
    assert "Undone" in text_of(await boss.last())
    not_found = words.gettext("💬 Ask a person")
    async with asyncio.timeout(10):
        while True:
            await members[1].write("你哋喺邊度")
            message = await members[1].wait_for(lambda message: not_found in buttons(message))
            if "在示例街。" not in text_of(message):
                break
            await asyncio.sleep(0.2)
    await forged(amity, boss, "v1:olearn:0")
    assert "3 people" in text_of(await boss.last())
    await forged(amity, boss, "v1:ohistory:0")
    history = text_of(await boss.last())
    assert "Undid: Said which answer a question needs" in history
    assert "Said which answer 3 questions need" in history


@pytest.mark.parametrize("locale", LOCALES)
async def test_a_new_answer_is_written_for_a_question_and_found_by_it(amity: Amity, locale: str) -> None:
    words = language(locale)
    ming = await agreed(amity.telegram, "Ming", locale=locale)
    await ming.write("有得泊車嗎")
    await ming.wait_for(words.gettext(NOT_FOUND))
    boss = await boss_of(amity, locale)
    await forged(amity, boss, "v1:olearn:0")
    await pressed(amity, boss, await data_of(boss, "olearngroup"))
    await pressed(amity, boss, "v1:olearnnew")
    await boss.press(words.gettext("Keep it"))
    await boss.settled()
    await send(boss, "附近有<停車場>。")
    assert words.gettext("↩️ Undo") in buttons(await boss.last())
    said = await said_within_seconds(ming, "有得泊車嗎", "附近有<停車場>。")
    assert words.html("<i>Source: our team</i>").striptags() in said
    await pressed(amity, boss, "v1:olearnentry")
    await pressed(amity, boss, "v1:olearndel")
    await pressed(amity, boss, "v1:olearngone")
    await forged(amity, boss, "v1:olearnbook:0")
    assert not any("泊車" in label for label in buttons(await boss.last()))


async def test_a_thumb_down_lands_there_and_what_was_taught_wrongly_is_unlearned(amity: Amity) -> None:
    await know(amity, "office", OFFICE, ASKED)
    ming, boss = await agreed(amity.telegram, "Ming"), await boss_of(amity)
    await forged(amity, boss, "v1:olearnadd:1:en")
    await send(boss, "Do you sell umbrellas?")
    assert "Learned" in text_of(await boss.last())
    await said_within_seconds(ming, "Do you sell umbrellas?", "It is in Sample Street.")
    await pressed(amity, ming, "v1:wrong:q1")
    await forged(amity, boss, "v1:olearn:0")
    assert "👎 answered with" in text_of(await boss.last())
    await pressed(amity, boss, await data_of(boss, "olearngroup"))
    await pressed(amity, boss, "v1:olearnaway")
    assert "Unlearned" in text_of(await boss.last())
    await pressed(amity, boss, "v1:olearngroup")
    await pressed(amity, boss, "v1:olearnnot")
    await pressed(amity, boss, "v1:olearn:0")
    assert "No question waits" in text_of(await boss.last())


async def test_an_organisers_reply_becomes_an_answer(amity: Amity) -> None:
    ming, boss = await agreed(amity.telegram, "Ming"), await boss_of(amity)
    await ming.write("May I bring my guide dog?")
    await ming.wait_for("I haven't found")
    await pressed(amity, ming, "v1:askq")
    passed_on = await boss.wait_for("May I bring my guide dog?")
    await boss.write("Guide dogs are welcome.", reply_to=passed_on)
    await boss.wait_for("On its way")
    await pressed(amity, boss, "v1:olearnkeep")
    assert "May I bring my guide dog?" in text_of(await boss.last())
    await boss.press("Keep it")
    await boss.wait_for("Guide dogs are welcome.")
    await boss.press("Keep it")
    await boss.wait_for("Learned")
    await said_within_seconds(
        await agreed(amity.telegram, "Wai"), "may I bring my guide dog", "Guide dogs are"
    )


async def test_only_some_of_a_group_are_set_apart(amity: Amity) -> None:
    boss = await boss_of(amity)
    for number, text in enumerate(("car park at the hall", "car park at the school", "the hall car park")):
        phone = await agreed(amity.telegram, f"Member{number}")
        await send(phone, text)
    await forged(amity, boss, "v1:olearn:0")
    await pressed(amity, boss, await data_of(boss, "olearngroup"))
    await pressed(amity, boss, "v1:olearnpick")
    await boss.press("car park at the school")
    await boss.press("Done")
    await boss.wait_for("They are two groups now.")
    await forged(amity, boss, "v1:olearn:0")
    assert "2 questions without a good answer" in text_of(await boss.last())


async def test_nothing_is_kept_of_strangers_nor_of_what_an_organiser_writes_while_members_wait(
    amity: Amity,
) -> None:
    boss, ming = await boss_of(amity), await agreed(amity.telegram, "Ming")
    await send(boss, "an organiser tries this out")
    await ming.write("/ask")
    await ming.wait_for("What would you like to ask?")
    await ming.write("When do I pay?")
    await boss.wait_for("When do I pay?")
    await send(boss, "On Monday, dear Ming")
    stranger = await amity.telegram.person("Nobody")
    await stranger.write("where is the swimming pool")
    await stranger.wait_for(bool)
    await finished(amity)
    async with amity.database.read() as tx:
        assert await people.find_by_telegram_id(tx, stranger.id) is None
        kept = await asked.list_open(tx, since=NOON.replace(year=2020), limit=99)
    assert [one.text for one in kept] == ["an organiser tries this out"]


async def test_forged_and_stale_buttons_change_nothing_and_lead_on(amity: Amity) -> None:
    await know(amity, "office", OFFICE, ASKED)
    boss, ming = await boss_of(amity), await agreed(amity.telegram, "Ming")
    for operation in (
        "olearn:x", "olearngroup:9", "olearnto:9:1", "olearnto:9:999", "olearnnot:-1", "olearnaway:1:1",
        "olearnfind:9", "olearnnew:9", "olearnkeep:9", "olearnpick:9", "olearnundo:9", "olearnlog:-5",
        "olearnbook:99", "olearnentry:99", "olearnsee:q99", "olearnways:1:xx:0", "olearnways:1:en:99",
        "olearnless:99", "olearndel:1", "olearngone:1", "olearnsay:99:en", "olearnadd:1:xx",
    ):  # fmt: skip
        await forged(amity, boss, f"v1:{operation}")
        assert "went wrong" not in text_of(await boss.last()), operation
        await forged(amity, ming, f"v1:{operation}")
    async with amity.database.read() as tx:
        assert await content.find_revision(tx) == 1
