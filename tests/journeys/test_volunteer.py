"""A volunteer signs up, takes a shift, is reminded of it, hears of changes, gives it back."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot import attendance, programme, shift_changes, volunteering
from bot.language import LOCALES, language
from storage import people, shifts, volunteer_certificates, volunteers
from storage.events import Event, EventText
from storage.people import Person
from storage.shifts import Shift
from storage.tables import events as event_table
from tests.conftest import NOON, OWNER, Amity
from tests.making import agreed, published_event
from tests.phone import Phone, buttons, text_of

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def new_shift(amity: Amity, event: Event, **values: Any) -> Shift:
    async with amity.database.write() as tx:
        return await shift_changes.add(
            tx,
            event,
            starts_at=values.get("starts_at", event.starts_at),
            ends_at=values.get("ends_at", event.ends_at),
            places=values.get("places", 2),
            roles=values.get("roles", {"en": "Guide"}),
            notes=values.get("notes"),
            languages=values.get("languages", ()),
            now=NOON,
        )


async def person_of(amity: Amity, phone: Phone) -> Person:
    async with amity.database.read() as tx:
        person = await people.find_by_telegram_id(tx, phone.id)
    assert person is not None
    return person


async def volunteer(amity: Amity, name: str, *, locale: str = "en") -> tuple[Phone, Person]:
    phone = await agreed(amity.telegram, name, locale=locale)
    person = await person_of(amity, phone)
    async with amity.database.write() as tx:
        await volunteering.sign_up(
            tx, person.id, languages=["yue", "en"], skills="First aid", free=["sundays"], now=NOON
        )
    return phone, person


async def has_taken(amity: Amity, shift: Shift, person: Person) -> bool:
    async with amity.database.read() as tx:
        return await shifts.has_taken(tx, shift.id, person.id)


def said(answer: dict[str, Any] | None) -> str:
    return str((answer or {}).get("text"))


async def choose(phone: Phone, label: str) -> dict[str, Any] | None:
    """Press a button and wait for what it changes."""
    answer = await phone.press(label)
    await phone.wait_for(bool)
    return answer


async def send(phone: Phone, text: str) -> None:
    """Write something and wait for the answer."""
    await phone.write(text)
    await phone.wait_for(bool)


async def forged(phone: Phone, data: str) -> None:
    """Press a button that need not be there, and wait for the answer."""
    await phone.telegram.answer(await phone.forge(data, (await phone.last())["message_id"]))
    await phone.settled()


@pytest.mark.parametrize("locale", LOCALES)
async def test_a_member_signs_up_takes_a_shift_and_gives_it_back(amity: Amity, locale: str) -> None:
    words = language(locale)
    event = await published_event(amity.database, now=NOON)
    shift = await new_shift(amity, event, languages=["yue"], notes={"en": "Wear blue."})
    phone = await agreed(amity.telegram, "Ming", locale=locale)

    await send(phone, "/volunteer")
    question = words.gettext("Which languages do you speak? Tick all of them, then press “Done”.")
    await phone.wait_for(question)
    await choose(phone, words.gettext("Cantonese"))
    await phone.wait_for(lambda message: f"✓ {words.gettext('Cantonese')}" in buttons(message))
    await choose(phone, words.gettext("Done"))
    await phone.wait_for(
        words.gettext("What are you good at? For example first aid or photography. Or press “Skip”.")
    )
    await send(phone, "First aid <b>&")
    await phone.wait_for(words.gettext("When are you usually free? Tick all that fit, then press “Done”."))
    await choose(phone, words.gettext("Saturdays"))
    await choose(phone, words.gettext("Done"))
    await phone.wait_for(words.gettext("✅ You are a volunteer now. Thank you!"))
    person = await person_of(amity, phone)
    async with amity.database.read() as tx:
        kept = await volunteers.find(tx, person.id)
    assert kept is not None
    assert (kept.languages, kept.skills, kept.free) == (("yue",), "First aid <b>&", ("saturdays",))

    await choose(phone, f"v1:shift:{shift.id}")
    card = text_of(await phone.wait_for("📍"))
    when = words.span(shift.starts_at, shift.ends_at, now=NOON)
    for fact in ("Guide", "Harbour Forum", when, "Sample Hall", words.gettext("Cantonese"), "Wear blue."):
        assert fact in card
    assert words.ngettext("👥 {n} place left", "👥 {n} places left", 2) in card
    answer = await choose(phone, words.gettext("Take this shift"))
    assert said(answer) == words.gettext("The shift is yours. Thank you! I will remind you.")
    assert await has_taken(amity, shift, person)

    await choose(phone, words.gettext("I can't come"))
    await choose(phone, words.gettext("No, I will come"))
    assert await has_taken(amity, shift, person)
    await choose(phone, words.gettext("I can't come"))
    answer = await choose(phone, words.gettext("Give it back"))
    assert said(answer) == words.gettext("The shift is given back. Thank you for telling us.")
    assert not await has_taken(amity, shift, person)


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
        await new_shift(amity, event, starts_at=event.starts_at + n * timedelta(minutes=1), roles=roles)
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


async def test_a_member_who_takes_a_shift_signs_up_first_and_comes_back_to_it(amity: Amity) -> None:
    event = await published_event(amity.database, now=NOON)
    shift = await new_shift(amity, event)
    phone = await agreed(amity.telegram, "Ming")
    message = await phone.last()
    await phone.forge(f"v1:take:{shift.id}", message["message_id"])
    await phone.wait_for("Which languages do you speak?")
    await choose(phone, "English")
    await choose(phone, "Done")
    await phone.wait_for("What are you good at?")
    await choose(phone, "Skip")
    await phone.wait_for("When are you usually free?")
    await choose(phone, "Done")
    await phone.wait_for("📍 Sample Hall")
    assert not await has_taken(amity, shift, await person_of(amity, phone))
    await choose(phone, "Take this shift")
    assert await has_taken(amity, shift, await person_of(amity, phone))


async def test_a_stranger_comes_by_the_volunteers_link_to_the_form(amity: Amity) -> None:
    phone = await amity.telegram.person("Ming")
    await send(phone, "/start volunteer")
    await choose(phone, "English")
    await phone.wait_for("/privacy")
    await choose(phone, "v1:agree")
    await phone.wait_for("Which languages do you speak?")


async def test_details_can_be_changed_and_skipping_keeps_what_was_said(amity: Amity) -> None:
    phone, person = await volunteer(amity, "Ming")
    await send(phone, "/volunteer")
    await phone.wait_for("no open shifts")
    await choose(phone, "My details")
    assert "First aid" in text_of(await phone.wait_for("You as a volunteer"))
    await choose(phone, "Change my details")
    asked = await phone.wait_for("Which languages do you speak?")
    assert {"✓ Cantonese", "✓ English", "Hindi"} <= set(buttons(asked))
    await choose(phone, "Hindi")
    await phone.wait_for(lambda message: "✓ Hindi" in buttons(message))
    await choose(phone, "Done")
    await phone.wait_for("First aid")
    await choose(phone, "Skip")
    await phone.wait_for("usually free")
    await choose(phone, "Done")
    await phone.wait_for("✅ Saved.")
    async with amity.database.read() as tx:
        kept = await volunteers.find(tx, person.id)
    assert kept is not None
    assert (kept.languages, kept.skills, kept.free) == (("yue", "en", "hi"), "First aid", ("sundays",))
    await choose(phone, "Change my details")
    await phone.wait_for("Which languages do you speak?")
    await choose(phone, "Done")
    await choose(phone, "Remove it")
    await phone.wait_for("usually free")
    await choose(phone, "Done")
    await phone.wait_for("Skills: nothing yet")


async def test_a_form_is_asked_again_in_the_language_just_chosen(amity: Amity) -> None:
    phone = await agreed(amity.telegram, "Ming")
    await send(phone, "/volunteer")
    await phone.wait_for("Which languages")
    await send(phone, "/language")
    await phone.wait_for("Please choose your language.")
    await choose(phone, "繁體中文")
    words = language("zh_Hant_HK")
    asked = await phone.wait_for(
        words.gettext("Which languages do you speak? Tick all of them, then press “Done”.")
    )
    assert words.gettext("Done") in buttons(asked)


async def test_the_form_bears_nonsense(amity: Amity) -> None:
    phone = await agreed(amity.telegram, "Ming")
    await send(phone, "/volunteer")
    await phone.wait_for("Which languages")
    await send(phone, "all of them")
    await phone.wait_for("Please choose one of the buttons.")
    await choose(phone, "Done")
    await phone.wait_for("What are you good at?")
    await phone.send_sticker()
    await phone.wait_for("I can only read text here.")
    await send(phone, "x" * 4000)
    await phone.wait_for("too long")
    await send(phone, "/cancel")
    await phone.wait_for("Nothing was saved.")
    async with amity.database.read() as tx:
        assert await volunteers.count(tx) == 0


async def test_who_stops_volunteering_gives_shifts_back_and_can_return(amity: Amity) -> None:
    event = await published_event(amity.database, now=NOON)
    shift = await new_shift(amity, event)
    phone, person = await volunteer(amity, "Ming")
    async with amity.database.write() as tx:
        await volunteering.take(tx, shift.id, person.id, now=NOON)
    await send(phone, "/volunteer")
    await choose(phone, "My details")
    await phone.wait_for("You as a volunteer")
    await choose(phone, "Stop volunteering")
    await phone.wait_for("The shift you have taken is given back.")
    await choose(phone, "Yes, stop")
    await phone.wait_for("not signed up as a volunteer any more")
    assert not await has_taken(amity, shift, person)
    await phone.forge("v1:volleft", (await phone.last())["message_id"])
    await phone.settled()
    await choose(phone, "Sign up again")
    await phone.wait_for("Which languages do you speak?")


async def test_each_refusal_has_its_own_sentence(amity: Amity) -> None:
    event = await published_event(amity.database, now=NOON)
    full, other = await new_shift(amity, event, places=1), await new_shift(amity, event)
    free = await new_shift(
        amity, event, starts_at=event.starts_at + HOUR, ends_at=event.ends_at + HOUR, roles={"en": "Tea"}
    )
    ming, _ = await volunteer(amity, "Ming")
    wai, person = await volunteer(amity, "Wai")
    async with amity.database.write() as tx:
        await volunteering.take(tx, full.id, person.id, now=NOON)
    card = await ming.last()

    async def pressed(phone: Phone, data: str) -> str:
        return said(await phone.telegram.answer(await phone.forge(data, (await phone.last())["message_id"])))

    assert card
    sentences = [
        await pressed(ming, f"v1:take:{full.id}"),
        await pressed(wai, f"v1:take:{free.id}"),
        await pressed(ming, "v1:take:999999"),
    ]
    assert "All places" in sentences[0]
    assert "overlaps with your shift “Guide” at “Harbour Forum”" in sentences[1]
    assert "not there any more" in sentences[2]
    async with amity.database.write() as tx:
        await shift_changes.cancel(tx, other.id, now=NOON)
    sentences.append(await pressed(ming, f"v1:take:{other.id}"))
    amity.clock.move((event.starts_at - NOON + timedelta(minutes=1)).total_seconds())
    sentences.append(await pressed(ming, f"v1:take:{full.id}"))
    amity.clock.move(timedelta(days=1).total_seconds())
    sentences.append(await pressed(ming, f"v1:take:{full.id}"))
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
    answer = await phone.telegram.answer(await phone.forge(data, (await phone.last())["message_id"]))
    assert answer is not None
    await phone.settled()
    assert "went wrong" not in await phone.transcript()


async def test_an_event_at_that_time_is_warned_of_and_can_be_overruled(amity: Amity) -> None:
    helped = await published_event(amity.database, now=NOON)
    visit = await published_event(amity.database, now=NOON, title="Visit <1>")
    shift = await new_shift(amity, helped)
    phone, person = await volunteer(amity, "Ming")
    async with amity.database.write() as tx:
        await attendance.join(tx, visit.id, person.id, now=NOON)
    await phone.forge(f"v1:take:{shift.id}", (await phone.last())["message_id"])
    assert "Visit <1>" in text_of(await phone.wait_for("overlaps with this shift"))
    await choose(phone, "No, leave it")
    await phone.wait_for("📍")
    assert not await has_taken(amity, shift, person)
    await choose(phone, "Take this shift")
    await phone.wait_for("overlaps with this shift")
    await choose(phone, "Take it anyway")
    await phone.wait_for("This shift is yours.")
    assert await has_taken(amity, shift, person)


@pytest.mark.parametrize("locale", LOCALES)
async def test_a_volunteer_is_reminded_once_before_the_shift_and_told_of_what_changes(
    amity: Amity, locale: str
) -> None:
    words = language(locale)
    event = await published_event(amity.database, now=NOON, starts_at=NOON + 2 * DAY)
    later = await published_event(amity.database, now=NOON, starts_at=NOON + 4 * DAY, title="Visit")
    shift = await new_shift(amity, event, notes={"en": "Wear blue."})
    other = await new_shift(amity, later, roles={"en": "Tea"})
    phone, person = await volunteer(amity, "Ming", locale=locale)
    async with amity.database.write() as tx:
        await volunteering.take(tx, shift.id, person.id, now=NOON)
        await volunteering.take(tx, other.id, person.id, now=NOON)
    await moved_to(amity, shift.starts_at - DAY + timedelta(seconds=1))
    reminder = await phone.wait_for("🔔")
    assert words.span(shift.starts_at, shift.ends_at, now=NOON) in text_of(reminder)
    assert "Wear blue." in text_of(reminder)

    async with amity.database.write() as tx:
        changes = {"starts_at": later.starts_at, "ends_at": later.ends_at}
        await programme.change(tx, event.id, changes, now=amity.clock.now())
    changed = text_of(await phone.wait_for("✏️"))
    assert (
        words.gettext("Before: {when}", when=words.span(shift.starts_at, shift.ends_at, now=NOON)) in changed
    )
    assert words.gettext("Now: {when}", when=words.span(later.starts_at, later.ends_at, now=NOON)) in changed
    assert "⚠️" in changed
    assert "Tea" in changed

    async with amity.database.write() as tx:
        await programme.cancel(tx, event.id, now=amity.clock.now())
    assert "Guide" in text_of(await phone.wait_for("❌"))
    await phone.settled()
    notices = [text_of(message) for message in await phone.messages()]
    assert [sum(sign in text for text in notices) for sign in ("🔔", "✏️", "❌")] == [1, 1, 1]
    await phone.forge(f"v1:shift:{shift.id}", (await phone.last())["message_id"])
    await phone.wait_for(words.html("❌ <b>This event has been cancelled.</b>").striptags())


async def moved_to(amity: Amity, instant: datetime) -> None:
    amity.clock.move((instant - amity.clock.now()).total_seconds())


async def test_who_gave_the_shift_back_hears_no_more_of_it(amity: Amity) -> None:
    event = await published_event(amity.database, now=NOON, starts_at=NOON + 2 * DAY)
    shift = await new_shift(amity, event)
    staying, stays = await volunteer(amity, "Ming")
    leaving, leaves = await volunteer(amity, "Wai")
    async with amity.database.write() as tx:
        for person in (stays, leaves):
            await volunteering.take(tx, shift.id, person.id, now=NOON)
        await volunteering.drop(tx, shift.id, leaves.id, now=NOON)
    await moved_to(amity, shift.starts_at - HOUR)
    await staying.wait_for("🔔")
    async with amity.database.write() as tx:
        await shift_changes.cancel(tx, shift.id, now=amity.clock.now())
    await staying.wait_for("❌")
    assert "🔔" not in await leaving.transcript()
    assert "❌" not in await leaving.transcript()


async def test_names_and_titles_in_html_or_right_to_left_harm_nothing(amity: Amity) -> None:
    event = await published_event(amity.database, now=NOON, title="<b>مرحبا & " + "x" * 3000)
    shift = await new_shift(amity, event, roles={"en": "<i>Guide & \u202eguard"})
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
    shift = await new_shift(amity, event, languages=["ur", "en"])
    phone, person = await volunteer(amity, "Ming", locale=locale)
    await send(phone, "/volunteer")
    await phone.wait_for(words.gettext("⚠️ needs {languages}", languages=words.gettext("Urdu")))
    await choose(phone, f"v1:shift:{shift.id}")
    card = await phone.wait_for(
        words.gettext("⚠️ Your details don't say that you speak {languages}.", languages=words.gettext("Urdu"))
    )
    assert words.gettext("Take this shift") not in buttons(card)
    await forged(phone, f"v1:take:{shift.id}")
    assert not await has_taken(amity, shift, person)
    await choose(phone, words.gettext("I speak {languages}", languages=words.gettext("Urdu")))
    await choose(phone, words.gettext("Take this shift"))
    assert await has_taken(amity, shift, person)
    await send(phone, "/volunteer")
    await choose(phone, words.gettext("My details"))
    await phone.wait_for(words.gettext("Urdu"))


@pytest.mark.parametrize("locale", LOCALES)
async def test_a_certificate_is_handed_in_looked_at_and_lets_take_the_shift(
    amity: Amity, locale: str
) -> None:
    words = language(locale)
    event = await published_event(amity.database, now=NOON)
    shift = await new_shift(amity, event)
    async with amity.database.write() as tx:
        await shifts.change(tx, shift.id, certificate="first_aid")
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
    await forged(phone, f"v1:take:{shift.id}")
    assert await has_taken(amity, shift, person)
    await boss.press(words.gettext("✅ Yes, it counts"))
    await boss.settled()
    await forged(phone, "v1:certdrop:first_aid")
    await choose(phone, words.gettext("Yes, delete it"))
    async with amity.database.read() as tx:
        assert await volunteer_certificates.list_of_person(tx, person.id) == []


@pytest.mark.parametrize("locale", LOCALES)
async def test_a_shift_on_request_is_asked_for_and_decided(amity: Amity, locale: str) -> None:
    words = language(locale)
    boss = await agreed(amity.telegram, "Boss", id=OWNER, locale=locale)
    event = await made_by_nobody(amity)
    one, other = await new_shift(amity, event), await new_shift(amity, event, roles={"en": "Door"})
    async with amity.database.write() as tx:
        for shift in (one, other):
            await shifts.change(tx, shift.id, approval=True)
    phone, person = await volunteer(amity, "Ming", locale=locale)
    for shift in (one, other):
        await forged(phone, f"v1:shift:{shift.id}")
        assert words.gettext("✋ An organiser decides who does it.") in text_of(await phone.last())
        answer = await choose(phone, words.gettext("Ask for this shift"))
        assert said(answer) == words.gettext("Thank you! An organiser decides, and I tell you.")
        await boss.wait_for(lambda message, role=shift.roles["en"]: role in text_of(message))
        assert not await has_taken(amity, shift, person)
    await forged(boss, f"v1:oshiftyes:{one.id}:{person.id}")
    assert await has_taken(amity, one, person)
    await phone.wait_for(lambda message: "✅" in text_of(message) and "Guide" in text_of(message))
    await forged(boss, f"v1:oshiftno:{other.id}:{person.id}")
    reason = words.gettext("What is the reason? I send it to the volunteer. Or press “Skip”.")
    assert reason in text_of(await boss.last())
    await send(boss, "We are <b>enough</b>")
    await phone.wait_for("We are <b>enough</b>")
    await forged(phone, f"v1:take:{other.id}")
    assert not await has_taken(amity, other, person)


async def test_warnings_of_rest_and_work_show_the_hours(amity: Amity) -> None:
    event = await published_event(amity.database, now=NOON)
    late = await new_shift(amity, event, ends_at=event.starts_at + 4 * HOUR)
    early = await new_shift(amity, event, starts_at=late.ends_at + 7 * HOUR, ends_at=late.ends_at + 18 * HOUR)
    phone, person = await volunteer(amity, "Ming")
    async with amity.database.write() as tx:
        await volunteering.take(tx, late.id, person.id, now=NOON)
    await forged(phone, f"v1:shift:{early.id}")
    await choose(phone, "Take this shift")
    warned = text_of(await phone.wait_for("Take the shift all the same?"))
    assert "Only 7 h of rest" in warned
    assert "You would work 11 h on Monday" in warned
    await choose(phone, "Take it anyway")
    assert await has_taken(amity, early, person)


async def test_night_shifts_say_so(amity: Amity) -> None:
    event = await published_event(amity.database, now=NOON)
    shift = await new_shift(
        amity, event, starts_at=event.starts_at + 3 * HOUR, ends_at=event.starts_at + 6 * HOUR
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
