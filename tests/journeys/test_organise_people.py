"""Organisers decide about applications, and add, remove, move and merge people."""

from typing import Any

import pytest

from bot import applications, attendance
from bot.language import LOCALES, isolate, language
from handlers.organise.reasons import quick_reasons
from storage import Database, event_questions, events, people, rsvps
from storage.event_questions import QuestionText
from storage.events import Event
from tests.conftest import NOON, OWNER, Amity
from tests.making import agreed, known_person, published_event
from tests.phone import Phone, buttons, text_of


async def boss_of(amity: Amity, locale: str = "en") -> Phone:
    return await agreed(amity.telegram, "Boss", id=OWNER, locale=locale)


async def person_id(database: Database, telegram_id: int) -> int:
    async with database.read() as tx:
        found = await people.find_by_telegram_id(tx, telegram_id)
    assert found
    return found.id


async def asks(database: Database, event: Event, who: int, **wish: Any) -> None:
    async with database.write() as tx:
        await attendance.join(tx, event.id, who, now=NOON, **wish)


async def state_of(database: Database, event: Event, who: int) -> str | None:
    async with database.read() as tx:
        found = await rsvps.find(tx, event.id, who)
    return found.state if found else None


async def open_by(phone: Phone, data: str, expected: str) -> None:
    """Press a button with this data under the last message, as an old message might still carry it."""
    await phone.forge(data, (await phone.last())["message_id"])
    await phone.wait_for(expected)


@pytest.mark.parametrize("locale", LOCALES)
async def test_an_organiser_hears_of_applications_and_approves_them_one_after_another(
    amity: Amity, locale: str
) -> None:
    words, boss = language(locale), await boss_of(amity, locale)
    event = await published_event(amity.database, now=NOON, approval=True, companions=2)
    async with amity.database.write() as tx:
        question = await event_questions.add(tx, event.id, "text", required=False)
        await event_questions.put_text(tx, question, "en", QuestionText("Which school?"))
    mei = await known_person(amity.database, 51, now=NOON)
    lok = await known_person(amity.database, 52, now=NOON)
    boss_id = await person_id(amity.database, OWNER)
    async with amity.database.write() as tx:
        await events.change(tx, event.id, now=NOON, created_by=boss_id)
    await asks(amity.database, event, mei.id, companions=1, answers={question: "Hill <b>Top</b>"})
    await asks(amity.database, event, lok.id)
    await boss.wait_for("📝")
    await boss.press(words.gettext("Look at them"))
    await boss.wait_for(
        words.ngettext("{n} application waits for an answer.", "{n} applications wait for an answer.", 2)
    )
    await boss.press("51")
    seen = text_of(await boss.wait_for("Which school?"))
    assert "Hill <b>Top</b>" in seen
    assert words.ngettext("👥 With {n} companion", "👥 With {n} companions", 1) in seen
    await boss.press(words.gettext("✅ Approve"))
    said = words.gettext("✅ {name} has a place, and is told.", name=isolate("Person 51"))
    # The next one follows at once.
    assert "Person 52" in text_of(await boss.wait_for(said))
    await boss.press(words.gettext("✅ Approve"))
    await boss.wait_for(words.gettext("Nobody waits for an answer."))
    assert await state_of(amity.database, event, mei.id) == "going"


@pytest.mark.parametrize("locale", LOCALES)
async def test_a_refusal_brings_the_reason_word_for_word_or_in_the_readers_language(
    amity: Amity, locale: str
) -> None:
    boss = await boss_of(amity)
    mei = await agreed(amity.telegram, "Mei", locale=locale)
    lok = await agreed(amity.telegram, "Lok", locale=locale)
    event = await published_event(amity.database, now=NOON, approval=True)
    first, second = [await person_id(amity.database, one.id) for one in (mei, lok)]
    await asks(amity.database, event, first)
    await asks(amity.database, event, second)
    await open_by(boss, f"v1:oapps:{event.id}", "2 applications wait")
    await boss.press("Mei")
    await boss.wait_for("Asked on")
    await boss.press("❌ Refuse")
    await boss.wait_for("Why?")
    await boss.press("✍️ Write a reason")
    await boss.wait_for("Please write the reason.")
    await boss.send_sticker()
    await boss.wait_for("Please send the reason as text.")
    await boss.write("x" * 501)
    await boss.wait_for("too long by 1 character")
    await boss.write("Only for <i>pupils</i> & teachers")
    await boss.wait_for("is refused, and is told.")
    assert "Only for <i>pupils</i> & teachers" in text_of(await mei.wait_for("pupils"))
    await boss.press("❌ Refuse")
    await boss.wait_for("Why?")
    await boss.press("There are more applications than places.")
    await boss.wait_for("Nobody waits for an answer.")
    await lok.wait_for(quick_reasons(language(locale))["full"])


@pytest.mark.parametrize("locale", LOCALES)
async def test_people_are_found_moved_removed_and_added(amity: Amity, locale: str) -> None:
    words, boss = language(locale), await boss_of(amity, locale)
    event = await published_event(amity.database, now=NOON, capacity=20)
    other = await published_event(amity.database, now=NOON, capacity=1, title="Other Forum")
    crowd = [await known_person(amity.database, 60 + number, now=NOON) for number in range(10)]
    for one in crowd:
        await asks(amity.database, event, one.id)
    await asks(amity.database, other, crowd[0].id)
    await open_by(
        boss, f"v1:opeople:{event.id}", words.gettext("Choose somebody to see, move or remove them.")
    )
    await boss.press(words.gettext("Next ›"))
    await boss.wait_for(lambda m: any("Person 69" in one for one in buttons(m)))
    await boss.press(words.gettext("🔎 Search"))
    await boss.wait_for(words.gettext("Please send a name or a part of it, or a @username."))
    await boss.write("son 65")
    await boss.wait_for(words.gettext("Called “{name}”:", name=isolate("son 65")))
    await boss.press("Person 65")
    await boss.wait_for(words.gettext("✅ Has a place."))
    await boss.press(words.gettext("➡️ Move to another event"))
    await boss.wait_for(lambda m: any("Other Forum" in one for one in buttons(m)))
    await boss.press("Other Forum")
    await boss.wait_for(words.gettext("⚠️ There is no room: they would be on the waitlist there."))
    await boss.press(words.gettext("Yes, move them"))
    await boss.wait_for("Other Forum")
    assert await state_of(amity.database, other, crowd[5].id) == "waiting"
    await open_by(boss, f"v1:operson:{event.id}:{crowd[6].id}", words.gettext("✅ Has a place."))
    await boss.press(words.gettext("Remove from the event"))
    await boss.wait_for(lambda m: words.gettext("Without a reason") in buttons(m))
    await boss.press(words.gettext("Without a reason"))
    await boss.wait_for(words.gettext("{name} is removed, and is told.", name=isolate("Person 66")))
    assert await state_of(amity.database, event, crowd[6].id) == "refused"
    await boss.press(words.gettext("➕ Add somebody"))
    await boss.wait_for(lambda m: not any("Person" in one for one in buttons(m)))
    await boss.write("Nobody Of That Name")
    await boss.wait_for("Nobody Of That Name")
    await boss.write("Person 66")
    await boss.wait_for(lambda m: any("Person 66" in one for one in buttons(m)))
    await boss.press("Person 66")
    await boss.wait_for(words.gettext("✅ {name} has a place, and is told.", name=isolate("Person 66")))
    assert await state_of(amity.database, event, crowd[6].id) == "going"


@pytest.mark.parametrize("locale", LOCALES)
async def test_a_merger_says_before_what_it_does_and_tells_everybody_once(amity: Amity, locale: str) -> None:
    words, boss = language(locale), await boss_of(amity, locale)
    mei = await agreed(amity.telegram, "Mei", locale=locale)
    event = await published_event(amity.database, now=NOON, title="Small Forum")
    into = await published_event(amity.database, now=NOON, capacity=2, title="Large Forum")
    await asks(amity.database, event, await person_id(amity.database, mei.id))
    for number in range(2):
        await asks(amity.database, event, (await known_person(amity.database, 80 + number, now=NOON)).id)
    await open_by(boss, f"v1:opeople:{event.id}", "Small Forum")
    await boss.press(words.gettext("🔀 Merge with another event"))
    await boss.wait_for(lambda m: any("Large Forum" in one for one in buttons(m)))
    await boss.press("Large Forum")
    seats = words.ngettext("✅ {n} sign-up gets a place there.", "✅ {n} sign-ups get a place there.", 2)
    waits = words.ngettext("🕒 {n} sign-up waits there.", "🕒 {n} sign-ups wait there.", 1)
    seen = text_of(await boss.wait_for(seats))
    assert waits in seen
    confirm = await boss.last()
    await boss.press(words.gettext("Yes, merge them"))
    await boss.wait_for(
        words.gettext(
            "✅ <b>{old}</b> is merged into <b>{new}</b>, and everybody is told.",
            old="Small Forum",
            new="Large Forum",
        )
        .replace("<b>", "")
        .replace("</b>", "")
    )
    assert waits in text_of(await boss.last())
    await boss.forge(f"v1:omerged:{event.id}:{into.id}", confirm["message_id"])
    await boss.wait_for(words.gettext("These two can't be merged: one of them is cancelled or over."))
    await mei.wait_for("Large Forum")
    told = [one for one in await mei.messages() if "Large Forum" in text_of(one)]
    assert len(told) == 1


async def test_buttons_for_organisers_do_nothing_for_others_and_survive_any_number(amity: Amity) -> None:
    boss = await boss_of(amity)
    member = await agreed(amity.telegram, "<b>Nobody</b> \u202e& Co")
    event = await published_event(amity.database, now=NOON, approval=True)
    mine = await person_id(amity.database, member.id)
    await asks(amity.database, event, mine)
    async with amity.database.read() as tx:
        rsvp = await rsvps.find(tx, event.id, mine)
    assert rsvp
    under = (await member.last())["message_id"]
    for data in (f"oappyes:{rsvp.id}", f"opadded:{event.id}:{mine}", f"omerged:{event.id}:{event.id}"):
        await member.forge(f"v1:{data}", under)
    await member.settled()
    assert await state_of(amity.database, event, mine) == "applied"
    under = (await boss.last())["message_id"]
    names = (
        "oapps", "oapp", "oappfile", "oappyes", "oappno", "oappnoed", "oappwhy", "opeople", "operson",
        "opfind", "opadd", "opadded", "opout", "opouted", "opoutwhy", "opmove", "opmoveto", "opmoved",
        "omerge", "omergeto", "omerged",
    )  # fmt: skip
    for name in names:
        for args in ("", ":999999", ":-1:x:zz", f":{event.id + 70}:{mine}:1"):
            await boss.forge(f"v1:{name}{args}", under)
    await boss.settled()
    assert await state_of(amity.database, event, mine) == "applied"
    await open_by(boss, f"v1:oapp:{rsvp.id}", "Asked on")
    assert "<b>Nobody</b>" in text_of(await boss.last())


async def test_who_refuses_what_was_approved_already_hears_that_it_was(amity: Amity) -> None:
    boss = await boss_of(amity)
    event = await published_event(amity.database, now=NOON, approval=True)
    mei = await known_person(amity.database, 51, now=NOON)
    await asks(amity.database, event, mei.id)
    await open_by(boss, f"v1:oapps:{event.id}", "1 application waits")
    await boss.press("Person 51")
    await boss.wait_for("Asked on")
    async with amity.database.write() as tx:
        rsvp = await rsvps.find(tx, event.id, mei.id)
        assert rsvp
        await applications.approve(tx, rsvp.id, mei.id, now=NOON)
    await boss.forge(f"v1:oappnoed:{rsvp.id}:full", (await boss.last())["message_id"])
    await boss.wait_for("had been approved already.")
    assert await state_of(amity.database, event, mei.id) == "going"


async def test_who_is_taken_off_the_list_is_not_told_that_there_was_no_place(amity: Amity) -> None:
    boss = await boss_of(amity)
    mei = await agreed(amity.telegram, "Mei")
    event = await published_event(amity.database, now=NOON)
    mine = await person_id(amity.database, mei.id)
    await asks(amity.database, event, mine)
    await open_by(boss, f"v1:opouted:{event.id}:{mine}:none", "is removed, and is told.")
    told = await mei.wait_for("An organiser has taken you off the list.")
    assert "could not give you a place" not in text_of(told)


async def test_the_history_of_both_events_says_that_somebody_was_moved(amity: Amity) -> None:
    boss = await boss_of(amity)
    event = await published_event(amity.database, now=NOON)
    other = await published_event(amity.database, now=NOON, title="Other Forum")
    mei = await known_person(amity.database, 51, now=NOON)
    await asks(amity.database, event, mei.id)
    await open_by(boss, f"v1:opmoved:{event.id}:{mei.id}:{other.id}", "is moved to Other Forum")
    moved = f"Moved {isolate('Person 51')}"
    await open_by(boss, f"v1:ohistory:0:{event.id}", f"{moved} to another event")
    await open_by(boss, f"v1:ohistory:0:{other.id}", f"{moved} here from another event")
