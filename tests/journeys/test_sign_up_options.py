"""Organisers set how people sign up, by buttons, and it takes effect without anybody losing a place."""

import pytest

from bot.language import LOCALES, language
from handlers.organise.sign_up_pages import PAGES
from storage import events, rsvps
from storage.events import Event
from tests.conftest import NOON, OWNER, Amity
from tests.making import agreed, published_event
from tests.phone import Phone, buttons, text_of


async def organiser(amity: Amity, locale: str = "en") -> Phone:
    return await agreed(amity.telegram, "Boss", id=OWNER, locale=locale)


async def open_page(boss: Phone, event: Event, page: str, expected: str) -> None:
    await boss.forge(f"v1:osignup:{event.id}:{page}", (await boss.last())["message_id"])
    await boss.wait_for(expected)


async def now_is(amity: Amity, event: Event) -> Event:
    async with amity.database.read() as tx:
        found = await events.find(tx, event.id)
    assert found
    return found


async def signed_up(amity: Amity, event: Event, *names: str) -> list[Phone]:
    phones = [await agreed(amity.telegram, name) for name in names]
    for phone in phones:
        await phone.write(f"/start event_{event.id}")
        await phone.wait_for("Harbour Forum")
        await phone.press("v1:join")
        await phone.settled()
    return phones


@pytest.mark.parametrize("locale", LOCALES)
async def test_every_option_is_said_with_what_it_is_and_leads_back(amity: Amity, locale: str) -> None:
    words = language(locale)
    boss = await organiser(amity, locale)
    event = await published_event(amity.database, now=NOON, capacity=40, companions=2, offer_minutes=120)
    await boss.forge(f"v1:oevent:{event.id}", (await boss.last())["message_id"])
    await boss.wait_for(lambda m: words.gettext("⚙️ Sign-up options") in buttons(m))
    await boss.press(words.gettext("⚙️ Sign-up options"))
    places = words.html("On the spot: {places}", places=words.nhtml("{n} place", "{n} places", 40))
    said = text_of(await boss.wait_for(str(places)))
    offered = words.ngettext("{n} hour", "{n} hours", 2)
    for line in (
        words.gettext("For: {whom}", whom=words.gettext("everyone")),
        words.gettext("Opens: at once"),
        words.gettext("Closes: when the event begins"),
        words.gettext("Approval: not needed"),
        words.gettext("Waitlist: a freed place is offered for {time}", time=offered),
    ):
        assert line in said, line
    for page in PAGES:
        await boss.forge(f"v1:osignup:{event.id}:{page}", (await boss.last())["message_id"])
        await boss.settled()
        back = words.gettext("‹ Back") if not page else words.gettext("‹ Sign-up options")
        assert back in buttons(await boss.last()), page


async def test_each_option_is_changed_with_a_tap_and_a_second_tap_changes_nothing(amity: Amity) -> None:
    boss, event = await organiser(amity), await published_event(amity.database, now=NOON, companions=1)
    here = (await boss.last())["message_id"]
    for pressed, column, value in (
        ("ways:both", "ways", "both"),
        ("offer:30", "offer_minutes", 30),
        ("offer:0", "offer_minutes", None),
        ("smaller:1", "smaller_first", True),
        ("approval:1", "approval", True),
        ("again:1", "apply_again", True),
        ("names:1", "companion_names", True),
        ("feedback:0", "feedback", False),
        ("hold:1", "hold_shifts", True),
        ("unfilled:12:1", "unfilled_hours", (72, 24, 12)),
        ("unfilled:72:0", "unfilled_hours", (24, 12)),
        ("for:members", "audience", "group"),
        ("for:everyone", "audience", "everyone"),
    ):
        for _ in range(2):
            await boss.forge(f"v1:oset:{event.id}:{pressed}", here)
            await boss.settled()
        assert getattr(await now_is(amity, event), column) == value, pressed
    revision = (await now_is(amity, event)).revision
    for nonsense in ("ways:sideways", "offer:7", "unfilled:-1:1", "for:99", "approval:2", "x:1", "", "hold"):
        query = await boss.forge(f"v1:oset:{event.id}:{nonsense}", here)
        assert await amity.telegram.answer(query) is not None
    assert (await now_is(amity, event)).revision == revision


async def test_places_opening_and_a_time_of_ones_own_are_asked_and_lead_back_to_their_page(
    amity: Amity,
) -> None:
    boss, event = await organiser(amity), await published_event(amity.database, now=NOON)
    await open_page(boss, event, "ways", "How do people take part?")
    await boss.press("Both, as people choose")
    await boss.wait_for("There is no online link yet.")
    await boss.press("Places online")
    await boss.wait_for("How many can take part online")
    await boss.write("a few")
    await boss.wait_for("whole number")
    await boss.write("25")
    await boss.wait_for("Online: 25 places")
    await boss.press("‹ Sign-up options")
    await boss.wait_for("Opens: at once")
    await boss.press("Opening, deadline")
    await boss.wait_for("When can people sign up?")
    await boss.press("Opening")
    await boss.wait_for("From when can people sign up?")
    await boss.write("30/11 9:00")
    await boss.wait_for("before the event starts")
    await boss.write("25/11 9:00")
    await boss.wait_for("Opens: Wednesday, 25 November at 09:00")
    await boss.press("Deadline")
    await boss.wait_for("Until when can people sign up?")
    await boss.write("24/11")
    await boss.wait_for("Sign-up must open before it closes")
    await boss.press("No deadline")
    await boss.settled()
    await open_page(boss, event, "wait", "What happens when a place is freed?")
    await boss.press("Another time")
    await boss.wait_for("For how long is a freed place kept")
    await boss.write("6 hours")
    await boss.wait_for("offered to the next in line for 6 hours")
    after = await now_is(amity, event)
    assert (after.online_capacity, after.offer_minutes, after.deadline_at) == (25, 360, None)


async def test_fewer_places_remove_nobody_and_the_organiser_is_told_so(amity: Amity) -> None:
    boss, event = await organiser(amity), await published_event(amity.database, now=NOON, capacity=2)
    await signed_up(amity, event, "Ming", "Wai", "Siu")
    await open_page(boss, event, "ways", "On the spot: 2 places")
    await boss.press("Places on the spot")
    await boss.wait_for("How many places are there")
    await boss.write("1")
    await boss.wait_for("2 places are taken already. Everybody keeps theirs")
    async with amity.database.read() as tx:
        assert [one.state for one in await rsvps.list_concerned(tx, event.id)] == [
            "going",
            "going",
            "waiting",
        ]
    await boss.press("Places on the spot")
    await boss.wait_for("Now: 1")
    await boss.write("3")
    await boss.wait_for("1 sign-up moved up from the waitlist.")


async def test_an_event_that_goes_online_takes_everybody_along_and_tells_them_once(amity: Amity) -> None:
    boss, event = await organiser(amity), await published_event(amity.database, now=NOON, capacity=2)
    [ming] = await signed_up(amity, event, "Ming")
    await open_page(boss, event, "ways", "How do people take part?")
    await boss.press("Online")
    await boss.wait_for("1 person is told.")
    await ming.wait_for("has changed")
    after = await now_is(amity, event)
    assert (after.ways, after.online_capacity) == ("online", 2)
    async with amity.database.read() as tx:
        [mine] = await rsvps.list_concerned(tx, event.id)
    assert (mine.state, mine.way) == ("going", "online")


async def test_approval_switched_off_grants_the_applications_that_wait(amity: Amity) -> None:
    boss = await organiser(amity)
    event = await published_event(amity.database, now=NOON, capacity=1, approval=True)
    await signed_up(amity, event, "Ming", "Wai")
    async with amity.database.read() as tx:
        assert len(await rsvps.list_applications(tx, event.id)) == 2
    await open_page(boss, event, "approval", "Do you decide who comes?")
    await boss.press("v1:oset")
    await boss.wait_for("gets a place at once, or waits")
    async with amity.database.read() as tx:
        assert [one.state for one in await rsvps.list_concerned(tx, event.id)] == ["going", "waiting"]


async def test_a_new_invitation_link_revokes_the_old_one(amity: Amity) -> None:
    boss, event = await organiser(amity), await published_event(amity.database, now=NOON)
    await open_page(boss, event, "whom", "For whom is it?")
    await boss.press("By invitation link")
    await boss.wait_for("?start=invite_")
    first = (await now_is(amity, event)).invite_token
    assert first
    assert first in text_of(await boss.last())
    # What an organiser shares of such an event is the invitation, not the card that others can't read.
    await boss.forge(f"v1:oevent:{event.id}", (await boss.last())["message_id"])
    card = await boss.wait_for("For: whoever has the invitation link")
    assert first in str(card["reply_markup"])
    await open_page(boss, event, "whom", "For whom is it?")
    await boss.press("New link")
    await boss.wait_for("The old one lets nobody in any more.")
    asked = await boss.last()
    renew = f"v1:onewlinked:{event.id}:{first[-4:]}"
    await amity.telegram.press_many([(boss, asked, renew)] * 3)
    await boss.wait_for(lambda m: "?start=invite_" in text_of(m) and first not in text_of(m))
    second = (await now_is(amity, event)).invite_token
    assert second
    assert second != first
    async with amity.database.read() as tx:
        assert await events.find_id_by_invitation(tx, first) is None
        assert await events.find_id_by_invitation(tx, second) == event.id


async def test_who_is_outside_a_narrowed_event_keeps_the_place_they_have(amity: Amity) -> None:
    boss, event = await organiser(amity), await published_event(amity.database, now=NOON)
    await signed_up(amity, event, "Ming")
    await boss.forge(f"v1:oset:{event.id}:for:members", (await boss.last())["message_id"])
    await boss.wait_for("Whoever has a place keeps it.")
    async with amity.database.read() as tx:
        assert [one.state for one in await rsvps.list_concerned(tx, event.id)] == ["going"]


async def test_options_of_what_is_over_or_cancelled_stay_as_they_are(amity: Amity) -> None:
    boss, event = await organiser(amity), await published_event(amity.database, now=NOON)
    amity.clock.move(8 * 86400)
    here = (await boss.last())["message_id"]
    for pressed in (f"oset:{event.id}:approval:1", f"osignup:{event.id}", f"onewlink:{event.id}"):
        await boss.forge(f"v1:{pressed}", here)
        await boss.settled()
        assert "This event is over." in text_of(await boss.last()), pressed
    assert not (await now_is(amity, event)).approval
