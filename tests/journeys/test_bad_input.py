"""What people send that nobody asked for: each gets a clear answer and a way on."""

import pytest

from bot.language import LOCALES, language
from handlers.operations import ORGANISER_COMMANDS, ORGANISER_PRESSES
from storage import dialogues, people
from storage.dialogues import Dialogue
from tests.conftest import NOON, OWNER, Amity
from tests.making import agreed, published_event
from tests.messages import buttons, text_of
from tests.moves import card, finished, forged, pressed

PICTURE = bytes.fromhex("89504e470d0a1a0a")


@pytest.mark.parametrize("locale", LOCALES)
async def test_an_unknown_command_leads_to_the_menu(amity: Amity, locale: str) -> None:
    words = language(locale)
    ming = await agreed(amity.telegram, "Ming", locale=locale)
    await ming.write("/abracadabra now")
    said = await ming.wait_for(words.gettext("I don't know that command."))
    assert words.gettext("📅 Events") in buttons(said)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("kind", ["sticker", "voice", "photo", "location", "contact"])
async def test_what_is_no_text_is_answered_kindly(amity: Amity, locale: str, kind: str) -> None:
    words = language(locale)
    ming = await agreed(amity.telegram, "Ming", locale=locale)
    match kind:
        case "sticker":
            await ming.send_sticker()
        case "voice":
            await ming.send_voice()
        case "photo":
            await ming.send_photo(PICTURE)
        case "location":
            await ming.send_location(22.28, 114.17)
        case _:
            await ming.send_contact()
    said = await ming.wait_for(lambda message: words.gettext("💬 Ask a person") in buttons(message))
    assert words.gettext("‹ Menu") in buttons(said)


@pytest.mark.parametrize("locale", LOCALES)
async def test_cancelling_nothing_leads_to_the_menu(amity: Amity, locale: str) -> None:
    words = language(locale)
    ming = await agreed(amity.telegram, "Ming", locale=locale)
    await ming.write("/cancel")
    await ming.wait_for(words.gettext("There was nothing to stop."))


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("data", ["v0:menu", "v1:", "v1:gibberish:1:2", "menu", "x" * 64, "v1:form:1:pick:0"])
async def test_a_made_up_button_leads_to_the_menu(amity: Amity, locale: str, data: str) -> None:
    words = language(locale)
    ming = await agreed(amity.telegram, "Ming", locale=locale)
    await forged(amity, ming, data)
    assert words.gettext("📅 Events") in buttons(await ming.last())


@pytest.mark.parametrize("operation", ["ics", "mute:events", "broadcastgroup:1", "topic", "shift"])
async def test_a_button_with_broken_characters_is_answered(amity: Amity, operation: str) -> None:
    boss = await agreed(amity.telegram, "Boss", id=OWNER)
    await forged(amity, boss, f"v1:{operation}:\ud800:\x00")


@pytest.mark.parametrize("payload", ["你" * 30, "x" * 64, "a:b", "event_٣"])
async def test_whatever_a_deep_link_asks_for_a_stranger_is_welcomed(amity: Amity, payload: str) -> None:
    wai = await amity.telegram.person("Wai")
    await wai.write(f"/start {payload}")
    asked = await wai.wait_for("Please choose your language.")
    for data in (f"v1:hello:en:{payload}"[:64], "v1:decline:en:" + "x" * 50, "v1:hello:en:" + "x" * 52):
        await wai.forge(data, asked["message_id"])
    await wai.wait_for("Before we start")
    await wai.press("I agree")
    await wai.wait_for("What would you like to do?")


@pytest.mark.parametrize("locale", LOCALES)
async def test_in_a_group_everybody_is_led_to_their_own_chat(amity: Amity, locale: str) -> None:
    words = language(locale)
    ming = await agreed(amity.telegram, "Ming", locale=locale)
    group = await amity.telegram.group("Friends", ming)
    await ming.write("/my", chat=group)
    said = await ming.wait_for(
        words.gettext("Please write to me in our own chat, so that your plans stay yours."), chat=group
    )
    assert words.gettext("Open our chat") in buttons(said)
    assert "https://t.me/amity_playground_bot" in str(said)


async def test_a_stranger_in_a_group_is_pointed_to_their_own_chat_and_not_remembered(amity: Amity) -> None:
    wai = await amity.telegram.person("Wai", language_code="zh-hk")
    group = await amity.telegram.group("Friends", wai)
    await wai.write("/start event_1", chat=group)
    said = await wai.wait_for(lambda message: bool(buttons(message)), chat=group)
    assert "start=event_1" in str(said)
    assert language("zh_Hant_HK").gettext("Open our chat") in buttons(said)


async def test_talk_in_a_group_is_left_alone(amity: Amity) -> None:
    ming = await agreed(amity.telegram, "Ming")
    group = await amity.telegram.group("Friends", ming)
    await ming.write("Shall we go to the forum?", chat=group)
    await ming.write("/start@another_bot", chat=group)
    await finished(amity)
    await ming.settled()
    assert not [message for message in await ming.messages(group) if message["from"]["is_bot"]]


async def test_a_live_location_that_moves_is_answered_once(amity: Amity) -> None:
    ming = await agreed(amity.telegram, "Ming")
    sent = await ming.send_location(22.28, 114.17)
    await ming.wait_for(lambda message: bool(buttons(message)))
    face = {"id": ming.id, "is_bot": False, "first_name": "Ming"}
    place = {"latitude": 22.29, "longitude": 114.17, "live_period": 900}
    chat = {"id": ming.id, "type": "private"}
    moved = {"message_id": sent, "date": 1, "edit_date": 2, "chat": chat, "from": face, "location": place}
    await amity.telegram.raw_update({"edited_message": moved})
    await ming.settled()
    await finished(amity)
    assert len([message for message in await ming.messages() if message["message_id"] > sent]) == 1


async def test_an_edited_answer_does_not_change_what_was_said(amity: Amity) -> None:
    ming = await agreed(amity.telegram, "Ming")
    await forged(amity, ming, "v1:ownhours")
    wrong = await ming.write("hello")
    await ming.wait_for("I could not read two times")
    await ming.edit(wrong, "22:00-8:00")
    await ming.wait_for("I keep your first message as it was.")
    await ming.write("22:00-8:00")
    await ming.wait_for("🌙 Quiet hours")


async def test_a_command_in_the_middle_of_a_form_is_obeyed_and_the_form_waits(amity: Amity) -> None:
    ming = await agreed(amity.telegram, "Ming")
    await forged(amity, ming, "v1:ownhours")
    await ming.write("/events")
    await ming.wait_for("There are no upcoming events just now.")
    await ming.write("22:00-8:00")
    await ming.wait_for("🌙 Quiet hours")


async def test_a_form_that_has_changed_since_it_was_begun_is_over(amity: Amity) -> None:
    ming = await agreed(amity.telegram, "Ming")
    async with amity.database.write() as tx:
        person = await people.find_by_telegram_id(tx, ming.id)
        assert person is not None
        await dialogues.put(tx, person.id, Dialogue("quiet", "a step of old", {}, 1), now=NOON)
    await ming.write("hello")
    await ming.wait_for("That is over already.")


async def test_a_button_of_a_finished_form_says_so(amity: Amity) -> None:
    ming = await agreed(amity.telegram, "Ming")
    await forged(amity, ming, "v1:ownhours")
    asked = await ming.last()
    await ming.write("22:00-8:00")
    await ming.wait_for("🌙 Quiet hours")
    await ming.press("Stop", asked)
    await ming.wait_for("That is over already.")


@pytest.mark.parametrize(
    "text",
    [
        "🤷" * 2000,
        "<b>" * 1000,
        "\u202e" + "abc" * 100,
        "\x00\x01\x02x",
        "a" * 4096,
        "\u200b",
        "&amp;<script>",
        "/",
        "//",
        "/ ",
    ],
)
async def test_whatever_is_typed_is_answered(amity: Amity, text: str) -> None:
    ming = await agreed(amity.telegram, "Ming")
    await ming.write(text)
    await ming.wait_for(lambda message: bool(text_of(message)))


@pytest.mark.parametrize("name", ["<b>&</b>", "\u202eevil", "👩‍👩‍👧‍👦" * 9, "x" * 64, "محمد", "{n}"])
async def test_any_name_is_welcomed(amity: Amity, name: str) -> None:
    ming = await agreed(amity.telegram, name)
    await ming.write("/privacy")
    shown = await ming.wait_for("What I keep about you")
    assert name.replace("\u202e", "") in text_of(shown)


async def test_nobody_without_the_role_reaches_what_organisers_do(amity: Amity) -> None:
    ming = await agreed(amity.telegram, "Ming")
    for operation in ORGANISER_PRESSES:
        answer = await forged(amity, ming, f"v1:{operation}:1:1")
        assert answer["text"] == "That button does nothing here.", operation
    for command in ORGANISER_COMMANDS:
        await ming.write(f"/{command}")
        await ming.wait_for("I don't know that command.")


async def test_a_button_under_an_old_message_still_works(amity: Amity) -> None:
    event = await published_event(amity.database, now=NOON)
    ming = await agreed(amity.telegram, "Ming")
    old = await card(ming, event.id)
    amity.clock.move(49 * 3600)
    answer = await pressed(amity, ming, "v1:join", old)
    assert answer["text"] == "You have a place."
