"""Having a reminder again later, having several in one message, and having fewer of them."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from bot import attendance, programme
from bot.language import LOCALES, language
from handlers.reminder_words import write_subjects
from storage import people
from storage.events import Event
from storage.reminders import Subject
from tests.conftest import NOON, Amity
from tests.making import agreed, published_event
from tests.messages import Message, buttons, text_of
from tests.moves import forged, pressed
from tests.phone import Phone

NIGHT = (22 * 60, 8 * 60)


async def seated(amity: Amity, phone: Phone, *, starts_in: timedelta, **values: object) -> Event:
    event = await published_event(amity.database, now=NOON, starts_at=NOON + starts_in, **values)
    async with amity.database.write() as tx:
        person = await people.find_by_telegram_id(tx, phone.id)
        assert person
        await attendance.join(tx, event.id, person.id, now=NOON)
    return event


async def sleeps(amity: Amity, phone: Phone) -> None:
    async with amity.database.write() as tx:
        person = await people.find_by_telegram_id(tx, phone.id)
        assert person
        await people.set_quiet(tx, person.id, NIGHT)


def move_to(amity: Amity, instant: datetime) -> None:
    amity.clock.move((instant - amity.clock.now()).total_seconds() + 1)


def is_reminder(message: Message) -> bool:
    return "🔔" in text_of(message) and "Forum" in text_of(message)


def another_after(message: Message) -> Callable[[Message], bool]:
    return lambda one: one["message_id"] > message["message_id"] and is_reminder(one)


async def reminders_of(phone: Phone) -> list[str]:
    return [text_of(one) for one in await phone.messages() if is_reminder(one)]


@pytest.mark.parametrize("locale", LOCALES)
async def test_a_reminder_comes_again_in_an_hour(amity: Amity, locale: str) -> None:
    words = language(locale)
    ming = await agreed(amity.telegram, "Ming", locale=locale)
    event = await seated(amity, ming, starts_in=timedelta(days=2), reminders=("1d",))
    move_to(amity, event.starts_at - timedelta(days=1))
    await ming.wait_for("🔔")
    answer = await ming.press(words.gettext("⏰ Again in 1 hour"))
    again = amity.clock.now() + timedelta(hours=1)
    assert answer
    assert words.time(again) in answer["text"]
    shown = await ming.wait_for("⏰ ")
    assert words.gettext("✕ Don't remind me again") in buttons(shown)
    assert len(await reminders_of(ming)) == 1
    move_to(amity, again)
    await ming.wait_for(
        lambda message: message["message_id"] > shown["message_id"] and "🔔" in text_of(message)
    )


async def test_a_double_tap_brings_it_once_and_can_be_taken_back(amity: Amity) -> None:
    ming = await agreed(amity.telegram, "Ming")
    event = await seated(amity, ming, starts_in=timedelta(days=2), reminders=("1d",))
    move_to(amity, event.starts_at - timedelta(days=1))
    shown = await ming.wait_for("🔔")
    data = f"v1:again:hour:{write_subjects([Subject('event', event.id)])}"
    await amity.telegram.press_many([(ming, shown, data), (ming, shown, data)])
    await ming.settled()
    await pressed(amity, ming, "v1:againno")
    await pressed(amity, ming, data)
    move_to(amity, amity.clock.now() + timedelta(hours=1))
    await ming.wait_for(
        lambda message: message["message_id"] > shown["message_id"] and "🔔" in text_of(message)
    )
    move_to(amity, amity.clock.now() + timedelta(hours=2))
    await ming.settled(2)
    assert len(await reminders_of(ming)) == 2


async def test_a_snooze_is_offered_only_while_it_is_of_use(amity: Amity) -> None:
    ming = await agreed(amity.telegram, "Ming")
    event = await seated(amity, ming, starts_in=timedelta(days=2), reminders=("2h",))
    move_to(amity, event.starts_at - timedelta(hours=2))
    shown = await ming.wait_for("🔔")
    assert "⏰ Again in 1 hour" in buttons(shown)
    assert "⏰ Tomorrow at 9:00" not in buttons(shown)
    # The message lies there until shortly before the start.
    move_to(amity, event.starts_at - timedelta(minutes=30))
    answer = await ming.press("⏰ Again in 1 hour")
    assert answer
    assert answer["text"] == "It begins too soon for that. I have not set another reminder."


async def test_a_snooze_of_a_cancelled_event_says_so(amity: Amity) -> None:
    ming = await agreed(amity.telegram, "Ming")
    event = await seated(amity, ming, starts_in=timedelta(days=2), reminders=("1d",))
    move_to(amity, event.starts_at - timedelta(days=1))
    await ming.wait_for("🔔")
    await pressed(amity, ming, "v1:again:hour")
    async with amity.database.write() as tx:
        await programme.cancel(tx, event.id, now=amity.clock.now())
    await ming.wait_for("has been cancelled")
    answer = await ming.press("⏰ Again in 1 hour")
    assert answer
    assert answer["text"] == "There is nothing to remind you of here any more."
    move_to(amity, amity.clock.now() + timedelta(hours=2))
    await ming.settled(2)
    assert len(await reminders_of(ming)) == 1


async def test_a_forged_button_reminds_nobody_of_what_is_not_theirs(amity: Amity) -> None:
    ming, wai = await agreed(amity.telegram, "Ming"), await agreed(amity.telegram, "Wai")
    event = await seated(amity, wai, starts_in=timedelta(days=20), reminders=())
    about = write_subjects([Subject("event", event.id)])
    for data in (
        "v1:again",
        "v1:again:hour",
        "v1:again:hour:e",
        "v1:again:hour:ezzzzzzzzzzzz",
        "v1:again:morning:s1,e99,<b>",
        f"v1:again:never:{about}",
        f"v1:again:hour:{about}",
        "v1:againno",
        f"v1:againno:{about}",
        "v1:fewer:everything",
    ):
        await forged(amity, ming, data)
    move_to(amity, amity.clock.now() + timedelta(days=2))
    await ming.settled(2)
    assert await reminders_of(ming) == []


@pytest.mark.parametrize("locale", LOCALES)
async def test_what_a_night_held_back_comes_in_one_message_in_the_morning(amity: Amity, locale: str) -> None:
    words = language(locale)
    ming = await agreed(amity.telegram, "Ming", locale=locale)
    await sleeps(amity, ming)
    # A day before is 23:00 and half past.
    for minutes in (0, 30):
        starts_in = timedelta(days=2, hours=11, minutes=minutes)
        await seated(amity, ming, starts_in=starts_in, reminders=("1d",), title=f"Forum {minutes}")
    move_to(amity, NOON + timedelta(days=1, hours=12))
    await ming.settled(2)
    assert await reminders_of(ming) == []
    move_to(amity, NOON + timedelta(days=1, hours=20))
    first = await ming.wait_for("🔔")
    shown = text_of(first)
    assert "Forum 0" in shown
    assert "Forum 30" in shown
    assert words.moment(NOON + timedelta(days=2, hours=11), now=amity.clock.now()) in shown
    assert len(await reminders_of(ming)) == 1
    await ming.press(words.gettext("⏰ Again in 1 hour"))
    move_to(amity, amity.clock.now() + timedelta(hours=1))
    again = await ming.wait_for(
        lambda message: "⏰ " not in text_of(message) and "Forum 30" in text_of(message)
    )
    assert "Forum 0" in text_of(again)


async def test_whoever_wakes_shortly_before_it_begins_is_told_at_night(amity: Amity) -> None:
    ming = await agreed(amity.telegram, "Ming")
    await sleeps(amity, ming)
    # Ten past eight in the morning.
    event = await seated(amity, ming, starts_in=timedelta(days=1, hours=20, minutes=10), reminders=("2h",))
    move_to(amity, event.starts_at - timedelta(hours=2))
    await ming.wait_for("🔔")


@pytest.mark.parametrize("locale", LOCALES)
async def test_every_reminder_says_how_to_have_fewer_and_stays_to_be_read(amity: Amity, locale: str) -> None:
    words = language(locale)
    ming = await agreed(amity.telegram, "Ming", locale=locale)
    event = await seated(amity, ming, starts_in=timedelta(days=2), reminders=("1d", "2h"))
    move_to(amity, event.starts_at - timedelta(days=1))
    await ming.wait_for("🔔")
    await pressed(amity, ming, "v1:again:hour")
    await pressed(amity, ming, "v1:fewer")
    await ming.wait_for(lambda message: words.gettext("🔕 Don't remind me of events") in buttons(message))
    assert any("Harbour Forum" in one for one in await reminders_of(ming))
    await ming.press(words.gettext("🔕 Don't remind me of events"))
    await ming.wait_for(lambda message: words.gettext("🔔 Remind me of events") in buttons(message))
    before = len(await ming.messages())
    move_to(amity, event.starts_at - timedelta(hours=2))
    await ming.settled(2)
    assert len(await ming.messages()) == before
