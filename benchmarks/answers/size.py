"""What answering costs: latency, memory, and how soon an edit is live, among few and many entries."""

import asyncio
import random
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from statistics import quantiles

import numpy as np

from benchmarks.answers import sets
from benchmarks.telling import tell
from bot.clock import WallClock
from bot.library import Library, entries
from bot.meanings import Encoder, usable
from bot.meanings.memory import as_kept
from bot.questions import Meaning, texts_of
from storage import Database, Transaction, connect, content, meanings, options
from storage.migrations import migrate

ASKED = 200
# Of more entries than this the vectors are made up as well: what a search costs doesn't depend on them.
READ_UP_TO = 200
DIMENSIONS: Mapping[str, int] = {"e5": 384, "muse": 512}


def measure(sizes: list[int]) -> None:
    """Print the figures for each number of entries, in one language with three wordings each."""
    for count in sizes:
        asyncio.run(_among(count))


async def _among(count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        database = connect(f"sqlite+aiosqlite:///{Path(folder) / 'amity.db'}")
        encoder, clock = Encoder(), WallClock()
        library = Library(encoder)
        tasks = [asyncio.create_task(encoder.run())]
        try:
            await migrate(database)
            await _fill(database, count)
            began = time.monotonic()
            await library.refresh(database, now=clock.now())
            indexed = time.monotonic() - began
            await library.warm_up()
            tasks.append(asyncio.create_task(library.follow(database, clock)))
            while not library.understands or library.is_learning:
                await asyncio.sleep(0.2)
            learnt = time.monotonic() - began
            milliseconds = [await _ask(library, case) for case in _cases()]
            hundredths = quantiles(milliseconds, n=100)
            live = await _edit(database, library)
            resident = _resident()
            print(
                f"{count} entries ({library.rung}): indexed after {indexed:.1f} s,"
                f" understood after {learnt:.0f} s; p50 {hundredths[49]:.1f} ms, p99 {hundredths[98]:.1f} ms;"
                f" an edit is live after {live:.2f} s; {resident:.0f} MB with the worker"
            )
            tell(f"answers.{count}.p99_ms", hundredths[98], 60.0)
            tell(f"answers.{count}.live_s", live, 2.0)
            tell(f"answers.{count}.mb", resident, 400.0)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await database.close()


def _cases() -> list[sets.Case]:
    cases = [case for case in sets.read("association.jsonl")[1] if not sets.untouched(case)]
    return random.Random(1).sample(cases, ASKED)


async def _fill(database: Database, count: int) -> None:
    """The association's own entries again and again, each time about something else."""
    known = sets.content()
    dice = random.Random(2)
    async with database.write() as tx:
        for number in range(count):
            entry = known[number % len(known)]
            about = f" {''.join(dice.choices('bcdfgklmnprstvz', k=6))}" if number >= len(known) else ""
            wordings = [wording + about for wording in entry.wordings[:3]]
            await _put(tx, f"made-{number}", entry.locale, wordings, entry.text + about)
        await options.remember(tx, content.REVISION, "1")
    if count > READ_UP_TO:
        await _make_up_vectors(database)


async def _put(tx: Transaction, name: str, locale: str, wordings: list[str], text: str) -> None:
    await content.put_question(tx, name, None, "Made-up", None, None, {locale: text}, {locale: wordings})


async def _make_up_vectors(database: Database) -> None:
    dice = np.random.default_rng(3)
    async with database.read() as tx:
        texts = texts_of(await entries(tx, now=WallClock().now()))
    for model in usable():
        keys = list(dict.fromkeys(text.key(model) for text in texts))
        for start in range(0, len(keys), 5_000):
            some = keys[start : start + 5_000]
            vectors = dice.standard_normal((len(some), DIMENSIONS[model.name])).astype(np.float32)
            vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
            async with database.write() as tx:
                kept = {key: as_kept(vector) for key, vector in zip(some, vectors, strict=True)}
                await meanings.add(tx, model.edition, kept)


async def _ask(library: Library, case: sets.Case) -> float:
    began = time.perf_counter()
    meaning = await library.understand(case.question)
    library.ask(case.question, case.locale, meaning)
    return (time.perf_counter() - began) * 1000


async def _edit(database: Database, library: Library) -> float:
    """Seconds from the commit of a new entry until it is found, and the models know it too."""
    question = "Is the lighthouse keeper's garden open to visitors?"
    async with database.write() as tx:
        await _put(tx, "lighthouse", "en", [question], "The garden is open on Sundays.")
        await options.remember(tx, content.REVISION, "2")
    began = time.monotonic()
    while library.is_learning or not _is_found(library, question, await library.understand(question)):
        await asyncio.sleep(0.01)
    return time.monotonic() - began


def _is_found(library: Library, question: str, meaning: Meaning) -> bool:
    measured = library.finder.measure(question, "en", meaning)
    return measured is not None and any("lighthouse" in one.wordings[0] for one in measured[2])


def _resident() -> float:
    """Megabytes of this process and of those it started."""
    ours = Path("/proc/self/task")
    children = [pid for task in ours.iterdir() for pid in (task / "children").read_text().split()]
    return sum(_megabytes(pid) for pid in ("self", *children))


def _megabytes(pid: str) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0
