"""Organisers say when and how a broadcast goes out, agree to each other's, and mend what was sent."""

import asyncio
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from sqlalchemy import func, select

from bot.language import LOCALES, language
from storage.tables import broadcasts, people
from tests.conftest import NOON, OWNER, Amity, amity_running
from tests.making import agreed, known_person
from tests.phone import Message, Phone, buttons, text_of


async def boss_of(amity: Amity, **details: Any) -> Phone:
    return await agreed(amity.telegram, "Boss", id=OWNER, **details)


async def second_organiser(amity: Amity, name: str = "Ann", **details: Any) -> Phone:
    phone = await agreed(amity.telegram, name, **details)
    async with amity.database.write() as tx:
        await tx.run(people.update().where(people.c.telegram_id == phone.id).values(role="organiser"))
    return phone


async def go(phone: Phone, data: str, until: str) -> Message:
    """Press a button and wait for the screen that offers another."""
    await phone.press(data)
    return await phone.wait_for(lambda message: until in str(message))


async def draft(boss: Phone, text: str = "Dear friends, we move.") -> Message:
    """A draft for everyone; gives its last look before sending."""
    await boss.write("/organise")
    await boss.wait_for(lambda message: "v1:broadcasts" in str(message))
    await go(boss, "v1:broadcasts", "v1:newbroadcast")
    await go(boss, "v1:newbroadcast", "v1:cancel")
    await boss.write(text)
    await boss.wait_for(lambda message: "v1:broadcastconfirm" in str(message))
    return await go(boss, "v1:broadcastconfirm", "v1:broadcastsend")


async def state_of(amity: Amity) -> str:
    async with amity.database.read() as tx:
        return str(await tx.value(select(broadcasts.c.state).order_by(broadcasts.c.id.desc()).limit(1)))


async def wait_for_state(amity: Amity, *states: str) -> None:
    for _ in range(400):
        if await state_of(amity) in states:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"still {await state_of(amity)}")


async def sent(amity: Amity, boss: Phone, text: str = "Dear friends, we move.") -> Message:
    """Send a broadcast and wait for its report; gives the page of what can be done about it."""
    await draft(boss, text)
    await boss.press("v1:broadcastsend")
    await wait_for_state(amity, "done")
    report = await boss.wait_for(lambda message: "v1:broadcastfile" in str(message))
    await boss.forge("v1:broadcast:1", report["message_id"])
    return await boss.wait_for(lambda message: "v1:broadcastrecall" in str(message))


def edited(message: Message) -> bool:
    return "edit_date" in message


@pytest.mark.parametrize("locale", LOCALES)
async def test_it_goes_out_at_the_hour_that_was_written(amity: Amity, locale: str) -> None:
    words = language(locale)
    boss = await boss_of(amity, locale=locale)
    ming = await agreed(amity.telegram, "Ming")
    await draft(boss)
    await go(boss, "v1:broadcastlater", "v1:cancel")
    await boss.write("whenever")
    await boss.wait_for(
        words.gettext(
            "I don't understand that as a day and a time. Please write it like"
            " “3 December 18:30”, “3/12 6:30pm” or “next Friday 3pm”."
        )
    )
    await boss.write("tomorrow 10:00")
    page = await boss.wait_for(
        lambda message: "v1:broadcastsend" in str(message) and "10:00" in text_of(message)
    )
    assert words.ngettext("🕘 Schedule for {n} person", "🕘 Schedule for {n} people", 2) in buttons(page)
    await go(boss, "v1:broadcastsend", "v1:broadcastunschedule")
    assert await state_of(amity) == "scheduled"
    amity.clock.move(24 * 3600)
    await ming.wait_for("Dear friends, we move.")


async def test_a_past_hour_or_nonsense_is_asked_again(amity: Amity) -> None:
    boss = await boss_of(amity)
    await draft(boss)
    await go(boss, "v1:broadcastlater", "v1:cancel")
    await boss.write("1 November 2020 10:00")
    await boss.wait_for("still to come")
    await boss.write("tomorrow")
    await boss.wait_for("At what time?")
    await boss.send_sticker()
    await boss.settled()
    await boss.write("/cancel")
    await boss.wait_for(lambda message: "v1:broadcastconfirm" in str(message))
    assert await state_of(amity) == "draft"


async def test_what_was_scheduled_can_be_changed_after_all(amity: Amity) -> None:
    boss = await boss_of(amity)
    await draft(boss)
    await go(boss, "v1:broadcastlater", "v1:cancel")
    await boss.write("in 2 hours")
    await boss.wait_for(lambda message: "v1:broadcastsend" in str(message))
    await go(boss, "v1:broadcastsend", "v1:broadcastunschedule")
    await go(boss, "v1:broadcastunschedule", "v1:broadcastsend")
    assert await state_of(amity) == "draft"


async def test_sound_and_night_are_set_by_buttons(amity: Amity) -> None:
    boss = await boss_of(amity)
    await draft(boss)
    await go(boss, "v1:broadcastset:1:silent:yes", "v1:broadcastset:1:silent:no")
    await go(boss, "v1:broadcastnight", "v1:broadcastset:1:night:silent")
    page = await go(boss, "v1:broadcastset:1:night:silent", "v1:broadcastsend")
    assert "Where it is night, it arrives without a sound." in text_of(page)
    async with amity.database.read() as tx:
        row = await tx.row(select(broadcasts.c.silent, broadcasts.c.night))
    assert row
    assert tuple(row) == (True, "silent")


async def test_paying_is_offered_only_where_the_operator_allows_it(amity: Amity) -> None:
    boss = await boss_of(amity)
    page = await draft(boss)
    assert "v1:broadcastset:1:paid" not in str(page)
    await boss.forge("v1:broadcastset:1:paid:yes", page["message_id"])
    await boss.settled()
    async with amity.database.read() as tx:
        assert not await tx.value(select(broadcasts.c.paid))


async def test_the_price_is_shown_before_it_is_paid(tmp_path: Path) -> None:
    async with amity_running(tmp_path, paid_broadcasts=True) as amity:
        boss = await boss_of(amity)
        ming = await agreed(amity.telegram, "Ming")
        await draft(boss)
        page = await go(boss, "v1:broadcastset:1:paid:yes", "v1:broadcastset:1:paid:no")
        assert "Telegram takes 0.2 Stars" in text_of(page)
        await boss.press("v1:broadcastsend")
        await ming.wait_for("Dear friends, we move.")
        await wait_for_state(amity, "done")
        bought = [
            call
            for call in await amity.telegram.calls("sendMessage")
            if call["params"].get("allow_paid_broadcast")
        ]
        assert len(bought) == 2


async def test_what_may_have_arrived_is_sent_again_when_the_organiser_says_so(amity: Amity) -> None:
    boss = await boss_of(amity)
    await draft(boss)
    await amity.telegram.fault("sendMessage", "reset_after", times=1)
    await boss.press("v1:broadcastsend")
    await wait_for_state(amity, "done")
    report = await boss.wait_for(lambda message: "v1:broadcastfile" in str(message))
    assert "1 message may have arrived" in text_of(report)
    await boss.forge("v1:broadcast:1", report["message_id"])
    await boss.wait_for(lambda message: "v1:broadcastunknown" in str(message))
    await go(boss, "v1:broadcastunknown", "v1:broadcastunknownsend")
    for _ in range(2):
        await boss.forge("v1:broadcastunknownsend:1", (await boss.last())["message_id"])
    await boss.wait_for("Sent to 1 person")
    theirs = [one for one in await boss.messages() if one["from"]["is_bot"]]
    assert [text_of(one) for one in theirs].count("Dear friends, we move.") == 2


@pytest.mark.parametrize("locale", LOCALES)
async def test_a_second_organiser_sees_the_whole_and_agrees(amity: Amity, locale: str) -> None:
    words = language(locale)
    boss = await boss_of(amity)
    ann = await second_organiser(amity, locale=locale)
    ming = await agreed(amity.telegram, "Ming")
    await boss.write("/organise")
    await boss.wait_for(lambda message: "v1:broadcasts" in str(message))
    await go(boss, "v1:broadcastrules", "v1:broadcastrule:yes")
    await go(boss, "v1:broadcastrule:yes", "v1:broadcastrule:no")
    await draft(boss)
    await boss.press("v1:broadcastsend")
    await boss.wait_for(lambda message: "v1:broadcastback" in str(message))
    asked = await ann.wait_for(lambda message: "v1:broadcastreview" in str(message))
    assert words.gettext("👁 Look at it and decide") in buttons(asked)
    await ann.press("v1:broadcastreview")
    decide = await ann.wait_for(lambda message: "v1:broadcastapprove" in str(message))
    assert any("mutebroadcasts" in str(one) for one in await ann.messages()), "she sees what readers will see"
    data = next(
        one["callback_data"]
        for row in decide["reply_markup"]["inline_keyboard"]
        for one in row
        if "broadcastapprove" in one["callback_data"]
    )
    await boss.forge(data, (await boss.last())["message_id"])
    await boss.settled()
    assert await state_of(amity) == "review", "nobody approves their own"
    for _ in range(2):
        await ann.forge(data, decide["message_id"])
    await ming.wait_for("Dear friends, we move.")
    await boss.wait_for(
        language("en").html("✅ Your broadcast was approved: {words}", words="").striptags()[:20]
    )
    assert len([one for one in await ming.messages() if "Dear friends" in text_of(one)]) == 1


async def test_what_is_handed_back_comes_with_a_reason(amity: Amity) -> None:
    boss = await boss_of(amity)
    ann = await second_organiser(amity)
    menu = await boss.last()
    await boss.forge("v1:broadcastrule:yes", menu["message_id"])
    await draft(boss)
    await boss.press("v1:broadcastsend")
    await ann.wait_for(lambda message: "v1:broadcastreview" in str(message))
    await go(ann, "v1:broadcastreview", "v1:broadcastreturn")
    await go(ann, "v1:broadcastreturn", "v1:cancel")
    await ann.write("<b>Wrong</b> day \N{RIGHT-TO-LEFT OVERRIDE}")
    told = await boss.wait_for("handed back")
    assert "<b>Wrong</b> day" in text_of(told)
    assert await state_of(amity) == "draft"


async def test_only_owners_set_the_rule(amity: Amity) -> None:
    await boss_of(amity)
    ann = await second_organiser(amity)
    await ann.write("/organise")
    menu = await ann.wait_for(lambda message: "v1:broadcasts" in str(message))
    await ann.forge("v1:broadcastrule:no", menu["message_id"])
    await ann.forge("v1:broadcastrules", menu["message_id"])
    await ann.settled()
    assert "v1:broadcastrule:" not in str(await ann.messages())


@pytest.mark.parametrize("locale", LOCALES)
async def test_what_arrived_is_corrected_in_place(amity: Amity, locale: str) -> None:
    words = language(locale)
    boss = await boss_of(amity, locale=locale)
    ming = await agreed(amity.telegram, "Ming", locale=locale)
    await sent(amity, boss)
    await go(boss, "v1:broadcastcorrect", f"v1:broadcastwords:1:{locale}")
    await go(boss, "v1:broadcastwords", "v1:cancel")
    await boss.send_sticker()
    await boss.wait_for(words.gettext("Please send the corrected words as a text."))
    await boss.write("We <move> tomorrow", entities=[{"type": "bold", "offset": 0, "length": 2}])
    yes = words.gettext("Yes, change it everywhere")
    await boss.wait_for(lambda message: yes in buttons(message))
    await boss.press(yes)
    changed = await ming.wait_for(lambda message: text_of(message) == "We <move> tomorrow")
    assert edited(changed)
    assert changed["entities"] == [{"type": "bold", "offset": 0, "length": 2}]
    assert "mutebroadcasts" in str(changed["reply_markup"]), "the buttons stay"
    assert "Dear friends" not in await ming.transcript()


async def test_what_was_sent_can_be_taken_back(amity: Amity) -> None:
    boss = await boss_of(amity)
    ming = await agreed(amity.telegram, "Ming")
    page = await sent(amity, boss)
    await ming.wait_for("Dear friends")
    await go(boss, "v1:broadcastrecall", "v1:broadcastrecalled")
    for _ in range(2):
        await boss.forge("v1:broadcastrecalled:1", page["message_id"])
    await boss.wait_for("Taken back: 2 messages")
    assert "Dear friends" not in str([text_of(one) for one in await ming.messages()])


async def test_new_members_can_be_sent_it_too(amity: Amity) -> None:
    boss = await boss_of(amity)
    ming = await agreed(amity.telegram, "Ming")
    await sent(amity, boss)
    answer = await boss.press("v1:broadcastfurther")
    assert answer is not None
    assert "Nobody new" in answer["text"]
    amity.clock.move(60)
    wai = await agreed(amity.telegram, "Wai")
    await go(boss, "v1:broadcastfurther", "v1:broadcastfurthersend")
    await boss.press("v1:broadcastfurthersend")
    await wai.wait_for("Dear friends, we move.")
    await wait_for_state(amity, "done")
    assert len([one for one in await ming.messages() if "Dear friends" in text_of(one)]) == 1


@pytest.mark.parametrize("locale", LOCALES)
async def test_the_report_is_a_picture_and_a_file_without_names(amity: Amity, locale: str) -> None:
    words = language(locale)
    boss = await boss_of(amity, locale=locale)
    await agreed(amity.telegram, "Ming", username="ming_secret")
    await sent(amity, boss)
    report = next(one for one in await boss.messages() if "photo" in one and "broadcastfile" in str(one))
    assert words.ngettext("✅ Sent to {n} person", "✅ Sent to {n} people", 2) in text_of(report)
    assert (await boss.download(report)).startswith(b"\x89PNG")
    await boss.press("v1:broadcastfile")
    sheet = await boss.wait_for(lambda message: "document" in message)
    with ZipFile(BytesIO(await boss.download(sheet))) as book:
        content = b"".join(book.read(name) for name in book.namelist()).decode("utf-8", "replace")
    assert words.gettext("Too late") in content
    assert "ming_secret" not in content
    assert "Ming" not in content


async def test_many_failures_pause_it_and_the_author_is_alerted(amity: Amity) -> None:
    boss = await boss_of(amity)
    for number in range(45):
        phone = await amity.telegram.person("Member", id=10_000 + number)
        await known_person(amity.database, phone.id, now=NOON)
        await phone.write("/menu")
    await amity.telegram.settled()
    await draft(boss)
    await amity.telegram.fault("sendMessage", "reset_after", times=60)
    await boss.press("v1:broadcastsend")
    await boss.wait_for(lambda message: "suddenly many messages failed" in text_of(message))
    assert await state_of(amity) == "paused"


async def test_forged_and_stale_buttons_do_no_harm(amity: Amity) -> None:
    boss = await boss_of(amity)
    ming = await agreed(amity.telegram, "Ming")
    page = await draft(boss)
    presses = [
        f"v1:{name}:{args}"
        for name in (
            "broadcastset",
            "broadcastnight",
            "broadcastlater",
            "broadcastunschedule",
            "broadcastreview",
            "broadcastapprove",
            "broadcastreturn",
            "broadcastback",
            "broadcastcorrect",
            "broadcastwords",
            "broadcastrecall",
            "broadcastrecalled",
            "broadcastfurther",
            "broadcastfurthersend",
            "broadcastunknown",
            "broadcastunknownsend",
            "broadcastreport",
            "broadcastfile",
        )
        for args in ("1", "1:x:y", "99", "x", "-1:::")
    ]
    theirs = await ming.last()
    for data in presses:
        assert await boss.telegram.answer(await boss.forge(data, page["message_id"])), data
        await ming.forge(data, theirs["message_id"])
    await boss.settled()
    await ming.settled()
    assert "Dear friends" not in await ming.transcript()
    async with amity.database.read() as tx:
        states = await tx.rows(select(broadcasts.c.state, func.count()).group_by(broadcasts.c.state))
    assert [tuple(row) for row in states] == [("draft", 1)]
