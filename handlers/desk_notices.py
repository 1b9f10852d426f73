"""What the desk and the member are told while a question is with a person."""

from datetime import datetime, timedelta
from typing import Any

from markupsafe import Markup

from bot import desk, desk_topics
from bot.desk_topics import NotYet
from bot.language import Language, isolate
from handlers import desk_card, desk_group, desk_words
from handlers.desk_card import answered_buttons, card_buttons, close_button, reopen_button, show_button
from handlers.menu import home_button
from handlers.owing import Later, Reading
from handlers.replies import Button, Keyboard, Raw, Reply, Say, button, keyboard_markup, message_params, say
from storage import Transaction, desk_bans, thread_messages, threads
from storage.notices import Owed
from storage.thread_messages import Copy
from storage.threads import Thread

# How long to wait for a topic that Telegram is being asked for.
SOON = timedelta(seconds=1)
PASSES_ON = ("desk_question", "desk_follow_up", "desk_answer")


async def put_question(notice: Owed, tx: Transaction, reading: Reading) -> Reply | Later | None:
    """A member's question, for those who may answer it."""
    thread = await _thread(notice, tx)
    if thread is None:
        return None
    topic = await _topic(notice, thread, tx)
    if isinstance(topic, NotYet):
        return Later(reading.now + SOON)
    words = await _words_at_desk(notice, tx, reading)
    text = await desk_card.describe(
        thread, tx, words, in_topic=topic is not None, given_by=notice.params.get("given_by")
    )
    reply = Reply((Say(text, card_buttons(thread, words), topic=topic),))
    if notice.params.get("form", "text") != "text":
        reply += _copy(notice, _from_whom(thread, words), topic)
    return reply


async def put_follow_up(notice: Owed, tx: Transaction, reading: Reading) -> Reply | Later | None:
    """What the member wrote on, or how they corrected it."""
    thread = await _thread(notice, tx)
    if thread is None:
        return None
    topic = await _topic(notice, thread, tx)
    if isinstance(topic, NotYet):
        return Later(reading.now + SOON)
    words = await _words_at_desk(notice, tx, reading)
    rows = [[close_button(thread.id, words)]] if thread.state == "open" else []
    if not notice.params["corrected"]:
        head = words.html("💬 <b>{name}</b> adds:", name=isolate(thread.name))
    else:
        passed_on = await _passed_on(notice, tx)
        if passed_on is not None and passed_on.kind == "desk_question":
            text = await desk_card.describe(thread, tx, words, in_topic=topic is not None, corrected=True)
            return _put_in_place(notice, passed_on, text, card_buttons(thread, words))
        head = words.html("✏️ <b>{name}</b> (corrected):", name=isolate(thread.name))
        if passed_on is not None and notice.params["form"] != "bare":
            return _correct(notice, passed_on, head, rows)
    if notice.params["form"] == "bare":
        return _copy(notice, _from_whom(thread, words), topic)
    return _with_words(notice, head, rows, topic)


async def note(notice: Owed, tx: Transaction, reading: Reading) -> Reply | Later | None:
    """A word to the desk: who answered, closed or took what, or that an answer did not arrive."""
    thread = await _thread(notice, tx)
    if thread is None:
        return None
    topic = await _topic(notice, thread, tx)
    if isinstance(topic, NotYet):
        return Later(reading.now + SOON)
    words = await _words_at_desk(notice, tx, reading)
    name, by = isolate(thread.name), isolate(notice.params.get("by", ""))
    rows: Keyboard = answered_buttons(thread, words) if thread.state == "open" else []
    match notice.params["what"]:
        case "answered":
            said = words.html("✅ {by} has answered {name}.", by=by, name=name)
            if text := notice.params.get("text"):
                said += Markup("<blockquote>{}</blockquote>").format(isolate(str(text)))
        case "closed":
            said, rows = words.html("{by} has closed the question of {name}.", by=by, name=name), []
        case "reopened":
            said = words.html("{by} has opened the question of {name} again.", by=by, name=name)
        case "taken":
            said, rows = words.html("✋ {by} takes the question of {name}.", by=by, name=name), []
        case "given":
            to = isolate(notice.params.get("to", ""))
            said = words.html("🤝 {by} gives the question of {name} to {to}.", by=by, name=name, to=to)
            rows = []
        case "given_back":
            said = words.html("↩️ {by} gives back the question of {name}.", by=by, name=name)
            rows = card_buttons(thread, words) if thread.state == "open" else []
        case "settled":
            said = words.html("✅ {name} says it is settled.", name=name)
            rows = [[reopen_button(thread.id, words)]] if thread.state == "closed" else []
        case _:
            text = words.html(
                "⚠️ Your answer to {name} could not be delivered. They may have blocked the bot.", name=name
            )
            return Reply((Say(text, rows, topic=topic),))
    return Reply((Say(said, rows, silent=True, topic=topic),))


async def remind(notice: Owed, tx: Transaction, reading: Reading) -> Reply | Later | None:
    """To the desk: somebody has waited for long; not where an answer came meanwhile."""
    thread = await _thread(notice, tx)
    if thread is None or thread.state != "open" or thread.waiting_since is None:
        return None
    topic = await _topic(notice, thread, tx)
    if isinstance(topic, NotYet):
        return Later(reading.now + SOON)
    words = await _words_at_desk(notice, tx, reading)
    text = words.html(
        "⏰ <b>{name}</b> has been waiting for an answer since {when}.",
        name=isolate(thread.name),
        when=words.moment(thread.waiting_since, reading.setup.home, now=reading.now),
    )
    if thread.assignee:
        text += Markup("\n") + words.html(
            "✋ <b>{name}</b> has this question.", name=isolate(thread.assignee)
        )
    rows = [[show_button(thread, words)], *card_buttons(thread, words)]
    return Reply((Say(text, rows, topic=topic),))


async def tell_gone(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    """To the desk: nobody waits for that answer any more."""
    words = await _words_at_desk(notice, tx, reading)
    text = words.html(
        "A member has deleted everything about themselves. Their open question is gone and needs no answer."
    )
    return Reply((Say(text, silent=True),))


async def bring_answer(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    """An answer, for the member who asked, or its correction in its place."""
    thread = await _thread(notice, tx)
    if thread is None:
        return None
    words, signed = reading.language, notice.params.get("signed")
    match notice.params["corrected"], signed:
        case False, None:
            head = words.html("💬 <b>Answer from the association</b>")
        case False, name:
            head = words.html("💬 <b>Answer from {name}, for the association</b>", name=isolate(str(name)))
        case _, None:
            head = words.html("✏️ <b>Answer from the association</b> (corrected)")
        case _, name:
            head = words.html(
                "✏️ <b>Answer from {name}, for the association</b> (corrected)", name=isolate(str(name))
            )
    rows = [_further_and_settled(thread, words)]
    if notice.params["corrected"] and notice.params["form"] != "bare":
        brought = await _passed_on(notice, tx)
        if brought is not None:
            return _correct(notice, brought, head, rows)
    return _with_words(notice, head, rows)


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


async def tell_reopened(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    """The desk has taken the member's question up again."""
    thread = await _thread(notice, tx)
    if thread is None or thread.state != "open":
        return None
    text = reading.language.html(
        "Our team has taken up your question again. Until it is settled I keep quiet and pass on what you"
        " write."
    )
    return say(text, [[settle_button(thread, reading.language)]])


async def tell_delayed(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    """To the member: it takes longer, and what they can do; not where an answer came meanwhile."""
    thread = await _thread(notice, tx)
    if thread is None or thread.state != "open" or thread.waiting_since is None:
        return None
    text = reading.language.html(
        "I am sorry, your answer takes longer than it should. Your question isn't lost: I have reminded our"
        " team. You can simply wait, add something here, or say that it is settled."
    )
    return say(text, [[settle_button(thread, reading.language)], [home_button(reading.language)]])


async def tell_barred(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    """To a member who may not write to the desk; not where that was lifted meanwhile."""
    ban = await desk_bans.find(tx, notice.person_id or 0, now=reading.now)
    if ban is None:
        return None
    text = desk_words.tell_barred(ban.until, reading.language, reading.setup, reading.now)
    return say(text, [[home_button(reading.language)]])


async def remember(notice: Owed, tx: Transaction, message_id: int) -> None:
    """A reply to any of these messages finds its question again, and a correction what it corrects."""
    if await thread_messages.kind_of(tx, notice.chat_id, message_id):
        # Corrected in its place, it stays what it was.
        return
    source = None
    if notice.kind in PASSES_ON and "from_chat_id" in notice.params:
        source = notice.params["from_chat_id"], notice.params["message_id"]
    thread_id = notice.params["thread_id"]
    await thread_messages.add(tx, thread_id, notice.chat_id, message_id, kind=notice.kind, source=source)


async def not_delivered(notice: Owed, tx: Transaction, now: datetime) -> None:
    await desk.tell_undelivered(tx, notice.id, notice.params, now=now)


def settle_button(thread: Thread, language: Language) -> Button:
    return button(language.gettext("That's settled"), "settled", thread.id)


async def _thread(notice: Owed, tx: Transaction) -> Thread | None:
    return await threads.find(tx, notice.params["thread_id"])


async def _topic(notice: Owed, thread: Thread, tx: Transaction) -> int | NotYet | None:
    """The member's topic, where this goes to a group that has some."""
    if notice.person_id is not None:
        return None
    return await desk_topics.number_of(tx, thread.person_id, notice.chat_id)


async def _passed_on(notice: Owed, tx: Transaction) -> Copy | None:
    """The message in the reader's chat that is corrected now."""
    source = notice.params["from_chat_id"], notice.params["message_id"]
    return await thread_messages.find_copy(tx, source, notice.chat_id)


async def _words_at_desk(notice: Owed, tx: Transaction, reading: Reading) -> Language:
    """The reader's own language; in the desk's group the one that is spoken there."""
    if notice.locale is not None:
        return reading.language
    return await desk_group.language_of(reading.setup, tx) or reading.language


def _further_and_settled(thread: Thread, words: Language) -> list[Button]:
    return [button(words.gettext("Ask further"), "further", thread.id), settle_button(thread, words)]


def _from_whom(thread: Thread, words: Language) -> Keyboard:
    return [[show_button(thread, words)], [close_button(thread.id, words)]]


def _whole(notice: Owed, head: Markup) -> Markup:
    said = Markup(notice.params["words"])  # noqa: S704 - escaped when it was read
    return head + Markup("\n\n") + said if said else head


def _with_words(notice: Owed, head: Markup, rows: Keyboard, topic: int | None = None) -> Reply:
    """What was said, under a line of ours where there is room for one."""
    match notice.params["form"]:
        case "text":
            return Reply((Say(_whole(notice, head), rows, topic=topic),))
        case "caption":
            return _copy(notice, rows, topic, caption=_whole(notice, head))
        case _:
            return _copy(notice, rows, topic)


def _copy(notice: Owed, rows: Keyboard, topic: int | None, *, caption: Markup | None = None) -> Reply:
    params: dict[str, Any] = {
        "chat_id": notice.chat_id,
        "from_chat_id": notice.params["from_chat_id"],
        "message_id": notice.params["message_id"],
        "caption": caption,
        "parse_mode": None if caption is None else "HTML",
        "reply_markup": keyboard_markup(rows),
    }
    if topic is not None:
        params["message_thread_id"] = topic
    return Reply((Raw("copyMessage", params),))


def _correct(notice: Owed, passed_on: Copy, head: Markup, rows: Keyboard) -> Reply:
    if notice.params["form"] == "text":
        return _put_in_place(notice, passed_on, _whole(notice, head), rows)
    params: dict[str, Any] = {
        "chat_id": notice.chat_id,
        "message_id": passed_on.message_id,
        "caption": _whole(notice, head),
        "parse_mode": "HTML",
        "reply_markup": keyboard_markup(rows),
    }
    return Reply((Raw("editMessageCaption", params),))


def _put_in_place(notice: Owed, passed_on: Copy, text: Markup, rows: Keyboard) -> Reply:
    params = {"chat_id": notice.chat_id, "message_id": passed_on.message_id}
    return Reply((Raw("editMessageText", params | message_params(text, rows)),))
