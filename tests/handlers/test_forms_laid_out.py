"""Forms whose steps come from what is stored, that count themselves, and that ask for a number by a key."""

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot.language import language
from handlers import forms
from handlers.forms import Choice, Data, Form, Step, Understood
from handlers.replies import Reply, Say, Where, button, say
from handlers.turns import Press, Turn, Writing
from storage import Database, Transaction, dialogues
from tests.conftest import NOON
from tests.handlers.test_forms import SETUP, labels, said
from tests.making import known_person

# What the form asks; tests change it in the middle, as organisers do.
asked: list[Step] = []


def text_step(name: str, **more: Any) -> Step:
    return replace(
        Step(name, lambda turn, data: Markup(name + "?"), read=lambda w, d: Understood(w.text)), **more
    )


def ticks(name: str) -> Step:
    return Step(
        name,
        lambda turn, data: Markup(name + "?"),
        choices=lambda turn, data: [Choice("One", 1), Choice("Two", 2)],
        several=True,
        fewest=1,
    )


async def lay_out(turn: Turn, tx: Transaction, data: Data) -> tuple[Step, ...]:
    return tuple(asked)


async def finish(turn: Turn, tx: Transaction, data: Data) -> Reply:
    return say(Markup.escape(f"done {dict(data)}"))


FORM = Form(
    "tea",
    (),
    finish,
    way_back=lambda turn: button("Menu", "menu"),
    lay_out=lay_out,
    counts=True,
    review="look",
)


class Talk:
    """One person in the form."""

    def __init__(self, database: Database, turn: Turn) -> None:
        self._database, self._turn = database, turn

    async def begin(self) -> Reply:
        async with self._database.write() as tx:
            return await forms.begin(self._turn, tx, FORM)

    async def write(self, text: str) -> Reply:
        async with self._database.write() as tx:
            held = await dialogues.find(tx, self._turn.person.id)
            turn = vars(replace(self._turn, dialogue=held))
            return await forms.read(Writing(**turn, text=text), tx, FORM)

    async def press(self, *args: str) -> Reply:
        async with self._database.write() as tx:
            held = await dialogues.find(tx, self._turn.person.id)
            assert held is not None
            turn = vars(replace(self._turn, dialogue=held))
            return await forms.press(
                Press(**turn, operation="form", args=(str(held.version), *args)), tx, FORM
            )


async def talk(database: Database, *steps: Step) -> Talk:
    asked[:] = steps
    person = await known_person(database, 5, now=NOON)
    return Talk(database, Turn(person, language("en", ZoneInfo("Asia/Hong_Kong")), NOON, SETUP, Where(5)))


async def test_steps_count_themselves_as_far_as_they_apply(database: Database) -> None:
    ming = await talk(
        database, text_step("a"), text_step("b", applies=lambda data: data.get("a") == "x"), text_step("c")
    )
    assert "1 of 2" in said(await ming.begin())
    assert "2 of 3" in said(await ming.write("x"))


async def test_a_single_question_is_not_counted(database: Database) -> None:
    ming = await talk(database, text_step("a"))
    assert " of " not in said(await ming.begin())


async def test_a_step_removed_under_ones_feet_is_passed_over(database: Database) -> None:
    ming = await talk(database, text_step("a"), text_step("b"), text_step("c"))
    await ming.begin()
    await ming.write("1")
    asked[:] = [text_step("a"), text_step("c")]
    assert "c?" in said(await ming.write("2"))
    assert "done" in said(await ming.write("3"))


async def test_a_form_that_has_nothing_to_ask_any_more_ends(database: Database) -> None:
    ming = await talk(database, text_step("a"), text_step("b"))
    await ming.begin()
    asked[:] = []
    assert "done" in said(await ming.press("skip"))
    assert "done {}" in said(await ming.begin())


async def test_ticking_too_few_is_said(database: Database) -> None:
    ming = await talk(database, ticks("a"))
    await ming.begin()
    assert said(await ming.press("done")) == "Please tick at least one."
    await ming.press("pick", "1")
    assert "done" in said(await ming.press("done"))


async def test_the_key_for_a_number_comes_and_goes_with_its_step(database: Database) -> None:
    ming = await talk(database, text_step("a"), text_step("phone", contact=True), text_step("c"))
    await ming.begin()
    shown = await ming.write("1")
    keys = [piece.markup for piece in shown.pieces if isinstance(piece, Say)]
    assert "keyboard" in (keys[-1] or {})
    assert "Stop" in labels(shown), "the question's own buttons are still there"
    gone = await ming.write("+852 2345 6789")
    assert isinstance(gone.pieces[0], Say)
    assert gone.pieces[0].markup == {"remove_keyboard": True}
    assert "contact_key" not in said(await ming.write("3"))
