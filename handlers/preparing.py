"""What is found out about an update before a transaction opens for it."""

from dataclasses import dataclass, field

from telegram import Update

from bot.questions import Meaning
from handlers.enclosures import Enclosures
from handlers.hearing import Hearing
from handlers.sight import Sight


@dataclass(frozen=True)
class Prepared:
    """What was found out.

    `tickets` are the codes in a picture, None where it was not looked at; `enclosed` is what a file says that
    a form waits for; `meaning` is what a question means to each model.
    """

    tickets: tuple[str, ...] | None = None
    enclosed: object | None = None
    meaning: Meaning = field(default_factory=dict)


class Preparing:
    """Looks, reads and listens, so that nobody waits for any of it inside a transaction."""

    def __init__(self, sight: Sight, enclosures: Enclosures, hearing: Hearing) -> None:
        self._sight = sight
        self._enclosures = enclosures
        self._hearing = hearing

    async def prepare(self, update: Update) -> None:
        """Find out what deciding about the update needs. Never raises."""
        await self._sight.look(update)
        await self._enclosures.fetch(update)
        await self._hearing.listen(update)

    def prepared(self, update_id: int) -> Prepared:
        return Prepared(
            self._sight.seen(update_id), self._enclosures.of(update_id), self._hearing.heard(update_id)
        )
