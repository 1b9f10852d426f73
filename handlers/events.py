"""Upcoming events: the list, an event's card, its calendar file, its place on the map."""

from datetime import timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from bot import attendance, calendars, programme
from bot.attendance import Places
from bot.kinds import KINDS
from bot.language import NATIVE_NAMES, Language
from handlers.kinds import kind_name
from handlers.menu import home_button
from handlers.replies import Button, Pin, Reply, alert, button, file, link, show, toast
from handlers.turns import Press, Setup, Turn
from storage import Transaction, events, rsvps
from storage.events import Event
from storage.rsvps import Rsvp

PAGE = 5
ANY_KIND = "-"


async def browse(turn: Turn, tx: Transaction) -> Reply:
    """A page of upcoming events, of all kinds or of one."""
    page, kind = 0, None
    if isinstance(turn, Press):
        page, kind = max(0, turn.number(0)), turn.word(1) if turn.word(1) in KINDS else None
    total = await events.count_upcoming(tx, now=turn.now, kind=kind)
    page = min(page, max(0, (total - 1) // PAGE))
    found = await events.list_upcoming(tx, now=turn.now, kind=kind, limit=PAGE, offset=page * PAGE)
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
        for number, event in enumerate(found, start=page * PAGE + 1)
    ]
    rows = [
        [button(f"{number}. {programme.text_of(event, language.locale).title}", "event", event.id)]
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
    present = await events.list_kinds_upcoming(tx, now=turn.now)
    offered = [button(kind_name(language, kind), "events", 0, kind) for kind in present]
    rows = [offered[start : start + 2] for start in range(0, len(offered), 2)]
    everything = [button(language.gettext("All kinds"), "events", 0, ANY_KIND)]
    return show(language.html("Which kind of event?"), [*rows, everything, [home_button(language)]])


async def open_card(turn: Turn, tx: Transaction, event_id: int) -> Reply:
    """The event's card as the person stands with it, or an honest word that it is gone."""
    event = await events.find(tx, event_id)
    if event is None or event.state == "draft":
        return show(
            turn.language.html("This event is not there any more."),
            [[button(turn.language.gettext("📅 Events"), "events")]],
        )
    mine = await rsvps.find(tx, event.id, turn.person.id)
    position = await rsvps.count_ahead(tx, mine) + 1 if mine and mine.state == "waiting" else 0
    places = await attendance.count_places(tx, event)
    return show(describe(event, places, mine, position, turn), card_buttons(event, places, mine, turn))


async def press_card(press: Press, tx: Transaction) -> Reply:
    return await open_card(press, tx, press.number(0))


def title_of(event: Event, language: Language) -> Markup:
    return escape(programme.text_of(event, language.locale).title)


def describe(event: Event, places: Places, mine: Rsvp | None, position: int, turn: Turn) -> Markup:
    """The card's text."""
    language, text = turn.language, programme.text_of(event, turn.language.locale)
    zone = ZoneInfo(event.zone)
    facts = [
        Markup("<b>{}</b>").format(text.title),
        escape(kind_name(language, event.kind)),
        language.html("🗓 {when}", when=language.span(event.starts_at, event.ends_at, zone, now=turn.now)),
    ]
    if text.place:
        facts.append(language.html("📍 {place}", place=text.place))
    if event.state == "cancelled":
        facts.append(language.html("❌ <b>This event has been cancelled.</b>"))
    else:
        facts += _places_left(event, places, mine, turn)
    parts = [Markup("\n").join(facts)]
    if text.description:
        parts.append(escape(text.description))
    if text.bring:
        parts.append(language.html("🎒 Please bring: {things}", things=text.bring))
    if language.locale not in event.texts:
        parts.append(language.html("<i>Shown in {language}.</i>", language=NATIVE_NAMES[event.base_locale]))
    stands = _standing(mine, position, language) if event.state == "published" else None
    if stands:
        parts.append(stands)
    return Markup("\n\n").join(parts)


def _places_left(event: Event, places: Places, mine: Rsvp | None, turn: Turn) -> list[Markup]:
    language, zone = turn.language, ZoneInfo(event.zone)
    if turn.now >= event.ends_at:
        return [language.html("This event is over.")]
    if turn.now >= event.starts_at:
        return [language.html("This event has begun.")]
    if not attendance.is_open(event, turn.now):
        return [language.html("Sign-up has closed.")]
    lines = []
    if places.free is None:
        lines.append(language.html("👥 Open to everyone, no limit"))
    elif places.free and not places.waiting:
        lines.append(language.nhtml("👥 {n} place left", "👥 {n} places left", places.free))
    elif places.waiting:
        lines.append(
            language.nhtml("👥 Full, {n} person waiting", "👥 Full, {n} people waiting", places.waiting)
        )
    elif mine is not None and mine.state != "left":
        lines.append(language.html("👥 Full"))
    else:
        lines.append(language.html("👥 Full. You can join the waitlist."))
    if event.deadline_at:
        when = language.moment(event.deadline_at, zone, now=turn.now)
        lines.append(language.html("⏳ Sign up by {when}", when=when))
    return lines


def _standing(mine: Rsvp | None, position: int, language: Language) -> Markup | None:
    match mine:
        case Rsvp(state="going", companions=0):
            return language.html("✅ <b>You have a place.</b>")
        case Rsvp(state="going", companions=n):
            return language.nhtml(
                "✅ <b>You have a place, with {n} companion.</b>",
                "✅ <b>You have a place, with {n} companions.</b>",
                n,
            )
        case Rsvp(state="waiting"):
            return language.html("🕒 <b>You are number {n} on the waitlist.</b>", n=language.number(position))
        case _:
            return None


def card_buttons(event: Event, places: Places, mine: Rsvp | None, turn: Turn) -> list[list[Button]]:
    """What the person can do from the card, as they stand with it."""
    language, rows = turn.language, list[list[Button]]()
    holds = mine is not None and mine.state != "left"
    live = event.state == "published" and turn.now < event.ends_at
    if live and not holds and attendance.is_open(event, turn.now):
        full = places.waiting > 0 or places.free == 0
        label = language.gettext("Join the waitlist") if full else language.gettext("I will come")
        rows.append([button(label, "join", event.id, style="success")])
        if event.companions:
            rows.append([button(language.gettext("I will bring somebody"), "party", event.id)])
    if live and holds:
        if event.companions:
            rows.append([button(language.gettext("Change companions"), "party", event.id)])
        waits = mine is not None and mine.state == "waiting"
        label = language.gettext("Leave the waitlist") if waits else language.gettext("I can't come")
        rows.append([button(label, "leave", event.id)])
        if mine and mine.state == "going" and event.online_url:
            rows.append([link(language.gettext("🔗 Join online"), event.online_url)])
    extras = []
    if live and event.latitude is not None:
        extras.append(button(language.gettext("🗺 Map"), "map", event.id))
    if live:
        extras.append(button(language.gettext("📆 Calendar file"), "ics", event.id))
        extras.append(link(language.gettext("↗ Share"), share_address(event, turn.setup, language)))
    return [*rows, extras, [button(language.gettext("‹ Events"), "events"), home_button(language)]]


def share_address(event: Event, setup: Setup, language: Language) -> str:
    """Telegram's own "share" page, with the event's deep link."""
    deep_link = f"https://t.me/{setup.username}?start=event_{event.id}"
    title = programme.text_of(event, language.locale).title
    return "https://t.me/share/url?" + urlencode({"url": deep_link, "text": title})


async def send_calendar(press: Press, tx: Transaction) -> Reply:
    """The event as a file that every calendar opens."""
    event = await events.find(tx, press.number(0))
    if event is None or event.state == "draft":
        return alert(press.language.gettext("This event is not there any more."))
    mine = await rsvps.find(tx, event.id, press.person.id)
    seated = mine is not None and mine.state == "going"
    text = programme.text_of(event, press.language.locale)
    entry = calendars.CalendarEvent(
        uid=f"event-{event.id}@{press.setup.username}",
        title=text.title,
        description=text.description,
        place=text.place,
        url=(event.online_url or "") if seated else "",
        starts=event.starts_at,
        ends=event.ends_at,
        zone=ZoneInfo(event.zone),
        revision=event.revision,
        cancelled=event.state == "cancelled",
        alarms=(timedelta(days=1), timedelta(hours=2)),
    )
    caption = press.language.html("Open this file to put the event into your calendar.")
    return toast("") + file(
        calendars.file_name(text.title), calendars.calendar(entry, now=press.now), caption
    )


async def send_map(press: Press, tx: Transaction) -> Reply:
    event = await events.find(tx, press.number(0))
    if event is None or event.latitude is None or event.longitude is None:
        return alert(press.language.gettext("There is no map for this event."))
    text = programme.text_of(event, press.language.locale)
    return toast("") + Reply((Pin(event.latitude, event.longitude, text.title, text.place),))
