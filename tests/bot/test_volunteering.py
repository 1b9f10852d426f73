"""Who may take which shift, and what volunteers are owed when it changes."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from bot import attendance, programme, reminders, shift_applications, shift_changes, volunteering
from bot.requirements import Lacking
from bot.rest import ShortRest
from bot.volunteering import (
    Answer,
    Applied,
    Begun,
    Cancelled,
    Dropped,
    Full,
    Gone,
    Lacks,
    NotSignedUp,
    Overlaps,
    Refused,
    Taken,
    Warned,
)
from storage import Database, Transaction, events, people, shifts
from storage.events import Event
from storage.people import Person
from storage.shifts import Shift
from storage.tables import events as event_table
from storage.tables import notices
from tests.conftest import NOON
from tests.making import known_person, published_event

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HK = ZoneInfo("Asia/Hong_Kong")


async def new_shift(database: Database, event: Event, **values: Any) -> Shift:
    async with database.write() as tx:
        return await shift_changes.add(
            tx,
            event,
            starts_at=values.get("starts_at", event.starts_at),
            ends_at=values.get("ends_at", event.ends_at),
            places=values.get("places", 1),
            roles=values.get("roles", {"en": "Guide"}),
            now=NOON,
        )


async def needing(
    database: Database, event: Event, *, shift: Shift | None = None, places: int = 1, **needs: Any
) -> Shift:
    """A shift that needs something of whoever takes it."""
    shift = shift or await new_shift(database, event, places=places)
    boss = await known_person(database, 1, now=NOON)
    async with database.write() as tx:
        found = await shift_changes.set_needs(tx, shift.id, now=NOON, actor_id=boss.id, **needs)
    assert found is not None
    return found


async def volunteer(database: Database, telegram_id: int) -> Person:
    person = await known_person(database, telegram_id, now=NOON)
    async with database.write() as tx:
        await volunteering.sign_up(tx, person.id, languages=["en"], skills="", free=[], now=NOON)
    return person


async def take(
    database: Database, shift: Shift, person: Person, *, now: datetime = NOON, anyway: bool = False
) -> Answer:
    async with database.write() as tx:
        return await volunteering.take(tx, shift.id, person.id, now=now, anyway=anyway)


async def drop(database: Database, shift: Shift, person: Person, *, now: datetime = NOON) -> object:
    async with database.write() as tx:
        return await volunteering.drop(tx, shift.id, person.id, now=now)


async def owed(database: Database, kind: str) -> list[int | None]:
    """Who is owed a notice of the kind that is not settled."""
    async with database.read() as tx:
        query = select(notices.c.person_id).where(notices.c.kind == kind, notices.c.state == "owed")
        return [row.person_id for row in await tx.rows(query.order_by(notices.c.id))]


async def beat(database: Database, now: datetime) -> None:
    async with database.write() as tx:
        await reminders.fire_due(tx, now=now)


async def test_taking_twice_is_harmless(database: Database) -> None:
    event = await published_event(database, now=NOON)
    shift = await new_shift(database, event)
    ming = await volunteer(database, 10)
    for _ in range(2):
        assert isinstance(await take(database, shift, ming), Taken)
    async with database.read() as tx:
        assert await shifts.count_taken(tx, [shift.id]) == {shift.id: 1}


async def test_of_many_at_once_exactly_one_gets_the_last_place(database: Database) -> None:
    event = await published_event(database, now=NOON)
    shift = await new_shift(database, event)
    hands = [await volunteer(database, 20 + n) for n in range(8)]
    answers = await asyncio.gather(*(take(database, shift, one) for one in hands))
    assert sorted(type(answer).__name__ for answer in answers) == ["Full"] * 7 + ["Taken"]
    async with database.read() as tx:
        assert await shifts.count_taken(tx, [shift.id]) == {shift.id: 1}


async def test_two_devices_of_one_person_never_take_two_shifts_that_overlap(database: Database) -> None:
    event = await published_event(database, now=NOON)
    both = [await new_shift(database, event), await new_shift(database, event)]
    ming = await volunteer(database, 10)
    answers = await asyncio.gather(*(take(database, shift, ming) for shift in both))
    assert {type(answer) for answer in answers} == {Taken, Overlaps}


async def test_only_volunteers_take_shifts(database: Database) -> None:
    event = await published_event(database, now=NOON)
    shift = await new_shift(database, event)
    person = await known_person(database, 10, now=NOON)
    assert isinstance(await take(database, shift, person), NotSignedUp)


async def test_dropping_frees_the_place_at_once(database: Database) -> None:
    event = await published_event(database, now=NOON)
    shift = await new_shift(database, event)
    ming, wai = await volunteer(database, 10), await volunteer(database, 11)
    await take(database, shift, ming)
    assert isinstance(await take(database, shift, wai), Full)
    assert await drop(database, shift, ming) == Dropped(shift, was_taken=True)
    assert await drop(database, shift, ming) == Dropped(shift, was_taken=False)
    assert isinstance(await take(database, shift, wai), Taken)


async def test_a_shift_that_is_full_begun_over_cancelled_or_unknown_each_says_so(database: Database) -> None:
    event = await published_event(database, now=NOON)
    shift = await new_shift(database, event)
    ming = await volunteer(database, 10)
    assert await take(database, shift, ming, now=shift.starts_at) == Begun(shift, over=False)
    assert await take(database, shift, ming, now=shift.ends_at) == Begun(shift, over=True)
    async with database.write() as tx:
        assert isinstance(await volunteering.take(tx, 999_999, ming.id, now=NOON), Gone)
        assert isinstance(await volunteering.take(tx, -1, ming.id, now=NOON), Gone)
        assert await shift_changes.cancel(tx, shift.id, now=NOON)
    assert isinstance(await take(database, shift, ming), Cancelled)
    assert isinstance(await drop(database, shift, ming), Cancelled)


async def test_shifts_of_a_draft_do_not_exist_yet(database: Database) -> None:
    event = await published_event(database, now=NOON)
    shift = await new_shift(database, event)
    async with database.write() as tx:
        await tx.run(update(event_table).where(event_table.c.id == event.id).values(state="draft"))
    assert isinstance(await take(database, shift, await volunteer(database, 10)), Gone)


async def test_overlaps_are_of_real_intervals_across_midnight_and_across_events(
    database: Database,
) -> None:
    night = datetime(2026, 11, 28, 22, 0, tzinfo=HK).astimezone(UTC)
    camp = await published_event(database, now=NOON, starts_at=night, ends_at=night + 11 * HOUR)
    visit = await published_event(database, now=NOON, starts_at=night + 10 * HOUR, title="Visit")
    guard, guide = await new_shift(database, camp), await new_shift(database, visit)
    ming = await volunteer(database, 10)
    await take(database, guard, ming)
    assert await take(database, guide, ming) == Overlaps(guide, guard, camp)


async def test_back_to_back_is_no_overlap(database: Database) -> None:
    event = await published_event(database, now=NOON)
    before = await new_shift(database, event, starts_at=event.starts_at - 3 * HOUR, ends_at=event.starts_at)
    during = await new_shift(database, event)
    ming = await volunteer(database, 10)
    assert isinstance(await take(database, before, ming), Taken)
    assert isinstance(await take(database, during, ming), Taken)


@given(*[st.integers(0, 72)] * 2, *[st.integers(1, 30)] * 2)
def test_shifts_overlap_where_they_share_an_hour(
    one: int, other: int, one_lasts: int, other_lasts: int
) -> None:
    def shift(starts: int, lasts: int) -> Shift:
        begins = NOON + starts * HOUR
        return Shift(1, 1, begins, begins + lasts * HOUR, 1, (), None, {}, {})

    shared = set(range(one, one + one_lasts)) & set(range(other, other + other_lasts))
    assert volunteering.overlap(shift(one, one_lasts), shift(other, other_lasts)) == bool(shared)
    assert volunteering.overlap(shift(other, other_lasts), shift(one, one_lasts)) == bool(shared)


async def test_an_event_at_that_time_is_a_warning_and_the_volunteer_decides(database: Database) -> None:
    helped = await published_event(database, now=NOON)
    attended = await published_event(database, now=NOON, title="Visit")
    shift = await new_shift(database, helped)
    ming = await volunteer(database, 10)
    async with database.write() as tx:
        await attendance.join(tx, attended.id, ming.id, now=NOON)
        await attendance.join(tx, helped.id, ming.id, now=NOON)
    assert await take(database, shift, ming) == Warned(shift, (attended,))
    async with database.read() as tx:
        assert not await shifts.has_taken(tx, shift.id, ming.id)
    assert isinstance(await take(database, shift, ming, anyway=True), Taken)


async def test_roles_that_need_approval_or_a_language_say_so_before_the_tap(database: Database) -> None:
    event = await published_event(database, now=NOON)
    shift = await needing(database, event, languages=["yue", "en"], approval=True)
    ming, boss = await volunteer(database, 10), await known_person(database, 1, now=NOON)
    assert await take(database, shift, ming) == Lacks(shift, Lacking(languages=("yue",)))
    async with database.write() as tx:
        assert await volunteering.add_languages(tx, shift.id, ming.id)
    for _ in range(2):
        assert await take(database, shift, ming) == Applied(shift, event)
    assert await owed(database, "shift_applied") == [boss.id]
    async with database.read() as tx:
        assert await shifts.count_taken(tx, [shift.id]) == {shift.id: 0}


async def test_whoever_is_approved_has_the_shift_and_whoever_is_not_hears_why(database: Database) -> None:
    event = await published_event(database, now=NOON)
    shift = await needing(database, event, approval=True, places=1)
    ming, wai, ann = [await volunteer(database, 10 + n) for n in range(3)]
    boss = await known_person(database, 1, now=NOON)
    for one in (ming, wai, ann):
        assert isinstance(await take(database, shift, one), Applied)
    async with database.write() as tx:
        for _ in range(2):
            answer = await shift_applications.approve(tx, shift.id, ming.id, actor_id=boss.id, now=NOON)
            assert answer == shift_applications.Approved(shift)
        full = await shift_applications.approve(tx, shift.id, wai.id, actor_id=boss.id, now=NOON)
        assert full == Full(shift)
        for reason in ("We are enough", "Another one"):
            await shift_applications.refuse(tx, shift.id, wai.id, reason, actor_id=boss.id, now=NOON)
        assert await volunteering.withdraw(tx, shift.id, ann.id, now=NOON)
        gone = await shift_applications.approve(tx, shift.id, ann.id, actor_id=boss.id, now=NOON)
        assert gone == shift_applications.NotAsking(shift)
    assert await take(database, shift, wai) == Refused(shift, "We are enough")
    assert await owed(database, "shift_approved") == [ming.id]
    assert await owed(database, "shift_refused") == [wai.id]


async def test_who_asked_for_a_shift_hears_that_it_is_cancelled(database: Database) -> None:
    event = await published_event(database, now=NOON)
    shift = await needing(database, event, approval=True)
    ming = await volunteer(database, 10)
    await take(database, shift, ming)
    async with database.write() as tx:
        for _ in range(2):
            await shift_changes.cancel(tx, shift.id, now=NOON)
    assert await owed(database, "shift_cancelled") == [ming.id]


async def test_who_is_approved_has_no_other_shift_at_that_time(database: Database) -> None:
    event = await published_event(database, now=NOON)
    shift = await needing(database, event, approval=True)
    other = await new_shift(database, event)
    ming, boss = await volunteer(database, 10), await known_person(database, 1, now=NOON)
    await take(database, shift, ming)
    await take(database, other, ming)
    async with database.write() as tx:
        answer = await shift_applications.approve(tx, shift.id, ming.id, actor_id=boss.id, now=NOON)
    assert answer == Overlaps(shift, other, event)


async def test_when_a_shift_comes_to_need_more_whoever_has_it_keeps_it(database: Database) -> None:
    event = await published_event(database, now=NOON)
    shift = await new_shift(database, event)
    ming = await volunteer(database, 10)
    await take(database, shift, ming)
    await needing(database, event, shift=shift, languages=["ur"], certificate="driving", approval=True)
    assert isinstance(await take(database, shift, ming), Taken)
    assert await owed(database, "shift_changed") == []


async def test_too_little_rest_is_a_warning_and_the_volunteer_decides(database: Database) -> None:
    event = await published_event(database, now=NOON)
    evening = await new_shift(database, event)
    early = await new_shift(
        database, event, starts_at=evening.ends_at + 10 * HOUR, ends_at=evening.ends_at + 12 * HOUR
    )
    ming = await volunteer(database, 10)
    await take(database, evening, ming)
    assert await take(database, early, ming) == Warned(early, strains=(ShortRest(10 * HOUR),))
    assert isinstance(await take(database, early, ming, anyway=True), Taken)


async def test_calendars_hear_of_a_new_time_or_role_and_of_the_end_by_the_revision(
    database: Database,
) -> None:
    event = await published_event(database, now=NOON)
    shift = await new_shift(database, event)
    revisions = []
    changes: list[dict[str, Any]] = [
        {"places": 3},
        {"roles": {"en": "Interpreter"}},
        {"ends_at": shift.ends_at + HOUR},
    ]
    async with database.write() as tx:
        for values in changes:
            await shift_changes.change(tx, shift.id, now=NOON, **values)
            revisions.append(await revision_of(tx, shift))
        later = {"starts_at": event.starts_at + DAY, "ends_at": event.ends_at + DAY}
        await programme.change(tx, event.id, later, now=NOON)
        revisions.append(await revision_of(tx, shift))
        await shift_changes.cancel(tx, shift.id, now=NOON)
        revisions.append(await revision_of(tx, shift))
    assert revisions == [0, 1, 2, 3, 4]


async def revision_of(tx: Transaction, shift: Shift) -> int:
    found = await shifts.find(tx, shift.id)
    assert found is not None
    return found.revision


async def test_who_stops_volunteering_gives_back_what_has_not_begun(database: Database) -> None:
    event = await published_event(database, now=NOON)
    early, late = (
        await new_shift(database, event, ends_at=event.starts_at + HOUR),
        await new_shift(database, event, starts_at=event.starts_at + HOUR),
    )
    ming = await volunteer(database, 10)
    await take(database, early, ming)
    await take(database, late, ming)
    async with database.write() as tx:
        assert await volunteering.sign_off(tx, ming.id, now=event.starts_at) == 1
        assert await shifts.has_taken(tx, early.id, ming.id)
        assert not await shifts.has_taken(tx, late.id, ming.id)


async def test_a_shift_that_has_begun_can_not_be_dropped_or_deleted_and_keeps_its_hours(
    database: Database,
) -> None:
    event = await published_event(database, now=NOON)
    shift = await new_shift(database, event)
    ming = await volunteer(database, 10)
    await take(database, shift, ming)
    assert isinstance(await drop(database, shift, ming, now=shift.starts_at), Begun)
    async with database.write() as tx:
        assert not await shift_changes.cancel(tx, shift.id, now=shift.starts_at)
        await programme.cancel(tx, event.id, now=shift.starts_at)
        kept = await shifts.find(tx, shift.id)
        assert kept is not None
        assert kept.cancelled_at is None
        assert await shifts.has_taken(tx, shift.id, ming.id)
    assert await owed(database, "shift_cancelled") == []


async def test_a_cancelled_shift_tells_everyone_on_it_once(database: Database) -> None:
    event = await published_event(database, now=NOON)
    shift = await new_shift(database, event, places=3)
    ming, wai, dropped = [await volunteer(database, 10 + n) for n in range(3)]
    for one in (ming, wai, dropped):
        await take(database, shift, one)
    await drop(database, shift, dropped)
    async with database.write() as tx:
        await people.mute(tx, wai.id, "shifts")
        assert await shift_changes.cancel(tx, shift.id, now=NOON)
        assert not await shift_changes.cancel(tx, shift.id, now=NOON + HOUR)
    assert await owed(database, "shift_cancelled") == [ming.id, wai.id]


async def test_fewer_places_remove_nobody_and_more_are_free_at_once(database: Database) -> None:
    event = await published_event(database, now=NOON)
    shift = await new_shift(database, event, places=2)
    ming, wai, ann = [await volunteer(database, 10 + n) for n in range(3)]
    await take(database, shift, ming)
    await take(database, shift, wai)
    for places, expected in ((1, Full), (3, Taken)):
        async with database.write() as tx:
            await shift_changes.change(tx, shift.id, now=NOON, places=places)
            assert (await shifts.count_taken(tx, [shift.id]))[shift.id] == 2
        assert isinstance(await take(database, shift, ann), expected)
    assert await owed(database, "shift_changed") == []


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"starts_at": NOON + 7 * DAY}, True),
        ({"ends_at": NOON + 9 * DAY}, True),
        ({"roles": {"en": "Interpreter"}}, True),
        ({"roles": {"en": "Guide", "zh_Hant_HK": "導賞員"}}, False),
        ({"places": 5}, False),
        ({"notes": {"en": "Bring a cap"}}, False),
    ],
)
async def test_editing_tells_its_people_once_and_only_of_a_new_time_or_role(
    database: Database, changes: dict[str, Any], told: bool
) -> None:
    event = await published_event(database, now=NOON)
    shift = await new_shift(database, event)
    ming = await volunteer(database, 10)
    await take(database, shift, ming)
    for _ in range(2):
        async with database.write() as tx:
            await shift_changes.change(tx, shift.id, now=NOON, **changes)
    assert await owed(database, "shift_changed") == ([ming.id] if told else [])


async def test_nobody_is_told_of_a_shift_that_has_ended(database: Database) -> None:
    event = await published_event(database, now=NOON)
    shift = await new_shift(database, event)
    await take(database, shift, await volunteer(database, 10))
    async with database.write() as tx:
        await shift_changes.change(tx, shift.id, now=shift.ends_at, ends_at=shift.ends_at + HOUR)
        await programme.change_text(tx, event.id, "en", {"place": "Elsewhere"}, now=shift.ends_at + HOUR)
    assert await owed(database, "shift_changed") == []


async def test_a_new_place_of_the_event_is_told_to_those_on_its_shifts_once(database: Database) -> None:
    event = await published_event(database, now=NOON)
    shift = await new_shift(database, event)
    ming = await volunteer(database, 10)
    await take(database, shift, ming)
    for _ in range(2):
        async with database.write() as tx:
            await programme.change_text(tx, event.id, "en", {"place": "Elsewhere"}, now=NOON)
    assert await owed(database, "shift_changed") == [ming.id]


async def test_shifts_follow_their_event_by_the_clock_on_the_wall(database: Database) -> None:
    london = ZoneInfo("Europe/London")
    # The clocks go forward on 28 March 2027.
    starts = datetime(2027, 3, 26, 19, 0, tzinfo=london).astimezone(UTC)
    event = await published_event(database, now=NOON, starts_at=starts, zone="Europe/London")
    shift = await new_shift(database, event, starts_at=starts - HOUR, ends_at=starts + HOUR)
    ming = await volunteer(database, 10)
    await take(database, shift, ming)
    later = datetime(2027, 4, 2, 18, 30, tzinfo=london).astimezone(UTC)
    async with database.write() as tx:
        await programme.change(tx, event.id, {"starts_at": later, "ends_at": later + 2 * HOUR}, now=NOON)
        moved = await shifts.find(tx, shift.id)
    assert moved is not None
    assert moved.starts_at.astimezone(london) == datetime(2027, 4, 2, 17, 30, tzinfo=london)
    assert moved.ends_at - moved.starts_at == 2 * HOUR
    assert await owed(database, "shift_changed") == [ming.id]


async def test_a_shift_that_has_begun_does_not_move_with_its_event(database: Database) -> None:
    event = await published_event(database, now=NOON)
    early = await new_shift(database, event, starts_at=event.starts_at - DAY)
    now = event.starts_at - HOUR
    async with database.write() as tx:
        changes = {"starts_at": event.starts_at + DAY, "ends_at": event.ends_at + DAY}
        await programme.change(tx, event.id, changes, now=now)
        assert await shifts.find(tx, early.id) == early


async def test_whoever_is_moved_into_an_overlap_keeps_both_shifts(database: Database) -> None:
    event, other = (
        await published_event(database, now=NOON),
        await published_event(database, now=NOON, starts_at=NOON + 9 * DAY, title="Visit"),
    )
    moving, staying = await new_shift(database, event), await new_shift(database, other)
    ming = await volunteer(database, 10)
    await take(database, moving, ming)
    await take(database, staying, ming)
    async with database.write() as tx:
        changes = {"starts_at": other.starts_at, "ends_at": other.ends_at}
        await programme.change(tx, event.id, changes, now=NOON)
        moved = await shifts.find(tx, moving.id)
        assert moved is not None
        assert await volunteering.find_overlapping(tx, moved, ming.id) == [
            (staying, await events.find(tx, other.id))
        ]
        assert await shifts.has_taken(tx, moving.id, ming.id)
        assert await shifts.has_taken(tx, staying.id, ming.id)


async def test_reminders_go_to_those_who_had_the_shift_at_the_moment_and_want_them(
    database: Database,
) -> None:
    event = await published_event(database, now=NOON, starts_at=NOON + 3 * DAY)
    shift = await new_shift(database, event, places=9)
    ming, muted, dropped, late = [await volunteer(database, 10 + n) for n in range(4)]
    for one in (ming, muted, dropped):
        await take(database, shift, one)
    await drop(database, shift, dropped, now=NOON + HOUR)
    async with database.write() as tx:
        await people.mute(tx, muted.id, "shifts")
    day_before = shift.starts_at - DAY
    await take(database, shift, late, now=day_before + timedelta(seconds=1))
    await beat(database, day_before + timedelta(seconds=2))
    await beat(database, day_before + timedelta(seconds=3))
    assert await owed(database, "shift_reminder") == [ming.id]


async def test_moving_a_shift_moves_its_reminders_and_forgets_those_owed(database: Database) -> None:
    event = await published_event(database, now=NOON, starts_at=NOON + 3 * DAY)
    shift = await new_shift(database, event)
    ming = await volunteer(database, 10)
    await take(database, shift, ming)
    now = shift.starts_at - DAY
    await beat(database, now)
    async with database.write() as tx:
        await shift_changes.change(
            tx, shift.id, now=now, starts_at=shift.starts_at + DAY, ends_at=shift.ends_at + DAY
        )
    assert await owed(database, "shift_reminder") == []
    await beat(database, now + HOUR)
    assert await owed(database, "shift_reminder") == []
    await beat(database, now + DAY)
    assert await owed(database, "shift_reminder") == [ming.id]


async def test_a_cancelled_shift_reminds_nobody(database: Database) -> None:
    event = await published_event(database, now=NOON, starts_at=NOON + 3 * DAY)
    shift = await new_shift(database, event)
    await take(database, shift, await volunteer(database, 10))
    async with database.write() as tx:
        await shift_changes.cancel(tx, shift.id, now=NOON)
    await beat(database, shift.starts_at - HOUR)
    assert await owed(database, "shift_reminder") == []
