"""The association's habit of reminding: for every kind of event, of it and of its shifts."""

from markupsafe import Markup

from bot import usual_reminders
from bot.kinds import KINDS
from bot.language import Language
from bot.usual_reminders import Habits
from handlers import forms
from handlers.forms import Data, Form
from handlers.kinds import kind_name
from handlers.organise import reminder_steps
from handlers.organise.answers import tell_spans
from handlers.organise.menu import organise_button
from handlers.replies import Button, Reply, button, show, toast
from handlers.turns import Press, Turn
from storage import Transaction
from storage.reminders import ReminderOf

_ALL = "all"


def reminders_button(language: Language) -> Button:
    return button(language.gettext("🔔 Reminders"), "oreminders")


async def open_all(turn: Turn, tx: Transaction) -> Reply:
    """When people are reminded of each kind of event, those that are alike together."""
    language = turn.language
    habits = await usual_reminders.find_all(tx)
    alike: dict[tuple[str, str], list[str]] = {}
    for kind in KINDS:
        spans = tell_spans(language, habits[kind]["event"]), tell_spans(language, habits[kind]["shift"])
        alike.setdefault(spans, []).append(kind_name(language, kind))
    lines = [
        Markup("<b>{}</b>\n").format(_names(language, names)) + _tell(language, of_event, of_shift)
        for (of_event, of_shift), names in alike.items()
    ]
    text = Markup("\n\n").join(
        [
            language.html("<b>When people are reminded</b>"),
            *lines,
            language.html(
                "New events begin with what is set for their kind; each event can differ. What is published"
                " already stays as it is."
            ),
        ]
    )
    kinds = [button(kind_name(language, kind), "oreminder", kind) for kind in KINDS]
    rows = [kinds[start : start + 2] for start in range(0, len(kinds), 2)]
    every = button(language.gettext("All kinds at once"), "oreminder", _ALL)
    return show(text, [*rows, [every], [organise_button(language)]])


def _names(language: Language, names: list[str]) -> str:
    return language.gettext("All kinds of events") if len(names) == len(KINDS) else language.joined(names)


def _tell(language: Language, of_event: str, of_shift: str) -> Markup:
    """What people hear of an event, and of its shifts where that is different."""
    if of_event == of_shift:
        return language.html("🔔 {times}", times=of_event)
    of_shifts = language.html("🙋 Shifts: {times}", times=of_shift)
    return language.html("🔔 {times}", times=of_event) + Markup("\n") + of_shifts


async def open_kind(press: Press, tx: Transaction) -> Reply:
    return await _kind(press, tx, press.word(0))


async def _kind(turn: Turn, tx: Transaction, kind: str, *, before: Markup | None = None) -> Reply:
    """One kind of event, or all of them, with what can be changed."""
    language = turn.language
    if kind != _ALL and kind not in KINDS:
        return await open_all(turn, tx)
    habits = await usual_reminders.find_all(tx)
    heading = language.gettext("All kinds at once") if kind == _ALL else kind_name(language, kind)
    parts = [Markup("<b>{}</b>").format(heading)]
    if kind == _ALL:
        parts.append(language.html("What you choose here takes the place of what is set for each kind."))
    else:
        own = habits[kind]
        of_event, of_shift = tell_spans(language, own["event"]), tell_spans(language, own["shift"])
        parts.append(
            language.html("Of events: {times}", times=of_event)
            + Markup("\n")
            + language.html("Of their shifts: {times}", times=of_shift)
        )
    rows = [
        [button(language.gettext("📅 Of events"), "oremindset", kind, "event")],
        [button(language.gettext("🙋 Of their shifts"), "oremindset", kind, "shift")],
        [_back(language)],
    ]
    return show(Markup("\n\n").join([before, *parts] if before else parts), rows)


def _back(language: Language) -> Button:
    return button(language.gettext("‹ Reminders"), "oreminders")


async def begin(press: Press, tx: Transaction) -> Reply:
    """Ask for the moments, those of now ticked."""
    kind, of = press.word(0), press.word(1)
    form = FORMS.get(of)
    if form is None or (kind != _ALL and kind not in KINDS):
        return toast(press.language.gettext("That button does nothing here.")) + await open_all(press, tx)
    present = _present(await usual_reminders.find_all(tx), kind, of)
    return await forms.begin(press, tx, form, {"kind": kind, "spans": list(present)})


def _present(habits: Habits, kind: str, of: str) -> tuple[str, ...]:
    subject: ReminderOf = "shift" if of == "shift" else "event"
    return habits[KINDS[0] if kind == _ALL else kind][subject]


def _form(of: ReminderOf) -> Form:
    asked = reminder_steps.ask_of_shifts if of == "shift" else reminder_steps.ask_of_events

    async def finish(turn: Turn, tx: Transaction, data: Data) -> Reply:
        kind: str = data["kind"]
        kinds = list(KINDS) if kind == _ALL else [kind]
        await usual_reminders.change(tx, kinds, of, data["spans"], actor_id=turn.person.id, now=turn.now)
        saved = turn.language.html("✅ Saved. It holds for what is published from now on.")
        return await _kind(turn, tx, kind, before=saved)

    return Form(
        f"usual_{of}s",
        (reminder_steps.step("spans", asked),),
        finish=finish,
        way_back=lambda turn: _back(turn.language),
        organisers_only=True,
    )


FORMS: dict[str, Form] = {"event": _form("event"), "shift": _form("shift")}
