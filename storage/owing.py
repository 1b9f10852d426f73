"""Writing down what the bot owes people, in the transaction that decides it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ColumnElement, Select, String, cast, literal, not_, or_, select
from sqlalchemy.dialects.postgresql import insert

from storage.database import Transaction
from storage.instants import Instant
from storage.rsvps import HELD
from storage.tables import checkins, mutes, notices, rsvps, shift_signups

# What goes first when several things are owed: an answer, then what is bound to an hour, then news.
ANSWER, TIMELY, NEWS = 0, 1, 2


async def owe_person(
    tx: Transaction,
    person_id: int,
    kind: str,
    *,
    occasion: str,
    due_at: datetime,
    rank: int = ANSWER,
    params: Mapping[str, Any] | None = None,
    useful_until: datetime | None = None,
    event_id: int | None = None,
    shift_id: int | None = None,
) -> None:
    """Owe a person a notice. A second one for the same occasion is not written."""
    await tx.run(
        insert(notices)
        .values(
            kind=kind,
            person_id=person_id,
            params=dict(params or {}),
            occasion=occasion,
            rank=rank,
            due_at=due_at,
            useful_until=useful_until,
            event_id=event_id,
            shift_id=shift_id,
        )
        .on_conflict_do_nothing()
    )


async def owe_chat(
    tx: Transaction,
    chat_id: int,
    kind: str,
    *,
    occasion: str,
    due_at: datetime,
    params: Mapping[str, Any] | None = None,
) -> None:
    """Owe a notice to a chat that is no person's: the desk."""
    await tx.run(
        insert(notices)
        .values(
            kind=kind,
            chat_id=chat_id,
            params=dict(params or {}),
            occasion=occasion,
            rank=ANSWER,
            due_at=due_at,
        )
        .on_conflict_do_nothing()
    )


async def owe_each(
    tx: Transaction,
    person_ids: Select[tuple[int]],
    kind: str,
    *,
    occasion: str,
    params: Mapping[str, Any],
    due_at: datetime,
    useful_until: datetime | None,
    event_id: int | None,
    shift_id: int | None,
    rank: int = TIMELY,
) -> int:
    """Owe a notice to each of the chosen people; say to how many. Who was owed it before is passed over."""
    chosen = person_ids.subquery()
    rows = select(
        literal(kind),
        chosen.c.person_id,
        literal(dict(params), JSON),
        literal(occasion + ":") + cast(chosen.c.person_id, String),
        literal(rank),
        literal(due_at, Instant),
        literal(useful_until, Instant),
        literal(event_id, notices.c.event_id.type),
        literal(shift_id, notices.c.shift_id.type),
        # SQLite can only tell ON CONFLICT from a join's ON where the SELECT has a WHERE.
    ).where(chosen.c.person_id.is_not(None))
    names = [
        "kind",
        "person_id",
        "params",
        "occasion",
        "rank",
        "due_at",
        "useful_until",
        "event_id",
        "shift_id",
    ]
    return await tx.run(insert(notices).from_select(names, rows).on_conflict_do_nothing())


def _unmuted(person_id: ColumnElement[int], subject: str) -> ColumnElement[bool]:
    return not_(
        select(mutes.c.person_id)
        .where(mutes.c.person_id == person_id, mutes.c.subject == subject)
        .correlate_except(mutes)
        .exists()
    )


async def owe_seated(
    tx: Transaction,
    event_id: int,
    kind: str,
    *,
    occasion: str,
    seated_by: datetime,
    due_at: datetime,
    useful_until: datetime,
    params: Mapping[str, Any],
) -> int:
    """Owe a reminder to everyone seated since before the instant who wants reminders of events."""
    who = select(rsvps.c.person_id).where(
        rsvps.c.event_id == event_id,
        rsvps.c.state == "going",
        rsvps.c.seated_at <= seated_by,
        _unmuted(rsvps.c.person_id, "events"),
    )
    return await owe_each(
        tx,
        who,
        kind,
        occasion=occasion,
        params=params,
        due_at=due_at,
        useful_until=useful_until,
        event_id=event_id,
        shift_id=None,
    )


async def owe_who_came(
    tx: Transaction,
    event_id: int,
    kind: str,
    *,
    occasion: str,
    due_at: datetime,
    useful_until: datetime,
    params: Mapping[str, Any],
) -> int:
    """Owe a notice to everyone who came, or took a seat online, and wants to hear of events.

    Where nobody was checked in, everyone seated is taken to have come.
    """
    came = select(checkins.c.person_id).where(
        checkins.c.event_id == event_id, checkins.c.person_id == rsvps.c.person_id
    )
    anybody = select(checkins.c.id).where(checkins.c.event_id == event_id)
    seated = select(rsvps.c.person_id).where(
        rsvps.c.event_id == event_id,
        rsvps.c.state == "going",
        or_(rsvps.c.way == "online", came.correlate(rsvps).exists(), not_(anybody.exists())),
    )
    walked_in = select(checkins.c.person_id).where(
        checkins.c.event_id == event_id, checkins.c.person_id.is_not(None)
    )
    everyone = seated.union(walked_in).subquery()
    return await owe_each(
        tx,
        select(everyone.c.person_id).where(_unmuted(everyone.c.person_id, "events")),
        kind,
        occasion=occasion,
        params=params,
        due_at=due_at,
        useful_until=useful_until,
        event_id=event_id,
        shift_id=None,
    )


async def owe_on_shift(
    tx: Transaction,
    shift_id: int,
    kind: str,
    *,
    occasion: str,
    taken_by: datetime,
    due_at: datetime,
    useful_until: datetime | None,
    params: Mapping[str, Any],
    heed_mutes: bool = True,
    rank: int = TIMELY,
) -> int:
    """Owe a notice to everyone who took the shift before the instant."""
    who = select(shift_signups.c.person_id).where(
        shift_signups.c.shift_id == shift_id,
        shift_signups.c.state == "taken",
        shift_signups.c.taken_at <= taken_by,
    )
    if heed_mutes:
        who = who.where(_unmuted(shift_signups.c.person_id, "shifts"))
    return await owe_each(
        tx,
        who,
        kind,
        occasion=occasion,
        params=params,
        due_at=due_at,
        useful_until=useful_until,
        event_id=None,
        shift_id=shift_id,
        rank=rank,
    )


async def owe_concerned(
    tx: Transaction,
    event_id: int,
    kind: str,
    *,
    occasion: str,
    due_at: datetime,
    useful_until: datetime | None,
    params: Mapping[str, Any],
    rank: int = TIMELY,
) -> int:
    """Owe a notice to everyone seated, waiting or waiting for an answer; nobody can mute a change of plans.

    Who is still owed an earlier one of the kind is not owed another: it says what is true when it is sent.
    """
    await _hold_back(tx, event_id, kind)
    earlier = notices.alias()
    owed_already = (
        select(earlier.c.id)
        .where(
            earlier.c.event_id == event_id,
            earlier.c.kind == kind,
            earlier.c.state == "owed",
            earlier.c.person_id == rsvps.c.person_id,
        )
        .correlate(rsvps)
        .exists()
    )
    who = select(rsvps.c.person_id).where(
        rsvps.c.event_id == event_id, rsvps.c.state.in_(HELD), not_(owed_already)
    )
    return await owe_each(
        tx,
        who,
        kind,
        occasion=occasion,
        params=params,
        due_at=due_at,
        useful_until=useful_until,
        event_id=event_id,
        shift_id=None,
        rank=rank,
    )


async def is_owed(tx: Transaction, event_id: int, kind: str) -> bool:
    """Whether somebody is still to be told something of the kind about the event, after this transaction."""
    return await _hold_back(tx, event_id, kind) > 0


async def _hold_back(tx: Transaction, event_id: int, kind: str) -> int:
    """Let none that are owed be sent before this transaction ends: they would say what was true before it.

    Say how many they are.
    """
    query = select(notices.c.id).where(
        notices.c.event_id == event_id, notices.c.kind == kind, notices.c.state == "owed"
    )
    return len(await tx.rows(query.order_by(notices.c.id).with_for_update(key_share=True)))
