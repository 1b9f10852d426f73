"""Thanks to those who came, how they found it, and what that adds up to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.reminders import settle_wall_time
from storage import Transaction, checkins, events, feedback, jobs, owing
from storage.checkins import Counts
from storage.events import Event

JOB: Final = "feedback"
AFTER: Final = timedelta(hours=1)
# Nobody is asked at night, whatever their own quiet hours: it can wait.
NIGHT_FROM, NIGHT_UNTIL, MORNING = time(21, 30), time(9), time(10)
CHANGEABLE: Final = timedelta(days=14)
# An event that is entered or moved so long after it is over asks nobody any more.
STALE: Final = timedelta(days=2)
COMMENT_LIMIT: Final = 600
SCORES: Final = (1, 2, 3, 4, 5)


@dataclass(frozen=True)
class Noted:
    event: Event
    score: int
    comment: str


@dataclass(frozen=True)
class TooLate:
    event: Event


@dataclass(frozen=True)
class NotForYou:
    """The person didn't come, there is no such event, or it asks nobody how it was."""


@dataclass(frozen=True)
class Summary:
    """What an event came to."""

    counts: Counts
    # How many gave each score.
    scores: Mapping[int, int]
    comments: int

    @property
    def answers(self) -> int:
        return sum(self.scores.values())

    @property
    def average(self) -> float | None:
        if not self.answers:
            return None
        return sum(score * n for score, n in self.scores.items()) / self.answers


def due_at(event: Event) -> datetime:
    """One hour after the end; where that is at night, ten in the morning after."""
    zone = ZoneInfo(event.zone)
    local = (event.ends_at + AFTER).astimezone(zone).replace(tzinfo=None)
    if NIGHT_UNTIL <= local.time() < NIGHT_FROM:
        return event.ends_at + AFTER
    day = local.date() + timedelta(days=1) if local.time() >= NIGHT_FROM else local.date()
    return settle_wall_time(datetime.combine(day, MORNING), zone)


async def replan(tx: Transaction, event: Event, *, now: datetime) -> None:
    """Plan, or plan anew, to ask those who come how it was; where nobody is to be asked, plan nothing."""
    if event.state != "published" or not event.feedback or due_at(event) < now - STALE:
        await jobs.drop(tx, JOB, event.id)
        return
    await jobs.plan(tx, JOB, event.id, due_at=due_at(event))


async def ask(tx: Transaction, event_id: int, *, now: datetime) -> int:
    """Thank those who came and ask them how it was, each once; say how many.

    Where nobody was checked in, everybody who had a seat is asked. Who takes part online always is, as
    nobody sees them come. Who didn't come hears nothing.
    """
    event = await events.find(tx, event_id)
    if event is None or event.state != "published" or not event.feedback or now < event.ends_at:
        return 0
    if event.held_at is not None:
        # Nobody has said that it took place.
        return 0
    return await owing.owe_who_came(
        tx,
        event_id,
        "feedback",
        occasion=f"feedback:{event_id}",
        due_at=now,
        useful_until=event.ends_at + CHANGEABLE,
        params={},
    )


async def rate(
    tx: Transaction, event_id: int, person_id: int, score: int, *, now: datetime
) -> Noted | TooLate | NotForYou:
    """Note a score of one to five; another one within fourteen days replaces it."""
    event = await _asked(tx, event_id, person_id, now=now)
    if not isinstance(event, Event):
        return event
    if score not in SCORES:
        return NotForYou()
    await feedback.put_score(tx, event_id, person_id, score, now=now)
    given = await feedback.find(tx, event_id, person_id)
    return Noted(event, score, given.comment if given else "")


async def comment(
    tx: Transaction, event_id: int, person_id: int, text: str | None, *, now: datetime
) -> Noted | TooLate | NotForYou:
    """Note the sentence that goes with the score; None leaves it as it is."""
    event = await _asked(tx, event_id, person_id, now=now)
    if not isinstance(event, Event):
        return event
    if text is not None:
        await feedback.put_comment(tx, event_id, person_id, text[:COMMENT_LIMIT])
    given = await feedback.find(tx, event_id, person_id)
    return Noted(event, given.score, given.comment) if given else NotForYou()


async def _asked(
    tx: Transaction, event_id: int, person_id: int, *, now: datetime
) -> Event | TooLate | NotForYou:
    event = await events.find(tx, event_id)
    if event is None or event.state != "published" or not event.feedback or now < event.ends_at:
        return NotForYou()
    if not await feedback.took_part(tx, event_id, person_id):
        return NotForYou()
    return TooLate(event) if now > event.ends_at + CHANGEABLE else event


async def summarise(tx: Transaction, event_id: int) -> Summary:
    """What the event came to: seats, who came, and how they found it."""
    return Summary(
        await checkins.count(tx, event_id),
        await feedback.count_scores(tx, event_id),
        await feedback.count_comments(tx, event_id),
    )
