"""The days that a question speaks of: "tomorrow", "this weekend", "下星期", "in March"."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.written import normal, take_day


@dataclass(frozen=True)
class Period:
    """From one day to another, both included."""

    first: date
    last: date

    def touches(self, starts: datetime, ends: datetime, zone: ZoneInfo) -> bool:
        """Whether something from `starts` to `ends` falls into it, by the days of the zone."""
        # What ends at midnight has nothing of the day that begins.
        until = max(starts, ends - timedelta(minutes=1))
        return starts.astimezone(zone).date() <= self.last and until.astimezone(zone).date() >= self.first


# So many days are a length, no day of the month: "三日營", "兩日一夜".
_LASTING: Final = re.compile(r"(?:[一二两三四五六七]|\d)\s*[日天](?=[营团游行考程一之])|(?:days?|第)\s*\d+\b")
_MONTHS: Final = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_MONTH: Final = re.compile(
    rf"\b(?:in|during|of)\s+(?P<name>{_MONTHS})\b|(?<!\d)(?P<number>1[0-2]|[1-9])月份?(?!\s*\d)"
)
_NAMES: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def _week(today: date, ahead: int) -> Period:
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=ahead)
    return Period(max(today, monday), monday + timedelta(days=6))


def _weekend(today: date, ahead: int) -> Period:
    saturday = today - timedelta(days=today.weekday()) + timedelta(weeks=ahead, days=5)
    return Period(max(today, saturday), saturday + timedelta(days=1))


def _month(today: date, ahead: int) -> Period:
    year, month = divmod(today.year * 12 + today.month - 1 + ahead, 12)
    first = date(year, month + 1, 1)
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return Period(max(today, first), last)


_SPANS: Final[tuple[tuple[re.Pattern[str], Callable[[date, int], Period], int], ...]] = tuple(
    (re.compile(pattern), span, ahead)
    for pattern, span, ahead in (
        (r"\bnext weekend\b|下(?:个|星期|周|礼拜)*周?末", _weekend, 1),
        (
            r"\b(?:this|the|at the|on the)? ?weekend\b|[这本今]?(?:个|星期|礼拜)?周末|(?<!下)星期末",
            _weekend,
            0,
        ),
        (r"\b(?:the )?week after next\b|下下个?(?:星期|周|礼拜)(?![一二三四五六日天1-7])", _week, 2),
        (r"\bnext week\b|下个?(?:星期|周|礼拜)(?![一二三四五六日天1-7])", _week, 1),
        (r"\bthis week\b|[这本今]个?(?:星期|周|礼拜)(?![一二三四五六日天1-7])", _week, 0),
        (r"\bnext month\b|下个?月(?!\s*\d)", _month, 1),
        (r"\bthis month\b|[这本今]个?月(?!\s*\d)", _month, 0),
    )
)
_ANY_WEEKDAY: Final = re.compile(r"\bon (mon|tues|wednes|thurs|fri|satur|sun)days\b")
# The words of a day, however it was written; what they mean is read by bot/written.py.
_DAY: Final = re.compile(
    r"\b(?:the )?day after tomorrow\b|\b(?:today|tonight|tomorrow|tmrw?)\b"
    r"|\b(?:this|next|coming|on)?\s*(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?s?\b"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th)?\s*(?:of )?(?:{_MONTHS})\b|\b(?:{_MONTHS})\s*\d{{1,2}}(?:st|nd|rd|th)?\b"
    r"|\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?|\bin \d+ (?:day|week)s?\b"
    r"|大?[今明后听]\s*[天日晚早朝](?:上|早)?|[下本这今]*个?(?:星期|周|礼拜)\s*[一二三四五六日天1-7]"
    r"|(?:\d{1,2}|[一二三四五六七八九十]{1,3})月(?:\d{1,2}|[一二三四五六七八九十廿]{1,3})[日号]|\d{1,2}[日号]"
    r"|\b(?:morning|afternoon|evening|night)\b|上午|下午|早上|晚上"
)


def take_period(text: str, today: date) -> tuple[Period | None, str, str]:
    """The days that a folded text names, none of them past; the text without their words; those words."""
    bare = _LASTING.sub(" ", text)
    for pattern, span, ahead in _SPANS:
        if found := pattern.search(bare):
            return span(today, ahead), _without(bare, found), _bare(found.group())
    bare = _ANY_WEEKDAY.sub(r"on \1day", bare)
    named, _ = take_day(normal(bare), today, today)
    if named is not None and named.day >= today:
        said = _DAY.search(bare)
        return Period(named.day, named.day), _DAY.sub("\n", bare), _bare(said.group()) if said else ""
    if found := _MONTH.search(normal(bare)):
        number = int(found["number"]) if found["number"] else _NAMES.index(found["name"][:3]) + 1
        return (
            _month(today, (number - today.month) % 12),
            _without(normal(bare), found),
            found.group().strip(),
        )
    return None, text, ""


def _bare(words: str) -> str:
    return re.sub(r"^(?:the|this|at the|on the|on)\s+", "", words.strip())


def _without(text: str, found: re.Match[str]) -> str:
    return f"{text[: found.start()]}\n{text[found.end() :]}"
