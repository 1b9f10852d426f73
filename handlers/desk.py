"""Asking a person, as the member sees it."""

from datetime import datetime

from markupsafe import Markup

from bot import desk, desk_hours, desk_staff, learning
from bot.desk import Barred, Closed, Nobody, Opened, PassedOn, Said, Unknown
from bot.language import Language
from handlers import desk_words, topics
from handlers.desk_member_notices import settle_button
from handlers.forms import Data, Form, Misread, Step, Understood, begin
from handlers.menu import home_button
from handlers.passing_on import desk_of, said_by
from handlers.replies import NOTHING, Button, Reply, button, say, show, toast
from handlers.turns import Press, Turn, Writing
from storage import Transaction, thread_messages, threads
from storage.threads import Thread


async def hear(writing: Writing, tx: Transaction) -> Reply | None:
    """Pass on a message that belongs to a question of the member's; None when there is none.

    While one is open that is everything; afterwards a reply to any of its messages.
    """
    message = writing.message
    if message is None:
        return None
    thread = await threads.find_open(tx, writing.person.id)
    if writing.edited:
        return await _correct(writing, tx, is_open=thread is not None)
    place, said = await desk_of(writing.setup, tx), said_by(message, edited=False)
    if thread is not None:
        return _confirm(await desk.write_on(tx, place, thread, said, now=writing.now), writing)
    replied = message.reply_to_message
    earlier = await thread_messages.find_thread(tx, message.chat.id, replied.message_id) if replied else None
    if earlier is None or earlier.person_id != writing.person.id:
        return None
    match await desk.write_again(tx, place, earlier, said, now=writing.now):
        case PassedOn() as added:
            return _confirm(added, writing)
        case Barred(until):
            return _barred(writing, until)
        case Nobody():
            return _nobody(writing.language)


async def _correct(writing: Writing, tx: Transaction, *, is_open: bool) -> Reply | None:
    """Pass on how a message was changed, if it was passed on itself. A live location only moves."""
    if writing.message is None or writing.message.location:
        return NOTHING if is_open else None
    said = said_by(writing.message, edited=True)
    place = await desk_of(writing.setup, tx)
    passed_on = await desk.correct(tx, place, writing.person.id, said, now=writing.now)
    return NOTHING if passed_on or is_open else None


async def ask(turn: Turn, tx: Transaction) -> Reply:
    """💬 from the menu: one step, "what do you want to ask?"."""
    thread = await threads.find_open(tx, turn.person.id)
    if thread is not None:
        return _open_already(thread, turn.language)
    barred = await desk.is_barred(tx, turn.person.id, now=turn.now)
    if barred is not None:
        return _barred(turn, barred.until)
    if not await desk_staff.is_staffed(tx, await desk_of(turn.setup, tx)):
        return _nobody(turn.language)
    return await begin(turn, tx, ASK)


async def ask_this(press: Press, tx: Transaction) -> Reply:
    """💬 under an answer: pass on the question it answered, if it can still be seen there."""
    question = press.message.reply_to_message if press.message else None
    if question is None or not press.asked:
        return await ask(press, tx)
    offered = await topics.title_of(press, tx, press.word(0))
    said, place = said_by(question, edited=False), await desk_of(press.setup, tx)
    asked = await desk.ask(tx, place, press.person, press.asked, said, offered=offered, now=press.now)
    match asked:
        case Opened(thread):
            topic_id = press.word(0)
            await learning.note_passed_on(tx, press.person, press.asked, topic_id, thread.id, now=press.now)
            return await _tell_opened(press, thread, tx)
        case PassedOn():
            return toast(press.language.gettext("This is with our team already. They answer here."))
        case Barred(until):
            return _barred(press, until)
        case Nobody():
            return _nobody(press.language)


async def ask_further(press: Press, tx: Transaction) -> Reply:
    """Under an answer: what is written next goes to the person again."""
    place, thread_id = await desk_of(press.setup, tx), press.number(0)
    match await desk.ask_further(tx, place, thread_id, press.person.id, now=press.now):
        case PassedOn(thread):
            text = press.language.html("Just write it here. I pass it on to our team.")
            return say(text, [[settle_button(thread, press.language)]])
        case Barred(until):
            return _barred(press, until)
        case Nobody():
            return _nobody(press.language)
        case Unknown():
            return _gone(press)


async def settle(press: Press, tx: Transaction) -> Reply:
    """The member has what they wanted. Pressing twice is harmless."""
    place = await desk_of(press.setup, tx)
    closed = await desk.settle(tx, place, press.number(0), press.person.id, now=press.now)
    language = press.language
    match closed:
        case Closed(just_now=True):
            text = language.html("Settled. From now on I answer again myself. Just type your next question.")
            return say(text, [[home_button(language)]])
        case Closed():
            return toast(language.gettext("This is settled already."))
        case Unknown():
            return _gone(press)


def _ask_what(turn: Turn, data: Data) -> Markup:
    return turn.language.html(
        "What would you like to ask? Write it in one message, in your own language. Our team sees your name"
        " and what you write."
    )


def _read(writing: Writing, data: Data) -> Understood | Misread:
    if not writing.text or writing.message is None:
        return Misread(
            writing.language.html(
                "Please write your question first. You can send pictures and files after it."
            )
        )
    said = said_by(writing.message, edited=False)
    return Understood(
        {"text": writing.text, "message_id": said.message_id, "form": said.form, "words": said.words}
    )


async def _finish(turn: Turn, tx: Transaction, data: Data) -> Reply:
    question = data["question"]
    said = Said(turn.person.telegram_id, question["message_id"], question["form"], question["words"])
    place = await desk_of(turn.setup, tx)
    match await desk.ask(tx, place, turn.person, question["text"], said, now=turn.now):
        case Opened(thread):
            return await _tell_opened(turn, thread, tx)
        case PassedOn() as asked:
            return _confirm(asked, turn)
        case Barred(until):
            return _barred(turn, until)
        case Nobody():
            return _nobody(turn.language)


def _way_back(turn: Turn) -> Button:
    return home_button(turn.language)


ASK = Form("ask", (Step("question", _ask_what, _read),), _finish, _way_back)


async def _tell_opened(turn: Turn, thread: Thread, tx: Transaction) -> Reply:
    """What happens now, and from when on somebody is there to read it."""
    language = turn.language
    text = language.html(
        "Your question is with our team. They see your name and what you wrote, and answer you here."
        " Until it is settled I keep quiet and pass on what you write."
    )
    hours = await desk_hours.read(tx)
    later = desk_words.tell_reading_time(hours, language, turn.setup, turn.now)
    if later is not None:
        text += Markup("\n\n") + later
    return say(text, [[settle_button(thread, language)]])


def _confirm(added: PassedOn, turn: Turn) -> Reply:
    """A word the first time only: after that the member talks with a person, not with the bot."""
    if not added.first:
        return NOTHING
    text = turn.language.html("Passed on to our team. I keep quiet until this is settled.")
    return say(text, [[settle_button(added.thread, turn.language)]])


def _barred(turn: Turn, until: datetime | None) -> Reply:
    text = desk_words.tell_barred(until, turn.language, turn.setup, turn.now)
    return show(text, [[home_button(turn.language)]])


def _open_already(thread: Thread, language: Language) -> Reply:
    text = language.html("Your question is with our team already. Whatever you write here goes to them.")
    return show(text, [[settle_button(thread, language)], [home_button(language)]])


def _nobody(language: Language) -> Reply:
    text = language.html(
        "I am sorry, there is nobody I could pass this to just now. Please try again in a few days."
    )
    return show(text, [[home_button(language)]])


def _gone(press: Press) -> Reply:
    text = press.language.html("That question is not kept any more. You can ask a new one.")
    rows = [[button(press.language.gettext("💬 Ask a person"), "ask")], [home_button(press.language)]]
    return say(text, rows)
