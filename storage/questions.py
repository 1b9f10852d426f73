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
    """Every question in every language in which it has an answer; without wordings where it has none."""
    ways: dict[tuple[int, str], list[str]] = {}
    query = select(wordings.c.question_id, wordings.c.locale, wordings.c.text)
    for row in await tx.rows(query.order_by(wordings.c.question_id, wordings.c.position, wordings.c.id)):
        ways.setdefault((row.question_id, row.locale), []).append(row.text)
    told = (
        select(answers, questions.c.audience)
        .join(questions, questions.c.id == answers.c.question_id)
        .order_by(answers.c.question_id, answers.c.locale)
    )
    return [
        Asked(
            row.question_id,
            row.locale,
            tuple(ways.get((row.question_id, row.locale), ())),
            row.text,
            row.audience,
        )
        for row in await tx.rows(told)
    ]
