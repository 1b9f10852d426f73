"""Which function answers which command, button, dialogue or other message."""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from telegram import CallbackQuery, Chat, MaybeInaccessibleMessage, Message, Update, User

from bot.language import LOCALES, language
from handlers import (
    clerks,
    desk_group,
    door,
    events,
    forms,
    guardians,
    links,
    menu,
    other,
    privacy,
    questions,
    quiz_pages,
    start,
    volunteer,
)
from handlers.dispatch import Answer
from handlers.forms import Form
from handlers.operations import COMMANDS, FORMS, ORGANISER_COMMANDS, ORGANISER_PRESSES, PRESSES
from handlers.organise import learning_forms
from handlers.people import recognise
from handlers.preparing import Prepared
from handlers.reading import clean
from handlers.replies import CALLBACK_VERSION, NOTHING, Reply, Where, alert, below, toast
from handlers.turns import Press, Setup, Stranger, Turn, Writing, as_id
from storage import Transaction, dialogues, people

# What was found out about an update before, by its id.
Found = Callable[[int], Prepared]


def nothing_prepared(update_id: int) -> Prepared:
    """Where nothing is found out before."""
    return Prepared()


class Routes:
    """Finds who speaks and what they want, and hands it to the one function that answers it."""

    def __init__(self, setup: Setup, *, prepared: Found = nothing_prepared) -> None:
        self._setup = setup
        self._prepared = prepared

    async def handle(self, update: Update, tx: Transaction, now: datetime) -> Answer:
        """Answer one update; None where nothing is to be said."""
        user, chat = update.effective_user, update.effective_chat
        if user is None or chat is None or (user.is_bot and not desk_group.speaks_as_group(update)):
            return None
        if update.my_chat_member:
            await desk_group.note_rights(update.my_chat_member, self._setup, tx)
            return None
        if chat.type != Chat.PRIVATE:
            return await self._in_group(update, user, chat, tx, now)
        where = _where(update, chat)
        known = await recognise(user, tx)
        if isinstance(known, Stranger):
            return await self._meet(update, start.Meeting(known, now, self._setup, where), tx), where
        turn = Turn(
            known,
            language(known.locale, self._setup.home),
            now,
            self._setup,
            where,
            await dialogues.find(tx, known.id),
        )
        found = self._prepared(update.update_id)
        if update.callback_query:
            press = replace(press_of(turn, update.callback_query), meaning=found.meaning)
            return await self._pressed(press, tx), where
        message = update.message or update.edited_message
        if message is None:
            return None
        writing = writing_of(turn, message, edited=update.message is None)
        writing = replace(writing, tickets=found.tickets, enclosed=found.enclosed, meaning=found.meaning)
        return await self._written(writing, tx), where

    async def apologise(self, update: Update, tx: Transaction, now: datetime) -> Answer:
        """What is said when an update was set aside."""
        user, chat = update.effective_user, update.effective_chat
        if user is None or chat is None or chat.type != Chat.PRIVATE:
            return None
        known = await recognise(user, tx)
        locale = start.guess(known) if isinstance(known, Stranger) else known.locale
        return other.apologise(language(locale, self._setup.home)), _where(update, chat)

    async def _in_group(
        self, update: Update, user: User, chat: Chat, tx: Transaction, now: datetime
    ) -> Answer:
        message = update.message
        where = _where(update, chat)
        known = await recognise(user, tx)
        locale = start.guess(known) if isinstance(known, Stranger) else known.locale
        words = language(locale, self._setup.home)
        if message is not None and message.migrate_to_chat_id:
            await desk_group.note_move(message, self._setup, tx)
        if await desk_group.is_desk(chat.id, self._setup, tx):
            setup = replace(self._setup, desk=chat.id)
            answered = await clerks.hear_group(update, known, words, setup, tx, now)
            if answered is not None:
                return answered, where
        if update.callback_query:
            return alert(words.gettext("Please write to me in our own chat.")), where
        if message is None or not (message.text or "").startswith("/"):
            return None
        command, addressee, rest = _command(message.text or "")
        if addressee and addressee != self._setup.username.lower():
            return None
        payload = start.carried(rest) if command == "start" else ""
        return other.write_in_private(words, self._setup, payload), where

    async def _meet(self, update: Update, meeting: start.Meeting, tx: Transaction) -> Reply:
        """A stranger: only language, notice and consent, until they agree."""
        if update.callback_query is None:
            text = update.message.text if update.message else None
            return start.greet(meeting, start.first_words(clean(text or "")))
        match clean(update.callback_query.data or "").split(":"):
            case [_, "hello", locale, payload] if locale in LOCALES:
                return start.ask_consent(meeting, locale, payload)
            case [_, "decline", locale, payload] if locale in LOCALES:
                return start.decline(meeting, locale, payload)
            case [_, "agree", locale, payload] if locale in LOCALES:
                turn = await start.agree(meeting, tx, locale)
                return start.welcome(turn) + await self._deep_link(turn, tx, payload)
            case [_, "forgotten"]:
                return privacy.already_forgotten(meeting)
            case _:
                return start.greet(meeting)

    async def _deep_link(self, turn: Turn, tx: Transaction, payload: str) -> Reply:
        kind, _, rest = payload.partition("_")
        # The message under the button is the welcome; what was asked for comes below it.
        if payload == "volunteer":
            return below(await volunteer.open_volunteering(turn, tx))
        if kind == "t":
            return below(await door.open_code_link(turn, tx, payload))
        if kind == "guard":
            return below(await guardians.open_link(turn, tx, rest))
        if kind == "event" and rest.isdecimal():
            return below(await events.open_card(turn, tx, as_id(rest)))
        if kind == "invite":
            return below(await links.open_invitation(turn, tx, rest))
        if kind == "group":
            return below(await links.join_group(turn, tx, rest))
        if kind == "teach" and rest.isdecimal() and turn.is_organiser:
            return below(await learning_forms.keep_by_link(turn, tx, as_id(rest)))
        if kind == "quiz" and rest.isdecimal():
            return below(await quiz_pages.show_quiz(turn, tx, as_id(rest)))
        return NOTHING

    async def _pressed(self, press: Press, tx: Transaction) -> Reply:
        operation = press.operation
        if operation in ("form", "cancel"):
            return await self._in_dialogue(press, tx)
        if operation in ("hello", "agree", "decline"):
            # The buttons of the first meeting, pressed again by somebody known by now.
            return menu.main(press)
        handler = PRESSES.get(operation)
        at_desk = operation in clerks.PRESSES and press.where.chat_id == self._setup.desk
        if handler is None and (press.is_organiser or at_desk):
            handler = ORGANISER_PRESSES.get(operation)
        answered = await handler(press, tx) if handler else other.unknown_button(press)
        return answered + await self._ask_again(press, tx) if operation == "language" else answered

    async def _ask_again(self, press: Press, tx: Transaction) -> Reply:
        """A form's question in the language just chosen: the menu alone would hide that it still waits."""
        form, person = _form_of(press), await people.find(tx, press.person.id)
        if form is None or person is None or person.locale == press.person.locale:
            return NOTHING
        turn = replace(press, person=person, language=language(person.locale, self._setup.home))
        return await forms.repeat(turn, tx, form)

    async def _in_dialogue(self, turn: Turn, tx: Transaction) -> Reply:
        if door.is_on(turn):
            # A button of a form that was given up for the door.
            return toast(turn.language.gettext("That is over already."))
        form = _form_of(turn)
        if form is None:
            # Whatever is written next is a question again.
            await dialogues.end(tx, turn.person.id)
            # In a message of its own: after a double tap the button's message says how it ended.
            return below(menu.main(turn, before=turn.language.html("That is over already.")))
        match turn:
            case Press(operation="cancel"):
                return await forms.give_up(turn, tx, form)
            case Press():
                return await forms.press(turn, tx, form)
            case Writing():
                return await forms.read(turn, tx, form)
            case _:
                raise TypeError("a dialogue goes on by a press or a message")

    async def _written(self, writing: Writing, tx: Transaction) -> Reply:
        if writing.text.startswith("/"):
            return await self._commanded(writing, tx)
        # An organiser's reply to a member's question is meant for that member, whatever form is open.
        answered = await clerks.hear(writing, tx)
        if answered is not None:
            return answered
        at_the_door = await door.hear(writing, tx)
        if at_the_door is not None:
            return at_the_door
        if writing.dialogue is not None and not door.is_on(writing):
            return await self._in_dialogue(writing, tx)
        return await questions.answer(writing, tx)

    async def _commanded(self, writing: Writing, tx: Transaction) -> Reply:
        command, _, rest = _command(writing.text)
        if command == "start":
            card = await self._deep_link(writing, tx, rest)
            return card if card.pieces else menu.commands(writing) + menu.main(writing)
        form = _form_of(writing)
        if command == "cancel" and form is not None:
            return await forms.give_up(writing, tx, form)
        if command == "cancel" and door.is_on(writing):
            return await door.close(writing, tx)
        handler = COMMANDS.get(command)
        if handler is None and writing.is_organiser:
            handler = ORGANISER_COMMANDS.get(command)
        return await handler(writing, tx) if handler else other.unknown_command(writing)


def _form_of(turn: Turn) -> Form | None:
    """The form under way, if there is one that this person may still fill in."""
    form = FORMS.get(turn.dialogue.kind) if turn.dialogue else None
    known = form is not None and turn.dialogue is not None and form.has(turn.dialogue.step)
    if form is None or not known or (form.organisers_only and not turn.is_organiser):
        return None
    return form


def _where(update: Update, chat: Chat) -> Where:
    query = update.callback_query
    if query is None:
        return Where(chat.id, topic=_topic(update.effective_message))
    message_id = query.message.message_id if query.message else None
    return Where(chat.id, message_id, query.id, _topic(query.message))


def _topic(message: Message | MaybeInaccessibleMessage | None) -> int | None:
    """The topic of a group in which the message stands."""
    return message.message_thread_id if isinstance(message, Message) and message.is_topic_message else None


def _command(text: str) -> tuple[str, str, str]:
    """A command's name, whom it is addressed to in a group, and what follows it."""
    first, _, rest = text[1:].partition(" ")
    name, _, addressee = first.partition("@")
    return name.lower(), addressee.lower(), rest.strip()


def press_of(turn: Turn, query: CallbackQuery) -> Press:
    version, _, rest = clean(query.data or "").partition(":")
    operation, *args = rest.split(":") if version == CALLBACK_VERSION else [""]
    message = query.message if isinstance(query.message, Message) else None
    return Press(**_parts(turn), operation=operation, args=tuple(args), message=message)


def writing_of(turn: Turn, message: Message, *, edited: bool) -> Writing:
    text = clean(message.text or message.caption or "")
    return Writing(**_parts(turn), text=text, message=message, edited=edited)


def _parts(turn: Turn) -> dict[str, Any]:
    return {field.name: getattr(turn, field.name) for field in fields(Turn)}
