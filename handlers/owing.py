"""What those who word notices are told."""

from dataclasses import dataclass
from datetime import datetime

from bot.language import Language
from handlers.turns import Setup
from storage.people import Person


@dataclass(frozen=True)
class Later:
    """What a notice needs is on its way: it is to be worded again at the instant."""

    until: datetime


@dataclass(frozen=True)
class Reading:
    """Who reads a notice: in which language, when."""

    language: Language
    now: datetime
    setup: Setup

    def may_organise(self, reader: Person | None) -> bool:
        """Whether the reader organises now, whatever they did when the notice was written down."""
        return reader is not None and (reader.role == "organiser" or reader.telegram_id in self.setup.owners)
