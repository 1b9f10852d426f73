"""After a broadcast was sent: correcting it, taking it back, sending it to those who are missing."""

from markupsafe import Markup

from bot import broadcast_afterwards
from bot import broadcasts as decisions
from bot.broadcast_afterwards import Done, Late, Nobody, Unfit
from bot.language import LOCALES, NATIVE_NAMES
from handlers import forms
from handlers.forms import Choice, Data, Form, Misread, Step, Understood
from handlers.organise.broadcast_content_steps import CAPTION_LIMIT, TEXT_LIMIT, text_of
from handlers.organise.broadcast_pages import list_button, open_page, open_pressed
from handlers.replies import Button, Reply, alert, button, show, toast
from handlers.turns import Press, Turn, Writing
from storage import Transaction, broadcast_notices, broadcasts
from storage.broadcasts import Variant

YES = "yes"


def _cannot(press: Turn) -> Reply:
    return alert(press.language.gettext("That can't be done with this broadcast any more."))


async def choose_language(press: Press, tx: Transaction) -> Reply:
    """Which language's words shall be corrected."""
    found = await broadcasts.find(tx, press.number(0))
    if found is None or found.state == "draft":
        return await open_pressed(press, tx)
    rows = [
        [button(NATIVE_NAMES[locale], "broadcastwords", found.id, locale)]
        for locale in LOCALES
        if decisions.can_correct(found, locale)
    ]
    if not rows:
        return _cannot(press) + await open_pressed(press, tx)
    if press.where.message_id is not None:
        await broadcasts.leave_message(tx, press.where.chat_id, press.where.message_id)
    language = press.language
    text = language.html(
        "✏️ <b>Correct it</b>\nThe words change in the messages that have arrived, without a sound; pictures"
        " and files stay. In which language?"
    )
    return show(text, [*rows, [button(language.gettext("‹ Back"), "broadcast", found.id)]])


async def begin_words(press: Press, tx: Transaction) -> Reply:
    found, locale = await broadcasts.find(tx, press.number(0)), press.word(1)
    if found is None or not decisions.can_correct(found, locale):
        return await open_pressed(press, tx)
    captioned = bool(found.variants[locale].media)
    return await forms.begin(
        press, tx, CORRECT, {"broadcast": found.id, "locale": locale, "captioned": captioned}
    )


def _ask_words(turn: Turn, data: Data) -> Markup:
    return turn.language.html(
        "Please send the corrected text in {language}, the whole of it, just as it should be.",
        language=NATIVE_NAMES[data["locale"]],
    )


def _read_words(writing: Writing, data: Data) -> Understood | Misread:
    message, language = writing.message, writing.language
    if message is None or not message.text:
        return Misread(language.html("Please send the corrected words as a text."))
    said = text_of(message)
    text = said["text"]
    limit = CAPTION_LIMIT if data["captioned"] else TEXT_LIMIT
    if len(text) > limit:
        return Misread(
            language.html(
                "That is {length} characters long, and {limit} fit. Please send a shorter text;"
                " everything you sent before is safe.",
                length=language.number(len(text)),
                limit=language.number(limit),
            )
        )
    return Understood(said)


def _ask_sure(turn: Turn, data: Data) -> Markup:
    return turn.language.html(
        "Readers of {language} will see what you have just sent in place of the old words. Shall I change"
        " it?",
        language=NATIVE_NAMES[data["locale"]],
    )


def _sure(turn: Turn, data: Data) -> list[Choice]:
    return [Choice(turn.language.gettext("Yes, change it everywhere"), YES, style="success")]


async def _finish_words(turn: Turn, tx: Transaction, data: Data) -> Reply:
    said = data["words"]
    answer = await broadcast_afterwards.correct(
        tx,
        data["broadcast"],
        data["locale"],
        Variant(said["text"], tuple(said["entities"])),
        actor_id=turn.person.id,
        now=turn.now,
    )
    found = await broadcasts.find(tx, data["broadcast"])
    if not isinstance(answer, Done) or found is None:
        text = turn.language.html("That can't be done with this broadcast any more.")
        return show(text, [[list_button(turn.language)]])
    return await open_page(turn, tx, found)


def _way_back(turn: Turn) -> Button:
    data = turn.dialogue.data if turn.dialogue else {}
    return button(turn.language.gettext("‹ Back"), "broadcast", data.get("broadcast", 0))


CORRECT = Form(
    "broadcast_correct",
    (Step("words", _ask_words, _read_words), Step("sure", _ask_sure, choices=_sure)),
    _finish_words,
    _way_back,
    organisers_only=True,
)


async def ask_recall(press: Press, tx: Transaction) -> Reply:
    """Taking back can't be taken back: that is no matter for a slip of the thumb."""
    answer = await broadcast_afterwards.ask_recall(tx, press.number(0), now=press.now)
    language = press.language
    match answer:
        case Late():
            said = language.gettext("It is too late: messages can be taken back for 48 hours.")
            return alert(said) + await open_pressed(press, tx)
        case Unfit() | Nobody():
            return _cannot(press) + await open_pressed(press, tx)
        case Done(0):
            text = language.html("🗑 <b>Take it back?</b>\nNobody has it yet, and nobody gets it any more.")
        case Done(people):
            text = language.nhtml(
                "🗑 <b>Take it back?</b>\nIt disappears from the chat of {n} person, and nobody else gets it."
                " What arrived more than 48 hours ago stays.",
                "🗑 <b>Take it back?</b>\nIt disappears from the chats of {n} people, and nobody else gets it."
                " What arrived more than 48 hours ago stays.",
                people,
            )
    if press.where.message_id is not None:
        await broadcasts.leave_message(tx, press.where.chat_id, press.where.message_id)
    yes = button(language.gettext("Yes, take it back"), "broadcastrecalled", press.number(0), style="danger")
    return show(text, [[yes], [button(language.gettext("‹ Back"), "broadcast", press.number(0))]])


async def recall(press: Press, tx: Transaction) -> Reply:
    """Delete it where it has arrived. Pressing twice is harmless."""
    await broadcast_afterwards.recall(tx, press.number(0), actor_id=press.person.id, now=press.now)
    return await open_pressed(press, tx)


async def ask_further(press: Press, tx: Transaction) -> Reply:
    """How many have come since whom it would be for."""
    answer = await broadcast_afterwards.ask_further(tx, press.number(0), now=press.now)
    language = press.language
    match answer:
        case Late():
            said = language.gettext("What it is about is over, so it is not sent any more.")
            return alert(said) + await open_pressed(press, tx)
        case Nobody():
            said = language.gettext("Nobody new: everyone it is for has been sent it.")
            return alert(said) + await open_pressed(press, tx)
        case Unfit():
            return _cannot(press) + await open_pressed(press, tx)
        case Done(people):
            text = language.nhtml(
                "👋 {n} person has come since whom it is for. Send it to them as well?",
                "👋 {n} people have come since whom it is for. Send it to them as well?",
                people,
            )
    label = language.ngettext("📤 Send to {n} person", "📤 Send to {n} people", people)
    send = button(label, "broadcastfurthersend", press.number(0), people, style="success")
    return show(text, [[send], [button(language.gettext("‹ Back"), "broadcast", press.number(0))]])


async def send_further(press: Press, tx: Transaction) -> Reply:
    """Send it to those who have come since. Pressing twice is harmless: nobody is sent it again."""
    await broadcast_afterwards.send_further(
        tx, press.number(0), press.number(1), actor_id=press.person.id, now=press.now
    )
    return await open_pressed(press, tx)


async def ask_unknown(press: Press, tx: Transaction) -> Reply:
    """Sending it once more means that some have it twice: only an organiser can weigh that."""
    found = await broadcasts.find(tx, press.number(0))
    if found is None or found.state != "done":
        return await open_pressed(press, tx)
    outcomes = await broadcast_notices.count_outcomes(tx, found.id)
    unknown = sum(one.people for one in outcomes if one.state == "unknown")
    if not unknown:
        return await open_pressed(press, tx)
    language = press.language
    text = language.nhtml(
        "❔ Of {n} message nobody knows whether it arrived: the connection broke off. Send it once more?"
        " Whoever has it then has it twice.",
        "❔ Of {n} messages nobody knows whether they arrived: the connection broke off. Send them once more?"
        " Whoever has it then has it twice.",
        unknown,
    )
    yes = button(language.gettext("Yes, send once more"), "broadcastunknownsend", found.id)
    return show(text, [[yes], [button(language.gettext("‹ Back"), "broadcast", found.id)]])


async def send_unknown(press: Press, tx: Transaction) -> Reply:
    """Send it once more where it may not have arrived. Pressing twice sends once."""
    answer = await broadcast_afterwards.send_unknown_again(
        tx, press.number(0), actor_id=press.person.id, now=press.now
    )
    sent = toast(press.language.gettext("It is on its way.")) if isinstance(answer, Done) else Reply()
    return sent + await open_pressed(press, tx)
