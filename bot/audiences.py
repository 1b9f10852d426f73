"""What an audience can be made of, and what choosing or leaving out a segment changes."""

from dataclasses import replace
from typing import Literal

from bot.kinds import KINDS
from storage import Transaction, broadcasts, events, groups, shifts
from storage.audiences import AT_EVENT, Audience, Segment

# More than this nobody can look over before sending.
MOST = 20
# Whether a segment's people are to get it, or are left out.
Side = Literal["to", "not"]
BEGUN = ("sending", "paused", "cancelled", "done")


async def is_there(tx: Transaction, segment: Segment) -> bool:
    """Whether there is such a segment to choose: buttons outlive events, and anybody may make one up."""
    match segment:
        case Segment("volunteers" | "organisers", 0, ""):
            return True
        case Segment("topic", 0, kind):
            return kind in KINDS
        case Segment("event", event_id, which) if which in AT_EVENT:
            event = await events.find(tx, event_id)
            return event is not None and event.state != "draft"
        case Segment("shift", shift_id, ""):
            return await shifts.find(tx, shift_id) is not None
        case Segment("group", group_id, ""):
            return await groups.find(tx, group_id) is not None
        case Segment("broadcast", broadcast_id, ""):
            found = await broadcasts.find(tx, broadcast_id)
            return found is not None and found.state in BEGUN
        case _:
            return False


def chosen(audience: Audience, side: Side) -> tuple[Segment, ...]:
    return audience.segments if side == "to" else audience.without


def is_too_much(audience: Audience) -> bool:
    return len(audience.segments) + len(audience.without) > MOST


def put(audience: Audience, segment: Segment, side: Side) -> Audience:
    """Choose the segment, or leave it out; it can't be both, and is nowhere twice."""
    return _set(drop(audience, segment), side, (*chosen(drop(audience, segment), side), segment))


def drop(audience: Audience, segment: Segment) -> Audience:
    """The audience as if nothing had been said of the segment."""
    rest = replace(audience, without=tuple(one for one in audience.without if one != segment))
    return _set(rest, "to", tuple(one for one in audience.segments if one != segment))


def clear(audience: Audience, side: Side) -> Audience:
    """Everyone again, or nobody left out."""
    return _set(audience, side, ())


def _set(audience: Audience, side: Side, segments: tuple[Segment, ...]) -> Audience:
    if side == "not":
        return replace(audience, without=segments)
    # Of a single segment all is the same as any; what was chosen next would otherwise surprise.
    return replace(audience, segments=segments, every=audience.every and len(segments) > 1)
