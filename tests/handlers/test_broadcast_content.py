"""What Telegram is asked for when a broadcast is sent: whatever it is, with what can be pressed under it."""

from typing import Any

import pytest

from bot.language import LOCALES, language
from handlers.organise.broadcast_content import original
from handlers.replies import Where, calls
from storage.audiences import Audience
from storage.broadcasts import Broadcast, Variant
from tests.conftest import NOON

PHOTO = {"type": "photo", "id": "P1"}
SIGN_UP = {"kind": "join", "target": "12", "labels": {}, "titles": {"en": "Forum", "zh_Hant_HK": "論壇"}}


def broadcast(*buttons: dict[str, Any]) -> Broadcast:
    """One of which only this is known: all that a reader sees depends on nothing else."""
    known = {"id": 5, "base_locale": "en", "audience": Audience(), "created_at": NOON, "buttons": buttons}
    values: dict[str, Any] = {**dict.fromkeys(Broadcast.__dataclass_fields__), **known}
    return Broadcast(**values)


def said(variant: Variant, *buttons: dict[str, Any], locale: str = "en") -> list[dict[str, Any]]:
    return calls(original(broadcast(*buttons), variant, language(locale)), Where(7))


def data_under(call: dict[str, Any]) -> list[str]:
    rows = (call["params"].get("reply_markup") or {}).get("inline_keyboard", [])
    return [one.get("callback_data") or one["url"] for row in rows for one in row]


def labels_under(call: dict[str, Any]) -> list[str]:
    rows = (call["params"].get("reply_markup") or {}).get("inline_keyboard", [])
    return [one["text"] for row in rows for one in row]


@pytest.mark.parametrize(
    ("variant", "method"),
    [
        (Variant("Hello"), "sendMessage"),
        (Variant("Hello", media=[PHOTO]), "sendPhoto"),
        (Variant("Hello", media=[{"type": "video", "id": "V1"}]), "sendVideo"),
        (Variant("Hello", media=[{"type": "animation", "id": "A1"}]), "sendAnimation"),
        (Variant("Hello", media=[{"type": "document", "id": "D1"}]), "sendDocument"),
        (Variant("", poll={"question": "When?", "options": ["Now", "Later"]}), "sendPoll"),
        (
            Variant("", place={"latitude": 22.3, "longitude": 114.2, "title": "", "address": ""}),
            "sendLocation",
        ),
        (
            Variant("", place={"latitude": 22.3, "longitude": 114.2, "title": "Hall", "address": ""}),
            "sendVenue",
        ),
    ],
)
@pytest.mark.parametrize("locale", LOCALES)
def test_one_message_bears_its_buttons_and_the_way_out(variant: Variant, method: str, locale: str) -> None:
    (call,) = said(variant, SIGN_UP, locale=locale)
    assert call["method"] == method
    assert data_under(call) == ["v1:newsjoin:12", "v1:mutebroadcasts:5"]
    words = language(locale)
    assert labels_under(call) == [words.gettext("🙋 Sign up"), words.gettext("🔕 Don't send me news")]


def test_an_album_is_followed_by_a_message_with_its_buttons_that_makes_no_sound() -> None:
    album, below = said(
        Variant("Hello", [{"type": "bold", "offset": 0, "length": 5}], [PHOTO, PHOTO]), SIGN_UP
    )
    assert album["method"] == "sendMediaGroup"
    assert [one["caption"] for one in album["params"]["media"]] == ["Hello", ""]
    assert album["params"]["media"][0]["caption_entities"] == [{"type": "bold", "offset": 0, "length": 5}]
    assert "reply_markup" not in album["params"]
    assert data_under(below) == ["v1:newsjoin:12", "v1:mutebroadcasts:5"]
    assert below["params"]["disable_notification"] is True


def test_the_words_of_several_files_stand_below_the_last() -> None:
    file = {"type": "document", "id": "D1"}
    album, _ = said(Variant("Hello", media=[file, file, file]))
    assert [one["caption"] for one in album["params"]["media"]] == ["", "", "Hello"]


def test_everyone_votes_in_the_one_poll_in_its_authors_chat() -> None:
    shared = {"question": "When?", "options": ["Now", "Later"], "chat_id": 70, "message_id": 9}
    poll, below = said(Variant("", poll=shared))
    assert poll["method"] == "forwardMessage"
    assert (poll["params"]["chat_id"], poll["params"]["from_chat_id"], poll["params"]["message_id"]) == (
        7,
        70,
        9,
    )
    assert data_under(below) == ["v1:mutebroadcasts:5"]


def test_switches_of_how_a_picture_is_shown_are_kept() -> None:
    (call,) = said(Variant("Hello", media=[{**PHOTO, "also": {"has_spoiler": True}}]))
    assert call["params"]["has_spoiler"] is True


def test_two_buttons_for_events_each_name_their_own() -> None:
    other = {**SIGN_UP, "kind": "event", "target": "13", "titles": {"en": "Walk"}}
    (call,) = said(Variant("Hello"), SIGN_UP, other, locale="zh_Hant_HK")
    assert labels_under(call)[:2] == [
        language("zh_Hant_HK").gettext("🙋 Sign up: {title}", title="論壇"),
        "📅 Walk",
    ]


def test_a_label_is_the_readers_own_else_the_base_languages() -> None:
    news = {"kind": "link", "target": "https://example.org/", "titles": {}}
    labelled = {**news, "labels": {"en": "Read on", "zh_Hant_HK": "繼續閱讀"}}
    for locale, label in (("en", "Read on"), ("zh_Hant_HK", "繼續閱讀"), ("zh_Hans_CN", "Read on")):
        (call,) = said(Variant("Hello"), labelled, locale=locale)
        assert labels_under(call)[0] == label
        assert data_under(call)[0] == "https://example.org/"


def test_a_question_is_called_as_readers_of_each_language_ask_it() -> None:
    asked = {
        "kind": "topic",
        "target": "q3",
        "labels": {},
        "titles": {"en": "Where?", "zh_Hans_CN": "哪里？"},
    }
    for locale, label in (("en", "💬 Where?"), ("zh_Hans_CN", "💬 哪里？"), ("zh_Hant_HK", "💬 Where?")):
        (call,) = said(Variant("Hello"), asked, locale=locale)
        assert labels_under(call)[0] == label
        assert data_under(call)[0] == "v1:newstopic:q3"
