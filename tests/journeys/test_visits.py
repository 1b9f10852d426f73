"""A visit from its programme to the day its travellers' details are gone."""

import asyncio
from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from bot.language import LOCALES, language
from storage import audit, dialogues, events, people, stops, travellers
from storage.events import Event
from storage.stops import StopText
from tests.conftest import NOON, OWNER, Amity
from tests.making import agreed
from tests.moves import card, forged, pressed
from tests.phone import Phone, buttons, text_of
from tests.visits import (
    FIRST_DAY,
    HK,
    add_stop,
    answer,
    delegation,
    details_told,
    fill_in,
    has,
    join,
    open_visit,
    step,
    tap,
    told_everything,
)

DAY = 86_400.0


@pytest.mark.parametrize("locale", LOCALES)
async def test_a_visit_from_its_programme_to_the_day_its_details_are_gone(amity: Amity, locale: str) -> None:
    words = language(locale)
    event = await delegation(amity)
    boss = await agreed(amity.telegram, "Boss", id=OWNER, locale=locale)
    await open_visit(boss, event, locale)
    for day, time, title in ((1, "9:00", "Gate"), (2, "9:30–11:00", "Museum"), (3, "14:00", "Harbour")):
        await add_stop(boss, day, time, title, locale)
    await boss.press(f"v1:ovisit:{event.id}")
    await boss.wait_for("Harbour Hall")
    await boss.press(words.gettext("Ask for traveller details"))
    await boss.wait_for(has("✓ " + words.gettext("Ask for traveller details")))

    ming = await agreed(amity.telegram, "Ming <b>", locale=locale)
    assert words.gettext("🛂 Give traveller details") in buttons(await join(ming, event))
    await ming.press(words.gettext("🧭 Programme"))
    plan = text_of(await ming.wait_for("Museum Hall"))
    third = words.day((FIRST_DAY + timedelta(days=2)).date(), now=NOON)
    assert words.gettext("Day {n}: {day}", n=words.number(3), day=third) in plan
    assert words.gettext("🚩 We meet here.") in plan
    assert words.gettext("🎒 Please bring: {things}", things="A pen") in plan
    await tap(ming, f"v1:event:{event.id}", "Sample Hall")

    await ming.press(words.gettext("🛂 Give traveller details"))
    await ming.wait_for("Ming <b>")
    await ming.press(f"v1:traveller:{event.id}:0")
    await ming.wait_for(has(words.gettext("Stop")))
    await ming.send_sticker()
    await ming.wait_for(words.gettext("Please send it as text."))
    await ming.write("12345")
    await ming.wait_for(words.gettext("That doesn't look like a name. Please send it in letters."))
    await ming.write("Chan Tai <i>Man</i>")
    await ming.wait_for(has(words.gettext("Home return permit")))
    await ming.press(words.gettext("Home return permit"))
    await step(ming, locale, 3, 8)
    too_much = words.gettext(
        "That is more than I may know, and I have not kept it. Please delete your message and send"
        " just the last four letters or digits."
    )
    await answer(ming, "H12345678", too_much)
    assert "12345678" not in str(await kept_in_dialogue(amity, ming))
    await answer(
        ming,
        "12",
        words.gettext("Please send exactly four letters or digits, such as 4567."),
    )
    await ming.write("5678")
    await step(ming, locale, 4, 8)
    await answer(
        ming,
        "whenever",
        words.gettext("I don't understand that as a day. Please write it like 31/12/2030 or 31 Dec 2030."),
    )
    await answer(
        ming,
        "31/12",
        words.gettext("Of which year? Please send day, month and year, such as 31/12/2030."),
    )
    await ming.write("12/12/2026")
    expired = text_of(await ming.wait_for(words.day_of_record(FIRST_DAY.date() + timedelta(days=2))))
    assert words.day_of_record(FIRST_DAY.date() + timedelta(days=1)) in expired
    warning = words.gettext(
        "⚠️ That is less than six months after the visit. Some borders ask for more; please check."
    )
    await answer(ming, "1/3/2027", warning)
    await answer(ming, "Aunt Made Up", words.gettext("And their phone number?"))
    await ming.write("call her")
    await step(ming, locale, 6, 8)
    await ming.write("+852 5555 1234")
    await step(ming, locale, 7, 8)
    await ming.write("No peanuts")
    await step(ming, locale, 8, 8)
    await ming.press(words.gettext("Skip"))
    overview = text_of(await ming.wait_for(has(words.gettext("✅ Save"))))
    for said in ("Chan Tai <i>Man</i>", "5678", "No peanuts", "Aunt Made Up"):
        assert said in overview
    await ming.press(words.gettext("✅ Save"))
    await ming.wait_for(words.gettext("Everything is there. You can change it until the start."))

    await boss.press(words.gettext("🛂 Travellers"))
    await boss.wait_for(
        words.gettext("Details: {filled} of {all} people", filled=words.number(1), all=words.number(1))
    )
    assert "5678" not in text_of(await boss.last())
    await boss.press(words.gettext("📄 Manifest as a file"))
    sent = await boss.wait_for(lambda m: bool(m.get("document")))
    book = load_workbook(BytesIO(await boss.download(sent)))
    people, safety = [list(sheet.values) for sheet in book.worksheets]
    unwanted = words.gettext("Personal data: keep this file to yourself and delete it after use.")
    assert people[0][0] == safety[0][0] == unwanted
    assert people[2][:4] == (
        "Chan Tai <i>Man</i>",
        words.gettext("Home return permit"),
        "5678",
        "2027-03-01",
    )
    assert safety[2][1:4] == ("Aunt Made Up", "+852 5555 1234", "No peanuts")

    amity.clock.move((event.ends_at - NOON).total_seconds() + 15 * DAY)
    async with asyncio.timeout(30):
        while await all_details(amity, event):
            await asyncio.sleep(0.1)
    async with amity.database.read() as tx:
        actions = [one.action for one in await audit.list_entries(tx, event_id=event.id, limit=50)]
    assert {"details_purged", "manifest_exported", "plan_changed"} <= set(actions)


async def kept_in_dialogue(amity: Amity, phone: Phone) -> object:
    async with amity.database.read() as tx:
        person = await people.find_by_telegram_id(tx, phone.id)
        assert person
        return await dialogues.find(tx, person.id)


async def all_details(amity: Amity, event: Event) -> int:
    async with amity.database.read() as tx:
        return len(await travellers.list_of_event(tx, event.id))


async def test_forged_buttons_show_nobody_elses_details(amity: Amity) -> None:
    event = await delegation(amity, traveller_details=True)
    boss = await agreed(amity.telegram, "Boss", id=OWNER)
    ming, spy = await agreed(amity.telegram, "Ming"), await agreed(amity.telegram, "Spy")
    await told_everything(ming, event)
    await open_visit(boss, event)
    await add_stop(boss, 1, "9:00", "Gate")
    for data in (
        "omanifest:1",
        "otravel:1",
        "otravelremind:1",
        "ovisit:1",
        "ovisitset:1:consent:on",
        "ovisitset:1:details:delete",
        "ostop:1",
        "ostops:1",
        "ostopadd:1",
        "ostopedit:1:title",
        "ostopgone:1",
        "travel:1",
        "traveller:1:0",
        "travelleredit:1:0",
        "travellerdel:1:0",
        "travellergone:1:0",
        "traveller:1:x",
        "traveller:999:0",
        "travel:",
    ):
        await forged(amity, spy, f"v1:{data}")
    shown = await spy.transcript()
    for secret in ("4567", "Chan Made Up", "Aunt", "5555 1234"):
        assert secret not in shown
    assert not any(message.get("document") for message in await spy.messages())
    assert await all_details(amity, event) == 1
    async with amity.database.read() as tx:
        assert len(await stops.list_of_event(tx, event.id)) == 1
    # Crew and helpers are no organisers: what they hold in their hands doesn't change that.
    for data in ("traveller:1:1", "traveller:1:-1", f"traveller:1:{2**70}", "travelleredit:1:1"):
        await forged(amity, ming, f"v1:{data}")
    assert await all_details(amity, event) == 1


async def test_details_are_looked_over_changed_and_deleted_until_the_start(amity: Amity) -> None:
    event = await delegation(amity, traveller_details=True)
    ming = await agreed(amity.telegram, "Ming")
    await told_everything(ming, event)
    await tap(ming, f"v1:traveller:{event.id}:0", "4567")
    await tap(ming, "Change", "Please look it over")
    await tap(ming, "Document", "With which document?")
    await tap(ming, "Hong Kong identity card", "last four")
    await answer(ming, "56(7)8", "Please look it over")
    await tap(ming, "Valid until", "Until when")
    await tap(ming, "It has no expiry date", "no expiry date")
    await tap(ming, "Document", "With which document?")
    await tap(ming, "Passport", "last four")
    await tap(ming, "Keep it", "Please look it over")
    # A passport without an expiry date there isn't.
    await tap(ming, "Save", "Until when is it valid?")
    await answer(ming, "31 12 2031", "31 December 2031")
    await tap(ming, "Save", "Everything is there")
    await tap(ming, f"v1:traveller:{event.id}:0", "5678")
    asked = await tap(ming, "Delete", "can't join the visit")
    for _ in range(2):
        await pressed(amity, ming, f"v1:travellergone:{event.id}:0", asked)
    assert await all_details(amity, event) == 0
    await details_told(ming, event)
    amity.clock.move((event.starts_at - NOON).total_seconds())
    await forged(amity, ming, f"v1:travelleredit:{event.id}:0")
    await forged(amity, ming, f"v1:travellergone:{event.id}:0")
    assert await all_details(amity, event) == 1


async def test_what_is_not_asked_any_more_is_deleted_at_once_but_not_by_a_slip(amity: Amity) -> None:
    event = await delegation(amity, traveller_details=True)
    boss, ming = await agreed(amity.telegram, "Boss", id=OWNER), await agreed(amity.telegram, "Ming")
    await told_everything(ming, event)
    await open_visit(boss, event)
    await tap(boss, "Ask for traveller details", "What I know of 1 person is deleted at once")
    assert await all_details(amity, event) == 1
    await tap(boss, "No, keep asking", "There is no programme yet")
    await tap(boss, "Ask for traveller details", "What I know of 1 person is deleted at once")
    asked = await boss.last()
    for _ in range(2):
        await pressed(amity, boss, "Yes, stop and delete", asked)
    assert await all_details(amity, event) == 0
    async with amity.database.read() as tx:
        entries = await audit.list_entries(tx, event_id=event.id, limit=50)
        found = await events.find(tx, event.id)
    assert found
    assert not found.traveller_details
    assert [one.actor for one in entries if one.action == "details_purged"] == ["Boss"]


async def test_a_companions_contact_may_be_the_same(amity: Amity) -> None:
    event = await delegation(amity, traveller_details=True)
    ming = await agreed(amity.telegram, "Ming")
    await told_everything(ming, event)
    await forged(amity, ming, f"v1:join:{event.id}:1")
    await tap(ming, "Give traveller details", "Companion 1")
    await tap(ming, f"v1:traveller:{event.id}:1", "Companion 1")
    await answer(ming, "Chan Small", "With which document?")
    await tap(ming, "Passport", "last four")
    await answer(ming, "9876", "Until when")
    await answer(ming, "31/12/2031", "Who can be called")
    await tap(ming, "The same as yours: Aunt Made Up", "can't or don't eat")
    await tap(ming, "Skip", "need on the way")
    await tap(ming, "Skip", "+852 5555 1234")
    await tap(ming, "Save", "Everything is there")
    assert await all_details(amity, event) == 2


async def test_a_form_about_a_traveller_ends_kindly_when_the_place_is_gone(amity: Amity) -> None:
    event = await delegation(amity, traveller_details=True)
    ming = await agreed(amity.telegram, "Ming")
    await join(ming, event)
    await ming.forge(f"v1:traveller:{event.id}:0", (await ming.last())["message_id"])
    await fill_in(ming)
    overview = await ming.last()
    await forged(amity, ming, f"v1:left:{event.id}")
    told = await pressed(amity, ming, "Save", overview)
    assert "once you have a place" in told["text"]
    assert await all_details(amity, event) == 0


@pytest.mark.parametrize("locale", LOCALES)
async def test_a_changed_meeting_point_is_told_once_with_what_it_was(amity: Amity, locale: str) -> None:
    words = language(locale)
    event = await delegation(amity)
    boss = await agreed(amity.telegram, "Boss", id=OWNER)
    await open_visit(boss, event)
    await add_stop(boss, 1, "9:00", "Gate")
    ming = await agreed(amity.telegram, "Ming", locale=locale)
    await join(ming, event)
    async with amity.database.read() as tx:
        [stop] = await stops.list_of_event(tx, event.id)
    await tap(boss, "Day and time", "On which day?")
    await tap(boss, "Day 1", "At what time")
    await answer(boss, "8:30", "Changed")
    await tap(boss, "Place", "Where is it?")
    await answer(boss, "Sample Pier 4", "Changed")
    amity.clock.move(3600)
    said = words.gettext("✏️ The programme of <b>{title}</b> has changed.", title="Delta <Mission>")
    told = text_of(await ming.wait_for(said.replace("<b>", "").replace("</b>", "")))
    assert "Gate Hall" in told
    assert "Sample Pier 4" in told
    assert words.moment(FIRST_DAY, HK, now=NOON) in told
    assert words.moment(FIRST_DAY - timedelta(minutes=30), HK, now=NOON) in told
    amity.clock.move(3600)
    await ming.settled()
    assert sum("Sample Pier 4" in text_of(message) for message in await ming.messages()) == 1
    assert stop.meeting


async def test_a_stop_is_changed_translated_and_removed(amity: Amity) -> None:
    event = await delegation(amity)
    boss = await agreed(amity.telegram, "Boss", id=OWNER)
    await open_visit(boss, event)
    await tap(boss, "Add a stop", "On which day?")
    await answer(boss, "a nice day", "Please press one of the buttons")
    await answer(boss, "1 January 2027", "Please choose a day of it")
    await answer(boss, "12 December", "At what time on Saturday, 12 December")
    await answer(boss, "noonish", "I don't understand that as a time")
    await answer(boss, "10:00 to 9", "I don't understand that as a time")
    await answer(boss, "10am - 11:30am", "10:00–11:30")
    await answer(boss, "x" * 4000, "4,000 characters long")
    await answer(boss, "<b>Museum</b>", "Where is it?")
    await tap(boss, "Skip", "📎")
    await answer(boss, "here", "Please send a location")
    await boss.send_location(22.3, 114.2)
    await boss.wait_for("Do people meet here?")
    await tap(boss, "No", "anything to know")
    await answer(boss, "Hats off", "Added")
    await tap(boss, "繁體中文", "What happens then, in 繁體中文?")
    await answer(boss, "博物館", "The note in 繁體中文?")
    await answer(boss, "請脫帽", "Changed")
    ming = await agreed(amity.telegram, "Ming", locale="zh_Hant_HK")
    await join(ming, event)
    await ming.press(f"v1:plan:{event.id}")
    assert "請脫帽" in text_of(await ming.wait_for("博物館"))
    await ming.press("v1:stopmap")
    sent = await ming.wait_for(lambda m: bool(m.get("venue") or m.get("location")))
    assert "博物館" in str(sent)
    await tap(boss, "Remove", "Take “<b>Museum</b>” off")
    gone = await boss.last()
    for _ in range(2):
        await pressed(amity, boss, "v1:ostopgone", gone)
    async with amity.database.read() as tx:
        assert await stops.list_of_event(tx, event.id) == []
    stale = await pressed(amity, ming, "v1:stopmap")
    assert stale["text"]


async def test_a_long_programme_is_paged_by_day(amity: Amity) -> None:
    event = await delegation(amity)
    async with amity.database.write() as tx:
        for day in range(3):
            for hour in range(5):
                at = FIRST_DAY + timedelta(days=day, hours=hour)
                stop_id = await stops.add(tx, event.id, starts_at=at, meeting=False)
                title = f"Stop {day + 1}.{hour} " + "x" * 100
                await stops.put_text(tx, stop_id, "en", StopText(title, "p" * 300, "n" * 300))
    ming = await agreed(amity.telegram, "Ming")
    await join(ming, event)
    first = text_of(await tap(ming, "Programme", "Stop 1.4"))
    assert "Stop 2.0" not in first
    await tap(ming, "Later ›", "Stop 2.4")
    last = await tap(ming, "Later ›", "Stop 3.4")
    assert "Please bring" in text_of(last)
    assert "Later ›" not in buttons(last)
    await forged(amity, ming, f"v1:plan:{event.id}:99999")
    assert "Stop 3.4" in text_of(await ming.last())


async def test_the_programme_of_an_event_for_others_is_theirs_alone(amity: Amity) -> None:
    event = await delegation(amity, audience="invited")
    boss, ming = await agreed(amity.telegram, "Boss", id=OWNER), await agreed(amity.telegram, "Ming")
    await open_visit(boss, event)
    await add_stop(boss, 1, "9:00", "Gate")
    await forged(amity, ming, f"v1:plan:{event.id}")
    await forged(amity, ming, "v1:stopmap:1")
    assert "Gate" not in await ming.transcript()


@pytest.mark.parametrize("locale", LOCALES)
async def test_what_a_visit_asks_is_said_before_one_signs_up(amity: Amity, locale: str) -> None:
    words = language(locale)
    event = await delegation(amity, traveller_details=True, guardian_consent=True)
    ming = await agreed(amity.telegram, "Ming", locale=locale)
    shown = text_of(await card(ming, event.id))
    assert words.gettext("👪 If you are under 18, a parent or guardian has to agree.") in shown
    assert words.gettext("🛂 Whoever has a place gives traveller details.") in shown
    await pressed(amity, ming, "v1:join")
    assert "👪" not in text_of(await ming.last()), "from then on the buttons ask"
