"""Who is writing: a person we know, or a stranger of whom nothing is kept."""

from telegram import User

from bot import people
from handlers.reading import clean
from handlers.turns import Stranger
from storage import Transaction
from storage.people import Person

NAME_LIMIT = 128


def stranger(user: User) -> Stranger:
    return Stranger(
        user.id,
        clean(user.full_name)[:NAME_LIMIT] or str(user.id),
        clean(user.username or "") or None,
        user.language_code,
    )


async def recognise(user: User, tx: Transaction) -> Person | Stranger:
    """The person who wrote, under the name they bear today, or a stranger."""
    seen = stranger(user)
    person = await people.find_by_telegram_id(tx, user.id)
    if person is None:
        return seen
    return await people.meet_again(tx, person, name=seen.name, username=seen.username)
