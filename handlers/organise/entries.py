"""All that the bot answers, for organisers: every wording and answer, and where each is from."""

from markupsafe import Markup, escape

from bot import teaching
from bot.cutting import shortened
from bot.language import LOCALES, NATIVE_NAMES, Language, isolate
from bot.questions.outcomes import all_found
from bot.teaching import LastOne, Taught
from handlers import questions, topics
from handlers.organise.menu import organise_button
from handlers.replies import Button, Reply, below, button, show
from handlers.turns import Press, Turn
from storage import Transaction
from storage import entries as kept
from storage.entries import Told, Wording

PAGE = 8
WAYS_PAGE = 10
LABEL = 60


def book_button(language: Language) -> Button:
    return button(language.gettext("‹ All answers"), "olearnbook", 0)


async def browse(press: Press, tx: Transaction) -> Reply:
    return await show_book(press, tx, press.number(0))


async def show_book(turn: Turn, tx: Transaction, page: int = 0, *, before: Markup | None = None) -> Reply:
    """A page of all answers, those that were learned first."""
    language, total = turn.language, await kept.count(tx)
    page = min(max(0, page), max(0, total - 1) // PAGE)
    ids = await kept.list_ids(tx, limit=PAGE, offset=page * PAGE)
    parts = [before] if before else []
    parts.append(
        language.nhtml(
            "<b>📚 All answers</b>\nI know {n} answer. Choose it to see or change it.",
            "<b>📚 All answers</b>\nI know {n} answers. Choose one to see or change it.",
            total,
        )
    )
    rows = [
        [button(title, "olearnentry", question_id)] for question_id, title in await _titled(turn, tx, ids)
    ]
    turning = []
    if page:
        turning.append(button(language.gettext("‹ Previous"), "olearnbook", page - 1))
    if (page + 1) * PAGE < total:
        turning.append(button(language.gettext("Next ›"), "olearnbook", page + 1))
    find = [
        button(language.gettext("🔎 Search"), "olearnseek"),
        button(language.gettext("➕ New answer"), "olearnnewentry"),
    ]
    last = [button(language.gettext("‹ Teach the bot"), "olearn", 0), organise_button(language)]
    return show(Markup("\n\n").join(parts), [*rows, turning, find, last])


async def find_entries(turn: Turn, tx: Transaction, words: str, *, limit: int) -> list[tuple[int, str]]:
    """Ids and titles of the answers that the words mean, and of those that have them in their text."""
    near = [one.entry.id for one in all_found(turn.setup.library.ask(words, turn.language.locale))]
    ids = [int(topic_id[1:]) for topic_id in near if topic_id.startswith("q")]
    ids += await kept.list_ids(tx, containing=words, limit=limit)
    return (await _titled(turn, tx, list(dict.fromkeys(ids))))[:limit]


async def _titled(turn: Turn, tx: Transaction, ids: list[int]) -> list[tuple[int, str]]:
    titled = [(one, await topics.title_of(turn, tx, f"q{one}")) for one in ids]
    return [(question_id, title) for question_id, title in titled if title]


async def press_entry(press: Press, tx: Transaction) -> Reply:
    return await show_entry(press, tx, press.number(0))


async def show_entry(turn: Turn, tx: Transaction, question_id: int, *, before: Markup | None = None) -> Reply:
    """One entry: its answers by language with their origin, and how many wordings each language has."""
    language, entry = turn.language, await kept.find(tx, question_id)
    if entry is None or entry.hidden:
        return await show_book(turn, tx, before=before or language.html("That answer is not there any more."))
    title = await topics.title_of(turn, tx, f"q{question_id}")
    parts = [before] if before else []
    parts.append(Markup("📚 <b>{}</b>").format(isolate(title)))
    rows = []
    for locale in LOCALES:
        told, ways = entry.answers.get(locale), [way for way in entry.wordings if way.locale == locale]
        parts.append(_in_language(locale, told, ways, language))
        label = f"{'＋' if told is None else '✏️'} {NATIVE_NAMES[locale]}"
        count = language.ngettext("🗣 {n} wording", "🗣 {n} wordings", len(ways))
        rows.append(
            [
                button(label, "olearnsay", question_id, locale),
                button(count, "olearnways", question_id, locale, 0),
            ]
        )
    if entry.origin == "learned":
        rows.append([button(language.gettext("🗑 Delete"), "olearndel", question_id, style="danger")])
    rows.append([button(language.gettext("👁 As members see it"), "olearnsee", f"q{question_id}")])
    return show(Markup("\n\n").join(parts), [*rows, [book_button(language), organise_button(language)]])


async def see_as_member(press: Press, tx: Transaction) -> Reply:
    """The answer as members get it, in a message of its own."""
    return below(await questions.open_topic(press, tx))


def _in_language(locale: str, told: Told | None, ways: list[Wording], language: Language) -> Markup:
    name = NATIVE_NAMES[locale]
    if told is None:
        return language.html("<b>{language}</b>: no answer yet", language=name)
    origin = language.html("from the pack")
    if told.origin == "learned":
        origin = language.html("taught here")
        if told.pack_text is not None:
            origin = language.html("corrected here")
    head = Markup("<b>{}</b> · {}\n").format(name, origin)
    return head + Markup("<blockquote expandable>{}</blockquote>").format(escape(told.text))


async def press_ways(press: Press, tx: Transaction) -> Reply:
    return await show_ways(press, tx, press.number(0), press.word(1), press.number(2))


async def show_ways(
    turn: Turn,
    tx: Transaction,
    question_id: int,
    locale: str,
    page: int = 0,
    *,
    before: Markup | None = None,
    undo: Button | None = None,
) -> Reply:
    """The ways people ask for an entry in one language."""
    language, entry = turn.language, await kept.find(tx, question_id)
    if entry is None or entry.hidden or locale not in LOCALES:
        return await show_entry(turn, tx, question_id)
    ways = [way for way in entry.wordings if way.locale == locale]
    page = min(max(0, page), max(0, len(ways) - 1) // WAYS_PAGE)
    parts = [before] if before else []
    parts.append(
        language.html(
            "<b>🗣 Wordings in {language}</b>\n{title}",
            language=NATIVE_NAMES[locale],
            title=isolate(await topics.title_of(turn, tx, f"q{question_id}")),
        )
    )
    shown = list(enumerate(ways[page * WAYS_PAGE : (page + 1) * WAYS_PAGE], start=page * WAYS_PAGE + 1))
    lines = [
        Markup("{}. {}{}").format(number, isolate(way.text), " 🎓" if way.origin == "learned" else "")
        for number, way in shown
    ]
    if lines:
        parts.append(Markup("\n").join(lines))
        parts.append(language.html("🎓 taught here. Tap a wording to take it away."))
    else:
        parts.append(language.html("There are none yet. The more there are, the more often it is found."))
    rows = [
        [button(f"➖ {number}. {isolate(shortened(way.text, 50))}", "olearnless", way.id)]
        for number, way in shown
    ]
    turning = []
    if page:
        turning.append(button(language.gettext("‹ Previous"), "olearnways", question_id, locale, page - 1))
    if (page + 1) * WAYS_PAGE < len(ways):
        turning.append(button(language.gettext("Next ›"), "olearnways", question_id, locale, page + 1))
    more = [button(language.gettext("➕ Add a wording"), "olearnadd", question_id, locale)]
    back = [button(language.gettext("‹ Back to the answer"), "olearnentry", question_id)]
    undoing = [undo] if undo else []
    return show(Markup("\n\n").join(parts), [undoing, *rows, turning, more, back])


async def remove_wording(press: Press, tx: Transaction) -> Reply:
    """➖: at once, with a way to undo it."""
    found, language = await kept.find_wording(tx, press.number(0)), press.language
    if found is None:
        return await show_book(press, tx, before=language.html("That wording is not there any more."))
    question_id, way = found
    done = await teaching.remove_wording(tx, way.id, actor_id=press.person.id, now=press.now)
    match done:
        case Taught(lesson_id):
            said = language.html("➖ Taken away: “{wording}”", wording=isolate(shortened(way.text, 100)))
            undo = button(language.gettext("↩️ Undo"), "olearnundo", lesson_id)
            return await show_ways(press, tx, question_id, way.locale, before=said, undo=undo)
        case LastOne():
            said = language.html("This is the only wording: without it nobody would find the answer.")
            return await show_ways(press, tx, question_id, way.locale, before=said)
        case _:
            return await show_entry(press, tx, question_id)


async def ask_delete(press: Press, tx: Transaction) -> Reply:
    entry, language = await kept.find(tx, press.number(0)), press.language
    if entry is None or entry.hidden or entry.origin != "learned":
        return await show_entry(press, tx, press.number(0))
    title = await topics.title_of(press, tx, f"q{entry.id}")
    text = language.html(
        "Delete “{title}” with all its wordings? It can be undone under “Changes”.",
        title=isolate(shortened(title, 120)),
    )
    rows = [
        [button(language.gettext("Yes, delete it"), "olearngone", entry.id, style="danger")],
        [button(language.gettext("‹ No, keep it"), "olearnentry", entry.id)],
    ]
    return show(text, rows)


async def delete(press: Press, tx: Transaction) -> Reply:
    done = await teaching.delete_entry(tx, press.number(0), actor_id=press.person.id, now=press.now)
    if not isinstance(done, Taught):
        return await show_entry(press, tx, press.number(0))
    language = press.language
    rows = [[button(language.gettext("↩️ Undo"), "olearnundo", done.lesson_id)], [book_button(language)]]
    return show(language.html("The answer is deleted."), rows)
