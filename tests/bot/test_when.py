"""What people write for a day or a time, and the instant they mean by it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language import HK, LOCALES, language
from bot.when import NotUnderstood, Past, Understood, understand, understand_duration, understand_end

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 11, 25, 10, 0, tzinfo=HK)  # a Wednesday
STARTS = datetime(2026, 12, 3, 19, 0, tzinfo=HK)


def at(day: int, hour: int = 0, minute: int = 0, *, month: int = 12, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=HK)


def meant(text: str, locale: str = "en") -> object:
    return understand(text, now=NOW, zone=HK, locale=locale)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("3/12 18:30", at(3, 18, 30)),
        ("３／１２　１８：３０", at(3, 18, 30)),
        ("2026-12-03 18:30", at(3, 18, 30)),
        ("2026-12-03T18:30", at(3, 18, 30)),
        ("Thursday 3 Dec 7.30pm", at(3, 19, 30)),
        ("Dec 3, 2026 6:30 PM", at(3, 18, 30)),
        ("3pm, 3rd of December", at(3, 15)),
        ("next Fri 3pm", at(4, 15)),
        ("Fri 3pm", at(27, 15, month=11)),
        ("tomorrow noon", at(26, 12, month=11)),
        ("tomorrow evening at 7", at(26, 19, month=11)),
        ("tonight 7", at(25, 19, month=11)),
        ("in 3 days at 6pm", at(28, 18, month=11)),
        ("in 2 hours", at(25, 12, month=11)),
        ("12月3日下午3時", at(3, 15)),
        ("12月3號 3點半", at(3, 15, 30)),
        ("十二月三日晚上七點", at(3, 19)),
        ("二〇二六年十二月二十一日上午十一時十五分", at(21, 11, 15)),
        ("下星期五下午三點", at(4, 15)),
        ("下周五15点", at(4, 15)),
        ("星期五十點", at(27, 10, month=11)),
        ("禮拜日下午兩點三刻", at(29, 14, 45, month=11)),
        ("聽日下午2:30", at(26, 14, 30, month=11)),
        ("明天下午2:30", at(26, 14, 30, month=11)),
        ("後日 下午2:30", at(27, 14, 30, month=11)),
        ("明早九點半", at(26, 9, 30, month=11)),
        ("今晚8點", at(25, 20, month=11)),
        ("今晚12點", at(26, 0, month=11)),
        ("下個月5號下午3點", at(5, 15)),
        ("兩小時後", at(25, 12, month=11)),
        ("12月3日 中午12點半", at(3, 12, 30)),
        ("3/12 24:00", at(4)),
        ("12am tomorrow", at(26, month=11)),
    ],
)
def test_a_day_and_a_time(text: str, instant: datetime) -> None:
    assert meant(text) == Understood(instant, has_time=True)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("3/12", at(3)),
        ("3-12-2026", at(3)),
        ("3.12.26", at(3)),
        ("12/25", at(25)),
        ("3 may", at(3, month=5, year=2027)),
        ("25/11", at(25, month=11)),
        ("24/11", at(24, month=11, year=2027)),
        ("29/2", at(29, month=2, year=2028)),
        ("三天後", at(28, month=11)),
        ("大後天", at(28, month=11)),
        ("明年3月5日", at(5, month=3, year=2027)),
        ("5號", at(5)),
        ("下下星期三", at(9)),
        ("Monday", at(30, month=11)),
    ],
)
def test_a_day_without_a_time_is_its_first_moment(text: str, instant: datetime) -> None:
    assert meant(text) == Understood(instant, has_time=False)


def test_a_time_alone_is_the_next_one() -> None:
    assert meant("15:00") == Understood(at(25, 15, month=11), has_time=True)
    assert meant("09:00") == Understood(at(26, 9, month=11), has_time=True)
    after = understand("15:00", now=NOW, zone=HK, locale="en", after=at(3, 19))
    assert after == Understood(at(4, 15), has_time=True)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "hello",
            "3",
            "may",
            "31/2",
            "0/5",
            "13/13",
            "25:00",
            "next week",
            "two",
            "am",
            "24:30",
            "下午0點",
        ),
        *(
            "3/12 or 4/12",
            "12/3-14/3",
            "3-5pm",
            "4/12 at 6",
            "call me at 3pm",
            "3/12 3pm 4pm",
            "晚上2點",
            "上午15點",
        ),
        *(
            "what time is it?",
            "3/12 (London time)",
            "10000 days from now",
            "9" * 500,
            "in " + "9" * 400 + " hours",
        ),
    ],
)
def test_what_is_no_day_or_could_be_another_is_not_understood(text: str) -> None:
    assert meant(text) == NotUnderstood()


def test_a_weekday_that_is_not_that_days_is_not_understood() -> None:
    assert meant("Friday 3 Dec 2026 7pm") == NotUnderstood()
    assert meant("2026年12月3日星期五") == NotUnderstood()


def test_what_is_over_is_past() -> None:
    assert meant("3 Dec 2025") == Past(at(3, year=2025))
    assert meant("25/11 9:00") == Past(at(25, 9, month=11))
    assert meant("昨天下午3點") == Past(at(24, 15, month=11))


def test_a_weekday_whose_hour_has_gone_is_next_weeks() -> None:
    assert meant("Wed 9am") == Understood(at(2, 9), has_time=True)
    assert meant("Wed 11am") == Understood(at(25, 11, month=11), has_time=True)


def test_a_time_that_does_not_exist_shifts_forward() -> None:
    found = understand("28/3/2027 01:30", now=NOW, zone=LONDON, locale="en")
    assert found == Understood(datetime(2027, 3, 28, 2, 30, tzinfo=LONDON), has_time=True)


def test_of_a_time_that_comes_twice_the_first_is_meant() -> None:
    found = understand("31/10/2027 01:30", now=NOW, zone=LONDON, locale="en")
    assert isinstance(found, Understood)
    assert found.instant.astimezone(UTC) == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(("locale", "text"), [("id", "3 Desember 2026 18:30"), ("th", "3 ธันวาคม 2026 18:30")])
def test_months_named_in_other_languages(locale: str, text: str) -> None:
    assert meant(text, locale) == Understood(at(3, 18, 30), has_time=True)
    assert meant("3", locale) == NotUnderstood()


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("zone", [HK, LONDON, ZoneInfo("America/New_York")])
@given(minutes=st.integers(1, 60 * 24 * 365 * 20))
def test_what_a_language_says_is_understood_back_to_the_minute(
    locale: str, zone: ZoneInfo, minutes: int
) -> None:
    instant = (NOW.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(zone)
    found = understand(language(locale).moment(instant, zone), now=NOW, zone=zone, locale=locale)
    # An hour that comes twice is said the same way both times; the first is what is understood.
    assert found == Understood(instant.replace(fold=0), has_time=True)


@pytest.mark.parametrize("locale", LOCALES)
@given(minutes=st.integers(1, 60 * 24 * 300))
def test_what_is_said_without_its_year_is_understood_within_the_year(locale: str, minutes: int) -> None:
    new_year = datetime(2027, 1, 1, tzinfo=HK)
    instant = new_year + timedelta(minutes=minutes)
    said = language(locale).moment(instant, now=new_year)
    assert understand(said, now=new_year, zone=HK, locale=locale) == Understood(instant, has_time=True)


@given(
    st.text(max_size=40)
    | st.text(alphabet="0123456789/:.- 年月日號點半下午上星期五十二三後天個兩ampmtofriex", max_size=20)
)
def test_no_text_is_too_strange_to_ask_about(text: str) -> None:
    answers = (
        understand(text, now=NOW, zone=HK, locale="zh_Hant_HK"),
        understand_end(text, starts=STARTS, now=NOW, zone=HK, locale="en"),
    )
    assert all(isinstance(answer, Understood | Past | NotUnderstood) for answer in answers)
    assert isinstance(understand_duration(text), timedelta | NotUnderstood)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        *(
            ("2 hours", 120),
            ("90 min", 90),
            ("1h30", 90),
            ("1.5 hours", 90),
            ("2 hrs 30 mins", 150),
            ("a week", 10080),
        ),
        *(
            ("an hour and a half", 90),
            ("half an hour", 30),
            ("兩小時", 120),
            ("兩個半小時", 150),
            ("半小時", 30),
        ),
        *(("3個鐘", 180), ("一個半鐘", 90), ("45分鐘", 45), ("三日", 4320), ("一小時三十分", 90)),
    ],
)
def test_a_length_of_time(text: str, minutes: int) -> None:
    assert understand_duration(text) == timedelta(minutes=minutes)


@pytest.mark.parametrize("text", ["", "2", "hello", "0 hours", "two", "2 hours or 3"])
def test_what_is_no_length_is_not_understood(text: str) -> None:
    assert understand_duration(text) == NotUnderstood()


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        *(("9:30", at(3, 21, 30)), ("9點", at(3, 21)), ("21:00", at(3, 21)), ("until 10pm", at(3, 22))),
        *(("2 hours", at(3, 21)), ("兩小時", at(3, 21)), ("至晚上10時", at(3, 22)), ("- 21:00", at(3, 21))),
        *(("4/12 5pm", at(4, 17)), ("2 days", at(5, 19)), ("12am", at(4)), ("8am", at(4, 8))),
    ],
)
def test_an_end_is_a_time_a_length_or_a_day_and_a_time(text: str, ends: datetime) -> None:
    found = understand_end(text, starts=STARTS, now=NOW, zone=HK, locale="en")
    assert found == Understood(ends, has_time=True)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2/12 5pm", at(2, 17)),
        ("5pm", at(3, 17)),
        ("下午5時", at(3, 17)),
        ("3/12 19:00", at(3, 19)),
        ("2/12", at(2)),
    ],
)
def test_an_end_not_after_the_start_is_past(text: str, instant: datetime) -> None:
    assert understand_end(text, starts=STARTS, now=NOW, zone=HK, locale="en") == Past(instant)


def test_whole_days_keep_the_time_of_the_clock() -> None:
    starts = datetime(2027, 3, 27, 18, 0, tzinfo=LONDON)
    found = understand_end("2 days", starts=starts, now=NOW, zone=LONDON, locale="en")
    assert found == Understood(datetime(2027, 3, 29, 18, 0, tzinfo=LONDON), has_time=True)
