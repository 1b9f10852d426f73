"""What certificates allow, who looks at them, and when their holders hear that they expire."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot import jobs, volunteer_certificates, volunteering
from bot.requirements import Lacking
from bot.volunteer_certificates import Changed
from bot.volunteering import Lacks, Taken
from storage import Database, people
from storage import volunteer_certificates as held
from storage.people import Person
from tests.conftest import NOON
from tests.making import known_person, published_event
from tests.shifts import certified, new_shift, owed, take, volunteer, written_down

HK = ZoneInfo("Asia/Hong_Kong")
DAY = timedelta(days=1)


async def hand_in(
    database: Database, person: Person, *, expires_on: date | None = None, now: datetime = NOON
) -> int:
    async with database.write() as tx:
        await volunteer_certificates.hand_in(
            tx, person.id, "first_aid", expires_on=expires_on, file="photo:x", now=now
        )
    return int(now.timestamp())


async def confirm(database: Database, person: Person, given_at: int, by: Person) -> object:
    async with database.write() as tx:
        return await volunteer_certificates.confirm(
            tx, person.id, "first_aid", given_at=given_at, actor_id=by.id, now=NOON
        )


async def test_a_certificate_counts_once_an_organiser_has_looked_at_it(database: Database) -> None:
    event = await published_event(database, now=NOON)
    shift = await new_shift(database, event, certificate="first_aid")
    ming, boss = await volunteer(database, 10), await known_person(database, 1, now=NOON)
    assert await take(database, shift, ming) == Lacks(shift, Lacking(certificate="missing"))
    given = await hand_in(database, ming)
    assert await take(database, shift, ming) == Lacks(shift, Lacking(certificate="unchecked"))
    for _ in range(2):
        await confirm(database, ming, given, boss)
    assert await owed(database, "certificate_accepted") == [ming.id]
    assert isinstance(await take(database, shift, ming), Taken)
    assert await written_down(database) == [("certificate_checked", boss.id, ming.id)]


@pytest.mark.parametrize(("days", "enough"), [(-1, False), (0, True), (1, True)])
async def test_a_shift_ends_before_the_certificate_expires(
    database: Database, days: int, enough: bool
) -> None:
    night = datetime(2026, 12, 5, 22, 0, tzinfo=HK)
    event = await published_event(database, now=NOON, starts_at=night, ends_at=night + timedelta(hours=6))
    shift = await new_shift(database, event, certificate="first_aid")
    ming, boss = await volunteer(database, 10), await known_person(database, 1, now=NOON)
    await certified(database, ming, expires_on=date(2026, 12, 6) + days * DAY, by=boss)
    answer = await take(database, shift, ming)
    assert isinstance(answer, Taken) if enough else answer == Lacks(shift, Lacking(certificate="expired"))


async def test_the_picture_is_forgotten_once_somebody_has_looked_at_it(database: Database) -> None:
    ming, boss = await volunteer(database, 10), await known_person(database, 1, now=NOON)
    given = await hand_in(database, ming)
    await confirm(database, ming, given, boss)
    async with database.read() as tx:
        kept = await held.find(tx, ming.id, "first_aid")
    assert kept is not None
    assert kept.file is None


async def test_only_what_was_looked_at_is_confirmed_and_never_ones_own(database: Database) -> None:
    ming, boss = await volunteer(database, 10), await known_person(database, 1, now=NOON)
    first = await hand_in(database, ming)
    second = await hand_in(database, ming, now=NOON + timedelta(seconds=5))
    assert await confirm(database, ming, first, boss) == Changed()
    assert await confirm(database, ming, second, ming) == Changed()
    assert await confirm(database, ming, second, boss) != Changed()


async def test_a_refused_certificate_is_deleted_and_its_holder_told_why(database: Database) -> None:
    ming, boss = await volunteer(database, 10), await known_person(database, 1, now=NOON)
    given = await hand_in(database, ming)
    for _ in range(2):
        async with database.write() as tx:
            await volunteer_certificates.refuse(
                tx, ming.id, "first_aid", "Too dark", given_at=given, actor_id=boss.id, now=NOON
            )
            assert await held.find(tx, ming.id, "first_aid") is None
    assert await owed(database, "certificate_refused") == [ming.id]


async def test_organisers_hear_of_what_is_handed_in(database: Database) -> None:
    ming, boss = await volunteer(database, 10), await known_person(database, 1, now=NOON)
    async with database.write() as tx:
        await people.set_role(tx, boss.id, "organiser")
    await hand_in(database, ming)
    assert await owed(database, "certificate_given") == [boss.id]


async def test_a_certificate_that_expires_is_announced_thirty_days_before_once(database: Database) -> None:
    ming, boss = await volunteer(database, 10), await known_person(database, 1, now=NOON)
    await certified(database, ming, expires_on=date(2027, 3, 31), by=boss)
    await certified(database, ming, "driving", expires_on=date(2027, 4, 30), by=boss)
    due = datetime(2027, 3, 1, 10, 0, tzinfo=HK)
    for moment, told in ((due - DAY, 0), (due, 1), (due + DAY, 1), (due + 30 * DAY, 2), (due + 90 * DAY, 2)):
        async with database.write() as tx:
            await jobs.do_due(tx, now=moment)
        assert len(await owed(database, "certificate_expiring")) == told


async def test_stopping_as_a_volunteer_deletes_the_certificates(database: Database) -> None:
    ming, boss = await volunteer(database, 10), await known_person(database, 1, now=NOON)
    await certified(database, ming, by=boss)
    async with database.write() as tx:
        await volunteering.sign_off(tx, ming.id, now=NOON)
        assert await held.list_of_person(tx, ming.id) == []
