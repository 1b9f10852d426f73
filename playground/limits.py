"""Telegram's documented limits on what a bot sends."""

import re
from typing import Any

from playground.entities import link_of, parse_html, trimmed, utf16_length, with_seen
from playground.forms import Call
from playground.refusals import Violation

Json = dict[str, Any]

TEXT = 4096
CAPTION = 1024
ENTITIES = 100
ROW = 8
BUTTONS = 100
REPLY_ROW = 12
REPLY_BUTTONS = 300
CALLBACK_DATA_BYTES = 64
COPY_TEXT = 256
PLACEHOLDER = 64
STYLES = {"danger", "success", "primary"}
_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")
_START = re.compile(r"(?i)(?:https?://)?(?:t\.me|telegram\.me)/\w+\?(?:.*&)?(?:start|startgroup)=([^&#]*)")
_ACTIONS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)


def formatted(call: Call, name: str = "text") -> tuple[str, list[Json]]:
    """Read a text or caption with its entities, from HTML or from the list beside it."""
    raw = call.text(name)
    if "\x00" in raw:
        raise Violation(f"{name} must not hold a null character")
    mode = call.text("parse_mode").lower()
    if mode == "html":
        text, entities = parse_html(raw)
    elif mode in {"", "none"}:
        text = raw
        entities = given_entities(call, "entities" if name == "text" else "caption_entities", raw)
    elif mode in {"markdown", "markdownv2"}:
        raise Violation(
            "the playground reads only HTML; parse_mode Markdown and MarkdownV2 are not spoken here"
        )
    else:
        raise Violation("unsupported parse_mode")
    text, entities = trimmed(text, entities)
    for entity in entities:
        check_deep_link(entity.get("url", ""))
    return text, with_seen(text, entities[:ENTITIES])


def given_entities(call: Call, name: str, text: str) -> list[Json]:
    """Read a list of entities; one that reaches beyond the text is a mistake, passed over by Telegram."""
    entities = call.structure(name)
    if entities is None:
        return []
    if not isinstance(entities, list) or not all(isinstance(e, dict) for e in entities):
        raise Violation("can't parse entities: expected an Array of MessageEntity")
    length = utf16_length(text)
    for entity in entities:
        begin, span = entity.get("offset"), entity.get("length")
        if not isinstance(begin, int) or not isinstance(span, int) or "type" not in entity:
            raise Violation("can't parse entities: offset, length and type are wanted in each")
        if begin < 0 or span <= 0 or begin + span > length:
            raise Violation(f"can't parse entities: entity beyond the text at UTF-16 offset {begin}")
    return sorted(entities, key=lambda e: (e["offset"], -e["length"]))


def message_text(call: Call) -> Json:
    """Check a message's text: 1 to 4096 characters after its entities are parsed."""
    text, entities = formatted(call)
    if not text:
        raise Violation("message text is empty")
    if len(text) > TEXT:
        raise Violation("message is too long")
    return {"text": text, "entities": entities} if entities else {"text": text}


def caption(call: Call) -> Json:
    """Check a caption, which may be missing: at most 1024 characters after its entities are parsed."""
    if not call.has("caption"):
        return {}
    text, entities = formatted(call, "caption")
    if len(text) > CAPTION:
        raise Violation("message caption is too long")
    if not text:
        return {}
    return {"caption": text, "caption_entities": entities} if entities else {"caption": text}


def check_deep_link(url: str) -> None:
    """Refuse a start link whose payload Telegram would not hand over: 64 of A-Z, a-z, 0-9, _ and -."""
    if "start" in url:
        found = _START.match(url)
        if found and found[1] and not _PAYLOAD.fullmatch(found[1]):
            raise Violation(f"deep-link payload must be 1-64 of A-Z, a-z, 0-9, _ and -: {found[1]}")


def markup(call: Call, *, private: bool) -> tuple[Json | None, Json | None]:
    """Check `reply_markup`; give what shows under the message, and what changes the chat's keyboard."""
    value = call.structure("reply_markup")
    if value in (None, {}):
        return None, None
    if not isinstance(value, dict):
        raise Violation("object expected as reply markup")
    if "inline_keyboard" in value:
        return inline_keyboard(value), None
    if "keyboard" in value:
        return None, reply_keyboard(value, private=private)
    if value.get("remove_keyboard") is True or value.get("force_reply") is True:
        if len(value.get("input_field_placeholder", "")) > PLACEHOLDER:
            raise Violation("input field placeholder is longer than 64 characters")
        return None, value
    raise Violation("can't parse reply keyboard markup JSON object")


def inline_keyboard(value: Json) -> Json | None:
    """Check an inline keyboard: 8 buttons a row, 100 in all; an empty one is none."""
    rows = _rows(value["inline_keyboard"], "inline keyboard")
    rows = [row for row in rows if row]
    if not rows:
        return None
    if sum(map(len, rows)) > BUTTONS:
        raise Violation("reply markup is too long: more than 100 buttons")
    for row in rows:
        if len(row) > ROW:
            raise Violation("reply markup is too long: more than 8 buttons in a row")
        for button in row:
            _inline_button(button)
    return {"inline_keyboard": rows}


def _rows(rows: Any, what: str) -> list[list[Any]]:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise Violation(f"can't parse {what} JSON object: an Array of Arrays of buttons is expected")
    return rows


def _button_text(button: Any, what: str) -> str:
    if not isinstance(button, dict):
        raise Violation(f"{what} must be an Object")
    text = button.get("text")
    if not isinstance(text, str) or not text.strip():
        raise Violation(f"{what} text must be non-empty")
    if button.get("style") is not None and button["style"] not in STYLES:
        raise Violation(f"{what} has an unknown style {button['style']!r}")
    return text


def _inline_button(button: Any) -> None:
    text = _button_text(button, "inline keyboard button")
    actions = [name for name in _ACTIONS if button.get(name) is not None]
    if not actions:
        raise Violation(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    if len(actions) > 1:
        raise Violation(f"inline keyboard button {text!r} has more than one action: {', '.join(actions)}")
    value = button[actions[0]]
    match actions[0]:
        case "callback_data":
            if not isinstance(value, str) or not 1 <= len(value.encode()) <= CALLBACK_DATA_BYTES:
                raise Violation("BUTTON_DATA_INVALID")
        case "url":
            if not isinstance(value, str) or not link_of(value):
                raise Violation(f"inline keyboard button URL '{value}' is invalid: Wrong HTTP URL")
            check_deep_link(value)
        case "copy_text":
            copied = value.get("text") if isinstance(value, dict) else None
            if not isinstance(copied, str) or not 1 <= len(copied) <= COPY_TEXT:
                raise Violation("BUTTON_COPY_TEXT_INVALID")
        case "web_app":
            if not isinstance(value, dict) or not str(value.get("url", "")).startswith("https://"):
                raise Violation("inline keyboard button Web App URL is invalid: Only HTTPS links are allowed")


def reply_keyboard(value: Json, *, private: bool) -> Json:
    """Check a keyboard under the input field: 12 buttons a row, 300 in all; some only in private chats."""
    rows = _rows(value["keyboard"], "reply keyboard")
    rows = [[{"text": b} if isinstance(b, str) else b for b in row] for row in rows if row]
    if not rows:
        raise Violation("reply keyboard must have a button")
    if sum(map(len, rows)) > REPLY_BUTTONS or any(len(row) > REPLY_ROW for row in rows):
        raise Violation("reply markup is too long")
    if len(value.get("input_field_placeholder") or "") > PLACEHOLDER:
        raise Violation("input field placeholder is longer than 64 characters")
    for row in rows:
        for button in row:
            _button_text(button, "keyboard button")
            if private:
                continue
            for name in ("request_contact", "request_location", "request_users", "request_chat", "web_app"):
                if button.get(name):
                    raise Violation(f"{name.replace('_', ' ')} can be used in private chats only")
    return {**value, "keyboard": rows}
