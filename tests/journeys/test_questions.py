"""Typing a question and getting the association's own words, topics, or an honest no."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import pytest

from bot.language import LOCALES, NATIVE_NAMES, language
from storage import content, options
from storage.tables import dialogues, inbox, replies
from tests.conftest import NOON, OWNER, Amity
from tests.making import agreed, published_event
from tests.phone import buttons, text_of

OFFICE = {"en": "It is in Sample Street.", "zh_Hant_HK": "在示例街。", "zh_Hans_CN": "在示例街。"}
ASKED = {
    "en": ["Where is the office?"],
    "zh_Hant_HK": ["辦公室在哪裏？"],
    "zh_Hans_CN": ["办公室在哪里？"],
}


async def know(
    amity: Amity,
    code: str,
    answer: Mapping[str, str],
    asked: Mapping[str, Sequence[str]],
    **values: Any,
) -> int:
    """Put a question into the association's content, as an import does."""
    async with amity.database.write() as tx:
        question_id = await content.put_question(
            tx, code, None, "Made-up", values.get("as_of"), values.get("kind"), answer, asked
        )
        await options.remember(tx, content.SOURCES, '{"Made-up": {"en": "A made-up leaflet"}}')
        await options.remember(tx, content.REVISION, str(await content.find_revision(tx) + 1))
    await amity.service.library.refresh(amity.database, now=amity.clock.now())
    return question_id


@pytest.mark.parametrize("locale", LOCALES)
async def test_an_answer_is_the_associations_own_with_its_source(amity: Amity, locale: str) -> None:
    words = language(locale)
    await know(amity, "office", OFFICE, ASKED, as_of="2026-03-01")
    phone = await agreed(amity.telegram, "Ming", locale=locale)
    asked = await phone.write(ASKED[locale][0])
    answer = await phone.wait_for(OFFICE[locale])
    assert "A made-up leaflet" in text_of(answer)
    assert "2026" in text_of(answer)
    assert words.gettext("💬 Ask a person") in buttons(answer)
    assert answer["reply_to_message"]["message_id"] == asked


async def test_an_answer_offers_coming_events_and_no_past_ones(amity: Amity) -> None:
    await know(amity, "talks", {"en": "Often."}, {"en": ["Do you hold forums?"]}, kind="forum")
    event = await published_event(amity.database, now=NOON)
    phone = await agreed(amity.telegram, "Ming")
    await phone.write("do you hold forums?")
    assert "📅 Harbour Forum" in buttons(await phone.wait_for("Often."))
    amity.clock.move((event.ends_at - NOON).total_seconds() + 60)
    await phone.write("do you hold forums?")
    assert "📅 Harbour Forum" not in buttons(await phone.wait_for("Often."))


async def test_a_question_about_an_event_is_answered_by_its_card(amity: Amity) -> None:
    await published_event(amity.database, now=NOON, title="Lantern Workshop", kind="training")
    await amity.service.library.refresh(amity.database, now=NOON)
    phone = await agreed(amity.telegram, "Ming")
    await phone.write("lantern workshop")
    card = await phone.wait_for("Sample Hall")
    assert "I will come" in buttons(card)


async def test_a_button_of_an_event_that_is_over_says_so(amity: Amity) -> None:
    event = await published_event(amity.database, now=NOON, title="Lantern Workshop")
    phone = await agreed(amity.telegram, "Ming")
    amity.clock.move(timedelta(days=9).total_seconds())
    await phone.forge(f"v1:topic:e{event.id}", (await phone.last())["message_id"])
    await phone.wait_for("This is not there any more.")


async def test_an_answer_in_another_language_is_marked(amity: Amity) -> None:
    await know(amity, "office", {"en": "In Sample Street."}, {"en": ["Where is the office?"]})
    phone = await agreed(amity.telegram, "Wai", locale="zh_Hant_HK")
    await phone.write("Where is the office?")
    answer = await phone.wait_for("In Sample Street.")
    words = language("zh_Hant_HK")
    marked = words.gettext("<i>Shown in {language}.</i>", language=NATIVE_NAMES["en"])
    assert marked.replace("<i>", "").replace("</i>", "") in text_of(answer)


@pytest.mark.parametrize("locale", LOCALES)
async def test_what_is_not_known_is_admitted_and_a_person_offered(amity: Amity, locale: str) -> None:
    words = language(locale)
    await know(amity, "office", OFFICE, ASKED)
    phone = await agreed(amity.telegram, "Ming", locale=locale)
    await phone.write("tesla stock price")
    said = words.gettext("I haven't found an answer to that. A person from our team can answer you.")
    assert words.gettext("💬 Ask a person") in buttons(await phone.wait_for(said))


async def test_what_may_mean_several_things_is_offered(amity: Amity) -> None:
    await know(amity, "cost", {"en": "It is free."}, {"en": ["How much is the summer camp?"]})
    await know(amity, "date", {"en": "In July."}, {"en": ["When is the summer camp?"]})
    phone = await agreed(amity.telegram, "Ming")
    await phone.write("summer camp")
    await phone.wait_for("Do you mean one of these?")
    await phone.press("When is the summer camp?")
    await phone.wait_for("In July.")


async def test_a_wrong_answer_is_taken_back_for_other_topics(amity: Amity) -> None:
    await know(amity, "office", OFFICE, ASKED)
    await know(amity, "hours", {"en": "From nine to five."}, {"en": ["When is the office open?"]})
    phone = await agreed(amity.telegram, "Ming")
    await phone.write("Where is the office?")
    await phone.wait_for("It is in Sample Street.")
    await phone.press("👎")
    sorry = await phone.wait_for("Sorry about that.")
    assert "When is the office open?" in buttons(sorry)
    assert "Where is the office?" not in buttons(sorry)
    assert "💬 Ask a person" in buttons(sorry)


async def test_a_right_answer_is_thanked_for_and_stays(amity: Amity) -> None:
    await know(amity, "office", OFFICE, ASKED)
    phone = await agreed(amity.telegram, "Ming")
    await phone.write("Where is the office?")
    await phone.wait_for("It is in Sample Street.")
    for _ in range(2):
        answer = await phone.press("👍")
        assert answer is not None
        assert answer["text"] == "Glad to help."
    assert "It is in Sample Street." in text_of(await phone.last())


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize(
    ("said", "answered"),
    [
        ("thanks!", "You are welcome!"),
        ("bye", "Goodbye! Write any time you want to know something."),
        ("hello", "What would you like to do? You can also just type a question."),
    ],
)
async def test_small_talk_is_answered_in_kind(amity: Amity, locale: str, said: str, answered: str) -> None:
    phone = await agreed(amity.telegram, "Ming", locale=locale)
    await phone.write(said)
    await phone.wait_for(language(locale).gettext(answered))


@pytest.mark.parametrize(
    "question",
    [
        "?",
        "😀😀",
        "<b>",
        "</b><a href=",
        "\u202eabc",
        "a" * 4096,
        "活動" * 2000,
        "1",
        "\u200b",
        "%s {name} {0}",
        "q1",
    ],
)
async def test_anything_may_be_typed(amity: Amity, question: str) -> None:
    await know(amity, "office", OFFICE, ASKED)
    phone = await agreed(amity.telegram, "Ming <i>\u202e")
    await phone.write(question)
    answer = await phone.wait_for(buttons)
    assert "went wrong" not in text_of(answer)


async def test_forged_and_stale_topics_are_refused_kindly(amity: Amity) -> None:
    phone = await agreed(amity.telegram, "Ming")
    message_id = (await phone.last())["message_id"]
    for data in ("v1:topic:q999", "v1:topic:", "v1:topic:x", "v1:wrong:q1", "v1:good", "v1:wrong"):
        await phone.forge(data, message_id)
        await phone.settled()
        assert "went wrong" not in text_of(await phone.last())


async def test_stickers_are_told_what_to_do_instead(amity: Amity) -> None:
    phone = await agreed(amity.telegram, "Ming")
    await phone.send_sticker()
    assert "💬 Ask a person" in buttons(await phone.wait_for("I can only read text here."))


async def test_an_edited_question_is_answered_anew(amity: Amity) -> None:
    await know(amity, "office", OFFICE, ASKED)
    phone = await agreed(amity.telegram, "Ming")
    asked = await phone.write("I'd like a large pizza")
    await phone.wait_for("I haven't found")
    await phone.edit(asked, "Where is the office?")
    await phone.wait_for("It is in Sample Street.")


async def test_typed_questions_are_not_kept(amity: Amity) -> None:
    phone = await agreed(amity.telegram, "Boss", id=OWNER)
    await phone.write("xylophone?")
    await phone.wait_for("I haven't found")
    await phone.settled()
    async with amity.database.read() as tx:
        kept = [*await tx.rows(inbox.select()), *await tx.rows(replies.select())]
        assert "xylophone" not in str([*kept, *await tx.rows(dialogues.select())])


@pytest.mark.parametrize(
    ("locale", "first", "then", "signed_up"),
    [
        ("en", "when's the next forum?", "and where is it?", "am I signed up?"),
        ("zh_Hant_HK", "下個論壇喺幾時？", "咁喺邊度？", "我報咗名未？"),
    ],
)
async def test_a_member_asks_about_an_event_and_signs_up_from_the_answer(
    amity: Amity, locale: str, first: str, then: str, signed_up: str
) -> None:
    words = language(locale)
    await published_event(amity.database, now=NOON)
    phone = await agreed(amity.telegram, "Ming", locale=locale)
    page = words.gettext("<i>From the event's own page, as it is now.</i>")[3:-4]
    await phone.write(first)
    assert words.gettext("👍 Yes") in buttons(await phone.wait_for(page))
    await phone.write(then)
    await phone.wait_for("Sample Hall")
    await phone.press(words.gettext("I will come"))
    place = words.gettext("✅ <b>You have a place.</b>").replace("<b>", "").replace("</b>", "")
    await phone.wait_for(place)
    await phone.write(signed_up)
    assert page in text_of(await phone.wait_for(place))


async def test_the_event_whose_card_was_opened_is_the_one_that_is_asked_about(amity: Amity) -> None:
    await published_event(amity.database, now=NOON, title="Island Forum")
    event = await published_event(amity.database, now=NOON, title="Harbour Forum", capacity=7)
    phone = await agreed(amity.telegram, "Ming")
    await phone.forge(f"v1:event:{event.id}", (await phone.last())["message_id"])
    await phone.wait_for("Harbour Forum")
    await phone.write("仲有冇位？")
    await phone.wait_for("Yes: 7 of 7 places are free.")
