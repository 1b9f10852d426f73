"""Events that ask something, and members who answer, for journeys."""

from collections.abc import Mapping
from typing import Any

from bot import event_questions
from storage import Database, people, rsvps
from storage import event_questions as answered
from storage.event_questions import QuestionText
from storage.events import Event
from storage.rsvps import Rsvp
from tests.conftest import NOON, Amity
from tests.messages import text_of
from tests.moves import finished, pressed
from tests.phone import Message, Phone

SENT = "You have a place."


async def asks(
    database: Database,
    event: Event,
    kind: str,
    text: str,
    *,
    required: bool = True,
    choices: Mapping[int, str] | None = None,
    after: tuple[int, int] | None = None,
) -> int:
    """One more question of the event's."""
    async with database.write() as tx:
        asked = await event_questions.add(
            tx,
            event.id,
            kind,
            {"en": QuestionText(text, choices or {})},
            required=required,
            after=after,
            actor_id=1,
            now=NOON,
        )
    assert asked is not None
    return asked


async def place_of(amity: Amity, phone: Phone, event: Event) -> Rsvp | None:
    async with amity.database.read() as tx:
        person = await people.find_by_telegram_id(tx, phone.id)
        assert person is not None
        return await rsvps.find(tx, event.id, person.id)


async def answers_of(amity: Amity, phone: Phone, event: Event) -> dict[int, Any]:
    mine = await place_of(amity, phone, event)
    assert mine is not None
    async with amity.database.read() as tx:
        return await answered.answers_of(tx, mine.id)


async def says(amity: Amity, phone: Phone, text: str) -> Message:
    """What the bot says last to a message."""
    await phone.write(text)
    return await heard(amity, phone)


async def heard(amity: Amity, phone: Phone) -> Message:
    """What the bot says last to what was just sent."""
    await phone.wait_for(lambda message: bool(text_of(message)))
    await finished(amity)
    return await phone.last()


async def taps(amity: Amity, phone: Phone, label: str) -> Message:
    await pressed(amity, phone, label)
    return await phone.last()
