"""Who is in an audience, however its segments overlap, and how many that is."""

import itertools
from collections.abc import Collection, Mapping

import pytest
from sqlalchemy import select, text
from sqlalchemy.dialects import sqlite

from bot import attendance, audiences, groups
from bot import broadcasts as decisions
from bot.audiences import MOST, is_there, put
from storage import Database, broadcasts, invitations, organisers, people, rsvps
from storage import audiences as kept
from storage import groups as group_rows
from storage.audiences import AT_EVENT, Audience, Counted, Segment, chosen, from_json, to_json
from storage.broadcasts import Variant
from storage.events import Event
from storage.tables import checkins, interests, notices
from storage.tables import people as people_table
from tests.conftest import NOON
from tests.making import known_person, published_event
from tests.shifts import new_shift, take, volunteer

VOLUNTEERS, ORGANISERS = Segment("volunteers"), Segment("organisers")
FORUMS, CAMPS = Segment("topic", which="forum"), Segment("topic", which="camp")


async def persons(database: Database, count: int, *, first: int = 100, locale: str = "en") -> list[int]:
    return [
        (await known_person(database, first + number, now=NOON, locale=locale)).id for number in range(count)
    ]


async def members(database: Database, audience: Audience) -> set[int]:
    """Who is in the audience, as a broadcast finds them one by one; as many as are counted."""
    async with database.read() as tx:
        found = {row.id for row in await tx.rows(select(people_table.c.id).where(chosen(audience)))}
        counted = await kept.count(tx, audience)
    assert counted.people + counted.unreachable + counted.muted == len(found)
    return found


async def interest(database: Database, kind: str, *who: int) -> None:
    async with database.write() as tx:
        for person_id in who:
            await tx.run(interests.insert().values(person_id=person_id, kind=kind))


async def reached(database: Database, states: Mapping[int, str]) -> int:
    """A broadcast whose messages to people ended as said."""
    async with database.write() as tx:
        broadcast_id = await decisions.draft(
            tx, author_id=next(iter(states)), locale="en", variant=Variant("Hello"), now=NOON
        )
        for person_id, state in states.items():
            values = {"kind": "broadcast", "params": {}, "rank": 9, "due_at": NOON}
            occasion = f"broadcast:{broadcast_id}:{person_id}"
            await tx.run(
                notices.insert().values(
                    person_id=person_id, state=state, occasion=occasion, broadcast_id=broadcast_id, **values
                )
            )
    return broadcast_id


async def test_everyone_is_an_audience_without_segments(database: Database) -> None:
    who = await persons(database, 3)
    assert await members(database, Audience()) == set(who)


async def test_organisers_are_those_appointed_and_the_owners(database: Database) -> None:
    appointed, owner, near, _ = await persons(database, 4)
    async with database.write() as tx:
        await people.set_role(tx, appointed, "organiser")
        # 101 owns it; 102 is near it, and 10 only begins like it.
        await organisers.remember_owners(tx, [101, 1023, 7])
    assert await members(database, Audience((ORGANISERS,))) == {appointed, owner}
    assert near not in await members(database, Audience((ORGANISERS,)))


async def test_nobody_is_an_organiser_where_no_owner_is_known(database: Database) -> None:
    await persons(database, 2)
    assert await members(database, Audience((ORGANISERS,))) == set()
    async with database.write() as tx:
        await organisers.remember_owners(tx, [])
    assert await members(database, Audience((ORGANISERS,))) == set()


async def test_those_on_a_shift_are_who_has_taken_it(database: Database) -> None:
    event = await published_event(database, now=NOON)
    shift = await new_shift(database, event, places=2)
    helper, _ = await volunteer(database, 60), await volunteer(database, 61)
    await take(database, shift, helper)
    assert await members(database, Audience((Segment("shift", shift.id),))) == {helper.id}


async def test_a_group_is_who_is_in_it(database: Database) -> None:
    inside, _ = await persons(database, 2)
    async with database.write() as tx:
        group = await groups.create(tx, {"en": "Choir"}, actor_id=inside, now=NOON)
        await group_rows.join(tx, group.id, inside, now=NOON)
    assert await members(database, Audience((Segment("group", group.id),))) == {inside}


async def test_those_who_are_offered_a_place_still_wait_for_it(database: Database) -> None:
    event = await published_event(database, now=NOON, capacity=1, offer_minutes=60)
    seated, waiting = await persons(database, 2)
    async with database.write() as tx:
        await attendance.join(tx, event.id, seated, now=NOON)
        await attendance.join(tx, event.id, waiting, now=NOON)
        await attendance.leave(tx, event.id, seated, now=NOON)
        stands = await rsvps.find(tx, event.id, waiting)
        assert stands
        assert stands.state == "offered"
    assert await members(database, Audience((Segment("event", event.id, "waiting"),))) == {waiting}


async def test_those_who_attended_are_who_was_checked_in(database: Database) -> None:
    event = await published_event(database, now=NOON)
    came, stayed_away = await persons(database, 2)
    async with database.write() as tx:
        for person_id in (came, stayed_away):
            await attendance.join(tx, event.id, person_id, now=NOON)
        shared = {"event_id": event.id, "at": event.starts_at, "how": "list"}
        await tx.run(checkins.insert().values(person_id=came, **shared))
        await tx.run(checkins.insert().values(person_id=None, name="A guest", **shared))
    attended = Segment("event", event.id, "attended")
    assert await members(database, Audience((attended,))) == {came}
    absent = Audience((Segment("event", event.id, "going"),), without=(attended,))
    assert await members(database, absent) == {stayed_away}


async def test_the_unanswered_are_those_the_event_is_for_who_said_neither_yes_nor_no(
    database: Database,
) -> None:
    yes, no, silent, outside = await persons(database, 4)
    async with database.write() as tx:
        group = await groups.create(tx, {"en": "Choir"}, actor_id=yes, now=NOON)
        for person_id in (yes, no, silent):
            await group_rows.join(tx, group.id, person_id, now=NOON)
    for_whom: dict[str, Collection[int]] = {
        "everyone": (silent, outside),
        "group": (silent,),
        "invited": (silent,),
    }
    for audience, expected in for_whom.items():
        group_id = group.id if audience == "group" else None
        event = await published_event(database, now=NOON, audience=audience, group_id=group_id)
        async with database.write() as tx:
            for person_id in (yes, no, silent):
                await invitations.put(tx, event.id, person_id, now=NOON)
            await attendance.join(tx, event.id, yes, now=NOON)
            await attendance.join(tx, event.id, no, now=NOON)
            await attendance.leave(tx, event.id, no, now=NOON)
        found = await members(database, Audience((Segment("event", event.id, "unanswered"),)))
        # Whoever made the event is a person as well.
        assert found & {yes, no, silent, outside} == set(expected), audience


async def test_any_segment_is_enough_unless_all_are_asked_for(database: Database) -> None:
    both, forums, camps = await persons(database, 3)
    helper = (await volunteer(database, 60)).id
    await interest(database, "forum", both, forums, helper)
    await interest(database, "camp", both, camps)
    assert await members(database, Audience((FORUMS, CAMPS))) == {both, forums, camps, helper}
    assert await members(database, Audience((VOLUNTEERS, FORUMS), every=True)) == {helper}


async def test_where_all_is_asked_for_one_of_the_topics_and_one_way_of_each_event_is_enough(
    database: Database,
) -> None:
    event = await published_event(database, now=NOON, capacity=1)
    seated, waiting, elsewhere = await persons(database, 3)
    await interest(database, "forum", seated, elsewhere)
    await interest(database, "camp", waiting)
    async with database.write() as tx:
        for person_id in (seated, waiting):
            await attendance.join(tx, event.id, person_id, now=NOON)
    at_event = (Segment("event", event.id, "going"), Segment("event", event.id, "waiting"))
    assert await members(database, Audience((FORUMS, CAMPS, *at_event), every=True)) == {seated, waiting}


async def test_whoever_is_left_out_gets_nothing_however_often_they_are_chosen(database: Database) -> None:
    both, forums, helper = *(await persons(database, 2)), (await volunteer(database, 60)).id
    await interest(database, "forum", both, forums, helper)
    await interest(database, "camp", both)
    left_out = Audience((FORUMS, CAMPS, VOLUNTEERS), without=(CAMPS, VOLUNTEERS))
    assert await members(database, left_out) == {forums}
    assert await members(database, Audience(without=(FORUMS,))) == set()


async def test_whom_a_message_reached_or_may_have_or_will_is_not_among_those_not_yet_reached(
    database: Database,
) -> None:
    states = ("sent", "unknown", "owed", "claimed", "blocked", "failed", "missed", "cancelled")
    who = dict(zip(await persons(database, len(states)), states, strict=True))
    (newcomer,) = await persons(database, 1, first=300)
    broadcast_id = await reached(database, who)
    found = await members(database, Audience().not_reached_by(broadcast_id))
    assert {who.get(one, "") for one in found} == {"", "blocked", "failed", "missed", "cancelled"}
    assert newcomer in found


async def test_asking_twice_for_those_not_yet_reached_is_asking_once(database: Database) -> None:
    audience = Audience((FORUMS,)).not_reached_by(3)
    assert audience.not_reached_by(3) == audience


async def test_the_unreachable_and_the_muted_are_counted_apart(database: Database) -> None:
    _, muted, lost, both = await persons(database, 4)
    await interest(database, "forum", muted, lost, both)
    async with database.write() as tx:
        for person_id in (muted, both):
            await people.mute(tx, person_id, "broadcasts")
        await people.mark_unreachable(tx, [lost, both], now=NOON)
        assert await kept.count(tx, Audience()) == Counted(1, 2, 1)
        assert await kept.count(tx, Audience((FORUMS,))) == Counted(0, 2, 1)
        assert await kept.count(tx, Audience(without=(FORUMS,))) == Counted(1, 0, 0)
        assert await kept.count(tx, Audience(locales=("zh_Hant_HK",))) == Counted(0, 0, 0)


async def crowd(database: Database) -> tuple[Event, tuple[Segment, ...]]:
    """People in all sorts of segments at once."""
    event = await published_event(database, now=NOON, capacity=3)
    shift = await new_shift(database, event, places=9)
    who = await persons(database, 8) + await persons(database, 8, first=200, locale="zh_Hant_HK")
    for number in (2, 5):
        await take(database, shift, await volunteer(database, 400 + number))
    await interest(database, "forum", *who[::3])
    async with database.write() as tx:
        group = await groups.create(tx, {"en": "Choir"}, actor_id=who[0], now=NOON)
        for person_id in who[::2]:
            await group_rows.join(tx, group.id, person_id, now=NOON)
        for person_id in who[::4]:
            await attendance.join(tx, event.id, person_id, now=NOON)
        await people.set_role(tx, who[3], "organiser")
        await people.mark_unreachable(tx, [who[6]], now=NOON)
        await people.mute(tx, who[9], "broadcasts")
    broadcast_id = await reached(database, dict.fromkeys(who[:5], "sent"))
    at_event = [Segment("event", event.id, which) for which in AT_EVENT]
    others = (Segment("shift", shift.id), Segment("group", group.id), Segment("broadcast", broadcast_id))
    return event, (VOLUNTEERS, ORGANISERS, FORUMS, *others, *at_event)


async def test_as_many_are_counted_as_are_found_whatever_is_combined(database: Database) -> None:
    _, segments = await crowd(database)
    for one, other in itertools.combinations(segments, 2):
        for every in (False, True):
            await members(database, Audience((one, other), every))
        await members(database, Audience((one,), without=(other,), locales=("zh_Hant_HK",)))


async def test_nobody_of_something_that_is_gone_is_in_the_audience(database: Database) -> None:
    await persons(database, 2)
    for what in ("event", "shift", "group", "broadcast"):
        gone = Segment(what, 77, "going" if what == "event" else "")
        assert await members(database, Audience((gone,))) == set()
        assert len(await members(database, Audience(without=(gone,)))) == 2


async def test_going_through_everyone_looks_at_nobody_twice_and_at_few_at_a_time(database: Database) -> None:
    who = await persons(database, 5)
    ends, last = [], 0
    async with database.read() as tx:
        while (end := await kept.end_of_stretch(tx, after=last, size=2)) is not None:
            ends.append(end)
            last = end
    assert ends == [who[1], who[3], who[4]]


async def test_each_person_is_looked_up_in_a_segment_and_no_segment_is_gone_through(
    database: Database,
) -> None:
    if not database.is_sqlite:
        pytest.skip("PostgreSQL decides by the size of its tables")
    _, segments = await crowd(database)
    for audience in (Audience(segments), Audience(segments, every=True), Audience(without=segments)):
        query = select(people_table.c.id).where(people_table.c.id > 3, chosen(audience))
        compiled = query.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True})
        async with database.connection() as connection:
            plan = [row.detail for row in await connection.execute(text(f"EXPLAIN QUERY PLAN {compiled}"))]
        assert plan
        assert [step for step in plan if step.startswith("SCAN")] == []


@pytest.mark.parametrize(
    ("segments", "every", "expected"),
    [
        ((Segment("event", 4, "going"),), False, (4,)),
        ((Segment("event", 4, "going"), Segment("event", 5, "waiting")), False, (4, 5)),
        ((Segment("event", 4, "going"), Segment("event", 4, "waiting")), False, (4,)),
        ((Segment("event", 4, "going"), VOLUNTEERS), False, ()),
        ((Segment("event", 4, "going"), VOLUNTEERS), True, (4,)),
        ((VOLUNTEERS,), False, ()),
        ((), False, ()),
    ],
)
def test_news_for_an_events_people_alone_knows_its_events(
    segments: tuple[Segment, ...], every: bool, expected: tuple[int, ...]
) -> None:
    assert Audience(segments, every).events_alone == expected


def test_an_audience_is_kept_as_it_was_chosen() -> None:
    audience = Audience(
        (FORUMS, Segment("event", 4, "going")), every=True, without=(VOLUNTEERS,), locales=("en",)
    )
    assert from_json(to_json(audience)) == audience
    assert from_json(to_json(Audience())) == Audience()


def test_what_was_chosen_before_there_were_segments_is_still_read() -> None:
    earlier = {"volunteers": True, "kinds": ["forum"], "events": [[4, "both"], [5, "waiting"]], "locales": []}
    assert from_json(earlier).segments == (
        VOLUNTEERS,
        FORUMS,
        Segment("event", 4, "going"),
        Segment("event", 4, "waiting"),
        Segment("event", 5, "waiting"),
    )


def test_a_segment_is_chosen_or_left_out_and_never_both() -> None:
    audience = put(put(Audience((VOLUNTEERS,)), FORUMS, "to"), VOLUNTEERS, "not")
    assert audience == Audience((FORUMS,), without=(VOLUNTEERS,))
    assert put(audience, FORUMS, "to") == audience
    assert audiences.drop(audience, VOLUNTEERS) == Audience((FORUMS,))
    assert audiences.clear(audience, "to") == Audience(without=(VOLUNTEERS,))


def test_all_of_one_segment_is_any_of_it() -> None:
    both = Audience((VOLUNTEERS, FORUMS), every=True)
    assert not audiences.drop(both, FORUMS).every
    assert not audiences.clear(both, "to").every


def test_more_segments_than_can_be_looked_over_are_too_many() -> None:
    many = tuple(Segment("event", number, "going") for number in range(MOST))
    assert not audiences.is_too_much(Audience(many))
    assert audiences.is_too_much(Audience(many, without=(VOLUNTEERS,)))


async def test_what_is_not_there_cant_be_chosen(database: Database) -> None:
    event, segments = await crowd(database)
    draft_id = segments[5].id
    async with database.write() as tx:
        await broadcasts.change(tx, draft_id, state="done")
        assert all([await is_there(tx, segment) for segment in segments])
        await broadcasts.change(tx, draft_id, state="draft")
        made_up = (
            Segment("broadcast", draft_id),
            Segment("broadcast", 99),
            Segment("event", event.id, "nonsense"),
            Segment("event", event.id),
            Segment("event", -1, "going"),
            Segment("topic", which="nonsense"),
            Segment("shift", 99),
            Segment("group", -1),
            Segment("volunteers", 3),
            Segment("everyone"),
            Segment("", -1),
        )
        assert not any([await is_there(tx, segment) for segment in made_up])
