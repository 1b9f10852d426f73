"""A quiz: an organiser makes it in chat, members take it in their languages, and its results are told."""

import asyncio
import json
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from PIL import Image

from bot import importing, quiz_csv, quiz_results, quizzes
from bot.language import LOCALES, language
from bot.pack import Pack, read_pack
from handlers.quiz_words import score_of
from storage import jobs, quiz_questions
from storage import quizzes as kept
from storage.quizzes import Quiz
from tests.conftest import NOON, OWNER, Amity
from tests.making import agreed, published_event
from tests.messages import buttons, text_of
from tests.moves import finished, forged, person_of, pressed, send
from tests.phone import Phone
from tests.quizzes import opened

CONTENT = Path(__file__).resolve().parents[2] / "content"


def picture() -> bytes:
    drawn = BytesIO()
    Image.new("RGB", (8, 8), "red").save(drawn, format="JPEG")
    return drawn.getvalue()


async def refreshed(amity: Amity) -> None:
    """The menu follows the database by itself, within a second or so."""
    await asyncio.sleep(1.3)


async def boss(amity: Amity, locale: str = "en") -> Phone:
    return await agreed(amity.telegram, "Boss", id=OWNER, locale=locale)


async def with_samples(amity: Amity) -> Quiz:
    pack = read_pack(CONTENT)
    assert isinstance(pack, Pack)
    async with amity.database.write() as tx:
        loaded = await importing.load(tx, pack, now=NOON, home=language("en").home, samples=True)
        assert loaded.quizzes == 1
        await importing.load(tx, pack, now=NOON, home=language("en").home, samples=True)
        (quiz,) = await kept.list_all(tx, limit=5)
    return quiz


async def answer(amity: Amity, phone: Phone, choice: int) -> str:
    """Press the choice of this number under the question shown last; gives what is said to it."""
    shown = await phone.last()
    data = [
        button["callback_data"]
        for row in shown["reply_markup"]["inline_keyboard"]
        for button in row
        if button["callback_data"].startswith("v1:quiza:")
    ]
    await pressed(amity, phone, data[choice - 1], shown)
    return text_of(await phone.last())


@pytest.mark.parametrize("locale", LOCALES)
async def test_a_member_takes_the_sample_quiz_in_their_language(amity: Amity, locale: str) -> None:
    words, quiz = language(locale), await with_samples(amity)
    await refreshed(amity)
    ming = await agreed(amity.telegram, "Ming", locale=locale)
    await pressed(amity, ming, "v1:quizzes")
    await pressed(amity, ming, f"v1:quiz:{quiz.id}")
    rule = words.ngettext("• {n} second for each question", "• {n} seconds for each question", 45)
    assert rule in text_of(await ming.last())
    await pressed(amity, ming, f"v1:quizgo:{quiz.id}:1")
    async with amity.database.read() as tx:
        asked = await quiz_questions.list_of_quiz(tx, quiz.id)
    for number, question in enumerate(asked, start=1):
        shown = text_of(await ming.last())
        assert question.texts[locale].text in shown
        assert f"{number} / 8" in shown
        choice = question.right_choice if number > 1 else 1 + question.right_choice % question.choices
        said = await answer(amity, ming, choice)
        assert question.texts[locale].explanation in said
        assert ("✅" in said) is (number > 1)
        await pressed(amity, ming, "v1:quizn" if number < 8 else "v1:quizend")
    async with amity.database.read() as tx:
        mine = await quiz_results.look(tx, quiz, (await person_of(amity, ming)).id)
    assert mine.best is not None
    assert score_of(mine.best, words).striptags() in text_of(await ming.last())
    await pressed(amity, ming, "v1:quizname")
    await pressed(amity, ming, "v1:quizcert")
    assert (await ming.download(await ming.last())).startswith(b"%PDF")
    await pressed(amity, ming, f"v1:quiztop:{quiz.id}")
    assert "🥇 \u2068Ming\u2069 · 7 / 8" in text_of(await ming.last())
    await pressed(amity, ming, f"v1:quiz:{quiz.id}:p")
    assert words.ngettext("🔁 Try again ({n} left)", "🔁 Try again ({n} left)", 2) in buttons(
        await ming.last()
    )


async def test_an_organiser_makes_a_quiz_in_chat_with_a_picture_and_a_file(amity: Amity) -> None:
    chief = await boss(amity)
    await send(chief, "/organise")
    await pressed(amity, chief, "v1:oquizzes")
    await pressed(amity, chief, "v1:oquiznew")
    for text in ("Harbour Quiz", "Welcome."):
        await send(chief, text)
    await pressed(amity, chief, "20 seconds a question")
    await pressed(amity, chief, "2")
    await pressed(amity, chief, "v1:oquizqs:")
    await pressed(amity, chief, "v1:oquizqnew")
    for text in ("Which is red?", "Rose\nSky"):
        await send(chief, text)
    await pressed(amity, chief, "Rose")
    await chief.send_photo(picture())
    await chief.wait_for("Why is that right?")
    await send(chief, "Most roses are.")
    assert "With a picture" in text_of(await chief.last())
    await pressed(amity, chief, "v1:oquizqwords:1:zh_Hant_HK")
    for text in ("哪個是紅色？", "玫瑰\n天空", "玫瑰多是紅色。"):
        await send(chief, text)
    await pressed(amity, chief, "v1:oquizqs:")
    await pressed(amity, chief, "v1:oquizload")
    await chief.send_document(b"number,language\n1,en\n", "bad.csv")
    await chief.wait_for("the column “question” is missing")
    await chief.send_document(quiz_csv.sample("zh_Hant_HK"), "questions.csv")
    await chief.wait_for("1 question is loaded")
    await pressed(amity, chief, "v1:oquiz:1")
    await pressed(amity, chief, "v1:oquizready")
    await pressed(amity, chief, "v1:oquizwhen:1:open")
    await send(chief, "tomorrow 10:00")
    assert "Opens on Monday, 23 November at 10:00" in text_of(await chief.last())
    await pressed(amity, chief, "v1:oquizback")
    await pressed(amity, chief, "v1:oquizready")
    await pressed(amity, chief, "v1:oquizopened")
    await pressed(amity, chief, "v1:oquizqr")
    async with amity.database.read() as tx:
        (quiz,) = await kept.list_all(tx, limit=5)
        one, two = await quiz_questions.list_of_quiz(tx, quiz.id)
    assert (quiz.state, quiz.each_seconds, quiz.attempts) == ("open", 20, 2)
    assert one.picture is not None
    assert sorted(one.texts) == ["en", "zh_Hant_HK"]
    assert sorted(two.texts) == sorted(LOCALES)


async def test_a_question_with_a_picture_is_a_message_of_its_own_and_the_old_one_loses_its_buttons(
    amity: Amity,
) -> None:
    quiz = await opened(amity.database)
    chief = await boss(amity)
    await chief.send_photo(picture())
    photo = next(one for one in await chief.messages() if "photo" in one)["photo"][-1]["file_id"]
    async with amity.database.write() as tx:
        first, second, _ = await quiz_questions.list_ids(tx, quiz.id)
        await quiz_questions.change(tx, first, picture=photo)
        await quiz_questions.change(tx, second, picture=photo)
    ming = await agreed(amity.telegram, "Ming")
    await send(ming, f"/start quiz_{quiz.id}")
    before = await ming.last()
    for query in await amity.telegram.press_many([(ming, before, f"v1:quizgo:{quiz.id}:1")] * 2):
        assert await amity.telegram.answer(query) is not None
    await finished(amity)
    shown = await ming.last()
    assert [one["message_id"] for one in await ming.messages() if "photo" in one] == [shown["message_id"]]
    assert not buttons(
        next(one for one in await ming.messages() if one["message_id"] == before["message_id"])
    )
    assert "✅" in await answer(amity, ming, 1)
    # From picture to picture, and then from a picture to a text.
    await pressed(amity, ming, "v1:quizn")
    assert (await ming.last())["message_id"] == shown["message_id"]
    assert "Question 2?" in text_of(await ming.last())
    assert "❌" in await answer(amity, ming, 2)
    await pressed(amity, ming, "v1:quizn")
    last = await ming.last()
    assert "photo" not in last
    assert last["message_id"] > shown["message_id"]


async def test_a_typed_question_is_answered_in_the_middle_and_the_quiz_goes_on(amity: Amity) -> None:
    quiz = await opened(amity.database, each_seconds=20)
    ming = await agreed(amity.telegram, "Ming")
    await send(ming, f"/start quiz_{quiz.id}")
    await pressed(amity, ming, "v1:quizgo")
    question = await ming.last()
    await send(ming, "Where is the moon?")
    amity.clock.move(60)
    await pressed(amity, ming, "v1:quiza:1:0:1", question)
    shown = next(one for one in await ming.messages() if one["message_id"] == question["message_id"])
    assert "Too late: it counts as wrong." in text_of(shown)
    await send(ming, "/quiz")
    await pressed(amity, ming, "▶️ Go on")
    assert "v1:quizn:1:1" in str(await ming.last())


async def test_a_double_tap_and_an_old_or_forged_button_are_answered_kindly(amity: Amity) -> None:
    quiz = await opened(amity.database)
    ming, other = await agreed(amity.telegram, "Ming"), await agreed(amity.telegram, "Other")
    await send(ming, f"/start quiz_{quiz.id}")
    await pressed(amity, ming, "v1:quizgo")
    question = await ming.last()
    for query in await amity.telegram.press_many(
        [(ming, question, "v1:quiza:1:0:1"), (ming, question, "v1:quiza:1:0:1")]
    ):
        assert await amity.telegram.answer(query) is not None
    await finished(amity)
    assert "✅ Right" in text_of(await ming.last())
    changed = await forged(amity, ming, "v1:quiza:1:0:2")
    assert changed["text"] == "Your first answer counts."
    assert "✅ Right" in text_of(await ming.last())
    await forged(amity, other, "v1:quiza:1:1:1")
    assert "There is no such quiz" in text_of(await other.last())
    for data in (
        "v1:quiz:999",
        "v1:quizgo:x:y",
        "v1:quiza:::",
        "v1:quizn:1:9",
        "v1:oquiz:1",
        "v1:quizcert:1",
    ):
        await forged(amity, other, data)
    async with amity.database.read() as tx:
        assert (await kept.find(tx, quiz.id)) == quiz


async def test_when_it_closes_its_takers_hear_how_they_did_and_organisers_get_the_list(amity: Amity) -> None:
    quiz = await opened(amity.database, questions=1, closes_at=NOON + timedelta(hours=1))
    async with amity.database.write() as tx:
        await jobs.plan(tx, quizzes.JOB, quiz.id, due_at=NOON + timedelta(hours=1))
    chief, ming = await boss(amity), await agreed(amity.telegram, "Ming")
    await send(ming, f"/start quiz_{quiz.id}")
    await pressed(amity, ming, "v1:quizgo")
    await answer(amity, ming, 1)
    amity.clock.move(3605)
    told = await ming.wait_for("The quiz has closed. Thank you for taking part!")
    assert "🏅 Place 1 of 1" in text_of(told)
    await send(chief, "/organise")
    await pressed(amity, chief, "v1:oquizzes")
    await pressed(amity, chief, f"v1:oquiz:{quiz.id}")
    await pressed(amity, chief, "v1:oquizres")
    assert "photo" in await chief.last()
    await pressed(amity, chief, "v1:oquizxlsx")
    book = load_workbook(BytesIO(await chief.download(await chief.last())))
    rows: list[Any] = list(book["Results"].iter_rows(values_only=True))
    assert rows[1][:2] == (1, "Ming")
    assert rows[1][4] == 1


async def test_an_events_card_leads_to_its_quiz_and_others_are_told_for_whom_it_is(amity: Amity) -> None:
    event = await published_event(amity.database, now=NOON)
    quiz = await opened(amity.database, audience="event", event_id=event.id)
    await refreshed(amity)
    ming = await agreed(amity.telegram, "Ming")
    await send(ming, f"/start quiz_{quiz.id}")
    assert "for those who have a place at Harbour Forum" in text_of(await ming.last())
    await pressed(amity, ming, f"v1:event:{event.id}")
    await pressed(amity, ming, "I will come")
    await pressed(amity, ming, f"v1:quiz:{quiz.id}")
    assert "▶️ Start" in buttons(await ming.last())


async def test_a_members_file_says_how_they_did_and_deleting_leaves_nothing(amity: Amity) -> None:
    quiz = await opened(amity.database, questions=1)
    ming = await agreed(amity.telegram, "Ming")
    await send(ming, f"/start quiz_{quiz.id}")
    await pressed(amity, ming, "v1:quizgo")
    await answer(amity, ming, 2)
    await person_of(amity, ming)
    await send(ming, "/privacy")
    await pressed(amity, ming, "v1:export")
    held = json.loads(await ming.download(await ming.last()))
    (taken,) = held["quizzes"]
    assert (taken["quiz"], taken["right answers"]) == ("Harbour Quiz", 0)
    assert taken["answers"] == [{"question": "Question 1?", "answer": "Choice 1.2", "right": False}]
