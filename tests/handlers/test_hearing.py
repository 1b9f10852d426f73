"""Which messages are understood before anything is decided: questions to the bot, and no others."""

import pytest
from telegram import Update

from bot.hurry import MOST, Hurry
from bot.library import Library
from handlers.hearing import Hearing
from playground.clock import Clock
from storage import Database, content, dialogues, options, threads
from storage.dialogues import Dialogue
from tests.conftest import NOON
from tests.making import known_person
from tests.meanings import LetterEncoder

MEMBER = 11


async def listening(database: Database, hurry: Hurry | None = None) -> tuple[Hearing, LetterEncoder, int]:
    """Something to be asked, somebody who asks, and a model that has understood all there is."""
    person = await known_person(database, MEMBER, now=NOON)
    async with database.write() as tx:
        await content.put_question(
            tx, "office", None, "Made-up", None, None, {"en": "There."}, {"en": ["Where is the office?"]}
        )
        await options.remember(tx, content.REVISION, "1")
    encoder = LetterEncoder()
    library = Library(encoder)
    await library.refresh(database, now=NOON)
    await library.learn(database)
    encoder.read.clear()
    return Hearing(library, hurry or Hurry(), database, Clock(NOON)), encoder, person.id


def message(text: str | None = "the office?", *, sender: int = MEMBER, kind: str = "private") -> Update:
    chat = {"id": sender, "type": kind, "first_name": "Ann"}
    user = {"id": sender, "is_bot": False, "first_name": "Ann"}
    written = {"message_id": 5, "date": 0, "chat": chat, "from": user, "text": text}
    return Update.de_json({"update_id": 1, "message": written})


def press(data: str) -> Update:
    user = {"id": MEMBER, "is_bot": False, "first_name": "Ann"}
    chat = {"id": MEMBER, "type": "private"}
    question = {"message_id": 4, "date": 0, "chat": chat, "from": user, "text": "the office?"}
    bot = {"id": 1, "is_bot": True, "first_name": "Amity"}
    answer = {
        "message_id": 5,
        "date": 1,
        "chat": chat,
        "from": bot,
        "text": "There.",
        "reply_to_message": question,
    }
    query = {"id": "1", "from": user, "chat_instance": "1", "data": data, "message": answer}
    return Update.de_json({"update_id": 1, "callback_query": query})


async def test_a_question_is_understood_once_however_often_it_is_tried(database: Database) -> None:
    hearing, encoder, _ = await listening(database)
    await hearing.listen(message())
    await hearing.listen(message())
    assert set(hearing.heard(1)) == {"muse"}
    assert encoder.read == ["the office?"]
    assert hearing.heard(2) == {}


async def test_a_question_said_to_be_answered_wrongly_is_looked_at_again(database: Database) -> None:
    hearing, _, _ = await listening(database)
    await hearing.listen(press("v1:wrong:q1"))
    assert set(hearing.heard(1)) == {"muse"}


@pytest.mark.parametrize(
    "update",
    [message("/events"), message(None), message(kind="group"), message(sender=99), press("v1:event:1")],
    ids=["a command", "no text", "a group", "a stranger", "another button"],
)
async def test_what_asks_the_bot_nothing_is_not_understood(database: Database, update: Update) -> None:
    hearing, encoder, _ = await listening(database)
    await hearing.listen(update)
    assert hearing.heard(1) == {}
    assert encoder.read == []


async def test_what_a_form_or_a_person_waits_for_is_not_understood(database: Database) -> None:
    hearing, encoder, person_id = await listening(database)
    async with database.write() as tx:
        await threads.open_new(tx, person_id, "Hello?", now=NOON)
    await hearing.listen(message())
    assert hearing.heard(1) == {}
    async with database.write() as tx:
        thread = await threads.find_open(tx, person_id)
        assert thread is not None
        await threads.close(tx, thread.id, now=NOON)
        await dialogues.put(tx, person_id, Dialogue("ask", "question", {}, 1), now=NOON)
    await hearing.listen(message())
    assert hearing.heard(1) == {}
    assert encoder.read == []


async def test_a_dead_worker_holds_nobody_up(database: Database) -> None:
    hearing, encoder, _ = await listening(database)
    encoder.dead = True
    await hearing.listen(message())
    assert hearing.heard(1) == {}


async def test_of_too_many_at_once_no_more_are_understood(database: Database) -> None:
    hurry = Hurry()
    hearing, encoder, person_id = await listening(database, hurry)
    for _ in range(MOST):
        hurry.judge(person_id, now=NOON)
    await hearing.listen(message())
    assert hearing.heard(1) == {}
    assert encoder.read == []
