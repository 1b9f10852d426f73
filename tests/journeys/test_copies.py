"""Organisers copy events and make series of them in chat."""

import pytest

from bot.language import LOCALES, language
from storage import Database, events, series
from storage.events import Event, EventText
from tests.conftest import NOON, OWNER, Amity
from tests.making import agreed, published_event
from tests.phone import Phone, buttons, text_of


async def organiser(amity: Amity, event: Event, operation: str, locale: str = "en") -> Phone:
    boss = await agreed(amity.telegram, "Boss", id=OWNER, locale=locale)
    await boss.forge(f"v1:{operation}:{event.id}", (await boss.last())["message_id"])
    return boss


async def all_events(database: Database) -> list[Event]:
    async with database.read() as tx:
        return await events.list_all(tx, ending_after=NOON, limit=100)


@pytest.mark.parametrize("locale", LOCALES)
async def test_a_copy_asks_its_start_alone(amity: Amity, locale: str) -> None:
    words = language(locale)
    event = await published_event(amity.database, now=NOON, capacity=7)
    boss = await organiser(amity, event, "omore", locale)
    await boss.wait_for(lambda m: words.gettext("⧉ Duplicate") in buttons(m))
    await boss.press(words.gettext("⧉ Duplicate"))
    await boss.wait_for("Harbour Forum")
    await boss.write("soonish")
    await boss.wait_for("Harbour Forum")
    await boss.write("6/12 19:00")
    await boss.wait_for(words.gettext("✅ The copy is published. Change what is different this time."))
    first, copy = await all_events(amity.database)
    assert (copy.capacity, copy.texts) == (7, first.texts)
    assert copy.starts_at - first.starts_at == copy.ends_at - first.ends_at
    assert copy.starts_at != first.starts_at


async def test_what_is_over_is_copied_to_the_same_weekday(amity: Amity) -> None:
    event = await published_event(amity.database, now=NOON)
    amity.clock.move(10 * 86400)
    boss = await organiser(amity, event, "omore")
    await boss.wait_for(lambda m: "⧉ Duplicate" in buttons(m))
    assert "Cancel the event" not in buttons(await boss.last())
    await boss.press("⧉ Duplicate")
    await boss.wait_for("When does the copy of")
    await boss.press("Sunday, 6 December at 19:00")
    await boss.wait_for("✅ The copy is published.")


@pytest.mark.parametrize("locale", LOCALES)
async def test_a_series_is_made_of_an_event_and_looked_over_first(amity: Amity, locale: str) -> None:
    words = language(locale)
    event = await published_event(amity.database, now=NOON)
    boss = await organiser(amity, event, "oseries", locale)
    await boss.wait_for(lambda m: words.gettext("Every week") in buttons(m))
    await boss.press(words.gettext("Every week"))
    await boss.wait_for(words.gettext("How many further times? Please choose or send a number."))
    await boss.write("2")
    await boss.wait_for(words.gettext("How do people sign up?"))
    await boss.press(words.gettext("For all sessions at once"))
    await boss.wait_for(
        words.gettext("What is the series called? Skip this to call it “{title}”.", title="Harbour Forum")
    )
    await boss.write("Winter & Spring")
    looked = await boss.wait_for(lambda m: words.gettext("Publish them") in buttons(m))
    second = event.starts_at.astimezone(words.home)
    assert words.moment(second.replace(day=6, month=12), now=NOON) in text_of(looked)
    assert len(await all_events(amity.database)) == 1
    await boss.press(words.gettext("Publish them"))
    await boss.wait_for(
        words.ngettext("✅ {n} further session is published.", "✅ {n} further sessions are published.", 2)
    )
    found = await all_events(amity.database)
    assert len({one.series_id for one in found}) == 1
    async with amity.database.read() as tx:
        made = await series.find(tx, found[0].series_id or 0)
    assert made
    assert (made.sign_up, made.names) == ("whole", {locale: "Winter & Spring"})


async def test_hand_picked_days_take_the_time_of_the_first(amity: Amity) -> None:
    event = await published_event(amity.database, now=NOON)
    boss = await organiser(amity, event, "oseries")
    await boss.wait_for("When does it take place again?")
    await boss.press("On days that I write")
    await boss.wait_for("Please write the days")
    await boss.write("6 December\nsome day")
    await boss.wait_for("I don't understand “some day” as a day.")
    await boss.write("1 November 2026")
    await boss.wait_for("is over already")
    await boss.write("6 December, Sunday, nonsense")
    await boss.wait_for("I don't understand “nonsense” as a day.")
    await boss.write("Sunday, 6 December\n20/12 15:00、6 December, 29 November")
    await boss.wait_for("How do people sign up?")
    await boss.press("For each session")
    await boss.wait_for("What is the series called?")
    await boss.press("Skip")
    await boss.wait_for("2 further sessions of Harbour Forum will be published:")
    await boss.press("Publish them")
    await boss.wait_for("3 sessions to come")
    assert [
        one.starts_at.astimezone(language("en").home).strftime("%d %H:%M")
        for one in await all_events(amity.database)
    ] == ["29 19:00", "06 19:00", "20 15:00"]


async def test_a_series_gets_further_dates_another_name_and_loses_a_session(amity: Amity) -> None:
    event = await published_event(amity.database, now=NOON, texts={"en": EventText("Harbour Forum")})
    boss = await organiser(amity, event, "oseries")
    await boss.wait_for("When does it take place again?")
    for pressed, expected in (
        ("Every two weeks", "How many further times?"),
        ("3", "How do people sign up?"),
        ("For all or for each, as they like", "What is the series called?"),
        ("Skip", "3 further sessions"),
        ("Publish them", "4 sessions to come"),
        ("➕ Further dates", "Harbour Forum is on Sunday, 10 January 2027"),
        ("Every month, same date", "How many further times?"),
    ):
        await boss.press(pressed)
        await boss.wait_for(expected)
    await boss.write("1")
    await boss.wait_for("Wednesday, 10 February 2027")
    for pressed, expected in (
        ("Publish them", "5 sessions to come"),
        ("How people sign up", "keeps their places"),
        ("For each session", "People sign up: For each session"),
        ("Rename", "Now: Harbour Forum"),
    ):
        await boss.press(pressed)
        await boss.wait_for(expected)
    await boss.write("Harbour Winter")
    await boss.wait_for("Harbour Winter")
    await boss.press("Take this event out")
    await boss.wait_for("only the others belong together")
    await boss.press("Yes, take it out")
    await boss.wait_for("0 places taken, no limit")
    assert [one.series_id is None for one in await all_events(amity.database)].count(True) == 1


async def test_a_double_tap_publishes_the_sessions_once(amity: Amity) -> None:
    event = await published_event(amity.database, now=NOON)
    boss = await organiser(amity, event, "oseries")
    await boss.wait_for("When does it take place again?")
    for pressed, expected in (
        ("Every week", "How many further times?"),
        ("3", "How do people sign up?"),
        ("For each session", "What is the series called?"),
        ("Skip", "3 further sessions"),
    ):
        await boss.press(pressed)
        await boss.wait_for(expected)
    message = await boss.last()
    publish = next(
        one["callback_data"]
        for row in message["reply_markup"]["inline_keyboard"]
        for one in row
        if one["text"] == "Publish them"
    )
    await amity.telegram.press_many([(boss, message, publish)] * 3)
    await boss.wait_for("That is over already.")
    await boss.settled()
    assert len(await all_events(amity.database)) == 4
