"""A volunteer can't come: somebody takes over, or two exchange; a leader notes who has come."""

from datetime import timedelta
from typing import Any

import pytest

from bot import covering, crew, programme, volunteering
from bot.language import LOCALES, language
from storage import people, shift_signups, shifts
from storage.people import Person
from storage.shifts import Shift
from tests.conftest import NOON, OWNER, Amity
from tests.making import agreed, known_person, published_event
from tests.phone import Phone, buttons, text_of
from tests.shifts import new_shift

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def volunteering_phone(
    amity: Amity, name: str, *, locale: str = "en", takes: Shift | None = None
) -> tuple[Phone, Person]:
    phone = await agreed(amity.telegram, name, locale=locale)
    async with amity.database.write() as tx:
        person = await people.find_by_telegram_id(tx, phone.id)
        assert person is not None
        await volunteering.sign_up(tx, person.id, languages=["en"], skills="", free=[], now=NOON)
        if takes:
            answer = await volunteering.take(tx, takes.id, person.id, now=NOON)
            assert isinstance(answer, volunteering.Taken)
    return phone, person


async def has(amity: Amity, shift: Shift, person: Person) -> bool:
    async with amity.database.read() as tx:
        return await shifts.has_taken(tx, shift.id, person.id)


async def choose(phone: Phone, label: str) -> str:
    """Press a button, wait until that is done, and give what popped up."""
    answer = await phone.press(label)
    await phone.settled()
    return str((answer or {}).get("text"))


async def forge(phone: Phone, data: str) -> str:
    query = await phone.forge(data, (await phone.last())["message_id"])
    answer: dict[str, Any] | None = await phone.telegram.answer(query)
    await phone.settled()
    return str((answer or {}).get("text"))


@pytest.mark.parametrize("locale", LOCALES)
async def test_i_cannot_come_is_one_tap_and_cover_is_found(amity: Amity, locale: str) -> None:
    words = language(locale)
    event = await published_event(amity.database, now=NOON, hold_shifts=True)
    shift = await new_shift(amity.database, event)
    ming, giver = await volunteering_phone(amity, "Ming", locale=locale, takes=shift)
    wai, taker = await volunteering_phone(amity, "Wai", locale=locale)
    await ming.write("/volunteer")
    await ming.wait_for(words.gettext("✅ Yours"))
    await choose(ming, f"v1:shift:{shift.id}")
    await choose(ming, words.gettext("I can't come"))
    asked = await ming.wait_for(words.gettext("Until somebody takes it over, the shift stays yours."))
    assert words.gettext("🔁 Swap with another shift") in buttons(asked)
    assert words.gettext("Give it back") not in buttons(asked)
    assert words.ngettext(
        "I ask {n} volunteer who could do it. The shift stays yours until somebody takes it.",
        "I ask {n} volunteers who could do it. The shift stays yours until somebody takes it.",
        1,
    ) == await choose(ming, words.gettext("🙋 Find somebody who takes it over"))
    assert await has(amity, shift, giver)
    await wai.wait_for("Guide")
    await choose(wai, words.gettext("Open the shift"))
    await wai.wait_for(words.gettext("🔁 Somebody can't come: cover is wanted"))
    await choose(wai, words.gettext("Take it over"))
    assert (await has(amity, shift, giver), await has(amity, shift, taker)) == (False, True)
    told = await ming.wait_for(lambda message: words.gettext("🙋 Open shifts") in buttons(message))
    assert "Guide" in text_of(told)


async def test_cover_is_shown_in_the_list_and_can_be_taken_back(amity: Amity) -> None:
    event = await published_event(amity.database, now=NOON)
    shift = await new_shift(amity.database, event)
    ming, person = await volunteering_phone(amity, "Ming", takes=shift)
    wai, _ = await volunteering_phone(amity, "Wai")
    await forge(ming, f"v1:cover:{shift.id}")
    await wai.write("/volunteer")
    await wai.wait_for("cover is wanted")
    await choose(ming, "I can come after all")
    await forge(wai, f"v1:take:{shift.id}")
    assert await has(amity, shift, person)
    await wai.wait_for("All places are taken")


async def test_forged_presses_change_nobody_elses_shift(amity: Amity) -> None:
    event = await published_event(amity.database, now=NOON)
    shift = await new_shift(amity.database, event)
    _, person = await volunteering_phone(amity, "Ming", takes=shift)
    wai, other = await volunteering_phone(amity, "Wai")
    for data in (
        "cover:{s}", "keepshift:{s}", "swaps:{s}", "swaps:{s}:99", "swapask:{s}:{s}:{p}", "swapask:x:y:z",
        "swapyes:1", "swapno:1", "swapback:1", "swapback:-1", "cover", "cover:99999999999999999999",
        "crew:{s}", "crewcame:{s}:{p}:0", "crewmissed:{s}:{p}:0", "crewundo:{s}:{p}", "crewcame", "speak",
        "speak:{s}",
        "unapply:{s}", "certdrop:x", "certdropped:first_aid", "oshiftlead:{s}:{p}:1", "oshiftyes:{s}:{p}",
        "oshiftneed:{s}:approval:1", "oshiftask:{s}", "ocerts", "ocertyes:{p}:first_aid:1",
        "oshiftno:{s}:{p}",
    ):  # fmt: skip
        await forge(wai, "v1:" + data.format(s=shift.id, p=person.id))
    assert await has(amity, shift, person)
    assert not await has(amity, shift, other)
    async with amity.database.read() as tx:
        signup = await shift_signups.find(tx, shift.id, person.id)
    assert signup is not None
    assert (signup.leader, signup.arrived_at, signup.cover_since) == (False, None, None)


@pytest.mark.parametrize("locale", LOCALES)
async def test_two_volunteers_swap_once_both_have_said_yes(amity: Amity, locale: str) -> None:
    words = language(locale)
    event = await published_event(amity.database, now=NOON)
    guide = await new_shift(amity.database, event)
    door = await new_shift(
        amity.database,
        event,
        starts_at=event.starts_at + DAY,
        ends_at=event.ends_at + DAY,
        roles={"en": "Door"},
    )
    ming, giver = await volunteering_phone(amity, "Ming <b>", locale=locale, takes=guide)
    wai, taker = await volunteering_phone(amity, "Wai", locale=locale, takes=door)
    await forge(ming, f"v1:drop:{guide.id}")
    await choose(ming, words.gettext("🔁 Swap with another shift"))
    offered = text_of(await ming.wait_for("Door"))
    assert "Wai" in offered
    said = await choose(ming, "1. Door")
    assert said == words.gettext("Asked! I tell you what they say, within a day. Both keep their shifts.")
    assert words.gettext("Take back the request to swap") in buttons(await ming.last())
    question = text_of(await wai.wait_for("Ming <b>"))
    assert "Guide" in question
    assert "Door" in question
    await choose(wai, words.gettext("✅ Yes, swap"))
    await wai.wait_for(words.gettext("✅ Swapped. This is your shift now:"))
    assert (await has(amity, guide, taker), await has(amity, door, giver)) == (True, True)
    await ming.wait_for(lambda message: text_of(message).startswith("✅") and "Door" in text_of(message))


async def test_who_helps_elsewhere_stays_unnamed_and_silence_changes_nothing(amity: Amity) -> None:
    here = await published_event(amity.database, now=NOON)
    there = await published_event(amity.database, now=NOON, starts_at=NOON + 9 * DAY, title="Visit")
    guide = await new_shift(amity.database, here)
    door = await new_shift(amity.database, there, roles={"en": "Door"})
    ming, giver = await volunteering_phone(amity, "Ming", takes=guide)
    wai, taker = await volunteering_phone(amity, "Wai", takes=door)
    await forge(ming, f"v1:swaps:{guide.id}")
    assert "Wai" not in text_of(await ming.wait_for("Door"))
    await choose(ming, "1. Door")
    question = await wai.wait_for("Another volunteer asks to swap")
    assert "Ming" not in text_of(question)
    amity.clock.move(24 * 3600)
    await ming.wait_for("has lapsed")
    assert "over already" in await choose(wai, "Yes, swap")
    assert (await has(amity, guide, giver), await has(amity, door, taker)) == (True, True)


async def test_a_no_is_told_kindly_and_both_keep_theirs(amity: Amity) -> None:
    event = await published_event(amity.database, now=NOON)
    guide = await new_shift(amity.database, event)
    door = await new_shift(amity.database, event, roles={"en": "Door"})
    ming, giver = await volunteering_phone(amity, "Ming", takes=guide)
    wai, taker = await volunteering_phone(amity, "Wai", takes=door)
    await forge(ming, f"v1:swaps:{guide.id}")
    await choose(ming, "1. Door")
    await wai.wait_for("asks to swap shifts with you")
    assert "Your shift stays yours" in await choose(wai, "No, I keep mine")
    await ming.wait_for("The other volunteer keeps their shift")
    assert (await has(amity, guide, giver), await has(amity, door, taker)) == (True, True)
    await choose(ming, "I still can't come")
    await ming.wait_for("What would you like to do?")
    await choose(ming, "Give it back")
    assert not await has(amity, guide, giver)


@pytest.mark.parametrize("locale", LOCALES)
async def test_a_leader_sees_the_team_and_notes_who_has_come(amity: Amity, locale: str) -> None:
    words = language(locale)
    event = await published_event(amity.database, now=NOON)
    shift = await new_shift(amity.database, event, places=3)
    boss = await known_person(amity.database, 1, now=NOON)
    ming, leader = await volunteering_phone(amity, "Ming", locale=locale, takes=shift)
    wai, came = await volunteering_phone(amity, "Wai", takes=shift)
    _, missed = await volunteering_phone(amity, "Ann", takes=shift)
    async with amity.database.write() as tx:
        await crew.set_leader(tx, shift.id, leader.id, True, actor_id=boss.id, now=NOON)
    await ming.wait_for("⭐")
    await choose(ming, words.gettext("👥 My team"))
    await ming.wait_for(words.gettext("From 30 minutes before it begins you note here who has come."))
    await forge(wai, f"v1:crew:{shift.id}")
    assert "Ann" not in text_of(await wai.last())
    amity.clock.move((shift.starts_at - NOON).total_seconds())
    await ming.settled()
    await forge(ming, f"v1:crew:{shift.id}")
    team = await ming.wait_for("Ann")
    assert "Wai" in text_of(team)
    assert not any("Ming" in label for label in buttons(team))
    assert "Wai" in await choose(ming, "✅ 2.")
    assert "Ann" in await choose(ming, "❌ 3.")
    async with amity.database.read() as tx:
        first = await shift_signups.find(tx, shift.id, came.id)
        second = await shift_signups.find(tx, shift.id, missed.id)
    assert first is not None
    assert first.arrived_at is not None
    assert second is not None
    assert second.state == "missed"
    assert words.gettext("You can't note that for yourself. Please ask another leader.") == await forge(
        ming, f"v1:crewcame:{shift.id}:{leader.id}:0"
    )


async def test_a_shift_that_moves_ends_the_search_and_says_so(amity: Amity) -> None:
    event = await published_event(amity.database, now=NOON)
    shift = await new_shift(amity.database, event)
    ming, person = await volunteering_phone(amity, "Ming", takes=shift)
    async with amity.database.write() as tx:
        await covering.seek(tx, shift.id, person.id, now=NOON)
        later = {"starts_at": event.starts_at + DAY, "ends_at": event.ends_at + DAY}
        await programme.change(tx, event.id, later, now=NOON)
    await ming.wait_for("I don't look for cover any more")
    assert await has(amity, shift, person)


async def test_the_organiser_hears_of_a_place_freed_late_and_asks_volunteers(amity: Amity) -> None:
    boss = await agreed(amity.telegram, "Boss", id=OWNER)
    event = await published_event(amity.database, now=NOON, starts_at=NOON + 5 * HOUR)
    async with amity.database.write() as tx:
        # Who made it has blocked the bot: whoever else organises hears of it.
        creator = await people.find_by_telegram_id(tx, 1)
        assert creator is not None
        await people.mark_unreachable(tx, [creator.id], now=NOON)
    shift = await new_shift(amity.database, event)
    ming, _ = await volunteering_phone(amity, "Ming", takes=shift)
    wai, _ = await volunteering_phone(amity, "Wai")
    await forge(ming, f"v1:dropped:{shift.id}")
    told = await boss.wait_for("0 of 1 taken")
    assert "Somebody can't come to Guide" in text_of(told)
    assert "I ask 1 volunteer." in await choose(boss, "🙋 Ask volunteers")
    await wai.wait_for("Volunteers are still needed for Guide")
    assert "asked today" in await choose(boss, "🙋 Ask volunteers")
