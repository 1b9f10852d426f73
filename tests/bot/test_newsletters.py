"""When a newsletter's letters are due, to whom they go, and that each goes once."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import audit as noting
from bot import newsletters, privacy
from storage import Database, audit, letters, people
from storage import newsletters as kept
from storage.newsletters import Newsletter, Rule
from storage.notices import claim
from storage.people import Person
from tests.conftest import NOON
from tests.making import known_person, published_event

HOME = ZoneInfo("Asia/Hong_Kong")
LONDON = ZoneInfo("Europe/London")
# Sundays at half past twelve: half an hour after NOON.
SOON = Rule(every="week", day=6, minute=12 * 60 + 30)
DUE = NOON + timedelta(minutes=30)


def local(instant: datetime, zone: ZoneInfo = HOME) -> str:
    return instant.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def several(rule: Rule, after: datetime, zone: ZoneInfo, count: int) -> list[str]:
    found = []
    for _ in range(count):
        after = newsletters.next_after(rule, after, zone)
        found.append(local(after, zone))
    return found


def test_monthly_on_the_31st_is_30_september_and_then_31_october_again() -> None:
    monthly = Rule(every="month", day=31, minute=18 * 60)
    after = datetime(2026, 8, 31, 12, tzinfo=UTC)
    assert several(monthly, after, HOME, 6) == [
        "2026-09-30 18:00", "2026-10-31 18:00", "2026-11-30 18:00",
        "2026-12-31 18:00", "2027-01-31 18:00", "2027-02-28 18:00",
    ]  # fmt: skip


def test_february_of_a_leap_year_has_it_on_the_29th() -> None:
    monthly = Rule(every="month", day=30, minute=0)
    assert (
        local(newsletters.next_after(monthly, datetime(2028, 2, 1, tzinfo=UTC), HOME)) == "2028-02-29 00:00"
    )


def test_weekly_keeps_its_hour_on_the_wall_across_both_changes_of_clocks() -> None:
    weekly = Rule(every="week", day=6, minute=9 * 60)
    assert several(weekly, datetime(2027, 3, 20, tzinfo=UTC), LONDON, 2) == [
        "2027-03-21 09:00", "2027-03-28 09:00",
    ]  # fmt: skip
    spring = newsletters.next_after(weekly, datetime(2027, 3, 22, tzinfo=UTC), LONDON)
    assert spring - datetime(2027, 3, 21, 9, tzinfo=LONDON).astimezone(UTC) == timedelta(days=7, hours=-1)


def test_a_time_that_does_not_exist_moves_forward_and_one_that_comes_twice_is_its_first() -> None:
    weekly = Rule(every="week", day=6, minute=60 + 30)
    gap = newsletters.next_after(weekly, datetime(2027, 3, 27, tzinfo=UTC), LONDON)
    assert local(gap, LONDON) == "2027-03-28 02:30"
    fold = newsletters.next_after(weekly, datetime(2027, 10, 30, tzinfo=UTC), LONDON)
    assert fold == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    # The second half past one of that night is no second letter.
    assert newsletters.next_after(weekly, fold, LONDON) - fold > timedelta(days=6)


@given(
    st.sampled_from(["week", "month"]),
    st.integers(1, 31),
    st.integers(0, 1439),
    # Seconds from 2026 to 2040.
    st.integers(1_767_225_600, 2_208_988_800),
    st.sampled_from([HOME, LONDON, ZoneInfo("America/New_York"), ZoneInfo("Australia/Lord_Howe")]),
)
def test_the_next_letter_is_always_ahead_and_within_its_rhythm(
    every: str, day: int, minute: int, seconds: int, zone: ZoneInfo
) -> None:
    rule = Rule(every=every, day=day % 7 if every == "week" else day, minute=minute)
    since = datetime.fromtimestamp(seconds, UTC)
    following = newsletters.next_after(rule, since, zone)
    assert timedelta() < following - since <= timedelta(days=8 if every == "week" else 32)


async def newsletter(database: Database, rule: Rule = SOON, **values: object) -> Newsletter:
    maker = await known_person(database, 77, now=NOON)
    async with database.write() as tx:
        return await newsletters.create(
            tx,
            rule,
            names={"en": "Forum News", "zh_Hant_HK": "論壇通訊"},
            kinds=values.get("kinds", ["forum"]),  # type: ignore[arg-type]
            actor_id=maker.id,
            home=HOME,
            now=NOON,
        )


async def reader(database: Database, one: Newsletter, number: int, *, at: datetime = NOON) -> Person:
    person = await known_person(database, number, now=NOON)
    async with database.write() as tx:
        await kept.put_state(tx, one.id, person.id, "on", now=at)
    return person


async def send(database: Database, *, now: datetime = DUE) -> list[int | None]:
    """Do what the beat does at an instant, and say who is owed a letter since."""
    async with database.write() as tx:
        for newsletter_id in await newsletters.list_with_work(tx, now=now):
            await newsletters.send_due(tx, newsletter_id, home=HOME, now=now)
        for letter_id in await letters.list_unspread(tx):
            while await newsletters.carry_on(tx, letter_id, now=now):
                pass
        return [one.person_id for one in await claim(tx, now=now, limit=100) if one.kind == letters.KIND]


async def test_a_letter_goes_to_those_who_asked_for_it_and_to_nobody_else(database: Database) -> None:
    await published_event(database, now=NOON)
    one = await newsletter(database)
    wanting, stopped = await reader(database, one, 11), await reader(database, one, 12)
    offered, lost = await known_person(database, 13, now=NOON), await reader(database, one, 14)
    async with database.write() as tx:
        await kept.put_state(tx, one.id, stopped.id, "off", now=NOON)
        await kept.put_state(tx, one.id, offered.id, "offered", now=NOON)
        await people.mark_unreachable(tx, [lost.id], now=NOON)
    assert await send(database, now=DUE - timedelta(seconds=1)) == []
    assert await send(database) == [wanting.id]


async def test_a_letter_is_owed_once_however_often_the_beat_looks(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(newsletters, "CHUNK", 2)
    await published_event(database, now=NOON)
    one = await newsletter(database)
    readers = [await reader(database, one, number) for number in range(11, 16)]
    assert await send(database) == [person.id for person in readers]
    async with database.write() as tx:
        for letter_id in [1, 1]:
            await letters.change(tx, letter_id, spread_to=0, spread_done=False)
    assert await send(database) == []
    assert len(await send(database, now=DUE + timedelta(days=7))) == 5


async def test_who_asks_after_it_was_due_gets_the_next_one(database: Database) -> None:
    await published_event(database, now=NOON, starts_at=NOON + timedelta(days=20))
    one = await newsletter(database)
    await reader(database, one, 11, at=DUE + timedelta(seconds=5))
    assert await send(database, now=DUE + timedelta(seconds=9)) == []
    assert len(await send(database, now=DUE + timedelta(days=7))) == 1


async def test_nothing_to_tell_is_no_letter(database: Database) -> None:
    one = await newsletter(database)
    await reader(database, one, 11)
    await published_event(database, now=NOON, kind="camp")
    assert await send(database) == []
    async with database.write() as tx:
        again = await kept.find(tx, one.id)
        assert again is not None
        assert again.next_at == DUE + timedelta(days=7)


async def test_a_foreword_is_something_to_tell_and_is_sent_once(database: Database) -> None:
    one = await newsletter(database)
    await reader(database, one, 11)
    async with database.write() as tx:
        await newsletters.write_foreword(tx, one.id, "en", "We move.", actor_id=1, now=NOON)
    assert len(await send(database)) == 1
    async with database.read() as tx:
        letter = await letters.find(tx, 1)
        after = await kept.find(tx, one.id)
    assert letter is not None
    assert after is not None
    assert letter.forewords == {"en": "We move."}
    assert not any(words.foreword for words in after.texts.values())
    assert await send(database, now=DUE + timedelta(days=7)) == []


async def test_after_days_of_silence_one_letter_goes_out_at_its_hour(database: Database) -> None:
    await published_event(database, now=NOON, starts_at=NOON + timedelta(days=60))
    one = await newsletter(database)
    await reader(database, one, 11)
    back = NOON + timedelta(days=23, hours=15)
    assert await send(database, now=back) == []
    async with database.read() as tx:
        waiting = await kept.find(tx, one.id)
    assert waiting is not None
    assert waiting.next_at is not None
    assert local(waiting.next_at) == "2026-12-16 12:30"
    assert len(await send(database, now=waiting.next_at)) == 1
    assert await send(database, now=waiting.next_at + timedelta(minutes=1)) == []
    async with database.read() as tx:
        after = await kept.find(tx, one.id)
    assert after is not None
    assert after.next_at is not None
    assert local(after.next_at) == "2026-12-20 12:30"


async def test_a_paused_newsletter_sends_nothing_and_makes_up_for_nothing(database: Database) -> None:
    await published_event(database, now=NOON, starts_at=NOON + timedelta(days=60))
    one = await newsletter(database)
    await reader(database, one, 11)
    async with database.write() as tx:
        assert await newsletters.pause(tx, one.id, actor_id=1, now=NOON)
        assert not await newsletters.pause(tx, one.id, actor_id=1, now=NOON)
    later = DUE + timedelta(days=8)
    assert await send(database, now=later) == []
    async with database.write() as tx:
        assert await newsletters.go_on(tx, one.id, actor_id=1, home=HOME, now=later)
        assert not await newsletters.go_on(tx, one.id, actor_id=1, home=HOME, now=later)
    assert await send(database, now=later) == []
    assert len(await send(database, now=DUE + timedelta(days=14))) == 1


async def test_pausing_stops_the_letter_that_is_on_its_way(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(newsletters, "CHUNK", 1)
    await published_event(database, now=NOON)
    one = await newsletter(database)
    for number in (11, 12):
        await reader(database, one, number)
    async with database.write() as tx:
        await newsletters.send_due(tx, one.id, home=HOME, now=DUE)
        assert await newsletters.carry_on(tx, 1, now=DUE)
        await newsletters.pause(tx, one.id, actor_id=1, now=DUE)
        assert not await newsletters.carry_on(tx, 1, now=DUE)
        assert await letters.list_unspread(tx) == []


async def test_a_deleted_newsletter_forgets_who_asked_for_it(database: Database) -> None:
    one = await newsletter(database)
    person = await reader(database, one, 11)
    async with database.write() as tx:
        assert await newsletters.drop(tx, one.id, actor_id=1, now=NOON)
        assert not await newsletters.drop(tx, one.id, actor_id=1, now=NOON)
        assert (await privacy.look(tx, person)).subscriptions == ()


async def test_one_name_always_stays(database: Database) -> None:
    one = await newsletter(database)
    async with database.write() as tx:
        for locale in ("en", "zh_Hant_HK"):
            await newsletters.rename(tx, one.id, locale, "", actor_id=1, now=NOON)
        found = await kept.find(tx, one.id)
    assert found is not None
    assert newsletters.name_of(found, "zh_Hans_CN") == "論壇通訊"


async def test_a_newsletter_is_offered_once_and_only_where_it_fits(database: Database) -> None:
    one = await newsletter(database)
    person = await known_person(database, 11, now=NOON)
    async with database.write() as tx:
        assert await newsletters.list_offerable(tx, person.id, "camp", now=NOON) == []
        for _ in ("a tap", "the same tap once more"):
            offered = await newsletters.list_offerable(tx, person.id, "forum", now=NOON)
            assert [found.id for found in offered] == [one.id]
            await kept.put_state(tx, one.id, person.id, "offered", now=NOON)
        later = NOON + newsletters.LINGERS
        assert await newsletters.list_offerable(tx, person.id, "forum", now=later) == []
        await kept.put_state(tx, one.id, person.id, "off", now=NOON)
        assert await newsletters.list_offerable(tx, person.id, "forum", now=NOON) == []


async def test_what_organisers_do_with_newsletters_is_written_down(database: Database) -> None:
    one = await newsletter(database)
    weekly = Rule(every="month", day=1, minute=0)
    async with database.write() as tx:
        await newsletters.reschedule(tx, one.id, weekly, actor_id=1, home=HOME, now=NOON)
        await newsletters.retopic(tx, one.id, ["visit", "nonsense"], actor_id=1, now=NOON)
        await newsletters.pause(tx, one.id, actor_id=1, now=NOON)
        await newsletters.go_on(tx, one.id, actor_id=1, home=HOME, now=NOON)
        changed = await kept.find(tx, one.id)
        await newsletters.drop(tx, one.id, actor_id=1, now=NOON)
        done = {entry.action for entry in await audit.list_entries(tx, limit=20)}
    assert changed is not None
    assert changed.kinds == ("visit",)
    assert {action for action in noting.ACTIONS if action.startswith("newsletter")} <= done
