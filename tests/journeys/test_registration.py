"""Signing up where something is asked: one question at a time, looked over, sent."""

import pytest

from bot import attendance
from bot.language import LOCALES, language
from storage import rsvps
from tests.conftest import NOON, Amity
from tests.making import agreed, known_person, published_event
from tests.messages import buttons, text_of
from tests.moves import card, finished, forged, pressed
from tests.sign_ups import SENT, answers_of, asks, heard, place_of, says, taps


@pytest.mark.parametrize("locale", LOCALES)
async def test_every_kind_of_question_is_asked_looked_over_and_sent(amity: Amity, locale: str) -> None:
    words = language(locale)
    event = await published_event(amity.database, now=NOON)
    diet = await asks(amity.database, event, "text", "Diet?", required=False)
    size = await asks(amity.database, event, "choice", "Size?", choices={1: "S", 2: "M"})
    days = await asks(amity.database, event, "choices", "Days?", choices={1: "Sat", 2: "Sun"})
    born = await asks(amity.database, event, "date", "Born?")
    phone_id = await asks(amity.database, event, "phone", "Phone?")
    photo = await asks(amity.database, event, "photo", "Portrait?")
    paper = await asks(amity.database, event, "document", "Letter?")
    ming = await agreed(amity.telegram, "Ming", locale=locale)
    await card(ming, event.id)
    first = await taps(amity, ming, words.gettext("Sign up"))
    assert "Diet?" in text_of(first)
    assert words.gettext("<i>{n} of {total}</i>", n=1, total=7)[3:-4] in text_of(first)
    assert "Size?" in text_of(await taps(amity, ming, words.gettext("Skip")))
    assert "Days?" in text_of(await taps(amity, ming, "M"))
    await taps(amity, ming, "Sun")
    assert "Born?" in text_of(await taps(amity, ming, words.gettext("Done")))
    await says(amity, ming, "3/5/2001")
    assert await ming.keyboard() == [words.gettext("📞 Send my number")]
    await ming.share_contact()
    await heard(amity, ming)
    assert await ming.keyboard() == []
    assert "Portrait?" in text_of(await ming.last())
    await ming.send_photo(b"face")
    await heard(amity, ming)
    assert "Letter?" in text_of(await ming.last())
    await ming.send_document(b"letter", "letter.pdf")
    await heard(amity, ming)
    overview = text_of(await ming.last())
    for said in ("Harbour Forum", "M", "Sun", "+85200000000", words.gettext("a picture")):
        assert said in overview
    answer = await pressed(amity, ming, words.gettext("Send"))
    assert answer["text"] == words.gettext("You have a place.")
    given = await answers_of(amity, ming, event)
    assert {key: given.get(key) for key in (diet, size, days, born, phone_id)} == {
        diet: None,
        size: 2,
        days: [2],
        born: "2001-05-03",
        phone_id: "+85200000000",
    }
    assert isinstance(given[photo], str)
    assert isinstance(given[paper], str)
    assert words.gettext("✏️ My answers") in buttons(await ming.last())


async def test_a_form_that_asks_nothing_is_one_tap(amity: Amity) -> None:
    event = await published_event(amity.database, now=NOON)
    ming = await agreed(amity.telegram, "Ming")
    await card(ming, event.id)
    assert (await pressed(amity, ming, "I will come"))["text"] == SENT


async def test_a_required_question_behind_a_condition_is_neither_asked_nor_required(amity: Amity) -> None:
    event = await published_event(amity.database, now=NOON)
    meal = await asks(amity.database, event, "choice", "Meal?", choices={1: "Yes", 2: "No"})
    diet = await asks(amity.database, event, "text", "Diet?", after=(meal, 1))
    ming, wai = await agreed(amity.telegram, "Ming"), await agreed(amity.telegram, "Wai")
    await card(ming, event.id)
    await taps(amity, ming, "Sign up")
    assert "Is that right?" in text_of(await taps(amity, ming, "No"))
    assert (await pressed(amity, ming, "Send"))["text"] == SENT
    await card(wai, event.id)
    await taps(amity, wai, "Sign up")
    assert "Diet?" in text_of(await taps(amity, wai, "Yes"))
    await says(amity, wai, "No nuts")
    # What is hidden again afterwards takes its answer along.
    await taps(amity, wai, "✏️ Meal?")
    await taps(amity, wai, "No")
    assert (await pressed(amity, wai, "Send"))["text"] == SENT
    assert diet not in await answers_of(amity, wai, event)


async def test_what_is_no_answer_is_said_clearly_and_loses_nothing(amity: Amity) -> None:
    event = await published_event(amity.database, now=NOON)
    await asks(amity.database, event, "text", "Diet?")
    await asks(amity.database, event, "date", "Born?")
    await asks(amity.database, event, "phone", "Phone?")
    await asks(amity.database, event, "photo", "Portrait?")
    await asks(amity.database, event, "document", "Letter?")
    ming = await agreed(amity.telegram, "Ming")
    await card(ming, event.id)
    await taps(amity, ming, "Sign up")
    await ming.send_sticker()
    await ming.wait_for("I can only read text here.")
    assert "1000" in text_of(await says(amity, ming, "x" * 4000)).replace(",", "")
    await says(amity, ming, "<b>No</b> nuts & \u202efish")
    assert "as a day" in text_of(await says(amity, ming, "when I was young"))
    await says(amity, ming, "3 May 2001")
    await says(amity, ming, "call me maybe")
    await ming.wait_for("as a phone number")
    await ming.send_contact(phone_number="85212345678", first_name="Somebody")
    await ming.wait_for("somebody else's contact")
    await says(amity, ming, "+852 (0) 2345-6789")
    assert "Portrait?" in text_of(await ming.last())
    await ming.send_document(b"x", "face.jpg")
    await ming.wait_for("as a picture, not as a file")
    assert "I need a picture" in text_of(await says(amity, ming, "here"))
    await ming.send_photo(b"face")
    await ming.wait_for("Letter?")
    await ming.send_photo(b"face")
    await ming.wait_for("as a file, not as a picture")
    await ming.send_document(b"x", "letter.pdf")
    overview = await ming.wait_for("Is that right?")
    assert "<b>No</b> nuts & " in text_of(overview)
    assert "+852023456789" in text_of(overview)
    assert (await pressed(amity, ming, "Send"))["text"] == SENT


async def test_a_number_is_shared_by_a_key_that_goes_with_its_question(amity: Amity) -> None:
    event = await published_event(amity.database, now=NOON)
    await asks(amity.database, event, "text", "Diet?")
    await asks(amity.database, event, "phone", "Phone?", required=False)
    ming = await agreed(amity.telegram, "Ming")
    await card(ming, event.id)
    await taps(amity, ming, "Sign up")
    await says(amity, ming, "None")
    assert await ming.keyboard() == ["📞 Send my number"]
    await pressed(amity, ming, "‹ Back")
    assert await ming.keyboard() == []
    await pressed(amity, ming, "Keep it")
    assert await ming.keyboard() == ["📞 Send my number"]
    await says(amity, ming, "/cancel")
    assert await ming.keyboard() == []
    assert any("Nothing was saved" in text_of(one) for one in await ming.messages())


@pytest.mark.parametrize("locale", LOCALES)
async def test_companions_are_named_one_a_line_or_one_after_the_other(amity: Amity, locale: str) -> None:
    words = language(locale)
    event = await published_event(amity.database, now=NOON, companions=3, companion_names=True)
    ming = await agreed(amity.telegram, "Ming", locale=locale)
    await card(ming, event.id)
    await taps(amity, ming, words.gettext("I will bring somebody"))
    await taps(amity, ming, "3")
    await says(amity, ming, "Ada Example\nBen Example")
    asked = words.gettext("What is the name of companion {n} of {total}?", n=3, total=3)
    assert asked in text_of(await ming.last())
    overview = text_of(await says(amity, ming, "Cy <b>Example</b>"))
    assert "Ada Example" in overview
    assert "Cy <b>Example</b>" in overview
    answer = await pressed(amity, ming, words.gettext("Send"))
    assert answer["text"] == words.ngettext(
        "You have a place, with {n} companion.", "You have a place, with {n} companions.", 3
    )
    mine = await place_of(amity, ming, event)
    assert mine is not None
    assert mine.names == ("Ada Example", "Ben Example", "Cy <b>Example</b>")
    assert "Ada Example" in text_of(await ming.last())


@pytest.mark.parametrize("locale", LOCALES)
async def test_here_and_online_have_places_of_their_own(amity: Amity, locale: str) -> None:
    words = language(locale)
    event = await published_event(
        amity.database,
        now=NOON,
        ways="both",
        capacity=1,
        online_capacity=5,
        online_url="https://talks.example/1",
    )
    other = await known_person(amity.database, 55, now=NOON)
    async with amity.database.write() as tx:
        await attendance.join(tx, event.id, other.id, now=NOON, way="here")
    ming = await agreed(amity.telegram, "Ming", locale=locale)
    shown = await card(ming, event.id)
    assert words.gettext("Join the waitlist") in buttons(shown)
    assert words.gettext("I will join online") in buttons(shown)
    answer = await pressed(amity, ming, words.gettext("I will join online"))
    assert answer["text"] == words.gettext("You have a place.")
    shown = await ming.last()
    assert "https://talks.example/1" in str(shown)
    assert words.gettext("✅ <b>You have a place online.</b>")[5:-4] in text_of(shown)
    answer = await pressed(amity, ming, words.gettext("Come on the spot instead"))
    assert answer["text"] == words.gettext("On the spot it is full. You keep your place online.")


async def test_a_full_event_with_questions_offers_its_waitlist(amity: Amity) -> None:
    event = await published_event(amity.database, now=NOON, capacity=1)
    holder = await known_person(amity.database, 77, now=NOON)
    async with amity.database.write() as tx:
        await attendance.join(tx, event.id, holder.id, now=NOON)
    await asks(amity.database, event, "text", "Diet?")
    ming = await agreed(amity.telegram, "Ming")
    assert "Join the waitlist" in buttons(await card(ming, event.id))
    assert "Diet?" in text_of(await taps(amity, ming, "Join the waitlist"))


async def test_with_questions_the_way_is_asked_first_with_its_places(amity: Amity) -> None:
    event = await published_event(amity.database, now=NOON, ways="both", capacity=3, companions=1)
    await asks(amity.database, event, "text", "Diet?", required=False)
    ming = await agreed(amity.telegram, "Ming")
    await card(ming, event.id)
    asked = await taps(amity, ming, "Sign up")
    assert "On the spot (3 places left)" in buttons(asked)
    await taps(amity, ming, "Online")
    await taps(amity, ming, "I come alone")
    await taps(amity, ming, "Skip")
    assert (await pressed(amity, ming, "Send"))["text"] == SENT
    mine = await place_of(amity, ming, event)
    assert mine is not None
    assert mine.way == "online"


async def test_after_sending_the_card_leads_back_to_where_the_event_was_opened(amity: Amity) -> None:
    event = await published_event(amity.database, now=NOON, kind="camp")
    await asks(amity.database, event, "choice", "Size?", choices={1: "S", 2: "M"})
    ming = await agreed(amity.telegram, "Ming")
    await forged(amity, ming, "v1:events:0:camp")
    await taps(amity, ming, "Harbour Forum")
    await taps(amity, ming, "Sign up")
    await taps(amity, ming, "M")
    assert "v1:events:0:camp" in str(await taps(amity, ming, "Send"))
    stopped = await taps(amity, ming, "My answers")
    assert "Is that right" not in text_of(stopped)
    await taps(amity, ming, "Stop")
    assert "v1:events:0:camp" in str(await taps(amity, ming, "‹ Back to the event"))


async def test_a_double_tap_on_send_gives_one_place(amity: Amity) -> None:
    event = await published_event(amity.database, now=NOON, capacity=2)
    await asks(amity.database, event, "text", "Diet?")
    ming = await agreed(amity.telegram, "Ming")
    await card(ming, event.id)
    await taps(amity, ming, "Sign up")
    overview = await says(amity, ming, "No nuts")
    first = await ming.tap("Send", overview)
    second = await ming.tap("Send", overview)
    assert (await amity.telegram.answer(first) or {})["text"] == SENT
    await amity.telegram.answer(second)
    await finished(amity)
    async with amity.database.read() as tx:
        assert await rsvps.count_seated(tx, event.id) == 1


@pytest.mark.parametrize("forged_id", ["", "0", "-1", "abc", "99999999999999999999"])
@pytest.mark.parametrize(
    "operation", ["signup", "accept", "nothanks", "series", "joinall", "leaveall", "leftall"]
)
async def test_forged_ids_are_refused_everywhere(amity: Amity, operation: str, forged_id: str) -> None:
    ming = await agreed(amity.telegram, "Ming")
    await forged(amity, ming, f"v1:{operation}:{forged_id}")
    said = text_of(await ming.last())
    assert said in ("This event is not there any more.", "There are no more sessions of this series.")


async def test_the_form_is_not_begun_by_whom_it_is_not_for(amity: Amity) -> None:
    event = await published_event(amity.database, now=NOON, audience="invited")
    await asks(amity.database, event, "text", "Diet?")
    ming = await agreed(amity.telegram, "Ming")
    await forged(amity, ming, f"v1:signup:{event.id}")
    assert "by invitation" in text_of(await ming.last())
    assert "Diet?" not in str(await ming.messages())
