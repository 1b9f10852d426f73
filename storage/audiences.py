"""Who is in an audience: the segments it is made of, and how many people that is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    case,
    cast,
    func,
    literal,
    not_,
    or_,
    select,
    true,
    union,
    union_all,
)

from storage import json_text
from storage.database import Transaction
from storage.organisers import OWNERS
from storage.tables import (
    checkins,
    events,
    group_members,
    interests,
    invitations,
    mutes,
    notices,
    options,
    people,
    rsvps,
    shift_signups,
    volunteers,
)

# What a segment's people have in common.
WHATS = frozenset({"volunteers", "organisers", "topic", "event", "shift", "group", "broadcast"})
# Which people of an event, and how each stands with it.
STATES = {"going": ("going",), "waiting": ("waiting", "offered"), "applied": ("applied",)}
# Those to whom an organiser has let the event be known, and who have said neither yes nor no.
UNANSWERED = "unanswered"
ATTENDED = "attended"
AT_EVENT = (*STATES, UNANSWERED, ATTENDED)
# A message that ended so has not reached its reader, and no later try of it will.
NOT_REACHED = ("blocked", "failed", "missed", "cancelled")


@dataclass(frozen=True)
class Segment:
    """People who have one thing in common."""

    what: str
    # Of the event, shift, group or broadcast.
    id: int = 0
    # The kind of event that interests them, or which people of an event, as in `AT_EVENT`.
    which: str = ""


@dataclass(frozen=True)
class Audience:
    """Who gets it: those in the segments, or everyone where there are none; once each.

    `without` leaves out whoever is in any of those segments. `locales` leaves only those who read one of
    them; empty, it leaves everyone.
    """

    segments: tuple[Segment, ...] = ()
    # Whether somebody must be in all of the segments, and not just in any.
    every: bool = False
    without: tuple[Segment, ...] = ()
    locales: tuple[str, ...] = ()

    @property
    def is_everyone(self) -> bool:
        return not self.segments

    @property
    def lines(self) -> tuple[tuple[Segment, ...], ...]:
        """Somebody in the audience is in at least one segment of each line.

        Where all is asked for, the topics still are one line, as is each event: going there or waiting.
        """
        if not self.every:
            return (self.segments,) if self.segments else ()
        lines: dict[object, list[Segment]] = {}
        for segment in self.segments:
            one_of_several = segment.what in ("topic", "event")
            lines.setdefault((segment.what, segment.id) if one_of_several else segment, []).append(segment)
        return tuple(tuple(line) for line in lines.values())

    @property
    def events_alone(self) -> tuple[int, ...]:
        """The events whose people it is for, where it is for nobody else; else nothing."""
        for_events = [all(segment.what == "event" for segment in line) for line in self.lines]
        if not for_events or not (any(for_events) if self.every else all(for_events)):
            return ()
        return tuple(dict.fromkeys(segment.id for segment in self.segments if segment.what == "event"))

    def not_reached_by(self, broadcast_id: int) -> "Audience":
        """The same, but for those whom that broadcast has reached or is on its way to."""
        reached = Segment("broadcast", broadcast_id)
        return replace(self, without=(*(one for one in self.without if one != reached), reached))


@dataclass(frozen=True)
class Counted:
    """How many get it, and how many are passed over."""

    people: int
    unreachable: int
    muted: int


def from_json(kept: Mapping[str, Any]) -> Audience:
    return Audience(
        _segments(kept["segments"]) if "segments" in kept else tuple(_earlier(kept)),
        bool(kept.get("every")),
        _segments(kept.get("without", ())),
        tuple(kept.get("locales", ())),
    )


def _segments(kept: Iterable[Sequence[Any]]) -> tuple[Segment, ...]:
    return tuple(Segment(str(what), int(number), str(which)) for what, number, which in kept)


def _earlier(kept: Mapping[str, Any]) -> Iterable[Segment]:
    """What was written before an audience was made of segments."""
    if kept.get("volunteers"):
        yield Segment("volunteers")
    yield from (Segment("topic", which=kind) for kind in kept.get("kinds", ()))
    for event_id, who in kept.get("events", ()):
        yield from (
            Segment("event", event_id, which) for which in ("going", "waiting") if who in (which, "both")
        )


def to_json(audience: Audience, planned: Counted | None = None) -> dict[str, Any]:
    counted = (planned.people, planned.unreachable, planned.muted) if planned else None
    return {
        "segments": [[one.what, one.id, one.which] for one in audience.segments],
        "every": audience.every,
        "without": [[one.what, one.id, one.which] for one in audience.without],
        "locales": list(audience.locales),
        "planned": counted,
    }


def has_muted(person_id: ColumnElement[int]) -> ColumnElement[bool]:
    muted = select(mutes.c.person_id).where(mutes.c.person_id == person_id, mutes.c.subject == "broadcasts")
    return muted.correlate_except(mutes).exists()


def chosen(audience: Audience) -> ColumnElement[bool]:
    """Whether a person is in the audience, asked once of each: so nobody is in it twice.

    Asking costs the same for each person however large the segments are, so that a broadcast may go
    through its people piece by piece.
    """
    return and_(true(), *(_is_in(*line) for line in audience.lines), *_narrowing(audience))


def _is_in(*segments: Segment) -> ColumnElement[bool]:
    """Whether a person is in any of the segments, by looking for this one person in each.

    Of several conditions with OR between them PostgreSQL would rather read whole segments, each time.
    """
    found = []
    for segment in segments:
        whom = _whom(segment)
        (person_id,) = whom.selected_columns
        found.append(whom.where(person_id == people.c.id).correlate(people))
    return union_all(*found).exists()


def _narrowing(audience: Audience) -> Iterable[ColumnElement[bool]]:
    yield from (not_(_is_in(segment)) for segment in audience.without)
    if audience.locales:
        yield people.c.locale.in_(audience.locales)


def _whom(segment: Segment) -> Select[Any]:
    """Everybody in the segment, by their ids."""
    match segment.what:
        case "volunteers":
            return select(volunteers.c.person_id)
        case "organisers":
            return _organisers()
        case "topic":
            return select(interests.c.person_id).where(interests.c.kind == segment.which)
        case "event":
            return _at_event(segment.id, segment.which)
        case "shift":
            taken = shift_signups.c.state == "taken"
            return select(shift_signups.c.person_id).where(shift_signups.c.shift_id == segment.id, taken)
        case "group":
            return select(group_members.c.person_id).where(group_members.c.group_id == segment.id)
        case "broadcast":
            return select(notices.c.person_id).where(
                notices.c.broadcast_id == segment.id,
                notices.c.kind == "broadcast",
                notices.c.state.not_in(NOT_REACHED),
            )
        case _:
            raise ValueError(f"not a segment: {segment.what}")


def _organisers() -> Select[Any]:
    """Those appointed, and the owners, whose Telegram ids are kept as a list in JSON."""
    person = people.alias()
    owners = select(options.c.name).where(
        options.c.name == OWNERS,
        # "[7, 12]" becomes " 7, 12," as no two databases read JSON by the same words.
        func.replace(func.replace(options.c.value, "[", " "), "]", ",").like(
            literal("% ") + cast(person.c.telegram_id, String) + ",%"
        ),
    )
    return select(person.c.id).where(or_(person.c.role == "organiser", owners.correlate(person).exists()))


def _at_event(event_id: int, which: str) -> Select[Any]:
    match which:
        case "attended":
            # Those who came without an account are no people of ours.
            return select(checkins.c.person_id).where(
                checkins.c.event_id == event_id, checkins.c.person_id.is_not(None)
            )
        case "unanswered":
            return _unanswered(event_id)
        case _:
            return select(rsvps.c.person_id).where(
                rsvps.c.event_id == event_id, rsvps.c.state.in_(STATES[which])
            )


def _unanswered(event_id: int) -> Select[Any]:
    """Those for whom the event is, and who have said neither yes nor no to it."""
    person = people.alias()
    answered = select(rsvps.c.id).where(rsvps.c.event_id == event_id, rsvps.c.person_id == person.c.id)
    member = select(group_members.c.person_id).where(
        group_members.c.group_id == events.c.group_id, group_members.c.person_id == person.c.id
    )
    invited = select(invitations.c.person_id).where(
        invitations.c.event_id == events.c.id, invitations.c.person_id == person.c.id
    )
    for_them = select(events.c.id).where(
        events.c.id == event_id,
        or_(
            events.c.audience == "everyone",
            and_(events.c.audience == "group", member.correlate(events, person).exists()),
            and_(events.c.audience == "invited", invited.correlate(events, person).exists()),
        ),
    )
    return select(person.c.id).where(
        not_(answered.correlate(person).exists()), for_them.correlate(person).exists()
    )


async def count(tx: Transaction, audience: Audience) -> Counted:
    """How many it would reach now, and how many are passed over; in one query.

    Among a million that takes a while: nobody waits for it.
    """
    subject = "audience", json_text.write(to_json(audience))
    return await tx.aside(subject, partial(_count, audience=audience))


async def _count(tx: Transaction, audience: Audience) -> Counted:
    bare = not (audience.segments or audience.without)
    row = await tx.row(_count_all(audience) if bare else _count_chosen(audience))
    if row is None:
        raise LookupError("a count without a row")
    return Counted(row.everybody - row.unreachable - row.muted, int(row.unreachable), int(row.muted))


_lost = people.c.unreachable_since.is_not(None)


def _count_chosen(audience: Audience) -> Select[Any]:
    """Starting from the segments, as few of all people may be in them."""
    lines = (people.c.id.in_(union(*(_whom(segment) for segment in line))) for line in audience.lines)
    muted = and_(not_(_lost), has_muted(people.c.id))
    return (
        select(
            func.count().label("everybody"),
            func.coalesce(func.sum(case((_lost, 1), else_=0)), 0).label("unreachable"),
            func.coalesce(func.sum(case((muted, 1), else_=0)), 0).label("muted"),
        )
        .select_from(people)
        .where(*lines, *_narrowing(audience))
    )


def _count_all(audience: Audience) -> Select[Any]:
    """Each number by itself, as it is quicker to look at the few who are passed over than at everyone."""
    everybody = select(func.count()).select_from(people).where(*_narrowing(audience))
    muted = people.c.id.in_(select(mutes.c.person_id).where(mutes.c.subject == "broadcasts"))
    return select(
        everybody.scalar_subquery().label("everybody"),
        everybody.where(_lost).scalar_subquery().label("unreachable"),
        everybody.where(not_(_lost), muted).scalar_subquery().label("muted"),
    )


async def end_of_stretch(tx: Transaction, *, after: int, size: int) -> int | None:
    """The last of the next people in the order of their ids; None when there are none.

    Going through a million people for the few of a small audience then never takes long at a time.
    """
    stretch = select(people.c.id).where(people.c.id > after).order_by(people.c.id).limit(size).subquery()
    last: int | None = await tx.value(select(func.max(stretch.c.id)))
    return last
