"""Who has a seat, who waits, and what never happens to either."""

import itertools
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import attendance, places, programme, shift_changes
from bot.attendance import Applied, Cancelled, Closed, Gone, Left, NoRoom, Seated, TooMany, Waiting
from storage import Database, connect, notices, rsvps, shifts
from storage.events import Event
from storage.migrations import migrate
from tests.conftest import NOON
from tests.making import known_person, published_event

_people = itertools.count(1000)


async def arrived(database: Database, event: Event, *, companions: int = 0, at: datetime = NOON) -> int:
    """Somebody new who asks for a place; gives who it is."""
    person = await known_person(database, next(_people), now=NOON)
    async with database.write() as tx:
        await attendance.join(tx, event.id, person.id, companions=companions, now=at)
    return person.id


async def state_of(database: Database, event: Event, person_id: int) -> str:
    async with database.read() as tx:
        found = await rsvps.find(tx, event.id, person_id)
    assert found
    return found.state


async def left(database: Database, event: Event, person_id: int, *, at: datetime = NOON) -> attendance.Answer:
    async with database.write() as tx:
        return await attendance.leave(tx, event.id, person_id, now=at)


async def changed(database: Database, event: Event, *, at: datetime = NOON, **columns: object) -> int:
    """Change the event; gives how many parties moved up."""
    async with database.write() as tx:
        done = await programme.change(tx, event.id, columns, now=at)
    assert done
    return done.moved


async def test_those_who_wait_block_a_newcomer_but_not_each_other(database: Database) -> None:
    event = await published_event(database, now=NOON, capacity=2, companions=1)
    first = await arrived(database, event)
    pair = await arrived(database, event, companions=1)
    # One place is free, and a newcomer would fit; the pair was there before.
    single = await arrived(database, event)
    assert [await state_of(database, event, one) for one in (first, pair, single)] == [
        "going",
        "waiting",
        "waiting",
    ]
    await left(database, event, first)
    assert [await state_of(database, event, one) for one in (pair, single)] == ["going", "waiting"]


async def test_the_answer_says_how_full_the_event_is_with_the_party_that_asked(database: Database) -> None:
    both = {"ways": "both", "capacity": 2, "online_capacity": 1, "companions": 2}
    choosing = await published_event(database, now=NOON, **both)
    deciding = await published_event(database, now=NOON, **both, approval=True)
    parties = [(0, 2, 1, 0), (0, 1, 0)]
    wishes = [(n, way) for way, listed in zip(("here", "online"), parties, strict=True) for n in listed]
    for event in (choosing, deciding):
        for companions, way in wishes:
            person = await known_person(database, next(_people), now=NOON)
            async with database.write() as tx:
                for _ in range(2):
                    answer = await attendance.join(
                        tx, event.id, person.id, companions=companions, way=way, now=NOON
                    )
                    assert isinstance(answer, Seated | Waiting | Applied)
                    assert answer.seen == await places.look(tx, event, person.id)


async def test_several_freed_seats_move_several_people_in_the_order_of_asking(database: Database) -> None:
    event = await published_event(database, now=NOON, capacity=2, companions=1)
    pair = await arrived(database, event, companions=1)
    waiting = [await arrived(database, event, at=NOON + timedelta(seconds=n)) for n in (30, 20, 20)]
    await left(database, event, pair)
    # By time, then by id.
    assert [await state_of(database, event, one) for one in waiting] == ["waiting", "going", "going"]


async def test_raising_the_capacity_fills_from_the_waitlist_and_tells_those_moved(database: Database) -> None:
    event = await published_event(database, now=NOON, capacity=1)
    seated, second, third = [await arrived(database, event) for _ in range(3)]
    assert await changed(database, event, capacity=2) == 1
    states = [await state_of(database, event, one) for one in (seated, second, third)]
    assert states == ["going", "going", "waiting"]
    async with database.write() as tx:
        owed = await notices.claim(tx, now=NOON, limit=10)
    assert [(one.kind, one.person_id) for one in owed] == [("seat_freed", second)]


async def test_lowering_the_capacity_removes_nobody_and_nobody_moves_up_until_there_is_room(
    database: Database,
) -> None:
    event = await published_event(database, now=NOON, capacity=3)
    seated = [await arrived(database, event) for _ in range(3)]
    waiting = await arrived(database, event)
    assert await changed(database, event, capacity=1) == 0
    assert [await state_of(database, event, one) for one in seated] == ["going"] * 3
    await left(database, event, seated[0])
    await left(database, event, seated[1])
    assert await state_of(database, event, waiting) == "waiting"
    await left(database, event, seated[2])
    assert await state_of(database, event, waiting) == "going"


@pytest.mark.parametrize("late", ["closed", "begun"])
async def test_nobody_moves_up_once_sign_up_has_closed_or_the_event_has_begun(
    database: Database, late: str
) -> None:
    deadline = NOON + timedelta(days=1) if late == "closed" else None
    event = await published_event(database, now=NOON, capacity=1, deadline_at=deadline)
    seated, waiting = await arrived(database, event), await arrived(database, event)
    then = event.starts_at if late == "begun" else NOON + timedelta(days=1)
    await left(database, event, seated, at=then)
    assert await changed(database, event, at=then, capacity=5) == 0
    assert await state_of(database, event, waiting) == "waiting"


async def test_opening_sign_up_again_fills_what_was_free_meanwhile(database: Database) -> None:
    event = await published_event(database, now=NOON, capacity=1, deadline_at=NOON + timedelta(days=1))
    seated, waiting = await arrived(database, event), await arrived(database, event)
    then = NOON + timedelta(days=2)
    await left(database, event, seated, at=then)
    assert await changed(database, event, at=then, deadline_at=None) == 1
    assert await state_of(database, event, waiting) == "going"


async def test_a_party_waits_together_and_a_smaller_one_never_overtakes(database: Database) -> None:
    event = await published_event(database, now=NOON, capacity=3, companions=2)
    seated = [await arrived(database, event) for _ in range(3)]
    three, one = await arrived(database, event, companions=2), await arrived(database, event)
    await left(database, event, seated[0])
    await left(database, event, seated[1])
    assert [await state_of(database, event, who) for who in (three, one)] == ["waiting", "waiting"]
    await left(database, event, seated[2])
    assert [await state_of(database, event, who) for who in (three, one)] == ["going", "waiting"]


async def test_a_double_tap_is_one_place_and_the_same_answer(database: Database) -> None:
    event = await published_event(database, now=NOON, capacity=5)
    person = await known_person(database, next(_people), now=NOON)
    answers = []
    for _ in range(2):
        async with database.write() as tx:
            answers.append(await attendance.join(tx, event.id, person.id, now=NOON))
    assert answers[0] == answers[1]
    async with database.read() as tx:
        assert await rsvps.count_seated(tx, event.id) == 1


async def test_going_back_on_a_yes_works_on_a_full_event_and_twice(database: Database) -> None:
    event = await published_event(database, now=NOON, capacity=1)
    person = await arrived(database, event)
    first, second = await left(database, event, person), await left(database, event, person)
    assert isinstance(first, Left)
    assert isinstance(second, Left)
    assert (first.held, second.held) == ("going", None)
    async with database.write() as tx:
        assert isinstance(await attendance.join(tx, event.id, person, now=NOON), Seated)


async def test_fewer_companions_always_save_even_over_the_limit(database: Database) -> None:
    event = await published_event(database, now=NOON, capacity=4, companions=3)
    person = await arrived(database, event, companions=3)
    await changed(database, event, capacity=1, companions=0)
    async with database.write() as tx:
        answer = await attendance.join(
            tx, event.id, person, companions=2, now=event.starts_at - timedelta(minutes=1)
        )
    assert isinstance(answer, Seated)
    assert answer.companions == 2


async def test_more_companions_need_room_and_keep_the_place_when_there_is_none(database: Database) -> None:
    event = await published_event(database, now=NOON, capacity=2, companions=3)
    person = await arrived(database, event)
    await arrived(database, event)
    async with database.write() as tx:
        assert isinstance(await attendance.join(tx, event.id, person, companions=1, now=NOON), NoRoom)
        assert isinstance(await attendance.join(tx, event.id, person, companions=4, now=NOON), TooMany)
    assert await state_of(database, event, person) == "going"


async def test_back_to_back_is_no_overlap_and_an_overlap_only_warns(database: Database) -> None:
    starts = NOON + timedelta(days=7)
    first, after, during = [
        await published_event(database, now=NOON, starts_at=starts + timedelta(hours=hours))
        for hours in (0, 2, 1)
    ]
    person = await arrived(database, first)
    async with database.write() as tx:
        next_one = await attendance.join(tx, after.id, person, now=NOON)
        clashing = await attendance.join(tx, during.id, person, now=NOON)
    assert isinstance(next_one, Seated)
    assert isinstance(clashing, Seated)
    assert next_one.clashes == ()
    assert {one.event.id for one in clashing.clashes} == {first.id, after.id}


async def test_shifts_at_that_time_are_overlaps_too_but_not_those_of_the_event_itself(
    database: Database,
) -> None:
    event, other = [await published_event(database, now=NOON) for _ in range(2)]
    person = await known_person(database, next(_people), now=NOON)
    hour = timedelta(hours=1)
    taken = []
    async with database.write() as tx:
        for at, begins, ends in (
            (other, -hour, hour),
            (other, -hour, timedelta(0)),
            (event, -hour, hour),
        ):
            shift = await shift_changes.add(
                tx,
                at,
                starts_at=event.starts_at + begins,
                ends_at=event.starts_at + ends,
                places=1,
                roles={"en": "Usher"},
                now=NOON,
            )
            await shifts.put_signup(tx, shift.id, person.id, state="taken", now=NOON)
            taken.append(shift.id)
        answer = await attendance.join(tx, event.id, person.id, now=NOON)
    assert isinstance(answer, Seated)
    assert [(one.event.id, one.shift_id) for one in answer.clashes] == [(other.id, taken[0])]


async def test_a_button_of_a_past_deleted_or_cancelled_event_answers_so(database: Database) -> None:
    event, ended = [await published_event(database, now=NOON) for _ in range(2)]
    holder, stranger = await arrived(database, event), await known_person(database, next(_people), now=NOON)
    came = await arrived(database, ended)
    async with database.write() as tx:
        for ask in (attendance.join, attendance.accept, attendance.decline, attendance.leave):
            assert isinstance(await ask(tx, 999_999, holder, now=NOON), Gone)
        over = await attendance.leave(tx, ended.id, came, now=ended.ends_at)
        assert isinstance(over, Closed)
        assert isinstance(await attendance.join(tx, ended.id, came, now=ended.ends_at), Closed)
        await programme.cancel(tx, event.id, now=NOON)
        for person_id in (holder, stranger.id):
            assert isinstance(await attendance.join(tx, event.id, person_id, now=NOON), Cancelled)
            assert isinstance(await attendance.accept(tx, event.id, person_id, now=NOON), Cancelled)


async def test_nobody_signs_up_after_the_deadline(database: Database) -> None:
    event = await published_event(database, now=NOON, deadline_at=NOON + timedelta(hours=1))
    person = await known_person(database, next(_people), now=NOON)
    async with database.write() as tx:
        late = await attendance.join(tx, event.id, person.id, now=NOON + timedelta(hours=1))
    assert isinstance(late, Closed)


@dataclass(frozen=True)
class Joins:
    who: int
    companions: int


@dataclass(frozen=True)
class Leaves:
    who: int


@dataclass(frozen=True)
class Capacity:
    places: int | None


_steps = st.one_of(
    st.builds(Joins, st.integers(0, 7), st.integers(0, 3)),
    st.builds(Joins, st.integers(0, 7), st.integers(0, 3)),
    st.builds(Leaves, st.integers(0, 7)),
    st.builds(Capacity, st.one_of(st.none(), st.integers(1, 9))),
)


@pytest.fixture
async def one_file(tmp_path: Path):  # type: ignore[no-untyped-def]
    """A database on SQLite alone: hypothesis tries many courses of things, each with an event of its own."""
    opened = connect(f"sqlite+aiosqlite:///{tmp_path / 'amity.db'}")
    await migrate(opened)
    yield opened
    await opened.close()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(places=st.integers(1, 6), steps=st.lists(_steps, max_size=14))
async def test_nobody_waits_beside_an_empty_seat_and_no_seat_is_given_twice(
    one_file: Database, places: int, steps: list[Joins | Leaves | Capacity]
) -> None:
    event = await published_event(one_file, now=NOON, capacity=places, companions=3)
    people = [(await known_person(one_file, 100 + n, now=NOON)).id for n in range(8)]
    capacity: int | None = places
    asked: list[int] = []
    for second, step in enumerate(steps):
        now = NOON + timedelta(seconds=second)
        before = await _seated(one_file, event)
        lowered = False
        async with one_file.write() as tx:
            match step:
                case Joins(who, companions):
                    answer = await attendance.join(tx, event.id, people[who], companions=companions, now=now)
                    if isinstance(answer, Seated | Waiting) and people[who] not in asked:
                        asked.append(people[who])
                case Leaves(who):
                    await attendance.leave(tx, event.id, people[who], now=now)
                    asked = [one for one in asked if one != people[who]]
                case Capacity(wanted):
                    lowered = wanted is not None and (capacity is None or wanted < capacity)
                    capacity = wanted
                    await programme.change(tx, event.id, {"capacity": wanted}, now=now)
        seated = await _seated(one_file, event)
        async with one_file.read() as tx:
            waiting = await rsvps.list_waiting(tx, event.id)
        if capacity is not None:
            # More than there are places only ever sit where the places were made fewer.
            assert seated <= max(capacity, before)
        if lowered:
            assert seated == before
        assert capacity is not None or not waiting
        if waiting and capacity is not None:
            assert seated + waiting[0].party > capacity
        assert [one.person_id for one in waiting] == [
            one for one in asked if one in {rsvp.person_id for rsvp in waiting}
        ]


async def _seated(database: Database, event: Event) -> int:
    async with database.read() as tx:
        return await rsvps.count_seated(tx, event.id)
