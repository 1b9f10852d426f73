"""Series: one sign-up for all sessions or single ones, each session with places of its own."""

from datetime import timedelta
from typing import Any

from bot import merging, series
from bot.attendance import Closed, Left, Seated, Waiting, WholeOnly
from bot.series import SingleOnly, WholeAnswer
from storage import Database
from storage import series as rows
from storage.events import Event
from tests.conftest import NOON
from tests.making import published_event
from tests.places import arrived, joined, somebody, states


async def course(database: Database, sign_up: str, **values: Any) -> tuple[int, list[Event]]:
    """Three weekly sessions."""
    async with database.write() as tx:
        series_id = await rows.add(tx, names={"en": "Debating"}, sign_up=sign_up, now=NOON)
    return series_id, [
        await published_event(
            database, now=NOON, starts_at=NOON + timedelta(days=7 * week), series_id=series_id, **values
        )
        for week in (1, 2, 3)
    ]


async def all_joined(database: Database, series_id: int, who: int, *, after: int = 0) -> object:
    async with database.write() as tx:
        return await series.join_all(tx, series_id, who, now=NOON + timedelta(days=after))


async def test_one_sign_up_takes_a_place_or_a_place_on_the_waitlist_at_each_session(
    database: Database,
) -> None:
    series_id, sessions = await course(database, "whole", capacity=1)
    first, who = await somebody(database), await somebody(database)
    async with database.write() as tx:
        await merging.add(tx, sessions[1].id, first, first, now=NOON)
    answer = await all_joined(database, series_id, who)
    assert isinstance(answer, WholeAnswer)
    assert [type(one.answer) for one in answer.sessions] == [Seated, Waiting, Seated]
    assert answer == await all_joined(database, series_id, who)
    async with database.write() as tx:
        gone = await series.leave_all(tx, series_id, who, now=NOON)
    assert isinstance(gone, WholeAnswer)
    assert [type(one.answer) for one in gone.sessions] == [Left] * 3


async def test_single_sessions_of_a_whole_series_are_refused_and_the_other_way_round(
    database: Database,
) -> None:
    whole_id, whole = await course(database, "whole")
    single_id, single = await course(database, "single")
    who = await somebody(database)
    refused = await joined(database, whole[0], who)
    assert isinstance(refused, WholeOnly)
    assert refused.series.id == whole_id
    assert isinstance(await all_joined(database, single_id, who), SingleOnly)
    assert isinstance(await joined(database, single[0], who), Seated)


async def test_sessions_that_are_over_or_closed_are_passed_over(database: Database) -> None:
    series_id, sessions = await course(database, "either", deadline_at=None)
    one = await arrived(database, sessions[0])
    answer = await all_joined(database, series_id, one, after=8)
    assert isinstance(answer, WholeAnswer)
    assert [session.event.id for session in answer.sessions] == [event.id for event in sessions[1:]]
    begun = await all_joined(database, series_id, await somebody(database), after=14)
    assert isinstance(begun, WholeAnswer)
    assert [type(session.answer) for session in begun.sessions] == [Closed, Seated]
    assert await states(database, sessions[0], one) == ["going"]


async def test_sessions_of_one_series_clash_like_any_other_events(database: Database) -> None:
    series_id, sessions = await course(database, "either")
    other = await published_event(database, now=NOON, starts_at=sessions[1].starts_at)
    who = await somebody(database)
    await all_joined(database, series_id, who)
    answer = await joined(database, other, who)
    assert isinstance(answer, Seated)
    assert [clash.event.id for clash in answer.clashes] == [sessions[1].id]
