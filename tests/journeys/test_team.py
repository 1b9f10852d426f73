"""Owners appoint organisers and dismiss them."""

import pytest

from bot.language import LOCALES, language
from storage import people
from tests.conftest import OWNER, Amity
from tests.making import agreed
from tests.phone import Phone, buttons, text_of


async def appoint(boss: Phone, called: str) -> None:
    here = (await boss.last())["message_id"]
    await boss.forge("v1:appoint", here)
    await boss.wait_for("Whom would you like to add?")
    await boss.write(called)
    await boss.wait_for("an organiser?")
    await boss.press("v1:appointed")
    await boss.wait_for("is an organiser now")


@pytest.mark.parametrize("locale", LOCALES)
async def test_who_is_appointed_is_told_and_gets_the_commands(amity: Amity, locale: str) -> None:
    words = language(locale)
    boss = await agreed(amity.telegram, "Boss", id=OWNER)
    ming = await agreed(amity.telegram, "Ming", username="Ming_Sample", locale=locale)
    assert "organise" not in await ming.commands()
    await boss.write("/organise")
    await boss.wait_for("What would you like to organise?")
    await boss.press("v1:team")
    await boss.wait_for("Team")
    await appoint(boss, "@ming_sample")
    told = words.gettext(
        "🗂 You are an organiser now. With /organise you can create events, see who comes"
        " and write to members."
    )
    await ming.wait_for(told)
    await ming.settled()
    assert (await ming.commands())["organise"] == words.gettext("Events, shifts, broadcasts")
    await ming.write("/organise")
    menu = await ming.wait_for(words.gettext("What would you like to organise?"))
    assert words.gettext("👤 Team") not in buttons(menu)


@pytest.mark.parametrize("locale", LOCALES)
async def test_who_is_dismissed_is_told_and_loses_everything_at_once(amity: Amity, locale: str) -> None:
    words = language(locale)
    boss = await agreed(amity.telegram, "Boss", id=OWNER)
    ming = await agreed(amity.telegram, "Ming", locale=locale)
    await appoint(boss, str(ming.id))
    await ming.wait_for("/organise")
    # In the middle of a new event, of all moments.
    await ming.press("v1:organise")
    await ming.wait_for(words.gettext("What would you like to organise?"))
    await ming.press("v1:onew")
    await ming.wait_for(words.gettext("What kind of event is it?"))
    await boss.press("v1:unteam:")
    await boss.wait_for("from the team?")
    await boss.press("v1:unteamed:")
    await boss.wait_for("is no organiser any more")
    await ming.wait_for(
        words.gettext("You are no organiser any more. Thank you for your work! Everything else stays.")
    )
    await ming.settled()
    assert "organise" not in await ming.commands()
    await ming.press("v1:form")
    await ming.wait_for(words.gettext("That is over already."))
    await ming.write("xylophone lessons?")
    await ming.wait_for(lambda message: "v1:askq" in str(message))
    await ming.write("/organise")
    await ming.wait_for(words.gettext("I don't know that command."))


async def test_only_owners_see_the_team(amity: Amity) -> None:
    boss, ming = await agreed(amity.telegram, "Boss", id=OWNER), await agreed(amity.telegram, "Ming")
    await appoint(boss, str(ming.id))
    await ming.wait_for("You are an organiser now")
    here = (await ming.last())["message_id"]
    for operation in ("team", "appoint", "appointed:1", "unteam:1", "unteamed:1"):
        said = await amity.telegram.answer(await ming.forge(f"v1:{operation}", here))
        assert said
        assert said["text"] == "That button does nothing here."


async def test_somebody_unknown_is_not_appointed_and_one_can_try_again(amity: Amity) -> None:
    boss = await agreed(amity.telegram, "Boss", id=OWNER)
    await boss.forge("v1:appoint", (await boss.last())["message_id"])
    await boss.wait_for("Whom would you like to add?")
    for nonsense in ("@nobody_here", "99999999999999999999", "<b>"):
        await boss.write(nonsense)
        await boss.wait_for("I don't know")
    await boss.write("somebody nice")
    await boss.wait_for("Please send one @username")
    await boss.write("/cancel")
    await boss.wait_for("Stopped.")


async def test_a_name_that_two_people_have_had_needs_the_number(amity: Amity) -> None:
    boss = await agreed(amity.telegram, "Boss", id=OWNER)
    await agreed(amity.telegram, "Ming", username="sample_name")
    wai = await agreed(amity.telegram, "Wai", username="Sample_Name")
    await boss.forge("v1:appoint", (await boss.last())["message_id"])
    await boss.wait_for("Whom would you like to add?")
    await boss.write("@sample_name")
    await boss.wait_for("Several people have had that name")
    await boss.write(str(wai.id))
    assert "Wai" in text_of(await boss.wait_for("an organiser?"))


async def test_a_double_tap_appoints_once_and_owners_cannot_be_removed(amity: Amity) -> None:
    boss, ming = await agreed(amity.telegram, "Boss", id=OWNER), await agreed(amity.telegram, "Ming")
    here = (await boss.last())["message_id"]
    async with amity.database.read() as tx:
        known = [await people.find_by_telegram_id(tx, phone.id) for phone in (boss, ming)]
    owner, member = (one.id for one in known if one)
    for _ in range(2):
        await boss.forge(f"v1:appointed:{member}", here)
    await boss.forge(f"v1:unteam:{owner}", here)
    await boss.forge(f"v1:unteamed:{owner}", here)
    await ming.wait_for("You are an organiser now")
    await ming.settled()
    assert sum("You are an organiser now" in text_of(one) for one in await ming.messages()) == 1
    await boss.write("/organise")
    await boss.wait_for("What would you like to organise?")
