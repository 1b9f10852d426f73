"""What the desk is told of a question that is with a person."""

from datetime import timedelta

from markupsafe import Markup

from bot import desk_topics
from bot.desk_topics import NotYet
from bot.language import Language, isolate
from handlers import desk_card, desk_copies, desk_group
from handlers.desk_card import answered_buttons, card_buttons, close_button, reopen_button, show_button
from handlers.owing import Later, Reading
from handlers.replies import Keyboard, Reply, Say
from storage import Transaction, thread_messages
from storage.notices import Owed
from storage.threads import Thread

# How long to wait for a topic that Telegram is being asked for.
SOON = timedelta(seconds=1)
PASSES_ON = ("desk_question", "desk_follow_up", "desk_answer")


async def put_question(notice: Owed, tx: Transaction, reading: Reading) -> Reply | Later | None:
    """A member's question, for those who may answer it."""
    thread = await desk_copies.thread(notice, tx)
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
        reply += desk_copies.copy(notice, _from_whom(thread, words), topic)
    return reply


async def put_follow_up(notice: Owed, tx: Transaction, reading: Reading) -> Reply | Later | None:
    """What the member wrote on, or how they corrected it."""
    thread = await desk_copies.thread(notice, tx)
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
        passed_on = await desk_copies.passed_on(notice, tx)
        if passed_on is not None and passed_on.kind == "desk_question":
            text = await desk_card.describe(thread, tx, words, in_topic=topic is not None, corrected=True)
            return desk_copies.put_in_place(notice, passed_on, text, card_buttons(thread, words))
        head = words.html("✏️ <b>{name}</b> (corrected):", name=isolate(thread.name))
        if passed_on is not None and notice.params["form"] != "bare":
            return desk_copies.correct(notice, passed_on, head, rows)
    if notice.params["form"] == "bare":
        return desk_copies.copy(notice, _from_whom(thread, words), topic)
    return desk_copies.with_words(notice, head, rows, topic)


async def note(notice: Owed, tx: Transaction, reading: Reading) -> Reply | Later | None:
    """A word to the desk: who answered, closed or took what, or that an answer did not arrive."""
    thread = await desk_copies.thread(notice, tx)
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
    thread = await desk_copies.thread(notice, tx)
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


async def _topic(notice: Owed, thread: Thread, tx: Transaction) -> int | NotYet | None:
    """The member's topic, where this goes to a group that has some."""
    if notice.person_id is not None:
        return None
    return await desk_topics.number_of(tx, thread.person_id, notice.chat_id)


async def _words_at_desk(notice: Owed, tx: Transaction, reading: Reading) -> Language:
    """The reader's own language; in the desk's group the one that is spoken there."""
    if notice.locale is not None:
        return reading.language
    return await desk_group.language_of(reading.setup, tx) or reading.language


def _from_whom(thread: Thread, words: Language) -> Keyboard:
    return [[show_button(thread, words)], [close_button(thread.id, words)]]
