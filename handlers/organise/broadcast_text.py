"""What a broadcast is known by among others, and the way out under each of them."""

from bot.cutting import shortened
from bot.language import Language, isolate
from handlers.replies import Button, button
from storage.broadcasts import Broadcast, Variant


def fewer_button(language: Language, *broadcast_id: int) -> Button:
    """Under every broadcast: the way to turn them off. Its id keeps the buttons beside it in their place."""
    return button(language.gettext("🔕 Don't send me news"), "mutebroadcasts", *broadcast_id)


def more_button(language: Language, *broadcast_id: int) -> Button:
    """In its place for who has turned them off: the way back."""
    return button(language.gettext("Undo: I want news"), "unmutebroadcasts", *broadcast_id)


def beginning(broadcast: Broadcast, language: Language, length: int = 40) -> str:
    """The first words, to know the broadcast by, as plain text; what it is where it has none."""
    variant = broadcast.variants.get(language.locale) or broadcast.variants.get(broadcast.base_locale)
    words = _words(variant) if variant else ""
    line = shortened(words, length)
    if line:
        return isolate(line)
    return f"({described(variant, language)})" if variant else ""


def _words(variant: Variant) -> str:
    if variant.poll is not None:
        return f"📊 {variant.poll['question']}"
    if variant.place is not None:
        title = variant.place.get("title")
        return f"📍 {title}" if title else ""
    return variant.text


def described(variant: Variant, language: Language) -> str:
    """What kind of message it is."""
    if variant.poll is not None:
        return language.gettext("a poll")
    if variant.place is not None:
        return language.gettext("a place on the map")
    if len(variant.media) > 1:
        return language.ngettext("an album of {n} file", "an album of {n} files", len(variant.media))
    match variant.media[0]["type"] if variant.media else "text":
        case "text":
            return language.gettext("a text")
        case "photo":
            return language.gettext("a picture")
        case "video":
            return language.gettext("a video")
        case "animation":
            return language.gettext("a GIF")
        case "audio":
            return language.gettext("a sound recording")
        case _:
            return language.gettext("a file")
