"""Members' questions for organisers: which are open, and the way to ready answers, hours and bars."""

from markupsafe import Markup

from bot.cutting import shortened
from bot.language import NATIVE_NAMES, Language, isolate
from handlers.organise.menu import organise_button
from handlers.replies import Button, Reply, button, show
from handlers.turns import Press, Turn
from storage import Transaction, threads
from storage.threads import Thread

PAGE = 8


def list_button(language: Language) -> Button:
    return button(language.gettext("‹ Members' questions"), "desk")


async def list_open(turn: Turn, tx: Transaction) -> Reply:
    """The questions that members wait for, unanswered ones first."""
    language = turn.language
    below = [
        [
            button(language.gettext("⚡ Ready answers"), "deskready"),
            button(language.gettext("🕘 Hours"), "deskhours"),
        ],
        [button(language.gettext("🚫 Barred"), "deskbans"), organise_button(language)],
    ]
    total = await threads.count_open(tx)
    page = min(max(0, turn.number(0) if isinstance(turn, Press) else 0), max(0, (total - 1) // PAGE))
    found = await threads.list_open(tx, limit=PAGE, offset=page * PAGE)
    if not found:
        return show(language.html("No member is waiting for an answer."), below)
    lines = [
        language.nhtml("<b>{n} open question</b>", "<b>{n} open questions</b>", total),
        *(_line(number, thread, turn) for number, thread in enumerate(found, start=page * PAGE + 1)),
        language.html("Choose one to have it sent again. Answer by replying to it."),
    ]
    rows = [
        [button(f"{number}. {isolate(shortened(thread.name, 50))}", "deskopen", thread.id)]
        for number, thread in enumerate(found, start=page * PAGE + 1)
    ]
    turning = []
    if page:
        turning.append(button(language.gettext("‹ Previous"), "desk", page - 1))
    if (page + 1) * PAGE < total:
        turning.append(button(language.gettext("More ›"), "desk", page + 1))
    return show(Markup("\n\n").join(lines), [*rows, turning, *below])


def _line(number: int, thread: Thread, turn: Turn) -> Markup:
    language = turn.language
    line = language.html(
        "<b>{number}. {name}</b> ({language}, since {when}, {state})\n{question}",
        number=number,
        name=isolate(thread.name),
        language=NATIVE_NAMES.get(thread.locale, thread.locale),
        when=language.moment(thread.opened_at, turn.setup.home, now=turn.now),
        state=_state(thread, language),
        question=isolate(shortened(thread.question, 100)),
    )
    if thread.assignee is None:
        return line
    has_it = language.html("✋ <b>{name}</b> has this question.", name=isolate(thread.assignee))
    return line + Markup("\n") + has_it


def _state(thread: Thread, language: Language) -> str:
    if thread.answered_at:
        return language.gettext("answered")
    return language.gettext("waiting for long") if thread.reminded_at else language.gettext("waiting")
