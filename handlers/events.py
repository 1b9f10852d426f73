"""An event's card, what can be pressed on it, its calendar file and its place on the map."""

from dataclasses import replace
from functools import lru_cache
from urllib.parse import urlencode

from markupsafe import Markup, escape

from bot import attendance, calendars, conversations, feeds, places, programme
from bot.attendance import Clash, Waiting
from bot.language import Language
from bot.places import Holding
from handlers import quiz_pages, visits
from handlers.event_card import View, describe, describe_to_outsider, is_full
from handlers.menu import home_button
from handlers.origins import back_button, carried
from handlers.replies import Button, Pin, Reply, alert, button, file, link, show, toast
from handlers.turns import Press, Setup, Turn
from storage import Transaction, events, groups, rsvps, series
from storage.events import Event
from storage.rsvps import Rsvp

# Of what overlaps, so much is offered to be opened.
CLASHES = 2


async def press_card(press: Press, tx: Transaction) -> Reply:
    event = await events.find(tx, press.number(0))
    if event is None or event.state == "draft":
        return await open_card(press, tx, press.number(0))
    # Whoever looks at a card and then asks "where is it?" means this one.
    await conversations.note_event(tx, press.person.id, event.id, now=press.now)
    return await open_card(press, tx, event.id, event=event)


async def open_card(
    turn: Turn,
    tx: Transaction,
    event_id: int,
    *,
    event: Event | None = None,
    holding: Holding | None = None,
) -> Reply:
    """The event's card as the person stands with it, or an honest word that it is gone.

    `event` is given where it has just been read, `holding` where that has just been decided.
    """
    view = await view_of(turn, tx, event, holding) if event else await look(turn, tx, event_id)
    if view is None:
        return show(
            turn.language.html("This event is not there any more."),
            [[button(turn.language.gettext("📅 Events"), "events")]],
        )
    last = [back_button(turn), home_button(turn.language)]
    if not view.may_read and not turn.is_organiser:
        ask = button(turn.language.gettext("💬 Ask a person"), "ask")
        return show(describe_to_outsider(view, turn), [[ask], last])
    return show(describe(view, turn), [*await card_buttons(view, turn, tx), last])


async def look(turn: Turn, tx: Transaction, event_id: int) -> View | None:
    """The event as the person finds it; None where there is nothing for anybody's eyes."""
    event = await events.find(tx, event_id)
    return None if event is None or event.state == "draft" else await view_of(turn, tx, event)


async def view_of(turn: Turn, tx: Transaction, event: Event, holding: Holding | None = None) -> View:
    known = holding.seen if holding else None
    seen = known or await places.look(tx, event, turn.person.id)
    view = View(
        event,
        seen,
        group=await groups.find(tx, event.group_id) if event.group_id is not None else None,
        series=await series.find(tx, event.series_id) if event.series_id is not None else None,
        merged_into=await events.find(tx, event.merged_into) if event.merged_into is not None else None,
    )
    if view.mine is None or event.state != "published" or turn.now >= event.ends_at:
        return view
    clashes = holding.clashes if holding else await places.find_clashes(tx, event, turn.person.id)
    if isinstance(holding, Waiting):
        return replace(view, position=holding.position, clashes=clashes)
    position = await rsvps.count_ahead(tx, view.mine) + 1 if view.mine.state == "waiting" else 0
    return replace(view, position=position, clashes=clashes)


def title_of(event: Event, language: Language) -> Markup:
    return escape(programme.text_of(event, language.locale).title)


async def card_buttons(view: View, turn: Turn, tx: Transaction) -> list[list[Button]]:
    """What the person can do from the card, as they stand with it."""
    language, event = turn.language, view.event
    rows = list[list[Button]]()
    live = event.state == "published" and turn.now < event.ends_at
    if live and view.mine is None and not view.is_barred and attendance.is_open(event, turn.now):
        rows += _sign_up(view, turn)
    if live and view.mine is not None:
        rows += _change(view, view.mine, turn)
    rows += [[_clash_button(clash, language)] for clash in view.clashes[:CLASHES]]
    rows += await visits.visit_buttons(tx, event, view.mine, turn)
    if view.series is not None:
        rows.append([button(language.gettext("📚 All sessions"), "series", view.series.id)])
    if view.merged_into is not None:
        title = programme.text_of(view.merged_into, language.locale).title
        rows.append([button(f"➡️ {title}", "event", view.merged_into.id)])
    rows += await quiz_pages.event_buttons(tx, event, turn)
    extras = []
    if live and event.latitude is not None:
        extras.append(button(language.gettext("🗺 Map"), "map", event.id))
    if live:
        extras.append(button(language.gettext("📆 Calendar file"), "ics", event.id))
    if live and event.audience != "invited":
        extras.append(link(language.gettext("↗ Share"), share_address(event, turn.setup, language)))
    return [*rows, extras]


def _sign_up(view: View, turn: Turn) -> list[list[Button]]:
    """One tap where nothing has to be asked, else the way into the form."""
    language, event, came = turn.language, view.event, carried(turn)
    if view.refused is not None and not event.apply_again:
        return []
    if view.series is not None and view.series.sign_up == "whole":
        return [
            [button(language.gettext("Sign up for all sessions"), "series", view.series.id, style="success")]
        ]
    if view.seen.asks:
        label = language.gettext("Apply for a place") if event.approval else language.gettext("Sign up")
        if not event.approval and all(is_full(event, view.seen, way) for way in attendance.ways_of(event)):
            label = language.gettext("Join the waitlist")
        return [[button(label, "signup", event.id, *came, style="success")]]
    rows = [
        [button(_join_label(view, way, language), "join", event.id, "-", way, *came, style="success")]
        for way in attendance.ways_of(event)
    ]
    if event.ways != "both":
        label = _join_label(view, event.ways, language)
        rows = [[button(label, "join", event.id, *came, style="success")]]
    if event.companions:
        rows.append([button(language.gettext("I will bring somebody"), "party", event.id, *came)])
    return rows


def _join_label(view: View, way: str, language: Language) -> str:
    event = view.event
    online = event.ways == "both" and way == "online"
    if event.approval:
        return language.gettext("Apply: online") if online else language.gettext("Apply for a place")
    if is_full(event, view.seen, way):
        return (
            language.gettext("Join the waitlist: online") if online else language.gettext("Join the waitlist")
        )
    return language.gettext("I will join online") if online else language.gettext("I will come")


def _change(view: View, mine: Rsvp, turn: Turn) -> list[list[Button]]:
    language, event, came = turn.language, view.event, carried(turn)
    rows = list[list[Button]]()
    if mine.state == "offered":
        rows.append([button(language.gettext("Take the place"), "accept", event.id, *came, style="success")])
        rows.append([button(language.gettext("No, thank you"), "nothanks", event.id, *came)])
        return rows
    open_still = attendance.is_open(event, turn.now)
    if view.seen.asks:
        rows.append([button(language.gettext("✏️ My answers"), "signup", event.id, *came)])
    elif event.companions or mine.companions:
        rows.append([button(language.gettext("Change companions"), "party", event.id, *came)])
    if event.ways == "both" and not view.seen.asks and open_still:
        other = "here" if mine.way == "online" else "online"
        label = language.gettext("Come on the spot instead")
        if other == "online":
            label = language.gettext("Join online instead")
        rows.append([button(label, "join", event.id, "-", other, *came)])
    rows.append([button(_leave_label(mine, language), "leave", event.id, *came)])
    if mine.state == "going" and event.online_url and (mine.way == "online" or event.ways == "here"):
        rows.append([link(language.gettext("🔗 Join online"), event.online_url)])
    if mine.state == "going" and mine.way == "here":
        rows.append([button(language.gettext("🎟 My ticket"), "ticket", event.id)])
    return rows


def _leave_label(mine: Rsvp, language: Language) -> str:
    match mine.state:
        case "waiting":
            return language.gettext("Leave the waitlist")
        case "applied":
            return language.gettext("Withdraw my application")
        case _:
            return language.gettext("I can't come")


def _clash_button(clash: Clash, language: Language) -> Button:
    title = programme.text_of(clash.event, language.locale).title
    if clash.shift_id is not None:
        return button(f"⚠️ 🙋 {title}", "shift", clash.shift_id)
    return button(f"⚠️ {title}", "event", clash.event.id)


def share_address(event: Event, setup: Setup, language: Language) -> str:
    """Telegram's own "share" page, with the event's deep link."""
    deep_link = f"https://t.me/{setup.username}?start=event_{event.id}"
    title = programme.text_of(event, language.locale).title
    return _sharing(deep_link, title)


@lru_cache(maxsize=1000)
def _sharing(deep_link: str, title: str) -> str:
    return "https://t.me/share/url?" + urlencode({"url": deep_link, "text": title})


async def send_calendar(press: Press, tx: Transaction) -> Reply:
    """The event as a file that every calendar opens."""
    language, view = press.language, await look(press, tx, press.number(0))
    if view is None or not view.may_read:
        return alert(language.gettext("This event is not there any more."))
    entry = feeds.entry_of_event(
        view.event,
        language,
        username=press.setup.username,
        state=view.mine.state if view.mine else None,
    )
    caption = language.html("Open this file to put the event into your calendar.")
    return toast("") + file(
        calendars.file_name(entry.title), calendars.calendar(entry, now=press.now), caption
    )


async def send_map(press: Press, tx: Transaction) -> Reply:
    view = await look(press, tx, press.number(0))
    event = view.event if view is not None and view.may_read else None
    if event is None or event.latitude is None or event.longitude is None:
        return alert(press.language.gettext("There is no map for this event."))
    text = programme.text_of(event, press.language.locale)
    return toast("") + Reply((Pin(event.latitude, event.longitude, text.title, text.place),))
