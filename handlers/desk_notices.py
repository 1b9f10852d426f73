"""What the desk and the member are told while a question is with a person."""

from datetime import datetime
from typing import Any

from markupsafe import Markup, escape

from bot import desk
from bot.cutting import cut, shortened
from bot.language import NATIVE_NAMES, Language, isolate, language
from handlers.clerks import close_button
from handlers.menu import home_button
from handlers.owing import Reading
from handlers.passing_on import LONGEST
from handlers.replies import Button, Keyboard, Raw, Reply, Say, button, keyboard_markup, say
from storage import Transaction, people, threads
from storage.notices import Owed
from storage.threads import Thread


async def put_question(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    """A member's question, for those who may answer it."""
    thread = await _thread(notice, tx)
    if thread is None:
        return None
    words = await _words_at_desk(notice, tx, reading)
    shown, left = cut(thread.question, LONGEST)
    parts = [
        words.html(
            "💬 <b>{name}</b> asks ({language}):",
            name=isolate(thread.name),
            language=NATIVE_NAMES.get(thread.locale, thread.locale),
        ),
        escape(isolate(shown)),
    ]
    if left:
        parts.append(
            words.nhtml("<i>… and {n} more character.</i>", "<i>… and {n} more characters.</i>", left)
        )
    if notice.params.get("offered"):
        parts.append(
            words.html("<i>The bot had answered: {topic}</i>", topic=isolate(notice.params["offered"]))
        )
    if thread.state == "closed":
        parts.append(words.html("<i>This question is closed. A reply opens it again.</i>"))
    parts.append(words.html("↩️ Reply to this message to answer. Text, pictures and files are passed on."))
    reply = say(Markup("\n\n").join(parts), [[close_button(thread.id, words)]])
    if notice.params.get("form", "text") != "text":
        reply += _copy(notice, _from_whom(thread, words))
    return reply


async def put_follow_up(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    """What the member wrote on."""
    thread = await _thread(notice, tx)
    if thread is None:
        return None
    words = await _words_at_desk(notice, tx, reading)
    if notice.params["corrected"]:
        head = words.html("✏️ <b>{name}</b> (corrected):", name=isolate(thread.name))
    else:
        head = words.html("💬 <b>{name}</b> adds:", name=isolate(thread.name))
    if notice.params["form"] == "bare":
        return _copy(notice, _from_whom(thread, words))
    return _with_words(notice, head, [[close_button(thread.id, words)]])


async def note(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    """A word to the desk: who answered or closed, or that an answer did not arrive."""
    thread = await _thread(notice, tx)
    if thread is None:
        return None
    words = await _words_at_desk(notice, tx, reading)
    name, by = isolate(thread.name), isolate(notice.params.get("by", ""))
    rows: Keyboard = [[close_button(thread.id, words)]] if thread.state == "open" else []
    match notice.params["what"]:
        case "answered":
            return Reply(
                (Say(words.html("✅ {by} has answered {name}.", by=by, name=name), rows, silent=True),)
            )
        case "closed":
            text = words.html("{by} has closed the question of {name}.", by=by, name=name)
            return Reply((Say(text, silent=True),))
        case "settled":
            return Reply((Say(words.html("✅ {name} says it is settled.", name=name), silent=True),))
        case _:
            text = words.html(
                "⚠️ Your answer to {name} could not be delivered. They may have blocked the bot.", name=name
            )
            return say(text, rows)


async def bring_answer(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    """An answer, for the member who asked."""
    thread = await _thread(notice, tx)
    if thread is None:
        return None
    words = reading.language
    if notice.params["corrected"]:
        head = words.html("✏️ <b>Answer from the association</b> (corrected)")
    else:
        head = words.html("💬 <b>Answer from the association</b>")
    return _with_words(notice, head, [_further_and_settled(thread, words)])


async def tell_closed(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    """The desk has closed the member's question."""
    thread = await _thread(notice, tx)
    if thread is None or thread.state == "open":
        return None
    words = reading.language
    text = words.html(
        "Our team has closed your question. From now on I answer again myself."
        " Is anything still open? Then ask further."
    )
    further = button(words.gettext("Ask further"), "further", thread.id)
    return say(text, [[further], [home_button(words)]])


async def remember(notice: Owed, tx: Transaction, message_id: int) -> None:
    """A reply to any of these messages finds its question again."""
    await threads.add_message(tx, notice.params["thread_id"], notice.chat_id, message_id)


async def not_delivered(notice: Owed, tx: Transaction, now: datetime) -> None:
    await desk.tell_undelivered(tx, notice.id, notice.params, now=now)


async def _thread(notice: Owed, tx: Transaction) -> Thread | None:
    return await threads.find(tx, notice.params["thread_id"])


async def _words_at_desk(notice: Owed, tx: Transaction, reading: Reading) -> Language:
    """The reader's own language; in the desk's group that of the first owner who has started the bot."""
    if notice.locale is not None:
        return reading.language
    owners = await people.list_organisers(tx, reading.setup.owners)
    return language(owners[0].locale, reading.setup.home) if owners else reading.language


def _further_and_settled(thread: Thread, words: Language) -> list[Button]:
    return [
        button(words.gettext("Ask further"), "further", thread.id),
        button(words.gettext("That's settled"), "settled", thread.id),
    ]


def _from_whom(thread: Thread, words: Language) -> Keyboard:
    """Where no line of ours fits, a button tells whose message it is, and shows the question again."""
    whose = words.gettext("💬 From {name}", name=isolate(shortened(thread.name, 40)))
    return [[button(whose, "deskopen", thread.id)], [close_button(thread.id, words)]]


def _with_words(notice: Owed, head: Markup, rows: Keyboard) -> Reply:
    """What was said, under a line of ours where there is room for one."""
    said = Markup(notice.params["words"])  # noqa: S704 - escaped when it was read
    whole = head + Markup("\n\n") + said if said else head
    match notice.params["form"]:
        case "text":
            return say(whole, rows)
        case "caption":
            return _copy(notice, rows, caption=whole)
        case _:
            return _copy(notice, rows)


def _copy(notice: Owed, rows: Keyboard, *, caption: Markup | None = None) -> Reply:
    params: dict[str, Any] = {
        "chat_id": notice.chat_id,
        "from_chat_id": notice.params["from_chat_id"],
        "message_id": notice.params["message_id"],
        "caption": caption,
        "parse_mode": None if caption is None else "HTML",
        "reply_markup": keyboard_markup(rows),
    }
    return Reply((Raw("copyMessage", params),))
