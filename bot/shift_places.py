"""A shift's places: whether one can be had, who gets it, and what follows when somebody gives one up.

Whoever calls these has locked the shift.
"""

from dataclasses import dataclass
from datetime import datetime

from bot import quiet, shift_alerts
from storage import Transaction, jobs, owing, shift_signups, shifts, swaps
from storage.events import Event
from storage.shift_signups import Signup
from storage.shifts import Shift
from storage.swaps import Swap


@dataclass(frozen=True)
class Opening:
    """A place that can be had, and from whom: somebody who seeks cover, or nobody."""

    giver: Signup | None = None


async def find_opening(tx: Transaction, shift: Shift) -> Opening | None:
    """The place that the next one gets: first of those who seek cover, as they are not coming anyway."""
    seeking = await shift_signups.list_cover_wanted(tx, shift.id)
    if seeking:
        return Opening(seeking[0])
    taken = (await shifts.count_taken(tx, [shift.id]))[shift.id]
    return Opening() if taken < shift.places else None


async def give(tx: Transaction, shift: Shift, person_id: int, opening: Opening, *, now: datetime) -> None:
    """Let the person have the place. Whoever sought cover for it is free, and told."""
    if opening.giver is not None:
        giver_id = opening.giver.person_id
        await shifts.put_signup(tx, shift.id, giver_id, state="dropped", now=now)
        await end_swaps(tx, shift, giver_id, now=now)
        await owing.owe_person(
            tx,
            giver_id,
            "cover_found",
            occasion=f"cover-found:{shift.id}:{giver_id}:{int(now.timestamp())}",
            due_at=now,
            rank=quiet.urgency(shift.starts_at, now),
            useful_until=shift.ends_at,
            shift_id=shift.id,
        )
    await shifts.put_signup(tx, shift.id, person_id, state="taken", now=now)


async def vacate(tx: Transaction, shift: Shift, event: Event, person_id: int, *, now: datetime) -> None:
    """Free the person's place at once; their wishes about it end, and late ones are told to the organiser."""
    await shifts.put_signup(tx, shift.id, person_id, state="dropped", now=now)
    await end_swaps(tx, shift, person_id, now=now)
    await shift_alerts.tell_freed(tx, shift, event, now=now)


async def end_swaps(tx: Transaction, shift: Shift, person_id: int, *, now: datetime) -> None:
    """End the wishes to exchange the person's place on the shift."""
    for swap in await swaps.list_asked_about(tx, shift.id, person_id):
        await end_swap(tx, swap, now=now, by=person_id)


async def end_all_swaps(tx: Transaction, shift: Shift, *, now: datetime) -> None:
    """End all wishes that have to do with the shift: it is not what it was."""
    for swap in await swaps.list_asked_about(tx, shift.id):
        await end_swap(tx, swap, now=now)


async def end_swap(tx: Transaction, swap: Swap, *, now: datetime, by: int | None = None) -> None:
    """End a wish that nobody has answered. Who asked keeps their shift, and is told unless they ended it."""
    state = "withdrawn" if by == swap.giver_id else "lapsed"
    if not await swaps.end(tx, swap.id, state, now=now):
        return
    await jobs.drop(tx, "swap", swap.id)
    if by != swap.giver_id:
        await owing.owe_person(
            tx,
            swap.giver_id,
            "swap_ended",
            occasion=f"swap-ended:{swap.id}",
            due_at=now,
            rank=owing.TIMELY,
            shift_id=swap.giver_shift_id,
            params={"swap": swap.id},
        )
