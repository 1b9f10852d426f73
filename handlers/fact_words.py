"""One fact of an event in a sentence, as the event stands at this moment."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from bot import groups, programme
from bot.cutting import cut
from bot.facts.mentions import quote
from bot.language import Language
from handlers.event_card import View
from handlers.fact_places import deadline, moment_of, places, sign_up
from storage.events import Event

LONGEST_QUOTE = 300
LONGEST_ABOUT = 700


def say(view: View, aspects: Iterable[str], language: Language, now: datetime) -> Markup:
    """A sentence for each thing that was asked; of an event that is off or over, that it is."""
    event = view.event
    if event.state == "cancelled":
        return _called_off(view, language)
    if now >= event.ends_at:
        when = _span(event, language, now)
        return language.html("It is over: it was on {when}.", when=when)
    sentences = [_sentence(view, aspect, language, now) for aspect in aspects]
    return Markup("\n").join(dict.fromkeys(filter(None, sentences)))


def is_told(view: View, aspects: Iterable[str], language: Language) -> bool:
    """Whether the event itself has an answer, be it a no: what it has no field for it may not mention."""
    text = programme.text_of(view.event, language.locale)
    return any(aspect not in UNWRITTEN or quote(text, aspect) for aspect in aspects)


# Of these an event only says what its organiser happened to write.
UNWRITTEN = frozenset({"cost", "language", "food", "diet", "wear", "access"})


def _sentence(view: View, aspect: str, language: Language, now: datetime) -> Markup:
    event = view.event
    match aspect:
        case "when":
            return _when(event, language, now)
        case "ends":
            return _ends(event, language, now)
        case "where":
            return _where(view, language)
        case "places" | "full" | "count":
            return places(view, aspect, language, now)
        case "signup" | "opens":
            return sign_up(view, language, now)
        case "deadline":
            return deadline(view, language, now)
        case "companions":
            return _companions(event, language)
        case "online":
            return _online(event, language)
        case "audience":
            return _audience(view, language)
        case "children":
            return _children(event, language)
        case "mine":
            return _mine(view, language, now)
        case "cancel":
            return _cancel(view, language)
        case "bring":
            return _bring(event, language)
        case "on":
            return _takes_place(event, language, now)
        case "cost":
            return _quoted(event, aspect, language) or language.html(
                "Its page does not say whether it costs anything."
            )
        case "language":
            return _quoted(event, aspect, language) or language.html(
                "Its page does not say in which language it is held."
            )
        case _:
            return _about(event, aspect, language)


def _called_off(view: View, language: Language) -> Markup:
    if view.merged_into is not None:
        title = programme.text_of(view.merged_into, language.locale).title
        return language.html("It has been cancelled and become part of <b>{title}</b>.", title=title)
    return language.html("It has been cancelled and does not take place.")


def _span(event: Event, language: Language, now: datetime) -> str:
    return language.span(event.starts_at, event.ends_at, ZoneInfo(event.zone), now=now)


def _when(event: Event, language: Language, now: datetime) -> Markup:
    if now >= event.starts_at:
        until = moment_of(event.ends_at, event, language, now)
        return language.html("It has begun, and lasts until {when}.", when=until)
    return language.html("It is on {when}.", when=_span(event, language, now))


def _ends(event: Event, language: Language, now: datetime) -> Markup:
    minutes = int((event.ends_at - event.starts_at).total_seconds()) // 60
    until = moment_of(event.ends_at, event, language, now)
    if minutes >= 24 * 60:
        zone = ZoneInfo(event.zone)
        days = (event.ends_at.astimezone(zone).date() - event.starts_at.astimezone(zone).date()).days + 1
        return language.nhtml(
            "It takes {n} day and ends on {when}.", "It takes {n} days and ends on {when}.", days, when=until
        )
    if minutes % 60:
        return language.nhtml(
            "It takes {n} minute and ends on {when}.",
            "It takes {n} minutes and ends on {when}.",
            minutes,
            when=until,
        )
    return language.nhtml(
        "It takes {n} hour and ends on {when}.",
        "It takes {n} hours and ends on {when}.",
        minutes // 60,
        when=until,
    )


def _where(view: View, language: Language) -> Markup:
    event = view.event
    place = programme.text_of(event, language.locale).place
    if event.ways == "online":
        return language.html("It is online only. Its page has the link once you have a place.")
    if not place:
        return language.html("Its page does not say yet where it is.")
    if event.ways == "both":
        return language.html("It is at {place}, or online, as you like.", place=place)
    return language.html("It is here: {place}", place=place)


def _companions(event: Event, language: Language) -> Markup:
    if not event.companions:
        return language.html("No: here everybody signs up for themselves, without companions.")
    return language.nhtml(
        "Yes: you can bring {n} person. Each takes a place.",
        "Yes: you can bring up to {n} people. Each takes a place.",
        event.companions,
    )


def _online(event: Event, language: Language) -> Markup:
    match event.ways:
        case "online":
            return language.html("Yes, it is online only. Its page has the link once you have a place.")
        case "both":
            return language.html("Yes: you choose between on the spot and online when you sign up.")
        case _ if event.online_url:
            return language.html("It is on the spot, with a link that its page has once you have a place.")
        case _:
            return language.html("No, it is on the spot only.")


def _audience(view: View, language: Language) -> Markup:
    match view.event.audience:
        case "group" if view.group is not None:
            name = groups.name_of(view.group, language.locale)
            said = language.html("It is for <b>{group}</b> only.", group=name)
        case "group":
            said = language.html("It is for one group only.")
        case "invited":
            said = language.html("It is for those who were invited.")
        case _:
            said = language.html("It is open to everyone.")
    if view.event.guardian_consent:
        said += Markup("\n") + _consent(language)
    return said


def _consent(language: Language) -> Markup:
    return language.html("👪 If you are under 18, a parent or guardian has to agree.")


def _children(event: Event, language: Language) -> Markup:
    lines = [_quoted(event, "children", language)]
    if event.guardian_consent:
        lines.append(_consent(language))
    if not any(lines):
        lines.append(language.html("Its page says nothing about age."))
    if event.companions:
        lines.append(
            language.nhtml(
                "You can bring {n} person along.", "You can bring up to {n} people along.", event.companions
            )
        )
    return Markup("\n").join(line for line in lines if line)


def _mine(view: View, language: Language, now: datetime) -> Markup:
    if view.mine or view.refused:
        # Which is said below, whatever was asked.
        return Markup()
    no = language.html("No, you have not signed up for it.")
    return Markup("\n").join([no, sign_up(view, language, now)])


def _cancel(view: View, language: Language) -> Markup:
    if view.mine is None:
        return language.html("You have no place there, so there is nothing to give up.")
    return language.html("Give your place up with the button below: it goes to whoever waits.")


def _bring(event: Event, language: Language) -> Markup:
    things = programme.text_of(event, language.locale).bring
    if not things:
        return language.html("Its page does not ask you to bring anything.")
    return language.html("🎒 Please bring: {things}", things=things)


def _takes_place(event: Event, language: Language, now: datetime) -> Markup:
    if event.held_at is not None:
        # What there is to say of that stands above already.
        return language.html("It was to be on {when}.", when=_span(event, language, now))
    return language.html("It takes place as planned: {when}.", when=_span(event, language, now))


def _about(event: Event, aspect: str, language: Language) -> Markup:
    text = programme.text_of(event, language.locale)
    if aspect != "about":
        return _quoted(event, aspect, language) or language.html("Its page says nothing about that.")
    if not text.description:
        return language.html("Its page says no more about it yet.")
    kept, left = cut(text.description, LONGEST_ABOUT)
    return escape(f"{kept} …" if left else kept)


def _quoted(event: Event, aspect: str, language: Language) -> Markup | None:
    found = quote(programme.text_of(event, language.locale), aspect)
    if not found:
        return None
    kept, left = cut(found, LONGEST_QUOTE)
    said = f"{kept} …" if left else kept
    return language.html("Its page says: <blockquote>{words}</blockquote>", words=said)
