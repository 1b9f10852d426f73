"""Who is 18, whose guardian agrees, and what happens where nobody does in time."""

import itertools
from datetime import timedelta
from typing import Any

import pytest

from bot import attendance, consents, jobs, privacy, programme
from bot.consents import AnotherAnswered, ForGuardian, Needed, NoLink, NotNeeded, Opened, Over, OwnLink
from storage import Database, audit, notices, rsvps
from storage import consents as rows
from storage.consents import Consent
from storage.events import Event
from storage.notices import Owed
from storage.people import Person
from tests.conftest import NOON
from tests.making import known_person, published_event

DAY = timedelta(days=1)
_people = itertools.count(6000)


async def camp(database: Database, **values: Any) -> Event:
    starts_at = values.pop("starts_at", NOON + timedelta(days=20))
    return await published_event(
        database,
        now=NOON,
        kind="camp",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(days=4),
        **{"guardian_consent": True} | values,
    )


async def somebody(database: Database) -> Person:
    return await known_person(database, next(_people), now=NOON)


async def seated(database: Database, event: Event) -> Person:
    person = await somebody(database)
    async with database.write() as tx:
        await attendance.join(tx, event.id, person.id, now=NOON)
    return person


async def asked(database: Database, event: Event, person: Person, *, at: Any = NOON) -> Consent:
    async with database.write() as tx:
        needed = await consents.ask(tx, event.id, person.id, now=at)
    assert isinstance(needed, Needed)
    return needed.consent


async def agreed_to(database: Database, consent: Consent, guardian: Person, *, at: Any = NOON) -> Opened:
    async with database.write() as tx:
        return await consents.agree(
            tx, consent.token, guardian.id, name="Made Up", relation="mother", phone="", now=at
        )


async def refused(database: Database, consent: Consent, guardian: Person, *, at: Any = NOON) -> Opened:
    async with database.write() as tx:
        return await consents.refuse(tx, consent.token, guardian.id, now=at)


async def opened(database: Database, token: str, person: Person, *, at: Any = NOON) -> Opened:
    async with database.write() as tx:
        return await consents.open_link(tx, token, person.id, now=at)


async def state_of(database: Database, event: Event, person: Person) -> str:
    async with database.read() as tx:
        found = await rsvps.find(tx, event.id, person.id)
    assert found
    return found.state


async def stand(database: Database, event: Event, person: Person) -> Consent | None:
    async with database.read() as tx:
        return await consents.stand(tx, event.id, person.id)


async def do_due(database: Database, *, at: Any) -> None:
    async with database.write() as tx:
        await jobs.do_due(tx, now=at)


async def owed(database: Database, *, at: Any) -> list[Owed]:
    async with database.write() as tx:
        claimed = await notices.claim(tx, now=at, limit=1000)
        await notices.settle(tx, [notices.Settled(one, "sent") for one in claimed], now=at)
    return claimed


async def test_asking_twice_gives_the_same_link(database: Database) -> None:
    event = await camp(database)
    person = await seated(database, event)
    first, second = [await asked(database, event, person) for _ in range(2)]
    assert first.token == second.token
    assert len(first.token) == 16


async def test_consent_is_asked_of_nobody_without_a_place(database: Database) -> None:
    event, free = await camp(database, capacity=1), await camp(database, guardian_consent=False)
    person = await seated(database, event)
    waiting, stranger = await seated(database, event), await somebody(database)
    async with database.write() as tx:
        for one in (waiting, stranger):
            assert await consents.ask(tx, event.id, one.id, now=NOON) == NotNeeded()
        await attendance.join(tx, free.id, person.id, now=NOON)
        assert await consents.ask(tx, free.id, person.id, now=NOON) == NotNeeded()
        assert await consents.ask(tx, event.id, person.id, now=event.starts_at) == NotNeeded()


async def test_a_guardian_agrees_and_the_young_person_hears_it(database: Database) -> None:
    event = await camp(database)
    person, guardian = await seated(database, event), await somebody(database)
    consent = await asked(database, event, person)
    for _ in range(2):
        answer = await agreed_to(database, consent, guardian)
        assert isinstance(answer, ForGuardian)
        assert answer.consent.state == "given"
    heard = [one for one in await owed(database, at=NOON) if one.person_id == person.id]
    assert [one.kind for one in heard] == ["consent_given"]
    await do_due(database, at=event.starts_at)
    assert await state_of(database, event, person) == "going"


async def test_nobody_consents_for_themselves(database: Database) -> None:
    event = await camp(database)
    person = await seated(database, event)
    consent = await asked(database, event, person)
    assert await opened(database, consent.token, person) == OwnLink(event)
    assert await agreed_to(database, consent, person) == OwnLink(event)


async def test_a_second_guardian_finds_that_the_first_has_answered(database: Database) -> None:
    event = await camp(database)
    person = await seated(database, event)
    first, second = await somebody(database), await somebody(database)
    consent = await asked(database, event, person)
    await agreed_to(database, consent, first)
    assert await opened(database, consent.token, second) == AnotherAnswered(event)
    assert await refused(database, consent, second) == AnotherAnswered(event)
    found = await stand(database, event, person)
    assert found
    assert (found.state, found.guardian_id) == ("given", first.id)


async def test_a_made_up_link_opens_nothing(database: Database) -> None:
    event = await camp(database)
    person, guardian = await seated(database, event), await somebody(database)
    consent = await asked(database, event, person)
    for token in ("", "x" * 16, consent.token[:-1], consent.token.swapcase()):
        assert await opened(database, token, guardian) == NoLink()


async def test_a_renewed_link_revokes_the_one_before(database: Database) -> None:
    event = await camp(database)
    person, guardian = await seated(database, event), await somebody(database)
    consent = await asked(database, event, person)
    async with database.write() as tx:
        renewed = await consents.renew(tx, event.id, person.id, now=NOON)
    assert isinstance(renewed, Needed)
    assert await opened(database, consent.token, guardian) == NoLink()
    assert isinstance(await opened(database, renewed.consent.token, guardian), ForGuardian)
    await agreed_to(database, renewed.consent, guardian)
    async with database.write() as tx:
        again = await consents.renew(tx, event.id, person.id, now=NOON)
    assert isinstance(again, Needed)
    assert again.consent.token == renewed.consent.token


async def test_who_is_18_needs_nobody(database: Database) -> None:
    event = await camp(database)
    person, guardian = await seated(database, event), await somebody(database)
    consent = await asked(database, event, person)
    async with database.write() as tx:
        await consents.say_age(tx, event.id, person.id, adult=True, now=NOON)
    assert await opened(database, consent.token, guardian) == NoLink()
    await do_due(database, at=event.starts_at)
    assert await state_of(database, event, person) == "going"


async def test_no_guardians_no_is_undone_by_saying_to_be_18(database: Database) -> None:
    event = await camp(database)
    person, guardian = await seated(database, event), await somebody(database)
    consent = await asked(database, event, person)
    await refused(database, consent, guardian)
    async with database.write() as tx:
        await consents.say_age(tx, event.id, person.id, adult=True, now=NOON)
    found = await stand(database, event, person)
    assert found
    assert found.state == "refused"


async def test_without_consent_in_time_the_place_is_passed_on(database: Database) -> None:
    event = await camp(database, capacity=1, deadline_at=NOON + timedelta(days=10))
    person, waiting = await seated(database, event), await seated(database, event)
    await asked(database, event, person)
    due = NOON + timedelta(days=9)
    await do_due(database, at=due - timedelta(seconds=1))
    assert await state_of(database, event, person) == "going"
    await owed(database, at=due - timedelta(seconds=1))
    await do_due(database, at=due)
    assert await state_of(database, event, person) == "left"
    assert await state_of(database, event, waiting) == "going"
    kinds = {one.kind: one.person_id for one in await owed(database, at=due)}
    assert kinds["consent_missing"] == person.id
    assert kinds["seat_freed"] == waiting.id


async def test_a_missing_consent_is_reminded_of_at_half_time(database: Database) -> None:
    event = await camp(database, deadline_at=NOON + timedelta(days=11))
    person = await seated(database, event)
    await asked(database, event, person)
    half = NOON + timedelta(days=5)
    await do_due(database, at=half - timedelta(seconds=1))
    assert await owed(database, at=half) == []
    await do_due(database, at=half)
    assert [one.kind for one in await owed(database, at=half)] == ["consent_needed"]
    await do_due(database, at=half + DAY)
    assert await owed(database, at=half + DAY) == []


async def test_whoever_signs_up_late_has_a_day_all_the_same(database: Database) -> None:
    event = await camp(database, starts_at=NOON + timedelta(hours=30))
    person = await seated(database, event)
    await asked(database, event, person)
    await do_due(database, at=NOON + timedelta(hours=23))
    assert await state_of(database, event, person) == "going"
    await do_due(database, at=NOON + timedelta(hours=24))
    assert await state_of(database, event, person) == "left"


async def test_everybody_who_has_a_place_is_asked_though_they_never_press(database: Database) -> None:
    event = await camp(database)
    person = await seated(database, event)
    for at in (NOON, NOON + timedelta(hours=1)):
        await do_due(database, at=at)
    heard = await owed(database, at=NOON + timedelta(hours=1))
    assert [(one.kind, one.person_id) for one in heard] == [("consent_needed", person.id)]
    await do_due(database, at=event.starts_at - DAY)
    assert await state_of(database, event, person) == "left"


async def test_a_guardian_takes_the_consent_back_and_has_a_day_to_think_again(database: Database) -> None:
    event = await camp(database)
    person, guardian = await seated(database, event), await somebody(database)
    consent = await asked(database, event, person)
    await agreed_to(database, consent, guardian)
    late = event.starts_at - timedelta(days=2)
    await refused(database, consent, guardian, at=late)
    assert [one.kind for one in await owed(database, at=late)] == ["consent_given", "consent_refused"]
    await do_due(database, at=late + timedelta(hours=23))
    assert await state_of(database, event, person) == "going"
    await do_due(database, at=late + DAY)
    assert await state_of(database, event, person) == "left"


async def test_a_no_turned_into_a_yes_keeps_the_place(database: Database) -> None:
    event = await camp(database)
    person, guardian = await seated(database, event), await somebody(database)
    consent = await asked(database, event, person)
    await refused(database, consent, guardian)
    await agreed_to(database, consent, guardian, at=NOON + timedelta(hours=1))
    await do_due(database, at=event.starts_at)
    assert await state_of(database, event, person) == "going"


async def test_every_new_answer_of_a_guardian_is_told(database: Database) -> None:
    event = await camp(database)
    person, guardian = await seated(database, event), await somebody(database)
    consent = await asked(database, event, person)
    hours = [NOON + timedelta(hours=n) for n in range(3)]
    await agreed_to(database, consent, guardian, at=hours[0])
    await refused(database, consent, guardian, at=hours[1])
    await agreed_to(database, consent, guardian, at=hours[2])
    heard = [one.kind for one in await owed(database, at=hours[2]) if one.person_id == person.id]
    assert heard == ["consent_given", "consent_refused", "consent_given"]


async def test_there_is_nothing_to_answer_once_the_event_has_begun_or_the_place_is_gone(
    database: Database,
) -> None:
    event = await camp(database)
    person, guardian = await seated(database, event), await somebody(database)
    consent = await asked(database, event, person)
    assert await opened(database, consent.token, guardian, at=event.starts_at) == Over(event)
    async with database.write() as tx:
        await attendance.leave(tx, event.id, person.id, now=NOON)
    assert await opened(database, consent.token, guardian) == NoLink()


async def test_an_event_that_moves_takes_its_consents_along(database: Database) -> None:
    event = await camp(database)
    person = await seated(database, event)
    await asked(database, event, person)
    changes = {"starts_at": event.starts_at + 10 * DAY, "ends_at": event.ends_at + 10 * DAY}
    async with database.write() as tx:
        await programme.change(tx, event.id, changes, now=NOON)
    await do_due(database, at=event.starts_at)
    assert await state_of(database, event, person) == "going"
    await do_due(database, at=event.starts_at + 9 * DAY)
    assert await state_of(database, event, person) == "left"


@pytest.mark.parametrize("cancelled", [False, True])
async def test_a_guardian_hears_of_a_new_time_and_of_the_end(database: Database, cancelled: bool) -> None:
    event = await camp(database)
    person, guardian, no = [await seated(database, event), await somebody(database), await somebody(database)]
    other = await seated(database, event)
    await agreed_to(database, await asked(database, event, person), guardian)
    await refused(database, await asked(database, event, other), no)
    await owed(database, at=NOON)
    async with database.write() as tx:
        if cancelled:
            await programme.cancel(tx, event.id, now=NOON)
        else:
            later = {"ends_at": event.ends_at + DAY}
            await programme.change(tx, event.id, later, now=NOON)
    heard = [one.kind for one in await owed(database, at=NOON) if one.person_id in (guardian.id, no.id)]
    assert heard == ["guardian_cancelled" if cancelled else "guardian_changed"]


async def test_consents_are_deleted_with_travellers_details(database: Database) -> None:
    event = await camp(database)
    person, guardian = await seated(database, event), await somebody(database)
    await agreed_to(database, await asked(database, event, person), guardian)
    await do_due(database, at=event.ends_at + timedelta(days=14))
    assert await stand(database, event, person) is None
    async with database.read() as tx:
        entries = await audit.list_entries(tx, event_id=event.id, limit=50)
    assert [one.params for one in entries if one.action == "details_purged"] == [{"count": 1}]


async def test_a_guardian_who_deletes_themselves_takes_name_and_consent_along(database: Database) -> None:
    event = await camp(database)
    person, guardian = await seated(database, event), await somebody(database)
    consent = await asked(database, event, person)
    await agreed_to(database, consent, guardian)
    await owed(database, at=NOON)
    async with database.write() as tx:
        await privacy.forget(tx, guardian, now=NOON)
    found = await stand(database, event, person)
    assert found
    assert (found.state, found.guardian_id, found.guardian_name, found.relation) == ("asked", None, "", "")
    assert found.token != consent.token
    assert [one.kind for one in await owed(database, at=NOON)] == ["consent_needed"]
    async with database.read() as tx:
        assert await rows.list_by_guardian(tx, guardian.id) == []


async def test_a_new_link_after_a_no_asks_anew(database: Database) -> None:
    event = await camp(database)
    person, wrong, guardian = [
        await seated(database, event),
        await somebody(database),
        await somebody(database),
    ]
    await refused(database, await asked(database, event, person), wrong)
    async with database.write() as tx:
        renewed = await consents.renew(tx, event.id, person.id, now=NOON)
    assert isinstance(renewed, Needed)
    assert isinstance(await agreed_to(database, renewed.consent, guardian), ForGuardian)
