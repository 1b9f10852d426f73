"""What a question about events may come down to."""

from dataclasses import dataclass

from bot.questions.periods import Period
from storage.events import Event


@dataclass(frozen=True)
class Spoken:
    """What was last spoken of: an event and what was asked of it, or kinds of event."""

    event_id: int | None = None
    aspects: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fact:
    """One event is meant. Where that is not `sure`, another answer to the question comes first."""

    event: Event
    aspects: tuple[str, ...]
    sure: bool = True


@dataclass(frozen=True)
class Which:
    """Several events may be meant: up to three of them, soonest first."""

    events: tuple[Event, ...]
    aspects: tuple[str, ...]
    sure: bool = True
    # What was listed has more than these.
    more: bool = False


@dataclass(frozen=True)
class NotComing:
    """There is no such event; `instead` are up to three of the kind at other times, or any others."""

    aspects: tuple[str, ...]
    kind: str | None
    period: Period | None
    instead: tuple[Event, ...]
    sure: bool = False


@dataclass(frozen=True)
class NoneHeld:
    """The person asks about a place of theirs and has none anywhere."""

    sure: bool = False


Asked = Fact | Which | NotComing | NoneHeld
