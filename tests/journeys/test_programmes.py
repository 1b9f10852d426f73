"""Reading what the association does, and what people ask about it."""

import json
from datetime import timedelta

import pytest

from bot.language import LOCALES, language
from storage import content, options
from tests.conftest import NOON, Amity
from tests.making import agreed, published_event
from tests.messages import buttons, text_of
from tests.moves import forged, pressed

SOURCES = {"about": {"en": "Our statutes", "zh_Hant_HK": "本會章程", "zh_Hans_CN": "本会章程"}}


async def programmes_written(amity: Amity, count: int = 1, questions: int = 1) -> None:
    """Programmes in every language, the first with questions."""
    async with amity.database.write() as tx:
        await options.remember(tx, content.SOURCES, json.dumps(SOURCES))
        for number in range(count):
            await content.put_programme(
                tx,
                f"programme-{number}",
                number,
                ["camp"],
                "about",
                {one: (f"Camps {number} {one}", f"In short {one}", f"At length {one}") for one in LOCALES},
            )
        for number in range(questions):
            await content.put_question(
                tx,
                f"question-{number}",
                "programme-0",
                "about",
                "2026-03-28",
                "camp",
                {one: f"Answer {number} <b> {one}" for one in LOCALES},
                {one: [f"Question {number} {one}", "Another wording"] for one in LOCALES},
            )


@pytest.mark.parametrize("locale", LOCALES)
async def test_a_programme_leads_to_its_questions_and_their_answers(amity: Amity, locale: str) -> None:
    words = language(locale)
    await programmes_written(amity)
    ming = await agreed(amity.telegram, "Ming", locale=locale)
    await ming.write("/programmes")
    listed = await ming.wait_for(f"Camps 0 {locale}")
    assert f"In short {locale}" in text_of(listed)
    await pressed(amity, ming, "v1:programme:")
    page = await ming.last()
    assert f"At length {locale}" in text_of(page)
    assert SOURCES["about"][locale] in text_of(page)
    await pressed(amity, ming, f"Question 0 {locale}")
    answer = await ming.last()
    assert f"Answer 0 <b> {locale}" in text_of(answer)
    assert SOURCES["about"][locale] in text_of(answer)
    assert "2026" in text_of(answer)
    assert words.gettext("💬 Ask a person") in buttons(answer)
    assert "Shown in" not in text_of(answer)
    await pressed(amity, ming, words.gettext("‹ Back"))
    assert f"At length {locale}" in text_of(await ming.last())


async def test_programmes_and_questions_are_turned_in_pages(amity: Amity) -> None:
    await programmes_written(amity, count=8, questions=7)
    ming = await agreed(amity.telegram, "Ming")
    await ming.write("/programmes")
    await ming.wait_for("Camps 3")
    await pressed(amity, ming, "More ›")
    assert "Camps 7" in text_of(await ming.last())
    await pressed(amity, ming, "‹ Previous")
    await pressed(amity, ming, "v1:programme:1")
    await pressed(amity, ming, "More questions ›")
    assert "❓ Question 6 en" in buttons(await ming.last())


async def test_upcoming_events_of_its_kinds_are_on_a_programmes_page(amity: Amity) -> None:
    await programmes_written(amity)
    for number in range(5):
        await published_event(
            amity.database,
            now=NOON,
            title=f"Camp {number}",
            kind="camp",
            starts_at=NOON + timedelta(days=5 - number),
        )
    await published_event(amity.database, now=NOON, title="A forum")
    ming = await agreed(amity.telegram, "Ming")
    await forged(amity, ming, "v1:programme:1")
    shown = [label for label in buttons(await ming.last()) if label.startswith("📅")]
    assert shown == ["📅 Camp 4", "📅 Camp 3", "📅 Camp 2"]
    await pressed(amity, ming, "📅 Camp 4")
    assert "I will come" in buttons(await ming.last())


@pytest.mark.parametrize("locale", LOCALES)
async def test_no_content_is_said_kindly(amity: Amity, locale: str) -> None:
    words = language(locale)
    ming = await agreed(amity.telegram, "Ming", locale=locale)
    await ming.write("/programmes")
    shown = await ming.wait_for(words.gettext("Nothing is written here yet. Events show best what we do."))
    assert words.gettext("📅 Events") in buttons(shown)


async def test_words_in_another_language_are_marked_as_such(amity: Amity) -> None:
    async with amity.database.write() as tx:
        await content.put_programme(tx, "one", 0, [], "about", {"zh_Hant_HK": ("營會", "簡介", "內容")})
        await content.put_question(
            tx, "q", "one", "about", None, None, {"zh_Hant_HK": "答案"}, {"zh_Hant_HK": ["問題"]}
        )
    ming = await agreed(amity.telegram, "Ming")
    await forged(amity, ming, "v1:programme:1")
    assert "Shown in 繁體中文." in text_of(await ming.last())
    await pressed(amity, ming, "❓")
    assert "Shown in 繁體中文." in text_of(await ming.last())
    assert "Source: about" in text_of(await ming.last())


@pytest.mark.parametrize("forged_id", ["", "0", "-1", "x", str(10**30)])
@pytest.mark.parametrize("operation", ["programme", "question"])
async def test_what_is_not_there_leads_back_to_the_list(amity: Amity, operation: str, forged_id: str) -> None:
    await programmes_written(amity)
    ming = await agreed(amity.telegram, "Ming")
    await forged(amity, ming, f"v1:{operation}:{forged_id}")
    shown = await ming.last()
    assert "is not there any more" in text_of(shown)
    assert "‹ Programmes" in buttons(shown)


async def test_the_same_language_in_another_writing_comes_before_english(amity: Amity) -> None:
    async with amity.database.write() as tx:
        await content.put_programme(
            tx, "one", 0, [], "about", {"en": ("Camps", "s", "b"), "zh_Hant_HK": ("營會", "簡介", "內容")}
        )
    ming = await agreed(amity.telegram, "Ming", locale="zh_Hans_CN")
    await forged(amity, ming, "v1:programme:1")
    assert "營會" in text_of(await ming.last())
