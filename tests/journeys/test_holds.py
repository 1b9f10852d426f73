"""A typhoon: an organiser puts the day on hold, everybody hears of it, and hears how it was decided."""

import asyncio
from datetime import timedelta

import pytest

from bot import attendance, holds
from bot.language import LOCALES, language
from storage import events, people
from storage.events import Event, EventText
from tests.conftest import NOON, OWNER, Amity
from tests.making import agreed, published_event
from tests.messages import buttons, text_of
from tests.moves import card, forged, pressed
from tests.phone import Phone

HOSTILE = "<b>Lì</b> & \u202eco"


async def today(amity: Amity, *, hours: int = 3, **values: object) -> Event:
    return await published_event(amity.database, now=NOON, starts_at=NOON + timedelta(hours=hours), **values)


async def joins(amity: Amity, phone: Phone, event: Event) -> None:
    async with amity.database.write() as tx:
        person = await people.find_by_telegram_id(tx, phone.id)
        assert person is not None
        await attendance.join(tx, event.id, person.id, now=NOON)


async def boss(amity: Amity) -> Phone:
    return await agreed(amity.telegram, "Boss", id=OWNER)


async def event_of(amity: Amity, event: Event) -> Event:
    async with amity.database.read() as tx:
        found = await events.find(tx, event.id)
    assert found is not None
    return found


async def hold_all(amity: Amity, organiser: Phone, reason: str = "typhoon8") -> None:
    await organiser.write("/organise")
    await organiser.wait_for(lambda message: "v1:oholds" in str(message))
    await pressed(amity, organiser, "v1:oholds")
    await pressed(amity, organiser, f"v1:oholdlook:{reason}")
    await pressed(amity, organiser, "v1:oholdgo:")


@pytest.mark.parametrize("locale", LOCALES)
async def test_one_press_holds_the_day_and_each_hears_of_it_in_their_language(
    amity: Amity, locale: str
) -> None:
    words = language(locale)
    first = await today(amity)
    second = await today(amity, hours=6, title="Evening Concert")
    ming = await agreed(amity.telegram, "Ming", locale=locale)
    for event in (first, second):
        await joins(amity, ming, event)
    organiser = await boss(amity)
    await hold_all(amity, organiser)
    told = await ming.wait_for("⏸")
    text = text_of(told)
    assert text.startswith("⏸ " if locale == "en" else "⏸")
    assert "Harbour Forum" in text
    assert "Evening Concert" in text
    assert words.span(first.starts_at, first.ends_at, now=NOON) in text
    await asyncio.sleep(1)
    assert sum("⏸" in text_of(one) for one in await ming.messages()) == 1
    shown = await card(ming, first.id)
    undecided = "Whether it takes place is not decided yet. Whoever signed up will be told."
    assert words.gettext(undecided) in text_of(shown)


async def test_what_is_left_out_stays_as_it_is(amity: Amity) -> None:
    kept, held = await today(amity), await today(amity, hours=5)
    organiser = await boss(amity)
    await forged(amity, organiser, "v1:oholds")
    await pressed(amity, organiser, "v1:oholdlook:blackrain")
    await pressed(amity, organiser, f"v1:oholdlook:blackrain:{kept.id}")
    assert "Put 1 event on hold" in buttons(await organiser.last())
    await pressed(amity, organiser, "v1:oholdgo:")
    assert (await event_of(amity, kept)).held_at is None
    assert (await event_of(amity, held)).held_because == "blackrain"


async def test_only_so_many_can_be_left_out_as_a_button_holds(amity: Amity) -> None:
    found = [await today(amity, hours=5) for _ in range(18)]
    organiser = await boss(amity)
    out = ".".join(str(event.id) for event in found[:13])
    await forged(amity, organiser, f"v1:oholdlook:weather:{out}")
    shown = await organiser.last()
    assert "No more can be left out here." in text_of(shown)
    assert "Put 5 events on hold" in buttons(shown)


async def test_a_double_tap_tells_once(amity: Amity) -> None:
    event = await today(amity)
    ming, organiser = await agreed(amity.telegram, "Ming"), await boss(amity)
    await joins(amity, ming, event)
    await forged(amity, organiser, "v1:oholds")
    await pressed(amity, organiser, "v1:oholdlook:weather")
    shown = await organiser.last()
    data = next(
        one["callback_data"]
        for row in shown["reply_markup"]["inline_keyboard"]
        for one in row
        if "oholdgo" in one["callback_data"]
    )
    for query in await amity.telegram.press_many([(organiser, shown, data)] * 2):
        assert await amity.telegram.answer(query) is not None
    await ming.wait_for("⏸")
    await asyncio.sleep(1)
    assert sum("On hold" in text_of(one) for one in await ming.messages()) == 1


async def test_events_that_changed_meanwhile_are_looked_at_again(amity: Amity) -> None:
    event, organiser = await today(amity), await boss(amity)
    await forged(amity, organiser, "v1:oholds")
    await pressed(amity, organiser, "v1:oholdlook:weather")
    other = await today(amity, hours=4)
    answer = await pressed(amity, organiser, "v1:oholdgo:")
    assert "changed meanwhile" in answer["text"]
    assert (await event_of(amity, event)).held_at is None
    await pressed(amity, organiser, "v1:oholdgo:")
    assert (await event_of(amity, other)).held_at is not None


async def test_all_take_place_after_all(amity: Amity) -> None:
    found = [await today(amity), await today(amity, hours=5)]
    ming, organiser = await agreed(amity.telegram, "Ming"), await boss(amity)
    for event in found:
        await joins(amity, ming, event)
    await hold_all(amity, organiser)
    await ming.wait_for("⏸")
    await pressed(amity, organiser, "v1:oheldask:yes")
    await pressed(amity, organiser, "v1:oheldgo:yes")
    told = await ming.wait_for("✅ These take place as planned:")
    assert text_of(told).count("•") == 2
    assert "Nothing is on hold." in text_of(await organiser.last())


async def test_one_is_cancelled_and_the_other_gets_a_new_time(amity: Amity) -> None:
    first, second = await today(amity), await today(amity, hours=5, title="Evening Concert")
    ming, organiser = await agreed(amity.telegram, "Ming"), await boss(amity)
    for event in (first, second):
        await joins(amity, ming, event)
    await hold_all(amity, organiser)
    await ming.wait_for("⏸")
    await pressed(amity, organiser, f"v1:oheld:{first.id}")
    await pressed(amity, organiser, f"v1:ocancel:{first.id}")
    await pressed(amity, organiser, f"v1:ocancelled:{first.id}")
    await ming.wait_for("has been cancelled")
    await forged(amity, organiser, f"v1:oheld:{second.id}")
    await pressed(amity, organiser, f"v1:ochange:{second.id}:start")
    await organiser.write("tomorrow 15:00")
    await ming.wait_for("has changed")
    moved = await event_of(amity, second)
    assert moved.held_at is None
    assert moved.starts_at > second.starts_at


async def test_all_are_put_off_by_a_day(amity: Amity) -> None:
    found = [await today(amity), await today(amity, hours=5)]
    ming, organiser = await agreed(amity.telegram, "Ming"), await boss(amity)
    for event in found:
        await joins(amity, ming, event)
    await hold_all(amity, organiser)
    await ming.wait_for("⏸")
    await pressed(amity, organiser, "v1:oheldlater:")
    await organiser.send_sticker()
    await organiser.wait_for("could not read a length")
    await organiser.write("as long as it takes")
    await organiser.wait_for("could not read a length")
    await organiser.write("9999 days")
    await organiser.wait_for("at most")
    await organiser.write("1 day")
    await organiser.wait_for("Put off 2 events by 1 day?")
    await pressed(amity, organiser, "Yes, put them off")
    await ming.wait_for("has changed")
    for event in found:
        assert (await event_of(amity, event)).starts_at == event.starts_at + timedelta(days=1)


async def test_sleepers_hear_of_it_without_a_sound(amity: Amity) -> None:
    event = await today(amity)
    ming, organiser = await agreed(amity.telegram, "Ming"), await boss(amity)
    await joins(amity, ming, event)
    async with amity.database.write() as tx:
        person = await people.find_by_telegram_id(tx, ming.id)
        assert person is not None
        await people.set_quiet(tx, person.id, (11 * 60, 19 * 60))
    await hold_all(amity, organiser)
    await ming.wait_for("⏸")
    sent = [call for call in await amity.telegram.calls("sendMessage") if "⏸" in str(call["params"])]
    assert [call["params"].get("disable_notification") for call in sent if str(ming.id) in str(call)] == [
        True
    ]


async def test_an_event_on_hold_reminds_nobody(amity: Amity) -> None:
    event = await today(amity, hours=5, reminders=("2h",))
    ming, organiser = await agreed(amity.telegram, "Ming"), await boss(amity)
    await joins(amity, ming, event)
    await hold_all(amity, organiser)
    await ming.wait_for("⏸")
    amity.clock.move(3.5 * 3600)
    await asyncio.sleep(2.5)
    assert not [one for one in await ming.messages() if "🔔" in text_of(one)]


async def test_a_single_event_of_another_day_is_held_from_its_page(amity: Amity) -> None:
    event = await published_event(
        amity.database, now=NOON, base_locale="en", texts={"en": EventText(HOSTILE, place=HOSTILE)}
    )
    ming, organiser = await agreed(amity.telegram, HOSTILE), await boss(amity)
    await joins(amity, ming, event)
    await forged(amity, organiser, f"v1:omore:{event.id}")
    await pressed(amity, organiser, f"v1:oholdone:{event.id}")
    await pressed(amity, organiser, f"v1:oholdonego:{event.id}:other")
    told = await ming.wait_for("⏸")
    assert "<b>Lì</b>" in text_of(told)
    assert "⏸ Decide: does it take place?" in buttons(await organiser.last())
    await pressed(amity, organiser, f"v1:oheld:{event.id}")
    await pressed(amity, organiser, f"v1:oheldyes:{event.id}")
    await ming.wait_for("It takes place as planned")


@pytest.mark.parametrize(
    "data",
    [
        "v1:oholds",
        "v1:oholdgo:typhoon8:0:-",
        "v1:oholdonego:1:typhoon8",
        "v1:oheldyes:1",
        "v1:oheldgo:no:0",
        "v1:oheldall",
        "v1:oheldlater:0",
    ],
)
async def test_members_hold_nothing(amity: Amity, data: str) -> None:
    event, ming = await today(amity), await agreed(amity.telegram, "Ming")
    await forged(amity, ming, data)
    assert "hold" not in text_of(await ming.last()).lower()
    assert (await event_of(amity, event)).held_at is None


@pytest.mark.parametrize(
    "data",
    [
        "v1:oholdlook", "v1:oholdlook:flood", "v1:oholdgo", "v1:oholdgo:typhoon8:zz:1.2.x.99999999999999999",
        "v1:oholdlook:typhoon8:..1..", "v1:oholdone:-4", "v1:oholdonego:99:typhoon8", "v1:oholdonego:1:rain",
        "v1:oheld:99", "v1:oheldyes:99", "v1:oheldask:maybe:0", "v1:oheldgo:no:0", "v1:oheldlater:77",
    ],
)  # fmt: skip
async def test_forged_buttons_hold_nothing_and_lead_on(amity: Amity, data: str) -> None:
    event, organiser = await today(amity), await boss(amity)
    await forged(amity, organiser, data)
    assert buttons(await organiser.last())
    assert (await event_of(amity, event)).held_at is None


async def test_a_hold_that_ended_before_it_was_told_is_not_told(amity: Amity) -> None:
    event = await today(amity)
    ming = await agreed(amity.telegram, "Ming")
    await joins(amity, ming, event)
    await boss(amity)
    async with amity.database.write() as tx:
        actor = await people.find_by_telegram_id(tx, OWNER)
        assert actor is not None
        await holds.hold(tx, [event.id], "typhoon8", actor_id=actor.id, now=NOON)
        await holds.resume(tx, [event.id], actor_id=actor.id, now=NOON)
    await ming.wait_for("takes place as planned")
    assert not [one for one in await ming.messages() if "On hold" in text_of(one)]


@pytest.mark.parametrize("locale", LOCALES)
async def test_organisers_are_asked_to_decide_before_the_start_and_decide_from_there(
    amity: Amity, locale: str
) -> None:
    words = language(locale)
    event = await today(amity, hours=5)
    ming = await agreed(amity.telegram, "Ming")
    await joins(amity, ming, event)
    organiser = await agreed(amity.telegram, "Boss", id=OWNER, locale=locale)
    await hold_all(amity, organiser)
    await ming.wait_for("⏸")
    amity.clock.move(3 * 3600)
    undecided = "People are waiting to hear whether they should come. Please decide:"
    await organiser.wait_for(words.gettext(undecided))
    await pressed(amity, organiser, f"v1:oheld:{event.id}")
    await pressed(amity, organiser, f"v1:oheldyes:{event.id}")
    await ming.wait_for("It takes place as planned")
    assert not [one for one in await ming.messages() if "Still on hold" in text_of(one)]


async def test_an_event_that_ended_undecided_promises_nothing_any_more(amity: Amity) -> None:
    event = await today(amity)
    ming, organiser = await agreed(amity.telegram, "Ming"), await boss(amity)
    await joins(amity, ming, event)
    await hold_all(amity, organiser)
    await ming.wait_for("⏸")
    amity.clock.move(6 * 3600)
    await ming.write(f"/start event_{event.id}")
    shown = await ming.wait_for("This event is over.")
    assert "not decided yet" not in text_of(shown)


async def test_nothing_is_put_off_to_a_time_that_has_passed(amity: Amity) -> None:
    event, organiser = await today(amity), await boss(amity)
    await hold_all(amity, organiser)
    amity.clock.move(3.5 * 3600)
    await forged(amity, organiser, "v1:oheldall")
    await forged(amity, organiser, "v1:oheldlater:" + holds.digest([event]))
    await organiser.write("20 minutes")
    await organiser.wait_for("That is past already")
    assert (await event_of(amity, event)).held_at is not None
    await organiser.write("40 minutes")
    await organiser.wait_for("Put off 1 event by 40 minutes?")
