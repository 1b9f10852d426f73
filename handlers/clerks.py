"""Answering members: by replying to what the bot passed on, in one's own chat or in the desk's group."""

from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup
from telegram import Message, Update, User

from bot import desk
from bot.cutting import shortened
from bot.desk import Answered, Clerk
from bot.language import NATIVE_NAMES, Language, isolate
from handlers.passing_on import desk_of, said_by
from handlers.people import stranger
from handlers.replies import CALLBACK_VERSION, Button, Reply, Say, button, say, show, toast
from handlers.turns import Press, Setup, Turn, Writing, as_id
from storage import Transaction, threads
from storage.threads import Thread

PAGE = 8
CLOSE = "deskclose"


@dataclass(frozen=True)
class Sitting:
    """A turn at the desk. In the desk's group it may be anybody's who was let in there."""

    clerk: Clerk
    language: Language
    now: datetime
    setup: Setup


async def hear(writing: Writing, tx: Transaction) -> Reply | None:
    """An organiser's reply to a member's question, in their own chat; None when it is anything else."""
    at_desk = writing.where.chat_id == writing.setup.desk
    if writing.message is None or not (writing.is_organiser or at_desk):
        return None
    thread = await _thread_of(writing.message, writing.setup, tx)
    if thread is None:
        return None
    return await _answer(_sitting(writing), thread, writing.message, tx, edited=writing.edited)


async def hear_group(
    update: Update, user: User, language: Language, setup: Setup, tx: Transaction, now: datetime
) -> Reply | None:
    """What is written or pressed in the desk's group; None when it is not about a member's question."""
    if setup.desk is None:
        return None
    sitting = Sitting(Clerk(stranger(user).name, setup.desk), language, now, setup)
    if update.callback_query:
        operation, _, number = (update.callback_query.data or "").removeprefix("v1:").partition(":")
        match operation:
            case "deskclose":
                return await _close(sitting, as_id(number), tx)
            case "deskopen":
                return await _show_again(sitting, as_id(number), tx)
            case _:
                return None
    message = update.message or update.edited_message
    if message is None or message.reply_to_message is None:
        return None
    thread = await _thread_of(message, setup, tx)
    if thread is None:
        return _forgotten(message, sitting)
    if (message.text or "").partition("@")[0].strip() == "/close":
        return await _close(sitting, thread.id, tx)
    if (message.text or "").startswith("/"):
        return None
    return await _answer(sitting, thread, message, tx, edited=update.message is None)


async def close_by_reply(turn: Turn, tx: Transaction) -> Reply:
    """/close, as a reply to a member's question."""
    message = turn.message if isinstance(turn, Writing) else None
    thread = await _thread_of(message, turn.setup, tx) if message else None
    if thread is None:
        hint = turn.language.html("Send /close as a reply to the question that you want to close.")
        return say(hint, [[_list_button(turn.language)]])
    return await _close(_sitting(turn), thread.id, tx)


async def press_close(press: Press, tx: Transaction) -> Reply:
    return await _close(_sitting(press), press.number(0), tx)


async def list_open(turn: Turn, tx: Transaction) -> Reply:
    """The questions that members wait for, unanswered ones first."""
    language = turn.language
    back = [button(language.gettext("‹ Organise"), "organise")]
    total = await threads.count_open(tx)
    page = min(max(0, turn.number(0) if isinstance(turn, Press) else 0), max(0, (total - 1) // PAGE))
    found = await threads.list_open(tx, limit=PAGE, offset=page * PAGE)
    if not found:
        return show(language.html("No member is waiting for an answer."), [back])
    lines = [
        language.nhtml("<b>{n} open question</b>", "<b>{n} open questions</b>", total),
        *(_line(number, thread, turn) for number, thread in enumerate(found, start=page * PAGE + 1)),
        language.html("Choose one to have it sent again. Answer by replying to it."),
    ]
    rows = [
        [button(f"{number}. {isolate(shortened(thread.name, 50))}", "deskopen", thread.id)]
        for number, thread in enumerate(found, start=page * PAGE + 1)
    ]
    turning = []
    if page:
        turning.append(button(language.gettext("‹ Previous"), "desk", page - 1))
    if (page + 1) * PAGE < total:
        turning.append(button(language.gettext("More ›"), "desk", page + 1))
    return show(Markup("\n\n").join(lines), [*rows, turning, back])


async def open_one(press: Press, tx: Transaction) -> Reply:
    """Have a question sent again: a new message, which a reply can find."""
    return await _show_again(_sitting(press), press.number(0), tx)


async def _show_again(sitting: Sitting, thread_id: int, tx: Transaction) -> Reply:
    thread = await threads.find(tx, thread_id)
    if thread is None:
        return toast(sitting.language.gettext("That question is not kept any more."))
    await desk.show_again(tx, thread, sitting.clerk, now=sitting.now)
    return toast(sitting.language.gettext("Here it comes."))


def close_button(thread_id: int, language: Language) -> Button:
    return button(language.gettext("Close this question"), CLOSE, thread_id)


def _sitting(turn: Turn) -> Sitting:
    clerk = Clerk(turn.person.name, turn.where.chat_id, turn.person.id)
    return Sitting(clerk, turn.language, turn.now, turn.setup)


async def _answer(
    sitting: Sitting, thread: Thread, message: Message, tx: Transaction, *, edited: bool
) -> Reply:
    said = said_by(message, edited=edited)
    answered = await desk.answer(tx, desk_of(sitting.setup), thread, sitting.clerk, said, now=sitting.now)
    text = _describe(answered, sitting.language, corrected=edited)
    rows = [[close_button(thread.id, sitting.language)], *_keep_rows(thread, sitting, message)]
    return Reply((Say(text, rows, silent=True, reply_to=message.message_id),))


def _keep_rows(thread: Thread, sitting: Sitting, message: Message) -> list[list[Button]]:
    """In an organiser's own chat, where forms are filled in: keep a written answer for all who ask this."""
    if not message.text or sitting.clerk.person_id is None:
        return []
    return [[button(sitting.language.gettext("🎓 Teach the bot this answer"), "olearnkeep", thread.id)]]


def _describe(answered: Answered, language: Language, *, corrected: bool) -> Markup:
    name = isolate(answered.thread.name)
    if corrected:
        return language.html("✅ The correction is on its way to {name}.", name=name)
    if answered.reopened:
        return language.html(
            "✅ On its way to {name}. The question had been closed and is open again.", name=name
        )
    return language.html("✅ On its way to {name}.", name=name)


async def _close(sitting: Sitting, thread_id: int, tx: Transaction) -> Reply:
    thread = await threads.find(tx, thread_id)
    language = sitting.language
    if thread is None:
        return toast(language.gettext("That question is not kept any more."))
    closed = await desk.close(tx, desk_of(sitting.setup), thread, sitting.clerk, now=sitting.now)
    if not closed.just_now:
        return toast(language.gettext("This question is closed already."))
    text = language.html(
        "The question of {name} is closed, and they are told. To take it up again, reply to it.",
        name=isolate(thread.name),
    )
    return say(text)


def _forgotten(message: Message, sitting: Sitting) -> Reply | None:
    """A reply to the bot that finds no member must not look as if it had."""
    replied = message.reply_to_message
    if replied is None or replied.from_user is None or replied.from_user.username != sitting.setup.username:
        return None
    text = sitting.language.html("This message belongs to no question that is still kept, so nobody gets it.")
    return Reply((Say(text, reply_to=message.message_id),))


async def _thread_of(message: Message, setup: Setup, tx: Transaction) -> Thread | None:
    """The question that the message replies to: by the replied message's id, else by its button."""
    replied = message.reply_to_message
    if replied is None:
        return None
    thread = await threads.find_by_message(tx, message.chat.id, replied.message_id)
    if thread is not None or replied.from_user is None or replied.from_user.username != setup.username:
        return thread
    keyboard = replied.reply_markup.inline_keyboard if replied.reply_markup else ()
    beginning = f"{CALLBACK_VERSION}:{CLOSE}:"
    for data in (str(one.callback_data or "") for row in keyboard for one in row):
        if data.startswith(beginning):
            return await threads.find(tx, as_id(data.removeprefix(beginning)))
    return None


def _line(number: int, thread: Thread, turn: Turn) -> Markup:
    language = turn.language
    state = language.gettext("answered") if thread.answered_at else language.gettext("waiting")
    return language.html(
        "<b>{number}. {name}</b> ({language}, since {when}, {state})\n{question}",
        number=number,
        name=isolate(thread.name),
        language=NATIVE_NAMES.get(thread.locale, thread.locale),
        when=language.moment(thread.opened_at, turn.setup.home, now=turn.now),
        state=state,
        question=isolate(shortened(thread.question, 100)),
    )


def _list_button(language: Language) -> Button:
    return button(language.gettext("Open questions"), "desk")
