"""Entries of a library, for tests that ask it."""

from pathlib import Path

from bot.pack import Pack, read_pack
from storage import Database, Transaction, content, options

CONTENT = Path(__file__).parents[1] / "content"


def pack() -> Pack:
    found = read_pack(CONTENT)
    assert isinstance(found, Pack)
    return found


async def put_office(database: Database, code: str = "office", answer: str = "In Sample Street.") -> int:
    async with database.write() as tx:
        question_id = await content.put_question(
            tx, code, None, "Made-up", None, None, {"en": answer}, {"en": ["Where is the office?"]}
        )
        await raise_revision(tx)
    return question_id


async def raise_revision(tx: Transaction) -> None:
    await options.remember(tx, content.REVISION, str(await content.find_revision(tx) + 1))
