"""A process of its own understands texts, and whatever becomes of it, nobody is kept waiting."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from unittest import mock

import numpy as np
import pytest

from bot.meanings import E5, MUSE, Encoder, Model, encoder, usable
from bot.questions import Finder

pytestmark = pytest.mark.skipif(E5 not in usable(), reason="this machine can't run the models")

NASTY = [
    "\ufdfa" * 1000,
    "\ud800 lone",
    "a\x00b",
    "🙈" * 300,
    "\u202eevil\u202c" * 50,
    "\u200b" * 300 + "a",
    "<b>&lt;" * 60,
    "'; DROP TABLE people; --",
    "ก็" * 400,
    "ཨོཾ་མ་ཎི་པདྨེ་ཧཱུྃ" * 30,
    "A" * 4000,
]


@asynccontextmanager
async def at_work(*models: Model) -> AsyncIterator[Encoder]:
    worked = Encoder(models)
    task = asyncio.create_task(worked.run())
    try:
        while not worked.at_work:
            await asyncio.sleep(0)
        yield worked
    finally:
        task.cancel()
        await asyncio.wait([task])


def children() -> set[int]:
    found = set()
    for task in Path("/proc/self/task").iterdir():
        found |= {int(pid) for pid in (task / "children").read_text().split()}
    return found


async def test_what_means_the_same_points_the_same_way_in_any_language() -> None:
    async with at_work(E5) as worked:
        vectors = await worked.encode(
            E5, "question", ["How do I cancel my place?", "如何取消报名？", "What is the capital of Peru?"]
        )
    assert vectors is not None
    assert vectors.shape == (3, 384)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.05


async def test_nothing_that_anybody_types_ends_the_worker() -> None:
    finder = Finder(())
    async with at_work(E5) as worked:
        await worked.encode(E5, "question", ["hello"])
        before = children()
        for text in NASTY:
            asked = finder.restated(text)
            if asked:
                assert await worked.encode(E5, "question", [asked], urgent=True) is not None
        assert children() == before


async def test_a_worker_that_dies_costs_one_answer_and_is_started_again() -> None:
    with mock.patch.object(encoder, "SHORTEST_PAUSE", 0.05):
        async with at_work(MUSE) as worked:
            others = children()
            assert await worked.encode(MUSE, "question", ["hello"]) is not None
            (pid,) = children() - others
            os.kill(pid, signal.SIGKILL)
            assert await worked.encode(MUSE, "question", ["hello"], urgent=True) is None
            assert await worked.encode(MUSE, "question", ["hello"]) is not None


async def test_what_a_member_waits_for_goes_before_what_can_wait() -> None:
    done: list[str] = []

    async def have(text: str, *, urgent: bool) -> None:
        await worked.encode(MUSE, "question", [text], urgent=urgent)
        done.append(text)

    async with at_work(MUSE) as worked:
        await worked.encode(MUSE, "question", ["hello"])
        waiting = [asyncio.create_task(have(f"leisure {number}", urgent=False)) for number in range(20)]
        await asyncio.sleep(0)
        await have("urgent", urgent=True)
        await asyncio.gather(*waiting)
    assert done.index("urgent") <= 2


async def test_an_answer_that_takes_too_long_is_not_waited_for() -> None:
    async with at_work(E5, MUSE) as worked:
        assert await worked.understand("hello", {"e5", "muse"}, patience=0.0) == {}
        found = await worked.understand("hello", {"e5", "muse"}, patience=None)
    assert set(found) == {"e5", "muse"}


async def test_while_there_is_no_worker_what_is_urgent_is_not_kept_waiting() -> None:
    assert await Encoder([MUSE]).encode(MUSE, "question", ["hello"], urgent=True) is None


async def test_without_models_there_is_nothing_to_run() -> None:
    worked = Encoder(())
    await worked.run()
    assert await worked.understand("hello", {"e5"}, patience=None) == {}
