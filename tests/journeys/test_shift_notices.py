"""A volunteer is reminded of a shift and hears of what changes about it."""

from datetime import datetime, timedelta

import pytest

from bot import programme, shift_changes, volunteering
from bot.language import LOCALES, language
from tests.conftest import NOON, Amity
from tests.making import published_event
from tests.phone import text_of
from tests.shifts import new_shift
from tests.volunteers import volunteer

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize("locale", LOCALES)
async def test_a_volunteer_is_reminded_once_before_the_shift_and_told_of_what_changes(
    amity: Amity, locale: str
) -> None:
    words = language(locale)
    event = await published_event(amity.database, now=NOON, starts_at=NOON + 2 * DAY)
    later = await published_event(amity.database, now=NOON, starts_at=NOON + 4 * DAY, title="Visit")
    shift = await new_shift(amity.database, event, notes={"en": "Wear blue."})
    other = await new_shift(amity.database, later, roles={"en": "Tea"})
    phone, person = await volunteer(amity, "Ming", locale=locale)
    async with amity.database.write() as tx:
        await volunteering.take(tx, shift.id, person.id, now=NOON)
        await volunteering.take(tx, other.id, person.id, now=NOON)
    await moved_to(amity, shift.starts_at - DAY + timedelta(seconds=1))
    reminder = await phone.wait_for("🔔")
    assert words.span(shift.starts_at, shift.ends_at, now=NOON) in text_of(reminder)
    assert "Wear blue." in text_of(reminder)

    async with amity.database.write() as tx:
        changes = {"starts_at": later.starts_at, "ends_at": later.ends_at}
        await programme.change(tx, event.id, changes, now=amity.clock.now())
    changed = text_of(await phone.wait_for("✏️"))
    assert (
        words.gettext("Before: {when}", when=words.span(shift.starts_at, shift.ends_at, now=NOON)) in changed
    )
    assert words.gettext("Now: {when}", when=words.span(later.starts_at, later.ends_at, now=NOON)) in changed
    assert "⚠️" in changed
    assert "Tea" in changed

    async with amity.database.write() as tx:
        await programme.cancel(tx, event.id, now=amity.clock.now())
    assert "Guide" in text_of(await phone.wait_for("❌"))
    await phone.settled()
    notices = [text_of(message) for message in await phone.messages()]
    assert [sum(sign in text for text in notices) for sign in ("🔔", "✏️", "❌")] == [1, 1, 1]
    await phone.forge(f"v1:shift:{shift.id}", (await phone.last())["message_id"])
    await phone.wait_for(words.html("❌ <b>This event has been cancelled.</b>").striptags())


async def moved_to(amity: Amity, instant: datetime) -> None:
    amity.clock.move((instant - amity.clock.now()).total_seconds())


async def test_who_gave_the_shift_back_hears_no_more_of_it(amity: Amity) -> None:
    event = await published_event(amity.database, now=NOON, starts_at=NOON + 2 * DAY)
    shift = await new_shift(amity.database, event)
    staying, stays = await volunteer(amity, "Ming")
    leaving, leaves = await volunteer(amity, "Wai")
    async with amity.database.write() as tx:
        for person in (stays, leaves):
            await volunteering.take(tx, shift.id, person.id, now=NOON)
        await volunteering.drop(tx, shift.id, leaves.id, now=NOON)
    await moved_to(amity, shift.starts_at - HOUR)
    await staying.wait_for("🔔")
    async with amity.database.write() as tx:
        await shift_changes.cancel(tx, shift.id, now=amity.clock.now())
    await staying.wait_for("❌")
    assert "🔔" not in await leaving.transcript()
    assert "❌" not in await leaving.transcript()
