"""The Bot API's methods, by their names in lower case."""

from collections.abc import Callable
from typing import Any

from playground.forms import Call
from playground.methods import chats, commands, editing, media, queries, sending, topics
from playground.telegram import Telegram

Method = Callable[[Telegram, Call], Any]

METHODS: dict[str, Method] = {
    name.lower(): method
    for group in (
        sending.METHODS,
        media.METHODS,
        editing.METHODS,
        queries.METHODS,
        chats.METHODS,
        topics.METHODS,
        commands.METHODS,
    )
    for name, method in group.items()
}
