"""Signing up for single sessions of a series, or for all of them at once."""

from datetime import timedelta

import pytest

from bot import event_questions
from bot.language import LOCALES, language
from storage import event_questions as answered
from storage import people, rsvps, series
from storage.event_questions import QuestionText
from storage.events import Event
from tests.conftest import NOON, Amity
from tests.making import agreed, published_event
from tests.messages import buttons, text_of
from tests.moves import card, forged, pressed
from tests.phone import Phone


async def three_sessions(
    amity: Amity, sign_up: str = "either", *, title: str = "", **values: object
) -> list[Event]:
    async with amity.database.write() as tx:
        series_id = await series.add(tx, names={"en": "Talks"}, sign_up=sign_up, now=NOON)
    return [
        await published_event(
            amity.database,
            now=NOON,
            title=title or f"Talk {number}",
            starts_at=NOON + timedelta(days=number),
            series_id=series_id,
            **values,
        )
        for number in (1, 2, 3)
    ]


async def states(amity: Amity, phone: Phone, sessions: list[Event]) -> list[str | None]:
    async with amity.database.read() as tx:
        person = await people.find_by_telegram_id(tx, phone.id)
        assert person is not None
        held = [await rsvps.find(tx, one.id, person.id) for one in sessions]
    return [one.state if one else None for one in held]


@pytest.mark.parametrize("locale", LOCALES)
async def test_one_signs_up_for_all_sessions_or_for_single_ones(amity: Amity, locale: str) -> None:
    words = language(locale)
    sessions = await three_sessions(amity)
    ming = await agreed(amity.telegram, "Ming", locale=locale)
    await card(ming, sessions[1].id)
    await pressed(amity, ming, words.gettext("I will come"))
    assert await states(amity, ming, sessions) == [None, "going", None]
    await pressed(amity, ming, words.gettext("📚 All sessions"))
    listed = await ming.last()
    assert words.gettext("✅ You have a place") in text_of(listed)
    answer = await pressed(amity, ming, words.gettext("Sign up for all sessions"))
    assert answer["text"] == words.ngettext(
        "You have a place at {n} session.", "You have a place at {n} sessions.", 3
    )
    assert await states(amity, ming, sessions) == ["going"] * 3
    await pressed(amity, ming, words.gettext("I can't come to any"))
    await pressed(amity, ming, words.gettext("Yes, give them up"))
    assert await states(amity, ming, sessions) == ["left"] * 3
    answer = await forged(amity, ming, f"v1:leftall:{sessions[0].series_id}")
    assert answer["text"] == words.gettext("You have no place here, so there is nothing to give up.")


async def test_a_series_for_which_one_signs_up_as_a_whole(amity: Amity) -> None:
    sessions = await three_sessions(amity, "whole", capacity=1)
    ming, wai = await agreed(amity.telegram, "Ming"), await agreed(amity.telegram, "Wai")
    shown = await card(ming, sessions[0].id)
    assert "I will come" not in buttons(shown)
    await forged(amity, ming, f"v1:join:{sessions[0].id}")
    assert await states(amity, ming, sessions) == [None] * 3
    await pressed(amity, ming, "Sign up for all sessions")
    assert await states(amity, ming, sessions) == ["going"] * 3
    await card(wai, sessions[2].id)
    await pressed(amity, wai, "Sign up for all sessions")
    answer = await pressed(amity, wai, "Sign up for all sessions")
    assert answer["text"] == "At 3 sessions you are on the waitlist."


async def test_sessions_of_one_title_are_told_apart_by_their_days(amity: Amity) -> None:
    sessions = await three_sessions(amity, title="Talk")
    ming = await agreed(amity.telegram, "Ming")
    await card(ming, sessions[0].id)
    await pressed(amity, ming, "📚 All sessions")
    listed = await ming.last()
    assert [label for label in buttons(listed) if label.startswith("2.")] == [
        "2. Tuesday, 24 November at 12:00"
    ]
    assert "2. Tuesday, 24 November at 12:00" in text_of(listed)


async def test_what_sessions_ask_is_asked_once_for_all_of_them(amity: Amity) -> None:
    sessions = await three_sessions(amity, "whole")
    asked = []
    for session in sessions:
        async with amity.database.write() as tx:
            question = await event_questions.add(
                tx, session.id, "text", {"en": QuestionText("Diet?")}, required=True, actor_id=1, now=NOON
            )
        asked.append(question)
    ming = await agreed(amity.telegram, "Ming")
    await card(ming, sessions[0].id)
    await pressed(amity, ming, "Sign up for all sessions")
    await pressed(amity, ming, "Sign up for all sessions")
    await ming.wait_for("Diet?")
    await ming.write("No nuts")
    await ming.wait_for("Is that right?")
    answer = await pressed(amity, ming, "Send")
    assert answer["text"] == "You have a place at 3 sessions."
    assert await states(amity, ming, sessions) == ["going"] * 3
    async with amity.database.read() as tx:
        person = await people.find_by_telegram_id(tx, ming.id)
        assert person is not None
        for session, question in zip(sessions, asked, strict=True):
            mine = await rsvps.find(tx, session.id, person.id)
            assert mine is not None
            assert await answered.answers_of(tx, mine.id) == {question: "No nuts"}
