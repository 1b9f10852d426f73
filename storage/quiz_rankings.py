"""Who did how well in a quiz: each person by their best attempt, and whose names may be told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.dialects.postgresql import insert

from storage.database import Transaction
from storage.owing import NEWS, owe_each
from storage.quiz_attempts import Attempt, attempt_of
from storage.tables import people, quiz_attempts, quiz_names

# Best first: the score, then the time taken, then who finished first.
_ORDER = (
    quiz_attempts.c.score.desc(),
    quiz_attempts.c.elapsed_ms,
    quiz_attempts.c.finished_at,
    quiz_attempts.c.id,
)


@dataclass(frozen=True)
class Standing:
    """A person by their best attempt."""

    rank: int
    person_id: int
    name: str
    username: str | None
    locale: str
    # Whether the name may stand in the top ten; None where the person has not said.
    shown: bool | None
    score: int
    elapsed_ms: int
    finished_at: datetime
    tries: int


def _best(quiz_id: int) -> Select[Any]:
    """Each person's best attempt of those that are finished."""
    by_person = func.row_number().over(partition_by=quiz_attempts.c.person_id, order_by=_ORDER)
    tries = func.count().over(partition_by=quiz_attempts.c.person_id)
    numbered = (
        select(quiz_attempts, by_person.label("place"), tries.label("tries"))
        .where(quiz_attempts.c.quiz_id == quiz_id, quiz_attempts.c.finished_at.is_not(None))
        .subquery()
    )
    return select(numbered).where(numbered.c.place == 1)


async def list_best(tx: Transaction, quiz_id: int, *, limit: int | None = None) -> list[Standing]:
    """Everybody who has finished it, the best first."""
    best = _best(quiz_id).subquery()
    query = (
        select(
            best.c.person_id,
            people.c.name,
            people.c.username,
            people.c.locale,
            quiz_names.c.shown,
            best.c.score,
            best.c.elapsed_ms,
            best.c.finished_at,
            best.c.tries,
        )
        .join(people, people.c.id == best.c.person_id)
        .outerjoin(
            quiz_names,
            and_(quiz_names.c.quiz_id == quiz_id, quiz_names.c.person_id == best.c.person_id),
        )
        .order_by(best.c.score.desc(), best.c.elapsed_ms, best.c.finished_at, best.c.id)
        .limit(limit)
    )
    rows = await tx.rows(query)
    return [Standing(rank, **row._mapping) for rank, row in enumerate(rows, start=1)]


async def find_best(tx: Transaction, quiz_id: int, person_id: int) -> Attempt | None:
    """The person's best attempt of those that are finished."""
    query = (
        select(quiz_attempts)
        .where(
            quiz_attempts.c.quiz_id == quiz_id,
            quiz_attempts.c.person_id == person_id,
            quiz_attempts.c.finished_at.is_not(None),
        )
        .order_by(*_ORDER)
    )
    row = await tx.row(query.limit(1))
    return row and attempt_of(row)


def _before(best: Attempt) -> ColumnElement[bool]:
    """Attempts that rank before this one."""
    table = quiz_attempts.c
    as_good = table.score == best.score
    as_fast = and_(as_good, table.elapsed_ms == best.elapsed_ms)
    as_early = and_(as_fast, table.finished_at == best.finished_at)
    return or_(
        table.score > best.score,
        and_(as_good, table.elapsed_ms < best.elapsed_ms),
        and_(as_fast, table.finished_at < best.finished_at),
        and_(as_early, table.id < best.id),
    )


async def count_before(tx: Transaction, best: Attempt) -> int:
    """How many people have an attempt that ranks before this one, which is the best of its person."""
    query = select(func.count(quiz_attempts.c.person_id.distinct())).where(
        quiz_attempts.c.quiz_id == best.quiz_id,
        quiz_attempts.c.finished_at.is_not(None),
        _before(best),
    )
    count: int = await tx.value(query)
    return count


async def count_finished(tx: Transaction, quiz_id: int) -> int:
    """How many people have finished it at least once."""
    query = select(func.count(quiz_attempts.c.person_id.distinct())).where(
        quiz_attempts.c.quiz_id == quiz_id, quiz_attempts.c.finished_at.is_not(None)
    )
    count: int = await tx.value(query)
    return count


async def count_scores(tx: Transaction, quiz_id: int) -> dict[int, int]:
    """How many people reached each score at best; those that nobody reached are left out."""
    best = _best(quiz_id).subquery()
    query = select(best.c.score, func.count().label("n")).group_by(best.c.score)
    return {row.score: row.n for row in await tx.rows(query)}


async def owe_results(
    tx: Transaction, quiz_id: int, *, occasion: str, due_at: datetime, useful_until: datetime
) -> int:
    """Owe everybody who has taken the quiz a notice of how they did; say to how many."""
    takers = select(quiz_attempts.c.person_id).where(quiz_attempts.c.quiz_id == quiz_id).distinct()
    return await owe_each(
        tx,
        takers,
        "quiz_result",
        occasion=occasion,
        params={"quiz": quiz_id},
        due_at=due_at,
        useful_until=useful_until,
        event_id=None,
        shift_id=None,
        rank=NEWS,
    )


async def find_shown(tx: Transaction, quiz_id: int, person_id: int) -> bool | None:
    """Whether the person's name may stand in the top ten; None where they have not said."""
    query = select(quiz_names.c.shown).where(
        quiz_names.c.quiz_id == quiz_id, quiz_names.c.person_id == person_id
    )
    found: bool | None = await tx.value(query)
    return found


async def put_shown(tx: Transaction, quiz_id: int, person_id: int, shown: bool, *, now: datetime) -> None:
    values = {"shown": shown, "answered_at": now}
    await tx.run(
        insert(quiz_names)
        .values(quiz_id=quiz_id, person_id=person_id, **values)
        .on_conflict_do_update(index_elements=[quiz_names.c.quiz_id, quiz_names.c.person_id], set_=values)
    )


async def list_shown(tx: Transaction, person_id: int, quiz_ids: Sequence[int]) -> dict[int, bool]:
    """What the person has said about their name, by quiz."""
    query = select(quiz_names.c.quiz_id, quiz_names.c.shown).where(
        quiz_names.c.person_id == person_id, quiz_names.c.quiz_id.in_(list(quiz_ids))
    )
    return {row.quiz_id: row.shown for row in await tx.rows(query)}
