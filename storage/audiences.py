"""Who is in an audience: the groups it is made of, and how many people that is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, not_, or_, select, true

from storage.database import Transaction
from storage.tables import interests, mutes, people, rsvps, volunteers


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


def from_json(kept: Mapping[str, Any]) -> Audience:
    return Audience(
        bool(kept.get("volunteers")),
        tuple(kept.get("kinds", ())),
        tuple((int(event), str(who)) for event, who in kept.get("events", ())),
        tuple(kept.get("locales", ())),
    )


def to_json(audience: Audience, planned: Counted | None = None) -> dict[str, Any]:
    counted = (planned.people, planned.unreachable, planned.muted) if planned else None
    return {
        "volunteers": audience.volunteers,
        "kinds": list(audience.kinds),
        "events": [list(one) for one in audience.events],
        "locales": list(audience.locales),
        "planned": counted,
    }


def has_muted(person_id: ColumnElement[int]) -> ColumnElement[bool]:
    muted = select(mutes.c.person_id).where(mutes.c.person_id == person_id, mutes.c.subject == "broadcasts")
    return muted.correlate_except(mutes).exists()


def chosen(audience: Audience) -> ColumnElement[bool]:
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


async def count(tx: Transaction, audience: Audience) -> Counted:
    """How many it would reach now, and how many are passed over; in one query."""
    lost = people.c.unreachable_since.is_not(None)
    row = await tx.row(
        select(
            func.count().label("everybody"),
            func.coalesce(func.sum(case((lost, 1), else_=0)), 0).label("unreachable"),
            func.coalesce(func.sum(case((and_(not_(lost), has_muted(people.c.id)), 1), else_=0)), 0).label(
                "muted"
            ),
        )
        .select_from(people)
        .where(chosen(audience))
    )
    if row is None:
        raise LookupError("a count without a row")
    return Counted(row.everybody - row.unreachable - row.muted, int(row.unreachable), int(row.muted))
