"""When the events of a pack take place, once it is known what day it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.pack.models import SampleEvent, ShiftTime, When
from bot.pack.spans import Span, read_span


@dataclass(frozen=True)
class ShiftMoments:
    """When a shift starts and ends, in UTC."""

    id: str
    starts: datetime
    ends: datetime


@dataclass(frozen=True)
class Moments:
    """When an event and its shifts take place, in UTC; `deadline` None is until it starts."""

    starts: datetime
    ends: datetime
    deadline: datetime | None
    shifts: tuple[ShiftMoments, ...]


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
    deadline = None
    if event.deadline is not None:
        last_day = starts.date() - timedelta(days=event.deadline.days_before)
        deadline = _instant(datetime.combine(last_day, event.deadline.at), where)
    return Moments(
        begin,
        end,
        deadline,
        tuple(
            ShiftMoments(shift.id, _within(shift.starts, starts, where), _within(shift.ends, starts, where))
            for shift in event.shifts
        ),
    )


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
