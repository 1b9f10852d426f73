"""Calendar files, read back as a calendar application reads them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar, Component

from bot.calendars import CalendarEvent, calendar, feed, file_name

HK = ZoneInfo("Asia/Hong_Kong")
NOW = datetime(2026, 11, 1, 9, 0, tzinfo=HK)
GALA = CalendarEvent(
    uid="event-7@amity",
    title="中秋交流晚會：同賞明月，與來自各地的朋友共度佳節，歡迎攜同家人及朋友一同參加",
    description="請帶備證件;謝謝,\n到時見",
    place="示範會堂",
    url="https://example.org/e/7?a=1,2",
    starts=datetime(2026, 12, 3, 18, 30, tzinfo=HK),
    ends=datetime(2026, 12, 3, 21, 0, tzinfo=HK),
    zone=HK,
    revision=3,
    alarms=(timedelta(days=1), timedelta(hours=2)),
)


def the_event(event: CalendarEvent) -> Component:
    (component,) = Calendar.from_ical(calendar(event, now=NOW)).walk("VEVENT")
    return component


def test_what_is_said_of_an_event_is_read_back_unchanged() -> None:
    event = the_event(GALA)
    assert (str(event["SUMMARY"]), str(event["DESCRIPTION"])) == (GALA.title, GALA.description)
    assert (str(event["LOCATION"]), str(event["URL"])) == (GALA.place, GALA.url)
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (GALA.starts, GALA.ends)
    assert event.decoded("DTSTAMP") == NOW


def test_a_later_revision_replaces_an_earlier_one() -> None:
    earlier, later = the_event(GALA), the_event(replace(GALA, revision=4, place="大堂"))
    assert earlier["UID"] == later["UID"]
    assert (earlier["SEQUENCE"], later["SEQUENCE"]) == (3, 4)


def test_a_cancelled_event_says_so_and_rings_no_alarm() -> None:
    event = the_event(replace(GALA, cancelled=True))
    assert event["STATUS"] == "CANCELLED"
    assert not event.walk("VALARM")


def test_alarms_ring_before_the_start() -> None:
    rung = [alarm.decoded("TRIGGER") for alarm in the_event(GALA).walk("VALARM")]
    assert rung == [-timedelta(days=1), -timedelta(hours=2)]


def test_no_line_is_longer_than_75_octets_and_no_character_is_cut() -> None:
    lines = calendar(GALA, now=NOW).split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert all(line.decode("utf-8") is not None for line in lines)


def test_every_line_ends_as_the_standard_asks() -> None:
    document = calendar(GALA, now=NOW)
    assert document.count(b"\n") == document.count(b"\r\n")
    assert b"METHOD:PUBLISH" in document


@pytest.mark.parametrize("zone", ["Asia/Hong_Kong", "Europe/London", "America/New_York"])
def test_times_are_local_with_their_zone_described(zone: str) -> None:
    document = Calendar.from_ical(calendar(replace(GALA, zone=ZoneInfo(zone)), now=NOW))
    assert [str(part["TZID"]) for part in document.walk("VTIMEZONE")] == [zone]
    (event,) = document.walk("VEVENT")
    assert event["DTSTART"].params["TZID"] == zone
    assert event.decoded("DTSTART") == GALA.starts


def test_an_event_in_utc_needs_no_zone() -> None:
    document = Calendar.from_ical(calendar(replace(GALA, zone=ZoneInfo("UTC")), now=NOW))
    assert not document.walk("VTIMEZONE")
    assert document.walk("VEVENT")[0].decoded("DTSTART") == GALA.starts.astimezone(UTC)


def test_a_feed_describes_each_zone_once() -> None:
    leap_day = datetime(2028, 2, 29, 18, 30, tzinfo=HK)
    later = replace(GALA, uid="event-8@amity", starts=leap_day, ends=leap_day + timedelta(hours=1))
    document = Calendar.from_ical(feed((GALA, later), now=NOW, name="示範會"))
    assert len(document.walk("VTIMEZONE")) == 1
    assert [event["UID"] for event in document.walk("VEVENT")] == ["event-7@amity", "event-8@amity"]
    assert document["X-WR-CALNAME"] == "示範會"


def test_a_control_character_in_a_title_does_not_spoil_the_file() -> None:
    assert str(the_event(replace(GALA, title="Gala\x00\x0b night"))["SUMMARY"]) == "Gala night"


@pytest.mark.parametrize(
    ("title", "name"),
    [("中秋／晚會 2026: a/b", "中秋-晚會-2026-a-b.ics"), ("../..", "event.ics"), ("हिन्दी", "हिन्दी.ics")],
)
def test_a_file_name_keeps_the_script_and_drops_what_systems_refuse(title: str, name: str) -> None:
    assert file_name(title) == name
