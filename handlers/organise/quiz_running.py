"""Opening, closing and deleting a quiz, and its link as a code to be held before a phone."""

from markupsafe import Markup

from bot import quizzes
from bot.papers import qr
from bot.quizzes import Empty
from handlers.organise.quiz_screens import show_list, show_one, untranslated
from handlers.quiz_pages import deep_link
from handlers.quiz_words import heading, rules_of, title_of
from handlers.replies import NOTHING, Picture, Reply, alert, button, show, toast
from handlers.turns import Press
from storage import Transaction, quiz_attempts, quiz_questions
from storage import quizzes as kept


async def ask_open(press: Press, tx: Transaction) -> Reply:
    """A last look before members see it."""
    quiz, language = await kept.find(tx, press.number(0)), press.language
    if quiz is None or quiz.state == "open":
        return await show_one(press, tx, press.number(0))
    questions = await quiz_questions.list_of_quiz(tx, quiz.id)
    if not questions:
        return alert(language.gettext("It has no questions yet.")) + await show_one(press, tx, quiz.id)
    parts = [
        heading(quiz, language),
        Markup("\n").join(rules_of(quiz, len(questions), language, press.now)),
        *untranslated(quiz, questions, language),
        language.html(
            "Open it? Members find it in the menu and under /quiz; nobody is written to. From then on its"
            " questions and its time stay as they are; words can still be corrected."
        ),
    ]
    rows = [
        [button(language.gettext("▶️ Open it now"), "oquizopened", quiz.id, style="success")],
        [
            button(language.gettext("🗓 Open it later…"), "oquizwhen", quiz.id, "open"),
            button(language.gettext("⚙️ Options"), "oquizopts", quiz.id),
        ],
        [button(language.gettext("‹ Not yet"), "oquiz", quiz.id)],
    ]
    return show(Markup("\n\n").join(parts), rows)


async def open_now(press: Press, tx: Transaction) -> Reply:
    """Pressing twice is harmless."""
    language = press.language
    opened = await quizzes.open_quiz(tx, press.number(0), actor_id=press.person.id, now=press.now)
    if opened is None or isinstance(opened, Empty):
        return await show_one(press, tx, press.number(0))
    said = language.html("✅ It is open. Share its link, show its QR code at the event, or send a broadcast.")
    return await show_one(press, tx, press.number(0), before=said)


async def take_back(press: Press, tx: Transaction) -> Reply:
    if not await quizzes.take_back(tx, press.number(0), actor_id=press.person.id, now=press.now):
        word = toast(press.language.gettext("Somebody has begun it already."))
        return word + await show_one(press, tx, press.number(0))
    return await show_one(press, tx, press.number(0), before=press.language.html("It is a draft again."))


async def ask_close(press: Press, tx: Transaction) -> Reply:
    quiz, language = await kept.find(tx, press.number(0)), press.language
    if quiz is None or quiz.state != "open":
        return await show_one(press, tx, press.number(0))
    amid = len(await quiz_attempts.list_running_ids(tx, quiz.id))
    text = language.html("Close “{title}” now?", title=title_of(quiz, language))
    begun = await quiz_attempts.count_people(tx, quiz.id)
    told = language.html("Nobody has taken it.")
    if begun:
        told = language.nhtml(
            "{n} person who took it hears how they did.", "{n} people who took it hear how they did.", begun
        )
    parts = [text, told]
    if amid:
        parts.append(
            language.nhtml(
                "{n} person is in the middle of it; what they have not answered counts as wrong.",
                "{n} people are in the middle of it; what they have not answered counts as wrong.",
                amid,
            )
        )
    rows = [
        [button(language.gettext("Yes, close it"), "oquizclosed", quiz.id, style="danger")],
        [button(language.gettext("‹ No, leave it open"), "oquiz", quiz.id)],
    ]
    return show(Markup("\n\n").join(parts), rows)


async def close(press: Press, tx: Transaction) -> Reply:
    """End it. Pressing twice is harmless."""
    done = NOTHING
    if await quizzes.close(tx, press.number(0), actor_id=press.person.id, now=press.now):
        done = toast(press.language.gettext("The quiz is closed."))
    return done + await show_one(press, tx, press.number(0))


async def ask_delete(press: Press, tx: Transaction) -> Reply:
    quiz, language = await kept.find(tx, press.number(0)), press.language
    if quiz is None:
        return await show_one(press, tx, press.number(0))
    begun = await quiz_attempts.count_people(tx, quiz.id)
    parts = [language.html("Delete the quiz “{title}”?", title=title_of(quiz, language))]
    if begun:
        parts.append(
            language.nhtml(
                "The result of {n} person is deleted with it, for good.",
                "The results of {n} people are deleted with it, for good.",
                begun,
            )
        )
    rows = [
        [button(language.gettext("Yes, delete it"), "oquizgone", quiz.id, style="danger")],
        [button(language.gettext("‹ No, leave it"), "oquiz", quiz.id)],
    ]
    return show(Markup("\n\n").join(parts), rows)


async def delete(press: Press, tx: Transaction) -> Reply:
    if await quizzes.drop(tx, press.number(0), actor_id=press.person.id, now=press.now):
        return await show_list(press, tx, before=press.language.html("The quiz is deleted."))
    return await show_one(press, tx, press.number(0))


async def send_code(press: Press, tx: Transaction) -> Reply:
    """The quiz's link as a QR code, to be shown at an event."""
    quiz, language = await kept.find(tx, press.number(0)), press.language
    if quiz is None or quiz.state != "open":
        return await show_one(press, tx, press.number(0))
    address = deep_link(quiz, press.setup)
    text = language.html("🔳 Whoever scans this opens the quiz:\n{address}", address=address)
    caption = heading(quiz, language) + Markup("\n\n") + text
    return toast("") + Reply((Picture("quiz.png", qr.draw(address), caption),))
