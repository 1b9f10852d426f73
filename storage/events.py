"""Events and their texts in every language."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, bindparam, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from storage.database import Transaction
from storage.tables import event_texts, events, group_members, invitations, programmes, rsvps


@dataclass(frozen=True)
class EventText:
    title: str
    description: str = ""
    place: str = ""
    bring: str = ""


@dataclass(frozen=True, kw_only=True)
class Options:
    """How people sign up for an event, and what comes with it; everything has a value that does for most."""

    opens_at: datetime | None = None
    ways: str = "here"
    online_capacity: int | None = None
    audience: str = "everyone"
    group_id: int | None = None
    approval: bool = False
    apply_again: bool = False
    offer_minutes: int | None = None
    smaller_first: bool = False
    companion_names: bool = False
    series_id: int | None = None
    traveller_details: bool = False
    guardian_consent: bool = False
    purge_days: int = 14
    unfilled_hours: tuple[int, ...] = (72, 24)
    hold_shifts: bool = False
    # None: as the association has it for this kind of event.
    shift_reminders: tuple[str, ...] | None = None
    feedback: bool = True


@dataclass(frozen=True, kw_only=True)
class Event(Options):
    id: int
    kind: str
    state: str
    base_locale: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    deadline_at: datetime | None
    capacity: int | None
    companions: int
    latitude: float | None
    longitude: float | None
    online_url: str | None
    reminders: tuple[str, ...]
    sample: bool
    revision: int
    texts: Mapping[str, EventText]
    invite_token: str | None = None
    merged_into: int | None = None
    # While nobody knows whether it takes place: since when, and why.
    held_at: datetime | None = None
    held_because: str | None = None


_columns = (
    events.c.id,
    events.c.kind,
    events.c.state,
    events.c.base_locale,
    events.c.starts_at,
    events.c.ends_at,
    events.c.zone,
    events.c.deadline_at,
    events.c.capacity,
    events.c.companions,
    events.c.latitude,
    events.c.longitude,
    events.c.online_url,
    events.c.reminders,
    events.c.sample,
    events.c.revision,
    events.c.opens_at,
    events.c.ways,
    events.c.online_capacity,
    events.c.audience,
    events.c.group_id,
    events.c.invite_token,
    events.c.approval,
    events.c.apply_again,
    events.c.offer_minutes,
    events.c.smaller_first,
    events.c.companion_names,
    events.c.series_id,
    events.c.traveller_details,
    events.c.guardian_consent,
    events.c.purge_days,
    events.c.unfilled_hours,
    events.c.hold_shifts,
    events.c.shift_reminders,
    events.c.feedback,
    events.c.merged_into,
    events.c.held_at,
    events.c.held_because,
)


_FIND = select(*_columns).where(events.c.id == bindparam("event_id"))
# Others may still write rows that refer to the event: a notice about it waits for nobody.
_LOCK = _FIND.with_for_update(key_share=True)
_TEXTS = select(event_texts).where(event_texts.c.event_id.in_(bindparam("event_ids", expanding=True)))


async def _with_texts(tx: Transaction, rows: Sequence[Row[Any]]) -> list[Event]:
    texts: dict[int, dict[str, EventText]] = {row.id: {} for row in rows}
    if texts:
        for row in await tx.rows(_TEXTS, event_ids=texts):
            texts[row.event_id][row.locale] = EventText(row.title, row.description, row.place, row.bring)
    return [_event(row, texts[row.id]) for row in rows]


def _event(row: Row[Any], texts: Mapping[str, EventText]) -> Event:
    lists = {
        "reminders": tuple(row.reminders),
        "unfilled_hours": tuple(row.unfilled_hours),
        "shift_reminders": None if row.shift_reminders is None else tuple(row.shift_reminders),
    }
    return Event(**{**row._mapping, **lists}, texts=texts)


async def find(tx: Transaction, event_id: int) -> Event | None:
    found = await _with_texts(tx, await tx.rows(_FIND, event_id=event_id))
    return found[0] if found else None


async def find_many(tx: Transaction, event_ids: Collection[int]) -> list[Event]:
    """Those of the events that exist, soonest first."""
    query = select(*_columns).where(events.c.id.in_(event_ids)).order_by(events.c.starts_at, events.c.id)
    return await _with_texts(tx, await tx.rows(query))


async def lock(tx: Transaction, event_id: int) -> Event | None:
    """Find the event and let nobody else decide about its places until this transaction ends."""
    found = await _with_texts(tx, await tx.rows(_LOCK, event_id=event_id))
    return found[0] if found else None


def for_person(person_id: int | None) -> ColumnElement[bool]:
    """Whether the person may know of the event; with None, whether everybody may.

    An event for a group is for those in it, one by invitation for those who opened its link. Whoever has
    asked for a place or was given one knows of it anyway.
    """
    everyone = events.c.audience == "everyone"
    if person_id is None:
        return everyone
    mine = select(group_members.c.group_id).where(group_members.c.person_id == person_id)
    invited = select(invitations.c.event_id).where(invitations.c.person_id == person_id)
    held = select(rsvps.c.event_id).where(rsvps.c.person_id == person_id, rsvps.c.state != "left")
    return or_(
        everyone,
        and_(events.c.audience == "group", events.c.group_id.in_(mine)),
        and_(events.c.audience == "invited", events.c.id.in_(invited)),
        events.c.id.in_(held),
    )


def _upcoming(now: datetime, person_id: int | None, kind: str | None = None) -> ColumnElement[bool]:
    upcoming = and_(events.c.state == "published", events.c.ends_at > now, for_person(person_id))
    return upcoming if kind is None else and_(upcoming, events.c.kind == kind)


async def count_upcoming(
    tx: Transaction, *, now: datetime, person_id: int | None = None, kind: str | None = None
) -> int:
    query = select(func.count()).select_from(events).where(_upcoming(now, person_id, kind))
    count: int = await tx.value(query)
    return count


async def list_upcoming(
    tx: Transaction,
    *,
    now: datetime,
    person_id: int | None = None,
    kind: str | None = None,
    limit: int,
    offset: int = 0,
) -> list[Event]:
    """Published events that are not over yet and that the person may know of, soonest first."""
    query = (
        select(*_columns)
        .where(_upcoming(now, person_id, kind))
        .order_by(events.c.starts_at, events.c.id)
        .limit(limit)
        .offset(offset)
    )
    return await _with_texts(tx, await tx.rows(query))


async def list_known(
    tx: Transaction, *, ended_after: datetime, person_id: int | None, limit: int
) -> list[Event]:
    """Events that the person may know of and that end after then, soonest first, cancelled ones too."""
    query = (
        select(*_columns)
        .where(events.c.state != "draft", events.c.ends_at > ended_after, for_person(person_id))
        .order_by(events.c.starts_at, events.c.id)
        .limit(limit)
    )
    return await _with_texts(tx, await tx.rows(query))


async def list_coming(
    tx: Transaction, *, now: datetime, person_id: int, kinds: Collection[str], limit: int
) -> list[Event]:
    """Published events that have not begun and that the person may know of, soonest first.

    Of all kinds where none is named.
    """
    query = select(*_columns).where(_upcoming(now, person_id), events.c.starts_at > now)
    if kinds:
        query = query.where(events.c.kind.in_(kinds))
    query = query.order_by(events.c.starts_at, events.c.id).limit(limit)
    return await _with_texts(tx, await tx.rows(query))


async def is_anything_coming(tx: Transaction, *, now: datetime, kinds: Collection[str]) -> bool:
    """Whether some published event has not begun, for whomever it is."""
    query = select(events.c.id).where(events.c.state == "published", events.c.starts_at > now)
    if kinds:
        query = query.where(events.c.kind.in_(kinds))
    return await tx.row(query.limit(1)) is not None


async def find_edition(tx: Transaction, *, now: datetime) -> tuple[int, ...]:
    """Numbers that differ whenever an upcoming event for everyone was added, changed or is over."""
    query = select(func.count(), func.sum(events.c.id), func.sum(events.c.revision)).where(
        _upcoming(now, None)
    )
    row = await tx.row(query)
    return tuple(int(number or 0) for number in row or ())


async def list_kinds_upcoming(tx: Transaction, *, now: datetime, person_id: int | None = None) -> list[str]:
    query = select(events.c.kind).where(_upcoming(now, person_id)).distinct().order_by(events.c.kind)
    return [row.kind for row in await tx.rows(query)]


async def list_all(tx: Transaction, *, ending_after: datetime, limit: int, offset: int = 0) -> list[Event]:
    """Events in every state that end after the instant, soonest first: the organisers' list."""
    query = (
        select(*_columns)
        .where(events.c.ends_at > ending_after)
        .order_by(events.c.starts_at, events.c.id)
        .limit(limit)
        .offset(offset)
    )
    return await _with_texts(tx, await tx.rows(query))


async def list_past(tx: Transaction, *, now: datetime, limit: int, offset: int = 0) -> list[Event]:
    """Published events that are over, the latest first."""
    query = (
        select(*_columns)
        .where(events.c.ends_at <= now, events.c.state == "published")
        .order_by(events.c.ends_at.desc(), events.c.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return await _with_texts(tx, await tx.rows(query))


async def count_all(tx: Transaction, *, ending_after: datetime) -> int:
    query = select(func.count()).select_from(events).where(events.c.ends_at > ending_after)
    count: int = await tx.value(query)
    return count


async def add(tx: Transaction, *, now: datetime, **values: object) -> int:
    """Write a new event and say its id; its texts follow by `put_text`."""
    event_id: int = await tx.value(insert(events).values(changed_at=now, **values).returning(events.c.id))
    return event_id


async def change(tx: Transaction, event_id: int, *, now: datetime, **values: object) -> None:
    """Change some columns and raise the revision, which calendars go by."""
    await tx.run(
        update(events)
        .where(events.c.id == event_id)
        .values(changed_at=now, revision=events.c.revision + 1, **values)
    )


async def renew_invitation(tx: Transaction, event_id: int, token: str) -> None:
    """Make the event's invitation link another one; the old one lets nobody in any more."""
    await tx.run(update(events).where(events.c.id == event_id).values(invite_token=token))


async def find_id_by_invitation(tx: Transaction, token: str) -> int | None:
    found: int | None = await tx.value(select(events.c.id).where(events.c.invite_token == token))
    return found


async def put_text(tx: Transaction, event_id: int, locale: str, text: EventText) -> None:
    values = {
        "title": text.title,
        "description": text.description,
        "place": text.place,
        "bring": text.bring,
    }
    await tx.run(
        insert(event_texts)
        .values(event_id=event_id, locale=locale, **values)
        .on_conflict_do_update(index_elements=[event_texts.c.event_id, event_texts.c.locale], set_=values)
    )


async def drop_text(tx: Transaction, event_id: int, locale: str) -> None:
    await tx.run(
        delete(event_texts).where(event_texts.c.event_id == event_id, event_texts.c.locale == locale)
    )


async def find_id_by_code(tx: Transaction, code: str) -> int | None:
    found: int | None = await tx.value(select(events.c.id).where(events.c.code == code))
    return found


async def find_programme_id(tx: Transaction, code: str) -> int | None:
    found: int | None = await tx.value(select(programmes.c.id).where(programmes.c.code == code))
    return found
