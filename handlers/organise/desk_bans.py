"""Who may not write to the desk for a while, and lifting that."""

from markupsafe import Markup

from bot import desk_work
from bot.cutting import shortened
from bot.language import isolate
from handlers.organise.desk_list import list_button
from handlers.replies import NOTHING, Reply, button, show, toast
from handlers.turns import Press
from storage import Transaction, desk_bans
from storage.desk_bans import Ban

PAGE = 8


async def browse(press: Press, tx: Transaction) -> Reply:
    return await _list(press, tx, press.number(0))


async def _list(press: Press, tx: Transaction, page: int) -> Reply:
    language, total = press.language, await desk_bans.count(tx, now=press.now)
    if not total:
        text = language.html("Everybody may write to the team.")
        return show(text, [[list_button(language)]])
    page = min(max(0, page), (total - 1) // PAGE)
    found = await desk_bans.list_all(tx, now=press.now, limit=PAGE, offset=page * PAGE)
    lines = [language.html("<b>These can't write to the team</b>"), *(_line(one, press) for one in found)]
    rows = [
        [
            button(
                language.gettext("Lift: {name}", name=isolate(shortened(one.name, 40))),
                "desklift",
                one.person_id,
            )
        ]
        for one in found
    ]
    turning = []
    if page:
        turning.append(button(language.gettext("‹ Previous"), "deskbans", page - 1))
    if (page + 1) * PAGE < total:
        turning.append(button(language.gettext("More ›"), "deskbans", page + 1))
    return show(Markup("\n").join(lines), [*rows, turning, [list_button(language)]])


def _line(ban: Ban, press: Press) -> Markup:
    language = press.language
    if ban.until is None:
        return language.html("• {name}, until it is lifted", name=isolate(ban.name))
    when = language.moment(ban.until, press.setup.home, now=press.now)
    return language.html("• {name}, until {when}", name=isolate(ban.name), when=when)


async def lift(press: Press, tx: Transaction) -> Reply:
    """Let the member write again. Pressing twice is harmless."""
    done = NOTHING
    if await desk_work.lift(tx, press.number(0), actor_id=press.person.id, now=press.now):
        done = toast(press.language.gettext("Lifted. They can write to the team again."))
    return done + await _list(press, tx, 0)
