"""Questions with every way they are asked, for whoever looks for the one that is meant."""

from dataclasses import dataclass

from sqlalchemy import select

from storage.database import Transaction
from storage.tables import answers, questions, wordings


@dataclass(frozen=True)
class Asked:
    """A question in one language: all its wordings there, and its answer."""

    question_id: int
    locale: str
    wordings: tuple[str, ...]
    answer: str
    audience: str = "everyone"


async def list_asked(tx: Transaction) -> list[Asked]:
    """Every question in every language in which it has an answer; without wordings where it has none.

    Wordings in a language without an answer stand with the first that has one: it is found by them, too.
    """
    told: dict[int, dict[str, str]] = {}
    audience: dict[int, str] = {}
    query = select(answers.c.question_id, answers.c.locale, answers.c.text, questions.c.audience)
    query = query.join(questions, questions.c.id == answers.c.question_id).where(
        questions.c.hidden.is_(False)
    )
    for row in await tx.rows(query.order_by(answers.c.question_id, answers.c.locale)):
        told.setdefault(row.question_id, {})[row.locale] = row.text
        audience[row.question_id] = row.audience
    ways: dict[tuple[int, str], list[str]] = {}
    asked = select(wordings.c.question_id, wordings.c.locale, wordings.c.text)
    asked = asked.where(wordings.c.hidden.is_(False))
    for row in await tx.rows(asked.order_by(wordings.c.question_id, wordings.c.position, wordings.c.id)):
        if said := told.get(row.question_id):
            locale = row.locale if row.locale in said else next(iter(said))
            ways.setdefault((row.question_id, locale), []).append(row.text)
    return [
        Asked(question_id, locale, tuple(ways.get((question_id, locale), ())), text, audience[question_id])
        for question_id, said in told.items()
        for locale, text in said.items()
    ]
