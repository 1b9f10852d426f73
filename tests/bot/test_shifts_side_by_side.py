"""Two who decide about shifts at the same moment: whoever comes second sees what the first has done."""

import itertools
from collections.abc import Awaitable
from datetime import datetime, timedelta
from typing import Any

from bot import programme, shift_changes, swapping, volunteer_certificates
from bot.swapping import Asked, Over
from bot.volunteering import Lacks
from storage import Database, Transaction, events, shifts
from storage.people import Person
from tests.conftest import NOON
from tests.making import published_event
from tests.moments import alone, at_once, person
from tests.shifts import certified, has, new_shift, take, volunteer

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
_numbers = itertools.count(8500)


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
