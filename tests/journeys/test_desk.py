"""Asking a person: the question goes to the desk, the answer comes back, and either side can end it."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from bot.language import LOCALES, language
from storage import people
from tests.conftest import OWNER, Amity, amity_running
from tests.making import agreed
from tests.phone import Phone, buttons, text_of

AIDE = 900_000_002


async def asked(phone: Phone, question: str = "May I bring my dog?") -> None:
    """Ask a person, from the menu."""
    await phone.press("v1:ask")
    await phone.wait_for(lambda message: "v1:cancel" in str(message))
    await phone.write(question)
    await phone.wait_for(lambda message: "v1:settled" in str(message))


async def aide(amity: Amity) -> Phone:
    """Somebody whom the owner has appointed."""
    phone = await agreed(amity.telegram, "Aide", id=AIDE)
    async with amity.database.write() as tx:
        person = await people.find_by_telegram_id(tx, AIDE)
        assert person is not None
        await people.set_role(tx, person.id, "organiser")
    return phone


@pytest.mark.parametrize("locale", LOCALES)
async def test_a_question_and_its_answer_find_their_ways(amity: Amity, locale: str) -> None:
    words = language(locale)
    boss = await agreed(amity.telegram, "Boss", id=OWNER, locale=locale)
    ming = await agreed(amity.telegram, "Ming", locale=locale)
    await asked(ming)
    question = await boss.wait_for("May I bring my dog?")
    assert "Ming" in text_of(question)
    assert words.gettext("Close this question") in buttons(question)
    await boss.write("Dogs are welcome.", reply_to=question)
    answer = await ming.wait_for("Dogs are welcome.")
    assert buttons(answer) == [words.gettext("Ask further"), words.gettext("That's settled")]


async def test_the_desk_learns_what_the_bot_had_offered(amity: Amity) -> None:
    boss = await agreed(amity.telegram, "Boss", id=OWNER)
    ming = await agreed(amity.telegram, "Ming")
    await ming.write("xylophone lessons?")
    await ming.wait_for("I haven't found")
    await ming.press("v1:askq")
    await ming.wait_for("Your question is with our team.")
    await boss.wait_for("xylophone lessons?")


async def test_pressing_ask_twice_asks_once(amity: Amity) -> None:
    boss = await agreed(amity.telegram, "Boss", id=OWNER)
    ming = await agreed(amity.telegram, "Ming")
    await ming.write("xylophone lessons?")
    answer = await ming.wait_for("I haven't found")
    await asyncio.gather(*(ming.press("v1:askq", answer) for _ in range(3)))
    await boss.wait_for("xylophone lessons?")
    await boss.settled(quiet=1.5)
    assert sum("xylophone" in text_of(message) for message in await boss.messages()) == 1


async def test_the_bot_keeps_quiet_while_a_person_answers(amity: Amity) -> None:
    boss = await agreed(amity.telegram, "Boss", id=OWNER)
    ming = await agreed(amity.telegram, "Ming")
    await asked(ming)
    await ming.write("It is a small dog")
    await ming.wait_for("Passed on to our team.")
    await boss.wait_for("It is a small dog")
    before = (await ming.last())["message_id"]
    await ming.write("thanks")
    await boss.wait_for("thanks")
    assert (await ming.last())["message_id"] == before
    await ming.write("/events")
    await ming.wait_for("no upcoming events")


@pytest.mark.parametrize("kind", ["photo", "document", "video", "sticker", "voice", "location", "contact"])
async def test_anything_can_be_sent_both_ways(amity: Amity, kind: str) -> None:
    boss = await agreed(amity.telegram, "Boss", id=OWNER)
    ming = await agreed(amity.telegram, "Ming")
    await asked(ming)
    question = await boss.wait_for("May I bring my dog?")
    match kind:
        case "location":
            await ming.send_location(22.28, 114.16)
        case "contact":
            await ming.send_contact()
        case _:
            await ming.send_file(kind, b"made up", f"made-up.{kind}")
    copy = await boss.wait_for(lambda message: kind in message)
    assert "Ming" in text_of(copy) or "Ming" in str(buttons(copy))
    if kind not in ("location", "contact"):
        await boss.send_file(kind, b"made up too", f"answer.{kind}", reply_to=question)
        answer = await ming.wait_for(lambda message: kind in message)
        assert "That's settled" in buttons(answer)


async def test_a_reply_to_a_copy_finds_its_member(amity: Amity) -> None:
    boss = await agreed(amity.telegram, "Boss", id=OWNER)
    ming = await agreed(amity.telegram, "Ming")
    wai = await agreed(amity.telegram, "Wai")
    await asked(ming)
    await asked(wai, "Is there parking?")
    await ming.send_sticker()
    copy = await boss.wait_for(lambda message: "sticker" in message)
    await boss.write("A fine dog", reply_to=copy)
    await ming.wait_for("A fine dog")
    await wai.settled()
    assert "A fine dog" not in await wai.transcript()


async def test_a_long_question_arrives_whole(amity: Amity) -> None:
    boss = await agreed(amity.telegram, "Boss", id=OWNER)
    ming = await agreed(amity.telegram, "Ming")
    long = "<dog> & 狗 " * 400 + "END"
    await asked(ming, long)
    await boss.wait_for("more characters")
    await boss.wait_for(lambda message: text_of(message) == long)


async def test_formatting_survives_and_cannot_be_injected(amity: Amity) -> None:
    boss = await agreed(amity.telegram, "Boss", id=OWNER)
    ming = await agreed(amity.telegram, "Ming <b>\u202e")
    await asked(ming, "</b><i>May I</i> &amp; my dog?")
    question = await boss.wait_for("</b><i>May I</i> &amp; my dog?")
    await boss.write("Yes & <no>", reply_to=question, entities=[{"type": "bold", "offset": 0, "length": 3}])
    answer = await ming.wait_for("Yes & <no>")
    bold = [one for one in answer["entities"] if one["type"] == "bold"]
    # The speech bubble in front counts twice in Telegram's offsets.
    said = text_of(answer).encode("utf-16-le")
    spans = [(2 * one["offset"], 2 * (one["offset"] + one["length"])) for one in bold]
    assert "Yes" in [said[start:end].decode("utf-16-le") for start, end in spans]


async def test_a_correction_follows_the_answer(amity: Amity) -> None:
    boss = await agreed(amity.telegram, "Boss", id=OWNER)
    ming = await agreed(amity.telegram, "Ming")
    await asked(ming)
    answered = await boss.write("At six", reply_to=await boss.wait_for("my dog?"))
    await ming.wait_for("At six")
    await boss.edit(answered, "At seven")
    assert "corrected" in text_of(await ming.wait_for("At seven"))


async def test_when_one_answers_the_other_organisers_see_what(amity: Amity) -> None:
    boss = await agreed(amity.telegram, "Boss", id=OWNER)
    other = await aide(amity)
    ming = await agreed(amity.telegram, "Ming")
    await asked(ming)
    await other.wait_for("my dog?")
    await boss.write("Yes, <on a lead>", reply_to=await boss.wait_for("my dog?"))
    assert "Yes, <on a lead>" in text_of(await other.wait_for("has answered"))


async def test_the_member_can_end_it_and_the_bot_answers_again(amity: Amity) -> None:
    boss = await agreed(amity.telegram, "Boss", id=OWNER)
    ming = await agreed(amity.telegram, "Ming")
    await asked(ming)
    await ming.press("v1:settled")
    await ming.wait_for("Settled.")
    await boss.wait_for("says it is settled")
    again = await ming.press("v1:settled")
    assert again is not None
    assert again["text"] == "This is settled already."
    await ming.write("xylophone?")
    await ming.wait_for("I haven't found")


async def test_the_desk_can_end_it_and_the_member_is_told(amity: Amity) -> None:
    boss = await agreed(amity.telegram, "Boss", id=OWNER)
    ming = await agreed(amity.telegram, "Ming")
    await asked(ming)
    await boss.wait_for("my dog?")
    await boss.press("Close this question")
    await ming.wait_for("Our team has closed your question.")
    await ming.write("xylophone?")
    await ming.wait_for("I haven't found")
    again = await boss.press("v1:deskclose")
    assert again is not None
    assert again["text"] == "This question is closed already."


async def test_close_as_a_reply_ends_it_too(amity: Amity) -> None:
    boss = await agreed(amity.telegram, "Boss", id=OWNER)
    ming = await agreed(amity.telegram, "Ming")
    await asked(ming)
    await boss.write("/close", reply_to=await boss.wait_for("my dog?"))
    await ming.wait_for("Our team has closed your question.")
    await boss.write("/close")
    await boss.wait_for("as a reply")


async def test_a_reply_to_an_old_message_still_finds_its_member(amity: Amity) -> None:
    boss = await agreed(amity.telegram, "Boss", id=OWNER)
    ming = await agreed(amity.telegram, "Ming")
    await asked(ming)
    question = await boss.wait_for("my dog?")
    await boss.press("Close this question")
    await ming.wait_for("Our team has closed")
    amity.clock.move(timedelta(days=20).total_seconds())
    await boss.write("Now we know", reply_to=question)
    await boss.wait_for("is open again")
    await ming.wait_for("Now we know")
    await ming.write("thank you")
    await boss.wait_for("thank you")


async def test_asking_further_goes_to_the_person_again(amity: Amity) -> None:
    boss = await agreed(amity.telegram, "Boss", id=OWNER)
    ming = await agreed(amity.telegram, "Ming")
    await asked(ming)
    await boss.wait_for("my dog?")
    await boss.press("Close this question")
    await ming.wait_for("Our team has closed")
    await ming.press("Ask further")
    await ming.wait_for("Just write it here.")
    await ming.write("And a cat?")
    await boss.wait_for("And a cat?")


async def test_a_member_who_blocked_the_bot_is_reported(amity: Amity) -> None:
    boss = await agreed(amity.telegram, "Boss", id=OWNER)
    ming = await agreed(amity.telegram, "Ming")
    await asked(ming)
    question = await boss.wait_for("my dog?")
    await ming.block()
    await boss.write("Yes", reply_to=question)
    await boss.wait_for("could not be delivered")


async def test_without_anybody_to_answer_the_member_is_told(amity: Amity) -> None:
    ming = await agreed(amity.telegram, "Ming")
    await ming.press("v1:ask")
    await ming.wait_for("there is nobody I could pass this to")


async def test_a_step_can_be_left_and_a_sticker_is_no_question(amity: Amity) -> None:
    await agreed(amity.telegram, "Boss", id=OWNER)
    ming = await agreed(amity.telegram, "Ming")
    await ming.press("v1:ask")
    await ming.wait_for("What would you like to ask?")
    await ming.send_sticker()
    await ming.wait_for("Please write your question first.")
    await ming.write("/cancel")
    await ming.wait_for("Nothing was saved.")


async def test_a_member_cannot_sit_at_the_desk(amity: Amity) -> None:
    boss = await agreed(amity.telegram, "Boss", id=OWNER)
    ming = await agreed(amity.telegram, "Ming")
    wai = await agreed(amity.telegram, "Wai")
    await asked(ming)
    await boss.wait_for("my dog?")
    for data in ("v1:deskclose:1", "v1:desk", "v1:deskopen:1", "v1:settled:1", "v1:further:1"):
        await wai.forge(data, (await wai.last())["message_id"])
        await wai.settled()
    assert "dog" not in await wai.transcript()
    await boss.settled()
    assert "settled" not in text_of(await boss.last())
    await ming.write("/close")
    await ming.wait_for("I don't know that command.")


async def test_open_questions_are_listed_and_can_be_answered_from_there(amity: Amity) -> None:
    boss = await agreed(amity.telegram, "Boss", id=OWNER)
    ming = await agreed(amity.telegram, "Ming")
    last = (await boss.last())["message_id"]
    await boss.forge("v1:desk", last)
    await boss.wait_for("No member is waiting for an answer.")
    await asked(ming)
    await boss.wait_for("my dog?")
    await boss.forge("v1:desk", last)
    await boss.wait_for("1 open question")
    await boss.press("v1:deskopen")
    again = await boss.wait_for("my dog?")
    await boss.write("Yes!", reply_to=again)
    await ming.wait_for("Yes!")


async def test_in_the_desks_group_anybody_there_may_answer(tmp_path: Path) -> None:
    async with amity_running(tmp_path, desk=-1_000_000_000_777) as amity:
        ming = await agreed(amity.telegram, "Ming")
        clerk = await amity.telegram.person("Clerk")
        group = await amity.telegram.group("Desk", clerk, id=-1_000_000_000_777)
        assert group == -1_000_000_000_777
        await asked(ming)
        question = await clerk.wait_for("my dog?", chat=group)
        await clerk.write("Yes, from the desk", reply_to=question, chat=group)
        await ming.wait_for("Yes, from the desk")
        await clerk.wait_for("On its way", chat=group)
        await clerk.write("just chatting", chat=group)
        await clerk.press("Close this question", question, chat=group)
        await ming.wait_for("Our team has closed")
        await clerk.write("One more", reply_to=question, chat=group)
        await ming.wait_for("One more")
        await clerk.write("/close", reply_to=question, chat=group)
        await ming.wait_for("Our team has closed")


async def test_a_reply_that_reaches_nobody_says_so_in_the_group(tmp_path: Path) -> None:
    async with amity_running(tmp_path, desk=-1_000_000_000_777) as amity:
        ming = await agreed(amity.telegram, "Ming")
        clerk = await amity.telegram.person("Clerk")
        group = await amity.telegram.group("Desk", clerk, id=-1_000_000_000_777)
        await asked(ming)
        question = await clerk.wait_for("my dog?", chat=group)
        async with amity.database.write() as tx:
            person = await people.find_by_telegram_id(tx, ming.id)
            assert person is not None
            await people.delete_person(tx, person.id)
        await clerk.write("Yes", reply_to=question, chat=group)
        await clerk.wait_for("nobody gets it", chat=group)


async def test_the_desk_goes_on_when_its_group_gets_a_new_id(tmp_path: Path) -> None:
    group = -1_000_555
    async with amity_running(tmp_path, desk=group) as amity:
        carol = await amity.telegram.person("Carol")
        await amity.telegram.group("Desk", carol, id=group)
        ming = await agreed(amity.telegram, "Ming")
        moved = int((await amity.telegram.ask("POST", "/upgrade", {"chat": group}))["id"])
        await amity.telegram.settled()
        await asked(ming)
        question = await carol.wait_for("May I bring my dog?", chat=moved)
        await carol.write("Dogs are welcome.", reply_to=question, chat=moved)
        await ming.wait_for("Dogs are welcome.")


async def test_an_administrator_may_answer_in_the_groups_own_name(tmp_path: Path) -> None:
    group = -1_000_556
    async with amity_running(tmp_path, desk=group) as amity:
        carol = await amity.telegram.person("Carol")
        await amity.telegram.group("Desk", carol, id=group)
        ming = await agreed(amity.telegram, "Ming")
        await asked(ming)
        question = await carol.wait_for("May I bring my dog?", chat=group)
        chat = {"id": group, "type": "supergroup", "title": "Desk"}
        face = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
        said = {"message_id": 99, "date": 1, "chat": chat, "from": face, "sender_chat": chat}
        answer = said | {"text": "Dogs are welcome.", "reply_to_message": question}
        await amity.telegram.raw_update({"message": answer})
        await ming.wait_for("Dogs are welcome.")
