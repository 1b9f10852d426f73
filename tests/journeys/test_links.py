"""Events for a group or by invitation, and the links that let people in."""

import pytest

from bot import groups
from bot.language import LOCALES, language
from storage import events, invitations
from tests.conftest import NOON, Amity
from tests.making import agreed, known_person, published_event
from tests.messages import buttons, text_of
from tests.moves import card, forged, pressed


@pytest.mark.parametrize("locale", LOCALES)
async def test_an_event_for_a_group_is_politely_for_others_and_the_link_lets_in(
    amity: Amity, locale: str
) -> None:
    words = language(locale)
    creator = await known_person(amity.database, 2, now=NOON)
    async with amity.database.write() as tx:
        group = await groups.create(tx, {"en": "Choir", locale: "Choir"}, actor_id=creator.id, now=NOON)
    event = await published_event(amity.database, now=NOON, audience="group", group_id=group.id)
    ming = await agreed(amity.telegram, "Ming", locale=locale)
    await ming.write("/events")
    await ming.wait_for(
        words.gettext("There are no upcoming events just now. Please look again in a few days.")
    )
    await ming.write(f"/start event_{event.id}")
    shown = await ming.wait_for("Choir")
    assert "We talk." not in text_of(shown)
    answer = await forged(amity, ming, f"v1:join:{event.id}")
    assert answer["text"] == words.gettext(
        "This event is for a group. Please open the group's link first, or ask us."
    )
    for operation in ("ics", "map"):
        assert (await forged(amity, ming, f"v1:{operation}:{event.id}"))["text"]
    await ming.write(f"/start group_{group.token}")
    await ming.wait_for(lambda message: "Choir" in text_of(message) and "events" in str(message))
    await ming.write("/events")
    await ming.wait_for("Harbour Forum")
    await card(ming, event.id)
    assert (await pressed(amity, ming, words.gettext("I will come")))["text"] == words.gettext(
        "You have a place."
    )


async def test_a_stranger_with_an_invitation_comes_through_consent_to_the_card(amity: Amity) -> None:
    event = await published_event(amity.database, now=NOON, audience="invited")
    async with amity.database.write() as tx:
        await events.renew_invitation(tx, event.id, "AbCdEf0123456_-x")
    uninvited = await agreed(amity.telegram, "Wai")
    await uninvited.write(f"/start event_{event.id}")
    said = await uninvited.wait_for("by invitation")
    assert "Harbour Forum" not in text_of(said)
    assert (await forged(amity, uninvited, f"v1:join:{event.id}"))["text"].startswith("This event is by")
    ming = await amity.telegram.person("Ming")
    await ming.write("/start invite_AbCdEf0123456_-x")
    await ming.wait_for("語言")
    await pressed(amity, ming, "v1:hello:zh_Hant_HK")
    await pressed(amity, ming, "v1:agree")
    words = language("zh_Hant_HK")
    await ming.wait_for(lambda message: words.gettext("I will come") in buttons(message))
    assert (await pressed(amity, ming, "v1:join"))["text"] == words.gettext("You have a place.")


@pytest.mark.parametrize("link", ["invite_nonsense", "group_nonsense", "invite_", "group_"])
async def test_a_link_that_is_not_valid_any_more_says_so(amity: Amity, link: str) -> None:
    ming = await agreed(amity.telegram, "Ming")
    await ming.write(f"/start {link}")
    await ming.wait_for("is not valid any more")


async def test_invitations_are_written_once_however_often_the_link_is_opened(amity: Amity) -> None:
    event = await published_event(amity.database, now=NOON, audience="invited")
    async with amity.database.write() as tx:
        await events.renew_invitation(tx, event.id, "token0123456789a")
    ming = await agreed(amity.telegram, "Ming")
    for _ in range(2):
        await ming.write("/start invite_token0123456789a")
        await ming.wait_for("Harbour Forum")
    async with amity.database.read() as tx:
        assert await invitations.count(tx, event.id) == 1
