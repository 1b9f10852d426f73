"""Dialogues of several steps: each asks one thing, can be gone back from, and loses nothing said."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from markupsafe import Markup

from handlers.replies import NOTHING, Button, Keyboard, Reply, button, say, show, toast
from handlers.turns import Press, Turn, Writing
from storage import Transaction, dialogues
from storage.dialogues import Dialogue

Data = Mapping[str, Any]

# In the data while there is a key below the message field that sends the person's telephone number.
_KEY = "contact_key"


@dataclass(frozen=True)
class Understood:
    """What a person wrote, read as a value that can be stored as JSON; `shown` says how it was read.

    `also` are answers to other steps that change with this one.
    """

    value: Any
    shown: Markup | None = None
    also: Data = field(default_factory=dict)


@dataclass(frozen=True)
class Misread:
    """What a person wrote is no answer here; the sentence says why and what to send instead.

    `learnt` is what it told all the same, kept in the form's data for the next attempt.
    """

    sentence: Markup
    learnt: Data = field(default_factory=dict)


@dataclass(frozen=True)
class Collected:
    """One of several messages that make one answer together: it is kept, and nothing is said to it."""

    learnt: Data


@dataclass(frozen=True)
class Choice:
    """An answer on a button."""

    label: str
    value: Any
    style: str | None = None
    # The step that is asked next, where that isn't simply the following one.
    leads_to: str | None = None
    # It stands on a row of its own, whatever the step's columns.
    alone: bool = False
    # Answers to other steps that change with this one.
    also: Data = field(default_factory=dict)


def _no_choices(turn: Turn, data: Data) -> Sequence[Choice]:
    return ()


def _always(data: Data) -> bool:
    return True


@dataclass(frozen=True)
class Step:
    """One question of a form; its answer is stored in the form's data under the step's name."""

    name: str
    ask: Callable[[Turn, Data], Markup]
    # None: only the buttons answer.
    read: Callable[[Writing, Data], Understood | Misread | Collected] | None = None
    choices: Callable[[Turn, Data], Sequence[Choice]] = _no_choices
    # Buttons a row.
    columns: int = 1
    # Several choices: a press ticks or unticks, and "done" goes on. The value is a list.
    several: bool = False
    # Of several choices, how many have to be ticked.
    fewest: int = 0
    # A skipped step's value is None.
    optional: bool = False
    # Says an answer given before. A step that has this shows it when asked again, and offers to keep it.
    tell: Callable[[Turn, Any], Markup] | None = None
    applies: Callable[[Data], bool] = _always
    # It asks for a telephone number: a key below the message field sends the person's own.
    contact: bool = False


@dataclass(frozen=True)
class Form:
    """Steps in order, and what happens when the last is answered."""

    kind: str
    steps: tuple[Step, ...]
    # Called with everything that was answered once the last step is done; the dialogue has ended by then.
    finish: Callable[[Turn, Transaction, Data], Awaitable[Reply]]
    # Where cancelling leads back to: an operation's button.
    way_back: Callable[[Turn], Button]
    organisers_only: bool = False
    # The step at which everything is looked over. Once it has been asked, an answer leads back to it, past
    # those steps that are answered already.
    review: str | None = None
    # The steps, where they depend on what is stored: laid out anew at every turn, in place of `steps`. Where
    # there are none any more, the form ends with what was answered.
    lay_out: Callable[[Turn, Transaction, Data], Awaitable[tuple[Step, ...]]] | None = None
    # Each question says which of how many it is.
    counts: bool = False

    def step(self, name: str) -> Step:
        return next(step for step in self.steps if step.name == name)

    def has(self, name: str) -> bool:
        """Whether there may be such a step: a dialogue may be older than the form."""
        return self.lay_out is not None or any(step.name == name for step in self.steps)

    def after(self, name: str, data: Data) -> Step | None:
        """What is asked next, the step of this name being answered; None when nothing is left to ask."""
        names = [step.name for step in self.steps]
        # A step that is gone may have stood anywhere: whatever has no answer comes next.
        start = names.index(name) + 1 if name in names else 0
        later = [step for step in self.steps[start:] if step.applies(data)]
        if name not in names or self.looked_over(name, data):
            later = [step for step in later if step.name not in data or step.name == self.review]
        return later[0] if later else None

    def before(self, name: str, data: Data) -> Step | None:
        """Where "back" leads to."""
        if self.review is not None and self.looked_over(name, data):
            return self.step(self.review)
        names = [step.name for step in self.steps]
        earlier = [step for step in self.steps[: names.index(name)] if step.applies(data)]
        return earlier[-1] if earlier else None

    def looked_over(self, name: str, data: Data) -> bool:
        return self.review is not None and self.review in data and name != self.review


async def begin(
    turn: Turn, tx: Transaction, form: Form, data: Data | None = None, *, before: Markup | None = None
) -> Reply:
    """Ask the first step. `data` is what is known beforehand; a dialogue under way is given up."""
    held = dict(data or {})
    form = await _laid_out(turn, tx, form, held)
    first = next((step for step in form.steps if step.applies(held)), None)
    if first is None:
        return await _finish(turn, tx, form, held)
    return await _ask(turn, tx, form, first, held, before=before)


async def ask_again(
    turn: Turn, tx: Transaction, form: Form, step: str, data: Data, *, before: Markup | None = None
) -> Reply:
    """Go on with a form that was finished too early: everything answered is kept, one step is asked anew."""
    form = await _laid_out(turn, tx, form, data)
    return await _ask(turn, tx, form, form.step(step), data, before=before)


async def read(writing: Writing, tx: Transaction, form: Form) -> Reply:
    """Take a message as the answer to the present step."""
    dialogue = _present(writing)
    data = dict(dialogue.data)
    form = await _laid_out(writing, tx, form, data)
    if not form.has(dialogue.step):
        return await _go_on(writing, tx, form, dialogue.step, data)
    step = form.step(dialogue.step)
    if writing.edited:
        return say(
            writing.language.html(
                "I keep your first message as it was. To change an answer, press “Back” and send it again."
            )
        )
    if step.read is None:
        hint = writing.language.html(
            "Please choose one of the buttons. For anything else, press “Stop” first."
        )
        return await _ask(writing, tx, form, step, data, before=hint)
    match step.read(writing, data):
        case Misread(sentence, learnt):
            return await _ask(writing, tx, form, step, {**data, **learnt}, before=sentence)
        case Collected(learnt):
            # The buttons of the question asked last go on holding.
            kept = replace(dialogue, data={**data, **learnt})
            await dialogues.put(tx, writing.person.id, kept, now=writing.now)
            return NOTHING
        case Understood(value, shown, also):
            answered = {**data, **also, step.name: value}
            return await _go_on(writing, tx, form, step.name, answered, before=shown)


async def press(press: Press, tx: Transaction, form: Form) -> Reply:
    """A button of the form: args are the version, what to do, and for a choice which one."""
    dialogue = _present(press)
    data = dict(dialogue.data)
    form = await _laid_out(press, tx, form, data)
    stale = toast(press.language.gettext("That step is over. Here is where you are now."))
    if not form.has(dialogue.step):
        return stale + await _go_on(press, tx, form, dialogue.step, data)
    step = form.step(dialogue.step)
    if press.number(0) != dialogue.version:
        return stale + await _ask(press, tx, form, step, data, anew=True)
    match press.word(1):
        case "back":
            return await _ask(press, tx, form, form.before(step.name, data) or step, data)
        case "keep" if _keepable(step, data):
            return await _go_on(press, tx, form, step.name, data)
        case "skip" if step.optional:
            return await _go_on(press, tx, form, step.name, {**data, step.name: None})
        case "done" if step.several:
            ticked = data.get(step.name) or []
            if len(ticked) < step.fewest:
                return toast(press.language.gettext("Please tick at least one."))
            return await _go_on(press, tx, form, step.name, {**data, step.name: ticked})
        case "pick":
            offered = step.choices(press, data)
            number = press.number(2)
            if not 0 <= number < len(offered):
                return toast(press.language.gettext("That choice is no longer there. Please choose again."))
            value = offered[number].value
            if not step.several:
                answered = {**data, **offered[number].also, step.name: value}
                return await _go_on(press, tx, form, step.name, answered, to=offered[number].leads_to)
            ticked = list(data.get(step.name) or [])
            ticked = [one for one in ticked if one != value] if value in ticked else [*ticked, value]
            return await _ask(press, tx, form, step, {**data, step.name: ticked})
        case _:
            return toast(press.language.gettext("That button does nothing here."))


async def give_up(turn: Turn, tx: Transaction, form: Form) -> Reply:
    """End the dialogue; nothing of it is kept."""
    await dialogues.end(tx, turn.person.id)
    text = turn.language.html("Stopped. Nothing was saved.")
    return show(text, [[form.way_back(turn)]]) + _without_key(turn)


async def repeat(turn: Turn, tx: Transaction, form: Form) -> Reply:
    """Ask the present step once more, in a new message."""
    dialogue = _present(turn)
    data = dict(dialogue.data)
    form = await _laid_out(turn, tx, form, data)
    if not form.has(dialogue.step):
        return await _go_on(turn, tx, form, dialogue.step, data)
    return await _ask(turn, tx, form, form.step(dialogue.step), data, anew=True)


async def _laid_out(turn: Turn, tx: Transaction, form: Form, data: Data) -> Form:
    if form.lay_out is None:
        return form
    return replace(form, steps=await form.lay_out(turn, tx, data), lay_out=None)


def _present(turn: Turn) -> Dialogue:
    if turn.dialogue is None:
        raise LookupError("a form is answered without a dialogue")
    return turn.dialogue


def _keepable(step: Step, data: Data) -> bool:
    return step.tell is not None and step.name in data and not step.several


async def _go_on(
    turn: Turn,
    tx: Transaction,
    form: Form,
    name: str,
    data: Data,
    *,
    before: Markup | None = None,
    to: str | None = None,
) -> Reply:
    following = form.step(to) if to is not None else form.after(name, data)
    if following is not None:
        return await _ask(turn, tx, form, following, data, before=before)
    return await _finish(turn, tx, form, data)


async def _finish(turn: Turn, tx: Transaction, form: Form, data: Data) -> Reply:
    await dialogues.end(tx, turn.person.id)
    held = {name: value for name, value in data.items() if name != _KEY}
    return _without_key(turn) + await form.finish(turn, tx, held)


async def _ask(
    turn: Turn,
    tx: Transaction,
    form: Form,
    step: Step,
    data: Data,
    *,
    before: Markup | None = None,
    anew: bool = False,
) -> Reply:
    # A new dialogue counts on from the clock, so that no button of an earlier one ever fits it.
    version = turn.dialogue.version + 1 if turn.dialogue else int(turn.now.timestamp()) % 10**9
    if step.name == form.review:
        data = {step.name: None, **data}
    data = {name: value for name, value in data.items() if name != _KEY}
    if step.contact:
        data[_KEY] = True
    await dialogues.put(tx, turn.person.id, Dialogue(form.kind, step.name, data, version), now=turn.now)
    text = step.ask(turn, data)
    if step.tell and _keepable(step, data):
        present = step.tell(turn, data[step.name])
        text += Markup("\n\n") + turn.language.html("Now: {answer}", answer=present)
    if form.counts and not form.looked_over(step.name, data):
        text = _counted(turn, form, step, data) + text
    if before:
        text = before + Markup("\n\n") + text
    buttons = _buttons(turn, form, step, data, version)
    asked = say(text, buttons) if anew else show(text, buttons)
    return asked + _key(turn) if step.contact else _without_key(turn) + asked


def _counted(turn: Turn, form: Form, step: Step, data: Data) -> Markup:
    names = [one.name for one in form.steps if one.applies(data) and one.name != form.review]
    if step.name not in names or len(names) == 1:
        return Markup()
    counted = turn.language.html(
        "<i>{n} of {total}</i>",
        n=turn.language.number(names.index(step.name) + 1),
        total=turn.language.number(len(names)),
    )
    return counted + Markup("\n")


def _key(turn: Turn) -> Reply:
    return say(
        turn.language.html("You can also press the key below: it sends me your own number."),
        contact_button=turn.language.gettext("📞 Send my number"),
    )


def _without_key(turn: Turn) -> Reply:
    """Takes away the key that an earlier step has put below the message field, if there is one."""
    if turn.dialogue is None or not turn.dialogue.data.get(_KEY):
        return NOTHING
    return say(turn.language.html("All right."), without_keys=True)


def _buttons(turn: Turn, form: Form, step: Step, data: Data, version: int) -> Keyboard:
    language = turn.language
    ticked = data.get(step.name) or [] if step.several else []
    rows: list[list[Button]] = []
    narrow: list[Button] = []
    for number, choice in enumerate(step.choices(turn, data)):
        label = f"✓ {choice.label}" if step.several and choice.value in ticked else choice.label
        offered = button(label, "form", version, "pick", number, style=choice.style)
        if choice.alone:
            rows.append([offered])
        else:
            narrow.append(offered)
    rows += [narrow[start : start + step.columns] for start in range(0, len(narrow), step.columns)]
    if step.several:
        rows.append([button(language.gettext("Done"), "form", version, "done", style="primary")])
    held = _keepable(step, data) and not (step.optional and data[step.name] is None)
    if held:
        rows.append([button(language.gettext("Keep it"), "form", version, "keep", style="primary")])
    if step.optional:
        label = language.gettext("Leave it empty") if held else language.gettext("Skip")
        rows.append([button(label, "form", version, "skip")])
    last = [button(language.gettext("Stop"), "cancel")]
    if form.before(step.name, data):
        last.insert(0, button(language.gettext("‹ Back"), "form", version, "back"))
    return [*rows, last]
