"""An organiser adds shifts to an event, sees who took them, changes and cancels them."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot import shift_changes, volunteering
from bot.language import LOCALES, language
from storage import people, shifts
from storage.events import Event
from storage.shifts import Shift
from tests.conftest import NOON, OWNER, Amity
from tests.making import agreed, known_person, published_event
from tests.moves import choose, send
from tests.phone import Phone, buttons, text_of

HK = ZoneInfo("Asia/Hong_Kong")
HOUR = timedelta(hours=1)


async def boss(amity: Amity, *, locale: str = "en") -> Phone:
    return await agreed(amity.telegram, "Boss", id=OWNER, locale=locale)


async def shift_at(amity: Amity, event: Event, *, places: int = 2) -> Shift:
    async with amity.database.write() as tx:
        return await shift_changes.add(
            tx,
            event,
            starts_at=event.starts_at,
            ends_at=event.ends_at,
            places=places,
            roles={"en": "Guide"},
            now=NOON,
        )


async def helpers(amity: Amity, shift: Shift, count: int, *, name: str = "Helper") -> None:
    for n in range(count):
        person = await known_person(amity.database, 5000 + n, now=NOON)
        async with amity.database.write() as tx:
            await people.refresh(tx, person.id, name=f"{name} {n}", username=None)
            await volunteering.sign_up(tx, person.id, languages=["en"], skills="", free=[], now=NOON)
            await volunteering.take(tx, shift.id, person.id, now=NOON)


async def shifts_of(amity: Amity, event: Event) -> list[Shift]:
    async with amity.database.read() as tx:
        return await shifts.list_of_event(tx, event.id)


async def forge(phone: Phone, data: str) -> None:
    await phone.forge(data, (await phone.last())["message_id"])
    await phone.wait_for(bool)


@pytest.mark.parametrize("locale", LOCALES)
async def test_an_organiser_adds_a_shift_step_by_step(amity: Amity, locale: str) -> None:
    words = language(locale)
    event = await published_event(amity.database, now=NOON)
    phone = await boss(amity, locale=locale)
    await forge(phone, f"v1:oshifts:{event.id}")
    listed = await phone.wait_for(words.gettext("There are none yet. Add the first one."))
    assert words.gettext("‹ Back to the event") in buttons(listed)
    await choose(phone, words.gettext("➕ Add a shift"))
    await phone.wait_for(words.gettext("What is the role called? For example “Welcome desk”."))
    await send(phone, "Welcome desk")
    for _ in range(len(LOCALES) - 1):
        await choose(phone, words.gettext("Skip"))
    await phone.wait_for("18:00")
    await send(phone, "18:00")
    await phone.wait_for("✓")
    await send(phone, "21:30")
    await phone.wait_for(words.gettext("How many volunteers are needed? Choose a number or send one."))
    await send(phone, "3")
    await choose(phone, words.gettext("Skip"))
    await phone.wait_for(words.gettext("✅ The shift is added."))
    (shift,) = await shifts_of(amity, event)
    day = event.starts_at.astimezone(HK).date()
    assert shift.starts_at == datetime(day.year, day.month, day.day, 18, 0, tzinfo=HK)
    assert shift.ends_at == datetime(day.year, day.month, day.day, 21, 30, tzinfo=HK)
    assert (shift.places, shift.roles) == (3, {locale: "Welcome desk"})


@pytest.mark.parametrize(
    ("starts", "ends", "expected"),
    [
        ("6:30", "9", None),
        ("6:30", "2 hours", ("18:30", "20:30")),
        ("下午5時", "翌日凌晨1時", None),
        ("5pm", "01:00", ("17:00", "01:00")),
        ("09:15", "三小時", ("09:15", "12:15")),
        ("18:00", "17:00", None),
        ("yesterday 18:00", "", None),
        ("28/11", "", None),
        ("soon", "", None),
    ],
)
async def test_times_are_read_as_people_write_them_on_the_day_of_the_event(
    amity: Amity, starts: str, ends: str, expected: tuple[str, str] | None
) -> None:
    event = await published_event(amity.database, now=NOON)
    await shift_at(amity, event)
    phone = await boss(amity)
    (shift,) = await shifts_of(amity, event)
    await forge(phone, f"v1:oshiftedit:{shift.id}:time")
    await phone.wait_for("When does the shift start?")
    await send(phone, starts)
    if ends:
        await send(phone, ends)
    (after,) = await shifts_of(amity, event)
    if expected is None:
        assert after == shift
        assert "Stop" in buttons(await phone.last())
    else:
        local = [instant.astimezone(HK) for instant in (after.starts_at, after.ends_at)]
        assert tuple(f"{one:%H:%M}" for one in local) == expected
        assert local[0].date() == event.starts_at.astimezone(HK).date()


async def test_places_can_be_raised_and_lowered_below_those_taken(amity: Amity) -> None:
    event = await published_event(amity.database, now=NOON)
    shift = await shift_at(amity, event, places=3)
    await helpers(amity, shift, 3)
    phone = await boss(amity)
    await forge(phone, f"v1:oshift:{shift.id}")
    await phone.wait_for("3 of 3 taken")
    await choose(phone, "Change the places")
    await phone.wait_for("How many volunteers")
    for nonsense in ("0", "-2", "many", "1001", "2.5"):
        await send(phone, nonsense)
        await phone.wait_for("Please send a number from 1 to 1,000.")
    await send(phone, "一")
    await phone.wait_for("3 of 1 taken")


@pytest.mark.parametrize("locale", LOCALES)
async def test_many_names_are_shown_page_by_page(amity: Amity, locale: str) -> None:
    words = language(locale)
    event = await published_event(amity.database, now=NOON)
    shift = await shift_at(amity, event, places=50)
    await helpers(amity, shift, 23, name="<b>'\u202e&" + "&" * 100)
    phone = await boss(amity, locale=locale)
    await forge(phone, f"v1:oshifts:{event.id}")
    await phone.wait_for(words.gettext("👥 {taken} of {places} taken", taken="23", places="50"))
    await choose(phone, "v1:oshift:")
    await phone.wait_for("10. ")
    await choose(phone, words.gettext("Later ›"))
    await phone.wait_for("20. ")
    await choose(phone, words.gettext("Later ›"))
    last = await phone.wait_for("23. ")
    assert words.gettext("Later ›") not in buttons(last)
    await choose(phone, words.gettext("‹ Back to the shifts"))
    await phone.wait_for("…")


async def test_the_note_and_the_role_can_be_changed_and_removed(amity: Amity) -> None:
    event = await published_event(amity.database, now=NOON)
    shift = await shift_at(amity, event)
    phone = await boss(amity, locale="zh_Hant_HK")
    words = language("zh_Hant_HK")
    await forge(phone, f"v1:oshiftedit:{shift.id}:note")
    await phone.settled()
    await send(phone, "要懂印地語")
    await phone.wait_for(words.gettext("✅ Changed."))
    assert [one.notes for one in await shifts_of(amity, event)] == [{"en": "要懂印地語"}]
    await forge(phone, f"v1:oshiftedit:{shift.id}:note")
    await phone.settled()
    await choose(phone, words.gettext("Remove it"))
    await phone.wait_for(words.gettext("✅ Changed."))
    assert [one.notes for one in await shifts_of(amity, event)] == [{}]
    await forge(phone, f"v1:oshiftedit:{shift.id}:role")
    await phone.settled()
    await send(phone, "嚮導")
    for _ in range(len(LOCALES) - 1):
        await choose(phone, words.gettext("Skip"))
    await phone.wait_for(words.gettext("✅ Changed."))
    assert [one.roles for one in await shifts_of(amity, event)] == [{"en": "Guide", "zh_Hant_HK": "嚮導"}]


@pytest.mark.parametrize("locale", LOCALES)
async def test_cancelling_asks_first_and_tells_the_volunteers_once(amity: Amity, locale: str) -> None:
    words = language(locale)
    event = await published_event(amity.database, now=NOON)
    shift = await shift_at(amity, event)
    ming = await agreed(amity.telegram, "Ming", locale=locale)
    async with amity.database.write() as tx:
        person = await people.find_by_telegram_id(tx, ming.id)
        assert person is not None
        await volunteering.sign_up(tx, person.id, languages=[], skills="", free=[], now=NOON)
        await volunteering.take(tx, shift.id, person.id, now=NOON)
    phone = await boss(amity, locale=locale)
    await forge(phone, f"v1:oshift:{shift.id}")
    await phone.wait_for("Ming")
    await choose(phone, words.gettext("Cancel this shift"))
    await choose(phone, words.gettext("No, keep it"))
    await choose(phone, words.gettext("Cancel this shift"))
    await choose(phone, words.gettext("Yes, cancel it"))
    again = await phone.forge(f"v1:oshiftcancelled:{shift.id}", (await phone.last())["message_id"])
    assert await phone.telegram.answer(again) is not None
    await ming.wait_for("❌")
    await phone.settled()
    assert await shifts_of(amity, event) == []
    assert (await ming.transcript()).count("❌") == 1


async def test_a_shift_that_has_begun_stays(amity: Amity) -> None:
    event = await published_event(amity.database, now=NOON)
    shift = await shift_at(amity, event)
    phone = await boss(amity)
    amity.clock.move((shift.starts_at + HOUR - NOON).total_seconds())
    query = await phone.forge(f"v1:oshiftcancelled:{shift.id}", (await phone.last())["message_id"])
    assert "has begun and stays" in str(await phone.telegram.answer(query))
    assert await shifts_of(amity, event) == [shift]
    await forge(phone, f"v1:oshiftedit:{shift.id}:time")
    card = await phone.wait_for("This shift has begun.")
    assert "Change the time" not in buttons(card)


@pytest.mark.parametrize(
    "data",
    [
        "oshifts:{event}",
        "oshift:{shift}",
        "oshiftadd:{event}",
        "oshiftedit:{shift}:places",
        "oshiftcancel:{shift}",
        "oshiftcancelled:{shift}",
    ],
)
async def test_without_the_role_these_buttons_do_nothing(amity: Amity, data: str) -> None:
    event = await published_event(amity.database, now=NOON)
    shift = await shift_at(amity, event)
    phone = await agreed(amity.telegram, "Mallory")
    made_up = "v1:" + data.format(event=event.id, shift=shift.id)
    query = await phone.forge(made_up, (await phone.last())["message_id"])
    assert "does nothing" in str(await phone.telegram.answer(query))
    assert await shifts_of(amity, event) == [shift]


@pytest.mark.parametrize("made_up", ["", "x", "-1", "9" * 40])
async def test_an_organisers_stale_buttons_are_answered(amity: Amity, made_up: str) -> None:
    phone = await boss(amity)
    for operation in ("oshifts", "oshift", "oshiftadd", "oshiftedit", "oshiftcancel", "oshiftcancelled"):
        query = await phone.forge(f"v1:{operation}:{made_up}", (await phone.last())["message_id"])
        assert await phone.telegram.answer(query) is not None
        await phone.settled()
        assert "not there any more" in text_of(await phone.last())


@pytest.mark.parametrize("locale", LOCALES)
async def test_an_organiser_says_what_a_shift_needs_in_a_few_taps(amity: Amity, locale: str) -> None:
    words = language(locale)
    event = await published_event(amity.database, now=NOON)
    shift = await shift_at(amity, event)
    phone = await boss(amity, locale=locale)
    await forge(phone, f"v1:oshift:{shift.id}")
    await choose(phone, words.gettext("What it needs"))
    await choose(phone, words.gettext("Urdu"))
    await choose(phone, words.gettext("Nepali"))
    await choose(phone, words.gettext("First aid"))
    await choose(phone, words.gettext("Let an organiser decide who does it"))
    (needing,) = await shifts_of(amity, event)
    assert (needing.languages, needing.certificate, needing.approval) == (("ur", "ne"), "first_aid", True)
    await choose(phone, words.gettext("Urdu"))
    await choose(phone, words.gettext("First aid"))
    (needing,) = await shifts_of(amity, event)
    assert (needing.languages, needing.certificate, needing.approval) == (("ne",), None, True)
    for nonsense in ("language:klingon:1", "certificate:magic", "approval:7", "places:9", ""):
        await phone.forge(f"v1:oshiftneed:{shift.id}:{nonsense}", (await phone.last())["message_id"])
    await phone.settled()
    assert await shifts_of(amity, event) == [needing]


@pytest.mark.parametrize("locale", LOCALES)
async def test_an_organiser_names_a_leader_and_notes_who_came(amity: Amity, locale: str) -> None:
    words = language(locale)
    event = await published_event(amity.database, now=NOON)
    shift = await shift_at(amity, event)
    await helpers(amity, shift, 2)
    phone = await boss(amity, locale=locale)
    await forge(phone, f"v1:oshift:{shift.id}")
    await choose(phone, words.gettext("👥 People and leaders"))
    await choose(phone, f"v1:oshiftone:{shift.id}")
    await choose(phone, words.gettext("⭐ Make them the leader"))
    await phone.wait_for(words.gettext("✅ They lead the shift, and are told."))
    amity.clock.move((shift.starts_at - NOON).total_seconds())
    await forge(phone, f"v1:oshift:{shift.id}")
    await choose(phone, words.gettext("✅ Who has come?"))
    await choose(phone, "✅ 1.")
    await choose(phone, "❌ 2.")
    await phone.wait_for(words.gettext("❌ has not come"))
    async with amity.database.read() as tx:
        assert (await shifts.count_taken(tx, [shift.id]))[shift.id] == 1
    await choose(phone, "↩️ 2.")
    async with amity.database.read() as tx:
        assert (await shifts.count_taken(tx, [shift.id]))[shift.id] == 2


@pytest.mark.parametrize("locale", LOCALES)
async def test_an_organiser_is_alerted_of_an_unfilled_shift(amity: Amity, locale: str) -> None:
    words = language(locale)
    phone = await boss(amity, locale=locale)
    event = await published_event(amity.database, now=NOON)
    async with amity.database.write() as tx:
        creator = await people.find_by_telegram_id(tx, 1)
        assert creator is not None
        await people.mark_unreachable(tx, [creator.id], now=NOON)
    shift = await shift_at(amity, event)
    await helpers(amity, shift, 1)
    amity.clock.move((shift.starts_at - 72 * HOUR - NOON).total_seconds())
    told = await phone.wait_for(
        words.gettext("👥 {taken} of {places} taken", taken=words.number(1), places=words.number(2))
    )
    assert buttons(told) == [words.gettext("🙋 Ask volunteers"), words.gettext("Open the shift")]
    await choose(phone, words.gettext("Open the shift"))
    await phone.wait_for("Helper 0")
