"""Composing a broadcast: a message is sent to the bot just as its readers should see it."""

import unicodedata
from typing import Any

from markupsafe import Markup
from telegram import MessageEntity

from bot.cutting import shortened
from bot.language import NATIVE_NAMES, Language, isolate
from handlers.forms import Choice, Data, Misread, Step, Understood
from handlers.replies import Button, Original, button
from handlers.turns import Turn, Writing
from storage.broadcasts import Broadcast, Variant

TEXT_LIMIT, CAPTION_LIMIT = 4096, 1024
# Marks that readers' own Telegram finds again, such as addresses and hashtags, need not be kept.
FORMATTING = frozenset(
    {
        MessageEntity.BOLD,
        MessageEntity.ITALIC,
        MessageEntity.UNDERLINE,
        MessageEntity.STRIKETHROUGH,
        MessageEntity.SPOILER,
        MessageEntity.BLOCKQUOTE,
        MessageEntity.EXPANDABLE_BLOCKQUOTE,
        MessageEntity.CODE,
        MessageEntity.PRE,
        MessageEntity.TEXT_LINK,
        MessageEntity.TEXT_MENTION,
        MessageEntity.CUSTOM_EMOJI,
    }
)
REMOVE = "remove"


def read_message(writing: Writing, data: Data) -> Understood | Misread:
    """The message as values that can be kept; the refusal of another kind says what can be sent."""
    message, language = writing.message, writing.language
    if message is None:
        raise LookupError("something was written without a message")
    photo = message.photo[-1].file_id if message.photo else None
    text = _storable((message.caption if photo else message.text) or "")
    if message.media_group_id is not None or (photo is None and not text):
        return Misread(
            language.html(
                "A broadcast is a text, or one picture with a text under it. Please send it like that;"
                " nothing you did before is lost."
            )
        )
    limit = CAPTION_LIMIT if photo else TEXT_LIMIT
    if len(text) > limit:
        return Misread(
            language.html(
                "That is {length} characters long, and {limit} fit. Please send a shorter text;"
                " everything you sent before is safe.",
                length=language.number(len(text)),
                limit=language.number(limit),
            )
        )
    entities = (message.caption_entities if photo else message.entities) or ()
    kept = [_kept(entity) for entity in entities if entity.type in FORMATTING]
    return Understood({"text": text, "entities": kept, "photo": photo})


def _storable(text: str) -> str:
    """The text with what no database can bear replaced by as many others, so that entities stay right."""
    return "".join(
        "\N{REPLACEMENT CHARACTER}" if letter == "\0" or unicodedata.category(letter) == "Cs" else letter
        for letter in text
    )


def _kept(entity: MessageEntity) -> dict[str, Any]:
    values = entity.to_dict()
    values["type"] = str(values["type"])
    return values


def variant_from(value: dict[str, Any]) -> Variant:
    media = ({"type": "photo", "id": value["photo"]},) if value["photo"] else ()
    return Variant(value["text"], tuple(value["entities"]), media)


def _ask(turn: Turn, data: Data) -> Markup:
    language = turn.language
    return language.html(
        "<b>The message in {language}</b>\n"
        "Send it to me now, just as people should see it: a text with bold, links and emoji as you like,"
        " or one picture with a text under it.",
        language=NATIVE_NAMES[data["locale"]],
    )


def _choices(turn: Turn, data: Data) -> list[Choice]:
    if not data.get("removable"):
        return []
    name = NATIVE_NAMES[data["locale"]]
    return [Choice(turn.language.gettext("Leave out {language}", language=name), REMOVE)]


# Its form's data are `locale`, `broadcast` (None: a new one) and `removable`.
STEP = Step("message", _ask, read_message, _choices)


def fewer_button(language: Language) -> Button:
    """Under every broadcast: the way to turn them off."""
    return button(language.gettext("🔕 Don't send me news"), "mutebroadcasts")


def original(variant: Variant, language: Language) -> Original:
    """The message as a reader of the language sees it."""
    photo = variant.media[0]["id"] if variant.media else None
    return Original(variant.text, variant.entities, photo, [[fewer_button(language)]])


def beginning(broadcast: Broadcast, language: Language, length: int = 40) -> str:
    """The first words, to know the broadcast by, as plain text."""
    variant = broadcast.variants.get(language.locale) or broadcast.variants.get(broadcast.base_locale)
    line = shortened(variant.text, length) if variant else ""
    return isolate(line) if line else language.gettext("(a picture)")
