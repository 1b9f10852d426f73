"""A quiz in words: its rules, its times, how somebody stands with it."""

from datetime import datetime, timedelta

from markupsafe import Markup, escape

from bot import quizzes
from bot.language import NATIVE_NAMES, Language
from bot.quiz_clock import milliseconds
from bot.quiz_results import Mine
from storage.quiz_attempts import Attempt
from storage.quiz_questions import QuestionText
from storage.quizzes import Quiz

# Who has longer than this is in no hurry.
_HURRY = timedelta(hours=1)
# Choices of more letters than this are written out above their buttons; a Chinese character is two wide.
_SHORT = 30
LETTERS = "ABCDEF"


def title_of(quiz: Quiz, language: Language) -> str:
    return quizzes.text_of(quiz, language.locale).title


def heading(quiz: Quiz, language: Language) -> Markup:
    return Markup("🧠 <b>{}</b>").format(title_of(quiz, language))


def said_time(thousandths: int) -> str:
    """A length of time as contests write it: 1:12.3 is a minute, twelve seconds and three tenths."""
    tenths = thousandths // 100
    return f"{tenths // 600}:{tenths // 10 % 60:02}.{tenths % 10}"


def score_of(attempt: Attempt, language: Language) -> Markup:
    # Translators: how many questions were answered rightly, of how many, and in which time.
    return language.html(
        "<b>{score} of {n}</b> right, ⏱ {time}",
        score=language.number(attempt.score),
        n=language.number(len(attempt.questions)),
        time=said_time(attempt.elapsed_ms),
    )


def rules_of(quiz: Quiz, questions: int, language: Language, now: datetime) -> list[Markup]:
    """What to know before one starts, a line each."""
    lines = [
        language.nhtml("• {n} question", "• {n} questions", questions),
        time_rule(quiz, language),
    ]
    if quiz.attempts == 1:
        lines.append(language.html("• You can take it once"))
    else:
        many = language.number(quiz.attempts)
        lines.append(language.html("• You can take it {n} times; the best counts", n=many))
    if quiz.state == "open" and quiz.closes_at is not None:
        when = language.moment(quiz.closes_at, now=now)
        lines.append(language.html("• Open until {when}", when=when))
    return lines


def attempts_rule(quiz: Quiz, language: Language) -> Markup:
    """How often a person may take it, as organisers read it."""
    if quiz.attempts == 1:
        return language.html("• One attempt a person")
    return language.html("• {n} attempts a person; the best counts", n=language.number(quiz.attempts))


def time_rule(quiz: Quiz, language: Language) -> Markup:
    if quiz.each_seconds is not None:
        return language.nhtml(
            "• {n} second for each question", "• {n} seconds for each question", quiz.each_seconds
        )
    if quiz.whole_seconds is None:
        return language.html("• No time limit; of two with the same score the faster one is ahead")
    minutes, rest = divmod(quiz.whole_seconds, 60)
    if rest:
        return language.nhtml(
            "• {n} second for the whole quiz", "• {n} seconds for the whole quiz", quiz.whole_seconds
        )
    return language.nhtml("• {n} minute for the whole quiz", "• {n} minutes for the whole quiz", minutes)


def time_left(until: datetime | None, language: Language, now: datetime) -> Markup | None:
    """How long there is to answer, where there is any hurry."""
    if until is None or until - now > _HURRY:
        return None
    seconds = -(-milliseconds(until - now) // 1000)
    if seconds >= 120:
        return language.nhtml("⏳ {n} minute left", "⏳ {n} minutes left", seconds // 60)
    return language.nhtml("⏳ {n} second left", "⏳ {n} seconds left", seconds)


def standing(quiz: Quiz, mine: Mine, language: Language, *, ended: Attempt | None = None) -> list[Markup]:
    """How the person did in the attempt just ended, at best, and where that ranks."""
    lines = []
    if ended is not None:
        lines.append(language.html("🏁 {score}", score=score_of(ended, language)))
    if mine.best is not None and (ended is None or mine.best.id != ended.id):
        lines.append(language.html("Your best: {score}", score=score_of(mine.best, language)))
    if mine.rank:
        place = {"n": language.number(mine.rank), "people": language.number(mine.people)}
        if quiz.state == "closed":
            lines.append(language.html("🏅 Place {n} of {people}", **place))
        else:
            lines.append(language.html("🏅 Place {n} of {people} so far", **place))
    elif mine.best is not None:
        lines.append(language.html("The ranking comes when the quiz has closed."))
    return lines


def width_of(text: str) -> int:
    return sum(2 if ord(character) > 0x2E7F else 1 for character in text)


def are_short(words: QuestionText) -> bool:
    """Whether all choices can be read on their buttons."""
    return all(width_of(choice) <= _SHORT for choice in words.choices)


def choice_lines(words: QuestionText) -> list[Markup]:
    return [
        Markup("{}. {}").format(letter, choice)
        for letter, choice in zip(LETTERS, words.choices, strict=False)
    ]


def named_choice(words: QuestionText, choice: int) -> Markup:
    """A choice by its words, with its letter where it is chosen by that."""
    text = escape(words.choices[choice - 1]) if 1 <= choice <= len(words.choices) else Markup()
    return text if are_short(words) else Markup("{}. {}").format(LETTERS[choice - 1], text)


def shown_in(shown: str, language: Language) -> Markup | None:
    """A mark where the words are in another language than the reader's."""
    if shown == language.locale:
        return None
    return language.html("<i>Shown in {language}.</i>", language=NATIVE_NAMES.get(shown, shown))
