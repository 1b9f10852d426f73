"""Writing a broadcast's buttons: a link with its labels, the question one answers, a label anew."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from markupsafe import Markup

from bot import broadcast_buttons as decisions
from bot.broadcast_buttons import LABEL_LIMIT, ReaderButton
from bot.cutting import shortened
from bot.language import LOCALES, NATIVE_NAMES, isolate
from bot.language import language as language_of
from bot.questions.outcomes import all_found
from handlers import forms, topics
from handlers.forms import Choice, Data, Form, Step
from handlers.organise import answers
from handlers.organise.broadcast_buttons import add, find_draft, label_of, open_buttons, over, say_arranged
from handlers.replies import Button, Reply, button, show, toast
from handlers.turns import Press, Turn
from storage import Transaction

# So many topics are offered for what an organiser wrote.
OFFERED = 4


def _way_back(turn: Turn) -> Button:
    known = turn.dialogue.data if turn.dialogue else {}
    return button(turn.language.gettext("‹ Back"), "broadcastbuttons", known.get("broadcast", 0))


def _ask_address(turn: Turn, data: Data) -> Markup:
    return turn.language.html(
        "Where does the link lead? Please send the address, such as https://example.org/news"
    )


def _ask_label(locale: str | None) -> Callable[[Turn, Data], Markup]:
    """Ask for the label in a language; None: in the one that the broadcast was written in first."""

    def ask(turn: Turn, data: Data) -> Markup:
        return turn.language.html(
            "What does the button say in {language}? A few words, {limit} characters at most.",
            language=NATIVE_NAMES[locale or data["base"]],
            limit=turn.language.number(LABEL_LIMIT),
        )

    return ask


def _wanted(locale: str) -> Callable[[Data], bool]:
    return lambda data: locale != data["base"] and locale in data["locales"]


_read_label = answers.read_text(LABEL_LIMIT, one_line=True)
LINK_STEPS = (
    Step("address", _ask_address, answers.read_link, tell=answers.tell_text),
    Step("label", _ask_label(None), _read_label, tell=answers.tell_text),
    *(
        Step(
            f"label:{locale}",
            _ask_label(locale),
            _read_label,
            optional=True,
            tell=answers.tell_text,
            applies=_wanted(locale),
        )
        for locale in LOCALES
    ),
)


async def begin_link(press: Press, tx: Transaction) -> Reply:
    """Ask where it leads and how it is called in each language the broadcast is written in."""
    found = await find_draft(press, tx, press.number(0))
    if found is None:
        return over(press, press.number(0))
    known = {"broadcast": found.id, "base": found.base_locale, "locales": list(found.variants)}
    return await forms.begin(press, tx, LINK, known)


async def _finish_link(turn: Turn, tx: Transaction, data: Data) -> Reply:
    written = {locale: data.get(f"label:{locale}") for locale in LOCALES}
    labels = {data["base"]: data["label"]} | {locale: words for locale, words in written.items() if words}
    return await add(turn, tx, ReaderButton("link", data["address"], labels), data["broadcast"])


LINK = Form("broadcastlink", LINK_STEPS, _finish_link, _way_back, organisers_only=True)


def _ask_question(turn: Turn, data: Data) -> Markup:
    return turn.language.html(
        "Which question does the button answer? Write it as a member would ask it, and choose among the"
        " answers I know."
    )


async def begin_topic(press: Press, tx: Transaction) -> Reply:
    """Ask which question the button answers."""
    found = await find_draft(press, tx, press.number(0))
    if found is None:
        return over(press, press.number(0))
    return await forms.begin(press, tx, TOPIC, {"broadcast": found.id})


async def _finish_topic(turn: Turn, tx: Transaction, data: Data) -> Reply:
    """Offer what the question may mean: the organiser knows best."""
    language, broadcast_id = turn.language, data["broadcast"]
    found = all_found(turn.setup.library.ask(data["question"], language.locale))
    titled = [(one.entry.id, await topics.title_of(turn, tx, one.entry.id)) for one in found[:OFFERED]]
    rows = [
        [button(title, "broadcastbuttontopicset", broadcast_id, topic_id)]
        for topic_id, title in titled
        if title
    ]
    if not rows:
        unknown = language.html(
            "I know no answer to that. Please ask in other words, or choose another button."
        )
        # The other words are read as the answer to this, not as a question of the organiser's own.
        return await forms.ask_again(turn, tx, TOPIC, "question", data, before=unknown)
    text = language.html("<b>Which of these does the button answer?</b>")
    again = button(language.gettext("Ask in other words"), "broadcastbuttontopic", broadcast_id)
    back = button(language.gettext("‹ Back"), "broadcastbuttons", broadcast_id)
    return show(text, [*rows, [again], [back]])


TOPIC = Form(
    "broadcasttopic",
    (Step("question", _ask_question, answers.read_text(300, one_line=True)),),
    _finish_topic,
    _way_back,
    organisers_only=True,
)


async def add_topic(press: Press, tx: Transaction) -> Reply:
    """A button that answers a question of the association's own. Pressing twice is harmless."""
    topic_id, titles = press.word(1), dict[str, str]()
    for locale in LOCALES:
        reader = replace(press, language=language_of(locale, press.setup.home))
        title = await topics.title_of(reader, tx, topic_id)
        if title:
            titles[locale] = shortened(title, 2 * LABEL_LIMIT)
    if not titles:
        gone = toast(press.language.gettext("This answer is not there any more."))
        return gone + await open_buttons(press, tx)
    return await add(press, tx, ReaderButton("topic", topic_id, titles=titles))


def _ask_words(turn: Turn, data: Data) -> Markup:
    present = turn.language.html("Now: {label}", label=isolate(data["now"]))
    return _ask_label(data["locale"])(turn, data) + Markup("\n\n") + present


def _own_words(turn: Turn, data: Data) -> list[Choice]:
    if not data["written"] or data["only"]:
        return []
    return [Choice(turn.language.gettext("Take these words away"), None)]


async def begin_label(press: Press, tx: Transaction) -> Reply:
    """Ask what a button says in a language; args: broadcast, button, locale."""
    found, locale = await find_draft(press, tx, press.number(0)), press.word(2)
    if found is None:
        return over(press, press.number(0))
    one = decisions.find(found, press.word(1))
    if one is None or locale not in LOCALES:
        return await open_buttons(press, tx)
    known: dict[str, Any] = {
        "broadcast": found.id,
        "key": one.key,
        "locale": locale,
        "now": label_of(one, found, language_of(locale, press.setup.home)),
        "written": locale in one.labels,
        "only": one.kind == "link" and list(one.labels) == [locale],
    }
    return await forms.begin(press, tx, LABEL, known)


async def _finish_label(turn: Turn, tx: Transaction, data: Data) -> Reply:
    arranged = await decisions.label(tx, data["broadcast"], data["key"], data["locale"], data["label"])
    return say_arranged(turn, arranged, data["broadcast"])


LABEL = Form(
    "broadcastlabel",
    (Step("label", _ask_words, _read_label, choices=_own_words),),
    _finish_label,
    _way_back,
    organisers_only=True,
)
