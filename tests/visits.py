"""A visit as members and organisers go through it in journeys: its programme, its travellers' details."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.language import language
from storage.events import Event
from tests.conftest import NOON, Amity
from tests.making import published_event
from tests.messages import Message
from tests.moves import card
from tests.phone import Phone, buttons

HK = ZoneInfo("Asia/Hong_Kong")
FIRST_DAY = datetime(2026, 12, 11, 9, 0, tzinfo=HK)


async def delegation(amity: Amity, **values: Any) -> Event:
    """A visit of three days, nearly three weeks ahead."""
    return await published_event(
        amity.database,
        now=NOON,
        kind="delegation",
        title="Delta <Mission>",
        starts_at=FIRST_DAY,
        ends_at=FIRST_DAY + timedelta(days=2, hours=9),
        **{"companions": 1} | values,
    )


async def answer(phone: Phone, text: str, expected: str) -> Message:
    await phone.write(text)
    return await phone.wait_for(expected)


async def tap(phone: Phone, label: str, expected: str) -> Message:
    await phone.press(label)
    return await phone.wait_for(expected)


def leads_to(data: str) -> Any:
    """A message with a button of that data."""
    return lambda message: f"'{data}" in str(message)


def has(label: str) -> Any:
    """A message with a button whose label holds this."""
    return lambda message: any(label in shown for shown in buttons(message))


async def open_visit(boss: Phone, event: Event, locale: str = "en") -> Message:
    words = language(locale)
    await answer(boss, "/organise", words.gettext("What would you like to organise?"))
    for data in ("oevents:0", f"oevent:{event.id}", f"omore:{event.id}", f"ovisit:{event.id}"):
        await boss.wait_for(leads_to(f"v1:{data}"))
        await boss.press(f"v1:{data}")
    return await boss.wait_for(has(words.gettext("➕ Add a stop")))


async def step(phone: Phone, locale: str, n: int, total: int) -> Message:
    """Wait for the question of that number."""
    words = language(locale)
    counted = words.gettext("<i>{n} of {total}</i>", n=words.number(n), total=words.number(total))
    return await phone.wait_for(counted.removeprefix("<i>").removesuffix("</i>"))


async def add_stop(boss: Phone, day: int, time: str, title: str, locale: str = "en") -> None:
    """A stop with a place and nothing else; it is a meeting point."""
    words = language(locale)
    await boss.press("v1:ostopadd")
    await step(boss, locale, 1, 7)
    said = words.gettext(
        "Day {n}: {day}",
        n=words.number(day),
        day=words.day((FIRST_DAY + timedelta(days=day - 1)).date(), now=NOON),
    )
    await boss.press(said)
    for n, text in ((2, time), (3, title), (4, f"{title} Hall")):
        await step(boss, locale, n, 7)
        await boss.write(text)
    for n, label in ((5, words.gettext("Skip")), (6, words.gettext("Yes")), (7, words.gettext("Skip"))):
        await step(boss, locale, n, 7)
        await boss.press(label)
    await boss.wait_for(words.gettext("✅ Added. You can say it in other languages too."))


async def join(phone: Phone, event: Event) -> Message:
    """Open the event's card and ask for a place; gives the card as it is then."""
    await card(phone, event.id)
    await phone.press(f"v1:join:{event.id}")
    return await phone.wait_for(leads_to(f"v1:leave:{event.id}"))


async def fill_in(phone: Phone, locale: str = "en", *, name: str = "Chan Made Up") -> None:
    """All questions of one traveller, answered well at once, up to the overview."""
    words = language(locale)
    await step(phone, locale, 1, 8)
    await phone.write(name)
    await step(phone, locale, 2, 8)
    await phone.press(words.gettext("Passport"))
    for n, text in ((3, "4567"), (4, "31/12/2032"), (5, "Aunt Made Up"), (6, "+852 5555 1234")):
        await step(phone, locale, n, 8)
        await phone.write(text)
    for n in (7, 8):
        await step(phone, locale, n, 8)
        await phone.press(words.gettext("Skip"))
    await phone.wait_for(has(words.gettext("✅ Save")))


async def told_everything(phone: Phone, event: Event, locale: str = "en") -> None:
    """Somebody with a place whose details are there."""
    await join(phone, event)
    await details_told(phone, event, locale)


async def details_told(phone: Phone, event: Event, locale: str = "en") -> None:
    await phone.forge(f"v1:traveller:{event.id}:0", (await phone.last())["message_id"])
    await fill_in(phone, locale)
    await phone.press(language(locale).gettext("✅ Save"))
    await phone.wait_for(language(locale).gettext("Everything is there. You can change it until the start."))
