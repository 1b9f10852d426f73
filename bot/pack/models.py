"""What a content pack is made of."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self
from zoneinfo import available_timezones

from babel import Locale
from pydantic import AfterValidator, Field, model_validator

from bot.kinds import Kind
from bot.pack.parts import (
    Answer,
    Body,
    Clock,
    Day,
    Identified,
    LocaleCode,
    Name,
    Part,
    Readers,
    Source,
    SpanText,
    Summary,
    Wordings,
)
from bot.pack.quizzes import PackQuiz

_SPOKEN = frozenset(Locale("en").languages)


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


class Pack(Part):
    """All that an association tells its members, in its languages; whole, or it wasn't read."""

    name: Name
    base_locale: LocaleCode
    sources: dict[str, Summary]
    programmes: tuple[Programme, ...] = ()
    questions: tuple[Question, ...] = ()
    events: tuple[SampleEvent, ...] = ()
    quizzes: tuple[PackQuiz, ...] = ()
