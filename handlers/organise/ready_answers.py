"""The answers that organisers keep ready for the desk: the list, one of them, and writing it."""

from markupsafe import Markup

from bot import ready_answers
from bot.cutting import shortened
from bot.language import LOCALES, NATIVE_NAMES, Language, isolate
from bot.ready_answers import MOST, TEXT_LIMIT, TITLE_LIMIT
from handlers import forms
from handlers.forms import Data, Form, Step
from handlers.organise import answers
from handlers.organise.desk_list import list_button as questions_button
from handlers.replies import Button, Reply, button, show
from handlers.turns import Press, Turn
from storage import Transaction
from storage import ready_answers as kept
from storage.ready_answers import ReadyAnswer

PAGE = 8
# All languages are seen together in one message.
SHOWN = 600


async def browse(press: Press, tx: Transaction) -> Reply:
    return await _list(press, tx, press.number(0))


async def _list(turn: Turn, tx: Transaction, page: int = 0, *, before: Markup | None = None) -> Reply:
    language, total = turn.language, await kept.count(tx)
    page = min(max(0, page), max(0, (total - 1) // PAGE))
    found = await kept.list_all(tx, limit=PAGE, offset=page * PAGE)
    parts = [before] if before else []
    parts += [
        language.html("⚡ <b>Ready answers</b>"),
        language.html(
            "What you answer again and again. Under a member's question one tap shows it in their language,"
            " and another sends it."
        ),
    ]
    rows = [[button(one.title, "deskone", one.id)] for one in found]
    turning = []
    if page:
        turning.append(button(language.gettext("‹ Previous"), "deskready", page - 1))
    if (page + 1) * PAGE < total:
        turning.append(button(language.gettext("More ›"), "deskready", page + 1))
    if total < MOST:
        rows.append([button(language.gettext("➕ New ready answer"), "desknew", style="primary")])
    return show(Markup("\n\n").join(parts), [*rows, turning, [questions_button(language)]])


async def press_one(press: Press, tx: Transaction) -> Reply:
    return await _one(press, tx, press.number(0))


async def _one(turn: Turn, tx: Transaction, answer_id: int, *, before: Markup | None = None) -> Reply:
    answer, language = await kept.find(tx, answer_id), turn.language
    if answer is None:
        gone = language.html("This answer is not there any more.")
        return await _list(turn, tx, before=gone)
    parts = [before] if before else []
    parts.append(Markup("⚡ <b>{}</b>").format(isolate(answer.title)))
    missing = [NATIVE_NAMES[locale] for locale in LOCALES if locale not in answer.texts]
    for locale in _written(answer):
        parts.append(
            Markup("<b>{}</b>\n{}").format(
                NATIVE_NAMES[locale], isolate(shortened(answer.texts[locale], SHOWN))
            )
        )
    if missing:
        parts.append(
            language.html(
                "Not written yet: {languages}. Their readers get it in {base}, and you are told so before.",
                languages=language.joined(missing),
                base=NATIVE_NAMES[next(iter(answer.texts))],
            )
        )
    rows = [[button("✍️ " + NATIVE_NAMES[locale], "deskwords", answer.id, locale)] for locale in LOCALES]
    rows.append(
        [
            button(language.gettext("🏷 Name"), "deskname", answer.id),
            button(language.gettext("🗑 Delete"), "deskdrop", answer.id, style="danger"),
        ]
    )
    return show(Markup("\n\n").join(parts), [*rows, [_list_button(language)]])


def _written(answer: ReadyAnswer) -> list[str]:
    return [locale for locale in LOCALES if locale in answer.texts]


def _list_button(language: Language) -> Button:
    return button(language.gettext("‹ Ready answers"), "deskready")


async def begin_new(press: Press, tx: Transaction) -> Reply:
    if await kept.count(tx) >= MOST:
        return await _list(press, tx)
    return await forms.begin(press, tx, NEW, {"locale": press.language.locale})


async def begin_words(press: Press, tx: Transaction) -> Reply:
    answer, locale = await kept.find(tx, press.number(0)), press.word(1)
    if answer is None or locale not in LOCALES:
        return await _one(press, tx, press.number(0))
    known = {"answer": answer.id, "locale": locale, "title": answer.title}
    if locale in answer.texts:
        known["text"] = answer.texts[locale]
    return await forms.begin(press, tx, WORDS if len(answer.texts) > 1 else ONLY_WORDS, known)


async def begin_name(press: Press, tx: Transaction) -> Reply:
    answer = await kept.find(tx, press.number(0))
    if answer is None:
        return await _one(press, tx, press.number(0))
    return await forms.begin(press, tx, NAME, {"answer": answer.id, "title": answer.title})


async def ask_drop(press: Press, tx: Transaction) -> Reply:
    answer, language = await kept.find(tx, press.number(0)), press.language
    if answer is None:
        return await _one(press, tx, press.number(0))
    text = language.html("Delete the ready answer “{title}”?", title=isolate(answer.title))
    rows = [
        [button(language.gettext("Yes, delete it"), "deskdropped", answer.id, style="danger")],
        [button(language.gettext("‹ No, keep it"), "deskone", answer.id)],
    ]
    return show(text, rows)


async def drop(press: Press, tx: Transaction) -> Reply:
    """Delete it. Pressing twice is harmless."""
    await ready_answers.delete(tx, press.number(0), actor_id=press.person.id, now=press.now)
    return await _list(press, tx, before=press.language.html("The ready answer is deleted."))


def _ask_title(turn: Turn, data: Data) -> Markup:
    return turn.language.html("What do you call it? Members don't see that.")


def _ask_text(turn: Turn, data: Data) -> Markup:
    return turn.language.html(
        "What does it say? Please write it in {language}, as a member is to read it.",
        language=NATIVE_NAMES[data["locale"]],
    )


async def _create(turn: Turn, tx: Transaction, data: Data) -> Reply:
    actor = turn.person.id
    made = await ready_answers.create(
        tx, data["title"], data["locale"], data["text"], actor_id=actor, now=turn.now
    )
    said = turn.language.html("✅ Kept. Write it in the other languages too, if you can.")
    return await _one(turn, tx, made, before=said)


async def _write(turn: Turn, tx: Transaction, data: Data) -> Reply:
    answer_id, locale = data["answer"], data["locale"]
    actor = turn.person.id
    await ready_answers.write(tx, answer_id, locale, data["text"], actor_id=actor, now=turn.now)
    return await _one(turn, tx, answer_id, before=turn.language.html("✅ Changed."))


async def _rename(turn: Turn, tx: Transaction, data: Data) -> Reply:
    answer_id, actor = data["answer"], turn.person.id
    await ready_answers.rename(tx, answer_id, data["title"], actor_id=actor, now=turn.now)
    return await _one(turn, tx, answer_id, before=turn.language.html("✅ Changed."))


def _way_back(turn: Turn) -> Button:
    data = turn.dialogue.data if turn.dialogue else {}
    if "answer" in data:
        return button(turn.language.gettext("‹ Back"), "deskone", data["answer"])
    return _list_button(turn.language)


_TITLE = Step("title", _ask_title, answers.read_text(TITLE_LIMIT, one_line=True), tell=answers.tell_text)


def _text(*, optional: bool) -> Step:
    reading = answers.read_text(TEXT_LIMIT, one_line=False)
    return Step("text", _ask_text, reading, optional=optional, tell=answers.tell_text)


NEW = Form("ready_new", (_TITLE, _text(optional=False)), _create, _way_back, organisers_only=True)
NAME = Form("ready_name", (_TITLE,), _rename, _way_back, organisers_only=True)
# Words in several languages can be taken away one by one; the last ones stay.
WORDS = Form("ready_words", (_text(optional=True),), _write, _way_back, organisers_only=True)
ONLY_WORDS = Form("ready_only_words", (_text(optional=False),), _write, _way_back, organisers_only=True)
