"""An event's questions as organisers see them: the list, one of them, and how members will see it."""

from markupsafe import Markup, escape

from bot import event_questions
from bot.event_questions import MOST_QUESTIONS, WITH_CHOICES, text_of
from bot.language import LOCALES, NATIVE_NAMES, Language
from handlers.events import title_of
from handlers.organise.event_admin import can_change, show_event
from handlers.replies import Button, Reply, button, show
from handlers.turns import Press, Turn
from storage import Transaction, events
from storage import event_questions as kept
from storage.event_questions import Question
from storage.events import Event


def kind_label(language: Language, kind: str) -> str:
    """How the question is answered."""
    match kind:
        case "text":
            return language.gettext("Text")
        case "choice":
            return language.gettext("One choice")
        case "choices":
            return language.gettext("Several choices")
        case "date":
            return language.gettext("Date")
        case "phone":
            return language.gettext("Phone number")
        case "photo":
            return language.gettext("Picture")
        case "document":
            return language.gettext("Document")
        case _:
            raise ValueError(f"not a kind of question: {kind}")


async def changeable(turn: Turn, tx: Transaction, question_id: int) -> tuple[Event, Question] | None:
    """The question and its event, while both can still be changed."""
    question = await kept.find(tx, question_id)
    event = await events.find(tx, question.event_id) if question else None
    if question is None or event is None or question.removed or not can_change(event, turn):
        return None
    return event, question


async def open_questions(press: Press, tx: Transaction) -> Reply:
    return await show_questions(press, tx, press.number(0))


async def show_questions(
    turn: Turn, tx: Transaction, event_id: int, *, before: Markup | None = None
) -> Reply:
    """What the event asks everybody who signs up, below a sentence about what has just been done."""
    event = await events.find(tx, event_id)
    if event is None or not can_change(event, turn):
        return await show_event(turn, tx, event_id)
    language, asked = turn.language, await kept.list_asked(tx, event.id)
    lines = [
        language.html("<b>Questions to those who sign up</b> · {title}", title=title_of(event, language))
    ]
    if not asked:
        lines.append(language.html("None yet. Whoever signs up is asked nothing of the event's own."))
    for number, question in enumerate(asked, start=1):
        lines.append(_line(number, question, asked, event, language))
    buttons = [
        button(f"{number}. {text_of(question, language.locale, event.base_locale).text}", "oask", question.id)
        for number, question in enumerate(asked, start=1)
    ]
    rows = [[one] for one in buttons]
    if len(asked) < MOST_QUESTIONS:
        rows.append([button(language.gettext("➕ Add a question"), "oasknew", event.id, style="primary")])
    if asked:
        rows.append([button(language.gettext("👁 As members see them"), "oaskview", event.id, 0)])
    rows.append([button(language.gettext("‹ Sign-up options"), "osignup", event.id)])
    text = Markup("\n\n").join(lines)
    return show(before + Markup("\n\n") + text if before else text, rows)


def _line(number: int, question: Question, asked: list[Question], event: Event, language: Language) -> Markup:
    words = text_of(question, language.locale, event.base_locale)
    needed = language.gettext("required") if question.required else language.gettext("may be skipped")
    line = Markup("<b>{}.</b> {}\n<i>{} · {}</i>").format(
        number, words.text, kind_label(language, question.kind), needed
    )
    condition = tell_condition(question, asked, event, language)
    return line + Markup("\n") + condition if condition else line


def tell_condition(
    question: Question, asked: list[Question], event: Event, language: Language
) -> Markup | None:
    """Of whom alone it is asked; None where it is of everybody."""
    for other in asked:
        if other.id == question.after_question_id and question.after_choice is not None:
            words = text_of(other, language.locale, event.base_locale)
            return language.html(
                "Only after “{question}” was answered “{choice}”",
                question=words.text,
                choice=words.choices.get(question.after_choice, ""),
            )
    return None


async def open_question(press: Press, tx: Transaction) -> Reply:
    return await show_question(press, tx, press.number(0))


async def show_question(
    turn: Turn, tx: Transaction, question_id: int, *, before: Markup | None = None
) -> Reply:
    """One question with everything that can be changed about it."""
    found = await changeable(turn, tx, question_id)
    if found is None:
        known = await kept.find(tx, question_id)
        return await show_questions(turn, tx, known.event_id if known else -1)
    event, question = found
    language, asked = turn.language, await kept.list_asked(tx, event.id)
    words = text_of(question, language.locale, event.base_locale)
    lines = [
        Markup("<b>{}</b>").format(words.text),
        escape(kind_label(language, question.kind)),
        *(Markup("· {}").format(words.choices.get(number, "")) for number in question.choices),
    ]
    if condition := tell_condition(question, asked, event, language):
        lines.append(condition)
    given = await kept.count_answers(tx, question.id)
    if given:
        lines.append(language.nhtml("{n} answer so far", "{n} answers so far", given))
    text = Markup("\n").join(lines)
    rows = _rows(question, asked, event, language)
    return show(before + Markup("\n\n") + text if before else text, rows)


def _rows(question: Question, asked: list[Question], event: Event, language: Language) -> list[list[Button]]:
    at = [one.id for one in asked].index(question.id)
    required = language.gettext("Required")
    changing = [button(language.gettext("Reword"), "oaskwords", question.id, _own(question, language))]
    if question.kind in WITH_CHOICES:
        changing.append(button(language.gettext("Choices"), "oaskchoices", question.id))
    others = [
        button(_marked(locale, question), "oaskwords", question.id, locale)
        for locale in LOCALES
        if locale != _own(question, language)
    ]
    when_asked = [
        button(
            f"☑ {required}" if question.required else f"☐ {required}",
            "oaskreq",
            question.id,
            int(not question.required),
        )
    ]
    if event_questions.possible_conditions(asked, question):
        when_asked.append(button(language.gettext("Only after…"), "oaskafter", question.id))
    moving = []
    if at > 0:
        moving.append(button(language.gettext("▲ Earlier"), "oaskmove", question.id, -1, at))
    if at + 1 < len(asked):
        moving.append(button(language.gettext("▼ Later"), "oaskmove", question.id, 1, at))
    last = [
        button(language.gettext("‹ Questions"), "oasks", event.id),
        button(language.gettext("Remove"), "oaskdrop", question.id, style="danger"),
    ]
    return [changing, others, when_asked, moving, last]


def _own(question: Question, language: Language) -> str:
    """The language in which a question is reworded at once: the reader's, if it is written in it."""
    return (
        language.locale if language.locale in question.texts else next(iter(question.texts), language.locale)
    )


def _marked(locale: str, question: Question) -> str:
    written = locale in question.texts and bool(question.texts[locale].text)
    return f"✓ {NATIVE_NAMES[locale]}" if written else NATIVE_NAMES[locale]


async def preview(press: Press, tx: Transaction) -> Reply:
    """One question as members will see it, one after another; the buttons only lead on."""
    event = await events.find(tx, press.number(0))
    asked = await kept.list_asked(tx, event.id) if event else []
    at = press.number(1)
    if event is None or not 0 <= at < len(asked):
        return await show_questions(press, tx, press.number(0))
    language, question = press.language, asked[at]
    words = text_of(question, language.locale, event.base_locale)
    heading = language.html(
        "<i>Preview: question {n} of {all}, as members see it</i>",
        n=language.number(at + 1),
        all=language.number(len(asked)),
    )
    lines = [heading, escape(words.text)]
    if condition := tell_condition(question, asked, event, language):
        lines.append(Markup("<i>{}</i>").format(condition))
    labels = [words.choices.get(number, "") for number in question.choices]
    if question.kind == "phone":
        labels = [language.gettext("📱 Send my number")]
    rows = [[button(label, "oaskview", event.id, at + 1)] for label in labels]
    if not question.required:
        rows.append([button(language.gettext("Skip"), "oaskview", event.id, at + 1)])
    turning = [button(language.gettext("‹ Questions"), "oasks", event.id)]
    if at + 1 < len(asked):
        turning.append(button(language.gettext("Next ›"), "oaskview", event.id, at + 1))
    return show(Markup("\n\n").join(lines), [*rows, turning])
