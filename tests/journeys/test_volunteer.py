"""A member becomes a volunteer: the form, their details, and stopping again."""

import pytest

from bot import volunteering
from bot.language import LOCALES, language
from storage import volunteers
from tests.conftest import NOON, Amity
from tests.making import agreed, published_event
from tests.moves import choose, person_of, send
from tests.phone import buttons, text_of
from tests.shifts import has, new_shift
from tests.volunteers import said, volunteer


@pytest.mark.parametrize("locale", LOCALES)
async def test_a_member_signs_up_takes_a_shift_and_gives_it_back(amity: Amity, locale: str) -> None:
    words = language(locale)
    event = await published_event(amity.database, now=NOON)
    shift = await new_shift(amity.database, event, places=2, languages=["yue"], notes={"en": "Wear blue."})
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
    assert await has(amity.database, shift, person)

    await choose(phone, words.gettext("I can't come"))
    await choose(phone, words.gettext("No, I will come"))
    assert await has(amity.database, shift, person)
    await choose(phone, words.gettext("I can't come"))
    answer = await choose(phone, words.gettext("Give it back"))
    assert said(answer) == words.gettext("The shift is given back. Thank you for telling us.")
    assert not await has(amity.database, shift, person)


async def test_a_member_who_takes_a_shift_signs_up_first_and_comes_back_to_it(amity: Amity) -> None:
    event = await published_event(amity.database, now=NOON)
    shift = await new_shift(amity.database, event)
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
    assert not await has(amity.database, shift, await person_of(amity, phone))
    await choose(phone, "Take this shift")
    assert await has(amity.database, shift, await person_of(amity, phone))


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
    shift = await new_shift(amity.database, event)
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
    assert not await has(amity.database, shift, person)
    await phone.forge("v1:volleft", (await phone.last())["message_id"])
    await phone.settled()
    await choose(phone, "Sign up again")
    await phone.wait_for("Which languages do you speak?")
