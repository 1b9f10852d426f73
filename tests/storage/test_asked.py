"""Questions without a good answer are kept once for each person, and no longer than needed."""

from datetime import timedelta

from storage import Database, asked, people
from storage.asked import Asked
from tests.conftest import NOON
from tests.making import known_person

LONG_AGO = NOON - timedelta(days=200)


async def ask(
    database: Database, person_id: int, text: str, *, minutes: int = 0, outcome: str = "nothing"
) -> None:
    async with database.write() as tx:
        await asked.note(
            tx,
            person_id,
            text,
            locale="en",
            outcome=outcome,
            topic_id="q1",
            now=NOON + timedelta(minutes=minutes),
        )


async def open_ones(database: Database, **limits: int) -> list[Asked]:
    async with database.read() as tx:
        return await asked.list_open(
            tx, since=LONG_AGO, limit=limits.get("limit", 99), of_one=limits.get("of_one", 50)
        )


async def test_the_same_words_of_one_person_are_one_question(database: Database) -> None:
    ming = await known_person(database, 11, now=NOON)
    wai = await known_person(database, 12, now=NOON)
    await ask(database, ming.id, "parking?")
    await ask(database, ming.id, "parking?", minutes=5, outcome="offered")
    await ask(database, wai.id, "parking?", minutes=1)
    found = await open_ones(database)
    assert [(one.person_id, one.outcome) for one in found] == [(ming.id, "offered"), (wai.id, "nothing")]


async def test_one_person_cannot_push_the_others_out(database: Database) -> None:
    ming = await known_person(database, 11, now=NOON)
    wai = await known_person(database, 12, now=NOON)
    await ask(database, wai.id, "where to park?")
    for number in range(6):
        await ask(database, ming.id, f"question {number}", minutes=1 + number)
    found = await open_ones(database, of_one=2)
    assert [one.text for one in found] == ["question 5", "question 4", "where to park?"]


async def test_a_topic_that_was_offered_and_taken_is_no_open_question(database: Database) -> None:
    ming = await known_person(database, 11, now=NOON)
    await ask(database, ming.id, "camp", outcome="offered")
    await ask(database, ming.id, "pizza", outcome="nothing")
    async with database.write() as tx:
        for text in ("camp", "pizza", "never asked"):
            await asked.label_chosen(tx, ming.id, text, "q7", now=NOON)
    assert [one.text for one in await open_ones(database)] == ["pizza"]
    async with database.read() as tx:
        kept = {one.text: (one.label, one.meant) for one in await asked.list_of_person(tx, ming.id)}
    assert kept == {"camp": ("chosen", "q7"), "pizza": ("none", None)}


async def test_a_wrong_answer_stays_open_and_learns_which_one_is_right(database: Database) -> None:
    ming = await known_person(database, 11, now=NOON)
    async with database.write() as tx:
        await asked.label_wrong(tx, ming.id, "camp", "q1", locale="en", now=NOON)
        await asked.label_chosen(tx, ming.id, "camp", "q2", now=NOON)
        await asked.label_right(tx, ming.id, "camp", "q2", locale="en", now=NOON)
    (one,) = await open_ones(database)
    assert (one.label, one.topic_id, one.meant) == ("wrong", "q1", "q2")


async def test_who_changes_their_mind_about_an_answer_is_believed(database: Database) -> None:
    ming = await known_person(database, 11, now=NOON)
    async with database.write() as tx:
        await asked.label_wrong(tx, ming.id, "camp", "q1", locale="en", now=NOON)
        await asked.label_right(tx, ming.id, "camp", "q1", locale="en", now=NOON)
    assert await open_ones(database) == []
    async with database.write() as tx:
        await asked.label_wrong(tx, ming.id, "camp", "q1", locale="en", now=NOON)
    assert [one.label for one in await open_ones(database)] == ["wrong"]


async def test_of_two_who_deal_with_a_question_one_does(database: Database) -> None:
    ming = await known_person(database, 11, now=NOON)
    await ask(database, ming.id, "camp")
    (one,) = await open_ones(database)
    async with database.write() as tx:
        assert len(await asked.settle(tx, [one.id], "attached", "q1", now=NOON)) == 1
        assert await asked.settle(tx, [one.id], "dismissed", None, now=NOON) == []
        assert await asked.restore(tx, {one.id: ("none", None)}, "dismissed") == 0
        assert await asked.restore(tx, {one.id: ("none", None)}, "attached") == 1
    assert await open_ones(database) == [one]


async def test_what_nobody_labels_is_forgotten_and_labels_are_kept_without_the_person(
    database: Database,
) -> None:
    ming = await known_person(database, 11, now=NOON)
    await ask(database, ming.id, "open")
    async with database.write() as tx:
        await asked.label_right(tx, ming.id, "right", "q1", locale="en", now=NOON)
        await asked.label_wrong(tx, ming.id, "wrong", "q1", locale="en", now=NOON)

        async def purge(days: int) -> dict[str, bool]:
            then = NOON + timedelta(days=days)
            await asked.purge(
                tx, asked_before=then - timedelta(days=180), labelled_before=then - timedelta(days=7)
            )
            labelled = await asked.list_labelled(tx, limit=9)
            own = await asked.list_of_person(tx, ming.id)
            return {one.text: one.person_id is not None for one in [*labelled, *own]}

        assert await purge(6) == {"open": True, "right": True, "wrong": True}
        assert await purge(8) == {"open": True, "right": False, "wrong": True}
        assert await purge(181) == {"right": False, "wrong": False}


async def test_nothing_of_a_person_stays_when_they_go(database: Database) -> None:
    ming = await known_person(database, 11, now=NOON)
    await ask(database, ming.id, "open")
    async with database.write() as tx:
        await asked.label_right(tx, ming.id, "right", "q1", locale="en", now=NOON)
        await people.delete_person(tx, ming.id)
        assert await asked.list_labelled(tx, limit=9) == []
    assert await open_ones(database) == []
