"""What comes of a quiz for its takers: the top ten as a picture, and a certificate."""

import asyncio
from collections.abc import Sequence

from markupsafe import Markup, escape

from bot import association, quiz_results, quizzes
from bot.language import Language, isolate
from bot.papers import certificate, quiz_chart
from bot.papers.quiz_chart import Ranking, Row
from bot.papers.service import of_contest
from handlers.quiz_pages import ON_PICTURE, show_quiz
from handlers.quiz_words import heading, said_time, title_of
from handlers.replies import Picture, Reply, alert, button, file, toast
from handlers.turns import Press
from storage import Transaction, quiz_questions, quiz_rankings
from storage import quizzes as kept
from storage.quiz_rankings import Standing
from storage.quizzes import Quiz

NAME_SHOWN = 40


async def send_top(press: Press, tx: Transaction) -> Reply:
    """The ten best as a picture and in words; nobody's name stands there who hasn't agreed to it."""
    language, quiz = press.language, await kept.find(tx, press.number(0))
    if quiz is None:
        return await show_quiz(press, tx, press.number(0))
    mine = await quiz_results.look(tx, quiz, press.person.id)
    may_look = mine.attempts or await quizzes.is_for(tx, quiz, press.person.id)
    if not press.is_organiser and not (quizzes.tells_ranking(quiz) and may_look):
        return await show_quiz(press, tx, quiz.id)
    top = await quiz_results.list_top(tx, quiz.id)
    if not top:
        return toast(language.gettext("Nobody has finished it yet."))
    questions = await quiz_questions.count(tx, quiz.id)
    people = await quiz_rankings.count_finished(tx, quiz.id)
    chart = chart_of(quiz, top, questions, people, language)
    # It takes some tenths of a second, in which nobody else should wait.
    drawn = await tx.aside(("quiz top", chart), lambda _: asyncio.to_thread(quiz_chart.draw, chart))
    parts = [heading(quiz, language), Markup("\n").join(_line(one, questions, language) for one in top)]
    if mine.rank > quiz_results.TOP:
        parts.append(
            language.html(
                "You: place {n} of {people}",
                n=language.number(mine.rank),
                people=language.number(mine.people),
            )
        )
    back = button(language.gettext("‹ Back to the quiz"), "quiz", quiz.id, ON_PICTURE)
    return toast("") + Reply((Picture("top-ten.png", drawn, Markup("\n\n").join(parts), [[back]]),))


def chart_of(quiz: Quiz, top: Sequence[Standing], questions: int, people: int, language: Language) -> Ranking:
    heading_line = language.ngettext(
        "Top ten · {n} person has taken it", "Top ten · {n} people have taken it", people
    )
    if quiz.state != "closed":
        heading_line = language.ngettext(
            "Top ten so far · {n} person has taken it", "Top ten so far · {n} people have taken it", people
        )
    rows = tuple(
        Row(
            language.number(one.rank),
            _name(one, language),
            f"{language.number(one.score)} / {language.number(questions)}",
            said_time(one.elapsed_ms),
        )
        for one in top
    )
    return Ranking(language.locale, title_of(quiz, language), heading_line, rows)


def _name(one: Standing, language: Language) -> str:
    if not one.shown:
        # Translators: it stands in a ranking in place of somebody who did not want to be named.
        return language.gettext("(no name)")
    return one.name[:NAME_SHOWN]


def _line(one: Standing, questions: int, language: Language) -> Markup:
    medal = {1: "🥇", 2: "🥈", 3: "🥉"}.get(one.rank, f"{language.number(one.rank)}.")
    name = escape(isolate(_name(one, language)))
    return Markup("{} {} · {} / {} · {}").format(
        medal, name, language.number(one.score), language.number(questions), said_time(one.elapsed_ms)
    )


async def send_certificate(press: Press, tx: Transaction) -> Reply:
    """The certificate as a PDF in the person's language, for who has earned it."""
    language, quiz = press.language, await kept.find(tx, press.number(0))
    best = await quiz_rankings.find_best(tx, press.number(0), press.person.id)
    if quiz is None or best is None or not quiz_results.earns_certificate(quiz, best):
        word = alert(language.gettext("There is no certificate for this score."))
        return word + await show_quiz(press, tx, press.number(0))
    finished = (best.finished_at or press.now).astimezone(language.home)
    worded = of_contest(
        language,
        association=await association.name_in(tx, language.locale),
        name=press.person.name,
        title=title_of(quiz, language),
        score=best.score,
        questions=len(best.questions),
        day=finished.date(),
        issued_at=press.now,
    )
    # What it says may be new at each look, as the clock goes on; whose it is stays the same.
    subject = ("quiz certificate", best.id, language.locale)
    drawn = await tx.aside(subject, lambda _: asyncio.to_thread(certificate.draw, worded))
    caption = language.html("Your certificate. Congratulations!")
    return toast("") + file("certificate.pdf", drawn, caption)
