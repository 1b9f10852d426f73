"""Answering members: by replying to what the bot passed on, or in a member's topic of the desk's group."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime

from markupsafe import Markup
from telegram import CallbackQuery, Message, Update

from bot import desk_answers, desk_topics
from bot import desk_work as work
from bot.desk_answers import Answered
from bot.desk_staff import Clerk
from bot.language import Language, isolate
from handlers import desk_group, desk_ready, desk_work
from handlers.desk_card import CLOSE, REOPEN, answered_buttons, teach_button
from handlers.passing_on import desk_of, said_by, says_something
from handlers.reading import clean
from handlers.replies import CALLBACK_VERSION, NOTHING, Button, Raw, Reply, Say, button, say, toast
from handlers.sitting import Sitting, gone
from handlers.turns import Press, Setup, Stranger, Turn, Writing, as_id
from storage import Transaction, thread_messages, threads
from storage.people import Person
from storage.threads import Thread

# What a message in a topic is marked with once it is on its way: a line under each would be in the way.
MARK = "👌"


async def show_again(sitting: Sitting, tx: Transaction) -> Reply:
    """Have a question sent again: a new message, which a reply can find."""
    thread = await sitting.thread(tx)
    if thread is None:
        return gone(sitting)
    await work.show_again(tx, thread, sitting.clerk, now=sitting.now)
    return toast(sitting.language.gettext("Here it comes."))


Pressed = Callable[[Sitting, Transaction], Awaitable[Reply]]
# The same in the desk's group and in an organiser's own chat.
PRESSES: Mapping[str, Pressed] = {
    CLOSE: desk_work.close,
    REOPEN: desk_work.reopen,
    "deskopen": show_again,
    "deskmine": desk_work.take,
    "deskback": desk_work.give_back,
    "deskmore": desk_work.more,
    "deskgive": desk_work.choose_colleague,
    "deskgiven": desk_work.give,
    "desknote": desk_work.begin_note,
    "deskbar": desk_work.ask_bar,
    "deskbarred": desk_work.bar,
    "deskuse": desk_ready.choose,
    "deskpick": desk_ready.preview,
    "desksend": desk_ready.send,
}


async def _close(sitting: Sitting, thread: Thread, rest: str, tx: Transaction) -> Reply:
    return await desk_work.close_thread(sitting, thread, tx)


async def _reopen(sitting: Sitting, thread: Thread, rest: str, tx: Transaction) -> Reply:
    return await desk_work.reopen_thread(sitting, thread, tx)


async def _take(sitting: Sitting, thread: Thread, rest: str, tx: Transaction) -> Reply:
    return await desk_work.take_thread(sitting, thread, tx)


async def _note(sitting: Sitting, thread: Thread, rest: str, tx: Transaction) -> Reply:
    return await desk_work.note_thread(sitting, thread, rest, tx)


Commanded = Callable[[Sitting, Thread, str, Transaction], Awaitable[Reply]]
COMMANDS: Mapping[str, Commanded] = {"close": _close, "reopen": _reopen, "take": _take, "note": _note}


def at_own_chat(pressed: Pressed) -> Callable[[Press, Transaction], Awaitable[Reply]]:
    """The same for an organiser in their own chat."""

    async def press(press: Press, tx: Transaction) -> Reply:
        return await pressed(await _sitting(press, tx), tx)

    return press


def by_reply(name: str) -> Callable[[Turn, Transaction], Awaitable[Reply]]:
    """A command as a reply to a member's question, in an organiser's own chat."""

    async def command(turn: Turn, tx: Transaction) -> Reply:
        message = turn.message if isinstance(turn, Writing) else None
        thread = await _thread_of(message, turn.setup, tx) if message else None
        if message is None or thread is None:
            hint = turn.language.html(
                "Send {command} as a reply to the question that it is about.", command=f"/{name}"
            )
            return say(hint, [[button(turn.language.gettext("Open questions"), "desk")]])
        _, _, rest = (message.text or "").partition(" ")
        return await COMMANDS[name](await _sitting(turn, tx), thread, rest.strip(), tx)

    return command


async def hear(writing: Writing, tx: Transaction) -> Reply | None:
    """An organiser's reply to a member's question, in their own chat; None when it is anything else."""
    at_desk = writing.where.chat_id == writing.setup.desk
    if writing.message is None or not (writing.is_organiser or at_desk):
        return None
    thread = await _thread_of(writing.message, writing.setup, tx)
    if thread is None:
        return None
    return await _answer(await _sitting(writing, tx), thread, writing.message, tx, edited=writing.edited)


async def hear_group(
    update: Update, known: Person | Stranger, language: Language, setup: Setup, tx: Transaction, now: datetime
) -> Reply | None:
    """What is written or pressed in the desk's group; None when it is not about a member's question."""
    if setup.desk is None:
        return None
    person_id = known.id if isinstance(known, Person) else None
    words = await desk_group.language_of(setup, tx) or language
    place = await desk_of(setup, tx)
    sitting = Sitting(Clerk(known.name, setup.desk, person_id), place, language, words, now, setup)
    if update.callback_query:
        return await _pressed_in_group(update.callback_query, sitting, tx)
    message = update.message or update.edited_message
    if message is None:
        return None
    await desk_group.note_topics(message.chat, tx)
    thread, in_topic = await _thread_in_group(message, setup, tx)
    if thread is None:
        return _forgotten(message, sitting)
    if message.forum_topic_closed or message.forum_topic_reopened:
        return await _turned(sitting, thread, tx, closed=message.forum_topic_closed is not None)
    edited = update.message is None
    if (message.text or message.caption or "").startswith("/"):
        return None if edited else await _command(sitting, thread, message, tx)
    if not says_something(message):
        return None
    return await _answer(sitting, thread, message, tx, edited=edited, in_topic=in_topic)


async def _pressed_in_group(query: CallbackQuery, sitting: Sitting, tx: Transaction) -> Reply | None:
    version, _, rest = (query.data or "").partition(":")
    operation, *args = rest.split(":")
    pressed = PRESSES.get(operation) if version == CALLBACK_VERSION else None
    if pressed is None:
        return None
    message_id = query.message.message_id if query.message else None
    return await pressed(replace(sitting, args=tuple(args), message_id=message_id), tx)


async def _thread_in_group(message: Message, setup: Setup, tx: Transaction) -> tuple[Thread | None, bool]:
    """The question a message in the group is about, and whether it is by the topic in which it stands."""
    if message.is_topic_message and message.message_thread_id is not None:
        thread = await desk_topics.find_thread(tx, message.chat.id, message.message_thread_id)
        if thread is not None:
            return thread, True
    return await _thread_of(message, setup, tx), False


async def _turned(sitting: Sitting, thread: Thread, tx: Transaction, *, closed: bool) -> Reply | None:
    """Somebody has closed or opened the topic in Telegram itself: the question with it."""
    if closed == (thread.state == "closed"):
        return None
    if closed:
        return await desk_work.close_thread(sitting, thread, tx)
    return await desk_work.reopen_thread(sitting, thread, tx)


async def _command(sitting: Sitting, thread: Thread, message: Message, tx: Transaction) -> Reply | None:
    first, _, rest = (message.text or message.caption or "").partition(" ")
    name, _, addressee = first.removeprefix("/").partition("@")
    if addressee and addressee.lower() != sitting.setup.username.lower():
        return None
    command = COMMANDS.get(name.lower())
    return await command(sitting, thread, clean(rest), tx) if command else None


async def _sitting(turn: Turn, tx: Transaction) -> Sitting:
    return Sitting(
        Clerk(turn.person.name, turn.where.chat_id, turn.person.id),
        await desk_of(turn.setup, tx),
        turn.language,
        turn.language,
        turn.now,
        turn.setup,
        args=turn.args if isinstance(turn, Press) else (),
        message_id=turn.where.message_id,
        turn=turn if turn.is_organiser else None,
    )


async def _answer(
    sitting: Sitting,
    thread: Thread,
    message: Message,
    tx: Transaction,
    *,
    edited: bool,
    in_topic: bool = False,
) -> Reply:
    if edited and message.location:
        # A live location moves every few seconds.
        return NOTHING
    said = said_by(message, edited=edited)
    if edited:
        corrected = await desk_answers.correct_answer(tx, thread, sitting.clerk, said, now=sitting.now)
        if corrected is None or in_topic:
            return NOTHING
        text = sitting.words.html(
            "✅ The correction is on its way to {name}.", name=isolate(corrected.thread.name)
        )
        return Reply((Say(text, silent=True, reply_to=message.message_id),))
    answered = await desk_answers.answer(tx, sitting.desk, thread, sitting.clerk, said, now=sitting.now)
    if (in_topic or message.media_group_id) and not answered.reopened:
        return _mark(message)
    text = _describe(answered, sitting.words)
    rows = [*answered_buttons(thread, sitting.words), *_keep_rows(thread, sitting, message)]
    return Reply((Say(text, rows, silent=True, reply_to=message.message_id),))


def _keep_rows(thread: Thread, sitting: Sitting, message: Message) -> list[list[Button]]:
    """Keep a written answer for all who ask this."""
    if not message.text or sitting.clerk.person_id is None:
        return []
    return [[teach_button(thread.id, sitting.words, sitting.at_group)]]


def _mark(message: Message) -> Reply:
    reaction = [{"type": "emoji", "emoji": MARK}]
    params = {"chat_id": message.chat.id, "message_id": message.message_id, "reaction": reaction}
    return Reply((Raw("setMessageReaction", params),))


def _describe(answered: Answered, language: Language) -> Markup:
    name = isolate(answered.thread.name)
    if answered.reopened:
        return language.html(
            "✅ On its way to {name}. The question had been closed and is open again.", name=name
        )
    return language.html("✅ On its way to {name}.", name=name)


def _forgotten(message: Message, sitting: Sitting) -> Reply | None:
    """A reply to the bot that finds no member must not look as if it had."""
    replied = message.reply_to_message
    if replied is None or replied.from_user is None or replied.from_user.username != sitting.setup.username:
        return None
    if not says_something(message) or (message.text or "").startswith("/"):
        return None
    text = sitting.words.html("This message belongs to no question that is still kept, so nobody gets it.")
    return Reply((Say(text, reply_to=message.message_id),))


async def _thread_of(message: Message, setup: Setup, tx: Transaction) -> Thread | None:
    """The question that the message replies to: by the replied message's id, else by its button."""
    replied = message.reply_to_message
    if replied is None:
        return None
    thread = await thread_messages.find_thread(tx, message.chat.id, replied.message_id)
    if thread is not None or replied.from_user is None or replied.from_user.username != setup.username:
        return thread
    keyboard = replied.reply_markup.inline_keyboard if replied.reply_markup else ()
    beginnings = tuple(f"{CALLBACK_VERSION}:{operation}:" for operation in (CLOSE, REOPEN))
    for data in (str(one.callback_data or "") for row in keyboard for one in row):
        if data.startswith(beginnings):
            return await threads.find(tx, as_id(data.split(":")[2]))
    return None
