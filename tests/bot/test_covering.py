"""Who can't come seeks cover or exchanges the shift, and loses nothing by asking."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bot import covering, jobs, programme, shift_applications, shift_changes, swapping, volunteering
from bot.covering import Kept, NotYours, Sought
from bot.swapping import Asked, AskedBefore, Done, InTheWay, NeedsApproval, Over, Waiting
from bot.volunteering import Applied, Dropped, Full, Held, Lacks, Overlaps, Taken
from storage import Database, people, shift_signups, swaps
from storage.events import Event
from storage.people import Person
from storage.shifts import Shift
from tests.conftest import NOON
from tests.making import known_person, published_event
from tests.shifts import certified, drop, has, new_shift, owed, standing, take, volunteer

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def seek(database: Database, shift: Shift, person: Person, **values: Any) -> object:
    async with database.write() as tx:
        return await covering.seek(tx, shift.id, person.id, now=values.get("now", NOON))


async def two_on_duty(database: Database) -> tuple[Event, Shift, Person, Shift, Person]:
    """Ming has the morning, Wai the evening of another day."""
    event = await published_event(database, now=NOON)
    morning = await new_shift(database, event)
    evening = await new_shift(
        database, event, starts_at=event.starts_at + DAY, ends_at=event.ends_at + DAY, roles={"en": "Door"}
    )
    ming, wai = await volunteer(database, 10), await volunteer(database, 11)
    assert isinstance(await take(database, morning, ming), Taken)
    assert isinstance(await take(database, evening, wai), Taken)
    return event, morning, ming, evening, wai


async def ask(
    database: Database, mine: Shift, me: Person, theirs: Shift, them: Person, **values: Any
) -> object:
    async with database.write() as tx:
        return await swapping.ask(tx, mine.id, me.id, theirs.id, them.id, now=values.get("now", NOON))


async def agree(database: Database, swap_id: int, person: Person, **values: Any) -> object:
    async with database.write() as tx:
        return await swapping.agree(tx, swap_id, person.id, now=values.get("now", NOON))


async def asked(database: Database, mine: Shift, me: Person, theirs: Shift, them: Person) -> int:
    answer = await ask(database, mine, me, theirs, them)
    assert isinstance(answer, Asked)
    return answer.swap_id


async def test_who_cannot_come_keeps_the_place_until_cover_is_found_if_the_organiser_asks_for_that(
    database: Database,
) -> None:
    event = await published_event(database, now=NOON, hold_shifts=True)
    shift = await new_shift(database, event)
    ming, wai = await volunteer(database, 10), await volunteer(database, 11)
    await take(database, shift, ming)
    assert await drop(database, shift, ming) == Held(shift)
    assert await has(database, shift, ming)
    assert isinstance(await take(database, shift, wai), Full)
    assert await seek(database, shift, ming) == Sought(shift, 1)
    assert await has(database, shift, ming)
    assert isinstance(await take(database, shift, wai), Taken)
    assert (await has(database, shift, ming), await has(database, shift, wai)) == (False, True)
    assert await owed(database, "cover_found") == [ming.id]


async def test_where_nothing_is_kept_a_place_given_back_is_free_at_once(database: Database) -> None:
    event = await published_event(database, now=NOON)
    shift = await new_shift(database, event)
    ming, wai = await volunteer(database, 10), await volunteer(database, 11)
    await take(database, shift, ming)
    assert await drop(database, shift, ming) == Dropped(shift, was_taken=True)
    assert isinstance(await take(database, shift, wai), Taken)


async def test_cover_goes_before_a_free_place_and_to_exactly_one_of_many(database: Database) -> None:
    event = await published_event(database, now=NOON)
    shift = await new_shift(database, event, places=2)
    ming = await volunteer(database, 10)
    await take(database, shift, ming)
    await seek(database, shift, ming)
    hands = [await volunteer(database, 20 + n) for n in range(4)]
    answers = await asyncio.gather(*(take(database, shift, one) for one in hands))
    assert sorted(type(answer).__name__ for answer in answers) == ["Full", "Full", "Taken", "Taken"]
    assert not await has(database, shift, ming)
    assert await owed(database, "cover_found") == [ming.id]


async def test_seeking_cover_can_be_taken_back_any_time_before(database: Database) -> None:
    event = await published_event(database, now=NOON)
    shift = await new_shift(database, event)
    ming, wai = await volunteer(database, 10), await volunteer(database, 11)
    await take(database, shift, ming)
    await seek(database, shift, ming)
    async with database.write() as tx:
        assert await covering.keep(tx, shift.id, ming.id, now=NOON) == Kept(shift)
    assert isinstance(await take(database, shift, wai), Full)
    assert await seek(database, shift, wai) == NotYours(shift)


async def test_cover_is_asked_of_those_who_fit_once_a_day(database: Database) -> None:
    event = await published_event(database, now=NOON)
    boss = await known_person(database, 1, now=NOON)
    shift = await new_shift(database, event, languages=["yue"], certificate="first_aid")
    other = await new_shift(database, event)
    ming, fit, mute, no_language, no_certificate, busy, elsewhere, gone = [
        await volunteer(database, 10 + n, languages=["yue"]) for n in range(8)
    ]
    for one in (ming, fit, mute, no_language, busy, elsewhere, gone):
        await certified(database, one, by=boss)
    await volunteer(database, no_language.telegram_id, languages=["en"])
    await volunteer(database, elsewhere.telegram_id, languages=["yue"], free=["weekdays"])
    await take(database, other, busy)
    assert isinstance(await take(database, shift, ming), Taken)
    async with database.write() as tx:
        await people.mute(tx, mute.id, "shifts")
        await people.mark_unreachable(tx, [gone.id], now=NOON)
    assert no_certificate.id
    for _ in range(2):
        await seek(database, shift, ming)
        async with database.write() as tx:
            await covering.keep(tx, shift.id, ming.id, now=NOON)
    assert await owed(database, "cover_wanted") == [fit.id]
    await seek(database, shift, ming, now=NOON + DAY)
    assert await owed(database, "cover_wanted") == [fit.id, fit.id]


async def test_covering_a_shift_that_needs_approval_waits_for_the_organiser(database: Database) -> None:
    event = await published_event(database, now=NOON)
    boss = await known_person(database, 1, now=NOON)
    shift = await new_shift(database, event, approval=True)
    ming, wai = await volunteer(database, 10), await volunteer(database, 11)
    for one in (ming, wai):
        async with database.write() as tx:
            await volunteering.take(tx, shift.id, one.id, now=NOON)
        if one is ming:
            async with database.write() as tx:
                await shift_applications.approve(tx, shift.id, ming.id, actor_id=boss.id, now=NOON)
            await seek(database, shift, ming)
    assert await has(database, shift, ming)
    async with database.write() as tx:
        await shift_applications.approve(tx, shift.id, wai.id, actor_id=boss.id, now=NOON)
    assert (await has(database, shift, ming), await has(database, shift, wai)) == (False, True)


async def test_a_swap_needs_both_sides_yes(database: Database) -> None:
    _, morning, ming, evening, wai = await two_on_duty(database)
    swap_id = await asked(database, morning, ming, evening, wai)
    assert await owed(database, "swap_asked") == [wai.id]
    assert isinstance(await agree(database, swap_id, ming), Over)
    assert await has(database, morning, ming)
    for _ in range(2):
        assert isinstance(await agree(database, swap_id, wai), Done)
    assert [await has(database, *pair) for pair in ((morning, wai), (evening, ming))] == [True, True]
    assert [await has(database, *pair) for pair in ((morning, ming), (evening, wai))] == [False, False]
    assert await owed(database, "swap_agreed") == [ming.id]


async def test_two_shifts_at_the_same_time_can_be_exchanged(database: Database) -> None:
    event = await published_event(database, now=NOON)
    one, other = await new_shift(database, event), await new_shift(database, event)
    ming, wai = await volunteer(database, 10), await volunteer(database, 11)
    await take(database, one, ming)
    await take(database, other, wai)
    assert isinstance(await agree(database, await asked(database, one, ming, other, wai), wai), Done)


async def test_neither_loses_its_place_if_one_refuses_or_goes_silent(database: Database) -> None:
    _, morning, ming, evening, wai = await two_on_duty(database)
    swap_id = await asked(database, morning, ming, evening, wai)
    async with database.write() as tx:
        assert await swapping.refuse(tx, swap_id, wai.id, now=NOON)
        assert not await swapping.refuse(tx, swap_id, wai.id, now=NOON)
    assert await owed(database, "swap_refused") == [ming.id]
    assert isinstance(await agree(database, swap_id, wai), Over)
    assert isinstance(await ask(database, morning, ming, evening, wai), AskedBefore)
    silent = await asked(database, evening, wai, morning, ming)
    assert isinstance(await agree(database, silent, ming, now=NOON + DAY), Over)
    async with database.write() as tx:
        await jobs.do_due(tx, now=NOON + DAY)
    assert await owed(database, "swap_ended") == [wai.id]
    assert await has(database, morning, ming)
    assert await has(database, evening, wai)


async def test_a_swap_lapses_when_the_earlier_of_the_shifts_begins(database: Database) -> None:
    event = await published_event(database, now=NOON, starts_at=NOON + 3 * HOUR)
    soon = await new_shift(database, event)
    later = await new_shift(database, event, starts_at=NOON + 2 * DAY, ends_at=NOON + 2 * DAY + HOUR)
    ming, wai = await volunteer(database, 10), await volunteer(database, 11)
    await take(database, later, ming)
    await take(database, soon, wai)
    swap_id = await asked(database, later, ming, soon, wai)
    async with database.write() as tx:
        await jobs.do_due(tx, now=soon.starts_at)
        found = await swaps.find(tx, swap_id)
    assert found is not None
    assert found.state == "lapsed"


async def test_a_swap_is_checked_against_overlaps_on_both_sides_at_the_moment_of_agreement(
    database: Database,
) -> None:
    event, morning, ming, evening, wai = await two_on_duty(database)
    swap_id = await asked(database, morning, ming, evening, wai)
    third = await new_shift(database, event, starts_at=evening.starts_at, ends_at=evening.ends_at)
    await take(database, third, ming)
    answer = await agree(database, swap_id, wai)
    assert isinstance(answer, InTheWay)
    assert (answer.person_id, type(answer.obstacle)) == (ming.id, Overlaps)
    fourth = await new_shift(database, event, starts_at=morning.starts_at, ends_at=morning.ends_at)
    await drop(database, third, ming)
    await take(database, fourth, wai)
    answer = await agree(database, swap_id, wai)
    assert isinstance(answer, InTheWay)
    assert (answer.person_id, type(answer.obstacle)) == (wai.id, Overlaps)
    assert await has(database, morning, ming)
    assert await has(database, evening, wai)
    await drop(database, fourth, wai)
    assert isinstance(await agree(database, swap_id, wai), Done)


@pytest.mark.parametrize("need", [{"languages": ["ur"]}, {"certificate": "driving"}])
async def test_a_swap_gives_nobody_a_shift_they_lack_something_for(
    database: Database, need: dict[str, Any]
) -> None:
    _, morning, ming, evening, wai = await two_on_duty(database)
    swap_id = await asked(database, morning, ming, evening, wai)
    async with database.write() as tx:
        await shift_changes.set_needs(tx, morning.id, now=NOON, actor_id=ming.id, **need)
    answer = await agree(database, swap_id, wai)
    assert isinstance(answer, InTheWay)
    assert (answer.person_id, type(answer.obstacle)) == (wai.id, Lacks)


async def test_a_shift_that_an_organiser_gives_away_is_not_swapped(database: Database) -> None:
    _, morning, ming, evening, wai = await two_on_duty(database)
    async with database.write() as tx:
        await shift_changes.set_needs(tx, evening.id, now=NOON, actor_id=ming.id, approval=True)
    assert isinstance(await ask(database, morning, ming, evening, wai), NeedsApproval)


async def test_one_question_at_a_time_and_it_can_be_taken_back(database: Database) -> None:
    event, morning, ming, evening, wai = await two_on_duty(database)
    third = await new_shift(database, event, starts_at=event.ends_at, ends_at=event.ends_at + HOUR)
    ann = await volunteer(database, 12)
    await take(database, third, ann)
    swap_id = await asked(database, morning, ming, evening, wai)
    assert await asked(database, morning, ming, evening, wai) == swap_id
    assert isinstance(await ask(database, morning, ming, third, ann), Waiting)
    async with database.write() as tx:
        assert not await swapping.withdraw(tx, swap_id, ann.id, now=NOON)
        assert await swapping.withdraw(tx, swap_id, ming.id, now=NOON)
    assert isinstance(await agree(database, swap_id, wai), Over)
    assert isinstance(await ask(database, morning, ming, third, ann), Asked)
    assert await owed(database, "swap_ended") == []


async def test_names_are_shown_only_to_those_who_help_at_the_same_event(database: Database) -> None:
    _, morning, ming, evening, wai = await two_on_duty(database)
    visit = await published_event(database, now=NOON, starts_at=NOON + 20 * DAY, title="Visit")
    away = await new_shift(database, visit, places=2)
    for n in range(2):
        await take(database, away, await volunteer(database, 30 + n))
    async with database.read() as tx:
        offers = await swapping.list_offers(tx, morning, ming.id, now=NOON)
    assert [(offer.shift.id, offer.name) for offer in offers] == [(evening.id, wai.name), (away.id, None)]


@pytest.mark.parametrize("way", ["cancelled", "moved", "event moved", "dropped", "left"])
async def test_what_was_asked_about_a_shift_ends_with_it(database: Database, way: str) -> None:
    event, morning, ming, evening, wai = await two_on_duty(database)
    swap_id = await asked(database, morning, ming, evening, wai)
    await seek(database, evening, wai)
    async with database.write() as tx:
        match way:
            case "cancelled":
                await shift_changes.cancel(tx, evening.id, now=NOON)
            case "moved":
                await shift_changes.change(tx, evening.id, now=NOON, ends_at=evening.ends_at + HOUR)
            case "event moved":
                await programme.change(
                    tx,
                    event.id,
                    {"starts_at": event.starts_at + DAY, "ends_at": event.ends_at + DAY},
                    now=NOON,
                )
            case "dropped":
                await volunteering.drop(tx, evening.id, wai.id, now=NOON)
            case _:
                await volunteering.sign_off(tx, wai.id, now=NOON)
        swap = await swaps.find(tx, swap_id)
        assert swap is not None
        assert swap.state == "lapsed"
        assert await shift_signups.list_cover_wanted(tx, evening.id) == []
    assert await owed(database, "swap_ended") == [ming.id]
    assert await owed(database, "cover_ended") == ([wai.id] if "moved" in way else [])
    assert await has(database, morning, ming)


async def test_who_was_refused_by_the_organiser_does_not_come_in_by_a_swap(database: Database) -> None:
    _, morning, ming, evening, wai = await two_on_duty(database)
    async with database.write() as tx:
        await shift_changes.set_needs(tx, evening.id, now=NOON, actor_id=wai.id, approval=True)
        await shift_changes.change(tx, evening.id, now=NOON, places=2)
        assert isinstance(await volunteering.take(tx, evening.id, ming.id, now=NOON), Applied)
        await shift_applications.refuse(tx, evening.id, ming.id, "", actor_id=wai.id, now=NOON)
        await shift_changes.set_needs(tx, evening.id, now=NOON, actor_id=wai.id, approval=False)
    assert isinstance(await ask(database, morning, ming, evening, wai), Over)
    signup = await standing(database, evening, ming)
    assert signup is not None
    assert signup.state == "refused"
