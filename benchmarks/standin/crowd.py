"""Members who press buttons: as fast as they are answered, or so many a second whatever happens."""

import asyncio
from array import array
from dataclasses import dataclass
from typing import Any

AT_ONCE = 100


@dataclass(frozen=True)
class Presses:
    """Who presses what: `members` chats from `first` on, in turn, `count` presses in all.

    With a rate, so many press in a second; else the next press as soon as fewer than `in_flight` are waiting.
    """

    count: int
    data: str
    first: int
    members: int
    rate: float = 0.0
    in_flight: int = 256


class Crowd:
    """Hands presses out to whoever polls, and notes how long each waited for its answer and for its edit."""

    def __init__(self, presses: Presses | None, *, first_update: int) -> None:
        self._presses = presses
        # Nobody presses before somebody listens.
        self._started: float | None = None
        self._first_update = first_update
        self._handed_out = 0
        self._acknowledged = 0
        self._kept: list[tuple[int, bytes]] = []
        self._pressed_at: dict[str, float] = {}
        self._delivered_at: dict[str, float] = {}
        self._edits_wanted: dict[int, list[float]] = {}
        self.answers, self.edits = array("d"), array("d")
        # What the bot itself took: from when it was given the press until its answer came.
        self.took = array("d")
        self.finished_at = 0.0
        self._changed = asyncio.Event()
        self._over = False

    @property
    def first_unused(self) -> int:
        """The first update id that nobody was given."""
        return self._first_update + self._handed_out

    def _ready(self, now: float) -> int:
        """How many presses have happened and were not handed out."""
        presses = self._presses
        if presses is None:
            return 0
        if self._started is None:
            self._started = now
        if presses.rate:
            happened = min(presses.count, int((now - self._started) * presses.rate))
        else:
            waiting = self._handed_out - len(self.edits)
            happened = min(presses.count, self._handed_out + max(0, presses.in_flight - waiting))
        return happened - self._handed_out

    async def poll(self, offset: int, seconds: float, *, limit: int = AT_ONCE) -> list[bytes]:
        """The next updates, as soon as there are any: those not acknowledged first, as Telegram does."""
        loop = asyncio.get_running_loop()
        self._kept = [(number, update) for number, update in self._kept if number >= offset]
        deadline = loop.time() + seconds
        while not self._kept and not self._over:
            if (ready := self._ready(loop.time())) > 0:
                self._hand_out(min(ready, limit), loop.time())
                break
            self._changed.clear()
            left = deadline - loop.time()
            if left <= 0:
                return []
            try:
                async with asyncio.timeout(min(left, self._pause())):
                    await self._changed.wait()
            except TimeoutError:
                continue
        return [update for _, update in self._kept[:limit]]

    def _pause(self) -> float:
        """Until the next press, as far as that is known."""
        if self._presses is None or self._started is None:
            return 60.0
        if not self._presses.rate or self._handed_out >= self._presses.count:
            return 60.0
        due = self._started + (self._handed_out + 1) / self._presses.rate
        return max(0.001, due - asyncio.get_running_loop().time())

    def _hand_out(self, count: int, now: float) -> None:
        presses = self._presses
        if presses is None or self._started is None:
            return
        for _ in range(count):
            number = self._first_update + self._handed_out
            member = presses.first + self._handed_out % presses.members
            pressed_at = self._started + (self._handed_out + 1) / presses.rate if presses.rate else now
            self._pressed_at[str(number)] = pressed_at
            self._delivered_at[str(number)] = now
            self._edits_wanted.setdefault(member, []).append(pressed_at)
            self._kept.append((number, press(number, member, presses.data)))
            self._handed_out += 1

    def answered(self, query_id: str, now: float) -> None:
        if (pressed_at := self._pressed_at.pop(query_id, None)) is not None:
            self.answers.append(now - pressed_at)
            self.took.append(now - self._delivered_at.pop(query_id))

    def edited(self, chat_id: int, now: float) -> None:
        """The chat's message shows something else now: its oldest press has had its effect."""
        waiting = self._edits_wanted.get(chat_id)
        if not waiting:
            return
        self.edits.append(now - waiting.pop(0))
        if not waiting:
            del self._edits_wanted[chat_id]
        if self._presses is not None and len(self.edits) == self._presses.count:
            self.finished_at = now
        if self._presses is not None and not self._presses.rate:
            self._changed.set()

    def begin(self, presses: Presses) -> "Crowd":
        """Another crowd after this one."""
        following = Crowd(presses, first_update=self.first_unused)
        self._over = True
        self._changed.set()
        return following


def press(number: int, member: int, data: str) -> bytes:
    """The update of a press under a card, as Telegram sends it."""
    face = f'"id":{member},"first_name":"Member {member}"'
    text = "Harbour Forum\\nThursday, 3 December 2026, 18:30–20:30\\n📍 Sample Hall\\n👥 400 places left"
    return (
        f'{{"update_id":{number},"callback_query":{{"id":"{number}","from":{{{face},"is_bot":false,'
        f'"language_code":"en"}},"message":{{"message_id":7,"from":{{"id":1,"is_bot":true,"first_name":"Amity",'
        f'"username":"amity_bot"}},"chat":{{{face},"type":"private"}},"date":1760000000,"text":"{text}",'
        f'"entities":[{{"type":"bold","offset":0,"length":13}}],"reply_markup":{{"inline_keyboard":'
        f'[[{{"text":"I will come","callback_data":"{data}"}}],[{{"text":"📆 Calendar file",'
        f'"callback_data":"v1:ics:1"}}]]}}}},"chat_instance":"1","data":"{data}"}}}}'
    ).encode()


def figures(crowd: Crowd) -> dict[str, Any]:
    return {
        "answers": crowd.answers.tolist(),
        "took": crowd.took.tolist(),
        "edits": crowd.edits.tolist(),
        "finished_at": crowd.finished_at,
    }
