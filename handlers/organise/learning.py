"""What members asked and got no good answer to, in groups, and which answer each of them needs."""

from markupsafe import Markup, escape

from bot import question_groups, teaching
from bot.cutting import shortened
from bot.language import NATIVE_NAMES, Language, isolate
from bot.question_groups import Group
from bot.questions.outcomes import all_found
from bot.teaching import Already, Gone, Taught
from handlers import topics
from handlers.organise.menu import organise_button
from handlers.replies import Button, Reply, button, show, toast
from handlers.turns import Press, Turn
from storage import Transaction, entries
from storage.entries import Wording

PAGE = 6
MOST_WAYS = 10
MOST_NEAR = 3
# How many wordings of a group are asked for what is near.
PROBED = 3
LABEL = 60


def list_button(language: Language) -> Button:
    return button(language.gettext("‹ Teach the bot"), "olearn", 0)


async def browse(press: Press, tx: Transaction) -> Reply:
    return await show_list(press, tx, press.number(0))


async def show_list(turn: Turn, tx: Transaction, page: int = 0, *, before: Markup | None = None) -> Reply:
    """A page of groups, most asked first."""
    language = turn.language
    groups = await question_groups.find_groups(tx, now=turn.now, meaning_of=turn.setup.library.known_meaning)
    page = min(max(0, page), max(0, len(groups) - 1) // PAGE)
    parts = [before] if before else []
    if not groups:
        parts.append(
            language.html(
                "<b>🎓 Teach the bot</b>\nNo question waits for an answer. What members ask in vain, and what"
                " they mark with 👎, is shown here."
            )
        )
    else:
        parts.append(
            language.nhtml(
                "<b>🎓 Teach the bot</b>\n{n} question without a good answer, without names. Choose it to say"
                " which answer it needs.",
                "<b>🎓 Teach the bot</b>\n{n} questions without a good answer, most asked first, without"
                " names. Choose one to say which answer it needs.",
                len(groups),
            )
        )
    numbered = list(enumerate(groups[page * PAGE : (page + 1) * PAGE], start=page * PAGE + 1))
    for number, group in numbered:
        parts.append(await _line(number, group, turn, tx))
    rows = [
        [button(shortened(f"{number}. {isolate(group.example.text)}", LABEL), "olearngroup", group.id)]
        for number, group in numbered
    ]
    turning = []
    if page:
        turning.append(button(language.gettext("‹ Previous"), "olearn", page - 1))
    if (page + 1) * PAGE < len(groups):
        turning.append(button(language.gettext("Next ›"), "olearn", page + 1))
    ways_on = [
        button(language.gettext("📚 All answers"), "olearnbook", 0),
        button(language.gettext("↩️ Changes"), "olearnlog", 0),
    ]
    return show(Markup("\n\n").join(parts), [*rows, turning, ways_on, [organise_button(language)]])


async def _line(number: int, group: Group, turn: Turn, tx: Transaction) -> Markup:
    language = turn.language
    facts = [
        language.nhtml("{n} person", "{n} people", group.people),
        escape(NATIVE_NAMES.get(group.example.locale, group.example.locale)),
        await _offered(group, turn, tx),
    ]
    line = Markup("<b>{}.</b> {}\n").format(number, isolate(shortened(group.example.text, 120)))
    return line + Markup(" · ").join(facts)


async def _offered(group: Group, turn: Turn, tx: Transaction) -> Markup:
    """What members got in place of an answer."""
    language = turn.language
    wrong = bool(group.wrong)
    one = group.wrong[0] if wrong else group.example
    title = await topics.title_of(turn, tx, one.topic_id) if one.topic_id else ""
    named = isolate(shortened(title, LABEL))
    if wrong:
        if not title:
            return language.html("👎 answered wrongly")
        return language.html("👎 answered with “{title}”", title=named)
    if one.outcome == "answered" and title:
        return language.html("💬 after “{title}”, asked a person", title=named)
    if one.outcome == "offered" and title:
        return language.html("offered: “{title}”", title=named)
    return language.html("nothing found")


async def open_group(press: Press, tx: Transaction) -> Reply:
    return await show_group(press, tx, press.number(0))


async def show_group(turn: Turn, tx: Transaction, group_id: int, *, before: Markup | None = None) -> Reply:
    """All wordings of a group, and the answers that may be meant, each one tap away."""
    language, group = turn.language, await find_group(turn, tx, group_id)
    if group is None:
        return await dealt_with(turn, tx)
    parts = [before] if before else []
    parts.append(
        language.nhtml("<b>Asked by {n} person</b>", "<b>Asked by {n} people</b>", group.people)
        + Markup(" · ")
        + await _offered(group, turn, tx)
    )
    ways = list(group.ways().items())
    lines = [_way(text, times) for text, times in ways[:MOST_WAYS]]
    if len(ways) > MOST_WAYS:
        left = len(ways) - MOST_WAYS
        lines.append(language.nhtml("… and {n} more wording", "… and {n} more wordings", left))
    parts.append(Markup("\n").join(lines))
    near = await _near(group, turn, tx)
    rows = [[button(f"✓ {title}", "olearnto", group.id, question_id)] for question_id, title in near]
    if near:
        parts.append(
            language.html(
                "Which answer do they need? Tap it, and from then on these words find it, within seconds."
            )
        )
    else:
        parts.append(language.html("I know no answer near to this. Look for one, or write a new one."))
    rows.append(
        [
            button(language.gettext("🔎 Another answer"), "olearnfind", group.id),
            button(language.gettext("➕ New answer"), "olearnnew", group.id),
        ]
    )
    if len(ways) > 1:
        rows.append([button(language.gettext("☑️ Only some of these"), "olearnpick", group.id)])
    learned = await _learned_wrongly(group, tx)
    if learned is not None:
        rows.append([button(language.gettext("➖ Unlearn this wording"), "olearnaway", group.id, learned.id)])
        parts.append(
            language.html(
                "The wrong answer is found by “{wording}” because somebody taught me that.",
                wording=isolate(shortened(learned.text, LABEL)),
            )
        )
    rows.append([button(language.gettext("🚫 Not a question for us"), "olearnnot", group.id)])
    return show(Markup("\n\n").join(parts), [*rows, [list_button(language)]])


def _way(text: str, times: int) -> Markup:
    line = Markup("• {}").format(isolate(text))
    return line + Markup(" (×{})").format(times) if times > 1 else line


async def _near(group: Group, turn: Turn, tx: Transaction) -> list[tuple[int, str]]:
    """Ids and titles of the likeliest questions of the library; first what its askers say is right."""
    found = [one.meant for one in group.questions if one.meant]
    for text in list(group.ways())[:PROBED]:
        locale = next(one.locale for one in group.questions if one.text == text)
        near = all_found(turn.setup.library.ask(text, locale))
        found += [one.entry.id for one in near]
    wrong = {one.topic_id for one in group.wrong}
    ids = [
        topic_id for topic_id in dict.fromkeys(found) if topic_id.startswith("q") and topic_id not in wrong
    ]
    titled = [(topic_id, await topics.title_of(turn, tx, topic_id)) for topic_id in ids]
    return [(int(topic_id[1:]), title) for topic_id, title in titled if title][:MOST_NEAR]


async def _learned_wrongly(group: Group, tx: Transaction) -> Wording | None:
    """The very wording by which the wrong answer was found, if organisers had taught it."""
    for one in group.wrong:
        kind, number = (one.topic_id or "")[:1], (one.topic_id or "")[1:]
        entry = await entries.find(tx, int(number)) if kind == "q" and number.isdecimal() else None
        for way in entry.wordings if entry and not entry.hidden else ():
            alike = teaching.same_words(way.text) == teaching.same_words(one.text)
            if alike and way.origin == "learned":
                return way
    return None


async def attach(press: Press, tx: Transaction) -> Reply:
    """This answers it: the whole group becomes wordings of the entry."""
    group = await find_group(press, tx, press.number(0))
    if group is None:
        before = await teaching.taught_before(tx, press.number(0), "attached", press.number(1))
        return await show_taught(press, tx, before) if before else await dealt_with(press, tx)
    ids = [one.id for one in group.questions]
    taught = await teaching.attach(tx, ids, press.number(1), actor_id=press.person.id, now=press.now)
    match taught:
        case Taught():
            return await show_taught(press, tx, taught)
        case Already():
            return await dealt_with(press, tx)
        case Gone():
            return toast(press.language.gettext("That is not there any more.")) + await show_group(
                press, tx, press.number(0)
            )


async def dismiss(press: Press, tx: Transaction) -> Reply:
    group = await find_group(press, tx, press.number(0))
    if group is None:
        before = await teaching.taught_before(tx, press.number(0), "dismissed")
        return _show_dismissed(press.language, before) if before else await dealt_with(press, tx)
    ids = [one.id for one in group.questions]
    done = await teaching.dismiss(tx, ids, actor_id=press.person.id, now=press.now)
    if isinstance(done, Already):
        return await dealt_with(press, tx)
    return _show_dismissed(press.language, done)


def _show_dismissed(language: Language, done: Taught) -> Reply:
    text = language.html("🚫 Put aside: nothing has to answer this. It helps me to tell what is not for us.")
    return show(text, _after(language, done))


async def unlearn(press: Press, tx: Transaction) -> Reply:
    """The wrong answer isn't found by this wording any more; the question stays open."""
    group = await find_group(press, tx, press.number(0))
    learned = await _learned_wrongly(group, tx) if group else None
    if group is None or learned is None or learned.id != press.number(1):
        return await dealt_with(press, tx)
    done = await teaching.remove_wording(tx, learned.id, actor_id=press.person.id, now=press.now)
    if not isinstance(done, Taught):
        said = press.language.html("It is the only wording of that answer. Delete the answer instead.")
        return await show_group(press, tx, group.id, before=said)
    text = press.language.html(
        "➖ Unlearned: “{wording}” doesn't find that answer any more. Which one it needs is still open.",
        wording=isolate(shortened(learned.text, LABEL)),
    )
    back = [button(press.language.gettext("‹ Back to the question"), "olearngroup", group.id)]
    return show(text, [*_after(press.language, done), back])


async def show_taught(turn: Turn, tx: Transaction, taught: Taught) -> Reply:
    """What was learned, how to look at it, and how to undo it."""
    language = turn.language
    title = await topics.title_of(turn, tx, f"q{taught.question_id}")
    said = language.html("✅ Learned. “{title}” now answers this.", title=isolate(shortened(title, 120)))
    if taught.wordings:
        said += Markup("\n") + language.nhtml(
            "{n} new wording finds it.", "{n} new wordings find it.", taught.wordings
        )
    rows = _after(language, taught)
    rows.insert(1, [button(language.gettext("👁 See this answer"), "olearnentry", taught.question_id)])
    return show(said, rows)


def _after(language: Language, taught: Taught) -> list[list[Button]]:
    return [
        [button(language.gettext("↩️ Undo"), "olearnundo", taught.lesson_id)],
        [button(language.gettext("The next one ›"), "olearn", 0), organise_button(language)],
    ]


async def find_group(turn: Turn, tx: Transaction, group_id: int) -> Group | None:
    """The group that this question is in now; None when it is not open any more."""
    for group in await question_groups.find_groups(
        tx, now=turn.now, meaning_of=turn.setup.library.known_meaning
    ):
        if any(one.id == group_id for one in group.questions):
            return group
    return None


async def dealt_with(turn: Turn, tx: Transaction) -> Reply:
    text = turn.language.gettext("That question has been dealt with.")
    return toast(text) + await show_list(turn, tx) if isinstance(turn, Press) else await show_list(turn, tx)
