"""How organisers set when people are reminded, for kinds of events and for one."""

from collections.abc import Callable

import pytest

from bot import shift_changes, usual_reminders
from bot.language import LOCALES, language
from bot.reminders import USUAL
from handlers.kinds import kind_name
from storage import events, reminders
from tests.conftest import NOON, OWNER, Amity
from tests.making import agreed, published_event
from tests.messages import Message, buttons, text_of
from tests.moves import forged, pressed
from tests.phone import Phone


async def habit(amity: Amity, kind: str) -> dict[str, tuple[str, ...]]:
    async with amity.database.read() as tx:
        found = await usual_reminders.find_all(tx)
    return {str(of): spans for of, spans in found[kind].items()}


def shows(label: str) -> Callable[[Message], bool]:
    return lambda message: label in buttons(message)


async def boss_at(amity: Amity, *, locale: str = "en") -> Phone:
    boss = await agreed(amity.telegram, "Boss", id=OWNER, locale=locale)
    await boss.write("/organise")
    await boss.wait_for(lambda message: "v1:oreminders" in str(message))
    return boss


@pytest.mark.parametrize("locale", LOCALES)
async def test_a_kind_of_event_gets_reminders_of_its_own(amity: Amity, locale: str) -> None:
    words = language(locale)
    boss = await boss_at(amity, locale=locale)
    await pressed(amity, boss, "v1:oreminders")
    await pressed(amity, boss, "v1:oreminder:visit")
    await pressed(amity, boss, "v1:oremindset:visit:event")
    shown = await boss.last()
    assert {"✓ " + words.before(span) for span in USUAL} <= set(buttons(shown))
    await boss.press(words.before("2h"))
    await boss.wait_for(lambda message: words.before("2h") in buttons(message))
    await boss.press(words.before("30m"))
    await boss.wait_for(lambda message: "✓ " + words.before("30m") in buttons(message))
    await boss.press(words.gettext("Done"))
    await boss.wait_for(words.gettext("✅ Saved. It holds for what is published from now on."))
    assert await habit(amity, "visit") == {"event": ("7d", "1d", "30m"), "shift": USUAL}
    assert await habit(amity, "forum") == {"event": USUAL, "shift": USUAL}
    await pressed(amity, boss, "v1:oreminders")
    spans = [words.before(span) for span in ("7d", "1d", "30m")]
    await boss.wait_for(words.joined(spans))


async def test_times_can_be_written_and_nonsense_is_asked_again(amity: Amity) -> None:
    boss = await boss_at(amity)
    await pressed(amity, boss, "v1:oreminders")
    await pressed(amity, boss, "v1:oreminder:all")
    await pressed(amity, boss, "v1:oremindset:all:shift")
    for nonsense in ("soon", "3 years", "x" * 4000, "<b>1 day</b>"):
        await boss.write(nonsense)
        await boss.wait_for("I could not read that as times before the start.")
    await boss.send_sticker()
    await boss.write("2 weeks, 2 days and 90 minutes before")
    await boss.wait_for("Saved.")
    for kind in ("visit", "charity"):
        assert await habit(amity, kind) == {"event": USUAL, "shift": ("14d", "2d", "90m")}


async def test_no_tick_at_all_is_no_reminder(amity: Amity) -> None:
    boss = await boss_at(amity)
    await pressed(amity, boss, "v1:oreminders")
    await pressed(amity, boss, "v1:oreminder:camp")
    await pressed(amity, boss, "v1:oremindset:camp:event")
    words = language("en")
    for span in USUAL:
        await boss.press("✓ " + words.before(span))
        await boss.wait_for(shows(words.before(span)))
    await boss.press("Done")
    await boss.wait_for("Saved.")
    assert (await habit(amity, "camp"))["event"] == ()
    await boss.wait_for("Of events: none")


@pytest.mark.parametrize(("chosen", "expected"), [(None, ("3d",)), ("1 hour", ("1h",))])
async def test_a_new_event_begins_with_what_its_kind_has(
    amity: Amity, chosen: str | None, expected: tuple[str, ...]
) -> None:
    boss = await boss_at(amity)
    async with amity.database.write() as tx:
        await usual_reminders.change(tx, ["camp"], "event", ["3d"], actor_id=1, now=NOON)
    await boss.press("v1:onew")
    await boss.wait_for("What kind of event is it?")
    await boss.press(kind_name(language("en"), "camp"))
    await boss.wait_for("What is it called?")
    for answer, asked in (
        ("Harbour Camp", "When does it start?"),
        ("3 December 2026 18:30", "When does it end?"),
        ("20:30", "Where is it?"),
        ("Sample Pier", "How many places are there"),
        ("40", "This is how members will see it"),
    ):
        await boss.write(answer)
        await boss.wait_for(asked)
    if chosen:
        await boss.press("Add more")
        await boss.wait_for("What would you like to add?")
        await boss.press("Reminders")
        await boss.wait_for(lambda message: "✓ 3 days before" in buttons(message))
        await boss.write(chosen)
        await boss.wait_for("This is how members will see it")
        # Another kind changes nothing of what was chosen.
        await boss.press("Change something")
        await boss.wait_for("What would you like to change?")
        await boss.press("Kind")
        await boss.wait_for("What kind of event is it?")
        await boss.press(kind_name(language("en"), "visit"))
        await boss.wait_for("This is how members will see it")
    await boss.press("Publish")
    await boss.wait_for("is published")
    async with amity.database.read() as tx:
        [event] = await events.list_all(tx, ending_after=NOON, limit=10)
    assert event.reminders == expected


async def test_nobody_but_organisers_sets_reminders(amity: Amity) -> None:
    ming = await agreed(amity.telegram, "Ming")
    for data in ("v1:oreminders", "v1:oreminder:visit", "v1:oremindset:visit:event", "v1:form:1:pick:0"):
        await forged(amity, ming, data)
        assert "oremind" not in str(await ming.last())
    assert await habit(amity, "visit") == {"event": USUAL, "shift": USUAL}


async def test_forged_kinds_lead_back_to_the_list(amity: Amity) -> None:
    boss = await boss_at(amity)
    for data in ("v1:oreminder", "v1:oreminder:x", "v1:oremindset:visit:x", "v1:oremindset:x:event"):
        await forged(amity, boss, data)
        assert "When people are reminded" in text_of(await boss.last())


async def test_one_event_may_remind_of_its_shifts_otherwise(amity: Amity) -> None:
    boss = await boss_at(amity)
    event = await published_event(amity.database, now=NOON)
    async with amity.database.write() as tx:
        await shift_changes.add(
            tx,
            event,
            starts_at=event.starts_at,
            ends_at=event.ends_at,
            places=1,
            roles={"en": "Usher"},
            now=NOON,
        )
    await forged(amity, boss, f"v1:osignup:{event.id}:shifts")
    assert "7 days before, 1 day before and 2 hours before" in text_of(await boss.last())
    await pressed(amity, boss, f"v1:ochange:{event.id}:shift_reminders")
    assert "✓ 7 days before" in buttons(await boss.last())
    await boss.write("2 days")
    await boss.wait_for("Volunteers are reminded of their shifts: 2 days before")
    async with amity.database.read() as tx:
        found = await events.find(tx, event.id)
        due = await reminders.list_due(tx, now=event.starts_at, limit=10)
    assert found
    assert (found.shift_reminders, found.reminders) == (("2d",), USUAL)
    assert [one.before for one in due if one.shift_id is not None] == ["2d"]
