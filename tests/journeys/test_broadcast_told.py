"""Organisers read what is true of a broadcast: its hour, its price, who corrected it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.language import LOCALES, isolate, language
from tests.conftest import NOON, Amity, amity_running
from tests.journeys.test_broadcast import PICTURE, boss_of, compose, draft, go
from tests.journeys.test_broadcast_sending import second_organiser, sent
from tests.phone import buttons, text_of


@pytest.mark.parametrize("locale", LOCALES)
async def test_the_list_names_the_hour_at_which_it_will_go_out(amity: Amity, locale: str) -> None:
    words = language(locale)
    boss = await boss_of(amity, locale=locale)
    await draft(boss)
    await go(boss, "v1:broadcastconfirm", "v1:broadcastlater")
    await go(boss, "v1:broadcastlater", "v1:cancel")
    await boss.write("2026-12-03 18:30")
    await boss.wait_for(lambda message: "v1:broadcastsend" in str(message))
    page = await go(boss, "v1:broadcastsend", "v1:broadcastunschedule")
    hour = words.moment(datetime(2026, 12, 3, 10, 30, tzinfo=UTC), now=NOON)
    assert hour in text_of(page)
    listed = await go(boss, "v1:broadcasts", "v1:newbroadcast")
    assert hour in text_of(listed)


@pytest.mark.parametrize("locale", LOCALES)
async def test_a_poll_with_an_answer_twice_is_told_which(amity: Amity, locale: str) -> None:
    words = language(locale)
    boss = await boss_of(amity, locale=locale)
    await compose(boss)
    await boss.press(words.gettext("📊 Write a poll"))
    await boss.wait_for(lambda message: ":back" in str(message))
    await boss.write("Where shall we meet?")
    await boss.wait_for(lambda message: ":back" in str(message))
    await boss.write("Park\nSea\n Park ")
    told = words.html(
        "The answer “{answer}” is there twice. Please send all of them again.", answer=isolate("Park")
    )
    await boss.wait_for(str(told.striptags()))
    await boss.send_sticker()
    await boss.wait_for(words.gettext("Please send it as text."))


async def test_each_message_of_an_album_is_paid_for(tmp_path: Path) -> None:
    async with amity_running(tmp_path, paid_broadcasts=True) as amity:
        boss = await boss_of(amity)
        await compose(boss)
        for number in range(3):
            await boss.send_file("photo", PICTURE, f"{number}.png", album="a1")
        await boss.wait_for(lambda message: "✅ That is all" in buttons(message))
        await boss.press("✅ That is all")
        await boss.wait_for(lambda message: "v1:broadcastconfirm" in str(message))
        await go(boss, "v1:broadcastconfirm", "v1:broadcastset:1:paid:yes")
        page = await go(boss, "v1:broadcastset:1:paid:yes", "v1:broadcastset:1:paid:no")
        assert "Telegram takes 0.4 Stars" in text_of(page), "three pictures and the message with the buttons"


async def test_not_stopping_what_is_paused_does_not_sound_like_going_on(amity: Amity) -> None:
    boss = await boss_of(amity)
    amity.clock.move(11 * 3600)
    await draft(boss)
    await go(boss, "v1:broadcastconfirm", "v1:broadcastsend")
    await go(boss, "v1:broadcastsend", "v1:broadcaststop")
    asked = await go(boss, "v1:broadcaststop", "v1:broadcaststopped")
    assert "No, go on" in buttons(asked)
    await boss.forge("v1:broadcastpause:1", asked["message_id"])
    await boss.wait_for(lambda message: "v1:broadcastresume" in str(message))
    asked = await go(boss, "v1:broadcaststop", "v1:broadcaststopped")
    assert buttons(asked)[-1] == "‹ Back"


async def test_taking_back_what_nobody_has_yet_counts_no_chats(amity: Amity) -> None:
    boss = await boss_of(amity)
    amity.clock.move(11 * 3600)
    await draft(boss)
    await go(boss, "v1:broadcastconfirm", "v1:broadcastsend")
    await go(boss, "v1:broadcastsend", "v1:broadcastrecall")
    asked = await go(boss, "v1:broadcastrecall", "v1:broadcastrecalled")
    assert "Nobody has it yet" in text_of(asked)


async def test_other_words_for_an_unknown_question_are_read_in_the_same_form(amity: Amity) -> None:
    boss = await boss_of(amity)
    await draft(boss)
    await go(boss, "v1:broadcastbuttons", "v1:broadcastbuttontopic")
    await go(boss, "v1:broadcastbuttontopic", "v1:cancel")
    for words in ("qwx zzkq", "vvkq plmx"):
        await boss.write(words)
        asked = await boss.wait_for("I know no answer to that.")
        assert "Which question does the button answer?" in text_of(asked)
    await boss.write("/cancel")
    await boss.wait_for(lambda message: "v1:broadcastbuttons" in str(message))


@pytest.mark.parametrize("wanted", [True, False])
async def test_a_correction_after_approval_is_told_to_the_other_organisers(
    amity: Amity, *, wanted: bool
) -> None:
    boss = await boss_of(amity)
    ann = await second_organiser(amity)
    await sent(amity, boss)
    if wanted:
        await boss.forge("v1:broadcastrule:yes", (await boss.last())["message_id"])
        await boss.settled()
    page = await boss.last()
    await boss.forge("v1:broadcastwords:1:en", page["message_id"])
    await boss.wait_for(lambda message: "v1:cancel" in str(message))
    await boss.write("We <stay> after all.")
    await boss.wait_for(lambda message: "Yes, change it everywhere" in buttons(message))
    await boss.press("Yes, change it everywhere")
    if wanted:
        told = await ann.wait_for("corrected a broadcast")
        assert "We <stay> after all." in text_of(told)
        assert "v1:broadcast:1" in str(told)
    await boss.wait_for("Corrected in 2 messages")
    for phone, times in ((ann, 1 if wanted else 0), (boss, 0)):
        await phone.settled()
        told_so = [one for one in await phone.messages() if "corrected a broadcast" in text_of(one)]
        assert len(told_so) == times
