"""What was answered or left open at sign-up when time passes, the event changes, or somebody thinks again."""

from datetime import timedelta

import pytest

from bot import event_questions, programme
from storage import event_questions as answered
from tests.conftest import NOON, Amity
from tests.making import agreed, published_event
from tests.messages import buttons, text_of
from tests.moves import card, pressed
from tests.sign_ups import SENT, answers_of, asks, place_of, says, taps


async def test_an_option_removed_from_a_question_still_shows_for_who_chose_it(amity: Amity) -> None:
    event = await published_event(amity.database, now=NOON)
    size = await asks(amity.database, event, "choice", "Size?", choices={1: "Small", 2: "Medium"})
    ming, wai = await agreed(amity.telegram, "Ming"), await agreed(amity.telegram, "Wai")
    await card(ming, event.id)
    await taps(amity, ming, "Sign up")
    await taps(amity, ming, "Small")
    await taps(amity, ming, "Send")
    async with amity.database.write() as tx:
        question = await answered.find(tx, size)
        assert question is not None
        await event_questions.remove_choice(tx, question, 1, actor_id=1, now=NOON)
    mine = await taps(amity, ming, "My answers")
    assert "Small" in text_of(mine)
    assert "Small" in buttons(await taps(amity, ming, "✏️ Size?"))
    await card(wai, event.id)
    assert "Small" not in buttons(await taps(amity, wai, "Sign up"))


async def test_answers_can_be_changed_until_the_deadline_and_read_afterwards(amity: Amity) -> None:
    event = await published_event(amity.database, now=NOON, deadline_at=NOON + timedelta(days=1))
    diet = await asks(amity.database, event, "text", "Diet?")
    ming = await agreed(amity.telegram, "Ming")
    await card(ming, event.id)
    await taps(amity, ming, "Sign up")
    await says(amity, ming, "No nuts")
    await taps(amity, ming, "Send")
    await taps(amity, ming, "My answers")
    assert "No nuts" in text_of(await taps(amity, ming, "✏️ Diet?"))
    assert "Now: " in text_of(await ming.last())
    await says(amity, ming, "No fish")
    assert (await pressed(amity, ming, "Save"))["text"] == SENT
    assert await answers_of(amity, ming, event) == {diet: "No fish"}
    amity.clock.move(86_400)
    shown = await card(ming, event.id)
    await pressed(amity, ming, "My answers", shown)
    late = await ming.wait_for("can't be changed any more")
    assert "No fish" in text_of(late)
    assert "Save" not in buttons(late)


async def test_whoever_brings_fewer_says_who_still_comes(amity: Amity) -> None:
    event = await published_event(amity.database, now=NOON, companions=3, companion_names=True)
    ming = await agreed(amity.telegram, "Ming")
    await card(ming, event.id)
    await taps(amity, ming, "I will bring somebody")
    await taps(amity, ming, "2")
    await says(amity, ming, "Ada, Ben")
    await taps(amity, ming, "Send")
    await taps(amity, ming, "Change companions")
    await taps(amity, ming, "✏️ Companions")
    await taps(amity, ming, "1")
    assert "Who of them" in text_of(await taps(amity, ming, "Save"))
    await says(amity, ming, "Ben")
    await taps(amity, ming, "Save")
    mine = await place_of(amity, ming, event)
    assert mine is not None
    assert (mine.companions, mine.names) == (1, ("Ben",))


async def test_what_was_left_empty_is_not_asked_again_because_something_else_changes(amity: Amity) -> None:
    event = await published_event(amity.database, now=NOON, companions=1)
    await asks(amity.database, event, "text", "Diet?", required=False)
    ming = await agreed(amity.telegram, "Ming")
    await card(ming, event.id)
    await taps(amity, ming, "Sign up")
    await taps(amity, ming, "I come alone")
    await taps(amity, ming, "Skip")
    await pressed(amity, ming, "Send")
    await taps(amity, ming, "My answers")
    await taps(amity, ming, "Companions")
    looked_over = await taps(amity, ming, "1")
    assert "Save" in buttons(looked_over)
    assert "With 1 companion" in text_of(looked_over)


async def test_a_sign_up_survives_a_days_pause_and_goes_on_where_it_was(amity: Amity) -> None:
    event = await published_event(amity.database, now=NOON)
    await asks(amity.database, event, "text", "Diet?")
    await asks(amity.database, event, "text", "Club?")
    ming = await agreed(amity.telegram, "Ming")
    shown = await card(ming, event.id)
    await taps(amity, ming, "Sign up")
    await says(amity, ming, "No nuts")
    amity.clock.move(86_400)
    again = await card(ming, event.id)
    await pressed(amity, ming, "Sign up", again)
    assert "Club?" in text_of(await ming.last())
    await says(amity, ming, "Chess")
    assert "No nuts" in text_of(await ming.last())
    # The other device still shows the first card.
    await pressed(amity, ming, "Sign up", shown)
    assert "Is that right?" in text_of(await ming.last())
    assert (await pressed(amity, ming, "Send"))["text"] == SENT


async def test_a_question_removed_or_added_in_the_middle_is_followed(amity: Amity) -> None:
    event = await published_event(amity.database, now=NOON)
    diet = await asks(amity.database, event, "text", "Diet?")
    await asks(amity.database, event, "text", "Club?")
    ming = await agreed(amity.telegram, "Ming")
    await card(ming, event.id)
    await taps(amity, ming, "Sign up")
    async with amity.database.write() as tx:
        question = await answered.find(tx, diet)
        assert question is not None
        await event_questions.remove(tx, question, actor_id=1, now=NOON)
    assert "Club?" in text_of(await says(amity, ming, "No nuts"))
    await says(amity, ming, "Chess")
    await asks(amity.database, event, "text", "Town?")
    assert "Town?" in text_of(await taps(amity, ming, "Send"))
    await says(amity, ming, "Example Town")
    assert (await pressed(amity, ming, "Send"))["text"] == SENT


@pytest.mark.parametrize("end", ["cancelled", "closed"])
async def test_a_form_of_an_event_that_has_ended_meanwhile_says_so(amity: Amity, end: str) -> None:
    event = await published_event(amity.database, now=NOON, deadline_at=NOON + timedelta(days=1))
    await asks(amity.database, event, "text", "Diet?")
    ming = await agreed(amity.telegram, "Ming")
    await card(ming, event.id)
    await taps(amity, ming, "Sign up")
    if end == "cancelled":
        async with amity.database.write() as tx:
            await programme.cancel(tx, event.id, now=NOON)
    else:
        amity.clock.move(86_401)
    said = await says(amity, ming, "No nuts")
    assert ("has been cancelled" if end == "cancelled" else "Sign-up has closed") in text_of(said)
    assert "menu" in str(said), "there is a way on"
