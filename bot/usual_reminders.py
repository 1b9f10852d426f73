"""When people are reminded where an event doesn't say otherwise: a habit for every kind of event."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from bot import audit
from bot.kinds import KINDS
from bot.reminders import USUAL
from bot.when import understand_duration
from storage import Transaction, options
from storage.events import Event
from storage.reminders import ReminderOf

MOST: Final = 6
SHORTEST, LONGEST = timedelta(minutes=5), timedelta(days=60)

_OF: Final[tuple[ReminderOf, ...]] = ("event", "shift")
_BETWEEN: Final = re.compile(r"[,;，、；\n]|\b(?:and|then)\b|[及和與与]", re.IGNORECASE)
_BEFORE: Final = re.compile(r"\b(?:before|ahead|earlier)\b|[之以]?前", re.IGNORECASE)

# By kind of event: ahead of the event, and ahead of its shifts.
Habits = Mapping[str, Mapping[ReminderOf, tuple[str, ...]]]


async def find_all(tx: Transaction) -> Habits:
    """The association's habit for every kind of event."""
    kept = await options.find_many(tx, [_name(kind, of) for kind in KINDS for of in _OF])
    return {kind: {of: _spans(kept.get(_name(kind, of))) for of in _OF} for kind in KINDS}


async def find(tx: Transaction, kind: str, of: ReminderOf) -> tuple[str, ...]:
    """How long before an event of the kind, or a shift at one, people are reminded."""
    return _spans(await options.find(tx, _name(kind, of)))


async def of_shifts(tx: Transaction, event: Event) -> tuple[str, ...]:
    """How long before the event's shifts those who have them are reminded."""
    if event.shift_reminders is not None:
        return event.shift_reminders
    return await find(tx, event.kind, "shift")


async def change(
    tx: Transaction,
    kinds: Sequence[str],
    of: ReminderOf,
    spans: Sequence[str],
    *,
    actor_id: int,
    now: datetime,
) -> None:
    """Make this the habit for the kinds. What is published already keeps its own reminders."""
    for kind in kinds:
        await options.remember(tx, _name(kind, of), json.dumps(ordered(spans)))
    await audit.note(tx, "reminders_set", now=now, actor_id=actor_id, kinds=list(kinds), of=of)


def understand(text: str) -> tuple[str, ...] | None:
    """The spans that somebody writes: "2 weeks, 1 day and 3 hours before", "三天前、兩小時前", or None."""
    found = []
    for part in _BETWEEN.split(_BEFORE.sub(" ", text)):
        if not part.strip():
            continue
        lasting = understand_duration(part)
        if not isinstance(lasting, timedelta) or not SHORTEST <= lasting <= LONGEST:
            return None
        found.append(_span(lasting))
    spans = ordered(found)
    return spans if 0 < len(spans) <= MOST else None


def ordered(spans: Sequence[str]) -> tuple[str, ...]:
    """Each once, the longest before first."""
    return tuple(sorted(set(spans), key=lambda span: -_minutes(span)))


def _span(lasting: timedelta) -> str:
    minutes = int(lasting.total_seconds()) // 60
    if minutes % 1440 == 0:
        return f"{minutes // 1440}d"
    return f"{minutes // 60}h" if minutes % 60 == 0 else f"{minutes}m"


def _minutes(span: str) -> int:
    return int(span[:-1]) * {"d": 1440, "h": 60, "m": 1}[span[-1]]


def _name(kind: str, of: ReminderOf) -> str:
    return f"reminders:{of}:{kind}"


def _spans(kept: str | None) -> tuple[str, ...]:
    return USUAL if kept is None else tuple(json.loads(kept))
