"""Organisers put an event's own questions together in chat, and see them as members will."""

import pytest

from bot import event_questions
from bot.language import LOCALES, NATIVE_NAMES, language
from storage import event_questions as kept
from storage.event_questions import Question, QuestionText
from storage.events import Event
from tests.conftest import NOON, OWNER, Amity
from tests.making import agreed, published_event
from tests.phone import Phone, buttons, text_of


async def editor(amity: Amity, locale: str = "en") -> tuple[Phone, Event]:
    """An organiser before the empty list of an event's questions."""
    boss = await agreed(amity.telegram, "Boss", id=OWNER, locale=locale)
    event = await published_event(amity.database, now=NOON)
    await boss.forge(f"v1:oasks:{event.id}", (await boss.last())["message_id"])
    await boss.wait_for(lambda m: f"v1:oasknew:{event.id}" in str(m))
    return boss, event


async def asked(amity: Amity, event: Event) -> list[Question]:
    async with amity.database.read() as tx:
        return await kept.list_asked(tx, event.id)


async def step(boss: Phone, label: str, expected: str) -> None:
    await boss.press(label)
    await boss.wait_for(expected)


async def say(boss: Phone, text: str, expected: str) -> None:
    await boss.write(text)
    await boss.wait_for(expected)


async def two_questions(amity: Amity, event: Event) -> tuple[int, int]:
    """Whether people eat, and what they don't, the second of everybody."""
    meal = {"en": QuestionText("Will you eat?", {1: "Yes", 2: "No"})}
    ids = []
    async with amity.database.write() as tx:
        for kind, texts in (("choice", meal), ("text", {"en": QuestionText("What do you not eat?")})):
            ids.append(
                await event_questions.add(tx, event.id, kind, texts, required=True, actor_id=1, now=NOON)
            )
    assert ids[0]
    assert ids[1]
    return ids[0], ids[1]


@pytest.mark.parametrize("locale", LOCALES)
async def test_a_question_is_added_in_ones_own_language_and_worded_in_another(
    amity: Amity, locale: str
) -> None:
    words = language(locale)
    boss, event = await editor(amity, locale)
    await step(boss, words.gettext("➕ Add a question"), words.gettext("How is the question answered?"))
    asks = words.gettext(
        "What do you want to ask? Please write the question in {language}; other languages come later.",
        language=NATIVE_NAMES[locale],
    )
    await step(boss, words.gettext("One choice"), asks)
    lines = words.gettext("Which answers are there? Please write each on a line of its own.")
    await say(boss, "食 <b>飯</b>?", lines)
    await say(boss, "Yes\n\nNo & never\nYes", words.gettext("Does it have to be answered?"))
    await step(boss, words.gettext("Yes, required"), words.gettext("✅ The question is added."))
    other = next(one for one in LOCALES if one != locale)
    await step(
        boss,
        NATIVE_NAMES[other],
        words.gettext("The question in {language}?", language=NATIVE_NAMES[other]),
    )
    await boss.write("Dinner?")
    await boss.wait_for("No & never")
    await say(
        boss,
        "Only one",
        words.ngettext(
            "There is {n} answer. Please send one line for it.",
            "There are {n} answers. Please send a line for each.",
            2,
        ),
    )
    await say(boss, "Ja\nNein", words.gettext("✅ Changed."))
    [question] = await asked(amity, event)
    assert question.texts[locale] == QuestionText("食 <b>飯</b>?", {1: "Yes", 2: "No & never"})
    assert question.texts[other] == QuestionText("Dinner?", {1: "Ja", 2: "Nein"})
    assert (question.kind, question.required) == ("choice", True)
    await step(boss, words.gettext("‹ Questions"), words.gettext("required"))
    await boss.press(words.gettext("👁 As members see them"))
    await boss.wait_for(lambda m: "No & never" in buttons(m))


async def test_nonsense_in_the_editor_is_told_apart_kindly(amity: Amity) -> None:
    boss, event = await editor(amity)
    await step(boss, "➕ Add a question", "How is the question answered?")
    await say(boss, "by hand", "Please choose one of the buttons.")
    await step(boss, "Several choices", "What do you want to ask?")
    await boss.send_sticker()
    await boss.wait_for("Please send it as text.")
    await say(boss, "x" * 4000, "4,000 characters long, and 300 fit")
    await say(boss, "Which days?", "Which answers are there?")
    await say(boss, "Saturday", "2 to 12 different answers")
    await say(boss, f"Saturday\n{'y' * 200}", "too long for a button")
    await say(boss, "/cancel", "Stopped. Nothing was saved.")
    await step(boss, "‹ Questions", "None yet.")
    assert await asked(amity, event) == []


async def test_a_question_is_asked_only_after_an_answer_moved_and_removed(amity: Amity) -> None:
    boss, event = await editor(amity)
    meal, diet = await two_questions(amity, event)
    here = (await boss.last())["message_id"]
    await boss.forge(f"v1:oask:{diet}", here)
    await boss.wait_for("What do you not eat?")
    await step(boss, "Only after…", "After which question is it asked?")
    await step(boss, "Will you eat?", "asked only of those who answered")
    await step(boss, "Yes", "Only after “Will you eat?” was answered “Yes”")
    await step(boss, "▲ Earlier", "has to come after it")
    await step(boss, "☑ Required", "What do you not eat?")
    await boss.settled()
    second = (await asked(amity, event))[1]
    assert (second.after_question_id, second.after_choice, second.required) == (meal, 1, False)
    await boss.forge(f"v1:oaskdrop:{meal}", here)
    await boss.wait_for("1 question that depends on it will be asked of everybody.")
    await boss.press("Yes, remove it")
    await boss.wait_for(lambda m: "Will you eat?" not in text_of(m) and "What do you not eat?" in text_of(m))
    assert [(one.id, one.after_question_id) for one in await asked(amity, event)] == [(diet, None)]
    # Neither twice nor undone, and what is gone leads back to what is there.
    for stale in (f"oaskdropped:{meal}", f"oask:{meal}", f"oaskreq:{meal}:0", f"oaskmove:{meal}:1:0"):
        await boss.forge(f"v1:{stale}", here)
        await boss.settled()
        assert "Questions to those who sign up" in text_of(await boss.last())


async def test_choices_are_added_and_removed_but_two_are_left(amity: Amity) -> None:
    boss, event = await editor(amity)
    meal, _ = await two_questions(amity, event)
    await boss.forge(f"v1:oaskchoices:{meal}", (await boss.last())["message_id"])
    await boss.wait_for("Whoever chose it keeps it.")
    await boss.press("✕ No")
    await boss.settled()
    assert (await asked(amity, event))[0].choices == (1, 2)
    await step(boss, "➕ Add an answer", "Which answer do you want to add?")
    await say(boss, "Perhaps", "✅ Changed.")
    await step(boss, "Choices", "Whoever chose it keeps it.")
    await boss.press("✕ No")
    await boss.wait_for(lambda m: "✕ No" not in buttons(m))
    assert (await asked(amity, event))[0].choices == (1, 3)


async def test_a_double_tap_moves_a_question_once(amity: Amity) -> None:
    boss, event = await editor(amity)
    meal, diet = await two_questions(amity, event)
    await boss.forge(f"v1:oask:{meal}", (await boss.last())["message_id"])
    message = await boss.wait_for(lambda m: "▼ Later" in buttons(m))
    await amity.telegram.press_many([(boss, message, f"v1:oaskmove:{meal}:1:0")] * 3)
    await boss.wait_for("1. What do you not eat?")
    await boss.settled()
    assert [one.id for one in await asked(amity, event)] == [diet, meal]


async def test_forged_buttons_of_the_editor_break_nothing(amity: Amity) -> None:
    boss, event = await editor(amity)
    meal, diet = await two_questions(amity, event)
    here, before = (await boss.last())["message_id"], await asked(amity, event)
    for operation in (
        f"oaskonly:{diet}:{diet}:1",
        f"oaskonly:{diet}:{meal}:7",
        f"oaskonly:{meal}:{diet}:1",
        f"oaskafter:{diet}:{diet}",
        f"oaskreq:{meal}:7",
        f"oaskmove:{meal}:-1:0",
        f"oaskmove:{meal}:9:0",
        f"oaskless:{meal}:77",
        f"oaskless:{diet}:1",
        f"oaskmore:{diet}",
        f"oaskwords:{meal}:xx",
        f"oaskview:{event.id}:99",
        "oaskdropped:x",
        "oask",
        "oasks:-1",
        "oasknew:99999999999999999999",
    ):
        query = await boss.forge(f"v1:{operation}", here)
        assert await amity.telegram.answer(query) is not None, operation
    await boss.settled()
    assert not any("went wrong" in text_of(one) for one in await boss.messages())
    assert await asked(amity, event) == before
