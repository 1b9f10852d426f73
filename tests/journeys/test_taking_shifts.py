"""A volunteer looks through shifts and takes one: what it needs, what stands against it, who decides."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot import attendance, shift_changes, volunteering
from bot.language import LOCALES, language
from storage import people, volunteer_certificates
from storage.events import Event, EventText
from storage.tables import events as event_table
from tests.conftest import NOON, OWNER, Amity
from tests.making import agreed, published_event
from tests.moves import choose, forged, send
from tests.phone import buttons, text_of
from tests.shifts import has, new_shift
from tests.volunteers import said, volunteer

HOUR = timedelta(hours=1)


@pytest.mark.parametrize("locale", LOCALES)
async def test_shifts_are_listed_in_pages_with_event_role_time_and_places(amity: Amity, locale: str) -> None:
    words = language(locale)
    phone, _ = await volunteer(amity, "Ming", locale=locale)
    await send(phone, "/volunteer")
    await phone.wait_for(words.gettext("There are no open shifts just now. Please look again in a few days."))
    title = {"en": EventText("Forum", place="Hall"), "zh_Hant_HK": EventText("論壇")}
    event = await published_event(amity.database, now=NOON, texts=title)
    for n in range(7):
        roles = {"en": f"Role {n}", "zh_Hant_HK": f"崗位 {n}"}
        starts_at = event.starts_at + n * timedelta(minutes=1)
        await new_shift(amity.database, event, starts_at=starts_at, roles=roles)
    await send(phone, "/volunteer")
    first = await phone.wait_for("4.")
    role = "崗位" if locale == "zh_Hant_HK" else "Role"
    assert f"{role} 3" in text_of(first)
    assert ("論壇" if locale == "zh_Hant_HK" else "Forum") in text_of(first)
    assert f"{role} 4" not in text_of(first)
    await choose(phone, words.gettext("Later ›"))
    second = await phone.wait_for("7.")
    assert f"{role} 6" in text_of(second)
    await choose(phone, words.gettext("‹ Earlier"))
    await phone.wait_for("1.")


async def test_each_refusal_has_its_own_sentence(amity: Amity) -> None:
    event = await published_event(amity.database, now=NOON)
    full, other = await new_shift(amity.database, event, places=1), await new_shift(amity.database, event)
    free = await new_shift(
        amity.database,
        event,
        starts_at=event.starts_at + HOUR,
        ends_at=event.ends_at + HOUR,
        roles={"en": "Tea"},
    )
    ming, _ = await volunteer(amity, "Ming")
    wai, person = await volunteer(amity, "Wai")
    async with amity.database.write() as tx:
        await volunteering.take(tx, full.id, person.id, now=NOON)
    sentences = [
        said(await forged(amity, ming, f"v1:take:{full.id}")),
        said(await forged(amity, wai, f"v1:take:{free.id}")),
        said(await forged(amity, ming, "v1:take:999999")),
    ]
    assert "All places" in sentences[0]
    assert "overlaps with your shift “Guide” at “Harbour Forum”" in sentences[1]
    assert "not there any more" in sentences[2]
    async with amity.database.write() as tx:
        await shift_changes.cancel(tx, other.id, now=NOON)
    sentences.append(said(await forged(amity, ming, f"v1:take:{other.id}")))
    amity.clock.move((event.starts_at - NOON + timedelta(minutes=1)).total_seconds())
    sentences.append(said(await forged(amity, ming, f"v1:take:{full.id}")))
    amity.clock.move(timedelta(days=1).total_seconds())
    sentences.append(said(await forged(amity, ming, f"v1:take:{full.id}")))
    assert "cancelled" in sentences[3]
    assert "begun" in sentences[4]
    assert "over" in sentences[5]
    assert len(set(sentences)) == 6
    await wai.forge(f"v1:shift:{full.id}", (await wai.last())["message_id"])
    await wai.wait_for("This shift was yours. Thank you!")


@pytest.mark.parametrize(
    "data",
    [
        *(
            f"v1:{operation}:{made_up}"
            for operation in ("shift", "take", "drop", "dropped")
            for made_up in ("", "abc", "-5", "9" * 40)
        ),
        "v1:volunteer:-7",
        "v1:volunteer:99999999999999999999",
        "v1:take:1:2:3:4",
        "v1:volform:x",
    ],
)
async def test_a_forged_button_is_answered_and_changes_nothing(amity: Amity, data: str) -> None:
    phone, _ = await volunteer(amity, "Ming")
    await forged(amity, phone, data)
    assert "went wrong" not in await phone.transcript()


async def test_an_event_at_that_time_is_warned_of_and_can_be_overruled(amity: Amity) -> None:
    helped = await published_event(amity.database, now=NOON)
    visit = await published_event(amity.database, now=NOON, title="Visit <1>")
    shift = await new_shift(amity.database, helped)
    phone, person = await volunteer(amity, "Ming")
    async with amity.database.write() as tx:
        await attendance.join(tx, visit.id, person.id, now=NOON)
    await phone.forge(f"v1:take:{shift.id}", (await phone.last())["message_id"])
    assert "Visit <1>" in text_of(await phone.wait_for("overlaps with this shift"))
    await choose(phone, "No, leave it")
    await phone.wait_for("📍")
    assert not await has(amity.database, shift, person)
    await choose(phone, "Take this shift")
    await phone.wait_for("overlaps with this shift")
    await choose(phone, "Take it anyway")
    await phone.wait_for("This shift is yours.")
    assert await has(amity.database, shift, person)


async def test_names_and_titles_in_html_or_right_to_left_harm_nothing(amity: Amity) -> None:
    event = await published_event(amity.database, now=NOON, title="<b>مرحبا & " + "x" * 3000)
    shift = await new_shift(amity.database, event, roles={"en": "<i>Guide & \u202eguard"})
    phone, _ = await volunteer(amity, "<b>\u202e&")
    await send(phone, "/volunteer")
    await phone.wait_for("<i>Guide &")
    await choose(phone, f"v1:shift:{shift.id}")
    await phone.wait_for("📍")
    async with amity.database.read() as tx:
        assert await tx.value(select(event_table.c.id)) == event.id
    assert "went wrong" not in await phone.transcript()


@pytest.mark.parametrize("locale", LOCALES)
async def test_what_a_shift_needs_is_said_before_the_tap_and_languages_are_one_tap(
    amity: Amity, locale: str
) -> None:
    words = language(locale)
    event = await published_event(amity.database, now=NOON)
    shift = await new_shift(amity.database, event, languages=["ur", "en"])
    phone, person = await volunteer(amity, "Ming", locale=locale)
    await send(phone, "/volunteer")
    await phone.wait_for(words.gettext("⚠️ needs {languages}", languages=words.gettext("Urdu")))
    await choose(phone, f"v1:shift:{shift.id}")
    card = await phone.wait_for(
        words.gettext("⚠️ Your details don't say that you speak {languages}.", languages=words.gettext("Urdu"))
    )
    assert words.gettext("Take this shift") not in buttons(card)
    await forged(amity, phone, f"v1:take:{shift.id}")
    assert not await has(amity.database, shift, person)
    await choose(phone, words.gettext("I speak {languages}", languages=words.gettext("Urdu")))
    await choose(phone, words.gettext("Take this shift"))
    assert await has(amity.database, shift, person)
    await send(phone, "/volunteer")
    await choose(phone, words.gettext("My details"))
    await phone.wait_for(words.gettext("Urdu"))


@pytest.mark.parametrize("locale", LOCALES)
async def test_a_certificate_is_handed_in_looked_at_and_lets_take_the_shift(
    amity: Amity, locale: str
) -> None:
    words = language(locale)
    event = await published_event(amity.database, now=NOON)
    shift = await new_shift(amity.database, event, certificate="first_aid")
    boss = await agreed(amity.telegram, "Boss", id=OWNER, locale=locale)
    phone, person = await volunteer(amity, "Ming <i>", locale=locale)
    await send(phone, "/volunteer")
    await choose(phone, f"v1:shift:{shift.id}")
    await phone.wait_for(words.gettext("⚠️ You have not handed it in yet."))
    kind = words.gettext("First aid")
    await choose(phone, words.gettext("Hand in my certificate: {kind}", kind=kind))
    await phone.wait_for(kind)
    for nonsense in ("here it is", "<b>", "31/12/2027"):
        await send(phone, nonsense)
        await phone.wait_for(words.gettext("I need a photo or a document here."))
    await phone.send_sticker()
    await phone.wait_for(words.gettext("I need a photo or a document here."))
    await phone.send_photo(b"a picture")
    until = words.gettext("Until when is it valid? Send the day, such as 31/12/2027.")
    await phone.wait_for(until)
    for nonsense in ("soon", "1/1/2020", "31/12/9999", "🙂"):
        await send(phone, nonsense)
        await phone.wait_for(until)
    await send(phone, "31/12/2027")
    await phone.wait_for(words.gettext("✅ Thank you! An organiser looks at it, and I tell you."))
    await boss.wait_for("Ming <i>")
    await boss.press(words.gettext("Look at it"))
    picture = await boss.wait_for(lambda message: bool(message.get("photo")))
    assert "Ming <i>" in text_of(picture)
    assert await boss.download(picture) == b"a picture"
    answer = await boss.press(words.gettext("✅ Yes, it counts"))
    assert said(answer) == words.gettext("It counts from now on, and they are told.")
    await phone.wait_for(lambda message: words.gettext("🙋 Open shifts") in buttons(message))
    await forged(amity, phone, f"v1:take:{shift.id}")
    assert await has(amity.database, shift, person)
    await boss.press(words.gettext("✅ Yes, it counts"))
    await boss.settled()
    await forged(amity, phone, "v1:certdrop:first_aid")
    await choose(phone, words.gettext("Yes, delete it"))
    async with amity.database.read() as tx:
        assert await volunteer_certificates.list_of_person(tx, person.id) == []


@pytest.mark.parametrize("locale", LOCALES)
async def test_a_shift_on_request_is_asked_for_and_decided(amity: Amity, locale: str) -> None:
    words = language(locale)
    boss = await agreed(amity.telegram, "Boss", id=OWNER, locale=locale)
    event = await made_by_nobody(amity)
    one = await new_shift(amity.database, event, approval=True)
    other = await new_shift(amity.database, event, approval=True, roles={"en": "Door"})
    phone, person = await volunteer(amity, "Ming", locale=locale)
    for shift in (one, other):
        await forged(amity, phone, f"v1:shift:{shift.id}")
        assert words.gettext("✋ An organiser decides who does it.") in text_of(await phone.last())
        answer = await choose(phone, words.gettext("Ask for this shift"))
        assert said(answer) == words.gettext("Thank you! An organiser decides, and I tell you.")
        await boss.wait_for(shift.roles["en"])
        assert not await has(amity.database, shift, person)
    await forged(amity, boss, f"v1:oshiftyes:{one.id}:{person.id}")
    assert await has(amity.database, one, person)
    await phone.wait_for(lambda message: "✅" in text_of(message) and "Guide" in text_of(message))
    await forged(amity, boss, f"v1:oshiftno:{other.id}:{person.id}")
    reason = words.gettext("What is the reason? I send it to the volunteer. Or press “Skip”.")
    assert reason in text_of(await boss.last())
    await send(boss, "We are <b>enough</b>")
    await phone.wait_for("We are <b>enough</b>")
    await forged(amity, phone, f"v1:take:{other.id}")
    assert not await has(amity.database, other, person)


async def test_warnings_of_rest_and_work_show_the_hours(amity: Amity) -> None:
    event = await published_event(amity.database, now=NOON)
    late = await new_shift(amity.database, event, ends_at=event.starts_at + 4 * HOUR)
    early = await new_shift(
        amity.database, event, starts_at=late.ends_at + 7 * HOUR, ends_at=late.ends_at + 18 * HOUR
    )
    phone, person = await volunteer(amity, "Ming")
    async with amity.database.write() as tx:
        await volunteering.take(tx, late.id, person.id, now=NOON)
    await forged(amity, phone, f"v1:shift:{early.id}")
    await choose(phone, "Take this shift")
    warned = text_of(await phone.wait_for("Take the shift all the same?"))
    assert "Only 7 h of rest" in warned
    assert "You would work 11 h on Monday" in warned
    await choose(phone, "Take it anyway")
    assert await has(amity.database, early, person)


async def test_night_shifts_say_so(amity: Amity) -> None:
    event = await published_event(amity.database, now=NOON)
    shift = await new_shift(
        amity.database, event, starts_at=event.starts_at + 3 * HOUR, ends_at=event.starts_at + 6 * HOUR
    )
    phone, _ = await volunteer(amity, "Ming")
    await send(phone, "/volunteer")
    await phone.wait_for("🌙 night shift")
    await choose(phone, f"v1:shift:{shift.id}")
    await phone.wait_for("🌙 This is a night shift.")


async def made_by_nobody(amity: Amity) -> Event:
    """An event whose creator can't be reached: whoever organises hears of it."""
    event = await published_event(amity.database, now=NOON)
    async with amity.database.write() as tx:
        creator = await people.find_by_telegram_id(tx, 1)
        assert creator is not None
        await people.mark_unreachable(tx, [creator.id], now=NOON)
    return event
