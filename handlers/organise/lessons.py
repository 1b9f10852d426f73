"""What organisers taught the bot, latest first, and undoing it."""

from collections.abc import Mapping

from markupsafe import Markup, escape

from bot import teaching, unteaching
from bot.cutting import shortened
from bot.language import NATIVE_NAMES, Language, isolate
from bot.teaching import Already, Gone
from bot.unteaching import ChangedSince, Undone
from handlers import topics
from handlers.organise.learning import list_button
from handlers.organise.menu import organise_button
from handlers.replies import Reply, button, show
from handlers.turns import Press, Turn
from storage import Transaction, lessons
from storage.audit import Entry
from storage.lessons import Lesson

PAGE = 6
LABEL = 60


async def browse(press: Press, tx: Transaction) -> Reply:
    return await show_page(press, tx, press.number(0))


async def show_page(turn: Turn, tx: Transaction, page: int = 0, *, before: Markup | None = None) -> Reply:
    language, total = turn.language, await lessons.count(tx)
    page = min(max(0, page), max(0, total - 1) // PAGE)
    found = await lessons.list_page(tx, limit=PAGE, offset=page * PAGE)
    parts = [before] if before else []
    parts.append(language.html("<b>↩️ Changes to what I answer</b>"))
    if not found:
        parts.append(language.html("Nobody has taught me anything yet."))
    undoing = []
    for number, lesson in enumerate(found, start=page * PAGE + 1):
        parts.append(await _line(number, lesson, turn, tx))
        if lesson.undone_at is None:
            label = language.gettext("↩️ Undo {number}", number=language.number(number))
            undoing.append(button(label, "olearnundo", lesson.id))
    rows = [undoing[start : start + 2] for start in range(0, len(undoing), 2)]
    turning = []
    if page:
        turning.append(button(language.gettext("‹ Later"), "olearnlog", page - 1))
    if (page + 1) * PAGE < total:
        turning.append(button(language.gettext("Earlier ›"), "olearnlog", page + 1))
    last = [list_button(language), organise_button(language)]
    return show(Markup("\n\n").join(parts), [*rows, turning, last])


async def _line(number: int, lesson: Lesson, turn: Turn, tx: Transaction) -> Markup:
    language = turn.language
    who = escape(isolate(lesson.actor[:64])) if lesson.actor else language.html("somebody who has left")
    when = language.moment(lesson.at, turn.setup.home, now=turn.now)
    line = Markup("<b>{}.</b> <i>{} · {}</i>\n").format(number, when, who) + describe(lesson, language)
    title = await topics.title_of(turn, tx, f"q{lesson.question_id}") if lesson.question_id else ""
    if title:
        line += Markup("\n📚 {}").format(isolate(shortened(title, LABEL)))
    if lesson.undone_at is not None:
        line += Markup("\n") + language.html("<i>undone</i>")
    return line


def describe(lesson: Lesson, language: Language) -> Markup:
    """What was taught, without to which answer."""
    params, count = lesson.params, len(lesson.params.get("asked", ()))
    return _tell(lesson.action, {**params, "n": count}, language)


async def undo(press: Press, tx: Transaction) -> Reply:
    """Put things back. Pressing twice is harmless."""
    language = press.language
    done = await unteaching.undo(tx, press.number(0), actor_id=press.person.id, now=press.now)
    match done:
        case Undone():
            said = language.html("↩️ Undone. It is as it was before.")
        case Already():
            said = language.html("That is undone already.")
        case ChangedSince():
            said = language.html("It was changed again since. Undo the later change first.")
        case Gone():
            said = language.html("That change is not kept any more.")
    return await show_page(press, tx, before=said)


def tell_lesson(entry: Entry, language: Language) -> Markup | None:
    """For the history of everything: None where it is about something else."""
    match entry.action:
        case "calibrated":
            return language.html("Fitted anew when I answer, and when I ask")
        case "calibration_undone":
            return language.html("Took back the last fitting of when I answer")
        case "lesson_undone":
            said = _tell(str(entry.params.get("of", "")), {}, language)
            return language.html("Undid: {change}", change=said)
        case action if action in teaching.AUDITED.values():
            plain = next(one for one, noted in teaching.AUDITED.items() if noted == action)
            return _tell(plain, entry.params, language)
        case _:
            return None


def _tell(action: str, params: Mapping[str, object], language: Language) -> Markup:
    number = params.get("n", 0)
    count = number if isinstance(number, int) else 0
    locale = NATIVE_NAMES.get(str(params.get("locale")), "")
    match action:
        case "attached" if count:
            return language.nhtml(
                "Said which answer {n} question needs", "Said which answer {n} questions need", count
            )
        case "attached":
            return language.html("Said which answer a question needs")
        case "dismissed" if count:
            return language.nhtml(
                "Put {n} question aside as not for us", "Put {n} questions aside as not for us", count
            )
        case "dismissed":
            return language.html("Put questions aside as not for us")
        case "entry_added":
            return language.html("Wrote a new answer")
        case "entry_deleted":
            return language.html("Deleted an answer")
        case "wording_added":
            return language.html("Added a wording")
        case "wording_removed":
            return language.html("Took a wording away")
        case "answer_added" if locale:
            return language.html("Translated an answer: {language}", language=locale)
        case "answer_added":
            return language.html("Translated an answer")
        case "answer_changed" if locale:
            return language.html("Corrected an answer: {language}", language=locale)
        case "answer_changed":
            return language.html("Corrected an answer")
        case _:
            return language.html("a change")
