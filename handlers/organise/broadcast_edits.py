"""Putting other words into a broadcast's messages where they have arrived, and taking the messages away."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.language import Language
from handlers.organise.broadcast_content import original
from handlers.owing import Reading
from handlers.replies import Album, Document, Keyboard, Original, Raw, Reply, keyboard_markup
from storage import Transaction, broadcast_changes, broadcasts
from storage.broadcasts import Broadcast, Variant
from storage.notices import Owed


async def tell_correction(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    """The message as it reads now, in place of what the person has; None where there is nothing to change."""
    if notice.broadcast_id is None or notice.person_id is None:
        return None
    found = await broadcasts.find(tx, notice.broadcast_id)
    arrived = await broadcast_changes.find_arrived(tx, notice.broadcast_id, notice.person_id)
    if found is None or arrived is None:
        return None
    variant = found.variants.get(reading.language.locale) or found.variants[found.base_locale]
    return correction(found, variant, reading.language, notice.chat_id, arrived.message_ids)


def correction(
    broadcast: Broadcast, variant: Variant, language: Language, chat_id: int, message_ids: Sequence[int]
) -> Reply | None:
    """The edit that makes of the first message, or of an album's with the words, what it would be now."""
    piece = original(broadcast, variant, language).pieces[0]
    place = {"chat_id": chat_id, "message_id": message_ids[0]}
    match piece:
        case Original(text, entities, None, buttons):
            said = {"text": text, "entities": [dict(entity) for entity in entities]}
            return _edit("editMessageText", place | said, buttons)
        case Original(text, entities, _, buttons):
            captioned = Document("photo", "", text, entities).captioned
            return _edit("editMessageCaption", place | captioned, buttons)
        case Document(buttons=buttons):
            return _edit("editMessageCaption", place | _caption(piece), buttons)
        case Album(files):
            for message_id, one in zip(message_ids, files, strict=False):
                if one.text:
                    return _edit("editMessageCaption", place | {"message_id": message_id} | _caption(one), ())
    return None


def _caption(piece: Document) -> dict[str, Any]:
    """What an edit can say of a caption: whether the picture is hidden stays as it was."""
    return {name: value for name, value in piece.captioned.items() if name != "has_spoiler"}


def _edit(method: str, params: Mapping[str, Any], buttons: Keyboard) -> Reply:
    # A keyboard that is not given again goes.
    return Reply((Raw(method, {**params, "reply_markup": keyboard_markup(buttons)}),))


async def tell_recall(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    """The message goes from the person's chat, with those that belong to it."""
    if notice.broadcast_id is None or notice.person_id is None:
        return None
    arrived = await broadcast_changes.find_arrived(tx, notice.broadcast_id, notice.person_id)
    if arrived is None:
        return None
    params = {"chat_id": notice.chat_id, "message_ids": list(arrived.message_ids)}
    return Reply((Raw("deleteMessages", params),))
