"""What members do again and again in journeys: open a card, press or write, see what it leads to."""

import asyncio
from typing import Any

from storage import inbox, people, replies
from storage.people import Person
from tests.conftest import Amity
from tests.messages import Message
from tests.phone import Phone


async def card(phone: Phone, event_id: int) -> Message:
    """The event's card as a deep link opens it."""
    await phone.write(f"/start event_{event_id}")
    return await phone.wait_for(lambda message: f"v1:ics:{event_id}" in str(message))


async def pressed(amity: Amity, phone: Phone, data: str, message: Message | None = None) -> dict[str, Any]:
    """The answer to a press, once everything that it leads to is shown."""
    return await _answer(amity, phone, await phone.tap(data, message))


async def forged(amity: Amity, phone: Phone, data: str) -> dict[str, Any]:
    """The answer to a press of a button that the newest message doesn't have, likewise."""
    return await _answer(amity, phone, await phone.forge(data, (await phone.last())["message_id"]))


async def choose(phone: Phone, label: str) -> dict[str, Any] | None:
    """Press a button and wait for what it changes; gives the answer to the press."""
    answer = await phone.press(label)
    await phone.wait_for(bool)
    return answer


async def send(phone: Phone, text: str) -> None:
    """Write something and wait for the answer."""
    await phone.write(text)
    await phone.wait_for(bool)


async def person_of(amity: Amity, phone: Phone) -> Person:
    async with amity.database.read() as tx:
        person = await people.find_by_telegram_id(tx, phone.id)
    assert person is not None
    return person


async def finished(amity: Amity) -> None:
    """Wait until everything that has arrived is decided, and what was decided is said."""
    async with asyncio.timeout(30):
        while True:
            async with amity.database.read() as tx:
                if not await inbox.count_new(tx) and not await replies.count(tx):
                    return
            await asyncio.sleep(0.02)


async def _answer(amity: Amity, phone: Phone, query: str) -> dict[str, Any]:
    answer = await phone.telegram.answer(query)
    await finished(amity)
    assert answer is not None, f"the press was not answered\n{await phone.transcript()}"
    return answer
