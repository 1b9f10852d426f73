"""A broadcast as a reader of one language sees it: the message, what can be pressed under it, the way out."""

from collections.abc import Mapping, Sequence

from bot.broadcast_buttons import ReaderButton, buttons_of
from bot.language import Language
from handlers.organise.broadcast_text import fewer_button, more_button
from handlers.replies import (
    Album,
    Button,
    Document,
    Forward,
    Original,
    Piece,
    Pin,
    Poll,
    Reply,
    Say,
    button,
    link,
)
from storage.broadcasts import Broadcast, Variant

# Of these an album shows a caption below the file it belongs to, so that the last one's ends the album.
STACKED = ("document", "audio")


def original(broadcast: Broadcast, variant: Variant, language: Language) -> Reply:
    """The message as a reader of the language gets it, whoever that is: the same for all of them.

    Where Telegram allows no buttons, these follow in a short message of their own.
    """
    message = _message(variant, keyboard(broadcast, language))
    if isinstance(message, Album | Forward):
        text = language.html("👆 From the organisers")
        return Reply((message, Say(text, keyboard(broadcast, language), silent=True)))
    return Reply((message,))


def messages_each(broadcast: Broadcast) -> int:
    """How many messages it makes in a reader's chat; in the language where they are most."""
    return max((_count_messages(one) for one in broadcast.variants.values()), default=1)


def _count_messages(variant: Variant) -> int:
    match _message(variant, []):
        case Album(files):
            return len(files) + 1
        case Forward():
            return 2
        case _:
            return 1


def keyboard(broadcast: Broadcast, language: Language, *, muted: bool = False) -> list[list[Button]]:
    """The broadcast's own buttons, and below them the way to turn broadcasts off, or on again."""
    own = buttons_of(broadcast)
    several = sum(one.kind in ("join", "event") for one in own) > 1
    rows = [[_button(one, said(one, language, base=broadcast.base_locale, several=several))] for one in own]
    last = more_button(language, broadcast.id) if muted else fewer_button(language, broadcast.id)
    return [*rows, [last]]


def said(one: ReaderButton, language: Language, *, base: str, several: bool = False) -> str:
    """What the button says; with `several` buttons for events each names its own."""
    written = one.labels.get(language.locale)
    if one.kind == "link":
        written = _nearest(one.labels, language, base)
    if written:
        return written
    title = _nearest(one.titles, language, base)
    match one.kind:
        case "join" if several and title:
            return language.gettext("🙋 Sign up: {title}", title=title)
        case "join":
            return language.gettext("🙋 Sign up")
        case "event" if several and title:
            return f"📅 {title}"
        case "event":
            return language.gettext("📅 See the event")
        case "topic" if title:
            return f"💬 {title}"
        case _:
            return language.gettext("💬 Ask a question")


def _nearest(words: Mapping[str, str], language: Language, base: str) -> str:
    return words.get(language.locale) or words.get(base) or next(iter(words.values()), "")


def _button(one: ReaderButton, label: str) -> Button:
    match one.kind:
        case "join":
            return button(label, "newsjoin", one.target)
        case "event":
            return button(label, "newsevent", one.target)
        case "link":
            return link(label, one.target)
        case "topic":
            return button(label, "newstopic", one.target)
        case _:
            return button(label, "newsask")


def _message(variant: Variant, buttons: list[list[Button]]) -> Piece:
    poll, place = variant.poll, variant.place
    if poll is not None and poll.get("message_id"):
        return Forward(poll["chat_id"], poll["message_id"])
    if poll is not None:
        return Poll(poll["question"], poll["options"], bool(poll.get("several")), buttons)
    if place is not None:
        title, address = place.get("title") or "", place.get("address") or ""
        return Pin(place["latitude"], place["longitude"], title, address, buttons)
    if len(variant.media) > 1:
        return Album(files_of(variant))
    if variant.media:
        one = variant.media[0]
        also = one.get("also") or {}
        return Document(one["type"], one["id"], variant.text, variant.entities, buttons, also=also)
    return Original(variant.text, variant.entities, buttons=buttons)


def files_of(variant: Variant) -> Sequence[Document]:
    """An album's files; the text stands with the one under which Telegram shows it for all."""
    bearer = len(variant.media) - 1 if variant.media[0]["type"] in STACKED else 0
    return [
        Document(
            one["type"],
            one["id"],
            variant.text if number == bearer else "",
            variant.entities if number == bearer else (),
            also=one.get("also") or {},
        )
        for number, one in enumerate(variant.media)
    ]
