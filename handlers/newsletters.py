"""Asking for newsletters and giving them up: in /settings, and where one is offered."""

from collections.abc import Sequence

from markupsafe import Markup, escape

from bot import newsletters
from bot.language import Language
from bot.newsletters import name_of
from handlers.kinds import kind_name
from handlers.replies import Button, Keyboard, Reply, button, show, toast
from handlers.turns import Press, Turn
from storage import Transaction
from storage import newsletters as kept
from storage.newsletters import Newsletter, Rule

# Not every month has a later day.
_SHORTEST = 28
# So many are described in full: a phone shows no more at a time.
_MOST_IN_FULL = 5


def _back(language: Language) -> Button:
    return button(language.gettext("‹ Settings"), "settings")


async def open_newsletters(turn: Turn, tx: Transaction) -> Reply:
    """Every newsletter there is, with a switch for each."""
    language = turn.language
    mine = {one.newsletter.id: one.state for one in await kept.list_of_person(tx, turn.person.id)}
    listed = await kept.list_all(tx)
    found = [one for one in listed if one.next_at is not None or mine.get(one.id) == "on"]
    heading = language.html("📰 <b>Newsletters</b>")
    if not found:
        none = language.html("There is no newsletter yet.")
        return show(Markup("\n\n").join([heading, none]), [[_back(language)]])
    hint = language.html("Tell me which of them you want. You can give each up at any time.")
    if len(found) > _MOST_IN_FULL:
        described = [Markup("\n").join(_in_short(one, turn) for one in found)]
    else:
        described = [_described(one, turn, on=mine.get(one.id) == "on") for one in found]
    rows = [
        [
            button(
                ("✓ " if mine.get(one.id) == "on" else "＋ ") + name_of(one, language.locale),
                "letters",
                one.id,
                "off" if mine.get(one.id) == "on" else "on",
            )
        ]
        for one in found
    ]
    return show(Markup("\n\n").join([heading, hint, *described]), [*rows, [_back(language)]])


def _in_short(newsletter: Newsletter, turn: Turn) -> Markup:
    """One of many: its switch below says whether the person gets it."""
    name, paused = name_of(newsletter, turn.language.locale), newsletter.next_at is None
    said = turn.language.gettext("⏸ It is not sent just now.") if paused else rhythm(newsletter, turn)
    return Markup("• <b>{}</b>\n{}").format(name, said)


def _described(newsletter: Newsletter, turn: Turn, *, on: bool) -> Markup:
    language = turn.language
    lines = [
        Markup("<b>{}</b>").format(name_of(newsletter, language.locale)),
        topics(newsletter.kinds, language),
        escape(rhythm(newsletter, turn)),
    ]
    if on:
        lines.append(language.html("✅ You get it."))
    if newsletter.next_at is None:
        lines.append(language.html("⏸ It is not sent just now."))
    return Markup("\n").join(lines)


def topics(kinds: Sequence[str], language: Language) -> Markup:
    if not kinds:
        return language.html("On all kinds of events")
    return language.html("On: {kinds}", kinds=language.joined([kind_name(language, one) for one in kinds]))


def rhythm(rule: Rule, turn: Turn) -> str:
    """When its letters come, by the clock at home."""
    language = turn.language
    hour, minute = divmod(rule.minute, 60)
    time = language.time(turn.now.astimezone(turn.setup.home).replace(hour=hour, minute=minute))
    if rule.every == "week":
        return language.gettext("Every week on {day} at {time}", day=language.weekday(rule.day), time=time)
    if rule.day > _SHORTEST:
        return language.gettext(
            "Every month on day {n} or the month's last one, at {time}",
            n=language.number(rule.day),
            time=time,
        )
    return language.gettext("Every month on day {n} at {time}", n=language.number(rule.day), time=time)


def first_letter(newsletter: Newsletter, turn: Turn) -> str:
    """When somebody who asks for it now gets it first."""
    if newsletter.next_at is None:
        return turn.language.gettext("You get the next one when it is sent again.")
    when = turn.language.moment(newsletter.next_at, turn.setup.home, now=turn.now)
    return turn.language.gettext("You get the next one on {when}.", when=when)


async def switch(press: Press, tx: Transaction) -> Reply:
    """Ask for a newsletter or give it up; the button names the state it leads to."""
    newsletter, state = await kept.find(tx, press.number(0)), press.word(1)
    if newsletter is None or state not in ("on", "off"):
        nothing = toast(press.language.gettext("That button does nothing here."))
        return nothing + await open_newsletters(press, tx)
    await kept.put_state(tx, newsletter.id, press.person.id, state, now=press.now)
    said = toast(first_letter(newsletter, press) if state == "on" else "")
    return said + await open_newsletters(press, tx)


async def offer(turn: Turn, tx: Transaction, kind: str) -> tuple[Markup, Keyboard]:
    """Words and a button for a newsletter on such events, the first time that it fits; else nothing.

    What was offered once is not offered again, and neither is what was given up.
    """
    offerable = await newsletters.list_offerable(tx, turn.person.id, kind, now=turn.now)
    if not offerable:
        return Markup(), []
    one, language = offerable[0], turn.language
    await kept.put_state(tx, one.id, turn.person.id, "offered", now=turn.now)
    text = language.html(
        "📰 Would you like to hear of what comes next? <b>{name}</b>: {rhythm}.",
        name=name_of(one, language.locale),
        rhythm=rhythm(one, turn),
    )
    return text, [[button(language.gettext("📰 Yes, send it to me"), "letteron", one.id)]]
