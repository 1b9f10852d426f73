"""Which updates are this process's to handle: all of them, or those whose chats it took before others did."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from storage import Database, inbox, lanes, replies
from storage.inbox import Item
from storage.replies import Owed


@dataclass(frozen=True)
class Taken:
    """What is to be done now, in order in each lane: replies that were left unsent come before updates."""

    unsent: Sequence[Owed] = ()
    items: Sequence[Item] = ()
    # Whether there may be more than this.
    more: bool = False


class Taking(Protocol):
    @property
    def patience(self) -> float | None:
        """The seconds after which to look without being told that updates have arrived; None: never."""
        ...

    @property
    def most_in_hand(self) -> int:
        """Above so many updates in hand the rest is left where it is."""
        ...

    async def take(self, most: int) -> Taken:
        """Take what has arrived. Raises Unavailable, and has taken nothing then."""
        ...

    def handled(self, item: Item) -> None:
        """The update is not in hand any more: what became of it is written."""
        ...

    def left(self, lane: int) -> None:
        """Nothing is to be done in the lane for now."""
        ...


class All:
    """Takes everything there is, as nobody else does."""

    patience = None
    most_in_hand = 5000

    def __init__(self, database: Database) -> None:
        self._database = database
        # There is one writer, so whatever comes later has a higher number.
        self._last = 0
        self._begun = False

    async def take(self, most: int) -> Taken:
        async with self._database.read() as tx:
            unsent = [] if self._begun else await replies.list_all(tx)
            items = await inbox.list_new(tx, after=self._last, limit=most)
        self._begun = True
        if items:
            self._last = items[-1].id
        return Taken(unsent, items, more=len(items) == most)

    def handled(self, item: Item) -> None:
        """Its number is passed already."""

    def left(self, lane: int) -> None:
        """Nobody else wants it."""


class Share:
    """Takes lanes that nobody has, and keeps each until nothing is to be done in it.

    So a lane is in one process's hands at a time, and others go on with it where this one dies.
    """

    # A lane may fall free without anything arriving.
    patience = 1.0
    # What would wait here may be done elsewhere at once.
    most_in_hand = 200

    def __init__(self, database: Database, process_id: int) -> None:
        self._database = database
        self._process_id = process_id
        self._in_hand: set[int] = set()
        self._left: set[int] = set()

    async def take(self, most: int) -> Taken:
        released = frozenset(self._left)
        async with self._database.write() as tx:
            if released:
                await lanes.release(tx, self._process_id, released)
            claimed = await lanes.claim(tx, self._process_id, most=most)
            unsent = await lanes.list_unsent(tx, claimed) if claimed else []
            items = await lanes.list_new(tx, self._process_id, in_hand=self._in_hand, most=most)
        self._left -= released
        # A lane of which there is neither any more was emptied by whoever had it before.
        self._left |= set(claimed) - {owed.lane for owed in unsent}
        # These were left meanwhile, or kept: there is more to do in them after all.
        self._left -= {item.lane for item in items}
        self._in_hand |= {item.id for item in items}
        return Taken(unsent, items, more=len(items) == most)

    def handled(self, item: Item) -> None:
        self._in_hand.discard(item.id)

    def left(self, lane: int) -> None:
        self._left.add(lane)
