"""The command `amity run` as an operator starts it, and kills it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.standin.asking import TOKEN, StandIn

ROOT = Path(__file__).absolute().parents[2]


class Bot:
    """A running `amity run`; what it says goes to a file in its folder."""

    def __init__(self, folder: Path, url: str, standin: StandIn, meanwhile: Callable[[], None]) -> None:
        self._meanwhile = meanwhile
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AMITY_")}
        settings = {
            "AMITY_BOT_TOKEN": TOKEN,
            "AMITY_API_URL": standin.address,
            "AMITY_DATABASE_URL": url,
            "AMITY_PAID_BROADCASTS": "true",
        }
        with (folder / "log.txt").open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bot", "run"],
                cwd=folder,
                env=kept | settings | {"PYTHONPATH": str(ROOT)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def check(self) -> None:
        """Raises RuntimeError when it has ended by itself."""
        if self._process.poll() is not None:
            raise RuntimeError(f"the bot ended by itself with {self._process.returncode}")

    def kill(self) -> None:
        """End it in the middle of whatever it does."""
        self._process.kill()
        self._process.wait()

    def stop(self) -> int:
        """End it in order; says its exit code."""
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(timeout=30)

    def wait_for_messages(self, standin: StandIn, count: int, *, pause: float, patience: float) -> bool:
        """Wait until so many messages have arrived, looking every `pause` seconds.

        False when for `patience` seconds none has come: there may be no more of them.
        """
        arrived, last = 0, time.monotonic()
        while (now := standin.messages()) < count:
            self.check()
            self._meanwhile()
            if now > arrived:
                arrived, last = now, time.monotonic()
            elif time.monotonic() - last > patience:
                return False
            time.sleep(pause)
        return True


@contextmanager
def at_work(folder: Path, url: str, standin: StandIn, *, meanwhile: Callable[[], None]) -> Iterator[Bot]:
    """A bot that is killed when the block ends; `meanwhile` is done now and then while it is waited for."""
    bot = Bot(folder, url, standin, meanwhile)
    try:
        yield bot
    finally:
        bot.kill()
