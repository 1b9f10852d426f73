"""What a member has signed up for, in one list."""

from datetime import timedelta

import pytest

from bot import attendance, volunteering
from bot.language import LOCALES, language
from storage import people, shifts
from storage.events import Event
from tests.conftest import NOON, Amity
from tests.making import agreed, known_person, published_event
from tests.messages import buttons, text_of
from tests.moves import card, forged, pressed
from tests.phone import Phone


async def shift_of(amity: Amity, phone: Phone, event: Event) -> int:
    """A shift at the event's own time that the person has taken."""
    async with amity.database.write() as tx:
        shift = await shifts.add(
            tx,
            event.id,
            starts_at=event.starts_at,
            ends_at=event.ends_at,
            places=2,
            roles={"en": "Ushering", "zh_Hant_HK": "帶位", "zh_Hans_CN": "引座"},
        )
        person = await people.find_by_telegram_id(tx, phone.id)
        assert person is not None
        await volunteering.sign_up(tx, person.id, languages=["en"], skills="", free=[], now=NOON)
        await volunteering.take(tx, shift, person.id, now=NOON, anyway=True)
    return shift


@pytest.mark.parametrize("locale", LOCALES)
async def test_places_waitlist_numbers_and_shifts_are_in_one_list(amity: Amity, locale: str) -> None:
    words = language(locale)
    talk = await published_event(amity.database, now=NOON, title="Talk", companions=2)
    full = await published_event(
        amity.database, now=NOON, title="Visit", capacity=1, starts_at=NOON + timedelta(days=2)
    )
    other = await known_person(amity.database, 55, now=NOON)
    async with amity.database.write() as tx:
        await attendance.join(tx, full.id, other.id, now=NOON)
    ming = await agreed(amity.telegram, "Ming", locale=locale)
    await card(ming, talk.id)
    await forged(amity, ming, f"v1:join:{talk.id}:2")
    await forged(amity, ming, f"v1:join:{full.id}")
    shift = await shift_of(amity, ming, talk)
    await ming.write("/my")
    shown = await ming.wait_for(words.gettext("Tap one to change it or give it up."))
    said = text_of(shown)
    assert said.index("Visit") < said.index("Talk"), "soonest first"
    assert words.ngettext("with {n} companion", "with {n} companions", 2) in said
    waiting = words.gettext(
        "🕒 <b>{n}. {title}</b>\nNumber {position} on the waitlist", n=1, title="Visit", position=1
    )
    assert waiting.replace("<b>", "").replace("</b>", "") in said
    assert {"en": "Ushering", "zh_Hant_HK": "帶位", "zh_Hans_CN": "引座"}[locale] in said
    for data in (f"v1:event:{talk.id}", f"v1:event:{full.id}", f"v1:shift:{shift}"):
        assert data in str(shown)


async def test_a_shift_opened_from_the_list_leads_back_to_the_list(amity: Amity) -> None:
    event = await published_event(amity.database, now=NOON)
    ming = await agreed(amity.telegram, "Ming")
    await shift_of(amity, ming, event)
    await ming.write("/my")
    await ming.wait_for("Tap one to change it or give it up.")
    await pressed(amity, ming, "v1:shift")
    await pressed(amity, ming, "‹ My places")
    assert "Tap one to change it or give it up." in text_of(await ming.last())


@pytest.mark.parametrize("locale", LOCALES)
async def test_offers_come_first_and_applications_are_listed(amity: Amity, locale: str) -> None:
    words = language(locale)
    soon = await published_event(amity.database, now=NOON, title="Talk", starts_at=NOON + timedelta(days=1))
    chosen = await published_event(amity.database, now=NOON, title="Camp", approval=True)
    kept = await published_event(amity.database, now=NOON, title="Visit", capacity=1, offer_minutes=600)
    other = await known_person(amity.database, 55, now=NOON)
    ming = await agreed(amity.telegram, "Ming", locale=locale)
    async with amity.database.write() as tx:
        person = await people.find_by_telegram_id(tx, ming.id)
        assert person is not None
        await attendance.join(tx, kept.id, other.id, now=NOON)
        for event in (soon, chosen, kept):
            await attendance.join(tx, event.id, person.id, now=NOON)
        await attendance.leave(tx, kept.id, other.id, now=NOON)
    await ming.wait_for("🎁")
    await ming.write("/my")
    shown = await ming.wait_for(words.gettext("Tap one to change it or give it up."))
    said = text_of(shown)
    assert said.index("Visit") < said.index("Talk") < said.index("Camp")
    applied = words.gettext(
        "📝 <b>{n}. {title}</b>\nApplied: an organiser will look at it", n=3, title="Camp"
    )
    assert applied.replace("<b>", "").replace("</b>", "") in said
    await pressed(amity, ming, "Camp", shown)
    await pressed(amity, ming, words.gettext("‹ My places"))
    assert words.gettext("Tap one to change it or give it up.") in text_of(await ming.last())


@pytest.mark.parametrize("locale", LOCALES)
async def test_an_empty_list_leads_to_events_and_shifts(amity: Amity, locale: str) -> None:
    words = language(locale)
    ming = await agreed(amity.telegram, "Ming", locale=locale)
    await ming.write("/my")
    shown = await ming.wait_for(lambda message: words.gettext("🙋 Volunteer") in buttons(message))
    assert buttons(shown) == [
        words.gettext("📅 Events"),
        words.gettext("🙋 Volunteer"),
        words.gettext("‹ Menu"),
    ]


async def test_a_place_can_be_given_up_from_the_list(amity: Amity) -> None:
    event = await published_event(amity.database, now=NOON)
    ming = await agreed(amity.telegram, "Ming")
    await card(ming, event.id)
    await pressed(amity, ming, "v1:join")
    await ming.write("/my")
    shown = await ming.wait_for("What you have signed up for")
    await pressed(amity, ming, "Harbour Forum", shown)
    await pressed(amity, ming, "v1:leave")
    await pressed(amity, ming, "v1:left")
    await ming.write("/my")
    await ming.wait_for("You have no places and no shifts yet.")


async def test_what_is_over_cancelled_or_given_up_is_not_listed(amity: Amity) -> None:
    event = await published_event(amity.database, now=NOON, starts_at=NOON + timedelta(minutes=10))
    ming = await agreed(amity.telegram, "Ming")
    await card(ming, event.id)
    await pressed(amity, ming, "v1:join")
    amity.clock.move(4 * 3600)
    await ming.write("/my")
    await ming.wait_for("You have no places and no shifts yet.")


async def test_a_long_list_is_turned_page_by_page(amity: Amity) -> None:
    ming = await agreed(amity.telegram, "Ming")
    async with amity.database.read() as tx:
        person = await people.find_by_telegram_id(tx, ming.id)
    assert person is not None
    for number in range(14):
        event = await published_event(
            amity.database, now=NOON, title=f"Talk {number:02}", starts_at=NOON + timedelta(days=number + 1)
        )
        async with amity.database.write() as tx:
            await attendance.join(tx, event.id, person.id, now=NOON)
    await ming.write("/my")
    page = await ming.wait_for("Talk 05")
    assert "Talk 06" not in text_of(page)
    await ming.press("Later ›", page)
    page = await ming.wait_for("Talk 11")
    await ming.press("Later ›", page)
    page = await ming.wait_for("Talk 13")
    assert "Later ›" not in buttons(page)
    for data in ("v1:my:99", "v1:my:-3", "v1:my:nonsense", f"v1:my:{10**30}"):
        await forged(amity, ming, data)
        assert "What you have signed up for" in text_of(await ming.last())
