"""What the pieces of a content pack have in common: texts in its languages, ids, days and times."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
)

from bot.pack.spans import read_span

LOCALES: tuple[str, ...] = (
    "en", "zh_Hant_HK", "zh_Hans_CN", "hi", "id", "ne", "pa", "th", "fil", "ur", "vi",
)  # fmt: skip

_OFTEN_MEANT = {
    "zh": "zh_Hans_CN", "zh-cn": "zh_Hans_CN", "zh-hans": "zh_Hans_CN", "zh-hans-cn": "zh_Hans_CN",
    "zh-hk": "zh_Hant_HK", "zh-tw": "zh_Hant_HK", "zh-hant": "zh_Hant_HK", "zh-hant-hk": "zh_Hant_HK",
    "en-gb": "en", "en-us": "en", "en-hk": "en", "tl": "fil",
}  # fmt: skip

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


def up_to(most: int) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, min_length=1, max_length=most)


Based = AfterValidator(_in_base_language)
LocaleCode = Annotated[str, AfterValidator(_known_locale)]
Name = Annotated[dict[LocaleCode, Annotated[str, up_to(120)]], Based]
Summary = Annotated[dict[LocaleCode, Annotated[str, up_to(300)]], Based]
Body = Annotated[dict[LocaleCode, Annotated[str, up_to(2500)]], Based]
Answer = Annotated[dict[LocaleCode, Annotated[str, up_to(900)]], Based]
Wording = Annotated[str, up_to(200)]
Wordings = Annotated[
    dict[LocaleCode, Annotated[tuple[Wording, ...], Field(min_length=1, max_length=50)]], Based
]
Id = Annotated[str, Field(max_length=40)]
Source = Annotated[str, up_to(200)]
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
