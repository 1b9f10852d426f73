"""What is done by the clock about one thing: the offer that ends, the details that are deleted."""

import logging
from collections.abc import Awaitable, Mapping
from datetime import datetime, timedelta
from typing import Protocol

from bot import (
    consents,
    desk_waiting,
    door,
    feedback,
    hold_alerts,
    missed,
    quiz_clock,
    quizzes,
    service_hours,
    shift_alerts,
    swapping,
    visits,
    volunteer_certificates,
    waitlist,
)
from storage import Transaction, Unavailable, jobs

logger = logging.getLogger(__name__)

AT_ONCE = 50
AGAIN_IN = timedelta(minutes=5)


class Doing(Protocol):
    """Does what is due about the subject; it may be gone by now, or have changed so that nothing is left."""

    def __call__(self, tx: Transaction, subject_id: int, /, *, now: datetime) -> Awaitable[object]: ...


# One line for each kind that `storage.jobs.plan` is called with.
DOINGS: Mapping[str, Doing] = {
    visits.DETAILS: visits.remind_travellers,
    visits.PURGE: visits.purge,
    visits.NAMES: visits.forget_names,
    consents.EVERYBODY: consents.ask_everybody,
    consents.ONE: consents.check,
    waitlist.OFFER: waitlist.end_offer,
    feedback.JOB: feedback.ask,
    door.FORGET_GUESTS: door.forget_guests,
    service_hours.JOB: service_hours.end,
    shift_alerts.JOB: shift_alerts.look,
    swapping.JOB: swapping.lapse,
    volunteer_certificates.JOB: volunteer_certificates.remind,
    missed.JOB: missed.tell,
    hold_alerts.JOB: hold_alerts.look,
    quizzes.JOB: quizzes.close_due,
    quiz_clock.JOB: quiz_clock.end_due,
    desk_waiting.FIRST: desk_waiting.remind,
    desk_waiting.AGAIN: desk_waiting.remind_again,
}
# Those of which somebody hears: the playground's "next" looks for them.
HEARD: frozenset[str] = frozenset(
    {
        waitlist.OFFER,
        feedback.JOB,
        service_hours.JOB,
        shift_alerts.JOB,
        swapping.JOB,
        volunteer_certificates.JOB,
        missed.JOB,
        hold_alerts.JOB,
        consents.ONE,
        quizzes.JOB,
        quiz_clock.JOB,
        desk_waiting.FIRST,
        desk_waiting.AGAIN,
    }
)


async def do_due(
    tx: Transaction, *, now: datetime, doings: Mapping[str, Doing] = DOINGS, limit: int = AT_ONCE
) -> int:
    """Do what is due, once each; say how much that was.

    What fails is undone by itself and tried again in five minutes, and the others are done all the same.
    Where the database is in trouble it is all left for the next time.
    """
    due = await jobs.list_due(tx, now=now, limit=limit)
    for job in due:
        try:
            async with tx.savepoint():
                await doings[job.kind](tx, job.subject_id, now=now)
                await jobs.finish(tx, job)
        except Unavailable:
            raise
        except Exception:
            # Without this one fault would keep everything else that is due from being done, for ever.
            logger.exception("a job of kind %s failed; it is tried again", job.kind)
            await jobs.postpone(tx, job, until=now + AGAIN_IN)
    return len(due)
