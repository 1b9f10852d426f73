"""An event as a calendar file that any phone opens."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard, vUri

PRODUCT: Final = "-//Amity//Events//EN"
MEDIA_TYPE: Final = "text/calendar; charset=utf-8; method=PUBLISH"

_YEAR: Final = timedelta(days=366)
# What XML and RFC 5545 call control characters: some calendars refuse a file that has one.
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True)
class CalendarEvent:
    """What a calendar shows of an event, already in the reader's language.

    The uid stays the same for the life of the event and the revision grows with every change, so that a later
    file replaces an earlier one. Alarms are how long before the start they ring.
    """

    uid: str
    title: str
    starts: datetime
    ends: datetime
    zone: ZoneInfo
    description: str = ""
    place: str = ""
    url: str = ""
    revision: int = 0
    cancelled: bool = False
    # Whether it is not certain yet: a place on the waitlist, an application.
    tentative: bool = False
    alarms: tuple[timedelta, ...] = ()


def calendar(event: CalendarEvent, *, now: datetime, name: str = "") -> bytes:
    """The file for one event. A cancelled event is marked so, and rings no alarm."""
    return feed((event,), now=now, name=name)


def feed(events: tuple[CalendarEvent, ...], *, now: datetime, name: str = "") -> bytes:
    """One file of many events, for subscribing to; the name is what a calendar application lists it under.

    Times are local with their zone described, so that they stay right if the zone's rules change.
    """
    document = Calendar()
    document.add("prodid", PRODUCT)
    document.add("version", "2.0")
    document.add("calscale", "GREGORIAN")
    document.add("method", "PUBLISH")
    if name:
        document.add("x-wr-calname", _clean(name))
    for zone, (first, last) in _zones(events).items():
        if zone.key != "UTC":
            document.add_component(_described(zone, first, last + _YEAR))
    for event in events:
        document.add_component(_component(event, now))
    return bytes(document.to_ical())


def file_name(title: str) -> str:
    """A name for the file that every system accepts, keeping the title's own script."""
    plain = unicodedata.normalize("NFC", title)
    kept = "".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in plain)
    return f"{'-'.join(kept.split())[:60].rstrip('-') or 'event'}.ics"


def _component(event: CalendarEvent, now: datetime) -> Event:
    component = Event()
    component.add("uid", event.uid)
    component.add("dtstamp", now.astimezone(UTC).replace(microsecond=0))
    component.add("sequence", event.revision)
    component.add("dtstart", _local(event.starts, event.zone))
    component.add("dtend", _local(event.ends, event.zone))
    component.add("summary", _clean(event.title))
    certain = "TENTATIVE" if event.tentative else "CONFIRMED"
    component.add("status", "CANCELLED" if event.cancelled else certain)
    if event.description:
        component.add("description", _clean(event.description))
    if event.place:
        component.add("location", _clean(event.place))
    if event.url:
        component.add("url", vUri(event.url))
    if not event.cancelled:
        for lead in event.alarms:
            alarm = Alarm()
            alarm.add("action", "DISPLAY")
            alarm.add("description", _clean(event.title))
            alarm.add("trigger", -lead)
            component.add_component(alarm)
    return component


def _local(instant: datetime, zone: ZoneInfo) -> datetime:
    """The time on the wall, but for an hour that comes twice: its second time can only be said in UTC."""
    local = instant.astimezone(zone)
    return instant.astimezone(UTC) if local.fold else local


def _described(zone: ZoneInfo, first: date, last: date) -> Timezone:
    """The zone's changes of the clock from one day to the other, each in the time it ends.

    The library's own description puts the changes of spring an hour late (measured with version 7.3).
    """
    document = Timezone()
    document.add("tzid", zone.key)
    day = datetime.combine(first, time(), tzinfo=UTC) - timedelta(days=1)
    document.add_component(_observance(day, day, zone))
    while day.date() <= last:
        following = day + timedelta(days=1)
        if _offset(day, zone) != _offset(following, zone):
            document.add_component(_observance(_change(day, following, zone), day, zone))
        day = following
    return document


def _observance(since: datetime, before: datetime, zone: ZoneInfo) -> TimezoneStandard | TimezoneDaylight:
    local = since.astimezone(zone)
    observance = TimezoneDaylight() if local.dst() else TimezoneStandard()
    observance.add("dtstart", (since + _offset(before, zone)).replace(tzinfo=None))
    observance.add("tzoffsetfrom", _offset(before, zone))
    observance.add("tzoffsetto", _offset(since, zone))
    observance.add("tzname", local.tzname() or zone.key)
    return observance


def _offset(instant: datetime, zone: ZoneInfo) -> timedelta:
    return instant.astimezone(zone).utcoffset() or timedelta()


def _change(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The minute at which the clock changes between the two."""
    while after - before > timedelta(minutes=1):
        middle = before + timedelta(minutes=(after - before) // timedelta(minutes=2))
        if _offset(middle, zone) == _offset(before, zone):
            before = middle
        else:
            after = middle
    return after


def _zones(events: tuple[CalendarEvent, ...]) -> dict[ZoneInfo, tuple[date, date]]:
    """Each zone in use, with the first and the last day that need it."""
    days: dict[ZoneInfo, list[date]] = {}
    for event in events:
        for instant in (event.starts, event.ends):
            days.setdefault(event.zone, []).append(instant.astimezone(event.zone).date())
    return {zone: (min(needed), max(needed)) for zone, needed in days.items()}


def _clean(text: str) -> str:
    return _CONTROLS.sub("", text.replace("\r\n", "\n"))
