"""When the events of a pack take place, once it is known what day it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.pack.models import Deadline, SampleEvent, ShiftTime, When
from bot.pack.spans import Span, read_span


@dataclass(frozen=True)
class ShiftMoments:
    """When a shift starts and ends, in UTC."""

    id: str
    starts: datetime
    ends: datetime


@dataclass(frozen=True)
class StopMoments:
    """When something of a visit's programme begins, and ends where that is said; in UTC."""

    starts: datetime
    ends: datetime | None


@dataclass(frozen=True)
class Moments:
    """When an event, its shifts and its programme take place, in UTC.

    `opens` None is at once, `deadline` None is until it starts.
    """

    starts: datetime
    ends: datetime
    opens: datetime | None
    deadline: datetime | None
    shifts: tuple[ShiftMoments, ...]
    plan: tuple[StopMoments, ...]


def moments(event: SampleEvent, now: datetime, zone: ZoneInfo) -> Moments:
    """Work out an event's instants. `now` is aware; days count from its date where the event takes place.

    `zone` is the association's, and holds unless the event names its own.
    """
    where = ZoneInfo(event.zone) if event.zone else zone
    today = now.astimezone(where).date()
    starts = _local(event.starts, today)
    begin = _instant(starts, where)
    if event.ends is not None:
        end = _instant(_local(event.ends, today), where)
    else:
        end = _after(starts, read_span(event.lasts or "") or Span(0, 0), where)
    return Moments(
        begin,
        end,
        _ahead(event.opens, starts, where),
        _ahead(event.deadline, starts, where),
        tuple(
            ShiftMoments(shift.id, _within(shift.starts, starts, where), _within(shift.ends, starts, where))
            for shift in event.shifts
        ),
        tuple(
            StopMoments(
                _within(stop.at, starts, where),
                None if stop.until is None else _within(stop.until, starts, where),
            )
            for stop in event.plan
        ),
    )


def _ahead(moment: Deadline | None, starts: datetime, where: ZoneInfo) -> datetime | None:
    if moment is None:
        return None
    day = starts.date() - timedelta(days=moment.days_before)
    return _instant(datetime.combine(day, moment.at), where)


def _local(when: When, today: date) -> datetime:
    day = when.day if when.day is not None else today + timedelta(days=when.in_days or 0)
    return datetime.combine(day, when.at)


def _instant(local: datetime, where: ZoneInfo) -> datetime:
    return local.replace(tzinfo=where).astimezone(UTC)


def _after(starts: datetime, span: Span, where: ZoneInfo) -> datetime:
    return _instant(starts + timedelta(days=span.days), where) + timedelta(minutes=span.minutes)


def _within(moment: ShiftTime, starts: datetime, where: ZoneInfo) -> datetime:
    if moment.minutes is not None:
        return _instant(starts, where) + timedelta(minutes=moment.minutes)
    day = starts.date() + timedelta(days=moment.day - 1)
    return _instant(datetime.combine(day, moment.at or time()), where)
