"""What the association does, and the questions people ask about it, as members read them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, and_, func, select

from storage.database import Transaction
from storage.tables import answers, programme_texts, programmes, questions, wordings

# Those for whom a programme or a question may be; what is for everyone is all that a stranger reads.
EVERYONE: Final = ("everyone",)
ALL: Final = ("everyone", "members")


@dataclass(frozen=True)
class ProgrammeText:
    title: str
    summary: str
    body: str


@dataclass(frozen=True)
class Programme:
    id: int
    kinds: tuple[str, ...]
    source: str
    texts: Mapping[str, ProgrammeText]
    audience: str = "everyone"


@dataclass(frozen=True)
class Question:
    """A question as it is listed: in each language the first of its wordings, and its answer."""

    id: int
    programme_id: int | None
    source: str
    as_of: str | None
    events_of_kind: str | None
    wordings: Mapping[str, str]
    answers: Mapping[str, str]
    audience: str = "everyone"


_programme_columns = (programmes.c.id, programmes.c.kinds, programmes.c.source, programmes.c.audience)
_question_columns = (
    questions.c.id,
    questions.c.programme_id,
    questions.c.source,
    questions.c.as_of,
    questions.c.events_of_kind,
    questions.c.audience,
)


async def _programmes(tx: Transaction, rows: Sequence[Row[Any]]) -> list[Programme]:
    texts: dict[int, dict[str, ProgrammeText]] = {row.id: {} for row in rows}
    if texts:
        query = select(programme_texts).where(programme_texts.c.programme_id.in_(texts))
        for row in await tx.rows(query):
            texts[row.programme_id][row.locale] = ProgrammeText(row.title, row.summary, row.body)
    return [
        Programme(row.id, tuple(row.kinds), row.source, texts[row.id], row.audience)
        for row in rows
        if texts[row.id]
    ]


async def _questions(tx: Transaction, rows: Sequence[Row[Any]]) -> list[Question]:
    said: dict[int, dict[str, str]] = {row.id: {} for row in rows}
    asked: dict[int, dict[str, str]] = {row.id: {} for row in rows}
    if said:
        for row in await tx.rows(select(answers).where(answers.c.question_id.in_(said))):
            said[row.question_id][row.locale] = row.text
        query = (
            select(wordings.c.question_id, wordings.c.locale, wordings.c.text)
            .where(wordings.c.question_id.in_(asked), wordings.c.hidden.is_(False))
            .order_by(wordings.c.position, wordings.c.id)
        )
        for row in await tx.rows(query):
            asked[row.question_id].setdefault(row.locale, row.text)
    return [
        Question(**row._mapping, wordings=asked[row.id], answers=said[row.id])
        for row in rows
        if said[row.id] and asked[row.id]
    ]


async def count(tx: Transaction, *, audiences: Collection[str] = EVERYONE) -> int:
    query = select(func.count()).select_from(programmes).where(programmes.c.audience.in_(audiences))
    found: int = await tx.value(query)
    return found


async def list_page(
    tx: Transaction, *, limit: int, offset: int = 0, audiences: Collection[str] = EVERYONE
) -> list[Programme]:
    """Programmes for one of the audiences, in the association's own order."""
    query = (
        select(*_programme_columns)
        .where(programmes.c.audience.in_(audiences))
        .order_by(programmes.c.position, programmes.c.id)
        .limit(limit)
        .offset(offset)
    )
    return await _programmes(tx, await tx.rows(query))


async def find(tx: Transaction, programme_id: int) -> Programme | None:
    query = select(*_programme_columns).where(programmes.c.id == programme_id)
    found = await _programmes(tx, await tx.rows(query))
    return found[0] if found else None


async def count_questions(
    tx: Transaction, programme_id: int, *, audiences: Collection[str] = EVERYONE
) -> int:
    query = select(func.count()).select_from(questions).where(_asked_about(programme_id, audiences))
    found: int = await tx.value(query)
    return found


def _asked_about(programme_id: int, audiences: Collection[str]) -> ColumnElement[bool]:
    return and_(
        questions.c.programme_id == programme_id,
        questions.c.audience.in_(audiences),
        questions.c.hidden.is_(False),
    )


async def list_questions(
    tx: Transaction,
    programme_id: int,
    *,
    limit: int,
    offset: int = 0,
    audiences: Collection[str] = EVERYONE,
) -> list[Question]:
    """What people ask about a programme, in the order of the pack."""
    query = (
        select(*_question_columns)
        .where(_asked_about(programme_id, audiences))
        .order_by(questions.c.id)
        .limit(limit)
        .offset(offset)
    )
    return await _questions(tx, await tx.rows(query))


async def find_question(tx: Transaction, question_id: int) -> Question | None:
    query = select(*_question_columns).where(questions.c.id == question_id, questions.c.hidden.is_(False))
    found = await _questions(tx, await tx.rows(query))
    return found[0] if found else None
