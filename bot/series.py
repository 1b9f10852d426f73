"""Signing up for a whole series, each of its sessions having places of its own."""

from dataclasses import dataclass
from datetime import datetime

from bot import attendance
from bot.attendance import Answer, Wish
from storage import Transaction, events, series
from storage.events import Event
from storage.series import Series


@dataclass(frozen=True)
class Session:
    """One session, and what became of the wish there."""

    event: Event
    answer: Answer


@dataclass(frozen=True)
class WholeAnswer:
    """One answer for each session that is still ahead, soonest first."""

    series: Series
    sessions: tuple[Session, ...]


@dataclass(frozen=True)
class SingleOnly:
    """People choose single sessions of this series."""

    series: Series


@dataclass(frozen=True)
class NoSeries:
    """There is no such series, or all its sessions are over."""


def name_of(found: Series, locale: str, base_locale: str = "") -> str:
    """The series' name in the language, or in the other one, or in any that it has."""
    names = found.names
    return names.get(locale) or names.get(base_locale) or next(iter(names.values()), "")


async def list_sessions(tx: Transaction, series_id: int, *, now: datetime) -> list[Event]:
    """The published sessions that are not over, soonest first."""
    return await events.find_many(tx, await series.list_session_ids(tx, series_id, ending_after=now))


async def join_all(
    tx: Transaction,
    series_id: int,
    person_id: int,
    *,
    now: datetime,
    companions: int | None = None,
    way: str | None = None,
    names: tuple[str, ...] | None = None,
    answers: dict[int, object] | None = None,
) -> WholeAnswer | SingleOnly | NoSeries:
    """Ask for a place at every session: each gives a seat or a place on its own waitlist.

    Doing it twice is harmless; whoever has a place at a session already keeps it. Sessions that are closed
    or ask for more than is given here say so in their own answer.
    """
    found = await series.find(tx, series_id)
    if found is None:
        return NoSeries()
    if found.sign_up == "single":
        return SingleOnly(found)
    wish = Wish(companions, way, names, answers)
    given = [
        Session(event, await attendance.join_locked(tx, event, person_id, wish, now=now, whole=True))
        for event in await _lock_all(tx, series_id, now=now)
    ]
    return WholeAnswer(found, _in_time(given)) if given else NoSeries()


async def leave_all(
    tx: Transaction, series_id: int, person_id: int, *, now: datetime
) -> WholeAnswer | NoSeries:
    """Give up whatever is held at every session that is not over. Doing it twice is harmless."""
    found = await series.find(tx, series_id)
    if found is None:
        return NoSeries()
    given = [
        Session(event, await attendance.leave(tx, event.id, person_id, now=now))
        for event in await _lock_all(tx, series_id, now=now)
    ]
    return WholeAnswer(found, _in_time(given)) if given else NoSeries()


async def _lock_all(tx: Transaction, series_id: int, *, now: datetime) -> list[Event]:
    """In the order of their ids, as everybody does who locks several."""
    ids = await series.list_session_ids(tx, series_id, ending_after=now)
    locked = [await events.lock(tx, event_id) for event_id in sorted(ids)]
    return [event for event in locked if event is not None and event.state == "published"]


def _in_time(given: list[Session]) -> tuple[Session, ...]:
    return tuple(sorted(given, key=lambda one: (one.event.starts_at, one.event.id)))
