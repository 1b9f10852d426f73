"""How many messages of a broadcast have ended how, counted along with their settling."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import bindparam, func, select
from sqlalchemy.dialects.postgresql import insert

from storage.database import Transaction
from storage.tables import broadcast_tallies, notices, people


@dataclass(frozen=True)
class Tally:
    """What is counted together: notices of a kind for readers of a language that ended in the same way."""

    broadcast_id: int
    kind: str
    locale: str
    state: str


_given = insert(broadcast_tallies)
_ADD = _given.on_conflict_do_update(
    index_elements=[
        broadcast_tallies.c.broadcast_id,
        broadcast_tallies.c.kind,
        broadcast_tallies.c.locale,
        broadcast_tallies.c.state,
    ],
    set_={"people": broadcast_tallies.c.people + _given.excluded.people},
)
_COUNTED = select(
    broadcast_tallies.c.kind,
    broadcast_tallies.c.locale,
    broadcast_tallies.c.state,
    broadcast_tallies.c.people,
).where(broadcast_tallies.c.broadcast_id == bindparam("broadcast"))
_OPEN = (
    select(notices.c.kind, people.c.locale, notices.c.state, func.count().label("people"))
    .select_from(notices)
    .join(people, people.c.id == notices.c.person_id)
    .where(notices.c.broadcast_id == bindparam("broadcast"), notices.c.state.in_(("owed", "claimed")))
    .group_by(notices.c.kind, people.c.locale, notices.c.state)
)


async def add(tx: Transaction, counted: Mapping[Tally, int]) -> None:
    """Count more of them, in the transaction that settles them."""
    # Always in the same order, as two that count along wait for each other's rows.
    ordered = sorted(counted, key=lambda one: (one.broadcast_id, one.kind, one.locale, one.state))
    await tx.run_many(
        _ADD,
        [
            {
                "broadcast_id": tally.broadcast_id,
                "kind": tally.kind,
                "locale": tally.locale,
                "state": tally.state,
                "people": counted[tally],
            }
            for tally in ordered
            if counted[tally]
        ],
    )


async def count(tx: Transaction, broadcast_id: int) -> dict[Tally, int]:
    """How many have come how far; those still owed or on the wire are counted, the settled looked up."""
    rows = [
        *await tx.rows(_COUNTED, broadcast=broadcast_id),
        *await tx.rows(_OPEN, broadcast=broadcast_id),
    ]
    return {Tally(broadcast_id, row.kind, row.locale, row.state): row.people for row in rows}
