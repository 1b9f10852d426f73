"""Upcoming events, page by page, of all kinds or of one."""

from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot import programme
from bot.kinds import KINDS
from handlers.events import title_of
from handlers.hold_words import in_list
from handlers.kinds import kind_name
from handlers.menu import home_button
from handlers.origins import ANY_KIND, origin
from handlers.replies import Reply, button, show
from handlers.turns import Press, Turn
from storage import Transaction, events

PAGE = 5


async def browse(turn: Turn, tx: Transaction) -> Reply:
    """A page of upcoming events, of all kinds or of one."""
    page, kind = 0, None
    if isinstance(turn, Press):
        page, kind = max(0, turn.number(0)), turn.word(1) if turn.word(1) in KINDS else None
    total = await events.count_upcoming(tx, now=turn.now, person_id=turn.person.id, kind=kind)
    page = min(page, max(0, (total - 1) // PAGE))
    found = await events.list_upcoming(
        tx, now=turn.now, person_id=turn.person.id, kind=kind, limit=PAGE, offset=page * PAGE
    )
    language = turn.language
    if not found and kind:
        text = language.html("Nothing of this kind is coming up just now.")
        everything = button(language.gettext("All kinds"), "events", 0, ANY_KIND)
        return show(text, [[everything], [home_button(language)]])
    if not found:
        text = language.html("There are no upcoming events just now. Please look again in a few days.")
        return show(text, [[home_button(language)]])
    heading = language.html("<b>Upcoming events</b>")
    if kind:
        heading = language.html("<b>Upcoming: {kind}</b>", kind=kind_name(language, kind))
    lines = [
        Markup("<b>{n}.</b> {title}\n{when}").format(
            n=number,
            title=title_of(event, language),
            when=language.moment(event.starts_at, ZoneInfo(event.zone), now=turn.now),
        )
        + in_list(event, language)
        for number, event in enumerate(found, start=page * PAGE + 1)
    ]
    rows = [
        [
            button(
                f"{number}. {programme.text_of(event, language.locale).title}",
                "event",
                event.id,
                origin(page, kind or ANY_KIND),
            )
        ]
        for number, event in enumerate(found, start=page * PAGE + 1)
    ]
    turning = []
    if page:
        turning.append(button(language.gettext("‹ Earlier"), "events", page - 1, kind or ANY_KIND))
    if (page + 1) * PAGE < total:
        turning.append(button(language.gettext("Later ›"), "events", page + 1, kind or ANY_KIND))
    last = [button(language.gettext("Filter by kind"), "kinds"), home_button(language)]
    return show(Markup("\n\n").join([heading, *lines]), [*rows, turning, last])


async def choose_kind(turn: Turn, tx: Transaction) -> Reply:
    """The kinds of which there is something coming up."""
    language = turn.language
    present = await events.list_kinds_upcoming(tx, now=turn.now, person_id=turn.person.id)
    offered = [button(kind_name(language, kind), "events", 0, kind) for kind in present]
    rows = [offered[start : start + 2] for start in range(0, len(offered), 2)]
    everything = [button(language.gettext("All kinds"), "events", 0, ANY_KIND)]
    return show(language.html("Which kind of event?"), [*rows, everything, [home_button(language)]])
