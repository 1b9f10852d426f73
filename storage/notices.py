"""Everything the bot owes people, from the deciding transaction until it is settled."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Executable,
    and_,
    bindparam,
    delete,
    false,
    func,
    literal_column,
    not_,
    or_,
    select,
    update,
)

from storage import tallies
from storage.database import Transaction
from storage.owing import ANSWER, NEWS, TIMELY
from storage.tables import broadcasts, notices, people
from storage.tallies import Tally


@dataclass(frozen=True, slots=True)
class Owed:
    """A notice that has been claimed, with whom it is for."""

    id: int
    kind: str
    params: Mapping[str, Any]
    rank: int
    due_at: datetime
    useful_until: datetime | None
    attempts: int
    event_id: int | None
    shift_id: int | None
    broadcast_id: int | None
    person_id: int | None
    chat_id: int
    locale: str | None
    quiet_from: int | None
    quiet_until: int | None
    unreachable: bool
    # How its broadcast, if it is of one, reaches people: without a sound, at night, at a price.
    silent: bool = False
    night: str | None = None
    paid: bool = False


@dataclass(frozen=True, slots=True)
class Settled:
    """How a notice ended: sent, blocked, failed, unknown, missed or cancelled."""

    notice: Owed
    state: str
    # The messages that arrived.
    messages: Sequence[int] = ()
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Postponed:
    """Not now: owed again at the instant."""

    notice: Owed
    until: datetime


# As they stand in the indexes of what is open alone: SQLite uses these for no value that is only given later.
OWED: ColumnElement[str] = literal_column("'owed'")
CLAIMED: ColumnElement[str] = literal_column("'claimed'")

_chat = func.coalesce(people.c.telegram_id, notices.c.chat_id)
_claimable = (
    select(
        notices.c.id,
        notices.c.kind,
        notices.c.params,
        notices.c.rank,
        notices.c.due_at,
        notices.c.useful_until,
        notices.c.attempts,
        notices.c.event_id,
        notices.c.shift_id,
        notices.c.broadcast_id,
        notices.c.person_id,
        _chat.label("chat_id"),
        people.c.locale,
        people.c.quiet_from,
        people.c.quiet_until,
        people.c.unreachable_since.is_not(None).label("unreachable"),
        func.coalesce(broadcasts.c.silent, false()).label("silent"),
        broadcasts.c.night,
        # Correcting and taking back cost nothing, and leave at the rate of everything else.
        func.coalesce(and_(broadcasts.c.paid, notices.c.kind == "broadcast"), false()).label("paid"),
    )
    .select_from(notices)
    .outerjoin(people, people.c.id == notices.c.person_id)
    .outerjoin(broadcasts, broadcasts.c.id == notices.c.broadcast_id)
    .where(notices.c.state == OWED, notices.c.due_at <= bindparam("now"))
)
_candidates = (
    _claimable.where(notices.c.rank == bindparam("rank"), _chat.not_in(bindparam("crowding", expanding=True)))
    .order_by(notices.c.due_at, notices.c.id)
    .limit(bindparam("most"))
    .with_for_update(of=notices, skip_locked=True)
)
_FREE = _candidates.where(
    or_(
        notices.c.broadcast_id.is_(None),
        notices.c.broadcast_id.not_in(bindparam("broadcasts", expanding=True)),
        # What has arrived is corrected or taken back whatever became of the rest.
        notices.c.kind != "broadcast",
    )
)
_PAID = _candidates.where(
    notices.c.broadcast_id.in_(bindparam("broadcasts", expanding=True)), notices.c.kind == "broadcast"
)
_TOGETHER = _claimable.where(
    notices.c.person_id.in_(bindparam("people", expanding=True)),
    notices.c.kind.in_(bindparam("kinds", expanding=True)),
    notices.c.id.not_in(bindparam("known", expanding=True)),
).with_for_update(of=notices, skip_locked=True)
_GOING = select(broadcasts.c.id, broadcasts.c.state, broadcasts.c.paid).where(
    broadcasts.c.state.in_(("sending", "paused"))
)
_CLAIM = (
    update(notices)
    .where(notices.c.id.in_(bindparam("ids", expanding=True)))
    .values(state=CLAIMED, attempts=notices.c.attempts + 1)
)
_STILL_OPEN = (
    select(notices.c.id)
    .where(
        notices.c.id.in_(bindparam("ids", expanding=True)),
        or_(notices.c.state == CLAIMED, notices.c.state == OWED),
    )
    .order_by(notices.c.id)
    .with_for_update()
)
_SETTLE = (
    update(notices)
    .where(notices.c.id == bindparam("notice"), or_(notices.c.state == CLAIMED, notices.c.state == OWED))
    .values(
        state=bindparam("ended"),
        message_id=bindparam("first"),
        problem=bindparam("why"),
        settled_at=bindparam("now"),
        params=literal_column("'{}'", JSON),
    )
)
_KEEP_OTHERS = (
    update(notices).where(notices.c.id == bindparam("notice")).values(more_messages=bindparam("others"))
)
_POSTPONE = (
    update(notices)
    .where(notices.c.id == bindparam("notice"), notices.c.state == CLAIMED)
    .values(state=OWED, due_at=bindparam("until"))
)
# So many ids at most stand in one statement.
_AT_ONCE = 5000
# Where chats are not ready, the next look goes on for a good way: there may be many of them.
FEWEST_LOOKED_AT = 20
# A list in a statement is never empty: no row has this id, and no chat.
_NONE = 0


async def claim(
    tx: Transaction,
    *,
    now: datetime,
    limit: int,
    paid: int = 0,
    passes: Callable[[int], bool] = lambda chat_id: True,
) -> list[Owed]:
    """Take the most urgent notices that are due; until they are settled nobody else takes them.

    At most `limit` of them, and `paid` of paid broadcasts; each only if its chat `passes`, which is asked of
    one after the other. What a paused broadcast owes is left.
    """
    going = await tx.rows(_GOING)
    bought = [row.id for row in going if row.paid and row.state == "sending"]
    apart = [row.id for row in going if row.paid or row.state == "paused"]
    picked: list[Owed] = []
    for rank in (ANSWER, TIMELY, NEWS):
        if len(picked) < limit:
            await _pick(tx, _FREE, picked, limit, passes, rank=rank, now=now, broadcasts=apart or [_NONE])
    if bought and paid > 0:
        most = len(picked) + paid
        await _pick(tx, _PAID, picked, most, passes, rank=NEWS, now=now, broadcasts=bought)
    await _mark_claimed(tx, picked)
    return picked


async def _pick(
    tx: Transaction,
    query: Executable,
    picked: list[Owed],
    most: int,
    passes: Callable[[int], bool],
    **values: object,
) -> None:
    """Add the next ones until there are `most`.

    A chat that doesn't pass is left out of a second look, so that what it is owed doesn't hide the others.
    """
    seen = {_NONE}
    while len(picked) < most:
        # No more are locked than are wanted, unless some were in the way.
        asked = max(most - len(picked), FEWEST_LOOKED_AT if len(seen) > 1 else 0)
        rows = await tx.rows(query, most=asked, crowding=sorted(seen), **values)
        for row in rows:
            seen.add(row.chat_id)
            if len(picked) < most and passes(row.chat_id):
                picked.append(Owed(*list(row)))
        if len(rows) < asked:
            return


async def claim_together(
    tx: Transaction, claimed: Sequence[Owed], kinds: Collection[str], *, now: datetime
) -> list[Owed]:
    """Take what else of these kinds is due for the same people, to be told in one message."""
    if not claimed:
        return []
    rows = await tx.rows(
        _TOGETHER,
        people=[notice.person_id for notice in claimed],
        kinds=sorted(kinds),
        known=[notice.id for notice in claimed],
        now=now,
    )
    others = [Owed(*list(row)) for row in rows]
    await _mark_claimed(tx, others)
    return others


async def _mark_claimed(tx: Transaction, claimed: Sequence[Owed]) -> None:
    if claimed:
        await tx.run(_CLAIM, ids=[notice.id for notice in claimed])


async def settle(tx: Transaction, settled: Sequence[Settled], *, now: datetime) -> list[Settled]:
    """Write how the notices ended, and count those of broadcasts; say which were still open.

    Writing the same twice is harmless. What they said about people is not kept.
    """
    if not settled:
        return []
    # Some may be written already, by a commit of which nobody heard, or have gone with their person.
    rows = await tx.rows(_STILL_OPEN, ids=[one.notice.id for one in settled])
    still_open = {row.id for row in rows}
    settled = [one for one in settled if one.notice.id in still_open]
    await tx.run_many(
        _SETTLE,
        [
            {
                "notice": one.notice.id,
                "ended": one.state,
                "first": one.messages[0] if one.messages else None,
                "why": one.problem,
                "now": now,
            }
            for one in settled
        ],
    )
    several = [one for one in settled if len(one.messages) > 1]
    await tx.run_many(
        _KEEP_OTHERS, [{"notice": one.notice.id, "others": list(one.messages[1:])} for one in several]
    )
    counted = Counter(
        Tally(one.notice.broadcast_id, one.notice.kind, one.notice.locale or "", one.state)
        for one in settled
        if one.notice.broadcast_id is not None
    )
    await tallies.add(tx, counted)
    return settled


async def postpone(tx: Transaction, postponed: Sequence[Postponed]) -> None:
    """Owe claimed notices again, later."""
    await tx.run_many(_POSTPONE, [{"notice": one.notice.id, "until": one.until} for one in postponed])


async def recover(
    tx: Transaction, *, now: datetime, same_twice: Collection[str] = (), never_twice: Collection[str] = ()
) -> None:
    """Decide about what a stopped process had claimed: it may have arrived or not.

    News is left as unknown, as hearing it twice is worse, and so are the kinds that may happen `never_twice`;
    everything else is owed again, and of the news those kinds that are the `same_twice`.
    """
    lost = notices.c.state == CLAIMED
    news = and_(notices.c.rank == NEWS, notices.c.kind.not_in(same_twice))
    doubtful = and_(lost, or_(news, notices.c.kind.in_(never_twice)))
    await _tally(tx, doubtful, "unknown")
    await tx.run(update(notices).where(doubtful).values(state="unknown", settled_at=now))
    await tx.run(update(notices).where(lost).values(state="owed"))


async def _tally(tx: Transaction, which: ColumnElement[bool], state: str) -> None:
    """Count these notices, as far as they are of broadcasts, as having ended so."""
    rows = await tx.rows(
        select(notices.c.broadcast_id, notices.c.kind, people.c.locale, func.count().label("people"))
        .join(people, people.c.id == notices.c.person_id)
        .where(notices.c.broadcast_id.is_not(None), which)
        .group_by(notices.c.broadcast_id, notices.c.kind, people.c.locale)
    )
    await tallies.add(tx, {Tally(row.broadcast_id, row.kind, row.locale, state): row.people for row in rows})


def _stale(now: datetime) -> ColumnElement[bool]:
    return and_(notices.c.state == OWED, notices.c.useful_until.is_not(None), notices.c.useful_until < now)


async def count_stale(tx: Transaction, *, now: datetime) -> int:
    count: int = await tx.value(select(func.count()).select_from(notices).where(_stale(now)))
    return count


async def miss_stale(tx: Transaction, *, now: datetime) -> int:
    """Settle as missed what is of no use any more and was never sent."""
    # Locked first, lest what is claimed between counting and settling is counted twice.
    locked = await tx.rows(select(notices.c.id).where(_stale(now)).with_for_update(skip_locked=True))
    missed = 0
    for start in range(0, len(locked), _AT_ONCE):
        chosen = notices.c.id.in_([row.id for row in locked[start : start + _AT_ONCE]])
        await _tally(tx, chosen, "missed")
        missed += await tx.run(
            update(notices).where(chosen).values(state="missed", settled_at=now, params={})
        )
    return missed


_DUE = (
    select(notices.c.id)
    .where(
        notices.c.state == OWED,
        notices.c.rank == bindparam("rank"),
        notices.c.due_at <= bindparam("now"),
    )
    .limit(1)
)


async def is_due(tx: Transaction, *, now: datetime) -> bool:
    """Whether anything could leave now, be it of a broadcast that is paused."""
    for rank in (ANSWER, TIMELY, NEWS):
        if await tx.row(_DUE, rank=rank, now=now) is not None:
            return True
    return False


async def is_paid_going(tx: Transaction) -> bool:
    """Whether any broadcast on its way is paid for."""
    return any(row.paid and row.state == "sending" for row in await tx.rows(_GOING))


async def find_next_due(tx: Transaction) -> datetime | None:
    query = select(func.min(notices.c.due_at).label("due_at"))
    paused = select(broadcasts.c.id).where(broadcasts.c.state == "paused")
    not_held = or_(notices.c.broadcast_id.is_(None), notices.c.broadcast_id.not_in(paused))
    row = await tx.row(query.where(notices.c.state == OWED, not_held))
    return row.due_at if row else None


async def prune(tx: Transaction, *, settled_before: datetime) -> None:
    """Forget what was settled long ago and belongs to no broadcast's report."""
    await tx.run(
        delete(notices).where(
            notices.c.settled_at < settled_before,
            notices.c.broadcast_id.is_(None),
            not_(or_(notices.c.state == "owed", notices.c.state == "claimed")),
        )
    )


async def list_states(tx: Transaction, occasions: Collection[str]) -> dict[str, str]:
    """The state of the notices for the given occasions, by occasion."""
    query = select(notices.c.occasion, notices.c.state).where(notices.c.occasion.in_(occasions))
    return {row.occasion: row.state for row in await tx.rows(query)}


async def find_state(tx: Transaction, notice_id: int) -> str | None:
    state: str | None = await tx.value(select(notices.c.state).where(notices.c.id == notice_id))
    return state
