"""An event as a form holds it, as it is published, and as its card will look."""

from typing import Any

from markupsafe import Markup

from bot.language import LOCALES, language
from bot.programme import Draft
from handlers import event_card
from handlers.forms import Data
from handlers.organise import answers
from handlers.organise.answers import instant
from handlers.organise.event_steps import TEXTS, text_step
from handlers.turns import Turn
from storage.events import Event, EventText


def texts_of(data: Data) -> dict[str, EventText]:
    """The texts in every language that has a title."""
    texts = {data["base"]: EventText(**{field: data.get(field) or "" for field in TEXTS})}
    for locale in LOCALES:
        if locale != data["base"] and data.get(text_step("title", locale)):
            texts[locale] = EventText(**{field: data.get(text_step(field, locale)) or "" for field in TEXTS})
    return texts


def _is_online(data: Data) -> bool:
    """What has a link and no place takes place online alone."""
    return bool(data.get("online")) and not data.get("place")


def draft_of(data: Data) -> Draft:
    """What was answered, as an event to be published."""
    latitude, longitude = data.get("location") or (None, None)
    return Draft(
        kind=data["kind"],
        base_locale=data["base"],
        starts_at=instant(data["start"]),
        ends_at=instant(data["end"]),
        zone=data["zone"],
        texts=texts_of(data),
        deadline_at=instant(data["deadline"]) if data.get("deadline") else None,
        capacity=None if _is_online(data) else data.get("places"),
        ways="online" if _is_online(data) else "here",
        online_capacity=data.get("places") if _is_online(data) else None,
        companions=data["companions"],
        latitude=latitude,
        longitude=longitude,
        online_url=data.get("online"),
        reminders=tuple(data["reminders"]),
    )


def answers_of(event: Event) -> dict[str, Any]:
    """The event as the form's answers: the other way round."""
    base = event.texts[event.base_locale]
    data: dict[str, Any] = {
        "base": event.base_locale,
        "zone": event.zone,
        "kind": event.kind,
        "start": int(event.starts_at.timestamp()),
        "end": int(event.ends_at.timestamp()),
        "deadline": int(event.deadline_at.timestamp()) if event.deadline_at else None,
        "location": None if event.latitude is None else [event.latitude, event.longitude],
        "online": event.online_url,
        "places": event.online_capacity if event.ways == "online" else event.capacity,
        "online_places": event.online_capacity,
        "opens": int(event.opens_at.timestamp()) if event.opens_at else None,
        "offer": event.offer_minutes,
        "companions": event.companions,
        "reminders": list(event.reminders),
        **{field: getattr(base, field) or None for field in TEXTS},
    }
    for locale in LOCALES:
        if locale != event.base_locale:
            own = event.texts.get(locale, EventText(title=""))
            data |= {text_step(field, locale): getattr(own, field) or None for field in TEXTS}
    return data


def preview(turn: Turn, data: Data, locale: str) -> Markup:
    """The card exactly as members will see it in the language."""
    draft = draft_of(data)
    event = Event(
        id=0,
        kind=draft.kind,
        state="published",
        base_locale=draft.base_locale,
        starts_at=draft.starts_at,
        ends_at=draft.ends_at,
        zone=draft.zone,
        deadline_at=draft.deadline_at,
        capacity=draft.capacity,
        companions=draft.companions,
        latitude=draft.latitude,
        longitude=draft.longitude,
        online_url=draft.online_url,
        reminders=draft.reminders,
        sample=False,
        revision=0,
        texts=draft.texts,
        ways=draft.ways,
        online_capacity=draft.online_capacity,
    )
    reader = Turn(turn.person, language(locale, turn.setup.home), turn.now, turn.setup, turn.where)
    return event_card.describe(event_card.View(event), reader)


FIELDS = (
    "title",
    "description",
    "kind",
    "start",
    "end",
    "place",
    "location",
    "online",
    "places",
    "reminders",
    "bring",
)


def field_name(turn: Turn, field: str) -> str:
    """What an organiser calls the answer to a step, on a button."""
    words = turn.language
    match field:
        case "kind":
            return words.gettext("Kind")
        case "title":
            return words.gettext("Title")
        case "description":
            return words.gettext("Description")
        case "start":
            return words.gettext("Start")
        case "end":
            return words.gettext("End")
        case "place":
            return words.gettext("Place")
        case "location":
            return words.gettext("Map")
        case "online":
            return words.gettext("Online link")
        case "places":
            return words.gettext("Places")
        case "online_places":
            return words.gettext("Places online")
        case "opens":
            return words.gettext("Opening")
        case "offer":
            return words.gettext("Own time")
        case "companions":
            return words.gettext("Companions")
        case "deadline":
            return words.gettext("Deadline")
        case "reminders":
            return words.gettext("Reminders")
        case "shift_reminders":
            return words.gettext("Reminders of shifts")
        case "bring":
            return words.gettext("What to bring")
        case _:
            raise ValueError(f"not something an event has: {field}")


def beside_the_card(turn: Turn, data: Data) -> Markup:
    """What the card does not show: companions, reminders, the map and the link."""
    words = turn.language
    lines = [
        answers.tell_companions(words, data["companions"]),
        words.html("Reminders: {answer}", answer=answers.tell_spans(words, data["reminders"])),
        words.html("Map: {answer}", answer=answers.tell_location(turn, data.get("location"))),
        words.html("Online link: {answer}", answer=answers.tell_text(turn, data.get("online"))),
    ]
    return Markup("\n").join(lines)
