"""Measuring in a process of its own, on the loop that the bot itself runs on."""

import asyncio
import gc
import multiprocessing
import resource
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

import uvloop

P = ParamSpec("P")
T = TypeVar("T")


def alone(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What the work gave, done in a new process, so that nothing of another measurement is in its memory."""
    return beside(work, *args, **kwargs).result()


def beside(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> "Future[T]":
    """The same, while the caller goes on; the process ends with the work."""
    pool = ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"))
    future = pool.submit(work, *args, **kwargs)
    pool.shutdown(wait=False)
    return future


def on_loop(work: Coroutine[Any, Any, T]) -> T:
    """Run it as the bot is run, on uvloop, with what was imported out of gc's way; peers as well."""
    gc.collect()
    gc.freeze()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)


@dataclass(frozen=True)
class Used:
    """What some work took: seconds of all the process's threads, seconds on the clock, most memory in MB."""

    cpu: float
    seconds: float
    megabytes: float


class Meter:
    """Counts from when it is made."""

    def __init__(self) -> None:
        self._cpu, self._started = time.process_time(), time.perf_counter()

    def read(self) -> Used:
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        return Used(time.process_time() - self._cpu, time.perf_counter() - self._started, most)
