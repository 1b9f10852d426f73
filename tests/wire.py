"""A pretended wire, for what real HTTP can't be told to do."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from handlers.wire import Outcome, Sent


@dataclass
class FakeWire:
    """The wire alone is pretended: it answers as told, per chat, and remembers what it was asked."""

    answers: dict[int, list[Outcome]] = field(default_factory=dict)
    calls: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    silent: set[int] = field(default_factory=set)

    async def call(self, method: str, params: Mapping[str, Any], **_: float) -> Outcome:
        self.calls.append((method, params))
        chat = int(params["chat_id"])
        if chat in self.silent:
            await asyncio.sleep(60)
        told = self.answers.get(chat)
        return told.pop(0) if told else Sent({"message_id": len(self.calls)})

    def count(self, chat: int) -> int:
        return sum(1 for _, params in self.calls if params["chat_id"] == chat)
