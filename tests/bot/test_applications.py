"""Where an organiser decides: applying, approving, refusing, and looking again."""

from datetime import timedelta

import pytest

from bot import applications, attendance
from bot.applications import Decided, Decision, Settled
from bot.attendance import Applied, Incomplete, Left, NotForYou, NotYet, Refused, Seated, Waiting
from storage import Database, event_questions, invitations, people, rsvps
from storage.event_questions import QuestionText
from storage.events import Event
from tests.conftest import NOON
from tests.making import published_event
from tests.places import arrived, changed, joined, left, rsvp_of, somebody, states, told


async def decided(database: Database, event: Event, who: int, *, reason: str | None = None) -> Decision:
    """An organiser approves or, with a reason, refuses."""
    mine = await rsvp_of(database, event, who)
    boss = await somebody(database)
    async with database.write() as tx:
        if reason is None:
            return await applications.approve(tx, mine.id, boss, now=NOON)
        return await applications.refuse(tx, mine.id, boss, reason, now=NOON)


async def test_an_application_takes_no_place_until_it_is_approved(database: Database) -> None:
    event = await published_event(database, now=NOON, capacity=1, approval=True)
    first, second = await arrived(database, event), await arrived(database, event)
    assert await states(database, event, first, second) == ["applied", "applied"]
    assert isinstance(await decided(database, event, second), Decided)
    assert await states(database, event, first, second) == ["applied", "going"]
    await decided(database, event, first)
    assert await states(database, event, first) == ["waiting"]
    assert await told(database, first) == ["application_approved"]


async def test_two_organisers_who_press_decide_once(database: Database) -> None:
    event = await published_event(database, now=NOON, approval=True)
    who = await arrived(database, event)
    assert isinstance(await decided(database, event, who), Decided)
    assert isinstance(await decided(database, event, who), Settled)
    assert isinstance(await decided(database, event, who, reason="no"), Settled)
    assert await told(database, who) == ["application_approved"]


async def test_withdrawn_may_come_back_and_refused_only_where_the_event_lets_them(database: Database) -> None:
    event = await published_event(database, now=NOON, approval=True)
    withdrawn, refused = await arrived(database, event), await arrived(database, event)
    answer = await left(database, event, withdrawn)
    assert isinstance(answer, Left)
    assert answer.held == "applied"
    await decided(database, event, refused, reason="For members this time.")
    assert isinstance(await joined(database, event, withdrawn), Applied)
    again = await joined(database, event, refused)
    assert isinstance(again, Refused)
    assert again.reason == "For members this time."
    # Leaving is no way around it.
    await left(database, event, refused)
    assert isinstance(await joined(database, event, refused), Refused)
    await changed(database, event, apply_again=True)
    assert isinstance(await joined(database, event, refused), Applied)


async def test_withdrawn_and_refused_do_not_count(database: Database) -> None:
    event = await published_event(database, now=NOON, capacity=1, approval=True)
    withdrawn, refused, third = [await arrived(database, event) for _ in range(3)]
    await left(database, event, withdrawn)
    await decided(database, event, refused, reason="")
    await decided(database, event, third)
    assert await states(database, event, third) == ["going"]


async def test_an_approved_application_goes_back_only_where_what_was_approved_has_changed(
    database: Database,
) -> None:
    event = await published_event(database, now=NOON, approval=True, companions=3, capacity=9)
    who = await arrived(database, event, companions=1)
    await decided(database, event, who)
    fewer = await joined(database, event, who, companions=0)
    assert isinstance(fewer, Seated)
    assert not fewer.to_review
    more = await joined(database, event, who, companions=2)
    assert isinstance(more, Seated)
    assert more.to_review
    await decided(database, event, who)
    assert not (await rsvp_of(database, event, who)).to_review
    assert await told(database, who) == ["application_approved"]


async def test_refusing_what_has_changed_frees_the_place(database: Database) -> None:
    event = await published_event(database, now=NOON, approval=True, companions=3, capacity=2)
    who, waits = await arrived(database, event), await arrived(database, event, companions=1)
    await decided(database, event, who)
    await decided(database, event, waits)
    await joined(database, event, who, answers={})
    async with database.write() as tx:
        await rsvps.change(tx, (await rsvp_of(database, event, who)).id, to_review=True)
    await decided(database, event, who, reason="Too many")
    assert await states(database, event, who, waits) == ["refused", "going"]


async def test_those_approved_wait_by_the_time_they_asked(database: Database) -> None:
    event = await published_event(database, now=NOON, approval=True, capacity=1)
    seated, first, second = [
        await arrived(database, event, at=NOON + timedelta(seconds=number)) for number in range(3)
    ]
    for one in (seated, second, first):
        await decided(database, event, one)
    await left(database, event, seated)
    assert await states(database, event, first, second) == ["going", "waiting"]


async def test_without_approval_any_more_those_who_applied_get_what_is_free(database: Database) -> None:
    event = await published_event(database, now=NOON, approval=True, capacity=1)
    first, second = [await arrived(database, event, at=NOON + timedelta(seconds=n)) for n in range(2)]
    await changed(database, event, approval=False)
    assert await states(database, event, first, second) == ["going", "waiting"]
    assert await told(database, first) == await told(database, second) == ["application_approved"]


async def test_the_organiser_hears_once_of_many_applications(database: Database) -> None:
    event = await published_event(database, now=NOON, approval=True)
    for number in range(3):
        await arrived(database, event, at=NOON + timedelta(seconds=number))
    async with database.read() as tx:
        maker = await people.find_by_telegram_id(tx, 1)
    assert maker
    assert await told(database, maker.id) == ["application_new"]


async def test_those_seated_keep_their_seat_when_requirements_tighten_and_can_step_down(
    database: Database,
) -> None:
    event = await published_event(database, now=NOON, capacity=5, companions=2)
    who = await arrived(database, event, companions=2)
    await changed(
        database, event, approval=True, audience="invited", companions=0, companion_names=True, capacity=1
    )
    assert isinstance(await joined(database, event, who), Seated)
    fewer = await joined(database, event, who, companions=1)
    assert isinstance(fewer, Seated)
    assert fewer.companions == 1
    assert isinstance(await left(database, event, who), Left)
    assert isinstance(await joined(database, event, who), NotForYou)


async def test_nobody_signs_up_before_it_opens(database: Database) -> None:
    opens = NOON + timedelta(hours=1)
    event = await published_event(database, now=NOON, opens_at=opens)
    who = await somebody(database)
    early = await joined(database, event, who)
    assert isinstance(early, NotYet)
    assert early.opens_at == opens
    assert isinstance(await joined(database, event, who, at=opens), Seated)


@pytest.mark.parametrize("audience", ["invited", "group"])
async def test_an_event_for_others_says_for_whom_it_is(database: Database, audience: str) -> None:
    event = await published_event(database, now=NOON, audience=audience)
    who = await somebody(database)
    outside = await joined(database, event, who)
    assert isinstance(outside, NotForYou)
    assert outside.why == audience
    async with database.write() as tx:
        await invitations.put(tx, event.id, who, now=NOON)
        assert await attendance.bars(tx, event, who) is None
    assert isinstance(await joined(database, event, who), Seated)


async def test_nothing_is_decided_before_everything_asked_is_known(database: Database) -> None:
    event = await published_event(
        database, now=NOON, ways="both", companion_names=True, companions=2, capacity=9
    )
    async with database.write() as tx:
        question = await event_questions.add(tx, event.id, "text", required=True)
        await event_questions.put_text(tx, question, "en", QuestionText("Which school?"))
    who = await somebody(database)
    first = await joined(database, event, who, companions=1)
    assert isinstance(first, Incomplete)
    assert first.missing == ("way", "names", "questions")
    last = await joined(
        database, event, who, companions=1, way="online", names=["Mei Example"], answers={question: "Hilltop"}
    )
    assert isinstance(last, Seated)
    assert (await rsvp_of(database, event, who)).names == ("Mei Example",)
    await left(database, event, who)
    assert (await rsvp_of(database, event, who)).names == ()


async def test_a_waiting_party_may_grow_without_losing_its_turn(database: Database) -> None:
    event = await published_event(database, now=NOON, capacity=3, companions=2)
    await arrived(database, event, companions=2)
    first, _ = await arrived(database, event), await arrived(database, event, at=NOON + timedelta(seconds=1))
    grown = await joined(database, event, first, companions=1, at=NOON + timedelta(seconds=2))
    assert isinstance(grown, Waiting)
    assert grown.position == 1
