"""What events ask everybody who signs up, and what was answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from storage.database import Transaction
from storage.tables import event_answers, event_question_texts, event_questions, rsvps


@dataclass(frozen=True)
class QuestionText:
    """A question in one language; the words of its choices, those removed included, by their numbers."""

    text: str
    choices: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Question:
    id: int
    event_id: int
    position: int
    # text, choice, choices, date, phone, photo or document.
    kind: str
    required: bool
    choices: tuple[int, ...]
    # They still word the answers of those who chose them.
    removed_choices: tuple[int, ...]
    texts: Mapping[str, QuestionText]
    # It is asked only of those who gave that answer to that earlier question.
    after_question_id: int | None = None
    after_choice: int | None = None
    removed: bool = False


async def list_asked(tx: Transaction, event_id: int) -> list[Question]:
    """The event's questions in their order, without those removed."""
    return await _list(
        tx, _all.where(event_questions.c.event_id == event_id, event_questions.c.removed_at.is_(None))
    )


async def list_ever_asked(tx: Transaction, event_id: int) -> list[Question]:
    """The event's questions in their order with those removed, whose answers are still there."""
    return await _list(tx, _all.where(event_questions.c.event_id == event_id))


async def find(tx: Transaction, question_id: int) -> Question | None:
    found = await _list(tx, _all.where(event_questions.c.id == question_id))
    return found[0] if found else None


_all = select(
    event_questions,
    event_question_texts.c.locale,
    event_question_texts.c.text,
    event_question_texts.c.choices.label("words"),
).outerjoin(event_question_texts, event_question_texts.c.question_id == event_questions.c.id)


async def _list(tx: Transaction, query: Select[Any]) -> list[Question]:
    texts: dict[int, dict[str, QuestionText]] = {}
    first: dict[int, Row[Any]] = {}
    for row in await tx.rows(query.order_by(event_questions.c.position, event_questions.c.id)):
        first.setdefault(row.id, row)
        known = texts.setdefault(row.id, {})
        if row.locale is not None:
            choices = {int(number): words for number, words in row.words.items()}
            known[row.locale] = QuestionText(row.text, choices)
    return [_question(row, texts[question_id]) for question_id, row in first.items()]


def _question(row: Row[Any], texts: Mapping[str, QuestionText]) -> Question:
    return Question(
        id=row.id,
        event_id=row.event_id,
        position=row.position,
        kind=row.kind,
        required=row.required,
        choices=tuple(row.choices),
        removed_choices=tuple(row.removed_choices),
        texts=texts,
        after_question_id=row.after_question_id,
        after_choice=row.after_choice,
        removed=row.removed_at is not None,
    )


async def add(
    tx: Transaction,
    event_id: int,
    kind: str,
    *,
    required: bool,
    choices: Sequence[int] = (),
    after_question_id: int | None = None,
    after_choice: int | None = None,
) -> int:
    """Write a new question after all others and say its id; its texts follow by `put_text`."""
    last = select(func.coalesce(func.max(event_questions.c.position), 0) + 1).where(
        event_questions.c.event_id == event_id
    )
    question_id: int = await tx.value(
        insert(event_questions)
        .values(
            event_id=event_id,
            position=last.scalar_subquery(),
            kind=kind,
            required=required,
            choices=list(choices),
            after_question_id=after_question_id,
            after_choice=after_choice,
        )
        .returning(event_questions.c.id)
    )
    return question_id


async def change(tx: Transaction, question_id: int, **values: object) -> None:
    await tx.run(update(event_questions).where(event_questions.c.id == question_id).values(**values))


async def ask_of_everybody(tx: Transaction, after_question_id: int, *, choice: int | None = None) -> None:
    """Ask those questions that depended on this one, or on the one choice of it, whatever is answered."""
    query = update(event_questions).where(event_questions.c.after_question_id == after_question_id)
    if choice is not None:
        query = query.where(event_questions.c.after_choice == choice)
    await tx.run(query.values(after_question_id=None, after_choice=None))


async def put_text(tx: Transaction, question_id: int, locale: str, text: QuestionText) -> None:
    values = {"text": text.text, "choices": {str(number): words for number, words in text.choices.items()}}
    keys = [event_question_texts.c.question_id, event_question_texts.c.locale]
    await tx.run(
        insert(event_question_texts)
        .values(question_id=question_id, locale=locale, **values)
        .on_conflict_do_update(index_elements=keys, set_=values)
    )


async def drop_text(tx: Transaction, question_id: int, locale: str) -> None:
    await tx.run(
        delete(event_question_texts).where(
            event_question_texts.c.question_id == question_id, event_question_texts.c.locale == locale
        )
    )


async def put_answers(tx: Transaction, rsvp_id: int, answers: Mapping[int, Any], *, now: datetime) -> None:
    """Keep what was answered, in place of what was answered before; None takes an answer back."""
    dropped = [question_id for question_id, value in answers.items() if value is None]
    if dropped:
        await drop_answers(tx, rsvp_id, dropped)
    given = [
        {"rsvp_id": rsvp_id, "question_id": question_id, "value": value, "answered_at": now}
        for question_id, value in answers.items()
        if value is not None
    ]
    if given:
        query = insert(event_answers).values(given)
        await tx.run(
            query.on_conflict_do_update(
                index_elements=[event_answers.c.rsvp_id, event_answers.c.question_id],
                set_={"value": query.excluded.value, "answered_at": query.excluded.answered_at},
            )
        )


async def answers_of(tx: Transaction, rsvp_id: int) -> dict[int, Any]:
    """What one party answered, by question."""
    query = select(event_answers.c.question_id, event_answers.c.value)
    rows = await tx.rows(query.where(event_answers.c.rsvp_id == rsvp_id))
    return {row.question_id: row.value for row in rows}


async def answers_of_event(tx: Transaction, event_id: int) -> dict[int, dict[int, Any]]:
    """What everybody answered, by RSVP and question."""
    query = (
        select(event_answers.c.rsvp_id, event_answers.c.question_id, event_answers.c.value)
        .join(rsvps, rsvps.c.id == event_answers.c.rsvp_id)
        .where(rsvps.c.event_id == event_id)
        .order_by(event_answers.c.rsvp_id)
    )
    answers: dict[int, dict[int, Any]] = {}
    for row in await tx.rows(query):
        answers.setdefault(row.rsvp_id, {})[row.question_id] = row.value
    return answers


async def list_answers_of_person(tx: Transaction, person_id: int) -> list[tuple[Question, Any]]:
    """Everything the person ever answered that is still kept, with its question, for their own export."""
    query = (
        select(event_answers.c.question_id, event_answers.c.value)
        .join(rsvps, rsvps.c.id == event_answers.c.rsvp_id)
        .where(rsvps.c.person_id == person_id)
    )
    given = {row.question_id: row.value for row in await tx.rows(query)}
    questions = await _list(tx, _all.where(event_questions.c.id.in_(given))) if given else []
    return [(question, given[question.id]) for question in questions]


async def count_answers(tx: Transaction, question_id: int) -> int:
    query = select(func.count()).select_from(event_answers)
    count: int = await tx.value(query.where(event_answers.c.question_id == question_id))
    return count


async def drop_answers(tx: Transaction, rsvp_id: int, question_ids: Sequence[int] | None = None) -> None:
    """Forget what the party answered, all of it or to some questions."""
    query = delete(event_answers).where(event_answers.c.rsvp_id == rsvp_id)
    if question_ids is not None:
        query = query.where(event_answers.c.question_id.in_(question_ids))
    await tx.run(query)
