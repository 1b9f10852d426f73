"""What one person is reminded of at the same time, told in one message."""

from collections.abc import Sequence
from typing import Final

from handlers import event_notices, shift_notices
from handlers.owing import Reading
from handlers.reminder_words import Item, compose
from handlers.replies import Reply, say
from storage import Transaction
from storage.notices import Owed
from storage.reminders import Subject

# The kinds of notices that are told together when several are due for the same person.
KINDS: Final = frozenset({"event_reminder", "shift_reminder"})


async def tell_together(notices: Sequence[Owed], tx: Transaction, reading: Reading) -> Reply | None:
    """One message for everything that is still true of it, each thing once; None where nothing is.

    The notices are of KINDS and for one person.
    """
    asked: dict[Subject, int | None] = {}
    for notice in notices:
        if notice.event_id is not None:
            asked[Subject("event", notice.event_id)] = notice.person_id
        elif notice.shift_id is not None:
            asked[Subject("shift", notice.shift_id)] = notice.person_id
    items = [item for subject, person in asked.items() if (item := await look(subject, person, tx, reading))]
    return say(*compose(items, reading)) if items else None


async def look(subject: Subject, person_id: int | None, tx: Transaction, reading: Reading) -> Item | None:
    """What there is to remind the person of; None where it is not ahead of them."""
    match subject.kind:
        case "event":
            return await event_notices.look(subject.id, person_id, tx, reading)
        case "shift":
            return await shift_notices.look(subject.id, person_id, tx, reading)
