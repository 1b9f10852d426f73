"""What organisers do at the desk by buttons: ready answers, taking and giving, notes, hours, bars."""

from datetime import timedelta

import pytest

from bot.language import LOCALES, language
from storage import people
from tests.conftest import OWNER, Amity
from tests.making import agreed
from tests.phone import Phone, buttons, text_of

AIDE = 900_000_002


async def asked(phone: Phone, question: str = "May I bring my dog?") -> None:
    await phone.write("/ask")
    await phone.wait_for(lambda message: "v1:cancel" in str(message))
    await phone.write(question)
    await phone.wait_for(lambda message: "v1:settled" in str(message))


async def aide(amity: Amity) -> Phone:
    phone = await agreed(amity.telegram, "Aide", id=AIDE)
    async with amity.database.write() as tx:
        person = await people.find_by_telegram_id(tx, AIDE)
        assert person is not None
        await people.set_role(tx, person.id, "organiser")
    return phone


async def at_desk(boss: Phone, operation: str) -> None:
    await boss.forge(operation, (await boss.last())["message_id"])
    await boss.settled()


@pytest.mark.parametrize("locale", LOCALES)
async def test_a_ready_answer_is_written_once_and_sent_by_two_taps(amity: Amity, locale: str) -> None:
    words = language(locale)
    boss = await agreed(amity.telegram, "Boss", id=OWNER, locale=locale)
    ming = await agreed(amity.telegram, "Ming", locale="zh_Hans_CN")
    await at_desk(boss, "v1:deskready")
    await boss.press("v1:desknew")
    await boss.write("Dogs")
    await boss.wait_for(lambda message: "v1:cancel" in str(message))
    await boss.write("Small <dogs> are welcome.")
    await boss.wait_for(words.gettext("✅ Kept. Write it in the other languages too, if you can."))
    await asked(ming)
    await boss.wait_for("May I bring my dog?")
    await boss.press("v1:deskuse")
    await boss.wait_for(lambda message: "Dogs" in buttons(message))
    await boss.press("Dogs")
    shown = await boss.wait_for("Small <dogs> are welcome.")
    marked = words.gettext(
        "⚠️ {name} reads {language}, and it isn't written in that yet.",
        name="\u2068Ming\u2069",
        language="简体中文",
    )
    assert (marked in text_of(shown)) is (locale != "zh_Hans_CN")
    await boss.press("v1:desksend", shown)
    await ming.wait_for("Small <dogs> are welcome.")
    await boss.press("v1:desksend", shown)
    await ming.settled(0.5)
    assert sum("<dogs>" in text_of(one) for one in await ming.messages()) == 1


async def test_a_question_is_taken_noted_and_given_to_a_colleague(amity: Amity) -> None:
    boss = await agreed(amity.telegram, "Boss", id=OWNER)
    other = await aide(amity)
    ming = await agreed(amity.telegram, "Ming")
    await asked(ming)
    question = await boss.wait_for("May I bring my dog?")
    await other.wait_for("May I bring my dog?")
    await boss.press("I take it", question)
    await other.wait_for("Boss\u2069 takes the question")
    refused = await other.press("v1:deskmine")
    assert refused is not None
    assert "has this question" in refused["text"]
    await boss.write("/note A very small dog", reply_to=question)
    await boss.wait_for("Only the desk sees it.")
    await boss.press("v1:deskmore", question)
    assert "A very small dog" in text_of(await boss.wait_for("since"))
    await boss.press("Give it to")
    await boss.wait_for("Who is to answer")
    await boss.press("Aide")
    given = await other.wait_for("gives you this question")
    assert "A very small dog" in text_of(given)
    await other.write("Small ones, yes.", reply_to=given)
    await ming.wait_for("Small ones, yes.")
    await at_desk(boss, "v1:desk")
    assert "Aide\u2069 has this question" in text_of(await boss.last())
    assert "very small" not in await ming.transcript()


async def test_an_answer_bears_the_clerks_name_once_they_choose_so(amity: Amity) -> None:
    boss = await agreed(amity.telegram, "Boss", id=OWNER)
    ming = await agreed(amity.telegram, "Ming")
    await boss.write("/settings")
    await boss.wait_for("come from the association")
    await boss.press("Sign with my name")
    await boss.wait_for("are signed")
    await asked(ming)
    await boss.write("Yes.", reply_to=await boss.wait_for("my dog?"))
    await ming.wait_for("Answer from \u2068Boss\u2069, for the association")


async def test_a_barred_member_is_told_kindly_and_the_rest_goes_on(amity: Amity) -> None:
    boss = await agreed(amity.telegram, "Boss", id=OWNER)
    ming = await agreed(amity.telegram, "Ming")
    await asked(ming)
    question = await boss.wait_for("my dog?")
    await boss.press("v1:deskmore", question)
    await boss.press("Bar \u2068Ming")
    await boss.wait_for("Keep \u2068Ming")
    await boss.press("For 1 day")
    await boss.wait_for("can't write to the team until")
    await ming.wait_for("Everything else works as before")
    await ming.write("/ask")
    await ming.wait_for("takes no further questions")
    await ming.write("/events")
    await ming.wait_for("no upcoming events")
    await at_desk(boss, "v1:deskbans")
    await boss.press("Lift")
    await boss.wait_for("Everybody may write to the team.")
    await asked(ming, "Me again")


async def test_who_asks_on_sunday_is_told_when_it_is_read_and_then_that_it_takes_longer(
    amity: Amity,
) -> None:
    boss = await agreed(amity.telegram, "Boss", id=OWNER)
    ming = await agreed(amity.telegram, "Ming")
    await at_desk(boss, "v1:deskhours")
    await boss.press("after 1 hour")
    await boss.wait_for("after 1 open hour")
    await boss.press("Days and times")
    await boss.wait_for("On which days")
    await boss.press("Friday")
    await boss.wait_for(lambda message: "Friday" in buttons(message))
    await boss.press("Done")
    await boss.write("10-6")
    await boss.wait_for("Monday–Thursday, 10:00–18:00")
    await asked(ming)
    told = text_of(await ming.last())
    assert "Monday–Thursday, 10:00–18:00" in told
    await boss.wait_for("my dog?")
    amity.clock.move(timedelta(hours=24).total_seconds())
    await ming.wait_for("takes longer than it should")
    reminder = await boss.wait_for("has been waiting for an answer")
    await boss.write("Yes.", reply_to=reminder)
    await ming.wait_for("Yes.")


async def test_a_member_takes_up_a_closed_question_by_a_reply(amity: Amity) -> None:
    boss = await agreed(amity.telegram, "Boss", id=OWNER)
    ming = await agreed(amity.telegram, "Ming")
    await asked(ming)
    await boss.write("Yes.", reply_to=await boss.wait_for("my dog?"))
    answer = await ming.wait_for("Yes.")
    await ming.press("v1:settled")
    await ming.wait_for("Settled.")
    amity.clock.move(timedelta(days=20).total_seconds())
    await ming.write("And a cat?", reply_to=answer)
    await boss.wait_for("And a cat?")
    typed = await ming.write("A lemming")
    await boss.wait_for("A lemming")
    await ming.edit(typed, "A leaping lemming")
    await boss.wait_for("A leaping lemming")
    assert sum("lemming" in text_of(one) for one in await boss.messages()) == 1
