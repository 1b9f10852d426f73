"""Newsletters: an organiser makes one, members ask for it, and each reads in their language what comes."""

import asyncio
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot import attendance, newsletters
from bot.language import LOCALES, language
from storage import events, people
from storage import newsletters as kept
from storage.events import EventText
from storage.newsletters import Newsletter, Rule
from tests.conftest import NOON, OWNER, Amity
from tests.making import agreed, known_person, published_event
from tests.messages import buttons, text_of
from tests.moves import forged, pressed
from tests.phone import Phone

HOME = ZoneInfo("Asia/Hong_Kong")
# Sundays at half past twelve: half an hour after NOON.
SOON = Rule(every="week", day=6, minute=12 * 60 + 30)
HOSTILE = "<b>Lì</b> & \u202eco"


async def newsletter(amity: Amity, **values: Any) -> Newsletter:
    maker = await known_person(amity.database, 77, now=NOON)
    async with amity.database.write() as tx:
        return await newsletters.create(
            tx,
            values.get("rule", SOON),
            names=values.get("names", {"en": "Forum News"}),
            kinds=values.get("kinds", ["forum"]),
            actor_id=maker.id,
            home=HOME,
            now=NOON,
        )


async def only_one(amity: Amity) -> Newsletter:
    async with amity.database.read() as tx:
        found = await kept.list_all(tx)
    assert len(found) == 1
    return found[0]


async def state_of(amity: Amity, phone: Phone, newsletter_id: int) -> str | None:
    async with amity.database.read() as tx:
        person = await people.find_by_telegram_id(tx, phone.id)
        assert person is not None
        return await kept.find_state(tx, newsletter_id, person.id)


async def letters_of(phone: Phone, locale: str = "en") -> list[str]:
    ahead = language(locale).html("<b>What lies ahead</b>").striptags()
    return [text_of(one) for one in await phone.messages() if ahead in text_of(one)]


async def boss(amity: Amity) -> Phone:
    return await agreed(amity.telegram, "Boss", id=OWNER)


@pytest.mark.parametrize("locale", LOCALES)
async def test_a_member_asks_for_it_in_settings_and_reads_it_in_their_language(
    amity: Amity, locale: str
) -> None:
    words = language(locale)
    one = await newsletter(
        amity, names={"en": "Forum News", "zh_Hant_HK": "論壇通訊", "zh_Hans_CN": "论坛通讯"}
    )
    event = await published_event(amity.database, now=NOON)
    ming = await agreed(amity.telegram, "Ming", locale=locale)
    await ming.write("/settings")
    await ming.wait_for(lambda message: words.gettext("📰 Newsletters") in buttons(message))
    await pressed(amity, ming, "v1:newsletters")
    await pressed(amity, ming, f"v1:letters:{one.id}:on")
    assert await state_of(amity, ming, one.id) == "on"
    amity.clock.move(1801)
    letter = await ming.wait_for(words.html("<b>What lies ahead</b>").striptags())
    text = text_of(letter)
    assert newsletters.name_of(one, locale) in text
    assert "Harbour Forum" in text
    assert words.moment(event.starts_at, now=NOON) in text
    assert words.gettext("🔕 Don't send me this newsletter") in buttons(letter)
    await asyncio.sleep(2.2)
    assert len(await letters_of(ming, locale)) == 1


async def test_the_letter_stays_when_an_event_is_opened_from_it(amity: Amity) -> None:
    one = await newsletter(amity)
    event = await published_event(amity.database, now=NOON)
    ming = await agreed(amity.telegram, "Ming")
    await forged(amity, ming, f"v1:letters:{one.id}:on")
    amity.clock.move(1801)
    await ming.wait_for("What lies ahead")
    await pressed(amity, ming, f"v1:letterevent:{event.id}")
    assert "I will come" in buttons(await ming.last())
    await pressed(amity, ming, "v1:letterevents")
    assert len([one for one in await ming.messages() if "What lies ahead" in text_of(one)]) == 1


async def test_it_is_given_up_under_the_letter_and_taken_back(amity: Amity) -> None:
    one = await newsletter(amity)
    await published_event(amity.database, now=NOON, starts_at=NOON + timedelta(days=20))
    ming = await agreed(amity.telegram, "Ming")
    await forged(amity, ming, f"v1:letters:{one.id}:on")
    amity.clock.move(1801)
    letter = await ming.wait_for("What lies ahead")
    for query in await amity.telegram.press_many([(ming, letter, f"v1:letteroff:{one.id}")] * 2):
        assert await amity.telegram.answer(query) is not None
    await ming.settled()
    assert await state_of(amity, ming, one.id) == "off"
    shown = await ming.last()
    assert "Undo: send it to me" in buttons(shown)
    said = [text_of(one) for one in await ming.messages() if "You won't get" in text_of(one)]
    assert len(said) == 1
    assert len(await letters_of(ming)) == 1
    amity.clock.move(7 * 24 * 3600)
    await asyncio.sleep(2.2)
    assert len(await letters_of(ming)) == 1
    await pressed(amity, ming, f"v1:letteron:{one.id}")
    assert await state_of(amity, ming, one.id) == "on"


async def test_an_event_that_is_not_for_the_reader_is_not_told(amity: Amity) -> None:
    one = await newsletter(amity)
    await published_event(amity.database, now=NOON, title="Open Forum")
    hidden = await published_event(amity.database, now=NOON, title="Hidden Forum")
    cancelled = await published_event(amity.database, now=NOON, title="Cancelled Forum")
    await published_event(amity.database, now=NOON, title="Camp by the Sea", kind="camp")
    async with amity.database.write() as tx:
        await events.change(tx, hidden.id, now=NOON, audience="invited")
        await events.change(tx, cancelled.id, now=NOON, state="cancelled")
    ming = await agreed(amity.telegram, "Ming")
    await forged(amity, ming, f"v1:letters:{one.id}:on")
    amity.clock.move(1801)
    text = text_of(await ming.wait_for("What lies ahead"))
    assert "Open Forum" in text
    assert not [title for title in ("Hidden", "Cancelled", "Camp") if title in text]


async def test_many_events_fit_a_letter_with_a_word_about_the_others(amity: Amity) -> None:
    one = await newsletter(amity)
    title = "A" * 119
    for _ in range(10):
        texts = {"en": EventText(title, place="B" * 300)}
        await published_event(amity.database, now=NOON, texts=texts)
    async with amity.database.write() as tx:
        await newsletters.write_foreword(tx, one.id, "en", "&" * 1500, actor_id=1, now=NOON)
    ming = await agreed(amity.telegram, "Ming")
    await forged(amity, ming, f"v1:letters:{one.id}:on")
    amity.clock.move(1801)
    last = await ming.wait_for(lambda message: "📅 All events" in buttons(message))
    assert "and more" in text_of(last)


async def make(amity: Amity, organiser: Phone, *, name: str = "Forum News") -> None:
    await organiser.write("/organise")
    await organiser.wait_for("organise")
    await pressed(amity, organiser, "v1:onews")
    await pressed(amity, organiser, "v1:onewsnew")
    await organiser.write(name)
    await organiser.wait_for("Which events")
    await pressed(amity, organiser, "Forum")
    await pressed(amity, organiser, "Done")


async def test_an_organiser_makes_a_monthly_one_step_by_step(amity: Amity) -> None:
    organiser = await boss(amity)
    await make(amity, organiser, name=HOSTILE)
    await pressed(amity, organiser, "Every month")
    for nonsense in ("hello", "0", "32", "9" * 4000, "0031000"):
        await organiser.write(nonsense)
        await organiser.wait_for("Please send a number from 1 to 31.")
    await organiser.send_sticker()
    await organiser.wait_for("Please send a number from 1 to 31.")
    await organiser.write("31")
    await organiser.wait_for("At what time")
    await organiser.write("sometimes")
    await organiser.wait_for("I could not read a time")
    await organiser.write("6:30 pm")
    shown = await organiser.wait_for("The newsletter is there")
    assert "<b>Lì</b>" in text_of(shown)
    assert "Every month on day 31 or the month's last one, at 18:30" in text_of(shown)
    made = await only_one(amity)
    assert (made.every, made.day, made.minute, made.kinds) == ("month", 31, 1110, ("forum",))


async def test_an_organiser_makes_a_weekly_one_and_changes_its_days_and_topics(amity: Amity) -> None:
    organiser = await boss(amity)
    await make(amity, organiser)
    await pressed(amity, organiser, "Every week")
    await pressed(amity, organiser, "Monday")
    await organiser.write("18:00")
    await organiser.wait_for("Every week on Monday at 18:00")
    made = await only_one(amity)
    await pressed(amity, organiser, f"v1:onewstopics:{made.id}")
    await pressed(amity, organiser, "✓ Forum")
    await pressed(amity, organiser, "Done")
    assert "On all kinds of events" in text_of(await organiser.last())
    await pressed(amity, organiser, f"v1:onewswhen:{made.id}")
    await pressed(amity, organiser, "Every month")
    await organiser.write("1")
    await organiser.wait_for("At what time")
    await organiser.write("9:00")
    await organiser.wait_for("Every month on day 1 at 09:00")
    assert (await only_one(amity)).kinds == ()


async def test_stopping_a_form_leaves_the_newsletter_as_it_was(amity: Amity) -> None:
    one, organiser = await newsletter(amity), await boss(amity)
    await forged(amity, organiser, f"v1:onewswrite:{one.id}:name:en")
    await organiser.write("/cancel")
    said = await organiser.wait_for("Nothing was saved.")
    assert buttons(said) == ["‹ Back to the newsletter"]
    assert (await only_one(amity)).texts == one.texts


async def test_a_foreword_in_one_language_is_marked_for_readers_of_another(amity: Amity) -> None:
    one, organiser = await newsletter(amity), await boss(amity)
    ming, wai = await agreed(amity.telegram, "Ming"), await agreed(amity.telegram, "Wai", locale="zh_Hant_HK")
    for phone in (ming, wai):
        await forged(amity, phone, f"v1:letters:{one.id}:on")
    await forged(amity, organiser, f"v1:onewsone:{one.id}")
    await pressed(amity, organiser, f"v1:onewslang:{one.id}:fore")
    await pressed(amity, organiser, f"v1:onewswrite:{one.id}:fore:en")
    await organiser.write("x" * 1501)
    await organiser.wait_for("1,501")
    await organiser.write(f"We move. {HOSTILE}")
    shown = await organiser.wait_for("has a foreword in: English")
    assert text_of(shown)
    amity.clock.move(1801)
    first = text_of(await ming.wait_for("We move."))
    assert "Shown in" not in first
    second = text_of(await wai.wait_for("We move."))
    assert language("zh_Hant_HK").gettext("<i>Shown in {language}.</i>", language="English")[3:-4] in second


async def test_the_preview_is_what_each_reader_will_see(amity: Amity) -> None:
    one = await newsletter(amity, names={"en": "Forum News", "zh_Hant_HK": "論壇通訊"})
    organiser = await boss(amity)
    await forged(amity, organiser, f"v1:onewsview:{one.id}")
    assert "no letter would be sent" in text_of(await organiser.last())
    await published_event(amity.database, now=NOON)
    await forged(amity, organiser, f"v1:onewsview:{one.id}")
    shown = [text_of(message) for message in await organiser.messages()]
    for locale in LOCALES:
        words = language(locale)
        heading = f"📰 {newsletters.name_of(one, locale)}"
        assert any(
            text.startswith(heading) and words.html("<b>What lies ahead</b>").striptags() in text
            for text in shown
        )
    assert "📤 Next letter" in shown[-1]


async def test_pausing_and_deleting_are_one_press_and_a_question(amity: Amity) -> None:
    one, organiser = await newsletter(amity), await boss(amity)
    await published_event(amity.database, now=NOON)
    ming = await agreed(amity.telegram, "Ming")
    await forged(amity, ming, f"v1:letters:{one.id}:on")
    await forged(amity, organiser, f"v1:onewspause:{one.id}")
    assert "Paused" in text_of(await organiser.last())
    amity.clock.move(1801)
    await asyncio.sleep(2.2)
    assert not await letters_of(ming)
    await pressed(amity, organiser, f"v1:onewsgo:{one.id}")
    assert "Next letter" in text_of(await organiser.last())
    await pressed(amity, organiser, f"v1:onewsdel:{one.id}")
    assert "1 person gets it" in text_of(await organiser.last())
    await pressed(amity, organiser, f"v1:onewsgone:{one.id}")
    await forged(amity, organiser, f"v1:onewsgone:{one.id}")
    assert "not there any more" in text_of(await organiser.last())
    answer = await forged(amity, ming, f"v1:letteroff:{one.id}")
    assert answer["text"] == "This newsletter is not sent any more."


async def test_it_is_offered_once_to_somebody_who_says_how_an_event_was(amity: Amity) -> None:
    one = await newsletter(amity)
    found = [await published_event(amity.database, now=NOON) for _ in range(2)]
    ming = await agreed(amity.telegram, "Ming")
    async with amity.database.write() as tx:
        person = await people.find_by_telegram_id(tx, ming.id)
        assert person is not None
        for event in found:
            await attendance.join(tx, event.id, person.id, now=NOON)
    amity.clock.move(8 * 24 * 3600)
    await forged(amity, ming, f"v1:rate:{found[0].id}:5")
    assert "Would you like to hear of what comes next?" in text_of(await ming.last())
    amity.clock.move(660)
    await forged(amity, ming, f"v1:rate:{found[1].id}:4")
    assert "Would you like" not in text_of(await ming.last())
    assert await state_of(amity, ming, one.id) == "offered"
    await forged(amity, ming, f"v1:letteron:{one.id}")
    assert await state_of(amity, ming, one.id) == "on"


async def test_it_is_offered_where_an_interest_is_ticked(amity: Amity) -> None:
    one, ming = await newsletter(amity), await agreed(amity.telegram, "Ming")
    await forged(amity, ming, "v1:interest:camp:on")
    assert "📰" not in text_of(await ming.last())
    for _ in ("a tap", "the same tap once more"):
        await forged(amity, ming, "v1:interest:forum:on")
    assert "📰 Yes, send it to me" in buttons(await ming.last())
    answer = await pressed(amity, ming, f"v1:letteron:{one.id}")
    assert answer["text"] == "You get the next one on Sunday, 22 November at 12:30."


@pytest.mark.parametrize(
    "data",
    [
        "v1:onews", "v1:onewsone:1", "v1:onewsnew", "v1:onewspause:1", "v1:onewsgone:1", "v1:onewsview:1",
        "v1:onewswrite:1:name:en", "v1:onewstopics:1", "v1:onewswhen:1",
    ],
)  # fmt: skip
async def test_members_make_no_newsletters(amity: Amity, data: str) -> None:
    one, ming = await newsletter(amity), await agreed(amity.telegram, "Ming")
    await forged(amity, ming, data)
    assert "Forum News" not in text_of(await ming.last())
    assert await only_one(amity) == one


@pytest.mark.parametrize(
    "data",
    [
        "v1:onewsone", "v1:onewsone:99", "v1:onewspause:99", "v1:onewsgo:x", "v1:onewsdel:99",
        "v1:onewslang:1",
        "v1:onewslang:1:secrets", "v1:onewswrite:1:name:xx", "v1:onewswrite:99:fore:en", "v1:onewsview:99",
        "v1:onewstopics:99", "v1:onewswhen:99", "v1:letters:99:on", "v1:letters:1:maybe", "v1:letters",
        "v1:letterevent:99",
    ],
)  # fmt: skip
async def test_forged_buttons_change_nothing_and_lead_on(amity: Amity, data: str) -> None:
    one, organiser = await newsletter(amity), await boss(amity)
    await forged(amity, organiser, data)
    assert buttons(await organiser.last())
    assert await only_one(amity) == one
    assert await state_of(amity, organiser, one.id) is None


async def test_however_many_newsletters_there_are_one_message_offers_them(amity: Amity) -> None:
    for number in range(newsletters.MOST):
        name = f"{number:02d} " + "x" * (newsletters.NAME_LIMIT - 3)
        await newsletter(amity, names={"en": name}, kinds=["forum", "seminar", "visit", "delegation", "camp"])
    ming = await agreed(amity.telegram, "Ming")
    before = len(await ming.messages())
    await forged(amity, ming, "v1:newsletters")
    assert len(await ming.messages()) == before
    shown = await ming.last()
    assert text_of(shown).count("Every week on") == newsletters.MOST
    assert len(buttons(shown)) == newsletters.MOST + 1
