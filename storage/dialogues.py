"""Where each person stands in a dialogue of several steps."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert

from storage.database import Transaction
from storage.tables import dialogues


@dataclass(frozen=True)
class Dialogue:
    kind: str
    step: str
    data: Mapping[str, Any]
    # Raised at every step: a button of an earlier step is known by its older number.
    version: int


_FIND = select(dialogues.c.kind, dialogues.c.step, dialogues.c.data, dialogues.c.version).where(
    dialogues.c.person_id == bindparam("person_id")
)


async def find(tx: Transaction, person_id: int) -> Dialogue | None:
    row = await tx.row(_FIND, person_id=person_id)
    return row and Dialogue(**row._mapping)


async def put(tx: Transaction, person_id: int, dialogue: Dialogue, *, now: datetime) -> None:
    """Write where the person stands now; a dialogue of another kind is given up by this."""
    values = {
        "kind": dialogue.kind,
        "step": dialogue.step,
        "data": dict(dialogue.data),
        "version": dialogue.version,
        "updated_at": now,
    }
    await tx.run(
        insert(dialogues)
        .values(person_id=person_id, **values)
        .on_conflict_do_update(index_elements=[dialogues.c.person_id], set_=values)
    )


async def end(tx: Transaction, person_id: int) -> bool:
    """Forget the dialogue; say whether there was one."""
    return await tx.run(delete(dialogues).where(dialogues.c.person_id == person_id)) > 0
