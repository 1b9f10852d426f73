"""What can be done about a broadcast that was sent: correct it, take it back, send it to those missing."""

from dataclasses import dataclass, replace
from datetime import datetime

from bot import audit
from bot.broadcast_starting import is_approval_wanted
from bot.broadcast_work import DELETABLE, useful_until
from bot.broadcasts import can_correct
from storage import Transaction, broadcast_changes, broadcast_notices, broadcasts, organisers, owing
from storage.broadcasts import Broadcast, Variant


@dataclass(frozen=True)
class Done:
    """It happens; it concerns about so many people."""

    people: int


@dataclass(frozen=True)
class Nobody:
    """There is nobody whom it concerns."""


@dataclass(frozen=True)
class Late:
    """It can't be done any more: too long ago, or what it is about is over."""


@dataclass(frozen=True)
class Unfit:
    """It is not in a state, or not of a kind, in which that can be done; nothing changed."""


Answer = Done | Nobody | Late | Unfit


async def correct(
    tx: Transaction, broadcast_id: int, locale: str, variant: Variant, *, actor_id: int, now: datetime
) -> Answer:
    """Put other words in place of a language's, also where they have arrived; pictures and files stay.

    Who has changed their language since keeps what they have. A mistake can't wait for a second organiser:
    where one has to agree to broadcasts, the others are told of the correction instead.
    """
    found = await broadcasts.lock(tx, broadcast_id)
    if found is None or not can_correct(found, locale) or await _is_recalled(tx, broadcast_id):
        return Unfit()
    old = found.variants[locale]
    if bool(old.media) and len(variant.text) > 1024:
        return Unfit()
    words = Variant(variant.text, variant.entities, old.media)
    await broadcasts.put_variant(tx, broadcast_id, locale, words)
    await broadcast_changes.add(tx, broadcast_id, "correct", locale=locale, author_id=actor_id, now=now)
    await audit.note(
        tx, "broadcast_corrected", now=now, actor_id=actor_id, broadcast=broadcast_id, locale=locale
    )
    if await is_approval_wanted(tx):
        await _tell_others(tx, broadcast_id, locale, actor_id=actor_id, now=now)
    return Done(await _count_sent(tx, broadcast_id))


async def _tell_others(
    tx: Transaction, broadcast_id: int, locale: str, *, actor_id: int, now: datetime
) -> None:
    params = {"broadcast": broadcast_id, "locale": locale, "by": actor_id}
    for person_id in await organisers.list_all(tx):
        if person_id != actor_id:
            occasion = f"broadcast_corrected:{broadcast_id}:{locale}:{now.timestamp()}:{person_id}"
            await owing.owe_person(
                tx, person_id, "broadcast_corrected", occasion=occasion, due_at=now, params=params
            )


async def ask_recall(tx: Transaction, broadcast_id: int, *, now: datetime) -> Answer:
    """Whether it could be taken back, and from about how many."""
    found = await broadcasts.find(tx, broadcast_id)
    if found is None or found.started_at is None or await _is_recalled(tx, broadcast_id):
        return Unfit()
    if found.finished_at is not None and now - found.finished_at >= DELETABLE:
        return Late()
    people = await _count_sent(tx, broadcast_id)
    return Done(people) if people or found.finished_at is None else Nobody()


async def recall(tx: Transaction, broadcast_id: int, *, actor_id: int, now: datetime) -> Answer:
    """Send no more of it, and take away what arrived within the last 48 hours. Twice is harmless."""
    found = await broadcasts.lock(tx, broadcast_id)
    answer = await ask_recall(tx, broadcast_id, now=now)
    if found is None or not isinstance(answer, Done):
        return answer
    if found.finished_at is None:
        await broadcasts.change(tx, broadcast_id, state="cancelled", paused_because=None)
    await broadcast_changes.add(tx, broadcast_id, "recall", locale=None, author_id=actor_id, now=now)
    await audit.note(tx, "broadcast_recalled", now=now, actor_id=actor_id, broadcast=broadcast_id)
    return answer


async def _is_recalled(tx: Transaction, broadcast_id: int) -> bool:
    return any(made.kind == "recall" for made in await broadcast_changes.list_of(tx, broadcast_id))


async def _count_sent(tx: Transaction, broadcast_id: int) -> int:
    outcomes = await broadcast_notices.count_outcomes(tx, broadcast_id)
    return sum(one.people for one in outcomes if one.state == "sent")


async def ask_further(tx: Transaction, broadcast_id: int, *, now: datetime) -> Answer:
    """Whether it could go to those who have come to its audience since, and how many they are."""
    found = await broadcasts.find(tx, broadcast_id)
    if found is None or not await _can_go_further(tx, found):
        return Unfit()
    if await _is_over(tx, found, now=now):
        return Late()
    people = await broadcast_notices.count_new(tx, found, now=now)
    return Done(people) if people else Nobody()


async def _can_go_further(tx: Transaction, found: Broadcast) -> bool:
    return found.state == "done" and not await _is_recalled(tx, found.id)


async def _is_over(tx: Transaction, found: Broadcast, *, now: datetime) -> bool:
    ends_at = await useful_until(tx, found)
    return ends_at is not None and now >= ends_at


async def send_further(
    tx: Transaction, broadcast_id: int, expected: int, *, actor_id: int, now: datetime
) -> Answer:
    """Send it to those who have come to its audience since it was sent, and to nobody again.

    They are `expected` to be so many, as was told; to count a million again would keep others waiting.
    """
    found = await broadcasts.lock(tx, broadcast_id)
    if found is None or not await _can_go_further(tx, found):
        return Unfit()
    if await _is_over(tx, found, now=now):
        return Late()
    if not await broadcast_notices.is_anybody_new(tx, found, now=now):
        return Nobody()
    if found.planned is not None:
        planned = replace(found.planned, people=found.planned.people + max(0, expected))
        await broadcasts.set_audience(tx, broadcast_id, found.audience, planned)
    await _set_off_again(tx, found, round_at=now, spread_to=0, spread_done=False)
    await audit.note(tx, "broadcast_sent_further", now=now, actor_id=actor_id, broadcast=broadcast_id)
    return Done(expected)


async def send_unknown_again(tx: Transaction, broadcast_id: int, *, actor_id: int, now: datetime) -> Answer:
    """Send it once more to those of whom nobody knows whether they have it; some will have it twice.

    Only ever because an organiser says so.
    """
    found = await broadcasts.lock(tx, broadcast_id)
    if found is None or found.state != "done" or await _is_recalled(tx, broadcast_id):
        return Unfit()
    people = await broadcast_notices.owe_unknown_again(tx, broadcast_id, now=now)
    if not people:
        return Nobody()
    await _set_off_again(tx, found)
    await audit.note(tx, "broadcast_sent_again", now=now, actor_id=actor_id, broadcast=broadcast_id)
    return Done(people)


async def _set_off_again(tx: Transaction, found: Broadcast, **values: object) -> None:
    await broadcasts.change(tx, found.id, state="sending", finished_at=None, pulse=[], **values)
