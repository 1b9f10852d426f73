"""The command `amity` in processes of its own, as the operator types it.

Each begins as a copy of one that has loaded all modules already, as loading them takes seconds of work.
"""

import asyncio
import multiprocessing
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from multiprocessing.context import ForkServerProcess
from pathlib import Path

ROOT = Path(__file__).parent.parent

_copying = multiprocessing.get_context("forkserver")
_copying.set_forkserver_preload(["bot.__main__"])


class Command:
    """One that runs, or has ended."""

    def __init__(self, process: ForkServerProcess) -> None:
        assert process.pid is not None
        self.pid = process.pid
        self._process = process

    @property
    def returncode(self) -> int | None:
        """Its exit code, or the negative number of the signal that ended it; None while it runs."""
        return self._process.exitcode

    def kill(self) -> None:
        self._process.kill()

    def terminate(self) -> None:
        self._process.terminate()

    async def wait(self) -> int:
        await asyncio.to_thread(self._process.join)
        assert self.returncode is not None
        return self.returncode


@dataclass(frozen=True)
class Ended:
    """What the operator has seen of a command."""

    returncode: int
    stdout: str
    stderr: str


def start(folder: Path, *arguments: str, out: Path, errors: Path, **settings: str) -> Command:
    """Start the command in the folder, with these settings alone; what it says is added to the files."""
    given = {name: value for name, value in os.environ.items() if not name.startswith("AMITY_")}
    # To understand a pack takes models a minute.
    given |= {"AMITY_SEMANTIC": "no"} | settings
    process = _copying.Process(target=_be, args=(folder, arguments, given, out, errors), daemon=True)
    process.start()
    return Command(process)


def amity(folder: Path, *arguments: str, **settings: str) -> Ended:
    """Run the command to its end."""
    out, errors = folder / "stdout", folder / "stderr"
    command = start(folder, *arguments, out=out, errors=errors, **settings)
    command._process.join(60)
    assert command.returncode is not None, "it does not end"
    ended = Ended(command.returncode, out.read_text(), errors.read_text())
    for said in (out, errors):
        said.unlink()
    return ended


def _be(folder: Path, arguments: tuple[str, ...], environment: Mapping[str, str], *files: Path) -> None:
    """Become the command."""
    for number, file in enumerate(files, start=1):
        os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND), number)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.argv = ["amity", *arguments]
    import_module("bot.__main__").main()
