"""What a content pack is made of."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Literal, Self, TypeVar
from zoneinfo import available_timezones

from babel import Locale
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
    model_validator,
)

from bot.kinds import Kind
from bot.pack.spans import read_span

LOCALES: tuple[str, ...] = (
    "en", "zh_Hant_HK", "zh_Hans_CN", "hi", "id", "ne", "pa", "th", "fil", "ur", "vi",
)  # fmt: skip

_OFTEN_MEANT = {
    "zh": "zh_Hans_CN", "zh-cn": "zh_Hans_CN", "zh-hans": "zh_Hans_CN", "zh-hans-cn": "zh_Hans_CN",
    "zh-hk": "zh_Hant_HK", "zh-tw": "zh_Hant_HK", "zh-hant": "zh_Hant_HK", "zh-hant-hk": "zh_Hant_HK",
    "en-gb": "en", "en-us": "en", "en-hk": "en", "tl": "fil",
}  # fmt: skip

_SPOKEN = frozenset(Locale("en").languages)

T = TypeVar("T")


def _known_locale(code: str) -> str:
    if code in LOCALES:
        return code
    if meant := _OFTEN_MEANT.get(code.lower().replace("_", "-")):
        raise ValueError(f"This is not a code of a language here. Did you mean “{meant}”?")
    raise ValueError(f"This is not a code of a language here. The codes are: {', '.join(LOCALES)}.")


def _in_base_language(texts: dict[str, T], info: ValidationInfo) -> dict[str, T]:
    base = (info.context or {}).get("base")
    if base and base not in texts:
        raise ValueError(f"The text in the pack's base language is missing: add “{base}: …”.")
    return texts


def _span(text: str) -> str:
    if read_span(text) is None:
        raise ValueError("Write a length of time as 2h, 90m, 2d or 1d12h.")
    return text


def _clock(value: object) -> dt.time:
    found = re.fullmatch(r"(\d{1,2})[:：](\d{2})", value.strip()) if isinstance(value, str) else None
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        raise ValueError("Write a time as 18:30, from 00:00 to 23:59.")
    return dt.time(int(found[1]), int(found[2]))


def _day(value: object) -> dt.date:
    try:
        if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value.strip()):
            raise ValueError
        return dt.date.fromisoformat(value.strip())
    except ValueError:
        raise ValueError("Write a date of the calendar as 2026-12-03 (year-month-day).") from None


def _zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("This is not the name of a time zone. Write it as Asia/Hong_Kong or Europe/London.")
    return name


def _spoken(code: str) -> str:
    if code.lower() not in _SPOKEN:
        raise ValueError(
            "This is not the code of a language. Write it as en, zh (Putonghua), yue (Cantonese), ja, ur …"
        )
    return code.lower()


def _web_address(address: str) -> str:
    if not re.fullmatch(r"https://[^\s/?#@]+\.[^\s/?#@.]+(?:[/?#]\S*)?", address):
        raise ValueError("Write a web address that begins with https://.")
    return address


def _text(most: int) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=most)


Based = AfterValidator(_in_base_language)
LocaleCode = Annotated[str, AfterValidator(_known_locale)]
Name = Annotated[dict[LocaleCode, Annotated[str, _text(120)]], Based]
Summary = Annotated[dict[LocaleCode, Annotated[str, _text(300)]], Based]
Body = Annotated[dict[LocaleCode, Annotated[str, _text(2500)]], Based]
Answer = Annotated[dict[LocaleCode, Annotated[str, _text(900)]], Based]
Wording = Annotated[str, _text(200)]
Wordings = Annotated[
    dict[LocaleCode, Annotated[tuple[Wording, ...], Field(min_length=1, max_length=50)]], Based
]
QuizTitle = Annotated[dict[LocaleCode, Annotated[str, _text(80)]], Based]
Choices = Annotated[
    dict[LocaleCode, Annotated[tuple[Annotated[str, _text(80)], ...], Field(min_length=2, max_length=6)]],
    Based,
]
Id = Annotated[str, Field(max_length=40)]
Source = Annotated[str, _text(200)]
Clock = Annotated[dt.time, BeforeValidator(_clock)]
Day = Annotated[dt.date, BeforeValidator(_day)]
SpanText = Annotated[str, AfterValidator(_span)]
# Who may read it: anybody, or the association's members alone.
Readers = Literal["everyone", "members"]


class Part(BaseModel):
    """A piece of a pack: never changed once read, and without fields that nobody reads."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Identified(Part):
    """A piece that others refer to by its id."""

    id: Id

    @field_validator("id")
    @classmethod
    def _plain(cls, value: str) -> str:
        if not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", value):
            raise ValueError(
                "Write an id in small letters a to z, digits and single hyphens, such as summer-camp."
            )
        return value


class Programme(Identified):
    """Something the association does, as members read about it."""

    kinds: tuple[Kind, ...] = ()
    order: int = 0
    title: Name
    summary: Summary
    body: Body
    source: Source
    audience: Readers = "everyone"


class Question(Identified):
    """A question people ask, in the ways they ask it, with its answer."""

    programme: str | None = None
    source: Source
    as_of: Day | None = None
    wordings: Wordings
    answer: Answer
    events_of_kind: Kind | None = None
    audience: Readers = "everyone"


class When(Part):
    """A moment on the wall clock: on a day of the calendar, or so many days after the pack is loaded."""

    day: Day | None = None
    in_days: Annotated[int, Field(ge=0, le=400)] | None = None
    at: Clock

    @model_validator(mode="before")
    @classmethod
    def _as_written(cls, value: object) -> object:
        if isinstance(value, dict) and value.get("in_days") is not None and "day" not in value:
            return value
        if isinstance(value, str) and len(parts := value.split()) == 2:
            return {"day": parts[0], "at": parts[1]}
        raise ValueError("Write “2026-12-03 18:30”, or “in_days: 3” and “at: 18:30” on two indented lines.")


class Deadline(Part):
    """The last moment to sign up, counted back from the day on which the event starts."""

    days_before: Annotated[int, Field(ge=0, le=400)]
    at: Clock


class ShiftTime(Part):
    """A moment within an event: minutes from its start, or a time on one of its days (the first is day 1)."""

    minutes: Annotated[int, Field(ge=-10_080, le=43_200)] | None = None
    day: Annotated[int, Field(ge=1, le=60)] = 1
    at: Clock | None = None

    @model_validator(mode="before")
    @classmethod
    def _as_written(cls, value: object) -> object:
        if isinstance(value, str):
            if found := re.fullmatch(r"([+-]?\d{1,5})m?", value.strip()):
                return {"minutes": found[1]}
            if found := re.fullmatch(r"(?:day (\d{1,2}) )?(\d{1,2}[:：]\d{2})", value.strip()):
                return {"day": found[1] or "1", "at": found[2]}
        raise ValueError(
            "Write minutes from the event's start (-30, 45), a time (17:45) or a day and time (day 2 09:00)."
        )


class Shift(Identified):
    """Work that volunteers can take at an event."""

    role: Name
    note: Summary | None = None
    starts: ShiftTime
    ends: ShiftTime
    places: Annotated[int, Field(ge=1, le=1000)] = 1
    languages: tuple[Annotated[str, AfterValidator(_spoken)], ...] = ()


class MapPoint(Part):
    """A place on the map, in degrees."""

    latitude: Annotated[float, Field(ge=-90, le=90)]
    longitude: Annotated[float, Field(ge=-180, le=180)]


class AskedQuestion(Part):
    """What an event asks everybody who signs up."""

    kind: Literal["text", "choice", "choices", "date", "phone", "photo", "document"] = "text"
    text: Summary
    required: bool = True
    choices: tuple[Name, ...] = ()

    @model_validator(mode="after")
    def _choices_where_there_are_some(self) -> Self:
        if self.kind in ("choice", "choices") and not 2 <= len(self.choices) <= 20:
            raise ValueError("A question with choices needs 2 to 20 of them, under “choices:”.")
        if self.kind not in ("choice", "choices") and self.choices:
            raise ValueError("Only questions of the kinds choice and choices have choices.")
        return self


class PlannedStop(Part):
    """What happens at one time of a visit, or where people meet."""

    at: ShiftTime
    until: ShiftTime | None = None
    title: Name
    place: Summary | None = None
    note: Summary | None = None
    meeting: bool = False
    map: MapPoint | None = None


class SampleEvent(Identified):
    """An event that a pack brings along.

    `places` None is as many as come; `companions` is how many guests one person may bring. Without a place
    on the ground it takes place online, and `places` are those online; with `online_places` people choose.
    """

    kind: Kind
    programme: str | None = None
    sample: bool = False
    zone: Annotated[str, AfterValidator(_zone)] | None = None
    starts: When
    ends: When | None = None
    lasts: SpanText | None = None
    title: Name
    description: Body
    place: Summary | None = None
    bring: Summary | None = None
    map: MapPoint | None = None
    online: Annotated[str, AfterValidator(_web_address)] | None = None
    places: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    companions: Annotated[int, Field(ge=0, le=20)] = 0
    online_places: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    companion_names: bool = False
    opens: Deadline | None = None
    deadline: Deadline | None = None
    approval: bool = False
    offer: SpanText | None = None
    questions: tuple[AskedQuestion, ...] = ()
    plan: tuple[PlannedStop, ...] = ()
    traveller_details: bool = False
    guardian_consent: bool = False
    reminders: tuple[SpanText, ...] = ("7d", "1d", "2h")
    shifts: tuple[Shift, ...] = ()


class QuizQuestion(Part):
    """What a quiz asks: choices in their order, in each language as many, and the number of the right one."""

    question: Summary
    choices: Choices
    right: Annotated[int, Field(ge=1, le=6)]
    explanation: Summary | None = None

    @model_validator(mode="after")
    def _choices_agree(self) -> Self:
        counts = {len(choices) for choices in self.choices.values()}
        if len(counts) != 1:
            raise ValueError("Write as many choices in every language, in the same order.")
        if self.right > counts.pop():
            raise ValueError("“right:” is the number of the right choice, counted from 1.")
        if any(len(set(choices)) != len(choices) for choices in self.choices.values()):
            raise ValueError("Two choices of one question are the same.")
        return self


class PackQuiz(Identified):
    """A quiz that a pack brings along; it is open from the start, until an organiser closes it.

    Without seconds there is no time limit; `certificate` is of how many right answers in a hundred.
    """

    sample: bool = False
    title: QuizTitle
    intro: Summary | None = None
    seconds_each: Annotated[int, Field(ge=5, le=600)] | None = None
    seconds_whole: Annotated[int, Field(ge=30, le=86_400)] | None = None
    attempts: Annotated[int, Field(ge=1, le=20)] = 1
    shuffle: bool = False
    certificate: Annotated[int, Field(ge=0, le=100)] | None = None
    questions: tuple[QuizQuestion, ...]

    @model_validator(mode="after")
    def _can_be_taken(self) -> Self:
        if not 1 <= len(self.questions) <= 100:
            raise ValueError("A quiz asks 1 to 100 questions, under “questions:”.")
        if self.seconds_each is not None and self.seconds_whole is not None:
            raise ValueError("Write either “seconds_each:” or “seconds_whole:”, one of the two.")
        return self


class Pack(Part):
    """All that an association tells its members, in its languages; whole, or it wasn't read."""

    name: Name
    base_locale: LocaleCode
    sources: dict[str, Summary]
    programmes: tuple[Programme, ...] = ()
    questions: tuple[Question, ...] = ()
    events: tuple[SampleEvent, ...] = ()
    quizzes: tuple[PackQuiz, ...] = ()
