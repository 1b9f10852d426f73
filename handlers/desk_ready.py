"""Answering a member with one of the answers that are kept ready."""

from markupsafe import Markup, escape

from bot import desk_answers, ready_answers
from bot.cutting import shortened
from bot.desk import Said
from bot.language import NATIVE_NAMES, Language, isolate
from handlers.desk_card import answered_buttons
from handlers.replies import Button, Reply, below, button, show, toast
from handlers.sitting import Sitting, gone
from storage import Transaction
from storage import ready_answers as kept
from storage.threads import Thread

PAGE = 8


async def choose(sitting: Sitting, tx: Transaction) -> Reply:
    """The answers by what organisers call them: below the question's card, or in place of another page."""
    thread = await sitting.thread(tx)
    if thread is None:
        return gone(sitting)
    reply = await _page(sitting, thread, tx)
    return reply if sitting.word(2) == "b" else below(reply)


async def _page(sitting: Sitting, thread: Thread, tx: Transaction) -> Reply:
    words, total = sitting.words, await kept.count(tx)
    if not total:
        text = words.html(
            "There are no ready answers yet. Organisers write them under /organise, Questions, Ready answers."
        )
        return show(text)
    page = min(max(0, sitting.number(1)), (total - 1) // PAGE)
    found = await kept.list_all(tx, limit=PAGE, offset=page * PAGE)
    rows = [[button(one.title, "deskpick", thread.id, one.id)] for one in found]
    turning = []
    if page:
        turning.append(button(words.gettext("‹ Previous"), "deskuse", thread.id, page - 1, "b"))
    if (page + 1) * PAGE < total:
        turning.append(button(words.gettext("More ›"), "deskuse", thread.id, page + 1, "b"))
    text = words.html(
        "⚡ Which answer is for {name}? You see it before it is sent.", name=isolate(thread.name)
    )
    return show(text, [*rows, turning])


async def preview(sitting: Sitting, tx: Transaction) -> Reply:
    """The answer as the member will read it."""
    thread, answer = await sitting.thread(tx), await kept.find(tx, sitting.number(1))
    if thread is None:
        return gone(sitting)
    if answer is None:
        return await _page(sitting, thread, tx)
    words, chosen = sitting.words, ready_answers.words_for(answer, thread.locale)
    parts = [
        words.html("⚡ For {name}, in {language}:", name=isolate(thread.name), language=_name(chosen.locale))
    ]
    if chosen.locale != thread.locale:
        parts.append(
            words.html(
                "⚠️ {name} reads {language}, and it isn't written in that yet.",
                name=isolate(thread.name),
                language=_name(thread.locale),
            )
        )
    parts.append(Markup("<blockquote>{}</blockquote>").format(escape(isolate(chosen.text))))
    rows = [
        [button(words.gettext("Send it"), "desksend", thread.id, answer.id, style="success")],
        [_back(thread, words)],
    ]
    return show(Markup("\n\n").join(parts), rows)


async def send(sitting: Sitting, tx: Transaction) -> Reply:
    """Send it. Pressing twice sends it once."""
    thread, answer = await sitting.thread(tx), await kept.find(tx, sitting.number(1))
    if thread is None:
        return gone(sitting)
    if answer is None:
        return await _page(sitting, thread, tx)
    if sitting.message_id is None:
        return toast(sitting.language.gettext("That button does nothing here."))
    words, chosen = sitting.words, ready_answers.words_for(answer, thread.locale)
    said = Said(
        sitting.clerk.chat_id,
        sitting.message_id,
        words=str(escape(chosen.text)),
        plain=chosen.text,
        token=f":{answer.id}",
    )
    answered = await desk_answers.answer(tx, sitting.desk, thread, sitting.clerk, said, now=sitting.now)
    text = words.html(
        "✅ On its way to {name}: “{title}”", name=isolate(thread.name), title=shortened(answer.title, 60)
    )
    return show(text, answered_buttons(answered.thread, words))


def _back(thread: Thread, words: Language) -> Button:
    return button(words.gettext("‹ Back"), "deskuse", thread.id, 0, "b")


def _name(locale: str) -> str:
    return NATIVE_NAMES.get(locale, locale)
