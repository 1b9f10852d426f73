"""Small things the association's bot remembers about itself, by name."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from storage.database import Transaction
from storage.tables import options


async def find(tx: Transaction, name: str) -> str | None:
    value: str | None = await tx.value(select(options.c.value).where(options.c.name == name))
    return value


async def find_many(tx: Transaction, names: Collection[str]) -> dict[str, str]:
    """The values of those that there are, by name."""
    rows = await tx.rows(select(options).where(options.c.name.in_(names)))
    return {row.name: row.value for row in rows}


async def remember_first(tx: Transaction, name: str, value: str) -> str:
    """Remember the value unless there is one, and say which it is: of several at once the first is kept."""
    await tx.run(insert(options).values(name=name, value=value).on_conflict_do_nothing())
    kept = await find(tx, name)
    if kept is None:
        raise LookupError("an option just written was not found")
    return kept


async def remember(tx: Transaction, name: str, value: str) -> None:
    await tx.run(
        insert(options)
        .values(name=name, value=value)
        .on_conflict_do_update(index_elements=[options.c.name], set_={"value": value})
    )
