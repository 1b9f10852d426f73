"""What an event was when its people last heard of it, and what of that has changed since."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from storage.events import Event


@dataclass(frozen=True)
class Before:
    """The event as its people know it; where something is None, it is as it was."""

    # Both, or neither.
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    # In the reader's language. Empty: there was none.
    place: str | None = None
    # Empty: there was none.
    online_url: str | None = None
    # "here", "online" or "both".
    ways: str | None = None


def remembered(event: Event) -> dict[str, Any]:
    """What a notice about a change keeps of the event as it was, for `before` to compare with."""
    return {
        "before_starts_at": int(event.starts_at.timestamp()),
        "before": {
            "ends_at": int(event.ends_at.timestamp()),
            "zone": event.zone,
            "online_url": event.online_url or "",
            "ways": event.ways,
            "places": {locale: text.place for locale, text in event.texts.items()},
        },
    }


def before(event: Event, params: Mapping[str, Any], locale: str) -> Before | None:
    """What differs now from what the notice's params remember; None where nothing does any more.

    However often the event changed meanwhile, this is its first state against its present one.
    """
    # A notice owed by an earlier version remembers the start alone.
    was: Mapping[str, Any] = params.get("before") or {}
    starts_at = datetime.fromtimestamp(params["before_starts_at"], UTC)
    ends_at = starts_at + (event.ends_at - event.starts_at)
    if "ends_at" in was:
        ends_at = datetime.fromtimestamp(was["ends_at"], UTC)
    moved = (starts_at, ends_at, was.get("zone", event.zone)) != (event.starts_at, event.ends_at, event.zone)
    present = {one: text.place for one, text in event.texts.items()}
    place = _place(was.get("places", present), event, locale)
    online_url, ways = was.get("online_url", event.online_url or ""), was.get("ways", event.ways)
    found = Before(
        starts_at=starts_at if moved else None,
        ends_at=ends_at if moved else None,
        place=place if place != _place(present, event, locale) else None,
        online_url=online_url if online_url != (event.online_url or "") else None,
        ways=ways if ways != event.ways else None,
    )
    return None if found == Before() else found


def _place(places: Mapping[str, str], event: Event, locale: str) -> str:
    return places.get(locale) or places.get(event.base_locale) or ""
