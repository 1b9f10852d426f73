"""A quiz's questions for organisers: the list, one of them, and how members will see it."""

from markupsafe import Markup, escape

from bot import quiz_writing
from bot.language import LOCALES, NATIVE_NAMES, Language
from bot.quizzes import MOST_QUESTIONS, Frozen, words_of
from handlers.organise.quiz_screens import back_button, show_one
from handlers.quiz_pages import ON_PICTURE, instead
from handlers.quiz_play import choice_rows, place_of, put, question_parts, verdict_parts
from handlers.quiz_words import LETTERS, heading, shown_in
from handlers.replies import NOTHING, Button, Document, Reply, alert, button, show, toast
from handlers.turns import Press, Turn
from storage import Transaction, quiz_questions
from storage import quizzes as kept
from storage.quiz_attempts import Answer
from storage.quiz_questions import Question
from storage.quizzes import Quiz

PAGE = 8


def questions_button(language: Language, quiz_id: int) -> Button:
    return button(language.gettext("‹ All questions"), "oquizqs", quiz_id, 0)


async def found_question(tx: Transaction, question_id: int) -> tuple[Quiz, Question] | None:
    question = await quiz_questions.find(tx, question_id)
    quiz = await kept.find(tx, question.quiz_id) if question else None
    return (quiz, question) if quiz and question else None


def frozen(turn: Turn) -> Reply:
    return alert(turn.language.gettext("The quiz has been opened: what it asks stays as it is."))


async def browse(press: Press, tx: Transaction) -> Reply:
    return await show_questions(press, tx, press.number(0), page=press.number(1))


async def show_questions(
    turn: Turn, tx: Transaction, quiz_id: int, *, page: int = 0, before: Markup | None = None
) -> Reply:
    quiz, language = await kept.find(tx, quiz_id), turn.language
    if quiz is None:
        return await show_one(turn, tx, quiz_id)
    asked = await quiz_questions.list_of_quiz(tx, quiz.id)
    page = min(max(0, page), max(0, len(asked) - 1) // PAGE)
    parts = [before] if before else []
    parts.append(heading(quiz, language))
    if not asked:
        parts.append(
            language.html(
                "No questions yet. Add them one by one, or send me a file with many of them: a table or YAML."
            )
        )
    shown = list(enumerate(asked, start=1))[page * PAGE : (page + 1) * PAGE]
    parts += [_line(number, question, quiz, language) for number, question in shown]
    rows = [
        [button(f"{number}. {words_of(one, language.locale, quiz.base_locale)[0].text}", "oquizq", one.id)]
        for number, one in shown
    ]
    turning = []
    if page:
        turning.append(button(language.gettext("‹ Previous"), "oquizqs", quiz.id, page - 1))
    if (page + 1) * PAGE < len(asked):
        turning.append(button(language.gettext("Next ›"), "oquizqs", quiz.id, page + 1))
    rows.append(turning)
    if quiz.state == "draft" and len(asked) < MOST_QUESTIONS:
        rows.append(
            [
                button(language.gettext("➕ New question"), "oquizqnew", quiz.id, style="primary"),
                button(language.gettext("📥 Load a file"), "oquizload", quiz.id),
            ]
        )
    return show(Markup("\n\n").join(parts), [*rows, [back_button(language, quiz.id)]])


def _line(number: int, question: Question, quiz: Quiz, language: Language) -> Markup:
    words, _ = words_of(question, language.locale, quiz.base_locale)
    marks = [NATIVE_NAMES[one] for one in LOCALES if words_of(question, one, quiz.base_locale)[1] == one]
    line = Markup("<b>{}.</b> {}\n✓ {}").format(number, words.text, words.choices[question.right_choice - 1])
    if question.picture:
        line += Markup(" · 🖼")
    return line + Markup("\n<i>{}</i>").format(language.joined(marks, style="unit"))


async def press_question(press: Press, tx: Transaction) -> Reply:
    return await show_question(press, tx, press.number(0))


async def show_question(
    turn: Turn, tx: Transaction, question_id: int, *, before: Markup | None = None
) -> Reply:
    """One question with its choices, and everything that can be changed about it."""
    found, language = await found_question(tx, question_id), turn.language
    if found is None:
        gone = language.html("This question is not there any more.")
        return show(gone, [[button(language.gettext("‹ Quizzes"), "oquizzes", 0)]])
    quiz, question = found
    words, shown = words_of(question, language.locale, quiz.base_locale)
    ids = await quiz_questions.list_ids(tx, quiz.id)
    at = ids.index(question.id)
    choices = [
        Markup("{} {}. {}").format("✅" if number == question.right_choice else "▫️", letter, choice)
        for number, (letter, choice) in enumerate(zip(LETTERS, words.choices, strict=False), start=1)
    ]
    parts = [
        language.html("Question {n} of {total}", n=language.number(at + 1), total=language.number(len(ids))),
        Markup("<b>{}</b>").format(words.text),
        Markup("\n").join(choices),
    ]
    if words.explanation:
        parts.append(escape(words.explanation))
    if question.picture:
        parts.append(language.html("🖼 With a picture"))
    mark = shown_in(shown, language)
    if mark is not None:
        parts.append(mark)
    text = Markup("\n\n").join([before, *parts] if before else parts)
    return show(text, _rows(quiz, question, at, len(ids), language))


def _rows(quiz: Quiz, question: Question, at: int, total: int, language: Language) -> list[list[Button]]:
    words = [
        button(_marked(locale, question, quiz), "oquizqwords", question.id, locale) for locale in LOCALES
    ]
    changing = [button(language.gettext("🖼 Picture"), "oquizqpic", question.id)]
    rows = [words, changing]
    if question.picture:
        changing.append(button(language.gettext("👁 See the picture"), "oquizqsee", question.id))
    if quiz.state == "draft":
        changing.append(button(language.gettext("✅ Right choice"), "oquizqright", question.id))
        moving = []
        if at:
            moving.append(button(language.gettext("▲ Earlier"), "oquizqmove", question.id, -1, at))
        if at + 1 < total:
            moving.append(button(language.gettext("▼ Later"), "oquizqmove", question.id, 1, at))
        moving.append(button(language.gettext("🗑 Remove"), "oquizqdrop", question.id, style="danger"))
        rows.append(moving)
        if total < MOST_QUESTIONS:
            label = language.gettext("➕ Another question")
            rows.append([button(label, "oquizqnew", quiz.id, style="primary")])
    return [*rows, [questions_button(language, quiz.id)]]


def _marked(locale: str, question: Question, quiz: Quiz) -> str:
    written = words_of(question, locale, quiz.base_locale)[1] == locale
    return f"{'✏️' if written else '＋'} {NATIVE_NAMES[locale]}"


async def see_picture(press: Press, tx: Transaction) -> Reply:
    found = await found_question(tx, press.number(0))
    if found is None or not found[1].picture:
        return await show_question(press, tx, press.number(0))
    return toast("") + Reply((Document("photo", found[1].picture),))


async def choose_right(press: Press, tx: Transaction) -> Reply:
    """Which choice is right: chosen from all, and set at once."""
    found, language = await found_question(tx, press.number(0)), press.language
    if found is None:
        return await show_question(press, tx, press.number(0))
    quiz, question = found
    words, _ = words_of(question, language.locale, quiz.base_locale)
    if 1 <= press.number(1) <= question.choices:
        changed = await quiz_writing.change_question(
            tx, question.id, right_choice=press.number(1), actor_id=press.person.id, now=press.now
        )
        word = frozen(press) if isinstance(changed, Frozen) else NOTHING
        return word + await show_question(press, tx, question.id)
    rows = [
        [
            button(
                f"{'✅' if number == question.right_choice else '▫️'} {choice}",
                "oquizqright",
                question.id,
                number,
            )
        ]
        for number, choice in enumerate(words.choices, start=1)
    ]
    text = language.html("Which answer to “{question}” is right?", question=words.text)
    return show(text, [*rows, [button(language.gettext("‹ Back"), "oquizq", question.id)]])


async def move(press: Press, tx: Transaction) -> Reply:
    """Ask it one place earlier or later than where the button saw it; pressing twice moves it once."""
    found = await found_question(tx, press.number(0))
    if found is not None and abs(press.number(1)) == 1:
        ids = await quiz_questions.list_ids(tx, found[0].id)
        if ids.index(found[1].id) == press.number(2):
            await quiz_writing.move_question(
                tx, found[1].id, press.number(1), actor_id=press.person.id, now=press.now
            )
    return await show_question(press, tx, press.number(0))


async def ask_drop(press: Press, tx: Transaction) -> Reply:
    found, language = await found_question(tx, press.number(0)), press.language
    if found is None:
        return await show_question(press, tx, press.number(0))
    words, _ = words_of(found[1], language.locale, found[0].base_locale)
    text = language.html("Remove the question “{question}”?", question=words.text)
    rows = [
        [button(language.gettext("Yes, remove it"), "oquizqdropped", found[1].id, style="danger")],
        [button(language.gettext("‹ No, leave it"), "oquizq", found[1].id)],
    ]
    return show(text, rows)


async def drop(press: Press, tx: Transaction) -> Reply:
    """Pressing twice is harmless."""
    found = await found_question(tx, press.number(0))
    if found is None:
        return await show_question(press, tx, press.number(0))
    done = await quiz_writing.drop_question(tx, found[1].id, actor_id=press.person.id, now=press.now)
    word = toast(press.language.gettext("The question is removed.")) if done else frozen(press)
    return word + await show_questions(press, tx, found[0].id)


async def preview(press: Press, tx: Transaction) -> Reply:
    """One question after another as members see them, right or wrong included; nothing is counted."""
    quiz, language = await kept.find(tx, press.number(0)), press.language
    asked = await quiz_questions.list_of_quiz(tx, quiz.id) if quiz else []
    at, chosen = press.number(1), press.number(2)
    if quiz is None or not 0 <= at < len(asked):
        return instead(press, await show_one(press, tx, press.number(0)))
    question = asked[at]
    note = language.html("<i>Preview: nothing is counted.</i>")
    top = Markup("\n").join([note, place_of(quiz, at, len(asked), language)])
    marks = (ON_PICTURE,) if question.picture else ()
    back = button(language.gettext("‹ Back to the quiz"), "oquizview", quiz.id, -1, *marks)
    if not 1 <= chosen <= question.choices:
        rows = choice_rows(question, quiz, language, "oquizview", quiz.id, at)
        text = Markup("\n\n").join([top, *question_parts(question, quiz, language)])
        return put(press, text, [*rows, [back]], question.picture)
    right = chosen == question.right_choice
    given = Answer(question.id, chosen, is_right=right, late=False, elapsed_ms=0)
    text = Markup("\n\n").join([top, *verdict_parts(question, quiz, given, language)])
    last = [back]
    if at + 1 < len(asked):
        last.append(
            button(language.gettext("Next question ›"), "oquizview", quiz.id, at + 1, *marks, style="primary")
        )
    return put(press, text, [last], question.picture, is_verdict=True)
