"""How days, clock times and lengths are written in English and Chinese, read as numbers.

Reading takes: what was understood is cut out of the text and the rest handed back, so that whoever asks can
see whether anything was left over.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final


@dataclass(frozen=True)
class WrittenDay:
    """A day, and whether a week may be added to it: "Friday" is also the Friday after."""

    day: date
    may_be_next_week: bool = False


@dataclass(frozen=True)
class WrittenClock:
    """Minutes since midnight (24:00 counts as 1440), and whether it may as well be twelve hours later."""

    minutes: int
    either_half: bool = False


_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH: Final = (
    r"\b(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_ENGLISH_WEEKDAY: Final = re.compile(
    r"\b(?:(mon)(?:day)?|(tue)(?:s(?:day)?)?|(wed)(?:nesday)?|(thu)(?:r(?:s(?:day)?)?)?|(fri)(?:day)?"
    r"|(sat)(?:urday)?|(sun)(?:day)?)\b\.?"
)
_CHINESE_WEEKDAY: Final = re.compile(r"(?:星期|礼拜|周)(?:([一二三四五六日天])|([1-7])(?!\d))")
_YEAR: Final = r"(?P<year>20\d\d)(?!\d)"
_WRITTEN_DAYS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?<![\d/.-])(?P<year>20\d\d)([-/.])(?P<m>\d{1,2})\2(?P<d>\d{1,2})(?![\d/-])",
        r"(?<![\d/.-])(?P<d>\d{1,2})([-/.])(?P<m>\d{1,2})\2(?P<year>20\d\d|\d\d)(?![\d/-])",
        rf"(?:{_YEAR}年|(?P<next>明年)|今年)?\s*(?<!\d)(?P<m>\d{{1,2}})月\s*(?P<d>\d{{1,2}})\s*[日号]",
        rf"(?<!\d)(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s*(?:of\s+)?(?:{_MONTH}),?(?:\s*{_YEAR})?",
        rf"(?:{_MONTH})\s*(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\b(?![:.]\d),?(?:\s*{_YEAR})?",
        r"(?<![\d/.-])(?P<d>\d{1,2})/(?P<m>\d{1,2})(?![\d/-])",
        r"(?P<following>下)个?月\s*(?P<d>\d{1,2})[日号]",
        r"(?:[本这]个?月)?(?<!\d)(?P<d>\d{1,2})[日号](?!之?后)",
    )
)
_DAYS_FROM_TODAY: Final = (
    (re.compile(r"大后[日天]"), 3),
    (re.compile(r"\b(?:the )?day after tomorrow\b|后[日天]"), 2),
    (re.compile(r"\btomorrow\b|\btmrw?\b|[明听][日天]"), 1),
    (re.compile(r"\btoday\b|今[日天]"), 0),
    (re.compile(r"\byesterday\b|[昨寻][日天]"), -1),
)
_IN_DAYS: Final = re.compile(
    r"\bin (?P<n1>\d+|an?) (?P<u1>day|week)s?(?: time)?\b|\b(?P<n2>\d+|an?) (?P<u2>day|week)s? from now\b"
    r"|(?P<n3>\d+)\s*(?P<u3>日|天|个?星期|个?礼拜|周)之?后"
)
_WEEKDAY: Final = re.compile(
    r"(?P<which>下下|下|\bnext\b|本|这|今|\bthis coming\b|\bthis\b|\bcoming\b)?\s*个?\s*<(?P<w>\d)>"
    r"(?P<week>\s+next week\b)?"
)
_HALVES: Final = (
    ("noon", re.compile(r"\b(?:12 ?)?noon\b|\bmidday\b|中午|正午")),
    (
        "am",
        re.compile(r"(?<![a-z])a\.?m\b\.?|\b(?:in the )?morning\b|上午|早上|早晨|朝早|清晨|凌晨|上昼|[早朝]"),
    ),
    ("night", re.compile(r"\b(?:in the )?evening\b|\b(?:at )?night\b|晚上|夜晚|[晚夜]")),
    ("pm", re.compile(r"(?<![a-z])p\.?m\b\.?|\b(?:in the )?afternoon\b|下午|傍晚|黄昏|下昼|晏昼")),
)
_DIGITAL: Final = re.compile(
    r"(?<![\d:.])(?P<h>\d{1,2})[:.](?P<min>[0-5]\d)(?::[0-5]\d)?(?![\d:])(?:\s*hrs?\b)?"
)
_SPOKEN: Final = re.compile(
    r"(?<!\d)(?P<h>\d{1,2})\s*[点时]钟?"
    r"(?:(?P<half>半)|(?P<quarter>[13])刻|(?P<spoken>[0-5]?\d)分|(?P<min>[0-5]\d)(?!\d)|[整正])?"
)
_HOUR: Final = re.compile(r"(?<![\d:./])(?P<h>\d{1,2})(?![\d:./])(?P<clock>\s*o'?clock\b)?")
_LENGTH: Final = re.compile(
    r"\s*(?P<n>\d+(?:\.\d+)?)\s*"
    r"(?:(?P<w>weeks?|w|个?星期|个?礼拜|周)|(?P<d>days?|d|[日天])|(?P<h>h(?:(?:ou)?rs?)?|个?小时|个?钟头?)"
    r"|(?P<m>m(?:in(?:ute)?s?)?|分钟?))(?![a-z])\s*"
)
_SIMPLER: Final = str.maketrans("點號時週兩後聽禮這個鐘晝尋頭間黃琴", "点号时周两后听礼这个钟昼寻头间黄寻")
_DIGITS: Final = {**{c: n for n, c in enumerate("零一二三四五六七八九")}, "〇": 0, "两": 2}
_NUMERAL: Final = re.compile("[零〇一二两三四五六七八九十廿卅]+")
# A day with a part of it in one word: "今晚" is "今日 晚".
_CONTRACTED: Final = re.compile(r"([今明听昨])([晚早朝夜])(上|早)?")


def normal(text: str) -> str:
    """One way of writing: half-width, lower case, simple characters, digits, weekdays as <1> to <7>."""
    text = unicodedata.normalize("NFKC", text).lower().translate(_SIMPLER)
    text = _CONTRACTED.sub(r"\1日 \2", text).replace("tonight", "today night")
    text = _CHINESE_WEEKDAY.sub(
        lambda m: f"<{m[2] or '一二三四五六日'.find(m[1].replace('天', '日')) + 1}> ", text
    )
    text = _ENGLISH_WEEKDAY.sub(lambda m: f"<{m.lastindex}>", text)
    text = _NUMERAL.sub(lambda m: _number(m[0]), text)
    return re.sub(r"(?<=\d)t(?=\d)|\s+", " ", text).strip()


def _number(numeral: str) -> str:
    tens = numeral.replace("廿", "二十").replace("卅", "三十")
    if "十" in tens:
        before, after = tens.split("十", 1)
        if len(before) <= 1 and len(after) <= 1 and "十" not in after:
            return str(10 * (_DIGITS[before] if before else 1) + (_DIGITS[after] if after else 0))
        return numeral
    return "".join(str(_DIGITS[c]) for c in numeral)


def take_day(text: str, today: date, since: date) -> tuple[WrittenDay | None, str]:
    """The day that a normal text names, and the text without it.

    "Tomorrow" is counted from today. A day without its year, or a weekday, is the first one not before
    `since`. A weekday beside a day must be that day's.
    """
    for pattern in _WRITTEN_DAYS:
        if found := pattern.search(text):
            day = _written(found.groupdict(), since)
            rest = _without(text, found)
            beside = re.search(r"<(\d)>", rest)
            if day is None or (beside and int(beside[1]) != day.isoweekday()):
                return None, text
            return WrittenDay(day), _without(rest, beside) if beside else rest
    for pattern, days in _DAYS_FROM_TODAY:
        if found := pattern.search(text):
            return WrittenDay(today + timedelta(days=days)), _without(text, found)
    if found := _IN_DAYS.search(text):
        count = next(found[n] for n in ("n1", "n2", "n3") if found[n])
        unit = next(found[u] for u in ("u1", "u2", "u3") if found[u])
        days = (int(count) if count.isdigit() else 1) * (1 if unit in {"day", "日", "天"} else 7)
        return (
            (WrittenDay(today + timedelta(days=days)), _without(text, found)) if days < 9999 else (None, text)
        )
    if found := _WEEKDAY.search(text):
        return _weekday(found, today, since), _without(text, found)
    return None, text


def _written(parts: dict[str, str | None], since: date) -> date | None:
    day = int(parts["d"] or 0)
    month = parts.get("m") or parts.get("month")
    year = parts.get("year")
    if month is None:
        first = since.replace(day=1) + timedelta(days=32 if parts.get("following") else 0)
        return _first(_same_day_each_month(first, day), since)
    number = int(month) if month.isdigit() else _MONTHS.index(month[:3]) + 1
    if number > 12 >= day and (year is None or len(parts["d"] or "") < 4):
        day, number = number, day
    if year is not None:
        return _date(2000 + int(year) % 100, number, day)
    if parts.get("next"):
        return _date(since.year + 1, number, day)
    return _first((_date(since.year + n, number, day) for n in range(9)), since)


def _same_day_each_month(first: date, day: int) -> Iterator[date | None]:
    for n in range(12):
        year, month = divmod(first.year * 12 + first.month - 1 + n, 12)
        yield _date(year, month + 1, day)


def _first(days: Iterator[date | None], since: date) -> date | None:
    return next((day for day in days if day is not None and day >= since), None)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _weekday(found: re.Match[str], today: date, since: date) -> WrittenDay:
    in_this_week = today + timedelta(days=int(found["w"]) - today.isoweekday())
    match "next" if found["week"] else found["which"]:
        case "下下":
            return WrittenDay(in_this_week + timedelta(days=14))
        case "下" | "next":
            return WrittenDay(in_this_week + timedelta(days=7))
        case "本" | "这" | "今":
            return WrittenDay(in_this_week)
        case _:
            return WrittenDay(since + timedelta(days=(int(found["w"]) - since.isoweekday()) % 7), True)


def take_clock(text: str) -> tuple[WrittenClock | None, str]:
    """The time of day that a normal text names, and the text without it. A number alone is no time."""
    half, rest = None, text
    for name, pattern in _HALVES:
        if found := pattern.search(rest):
            if half is not None and {half, name} not in ({"pm", "night"}, {"am", "night"}):
                return None, text
            half, rest = ("pm" if half == "night" else half) or name, _without(rest, found)
    found = _DIGITAL.search(rest) or _SPOKEN.search(rest)
    if found is None and half is not None:
        found = _HOUR.search(rest)
    if found is None:
        return (WrittenClock(720), rest) if half == "noon" else (None, rest)
    parts = found.groupdict()
    hour = int(found["h"])
    minute = int(parts.get("min") or parts.get("spoken") or 0)
    minute += 30 if parts.get("half") else 15 * int(parts.get("quarter") or 0)
    spoken = found.re is _SPOKEN
    if half is None:
        either = 1 <= hour <= 12 and not found["h"].startswith("0")
        # Nobody invites to three at night: an hour said without its half of the day is the afternoon's.
        said = hour + 12 if spoken and hour <= 6 and either else hour
        clock = WrittenClock(said * 60 + minute, either) if said < 24 or (said, minute) == (24, 0) else None
    else:
        placed = _placed(hour, half)
        clock = None if placed is None else WrittenClock(placed * 60 + minute)
    return (None, text) if clock is None else (clock, _without(rest, found))


def _placed(hour: int, half: str) -> int | None:
    """The hour of 24, or None where the hour doesn't belong to that part of the day."""
    match half:
        case "am":
            return None if hour > 12 else hour % 12
        case "pm":
            return hour if 12 <= hour < 24 else hour + 12 if 1 <= hour < 12 else None
        case "noon":
            return hour if hour in {11, 12, 13} else hour + 12 if hour in {1, 2} else None
        case _:
            return 24 if hour == 12 else hour if 17 <= hour <= 24 else hour + 12 if 5 <= hour < 12 else None


def length(text: str) -> timedelta | None:
    """A length of time such as "2 hours", "1h30" or "兩個半小時", where the whole text is one."""
    rest = re.sub(r"\b(?:and|for)\b|[,又]", " ", normal(text))
    rest = re.sub(r"\s+", " ", rest).strip()
    rest = re.sub(r"^(\d+)h(\d\d)$", r"\1h \2m", rest)
    rest = re.sub(r"^(?:half an?|a half) hour$|^半个?(?:小时|钟头?)$", "30 m", rest)
    rest = re.sub(r"^(an?|\d+) (hour|day|week)s? a half$", r"\1 \2 half", rest)
    rest = re.sub(r"^(\d+) a half (hour|day|week)s$", r"\1 \2 half", rest)
    rest = re.sub(r"^an? ", "1 ", rest)
    rest = re.sub(r"^(\d+) (hour|day|week) half$", r"\1.5 \2", rest)
    rest = re.sub(r"^(\d+)\s*(?:个半(?:小时|钟头?)?|个?(?:小时|钟头?)半)$", r"\1.5小时", rest)
    total, position = timedelta(), 0
    while position < len(rest):
        part = _LENGTH.match(rest, position)
        if part is None:
            return None
        n = float(part["n"])
        if n > 9999:
            return None
        total += timedelta(
            weeks=n if part["w"] else 0,
            days=n if part["d"] else 0,
            hours=n if part["h"] else 0,
            minutes=n if part["m"] else 0,
        )
        position = part.end()
    return total or None


def _without(text: str, found: re.Match[str]) -> str:
    return f"{text[: found.start()]} {text[found.end() :]}"
