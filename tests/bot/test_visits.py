"""What happens when on a visit, what travellers tell for it, and how all of that is forgotten."""

import itertools
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot import attendance, jobs, programme, visit_changes, visits
from bot.visits import Asked, Expired, NotAsked, TooLate, Valid, ValidBriefly
from storage import Database, audit, dialogues, events, notices, rsvps, stops, travellers
from storage.dialogues import Dialogue
from storage.events import Event
from storage.notices import Owed
from storage.stops import Stop, StopText
from storage.travellers import Traveller
from tests.conftest import NOON
from tests.making import known_person, published_event

HK = ZoneInfo("Asia/Hong_Kong")
DAY = timedelta(days=1)
_people = itertools.count(5000)


async def visit(database: Database, **values: Any) -> Event:
    """A visit of three days, a month ahead."""
    starts_at = values.pop("starts_at", NOON + timedelta(days=30))
    return await published_event(
        database,
        now=NOON,
        kind="delegation",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(days=2, hours=6),
        **{"traveller_details": True, "companions": 2} | values,
    )


async def seated(database: Database, event: Event, *, companions: int = 0) -> int:
    person = await known_person(database, next(_people), now=NOON)
    async with database.write() as tx:
        await attendance.join(tx, event.id, person.id, companions=companions, now=NOON)
    return person.id


def details(position: int = 0, **values: Any) -> Traveller:
    given: dict[str, Any] = {
        "rsvp_id": 0,
        "position": position,
        "name": f"Traveller {position}",
        "document": "passport",
        "document_last": "4567",
        "document_expires": "2030-12-31",
        "emergency_name": "Made Up",
        "emergency_phone": "+852 5555 0000",
        "diet": "",
        "access": "",
        "filled_at": NOON,
    } | values
    return Traveller(**given)


async def told(
    database: Database, event: Event, person_id: int, *what: Traveller, at: datetime = NOON
) -> Any:
    answer: Any = None
    for one in what:
        async with database.write() as tx:
            answer = await visits.save_details(tx, event.id, person_id, one, now=at)
    return answer


async def kept(database: Database, event: Event) -> int:
    async with database.read() as tx:
        return len(await travellers.list_of_event(tx, event.id))


async def do_due(database: Database, *, at: datetime) -> None:
    async with database.write() as tx:
        await jobs.do_due(tx, now=at)


async def owed(database: Database, *, at: datetime, kind: str) -> list[Owed]:
    """Claim what is due, as if it were sent, and give what is of the kind."""
    async with database.write() as tx:
        claimed = await notices.claim(tx, now=at, limit=1000)
        await notices.settle(tx, [notices.Settled(one, "sent") for one in claimed], now=at)
    return [one for one in claimed if one.kind == kind]


async def add_stop(database: Database, event: Event, at: datetime, **values: Any) -> Stop:
    texts = values.pop("texts", {"en": StopText("Meet", "Sample Pier", "By the gate")})
    async with database.write() as tx:
        columns = {"starts_at": at, "ends_at": None, "meeting": True} | values
        found = await events.find(tx, event.id)
        assert found
        stop_id = await visits.add_stop(tx, found, texts, columns, actor_id=1, now=NOON)
        stop = await stops.find(tx, stop_id)
    assert stop
    return stop


async def change_stop(database: Database, event: Event, stop: Stop, at: datetime, **values: Any) -> None:
    async with database.write() as tx:
        await visits.change_stop(tx, event, stop, values, actor_id=1, now=at)


async def test_details_are_asked_only_of_those_who_have_a_place(database: Database) -> None:
    event = await visit(database, capacity=1)
    going, waiting = await seated(database, event), await seated(database, event)
    stranger = await known_person(database, next(_people), now=NOON)
    assert isinstance(await told(database, event, going, details()), Asked)
    for person_id in (waiting, stranger.id):
        assert await told(database, event, person_id, details()) == NotAsked()
    async with database.write() as tx:
        await attendance.leave(tx, event.id, going, now=NOON)
    assert isinstance(await told(database, event, waiting, details()), Asked)


async def test_details_are_asked_of_each_of_the_party_and_nobody_beyond(database: Database) -> None:
    event = await visit(database)
    person_id = await seated(database, event, companions=1)
    answer = await told(database, event, person_id, details(0))
    assert isinstance(answer, Asked)
    assert answer.missing == 1
    answer = await told(database, event, person_id, details(1), details(1, name="Other Name"))
    assert answer.missing == 0
    assert answer.given[1].name == "Other Name"
    assert await told(database, event, person_id, details(2), details(-1)) == NotAsked()
    assert await kept(database, event) == 2


async def test_nothing_changes_about_details_once_the_visit_has_begun(database: Database) -> None:
    event = await visit(database)
    person_id = await seated(database, event)
    assert isinstance(await told(database, event, person_id, details()), Asked)
    late = await told(database, event, person_id, details(name="Too Late"), at=event.starts_at)
    assert late == TooLate(event)
    async with database.write() as tx:
        assert await visits.drop_details(tx, event.id, person_id, 0, now=event.starts_at) == TooLate(event)
    assert await kept(database, event) == 1


async def test_a_document_that_expires_before_the_visits_end_is_refused(database: Database) -> None:
    event = await visit(database)
    person_id = await seated(database, event)
    last_day = event.ends_at.astimezone(HK).date()
    eve = (last_day - DAY).isoformat()
    assert await told(database, event, person_id, details(document_expires=eve)) == Expired(last_day)
    assert await kept(database, event) == 0
    held = await told(database, event, person_id, details(document_expires=last_day.isoformat()))
    assert isinstance(held, Asked)


@pytest.mark.parametrize(
    ("ends", "expires", "expected"),
    [
        (date(2026, 12, 24), None, Valid()),
        (date(2026, 12, 24), date(2026, 12, 23), Expired(date(2026, 12, 24))),
        (date(2026, 12, 24), date(2026, 12, 24), ValidBriefly()),
        (date(2026, 12, 24), date(2027, 6, 23), ValidBriefly()),
        (date(2026, 12, 24), date(2027, 6, 24), Valid()),
        (date(2026, 8, 31), date(2027, 2, 27), ValidBriefly()),
        (date(2026, 8, 31), date(2027, 2, 28), Valid()),
        (date(2026, 6, 30), date(2026, 12, 30), Valid()),
    ],
)
def test_less_than_six_months_after_the_visit_is_worth_a_warning(
    ends: date, expires: date | None, expected: object
) -> None:
    # Half past midnight in Hong Kong is still the day before in UTC.
    ends_at = datetime(ends.year, ends.month, ends.day, 0, 30, tzinfo=HK)
    assert visits.check_expiry(expires, ends_at, HK) == expected


async def test_a_visit_that_moves_past_a_documents_last_day_shows_whose(database: Database) -> None:
    event = await visit(database)
    first, second = await seated(database, event), await seated(database, event)
    last_day = event.ends_at.astimezone(HK).date()
    await told(database, event, first, details(document_expires=last_day.isoformat()))
    await told(database, event, second, details())
    async with database.write() as tx:
        assert await visits.list_expired(tx, event) == []
        changed = await programme.change(tx, event.id, {"ends_at": event.ends_at + DAY}, now=NOON)
        assert changed
        expired = await visits.list_expired(tx, changed.event)
    assert [one.document_expires for one in expired] == [last_day.isoformat()]


async def test_whoever_gives_up_the_place_takes_the_details_along(database: Database) -> None:
    event = await visit(database)
    person_id = await seated(database, event, companions=2)
    await told(database, event, person_id, details(0), details(1), details(2))
    async with database.write() as tx:
        await attendance.join(tx, event.id, person_id, companions=1, now=NOON)
    assert await kept(database, event) == 2
    async with database.write() as tx:
        await attendance.leave(tx, event.id, person_id, now=NOON)
        assert await travellers.purge(tx, event.id) == 0


@pytest.mark.parametrize("days", [7, 14, 30])
async def test_details_are_deleted_after_the_visit_and_the_log_says_so(database: Database, days: int) -> None:
    event = await visit(database, purge_days=days)
    person_id = await seated(database, event, companions=1)
    await told(database, event, person_id, details(0), details(1))
    due = event.ends_at + timedelta(days=days)
    await do_due(database, at=due - timedelta(seconds=1))
    assert await kept(database, event) == 2
    await do_due(database, at=due)
    assert await kept(database, event) == 0
    async with database.read() as tx:
        [entry] = [
            one
            for one in await audit.list_entries(tx, event_id=event.id, limit=50)
            if one.action == "details_purged"
        ]
    assert (entry.actor, entry.subject, entry.params) == (None, None, {"count": 2})


async def test_a_form_that_was_never_finished_is_deleted_too(database: Database) -> None:
    event, other = await visit(database), await visit(database)
    person_id, elsewhere = await seated(database, event), await seated(database, other)
    async with database.write() as tx:
        for whose, which in ((person_id, event), (elsewhere, other)):
            data = {"event": which.id, "name": "Made Up", "last": "4567"}
            await dialogues.put(tx, whose, Dialogue("traveller", "expires", data, 1), now=NOON)
    await do_due(database, at=NOON)
    async with database.write() as tx:
        await visits.purge(tx, event.id, now=event.ends_at)
        assert await dialogues.find(tx, person_id) is None
        assert await dialogues.find(tx, elsewhere) is not None


async def test_deleting_follows_a_visit_that_moves(database: Database) -> None:
    event = await visit(database)
    person_id = await seated(database, event)
    await told(database, event, person_id, details())
    async with database.write() as tx:
        await programme.change(tx, event.id, {"ends_at": event.ends_at + 10 * DAY}, now=NOON)
    await do_due(database, at=event.ends_at + 15 * DAY)
    assert await kept(database, event) == 1
    await do_due(database, at=event.ends_at + 24 * DAY)
    assert await kept(database, event) == 0


async def test_a_cancelled_visit_forgets_its_travellers_the_next_day(database: Database) -> None:
    event = await visit(database)
    person_id = await seated(database, event)
    await told(database, event, person_id, details())
    async with database.write() as tx:
        await programme.cancel(tx, event.id, now=NOON)
    await do_due(database, at=NOON + DAY)
    async with database.write() as tx:
        assert await travellers.purge(tx, event.id) == 0


async def test_companions_never_spoke_to_the_bot_so_their_names_are_purged_first(database: Database) -> None:
    event = await visit(database, companion_names=True)
    person = await known_person(database, next(_people), now=NOON)
    async with database.write() as tx:
        await attendance.join(tx, event.id, person.id, companions=1, names=("Made Up",), now=NOON)
    await told(database, event, person.id, details(0), details(1))
    await do_due(database, at=event.ends_at + DAY)
    async with database.read() as tx:
        rsvp = await rsvps.find(tx, event.id, person.id)
    assert rsvp
    assert (rsvp.names, rsvp.companions) == ((), 1)
    assert await kept(database, event) == 2


async def test_names_are_purged_though_they_are_not_asked_for_any_more(database: Database) -> None:
    event = await visit(database, companion_names=True, traveller_details=False)
    person = await known_person(database, next(_people), now=NOON)
    async with database.write() as tx:
        await attendance.join(tx, event.id, person.id, companions=1, names=("Made Up",), now=NOON)
        await programme.change(tx, event.id, {"companion_names": False}, now=NOON)
    await do_due(database, at=event.ends_at + DAY)
    async with database.read() as tx:
        rsvp = await rsvps.find(tx, event.id, person.id)
    assert rsvp
    assert rsvp.names == ()


async def test_whoever_owes_details_hears_it_once_for_each_stage(database: Database) -> None:
    event = await visit(database)
    person_id, ready = await seated(database, event), await seated(database, event)
    await told(database, event, ready, details())
    heard = []
    at = NOON
    while at <= event.starts_at:
        await do_due(database, at=at)
        heard += [(at, one.person_id) for one in await owed(database, at=at, kind="details_needed")]
        at += timedelta(hours=6)
    start = event.starts_at
    first = 30 * DAY - timedelta(hours=6)
    assert heard == [(start - lead, person_id) for lead in (first, 7 * DAY, 3 * DAY, DAY)]


async def test_switching_details_on_asks_those_who_have_a_place_already(database: Database) -> None:
    event = await visit(database, traveller_details=False)
    person_id = await seated(database, event)
    await do_due(database, at=NOON)
    assert await owed(database, at=NOON, kind="details_needed") == []
    async with database.write() as tx:
        await programme.change(tx, event.id, {"traveller_details": True}, now=NOON + DAY)
    await do_due(database, at=NOON + DAY)
    heard = await owed(database, at=NOON + DAY, kind="details_needed")
    assert [one.person_id for one in heard] == [person_id]


async def test_an_organiser_reminds_nobody_twice_on_one_day(database: Database) -> None:
    event = await visit(database)
    await seated(database, event)
    for _ in range(2):
        async with database.write() as tx:
            assert await visits.remind_now(tx, event, now=NOON) == 1
    assert len(await owed(database, at=NOON, kind="details_needed")) == 1
    async with database.write() as tx:
        await visits.remind_now(tx, event, now=NOON + DAY)
    assert len(await owed(database, at=NOON + DAY, kind="details_needed")) == 1


async def test_several_edits_of_a_meeting_point_make_one_message(database: Database) -> None:
    event = await visit(database)
    stop = await add_stop(database, event, event.starts_at)
    person_id = await seated(database, event)
    await owed(database, at=NOON + DAY, kind="plan_changed")
    later = NOON + DAY
    for hours in (1, 2, 3):
        await change_stop(database, event, stop, later, starts_at=event.starts_at + timedelta(hours=hours))
    assert await owed(database, at=later, kind="plan_changed") == []
    [notice] = await owed(database, at=later + visits.SETTLING, kind="plan_changed")
    assert notice.person_id == person_id
    before = visits.read_meetings(notice.params)
    assert before[stop.id].at == int(event.starts_at.timestamp())


async def test_what_is_no_meeting_point_moves_without_a_word(database: Database) -> None:
    event = await visit(database)
    stop = await add_stop(database, event, event.starts_at, meeting=False)
    await seated(database, event)
    await change_stop(database, event, stop, NOON, starts_at=event.starts_at + timedelta(hours=1))
    async with database.write() as tx:
        found = await stops.find(tx, stop.id)
        assert found
        changed = {"note": "Bring a hat", "title": "Walk"}
        await visits.change_stop_text(tx, event, found, "en", changed, actor_id=1, now=NOON)
    assert await owed(database, at=NOON + DAY, kind="plan_changed") == []


async def test_the_programme_moves_along_with_its_event(database: Database) -> None:
    event = await visit(database)
    stop = await add_stop(database, event, event.starts_at, ends_at=event.starts_at + timedelta(hours=1))
    await seated(database, event)
    await owed(database, at=NOON + DAY, kind="plan_changed")
    changes = {"starts_at": event.starts_at + DAY, "ends_at": event.ends_at + DAY}
    async with database.write() as tx:
        await programme.change(tx, event.id, changes, now=NOON + DAY)
        moved = await stops.find(tx, stop.id)
    assert moved
    assert (moved.starts_at, moved.ends_at) == (
        event.starts_at + DAY,
        event.starts_at + DAY + timedelta(hours=1),
    )
    # The event's own notice says it; a second one would only repeat it.
    assert await owed(database, at=NOON + 2 * DAY, kind="plan_changed") == []


async def test_a_copied_visit_has_the_same_programme_on_its_own_days(database: Database) -> None:
    event = await visit(database)
    await add_stop(database, event, event.starts_at + DAY, latitude=22.3, longitude=114.2)
    copy = await visit(database, starts_at=event.starts_at + 7 * DAY)
    async with database.write() as tx:
        await visit_changes.copy_plan(tx, event, copy)
        [stop] = await stops.list_of_event(tx, copy.id)
    assert stop.starts_at == copy.starts_at + DAY
    assert (stop.latitude, stop.meeting, stop.texts["en"].title) == (22.3, True, "Meet")


async def test_a_programme_is_read_day_by_day_where_the_event_is(database: Database) -> None:
    event = await visit(database, starts_at=datetime(2026, 12, 22, 22, 0, tzinfo=HK))
    for hours in (0, 3, 12):
        await add_stop(database, event, event.starts_at + timedelta(hours=hours))
    async with database.read() as tx:
        plan = await stops.list_of_event(tx, event.id)
    days = visits.by_day(plan, event)
    assert {day: len(found) for day, found in days.items()} == {date(2026, 12, 22): 1, date(2026, 12, 23): 2}
    assert len(visits.days_of(event)) == 4


def test_words_missing_in_a_language_are_the_events_own() -> None:
    event: Any = type("Anything", (), {"base_locale": "en"})()
    stop = Stop(
        1,
        1,
        NOON,
        None,
        meeting=False,
        latitude=None,
        longitude=None,
        texts={"en": StopText("Lunch", "Sample Hall", "Halal"), "zh_Hant_HK": StopText("午餐")},
    )
    assert visits.text_of(stop, event, "zh_Hant_HK") == StopText("午餐", "Sample Hall", "Halal")
    assert visits.text_of(stop, event, "zh_Hans_CN") == StopText("Lunch", "Sample Hall", "Halal")
