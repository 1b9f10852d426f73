"""What the crew is told at the door: who is in, how many, and why somebody isn't let in."""

from datetime import datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot import door
from bot.door import Already, CheckedIn, Scan
from bot.language import Language, isolate
from handlers.events import title_of
from storage.checkins import Checkin, Counts, Known
from storage.events import Event

SHOWN_OF_A_NAME = 64


def name_of(entry: Checkin | Known, language: Language) -> str:
    """As it is said in a sentence; a guest whose name has been forgotten is a guest."""
    return isolate(entry.name[:SHOWN_OF_A_NAME]) if entry.name else language.gettext("a guest")


def tell_counts(counts: Counts, language: Language) -> Markup:
    """How many are here of those who are expected."""
    said = language.html(
        "Here: <b>{here}</b> of {expected}",
        here=language.number(counts.here),
        expected=language.number(counts.expected),
    )
    if counts.walkins:
        walkins = language.html("Without a booking: {n}", n=language.number(counts.walkins))
        said = Markup("{} · {}").format(said, walkins)
    return said


def tell_entry(entry: Checkin, event: Event, language: Language) -> Markup:
    """Who it is, with how many, since when, and by whom."""
    time = language.time(entry.at, ZoneInfo(event.zone))
    name = name_of(entry, language)
    if entry.party > 1:
        said = language.nhtml(
            "<b>{name}</b>, {n} person, at {time}",
            "<b>{name}</b>, {n} people, at {time}",
            entry.party,
            name=name,
            time=time,
        )
    else:
        said = language.html("<b>{name}</b>, at {time}", name=name, time=time)
    return said


def tell(answer: Scan, language: Language, now: datetime) -> Markup:
    """One answer to a ticket, a name or a press."""
    match answer:
        case CheckedIn(event, entry):
            return language.html("✅ Checked in: {entry}", entry=tell_entry(entry, event, language))
        case Already(event, entry):
            time, name = language.time(entry.at, ZoneInfo(event.zone)), name_of(entry, language)
            if entry.by is None:
                return language.html("☑️ <b>{name}</b> is here already, since {time}.", name=name, time=time)
            return language.html(
                "☑️ <b>{name}</b> is here already, since {time}, let in by {crew}.",
                name=name,
                time=time,
                crew=isolate(entry.by[:SHOWN_OF_A_NAME]),
            )
        case door.NotOpen(event, opens_at) if event.state == "published" and event.ways != "online":
            return language.html(
                "⛔️ Check-in for <b>{title}</b> opens {when}.",
                title=title_of(event, language),
                when=language.moment(opens_at, ZoneInfo(event.zone), now=now),
            )
        case door.NotOpen(event):
            return language.html(
                "⛔️ There is no check-in for <b>{title}</b>.", title=title_of(event, language)
            )
        case door.Cancelled(event):
            return language.html(
                "⛔️ <b>{title}</b> has been cancelled, so its tickets are no longer good.",
                title=title_of(event, language),
            )
        case door.OtherEvent(event):
            return language.html(
                "⛔️ This ticket is for another event: <b>{title}</b>, {when}.",
                title=title_of(event, language),
                when=language.moment(event.starts_at, ZoneInfo(event.zone), now=now),
            )
        case door.NotValid():
            return language.html(
                "⛔️ This ticket is not valid: it is old, or not one of ours. Please look for the name."
            )
        case door.NoSeat(_, state):
            return language.html(
                "⛔️ {reason} Please look for the name, or let them in without a booking.",
                reason=_state_reason(state, language),
            )
        case door.OthersWait(_, parties):
            return language.nhtml(
                "⛔️ {n} sign-up is on the waitlist and comes first until the event begins.",
                "⛔️ {n} sign-ups are on the waitlist and come first until the event begins.",
                parties,
            )
        case door.Full(event, counts, capacity):
            return _full(event, counts, capacity, language, now)
        case door.SomeMissing(_, counts, capacity):
            return language.nhtml(
                "All {capacity} places are given, but {n} person with a place has not come yet. Let them in"
                " all the same?",
                "All {capacity} places are given, but {n} people with a place have not come yet. Let them in"
                " all the same?",
                counts.missing,
                capacity=language.number(capacity),
            )
        case door.Gone():
            return language.html("This person is not on the list any more.")


def _full(event: Event, counts: Counts, capacity: int, language: Language, now: datetime) -> Markup:
    if now >= event.starts_at:
        return language.html(
            "⛔️ Full: {here} of {capacity} are here.",
            here=language.number(counts.here),
            capacity=language.number(capacity),
        )
    return language.nhtml(
        "⛔️ Full: all {capacity} places are given. {n} person with a place has not come yet; from the start"
        " on you can give free places away.",
        "⛔️ Full: all {capacity} places are given. {n} people with a place have not come yet; from the start"
        " on you can give free places away.",
        counts.missing,
        capacity=language.number(capacity),
    )


def _state_reason(state: str, language: Language) -> Markup:
    match state:
        case "waiting" | "offered":
            return language.html("This sign-up is on the waitlist.")
        case "applied":
            return language.html("This sign-up has not been approved.")
        case "refused":
            return language.html("This sign-up was refused.")
        case _:
            return language.html("This place has been given up.")


def label(one: Known, language: Language) -> str:
    """Somebody on a button: their name, how many they are, and what is not as expected."""
    name = isolate(one.name[:SHOWN_OF_A_NAME])
    if one.checked_in:
        return f"✅ {name}"
    if one.state == "going" and one.way == "here":
        return f"{name} +{one.companions}" if one.companions else name
    match one.state:
        case "going":
            return language.gettext("{name} (online)", name=name)
        case "waiting" | "offered":
            return language.gettext("{name} (waiting)", name=name)
        case "applied":
            return language.gettext("{name} (not approved)", name=name)
        case "refused":
            return language.gettext("{name} (refused)", name=name)
        case _:
            return language.gettext("{name} (no booking)", name=name)
