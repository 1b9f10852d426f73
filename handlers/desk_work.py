"""What the desk does about a question by buttons: taking, giving, closing, opening, barring."""

from markupsafe import Markup

from bot import desk, desk_work
from bot.cutting import shortened
from bot.desk_staff import Clerk
from bot.desk_work import SPANS, Busy, Given, StillBarred, TakenBefore, Unchanged
from bot.language import Language, isolate
from handlers import desk_card, forms
from handlers.desk_card import card_buttons, reopen_button, teach_button, tell_note
from handlers.forms import Data, Form, Misread, Step, Understood
from handlers.replies import Button, Reply, alert, below, button, say, show, toast
from handlers.sitting import Sitting, gone, unknown_clerk
from handlers.turns import Turn, Writing
from storage import Transaction, desk_notes, people, threads
from storage.threads import Thread

MOST_NOTES, MOST_COLLEAGUES = 10, 20


async def close(sitting: Sitting, tx: Transaction) -> Reply:
    thread = await sitting.thread(tx)
    return gone(sitting) if thread is None else await close_thread(sitting, thread, tx)


async def close_thread(sitting: Sitting, thread: Thread, tx: Transaction) -> Reply:
    closed = await desk.close(tx, sitting.desk, thread, sitting.clerk, now=sitting.now)
    if not closed.just_now:
        return toast(sitting.language.gettext("This question is closed already."))
    words = sitting.words
    text = words.html(
        "The question of {name} is closed, and they are told. To take it up again, reply to it.",
        name=isolate(thread.name),
    )
    # In a topic nothing stands under an answer: here is where it can be kept.
    teach = [[teach_button(thread.id, words, sitting.at_group)]] if thread.answer else []
    return say(text, [[reopen_button(thread.id, words)], *teach])


async def reopen(sitting: Sitting, tx: Transaction) -> Reply:
    thread = await sitting.thread(tx)
    return gone(sitting) if thread is None else await reopen_thread(sitting, thread, tx)


async def reopen_thread(sitting: Sitting, thread: Thread, tx: Transaction) -> Reply:
    opened = await desk_work.reopen(tx, sitting.desk, thread, sitting.clerk, now=sitting.now)
    name = isolate(thread.name)
    if isinstance(opened, Busy):
        said = sitting.language.gettext(
            "{name} has a newer question open. A reply here reaches them all the same.", name=name
        )
        return alert(said)
    if isinstance(opened, StillBarred):
        said = sitting.language.gettext(
            "{name} can't write to the team now. Lift that first: /organise, Questions, Barred.", name=name
        )
        return alert(said)
    if not opened.just_now:
        return toast(sitting.language.gettext("This question is open already."))
    words = sitting.words
    text = words.html("The question of {name} is open again, and they are told.", name=name)
    return say(text, card_buttons(opened.thread, words))


async def take(sitting: Sitting, tx: Transaction) -> Reply:
    """The clerk takes the question on; its card says so."""
    thread = await sitting.thread(tx)
    return gone(sitting) if thread is None else await take_thread(sitting, thread, tx)


async def take_thread(sitting: Sitting, thread: Thread, tx: Transaction) -> Reply:
    if sitting.clerk.person_id is None:
        return unknown_clerk(sitting)
    language = sitting.language
    match await desk_work.take(tx, sitting.desk, thread, sitting.clerk, now=sitting.now):
        case TakenBefore(_, by):
            said = language.gettext(
                "{name} has this question. To take it over: “More”, then “Give it to…”.", name=isolate(by)
            )
            return alert(said)
        case taken if not taken.just_now:
            return toast(language.gettext("You have this question already."))
        case taken:
            words, name = sitting.words, isolate(sitting.clerk.name)
            said = words.html(
                "✋ {by} takes the question of {name}.", by=name, name=isolate(taken.thread.name)
            )
            return toast(language.gettext("It is yours.")) + say(said, card_buttons(taken.thread, words))


async def give_back(sitting: Sitting, tx: Transaction) -> Reply:
    thread = await sitting.thread(tx)
    if thread is None:
        return gone(sitting)
    free = await desk_work.give_back(tx, sitting.desk, thread, sitting.clerk, now=sitting.now)
    if isinstance(free, Unchanged):
        return toast(sitting.language.gettext("Nobody has this question."))
    words = sitting.words
    text = words.html("↩️ Nobody has the question of {name} now.", name=isolate(thread.name))
    return say(text, card_buttons(free, words))


async def more(sitting: Sitting, tx: Transaction) -> Reply:
    """How a question stands, and what else can be done, below its card or in place of what was below it."""
    thread = await sitting.thread(tx)
    if thread is None:
        return gone(sitting)
    reply = await _more(sitting, thread, tx)
    return reply if sitting.word(1) == "b" else below(reply)


async def _more(sitting: Sitting, thread: Thread, tx: Transaction, *, before: Markup | None = None) -> Reply:
    words = sitting.words
    parts = [before] if before else []
    parts.append(
        words.html(
            "<b>{name}</b>, since {when}",
            name=isolate(thread.name),
            when=words.moment(thread.opened_at, sitting.setup.home, now=sitting.now),
        )
        + Markup("\n")
        + Markup.escape(isolate(shortened(thread.question, 200)))
    )
    if thread.assignee:
        parts.append(words.html("✋ <b>{name}</b> has this question.", name=isolate(thread.assignee)))
    notes = await desk_notes.list_latest(tx, thread.id, limit=MOST_NOTES)
    if notes:
        parts.append(Markup("\n").join(tell_note(note, words) for note in notes))
    rows = [
        [
            button(words.gettext("🤝 Give it to…"), "deskgive", thread.id),
            button(words.gettext("📝 Note"), "desknote", thread.id),
        ],
        [
            button(
                words.gettext("🚫 Bar {name}…", name=isolate(shortened(thread.name, 30))),
                "deskbar",
                thread.id,
            )
        ],
        *([[teach_button(thread.id, words, sitting.at_group)]] if thread.answer else []),
        [button(words.gettext("💬 Show the question"), "deskopen", thread.id)],
    ]
    return show(Markup("\n\n").join(parts), rows)


def _back(thread: Thread, words: Language) -> list[Button]:
    return [button(words.gettext("‹ Back"), "deskmore", thread.id, "b")]


async def choose_colleague(sitting: Sitting, tx: Transaction) -> Reply:
    thread = await sitting.thread(tx)
    if thread is None:
        return gone(sitting)
    words = sitting.words
    staff = await people.list_organisers(tx, sitting.desk.owners)
    rows = [
        [button(isolate(shortened(one.name, 50)), "deskgiven", thread.id, one.id)]
        for one in staff[:MOST_COLLEAGUES]
        if one.id != thread.assignee_id
    ]
    text = words.html("Who is to answer {name}? They are told.", name=isolate(thread.name))
    return show(text, [*rows, _back(thread, words)])


async def give(sitting: Sitting, tx: Transaction) -> Reply:
    thread, to = await sitting.thread(tx), await people.find(tx, sitting.number(1))
    if thread is None:
        return gone(sitting)
    if to is not None:
        given = await desk_work.give(tx, sitting.desk, thread, to, sitting.clerk, now=sitting.now)
        if isinstance(given, Given):
            said = sitting.words.html("✅ {name} has this question now.", name=isolate(to.name))
            return await _more(sitting, given.thread, tx, before=said)
    return await _more(sitting, thread, tx)


async def ask_bar(sitting: Sitting, tx: Transaction) -> Reply:
    thread = await sitting.thread(tx)
    return gone(sitting) if thread is None else _ask_bar(sitting, thread)


def _ask_bar(sitting: Sitting, thread: Thread) -> Reply:
    words = sitting.words
    text = words.html(
        "Keep <b>{name}</b> from writing to the team? Their question is closed, and they are told kindly."
        " The rest of the bot goes on working for them.",
        name=isolate(thread.name),
    )
    rows = [[button(_span(days, words), "deskbarred", thread.id, days, style="danger")] for days in SPANS]
    return show(text, [*rows, _back(thread, words)])


def _span(days: int, words: Language) -> str:
    if not days:
        return words.gettext("Until somebody lifts it")
    return words.ngettext("For {n} day", "For {n} days", days)


async def bar(sitting: Sitting, tx: Transaction) -> Reply:
    """Bar the member. Pressing twice is harmless."""
    thread, days = await sitting.thread(tx), sitting.number(1)
    if thread is None:
        return gone(sitting)
    if sitting.clerk.person_id is None:
        return unknown_clerk(sitting)
    if days not in SPANS:
        return _ask_bar(sitting, thread)
    until = await desk_work.bar(tx, sitting.desk, thread, days, sitting.clerk, now=sitting.now)
    words, name = sitting.words, isolate(thread.name)
    if until is None:
        text = words.html("🚫 {name} can't write to the team until somebody lifts that.", name=name)
    else:
        when = words.moment(until, sitting.setup.home, now=sitting.now)
        text = words.html("🚫 {name} can't write to the team until {when}.", name=name, when=when)
    text += Markup("\n") + words.html("Lift it under /organise, Questions, Barred.")
    return show(text)


async def begin_note(sitting: Sitting, tx: Transaction) -> Reply:
    """A form in one's own chat; in the group, where there are none, a word on how it is done."""
    thread = await sitting.thread(tx)
    if thread is None:
        return gone(sitting)
    if sitting.turn is None:
        hint = sitting.language.gettext(
            "Send /note and your words as a reply to the question. Only the desk sees it."
        )
        return alert(hint)
    return await forms.begin(sitting.turn, tx, NOTE, {"thread": thread.id})


async def note_thread(sitting: Sitting, thread: Thread, text: str, tx: Transaction) -> Reply:
    """Keep what stands after /note."""
    words = sitting.words
    if not text:
        return say(words.html("Write your note after the command: <code>/note She called on Monday.</code>"))
    await desk_work.write_note(tx, thread, text, sitting.clerk, now=sitting.now)
    return say(words.html("📝 Noted. Only the desk sees it."))


def _ask_note(turn: Turn, data: Data) -> Markup:
    return turn.language.html(
        "What is to be noted? Only the desk sees it. The member gets it when they take their data as a file,"
        " so keep it fair."
    )


def _read_note(writing: Writing, data: Data) -> Understood | Misread:
    if not writing.text:
        return Misread(writing.language.html("Please send it as text."))
    left = len(writing.text) - desk_work.NOTE_LIMIT
    if left > 0:
        return Misread(
            writing.language.nhtml(
                "That is too long by {n} character.", "That is too long by {n} characters.", left
            )
        )
    return Understood(writing.text)


async def _keep_note(turn: Turn, tx: Transaction, data: Data) -> Reply:
    thread = await threads.find(tx, data["thread"])
    if thread is None:
        return toast(turn.language.gettext("That question is not kept any more."))
    clerk = Clerk(turn.person.name, turn.where.chat_id, turn.person.id)
    await desk_work.write_note(tx, thread, data["note"], clerk, now=turn.now)
    text = await desk_card.describe(thread, tx, turn.language, in_topic=False)
    return show(
        turn.language.html("📝 Noted. Only the desk sees it.") + Markup("\n\n") + text,
        card_buttons(thread, turn.language),
    )


NOTE = Form(
    "desk_note",
    (Step("note", _ask_note, read=_read_note),),
    finish=_keep_note,
    way_back=lambda turn: button(turn.language.gettext("‹ Members' questions"), "desk"),
    organisers_only=True,
)
