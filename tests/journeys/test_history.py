"""What organisers did can be read in chat, each line in the reader's language."""

from dataclasses import fields
from datetime import timedelta

import pytest

from bot import attendance, audit, copies, programme
from bot.audit import ACTIONS
from bot.language import LOCALES, isolate, language
from bot.programme import Draft
from handlers.organise.history_words import field_label, tell_action
from storage import people
from storage.audit import Entry
from storage.events import EventText
from tests.conftest import NOON, OWNER, Amity
from tests.making import agreed, known_person, published_event
from tests.phone import buttons, text_of


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("action", sorted(ACTIONS))
def test_every_action_has_words(action: str, locale: str) -> None:
    entry = Entry(1, NOON, action, {}, 1, None, "Boss", "Ming <b>&")
    said = str(tell_action(entry, {}, language(locale)))
    assert said
    assert action not in said
    assert "<b>&" not in said


def test_everything_that_can_change_about_an_event_has_a_name() -> None:
    changeable = {one.name for kind in (Draft, EventText) for one in fields(kind)} - {"texts", "base_locale"}
    unnamed = {name for name in changeable if field_label(name, language("en")) == name}
    assert unnamed == set()


@pytest.mark.parametrize("locale", LOCALES)
async def test_the_log_of_everything_and_of_one_event_comes_in_pages(amity: Amity, locale: str) -> None:
    words = language(locale)
    boss = await agreed(amity.telegram, "Boss <b>&", id=OWNER, locale=locale)
    event = await published_event(amity.database, now=NOON)
    other = await published_event(amity.database, now=NOON, title="Other Forum")
    async with amity.database.write() as tx:
        person = await people.find_by_telegram_id(tx, OWNER)
        assert person
        for capacity in range(1, 9):
            await programme.change(tx, event.id, {"capacity": capacity}, actor_id=person.id, now=NOON)
        await programme.cancel(tx, other.id, actor_id=person.id, now=NOON)
    await boss.write("/organise")
    await boss.wait_for(lambda m: words.gettext("🕘 History") in buttons(m))
    await boss.press(words.gettext("🕘 History"))
    shown = text_of(await boss.wait_for(words.html("<b>What organisers did</b>").striptags()))
    changed = words.gettext("Changed: {fields}", fields=words.gettext("Places"))
    assert shown.index(words.gettext("Cancelled the event")) < shown.index(changed)
    assert "Boss <b>&" in shown
    assert "Other Forum" in shown
    await boss.press(words.gettext("Earlier ›"))
    await boss.wait_for(words.gettext("Published the event"))
    await boss.forge(f"v1:omore:{other.id}", (await boss.last())["message_id"])
    await boss.wait_for("Other Forum")
    await boss.press(words.gettext("🕘 History"))
    shown = text_of(await boss.wait_for(words.gettext("Cancelled the event")))
    assert changed not in shown


async def test_whoever_was_forgotten_is_forgotten_in_the_log_too(amity: Amity) -> None:
    boss = await agreed(amity.telegram, "Boss", id=OWNER)
    person = await known_person(amity.database, 50, now=NOON)
    async with amity.database.write() as tx:
        await audit.note(tx, "group_joined", now=NOON, actor_id=person.id, subject_id=person.id)
        await people.delete_person(tx, person.id)
    await boss.forge("v1:ohistory:0", (await boss.last())["message_id"])
    await boss.wait_for("somebody who has left")


async def test_appointing_and_dismissing_are_written_down(amity: Amity) -> None:
    boss, ming = await agreed(amity.telegram, "Boss", id=OWNER), await agreed(amity.telegram, "Ming")
    async with amity.database.read() as tx:
        person = await people.find_by_telegram_id(tx, ming.id)
    assert person
    here = (await boss.last())["message_id"]
    for operation in ("appointed", "unteamed", "unteamed"):
        await boss.forge(f"v1:{operation}:{person.id}", here)
        await boss.settled()
    await boss.forge("v1:ohistory:0", here)
    name = isolate("Ming")
    shown = text_of(await boss.wait_for(f"Made {name} a member again"))
    assert shown.count(f"Made {name} a member again") == 1
    assert f"Made {name} an organiser" in shown


async def test_what_is_done_with_a_series_is_written_down_once(amity: Amity) -> None:
    boss = await agreed(amity.telegram, "Boss", id=OWNER)
    event = await published_event(amity.database, now=NOON)
    async with amity.database.write() as tx:
        person = await people.find_by_telegram_id(tx, OWNER)
        assert person
        await copies.make_series(
            tx, event, [event.starts_at + timedelta(days=7)], names={"en": "Talks"}, sign_up="single",
            actor_id=person.id, now=NOON,
        )  # fmt: skip
    here = (await boss.last())["message_id"]
    for data in (f"oserieshow:{event.id}:whole", f"oserieshow:{event.id}:whole", f"oseriesname:{event.id}"):
        await boss.forge(f"v1:{data}", here)
    await boss.wait_for("What is the series called?")
    await boss.write("Winter talks")
    await boss.wait_for("✅ Changed.")
    await boss.forge(f"v1:ohistory:0:{event.id}", (await boss.last())["message_id"])
    shown = text_of(await boss.wait_for("What was done"))
    assert shown.count("Changed: Series") == 3


async def test_asking_travellers_for_their_details_is_written_down(amity: Amity) -> None:
    boss = await agreed(amity.telegram, "Boss", id=OWNER)
    event = await published_event(amity.database, now=NOON, traveller_details=True)
    ming = await known_person(amity.database, 51, now=NOON)
    here = (await boss.last())["message_id"]
    await boss.forge(f"v1:otravelremind:{event.id}", here)
    await boss.settled()
    async with amity.database.write() as tx:
        await attendance.join(tx, event.id, ming.id, now=NOON)
    await boss.forge(f"v1:otravelremind:{event.id}", here)
    await boss.settled()
    await boss.forge(f"v1:ohistory:0:{event.id}", here)
    shown = text_of(await boss.wait_for("What was done"))
    assert shown.count("Asked travellers for the details that are missing") == 1
