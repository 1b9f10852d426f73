"""Questions are understood by what they mean, and answered by their words where no model can be asked."""

import asyncio
import os
import signal
import time
from pathlib import Path
from unittest import mock

import pytest

from bot import library
from bot.meanings import E5, usable
from storage import content, options
from tests.conftest import Amity, amity_running
from tests.making import agreed
from tests.messages import Message
from tests.phone import buttons, text_of

pytestmark = pytest.mark.skipif(E5 not in usable(), reason="this machine can't run the models")

ENTRIES = {
    "privacy": ("How do I delete my data?", "Open /privacy and choose to delete everything."),
    "cancel": ("How do I cancel my place?", "Open /my and press Cancel."),
    "office": ("Where is the office?", "It is in Sample Street."),
    "fee": ("Is there a fee?", "Taking part costs nothing."),
}


async def teach(amity: Amity) -> None:
    async with amity.database.write() as tx:
        for code, (question, answer) in ENTRIES.items():
            told, asked = {"en": answer}, {"en": [question]}
            await content.put_question(tx, code, None, "Made-up", None, None, told, asked)
        await options.remember(tx, content.REVISION, "1")


async def until_understood(amity: Amity) -> None:
    deadline = time.monotonic() + 60
    while amity.service.library.rung != "e5+muse+bm25" or amity.service.library.is_learning:
        assert time.monotonic() < deadline, amity.service.library.rung
        await asyncio.sleep(0.1)


def leads_to(code: str, message: Message) -> bool:
    """Whether the entry is told, or among the buttons."""
    return ENTRIES[code][0] in [*text_of(message).splitlines(), *buttons(message)]


def workers() -> set[int]:
    found = set()
    for task in Path("/proc/self/task").iterdir():
        for pid in (task / "children").read_text().split():
            if b"bot.meanings.worker" in Path(f"/proc/{pid}/cmdline").read_bytes():
                found.add(int(pid))
    return found


async def test_other_words_and_another_language_find_the_answer_and_a_crash_costs_only_that(
    tmp_path: Path,
) -> None:
    # A machine that does much else at once is slow, not wrong.
    with mock.patch.object(library, "PATIENCE_SECONDS", 30.0):
        await _play(tmp_path)


async def _play(folder: Path) -> None:
    async with amity_running(folder, semantic=True) as amity:
        await teach(amity)
        await until_understood(amity)
        phone = await agreed(amity.telegram, "Ann")
        await phone.write("please erase everything you know about me")
        await phone.wait_for(lambda message: leads_to("privacy", message))
        await phone.write("辦事處喺邊度？")
        await phone.wait_for(lambda message: leads_to("office", message))
        (worker,) = workers()
        os.kill(worker, signal.SIGKILL)
        await phone.write("Where is the office?")
        await phone.wait_for("Sample Street")
