"""Updates that have arrived and are not handled yet, in the order of their arrival."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from storage.database import Transaction
from storage.tables import inbox


@dataclass(frozen=True)
class Arrival:
    update_id: int
    lane: int
    payload: str


@dataclass(frozen=True)
class Item:
    id: int
    lane: int
    payload: str
    attempts: int


_ADD = insert(inbox).on_conflict_do_nothing()
_NEW = (
    select(inbox.c.id, inbox.c.lane, inbox.c.payload, inbox.c.attempts)
    .where(inbox.c.state == "new", inbox.c.id > bindparam("after"))
    .order_by(inbox.c.id)
    .limit(bindparam("most"))
)
_SETTLE = (
    update(inbox)
    .where(inbox.c.id == bindparam("item_id"), inbox.c.state == "new")
    .values(state="done", payload="", settled_at=bindparam("now"))
)


async def add(tx: Transaction, arrivals: Sequence[Arrival], *, now: datetime) -> None:
    """Write what has arrived. What is known by its update id already is left as it is."""
    await tx.run_many(
        _ADD,
        [
            {"update_id": a.update_id, "lane": a.lane, "payload": a.payload, "received_at": now}
            for a in arrivals
        ],
    )


async def list_new(tx: Transaction, *, after: int, limit: int) -> list[Item]:
    return [Item(**row._mapping) for row in await tx.rows(_NEW, after=after, most=limit)]


async def settle(tx: Transaction, item_id: int, *, now: datetime) -> bool:
    """The update is handled; what it said is not kept. False where it had been handled before."""
    return await tx.run(_SETTLE, item_id=item_id, now=now) > 0


async def count_attempt(tx: Transaction, item_id: int) -> None:
    await tx.run(update(inbox).where(inbox.c.id == item_id).values(attempts=inbox.c.attempts + 1))


async def set_aside(tx: Transaction, item_id: int, problem: str, *, now: datetime) -> bool:
    """Handling it failed for good; the payload stays for a week so that the fault can be found.

    False where it had been handled or set aside before.
    """
    aside = update(inbox).where(inbox.c.id == item_id, inbox.c.state == "new")
    return await tx.run(aside.values(state="aside", problem=problem, settled_at=now)) > 0


async def count_new(tx: Transaction) -> int:
    count: int = await tx.value(select(func.count()).select_from(inbox).where(inbox.c.state == "new"))
    return count


async def prune(tx: Transaction, *, done_before: datetime, aside_before: datetime) -> None:
    """Forget what was handled long ago; ids start again at random after an idle week, so none is kept."""
    await tx.run(delete(inbox).where(inbox.c.state == "done", inbox.c.settled_at < done_before))
    await tx.run(delete(inbox).where(inbox.c.state == "aside", inbox.c.settled_at < aside_before))


async def empty_lane(tx: Transaction, lane: int) -> None:
    """Forget what a lane's updates said, those set aside included, and whose they were."""
    await tx.run(update(inbox).where(inbox.c.lane == lane, inbox.c.state != "new").values(payload="", lane=0))
