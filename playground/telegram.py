"""What Telegram knows: people, chats and their messages, files, and the updates it holds for the bot."""

import asyncio
import itertools
import time
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from typing import Any

from playground.bell import Bell
from playground.clock import Clock, MovableClock
from playground.files import Files
from playground.rates import Rates
from playground.updates import Updates

Json = dict[str, Any]

TOKEN = "7000000001:playground-token-of-no-use-elsewhere"  # noqa: S105 - it opens nothing
CALLS_KEPT = 10_000


@dataclass(slots=True)
class Person:
    """Somebody with a Telegram account."""

    face: Json
    label: str
    blocked: bool = False
    deactivated: bool = False

    @property
    def id(self) -> int:
        """Their Telegram id, also that of their private chat."""
        return int(self.face["id"])


@dataclass(slots=True)
class Entry:
    """A message where it stands in a chat: `seq` grows with every change, `extra` is what bots don't see."""

    message: Json
    seq: int
    extra: Json


@dataclass(slots=True)
class Topic:
    """A topic of a group that has them; its number is that of the message that opened it."""

    name: str
    opening: Json
    closed: bool = False


@dataclass(slots=True)
class Chat:
    """A private chat with the bot, or a group it is in."""

    face: Json
    members: list[int]
    opened: bool = False
    bot_is_admin: bool = False
    moved_to: int | None = None
    entries: OrderedDict[int, Entry] = field(default_factory=OrderedDict)
    deleted: list[tuple[int, int]] = field(default_factory=list)
    last_id: int = 0
    typing_until: float = 0.0
    keyboard: Json | None = None
    pinned: list[int] = field(default_factory=list)
    topics: dict[int, Topic] = field(default_factory=dict)
    menu: Json | None = None
    changed: Bell = field(default_factory=Bell)

    @property
    def id(self) -> int:
        """Its Telegram id."""
        return int(self.face["id"])

    @property
    def private(self) -> bool:
        """Say whether it is one person's chat with the bot."""
        return bool(self.face["type"] == "private")


@dataclass(slots=True)
class Query:
    """A pressed button that waits for the bot's answer."""

    person_id: int
    asked: float
    answer: Json | None = None


class Telegram:
    """All of Telegram that one bot meets, in memory.

    With `limits` the real sending rates are kept and 429 is answered beyond them.
    """

    def __init__(
        self,
        clock: MovableClock | None = None,
        *,
        token: str = TOKEN,
        username: str = "amity_playground_bot",
        name: str = "Amity",
        limits: bool = False,
    ) -> None:
        self.clock: MovableClock = clock or Clock()
        self.token = token
        self.me: Json = {
            "id": int(token.partition(":")[0]),
            "is_bot": True,
            "first_name": name,
            "username": username,
        }
        self.people: dict[int, Person] = {}
        self.chats: dict[int, Chat] = {}
        self.files = Files()
        self.updates = Updates()
        self.queries: dict[str, Query] = {}
        self.inline_answers: dict[str, Json] = {}
        self.commands: dict[tuple[str, int, str], list[Json]] = {}
        self.about: dict[tuple[str, str], str] = {}
        self.menu: Json = {"type": "default"}
        self.rates = Rates() if limits else None
        self.calls: deque[Json] = deque(maxlen=CALLS_KEPT)
        self.calls_count = 0
        self.calls_busy = 0
        self.last_call = 0.0
        self.violations: list[Json] = []
        self.answered = Bell()
        self.closing = asyncio.Event()
        self._listeners: list[tuple[int, asyncio.Queue[Json]]] = []
        self._seq = 0
        self._people_ids = itertools.count(10_000_001)
        self._group_ids = itertools.count(1)
        self._query_ids = itertools.count(4_000_000_000_000_001)

    def now(self) -> int:
        """Tell the present instant as Telegram writes it: whole seconds since 1970."""
        return int(self.clock.now().timestamp())

    def add_person(
        self,
        first_name: str,
        *,
        last_name: str | None = None,
        username: str | None = None,
        language_code: str | None = None,
        label: str | None = None,
        id: int | None = None,
    ) -> Person:
        """Open an account; the private chat with the bot is there but nobody has written in it yet."""
        number = id if id is not None else next(n for n in self._people_ids if n not in self.people)
        face: Json = {"id": number, "is_bot": False, "first_name": first_name}
        for key, value in (
            ("last_name", last_name),
            ("username", username),
            ("language_code", language_code),
        ):
            if value:
                face[key] = value
        person = Person(face, label or "")
        self.people[number] = person
        chat = {k: v for k, v in face.items() if k not in {"is_bot", "language_code"}}
        self.chats[number] = Chat({**chat, "type": "private"}, [number])
        self.tell(None, {"type": "people"})
        return person

    def add_group(
        self,
        title: str,
        members: list[int],
        *,
        id: int | None = None,
        bot_is_admin: bool = False,
        forum: bool = False,
    ) -> Chat:
        """Open a group with the bot in it; the first member owns it.

        Unless it is an administrator the bot only hears commands and replies to itself.
        """
        number = id if id is not None else -1_000_000_000_000 - next(self._group_ids)
        face: Json = {"id": number, "type": "supergroup", "title": title}
        if forum:
            face["is_forum"] = True
        chat = Chat(face, list(members), opened=True, bot_is_admin=bot_is_admin)
        self.chats[number] = chat
        for member in members:
            self.tell(member, {"type": "chats"})
        return chat

    def post(self, chat: Chat, sender: Json, content: Json, extra: Json | None = None) -> Entry:
        """Put a new message at the end of a chat."""
        chat.last_id += 1
        message: Json = {
            "message_id": chat.last_id,
            "from": sender,
            "chat": chat.face,
            "date": self.now(),
            **content,
        }
        self._seq += 1
        entry = Entry(message, self._seq, extra or {})
        chat.entries[chat.last_id] = entry
        if sender is self.me:
            chat.typing_until = 0.0
        self._changed(chat, "message", entry)
        return entry

    def revise(self, chat: Chat, entry: Entry, message: Json) -> Entry:
        """Put another version of a message in its place; updates that hold the old one keep it."""
        self._seq += 1
        entry.message = message
        entry.seq = self._seq
        chat.entries.move_to_end(int(message["message_id"]))
        self._changed(chat, "edit", entry)
        return entry

    def remove(self, chat: Chat, message_id: int) -> None:
        """Take a message out of a chat."""
        del chat.entries[message_id]
        self._seq += 1
        chat.deleted.append((self._seq, message_id))
        chat.changed.ring()
        self._tell_members(chat, {"type": "delete", "chat": chat.id, "message_id": message_id})

    def ask(self, person_id: int) -> str:
        """Open a callback query and give its id."""
        number = str(next(self._query_ids))
        self.queries[number] = Query(person_id, self.clock.now().timestamp())
        return number

    def listen(self, person_id: int) -> asyncio.Queue[Json]:
        """Begin to receive what happens in a person's chats."""
        queue: asyncio.Queue[Json] = asyncio.Queue()
        self._listeners.append((person_id, queue))
        return queue

    def leave(self, queue: asyncio.Queue[Json]) -> None:
        """Stop receiving."""
        self._listeners = [(p, q) for p, q in self._listeners if q is not queue]

    def tell(self, person_id: int | None, event: Json) -> None:
        """Tell one person's listeners, or everybody's."""
        for who, queue in self._listeners:
            if person_id is None or who == person_id:
                queue.put_nowait(event)

    def note_call(self, method: str, params: Json, status: int, **more: Any) -> Json:
        """Write a call into the log, of which the last ten thousand are kept, and count it."""
        self.calls_count += 1
        call = {
            "n": self.calls_count,
            "at": self.clock.now().timestamp(),
            "monotonic": time.monotonic(),
            "method": method,
            "params": params,
            "status": status,
            **more,
        }
        self.calls.append(call)
        return call

    def close(self) -> None:
        """End every wait, so that the server can stop."""
        self.closing.set()
        self.updates.close()
        self.answered.ring()
        for chat in self.chats.values():
            chat.changed.ring()
        self.tell(None, {"type": "end"})

    @property
    def seq(self) -> int:
        """The number of the newest change in any chat."""
        return self._seq

    def _changed(self, chat: Chat, kind: str, entry: Entry) -> None:
        chat.changed.ring()
        if self._listeners:
            self._tell_members(chat, {"type": kind, "chat": chat.id, "message": shown(entry)})

    def _tell_members(self, chat: Chat, event: Json) -> None:
        if self._listeners:
            for member in chat.members:
                self.tell(member, event)


def shown(entry: Entry) -> Json:
    """Give a message as the page and the tests see it."""
    return {**entry.message, **entry.extra, "seq": entry.seq}
