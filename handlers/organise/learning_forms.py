"""The forms in which organisers say what a question needs: another answer, a new one, or only for some."""

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup, escape

from bot import desk_work, question_groups, teaching
from bot.cutting import shortened
from bot.language import NATIVE_NAMES, Language, isolate
from bot.teaching import ANSWER_LIMIT, WORDING_LIMIT
from handlers import forms
from handlers.answers import nearest
from handlers.forms import Choice, Data, Form, Step
from handlers.organise import answers
from handlers.organise.entries import find_entries
from handlers.organise.learning import dealt_with, find_group, list_button, show_group, show_taught
from handlers.replies import Button, Reply, below, button, say, show
from handlers.turns import Press, Turn
from storage import Transaction, programmes

SEARCH_LIMIT = 200
MOST_FOUND = 6
MOST_PICKED = 20
MOST_PROGRAMMES = 30
LABEL = 60


async def begin_search(press: Press, tx: Transaction) -> Reply:
    """Another answer than those that seem near."""
    group = await find_group(press, tx, press.number(0))
    if group is None:
        return await dealt_with(press, tx)
    return await forms.begin(press, tx, FIND, {"group": press.number(0)})


def _ask_words(turn: Turn, data: Data) -> Markup:
    return turn.language.html("Which answer do they need? Send me a few words of it, in any language.")


async def _show_found(turn: Turn, tx: Transaction, data: Data) -> Reply:
    language, group_id = turn.language, data["group"]
    found = await find_entries(turn, tx, data["words"], limit=MOST_FOUND)
    rows = [[button(f"✓ {title}", "olearnto", group_id, question_id)] for question_id, title in found]
    words = isolate(shortened(data["words"], LABEL))
    text = language.html("No answer has “{words}” in it.", words=words)
    if found:
        text = language.html("Which of these answers it? You searched for “{words}”.", words=words)
    rows.append(
        [
            button(language.gettext("🔎 Search again"), "olearnfind", group_id),
            button(language.gettext("➕ New answer"), "olearnnew", group_id),
        ]
    )
    return show(text, [*rows, [_back_to(language, group_id)]])


async def begin_new(press: Press, tx: Transaction) -> Reply:
    """A new answer for these questions, in the language in which most of them are."""
    group = await find_group(press, tx, press.number(0))
    if group is None:
        return await dealt_with(press, tx)
    example = group.example
    data = {
        "group": press.number(0),
        "locale": teaching.locale_of(example.text, example.locale),
        "question": shortened(example.text, WORDING_LIMIT),
    }
    return await forms.begin(press, tx, NEW, data | await _offer_programmes(press, tx))


async def begin_kept(press: Press, tx: Transaction) -> Reply:
    """From under a reply to a member, or from their question: keep the answer, to be read over first."""
    # The reply's own message stays, with what closes the member's question.
    return below(await _keep(press, tx, press.number(0), press.asked))


async def keep_by_link(turn: Turn, tx: Transaction, thread_id: int) -> Reply:
    """From the desk's group: keep what was answered last."""
    return await _keep(turn, tx, thread_id, "")


async def _keep(turn: Turn, tx: Transaction, thread_id: int, answer: str) -> Reply:
    learned = await desk_work.learn_from(tx, thread_id)
    if learned is None:
        text = turn.language.html("That question is not kept any more. You can write the answer anew.")
        return say(text, [[button(turn.language.gettext("➕ New answer"), "olearnnewentry")]])
    answer = answer or learned.answer
    data: dict[str, Any] = {
        "locale": teaching.locale_of(answer, learned.locale),
        "question": shortened(learned.question, WORDING_LIMIT),
        "answer": shortened(answer, ANSWER_LIMIT),
        "thread": thread_id,
    }
    for group in await question_groups.find_groups(
        tx, now=turn.now, meaning_of=turn.setup.library.known_meaning
    ):
        if any(one.thread_id == thread_id for one in group.questions):
            data["group"] = group.id
    return await forms.begin(turn, tx, NEW, data | await _offer_programmes(turn, tx))


async def begin_entry(press: Press, tx: Transaction) -> Reply:
    """A new answer that nobody has asked for yet."""
    data: dict[str, Any] = {"locale": press.language.locale}
    return await forms.begin(press, tx, NEW, data | await _offer_programmes(press, tx))


async def _offer_programmes(turn: Turn, tx: Transaction) -> dict[str, Any]:
    found = await programmes.list_page(tx, limit=MOST_PROGRAMMES)
    titled = [(one.id, one.texts[nearest(one.texts, turn.language.locale)].title) for one in found]
    return {"programmes": titled}


def _ask_question(turn: Turn, data: Data) -> Markup:
    language = turn.language
    said = language.html(
        "How would people ask for it, in {language}? Write one short question; it is also its title.",
        language=NATIVE_NAMES[data["locale"]],
    )
    if "thread" in data:
        said += Markup("\n") + language.html("Leave out whatever is about this one person alone.")
    return said


def _ask_answer(turn: Turn, data: Data) -> Markup:
    return turn.language.html(
        "And the answer, in {language}? One to four sentences that will be true for some time. Dates and"
        " places of events are better left to the events.",
        language=NATIVE_NAMES[data["locale"]],
    )


def _ask_programme(turn: Turn, data: Data) -> Markup:
    return turn.language.html("Does it belong to one of our programmes?")


def _programmes(turn: Turn, data: Data) -> Sequence[Choice]:
    return [Choice(title, programme_id) for programme_id, title in data["programmes"]]


def _tell(turn: Turn, value: Any) -> Markup:
    return Markup("<blockquote>{}</blockquote>").format(escape(value))


async def _create(turn: Turn, tx: Transaction, data: Data) -> Reply:
    group = await find_group(turn, tx, data["group"]) if "group" in data else None
    taught = await teaching.begin_entry(
        tx,
        data["question"],
        data["answer"],
        data["locale"],
        asked_ids=[one.id for one in group.questions] if group else (),
        programme_id=data.get("programme"),
        actor_id=turn.person.id,
        now=turn.now,
        home=turn.setup.home,
    )
    return await show_taught(turn, tx, taught)


async def begin_picking(press: Press, tx: Transaction) -> Reply:
    """Only some of a group mean the same: tick them."""
    group = await find_group(press, tx, press.number(0))
    if group is None:
        return await dealt_with(press, tx)
    ways = list(group.ways())[:MOST_PICKED]
    return await forms.begin(press, tx, PICK, {"group": press.number(0), "ways": ways})


def _ask_which(turn: Turn, data: Data) -> Markup:
    return turn.language.html("Tick those that mean the same. They become a group of their own.")


def _ways(turn: Turn, data: Data) -> Sequence[Choice]:
    return [Choice(isolate(text), number) for number, text in enumerate(data["ways"])]


async def _set_apart(turn: Turn, tx: Transaction, data: Data) -> Reply:
    group = await find_group(turn, tx, data["group"])
    if group is None:
        return await dealt_with(turn, tx)
    texts = {data["ways"][number] for number in data["which"]}
    chosen = [one.id for one in group.questions if one.text in texts]
    others = [one.id for one in group.questions if one.text not in texts]
    if not chosen or not others:
        return await show_group(turn, tx, data["group"])
    await teaching.set_apart(tx, chosen, others)
    text = turn.language.html("☑️ They are two groups now.")
    rows = [
        [button(turn.language.gettext("The ticked ones ›"), "olearngroup", chosen[0])],
        [button(turn.language.gettext("The others ›"), "olearngroup", others[0])],
    ]
    return show(text, [*rows, [list_button(turn.language)]])


def _back_to(language: Language, group_id: int) -> Button:
    return button(language.gettext("‹ Back to the question"), "olearngroup", group_id)


def _way_back(turn: Turn) -> Button:
    data = turn.dialogue.data if turn.dialogue else {}
    if "group" in data:
        return _back_to(turn.language, data["group"])
    return list_button(turn.language)


FIND = Form(
    "learn_find",
    (Step("words", _ask_words, answers.read_text(SEARCH_LIMIT, one_line=True)),),
    _show_found,
    _way_back,
    organisers_only=True,
)
NEW = Form(
    "learn_new",
    (
        Step("question", _ask_question, answers.read_text(WORDING_LIMIT, one_line=True), tell=_tell),
        Step("answer", _ask_answer, answers.read_text(ANSWER_LIMIT, one_line=False), tell=_tell),
        Step(
            "programme",
            _ask_programme,
            choices=_programmes,
            columns=2,
            optional=True,
            applies=lambda data: bool(data.get("programmes")),
        ),
    ),
    _create,
    _way_back,
    organisers_only=True,
)
PICK = Form(
    "learn_pick",
    (Step("which", _ask_which, choices=_ways, several=True, fewest=1),),
    _set_apart,
    _way_back,
    organisers_only=True,
)
