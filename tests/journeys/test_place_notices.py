"""What others decide about one's place: offers, an organiser's yes or no, changes and moves."""

from datetime import timedelta

import pytest

from bot import applications, attendance, merging, programme
from bot.language import LOCALES, language
from storage import Database, people, rsvps
from storage.events import Event
from storage.people import Person
from tests.conftest import NOON, Amity
from tests.making import agreed, known_person, published_event
from tests.messages import Message, buttons, text_of
from tests.moves import card, forged, pressed
from tests.phone import Phone


async def member(database: Database, phone: Phone) -> Person:
    async with database.read() as tx:
        person = await people.find_by_telegram_id(tx, phone.id)
    assert person is not None
    return person


async def full_with_ming_waiting(
    amity: Amity, locale: str = "en", **values: object
) -> tuple[Event, Phone, int]:
    """An event with one place, taken by somebody without a phone, for which Ming waits."""
    event = await published_event(amity.database, now=NOON, capacity=1, **values)
    holder = await known_person(amity.database, 55, now=NOON)
    async with amity.database.write() as tx:
        await attendance.join(tx, event.id, holder.id, now=NOON)
    ming = await agreed(amity.telegram, "Ming", locale=locale)
    await card(ming, event.id)
    await pressed(amity, ming, "v1:join")
    return event, ming, holder.id


async def freed(amity: Amity, event: Event, holder: int) -> None:
    async with amity.database.write() as tx:
        await attendance.leave(tx, event.id, holder, now=amity.clock.now())


async def offered(phone: Phone) -> Message:
    return await phone.wait_for(lambda message: "v1:nothanks" in str(message))


@pytest.mark.parametrize("locale", LOCALES)
async def test_an_offered_place_is_taken_with_one_tap(amity: Amity, locale: str) -> None:
    words = language(locale)
    event, ming, holder = await full_with_ming_waiting(amity, locale, offer_minutes=120)
    await freed(amity, event, holder)
    offer = await offered(ming)
    assert "Harbour Forum" in text_of(offer)
    await ming.write("/my")
    listed = await ming.wait_for(lambda message: "v1:calendar" in str(message))
    assert text_of(listed).split("\n\n")[1].startswith("🎁")
    answer = await pressed(amity, ming, words.gettext("Take the place"), offer)
    assert answer["text"] == words.gettext("You have a place.")
    again = await pressed(amity, ming, "v1:accept", offer)
    assert again["text"] == words.gettext("You have a place."), "pressing twice is harmless"


@pytest.mark.parametrize("locale", LOCALES)
async def test_declining_is_one_tap_and_can_be_undone_while_places_last(amity: Amity, locale: str) -> None:
    words = language(locale)
    event, ming, holder = await full_with_ming_waiting(amity, locale, offer_minutes=120)
    await freed(amity, event, holder)
    answer = await pressed(amity, ming, words.gettext("No, thank you"), await offered(ming))
    assert answer["text"] == words.gettext(
        "The place goes to whoever is next. If you change your mind, sign up again on the card."
    )
    assert (await pressed(amity, ming, words.gettext("I will come")))["text"] == words.gettext(
        "You have a place."
    )


async def test_a_declined_offer_is_passed_on_at_once(amity: Amity) -> None:
    event, ming, holder = await full_with_ming_waiting(amity, offer_minutes=120)
    wai = await agreed(amity.telegram, "Wai")
    await card(wai, event.id)
    await pressed(amity, wai, "v1:join")
    await freed(amity, event, holder)
    await pressed(amity, ming, "No, thank you", await offered(ming))
    await pressed(amity, wai, "Take the place", await offered(wai))
    assert "Join the waitlist" in buttons(await card(ming, event.id))


async def test_an_expired_offer_says_so_and_asks_anew_with_one_tap(amity: Amity) -> None:
    event, ming, holder = await full_with_ming_waiting(amity, offer_minutes=60)
    await freed(amity, event, holder)
    offer = await offered(ming)
    amity.clock.move(3_700)
    ended = await ming.wait_for("is over. There is still room")
    # The old message's button asks for a place as well: it is free still.
    answer = await pressed(amity, ming, "Ask once more", ended)
    assert answer["text"] == "You have a place."
    assert (await pressed(amity, ming, "v1:accept", offer))["text"] == "You have a place."


async def test_an_expired_offer_goes_on_only_where_somebody_is_next(amity: Amity) -> None:
    event, ming, holder = await full_with_ming_waiting(amity, offer_minutes=60)
    wai = await agreed(amity.telegram, "Wai")
    await card(wai, event.id)
    await pressed(amity, wai, "v1:join")
    await freed(amity, event, holder)
    await offered(ming)
    amity.clock.move(3_700)
    await ming.wait_for("is over, and it went to whoever is next")
    await offered(wai)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("again", [True, False])
async def test_an_application_is_refused_in_the_organisers_words(
    amity: Amity, locale: str, again: bool
) -> None:
    words = language(locale)
    event = await published_event(amity.database, now=NOON, approval=True, apply_again=again)
    organiser = await known_person(amity.database, 77, now=NOON)
    ming = await agreed(amity.telegram, "Ming", locale=locale)
    await card(ming, event.id)
    answer = await pressed(amity, ming, words.gettext("Apply for a place"))
    applied = "You have applied. An organiser will look at it, and I will tell you."
    assert answer["text"] == words.gettext(applied)
    assert words.gettext("Withdraw my application") in buttons(await ming.last())
    person = await member(amity.database, ming)
    async with amity.database.write() as tx:
        mine = await rsvps.find(tx, event.id, person.id)
        assert mine is not None
        await applications.refuse(tx, mine.id, organiser.id, "Only for <crew> & friends", now=NOON)
    told = await ming.wait_for("Only for <crew> & friends")
    assert (words.gettext("You may apply once more.") in text_of(told)) is again
    shown = await card(ming, event.id)
    assert "Only for <crew> & friends" in text_of(shown)
    assert (words.gettext("Apply for a place") in buttons(shown)) is again
    answer = await forged(amity, ming, f"v1:join:{event.id}")
    refused = "An organiser could not give you a place."
    assert answer["text"] == words.gettext(applied if again else refused)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("places", [1, None])
async def test_an_application_is_approved_and_says_where_one_stands(
    amity: Amity, locale: str, places: int | None
) -> None:
    words = language(locale)
    event = await published_event(amity.database, now=NOON, approval=True, capacity=places)
    organiser = await known_person(amity.database, 77, now=NOON)
    ming = await agreed(amity.telegram, "Ming", locale=locale)
    person = await member(amity.database, ming)
    async with amity.database.write() as tx:
        if places:
            await merging.add(tx, event.id, organiser.id, organiser.id, now=NOON)
        await attendance.join(tx, event.id, person.id, now=NOON)
        mine = await rsvps.find(tx, event.id, person.id)
        assert mine is not None
        await applications.approve(tx, mine.id, organiser.id, now=NOON)
    told = await ming.wait_for("Harbour Forum")
    assert text_of(told).startswith("✅" if places else "🎉")
    assert words.gettext("Open the event") in buttons(told)


@pytest.mark.parametrize("locale", LOCALES)
async def test_a_change_is_told_from_old_to_new_and_one_can_withdraw_in_one_tap(
    amity: Amity, locale: str
) -> None:
    words = language(locale)
    event = await published_event(amity.database, now=NOON)
    ming = await agreed(amity.telegram, "Ming", locale=locale)
    await card(ming, event.id)
    await pressed(amity, ming, "v1:join")
    later = event.starts_at + timedelta(days=1)
    async with amity.database.write() as tx:
        await programme.change(
            tx, event.id, {"starts_at": later, "ends_at": later + timedelta(hours=3)}, now=NOON
        )
        await programme.change_text(tx, event.id, "en", {"place": "Other Hall"}, now=NOON)
    told = await ming.wait_for("✏️")
    for said in (
        words.span(event.starts_at, event.ends_at, now=NOON),
        words.span(later, later + timedelta(hours=3), now=NOON),
        "Sample Hall",
        "Other Hall",
    ):
        assert said in text_of(told)
    assert sum("✏️" in text_of(one) for one in await ming.messages()) == 1, "told once"
    answer = await pressed(amity, ming, words.gettext("I can't come"), told)
    assert answer["text"] == words.gettext("Your place is given up. Thank you for telling us.")
    assert words.gettext("I will come") in buttons(await ming.last()), "the way back"


@pytest.mark.parametrize("locale", LOCALES)
async def test_a_merged_event_leads_to_the_one_it_became_part_of(amity: Amity, locale: str) -> None:
    words = language(locale)
    old = await published_event(amity.database, now=NOON, title="Old Forum")
    new = await published_event(amity.database, now=NOON, title="New Forum")
    organiser = await known_person(amity.database, 77, now=NOON)
    ming = await agreed(amity.telegram, "Ming", locale=locale)
    shown = await card(ming, old.id)
    await pressed(amity, ming, "v1:join")
    async with amity.database.write() as tx:
        await merging.merge(tx, old.id, new.id, organiser.id, now=NOON)
    told = await ming.wait_for(lambda message: "➡️" in text_of(message) and "New Forum" in text_of(message))
    assert "Old Forum" in text_of(told)
    assert words.gettext("You have a place.") in text_of(told)
    answer = await pressed(amity, ming, "v1:join", shown)
    assert answer["text"] == words.gettext("This event has become part of another one. Please open that.")
    await pressed(amity, ming, "New Forum")
    await ming.wait_for(words.gettext("✅ <b>You have a place.</b>")[5:-4])


async def test_who_was_moved_added_or_removed_hears_it_once(amity: Amity) -> None:
    old = await published_event(amity.database, now=NOON, title="Old Forum")
    new = await published_event(amity.database, now=NOON, title="New Forum", capacity=5)
    third = await published_event(amity.database, now=NOON, title="Third Forum")
    organiser = await known_person(amity.database, 77, now=NOON)
    ming = await agreed(amity.telegram, "Ming")
    person = await member(amity.database, ming)
    await card(ming, old.id)
    await pressed(amity, ming, "v1:join")
    async with amity.database.write() as tx:
        await merging.move(tx, old.id, new.id, person.id, organiser.id, now=NOON)
        await merging.add(tx, third.id, person.id, organiser.id, now=NOON)
    await ming.wait_for("has moved you from Old Forum to New Forum")
    await ming.wait_for("put you on the list for Third Forum")
    async with amity.database.write() as tx:
        await merging.remove(tx, third.id, person.id, organiser.id, "Two were too many", now=NOON)
    told = await ming.wait_for("Two were too many")
    assert "Third Forum" in text_of(told)
    assert sum("has moved you" in text_of(one) for one in await ming.messages()) == 1


async def test_what_is_not_true_any_more_is_not_sent(amity: Amity) -> None:
    event, ming, holder = await full_with_ming_waiting(amity)
    async with amity.database.write() as tx:
        await attendance.leave(tx, event.id, holder, now=NOON)
        await attendance.leave(tx, event.id, (await member(amity.database, ming)).id, now=NOON)
    wai = await agreed(amity.telegram, "Wai")
    await card(wai, event.id)
    await pressed(amity, wai, "v1:join")
    assert not any("🎉" in text_of(one) for one in await ming.messages())
