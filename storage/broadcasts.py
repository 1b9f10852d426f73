"""Messages to many people at once: what they say, who gets them, and how far each has come."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    String,
    and_,
    case,
    cast,
    delete,
    func,
    literal,
    not_,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from storage.database import Transaction
from storage.instants import Instant
from storage.notices import NEWS
from storage.tables import (
    broadcast_variants,
    broadcasts,
    interests,
    mutes,
    notices,
    people,
    rsvps,
    volunteers,
)


@dataclass(frozen=True)
class Variant:
    """The message in one language, as it was written: its formatting is Telegram's own entities."""

    text: str
    entities: Sequence[Mapping[str, Any]] = ()
    # Telegram's id of the picture; the text is its caption then.
    photo: str | None = None


@dataclass(frozen=True)
class Audience:
    """Who gets it: whoever is in any of the groups, or everyone where none is chosen; once each.

    `locales` leaves only those who read one of them; empty, it leaves everyone.
    """

    volunteers: bool = False
    # Kinds of event somebody said to be interested in.
    kinds: tuple[str, ...] = ()
    # An event's id with who of it: "going", "waiting" or "both".
    events: tuple[tuple[int, str], ...] = ()
    locales: tuple[str, ...] = ()

    @property
    def is_everyone(self) -> bool:
        return not (self.volunteers or self.kinds or self.events)


@dataclass(frozen=True)
class Counted:
    """How many get it, and how many are passed over."""

    people: int
    unreachable: int
    muted: int


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
    variants: Mapping[str, Variant]


@dataclass(frozen=True)
class Outcome:
    """How many notices for readers of a language have come how far."""

    locale: str
    state: str
    people: int


_columns = [column for column in broadcasts.c if column.name != "audience"]


def _from_json(kept: Mapping[str, Any]) -> Audience:
    return Audience(
        bool(kept.get("volunteers")),
        tuple(kept.get("kinds", ())),
        tuple((int(event), str(who)) for event, who in kept.get("events", ())),
        tuple(kept.get("locales", ())),
    )


def _to_json(audience: Audience, planned: Counted | None = None) -> dict[str, Any]:
    counted = (planned.people, planned.unreachable, planned.muted) if planned else None
    return {
        "volunteers": audience.volunteers,
        "kinds": list(audience.kinds),
        "events": [list(one) for one in audience.events],
        "locales": list(audience.locales),
        "planned": counted,
    }


async def _list(tx: Transaction, query: Any) -> list[Broadcast]:
    rows = await tx.rows(query)
    variants: dict[int, dict[str, Variant]] = {row.id: {} for row in rows}
    if variants:
        texts = select(broadcast_variants).where(broadcast_variants.c.broadcast_id.in_(variants))
        for row in await tx.rows(texts):
            variants[row.broadcast_id][row.locale] = Variant(row.text, tuple(row.entities), row.photo)
    found = []
    for row in rows:
        values = dict(row._mapping)
        kept = values.pop("audience")
        planned = Counted(*kept["planned"]) if kept.get("planned") else None
        found.append(
            Broadcast(**values, audience=_from_json(kept), planned=planned, variants=variants[row.id])
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
            audience=_to_json(Audience()),
            created_at=now,
        )
        .returning(broadcasts.c.id)
    )
    return broadcast_id


async def put_variant(tx: Transaction, broadcast_id: int, locale: str, variant: Variant) -> None:
    values = {
        "text": variant.text,
        "entities": [dict(entity) for entity in variant.entities],
        "photo": variant.photo,
    }
    key = [broadcast_variants.c.broadcast_id, broadcast_variants.c.locale]
    await tx.run(
        insert(broadcast_variants)
        .values(broadcast_id=broadcast_id, locale=locale, **values)
        .on_conflict_do_update(index_elements=key, set_=values)
    )


async def drop_variant(tx: Transaction, broadcast_id: int, locale: str) -> None:
    await tx.run(
        delete(broadcast_variants).where(
            broadcast_variants.c.broadcast_id == broadcast_id, broadcast_variants.c.locale == locale
        )
    )


async def set_audience(
    tx: Transaction, broadcast_id: int, audience: Audience, planned: Counted | None = None
) -> None:
    await change(tx, broadcast_id, audience=_to_json(audience, planned))


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


async def leave_message(tx: Transaction, chat_id: int, message_id: int) -> None:
    """The message shows something else now: no broadcast's progress may overwrite it."""
    await tx.run(
        update(broadcasts)
        .where(broadcasts.c.progress_chat_id == chat_id, broadcasts.c.progress_message_id == message_id)
        .values(progress_chat_id=None, progress_message_id=None)
    )


def _has_muted(person_id: ColumnElement[int]) -> ColumnElement[bool]:
    muted = select(mutes.c.person_id).where(mutes.c.person_id == person_id, mutes.c.subject == "broadcasts")
    return muted.correlate_except(mutes).exists()


def _chosen(audience: Audience) -> ColumnElement[bool]:
    """Whether a person is in the audience, asked once of each: so nobody is in it twice."""
    groups: list[ColumnElement[bool]] = []
    if audience.volunteers:
        groups.append(people.c.id.in_(select(volunteers.c.person_id)))
    if audience.kinds:
        interested = select(interests.c.person_id).where(interests.c.kind.in_(audience.kinds))
        groups.append(people.c.id.in_(interested))
    for event_id, who in audience.events:
        states = ("going", "waiting") if who == "both" else (who,)
        concerned = select(rsvps.c.person_id).where(rsvps.c.event_id == event_id, rsvps.c.state.in_(states))
        groups.append(people.c.id.in_(concerned))
    chosen = or_(*groups) if groups else true()
    return and_(chosen, people.c.locale.in_(audience.locales)) if audience.locales else chosen


async def count_audience(tx: Transaction, audience: Audience) -> Counted:
    lost = people.c.unreachable_since.is_not(None)
    row = await tx.row(
        select(
            func.count().label("everybody"),
            func.coalesce(func.sum(case((lost, 1), else_=0)), 0).label("unreachable"),
            func.coalesce(func.sum(case((and_(not_(lost), _has_muted(people.c.id)), 1), else_=0)), 0).label(
                "muted"
            ),
        )
        .select_from(people)
        .where(_chosen(audience))
    )
    if row is None:
        raise LookupError("a count without a row")
    return Counted(row.everybody - row.unreachable - row.muted, int(row.unreachable), int(row.muted))


async def spread(
    tx: Transaction, broadcast: Broadcast, *, limit: int, now: datetime, useful_until: datetime | None
) -> int:
    """Owe the broadcast to the next people of its audience, in the order of their ids; say to how many.

    Those who joined after it began don't get it. The last one is marked by `spread_done`.
    """
    takes = and_(
        people.c.id > broadcast.spread_to,
        people.c.joined_at <= literal(broadcast.started_at, Instant),
        people.c.unreachable_since.is_(None),
        not_(_has_muted(people.c.id)),
        _chosen(broadcast.audience),
    )
    chunk = select(people.c.id).where(takes).order_by(people.c.id).limit(limit).subquery()
    found = await tx.row(select(func.max(chunk.c.id).label("last"), func.count().label("people")))
    if found is None or not found.people:
        await change(tx, broadcast.id, spread_done=True)
        return 0
    rows = select(
        literal("broadcast"),
        people.c.id,
        literal({}, JSON),
        literal(f"broadcast:{broadcast.id}:") + cast(people.c.id, String),
        literal(NEWS),
        literal(now, Instant),
        literal(useful_until, Instant),
        literal(broadcast.id, notices.c.broadcast_id.type),
    ).where(takes, people.c.id <= found.last)
    names = ["kind", "person_id", "params", "occasion", "rank", "due_at", "useful_until", "broadcast_id"]
    await tx.run(insert(notices).from_select(names, rows).on_conflict_do_nothing())
    count: int = found.people
    await change(tx, broadcast.id, spread_to=found.last, spread_done=count < limit)
    return count


async def count_due(tx: Transaction, broadcast_id: int, *, now: datetime) -> int:
    """How many notices of the broadcast could leave now."""
    count: int = await tx.value(
        select(func.count())
        .select_from(notices)
        .where(notices.c.broadcast_id == broadcast_id, notices.c.state == "owed", notices.c.due_at <= now)
    )
    return count


async def is_anything_unsettled(tx: Transaction, broadcast_id: int) -> bool:
    query = select(notices.c.id).where(
        notices.c.broadcast_id == broadcast_id, notices.c.state.in_(("owed", "claimed"))
    )
    return await tx.row(query.limit(1)) is not None


async def cancel_owed(tx: Transaction, broadcast_id: int, *, limit: int, now: datetime) -> int:
    """Settle as cancelled some of what the broadcast still owes; say how many."""
    owed = (
        select(notices.c.id)
        .where(notices.c.broadcast_id == broadcast_id, notices.c.state == "owed")
        .limit(limit)
    )
    return await tx.run(
        update(notices)
        .where(notices.c.id.in_(owed.scalar_subquery()), notices.c.state == "owed")
        .values(state="cancelled", settled_at=now)
    )


async def count_outcomes(tx: Transaction, broadcast_id: int) -> list[Outcome]:
    """By language and state; who has since been forgotten is not counted."""
    query = (
        select(people.c.locale, notices.c.state, func.count().label("people"))
        .select_from(notices)
        .join(people, people.c.id == notices.c.person_id)
        .where(notices.c.broadcast_id == broadcast_id)
        .group_by(people.c.locale, notices.c.state)
        .order_by(notices.c.state, people.c.locale)
    )
    return [Outcome(row.locale, row.state, row.people) for row in await tx.rows(query)]


async def count_by_state(tx: Transaction, broadcast_id: int) -> dict[str, int]:
    query = (
        select(notices.c.state, func.count().label("people"))
        .where(notices.c.broadcast_id == broadcast_id)
        .group_by(notices.c.state)
    )
    return {row.state: row.people for row in await tx.rows(query)}


async def find_wanted(tx: Transaction, broadcast_id: int, person_id: int, locale: str) -> Variant | None:
    """What the person is to read: their language's text, or else the base language's.

    None when the broadcast was stopped, or when they have turned such messages off since.
    """
    query = (
        select(broadcast_variants.c.text, broadcast_variants.c.entities, broadcast_variants.c.photo)
        .join(broadcasts, broadcasts.c.id == broadcast_variants.c.broadcast_id)
        .where(
            broadcasts.c.id == broadcast_id,
            broadcasts.c.state != "cancelled",
            broadcast_variants.c.locale.in_((locale, broadcasts.c.base_locale)),
            not_(_has_muted(literal(person_id, people.c.id.type))),
        )
        .order_by(case((broadcast_variants.c.locale == locale, 0), else_=1))
        .limit(1)
    )
    row = await tx.row(query)
    return row and Variant(row.text, tuple(row.entities), row.photo)
