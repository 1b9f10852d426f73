"""How an event that is on hold is spoken of: why, and what that means for its people."""

from datetime import datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from bot import programme
from bot.language import Language
from storage.events import Event


def reason_name(language: Language, because: str) -> str:
    """The reason as a button's label."""
    match because:
        case "typhoon8":
            return language.gettext("🌀 Typhoon signal no. 8")
        case "blackrain":
            return language.gettext("⬛ Black rainstorm")
        case "weather":
            return language.gettext("🌧 Other weather")
        case _:
            return language.gettext("Another reason")


def on_hold(language: Language, because: str | None) -> Markup:
    """That it is on hold and why: a whole sentence for each reason."""
    match because:
        case "typhoon8":
            return language.html("⏸ <b>On hold: typhoon signal no. 8 is in force.</b>")
        case "blackrain":
            return language.html("⏸ <b>On hold: the black rainstorm warning is in force.</b>")
        case "weather":
            return language.html("⏸ <b>On hold because of the weather.</b>")
        case _:
            return language.html("⏸ <b>On hold for the moment.</b>")


def on_card(event: Event, language: Language, now: datetime) -> list[Markup]:
    """What a card says of it; nothing where the event is not on hold, or is over undecided."""
    if event.held_at is None or event.state != "published" or event.ends_at <= now:
        return []
    undecided = language.html("Whether it takes place is not decided yet. Whoever signed up will be told.")
    return [on_hold(language, event.held_because), undecided]


def in_list(event: Event, language: Language) -> Markup:
    """A line below the event in a list; nothing where it is not on hold."""
    if event.held_at is None or event.state != "published":
        return Markup()
    return Markup("\n") + language.html("⏸ on hold")


def line_of(event: Event, language: Language, now: datetime) -> Markup:
    """What the event is called and when it was to be."""
    title = escape(programme.text_of(event, language.locale).title)
    when = language.span(event.starts_at, event.ends_at, ZoneInfo(event.zone), now=now)
    return Markup("• <b>{}</b>\n{}").format(title, when)
