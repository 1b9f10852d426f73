"""Having texts understood by a process of its own, which is started again whenever it dies."""

import asyncio
import contextlib
import itertools
import json
import logging
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from bot.meanings.models import Model, Role, Vector, Vectors, usable

logger = logging.getLogger(__name__)

# What the models' libraries read when they are loaded.
ONE_THREAD: Final = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "OMP_WAIT_POLICY": "passive"}

# A worker that takes longer over a few texts hangs.
ANSWER_SECONDS: Final = 30.0
# How long a dead worker is left alone: at first, and at most.
SHORTEST_PAUSE: Final = 0.5
LONGEST_PAUSE: Final = 60.0

URGENT: Final = 0
AT_LEISURE: Final = 1


@dataclass(order=True)
class _Job:
    rank: int
    number: int
    model: Model = field(compare=False)
    role: Role = field(compare=False)
    texts: Sequence[str] = field(compare=False)
    done: "asyncio.Future[Vectors | None]" = field(compare=False)

    def settle(self, vectors: Vectors | None) -> None:
        if not self.done.done():
            self.done.set_result(vectors)


class Encoder:
    """Turns texts into vectors while `run` runs. What a member waits for goes before what can wait."""

    def __init__(self, models: Sequence[Model] | None = None) -> None:
        self.models = usable() if models is None else tuple(models)
        self._jobs: asyncio.PriorityQueue[_Job] = asyncio.PriorityQueue()
        self._numbers = itertools.count()
        self._workers = 0

    @property
    def workers(self) -> int:
        """How many are up."""
        return self._workers

    @property
    def at_work(self) -> bool:
        """Whether a worker is up: between a death and a new start there is none."""
        return self._workers > 0

    async def encode(
        self, model: Model, role: Role, texts: Sequence[str], *, urgent: bool = False
    ) -> Vectors | None:
        """The vectors of the texts, a row each; None if they can't be had.

        What is urgent is not waited for while there is no worker. Giving up waiting takes the job back.
        """
        if not texts:
            return np.empty((0, 0), dtype=np.float32)
        if urgent and not self.at_work:
            return None
        done: asyncio.Future[Vectors | None] = asyncio.get_running_loop().create_future()
        rank = URGENT if urgent else AT_LEISURE
        whole = [model.within(text) for text in texts]
        self._jobs.put_nowait(_Job(rank, next(self._numbers), model, role, whole, done))
        return await done

    async def understand(
        self, question: str, names: Collection[str], *, patience: float | None
    ) -> dict[str, Vector]:
        """The question's vector by each of the named models that answers within so many seconds.

        The quick model comes first: it has answered where the other takes too long.
        """
        found: dict[str, Vector] = {}
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience):
                for model in reversed(self.models):
                    if model.name in names:
                        vectors = await self.encode(model, "question", [question], urgent=True)
                        if vectors is not None:
                            found[model.name] = vectors[0]
        return found

    async def run(self) -> None:
        """Keep a worker at work until cancelled; run twice, there are two. Without a model it ends."""
        if not self.models:
            return
        pause = SHORTEST_PAUSE
        while True:
            answered = await self._work()
            pause = SHORTEST_PAUSE if answered else min(2 * pause, LONGEST_PAUSE)
            logger.error("what understands questions has died; it is started again in %.1f s", pause)
            self._let_go_of_urgent()
            await asyncio.sleep(pause)

    async def _work(self) -> int:
        """One worker's life: start it for a job, give it one after another, and say how many it did."""
        answered, worker = 0, None
        self._workers += 1
        try:
            while True:
                job = await self._jobs.get()
                if job.done.done():
                    continue
                vectors = None
                try:
                    if worker is None:
                        worker = await _start()
                    async with asyncio.timeout(ANSWER_SECONDS):
                        vectors = await _ask(worker, job)
                except (OSError, EOFError, ValueError, TimeoutError):
                    return answered
                finally:
                    job.settle(vectors)
                answered += 1
        finally:
            self._workers -= 1
            if worker is not None:
                await _end(worker)

    def _let_go_of_urgent(self) -> None:
        """Whoever waits for an answer gets one without the models."""
        if self.at_work:
            return
        kept = []
        while not self._jobs.empty():
            job = self._jobs.get_nowait()
            if job.rank == URGENT:
                job.settle(None)
            else:
                kept.append(job)
        for job in kept:
            self._jobs.put_nowait(job)


async def _start() -> Process:
    command = (sys.executable, "-m", "bot.meanings.worker")
    return await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, env=_environment())


async def _ask(worker: Process, job: _Job) -> Vectors:
    if worker.stdin is None or worker.stdout is None:
        raise EOFError
    request = {"model": job.model.name, "role": job.role, "texts": job.texts}
    worker.stdin.write(json.dumps(request).encode() + b"\n")
    await worker.stdin.drain()
    rows, columns = map(int, (await worker.stdout.readuntil(b"\n")).split())
    data = await worker.stdout.readexactly(rows * columns * 4)
    if rows != len(job.texts):
        raise ValueError(f"{rows} vectors for {len(job.texts)} texts")
    return np.frombuffer(data, dtype=np.float32).reshape(rows, columns)


async def _end(worker: Process) -> None:
    if worker.returncode is None:
        worker.kill()
    await worker.wait()


def _environment() -> dict[str, str]:
    """This process's own, so that the same packages are found, and one thread."""
    paths = os.pathsep.join(path for path in sys.path if path)
    return {**os.environ, **ONE_THREAD, "PYTHONPATH": paths}
