"""Two volunteers exchange their shifts, once both have said yes."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot import quiet, shift_places, volunteering
from bot.volunteering import Begun, Cancelled, Closed, Gone, Lacks, Overlaps
from storage import Transaction, events, jobs, owing, shift_signups, shifts, swaps, volunteers
from storage.events import Event
from storage.shifts import Shift
from storage.swaps import Counterpart, Swap
from storage.volunteers import Volunteer

JOB: Final = "swap"
# For how long somebody has time to answer.
LAPSES_AFTER: Final = timedelta(hours=24)
# How many exchanges are offered, and of how many events.
MOST_OFFERED: Final = 24
MOST_EVENTS: Final = 20


@dataclass(frozen=True)
class Offer:
    """A shift of somebody else's to exchange for; the name only for those who help at the same event."""

    shift: Shift
    event: Event
    person_id: int
    name: str | None


@dataclass(frozen=True)
class Asked:
    """The other is asked; both keep their shifts meanwhile."""

    swap_id: int


@dataclass(frozen=True)
class Waiting:
    """Somebody is asked already about this shift: first their answer, or take the question back."""

    swap: Swap


@dataclass(frozen=True)
class AskedBefore:
    """Just this was asked before, and the other did not agree."""


@dataclass(frozen=True)
class Done:
    swap: Swap


@dataclass(frozen=True)
class Over:
    """The question was answered, taken back or has lapsed, or one of the shifts is not theirs any more."""


@dataclass(frozen=True)
class InTheWay:
    """What keeps one of the two from doing the other's shift."""

    person_id: int
    obstacle: Lacks | Overlaps


@dataclass(frozen=True)
class NeedsApproval:
    """An organiser decides who does one of the shifts, so it is not exchanged."""


Trouble = InTheWay | NeedsApproval | Over | Closed


async def list_offers(tx: Transaction, shift: Shift, person_id: int, *, now: datetime) -> list[Offer]:
    """What the volunteer's shift could be exchanged for as things are, the same event's shifts first."""
    me = await volunteers.find(tx, person_id)
    own = await events.find(tx, shift.event_id)
    if me is None or own is None or shift.approval:
        return []
    ids = await swaps.list_event_ids_ahead(tx, now=now, limit=MOST_EVENTS)
    by_id = {event.id: event for event in await events.find_many(tx, {shift.event_id, *ids})}
    open_ids = [event.id for event in by_id.values() if event.state == "published"]
    held = await swaps.list_counterparts(tx, open_ids, now=now)
    held.sort(key=lambda one: one.event_id != shift.event_id)
    found = {one.id: one for one in await shifts.list_many(tx, {one.shift_id for one in held})}
    offers: list[Offer] = []
    anonymous: set[int] = set()
    for one in held:
        other = found[one.shift_id]
        is_same = one.event_id == shift.event_id
        if len(offers) >= MOST_OFFERED:
            break
        if one.person_id == person_id or other.id == shift.id or other.id in anonymous or other.approval:
            continue
        if await _fits(tx, me, one, shift, own, other, by_id[one.event_id]):
            offers.append(Offer(other, by_id[one.event_id], one.person_id, one.name if is_same else None))
            if not is_same:
                anonymous.add(other.id)
    return offers


async def _fits(
    tx: Transaction,
    me: Volunteer,
    one: Counterpart,
    shift: Shift,
    event: Event,
    other: Shift,
    other_event: Event,
) -> bool:
    them = await volunteers.find(tx, one.person_id)
    if them is None or await swaps.was_refused(
        tx, giver_id=me.person_id, giver_shift_id=shift.id, taker_id=one.person_id, taker_shift_id=other.id
    ):
        return False
    return await _find_trouble(tx, (me, shift, event), (them, other, other_event)) is None


async def ask(
    tx: Transaction, shift_id: int, person_id: int, other_shift_id: int, other_id: int, *, now: datetime
) -> Asked | Waiting | AskedBefore | Trouble:
    """Ask the other volunteer to exchange shifts. Nothing changes until they agree.

    It lapses after a day or when the earlier of the shifts begins.
    """
    locked = await _lock_both(tx, (person_id, shift_id), (other_id, other_shift_id), now=now)
    if not isinstance(locked, tuple):
        return locked
    (_, shift, _), (_, other, _) = locked
    waiting = await swaps.find_asked(tx, person_id, shift_id)
    if waiting is not None:
        same = (waiting.taker_id, waiting.taker_shift_id) == (other_id, other_shift_id)
        return Asked(waiting.id) if same else Waiting(waiting)
    if await swaps.was_refused(
        tx, giver_id=person_id, giver_shift_id=shift_id, taker_id=other_id, taker_shift_id=other_shift_id
    ):
        return AskedBefore()
    trouble = await _find_trouble(tx, *locked)
    if trouble:
        return trouble
    swap_id = await swaps.add(
        tx,
        giver_id=person_id,
        giver_shift_id=shift_id,
        taker_id=other_id,
        taker_shift_id=other_shift_id,
        now=now,
    )
    lapses_at = min(now + LAPSES_AFTER, shift.starts_at, other.starts_at)
    await jobs.plan(tx, JOB, swap_id, due_at=lapses_at)
    await owing.owe_person(
        tx,
        other_id,
        "swap_asked",
        occasion=f"swap-asked:{swap_id}",
        due_at=now,
        rank=quiet.urgency(min(shift.starts_at, other.starts_at), now),
        useful_until=lapses_at,
        shift_id=other_shift_id,
        params={"swap": swap_id},
    )
    return Asked(swap_id)


async def agree(tx: Transaction, swap_id: int, person_id: int, *, now: datetime) -> Done | Trouble:
    """Exchange the shifts, if both still have theirs and nothing keeps either from doing the other's.

    Who asked is told. Agreeing twice is harmless.
    """
    swap = await swaps.find(tx, swap_id)
    if swap is None or swap.taker_id != person_id:
        return Over()
    giving, taking = (swap.giver_id, swap.giver_shift_id), (swap.taker_id, swap.taker_shift_id)
    locked = await _lock_both(tx, giving, taking, now=now)
    swap = await swaps.find(tx, swap_id)
    if swap is not None and swap.state == "done":
        return Done(swap)
    if not isinstance(locked, tuple):
        return locked
    if swap is None or swap.state != "asked" or swap.asked_at + LAPSES_AFTER <= now:
        return Over()
    trouble = await _find_trouble(tx, *locked)
    if trouble:
        return trouble
    (_, shift, _), (_, other, _) = locked
    if not await swaps.end(tx, swap.id, "done", now=now):
        # It was refused or taken back at this very moment.
        return Over()
    await jobs.drop(tx, JOB, swap.id)
    for given, leaver, comer in (
        (shift, swap.giver_id, swap.taker_id),
        (other, swap.taker_id, swap.giver_id),
    ):
        await shifts.put_signup(tx, given.id, leaver, state="dropped", now=now)
        await shifts.put_signup(tx, given.id, comer, state="taken", now=now)
        await shift_places.end_swaps(tx, given, leaver, now=now)
    await _tell_giver(tx, swap, "swap_agreed", min(shift.starts_at, other.starts_at), now=now)
    return Done(swap)


async def refuse(tx: Transaction, swap_id: int, person_id: int, *, now: datetime) -> bool:
    """Say no: both keep their shifts, and who asked is told. False when the question was over before."""
    swap = await swaps.find(tx, swap_id)
    if swap is None or swap.taker_id != person_id or not await swaps.end(tx, swap_id, "refused", now=now):
        return False
    await jobs.drop(tx, JOB, swap_id)
    await _tell_giver(tx, swap, "swap_refused", None, now=now)
    return True


async def withdraw(tx: Transaction, swap_id: int, person_id: int, *, now: datetime) -> bool:
    """Take the question back; False when it was not the person's, or over before."""
    swap = await swaps.find(tx, swap_id)
    if swap is None or swap.giver_id != person_id or swap.state != "asked":
        return False
    await shift_places.end_swap(tx, swap, now=now, by=person_id)
    return True


async def lapse(tx: Transaction, swap_id: int, *, now: datetime) -> None:
    """Nobody answered in time: both keep their shifts, and who asked is told."""
    swap = await swaps.find(tx, swap_id)
    if swap is not None:
        await shift_places.end_swap(tx, swap, now=now)


Party = tuple[Volunteer, Shift, Event]


async def _lock_both(
    tx: Transaction, one: tuple[int, int], other: tuple[int, int], *, now: datetime
) -> tuple[Party, Party] | Over | Closed:
    """Both volunteers with the shifts they have, everything locked; or why they can't be exchanged."""
    if one[0] == other[0] or one[1] == other[1]:
        return Over()
    people = {person_id: await volunteers.lock(tx, person_id) for person_id in sorted((one[0], other[0]))}
    # Soonest first, as everybody who locks several shifts does.
    listed = await shifts.list_many(tx, {one[1], other[1]})
    locked = {shift.id: await volunteering.lock_open(tx, shift.id) for shift in listed}
    parties: list[Party] = []
    for person_id, shift_id in (one, other):
        volunteer, found = people[person_id], locked.get(shift_id)
        if found is None:
            return Gone()
        closed: Begun | Cancelled | None = volunteering.is_closed(*found, now)
        if closed:
            return closed
        if volunteer is None or not await shifts.has_taken(tx, shift_id, person_id):
            return Over()
        parties.append((volunteer, *found))
    return parties[0], parties[1]


async def _find_trouble(tx: Transaction, one: Party, other: Party) -> InTheWay | NeedsApproval | Over | None:
    """What keeps either from doing the other's shift in place of their own."""
    if one[1].approval or other[1].approval:
        return NeedsApproval()
    for (volunteer, own, _), (_, wanted, event) in ((one, other), (other, one)):
        signup = await shift_signups.find(tx, wanted.id, volunteer.person_id)
        if signup is not None and signup.state in ("taken", "refused"):
            return Over()
        obstacle = await volunteering.find_obstacle(tx, wanted, event, volunteer, apart_from=own.id)
        if obstacle:
            return InTheWay(volunteer.person_id, obstacle)
    return None


async def _tell_giver(
    tx: Transaction, swap: Swap, kind: str, starts_at: datetime | None, *, now: datetime
) -> None:
    await owing.owe_person(
        tx,
        swap.giver_id,
        kind,
        occasion=f"{kind}:{swap.id}",
        due_at=now,
        rank=quiet.urgency(starts_at, now) if starts_at else owing.TIMELY,
        shift_id=swap.taker_shift_id if kind == "swap_agreed" else swap.giver_shift_id,
        params={"swap": swap.id},
    )
