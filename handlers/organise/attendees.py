"""Who comes to an event: in pages, and as a spreadsheet."""

from markupsafe import Markup

from bot import calendars, lists, programme
from bot.language import NATIVE_NAMES, Language, isolate
from bot.lists import Cell
from handlers.events import title_of
from handlers.organise.event_admin import gone
from handlers.replies import Reply, button, file, show, toast
from handlers.turns import Press
from storage import Transaction, events, rsvps
from storage.rsvps import Attendee

PAGE = 20


async def list_attendees(press: Press, tx: Transaction) -> Reply:
    """A page of those seated, then those waiting."""
    event = await events.find(tx, press.number(0))
    if event is None:
        return gone(press)
    language, page = press.language, min(max(0, press.number(1)), 10_000)
    # One more than is shown tells whether there is another page.
    found = await rsvps.list_attendees(tx, event.id, limit=PAGE + 1, offset=page * PAGE)
    heading = language.html("<b>Who is coming: {title}</b>", title=title_of(event, language))
    back = [button(language.gettext("‹ Back"), "oevent", event.id)]
    if not found:
        nobody = language.html("Nobody has signed up yet.")
        if page:
            nobody = language.html("There is nobody on this page.")
        return show(heading + Markup("\n\n") + nobody, [back])
    lines = [_line(number, one, language) for number, one in enumerate(found[:PAGE], start=page * PAGE + 1)]
    turning = []
    if page:
        turning.append(button(language.gettext("‹ Previous"), "oattend", event.id, page - 1))
    if len(found) > PAGE:
        turning.append(button(language.gettext("Next ›"), "oattend", event.id, page + 1))
    as_file = [button(language.gettext("📄 List as a file"), "oxlsx", event.id)]
    return show(Markup("\n").join([heading, "", *lines]), [turning, as_file, back])


def _line(number: int, one: Attendee, language: Language) -> Markup:
    name = isolate(one.name[:64])
    line = Markup("{}. {}").format(number, name)
    if one.username:
        line += Markup(" @{}").format(one.username)
    if one.companions:
        line += Markup(" +{}").format(one.companions)
    if one.state == "waiting":
        line += Markup(" ") + language.html("(waiting)")
    return line


async def send_list(press: Press, tx: Transaction) -> Reply:
    """Everybody on the list as an .xlsx file, with headings in the organiser's language."""
    event = await events.find(tx, press.number(0))
    if event is None:
        return gone(press)
    language = press.language
    headings = [
        language.gettext("Name"),
        language.gettext("Companions"),
        language.gettext("Status"),
        language.gettext("Language"),
        language.gettext("Telegram name"),
    ]
    rows: list[list[Cell]] = [
        [
            one.name,
            one.companions,
            _status(one, language),
            NATIVE_NAMES[one.locale],
            f"@{one.username}" if one.username else "",
        ]
        for one in await rsvps.list_attendees(tx, event.id)
    ]
    title = programme.text_of(event, language.locale).title
    content = lists.workbook(language.gettext("Who is coming"), headings, rows, made_at=press.now)
    name = calendars.file_name(title).removesuffix(".ics") + ".xlsx"
    caption = language.html("Who is coming: {title}", title=title)
    return toast("") + file(name, content, caption)


def _status(one: Attendee, language: Language) -> str:
    return language.gettext("waiting") if one.state == "waiting" else language.gettext("has a place")
