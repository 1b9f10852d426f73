"""Which lanes are in which process's hands, where several share the work: PostgreSQL alone."""

from collections.abc import Collection, Sequence

from sqlalchemy import BigInteger, all_, bindparam, delete, exists, func, select, union
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.exc import IntegrityError

from storage.database import Transaction
from storage.inbox import Item
from storage.replies import Owed
from storage.tables import inbox, lanes, replies
from storage.trouble import Unavailable

# Where processes hear that updates have arrived.
CHANNEL = "amity_inbox"

_ANNOUNCE = select(func.pg_notify(CHANNEL, ""))
# Lanes with something to do that nobody sees to, those first that have waited longest. Others who look at
# the same time pass over these rows, and take the next ones.
_waiting = (
    select(inbox.c.lane)
    .where(inbox.c.state == "new", ~exists().where(lanes.c.lane == inbox.c.lane))
    .order_by(inbox.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
    .cte("waiting")
)
_unsent = select(replies.c.lane).where(~exists().where(lanes.c.lane == replies.c.lane))
_free = union(select(_waiting.c.lane), _unsent).subquery("free")
_CLAIM = (
    insert(lanes)
    .from_select(
        [lanes.c.lane, lanes.c.process_id],
        select(_free.c.lane, bindparam("process_id", type_=BigInteger)).order_by(_free.c.lane),
    )
    .on_conflict_do_nothing()
    .returning(lanes.c.lane)
)
_RELEASE = delete(lanes).where(
    lanes.c.process_id == bindparam("process_id"),
    lanes.c.lane == bindparam("released", type_=ARRAY(BigInteger)).any_(),
)
_UNSENT_IN = (
    select(replies.c.id, replies.c.lane, replies.c.calls, replies.c.position)
    .where(replies.c.lane == bindparam("claimed", type_=ARRAY(BigInteger)).any_())
    .order_by(replies.c.id)
)
_MINE = (
    select(inbox.c.id, inbox.c.lane, inbox.c.payload, inbox.c.attempts)
    .join(lanes, lanes.c.lane == inbox.c.lane)
    .where(
        lanes.c.process_id == bindparam("process_id"),
        inbox.c.state == "new",
        inbox.c.id != all_(bindparam("in_hand", type_=ARRAY(BigInteger))),
    )
    .order_by(inbox.c.id)
    .limit(bindparam("most"))
)


async def announce(tx: Transaction) -> None:
    """Let every process know, once this is committed, that updates have arrived."""
    await tx.row(_ANNOUNCE)


async def claim(tx: Transaction, process_id: int, *, most: int) -> list[int]:
    """Take lanes that have something to do and are in nobody's hands.

    Raises Unavailable where the process itself was taken for dead meanwhile.
    """
    try:
        return [row.lane for row in await tx.rows(_CLAIM, process_id=process_id, most=most)]
    except IntegrityError:
        raise Unavailable("this process is not among those at work any more") from None


async def release(tx: Transaction, process_id: int, released: Collection[int]) -> None:
    """Leave lanes to whoever looks next."""
    await tx.run(_RELEASE, process_id=process_id, released=list(released))


async def list_unsent(tx: Transaction, claimed: Sequence[int]) -> list[Owed]:
    """What another process has decided in these lanes and left unsent, in order."""
    return [Owed(**row._mapping) for row in await tx.rows(_UNSENT_IN, claimed=list(claimed))]


async def list_new(tx: Transaction, process_id: int, *, in_hand: Collection[int], most: int) -> list[Item]:
    """The updates in the process's lanes but for those it has in hand, in the order of their arrival.

    Where many write at once, a lower number may be seen later than a higher one: so none is a mark up to
    which everything is known. Within a lane Telegram waits for one to be stored before it sends the next.
    """
    found = await tx.rows(_MINE, process_id=process_id, in_hand=list(in_hand), most=most)
    return [Item(**row._mapping) for row in found]
