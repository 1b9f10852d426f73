"""Reading the messages on a phone: their buttons, their words, and how they look in a transcript."""

import json
from collections.abc import Callable
from typing import Any

Message = dict[str, Any]
Wanted = str | Callable[[Message], object]


def buttons(message: Message) -> list[str]:
    """List the labels of a message's buttons, row after row."""
    return [button["text"] for row in _rows(message) for button in row]


def text_of(message: Message) -> str:
    """Give a message's text or caption."""
    return str(message.get("text") or message.get("caption") or "")


def _rows(message: Message) -> list[list[dict[str, Any]]]:
    rows: list[list[dict[str, Any]]] = message.get("reply_markup", {}).get("inline_keyboard", [])
    return rows


def matching(message: Message, wanted: str) -> dict[str, Any] | None:
    """Find a button: the exact label or data first, then the beginning of data, then part of a label."""
    pressable = [b for row in _rows(message) for b in row if "callback_data" in b]
    for fits in (
        lambda b: wanted in (b["text"], b["callback_data"]),
        lambda b: b["callback_data"].startswith(wanted),
        lambda b: wanted in b["text"],
    ):
        for button in pressable:
            if fits(button):
                return button
    return None


def fulfils(message: Message, wanted: Wanted) -> bool:
    """Say whether a message holds a text or fulfils a predicate."""
    if isinstance(wanted, str):
        return wanted in text_of(message)
    return bool(wanted(message))


def number_of(message: Message | int) -> int:
    """Give a message's id, whether the message or its id is at hand."""
    return message if isinstance(message, int) else int(message["message_id"])


def line_of(message: Message) -> str:
    """Write a message down, with its buttons and what they do."""
    kinds = ("photo", "document", "sticker", "voice", "video", "location", "venue", "contact", "poll")
    what = " ".join(f"<{kind}>" for kind in kinds if kind in message)
    edited = " (edited)" if "edit_date" in message else ""
    said = f"{message['message_id']:>4} {message['from']['first_name']}{edited}: {what}{text_of(message)}"
    rows = ["       " + " ".join(f"[{b['text']} · {_action(b)}]" for b in row) for row in _rows(message)]
    return "\n".join([said, *rows])


def _action(button: dict[str, Any]) -> str:
    rest = {name: value for name, value in button.items() if name not in {"text", "style"}}
    return str(next(iter(rest.values()), "")) if len(rest) == 1 else json.dumps(rest, ensure_ascii=False)
