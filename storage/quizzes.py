"""Quizzes: how each is taken, from when until when, and what it is called."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, and_, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from storage.database import Transaction
from storage.tables import quiz_texts, quizzes


@dataclass(frozen=True)
class QuizText:
    title: str
    intro: str = ""


@dataclass(frozen=True, kw_only=True)
class Rules:
    """How a quiz is taken."""

    # How often a person may try; the best counts.
    attempts: int = 1
    # Seconds for each question, or for all of them together; neither is no limit.
    each_seconds: int | None = None
    whole_seconds: int | None = None
    shuffle: bool = False
    # Whether the ranking can be seen while it is open.
    live_ranking: bool = True
    # Of a hundred right answers, how many a certificate takes; none is given without.
    certificate_percent: int | None = None
    # Everyone, or those who have a place at the event.
    audience: str = "everyone"
    event_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Quiz(Rules):
    id: int
    code: str | None
    # Draft, open (be it that it opens only later), closed.
    state: str
    base_locale: str
    opens_at: datetime | None
    closes_at: datetime | None
    closed_at: datetime | None
    sample: bool
    texts: Mapping[str, QuizText]

    @property
    def is_timed(self) -> bool:
        return self.each_seconds is not None or self.whole_seconds is not None


_columns = (
    quizzes.c.id,
    quizzes.c.code,
    quizzes.c.state,
    quizzes.c.base_locale,
    quizzes.c.event_id,
    quizzes.c.audience,
    quizzes.c.opens_at,
    quizzes.c.closes_at,
    quizzes.c.closed_at,
    quizzes.c.attempts,
    quizzes.c.each_seconds,
    quizzes.c.whole_seconds,
    quizzes.c.shuffle,
    quizzes.c.live_ranking,
    quizzes.c.certificate_percent,
    quizzes.c.sample,
)


async def _with_texts(tx: Transaction, rows: Sequence[Row[Any]]) -> list[Quiz]:
    texts: dict[int, dict[str, QuizText]] = {row.id: {} for row in rows}
    if texts:
        query = select(quiz_texts).where(quiz_texts.c.quiz_id.in_(list(texts)))
        for row in await tx.rows(query):
            texts[row.quiz_id][row.locale] = QuizText(row.title, row.intro)
    return [Quiz(**row._mapping, texts=texts[row.id]) for row in rows]


async def _first(tx: Transaction, query: Select[Any]) -> Quiz | None:
    found = await _with_texts(tx, await tx.rows(query))
    return found[0] if found else None


async def find(tx: Transaction, quiz_id: int) -> Quiz | None:
    return await _first(tx, select(*_columns).where(quizzes.c.id == quiz_id))


async def find_id_by_code(tx: Transaction, code: str) -> int | None:
    found: int | None = await tx.value(select(quizzes.c.id).where(quizzes.c.code == code))
    return found


async def lock(tx: Transaction, quiz_id: int) -> Quiz | None:
    """Find the quiz and let nobody else change it, nor begin it, until this transaction ends."""
    return await _first(tx, select(*_columns).where(quizzes.c.id == quiz_id).with_for_update())


async def hold(tx: Transaction, quiz_id: int) -> Quiz | None:
    """Find the quiz and let nobody change it until this transaction ends; many may hold it at once."""
    return await _first(tx, select(*_columns).where(quizzes.c.id == quiz_id).with_for_update(read=True))


async def list_all(tx: Transaction, *, limit: int, offset: int = 0) -> list[Quiz]:
    """Every quiz, the latest first."""
    query = select(*_columns).order_by(quizzes.c.id.desc()).limit(limit).offset(offset)
    return await _with_texts(tx, await tx.rows(query))


async def count_all(tx: Transaction) -> int:
    count: int = await tx.value(select(func.count()).select_from(quizzes))
    return count


def _out(now: datetime, closed_after: datetime) -> Any:
    """Open by now, or closed since."""
    begun = and_(quizzes.c.state == "open", or_(quizzes.c.opens_at.is_(None), quizzes.c.opens_at <= now))
    return or_(begun, and_(quizzes.c.state == "closed", quizzes.c.closed_at > closed_after))


async def list_out(tx: Transaction, *, now: datetime, closed_after: datetime, limit: int) -> list[Quiz]:
    """What is open, and what has closed since the instant; those that are open first, the latest first."""
    query = select(*_columns).where(_out(now, closed_after))
    query = query.order_by(quizzes.c.state.desc(), quizzes.c.id.desc()).limit(limit)
    return await _with_texts(tx, await tx.rows(query))


async def list_events_out(tx: Transaction, *, now: datetime, closed_after: datetime) -> list[int | None]:
    """The event, or None, of everything that is open or has closed since the instant."""
    rows = await tx.rows(select(quizzes.c.event_id).where(_out(now, closed_after)))
    return [row.event_id for row in rows]


async def list_of_event(
    tx: Transaction, event_id: int, *, now: datetime, closed_after: datetime
) -> list[Quiz]:
    """The event's quizzes that are open, or have closed since the instant."""
    query = select(*_columns).where(quizzes.c.event_id == event_id, _out(now, closed_after))
    return await _with_texts(tx, await tx.rows(query.order_by(quizzes.c.id)))


async def add(
    tx: Transaction,
    rules: Rules,
    *,
    base_locale: str,
    created_by: int | None,
    now: datetime,
    code: str | None = None,
    sample: bool = False,
) -> int:
    """Write a new draft and say its id; its texts and questions follow."""
    quiz_id: int = await tx.value(
        insert(quizzes)
        .values(
            code=code,
            base_locale=base_locale,
            event_id=rules.event_id,
            audience=rules.audience,
            attempts=rules.attempts,
            each_seconds=rules.each_seconds,
            whole_seconds=rules.whole_seconds,
            shuffle=rules.shuffle,
            live_ranking=rules.live_ranking,
            certificate_percent=rules.certificate_percent,
            sample=sample,
            created_by=created_by,
            created_at=now,
        )
        .returning(quizzes.c.id)
    )
    return quiz_id


async def change(tx: Transaction, quiz_id: int, **values: object) -> None:
    await tx.run(update(quizzes).where(quizzes.c.id == quiz_id).values(**values))


async def put_text(tx: Transaction, quiz_id: int, locale: str, text: QuizText) -> None:
    values = {"title": text.title, "intro": text.intro}
    await tx.run(
        insert(quiz_texts)
        .values(quiz_id=quiz_id, locale=locale, **values)
        .on_conflict_do_update(index_elements=[quiz_texts.c.quiz_id, quiz_texts.c.locale], set_=values)
    )


async def drop(tx: Transaction, quiz_id: int) -> None:
    """Forget the quiz with its questions and how everybody did."""
    await tx.run(delete(quizzes).where(quizzes.c.id == quiz_id))
