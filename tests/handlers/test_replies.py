"""How what is to be said becomes calls of the Bot API."""

import pytest
from markupsafe import Markup, escape

from handlers.replies import (
    NOTHING,
    Show,
    Where,
    alert,
    button,
    calls,
    file,
    link,
    message_params,
    say,
    show,
    split,
    stored_params,
    toast,
)
from handlers.wire import Upload

CHAT = Where(7)
PRESSED = Where(7, 70, "query")


def methods(reply: object, where: Where) -> list[str]:
    return [call["method"] for call in calls(reply, where)]  # type: ignore[arg-type]


def test_a_press_is_answered_first_whatever_else_is_said() -> None:
    said = show(Markup("card")) + file("a.ics", b"x") + alert("Done")
    assert methods(said, PRESSED) == ["answerCallbackQuery", "editMessageText", "sendDocument"]


def test_a_press_is_answered_even_when_nothing_is_said() -> None:
    assert methods(NOTHING, PRESSED) == ["answerCallbackQuery"]
    assert methods(NOTHING, CHAT) == []


def test_a_toast_without_a_press_is_a_sentence() -> None:
    (call,) = calls(toast("<3"), CHAT)
    assert (call["method"], call["params"]["text"]) == ("sendMessage", "&lt;3")


def test_a_toast_keeps_to_telegrams_limit() -> None:
    (call,) = calls(alert("x" * 500), PRESSED)
    assert len(call["params"]["text"]) == 200


def test_what_is_shown_without_a_button_is_a_new_message() -> None:
    assert methods(show(Markup("menu")), CHAT) == ["sendMessage"]


def test_a_long_text_is_cut_between_lines_and_loses_nothing() -> None:
    lines = [f"line {number} " + "x" * 90 for number in range(100)]
    parts = split(Markup("\n").join(map(escape, lines)))
    assert len(parts) == 3
    assert all(len(part) <= 4000 for part in parts)
    assert "\n".join(parts).split("\n") == lines


def test_markup_is_never_cut_open() -> None:
    lines = [Markup("<b>{}</b>").format("&" * 90) for _ in range(60)]
    for part in split(Markup("\n").join(lines)):
        assert part.count("<b>") == part.count("</b>")
        assert not part.endswith("&amp")


def test_only_what_is_read_counts_towards_the_length() -> None:
    assert len(split(escape("&" * 3900))) == 1


def test_the_rest_of_a_long_screen_follows_with_the_buttons() -> None:
    text = Markup("\n").join([Markup("x" * 100)] * 50)
    made = calls(show(text, [[button("Back", "menu")]]), PRESSED)
    assert [call["method"] for call in made] == ["answerCallbackQuery", "editMessageText", "sendMessage"]
    assert made[1]["params"]["reply_markup"] is None
    assert made[2]["params"]["reply_markup"] is not None
    assert (made[1]["params"]["text"] + "\n" + made[2]["params"]["text"]) == str(text)


def test_empty_rows_of_buttons_are_left_out() -> None:
    markup = message_params(Markup("x"), [[], [button("One", "one")], []])["reply_markup"]
    assert markup == {"inline_keyboard": [[{"text": "One", "callback_data": "v1:one"}]]}
    assert message_params(Markup("x"), [[]])["reply_markup"] is None


def test_a_long_label_is_shortened_and_says_so() -> None:
    label = button("Forum " * 30, "event", 1).text
    assert len(label) <= 60
    assert label.endswith("…")


def test_a_link_opens_an_address() -> None:
    assert link("Go", "https://example.org").described() == {"text": "Go", "url": "https://example.org"}


@pytest.mark.parametrize("content", [b"", b"\x00\xff", "日曆".encode()])
def test_a_stored_file_comes_out_as_it_went_in(content: bytes) -> None:
    (call,) = calls(file("a.ics", content), CHAT)
    assert stored_params(call)["document"] == Upload("a.ics", content)


def test_replies_are_said_in_their_order() -> None:
    assert methods(say(Markup("one")) + file("f", b"") + say(Markup("two")), CHAT) == [
        "sendMessage",
        "sendDocument",
        "sendMessage",
    ]
    assert (say(Markup("one")) + NOTHING).pieces == say(Markup("one")).pieces
    assert show(Markup("one")).pieces == (Show(Markup("one")),)


def test_a_key_that_sends_the_own_number_stands_below_the_field_and_can_be_taken_away() -> None:
    (call,) = calls(say(Markup("Phone?"), contact_button="Send my number"), CHAT)
    assert call["params"]["reply_markup"] == {
        "keyboard": [[{"text": "Send my number", "request_contact": True}]],
        "resize_keyboard": True,
    }
    (call,) = calls(say(Markup("Thanks"), without_keys=True), CHAT)
    assert call["params"]["reply_markup"] == {"remove_keyboard": True}
