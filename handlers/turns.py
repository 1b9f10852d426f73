"""One turn of a conversation: who wrote or pressed what, when, and in which language to answer."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from telegram import Message

from bot.hurry import Hurry
from bot.language import Language
from bot.library import Library
from bot.questions import Meaning
from bot.quiz_board import QuizBoard
from handlers.reading import clean
from handlers.replies import Where
from storage.dialogues import Dialogue
from storage.people import Person

# Past this, a number is no database's integer.
LARGEST = 2**63


@dataclass(frozen=True)
class Setup:
    """What handlers need to know of the bot they are part of; it stays the same while it runs."""

    username: str
    home: ZoneInfo
    owners: frozenset[int]
    # Where members' questions go; None: to each organiser's own chat.
    desk: int | None
    # What typed questions are answered from; it follows the database by itself.
    library: Library = field(default_factory=Library)
    # Who has asked how much within the last minute.
    hurry: Hurry = field(default_factory=Hurry)
    # Signs tickets. One made up for this run alone, unless it is given.
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    # Where the bot's web server is seen from outside, without a slash at the end; None: it isn't.
    public_url: str | None = None
    # Whether broadcasts may be paid for, to go out faster.
    paid_broadcasts: bool = False
    # Whether there are quizzes to lead to; like the library it follows the database by itself.
    quizzes: QuizBoard = field(default_factory=QuizBoard)


@dataclass(frozen=True)
class Stranger:
    """Somebody who has not agreed to be remembered, known for the length of this turn only."""

    telegram_id: int
    name: str
    username: str | None
    language_code: str | None


@dataclass(frozen=True)
class Turn:
    """What every handler is told. `person` is known: strangers only ever meet handlers/start.py."""

    person: Person
    language: Language
    now: datetime
    setup: Setup
    where: Where
    dialogue: Dialogue | None = None

    @property
    def is_organiser(self) -> bool:
        return self.person.role == "organiser" or self.is_owner

    @property
    def is_owner(self) -> bool:
        return self.person.telegram_id in self.setup.owners


@dataclass(frozen=True)
class Press(Turn):
    """A pressed button: the operation and its arguments as they stood in it, which anybody can forge."""

    operation: str = ""
    args: tuple[str, ...] = ()
    # The message under which the button was, where Telegram still shows it to us.
    message: Message | None = None
    # What the question that the message answers means to each model, where a button asks it again.
    meaning: Meaning = field(default_factory=dict)

    def number(self, position: int) -> int:
        """The argument as a number, or -1, which is nothing's id, when it is no number or not there."""
        return as_id(self.args[position]) if position < len(self.args) else -1

    @property
    def asked(self) -> str:
        """The question that the message with the button answers; empty where it can't be seen any more."""
        question = self.message.reply_to_message if self.message else None
        return clean(question.text or question.caption or "") if question else ""

    def word(self, position: int) -> str:
        """The argument, or an empty text when it is not there."""
        return self.args[position] if position < len(self.args) else ""


def as_id(text: str) -> int:
    """The number that somebody may have made up, or -1 when it is none that a database could hold."""
    try:
        number = int(text)
    except ValueError:
        return -1
    return number if abs(number) < LARGEST else -1


@dataclass(frozen=True)
class Writing(Turn):
    """A message: its cleaned text, and all of it for those who need more than text."""

    text: str = ""
    message: Message | None = None
    edited: bool = False
    # The codes of the tickets in its picture; None where there was none to look at.
    tickets: tuple[str, ...] | None = None
    # What it means to each model, if it is a question and was understood.
    meaning: Meaning = field(default_factory=dict)
    # What the file sent says, where the form under way has it read; else None.
    enclosed: object | None = None
