"""Messages to many people at once: what they say, who gets them, and how far each has come."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from storage.audiences import Audience, Counted, from_json, to_json
from storage.database import Transaction
from storage.tables import broadcast_variants, broadcasts


@dataclass(frozen=True)
class Variant:
    """The message in one language, as it was written: its formatting is Telegram's own entities."""

    text: str
    entities: Sequence[Mapping[str, Any]] = ()
    # Pictures, films and files, each as `type` and Telegram's `id`; the text is the first one's caption.
    media: Sequence[Mapping[str, Any]] = ()
    # Instead of a text: a poll (`question`, `options`, …), or a place (`latitude`, `longitude`, …).
    poll: Mapping[str, Any] | None = None
    place: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Broadcast:
    id: int
    author_id: int | None
    state: str
    base_locale: str
    audience: Audience
    # How many it was for when it began.
    planned: Counted | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    spread_to: int
    spread_done: bool
    progress_chat_id: int | None
    progress_message_id: int | None
    progress_shown: str
    # What stands under the message; the same for all languages, but for the labels.
    buttons: Sequence[Mapping[str, Any]]
    # When it is to begin by itself, where it is scheduled.
    send_at: datetime | None
    silent: bool
    # How it reaches those for whom it is night: "now", "silent" or in the "morning".
    night: str
    paid: bool
    submitted_by: int | None
    approved_by: int | None
    # None: somebody paused it; else what the bot found.
    paused_because: str | None
    # How far it had come: an instant, how many had ended, how many of them failed or are in doubt.
    pulse: Sequence[Sequence[int]]
    # When the present round began; None in the first.
    round_at: datetime | None
    variants: Mapping[str, Variant]


_columns = [column for column in broadcasts.c if column.name != "audience"]


def variant_of(row: Row[Any]) -> Variant:
    return Variant(row.text, tuple(row.entities), tuple(row.media), row.poll, row.place)


async def _list(tx: Transaction, query: Select[Any]) -> list[Broadcast]:
    rows = await tx.rows(query)
    variants: dict[int, dict[str, Variant]] = {row.id: {} for row in rows}
    if variants:
        texts = select(broadcast_variants).where(broadcast_variants.c.broadcast_id.in_(variants))
        for row in await tx.rows(texts):
            variants[row.broadcast_id][row.locale] = variant_of(row)
    found = []
    for row in rows:
        values = dict(row._mapping)
        kept = values.pop("audience")
        planned = Counted(*kept["planned"]) if kept.get("planned") else None
        found.append(
            Broadcast(**values, audience=from_json(kept), planned=planned, variants=variants[row.id])
        )
    return found


_all = select(*_columns, broadcasts.c.audience)


async def find(tx: Transaction, broadcast_id: int) -> Broadcast | None:
    found = await _list(tx, _all.where(broadcasts.c.id == broadcast_id))
    return found[0] if found else None


async def lock(tx: Transaction, broadcast_id: int) -> Broadcast | None:
    """Find the broadcast and let nobody else decide about it until this transaction ends."""
    found = await _list(tx, _all.where(broadcasts.c.id == broadcast_id).with_for_update())
    return found[0] if found else None


async def list_latest(tx: Transaction, *, limit: int, offset: int = 0) -> list[Broadcast]:
    """The newest first, drafts included."""
    return await _list(tx, _all.order_by(broadcasts.c.id.desc()).limit(limit).offset(offset))


async def count_all(tx: Transaction) -> int:
    count: int = await tx.value(select(func.count()).select_from(broadcasts))
    return count


async def list_unfinished(tx: Transaction) -> list[Broadcast]:
    """Those on their way, and those stopped or paused of which something is still to be settled."""
    query = _all.where(broadcasts.c.state != "draft", broadcasts.c.finished_at.is_(None))
    return await _list(tx, query.order_by(broadcasts.c.id))


async def list_shown(tx: Transaction) -> list[Broadcast]:
    """Those whose progress somebody watches."""
    return await _list(tx, _all.where(broadcasts.c.progress_message_id.is_not(None)))


async def add(tx: Transaction, *, author_id: int, base_locale: str, now: datetime) -> int:
    """Write a new draft for everyone and say its id; what it says follows by `put_variant`."""
    broadcast_id: int = await tx.value(
        insert(broadcasts)
        .values(
            author_id=author_id,
            state="draft",
            base_locale=base_locale,
            audience=to_json(Audience()),
            created_at=now,
        )
        .returning(broadcasts.c.id)
    )
    return broadcast_id


async def put_variant(tx: Transaction, broadcast_id: int, locale: str, variant: Variant) -> None:
    values = {
        "text": variant.text,
        "entities": [dict(entity) for entity in variant.entities],
        "media": [dict(one) for one in variant.media],
        "poll": variant.poll and dict(variant.poll),
        "place": variant.place and dict(variant.place),
    }
    key = [broadcast_variants.c.broadcast_id, broadcast_variants.c.locale]
    await tx.run(
        insert(broadcast_variants)
        .values(broadcast_id=broadcast_id, locale=locale, **values)
        .on_conflict_do_update(index_elements=key, set_=values)
    )


async def list_polls(tx: Transaction) -> list[tuple[int, str, Mapping[str, Any]]]:
    """Every broadcast's poll with its language."""
    query = select(broadcast_variants.c.broadcast_id, broadcast_variants.c.locale, broadcast_variants.c.poll)
    rows = await tx.rows(query.order_by(broadcast_variants.c.broadcast_id, broadcast_variants.c.locale))
    # Where there is none the column holds JSON's own null.
    return [(row.broadcast_id, row.locale, row.poll) for row in rows if row.poll is not None]


async def drop_variant(tx: Transaction, broadcast_id: int, locale: str) -> None:
    await tx.run(
        delete(broadcast_variants).where(
            broadcast_variants.c.broadcast_id == broadcast_id, broadcast_variants.c.locale == locale
        )
    )


async def set_audience(
    tx: Transaction, broadcast_id: int, audience: Audience, planned: Counted | None = None
) -> None:
    await change(tx, broadcast_id, audience=to_json(audience, planned))


async def change(tx: Transaction, broadcast_id: int, **values: object) -> None:
    await tx.run(update(broadcasts).where(broadcasts.c.id == broadcast_id).values(**values))


async def drop(tx: Transaction, broadcast_id: int) -> None:
    """Forget the broadcast, its texts and whatever it owed."""
    await tx.run(delete(broadcasts).where(broadcasts.c.id == broadcast_id))


async def show_at(tx: Transaction, broadcast_id: int, chat_id: int, message_id: int) -> None:
    """From now on this message tells how far the broadcast has come."""
    await leave_message(tx, chat_id, message_id)
    await change(
        tx, broadcast_id, progress_chat_id=chat_id, progress_message_id=message_id, progress_shown=""
    )


async def note_shown(tx: Transaction, broadcast_id: int, message_id: int | None, shown: str) -> None:
    """Remember what the message says now, unless another one has taken its place."""
    await tx.run(
        update(broadcasts)
        .where(broadcasts.c.id == broadcast_id, broadcasts.c.progress_message_id == message_id)
        .values(progress_shown=shown)
    )


async def leave_message(tx: Transaction, chat_id: int, message_id: int) -> None:
    """The message shows something else now: no broadcast's progress may overwrite it."""
    await tx.run(
        update(broadcasts)
        .where(broadcasts.c.progress_chat_id == chat_id, broadcasts.c.progress_message_id == message_id)
        .values(progress_chat_id=None, progress_message_id=None)
    )
