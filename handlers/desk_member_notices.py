"""What the member is told of their question while it is with a person, and when that ends."""

from datetime import datetime

from bot import desk_answers
from bot.language import Language, isolate
from handlers import desk_copies, desk_words
from handlers.menu import home_button
from handlers.owing import Reading
from handlers.replies import Button, Reply, button, say
from storage import Transaction, desk_bans
from storage.notices import Owed
from storage.threads import Thread


async def bring_answer(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    """An answer, for the member who asked, or its correction in its place."""
    thread = await desk_copies.thread(notice, tx)
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
        brought = await desk_copies.passed_on(notice, tx)
        if brought is not None:
            return desk_copies.correct(notice, brought, head, rows)
    return desk_copies.with_words(notice, head, rows)


async def tell_closed(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    """The desk has closed the member's question."""
    thread = await desk_copies.thread(notice, tx)
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
    thread = await desk_copies.thread(notice, tx)
    if thread is None or thread.state != "open":
        return None
    text = reading.language.html(
        "Our team has taken up your question again. Until it is settled I keep quiet and pass on what you"
        " write."
    )
    return say(text, [[settle_button(thread, reading.language)]])


async def tell_delayed(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    """To the member: it takes longer, and what they can do; not where an answer came meanwhile."""
    thread = await desk_copies.thread(notice, tx)
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


async def not_delivered(notice: Owed, tx: Transaction, now: datetime) -> None:
    await desk_answers.tell_undelivered(tx, notice.id, notice.params, now=now)


def settle_button(thread: Thread, language: Language) -> Button:
    return button(language.gettext("That's settled"), "settled", thread.id)


def _further_and_settled(thread: Thread, words: Language) -> list[Button]:
    return [button(words.gettext("Ask further"), "further", thread.id), settle_button(thread, words)]
