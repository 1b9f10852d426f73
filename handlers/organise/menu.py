"""What organisers can do, and the events as they see them."""

from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot import programme
from bot.language import Language
from handlers.events import title_of
from handlers.hold_words import in_list
from handlers.menu import home_button
from handlers.replies import Button, Reply, button, show
from handlers.turns import Press, Turn
from storage import Transaction, events, holds, volunteer_certificates
from storage.events import Event

PAGE = 6


def organise_button(language: Language) -> Button:
    return button(language.gettext("‹ Organise"), "organise")


async def open_menu(turn: Turn, tx: Transaction) -> Reply:
    """/organise"""
    language = turn.language
    rows = [
        [button(language.gettext("➕ Create an event"), "onew", style="primary")],
        [button(language.gettext("🗓 All events"), "oevents", 0)],
        [
            button(language.gettext("💬 Questions"), "desk"),
            button(language.gettext("🎓 Teach the bot"), "olearn", 0),
        ],
        [
            button(language.gettext("📣 Broadcast"), "broadcasts"),
            button(language.gettext("📰 Newsletters"), "onews"),
        ],
    ]
    held = len(await holds.list_held_ids(tx, now=turn.now))
    weather = button(language.gettext("⛈ Weather"), "oholds")
    if held:
        label = language.ngettext("⏸ {n} event on hold", "⏸ {n} events on hold", held)
        weather = button(label, "oheldall", style="primary")
    rows.append([weather, button(language.gettext("🔔 Reminders"), "oreminders")])
    unchecked = await volunteer_certificates.count_unchecked(tx)
    if unchecked:
        label = language.ngettext(
            "📜 {n} certificate to look at", "📜 {n} certificates to look at", unchecked
        )
        rows.append([button(label, "ocerts")])
    rows.append(
        [
            button(language.gettext("👥 Groups"), "ogroups"),
            button(language.gettext("🧠 Quizzes"), "oquizzes", 0),
        ]
    )
    last = [button(language.gettext("🕘 History"), "ohistory", 0)]
    if turn.is_owner:
        last.append(button(language.gettext("👤 Team"), "team"))
        last.append(button(language.gettext("🔎 Approval"), "broadcastrules"))
    rows.append(last)
    return show(language.html("What would you like to organise?"), [*rows, [home_button(language)]])


async def list_events(press: Press, tx: Transaction) -> Reply:
    """A page of events that are not over, whatever their state."""
    language = press.language
    total = await events.count_all(tx, ending_after=press.now)
    if not total:
        text = language.html("There are no events coming up. Create the first one.")
        rows = [[button(language.gettext("➕ Create an event"), "onew", style="primary")]]
        return show(text, [*rows, [past_button(language)], [organise_button(language)]])
    page = min(max(0, press.number(0)), (total - 1) // PAGE)
    found = await events.list_all(tx, ending_after=press.now, limit=PAGE, offset=page * PAGE)
    numbered = list(enumerate(found, start=page * PAGE + 1))
    lines = [_line(number, event, press) for number, event in numbered]
    rows = [
        [button(f"{number}. {programme.text_of(event, language.locale).title}"[:60], "oevent", event.id)]
        for number, event in numbered
    ]
    turning = []
    if page:
        turning.append(button(language.gettext("‹ Earlier"), "oevents", page - 1))
    if (page + 1) * PAGE < total:
        turning.append(button(language.gettext("Later ›"), "oevents", page + 1))
    text = Markup("\n\n").join([language.html("<b>All events</b>"), *lines])
    return show(text, [*rows, turning, [past_button(language), organise_button(language)]])


def past_button(language: Language) -> Button:
    """Who came to what is over, and how they found it."""
    return button(language.gettext("📊 Past events"), "opast", 0)


def _line(number: int, event: Event, turn: Turn) -> Markup:
    language = turn.language
    when = language.moment(event.starts_at, ZoneInfo(event.zone), now=turn.now)
    line = Markup("<b>{}.</b> {}\n{}").format(number, title_of(event, language), when)
    if event.state == "cancelled":
        line += Markup("\n") + language.html("❌ cancelled")
    return line + in_list(event, language)
