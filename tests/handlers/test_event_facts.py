"""What is asked about an event is answered from how it stands, never from a text, with the buttons to act."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot import attendance, holds, programme
from bot.language import LOCALES, language
from storage import Database, groups
from storage.events import Event, EventText
from tests.conftest import NOON, migrated_sqlite
from tests.making import known_person, published_event
from tests.talking import Talk, talk


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = await migrated_sqlite(tmp_path)
    yield opened
    await opened.close()


@pytest.fixture
async def ming(database: Database) -> Talk:
    return await talk(database)


async def forum(database: Database, **values: Any) -> Event:
    return await published_event(database, now=NOON, **values)


async def take(database: Database, event: Event, telegram_id: int) -> None:
    person = await known_person(database, telegram_id, now=NOON)
    async with database.write() as tx:
        await attendance.join(tx, event.id, person.id, now=NOON)


async def test_the_answer_is_one_fact_with_its_source_and_buttons(database: Database, ming: Talk) -> None:
    await forum(database)
    said = await ming.ask("when's the next forum?")
    assert "It is on Sunday, 29 November, 19:00–21:00." in said.text
    assert "From the event's own page, as it is now." in said.text
    assert "We talk." not in said.text
    assert said.text.endswith("Was this what you asked?")
    assert {"I will come", "👍 Yes", "👎 No", "💬 Ask a person", "‹ Menu"} <= set(said.labels)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("is there still room at the forum?", "Yes: 2 of 3 places are free."),
        ("is the forum full?", "No: 2 of 3 places are free."),
        ("how many places does the forum have?", "2 of 3 places are free."),
    ],
)
async def test_a_question_for_places_is_answered_as_it_was_asked(
    database: Database, ming: Talk, question: str, answer: str
) -> None:
    event = await forum(database, capacity=3)
    await take(database, event, 101)
    assert f"\n{answer}\n" in (await ming.ask(question)).text


async def test_of_a_full_event_it_is_said_how_many_wait(database: Database, ming: Talk) -> None:
    event = await forum(database, capacity=1)
    await take(database, event, 101)
    full = await ming.ask("is the forum full?")
    assert "Yes, all 1 places are taken." in full.text
    await take(database, event, 102)
    waiting = await ming.ask("any places left at the forum?")
    assert "No, it is full, and 1 person is waiting." in waiting.text
    assert "Join the waitlist" in waiting.labels


async def test_a_closed_event_is_not_told_as_open(database: Database, ming: Talk) -> None:
    await forum(database, deadline_at=NOON + timedelta(hours=1), capacity=9)
    ming.wait(hours=2)
    for question in ("any places left at the forum?", "how do I sign up for the forum?"):
        said = await ming.ask(question)
        assert "Sign-up has closed." in said.text
        assert "Yes" not in said.text
        assert "I will come" not in said.labels
    assert "Sign-up has closed: it ended on" in (await ming.ask("when is the forum's deadline?")).text


async def test_an_event_that_is_not_open_yet_says_from_when(database: Database, ming: Talk) -> None:
    await forum(database, opens_at=NOON + timedelta(days=1), capacity=9)
    said = await ming.ask("how can I sign up for the forum?")
    assert "Sign-up is not open yet. It opens on Monday, 23 November at 12:00." in said.text
    assert "I will come" not in said.labels


async def test_a_cancelled_event_says_so_whatever_is_asked(database: Database, ming: Talk) -> None:
    event = await forum(database, capacity=9)
    async with database.write() as tx:
        await programme.cancel(tx, event.id, now=NOON)
    for question in ("is there room at the harbour forum?", "where is the harbour forum?"):
        said = await ming.ask(question)
        assert "It has been cancelled and does not take place." in said.text
        assert "places are free" not in said.text
        assert "I will come" not in said.labels


async def test_an_event_that_is_over_says_so(database: Database, ming: Talk) -> None:
    await forum(database, capacity=9)
    ming.wait(days=8)
    said = await ming.ask("is there room at the harbour forum?")
    assert "It is over: it was on Sunday, 29 November" in said.text
    assert "I will come" not in said.labels


async def test_an_event_on_hold_says_so_first(database: Database, ming: Talk) -> None:
    event = await forum(database)
    async with database.write() as tx:
        await holds.hold(tx, [event.id], "typhoon8", actor_id=1, now=NOON)
    said = await ming.ask("is the forum still on?")
    assert "On hold: typhoon signal no. 8 is in force." in said.text
    assert "as planned" not in said.text


async def test_whoever_has_a_place_is_told_so_and_how_to_give_it_up(database: Database, ming: Talk) -> None:
    event = await forum(database)
    async with database.write() as tx:
        await attendance.join(tx, event.id, ming.person.id, now=NOON)
    assert "You have a place." in (await ming.ask("am I signed up for the forum?")).text
    said = await ming.ask("how do I cancel?")
    assert "Give your place up with the button below" in said.text
    assert "I can't come" in said.labels


async def test_a_price_that_the_page_does_not_mention_is_not_made_up(database: Database, ming: Talk) -> None:
    await forum(database)
    said = await ming.ask("how much is the forum?")
    assert "Its page does not say whether it costs anything." in said.text


async def test_what_the_page_says_is_quoted_word_for_word(database: Database, ming: Talk) -> None:
    text = EventText("Harbour Forum", "We talk. Entry is free of charge. Held in English.", "Hall")
    await forum(database, texts={"en": text})
    assert "Its page says: Entry is free of charge." in (await ming.ask("how much is the forum?")).text
    assert "Its page says: Held in English." in (await ming.ask("which language is the forum in?")).text


async def test_the_tap_on_one_of_several_answers_what_was_asked(database: Database, ming: Talk) -> None:
    await forum(database, title="Harbour Forum", capacity=5)
    await forum(database, title="Island Forum", capacity=7, starts_at=NOON + timedelta(days=20))
    asked = await ming.ask("is the forum full?")
    assert "Which one do you mean?" in asked.text
    data = asked.data("2. Island Forum")
    assert len(data.encode()) <= 64
    assert "No: 7 of 7 places are free." in (await ming.press(data)).text
    assert "Sample Hall" in (await ming.ask("and where?")).text


@pytest.mark.parametrize("data", ["v1:fact:1", "v1:fact:99:when", "v1:fact:x:y", "v1:fact:1:nonsense.'--"])
async def test_a_made_up_fact_button_is_harmless(database: Database, ming: Talk, data: str) -> None:
    await forum(database)
    assert (await ming.press(data)).text


async def test_a_members_event_is_told_to_members_alone(database: Database, ming: Talk) -> None:
    async with database.write() as tx:
        group_id = await groups.add(tx, {"en": "Members"}, token="t", now=NOON, code="members")
    assert group_id is not None
    event = await forum(database, title="Annual Assembly", audience="group", group_id=group_id)
    assert "Sample Hall" not in (await ming.ask("where is the annual assembly?")).text
    assert "Sample Hall" not in (await ming.press(f"v1:fact:{event.id}:where")).text
    async with database.write() as tx:
        await groups.join(tx, group_id, ming.person.id, now=NOON)
    assert "Sample Hall" in (await ming.ask("where is the annual assembly?")).text


async def test_where_nothing_of_the_kind_is_coming_that_is_said_with_a_way_on(
    database: Database, ming: Talk
) -> None:
    await forum(database)
    said = await ming.ask("when is the next camp?")
    assert "Nothing of the kind “Camp” is coming up just now." in said.text
    assert {"📰 Newsletters", "📅 Events", "💬 Ask a person"} <= set(said.labels)


@pytest.mark.parametrize("locale", LOCALES)
async def test_every_fact_is_said_in_the_readers_language(database: Database, locale: str) -> None:
    words = language(locale)
    wai = await talk(database, locale=locale)
    await forum(database, title="Harbour Forum", capacity=40, companions=2)
    for question, answer in {
        "仲有冇位": words.nhtml(
            "Yes: {n} of {total} places is free.", "Yes: {n} of {total} places are free.", 40, total="40"
        ),
        "可以帶朋友嗎": words.nhtml(
            "Yes: you can bring {n} person. Each takes a place.",
            "Yes: you can bring up to {n} people. Each takes a place.",
            2,
        ),
        "係咪網上": words.html("No, it is on the spot only."),
        "如期舉行嗎": words.html("It takes place as planned: {when}.", when="").strip("：:。. "),
    }.items():
        await wai.ask("harbour forum")
        said = await wai.ask(question)
        assert str(answer) in said.text, question
        assert words.gettext("📄 The whole event") in said.labels


async def test_a_reply_to_an_earlier_answer_speaks_of_its_event_not_of_the_last(
    database: Database, ming: Talk
) -> None:
    await forum(database)
    museum = {"en": EventText("The museum", "We look.", "Kowloon")}
    await forum(database, kind="visit", starts_at=NOON + timedelta(days=9), texts=museum)
    earlier = await ming.ask("when's the next forum?")
    await ming.ask("when is the next visit?")
    assert "Kowloon" in (await ming.ask("where is it?")).text
    assert "Kowloon" not in (await ming.ask("where is it?", reply_to=earlier)).text
    ming.wait(days=1)
    assert earlier.text.split("\n")[0] in (await ming.ask("where is it?", reply_to=earlier)).text


async def test_a_day_alone_asks_what_is_on(database: Database, ming: Talk) -> None:
    await forum(database)
    assert "It is on Sunday, 29 November" in (await ming.ask("next Sunday?")).text
    nothing = await ming.ask("tomorrow")
    assert "Nothing is coming up on Monday, 23 November." in nothing.text
    assert [label for label in nothing.labels if label.startswith("1. ")]


async def test_where_the_association_is_has_nothing_to_do_with_the_event_spoken_of(
    database: Database, ming: Talk
) -> None:
    await forum(database)
    where = (await ming.ask("where is the next forum?")).text
    assert where == (await ming.ask("where is it?")).text
    assert (await ming.ask("where are you?")).text != where
    ming.person = await known_person(database, 78, now=NOON, locale="zh_Hant_HK")
    spoken = (await ming.ask("下次論壇喺邊度")).text
    assert spoken != (await ming.ask("你哋喺邊度架")).text
    assert spoken == (await ming.ask("喺邊度架")).text


async def test_a_diet_is_answered_only_by_what_speaks_of_it(database: Database, ming: Talk) -> None:
    tea = {"en": EventText("The forum", "We talk. Tea is served. Snacks are vegetarian.", "Hall")}
    await forum(database, texts=tea)
    await ming.ask("when's the next forum?")
    assert "Tea is served." in (await ming.ask("is there food?")).text
    assert "Tea is served." not in (await ming.ask("is it vegetarian?")).text
    halal = {"en": EventText("The visit", "Tea is served.", "Hall")}
    await forum(database, kind="visit", texts=halal)
    await ming.ask("when's the next visit?")
    assert "Tea" not in (await ming.ask("halal food?")).text


@pytest.mark.parametrize(
    ("locale", "question"), [("en", "what have I signed up for?"), ("zh_Hant_HK", "我報咗咩呀")]
)
async def test_what_one_has_signed_up_for_is_not_asked_of_the_event_spoken_of(
    database: Database, ming: Talk, locale: str, question: str
) -> None:
    await forum(database)
    museum = {"en": EventText("The museum", "We look.", "Kowloon")}
    visit = await forum(database, kind="visit", starts_at=NOON + timedelta(days=9), texts=museum)
    await take(database, visit, 90)
    ming.person = await known_person(database, 90, now=NOON, locale=locale)
    await ming.ask("when's the next forum?")
    assert "The museum" in (await ming.ask(question)).text
