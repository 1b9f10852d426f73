"""Notices about quizzes: one's time was over, and how one did once it has closed."""

from markupsafe import Markup

from bot import quiz_results
from handlers.owing import Reading
from handlers.quiz_pages import name_question, rows_of
from handlers.quiz_words import heading, score_of, standing
from handlers.replies import Reply, Where, say
from handlers.turns import Turn
from storage import Transaction, people, quiz_attempts
from storage import quizzes as kept
from storage.notices import Owed


async def tell_over(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    """The attempt's time was over before its last question was answered."""
    attempt = await quiz_attempts.find(tx, int(notice.params["attempt"]))
    quiz = await kept.find(tx, attempt.quiz_id) if attempt else None
    turn = await _turn(notice, tx, reading)
    if attempt is None or quiz is None or turn is None:
        return None
    language = reading.language
    over = language.html("⏰ Your time is over. What you had not answered counts as wrong.")
    mine = await quiz_results.look(tx, quiz, turn.person.id)
    score = language.html("🏁 {score}", score=score_of(attempt, language))
    text = [heading(quiz, language), over, score, *name_question(mine, turn)]
    return say(Markup("\n\n").join(text), rows_of(quiz, mine, turn))


async def tell_result(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    """The quiz has closed: how the reader did, and where that ranks."""
    quiz = await kept.find(tx, int(notice.params["quiz"]))
    turn = await _turn(notice, tx, reading)
    if quiz is None or turn is None or quiz.state != "closed":
        return None
    mine = await quiz_results.look(tx, quiz, turn.person.id)
    if mine.best is None:
        return None
    language = reading.language
    lines = standing(quiz, mine, language)
    text = [heading(quiz, language), language.html("The quiz has closed. Thank you for taking part!")]
    text += [Markup("\n").join(lines), *name_question(mine, turn)]
    return say(Markup("\n\n").join(text), rows_of(quiz, mine, turn))


async def _turn(notice: Owed, tx: Transaction, reading: Reading) -> Turn | None:
    """The reader as if they had just come: what they can do next is the same."""
    person = await people.find(tx, notice.person_id) if notice.person_id is not None else None
    if person is None:
        return None
    return Turn(person, reading.language, reading.now, reading.setup, Where(person.telegram_id))
