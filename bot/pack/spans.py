"""Lengths of time as a pack writes them: 2h, 90m, 2d, 1d12h."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SPAN = re.compile(r"(?=\d)(?:(\d{1,3})d)?(?:(\d{1,4})h)?(?:(\d{1,5})m)?")


@dataclass(frozen=True)
class Span:
    """A length of time. Days are days on the wall clock, minutes are minutes on a stopwatch."""

    days: int
    minutes: int


def read_span(text: str) -> Span | None:
    """Read 2h, 90m, 2d or 1d12h; None when it is none of these or no time at all."""
    found = _SPAN.fullmatch(text.strip().replace(" ", "").lower())
    if found is None:
        return None
    days, hours, minutes = (int(part or 0) for part in found.groups())
    span = Span(days, hours * 60 + minutes)
    return span if span.days or span.minutes else None
