"""Two who decide at the same moment: one comes first, the other sees it, and nobody is lost in between."""

import asyncio
from collections.abc import Awaitable
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot import (
    attendance,
    consents,
    door,
    jobs,
    merging,
    privacy,
    programme,
    series,
    visits,
    waitlist,
)
from bot.beat import Beat
from bot.consents import ForGuardian, Needed
from bot.door import Crew
from playground.clock import Clock
from storage import Database, Transaction, Unavailable, checkins, events, notices, rsvps, travellers
from storage import jobs as job_rows
from storage import series as series_rows
from storage.events import Event
from storage.people import Person
from storage.travellers import Traveller
from tests.conftest import NOON
from tests.making import published_event
from tests.moments import MOMENT, Act, alone, at_once, person, seated

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


async def camper_asked(database: Database) -> tuple[Event, Person, str, int]:
    event = await published_event(database, now=NOON, starts_at=NOON + 20 * DAY, guardian_consent=True)
    young = await seated(database, event)
    needed = await alone(database, lambda tx: consents.ask(tx, event.id, young.id, now=NOON))
    assert isinstance(needed, Needed)
    return event, young, needed.consent.token, needed.consent.id


def yes(token: str, guardian: Person, now: datetime) -> Act:
    def agree(tx: Transaction) -> Awaitable[Any]:
        return consents.agree(tx, token, guardian.id, name="Made Up", relation="aunt", phone="", now=now)

    return agree


async def test_a_yes_at_the_last_moment_keeps_the_place(database: Database) -> None:
    event, young, token, consent_id = await camper_asked(database)
    guardian, due = await person(database), event.starts_at - DAY
    await at_once(database, yes(token, guardian, due), lambda tx: consents.check(tx, consent_id, now=due))
    async with database.read() as tx:
        found = await rsvps.find(tx, event.id, young.id)
        stand = await consents.stand(tx, event.id, young.id)
    assert found is not None
    assert found.state == "going"
    assert stand is not None
    assert stand.state == "given"


async def test_a_yes_that_comes_too_late_is_told_so(database: Database) -> None:
    event, young, token, consent_id = await camper_asked(database)
    guardian, due = await person(database), event.starts_at - DAY
    _, answer = await at_once(
        database, lambda tx: consents.check(tx, consent_id, now=due), yes(token, guardian, due)
    )
    assert not isinstance(answer, ForGuardian)
    async with database.read() as tx:
        found = await rsvps.find(tx, event.id, young.id)
    assert found is not None
    assert found.state == "left"


async def test_a_consent_given_while_the_link_is_renewed_stands(database: Database) -> None:
    event, young, token, _ = await camper_asked(database)
    guardian = await person(database)
    await at_once(
        database,
        yes(token, guardian, NOON),
        lambda tx: consents.renew(tx, event.id, young.id, now=NOON),
    )
    async with database.read() as tx:
        stand = await consents.stand(tx, event.id, young.id)
    assert stand is not None
    assert (stand.state, stand.guardian_id) == ("given", guardian.id)


async def test_nobody_is_let_in_on_a_seat_that_is_given_up_at_that_moment(database: Database) -> None:
    event = await published_event(database, now=NOON, starts_at=NOON + 2 * HOUR, capacity=1)
    leaver, next_one = await seated(database, event), await seated(database, event)
    crew = Crew((await person(database)).id, organises=True)
    _, answer = await at_once(
        database,
        lambda tx: attendance.leave(tx, event.id, leaver.id, now=NOON),
        lambda tx: door.check_in(tx, crew, event, leaver.id, how="name", at=NOON, now=NOON),
    )
    assert isinstance(answer, door.Full)
    async with database.read() as tx:
        assert (await checkins.count(tx, event.id)).here == 0
        found = await rsvps.find(tx, event.id, next_one.id)
    assert found is not None
    assert found.state == "going"


async def test_who_moves_up_at_the_moment_of_coming_in_sits_on_one_seat(database: Database) -> None:
    event = await published_event(database, now=NOON, starts_at=NOON + 2 * HOUR, capacity=1)
    leaver, waiting = await seated(database, event), await seated(database, event)
    crew = Crew((await person(database)).id, organises=True)
    _, answer = await at_once(
        database,
        lambda tx: attendance.leave(tx, event.id, leaver.id, now=NOON),
        lambda tx: door.check_in(tx, crew, event, waiting.id, how="name", at=NOON, now=NOON),
    )
    assert isinstance(answer, door.CheckedIn)
    assert answer.checkin.how == "name"
    async with database.read() as tx:
        assert (await attendance.count_places(tx, event)).seated == 1


async def test_forty_come_in_at_once_and_some_are_taken_back_meanwhile(database: Database) -> None:
    event = await published_event(database, now=NOON, starts_at=NOON + 2 * HOUR)
    crew = Crew((await person(database)).id, organises=True)
    came = [await seated(database, event) for _ in range(10)]

    async def let_in(one: Person) -> Any:
        return await alone(
            database, lambda tx: door.check_in(tx, crew, event, one.id, how="list", at=NOON, now=NOON)
        )

    async def in_and_out(one: Person) -> Any:
        answer = await let_in(one)
        return await alone(database, lambda tx: door.undo(tx, crew, answer.checkin, now=NOON))

    answers = await asyncio.gather(
        *(let_in(one) for one in came * 3), *(in_and_out(one) for one in came), return_exceptions=True
    )
    assert [one for one in answers if isinstance(one, Exception)] == []
    async with database.read() as tx:
        here = await checkins.list_here(tx, event.id)
    assert len({one.person_id for one in here}) == len(here)


def details(rsvp_id: int) -> Traveller:
    return Traveller(rsvp_id, 0, "Made Up", "other", "1234", "", "Made Up Too", "12345678", "", "", NOON)


async def test_nothing_is_kept_of_a_traveller_who_leaves_at_that_moment(database: Database) -> None:
    event = await published_event(database, now=NOON, kind="visit", traveller_details=True)
    one = await seated(database, event)
    async with database.read() as tx:
        mine = await rsvps.find(tx, event.id, one.id)
    assert mine is not None
    await at_once(
        database,
        lambda tx: attendance.leave(tx, event.id, one.id, now=NOON),
        lambda tx: visits.save_details(tx, event.id, one.id, details(mine.id), now=NOON),
    )
    async with database.read() as tx:
        assert await travellers.list_of_rsvp(tx, mine.id) == []


async def test_a_change_told_while_another_is_made_says_what_is_true_then(database: Database) -> None:
    event = await published_event(database, now=NOON)
    await seated(database, event)
    await alone(
        database, lambda tx: programme.change(tx, event.id, {"ends_at": event.ends_at + HOUR}, now=NOON)
    )
    final = event.ends_at + 2 * HOUR

    async def word(tx: Transaction) -> list[datetime]:
        claimed = await notices.claim(tx, now=NOON, limit=10)
        found = await events.find(tx, event.id)
        assert found is not None
        return [found.ends_at for one in claimed if one.kind == "event_changed"]

    _, told = await at_once(
        database, lambda tx: programme.change(tx, event.id, {"ends_at": final}, now=NOON), word
    )
    later = await alone(database, word)
    assert [*told, *later] == [final]


async def test_an_application_in_the_second_in_which_another_was_told_is_told_too(database: Database) -> None:
    event = await published_event(database, now=NOON, approval=True)
    told = []
    for _ in range(2):
        await seated(database, event)
        async with database.write() as tx:
            claimed = await notices.claim(tx, now=NOON, limit=10)
            await notices.settle(tx, [notices.Settled(one, "sent") for one in claimed], now=NOON)
        told.append([one.kind for one in claimed])
    assert told == [["application_new"]] * 2


async def test_what_the_clock_does_at_one_event_keeps_nobody_from_another(database: Database) -> None:
    kept = [
        await published_event(database, now=NOON, capacity=1, offer_minutes=30 - n, starts_at=NOON + 9 * DAY)
        for n in range(2)
    ]
    for event in kept:
        holder = await seated(database, event)
        await seated(database, event)
        await alone(
            database,
            lambda tx, e=event, h=holder: attendance.leave(tx, e.id, h.id, now=NOON),  # type: ignore[misc]
        )
    clock = Clock(NOON)
    clock.move(3600)
    first, second = kept
    async with database.write() as tx:
        # In the order of their ids, while the second one's offer ends before the first one's.
        await events.lock(tx, first.id)
        ticking = asyncio.create_task(Beat(database, clock).tick())
        await asyncio.sleep(MOMENT)
        await asyncio.wait_for(events.lock(tx, second.id), timeout=2)
    await ticking
    async with database.read() as tx:
        assert await job_rows.list_due(tx, now=clock.now(), limit=5) == []
        for event in kept:
            assert await rsvps.count_seated(tx, event.id) == 0


async def test_trouble_of_the_database_leaves_what_is_due_for_the_next_second(database: Database) -> None:
    async def troubled(tx: Transaction, subject_id: int, *, now: datetime) -> None:
        raise Unavailable("deadlock detected")

    await alone(database, lambda tx: job_rows.plan(tx, "test", 1, due_at=NOON))
    with pytest.raises(Unavailable):
        await alone(database, lambda tx: jobs.do_due(tx, now=NOON, doings={"test": troubled}))
    async with database.read() as tx:
        assert [job.due_at for job in await job_rows.list_due(tx, now=NOON, limit=5)] == [NOON]


async def test_an_offer_is_accepted_or_ends_but_never_both(database: Database) -> None:
    for first_ends in (True, False):
        event = await published_event(database, now=NOON, capacity=1, offer_minutes=30)
        holder, offered, third = [await seated(database, event) for _ in range(3)]
        await alone(database, lambda tx, e=event, h=holder: attendance.leave(tx, e.id, h.id, now=NOON))  # type: ignore[misc]
        async with database.read() as tx:
            mine = await rsvps.find(tx, event.id, offered.id)
        assert mine is not None
        assert mine.offer_until is not None
        ends = mine.offer_until

        def end(tx: Transaction, rsvp_id: int = mine.id, now: datetime = ends) -> Awaitable[Any]:
            return waitlist.end_offer(tx, rsvp_id, now=now)

        def accept(
            tx: Transaction, event_id: int = event.id, who: int = offered.id, now: datetime = ends
        ) -> Awaitable[Any]:
            return attendance.accept(tx, event_id, who, now=now - timedelta(seconds=1))

        await at_once(database, *((end, accept) if first_ends else (accept, end)))
        async with database.read() as tx:
            assert await rsvps.count_seated(tx, event.id) == 1
            states = {one.person_id: one.state for one in await rsvps.list_of_event(tx, event.id)}
        assert states[offered.id] == ("waiting" if first_ends else "going")
        assert states[third.id] == ("offered" if first_ends else "waiting")


async def test_a_crowd_that_comes_goes_and_grows_never_has_more_places_than_there_are(
    database: Database,
) -> None:
    event = await published_event(database, now=NOON, capacity=3, companions=2)
    crowd = [await person(database) for _ in range(16)]
    later = NOON + timedelta(minutes=1)

    async def come_and_go(number: int, one: Person) -> None:
        await alone(
            database, lambda tx: attendance.join(tx, event.id, one.id, companions=number % 3, now=NOON)
        )
        if number % 2:
            await alone(database, lambda tx: attendance.leave(tx, event.id, one.id, now=later))
        else:
            await alone(database, lambda tx: attendance.join(tx, event.id, one.id, companions=1, now=later))

    async def grow() -> None:
        for places in (4, 5, 6):
            await alone(
                database,
                lambda tx, n=places: programme.change(tx, event.id, {"capacity": n}, now=later),  # type: ignore[misc]
            )

    await asyncio.gather(*(come_and_go(n, one) for n, one in enumerate(crowd)), grow())
    async with database.read() as tx:
        found = await events.find(tx, event.id)
        assert found is not None
        assert found.capacity == 6
        places = await attendance.count_places(tx, found)
        assert places.seated <= 6
        waiting = await rsvps.list_waiting(tx, event.id)
        if waiting:
            assert waiting[0].party > (places.free or 0)


async def test_a_merger_and_whole_series_stop_nobody_who_comes_or_goes_meanwhile(database: Database) -> None:
    async with database.write() as tx:
        series_id = await series_rows.add(tx, names={"en": "Evenings"}, now=NOON)
    sessions = [
        # The later its id, the sooner it is: nobody may lock them in the order of the calendar.
        await published_event(
            database,
            now=NOON,
            starts_at=NOON + timedelta(days=9 - n),
            capacity=4,
            companions=1,
            offer_minutes=30,
            series_id=series_id,
        )
        for n in range(3)
    ]
    boss, crowd = await person(database), [await person(database) for _ in range(10)]
    later = NOON + timedelta(minutes=1)

    async def come_and_go(number: int, one: Person) -> None:
        await alone(database, lambda tx: series.join_all(tx, series_id, one.id, companions=0, now=NOON))
        await alone(
            database,
            lambda tx: attendance.leave(tx, sessions[number % 3].id, one.id, now=later),
        )
        if number % 2:
            await alone(database, lambda tx: series.leave_all(tx, series_id, one.id, now=later))
        if number == 4:
            await alone(
                database, lambda tx: merging.merge(tx, sessions[2].id, sessions[0].id, boss.id, now=later)
            )
        if number == 6:
            await alone(database, lambda tx: privacy.forget(tx, one, now=later))

    answers = await asyncio.gather(
        *(come_and_go(n, one) for n, one in enumerate(crowd)), return_exceptions=True
    )
    assert [one for one in answers if one is not None] == []
    async with database.read() as tx:
        for session in await series.list_sessions(tx, series_id, now=later):
            assert (await attendance.count_places(tx, session)).seated <= 4
        assert await rsvps.list_concerned(tx, sessions[2].id) == []
