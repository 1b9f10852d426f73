"""How many places an event has left, and how and until when one signs up, in a sentence."""

from datetime import datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot import attendance
from bot.language import Language
from handlers.event_card import View, free_places, is_full
from storage.events import Event


def moment_of(instant: datetime, event: Event, language: Language, now: datetime) -> str:
    return language.moment(instant, ZoneInfo(event.zone), now=now)


def closed(view: View, language: Language, now: datetime) -> Markup | None:
    """That nobody can sign up now, and why; None while people can."""
    event = view.event
    if now >= event.starts_at:
        return language.html("It has begun already, so nobody can sign up any more.")
    if not attendance.moves_up(event, now):
        return language.html("Sign-up has closed.")
    if event.opens_at is not None and now < event.opens_at:
        when = moment_of(event.opens_at, event, language, now)
        return language.html("Sign-up is not open yet. It opens on {when}.", when=when)
    return None


def places(view: View, aspect: str, language: Language, now: datetime) -> Markup:
    shut = closed(view, language, now)
    lines = [_places_in(view, way, aspect, language, now) for way in attendance.ways_of(view.event)]
    return Markup("\n").join([shut, *lines] if shut else lines)


def _places_in(view: View, way: str, aspect: str, language: Language, now: datetime) -> Markup:
    said = _free(view, way, "count" if closed(view, language, now) else aspect, language)
    if view.event.ways != "both":
        return said
    if way == "online":
        return language.html("Online: {places}", places=said)
    return language.html("On the spot: {places}", places=said)


def _free(view: View, way: str, aspect: str, language: Language) -> Markup:
    """How many places are free, beginning with the yes or no that was asked for."""
    free, waiting = free_places(view.event, view.seen, way), view.seen.of(way).waiting
    capacity = view.event.online_capacity if way == "online" else view.event.capacity
    if free is None or capacity is None:
        return _unlimited(view, way, aspect, language)
    total = language.number(capacity)
    if waiting:
        return _waited_for(waiting, aspect, language)
    match aspect, free > 0:
        case "places", True:
            return language.nhtml(
                "Yes: {n} of {total} places is free.",
                "Yes: {n} of {total} places are free.",
                free,
                total=total,
            )
        case "full", True:
            return language.nhtml(
                "No: {n} of {total} places is free.", "No: {n} of {total} places are free.", free, total=total
            )
        case _, True:
            return language.nhtml(
                "{n} of {total} places is free.", "{n} of {total} places are free.", free, total=total
            )
        case "places", False:
            return language.html("No, all {total} places are taken. You can wait for one.", total=total)
        case "full", False:
            return language.html("Yes, all {total} places are taken. You can wait for one.", total=total)
        case _:
            return language.html("All {total} places are taken. You can wait for one.", total=total)


def _unlimited(view: View, way: str, aspect: str, language: Language) -> Markup:
    match aspect:
        case "places":
            return language.html("Yes: there is no limit of places.")
        case "full":
            return language.html("No: there is no limit of places.")
        case _:
            taken = view.seen.of(way).taken
            return language.nhtml(
                "There is no limit of places; {n} is taken so far.",
                "There is no limit of places; {n} are taken so far.",
                taken,
            )


def _waited_for(waiting: int, aspect: str, language: Language) -> Markup:
    match aspect:
        case "places":
            return language.nhtml(
                "No, it is full, and {n} person is waiting. You can join the waitlist.",
                "No, it is full, and {n} people are waiting. You can join the waitlist.",
                waiting,
            )
        case "full":
            return language.nhtml(
                "Yes, it is full, and {n} person is waiting. You can join the waitlist.",
                "Yes, it is full, and {n} people are waiting. You can join the waitlist.",
                waiting,
            )
        case _:
            return language.nhtml(
                "It is full, and {n} person is waiting. You can join the waitlist.",
                "It is full, and {n} people are waiting. You can join the waitlist.",
                waiting,
            )


def sign_up(view: View, language: Language, now: datetime) -> Markup:
    event = view.event
    shut = closed(view, language, now)
    if view.mine is not None:
        return language.html("You have signed up already.")
    if shut is not None:
        return shut
    if view.series is not None and view.series.sign_up == "whole":
        return language.html("You sign up for all sessions at once: press the button below.")
    if event.approval:
        return language.html("Apply with the button below. An organiser looks at every application.")
    if all(is_full(event, view.seen, way) for way in attendance.ways_of(event)):
        return language.html("It is full. With the button below you join the waitlist.")
    if event.deadline_at is not None:
        until = moment_of(event.deadline_at, event, language, now)
        return language.html("Sign up with the button below, by {when}.", when=until)
    return language.html("Sign up with the button below; it is one tap. There is no deadline.")


def deadline(view: View, language: Language, now: datetime) -> Markup:
    event = view.event
    if event.deadline_at is None:
        return closed(view, language, now) or language.html(
            "There is no deadline: sign up any time before it begins."
        )
    when = moment_of(event.deadline_at, event, language, now)
    if now >= event.deadline_at:
        return language.html("Sign-up has closed: it ended on {when}.", when=when)
    return language.html("Sign up by {when}.", when=when)
