"""Reminders that could not be sent while they were of use, and the organisers who hear of it."""

from datetime import UTC, datetime, timedelta
from typing import Final

from storage import Transaction, jobs, missed, notices, options, organisers, owing
from storage.missed import Missed

JOB: Final = "reminders_missed"
NOTICE: Final = "reminders_missed"
# Until when organisers have been told: so that nothing is told twice, whatever is started anew.
_TOLD: Final = "reminders_missed_told"
# What comes to light within this time after the first is told along with it.
_TOGETHER: Final = timedelta(minutes=1)
_USEFUL: Final = timedelta(days=7)


async def miss_stale(tx: Transaction, *, now: datetime) -> int:
    """Settle as missed whatever is of no use any more, and have organisers told of the reminders among it.

    Say how many notices that were.
    """
    if await missed.is_any_stale(tx, now=now):
        await jobs.plan_unless_planned(tx, JOB, 0, due_at=now + _TOGETHER)
    return await notices.miss_stale(tx, now=now)


async def tell(tx: Transaction, subject_id: int, *, now: datetime) -> int:
    """Owe every organiser one notice of all that was missed and not told yet; say how many they are.

    Who has not had the last such notice yet is told of both in one.
    """
    since = datetime.fromtimestamp(int(await options.find(tx, _TOLD) or 0), UTC)
    until = now.replace(microsecond=0)
    if await list_missed(tx, until, now + timedelta(seconds=1)):
        # The second is not over: what belongs to it is left for the next time.
        await jobs.plan(tx, JOB, subject_id, due_at=now + _TOGETHER)
    if not await list_missed(tx, since, until):
        return 0
    await options.remember(tx, _TOLD, str(int(until.timestamp())))
    whom = await organisers.list_all(tx)
    for person_id in whom:
        if await missed.widen_report(tx, person_id, NOTICE, until=until):
            continue
        await owing.owe_person(
            tx,
            person_id,
            NOTICE,
            occasion=f"missed:{int(until.timestamp())}:{person_id}",
            due_at=now,
            rank=owing.TIMELY,
            useful_until=now + _USEFUL,
            params={"since": int(since.timestamp()), "until": int(until.timestamp())},
        )
    return len(whom)


async def list_missed(tx: Transaction, since: datetime, until: datetime) -> list[Missed]:
    """Of what people were not reminded in that time, what concerns most of them first."""
    return await missed.list_between(tx, since=since, until=until)
