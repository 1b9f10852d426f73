"""What a correction changes of each kind of message."""

from typing import Any

import pytest

from bot.language import language
from handlers.organise.broadcast_edits import correction
from handlers.replies import Raw
from storage.audiences import Audience
from storage.broadcasts import Broadcast, Variant
from tests.conftest import NOON

PHOTO = {"type": "photo", "id": "p", "also": {"has_spoiler": True}}
FILE = {"type": "document", "id": "d"}


def broadcast_of(variant: Variant) -> Broadcast:
    values: dict[str, Any] = dict.fromkeys(Broadcast.__dataclass_fields__)
    values |= {
        "id": 7,
        "state": "done",
        "base_locale": "en",
        "audience": Audience(),
        "created_at": NOON,
        "buttons": (),
        "variants": {"en": variant},
    }
    return Broadcast(**values)


def edit(variant: Variant) -> tuple[str, dict[str, Any]] | None:
    reply = correction(broadcast_of(variant), variant, language("en"), 5, (11, 12, 13))
    if reply is None:
        return None
    (piece,) = reply.pieces
    assert isinstance(piece, Raw)
    return piece.method, piece.params


def test_a_text_becomes_the_new_text_and_keeps_its_buttons() -> None:
    bold = {"type": "bold", "offset": 0, "length": 3}
    found = edit(Variant("New", (bold,)))
    assert found
    method, params = found
    assert method == "editMessageText"
    assert (params["chat_id"], params["message_id"], params["text"]) == (5, 11, "New")
    assert params["entities"] == [bold]
    assert "mutebroadcasts" in str(params["reply_markup"])


def test_under_a_picture_only_the_words_change() -> None:
    found = edit(Variant("New", (), (PHOTO,)))
    assert found
    method, params = found
    assert method == "editMessageCaption"
    assert params["caption"] == "New"
    assert "mutebroadcasts" in str(params["reply_markup"])
    assert not {"photo", "has_spoiler", "text"} & set(params)


@pytest.mark.parametrize(("file", "message_id"), [(PHOTO, 11), (FILE, 12)])
def test_in_an_album_the_message_that_bears_the_words_changes(file: dict[str, Any], message_id: int) -> None:
    found = edit(Variant("New", (), (file, file)))
    assert found
    method, params = found
    assert (method, params["message_id"], params["caption"]) == ("editMessageCaption", message_id, "New")
    assert params["reply_markup"] is None


@pytest.mark.parametrize(
    "variant",
    [
        Variant("", poll={"question": "Which?", "options": ["A", "B"]}),
        Variant("", place={"latitude": 1.0, "longitude": 2.0, "title": "Here", "address": ""}),
    ],
)
def test_polls_and_places_can_not_be_changed(variant: Variant) -> None:
    assert edit(variant) is None
