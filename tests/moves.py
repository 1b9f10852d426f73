"""What members do again and again in journeys: open an event's card, press and see what it leads to."""

from typing import Any

from tests.messages import Message
from tests.phone import Phone


async def card(phone: Phone, event_id: int) -> Message:
    """The event's card as a deep link opens it."""
    await phone.write(f"/start event_{event_id}")
    return await phone.wait_for(lambda message: f"v1:ics:{event_id}" in str(message))


async def pressed(phone: Phone, data: str, message: Message | None = None) -> dict[str, Any]:
    """The answer to a press, once everything that it leads to is shown."""
    answer = await phone.press(data, message)
    await phone.settled()
    assert answer is not None, f"the press of {data} was not answered"
    return answer


async def forged(phone: Phone, data: str) -> dict[str, Any]:
    """The answer to a press of a button that the newest message doesn't have."""
    query = await phone.forge(data, (await phone.last())["message_id"])
    answer = await phone.telegram.answer(query)
    await phone.settled()
    assert answer is not None, f"the forged {data} was not answered"
    return answer
