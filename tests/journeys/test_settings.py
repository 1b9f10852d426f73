"""Choosing what one is told, when not, and about what."""

import pytest

from bot.language import LOCALES, language
from storage import people
from tests.conftest import Amity
from tests.making import agreed
from tests.messages import buttons, text_of
from tests.moves import forged, person_of, pressed
from tests.phone import Phone


async def muted(amity: Amity, phone: Phone) -> frozenset[str]:
    person = await person_of(amity, phone)
    async with amity.database.read() as tx:
        return await people.list_mutes(tx, person.id)


async def interests(amity: Amity, phone: Phone) -> frozenset[str]:
    person = await person_of(amity, phone)
    async with amity.database.read() as tx:
        return await people.list_interests(tx, person.id)


async def quiet(amity: Amity, phone: Phone) -> tuple[int | None, int | None]:
    person = await person_of(amity, phone)
    return person.quiet_from, person.quiet_until


@pytest.mark.parametrize("locale", LOCALES)
async def test_each_kind_of_message_is_turned_off_and_on_by_itself(amity: Amity, locale: str) -> None:
    words = language(locale)
    ming = await agreed(amity.telegram, "Ming", locale=locale)
    await ming.write("/settings")
    await ming.wait_for(lambda message: words.gettext("🔕 Don't remind me of events") in buttons(message))
    await pressed(amity, ming, "v1:mute:events:off")
    shown = await ming.wait_for(lambda message: words.gettext("🔔 Remind me of events") in buttons(message))
    assert words.gettext("🔕 Don't remind me of shifts") in buttons(shown)
    assert await muted(amity, ming) == {"events"}
    await pressed(amity, ming, "v1:mute:broadcasts:off")
    assert await muted(amity, ming) == {"events", "broadcasts"}
    await pressed(amity, ming, "v1:mute:events:on")
    assert await muted(amity, ming) == {"broadcasts"}


async def test_a_switch_pressed_twice_does_it_once(amity: Amity) -> None:
    ming = await agreed(amity.telegram, "Ming")
    await ming.write("/settings")
    shown = await ming.wait_for("Settings")
    data = "v1:mute:shifts:off"
    queries = await amity.telegram.press_many([(ming, shown, data), (ming, shown, data)])
    for query in queries:
        assert await amity.telegram.answer(query) is not None
    assert await muted(amity, ming) == {"shifts"}


@pytest.mark.parametrize(
    "data", ["v1:mute", "v1:mute:everything:off", "v1:mute:events:maybe", "v1:mute:events"]
)
async def test_a_forged_switch_changes_nothing(amity: Amity, data: str) -> None:
    ming = await agreed(amity.telegram, "Ming")
    answer = await forged(amity, ming, data)
    assert answer["text"] == "That button does nothing here."
    assert await muted(amity, ming) == frozenset()


@pytest.mark.parametrize("locale", LOCALES)
async def test_quiet_hours_are_off_until_they_are_chosen(amity: Amity, locale: str) -> None:
    words = language(locale)
    ming = await agreed(amity.telegram, "Ming", locale=locale)
    assert await quiet(amity, ming) == (None, None)
    await ming.write("/settings")
    await ming.wait_for(lambda message: words.gettext("🌙 Quiet hours") in buttons(message))
    await pressed(amity, ming, "v1:quiet")
    await pressed(amity, ming, "v1:sethours:1380:420")
    assert await quiet(amity, ming) == (1380, 420)
    chosen = [label for label in buttons(await ming.last()) if label.startswith("✓")]
    assert len(chosen) == 1
    await pressed(amity, ming, words.gettext("No quiet hours"))
    assert await quiet(amity, ming) == (None, None)


@pytest.mark.parametrize(
    "data", ["v1:sethours", "v1:sethours:5:5", "v1:sethours:-1:9", "v1:sethours:1440:9", "v1:sethours:x:y"]
)
async def test_forged_hours_are_refused(amity: Amity, data: str) -> None:
    ming = await agreed(amity.telegram, "Ming")
    assert (await forged(amity, ming, data))["text"] == "That button does nothing here."
    assert await quiet(amity, ming) == (None, None)


@pytest.mark.parametrize(
    ("locale", "text"),
    [("en", "22:30-7:00"), ("zh_Hant_HK", "晚上10時半至早上7時"), ("zh_Hans_CN", "晚上十点半到早上七点")],
)
async def test_own_hours_are_written_as_people_write_them(amity: Amity, locale: str, text: str) -> None:
    words = language(locale)
    ming = await agreed(amity.telegram, "Ming", locale=locale)
    await ming.write("/settings")
    await ming.wait_for(lambda message: words.gettext("🌙 Quiet hours") in buttons(message))
    await pressed(amity, ming, "v1:quiet")
    await pressed(amity, ming, "v1:ownhours")
    await ming.write("hello")
    await ming.wait_for("22:30–7:00")
    await ming.send_voice()
    await ming.wait_for("22:30–7:00")
    await ming.write(text)
    await ming.wait_for("🌙")
    assert await quiet(amity, ming) == (1350, 420)


async def test_stopping_leaves_the_hours_as_they_were(amity: Amity) -> None:
    ming = await agreed(amity.telegram, "Ming")
    await forged(amity, ming, "v1:sethours:1320:480")
    await pressed(amity, ming, "v1:ownhours")
    await ming.write("/cancel")
    said = await ming.wait_for("Nothing was saved.")
    assert buttons(said) == ["🌙 Quiet hours"]
    assert await quiet(amity, ming) == (1320, 480)


@pytest.mark.parametrize("locale", LOCALES)
async def test_several_interests_are_ticked(amity: Amity, locale: str) -> None:
    words = language(locale)
    ming = await agreed(amity.telegram, "Ming", locale=locale)
    await ming.write("/settings")
    await ming.wait_for(lambda message: words.gettext("⭐ Interests") in buttons(message))
    await pressed(amity, ming, "v1:interests")
    await pressed(amity, ming, words.gettext("Camp"))
    await pressed(amity, ming, words.gettext("Contest"))
    assert await interests(amity, ming) == {"camp", "contest"}
    ticked = await ming.last()
    assert "✓ " + words.gettext("Camp") in buttons(ticked)
    await pressed(amity, ming, "✓ " + words.gettext("Camp"))
    await pressed(amity, ming, "v1:settings")
    assert words.gettext("Contest") in text_of(await ming.last())
    assert await interests(amity, ming) == {"contest"}


async def test_a_made_up_interest_is_not_kept(amity: Amity) -> None:
    ming = await agreed(amity.telegram, "Ming")
    await forged(amity, ming, "v1:interest:gossip:on")
    assert await interests(amity, ming) == frozenset()


async def test_settings_lead_to_language_and_privacy(amity: Amity) -> None:
    ming = await agreed(amity.telegram, "Ming")
    await ming.write("/settings")
    await ming.wait_for("Settings")
    await pressed(amity, ming, "🔒 Privacy")
    await pressed(amity, ming, "‹ Settings")
    await pressed(amity, ming, "🌐 English")
    await pressed(amity, ming, "繁體中文")
    assert (await person_of(amity, ming)).locale == "zh_Hant_HK"
