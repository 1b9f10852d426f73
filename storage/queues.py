"""How much is waiting: what has come in, what is to be said, and what is owed by now."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Table, bindparam, func, or_, select

from storage.database import Transaction
from storage.notices import OWED
from storage.owing import ANSWER, NEWS, TIMELY
from storage.tables import broadcasts, inbox, notices, replies

# More than this is not counted: it is long enough, and the next look comes soon.
MOST = 10_000


@dataclass(frozen=True)
class Queues:
    """Numbers of rows, each `MOST` at most, and since when the oldest notice could have left."""

    updates: int
    replies: int
    due: int
    oldest_due: datetime | None


def _some(table: Table) -> str:
    return f"some_{table.name}"


_UPDATES = select(func.count()).select_from(
    select(inbox.c.id).where(inbox.c.state == "new").limit(MOST).subquery(_some(inbox))
)
_REPLIES = select(func.count()).select_from(select(replies.c.id).limit(MOST).subquery(_some(replies)))
_paused = select(broadcasts.c.id).where(broadcasts.c.state == "paused")
_due = select(notices.c.due_at).where(
    notices.c.state == OWED,
    notices.c.rank == bindparam("rank"),
    notices.c.due_at <= bindparam("now"),
    or_(notices.c.broadcast_id.is_(None), notices.c.broadcast_id.not_in(_paused)),
)
_DUE = select(func.count()).select_from(_due.limit(MOST).subquery(_some(notices)))
_OLDEST = _due.order_by(notices.c.due_at).limit(1)


async def look(tx: Transaction, *, now: datetime) -> Queues:
    """However long they are, looking takes a few milliseconds at most."""
    due, oldest = 0, []
    for rank in (ANSWER, TIMELY, NEWS):
        due += int(await tx.value(_DUE, rank=rank, now=now))
        row = await tx.row(_OLDEST, rank=rank, now=now)
        oldest += [row.due_at] if row else []
    return Queues(
        updates=int(await tx.value(_UPDATES)),
        replies=int(await tx.value(_REPLIES)),
        due=min(due, MOST),
        oldest_due=min(oldest, default=None),
    )
