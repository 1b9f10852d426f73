"""What an event asks of whom, and what becomes of answers when its questions change."""

from bot import attendance, event_questions, groups, privacy
from bot.event_questions import missing, text_of, visible
from storage import Database, rsvps
from storage import event_questions as kept
from storage import groups as group_rows
from storage.event_questions import Question, QuestionText
from tests.conftest import NOON
from tests.making import known_person, published_event

MEAL = {"en": QuestionText("Will you eat?", {1: "Yes", 2: "No"}), "zh_Hans_CN": QuestionText("", {1: "吃"})}


async def asked(database: Database, event_id: int) -> list[Question]:
    async with database.read() as tx:
        return await kept.list_asked(tx, event_id)


async def with_questions(database: Database) -> tuple[int, int, int, int]:
    """An event that asks whether people eat, what (of those who do alone), and for their school."""
    event = await published_event(database, now=NOON)
    async with database.write() as tx:
        ids: list[int] = []
        for kind, texts, after in (
            ("choice", MEAL, None),
            ("text", {"en": QuestionText("What do you not eat?")}, 1),
            ("text", {"en": QuestionText("Your school?")}, None),
        ):
            question_id = await event_questions.add(
                tx,
                event.id,
                kind,
                texts,
                required=True,
                after=(ids[0], after) if after else None,
                actor_id=1,
                now=NOON,
            )
            assert question_id
            ids.append(question_id)
    return event.id, ids[0], ids[1], ids[2]


def ids_of(questions: tuple[Question, ...]) -> list[int]:
    return [question.id for question in questions]


async def test_a_required_question_that_is_hidden_is_not_required(database: Database) -> None:
    event_id, meal, diet, school = await with_questions(database)
    questions = await asked(database, event_id)
    assert ids_of(visible(questions, {})) == [meal, school]
    assert ids_of(missing(questions, {})) == [meal, school]
    assert ids_of(visible(questions, {meal: 2})) == [meal, school]
    assert ids_of(missing(questions, {meal: 2, school: "X"})) == []
    assert ids_of(missing(questions, {meal: 1, school: "X"})) == [diet]


async def test_what_depends_on_a_hidden_question_is_hidden_too(database: Database) -> None:
    event_id, meal, diet, _ = await with_questions(database)
    async with database.write() as tx:
        first = await event_questions.add(
            tx, event_id, "choices", MEAL, required=False, after=(meal, 1), actor_id=1, now=NOON
        )
        assert first
        second = await event_questions.add(
            tx,
            event_id,
            "text",
            {"en": QuestionText("Why?")},
            required=True,
            after=(first, 2),
            actor_id=1,
            now=NOON,
        )
    questions = await asked(database, event_id)
    assert second in ids_of(visible(questions, {meal: 1, first: [1, 2]}))
    assert second not in ids_of(visible(questions, {meal: 1, first: [1]}))
    assert second not in ids_of(visible(questions, {meal: 2, first: [1, 2]}))
    assert diet not in ids_of(visible(questions, {meal: 2}))


async def test_an_option_removed_from_a_question_still_shows_for_those_who_chose_it(
    database: Database,
) -> None:
    event_id, meal, diet, _ = await with_questions(database)
    [question, *_] = await asked(database, event_id)
    async with database.write() as tx:
        await event_questions.remove_choice(tx, question, 1, actor_id=1, now=NOON)
    [question, dependent, _] = await asked(database, event_id)
    assert (question.choices, question.removed_choices) == ((2,), (1,))
    assert text_of(question, "en", "en").choices[1] == "Yes"
    # Nobody could reach what depended on it any more.
    assert (dependent.id, dependent.after_question_id) == (diet, None)
    assert ids_of(missing([question], {meal: 1})) == []
    async with database.write() as tx:
        await event_questions.add_choice(tx, question, "en", "Perhaps", actor_id=1, now=NOON)
    [question, *_] = await asked(database, event_id)
    # A new choice never takes the number of an old one, which would reword what people answered.
    assert question.choices == (2, 3)
    assert text_of(question, "zh_Hans_CN", "en") == QuestionText(
        "Will you eat?", {1: "吃", 2: "No", 3: "Perhaps"}
    )


async def test_a_removed_question_keeps_its_answers(database: Database) -> None:
    event_id, meal, diet, school = await with_questions(database)
    person = await known_person(database, 50, now=NOON)
    async with database.write() as tx:
        told = {meal: 1, diet: "Nuts", school: "A"}
        await attendance.join(tx, event_id, person.id, answers=told, now=NOON)
        rsvp = await rsvps.find(tx, event_id, person.id)
        assert rsvp
        await kept.put_answers(tx, rsvp.id, {diet: None, school: "B"}, now=NOON)
    [question, *_] = await asked(database, event_id)
    async with database.write() as tx:
        for _ in range(2):
            await event_questions.remove(tx, question, actor_id=1, now=NOON)
    async with database.read() as tx:
        assert await kept.answers_of(tx, rsvp.id) == {meal: 1, school: "B"}
        assert await kept.answers_of_event(tx, event_id) == {rsvp.id: {meal: 1, school: "B"}}
        ever = await kept.list_ever_asked(tx, event_id)
    assert [(one.id, one.removed) for one in ever] == [(meal, True), (diet, False), (school, False)]
    questions = await asked(database, event_id)
    assert ids_of(visible(questions, {})) == [diet, school]
    async with database.write() as tx:
        await kept.drop_answers(tx, rsvp.id)
        assert await kept.answers_of(tx, rsvp.id) == {}


async def test_a_question_never_comes_before_the_one_that_decides_about_it(database: Database) -> None:
    event_id, meal, diet, school = await with_questions(database)
    boss = (await known_person(database, 1, now=NOON)).id

    async def move(question_id: int, places: int) -> bool:
        async with database.write() as tx:
            question = await kept.find(tx, question_id)
            assert question
            return await event_questions.move(tx, question, places, actor_id=boss, now=NOON)

    assert not await move(meal, -1)
    assert not await move(meal, 1)
    assert not await move(diet, -1)
    assert await move(school, -1)
    assert [one.id for one in await asked(database, event_id)] == [meal, school, diet]
    assert not await move(diet, 1)


async def test_an_event_asks_a_bounded_number_of_questions(database: Database) -> None:
    event = await published_event(database, now=NOON)
    async with database.write() as tx:
        made = [
            await event_questions.add(
                tx, event.id, "text", {"en": QuestionText("?")}, required=False, actor_id=1, now=NOON
            )
            for _ in range(event_questions.MOST_QUESTIONS + 1)
        ]
    assert made[-2] is not None
    assert made[-1] is None


async def test_answers_and_groups_are_handed_out_and_forgotten(database: Database) -> None:
    event_id, meal, diet, school = await with_questions(database)
    person = await known_person(database, 50, now=NOON)
    async with database.write() as tx:
        given = {meal: 1, diet: "Nuts", school: "A"}
        await attendance.join(tx, event_id, person.id, answers=given, now=NOON)
        group = await groups.create(tx, {"en": "Choir"}, actor_id=person.id, now=NOON)
        await groups.join_by_token(tx, group.token, person.id, now=NOON)
        found = await privacy.look(tx, person)
        assert {question.id: value for _, question, value in found.answers} == given
        assert [one.id for one, _ in found.groups] == [group.id]
        await privacy.forget(tx, person, now=NOON)
        assert await kept.answers_of_event(tx, event_id) == {}
        assert await group_rows.count_members(tx, group.id) == 0
