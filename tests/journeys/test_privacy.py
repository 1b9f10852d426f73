"""Seeing what is kept, taking it away, and having it deleted."""

import json
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.language import LOCALES, language
from storage import people, rsvps
from storage.tables import inbox, replies
from storage.tables import people as people_rows
from tests.conftest import NOON, OWNER, Amity
from tests.making import agreed, published_event
from tests.messages import buttons, text_of
from tests.moves import card, finished, forged, pressed
from tests.phone import Phone


@pytest.mark.parametrize("locale", LOCALES)
async def test_what_is_kept_is_said_in_words_and_numbers(amity: Amity, locale: str) -> None:
    words = language(locale)
    event = await published_event(amity.database, now=NOON)
    ming = await agreed(amity.telegram, "Ming", locale=locale)
    await card(ming, event.id)
    await pressed(amity, ming, "v1:join")
    await ming.write("/privacy")
    shown = await ming.wait_for(lambda message: words.gettext("🗑 Delete everything") in buttons(message))
    assert words.ngettext(
        "• {n} event you signed up for, left or waited at",
        "• {n} events you signed up for, left or waited at",
        1,
    ) in text_of(shown)
    assert str(ming.id) in text_of(shown)


async def exported(phone: Phone) -> tuple[str, Any]:
    await phone.write("/privacy")
    await phone.wait_for(lambda message: "v1:export" in str(message))
    await phone.press("v1:export")
    message = await phone.wait_for(lambda message: "document" in message)
    written = (await phone.download(message)).decode()
    return written, json.loads(written)


@pytest.mark.parametrize("locale", LOCALES)
async def test_ones_data_is_taken_away_under_names_one_understands(amity: Amity, locale: str) -> None:
    words = language(locale)
    event = await published_event(amity.database, now=NOON)
    ming = await agreed(amity.telegram, "Ming <3", locale=locale)
    await card(ming, event.id)
    await pressed(amity, ming, "v1:join")
    _, values = await exported(ming)
    assert values[words.gettext("name")] == "Ming <3"
    assert values[words.gettext("Telegram number")] == ming.id
    (place,) = values[words.gettext("events")]
    assert place[words.gettext("event")] == "Harbour Forum"
    assert place[words.gettext("place")] == words.gettext("has a place")


async def test_an_export_holds_nobody_else(amity: Amity) -> None:
    event = await published_event(amity.database, now=NOON)
    ming = await agreed(amity.telegram, "Ming", username="ming_example")
    wai = await agreed(amity.telegram, "Wai", username="wai_example")
    for phone in (ming, wai):
        await card(phone, event.id)
        await pressed(amity, phone, "v1:join")
    written, _ = await exported(ming)
    assert "ming_example" in written
    for strange in ("Wai", "wai_example", str(wai.id), "Person 1"):
        assert strange not in written


@pytest.mark.parametrize("locale", LOCALES)
async def test_deleting_asks_first_and_then_keeps_nothing(amity: Amity, locale: str) -> None:
    words = language(locale)
    event = await published_event(amity.database, now=NOON)
    ming = await agreed(amity.telegram, "Ming", locale=locale)
    await card(ming, event.id)
    await pressed(amity, ming, "v1:join")
    await ming.write("/privacy")
    await ming.wait_for(lambda message: "v1:forget" in str(message))
    await pressed(amity, ming, words.gettext("🗑 Delete everything"))
    asked = await ming.last()
    assert words.ngettext(
        "You give up your place at {n} event to come. Whoever waits moves up.",
        "You give up your places at {n} events to come. Whoever waits moves up.",
        1,
    ) in text_of(asked)
    async with amity.database.read() as tx:
        assert await people.find_by_telegram_id(tx, ming.id) is not None
    await pressed(amity, ming, words.gettext("Yes, delete everything"))
    await ming.wait_for("/start")
    await finished(amity)
    async with amity.database.read() as tx:
        assert await people.find_by_telegram_id(tx, ming.id) is None
        assert await rsvps.count_seated(tx, event.id) == 0
        held = select(func.count()).select_from(inbox).where(inbox.c.lane == ming.id, inbox.c.payload != "")
        assert await tx.value(held) == 0
        assert await tx.value(select(func.count()).select_from(replies)) == 0
    stranger = await amity.telegram.person("Wai")
    assert await ming.commands() == await stranger.commands(), "the menu is everybody's again"


async def test_keeping_it_after_all_deletes_nothing(amity: Amity) -> None:
    ming = await agreed(amity.telegram, "Ming")
    await forged(amity, ming, "v1:forget")
    await pressed(amity, ming, "No, keep it")
    async with amity.database.read() as tx:
        assert await people.find_by_telegram_id(tx, ming.id) is not None


async def test_whoever_waits_gets_the_place_of_whoever_is_deleted(amity: Amity) -> None:
    event = await published_event(amity.database, now=NOON, capacity=1)
    ming, wai = await agreed(amity.telegram, "Ming"), await agreed(amity.telegram, "Wai")
    for phone in (ming, wai):
        await card(phone, event.id)
        await pressed(amity, phone, "v1:join")
    await finished(amity)
    await forged(amity, ming, "v1:forgotten")
    await wai.wait_for("🎉")


async def test_deleting_twice_is_harmless(amity: Amity) -> None:
    ming = await agreed(amity.telegram, "Ming")
    await forged(amity, ming, "v1:forget")
    shown = await ming.last()
    data = "v1:forgotten"
    queries = await amity.telegram.press_many([(ming, shown, data), (ming, shown, data)])
    answers = [await amity.telegram.answer(query) for query in queries]
    assert answers[1] is not None
    assert answers[1]["text"] == "Nothing is kept about you."
    assert "Everything about you is deleted." in text_of(await ming.last())


async def test_whoever_was_deleted_begins_anew(amity: Amity) -> None:
    ming = await agreed(amity.telegram, "Ming")
    await forged(amity, ming, "v1:forgotten")
    await ming.write("/my")
    await ming.wait_for("語言")
    async with amity.database.read() as tx:
        assert await tx.value(select(func.count()).select_from(people_rows)) == 0
    await ming.press("v1:hello:en")
    await ming.wait_for("/privacy")
    await ming.press("v1:agree")
    await ming.wait_for("Welcome")
    await ming.write("/my")
    await ming.wait_for("You have no places and no shifts yet.")


async def test_an_appointed_organiser_is_told_what_they_give_up(amity: Amity) -> None:
    await agreed(amity.telegram, "Boss", id=OWNER)
    ming = await agreed(amity.telegram, "Ming")
    async with amity.database.write() as tx:
        person = await people.find_by_telegram_id(tx, ming.id)
        assert person is not None
        await people.set_role(tx, person.id, "organiser")
    await forged(amity, ming, "v1:forget")
    assert "You will not be an organiser any more." in text_of(await ming.last())


async def test_a_question_is_taken_back_out_of_the_organisers_chat(amity: Amity) -> None:
    boss = await agreed(amity.telegram, "Boss", id=OWNER)
    ming = await agreed(amity.telegram, "Ming")
    await forged(amity, ming, "v1:ask")
    await ming.write("Where exactly may I sit?")
    await boss.wait_for("Where exactly may I sit?")
    await forged(amity, ming, "v1:forgotten")
    assert "Where exactly may I sit?" not in str(await boss.messages())
