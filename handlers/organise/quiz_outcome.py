"""How a quiz came out, for organisers: in words, as a picture, and as a spreadsheet with names."""

import asyncio
from typing import Final

from markupsafe import Markup

from bot import audit, quiz_results
from bot.language import NATIVE_NAMES, Language
from bot.lists import Cell, Sheet, workbook_of
from bot.papers import quiz_chart
from bot.papers.quiz_chart import Bar, Scores
from bot.quiz_results import Summary
from bot.quizzes import words_of
from handlers.organise.quiz_screens import show_one
from handlers.quiz_pages import ON_PICTURE
from handlers.quiz_words import heading, said_time, title_of
from handlers.replies import Picture, Reply, button, file, toast
from handlers.turns import Press
from storage import Transaction, quiz_questions, quiz_rankings
from storage import quizzes as kept
from storage.quiz_questions import Question
from storage.quizzes import Quiz

# More bars than these no phone shows.
_MOST_BARS: Final = 11
_HARDEST: Final = 3
_SHORTENED: Final = 60


async def show_results(press: Press, tx: Transaction) -> Reply:
    """How scores are spread, and which questions were hard."""
    quiz, language = await kept.find(tx, press.number(0)), press.language
    if quiz is None:
        return await show_one(press, tx, press.number(0))
    summary = await quiz_results.summarise(tx, quiz)
    if not summary.finished:
        return toast(language.gettext("Nobody has finished it yet."))
    chart = chart_of(quiz, summary, language)
    # It takes some tenths of a second, in which nobody else should wait.
    drawn = await tx.aside(("quiz scores", chart), lambda _: asyncio.to_thread(quiz_chart.draw, chart))
    questions = await quiz_questions.list_of_quiz(tx, quiz.id)
    parts = [heading(quiz, language), Markup("\n").join(map(Markup.escape, chart.lines))]
    hard = _hardest(quiz, questions, summary, language)
    if hard:
        parts.append(Markup("\n").join([language.html("<b>Hardest questions</b>"), *hard]))
    rows = [
        [
            button(language.gettext("📄 List as a file"), "oquizxlsx", quiz.id),
            button(language.gettext("🏆 Top ten"), "quiztop", quiz.id),
        ],
        [button(language.gettext("‹ Back to the quiz"), "oquiz", quiz.id, ON_PICTURE)],
    ]
    return toast("") + Reply((Picture("results.png", drawn, Markup("\n\n").join(parts), rows),))


def chart_of(quiz: Quiz, summary: Summary, language: Language) -> Scores:
    total, lines = summary.questions, []
    lines.append(language.gettext("Begun: {n}", n=language.number(summary.begun)))
    lines.append(language.gettext("Finished: {n}", n=language.number(summary.finished)))
    if summary.average is not None:
        average = language.number(round(summary.average, 1))
        lines.append(language.gettext("Average: {n} of {total}", n=average, total=language.number(total)))
    return Scores(
        language.locale,
        title_of(quiz, language),
        language.gettext("How many people reached which score"),
        tuple(_bars(summary, language)),
        tuple(lines),
    )


def _bars(summary: Summary, language: Language) -> list[Bar]:
    """A bar for each score, the best first; of a long quiz for several scores together."""
    total = summary.questions
    width = -(-(total + 1) // _MOST_BARS)
    bars = []
    for most in range(total, -1, -width):
        fewest = max(0, most - width + 1)
        people = sum(n for score, n in summary.scores.items() if fewest <= score <= most)
        name = language.number(most)
        if fewest != most:
            name = f"{language.number(fewest)}–{language.number(most)}"
        bars.append(Bar(name, people, language.number(people)))
    return bars


def _hardest(quiz: Quiz, questions: list[Question], summary: Summary, language: Language) -> list[Markup]:
    shares = []
    for number, one in enumerate(questions, start=1):
        given, well = summary.answers.get(one.id, (0, 0))
        if given and well < given:
            shares.append((well / given, number, one))
    lines = []
    for share, number, one in sorted(shares, key=lambda found: found[:2])[:_HARDEST]:
        text = words_of(one, language.locale, quiz.base_locale)[0].text
        lines.append(
            language.html(
                "{n}. {question} – {share} right",
                n=language.number(number),
                question=text[:_SHORTENED],
                share=language.percent(share),
            )
        )
    return lines


async def send_file(press: Press, tx: Transaction) -> Reply:
    """Everybody who finished, the best first, and the questions. It holds names: that is written down."""
    quiz, language = await kept.find(tx, press.number(0)), press.language
    if quiz is None:
        return await show_one(press, tx, press.number(0))
    sheets = [
        await _people(quiz, press, tx),
        await _questions(quiz, language, tx),
    ]
    await audit.note(tx, "quiz_exported", now=press.now, actor_id=press.person.id, quiz=quiz.id)
    content = workbook_of(sheets, made_at=press.now)
    caption = language.html(
        "📄 {title}. It holds personal data: please delete it when you are done.",
        title=title_of(quiz, language),
    )
    return toast("") + file(f"quiz-{quiz.id}.xlsx", content, caption)


async def _people(quiz: Quiz, press: Press, tx: Transaction) -> Sheet:
    language, home = press.language, press.setup.home
    headings = [
        language.gettext("Place"),
        language.gettext("Name"),
        language.gettext("Telegram name"),
        language.gettext("Language"),
        language.gettext("Right"),
        language.gettext("Time"),
        language.gettext("Attempts"),
        language.gettext("Finished"),
        language.gettext("Name in the top ten"),
    ]
    rows: list[list[Cell]] = []
    for one in await quiz_rankings.list_best(tx, quiz.id):
        rows.append(
            [
                one.rank,
                one.name,
                f"@{one.username}" if one.username else "",
                NATIVE_NAMES.get(one.locale, one.locale),
                one.score,
                said_time(one.elapsed_ms),
                one.tries,
                language.moment(one.finished_at, home),
                language.gettext("yes") if one.shown else language.gettext("no"),
            ]
        )
    return Sheet(language.gettext("Results"), headings, rows)


async def _questions(quiz: Quiz, language: Language, tx: Transaction) -> Sheet:
    summary = await quiz_results.summarise(tx, quiz)
    headings = [
        language.gettext("Number"),
        language.gettext("Question"),
        language.gettext("Right answer"),
        language.gettext("Answers"),
        language.gettext("Right"),
    ]
    rows: list[list[Cell]] = []
    for number, one in enumerate(await quiz_questions.list_of_quiz(tx, quiz.id), start=1):
        words, _ = words_of(one, language.locale, quiz.base_locale)
        given, well = summary.answers.get(one.id, (0, 0))
        rows.append([number, words.text, words.choices[one.right_choice - 1], given, well])
    return Sheet(language.gettext("Questions"), headings, rows)
