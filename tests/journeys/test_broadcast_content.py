"""Organisers compose broadcasts of every kind, with buttons, and see them as their readers will."""

from typing import Any

import pytest
from sqlalchemy import select

from bot.language import LOCALES, language
from playground.polls import poll_of
from storage.tables import broadcast_variants, broadcasts, rsvps
from tests.conftest import NOON, Amity
from tests.journeys.test_broadcast import (
    PICTURE,
    boss_of,
    compose,
    draft,
    finished,
    go,
    is_broadcast,
    plain,
    received,
    send,
)
from tests.journeys.test_questions import ASKED, OFFICE, know
from tests.making import agreed, published_event
from tests.phone import Message, Phone, buttons, text_of


async def send_album(phone: Phone, count: int, caption: str = "", kind: str = "photo") -> None:
    """Choose several files at once, as Telegram sends them: one after the other."""
    for number in range(count):
        await phone.send_file(kind, PICTURE, f"{number}.png", caption if number == 0 else "", album="a1")


def is_card(message: Message) -> bool:
    return "v1:broadcastconfirm" in str(message)


async def variant_of(amity: Amity) -> Any:
    async with amity.database.read() as tx:
        return await tx.row(select(broadcast_variants))


async def press_label(phone: Phone, label: str) -> None:
    """Press a button when it has come."""
    await phone.wait_for(lambda message: label in buttons(message))
    await phone.press(label)


@pytest.mark.parametrize("locale", LOCALES)
async def test_an_album_arrives_whole_with_its_buttons_below(amity: Amity, locale: str) -> None:
    words = language(locale)
    boss = await boss_of(amity, locale=locale)
    await compose(boss)
    await send_album(boss, 3, caption="Our summer")
    await press_label(boss, words.gettext("✅ That is all"))
    card = await boss.wait_for(is_card)
    assert words.ngettext("an album of {n} file", "an album of {n} files", 3) in text_of(card)
    await boss.press("v1:broadcasttest")
    below = await boss.wait_for(is_broadcast)
    album = [one for one in await boss.messages() if one.get("media_group_id") and one["from"]["is_bot"]]
    assert [one.get("caption", "") for one in album] == ["Our summer", "", ""]
    assert words.gettext("🔕 Don't send me news") in buttons(below)
    assert not await amity.telegram.violations()


async def test_only_the_first_of_an_album_is_answered(amity: Amity) -> None:
    boss = await boss_of(amity)
    await compose(boss)
    before = len(await boss.messages())
    await send_album(boss, 6)
    await boss.settled(0.5)
    assert len(await boss.messages()) == before + 6 + 1


async def test_a_text_after_an_album_stands_with_it(amity: Amity) -> None:
    boss = await boss_of(amity)
    await compose(boss)
    await send_album(boss, 2)
    await boss.write("Our summer")
    await boss.wait_for(plain(language("en"), "This text stands with the files."))
    await press_label(boss, "✅ That is all")
    await boss.wait_for(is_card)
    kept = await variant_of(amity)
    assert (kept.text, len(kept.media)) == ("Our summer", 2)


async def test_an_album_has_ten_files_and_mixes_no_others(amity: Amity) -> None:
    boss = await boss_of(amity)
    await compose(boss)
    await send_album(boss, 1)
    await send_album(boss, 1, kind="document")
    await boss.wait_for("files and sounds only with their like")
    await send_album(boss, 10)
    await boss.wait_for("ten files at most")
    await press_label(boss, "✅ That is all")
    await boss.wait_for(is_card)
    assert [one["type"] for one in (await variant_of(amity)).media] == ["photo"] * 10


async def test_a_file_goes_out_with_its_caption(amity: Amity) -> None:
    boss = await boss_of(amity)
    await compose(boss)
    await boss.send_document(b"%PDF-1.4", "programme.pdf", "The programme")
    await boss.wait_for(is_card)
    await boss.press("v1:broadcastpreview")
    shown = await boss.wait_for(lambda one: is_broadcast(one) and "document" in one)
    assert shown["caption"] == "The programme"
    assert await boss.download(shown) == b"%PDF-1.4"


QUESTION, PARK, SEA = "Where shall we meet?", "In the park", "By the sea"


async def poll_in(phone: Phone) -> Message:
    return await phone.wait_for(lambda one: "poll" in one)


async def test_everyone_votes_in_the_poll_that_its_author_sees(amity: Amity) -> None:
    boss = await boss_of(amity)
    await compose(boss)
    await boss.send_poll(QUESTION, PARK, SEA, several=True)
    card = await boss.wait_for(is_card)
    assert "Where shall we meet?" in text_of(card)
    theirs = await poll_in(boss)
    assert theirs["poll"]["allows_multiple_answers"]
    await boss.settled()
    await boss.press("v1:broadcasttest")
    await boss.wait_for(is_broadcast)
    (forwarded,) = await amity.telegram.calls("forwardMessage")
    assert int(forwarded["params"]["message_id"]) == theirs["message_id"]


@pytest.mark.parametrize("locale", LOCALES)
async def test_a_poll_can_be_written_step_by_step(amity: Amity, locale: str) -> None:
    words = language(locale)
    boss = await boss_of(amity, locale=locale)
    await compose(boss)
    await press_label(boss, words.gettext("📊 Write a poll"))
    await boss.wait_for(
        plain(words, "What does the poll ask? Readers choose from answers that you write next.")
    )
    await boss.write("When do we meet?")
    await boss.wait_for(plain(words, POLL_ANSWERS).split(":")[0].split("：")[0])
    await boss.write("Monday")
    await boss.write("Monday\n\n  Tuesday \nTuesday")
    await boss.write("Monday\n\n  Tuesday \nMonday or Tuesday")
    await boss.wait_for(plain(words, "May one choose several of them?"))
    await press_label(boss, words.gettext("Several"))
    await boss.wait_for(is_card)
    kept = (await variant_of(amity)).poll
    assert kept["options"] == ["Monday", "Tuesday", "Monday or Tuesday"]
    assert kept["several"] is True


POLL_ANSWERS = (
    "Which answers are there? Please send them in one message, each on a line of its own: from two to twelve."
)


async def test_a_quiz_is_refused(amity: Amity) -> None:
    boss = await boss_of(amity)
    await compose(boss)
    message = {
        "message_id": 900_000,
        "from": boss.face,
        "chat": {"id": boss.id, "type": "private", "first_name": boss.name},
        "date": int(NOON.timestamp()),
        "poll": poll_of(1, QUESTION, [PARK, SEA], kind="quiz"),
    }
    await amity.telegram.raw_update({"message": message})
    await boss.wait_for("A quiz can't be sent to many.")


async def test_a_location_can_be_named_and_is_a_place_then(amity: Amity) -> None:
    boss = await boss_of(amity)
    await compose(boss)
    await boss.send_location(22.28, 114.17)
    await boss.wait_for(
        plain(language("en"), "What is the place called? Readers see its name under the map.")
    )
    await boss.write("Sample Park")
    await boss.wait_for(is_card)
    await boss.press("v1:broadcasttest")
    shown = await boss.wait_for(lambda one: is_broadcast(one) and "venue" in one)
    assert shown["venue"]["title"] == "Sample Park"


async def test_a_location_without_a_name_is_a_bare_point(amity: Amity) -> None:
    boss = await boss_of(amity)
    await compose(boss)
    await boss.send_location(22.28, 114.17)
    await press_label(boss, "Skip")
    await boss.wait_for(is_card)
    await boss.press("v1:broadcasttest")
    shown = await boss.wait_for(is_broadcast)
    assert "location" in shown
    assert "venue" not in shown


async def add_link(boss: Phone, label: str = "Read on") -> None:
    await go(boss, "v1:broadcastbuttons", "v1:broadcastbuttonlink")
    await go(boss, "v1:broadcastbuttonlink", "v1:cancel")
    await boss.write("https://example.org/news")
    await boss.write(label)
    await boss.wait_for(lambda one: "v1:broadcastbutton:1:" in str(one))


async def test_a_reader_signs_up_from_the_message_which_stays(amity: Amity) -> None:
    boss, ming = await boss_of(amity), await agreed(amity.telegram, "Ming", locale="zh_Hant_HK")
    event = await published_event(amity.database, now=NOON)
    await draft(boss, "Come along!")
    await go(boss, "v1:broadcastbuttons", "v1:broadcastbuttonevents:1:join")
    await go(boss, "v1:broadcastbuttonevents:1:join", f"v1:broadcastbuttonevent:1:join:{event.id}")
    for _ in range(2):
        await boss.forge(f"v1:broadcastbuttonevent:1:join:{event.id}", (await boss.last())["message_id"])
    await boss.wait_for(lambda one: "v1:broadcastbutton:1:" in str(one))
    await go(boss, "v1:broadcast:1", "v1:broadcastconfirm")
    await send(boss)
    await ming.wait_for("Come along!")
    await finished(amity)
    message = (await received(ming))[0]
    assert language("zh_Hant_HK").gettext("🙋 Sign up") in buttons(message)
    for _ in range(2):
        await ming.press("v1:newsjoin", message)
    await ming.settled()
    async with amity.database.read() as tx:
        assert [row.state for row in await tx.rows(select(rsvps))] == ["going"]
    assert (await received(ming))[0] == message


async def test_turning_news_off_leaves_the_other_buttons(amity: Amity) -> None:
    boss = await boss_of(amity)
    await draft(boss)
    await add_link(boss)
    await go(boss, "v1:broadcast:1", "v1:broadcastconfirm")
    await boss.press("v1:broadcasttest")
    message = await boss.wait_for(is_broadcast)
    await boss.press("v1:mutebroadcasts", message)
    muted = await boss.wait_for(lambda one: "v1:unmutebroadcasts" in str(one))
    assert buttons(muted)[0] == "Read on"
    await boss.press("v1:unmutebroadcasts", muted)
    shown = await boss.wait_for(lambda one: "v1:mutebroadcasts" in str(one))
    assert shown["reply_markup"] == message["reply_markup"]


async def test_a_broadcast_out_of_an_album_reaches_every_reader_once(amity: Amity) -> None:
    boss, ming = await boss_of(amity), await agreed(amity.telegram, "Ming")
    await compose(boss)
    await send_album(boss, 2, caption="Our summer")
    await press_label(boss, "✅ That is all")
    await boss.wait_for(is_card)
    await send(boss)
    await ming.wait_for(is_broadcast)
    await finished(amity)
    album = [one for one in await ming.messages() if one.get("media_group_id")]
    assert [one.get("caption", "") for one in album] == ["Our summer", ""]
    assert len(await received(ming)) == 1


async def test_all_readers_of_a_poll_get_the_same(amity: Amity) -> None:
    boss, ming = await boss_of(amity), await agreed(amity.telegram, "Ming")
    await compose(boss)
    await boss.send_poll(QUESTION, PARK, SEA)
    await boss.wait_for(is_card)
    theirs = await poll_in(boss)
    await boss.settled(0.5)
    await send(boss)
    poll = await poll_in(ming)
    assert poll["poll"]["id"] == theirs["poll"]["id"]
    await ming.wait_for(is_broadcast)
    assert not await amity.telegram.violations()


async def test_a_question_is_answered_below_the_message(amity: Amity) -> None:
    await know(amity, "office", OFFICE, ASKED)
    boss = await boss_of(amity)
    await draft(boss)
    await go(boss, "v1:broadcastbuttons", "v1:broadcastbuttontopic")
    await go(boss, "v1:broadcastbuttontopic", "v1:cancel")
    await boss.write("where is your office")
    await boss.wait_for(lambda one: "v1:broadcastbuttontopicset" in str(one))
    await go(boss, "v1:broadcastbuttontopicset", "v1:broadcastbutton:1:")
    await go(boss, "v1:broadcast:1", "v1:broadcastconfirm")
    await boss.press("v1:broadcasttest")
    message = await boss.wait_for(is_broadcast)
    assert "💬 Where is the office?" in buttons(message)
    await boss.press("v1:newstopic", message)
    await boss.wait_for(OFFICE["en"])
    assert (await received(boss))[-1] == message


async def test_a_link_is_checked_and_labelled_in_each_language_it_is_written_in(amity: Amity) -> None:
    boss = await boss_of(amity)
    await draft(boss)
    await boss.press("v1:broadcasttext:1:zh_Hant_HK")
    await boss.wait_for(lambda one: "v1:cancel" in str(one))
    await boss.write("各位朋友")
    await boss.wait_for(is_card)
    await go(boss, "v1:broadcastbuttons", "v1:broadcastbuttonlink")
    await go(boss, "v1:broadcastbuttonlink", "v1:cancel")
    for wrong in ("javascript:alert(1)", "https://nowhere", "my page", "https://example.org/ and more"):
        await boss.write(wrong)
        await boss.wait_for("Please send one address that begins with https://")
    await boss.write("https://example.org/news?a=1&b=<2>")
    await boss.wait_for("English")
    await boss.write("x" * 41)
    await boss.wait_for("41 characters long")
    await boss.write("<b>Read on</b>")
    await boss.wait_for("繁體中文")
    await boss.write("繼續閱讀")
    await boss.wait_for(lambda one: "v1:broadcastbutton:1:" in str(one))
    await go(boss, "v1:broadcast:1", "v1:broadcastconfirm")
    await boss.press("v1:broadcastpreview")
    chinese = await boss.wait_for(lambda one: is_broadcast(one) and text_of(one) == "各位朋友")
    assert "繼續閱讀" in buttons(chinese)
    assert "<b>Read on</b>" in str(await received(boss))
    assert not await amity.telegram.violations()


async def test_readers_without_a_text_of_their_own_are_previewed_too_where_their_buttons_differ(
    amity: Amity,
) -> None:
    boss = await boss_of(amity)
    await draft(boss, "Hello all")
    await go(boss, "v1:broadcastbuttons", "v1:broadcastbuttonask")
    await go(boss, "v1:broadcastbuttonask", "v1:broadcastbutton:1:")
    await go(boss, "v1:broadcast:1", "v1:broadcastconfirm")
    await boss.press("v1:broadcastpreview")
    await boss.wait_for(lambda one: is_card(one) and "edit_date" not in one)
    assert [(text_of(one), buttons(one)[0]) for one in await received(boss)] == [
        ("Hello all", language(locale).gettext("💬 Ask a question")) for locale in LOCALES
    ]


async def test_a_buttons_words_can_be_changed_and_taken_away(amity: Amity) -> None:
    boss = await boss_of(amity)
    await draft(boss)
    await go(boss, "v1:broadcastbuttons", "v1:broadcastbuttonask")
    await go(boss, "v1:broadcastbuttonask", "v1:broadcastbutton:1:")
    await go(boss, "v1:broadcastbutton:1:", "v1:broadcastbuttonlabel")
    await go(boss, "v1:broadcastbuttonlabel", "v1:cancel")
    await boss.write("Any questions?")
    await boss.wait_for(lambda one: "Any questions?" in str(one.get("reply_markup")))
    await go(boss, "v1:broadcastbutton:1:", "v1:broadcastbuttonlabel")
    await go(boss, "v1:broadcastbuttonlabel", "v1:cancel")
    await press_label(boss, "Take these words away")
    await boss.wait_for(lambda one: "💬 Ask a question" in buttons(one))
    await go(boss, "v1:broadcastbutton:1:", "v1:broadcastbuttondrop")
    await go(boss, "v1:broadcastbuttondrop", "v1:broadcastbuttonask")
    async with amity.database.read() as tx:
        assert await tx.value(select(broadcasts.c.buttons)) == []


async def test_forged_and_stale_buttons_change_no_broadcast(amity: Amity) -> None:
    boss = await boss_of(amity)
    message = await draft(boss)
    for data in (
        "broadcastbuttons:99",
        "broadcastbuttons",
        "broadcastbutton:1:zz",
        "broadcastbutton:99:zz",
        "broadcastbuttonevents:1:nonsense",
        "broadcastbuttonevents:1:join:-7",
        "broadcastbuttonevents:99:join",
        "broadcastbuttonevent:1:join:77",
        "broadcastbuttonevent:1:nonsense:1",
        "broadcastbuttonfirst:1:zz",
        "broadcastbuttondrop:99:zz",
        "broadcastbuttonlabel:1:zz:en",
        "broadcastbuttonlabel:1:zz:xx",
        "broadcastbuttontopicset:1:q99",
        "broadcastbuttontopicset:1:nonsense",
        "broadcastbuttonlink:99",
        "broadcastbuttontopic:99",
        "broadcastbuttonask:99",
        "broadcasttest:99",
        "newsjoin:99",
        "newsjoin",
        "newsevent:x",
        "newstopic:x",
    ):
        assert await boss.telegram.answer(await boss.forge(f"v1:{data}", message["message_id"])), data
    await boss.settled()
    async with amity.database.read() as tx:
        assert await tx.value(select(broadcasts.c.buttons)) == []


async def test_members_cant_reach_a_drafts_buttons(amity: Amity) -> None:
    boss = await boss_of(amity)
    ming = await agreed(amity.telegram, "Ming")
    await draft(boss)
    await add_link(boss, "Not yet public")
    for data in (
        "broadcastbuttons:1",
        "broadcastbuttonask:1",
        "broadcasttest:1",
        "broadcastbuttonlink:1",
        "mutebroadcasts:1",
        "unmutebroadcasts:1",
    ):
        await ming.forge(f"v1:{data}", (await ming.last())["message_id"])
    await ming.settled(0.5)
    assert "Dear friends" not in await ming.transcript()
    assert "Not yet public" not in await ming.transcript()
    async with amity.database.read() as tx:
        assert len(await tx.value(select(broadcasts.c.buttons))) == 1
