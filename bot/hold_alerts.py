"""Telling organisers of what is still on hold close to its start, and at it."""

from datetime import datetime, timedelta
from typing import Final

from bot import quiet
from storage import Transaction, events, jobs, organisers, owing
from storage.events import Event

JOB: Final = "still_held"
NOTICE: Final = "events_still_held"
# Whoever has been waiting to hear should still have the time to come.
AHEAD: Final = timedelta(hours=2)
# Nobody is told that something is not decided just after they put it on hold.
AFTER_HOLD: Final = timedelta(minutes=30)


def moments(event: Event) -> list[datetime]:
    """When it is time to decide: once some time before the start, and at the start itself.

    What was put on hold shortly before has only the start; what had begun by then has neither.
    """
    if event.held_at is None or event.state != "published":
        return []
    ahead = max(event.starts_at - AHEAD, event.held_at + AFTER_HOLD)
    return [one for one in (ahead, event.starts_at) if event.held_at < one <= event.starts_at]


def is_pressing(event: Event, now: datetime) -> bool:
    """Whether it is on hold, not over, and one of the moments to decide has come."""
    return now < event.ends_at and any(one <= now for one in moments(event))


async def plan(tx: Transaction, event: Event, *, now: datetime) -> None:
    """Plan the next look at whether it is decided; what was planned before is forgotten."""
    due_at = min((one for one in moments(event) if now < one), default=None)
    if due_at is None:
        await jobs.drop(tx, JOB, event.id)
    else:
        await jobs.plan(tx, JOB, event.id, due_at=due_at)


async def look(tx: Transaction, event_id: int, *, now: datetime) -> None:
    """Tell everybody who may decide that nobody has, and plan the next look.

    What has to be decided at the same moment is told in one notice.
    """
    event = await events.find(tx, event_id)
    if event is None or not is_pressing(event, now):
        return
    await plan(tx, event, now=now)
    moment = max(one for one in moments(event) if one <= now)
    for person_id in await organisers.list_all(tx):
        await owing.owe_person(
            tx,
            person_id,
            NOTICE,
            occasion=f"still_held:{int(moment.timestamp())}:{person_id}",
            due_at=now,
            rank=quiet.urgency(event.starts_at, now),
            useful_until=event.ends_at,
        )
