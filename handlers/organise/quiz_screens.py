"""Quizzes for organisers: the list, and one with what can be done to it."""

from markupsafe import Markup, escape

from bot import programme, quizzes
from bot.language import LOCALES, NATIVE_NAMES, Language
from bot.quizzes import words_of
from handlers.organise.menu import organise_button
from handlers.quiz_pages import instead, share_address
from handlers.quiz_words import attempts_rule, heading, time_rule, title_of
from handlers.replies import Button, Reply, button, link, show
from handlers.turns import Press, Turn
from storage import Transaction, events, quiz_attempts, quiz_questions
from storage import quizzes as kept
from storage.quiz_questions import Question
from storage.quizzes import Quiz

PAGE = 8


def list_button(language: Language) -> Button:
    return button(language.gettext("‹ Quizzes"), "oquizzes", 0)


def back_button(language: Language, quiz_id: int) -> Button:
    return button(language.gettext("‹ Back to the quiz"), "oquiz", quiz_id)


async def browse(press: Press, tx: Transaction) -> Reply:
    return await show_list(press, tx, page=press.number(0))


async def show_list(turn: Turn, tx: Transaction, *, page: int = 0, before: Markup | None = None) -> Reply:
    language, total = turn.language, await kept.count_all(tx)
    page = min(max(0, page), max(0, total - 1) // PAGE)
    found = await kept.list_all(tx, limit=PAGE, offset=page * PAGE)
    parts = [before] if before else []
    parts += [
        language.html("🧠 <b>Quizzes</b>"),
        language.html(
            "Questions with choices, in several languages, that members answer here against the clock: at an"
            " event, or over some days."
        ),
    ]
    rows = [[button(f"{_mark(quiz, turn)} {title_of(quiz, language)}", "oquiz", quiz.id)] for quiz in found]
    rows.append([button(language.gettext("➕ New quiz"), "oquiznew", style="primary")])
    turning = []
    if page:
        turning.append(button(language.gettext("‹ Later"), "oquizzes", page - 1))
    if (page + 1) * PAGE < total:
        turning.append(button(language.gettext("Earlier ›"), "oquizzes", page + 1))
    return show(Markup("\n\n").join(parts), [*rows, turning, [organise_button(language)]])


def _mark(quiz: Quiz, turn: Turn) -> str:
    if quiz.state == "draft":
        return "📝"
    return "🟢" if quizzes.is_open(quiz, turn.now) else "🔜" if quiz.state == "open" else "🏁"


async def press_one(press: Press, tx: Transaction) -> Reply:
    return instead(press, await show_one(press, tx, press.number(0)))


async def show_one(turn: Turn, tx: Transaction, quiz_id: int, *, before: Markup | None = None) -> Reply:
    """One quiz: how it is taken, what is still missing, and what can be done."""
    quiz, language = await kept.find(tx, quiz_id), turn.language
    if quiz is None:
        missing = language.html("This quiz is not there any more.")
        return await show_list(turn, tx, before=missing)
    questions = await quiz_questions.list_of_quiz(tx, quiz.id)
    begun = await quiz_attempts.count_people(tx, quiz.id)
    parts = [heading(quiz, language), Markup("\n").join(await _facts(quiz, questions, begun, turn, tx))]
    missing_words = untranslated(quiz, questions, language)
    if missing_words:
        parts.append(Markup("\n").join(missing_words))
    text = Markup("\n\n").join([before, *parts] if before else parts)
    return show(text, _buttons(quiz, len(questions), begun, turn))


async def _facts(
    quiz: Quiz, questions: list[Question], begun: int, turn: Turn, tx: Transaction
) -> list[Markup]:
    language = turn.language
    facts = [
        _state(quiz, turn),
        language.nhtml("• {n} question", "• {n} questions", len(questions)),
        time_rule(quiz, language),
        attempts_rule(quiz, language),
        language.html("• For: {whom}", whom=await whom(quiz, language, tx)),
        language.html("• Certificate: {answer}", answer=certificate_rule(quiz.certificate_percent, language)),
    ]
    if begun:
        facts.append(language.nhtml("• {n} person has begun it", "• {n} people have begun it", begun))
    return facts


def _state(quiz: Quiz, turn: Turn) -> Markup:
    language = turn.language
    if quiz.state == "draft":
        return language.html("📝 Draft: nobody sees it yet.")
    if quiz.state == "closed":
        return language.html("🏁 Closed")
    until = language.moment(quiz.closes_at, now=turn.now) if quiz.closes_at else None
    if quiz.opens_at is not None and turn.now < quiz.opens_at:
        opens = language.html("🔜 Opens on {when}", when=language.moment(quiz.opens_at, now=turn.now))
        if until is None:
            return opens
        return opens + Markup("\n") + language.html("⏳ Closes on {when}", when=until)
    if until is None:
        return language.html("🟢 Open until you close it")
    return language.html("🟢 Open until {when}", when=until)


async def whom(quiz: Quiz, language: Language, tx: Transaction) -> str:
    event = await events.find(tx, quiz.event_id) if quiz.event_id is not None else None
    if event is None:
        return language.gettext("everyone")
    title = programme.text_of(event, language.locale).title
    if quiz.audience == "event":
        return language.gettext("who has a place at “{title}”", title=title)
    return language.gettext("everyone; shown with “{title}”", title=title)


def certificate_rule(percent: int | None, language: Language) -> str:
    """From which score there is one."""
    if percent is None:
        return language.gettext("none")
    if not percent:
        return language.gettext("for all who finish")
    return language.gettext("from {percent} right", percent=language.percent(percent / 100))


def untranslated(quiz: Quiz, questions: list[Question], language: Language) -> list[Markup]:
    """What is missing in the other languages, and what is shown instead."""
    lines = []
    for locale in LOCALES:
        if locale == quiz.base_locale:
            continue
        lacking = sum(words_of(one, locale, quiz.base_locale)[1] != locale for one in questions)
        if lacking:
            lines.append(
                language.nhtml(
                    "🌐 {language}: {n} question is missing; it is shown in {base}, marked so.",
                    "🌐 {language}: {n} questions are missing; they are shown in {base}, marked so.",
                    lacking,
                    language=NATIVE_NAMES[locale],
                    base=NATIVE_NAMES.get(quiz.base_locale, quiz.base_locale),
                )
            )
        elif locale not in quiz.texts and questions:
            lines.append(language.html("🌐 {language}: the title is missing.", language=NATIVE_NAMES[locale]))
    return lines


def _buttons(quiz: Quiz, questions: int, begun: int, turn: Turn) -> list[list[Button]]:
    language = turn.language
    rows = [
        [
            button(
                language.gettext("❓ Questions ({n})", n=language.number(questions)), "oquizqs", quiz.id, 0
            ),
            button(language.gettext("⚙️ Options"), "oquizopts", quiz.id),
        ],
        [button(language.gettext("✏️ Title and introduction"), "oquizlang", quiz.id)],
    ]
    if questions:
        rows[1].append(button(language.gettext("👁 Preview"), "oquizview", quiz.id, 0))
    if begun:
        rows.append([button(language.gettext("📊 Results"), "oquizres", quiz.id)])
    if quiz.state == "open":
        rows.append(
            [
                link(language.gettext("↗ Share"), share_address(quiz, turn.setup, language)),
                button(language.gettext("🔳 QR code"), "oquizqr", quiz.id),
            ]
        )
    last = []
    if quiz.state != "open":
        label = language.gettext("▶️ Open it…")
        if quiz.state == "closed":
            label = language.gettext("▶️ Open it again…")
        if questions:
            last.append(button(label, "oquizready", quiz.id, style="success"))
    else:
        last.append(button(language.gettext("⏹ Close it…"), "oquizclose", quiz.id))
        if not begun:
            last.append(button(language.gettext("↩ Back to draft"), "oquizback", quiz.id))
    last.append(button(language.gettext("🗑 Delete"), "oquizdel", quiz.id, style="danger"))
    return [*rows, last, [list_button(language), organise_button(language)]]


async def choose_language(press: Press, tx: Transaction) -> Reply:
    """In which language its title and introduction are to be written."""
    quiz, language = await kept.find(tx, press.number(0)), press.language
    if quiz is None:
        return await show_one(press, tx, press.number(0))
    text = language.html("Title and introduction, in which language?")
    rows = [
        [button(f"{'✏️' if one in quiz.texts else '＋'} {NATIVE_NAMES[one]}", "oquizwords", quiz.id, one)]
        for one in LOCALES
    ]
    lines = [text]
    for locale in [one for one in LOCALES if one in quiz.texts]:
        words = quiz.texts[locale]
        lines.append(
            Markup("<b>{}</b>\n{}\n{}").format(NATIVE_NAMES[locale], words.title, escape(words.intro))
        )
    return show(Markup("\n\n").join(lines), [*rows, [back_button(language, quiz.id)]])
