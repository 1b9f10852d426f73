"""Newsletters for organisers: the list, one with what can be done to it, and how its next letter reads."""

from markupsafe import Markup

from bot import newsletters
from bot.language import LOCALES, NATIVE_NAMES, Language
from bot.language import language as language_of
from bot.newsletters import MOST, name_of
from handlers.letters import as_read
from handlers.newsletters import rhythm, topics
from handlers.organise.menu import organise_button
from handlers.owing import Reading
from handlers.replies import NOTHING, Button, Keyboard, Reply, below, button, say, show, toast
from handlers.turns import Press, Turn
from storage import Transaction
from storage import newsletters as kept
from storage.newsletters import Newsletter


def list_button(language: Language) -> Button:
    return button(language.gettext("‹ Newsletters"), "onews")


async def browse(press: Press, tx: Transaction) -> Reply:
    return await show_list(press, tx)


async def show_list(turn: Turn, tx: Transaction, *, before: Markup | None = None) -> Reply:
    language, found = turn.language, await kept.list_all(tx)
    parts = [before] if before else []
    parts += [
        language.html("<b>Newsletters</b>"),
        language.html(
            "A newsletter tells those who asked for it what lies ahead, again and again, each in their own"
            " language. When there is nothing to tell, none is sent."
        ),
    ]
    rows = [
        [
            button(
                ("📰 " if one.next_at else "⏸ ") + name_of(one, language.locale),
                "onewsone",
                one.id,
            )
        ]
        for one in found
    ]
    if len(found) < MOST:
        rows.append([button(language.gettext("➕ New newsletter"), "onewsnew", style="primary")])
    return show(Markup("\n\n").join(parts), [*rows, [organise_button(language)]])


async def press_one(press: Press, tx: Transaction) -> Reply:
    return await show_one(press, tx, press.number(0))


async def show_one(turn: Turn, tx: Transaction, newsletter_id: int, *, before: Markup | None = None) -> Reply:
    """One newsletter: its topics and days, when its next letter goes out, and to how many."""
    found, language = await kept.find(tx, newsletter_id), turn.language
    if found is None:
        gone = language.html("This newsletter is not there any more.")
        return await show_list(turn, tx, before=gone)
    readers = await kept.count_subscribers(tx, found.id)
    facts = [
        Markup("📰 <b>{}</b>").format(name_of(found, language.locale)),
        topics(found.kinds, language),
        language.html("🕒 {rhythm}", rhythm=rhythm(found, turn)),
    ]
    if found.next_at is None:
        facts.append(language.html("⏸ <b>Paused: no letter is sent.</b>"))
    else:
        when = language.moment(found.next_at, turn.setup.home, now=turn.now)
        facts.append(language.html("📤 Next letter: {when}", when=when))
    facts.append(language.nhtml("👥 {n} person gets it", "👥 {n} people get it", readers))
    facts.append(_forewords(found, language))
    text = Markup("\n").join(facts)
    return show(before + Markup("\n\n") + text if before else text, _buttons(found, turn))


def _forewords(found: Newsletter, language: Language) -> Markup:
    written = [NATIVE_NAMES[one] for one in LOCALES if one in found.texts and found.texts[one].foreword]
    if not written:
        return language.html("✍️ The next letter has no foreword.")
    return language.html(
        "✍️ The next letter has a foreword in: {languages}", languages=language.joined(written)
    )


def _buttons(found: Newsletter, turn: Turn) -> Keyboard:
    language = turn.language
    going = button(language.gettext("⏸ Pause"), "onewspause", found.id)
    if found.next_at is None:
        going = button(language.gettext("▶️ Go on"), "onewsgo", found.id, style="primary")
    return [
        [button(language.gettext("✍️ Foreword of the next letter"), "onewslang", found.id, "fore")],
        [button(language.gettext("👁 Preview"), "onewsview", found.id)],
        [
            button(language.gettext("🏷 Name"), "onewslang", found.id, "name"),
            button(language.gettext("🗂 Topics"), "onewstopics", found.id),
            button(language.gettext("🕒 Days"), "onewswhen", found.id),
        ],
        [going, button(language.gettext("🗑 Delete"), "onewsdel", found.id, style="danger")],
        [list_button(language), organise_button(language)],
    ]


async def choose_language(press: Press, tx: Transaction) -> Reply:
    """In which language its name or its foreword is to be written."""
    found, language, what = await kept.find(tx, press.number(0)), press.language, press.word(1)
    if found is None or what not in ("name", "fore"):
        return await show_one(press, tx, press.number(0))
    if what == "name":
        text = language.html("The newsletter's name, in which language?")
        written = [one for one in LOCALES if one in found.texts and found.texts[one].name]
    else:
        text = language.html(
            "A few words above the events of the next letter, in which language? Whoever reads none of those"
            " that you write gets the first of them."
        )
        written = [one for one in LOCALES if one in found.texts and found.texts[one].foreword]
    rows = [
        [button(f"{'✏️' if one in written else '＋'} {NATIVE_NAMES[one]}", "onewswrite", found.id, what, one)]
        for one in LOCALES
    ]
    return show(text, [*rows, [button(language.gettext("‹ Back"), "onewsone", found.id)]])


async def pause(press: Press, tx: Transaction) -> Reply:
    """Send no more letters. Pressing twice is harmless."""
    done = NOTHING
    if await newsletters.pause(tx, press.number(0), actor_id=press.person.id, now=press.now):
        done = toast(press.language.gettext("Paused."))
    return done + await show_one(press, tx, press.number(0))


async def go_on(press: Press, tx: Transaction) -> Reply:
    done, home = NOTHING, press.setup.home
    if await newsletters.go_on(tx, press.number(0), actor_id=press.person.id, home=home, now=press.now):
        done = toast(press.language.gettext("It is sent again."))
    return done + await show_one(press, tx, press.number(0))


async def ask_delete(press: Press, tx: Transaction) -> Reply:
    found, language = await kept.find(tx, press.number(0)), press.language
    if found is None:
        return await show_one(press, tx, press.number(0))
    readers = await kept.count_subscribers(tx, found.id)
    question = language.html("Delete the newsletter “{name}”?", name=name_of(found, language.locale))
    said = language.nhtml(
        "{n} person gets it and will get it no more. Pausing keeps them.",
        "{n} people get it and will get it no more. Pausing keeps them.",
        readers,
    )
    rows = [
        [button(language.gettext("Yes, delete it"), "onewsgone", found.id, style="danger")],
        [button(language.gettext("‹ No, keep it"), "onewsone", found.id)],
    ]
    return show(question + Markup("\n\n") + said, rows)


async def delete(press: Press, tx: Transaction) -> Reply:
    if await newsletters.drop(tx, press.number(0), actor_id=press.person.id, now=press.now):
        return await show_list(press, tx, before=press.language.html("The newsletter is deleted."))
    return await show_one(press, tx, press.number(0))


async def preview(press: Press, tx: Transaction) -> Reply:
    """The next letter as readers of each language would get it now, and the newsletter again below."""
    found = await kept.find(tx, press.number(0))
    if found is None:
        return await show_one(press, tx, press.number(0))
    coming = await newsletters.list_events(tx, found, press.person.id, now=press.now)
    forewords = {locale: words.foreword for locale, words in found.texts.items() if words.foreword}
    shown, nothing = NOTHING, False
    for locale in LOCALES:
        reading = Reading(language_of(locale, press.setup.home), press.now, press.setup)
        letter = as_read(found, forewords, coming, reading)
        if letter is None:
            nothing = True
            break
        note = press.language.html("👇 Readers of {language} see this:", language=NATIVE_NAMES[locale])
        shown += say(note) + letter
    before = None
    if nothing:
        before = press.language.html("There is nothing to tell just now: no letter would be sent.")
    return shown + below(await show_one(press, tx, found.id, before=before))
