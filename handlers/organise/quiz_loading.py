"""Loading a quiz's questions from a file sent to the bot: all of them, or a list of what to put right."""

from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup

from bot import quiz_csv, quiz_writing, quiz_yaml
from bot.language import LOCALES, Language
from bot.quiz_files import LARGEST, MOST_FAULTS, Fault, Faults
from bot.quiz_writing import Asking, Full
from bot.quizzes import FEWEST_CHOICES, MOST_CHOICES, MOST_QUESTIONS, Frozen
from handlers import forms
from handlers.forms import Data, Form, Misread, Step, Understood
from handlers.organise.quiz_question_screens import frozen, show_questions
from handlers.organise.quiz_screens import list_button, show_one
from handlers.replies import Button, Reply, button, file
from handlers.turns import Press, Turn, Writing
from storage import Transaction
from storage import quizzes as kept
from storage.quiz_questions import QuestionText

# How a file is read, by the end of its name.
_READERS: Mapping[str, Callable[[bytes, str], list[Asking] | Faults]] = {
    "yaml": quiz_yaml.read,
    "yml": quiz_yaml.read,
    "csv": quiz_csv.read,
}


# Faults that are no line's.
OF_THE_FILE = frozenset({"too_large", "kind", "encoding", "no_questions", "too_many"})


async def begin(press: Press, tx: Transaction) -> Reply:
    quiz = await kept.find(tx, press.number(0))
    if quiz is None:
        return await show_one(press, tx, press.number(0))
    if quiz.state != "draft":
        return frozen(press) + await show_questions(press, tx, quiz.id)
    return await forms.begin(press, tx, FORM, {"quiz": quiz.id, "base": quiz.base_locale}) + samples(press)


def samples(turn: Turn) -> Reply:
    """Files to begin with: one for spreadsheets, one for whoever likes text."""
    language = turn.language
    caption = language.html("A sample to fill in with a spreadsheet program; save it as CSV, UTF-8.")
    as_yaml = language.html("Or this one, if you like text better.")
    return file("quiz.csv", quiz_csv.sample(language.locale), caption) + file(
        "quiz.yaml", quiz_yaml.sample(language.locale), as_yaml
    )


def _ask_file(turn: Turn, data: Data) -> Markup:
    language = turn.language
    return language.html(
        "Please send me the file with the questions: a table (.csv) or text (.yaml), up to {most} questions."
        " The samples below show how it is written. If anything is wrong I say where, and nothing is"
        " loaded.",
        most=language.number(MOST_QUESTIONS),
    )


def _read_file(writing: Writing, data: Data) -> Understood | Misread:
    message, language = writing.message, writing.language
    if message is None or message.document is None:
        return Misread(language.html("I need a file here. Press 📎 and choose one."))
    if (message.document.file_size or 0) > LARGEST:
        return Misread(tell_faults(Faults((Fault(1, "too_large", limit=LARGEST // 1024 // 1024),)), language))
    match writing.enclosed:
        case Faults() as faults:
            return Misread(tell_faults(faults, language))
        case list() as asked:
            return Understood([_as_values(one) for one in asked])
        case _:
            return Misread(language.html("I could not fetch that file. Please send it once more."))


def read(content: bytes, name: str, data: Data) -> list[Asking] | Faults:
    """What a file of this name says, for a quiz in the form's base language. It may take a second."""
    reader = _READERS.get(name.rpartition(".")[2].lower())
    return reader(content, data["base"]) if reader else Faults((Fault(1, "kind"),))


def _as_values(one: Asking) -> dict[str, Any]:
    """A question as a form's data hold it."""
    return {
        "right": one.right_choice,
        "texts": {
            locale: [text.text, list(text.choices), text.explanation] for locale, text in one.texts.items()
        },
    }


def _asking(values: Mapping[str, Any]) -> Asking:
    texts = {
        locale: QuestionText(text, tuple(choices), explanation)
        for locale, (text, choices, explanation) in values["texts"].items()
    }
    return Asking(values["right"], texts)


async def _load(turn: Turn, tx: Transaction, data: Data) -> Reply:
    language = turn.language
    asked = [_asking(one) for one in data["file"]]
    added = await quiz_writing.add_questions(tx, data["quiz"], asked, actor_id=turn.person.id, now=turn.now)
    match added:
        case None:
            return await show_one(turn, tx, data["quiz"])
        case Frozen():
            return frozen(turn) + await show_questions(turn, tx, data["quiz"])
        case Full():
            said = language.html(
                "Nothing was loaded: a quiz asks {most} questions at most, those it has included.",
                most=language.number(MOST_QUESTIONS),
            )
            return await show_questions(turn, tx, data["quiz"], before=said)
        case ids:
            said = language.nhtml("✅ {n} question is loaded.", "✅ {n} questions are loaded.", len(ids))
            return await show_questions(turn, tx, data["quiz"], before=said)


def tell_faults(faults: Faults, language: Language) -> Markup:
    """What is wrong, line by line; nothing of the file was loaded."""
    lines = [_line(one, language) for one in faults.faults[:MOST_FAULTS]]
    rest = len(faults.faults) - MOST_FAULTS
    if rest > 0:
        lines.append(language.nhtml("… and {n} more", "… and {n} more", rest))
    head = language.html("Nothing was loaded yet. Please put this right and send the file again:")
    return Markup("\n").join([head, *lines])


def _line(one: Fault, language: Language) -> Markup:
    fault = _tell_fault(one, language)
    if one.what in OF_THE_FILE:
        return Markup("• {}").format(fault)
    return language.html("<b>Line {line}:</b> {fault}", line=language.number(one.line), fault=fault)


def _tell_fault(one: Fault, language: Language) -> Markup:
    match one.what:
        case "too_large":
            return language.nhtml(
                "the file is larger than {n} MB.", "the file is larger than {n} MB.", one.limit
            )
        case "kind":
            return language.html("the file's name has to end in .csv or .yaml.")
        case "encoding":
            return language.html("the file is not saved as UTF-8. Please save it as “CSV UTF-8” or text.")
        case "form":
            return language.html(
                "this can't be read. Check the indentation, the quotes and the colons, here and just above."
            )
        case "no_questions":
            return language.html("there are no questions in it. Please look at the sample.")
        case "too_many":
            return language.html(
                "these are too many: {most} questions at most.", most=language.number(one.limit)
            )
        case "column":
            heading = quiz_csv.heading_of(one.name, language.locale)
            return language.html("the column “{name}” is missing.", name=heading)
        case _:
            return _tell_question_fault(one, language)


def _tell_question_fault(one: Fault, language: Language) -> Markup:
    match one.what:
        case "field":
            return language.html("there is nothing called “{name}”; see the sample.", name=one.name)
        case "language":
            codes = language.joined(list(LOCALES), style="or")
            return language.html("say the language as {codes}: “{name}”", codes=codes, name=one.name)
        case "twice":
            return language.html("“{name}” stands here twice for one question.", name=one.name)
        case "base":
            return language.html(
                "the question is missing in {language}, the quiz's own language.", language=one.name
            )
        case "question":
            return language.html("the question itself is missing.")
        case "too_long":
            return language.html(
                "“{text}…” is too long: {limit} characters at most.",
                text=one.name,
                limit=language.number(one.limit),
            )
        case "choices":
            return language.html(
                "a question has {fewest} to {most} choices, and none of them is empty.",
                fewest=language.number(FEWEST_CHOICES),
                most=language.number(MOST_CHOICES),
            )
        case "alike":
            return language.html("two choices are the same.")
        case "uneven":
            return language.nhtml(
                "in {language} there has to be {n} choice, as in the quiz's own language.",
                "in {language} there have to be {n} choices, as in the quiz's own language.",
                one.limit,
                language=one.name,
            )
        case _:
            return language.html(
                "the right choice has to be a number from 1 to {most}.", most=language.number(one.limit)
            )


def _way_back(turn: Turn) -> Button:
    data = turn.dialogue.data if turn.dialogue else {}
    if "quiz" in data:
        return button(turn.language.gettext("‹ All questions"), "oquizqs", data["quiz"], 0)
    return list_button(turn.language)


FORM = Form(
    "quiz_load",
    (Step("file", _ask_file, read=_read_file),),
    finish=_load,
    way_back=_way_back,
    organisers_only=True,
)
