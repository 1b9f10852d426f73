"""Who asks faster than anybody reads: after some questions a word of kindness, then silence for a while."""

from datetime import datetime, timedelta
from typing import Final, Literal

MOST: Final = 20
WITHIN: Final = timedelta(minutes=1)
# So many people are kept in mind before those whose minute is over are forgotten.
_MANY: Final = 1000

Verdict = Literal["answer", "slow down", "silence"]


class Hurry:
    """Counts each person's questions of a minute, in memory alone: a restart forgives everybody."""

    def __init__(self) -> None:
        self._asked: dict[int, tuple[datetime, int]] = {}

    def judge(self, person_id: int, *, now: datetime) -> Verdict:
        """What becomes of a question that the person asks now; it counts from this moment.

        The first `MOST` within a minute are answered, the next is told to slow down, the others get nothing
        until the minute is over.
        """
        since, count = self._of_this_minute(person_id, now)
        if len(self._asked) >= _MANY:
            self._asked = {one: kept for one, kept in self._asked.items() if now - kept[0] < WITHIN}
        self._asked[person_id] = since, count + 1
        if count < MOST:
            return "answer"
        return "slow down" if count == MOST else "silence"

    def is_over(self, person_id: int, *, now: datetime) -> bool:
        """Whether a question asked now would not be answered. It does not count."""
        return self._of_this_minute(person_id, now)[1] >= MOST

    def _of_this_minute(self, person_id: int, now: datetime) -> tuple[datetime, int]:
        """Since when is counted, and how many there were."""
        since, count = self._asked.get(person_id, (now, 0))
        return (now, 0) if now - since >= WITHIN or now < since else (since, count)
