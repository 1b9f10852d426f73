"""Volunteers with a phone, for journeys."""

from typing import Any

from bot import volunteering
from storage.people import Person
from tests.conftest import NOON, Amity
from tests.making import agreed
from tests.moves import person_of
from tests.phone import Phone


async def volunteer(amity: Amity, name: str, *, locale: str = "en") -> tuple[Phone, Person]:
    phone = await agreed(amity.telegram, name, locale=locale)
    person = await person_of(amity, phone)
    async with amity.database.write() as tx:
        await volunteering.sign_up(
            tx, person.id, languages=["yue", "en"], skills="First aid", free=["sundays"], now=NOON
        )
    return phone, person


def said(answer: dict[str, Any] | None) -> str:
    return str((answer or {}).get("text"))
