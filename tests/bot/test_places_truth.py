"""Whatever happens in whatever order: no place is given twice, nobody is passed over, and all are told once.

Hypothesis tries many courses of things against a real database: people come, go, bring others and answer
offers; organisers change places, ways and rules, approve, refuse, move, merge and cancel; time passes.
"""

import asyncio
import os
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from sqlalchemy import select

from bot import applications, attendance, jobs, merging, programme, waitlist
from bot.attendance import Seated, Waiting
from bot.places import capacity_of, moves_up, ways_of
from storage import Database, Transaction, connect, events, rsvps
from storage.events import Event
from storage.rsvps import HELD, TAKING, Rsvp
from storage.tables import notices
from storage.tables import rsvps as table
from tests.conftest import NOON, migrated_postgres, migrated_sqlite
from tests.making import known_person, published_event

PEOPLE = 7
EVENTS = 2
# What people are told of changes that others made to their standing.
STANDING_KINDS = (
    "seat_freed",
    "place_offered",
    "offer_ended",
    "application_approved",
    "application_refused",
    "event_merged",
    "person_moved",
    "person_added",
    "place_taken_back",
    "event_cancelled",
)

who = st.integers(0, PEOPLE - 1)
which = st.sampled_from([0, 0, 0, 1])
parties = st.sampled_from([None, 0, 0, 1, 1, 2, 3])
ways = st.sampled_from(["here", "online"])
places = st.sampled_from([None, 1, 2, 2, 3, 3, 4, 5, 8])
few = st.sampled_from([1, 2, 3, 3, 4])
first = st.lists(st.tuples(who, st.sampled_from([0, 0, 1, 2])), min_size=3, max_size=8)
minutes = st.sampled_from([1, 11, 45, 200, 3000])

Key = tuple[int, int]


async def nothing(tx: Transaction, subject_id: int, /, *, now: datetime) -> None:
    """Other things that are due by the clock change nobody's place."""


failed: list[Exception] = []


async def end_offer(tx: Transaction, subject_id: int, /, *, now: datetime) -> None:
    """The clock carries on after a fault; here it is one."""
    try:
        await waitlist.end_offer(tx, subject_id, now=now)
    except Exception as fault:
        failed.append(fault)
        raise


OFFERS_ALONE = {**dict.fromkeys(jobs.DOINGS, nothing), waitlist.OFFER: end_offer}


@dataclass(frozen=True)
class Moment:
    """All that stands in the database at one time, as far as places go."""

    now: datetime
    events: dict[int, Event]
    rows: dict[Key, Rsvp]
    told: Counter[tuple[int, int, str]]

    def of(self, event_id: int) -> list[Rsvp]:
        return [row for (one, _), row in self.rows.items() if one == event_id]

    def taken(self, event_id: int, way: str) -> int:
        return sum(row.party for row in self.of(event_id) if row.way == way and row.state in TAKING)

    def waiting(self, event_id: int, way: str) -> list[Rsvp]:
        found = [row for row in self.of(event_id) if row.way == way and row.state == "waiting"]
        return sorted(found, key=lambda row: (row.asked_at, row.id))


async def moment(tx: Transaction, event_ids: list[int], now: datetime) -> Moment:
    found = {event.id: event for event in await events.find_many(tx, event_ids)}
    listed = await tx.rows(select(table.c.event_id, table.c.person_id))
    keys = [(row.event_id, row.person_id) for row in listed]
    assert len(keys) == len(set(keys)), "somebody is at one event twice"
    rows = {
        (row.event_id, row.person_id): row for one in event_ids for row in await rsvps.list_of_event(tx, one)
    }
    query = select(notices.c.person_id, notices.c.event_id, notices.c.kind)
    told = [row for row in await tx.rows(query) if row.kind in STANDING_KINDS]
    return Moment(now, found, rows, Counter((row.person_id, row.event_id, row.kind) for row in told))


class Places(RuleBasedStateMachine):
    """Two events, a few people, and one organiser."""

    make: Callable[[Path], Awaitable[Database]]
    steps = 0

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.loop = asyncio.new_event_loop()
        self.now = NOON
        self.database = self.do(type(self).make(Path(self.folder.name)))
        self.people: list[int] = []
        self.events: list[int] = []

    def do(self, awaited: Awaitable[Any]) -> Any:
        return self.loop.run_until_complete(awaited)

    def teardown(self) -> None:
        self.do(self.database.close())
        self.loop.run_until_complete(self.loop.shutdown_default_executor())
        self.loop.close()
        self.folder.cleanup()

    @initialize(
        capacity=few,
        way=st.sampled_from(["here", "here", "here", "both", "online"]),
        offer=st.sampled_from([None, 30, 600]),
        smaller=st.sampled_from([False, False, True]),
        approval=st.sampled_from([False, False, False, True]),
        first=first,
    )
    def begin(
        self,
        capacity: int,
        way: str,
        offer: int | None,
        smaller: bool,
        approval: bool,
        first: list[tuple[int, int]],
    ) -> None:
        async def making() -> None:
            for number in range(PEOPLE):
                self.people.append((await known_person(self.database, 100 + number, now=NOON)).id)
            for number in range(EVENTS):
                values = {"offer_minutes": offer, "smaller_first": smaller, "approval": approval}
                event = await published_event(
                    self.database,
                    now=NOON,
                    starts_at=NOON + timedelta(days=5 + number),
                    capacity=capacity,
                    online_capacity=capacity,
                    ways=way,
                    companions=3,
                    **values,
                )
                self.events.append(event.id)

        self.do(making())
        for person, companions in first:
            self.join(person, 0, companions, "here")

    def step(
        self,
        act: Callable[[Transaction], Awaitable[Any]],
        *,
        actor: int | None = None,
        moved: bool = False,
        beat: bool = True,
    ) -> None:
        """Do one thing in a transaction of its own and look at what it changed."""
        type(self).steps += 1
        self.now += timedelta(seconds=1)

        async def doing() -> tuple[Moment, Moment]:
            async with self.database.write() as tx:
                if beat:
                    await jobs.do_due(tx, now=self.now, doings=OFFERS_ALONE)
                before = await moment(tx, self.events, self.now)
                await act(tx)
                after = await moment(tx, self.events, self.now)
                return before, after

        before, after = self.do(doing())
        assert not failed
        person = None if actor is None else self.people[actor]
        never_more_than_there_are(before, after)
        nobody_waits_beside_a_place(after)
        if not moved:
            nobody_is_passed_over(before, after)
        told_exactly_once(before, after, person)

    @rule(who=who, event=which, companions=parties)
    def come(self, who: int, event: int, companions: int | None) -> None:
        self.join(who, event, companions, "here")

    @rule(who=who, event=which, companions=parties, way=ways)
    def join_either_way(self, who: int, event: int, companions: int | None, way: str) -> None:
        self.join(who, event, companions, way)

    def join(self, who: int, event: int, companions: int | None, way: str) -> None:
        async def act(tx: Transaction) -> None:
            args = (self.events[event], self.people[who])
            first = await attendance.join(tx, *args, companions=companions, way=way, now=self.now)
            again = await attendance.join(tx, *args, companions=companions, way=way, now=self.now)
            if isinstance(first, Seated | Waiting):
                assert first == again

        self.step(act, actor=who)

    @rule(nth=who, event=which)
    def somebody_with_a_place_leaves(self, nth: int, event: int) -> None:
        """Random people seldom have a place: choose one of those who do."""

        async def act(tx: Transaction) -> None:
            held = [one for one in await rsvps.list_concerned(tx, self.events[event]) if one.state in TAKING]
            if held:
                chosen[0] = self.people.index(held[nth % len(held)].person_id)

        chosen: list[int | None] = [None]
        self.step(act)
        if chosen[0] is not None:
            self.leave(chosen[0], event)

    @rule(who=who, event=which)
    def leave(self, who: int, event: int) -> None:
        self.step(
            lambda tx: attendance.leave(tx, self.events[event], self.people[who], now=self.now), actor=who
        )

    @rule(who=who, event=which)
    def accept(self, who: int, event: int) -> None:
        self.step(
            lambda tx: attendance.accept(tx, self.events[event], self.people[who], now=self.now), actor=who
        )

    @rule(who=who, event=which)
    def accept_before_the_clock_has_seen(self, who: int, event: int) -> None:
        self.now += timedelta(minutes=45)
        self.step(
            lambda tx: attendance.accept(tx, self.events[event], self.people[who], now=self.now),
            actor=who,
            beat=False,
        )

    @rule(who=who, event=which)
    def decline(self, who: int, event: int) -> None:
        self.step(
            lambda tx: attendance.decline(tx, self.events[event], self.people[who], now=self.now), actor=who
        )

    @rule(event=which, more=st.sampled_from([-1, 1, 1, 2]))
    def change_places(self, event: int, more: int) -> None:
        async def act(tx: Transaction) -> None:
            found = await events.find(tx, self.events[event])
            if found and found.capacity and found.capacity + more > 0:
                await programme.change(tx, found.id, {"capacity": found.capacity + more}, now=self.now)

        self.step(act)

    @rule(
        event=which,
        columns=st.one_of(
            st.fixed_dictionaries({"capacity": places}),
            st.fixed_dictionaries({"online_capacity": places}),
            st.fixed_dictionaries({"ways": st.sampled_from(["here", "online", "both"])}),
            st.fixed_dictionaries({"offer_minutes": st.sampled_from([None, 30, 600])}),
            st.fixed_dictionaries({"smaller_first": st.booleans()}),
            st.fixed_dictionaries({"approval": st.booleans()}),
        ),
    )
    def change_rules(self, event: int, columns: dict[str, Any]) -> None:
        self._change(event, **columns)

    @rule(event=which, closed=st.sampled_from([True, False, False, False]))
    def close_or_open(self, event: int, closed: bool) -> None:
        self._change(event, deadline_at=self.now if closed else None)

    def _change(self, event: int, **columns: object) -> None:
        self.step(lambda tx: programme.change(tx, self.events[event], columns, now=self.now))

    @rule(passed=minutes)
    def time_passes(self, passed: int) -> None:
        self.now += timedelta(minutes=passed)
        self.step(lambda tx: jobs.do_due(tx, now=self.now, doings=OFFERS_ALONE), beat=False)

    @rule(who=who, event=which, yes=st.booleans(), twice=st.booleans())
    def decide(self, who: int, event: int, yes: bool, twice: bool) -> None:
        async def act(tx: Transaction) -> None:
            mine = await rsvps.find(tx, self.events[event], self.people[who])
            for _ in range(1 + twice if mine else 0):
                assert mine
                if yes:
                    await applications.approve(tx, mine.id, self.people[0], now=self.now)
                else:
                    await applications.refuse(tx, mine.id, self.people[0], "no", now=self.now)

        self.step(act)

    @rule(who=who, event=which)
    def remove(self, who: int, event: int) -> None:
        self.step(
            lambda tx: merging.remove(
                tx, self.events[event], self.people[who], self.people[0], "so", now=self.now
            )
        )

    @rule(who=who, event=which, companions=st.integers(0, 3))
    def add(self, who: int, event: int, companions: int) -> None:
        self.step(
            lambda tx: merging.add(
                tx,
                self.events[event],
                self.people[who],
                self.people[0],
                companions=companions,
                now=self.now,
            )
        )

    @rule(who=who, event=which)
    def move(self, who: int, event: int) -> None:
        ids = self.events[event], self.events[1 - event]
        self.step(
            lambda tx: merging.move(tx, *ids, self.people[who], self.people[0], now=self.now), moved=True
        )

    @rule(event=which, sure=st.integers(0, 3))
    def merge(self, event: int, sure: int) -> None:
        ids = self.events[event], self.events[1 - event]
        if not sure:
            self.step(lambda tx: merging.merge(tx, *ids, self.people[0], now=self.now), moved=True)

    @rule(event=which, sure=st.integers(0, 5))
    def cancel(self, event: int, sure: int) -> None:
        if not sure:
            self.step(lambda tx: programme.cancel(tx, self.events[event], now=self.now))


def never_more_than_there_are(before: Moment, after: Moment) -> None:
    """More than there are places only ever sit where the places were made fewer, and nobody is added then."""
    for event in after.events.values():
        was = before.events[event.id]
        for way in ways_of(event):
            capacity = capacity_of(event, way)
            before_taken = before.taken(event.id, way)
            if was.ways != event.ways:
                before_taken = sum(before.taken(event.id, one) for one in ("here", "online"))
            assert capacity is None or after.taken(event.id, way) <= max(capacity, before_taken)


def nobody_waits_beside_a_place(after: Moment) -> None:
    for event in after.events.values():
        if not moves_up(event, after.now):
            continue
        assert event.ways == "both" or all(
            row.way == event.ways
            for row in after.of(event.id)
            if row.state in HELD and row.state != "applied"
        )
        assert event.approval or all(row.state != "applied" for row in after.of(event.id))
        for way in ways_of(event):
            waiting, capacity = after.waiting(event.id, way), capacity_of(event, way)
            assert capacity is not None or not waiting
            for row in waiting:
                assert capacity is not None
                assert row.party > capacity - after.taken(event.id, way), f"{row} waits beside a place"
                if row.party <= capacity and not event.smaller_first:
                    break


def nobody_is_passed_over(before: Moment, after: Moment) -> None:
    """Whoever got a place had asked before all of those who could have had it and wait still."""
    for key, row in after.rows.items():
        was, event = before.rows.get(key), after.events[key[0]]
        seated_before = was is not None and was.state in TAKING
        if seated_before or row.state not in TAKING or event.smaller_first:
            continue
        for other in after.waiting(event.id, row.way):
            stayed = before.rows.get((event.id, other.person_id))
            capacity = capacity_of(event, row.way)
            if stayed and stayed.state == "waiting" and capacity is not None and other.party <= capacity:
                assert (row.asked_at, row.id) < (other.asked_at, other.id), f"{row} overtook {other}"


def told_exactly_once(before: Moment, after: Moment, actor: int | None) -> None:
    """Every change of somebody's standing that they didn't make themselves is told once; nothing else is."""
    told = after.told - before.told
    expected: Counter[int] = Counter()
    for key in before.rows.keys() | after.rows.keys():
        event_id, person = key
        was, row = before.rows.get(key), after.rows.get(key)
        stood, stands = was.state if was else "left", row.state if row else "left"
        cancelled = after.events[event_id].state != before.events[event_id].state
        if person != actor and (stood in HELD if cancelled else stood != stands):
            expected[person] += 1
    for person, _, kind in told:
        if kind in ("event_merged", "person_moved"):
            # It has changed at two events, and is told in one message.
            expected[person] = 1
    by_person: Counter[int] = Counter()
    for (person, _, _), times in told.items():
        by_person[person] += times
    assert by_person == expected, f"told {told}, expected {expected}"


def _explore(database: Callable[[Path], Awaitable[Database]], examples: int, steps: int) -> int:
    machine: Any = type("Tried", (Places,), {"make": staticmethod(database), "steps": 0})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )
    return int(machine.steps)


def test_places_stay_true_whatever_happens_on_sqlite() -> None:
    examples, steps = int(os.environ.get("AMITY_COURSES", "40")), int(os.environ.get("AMITY_STEPS", "25"))
    assert _explore(migrated_sqlite, examples, steps) > examples


def test_places_stay_true_whatever_happens_on_postgresql(postgres: str) -> None:
    async def fresh(_: Path) -> Database:
        return connect(await migrated_postgres(postgres))

    assert _explore(fresh, 4, 15)
