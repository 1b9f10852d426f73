"""What members do again and again in journeys: open an event's card, press and see what it leads to."""

import asyncio
from typing import Any

from storage import inbox, replies
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
