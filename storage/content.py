"""Programmes and questions as a content pack brings them, and which state of them this is."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import BigInteger, String, Table, cast, delete, select
from sqlalchemy.dialects.postgresql import insert

from storage import options
from storage.database import Transaction
from storage.tables import answers, programme_texts, programmes, questions, wordings
from storage.tables import options as option_rows

REVISION = "content_revision"
SOURCES = "sources"

# How many codes one statement may name; databases bound their parameters.
CHUNK = 500


async def put_programme(
    tx: Transaction,
    code: str,
    position: int,
    kinds: Sequence[str],
    source: str,
    texts: Mapping[str, tuple[str, str, str]],
    *,
    audience: str = "everyone",
) -> int:
    """Write a programme whole, in place of the one of the same code, and say its id.

    `texts` are title, summary and body by locale; `source` is the short name the pack cites.
    """
    values = {"position": position, "kinds": list(kinds), "source": source, "audience": audience}
    programme_id: int = await tx.value(
        insert(programmes)
        .values(code=code, **values)
        .on_conflict_do_update(index_elements=[programmes.c.code], set_=values)
        .returning(programmes.c.id)
    )
    await tx.run(delete(programme_texts).where(programme_texts.c.programme_id == programme_id))
    await tx.run_many(
        insert(programme_texts),
        [
            {
                "programme_id": programme_id,
                "locale": locale,
                "title": title,
                "summary": summary,
                "body": body,
            }
            for locale, (title, summary, body) in texts.items()
        ],
    )
    return programme_id


async def put_question(
    tx: Transaction,
    code: str,
    programme_code: str | None,
    source: str,
    as_of: str | None,
    events_of_kind: str | None,
    answer: Mapping[str, str],
    asked: Mapping[str, Sequence[str]],
    *,
    audience: str = "everyone",
) -> int:
    """Write a question whole, in place of the one of the same code, and say its id.

    `answer` is a text and `asked` the wordings, by locale. A programme that isn't there is left out.
    What organisers taught since stays: wordings, translations, what they took away, and corrections of an
    answer for as long as the pack's own text is the one they corrected.
    """
    programme_id = await tx.value(select(programmes.c.id).where(programmes.c.code == programme_code))
    values = {
        "programme_id": programme_id,
        "source": source,
        "as_of": as_of,
        "events_of_kind": events_of_kind,
        "audience": audience,
    }
    question_id: int = await tx.value(
        insert(questions)
        .values(code=code, **values)
        .on_conflict_do_update(index_elements=[questions.c.code], set_=values)
        .returning(questions.c.id)
    )
    await _put_answers(tx, question_id, answer)
    await _put_wordings(tx, question_id, asked)
    return question_id


async def _put_answers(tx: Transaction, question_id: int, answer: Mapping[str, str]) -> None:
    held = {
        row.locale: row for row in await tx.rows(select(answers).where(answers.c.question_id == question_id))
    }
    kept = {
        locale
        for locale, row in held.items()
        if row.origin == "learned" and (locale not in answer or answer[locale] == row.pack_text)
    }
    if gone := held.keys() - kept:
        await tx.run(delete(answers).where(answers.c.question_id == question_id, answers.c.locale.in_(gone)))
    await tx.run_many(
        insert(answers),
        [
            {"question_id": question_id, "locale": locale, "text": text}
            for locale, text in answer.items()
            if locale not in kept
        ],
    )


async def _put_wordings(tx: Transaction, question_id: int, asked: Mapping[str, Sequence[str]]) -> None:
    ours = wordings.c.question_id == question_id
    # What was taken away is not brought back; what was learned and is the pack's by now is there once.
    away = {
        (row.locale, row.text)
        for row in await tx.rows(
            select(wordings.c.locale, wordings.c.text).where(ours, wordings.c.hidden.is_(True))
        )
    }
    await tx.run(delete(wordings).where(ours, wordings.c.origin == "pack", wordings.c.hidden.is_(False)))
    learned = select(wordings.c.id, wordings.c.locale, wordings.c.text).where(
        ours, wordings.c.hidden.is_(False)
    )
    double = [
        row.id
        for row in await tx.rows(learned)
        if row.text.casefold() in {text.casefold() for text in asked.get(row.locale, ())}
    ]
    if double:
        await tx.run(delete(wordings).where(wordings.c.id.in_(double)))
    await tx.run_many(
        insert(wordings),
        [
            {"question_id": question_id, "locale": locale, "position": position, "text": text}
            for locale, texts in asked.items()
            for position, text in enumerate(texts)
            if (locale, text) not in away
        ],
    )


async def drop_missing(
    tx: Transaction, programme_codes: Collection[str], question_codes: Collection[str]
) -> None:
    """Forget the programmes and questions whose codes are not named: the pack has them no more.

    What organisers taught as a question of its own was never the pack's, and stays.
    """
    await _drop_others(tx, programmes, programme_codes)
    await _drop_others(tx, questions, question_codes)


async def _drop_others(tx: Transaction, table: Table, codes: Collection[str]) -> None:
    kept = frozenset(codes)
    query = select(table.c.code)
    if table is questions:
        query = query.where(questions.c.origin == "pack")
    dropped = [row.code for row in await tx.rows(query) if row.code not in kept]
    for chunk in _chunks(dropped):
        await tx.run(delete(table).where(table.c.code.in_(chunk)))


def _chunks(codes: Sequence[str]) -> Iterable[Sequence[str]]:
    return (codes[start : start + CHUNK] for start in range(0, len(codes), CHUNK))


async def list_sources(tx: Transaction) -> dict[str, dict[str, str]]:
    """What is read for each source's short name, by locale."""
    held: dict[str, dict[str, str]] = json.loads(await options.find(tx, SOURCES) or "{}")
    return held


async def find_revision(tx: Transaction) -> int:
    """A number that is raised whenever a pack is loaded, or organisers teach something."""
    return int(await options.find(tx, REVISION) or 0)


async def raise_revision(tx: Transaction) -> None:
    """Have what is answered from looked at anew. Of two who do this at once, both count."""
    present = cast(option_rows.c.value, BigInteger)
    await tx.run(
        insert(option_rows)
        .values(name=REVISION, value="1")
        .on_conflict_do_update(index_elements=[option_rows.c.name], set_={"value": cast(present + 1, String)})
    )
