"""Taking a place at an event, alone or with others, waiting for one, and giving it up."""

from datetime import timedelta

import pytest

from bot import programme, volunteering
from bot.language import LOCALES, language
from storage import people, rsvps, shifts
from tests.conftest import NOON, Amity
from tests.making import agreed, published_event
from tests.messages import buttons, text_of
from tests.moves import card, forged, pressed


@pytest.mark.parametrize("locale", LOCALES)
async def test_a_place_is_taken_and_given_up(amity: Amity, locale: str) -> None:
    words = language(locale)
    event = await published_event(amity.database, now=NOON, capacity=5)
    ming = await agreed(amity.telegram, "Ming", locale=locale)
    await card(ming, event.id)
    answer = await pressed(amity, ming, "v1:join")
    assert answer["text"] == words.gettext("You have a place.")
    shown = await ming.wait_for(lambda message: words.gettext("I can't come") in buttons(message))
    assert words.ngettext("👥 {n} place left", "👥 {n} places left", 4) in text_of(shown)
    await pressed(amity, ming, "v1:leave")
    await ming.wait_for(lambda message: words.gettext("Yes, give it up") in buttons(message))
    answer = await pressed(amity, ming, "v1:left")
    assert answer["text"] == words.gettext("Your place is given up. Thank you for telling us.")
    twice = await ming.forge(f"v1:left:{event.id}", (await ming.last())["message_id"])
    answer = await amity.telegram.answer(twice) or {}
    assert answer["text"] == words.gettext("You have no place here, so there is nothing to give up.")


async def test_changing_ones_mind_about_leaving_keeps_the_place(amity: Amity) -> None:
    event = await published_event(amity.database, now=NOON)
    ming = await agreed(amity.telegram, "Ming")
    await card(ming, event.id)
    await pressed(amity, ming, "v1:join")
    await pressed(amity, ming, "v1:leave")
    await pressed(amity, ming, "No, I will come")
    await ming.wait_for("You have a place.")
    assert await seated(amity, event.id) == 1


async def seated(amity: Amity, event_id: int) -> int:
    async with amity.database.read() as tx:
        return await rsvps.count_seated(tx, event_id)


async def test_companions_come_along_and_can_be_changed(amity: Amity) -> None:
    event = await published_event(amity.database, now=NOON, capacity=5, companions=2)
    ming = await agreed(amity.telegram, "Ming")
    await card(ming, event.id)
    await pressed(amity, ming, "I will bring somebody")
    await ming.wait_for("How many people do you bring")
    answer = await pressed(amity, ming, f"v1:join:{event.id}:2")
    assert answer["text"] == "You have a place, with 2 companions."
    assert await seated(amity, event.id) == 3
    await pressed(amity, ming, "Change companions")
    await pressed(amity, ming, "I come alone")
    await ming.wait_for("4 places left")
    assert await seated(amity, event.id) == 1


@pytest.mark.parametrize("companions", [3, 999, 10**25, -1])
async def test_forged_companions_are_refused(amity: Amity, companions: int) -> None:
    event = await published_event(amity.database, now=NOON, companions=2)
    ming = await agreed(amity.telegram, "Ming")
    shown = await card(ming, event.id)
    answer = await amity.telegram.answer(
        await ming.forge(f"v1:join:{event.id}:{companions}", shown["message_id"])
    )
    assert answer is not None
    assert answer["text"] in ("You can bring 2 people at most.", "That button does nothing here.")
    assert await seated(amity, event.id) == 0


@pytest.mark.parametrize("locale", LOCALES)
async def test_a_full_event_has_a_waitlist_and_who_waits_moves_up(amity: Amity, locale: str) -> None:
    words = language(locale)
    event = await published_event(amity.database, now=NOON, capacity=1)
    first, second = (
        await agreed(amity.telegram, "First"),
        await agreed(amity.telegram, "Second", locale=locale),
    )
    await card(first, event.id)
    await pressed(amity, first, "v1:join")
    shown = await card(second, event.id)
    assert words.gettext("Join the waitlist") in buttons(shown)
    answer = await pressed(amity, second, "v1:join")
    assert answer["text"] == words.gettext(
        "It is full. You are number {n} on the waitlist. I will tell you when you have a place.",
        n=words.number(1),
    )
    waiting = words.gettext("🕒 <b>You are number {n} on the waitlist.</b>", n="1")
    assert str(waiting).replace("<b>", "").replace("</b>", "") in text_of(await second.last())
    await pressed(amity, first, "v1:leave")
    await pressed(amity, first, "v1:left")
    await second.wait_for("🎉")


@pytest.mark.parametrize("locale", LOCALES)
async def test_who_waits_leaves_the_waitlist_and_gives_up_no_place(amity: Amity, locale: str) -> None:
    words = language(locale)
    event = await published_event(amity.database, now=NOON, capacity=1)
    first, second = (
        await agreed(amity.telegram, "First"),
        await agreed(amity.telegram, "Second", locale=locale),
    )
    await card(first, event.id)
    await pressed(amity, first, "v1:join")
    await card(second, event.id)
    await pressed(amity, second, "v1:join")
    await pressed(amity, second, words.gettext("Leave the waitlist"))
    assert words.gettext("Yes, leave it") in buttons(await second.last())
    answer = await pressed(amity, second, "v1:left")
    assert answer["text"] == words.gettext("You are off the waitlist. Thank you for telling us.")
    answer = await forged(amity, second, f"v1:leave:{event.id}")
    assert answer["text"] == words.gettext("You have no place here, so there is nothing to give up.")


async def test_a_full_events_card_offers_the_waitlist_only_to_those_without_a_place(amity: Amity) -> None:
    event = await published_event(amity.database, now=NOON, capacity=1)
    first, second = await agreed(amity.telegram, "First"), await agreed(amity.telegram, "Second")
    await card(first, event.id)
    await pressed(amity, first, "v1:join")
    assert "You can join the waitlist" not in text_of(await first.last())
    assert "You can join the waitlist" in text_of(await card(second, event.id))


async def test_a_double_tap_and_a_second_device_get_the_same_answer(amity: Amity) -> None:
    event = await published_event(amity.database, now=NOON, capacity=2)
    ming = await agreed(amity.telegram, "Ming")
    shown = await card(ming, event.id)
    again = await card(ming, event.id)
    data = f"v1:join:{event.id}"
    queries = await amity.telegram.press_many([(ming, shown, data), (ming, shown, data), (ming, again, data)])
    answers = [await amity.telegram.answer(query) for query in queries]
    assert {answer["text"] for answer in answers if answer} == {"You have a place."}
    assert len([answer for answer in answers if answer]) == 3
    assert await seated(amity, event.id) == 1


async def test_after_the_deadline_nobody_joins(amity: Amity) -> None:
    event = await published_event(amity.database, now=NOON, deadline_at=NOON + timedelta(days=1))
    ming = await agreed(amity.telegram, "Ming")
    shown = await card(ming, event.id)
    amity.clock.move(86_400)
    answer = await pressed(amity, ming, "v1:join", shown)
    assert answer["text"] == "Sign-up for this event has closed."
    late = await ming.wait_for("Sign-up has closed.")
    assert "I will come" not in buttons(late)


async def test_whoever_has_a_place_can_still_step_down_after_the_deadline(amity: Amity) -> None:
    event = await published_event(amity.database, now=NOON, deadline_at=NOON + timedelta(days=1))
    ming = await agreed(amity.telegram, "Ming")
    await card(ming, event.id)
    await pressed(amity, ming, "v1:join")
    amity.clock.move(86_400)
    await pressed(amity, ming, "v1:leave")
    assert (await pressed(amity, ming, "v1:left"))[
        "text"
    ] == "Your place is given up. Thank you for telling us."


@pytest.mark.parametrize(("hours", "said"), [(1, "This event has begun."), (3, "This event is over.")])
async def test_an_event_that_has_begun_says_so(amity: Amity, hours: int, said: str) -> None:
    starts_at = NOON + timedelta(minutes=30)
    event = await published_event(amity.database, now=NOON, starts_at=starts_at)
    ming = await agreed(amity.telegram, "Ming")
    shown = await card(ming, event.id)
    amity.clock.move(hours * 3600)
    answer = await pressed(amity, ming, "v1:join", shown)
    assert answer["text"] == ("This event is over." if hours > 1 else "Sign-up for this event has closed.")
    await ming.wait_for(said)


async def test_buttons_of_a_cancelled_event_say_so_and_refresh_the_card(amity: Amity) -> None:
    event = await published_event(amity.database, now=NOON)
    ming = await agreed(amity.telegram, "Ming")
    shown = await card(ming, event.id)
    async with amity.database.write() as tx:
        await programme.cancel(tx, event.id, now=NOON)
    answer = await pressed(amity, ming, "v1:join", shown)
    assert answer["text"] == "This event has been cancelled."
    refreshed = await ming.wait_for("This event has been cancelled.")
    assert "I will come" not in buttons(refreshed)


async def test_overlapping_events_are_pointed_out_and_allowed(amity: Amity) -> None:
    forum = await published_event(amity.database, now=NOON)
    camp = await published_event(amity.database, now=NOON, title="Summer Camp", kind="camp")
    back_to_back = await published_event(amity.database, now=NOON, title="Supper", starts_at=forum.ends_at)
    ming = await agreed(amity.telegram, "Ming")
    await card(ming, forum.id)
    await pressed(amity, ming, "v1:join")
    await card(ming, camp.id)
    answer = await pressed(amity, ming, "v1:join")
    assert answer["text"].startswith("You have a place.")
    assert "overlaps with “Harbour Forum”" in answer["text"]
    shown = await ming.last()
    assert "It overlaps with Harbour Forum" in text_of(shown)
    await pressed(amity, ming, "⚠️ Harbour Forum", shown)
    assert "It overlaps with Summer Camp" in text_of(await ming.last()), "the other one, in one tap"
    await card(ming, back_to_back.id)
    assert (await pressed(amity, ming, "v1:join"))["text"] == "You have a place."


async def test_an_overlap_with_ones_own_shift_is_pointed_out(amity: Amity) -> None:
    forum = await published_event(amity.database, now=NOON)
    camp = await published_event(amity.database, now=NOON, title="Summer Camp", kind="camp")
    ming = await agreed(amity.telegram, "Ming")
    async with amity.database.write() as tx:
        person = await people.find_by_telegram_id(tx, ming.id)
        assert person is not None
        shift = await shifts.add(
            tx, camp.id, starts_at=camp.starts_at, ends_at=camp.ends_at, places=2, roles={"en": "Ushering"}
        )
        await volunteering.sign_up(tx, person.id, languages=["en"], skills="", free=[], now=NOON)
        await volunteering.take(tx, shift, person.id, now=NOON)
    await card(ming, forum.id)
    answer = await pressed(amity, ming, "v1:join")
    assert "overlaps with your shift at “Summer Camp”" in answer["text"]
    shown = await ming.last()
    assert "your shift at Summer Camp" in text_of(shown)
    assert f"v1:shift:{shift}" in str(shown)


@pytest.mark.parametrize("locale", LOCALES)
async def test_before_sign_up_opens_nobody_joins_and_the_card_says_when(amity: Amity, locale: str) -> None:
    words = language(locale)
    opens = NOON + timedelta(days=1)
    event = await published_event(amity.database, now=NOON, opens_at=opens)
    ming = await agreed(amity.telegram, "Ming", locale=locale)
    shown = await card(ming, event.id)
    when = words.moment(opens, now=NOON)
    assert words.gettext("🔜 Sign-up opens on {when}", when=when) in text_of(shown)
    assert words.gettext("I will come") not in buttons(shown)
    answer = await forged(amity, ming, f"v1:join:{event.id}")
    assert answer["text"] == words.gettext("Sign-up opens on {when}.", when=when)
    amity.clock.move(86_400)
    await card(ming, event.id)
    assert (await pressed(amity, ming, "v1:join"))["text"] == words.gettext("You have a place.")


async def test_who_comes_to_the_spot_sees_the_online_link_only_after_changing_over(amity: Amity) -> None:
    event = await published_event(amity.database, now=NOON, ways="both", online_url="https://talks.example/1")
    ming = await agreed(amity.telegram, "Ming")
    await card(ming, event.id)
    await pressed(amity, ming, "I will come")
    assert "talks.example" not in str(await ming.last())
    await pressed(amity, ming, "Join online instead")
    assert "talks.example" in str(await ming.last())


@pytest.mark.parametrize("locale", LOCALES)
async def test_a_party_that_is_too_large_learns_what_would_help(amity: Amity, locale: str) -> None:
    words = language(locale)
    event = await published_event(amity.database, now=NOON, capacity=2, companions=3)
    ming = await agreed(amity.telegram, "Ming", locale=locale)
    await card(ming, event.id)
    await forged(amity, ming, f"v1:join:{event.id}:3")
    await ming.wait_for(
        words.ngettext(
            "There is only {n} place in all: bring fewer people to move up.",
            "There are only {n} places in all: bring fewer people to move up.",
            2,
        )
    )
    answer = await forged(amity, ming, f"v1:join:{event.id}:1")
    assert answer["text"] == words.ngettext(
        "You have a place, with {n} companion.", "You have a place, with {n} companions.", 1
    )
