"""Starting the stand-in and asking it what arrived."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from http.client import HTTPConnection
from statistics import quantiles
from typing import Any

from benchmarks.standin.arriving import Faults
from benchmarks.standin.crowd import Presses

TOKEN = "1:benchmark"
NO_FAULTS = Faults()


@dataclass(frozen=True)
class Seen:
    """What the stand-in has seen since it began anew; moments and waits are in seconds."""

    now: float
    messages: int
    first_at: float
    last_at: float
    worst_second: int
    refused: int
    injected: dict[str, int]
    calls: dict[str, int]
    answers: list[float]
    took: list[float]
    edits: list[float]
    finished_at: float

    @property
    def rate(self) -> float:
        """Messages a second, from the first to the last."""
        lasted = self.last_at - self.first_at
        return (self.messages - 1) / lasted if lasted > 0 else 0.0


class StandIn:
    """The stand-in as a benchmark sees it. Asking blocks: not to be done where something is measured."""

    def __init__(self, port: int) -> None:
        self._port = port

    @property
    def address(self) -> str:
        """What AMITY_API_URL is to be."""
        return f"http://127.0.0.1:{self._port}"

    def begin(
        self,
        *,
        rate: int | None = None,
        latency: float = 0.0,
        spread: float = 0.0,
        faults: Faults = NO_FAULTS,
        marked: str = "",
    ) -> None:
        """Forget everything. From now on keep these limits, and let calls and answers take `latency` to
        `latency + spread` seconds in all.
        """
        wanted = {
            "rate": rate,
            "latency": latency,
            "spread": spread,
            "faults": asdict(faults),
            "marked": marked,
        }
        self._ask("begin", wanted)

    def press(self, presses: Presses) -> None:
        self._ask("press", asdict(presses))

    def messages(self) -> int:
        return int(self._ask("messages", {}))

    def reached(self) -> dict[int, int]:
        """How often each chat got a marked message."""
        return dict(self._ask("reached", {}))

    def seen(self) -> Seen:
        found = self._ask("figures", {})
        return Seen(**{name: value for name, value in found.items() if name != "crowd"}, **found["crowd"])

    def _ask(self, name: str, wanted: dict[str, Any]) -> Any:
        connection = HTTPConnection("127.0.0.1", self._port, timeout=60)
        try:
            headers = {"Content-Type": "application/json"}
            connection.request("POST", f"/control/{name}", json.dumps(wanted), headers)
            return json.loads(connection.getresponse().read())
        finally:
            connection.close()


@contextmanager
def standing_in() -> Iterator[StandIn]:
    """A stand-in while the block lasts."""
    command = [sys.executable, "-m", "benchmarks.standin"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield StandIn(int(process.stdout.readline()))
    finally:
        process.stdin.close()
        process.wait(timeout=10)
        process.stdout.close()


def hundredth(waits: list[float], which: int) -> float:
    """After how many milliseconds so many of a hundred were done."""
    if len(waits) < 2:
        return sum(waits) * 1000
    return quantiles(waits, n=100, method="inclusive")[which - 1] * 1000
