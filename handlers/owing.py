"""What those who word notices are told."""

from dataclasses import dataclass
from datetime import datetime

from bot.language import Language
from handlers.turns import Setup


@dataclass(frozen=True)
class Reading:
    """Who reads a notice: in which language, when."""

    language: Language
    now: datetime
    setup: Setup
