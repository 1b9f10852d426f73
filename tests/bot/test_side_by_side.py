"""Two who decide at the same moment: one comes first, the other sees it, and nobody is lost in between."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot import (
    attendance,
    consents,
    door,
    jobs,
    programme,
    shift_changes,
    swapping,
    visits,
    volunteer_certificates,
    waitlist,
)
from bot.beat import Beat
from bot.consents import ForGuardian, Needed
from bot.door import Crew
from bot.swapping import Asked, Over
from bot.volunteering import Lacks
from playground.clock import Clock
from storage import Database, Transaction, Unavailable, checkins, events, notices, rsvps, shifts, travellers
from storage import jobs as job_rows
from storage.events import Event
from storage.people import Person
from storage.travellers import Traveller
from tests.conftest import NOON
from tests.making import known_person, published_event
from tests.shifts import certified, has, new_shift, take, volunteer

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
# Long enough for the second to come to where it waits for the first, or to pass where it needn't.
MOMENT = 0.1
_numbers = itertools.count(8000)

Act = Callable[[Transaction], Awaitable[Any]]


async def person(database: Database) -> Person:
    return await known_person(database, next(_numbers), now=NOON)


async def seated(database: Database, event: Event) -> Person:
    found = await person(database)
    async with database.write() as tx:
        await attendance.join(tx, event.id, found.id, now=NOON)
    return found


async def alone(database: Database, act: Act) -> Any:
    async with database.write() as tx:
        return await act(tx)


async def at_once(database: Database, first: Act, second: Act, *, then: Act | None = None) -> tuple[Any, Any]:
    """What two say of whom the second acts after the first has acted, and before that is committed."""
    async with database.write() as tx:
        one = await first(tx)
        other = asyncio.create_task(alone(database, second))
        await asyncio.sleep(MOMENT)
        if then is not None:
            one = await then(tx)
    return one, await other


async def two_who_would_swap(database: Database) -> tuple[Any, Any, Person, Person, int]:
    event = await published_event(database, now=NOON)
    mine = await new_shift(database, event)
    theirs = await new_shift(database, event, starts_at=event.starts_at + DAY, ends_at=event.ends_at + DAY)
    ming, wai = await volunteer(database, next(_numbers)), await volunteer(database, next(_numbers))
    await take(database, mine, ming)
    await take(database, theirs, wai)
    answer = await alone(database, lambda tx: swapping.ask(tx, mine.id, ming.id, theirs.id, wai.id, now=NOON))
    assert isinstance(answer, Asked)
    return mine, theirs, ming, wai, answer.swap_id


async def test_an_exchange_refused_at_the_moment_of_the_yes_does_not_happen(database: Database) -> None:
    mine, theirs, ming, wai, swap_id = await two_who_would_swap(database)
    _, answer = await at_once(
        database,
        lambda tx: swapping.refuse(tx, swap_id, wai.id, now=NOON),
        lambda tx: swapping.agree(tx, swap_id, wai.id, now=NOON),
    )
    assert isinstance(answer, Over)
    assert await has(database, mine, ming)
    assert await has(database, theirs, wai)


async def test_an_exchange_taken_back_while_the_other_agrees_ends_one_way_for_both(
    database: Database,
) -> None:
    mine, theirs, ming, wai, swap_id = await two_who_would_swap(database)

    async def lock(tx: Transaction) -> None:
        for one in (mine, theirs):
            await shifts.lock(tx, one.id)

    answer, withdrawn = await at_once(
        database,
        lock,
        lambda tx: swapping.withdraw(tx, swap_id, ming.id, now=NOON),
        then=lambda tx: swapping.agree(tx, swap_id, wai.id, now=NOON),
    )
    assert isinstance(answer, Over) == withdrawn
    assert await has(database, mine, ming) == withdrawn
    assert await has(database, theirs, wai) == withdrawn


async def test_a_shift_and_its_event_are_cancelled_at_once_without_getting_in_each_others_way(
    database: Database,
) -> None:
    event = await published_event(database, now=NOON)
    shift, boss = await new_shift(database, event), await person(database)
    cancelled, alone_cancelled = await at_once(
        database,
        lambda tx: events.lock(tx, event.id),
        lambda tx: shift_changes.cancel(tx, shift.id, now=NOON, actor_id=boss.id),
        then=lambda tx: programme.cancel(tx, event.id, now=NOON),
    )
    assert cancelled.state == "cancelled"
    async with database.read() as tx:
        found = await shifts.find(tx, shift.id)
    assert found is not None
    assert found.cancelled_at is not None
    assert isinstance(alone_cancelled, bool)


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
            await notices.settle(tx, [notices.Settled(one.id, "sent") for one in claimed], now=NOON)
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


async def test_a_certificate_handed_in_anew_while_one_is_looked_at_is_looked_at_itself(
    database: Database,
) -> None:
    event = await published_event(database, now=NOON)
    ming, boss = await volunteer(database, next(_numbers)), await person(database)

    def hand_in(tx: Transaction, now: datetime = NOON) -> Awaitable[Any]:
        return volunteer_certificates.hand_in(
            tx, ming.id, "first_aid", expires_on=None, file="photo:x", now=now
        )

    shown: dict[str, Any] = {"given_at": int(NOON.timestamp()), "actor_id": boss.id, "now": NOON}
    await alone(database, hand_in)
    _, answer = await at_once(
        database,
        lambda tx: hand_in(tx, NOON + HOUR),
        lambda tx: volunteer_certificates.confirm(tx, ming.id, "first_aid", **shown),
    )
    assert isinstance(answer, volunteer_certificates.Changed)
    needing = await new_shift(database, event, certificate="first_aid")
    assert isinstance(await take(database, needing, ming), Lacks)


async def test_a_certificate_is_found_good_or_refused_but_never_both(database: Database) -> None:
    ming, boss = await volunteer(database, next(_numbers)), await person(database)
    await certified(database, ming, by=await person(database))
    await alone(
        database,
        lambda tx: volunteer_certificates.hand_in(
            tx, ming.id, "first_aid", expires_on=None, file="photo:y", now=NOON
        ),
    )
    shown: dict[str, Any] = {"given_at": int(NOON.timestamp()), "actor_id": boss.id, "now": NOON}
    _, answer = await at_once(
        database,
        lambda tx: volunteer_certificates.confirm(tx, ming.id, "first_aid", **shown),
        lambda tx: volunteer_certificates.refuse(tx, ming.id, "first_aid", "unclear", **shown),
    )
    assert isinstance(answer, volunteer_certificates.Changed)


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
