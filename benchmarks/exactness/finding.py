"""Comparing what the bot has written down with what has arrived."""

import sqlite3
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

# What can be in doubt after a kill: what was claimed, and what had ended and was not written yet.
IN_DOUBT_AT_MOST = 350


@dataclass(frozen=True)
class Found:
    """How it went for everybody, by what the bot says of them and by how often the message arrived."""

    states: Mapping[str, int]
    recipients: int
    skipped: int
    twice: int
    # The bot says "sent" where nothing arrived, or that nothing was sent where something did.
    wrong: int
    unknown_arrived: int
    unknown_not_arrived: int
    state: str
    tallied: Mapping[str, int]

    @property
    def unknown(self) -> int:
        return self.unknown_arrived + self.unknown_not_arrived

    def problems(self, *, kills: int, without_answer: int) -> list[str]:
        """What is not as it has to be; nothing when all is well."""
        bound = kills * IN_DOUBT_AT_MOST + without_answer
        found = {
            "were skipped": self.skipped,
            "got it twice": self.twice,
            "are told wrongly": self.wrong,
            f"are unknown, more than the {bound} that can be in doubt": max(0, self.unknown - bound),
            "have failed": sum(self.states.get(state, 0) for state in ("failed", "blocked", "missed")),
            "are left": sum(self.states.get(state, 0) for state in ("owed", "claimed")),
        }
        problems = [f"{count} {what}" for what, count in found.items() if count]
        if self.state != "done":
            problems.append(f"the broadcast is {self.state}")
        if self.tallied != self.states:
            problems.append(f"the tally says {dict(self.tallied)}, the notices {dict(self.states)}")
        return problems


def state_of(file: str, broadcast_id: int) -> str:
    """How far the broadcast has come, by its own word for it."""
    with sqlite3.connect(file, timeout=30) as connection:
        [(state,)] = connection.execute("SELECT state FROM broadcasts WHERE id = ?", (broadcast_id,))
    connection.close()
    return str(state)


def find(file: str, broadcast_id: int, reached: Mapping[int, int]) -> Found:
    """Look at everybody. `reached` is how often the message arrived in each chat."""
    connection = sqlite3.connect(file, timeout=30)
    said: dict[int, str] = dict(
        connection.execute(
            "SELECT people.telegram_id, notices.state"
            " FROM notices JOIN people ON people.id = notices.person_id"
            " WHERE notices.broadcast_id = ? AND notices.kind = 'broadcast'",
            (broadcast_id,),
        )
    )
    everybody = [chat for (chat,) in connection.execute("SELECT telegram_id FROM people")]
    tallied = dict(
        connection.execute(
            "SELECT state, sum(people) FROM broadcast_tallies"
            " WHERE broadcast_id = ? AND kind = 'broadcast' GROUP BY state HAVING sum(people) > 0",
            (broadcast_id,),
        )
    )
    connection.close()
    unknown = [chat for chat, state in said.items() if state == "unknown"]
    known = [(chat, state) for chat, state in said.items() if state != "unknown"]
    return Found(
        states=dict(Counter(said.values())),
        recipients=len(everybody),
        skipped=sum(chat not in said for chat in everybody),
        twice=sum(times > 1 for times in reached.values()),
        wrong=sum((state == "sent") != (chat in reached) for chat, state in known),
        unknown_arrived=sum(chat in reached for chat in unknown),
        unknown_not_arrived=sum(chat not in reached for chat in unknown),
        state=state_of(file, broadcast_id),
        tallied=tallied,
    )
