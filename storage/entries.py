"""What the bot answers, as organisers see and change it: every wording and answer, with its origin."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from storage.database import Transaction
from storage.tables import answers, questions, wordings

# After all those of the pack.
LAST = 10_000


@dataclass(frozen=True)
class Wording:
    id: int
    locale: str
    text: str
    origin: str


@dataclass(frozen=True)
class Told:
    """An answer in one language; `pack_text` is what the pack said in its place when it was corrected."""

    text: str
    origin: str
    pack_text: str | None


@dataclass(frozen=True)
class Whole:
    """One entry with all of its wordings that are in use, in order, and its answers by locale."""

    id: int
    origin: str
    hidden: bool
    wordings: tuple[Wording, ...]
    answers: Mapping[str, Told]


async def find(tx: Transaction, question_id: int) -> Whole | None:
    """The entry, also where it is hidden."""
    row = await tx.row(
        select(questions.c.id, questions.c.origin, questions.c.hidden).where(questions.c.id == question_id)
    )
    if row is None:
        return None
    ways = (
        select(wordings.c.id, wordings.c.locale, wordings.c.text, wordings.c.origin)
        .where(wordings.c.question_id == question_id, wordings.c.hidden.is_(False))
        .order_by(wordings.c.position, wordings.c.id)
    )
    told = select(answers.c.locale, answers.c.text, answers.c.origin, answers.c.pack_text).where(
        answers.c.question_id == question_id
    )
    return Whole(
        row.id,
        row.origin,
        row.hidden,
        tuple(Wording(**way._mapping) for way in await tx.rows(ways)),
        {one.locale: Told(one.text, one.origin, one.pack_text) for one in await tx.rows(told)},
    )


async def list_ids(tx: Transaction, *, containing: str = "", limit: int, offset: int = 0) -> list[int]:
    """Entries in use, learned ones first; with a text in a wording or an answer."""
    query = select(questions.c.id).where(questions.c.hidden.is_(False))
    if containing:
        ways = select(wordings.c.question_id).where(
            wordings.c.text.icontains(containing, autoescape=True), wordings.c.hidden.is_(False)
        )
        told = select(answers.c.question_id).where(answers.c.text.icontains(containing, autoescape=True))
        query = query.where(or_(questions.c.id.in_(ways), questions.c.id.in_(told)))
    ordered = query.order_by(questions.c.origin == "pack", questions.c.id)
    return [row.id for row in await tx.rows(ordered.limit(limit).offset(offset))]


async def count(tx: Transaction) -> int:
    found: int = await tx.value(
        select(func.count()).select_from(questions).where(questions.c.hidden.is_(False))
    )
    return found


async def add(tx: Transaction, *, programme_id: int | None, source: str, as_of: str) -> int:
    """A learned entry without words yet; its code is none that a pack could have."""
    following = select(func.coalesce(func.max(questions.c.id), 0) + 1)
    number: int = await tx.value(following)
    question_id: int = await tx.value(
        insert(questions)
        .values(
            code=f"learned:{number}",
            programme_id=programme_id,
            source=source,
            as_of=as_of,
            origin="learned",
        )
        .returning(questions.c.id)
    )
    return question_id


async def set_hidden(tx: Transaction, question_id: int, hidden: bool) -> bool:
    """Take a learned entry out of use, or back; say whether that changed anything. A pack's stay."""
    changed = update(questions).where(
        questions.c.id == question_id, questions.c.origin == "learned", questions.c.hidden.is_(not hidden)
    )
    return await tx.run(changed.values(hidden=hidden)) > 0


async def add_wording(tx: Transaction, question_id: int, locale: str, text: str) -> int:
    wording_id: int = await tx.value(
        insert(wordings)
        .values(question_id=question_id, locale=locale, position=LAST, text=text, origin="learned")
        .returning(wordings.c.id)
    )
    return wording_id


async def find_hidden(tx: Transaction, question_id: int, locale: str, text: str) -> int | None:
    """The wording that was taken away from the entry, if it was."""
    found: int | None = await tx.value(
        select(wordings.c.id).where(
            wordings.c.question_id == question_id,
            wordings.c.locale == locale,
            wordings.c.text == text,
            wordings.c.hidden.is_(True),
        )
    )
    return found


async def list_learned_elsewhere(
    tx: Transaction, texts: Sequence[str], question_id: int | None
) -> list[tuple[int, int]]:
    """Ids of the learned wordings in these very words, each with its entry's, that another entry has."""
    query = (
        select(wordings.c.id, wordings.c.question_id)
        .where(wordings.c.text.in_(texts), wordings.c.origin == "learned", wordings.c.hidden.is_(False))
        .order_by(wordings.c.id)
    )
    if question_id is not None:
        query = query.where(wordings.c.question_id != question_id)
    return [(row.id, row.question_id) for row in await tx.rows(query)]


async def hide_wordings(tx: Transaction, ids: Collection[int], hidden: bool) -> int:
    """Take wordings out of use, or back; say of how many that changed anything."""
    changed = update(wordings).where(wordings.c.id.in_(ids), wordings.c.hidden.is_(not hidden))
    return await tx.run(changed.values(hidden=hidden))


async def find_wording(tx: Transaction, wording_id: int) -> tuple[int, Wording] | None:
    """A wording in use, after the id of its entry."""
    row = await tx.row(select(wordings).where(wordings.c.id == wording_id, wordings.c.hidden.is_(False)))
    return row and (row.question_id, Wording(row.id, row.locale, row.text, row.origin))


async def put_answer(
    tx: Transaction, question_id: int, locale: str, text: str, *, origin: str, pack_text: str | None
) -> None:
    values = {"text": text, "origin": origin, "pack_text": pack_text}
    await tx.run(
        insert(answers)
        .values(question_id=question_id, locale=locale, **values)
        .on_conflict_do_update(index_elements=[answers.c.question_id, answers.c.locale], set_=values)
    )


async def drop_answer(tx: Transaction, question_id: int, locale: str) -> None:
    await tx.run(delete(answers).where(answers.c.question_id == question_id, answers.c.locale == locale))
