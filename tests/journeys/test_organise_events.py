"""Organisers create events step by step, change them, cancel them, and see who comes."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from bot import attendance, programme
from bot.kinds import KINDS
from bot.language import LOCALES, NATIVE_NAMES, language
from bot.settings import Settings
from handlers.kinds import kind_name
from handlers.operations import ORGANISER_COMMANDS, ORGANISER_PRESSES
from handlers.service import running
from playground.clock import Clock
from storage import Database, connect, events, people
from storage.events import Event
from storage.migrations import migrate
from tests.conftest import NOON, OWNER, Amity
from tests.making import agreed, known_person, published_event
from tests.phone import Message, Phone, buttons, telegram_running, text_of

WEEK_AHEAD = "29/11 18:30"


async def answer(phone: Phone, text: str, expected: str) -> Message:
    await phone.write(text)
    return await phone.wait_for(expected)


async def tap(phone: Phone, label: str, expected: str) -> Message:
    await phone.press(label)
    return await phone.wait_for(expected)


async def begin(phone: Phone) -> None:
    await answer(phone, "/organise", "What would you like to organise?")
    await tap(phone, "v1:onew", "What kind of event")


async def half_described(phone: Phone) -> None:
    """Up to the question where it is."""
    await begin(phone)
    await tap(phone, "Forum", "What is it called?")
    await answer(phone, "Harbour & Friends", "When does it start?")
    await answer(phone, WEEK_AHEAD, "When does it end?")
    await tap(phone, "2 hours", "Where is it?")


async def described(phone: Phone) -> None:
    """Up to the card that is looked over."""
    await half_described(phone)
    await answer(phone, "Sample Hall", "How many places")
    await tap(phone, "No limit", "This is how members will see it")


async def all_events(database: Database) -> list[Event]:
    async with database.read() as tx:
        return await events.list_all(tx, ending_after=NOON, limit=100)


@pytest.mark.parametrize("locale", LOCALES)
async def test_an_event_is_created_step_by_step_and_looks_as_its_preview(amity: Amity, locale: str) -> None:
    words = language(locale)
    boss = await agreed(amity.telegram, "Boss", id=OWNER, locale=locale)
    await answer(boss, "/organise", words.gettext("What would you like to organise?"))
    await tap(boss, "v1:onew", words.gettext("What kind of event is it?"))
    assert {kind_name(words, kind) for kind in KINDS} <= set(buttons(await boss.last()))
    await boss.press(kind_name(words, "visit"))
    await boss.wait_for(lambda m: len(buttons(m)) == 2)
    await answer(
        boss,
        "海港 & <b>Harbour</b>",
        words.gettext("When does it start? Please write day and time, such as “3 December 18:30”."),
    )
    start = NOON + timedelta(days=7, hours=6, minutes=30)
    await answer(boss, WEEK_AHEAD, words.moment(start, now=NOON))
    await answer(boss, "20:30", words.span(start, start + timedelta(hours=2), now=NOON))
    await boss.write("Sample Pier")
    await boss.wait_for(lambda m: words.gettext("No limit") in buttons(m))
    await answer(boss, "40", "Sample Pier")

    async def add(what: str, asked: str) -> None:
        await boss.press(words.gettext("Add more"))
        await boss.wait_for(words.gettext("What would you like to add?"))
        await boss.press(what)
        await boss.wait_for(asked)

    looked_over = words.gettext("Publish")
    about = words.gettext("What is it about? Please describe it in a few sentences.")
    await add(words.gettext("Description"), about)
    await boss.write("We walk.\nThen we talk.")
    await boss.wait_for(lambda m: looked_over in buttons(m))
    asked = words.gettext("Would you like a map? Please send the location with 📎, or skip this.")
    await add(words.gettext("Map"), asked)
    await boss.send_location(22.29, 114.17)
    await boss.wait_for(words.gettext("✓ The map is set."))
    await add(words.gettext("Companions"), words.gettext("How many companions may each person bring?"))
    await boss.press(words.number(3))
    await boss.wait_for(lambda m: looked_over in buttons(m))
    asked = words.gettext("Until when can people sign up? You can also write a day and a time.")
    await add(words.gettext("Deadline"), asked)
    await boss.press(words.before("1d"))
    await boss.wait_for(lambda m: looked_over in buttons(m))
    asked = words.gettext("When are people reminded? Tick as many as you like, then press “Done”.")
    await add(words.gettext("Reminders"), asked)
    await boss.press(words.before("30m"))
    await boss.wait_for(lambda m: "✓ " + words.before("30m") in buttons(m))
    await boss.press(words.gettext("Done"))
    await boss.wait_for(lambda m: looked_over in buttons(m))
    other = next(one for one in LOCALES if one != locale)
    # Only what there is to translate is asked for.
    await add(NATIVE_NAMES[other], "海港 & <b>Harbour</b>")
    await boss.write("Another title")
    await boss.wait_for("We walk.")
    await boss.press(words.gettext("Skip"))
    await boss.wait_for(words.gettext("The place in {language}?", language=NATIVE_NAMES[other]))
    await boss.press(words.gettext("Skip"))
    preview = text_of(await boss.wait_for(lambda m: words.gettext("Publish") in buttons(m)))
    await boss.press(words.gettext("Publish"))
    await boss.wait_for(lambda m: words.gettext("Open the event") in buttons(m))

    [event] = await all_events(amity.database)
    assert (event.kind, event.capacity, event.companions) == ("visit", 40, 3)
    assert (event.latitude, event.longitude) == (22.29, 114.17)
    assert event.deadline_at == start - timedelta(days=1)
    assert set(event.reminders) == {"7d", "1d", "2h", "30m"}
    assert event.texts[other].title == "Another title"

    member = await agreed(amity.telegram, "Ming", locale=locale)
    await member.write(f"/start event_{event.id}")
    card = await member.wait_for("海港 & <b>Harbour</b>")
    assert text_of(card) in preview
    stranger = await agreed(amity.telegram, "Wai", locale=other)
    await stranger.write(f"/start event_{event.id}")
    assert "Sample Pier" in text_of(await stranger.wait_for("Another title"))


async def test_nonsense_is_told_apart_kindly_and_loses_nothing(amity: Amity) -> None:
    boss = await agreed(amity.telegram, "Boss", id=OWNER)
    await begin(boss)
    await answer(boss, "A forum, please", "Please choose one of the buttons.")
    await tap(boss, "Forum", "What is it called?")
    await boss.send_sticker()
    await boss.wait_for("Please send it as text.")
    await answer(boss, "x" * 4000, "4,000 characters long, and 120 fit")
    await answer(boss, "Harbour Forum", "When does it start?")
    await answer(boss, "soonish", "I don't understand that as a day and a time")
    await answer(boss, "3 January 2020 18:00", "is over already")
    await answer(boss, "29/11", "At what time on Sunday, 29 November?")
    await answer(boss, "18:30", "It starts Sunday, 29 November at 18:30")
    await answer(boss, "28/11 17:00", "That is not after the start")
    await answer(boss, "2 hours", "Sunday, 29 November, 18:30–20:30")
    for _ in range(2):
        await boss.press("‹ Back")
        await boss.settled()
    await tap(boss, "‹ Back", "Now: Harbour Forum")


async def test_every_step_can_go_back_and_what_was_said_is_kept(amity: Amity) -> None:
    boss = await agreed(amity.telegram, "Boss", id=OWNER)
    await half_described(boss)
    await tap(boss, "‹ Back", "Now: Sunday, 29 November at 20:30")
    await tap(boss, "‹ Back", "Now: Sunday, 29 November at 18:30")
    await tap(boss, "‹ Back", "Now: Harbour & Friends")
    await tap(boss, "Keep it", "When does it start?")
    # The end moves along with the start.
    await answer(boss, "30/11 19:00", "Now: Monday, 30 November at 21:00")


async def test_anything_can_be_changed_before_publishing(amity: Amity) -> None:
    boss = await agreed(amity.telegram, "Boss", id=OWNER)
    await described(boss)
    await tap(boss, "Change something", "What would you like to change?")
    await tap(boss, "Title", "Now: Harbour & Friends")
    await answer(boss, "Harbour Evening", "This is how members will see it, in English")
    await tap(boss, "Add more", "What would you like to add?")
    await tap(boss, "繁體中文", "The title in 繁體中文")
    await answer(boss, "海港之夜", "The place in 繁體中文")
    await tap(boss, "Skip", "This is how members will see it")
    await tap(boss, "繁體中文", "in 繁體中文")
    assert "海港之夜" in text_of(await boss.last())
    await tap(boss, "Publish", "is published")
    [event] = await all_events(amity.database)
    assert event.texts["en"].title == "Harbour Evening"
    assert event.texts["zh_Hant_HK"].title == "海港之夜"


async def test_a_double_tap_publishes_one_event(amity: Amity) -> None:
    boss = await agreed(amity.telegram, "Boss", id=OWNER)
    await described(boss)
    message = await boss.last()
    publish = next(
        one["callback_data"]
        for row in message["reply_markup"]["inline_keyboard"]
        for one in row
        if one["text"] == "Publish"
    )
    await amity.telegram.press_many([(boss, message, publish)] * 3)
    await boss.wait_for("That is over already.")
    await boss.settled()
    assert len(await all_events(amity.database)) == 1
    assert any("is published" in text_of(one) for one in await boss.messages())


async def test_an_event_half_described_survives_a_restart_and_other_commands(tmp_path: Path) -> None:
    clock = Clock(NOON)
    database = connect(f"sqlite+aiosqlite:///{tmp_path / 'amity.db'}")
    await migrate(database)
    async with telegram_running(clock) as telegram:
        settings = Settings.model_validate(
            {"bot_token": telegram.token, "api_url": telegram.api_url, "owners": [OWNER]}
        )
        async with running(settings, database, clock):
            boss = await agreed(telegram, "Boss", id=OWNER)
            await half_described(boss)
        async with running(settings, database, clock):
            await answer(boss, "Sample Pier", "How many places")
            await answer(boss, "/organise", "What would you like to organise?")
            await tap(boss, "v1:onew", "You have not finished the event you began.")
            await tap(boss, "Go on with it", "How many places")
            await tap(boss, "‹ Back", "Now: Sample Pier")
            await answer(boss, "/cancel", "Stopped. Nothing was saved.")
    await database.close()


async def test_an_event_whose_start_has_passed_meanwhile_is_not_published(amity: Amity) -> None:
    boss = await agreed(amity.telegram, "Boss", id=OWNER)
    await described(boss)
    amity.clock.move(8 * 86400)
    await tap(boss, "Publish", "The start is over by now.")
    await answer(boss, "in 3 hours", "This is how members will see it")
    await tap(boss, "Publish", "is published")


async def test_more_places_are_filled_from_the_waitlist_and_those_moved_are_told(amity: Amity) -> None:
    boss = await agreed(amity.telegram, "Boss", id=OWNER)
    ming, wai = await agreed(amity.telegram, "Ming"), await agreed(amity.telegram, "Wai")
    event = await published_event(amity.database, now=NOON, capacity=1)
    for phone in (ming, wai):
        await phone.write(f"/start event_{event.id}")
        await phone.wait_for("Harbour Forum")
        await phone.press("v1:join")
    await wai.wait_for("number 1 on the waitlist")
    await answer(boss, "/organise", "What would you like to organise?")
    await tap(boss, "v1:oevents", "All events")
    await tap(boss, "v1:oevent:", "1 place taken of 1")
    await tap(boss, "v1:oedit", "What would you like to change")
    await tap(boss, "v1:ochange:1:places", "Now: 1")
    await answer(boss, "5", "1 sign-up moved up from the waitlist")
    await wai.wait_for("You have a place at")


async def test_a_new_time_is_told_to_those_it_concerns_once(amity: Amity) -> None:
    boss, ming = await agreed(amity.telegram, "Boss", id=OWNER), await agreed(amity.telegram, "Ming")
    event = await published_event(amity.database, now=NOON)
    async with amity.database.write() as tx:
        person = await people.find_by_telegram_id(tx, ming.id)
        assert person
        await attendance.join(tx, event.id, person.id, now=NOON)
    await boss.forge(f"v1:ochange:{event.id}:start", (await boss.last())["message_id"])
    await boss.wait_for("Now: Sunday, 29 November at 19:00")
    await answer(boss, "30/11 19:00", "1 person is told")
    told = text_of(await ming.wait_for("has changed"))
    assert "Before: Sunday, 29 November, 19:00–21:00" in told
    assert "Now: Monday, 30 November, 19:00–21:00" in told
    assert "Monday, 30 November, 19:00–21:00" in text_of(await boss.last())
    await boss.forge(f"v1:ochange:{event.id}:start", (await boss.last())["message_id"])
    await boss.wait_for("Now: Monday, 30 November at 19:00")
    await tap(boss, "Keep it", "Nothing was changed.")
    assert sum("has changed" in text_of(one) for one in await ming.messages()) == 1


async def test_a_cancelled_event_is_told_to_those_it_concerns(amity: Amity) -> None:
    boss, ming = await agreed(amity.telegram, "Boss", id=OWNER), await agreed(amity.telegram, "Ming")
    event = await published_event(amity.database, now=NOON)
    await ming.write(f"/start event_{event.id}")
    await ming.wait_for("Harbour Forum")
    await ming.press("v1:join")
    here = (await boss.last())["message_id"]
    await boss.forge(f"v1:ocancel:{event.id}", here)
    await boss.wait_for("1 person will be told.")
    await tap(boss, "v1:ocancelled", "This event has been cancelled.")
    await ming.wait_for("has been cancelled. We are sorry")
    # Neither twice nor undone.
    await boss.forge(f"v1:ocancelled:{event.id}", here)
    await boss.forge(f"v1:ochange:{event.id}:title", here)
    await boss.settled()
    assert sum("We are sorry" in text_of(one) for one in await ming.messages()) == 1


@pytest.mark.parametrize("locale", LOCALES)
async def test_a_button_of_a_cancelled_past_or_forged_event_says_so(amity: Amity, locale: str) -> None:
    words = language(locale)
    ming = await agreed(amity.telegram, "Ming", locale=locale)
    cancelled = await published_event(amity.database, now=NOON)
    past = await published_event(amity.database, now=NOON, starts_at=NOON + timedelta(hours=1))
    async with amity.database.write() as tx:
        await programme.cancel(tx, cancelled.id, now=NOON)
    amity.clock.move(4 * 3600)
    here = (await ming.last())["message_id"]
    for event_id, expected in (
        (cancelled.id, words.gettext("This event has been cancelled.")),
        (past.id, words.gettext("This event is over.")),
        (999, words.gettext("This event is not there any more.")),
    ):
        said = await amity.telegram.answer(await ming.forge(f"v1:join:{event_id}", here))
        assert said
        assert said["text"] == expected


@pytest.mark.parametrize("locale", LOCALES)
async def test_the_list_is_a_spreadsheet_in_the_organisers_language(amity: Amity, locale: str) -> None:
    words = language(locale)
    boss = await agreed(amity.telegram, "Boss", id=OWNER, locale=locale)
    formula = await agreed(amity.telegram, '=HYPERLINK("http://evil.example")', username="formula_person")
    event = await published_event(amity.database, now=NOON, companions=3)
    async with amity.database.write() as tx:
        person = await people.find_by_telegram_id(tx, formula.id)
        assert person
        await attendance.join(tx, event.id, person.id, companions=2, now=NOON)
    await boss.forge(f"v1:oxlsx:{event.id}", (await boss.last())["message_id"])
    message = await boss.wait_for(lambda m: "document" in m)
    sheet = load_workbook(BytesIO(await boss.download(message))).active
    assert sheet is not None
    headings, row = ([cell.value for cell in line] for line in sheet.iter_rows())
    assert headings[:3] == [words.gettext(one) for one in ("Name", "Companions", "Status")]
    assert row[:5] == [
        '=HYPERLINK("http://evil.example")',
        2,
        words.gettext("has a place"),
        "English",
        "@formula_person",
    ]
    assert sheet["A2"].data_type == "s"


async def test_two_hundred_attendees_come_in_pages(amity: Amity) -> None:
    boss = await agreed(amity.telegram, "Boss", id=OWNER)
    event = await published_event(amity.database, now=NOON)
    for number in range(200):
        person = await known_person(amity.database, 5000 + number, now=NOON)
        async with amity.database.write() as tx:
            await attendance.join(tx, event.id, person.id, now=NOON + timedelta(seconds=number))
    await boss.forge(f"v1:oattend:{event.id}:0", (await boss.last())["message_id"])
    await boss.wait_for("Person 5000")
    await tap(boss, "Next ›", "Person 5020")
    await boss.forge(f"v1:oattend:{event.id}:9", (await boss.last())["message_id"])
    last = await boss.wait_for("Person 5199")
    assert "Next ›" not in buttons(last)
    await boss.forge(f"v1:oattend:{event.id}:9999", (await boss.last())["message_id"])
    await boss.wait_for("nobody on this page")


@pytest.mark.parametrize("locale", LOCALES)
async def test_others_get_nothing_of_what_organisers_can_do(amity: Amity, locale: str) -> None:
    words = language(locale)
    ming = await agreed(amity.telegram, "Ming", locale=locale)
    event = await published_event(amity.database, now=NOON)
    for command in ORGANISER_COMMANDS:
        await answer(ming, f"/{command}", words.gettext("I don't know that command."))
    here = (await ming.last())["message_id"]
    for operation in ORGANISER_PRESSES:
        query = await ming.forge(f"v1:{operation}:{event.id}:0", here)
        said = await amity.telegram.answer(query)
        assert said
        assert said["text"] == words.gettext("That button does nothing here."), operation
    [unchanged] = await all_events(amity.database)
    assert unchanged == event


async def test_forged_buttons_of_an_organiser_break_nothing(amity: Amity) -> None:
    boss = await agreed(amity.telegram, "Boss", id=OWNER)
    here = (await boss.last())["message_id"]
    for operation in ("oevents", "oevent", "ocancel", "ocancelled", "oedit", "ochange", "oattend", "oxlsx"):
        for args in ("", ":-1", ":x", ":99999999999999999999", ":1:title:zh:zh", ":1:nonsense", ":٣"):
            query = await boss.forge(f"v1:{operation}{args}", here)
            assert await amity.telegram.answer(query) is not None, (operation, args)
    await boss.settled()
    assert not any("went wrong" in text_of(one) for one in await boss.messages())


@pytest.mark.parametrize(("written", "places"), [("三個", 3), ("30人", 30), ("1,200", 1200), ("4 places", 4)])
async def test_a_number_of_places_may_say_what_is_counted(amity: Amity, written: str, places: int) -> None:
    boss = await agreed(amity.telegram, "Boss", id=OWNER)
    await half_described(boss)
    await answer(boss, "Sample Hall", "How many places")
    await answer(boss, written, "This is how members will see it")
    await tap(boss, "Publish", "is published")
    assert [one.capacity for one in await all_events(amity.database)] == [places]


async def test_an_organiser_sees_when_sign_up_opens(amity: Amity) -> None:
    boss = await agreed(amity.telegram, "Boss", id=OWNER)
    event = await published_event(amity.database, now=NOON, opens_at=NOON + timedelta(days=1))
    await boss.forge(f"v1:oevent:{event.id}", (await boss.last())["message_id"])
    await boss.wait_for("Sign-up opens on Monday, 23 November at 12:00")


async def test_an_event_cancelled_before_it_began_has_no_afterwards(amity: Amity) -> None:
    boss = await agreed(amity.telegram, "Boss", id=OWNER)
    event = await published_event(amity.database, now=NOON)
    async with amity.database.write() as tx:
        await programme.cancel(tx, event.id, now=NOON)
    await boss.forge(f"v1:oevent:{event.id}", (await boss.last())["message_id"])
    shown = await boss.wait_for("This event has been cancelled.")
    assert "📊 After the event" not in buttons(shown)
    assert "⋯ More" in buttons(shown)
    await boss.forge(f"v1:oafter:{event.id}", shown["message_id"])
    await boss.wait_for("Nobody is asked how this event was.")
