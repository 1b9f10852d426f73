"""A turn at the desk: in the desk's group it may be anybody's who was let in there."""

from dataclasses import dataclass
from datetime import datetime

from bot.desk_staff import Clerk, Desk
from bot.language import Language
from handlers.replies import Reply, toast
from handlers.turns import Setup, Turn, as_id
from storage import Transaction, threads
from storage.threads import Thread


@dataclass(frozen=True)
class Sitting:
    clerk: Clerk
    desk: Desk
    # What the clerk alone reads, and what everybody reads who sits there.
    language: Language
    words: Language
    now: datetime
    setup: Setup
    args: tuple[str, ...] = ()
    # The message that carries the pressed button.
    message_id: int | None = None
    # In an organiser's own chat, where forms can be filled in.
    turn: Turn | None = None

    @property
    def at_group(self) -> str | None:
        """In the desk's group the bot's name, by which links lead to its own chat; None in that chat."""
        return self.setup.username if self.turn is None else None

    def number(self, position: int) -> int:
        """The button's argument as a number, or -1 where it is none."""
        return as_id(self.args[position]) if position < len(self.args) else -1

    def word(self, position: int) -> str:
        return self.args[position] if position < len(self.args) else ""

    async def thread(self, tx: Transaction) -> Thread | None:
        """The question that the button is about."""
        return await threads.find(tx, self.number(0))


def gone(sitting: Sitting) -> Reply:
    return toast(sitting.language.gettext("That question is not kept any more."))


def unknown_clerk(sitting: Sitting) -> Reply:
    """What is to be theirs needs somebody whom the bot knows."""
    return toast(sitting.language.gettext("Please open our own chat and press Start first, then try again."))
