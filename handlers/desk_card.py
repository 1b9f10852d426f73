"""A member's question as the desk sees it, and the buttons under it."""

from markupsafe import Markup, escape

from bot.cutting import cut, shortened
from bot.language import NATIVE_NAMES, Language, isolate
from handlers.passing_on import LONGEST
from handlers.replies import Button, Keyboard, button, link
from storage import Transaction, desk_notes
from storage.desk_notes import Note
from storage.threads import Thread

CLOSE, REOPEN = "deskclose", "deskreopen"
NOTES = 3
NOTE = 400


async def describe(
    thread: Thread,
    tx: Transaction,
    words: Language,
    *,
    in_topic: bool,
    corrected: bool = False,
    given_by: str | None = None,
) -> Markup:
    """Who asks what, in which language; what the bot offered; who has it, and the desk's own notes."""
    name = isolate(thread.name)
    language = NATIVE_NAMES.get(thread.locale, thread.locale)
    if corrected:
        head = words.html("💬 <b>{name}</b> asks ({language}, corrected):", name=name, language=language)
    else:
        head = words.html("💬 <b>{name}</b> asks ({language}):", name=name, language=language)
    shown, left = cut(thread.question, LONGEST)
    parts = [head, escape(isolate(shown))]
    if given_by:
        parts.insert(0, words.html("🤝 {name} gives you this question.", name=isolate(given_by)))
    if left:
        parts.append(
            words.nhtml("<i>… and {n} more character.</i>", "<i>… and {n} more characters.</i>", left)
        )
    if thread.offered:
        parts.append(words.html("<i>The bot had answered: {topic}</i>", topic=isolate(thread.offered)))
    if thread.assignee:
        parts.append(words.html("✋ <b>{name}</b> has this question.", name=isolate(thread.assignee)))
    notes = await desk_notes.list_latest(tx, thread.id, limit=NOTES)
    if notes:
        parts.append(Markup("\n").join(tell_note(note, words) for note in notes))
    parts.append(_what_to_do(thread, words, in_topic=in_topic))
    return Markup("\n\n").join(parts)


def tell_note(note: Note, words: Language) -> Markup:
    text = isolate(shortened(note.text, NOTE))
    if note.author is None:
        return words.html("📝 {text}", text=text)
    return words.html("📝 {name}: {text}", name=isolate(note.author), text=text)


def _what_to_do(thread: Thread, words: Language, *, in_topic: bool) -> Markup:
    if thread.state == "closed" and in_topic:
        return words.html("<i>This question is closed. What you write here opens it again.</i>")
    if thread.state == "closed":
        return words.html("<i>This question is closed. A reply opens it again.</i>")
    if in_topic:
        return words.html(
            "↩️ Everything you write in this topic goes to {name}. For a word among yourselves begin with"
            " /note.",
            name=isolate(thread.name),
        )
    return words.html("↩️ Reply to this message to answer. Text, pictures and files are passed on.")


def card_buttons(thread: Thread, words: Language) -> Keyboard:
    """What can be done about the question in one tap."""
    more = button(words.gettext("⋯ More"), "deskmore", thread.id)
    if thread.state == "closed":
        return [[reopen_button(thread.id, words), more]]
    if thread.assignee_id is None:
        mine = button(words.gettext("✋ I take it"), "deskmine", thread.id)
    else:
        mine = button(words.gettext("↩️ Give it back"), "deskback", thread.id)
    ready = button(words.gettext("⚡ Ready answers"), "deskuse", thread.id, 0)
    return [[mine, ready], [close_button(thread.id, words), more]]


def answered_buttons(thread: Thread, words: Language) -> Keyboard:
    """Under a question that has just been answered: also where its answer may be learnt from."""
    return [[close_button(thread.id, words)]]


def teach_button(thread_id: int, words: Language, username: str | None) -> Button:
    """Keep the desk's answer for all who ask this. That takes a form, which only an organiser's own chat has.

    With the bot's `username`, for the desk's group, it leads there.
    """
    label = words.gettext("🎓 Teach the bot this answer")
    if username is None:
        return button(label, "olearnkeep", thread_id)
    return link(label, f"https://t.me/{username}?start=teach_{thread_id}")


def close_button(thread_id: int, words: Language) -> Button:
    return button(words.gettext("Close this question"), CLOSE, thread_id)


def reopen_button(thread_id: int, words: Language) -> Button:
    return button(words.gettext("Open it again"), REOPEN, thread_id)


def show_button(thread: Thread, words: Language) -> Button:
    """Where no line of ours fits, a button tells whose message it is, and shows the question again."""
    whose = words.gettext("💬 From {name}", name=isolate(shortened(thread.name, 40)))
    return button(whose, "deskopen", thread.id)
