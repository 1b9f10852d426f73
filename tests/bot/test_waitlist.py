"""The waitlist runs itself: offers, their time, ways of taking part, and who may overtake whom."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from bot import attendance, programme
from bot.attendance import Cancelled, Closed, Left, NoRoom, Offered, Seated, Waiting
from bot.waitlist import offer_end
from storage import Database, people
from storage.events import Event
from tests.conftest import NOON
from tests.making import published_event
from tests.places import arrived, changed, clock_strikes, joined, left, rsvp_of, somebody, states, told

HOUR = timedelta(hours=1)


async def full_with_offers(database: Database, waiting: int, **values: Any) -> tuple[Event, int, list[int]]:
    """An event of one place with offers of an hour: who sits there, and who waits in order."""
    event = await published_event(database, now=NOON, capacity=1, offer_minutes=60, **values)
    seated = await arrived(database, event)
    return (
        event,
        seated,
        [await arrived(database, event, at=NOON + timedelta(seconds=number)) for number in range(waiting)],
    )


async def accepted(database: Database, event: Event, who: int, at: datetime) -> attendance.Answer:
    async with database.write() as tx:
        return await attendance.accept(tx, event.id, who, now=at)


async def declined(database: Database, event: Event, who: int, at: datetime) -> attendance.Answer:
    async with database.write() as tx:
        return await attendance.decline(tx, event.id, who, now=at)


async def test_a_waitlist_blocks_walk_ups_but_not_the_seats_being_offered_to_it(database: Database) -> None:
    event, seated, (first, second) = await full_with_offers(database, 2)
    await left(database, event, seated)
    walk_up = await arrived(database, event)
    assert await states(database, event, first, second, walk_up) == ["offered", "waiting", "waiting"]
    assert isinstance(await accepted(database, event, first, NOON), Seated)


async def test_an_expired_offer_releases_its_seat_and_an_unexpired_one_holds_it(database: Database) -> None:
    event, seated, (first, second) = await full_with_offers(database, 2)
    await left(database, event, seated)
    await clock_strikes(database, NOON + HOUR - timedelta(seconds=1))
    assert await states(database, event, first, second) == ["offered", "waiting"]
    await clock_strikes(database, NOON + HOUR)
    assert await states(database, event, first, second) == ["left", "offered"]
    assert await told(database, first) == ["place_offered", "offer_ended"]
    assert await told(database, second) == ["place_offered"]


async def test_an_offer_at_a_cancelled_event_ends_without_another_word(database: Database) -> None:
    event, seated, (first,) = await full_with_offers(database, 1)
    await left(database, event, seated)
    async with database.write() as tx:
        await programme.cancel(tx, event.id, now=NOON)
    await clock_strikes(database, NOON + HOUR)
    assert await told(database, first) == ["place_offered", "event_cancelled"]
    assert isinstance(await accepted(database, event, first, NOON), Cancelled)


async def test_only_its_holder_passes_an_offer(database: Database) -> None:
    event, seated, (first, second) = await full_with_offers(database, 2)
    await left(database, event, seated)
    assert isinstance(await accepted(database, event, second, NOON), Waiting)
    assert isinstance(await declined(database, event, second, NOON), Waiting)
    assert await states(database, event, first, second) == ["offered", "waiting"]


async def test_asking_does_not_accept_an_offer(database: Database) -> None:
    event, seated, (first,) = await full_with_offers(database, 1)
    await left(database, event, seated)
    answer = await joined(database, event, first)
    assert isinstance(answer, Offered)
    assert answer.until == NOON + HOUR


async def test_leaving_with_an_offer_ends_it_and_accepted_then_given_up_holds_no_seat(
    database: Database,
) -> None:
    event, seated, (first, second) = await full_with_offers(database, 2)
    await left(database, event, seated)
    answer = await left(database, event, first)
    assert isinstance(answer, Left)
    assert answer.held == "offered"
    assert await states(database, event, first, second) == ["left", "offered"]
    await accepted(database, event, second, NOON)
    await left(database, event, second)
    assert isinstance(await joined(database, event, first), Seated)


async def test_declining_passes_it_on_at_once_and_is_undone_while_seats_last(database: Database) -> None:
    event, seated, (first, second) = await full_with_offers(database, 2)
    await left(database, event, seated)
    assert isinstance(await declined(database, event, first, NOON), Left)
    assert await states(database, event, first, second) == ["left", "offered"]
    await declined(database, event, second, NOON)
    assert isinstance(await joined(database, event, first), Seated)
    assert isinstance(await joined(database, event, second), Waiting)


async def test_accepting_too_late_asks_anew(database: Database) -> None:
    event, seated, (first, second) = await full_with_offers(database, 2)
    await left(database, event, seated)
    # The clock has not noticed yet; the place goes to whoever is next all the same.
    assert isinstance(await accepted(database, event, first, NOON + HOUR), Waiting)
    assert await states(database, event, first, second) == ["waiting", "offered"]
    await declined(database, event, second, NOON + HOUR)
    assert await states(database, event, first) == ["offered"]


async def test_declining_does_not_give_up_what_was_accepted(database: Database) -> None:
    event, seated, (first,) = await full_with_offers(database, 1)
    await left(database, event, seated)
    await accepted(database, event, first, NOON)
    assert isinstance(await declined(database, event, first, NOON), Seated)


async def test_an_offer_holds_though_sign_up_closes_and_nobody_takes_it_after_the_start(
    database: Database,
) -> None:
    event, seated, (first,) = await full_with_offers(database, 1)
    await left(database, event, seated)
    await changed(database, event, deadline_at=NOON + timedelta(minutes=5))
    assert isinstance(await accepted(database, event, first, event.starts_at), Closed)
    assert isinstance(await accepted(database, event, first, NOON + timedelta(minutes=30)), Seated)


@pytest.mark.parametrize(
    ("left_minutes", "given"), [(10_000, 600), (2400, 600), (1200, 300), (60, 15), (20, 10), (10, None)]
)
async def test_an_offer_shortens_as_the_event_nears(
    database: Database, left_minutes: int, given: int | None
) -> None:
    event = await published_event(
        database,
        now=NOON,
        offer_minutes=600,
        deadline_at=NOON + timedelta(minutes=left_minutes),
        starts_at=NOON + timedelta(days=8),
    )
    assert offer_end(event, NOON) == (None if given is None else NOON + timedelta(minutes=given))


async def test_an_offer_made_at_night_runs_from_the_morning(database: Database) -> None:
    event, seated, (first,) = await full_with_offers(database, 1)
    async with database.write() as tx:
        await people.set_quiet(tx, first, (22 * 60, 7 * 60))
    # Eleven in the evening in Hong Kong.
    night = NOON + timedelta(hours=11)
    await left(database, event, seated, at=night)
    assert (await rsvp_of(database, event, first)).offer_until == night + timedelta(hours=9)


async def test_who_brings_fewer_and_fits_now_sits_without_an_offer(database: Database) -> None:
    event = await published_event(database, now=NOON, capacity=2, companions=2, offer_minutes=60)
    await arrived(database, event)
    pair = await arrived(database, event, companions=1)
    answer = await joined(database, event, pair, companions=0)
    assert isinstance(answer, Seated)
    assert await told(database, pair) == []


async def test_raising_the_capacity_offers_in_order(database: Database) -> None:
    event, _, (first, second, third) = await full_with_offers(database, 3)
    assert await changed(database, event, capacity=3) == 2
    assert await states(database, event, first, second, third) == ["offered", "offered", "waiting"]


async def test_a_smaller_party_overtakes_only_where_the_event_lets_it(database: Database) -> None:
    event = await published_event(database, now=NOON, capacity=3, companions=2)
    seated = await arrived(database, event, companions=1)
    await arrived(database, event)
    three, one = await arrived(database, event, companions=2), await arrived(database, event)
    await joined(database, event, seated, companions=0)
    assert await states(database, event, three, one) == ["waiting", "waiting"]
    await changed(database, event, smaller_first=True)
    assert await states(database, event, three, one) == ["waiting", "going"]


async def test_a_party_larger_than_the_event_holds_nobody_up(database: Database) -> None:
    event = await published_event(database, now=NOON, capacity=2, companions=3)
    four = await arrived(database, event, companions=3)
    one = await arrived(database, event)
    assert await states(database, event, four, one) == ["waiting", "going"]


async def test_each_way_has_places_and_a_waitlist_of_its_own(database: Database) -> None:
    event = await published_event(database, now=NOON, ways="both", capacity=1, online_capacity=1)
    here, online = [await arrived(database, event, way=way) for way in ("here", "online")]
    late = [await somebody(database) for _ in range(3)]
    answers = [
        await joined(database, event, who, way=way, at=NOON + timedelta(seconds=number))
        for number, (who, way) in enumerate(zip(late, ("here", "online", "here"), strict=True))
    ]
    assert [one.position for one in answers if isinstance(one, Waiting)] == [1, 1, 2]
    await left(database, event, online)
    assert await states(database, event, here, *late) == ["going", "waiting", "going", "waiting"]


async def test_changing_the_way_needs_room_there_and_frees_the_place_here(database: Database) -> None:
    event = await published_event(database, now=NOON, ways="both", capacity=1, online_capacity=1)
    here, online = [await arrived(database, event, way=way) for way in ("here", "online")]
    waiting = await arrived(database, event, way="here")
    full = await joined(database, event, here, way="online")
    assert isinstance(full, NoRoom)
    assert full.way == "online"
    await left(database, event, online)
    assert isinstance(await joined(database, event, here, way="online"), Seated)
    assert await states(database, event, waiting) == ["going"]


async def test_an_event_that_goes_online_takes_everybody_along(database: Database) -> None:
    event = await published_event(database, now=NOON, capacity=2)
    people = [await arrived(database, event) for _ in range(3)]
    await changed(database, event, ways="online", online_capacity=1)
    assert await states(database, event, *people) == ["going", "going", "waiting"]
    assert {(await rsvp_of(database, event, one)).way for one in people} == {"online"}
