"""Methods about the bot's commands, its descriptions and its menu button."""

import re
from collections.abc import Callable
from typing import Any

from playground.forms import Call
from playground.refusals import Violation, bad_request
from playground.telegram import Chat, Telegram

Json = dict[str, Any]

COMMANDS = 100
_NAME = re.compile(r"[a-z0-9_]{1,32}")
_LANGUAGE = re.compile(r"[a-z]{2}")
_SCOPES = {
    "default",
    "all_private_chats",
    "all_group_chats",
    "all_chat_administrators",
    "chat",
    "chat_administrators",
    "chat_member",
}


def _language(call: Call) -> str:
    code = call.text("language_code")
    if code and not _LANGUAGE.fullmatch(code):
        raise Violation("invalid language code specified")
    return code


def _place(telegram: Telegram, call: Call) -> tuple[str, int, str]:
    """Read where commands hold: the scope, its chat (0 for all) and the language."""
    scope = call.structure("scope") or {"type": "default"}
    kind = scope.get("type") if isinstance(scope, dict) else None
    if kind not in _SCOPES:
        raise Violation("can't parse BotCommandScope: unsupported type specified")
    language = _language(call)
    if kind not in {"chat", "chat_administrators", "chat_member"}:
        return kind, 0, language
    try:
        chat = telegram.chats.get(int(scope.get("chat_id", 0)))
    except (TypeError, ValueError):
        chat = None
    if chat is None or (chat.private and not chat.opened):
        raise bad_request("chat not found")
    return kind, chat.id, language


def set_my_commands(telegram: Telegram, call: Call) -> bool:
    """Set up to 100 commands: names of 32 from a-z, 0-9 and _, descriptions of 1 to 256 characters."""
    commands = call.structure("commands")
    if not isinstance(commands, list):
        raise Violation("can't parse commands: an Array of BotCommand is expected")
    if len(commands) > COMMANDS:
        raise Violation("BOT_COMMANDS_TOO_MUCH")
    kept = []
    for command in commands:
        name = str(command.get("command", "")).removeprefix("/")
        description = str(command.get("description", "")).strip()
        if not _NAME.fullmatch(name):
            raise Violation("BOT_COMMAND_INVALID")
        if not 1 <= len(description) <= 256:
            raise Violation(
                "BOT_COMMAND_DESCRIPTION_INVALID" if description else "command description must be non-empty"
            )
        kept.append({"command": name, "description": description})
    telegram.commands[_place(telegram, call)] = kept
    _commands_changed(telegram)
    return True


def delete_my_commands(telegram: Telegram, call: Call) -> bool:
    """Take the commands of a scope and language away."""
    telegram.commands.pop(_place(telegram, call), None)
    _commands_changed(telegram)
    return True


def _commands_changed(telegram: Telegram) -> None:
    telegram.tell(None, {"type": "commands"})


def get_my_commands(telegram: Telegram, call: Call) -> list[Json]:
    """List the commands of exactly this scope and language."""
    return telegram.commands.get(_place(telegram, call), [])


def commands_for(telegram: Telegram, chat: Chat, language: str) -> list[Json]:
    """Find the commands somebody sees in a chat, the narrowest scope first."""
    scopes = [
        ("chat", chat.id),
        ("all_private_chats" if chat.private else "all_group_chats", 0),
        ("default", 0),
    ]
    for kind, number in scopes:
        for code in (language[:2].lower(), ""):
            found = telegram.commands.get((kind, number, code))
            if found:
                return found
    return []


def _setter(name: str, parameter: str, longest: int) -> Callable[[Telegram, Call], bool]:
    def change(telegram: Telegram, call: Call) -> bool:
        text = call.text(parameter)
        if len(text) > longest:
            raise Violation(f"{parameter.replace('_', ' ')} is longer than {longest} characters")
        telegram.about[name, _language(call)] = text
        return True

    return change


def _getter(name: str, parameter: str) -> Callable[[Telegram, Call], Json]:
    def tell(telegram: Telegram, call: Call) -> Json:
        default = telegram.about.get((name, ""), telegram.me["first_name"] if name == "name" else "")
        return {parameter: telegram.about.get((name, _language(call))) or default}

    return tell


def set_chat_menu_button(telegram: Telegram, call: Call) -> bool:
    """Keep the menu button of a chat, or of all."""
    menu = call.structure("menu_button") or {"type": "default"}
    if menu.get("type") not in {"commands", "web_app", "default"}:
        raise Violation("can't parse menu button: unsupported type specified")
    if call.has("chat_id"):
        chat = telegram.chats.get(call.whole("chat_id"))
        if chat is None:
            raise bad_request("chat not found")
        chat.menu = menu
    else:
        telegram.menu = menu
    return True


def get_chat_menu_button(telegram: Telegram, call: Call) -> Json:
    """Tell the menu button of a chat, or of all."""
    chat = telegram.chats.get(call.whole("chat_id", 0))
    return (chat.menu if chat else None) or telegram.menu


METHODS: dict[str, Callable[[Telegram, Call], Any]] = {
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    "setMyName": _setter("name", "name", 64),
    "getMyName": _getter("name", "name"),
    "setMyDescription": _setter("description", "description", 512),
    "getMyDescription": _getter("description", "description"),
    "setMyShortDescription": _setter("short", "short_description", 120),
    "getMyShortDescription": _getter("short", "short_description"),
    "setChatMenuButton": set_chat_menu_button,
    "getChatMenuButton": get_chat_menu_button,
}
