"""Dialogues of several steps: what is answered is kept, and one can go back, skip and stop."""

from dataclasses import replace
from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot.language import language
from handlers import forms
from handlers.forms import Choice, Data, Form, Misread, Step, Understood
from handlers.replies import Reply, Say, Show, Toast, Where, button, say
from handlers.turns import Press, Setup, Turn, Writing
from storage import Database, Transaction, dialogues
from tests.conftest import NOON
from tests.making import known_person

SETUP = Setup("amity_bot", ZoneInfo("Asia/Hong_Kong"), frozenset(), None)


def read_number(writing: Writing, data: Data) -> Understood | Misread:
    if writing.text.isdecimal():
        return Understood(int(writing.text), Markup("Understood: {}").format(writing.text))
    return Misread(Markup("That is no number."))


async def finish(turn: Turn, tx: Transaction, data: Data) -> Reply:
    return say(Markup("{}").format(sorted(data.items())))


LUNCH = Form(
    "lunch",
    (
        Step("guests", lambda turn, data: Markup("How many?"), read=read_number),
        Step(
            "dish",
            lambda turn, data: Markup("Which dish?"),
            choices=lambda turn, data: [Choice("Rice", "rice"), Choice("Noodles", "noodles")],
        ),
        Step(
            "table",
            lambda turn, data: Markup("Which table?"),
            choices=lambda turn, data: [Choice("Round", "round")],
            applies=lambda data: data["guests"] > 4,
        ),
        Step(
            "extras",
            lambda turn, data: Markup("What else?"),
            choices=lambda turn, data: [Choice("Tea", "tea"), Choice("Soup", "soup")],
            several=True,
            optional=True,
        ),
    ),
    finish,
    way_back=lambda turn: button("Menu", "menu"),
)


class Talk:
    """A person in the form, a turn at a time, each in a transaction of its own."""

    def __init__(self, database: Database, turn: Turn) -> None:
        self._database = database
        self._turn = turn

    async def begin(self) -> Reply:
        async with self._database.write() as tx:
            return await forms.begin(self._turn, tx, LUNCH)

    async def write(self, text: str, *, edited: bool = False) -> Reply:
        async with self._database.write() as tx:
            held = await dialogues.find(tx, self._turn.person.id)
            turn = vars(replace(self._turn, dialogue=held))
            return await forms.read(Writing(**turn, text=text, edited=edited), tx, LUNCH)

    async def press(self, *args: str, version: int | None = None) -> Reply:
        async with self._database.write() as tx:
            held = await dialogues.find(tx, self._turn.person.id)
            assert held is not None
            turn = vars(replace(self._turn, dialogue=held))
            stamped = (str(held.version if version is None else version), *args)
            return await forms.press(Press(**turn, operation="form", args=stamped), tx, LUNCH)

    async def stop(self) -> Reply:
        async with self._database.write() as tx:
            return await forms.give_up(self._turn, tx, LUNCH)

    async def under_way(self) -> bool:
        async with self._database.read() as tx:
            return await dialogues.find(tx, self._turn.person.id) is not None


async def talk(database: Database) -> Talk:
    person = await known_person(database, 5, now=NOON)
    return Talk(database, Turn(person, language("en"), NOON, SETUP, Where(5)))


def said(reply: Reply) -> str:
    return "\n".join(
        str(piece.html) if isinstance(piece, Say | Show) else piece.text
        for piece in reply.pieces
        if isinstance(piece, Say | Show | Toast)
    )


def labels(reply: Reply) -> list[str]:
    return [
        one.text
        for piece in reply.pieces
        if isinstance(piece, Say | Show)
        for row in piece.buttons
        for one in row
    ]


async def test_steps_are_asked_in_order_and_all_answers_come_out(database: Database) -> None:
    ming = await talk(database)
    assert said(await ming.begin()) == "How many?"
    assert said(await ming.write("6")) == "Understood: 6\n\nWhich dish?"
    assert said(await ming.press("pick", "1")) == "Which table?"
    await ming.press("pick", "0")
    await ming.press("pick", "0")
    await ming.press("pick", "1")
    ended = said(await ming.press("done"))
    for part in ("noodles", "round", "tea", "soup"):
        assert part in ended
    assert not await ming.under_way()


async def test_a_step_that_does_not_apply_is_passed_over_both_ways(database: Database) -> None:
    ming = await talk(database)
    await ming.begin()
    await ming.write("2")
    assert said(await ming.press("pick", "0")) == "What else?"
    assert said(await ming.press("back")) == "Which dish?"


async def test_what_was_misread_is_asked_again_with_the_reason(database: Database) -> None:
    ming = await talk(database)
    await ming.begin()
    assert said(await ming.write("many")) == "That is no number.\n\nHow many?"
    assert said(await ming.write("")) == "That is no number.\n\nHow many?"


async def test_words_where_only_buttons_answer_get_the_buttons_again(database: Database) -> None:
    ming = await talk(database)
    await ming.begin()
    await ming.write("2")
    again = await ming.write("Rice, please")
    hint = "Please choose one of the buttons. For anything else, press “Stop” first."
    assert said(again) == f"{hint}\n\nWhich dish?"
    assert "Rice" in labels(again)


async def test_a_tick_is_taken_back_by_the_next_press(database: Database) -> None:
    ming = await talk(database)
    await ming.begin()
    await ming.write("2")
    await ming.press("pick", "0")
    assert "✓ Tea" in labels(await ming.press("pick", "0"))
    assert "✓ Tea" not in labels(await ming.press("pick", "0"))


async def test_a_step_that_must_be_answered_can_not_be_skipped(database: Database) -> None:
    ming = await talk(database)
    assert "Skip" not in labels(await ming.begin())
    assert said(await ming.press("skip")) == "That button does nothing here."
    assert await ming.under_way()


async def test_a_skipped_step_is_known_as_such(database: Database) -> None:
    ming = await talk(database)
    await ming.begin()
    await ming.write("2")
    assert "Skip" in labels(await ming.press("pick", "0"))
    assert "None" in said(await ming.press("skip"))


async def test_a_button_of_an_earlier_step_says_so_and_shows_the_present_one(database: Database) -> None:
    ming = await talk(database)
    await ming.begin()
    await ming.write("2")
    stale = await ming.press("pick", "1", version=1)
    assert said(stale).startswith("That step is over.")
    assert "Which dish?" in said(stale)
    assert said(await ming.press("pick", "0")) == "What else?"


async def test_forged_choices_answer_nothing(database: Database) -> None:
    ming = await talk(database)
    await ming.begin()
    await ming.write("2")
    for args in (("pick", "9"), ("pick", "-1"), ("pick", "x"), ("pick",), ("done",), ("fly",), ()):
        refused = await ming.press(*args)
        assert isinstance(refused.pieces[0], Toast), args
    assert said(await ming.press("pick", "0")) == "What else?"


async def test_an_edited_message_changes_no_answer(database: Database) -> None:
    ming = await talk(database)
    await ming.begin()
    assert "I keep your first message as it was." in said(await ming.write("3", edited=True))
    assert said(await ming.write("2")) == "Understood: 2\n\nWhich dish?"


async def test_stopping_keeps_nothing_and_leads_back(database: Database) -> None:
    ming = await talk(database)
    await ming.begin()
    stopped = await ming.stop()
    assert labels(stopped) == ["Menu"]
    assert not await ming.under_way()


def test_a_form_knows_which_steps_it_has() -> None:
    assert all(LUNCH.has(step.name) for step in LUNCH.steps)
    assert not LUNCH.has("dessert")
