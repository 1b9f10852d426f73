"""Quizzes as members find them: the list, and one with its rules, its start and how they stand with it."""

from urllib.parse import urlencode

from markupsafe import Markup, escape

from bot import programme, quiz_results, quizzes
from bot.language import Language, isolate
from bot.quiz_results import Mine
from handlers.menu import home_button
from handlers.quiz_words import heading, rules_of, standing, title_of
from handlers.replies import Button, Raw, Reply, below, button, keyboard_markup, link, show
from handlers.turns import Press, Setup, Turn
from storage import Transaction, events, quiz_attempts, quiz_questions
from storage import quizzes as kept
from storage.events import Event
from storage.quiz_attempts import Attempt
from storage.quizzes import Quiz

MOST = 12
# A button under a picture says so by its last word: such a message can't become a text.
ON_PICTURE = "p"


def list_button(language: Language) -> Button:
    return button(language.gettext("‹ Quizzes"), "quizzes")


def under_picture(press: Press) -> bool:
    """Whether the pressed button stands under a picture."""
    return bool(press.args) and press.args[-1] == ON_PICTURE


def without_buttons(press: Press) -> Reply:
    """The message under the press keeps its words and loses its buttons."""
    if press.where.message_id is None:
        return Reply()
    params = {
        "chat_id": press.where.chat_id,
        "message_id": press.where.message_id,
        "reply_markup": keyboard_markup(()) or {"inline_keyboard": []},
    }
    return Reply((Raw("editMessageReplyMarkup", params),))


def instead(press: Press, reply: Reply) -> Reply:
    """The reply in place of the message under the press, or below it where that is a picture."""
    return without_buttons(press) + below(reply) if under_picture(press) else reply


async def browse(turn: Turn, tx: Transaction) -> Reply:
    """/quiz: what can be taken now and whose results are out; a single one at once."""
    language = turn.language
    found = await quizzes.list_for(tx, turn.person.id, now=turn.now, limit=MOST)
    if not found:
        text = language.html("There is no quiz at the moment. When one opens, you find it here.")
        return show(text, [[home_button(language)]])
    if len(found) == 1 and not isinstance(turn, Press):
        return await show_quiz(turn, tx, found[0].id)
    amid = await quiz_attempts.has_open(tx, turn.person.id, [quiz.id for quiz in found])
    lines = [language.html("🧠 <b>Quizzes</b>")]
    for quiz in found:
        lines.append(Markup("<b>{}</b>\n{}").format(title_of(quiz, language), _state(quiz, amid, turn)))
    rows = [[button(f"🧠 {title_of(quiz, language)}", "quiz", quiz.id)] for quiz in found]
    return show(Markup("\n\n").join(lines), [*rows, [home_button(language)]])


def _state(quiz: Quiz, amid: set[int], turn: Turn) -> Markup:
    language = turn.language
    if quiz.id in amid:
        return language.html("▶️ You are in the middle of it.")
    if not quizzes.is_open(quiz, turn.now):
        return language.html("Closed; the results are out.")
    if quiz.closes_at is None:
        return language.html("Open")
    return language.html("Open until {when}", when=language.moment(quiz.closes_at, now=turn.now))


async def press_quiz(press: Press, tx: Transaction) -> Reply:
    return instead(press, await show_quiz(press, tx, press.number(0)))


async def show_quiz(
    turn: Turn, tx: Transaction, quiz_id: int, *, ended: Attempt | None = None, before: Markup | None = None
) -> Reply:
    """One quiz as the person stands with it, below a sentence about what has just happened."""
    quiz = await kept.find(tx, quiz_id)
    if quiz is None or quiz.state == "draft":
        return gone(turn.language)
    mine = await quiz_results.look(tx, quiz, turn.person.id)
    if not mine.attempts and not await quizzes.is_for(tx, quiz, turn.person.id):
        return await _not_for_you(turn, tx, quiz)
    questions = await quiz_questions.count(tx, quiz.id)
    text = describe(quiz, mine, questions, turn, ended=ended)
    if before:
        text = before + Markup("\n\n") + text
    return show(text, rows_of(quiz, mine, turn))


def gone(language: Language) -> Reply:
    return show(
        language.html("There is no such quiz, or it has not opened yet."),
        [[list_button(language), home_button(language)]],
    )


async def _not_for_you(turn: Turn, tx: Transaction, quiz: Quiz) -> Reply:
    """The event is named only where anybody may know of it."""
    language = turn.language
    event = await events.find(tx, quiz.event_id) if quiz.event_id is not None else None
    last = [list_button(language), home_button(language)]
    if event is None or event.audience != "everyone":
        text = language.html("This quiz is for those who have a place at an event.")
        return show(text, [last])
    title = programme.text_of(event, language.locale).title
    text = language.html("This quiz is for those who have a place at <b>{title}</b>.", title=title)
    return show(text, [[button(language.gettext("📅 Open the event"), "event", event.id)], last])


def describe(quiz: Quiz, mine: Mine, questions: int, turn: Turn, *, ended: Attempt | None = None) -> Markup:
    """Its rules before one has taken it, how one did afterwards."""
    language = turn.language
    parts = [heading(quiz, language)]
    intro = quizzes.text_of(quiz, language.locale).intro
    if intro and not mine.attempts:
        parts.append(escape(intro))
    if mine.best is not None:
        parts.append(Markup("\n").join(standing(quiz, mine, language, ended=ended)))
    if quiz.state == "closed":
        parts.append(language.html("This quiz is closed."))
    elif quiz.opens_at is not None and turn.now < quiz.opens_at:
        when = language.moment(quiz.opens_at, now=turn.now)
        parts.append(Markup("\n").join(rules_of(quiz, questions, language, turn.now)))
        parts.append(language.html("🔜 It opens on {when}.", when=when))
    elif mine.running is not None:
        parts.append(_amid(mine.running, language))
    elif mine.attempts and quiz.closes_at is not None:
        when = language.moment(quiz.closes_at, now=turn.now)
        parts.append(language.html("Open until {when}", when=when))
    elif not mine.attempts:
        parts.append(Markup("\n").join(rules_of(quiz, questions, language, turn.now)))
        if quiz.is_timed:
            parts.append(language.html("The time begins when you press Start."))
    return Markup("\n\n").join([*parts, *name_question(mine, turn)])


def name_question(mine: Mine, turn: Turn) -> list[Markup]:
    """Asked of whoever has finished it and has not answered yet; the buttons below say yes and no."""
    if mine.best is None or mine.shown is not None:
        return []
    return [
        turn.language.html(
            "🏆 May your name stand in the top ten, as {name}? You can take it out at any time.",
            name=isolate(turn.person.name),
        )
    ]


def _amid(running: Attempt, language: Language) -> Markup:
    return language.html(
        "▶️ You are in the middle of it: question {n} of {total}.",
        n=language.number(min(running.at + 1, len(running.questions))),
        total=language.number(len(running.questions)),
    )


def rows_of(quiz: Quiz, mine: Mine, turn: Turn) -> list[list[Button]]:
    """What can be done with the quiz as the person stands with it."""
    language, rows = turn.language, list[list[Button]]()
    open_now, left = quizzes.is_open(quiz, turn.now), quiz.attempts - len(mine.attempts)
    if open_now and mine.running is not None:
        label = language.gettext("▶️ Go on")
        rows.append([button(label, "quizgo", quiz.id, mine.running.number, style="success")])
    elif open_now and left > 0:
        label = language.gettext("▶️ Start")
        if mine.attempts:
            label = language.ngettext("🔁 Try again ({n} left)", "🔁 Try again ({n} left)", left)
        rows.append([button(label, "quizgo", quiz.id, len(mine.attempts) + 1, style="success")])
    if mine.best is not None:
        rows += _name_buttons(quiz, mine, turn)
    extras = []
    if quizzes.tells_ranking(quiz) and quizzes.is_out(quiz, turn.now):
        extras.append(button(language.gettext("🏆 Top ten"), "quiztop", quiz.id))
    if quiz_results.earns_certificate(quiz, mine.best):
        extras.append(button(language.gettext("📄 Certificate"), "quizcert", quiz.id))
    rows.append(extras)
    if open_now and quiz.audience == "everyone":
        rows.append([link(language.gettext("↗ Share"), share_address(quiz, turn.setup, language))])
    if quiz.event_id is not None:
        rows.append([button(language.gettext("📅 Open the event"), "event", quiz.event_id)])
    return [*rows, [list_button(language), home_button(language)]]


def _name_buttons(quiz: Quiz, mine: Mine, turn: Turn) -> list[list[Button]]:
    language = turn.language
    if mine.shown is None:
        return [
            [
                button(language.gettext("Yes, show my name"), "quizname", quiz.id, 1),
                button(language.gettext("No name"), "quizname", quiz.id, 0),
            ]
        ]
    if mine.shown:
        return [[button(language.gettext("🙈 Take my name out of the top ten"), "quizname", quiz.id, 0)]]
    return [[button(language.gettext("🙋 Show my name in the top ten"), "quizname", quiz.id, 1)]]


def deep_link(quiz: Quiz, setup: Setup) -> str:
    return f"https://t.me/{setup.username}?start=quiz_{quiz.id}"


def share_address(quiz: Quiz, setup: Setup, language: Language) -> str:
    """Telegram's own "share" page, with the quiz's deep link."""
    about = {"url": deep_link(quiz, setup), "text": title_of(quiz, language)}
    return "https://t.me/share/url?" + urlencode(about)


async def event_buttons(tx: Transaction, event: Event, turn: Turn) -> list[list[Button]]:
    """The way from an event's card to its quizzes."""
    if not turn.setup.quizzes.has(event.id):
        return []
    found = await kept.list_of_event(tx, event.id, now=turn.now, closed_after=turn.now - quizzes.OUT_FOR)
    return [[button(f"🧠 {title_of(quiz, turn.language)}", "quiz", quiz.id)] for quiz in found[:2]]


async def set_name(press: Press, tx: Transaction) -> Reply:
    """Whether the person's name may stand in the top ten. Pressing twice is harmless."""
    if press.number(1) in {0, 1}:
        await quiz_results.show_name(
            tx, press.number(0), press.person.id, press.number(1) == 1, now=press.now
        )
    return await show_quiz(press, tx, press.number(0))
