"""Asking a person, as the member sees it."""

from markupsafe import Markup

from bot import desk, learning
from bot.desk import Closed, Nobody, Opened, PassedOn, Said, Unknown
from bot.language import Language
from handlers import topics
from handlers.forms import Data, Form, Misread, Step, Understood, begin
from handlers.menu import home_button
from handlers.passing_on import desk_of, said_by
from handlers.replies import NOTHING, Button, Reply, button, say, show, toast
from handlers.turns import Press, Turn, Writing
from storage import Transaction, threads
from storage.threads import Thread


async def hear(writing: Writing, tx: Transaction) -> Reply | None:
    """Pass on a message that belongs to the member's open question; None when there is none."""
    thread = await threads.find_open(tx, writing.person.id)
    if thread is None or writing.message is None:
        return None
    added = await desk.write_on(
        tx, desk_of(writing.setup), thread, said_by(writing.message, edited=writing.edited), now=writing.now
    )
    return _confirm(added, writing.language)


async def ask(turn: Turn, tx: Transaction) -> Reply:
    """💬 from the menu: one step, "what do you want to ask?"."""
    thread = await threads.find_open(tx, turn.person.id)
    if thread is not None:
        return _open_already(thread, turn.language)
    if not await desk.is_staffed(tx, desk_of(turn.setup)):
        return _nobody(turn.language)
    return await begin(turn, tx, ASK)


async def ask_this(press: Press, tx: Transaction) -> Reply:
    """💬 under an answer: pass on the question it answered, if it can still be seen there."""
    question = press.message.reply_to_message if press.message else None
    if question is None or not press.asked:
        return await ask(press, tx)
    offered = await topics.title_of(press, tx, press.word(0))
    said = said_by(question, edited=False)
    asked = await desk.ask(
        tx, desk_of(press.setup), press.person, press.asked, said, offered=offered, now=press.now
    )
    match asked:
        case Opened(thread):
            topic_id = press.word(0)
            await learning.note_passed_on(tx, press.person, press.asked, topic_id, thread.id, now=press.now)
            return say(_opened(press.language), [[_settle_button(thread, press.language)]])
        case PassedOn():
            return toast(press.language.gettext("This is with our team already. They answer here."))
        case Nobody():
            return _nobody(press.language)


async def ask_further(press: Press, tx: Transaction) -> Reply:
    """Under an answer: what is written next goes to the person again."""
    asked = await desk.ask_further(tx, desk_of(press.setup), press.number(0), press.person.id)
    match asked:
        case PassedOn(thread):
            text = press.language.html("Just write it here. I pass it on to our team.")
            return say(text, [[_settle_button(thread, press.language)]])
        case Nobody():
            return _nobody(press.language)
        case Unknown():
            return _gone(press)


async def settle(press: Press, tx: Transaction) -> Reply:
    """The member has what they wanted. Pressing twice is harmless."""
    closed = await desk.settle(tx, desk_of(press.setup), press.number(0), press.person.id, now=press.now)
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
    asked = await desk.ask(tx, desk_of(turn.setup), turn.person, question["text"], said, now=turn.now)
    match asked:
        case Opened(thread):
            return say(_opened(turn.language), [[_settle_button(thread, turn.language)]])
        case PassedOn():
            return _confirm(asked, turn.language)
        case Nobody():
            return _nobody(turn.language)


def _way_back(turn: Turn) -> Button:
    return home_button(turn.language)


ASK = Form("ask", (Step("question", _ask_what, _read),), _finish, _way_back)


def _opened(language: Language) -> Markup:
    return language.html(
        "Your question is with our team. They see your name and what you wrote, and answer you here."
        " Until it is settled I keep quiet and pass on what you write."
    )


def _confirm(added: PassedOn, language: Language) -> Reply:
    """A word the first time only: after that the member talks with a person, not with the bot."""
    if not added.first:
        return NOTHING
    text = language.html("Passed on to our team. I keep quiet until this is settled.")
    return say(text, [[_settle_button(added.thread, language)]])


def _open_already(thread: Thread, language: Language) -> Reply:
    text = language.html("Your question is with our team already. Whatever you write here goes to them.")
    return show(text, [[_settle_button(thread, language)], [home_button(language)]])


def _nobody(language: Language) -> Reply:
    text = language.html(
        "I am sorry, there is nobody I could pass this to just now. Please try again in a few days."
    )
    return show(text, [[home_button(language)]])


def _gone(press: Press) -> Reply:
    text = press.language.html("That question is not kept any more. You can ask a new one.")
    rows = [[button(press.language.gettext("💬 Ask a person"), "ask")], [home_button(press.language)]]
    return say(text, rows)


def _settle_button(thread: Thread, language: Language) -> Button:
    return button(language.gettext("That's settled"), "settled", thread.id)
