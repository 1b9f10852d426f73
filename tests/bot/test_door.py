"""Who is let in, once, at which time, and who isn't."""

import asyncio
from datetime import datetime, timedelta

import pytest

from bot import attendance, door, door_names, feedback, privacy, programme, tickets, volunteering
from bot.door import Already, CheckedIn, Crew, Full, OthersWait, SomeMissing
from storage import Database, checkins, people, rsvps, shifts
from storage.checkins import Counts, Known
from storage.events import Event
from storage.people import Person
from tests.conftest import NOON
from tests.making import known_person, published_event

SECRET = b"a secret of thirty-two characters"
START = NOON + timedelta(hours=2)


async def event_soon(database: Database, **values: object) -> Event:
    return await published_event(database, now=NOON, **{"starts_at": START, **values})


async def seated(
    database: Database, event: Event, *numbers: int, companions: int = 0, names: tuple[str, ...] = ()
) -> list[Person]:
    found = []
    for position, number in enumerate(numbers):
        person = await known_person(database, number, now=NOON)
        async with database.write() as tx:
            if names:
                await people.refresh(tx, person.id, name=names[position], username=None)
            await attendance.join(tx, event.id, person.id, companions=companions, now=NOON)
        found.append(person)
    return found


async def crew_member(database: Database, number: int = 500) -> Crew:
    person = await known_person(database, number, now=NOON)
    return Crew(person.id, organises=True)


async def code_of(database: Database, event: Event, person: Person) -> str:
    async with database.read() as tx:
        rsvp = await rsvps.find(tx, event.id, person.id)
    assert rsvp is not None
    return tickets.code(rsvp, SECRET)


async def scan(
    database: Database,
    crew: Crew,
    code: str,
    *,
    at: datetime = NOON,
    now: datetime | None = None,
    event_id: int | None = None,
) -> door.Scan:
    async with database.write() as tx:
        return await door.scan(tx, crew, code, SECRET, at=at, now=now or at, event_id=event_id)


async def let_in(
    database: Database,
    crew: Crew,
    event: Event,
    person: Person,
    *,
    at: datetime = NOON,
    anyway: bool = False,
) -> door.WalkIn:
    async with database.write() as tx:
        return await door.check_in(tx, crew, event, person.id, how="name", at=at, now=at, anyway=anyway)


async def guest(
    database: Database, crew: Crew, event: Event, name: str, *, at: datetime, anyway: bool = False
) -> door.WalkIn:
    async with database.write() as tx:
        return await door.let_in_guest(tx, crew, event, name, now=at, anyway=anyway)


async def counted(database: Database, event: Event) -> Counts:
    async with database.read() as tx:
        return await checkins.count(tx, event.id)


async def searched(database: Database, crew: Crew, event: Event, text: str) -> list[Known]:
    async with database.read() as tx:
        return list(await door_names.search(tx, crew, event.id, text))


async def test_the_same_scan_twice_counts_once(database: Database) -> None:
    event = await event_soon(database, companions=2)
    (ming,) = await seated(database, event, 11, companions=2)
    crew, code = await crew_member(database), await code_of(database, event, ming)
    first = await scan(database, crew, code, at=NOON)
    second = await scan(database, crew, code, at=NOON + timedelta(minutes=1))
    assert isinstance(first, CheckedIn)
    assert isinstance(second, Already)
    assert (first.checkin.party, first.booked) == (3, 3)
    assert second.checkin.at == NOON
    assert (await counted(database, event)).here == 3


async def test_order_is_by_scan_time_not_by_arrival_at_the_server(database: Database) -> None:
    event = await event_soon(database)
    (ming,) = await seated(database, event, 11)
    near, far = await crew_member(database, 500), await crew_member(database, 501)
    code, arrived = await code_of(database, event, ming), NOON + timedelta(minutes=10)
    await scan(database, near, code, at=NOON + timedelta(minutes=5), now=arrived)
    late = await scan(database, far, code, at=NOON + timedelta(minutes=1), now=arrived)
    assert isinstance(late, Already)
    assert late.checkin.at == NOON + timedelta(minutes=1)
    assert late.checkin.by == "Person 501"


async def test_a_scan_from_the_future_happened_now(database: Database) -> None:
    event = await event_soon(database)
    (ming,) = await seated(database, event, 11)
    crew, code = await crew_member(database), await code_of(database, event, ming)
    answer = await scan(database, crew, code, at=NOON + timedelta(days=1), now=NOON)
    assert isinstance(answer, CheckedIn)
    assert answer.checkin.at == NOON


async def test_a_cancelled_or_foreign_ticket_is_refused_saying_why(database: Database) -> None:
    event, other = await event_soon(database), await event_soon(database, title="Tea")
    (ming,) = await seated(database, event, 11)
    crew, code = await crew_member(database), await code_of(database, event, ming)
    foreign = await scan(database, crew, code, event_id=other.id)
    assert isinstance(foreign, door.OtherEvent)
    assert foreign.event.id == event.id
    async with database.write() as tx:
        await programme.cancel(tx, event.id, now=NOON)
    assert isinstance(await scan(database, crew, code), door.Cancelled)
    assert isinstance(await scan(database, crew, "t_1_aaaaaaaaaaaaaaaa"), door.NotValid)
    assert (await counted(database, event)).here == 0


async def test_a_place_given_up_and_taken_again_has_a_new_ticket(database: Database) -> None:
    event = await event_soon(database)
    (ming,) = await seated(database, event, 11)
    crew, old = await crew_member(database), await code_of(database, event, ming)
    async with database.write() as tx:
        await attendance.leave(tx, event.id, ming.id, now=NOON + timedelta(minutes=1))
    left = await scan(database, crew, old, at=NOON + timedelta(minutes=1))
    assert isinstance(left, door.NoSeat)
    assert left.state == "left"
    later = NOON + timedelta(minutes=2)
    async with database.write() as tx:
        await attendance.join(tx, event.id, ming.id, now=later)
    assert isinstance(await scan(database, crew, old, at=later), door.NotValid)
    new = await code_of(database, event, ming)
    assert isinstance(await scan(database, crew, new, at=later), CheckedIn)


async def test_the_door_opens_twelve_hours_before_the_event(database: Database) -> None:
    event = await event_soon(database, starts_at=NOON + timedelta(hours=13))
    (ming,) = await seated(database, event, 11)
    crew, code = await crew_member(database), await code_of(database, event, ming)
    early = await scan(database, crew, code)
    assert isinstance(early, door.NotOpen)
    assert early.opens_at == NOON + timedelta(hours=1)
    assert isinstance(await scan(database, crew, code, at=NOON + timedelta(hours=1)), CheckedIn)


async def test_crew_are_organisers_and_volunteers_with_a_shift_around_the_event(database: Database) -> None:
    event, other = await event_soon(database), await event_soon(database)
    helper, member = await known_person(database, 21, now=NOON), await known_person(database, 22, now=NOON)
    async with database.write() as tx:
        await volunteering.sign_up(tx, helper.id, languages=["en"], skills="", free=[], now=NOON)
        shift_id = await shifts.add(
            tx, event.id, starts_at=START, ends_at=event.ends_at, places=2, roles={"en": "Door"}
        )
        await volunteering.take(tx, shift_id, helper.id, now=NOON)

    async def crew(person: Person, now: datetime) -> Crew | None:
        async with database.read() as tx:
            return await door.find_crew(tx, person.id, organises=False, now=now)

    works = await crew(helper, NOON)
    assert works is not None
    assert works.works_at(event.id)
    assert not works.works_at(other.id)
    assert await crew(member, NOON) is None
    assert await crew(helper, START - timedelta(hours=12, minutes=1)) is None
    assert await crew(helper, event.ends_at + timedelta(hours=12)) is not None
    assert await crew(helper, event.ends_at + timedelta(hours=12, minutes=1)) is None
    async with database.write() as tx:
        await volunteering.drop(tx, shift_id, helper.id, now=NOON)
    assert await crew(helper, NOON) is None


async def test_check_in_works_by_code_by_name_search_and_by_list(database: Database) -> None:
    event = await event_soon(database)
    crew = await crew_member(database)
    first, second, third = await seated(
        database, event, 11, 12, 13, names=("José Álvarez", "陳大文", "Łukasz Øster")
    )
    assert isinstance(await scan(database, crew, await code_of(database, event, first)), CheckedIn)
    (found,) = await searched(database, crew, event, "陈大")
    assert found.person_id == second.id
    assert isinstance(await let_in(database, crew, event, second), CheckedIn)
    async with database.write() as tx:
        (missing,) = await checkins.list_missing(tx, event.id, limit=10)
        assert missing.person_id == third.id
        await door.check_in(tx, crew, event, third.id, how="list", at=NOON, now=NOON)
        assert await checkins.list_missing(tx, event.id, limit=10) == []
    assert (await counted(database, event)).here == 3


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("jose", ["José Álvarez"]),
        ("ALVAREZ jos", ["José Álvarez"]),
        ("lukasz oster", ["Łukasz Øster"]),
        ("陈", ["陳大文"]),
        ("تامر", ["تامر"]),
        ("राम", ["राम"]),
        ("person", []),
        ("  ", []),
        ("%", []),
    ],
)
async def test_names_are_found_by_their_parts_in_any_script(
    database: Database, text: str, names: list[str]
) -> None:
    event = await event_soon(database)
    crew = Crew((await crew_member(database)).person_id, organises=False, event_ids=(event.id,))
    await seated(
        database,
        event,
        *range(11, 16),
        names=("José Álvarez", "陳大文", "Łukasz Øster", "تامر", "राम"),
    )
    assert [one.name for one in await searched(database, crew, event, text)] == names


async def test_only_organisers_find_members_who_never_signed_up(database: Database) -> None:
    event = await event_soon(database)
    organiser = await crew_member(database)
    stranger = await known_person(database, 77, now=NOON)
    volunteer = Crew(organiser.person_id, organises=False, event_ids=(event.id,))
    assert [one.person_id for one in await searched(database, organiser, event, "77")] == [stranger.id]
    assert await searched(database, volunteer, event, "77") == []


async def test_forty_arrive_at_once_and_two_crew_press_the_same_name(database: Database) -> None:
    event = await event_soon(database, capacity=60)
    party = await seated(database, event, *range(1000, 1040))
    crews = [await crew_member(database, 500), await crew_member(database, 501)]
    answers = await asyncio.gather(
        *(let_in(database, crew, event, person) for person in party for crew in crews)
    )
    assert sum(isinstance(one, CheckedIn) for one in answers) == 40
    assert sum(isinstance(one, Already) for one in answers) == 40
    assert (await counted(database, event)).here == 40


async def test_the_second_to_press_hears_since_when_and_by_whom(database: Database) -> None:
    event = await event_soon(database)
    (ming,) = await seated(database, event, 11)
    near, far = await crew_member(database, 500), await crew_member(database, 501)
    await let_in(database, near, event, ming)
    answer = await let_in(database, far, event, ming, at=NOON + timedelta(minutes=3))
    assert isinstance(answer, Already)
    assert (answer.checkin.at, answer.checkin.by) == (NOON, "Person 500")


async def test_walk_ins_are_let_in_within_capacity(database: Database) -> None:
    event = await event_soon(database, capacity=2)
    await seated(database, event, 11)
    crew = await crew_member(database)
    assert isinstance(await guest(database, crew, event, "Auntie Wong", at=NOON), CheckedIn)
    full = await guest(database, crew, event, "Uncle Lee", at=NOON)
    assert isinstance(full, Full)
    assert (full.capacity, full.counts.missing) == (2, 1)
    assert (await counted(database, event)).walkins == 1


async def test_a_waitlist_blocks_walk_ups_but_not_its_own_first(database: Database) -> None:
    deadline = NOON + timedelta(minutes=5)
    event = await event_soon(database, capacity=1, deadline_at=deadline)
    ming, wai, tam = await seated(database, event, 11, 12, 13)
    crew = await crew_member(database)
    later = NOON + timedelta(minutes=30)
    async with database.write() as tx:
        await attendance.leave(tx, event.id, ming.id, now=later)
    walk_up = await guest(database, crew, event, "Auntie Wong", at=later)
    assert walk_up == OthersWait(event, 2)
    assert await let_in(database, crew, event, tam, at=later) == OthersWait(event, 1)
    assert isinstance(await let_in(database, crew, event, wai, at=later), CheckedIn)


async def test_from_the_start_on_the_crew_gives_away_the_seats_of_those_missing(database: Database) -> None:
    event = await event_soon(database, capacity=2)
    here, _missing = await seated(database, event, 11, 12)
    crew = await crew_member(database)
    await let_in(database, crew, event, here)
    assert isinstance(await guest(database, crew, event, "Wong", at=START - timedelta(minutes=1)), Full)
    asked = await guest(database, crew, event, "Wong", at=START)
    assert isinstance(asked, SomeMissing)
    assert asked.counts.missing == 1
    assert isinstance(await guest(database, crew, event, "Wong", at=START, anyway=True), CheckedIn)
    assert isinstance(await guest(database, crew, event, "Lee", at=START, anyway=True), Full)


async def test_walk_ins_at_once_never_exceed_the_capacity(database: Database) -> None:
    event = await event_soon(database, capacity=3)
    crew = await crew_member(database)
    answers = await asyncio.gather(
        *(guest(database, crew, event, f"Guest {number}", at=NOON) for number in range(8))
    )
    assert sum(isinstance(one, CheckedIn) for one in answers) == 3
    assert (await counted(database, event)).here == 3


async def test_somebody_with_a_seat_is_let_in_however_full_it_is(database: Database) -> None:
    event = await event_soon(database, capacity=1)
    (ming,) = await seated(database, event, 11)
    crew = await crew_member(database)
    assert isinstance(await guest(database, crew, event, "Wong", at=START, anyway=True), CheckedIn)
    assert isinstance(await let_in(database, crew, event, ming, at=START), CheckedIn)


async def test_fewer_of_a_party_may_come_but_never_more_than_booked(database: Database) -> None:
    event = await event_soon(database, companions=2)
    (ming,) = await seated(database, event, 11, companions=2)
    crew = await crew_member(database)
    answer = await let_in(database, crew, event, ming)
    assert isinstance(answer, CheckedIn)
    async with database.write() as tx:
        changed = await door.change_party(tx, event, answer.checkin, 2)
        assert isinstance(changed, checkins.Checkin)
        assert changed.party == 2
        for forged in (0, -1, 4, 10**6):
            assert await door.change_party(tx, event, changed, forged) is None
        back = await door.change_party(tx, event, changed, 3)
        assert isinstance(back, checkins.Checkin)
    assert (await counted(database, event)).here == 3


async def test_an_entry_taken_back_twice_is_taken_back_once(database: Database) -> None:
    event = await event_soon(database)
    (ming,) = await seated(database, event, 11)
    crew = await crew_member(database)
    answer = await let_in(database, crew, event, ming)
    assert isinstance(answer, CheckedIn)
    async with database.write() as tx:
        assert await door.undo(tx, crew, answer.checkin, now=NOON)
        assert not await door.undo(tx, crew, answer.checkin, now=NOON)
    assert isinstance(await let_in(database, crew, event, ming), CheckedIn)


async def test_guests_names_are_forgotten_and_that_they_came_is_kept(database: Database) -> None:
    event = await event_soon(database, purge_days=14)
    crew = await crew_member(database)
    await guest(database, crew, event, "Auntie Wong", at=NOON)
    async with database.write() as tx:
        await door.forget_guests(tx, event.id, now=event.ends_at)
        assert [one.name for one in await checkins.list_here(tx, event.id)] == ["Auntie Wong"]
        await door.forget_guests(tx, event.id, now=event.ends_at + timedelta(days=14))
        assert [one.name for one in await checkins.list_here(tx, event.id)] == [""]
    assert (await counted(database, event)).here == 1


async def test_forgetting_somebody_forgets_that_they_came(database: Database) -> None:
    event = await event_soon(database)
    (ming,) = await seated(database, event, 11)
    crew = await crew_member(database)
    await let_in(database, crew, event, ming)
    async with database.write() as tx:
        await people.delete_person(tx, ming.id)
    assert (await counted(database, event)).here == 0


async def test_who_takes_part_online_needs_room_at_the_door(database: Database) -> None:
    event = await event_soon(database, ways="both", capacity=1, online_capacity=5)
    ming, online = await known_person(database, 11, now=NOON), await known_person(database, 12, now=NOON)
    async with database.write() as tx:
        for person, way in ((ming, "here"), (online, "online")):
            await rsvps.put(
                tx,
                event.id,
                person.id,
                state="going",
                companions=0,
                asked_at=NOON,
                seated_at=NOON,
                way=way,
            )
    crew = await crew_member(database)
    assert isinstance(await let_in(database, crew, event, online), Full)
    assert isinstance(await let_in(database, crew, event, ming), CheckedIn)


async def test_who_has_an_offer_takes_it_by_standing_at_the_door(database: Database) -> None:
    event = await event_soon(database, capacity=1, offer_minutes=90)
    ming, wai = await seated(database, event, 11, 12)
    crew = await crew_member(database)
    async with database.write() as tx:
        await attendance.leave(tx, event.id, ming.id, now=NOON)
        offered = await rsvps.find(tx, event.id, wai.id)
    assert offered is not None
    assert offered.state == "offered"
    answer = await let_in(database, crew, event, wai)
    assert isinstance(answer, CheckedIn)
    assert answer.checkin.how == "name"
    assert (await counted(database, event)) == Counts(
        seated=1, missing=0, offered=0, waiting=0, here=1, walkins=0
    )


async def test_a_walk_in_sits_on_a_chair_that_nobody_else_is_given(database: Database) -> None:
    event = await event_soon(database, capacity=1)
    crew = await crew_member(database)
    await guest(database, crew, event, "Auntie Wong", at=NOON)
    ming = await known_person(database, 11, now=NOON)
    async with database.write() as tx:
        answer = await attendance.join(tx, event.id, ming.id, now=NOON)
    assert isinstance(answer, attendance.Waiting)


async def test_what_is_kept_of_coming_is_the_persons_to_see(database: Database) -> None:
    event = await event_soon(database)
    (ming,) = await seated(database, event, 11)
    await let_in(database, await crew_member(database), event, ming)
    async with database.write() as tx:
        await feedback.rate(tx, event.id, ming.id, 4, now=event.ends_at)
        kept = await privacy.look(tx, ming)
    assert [(one.id, came.party) for one, came in kept.came] == [(event.id, 1)]
    assert [(one.id, given.score) for one, given in kept.feedback] == [(event.id, 4)]
