"""How fast a broadcast goes, and whether something is wrong with it, from what was counted lately."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

# What was counted at an instant: seconds since 1970, messages settled, and those of them that ended badly.
Sample = Sequence[int]

WINDOW: Final = timedelta(seconds=60)
# A few failures are chance: people leave in the middle, a connection breaks. So few never stop a broadcast.
FEWEST_BAD: Final = 20
# Beyond that, one in four within a minute is no chance. Whoever has blocked the bot is not counted: of an old
# list many have, and nothing is wrong with the message. At Telegram's rate, when every message fails, this
# lets about a second pass, and where a language's picture is broken some seconds.
BAD_SHARE: Final = 0.25


def beat(pulse: Sequence[Sample], *, settled: int, bad: int, now: datetime) -> list[list[int]]:
    """The samples with one more, and without those that are older than the window.

    After a rest the newest of those before it stays: what is counted now is counted from there.
    """
    second = int(now.timestamp())
    oldest = second - int(WINDOW.total_seconds())
    kept = [list(sample) for sample in pulse if oldest <= sample[0] < second]
    before = [list(sample) for sample in pulse if sample[0] < second][-1:]
    return [*(kept or before), [second, settled, bad]]


def is_due(pulse: Sequence[Sample], *, now: datetime) -> bool:
    return not pulse or pulse[-1][0] < int(now.timestamp())


def is_resting(pulse: Sequence[Sample], *, settled: int, bad: int) -> bool:
    """Whether nothing has been settled for a while, as at night: another sample would say the same."""
    return len(pulse) >= 2 and all(list(sample[1:]) == [settled, bad] for sample in pulse[-2:])


def rate(pulse: Sequence[Sample]) -> float | None:
    """Messages a second over the window; None while that can't be told."""
    if len(pulse) < 2:
        return None
    first, last = pulse[0], pulse[-1]
    seconds, messages = last[0] - first[0], last[1] - first[1]
    return messages / seconds if seconds > 0 and messages > 0 else None


def time_left(pulse: Sequence[Sample], *, messages: int) -> timedelta | None:
    """How long so many more take at this rate; None while that can't be told."""
    speed = rate(pulse)
    return timedelta(seconds=round(messages / speed)) if speed and messages > 0 else None


def is_moving(pulse: Sequence[Sample]) -> bool:
    """Whether something was settled lately."""
    return len(pulse) >= 2 and pulse[-1][1] > pulse[-2][1]


def is_failing(pulse: Sequence[Sample]) -> bool:
    """Whether failures have risen suddenly: many within the window, and much of what was settled in it."""
    if len(pulse) < 2:
        return False
    settled, bad = pulse[-1][1] - pulse[0][1], pulse[-1][2] - pulse[0][2]
    return bad >= FEWEST_BAD and bad >= BAD_SHARE * settled
