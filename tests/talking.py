"""Talking with the bot without Telegram: what a message is answered by, in words and buttons."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html import unescape
from re import compile as pattern

from telegram import Chat, InlineKeyboardButton, InlineKeyboardMarkup, Message, User

from bot.language import HK, language
from handlers import event_facts, questions
from handlers.replies import Button, Reply, Say, Show, Where
from handlers.turns import Press, Setup, Writing
from storage import Database
from storage.people import Person
from tests.conftest import NOON
from tests.making import known_person

_TAG = pattern(r"<[^>]*>")


@dataclass(frozen=True)
class Said:
    """What one message was answered by; without a text where nothing was said."""

    text: str
    buttons: tuple[Button, ...] = ()

    @property
    def labels(self) -> Sequence[str]:
        return [one.text for one in self.buttons]

    def data(self, label: str) -> str:
        """What the button holds whose label begins with this."""
        return next(one.data or "" for one in self.buttons if one.text.startswith(label))


@dataclass
class Talk:
    """Somebody's conversation with the bot, at a time that can be moved."""

    database: Database
    person: Person
    setup: Setup = field(default_factory=lambda: Setup("amity_bot", HK, frozenset(), None))
    now: datetime = NOON

    async def ask(self, text: str, *, edited: bool = False, reply_to: Said | None = None) -> Said:
        """Write a message, or a reply to an earlier answer, and give the answer."""
        await self.setup.library.refresh(self.database, now=self.now)
        words = language(self.person.locale)
        written = _reply(text, reply_to, self.now) if reply_to else None
        writing = Writing(
            self.person, words, self.now, self.setup, Where(1), text=text, message=written, edited=edited
        )
        async with self.database.write() as tx:
            return _said(await questions.answer(writing, tx))

    async def press(self, data: str) -> Said:
        """Press a button that asks one event for a fact."""
        _, operation, *args = data.split(":")
        assert operation == "fact"
        words = language(self.person.locale)
        press = Press(
            self.person,
            words,
            self.now,
            self.setup,
            Where(1, 1, "1"),
            operation=operation,
            args=tuple(args),
        )
        async with self.database.write() as tx:
            return _said(await event_facts.open_fact(press, tx))

    def wait(self, **time: float) -> None:
        self.now += timedelta(**time)


async def talk(database: Database, *, locale: str = "en", telegram_id: int = 77) -> Talk:
    """A conversation of somebody who has agreed."""
    return Talk(database, await known_person(database, telegram_id, now=NOON, locale=locale))


def _reply(text: str, to: Said, now: datetime) -> Message:
    chat = Chat(1, Chat.PRIVATE)
    keyboard = [[InlineKeyboardButton(one.text, callback_data=one.data or "v1:none")] for one in to.buttons]
    answer = Message(
        1, now, chat, User(2, "Amity", True), text=to.text, reply_markup=InlineKeyboardMarkup(keyboard)
    )
    return Message(2, now, chat, User(1, "Ming", False), text=text, reply_to_message=answer)


def _said(reply: Reply) -> Said:
    for piece in reply.pieces:
        if isinstance(piece, Say | Show):
            return Said(
                unescape(_TAG.sub("", str(piece.html))),
                tuple(one for row in piece.buttons for one in row),
            )
    return Said("")
