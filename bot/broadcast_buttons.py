"""What readers can press under a broadcast, and how an organiser arranges it."""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from storage import Transaction, broadcasts
from storage.broadcasts import Broadcast

MOST = 6
LABEL_LIMIT = 40
# Sign up for an event at once, see its card, open an address, read an answer, ask a person.
KINDS = ("join", "event", "link", "topic", "ask")


@dataclass(frozen=True)
class ReaderButton:
    """One button, in all languages alike but for its label."""

    kind: str
    # The event's id, the address, or the topic's id; empty where it needs none.
    target: str = ""
    # What organisers wrote on it, by locale.
    labels: Mapping[str, str] = field(default_factory=dict)
    # How the event or the question was called when it was chosen, by locale.
    titles: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """A few letters that tell it from the broadcast's others, whatever their order."""
        return format(zlib.crc32(f"{self.kind}:{self.target}".encode()), "x")


@dataclass(frozen=True)
class Arranged:
    """The broadcast as it is now."""

    broadcast: Broadcast


@dataclass(frozen=True)
class TooMany:
    """There are as many buttons as a message should have."""

    broadcast: Broadcast


@dataclass(frozen=True)
class NoDraft:
    """It was sent or deleted meanwhile, so nothing about it can be changed."""


Arrangement = Arranged | TooMany | NoDraft


def buttons_of(broadcast: Broadcast) -> list[ReaderButton]:
    return [
        ReaderButton(one["kind"], one["target"], one["labels"], one["titles"]) for one in broadcast.buttons
    ]


def find(broadcast: Broadcast, key: str) -> ReaderButton | None:
    return next((one for one in buttons_of(broadcast) if one.key == key), None)


async def add(tx: Transaction, broadcast_id: int, added: ReaderButton) -> Arrangement:
    """Put one more below the others. The same once more changes nothing."""
    found = await _lock_draft(tx, broadcast_id)
    if found is None:
        return NoDraft()
    present = buttons_of(found)
    if any(one.key == added.key for one in present):
        return Arranged(found)
    if len(present) >= MOST:
        return TooMany(found)
    return await _keep(tx, found, [*present, added])


async def label(tx: Transaction, broadcast_id: int, key: str, locale: str, words: str | None) -> Arrangement:
    """Write on it in a language; None: what it says by itself. A link always keeps one label."""
    found = await _lock_draft(tx, broadcast_id)
    if found is None:
        return NoDraft()
    present = buttons_of(found)
    for position, one in enumerate(present):
        if one.key == key:
            labels = {**one.labels, locale: words} if words else _without(one.labels, locale)
            if labels or one.kind != "link":
                present[position] = replace(one, labels=labels)
    return await _keep(tx, found, present)


async def drop(tx: Transaction, broadcast_id: int, key: str) -> Arrangement:
    """Take one away. Twice is harmless."""
    found = await _lock_draft(tx, broadcast_id)
    if found is None:
        return NoDraft()
    return await _keep(tx, found, [one for one in buttons_of(found) if one.key != key])


async def put_first(tx: Transaction, broadcast_id: int, key: str) -> Arrangement:
    """Move one above the others. Twice is harmless."""
    found = await _lock_draft(tx, broadcast_id)
    if found is None:
        return NoDraft()
    return await _keep(tx, found, sorted(buttons_of(found), key=lambda one: one.key != key))


def _without(labels: Mapping[str, str], locale: str) -> dict[str, str]:
    return {one: words for one, words in labels.items() if one != locale}


async def _lock_draft(tx: Transaction, broadcast_id: int) -> Broadcast | None:
    found = await broadcasts.lock(tx, broadcast_id)
    return found if found is not None and found.state == "draft" else None


async def _keep(tx: Transaction, broadcast: Broadcast, arranged: Sequence[ReaderButton]) -> Arranged:
    kept: list[dict[str, Any]] = [
        {
            "kind": one.kind,
            "target": one.target,
            "labels": dict(one.labels),
            "titles": dict(one.titles),
        }
        for one in arranged
    ]
    await broadcasts.change(tx, broadcast.id, buttons=kept)
    return Arranged(replace(broadcast, buttons=kept))
