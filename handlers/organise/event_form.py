"""Creating an event in a few steps, looked over as members will see it before it is published."""

from collections.abc import Sequence
from dataclasses import replace

from markupsafe import Markup

from bot import programme, usual_reminders
from bot.language import LOCALES, NATIVE_NAMES
from bot.reminders import USUAL
from handlers import forms
from handlers.events import share_address
from handlers.forms import Choice, Data, Form, Step
from handlers.organise.answers import instant
from handlers.organise.event_draft import beside_the_card, draft_of, field_name, preview, texts_of
from handlers.organise.event_steps import STEPS, TEXTS, text_step
from handlers.organise.menu import organise_button
from handlers.replies import Reply, button, link, show
from handlers.turns import Press, Turn
from storage import Transaction

FRESH = "fresh"
CHANGE = "change"
MORE = "more"
PUBLISH = "publish"

# What is asked of everybody; the rest has an answer that does for most, and waits under "Add more".
ASKED = ("kind", "title", "start", "end", "place", "places")
ADDED = ("description", "bring", "location", "online", "companions", "deadline", "reminders")


async def create(press: Press, tx: Transaction) -> Reply:
    """Begin a new event; one that is half described is only given up when that is said."""
    under_way = press.dialogue is not None and press.dialogue.kind == FORM.kind
    if under_way and press.dialogue and "kind" in press.dialogue.data and press.word(0) != FRESH:
        language = press.language
        rows = [
            [button(language.gettext("Go on with it"), "onewgo", style="primary")],
            [button(language.gettext("Start afresh"), "onew", FRESH)],
            [organise_button(language)],
        ]
        return show(language.html("You have not finished the event you began."), rows)
    data = {
        "base": press.language.locale,
        "zone": press.setup.home.key,
        "companions": 0,
        "reminders": list(USUAL),
        "usual": {kind: habit["event"] for kind, habit in (await usual_reminders.find_all(tx)).items()},
    }
    return await forms.begin(press, tx, FORM, data)


async def go_on(press: Press, tx: Transaction) -> Reply:
    """Back to the event that is half described."""
    if press.dialogue is None or press.dialogue.kind != FORM.kind:
        return await create(press, tx)
    return await forms.repeat(press, tx, FORM)


def _ask_review(turn: Turn, data: Data) -> Markup:
    """The card, in the language chosen with the buttons, and what the card doesn't show."""
    chosen = data.get("review")
    locale = chosen if chosen in LOCALES else data["base"]
    heading = turn.language.html(
        "<b>This is how members will see it, in {language}:</b>", language=NATIVE_NAMES[locale]
    )
    beside = turn.language.html("<b>Not on the card:</b>") + Markup("\n") + beside_the_card(turn, data)
    parts = [heading, preview(turn, data, locale), beside]
    return Markup("\n\n").join(parts)


def _review_choices(turn: Turn, data: Data) -> Sequence[Choice]:
    languages = [Choice(f"👁 {NATIVE_NAMES[locale]}", locale, leads_to="review") for locale in LOCALES]
    return [
        Choice(turn.language.gettext("Publish"), PUBLISH, style="success", alone=True),
        Choice(turn.language.gettext("Add more"), MORE, alone=True),
        Choice(turn.language.gettext("Change something"), CHANGE, alone=True),
        *languages,
    ]


def _ask_change(turn: Turn, data: Data) -> Markup:
    if data.get("review") == MORE:
        return turn.language.html("What would you like to add?")
    return turn.language.html("What would you like to change?")


def _change_choices(turn: Turn, data: Data) -> Sequence[Choice]:
    if data.get("review") != MORE:
        return [Choice(field_name(turn, field), field, leads_to=field) for field in ASKED]
    fields = [
        Choice(_marked(field_name(turn, field), data.get(field)), field, leads_to=field) for field in ADDED
    ]
    others = [
        Choice(
            _marked(NATIVE_NAMES[locale], data.get(text_step("title", locale))),
            locale,
            leads_to=text_step("title", locale),
        )
        for locale in LOCALES
        if locale != data["base"]
    ]
    return [*fields, *others]


def _marked(label: str, answer: object) -> str:
    return f"✓ {label}" if answer else label


async def _publish(turn: Turn, tx: Transaction, data: Data) -> Reply:
    """Publish, unless time has passed over the start or the deadline meanwhile."""
    language = turn.language
    if instant(data["start"]) <= turn.now:
        sentence = language.html("The start is over by now. Please send a time to come.")
        return await forms.ask_again(turn, tx, FORM, "start", data, before=sentence)
    if instant(data["end"]) <= instant(data["start"]):
        sentence = language.html("The end is not after the start. Please send it again.")
        return await forms.ask_again(turn, tx, FORM, "end", data, before=sentence)
    deadline = data.get("deadline")
    if deadline and not turn.now < instant(deadline) < instant(data["start"]):
        sentence = language.html("The deadline is over by now, or not before the start.")
        return await forms.ask_again(turn, tx, FORM, "deadline", data, before=sentence)
    event = await programme.publish(tx, draft_of(data), created_by=turn.person.id, now=turn.now)
    text = language.html(
        "✅ <b>{title}</b> is published. Members find it under /events; share it where people will see it.",
        title=texts_of(data)[data["base"]].title,
    )
    rows = [
        [link(language.gettext("↗ Share"), share_address(event, turn.setup, language))],
        [
            button(language.gettext("⚙️ Sign-up options"), "osignup", event.id),
            button(language.gettext("Open the event"), "oevent", event.id),
        ],
        [organise_button(language)],
    ]
    return show(text, rows)


def _when_wanted(step: Step) -> Step:
    """The step as this form asks it: at once, or only when it is chosen under "Add more"."""
    name, _, locale = step.name.partition(":")
    if locale and name in TEXTS:
        # Choosing a language asks for its title, and then for whatever else there is to be translated.
        return replace(step, applies=lambda data: data.get(CHANGE) == locale and step.applies(data))
    if name == "online":
        return replace(step, applies=lambda data: not data.get("place"))
    return step if name in ASKED else replace(step, applies=lambda data: False)


FORM = Form(
    "event",
    (
        *(_when_wanted(step) for step in STEPS),
        Step("review", _ask_review, choices=_review_choices, columns=len(LOCALES)),
        Step(
            CHANGE,
            _ask_change,
            choices=_change_choices,
            columns=2,
            applies=lambda data: data.get("review") in {CHANGE, MORE},
        ),
    ),
    finish=_publish,
    way_back=lambda turn: organise_button(turn.language),
    organisers_only=True,
    review="review",
)
