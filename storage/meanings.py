"""What texts mean, as vectors, so that each text is understood once and not at every start."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from storage.database import Transaction
from storage.tables import meanings

# How many keys one statement may name; databases bound their parameters.
CHUNK = 500


async def find(tx: Transaction, edition: str, keys: Sequence[str]) -> dict[str, bytes]:
    """The vectors of those texts that have one by this edition of a model, by the texts' keys."""
    found: dict[str, bytes] = {}
    for chunk in _chunks(keys):
        query = select(meanings.c.text_key, meanings.c.vector).where(
            meanings.c.edition == edition, meanings.c.text_key.in_(chunk)
        )
        found |= {row.text_key: bytes(row.vector) for row in await tx.rows(query)}
    return found


async def add(tx: Transaction, edition: str, vectors: Mapping[str, bytes]) -> None:
    """Keep vectors. What another process has kept meanwhile stays: it is the same."""
    await tx.run_many(
        insert(meanings).on_conflict_do_nothing(),
        [{"edition": edition, "text_key": key, "vector": vector} for key, vector in vectors.items()],
    )


async def forget_others(tx: Transaction, edition: str, keys: Collection[str]) -> int:
    """Forget what this edition of a model said of texts that are not among these; say of how many."""
    kept = frozenset(keys)
    query = select(meanings.c.text_key).where(meanings.c.edition == edition)
    gone = [row.text_key for row in await tx.rows(query) if row.text_key not in kept]
    for chunk in _chunks(gone):
        await tx.run(delete(meanings).where(meanings.c.edition == edition, meanings.c.text_key.in_(chunk)))
    return len(gone)


async def forget_editions_but(tx: Transaction, editions: Collection[str]) -> None:
    """Forget what models said that are not in use any more."""
    await tx.run(delete(meanings).where(meanings.c.edition.not_in(editions)))


def _chunks(keys: Sequence[str]) -> Iterable[Sequence[str]]:
    return (keys[start : start + CHUNK] for start in range(0, len(keys), CHUNK))
