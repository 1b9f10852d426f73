"""Reminders as they reach people: on time, once, in their language, and never to those they don't concern."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot import attendance, programme
from bot.language import LOCALES, language
from bot.settings import Settings
from handlers.service import running
from playground.clock import Clock
from storage import Database, connect, people
from storage.events import Event
from storage.migrations import migrate
from tests.conftest import NOON, OWNER, Amity
from tests.making import agreed, published_event
from tests.phone import Phone, buttons, telegram_running, text_of

REMINDER = "🔔"


async def joined(database: Database, event: Event, phone: Phone, *, at: datetime = NOON) -> int:
    async with database.write() as tx:
        person = await people.find_by_telegram_id(tx, phone.id)
        assert person
        await attendance.join(tx, event.id, person.id, now=at)
    return person.id


async def reminders_of(phone: Phone) -> list[str]:
    return [text_of(one) for one in await phone.messages() if REMINDER in text_of(one)]


async def reminded(phone: Phone, count: int) -> None:
    """Wait until the phone has had so many reminders."""
    for _ in range(100):
        if len(await reminders_of(phone)) >= count:
            break
        await asyncio.sleep(0.1)
    assert len(await reminders_of(phone)) == count, await phone.transcript()


async def beaten() -> None:
    """Long enough for the beat and delivery to do what is due."""
    await asyncio.sleep(2.5)


def until(instant: datetime, clock: Clock) -> float:
    return (instant - clock.now()).total_seconds() + 1


@pytest.mark.parametrize("locale", LOCALES)
async def test_reminders_come_a_week_a_day_and_two_hours_before(amity: Amity, locale: str) -> None:
    words = language(locale)
    ming = await agreed(amity.telegram, "Ming", locale=locale)
    event = await published_event(amity.database, now=NOON, starts_at=NOON + timedelta(days=8))
    await joined(amity.database, event, ming)
    for number, lead in enumerate((timedelta(days=7), timedelta(days=1), timedelta(hours=2)), start=1):
        amity.clock.move(until(event.starts_at - lead, amity.clock))
        await reminded(ming, number)
    last = (await reminders_of(ming))[-1]
    assert "Harbour Forum" in last
    assert words.moment(event.starts_at, now=amity.clock.now()) in last
    assert words.gettext("I can't come") in buttons(await ming.last())
    amity.clock.move(4 * 3600)
    await beaten()
    assert len(await reminders_of(ming)) == 3


async def test_a_moved_event_reminds_before_its_new_time(amity: Amity) -> None:
    ming = await agreed(amity.telegram, "Ming")
    event = await published_event(
        amity.database, now=NOON, starts_at=NOON + timedelta(days=2), reminders=("1d",)
    )
    await joined(amity.database, event, ming)
    later = event.starts_at + timedelta(days=1)
    async with amity.database.write() as tx:
        changes = {"starts_at": later, "ends_at": later + timedelta(hours=1)}
        await programme.change(tx, event.id, changes, now=NOON)
    await ming.wait_for("has changed")
    amity.clock.move(until(NOON + timedelta(days=1), amity.clock))
    await beaten()
    assert await reminders_of(ming) == []
    amity.clock.move(until(NOON + timedelta(days=2), amity.clock))
    await reminded(ming, 1)


async def test_a_cancelled_event_tells_those_concerned_and_reminds_nobody(amity: Amity) -> None:
    ming, wai = await agreed(amity.telegram, "Ming"), await agreed(amity.telegram, "Wai")
    event = await published_event(amity.database, now=NOON, starts_at=NOON + timedelta(days=2), capacity=1)
    for phone in (ming, wai):
        await joined(amity.database, event, phone)
    async with amity.database.write() as tx:
        await programme.cancel(tx, event.id, now=NOON)
    for phone in (ming, wai):
        await phone.wait_for("has been cancelled")
    amity.clock.move(until(NOON + timedelta(days=1), amity.clock))
    await beaten()
    assert await reminders_of(ming) == []


async def test_the_waiting_the_departed_and_late_joiners_get_none(amity: Amity) -> None:
    names = ("Departed", "Seated", "Waiting", "Late")
    departed, seated, waiting, late = [await agreed(amity.telegram, name) for name in names]
    event = await published_event(
        amity.database, now=NOON, starts_at=NOON + timedelta(days=2), reminders=("1d",), capacity=1
    )
    person_id = await joined(amity.database, event, departed)
    async with amity.database.write() as tx:
        await attendance.leave(tx, event.id, person_id, now=NOON)
    await joined(amity.database, event, seated)
    await joined(amity.database, event, waiting)
    amity.clock.move(until(NOON + timedelta(days=1), amity.clock))
    await reminded(seated, 1)
    # Whoever gets a seat after the moment hears of the seat, and not of the moment.
    async with amity.database.write() as tx:
        await programme.change(tx, event.id, {"capacity": 5}, now=amity.clock.now())
    await joined(amity.database, event, late, at=amity.clock.now())
    await waiting.wait_for("You have a place at")
    await beaten()
    for phone in (departed, waiting, late):
        assert await reminders_of(phone) == [], phone.name
    assert len(await reminders_of(seated)) == 1


async def test_quiet_hours_hold_a_reminder_until_the_morning(amity: Amity) -> None:
    ming = await agreed(amity.telegram, "Ming")
    # A day before is 23:00 in Hong Kong, the event is the night after.
    starts = NOON + timedelta(days=2, hours=11)
    event = await published_event(amity.database, now=NOON, starts_at=starts, reminders=("1d",))
    person_id = await joined(amity.database, event, ming)
    async with amity.database.write() as tx:
        await people.set_quiet(tx, person_id, (22 * 60, 8 * 60))
    amity.clock.move(until(starts - timedelta(days=1), amity.clock))
    await beaten()
    assert await reminders_of(ming) == []
    amity.clock.move(9 * 3600)
    await reminded(ming, 1)
    # Held overnight, it says what is true in the morning.
    [said] = await reminders_of(ming)
    assert language("en").moment(starts, now=amity.clock.now()) in said


async def test_quiet_hours_do_not_hold_what_would_come_too_late(amity: Amity) -> None:
    ming = await agreed(amity.telegram, "Ming")
    # Seven in the morning, an hour before the quiet hours end.
    starts = NOON + timedelta(days=1, hours=19)
    event = await published_event(amity.database, now=NOON, starts_at=starts, reminders=("2h",))
    person_id = await joined(amity.database, event, ming)
    async with amity.database.write() as tx:
        await people.set_quiet(tx, person_id, (22 * 60, 8 * 60))
    amity.clock.move(until(starts - timedelta(hours=2), amity.clock))
    await reminded(ming, 1)


async def test_reminders_survive_a_restart_and_come_once_after_hours_of_silence(tmp_path: Path) -> None:
    clock = Clock(NOON)
    database = connect(f"sqlite+aiosqlite:///{tmp_path / 'amity.db'}")
    await migrate(database)
    async with telegram_running(clock) as telegram:
        settings = Settings.model_validate(
            {"bot_token": telegram.token, "api_url": telegram.api_url, "owners": [OWNER]}
        )
        async with running(settings, database, clock):
            ming, wai = await agreed(telegram, "Ming"), await agreed(telegram, "Wai")
            event = await published_event(database, now=NOON, starts_at=NOON + timedelta(days=8))
            begun = await published_event(database, now=NOON, starts_at=NOON + timedelta(days=5))
            await joined(database, event, ming)
            await joined(database, begun, wai)
        # The week and the day before pass while nothing runs.
        clock.move(until(event.starts_at - timedelta(hours=5), clock))
        async with running(settings, database, clock):
            await reminded(ming, 1)
        async with running(settings, database, clock):
            await beaten()
            assert len(await reminders_of(ming)) == 1
            assert await reminders_of(wai) == []
            clock.move(until(event.starts_at - timedelta(hours=2), clock))
            await reminded(ming, 2)
    await database.close()
