"""This process and the others beside it: all handle updates, one of them leads."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from bot.clock import Clock
from handlers.dispatch import Dispatch
from handlers.pacing import Pacer
from handlers.taking import All, Share
from storage import Database, Unavailable
from storage.leading import Lost, Post, joined

logger = logging.getLogger(__name__)

# In order, everything under way may end by itself; whoever lost its place has less than the time after
# which the others go on with what it held.
STOP_SECONDS, LOST_SECONDS = 8.0, 3.0
REJOIN_SECONDS = 1.0

Part = Callable[[], Coroutine[Any, Any, None]]


def fair_rate(rate: int, company: int, *, leads: bool) -> int:
    """How many new messages a second this process may send of what the bot may send in all.

    Half of the rate is shared out evenly for replies, which every process sends. The leader has all the
    rest: it sends what is owed, and a share of the replies. Several together never go over the rate unless
    they are more than it has messages.
    """
    share = max(1, rate // (2 * company))
    return max(1, rate - (company - 1) * share) if leads else share


class Processes:
    """Takes part in the work for as long as this process has its place, and joins again when it lost it.

    Of what it is given to lead with, `at_once` begins as soon as it leads. `undisturbed` waits until whoever
    led before has surely stopped, as it must not be done by two.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        dispatch: Dispatch,
        pacer: Pacer,
        *,
        name: str,
        at_once: Sequence[Part],
        undisturbed: Sequence[Part],
    ) -> None:
        self._database = database
        self._clock = clock
        self._dispatch = dispatch
        self._pacer = pacer
        self._rate = pacer.rate
        self._name = name
        self._at_once = at_once
        self._undisturbed = undisturbed
        self._post: Post | None = None

    @property
    def leads(self) -> bool:
        return self._post is not None and self._post.leads.is_set()

    @property
    def company(self) -> int:
        """How many processes are at work, this one among them."""
        return self._post.company if self._post is not None else 0

    async def run(self) -> None:
        """Work until cancelled, and leave in order then."""
        while True:
            try:
                async with joined(self._database, name=self._name, now=self._clock.now()) as post:
                    self._post = post
                    await self._work(post)
            except Lost as error:
                logger.error("the others can't see this process any more (%s); it joins them again", error)
            except Unavailable as error:
                logger.error("the database can't be used (%s); everything waits", error)
            finally:
                self._post = None
            await asyncio.sleep(REJOIN_SECONDS)

    async def _work(self, post: Post) -> None:
        taking = Share(self._database, post.process_id) if post.process_id else All(self._database)
        await together(
            post.keep(heard=self._dispatch.wake, looked=self._share_rate),
            self._dispatch.run(taking),
            self._lead(post),
        )

    async def _lead(self, post: Post) -> None:
        await post.leads.wait()
        if post.process_id is not None:
            logger.info("this process leads: it keeps the time and sends what is owed")
        await together(*(part() for part in self._at_once), self._lead_undisturbed(post))

    async def _lead_undisturbed(self, post: Post) -> None:
        await post.undisturbed.wait()
        await together(*(part() for part in self._undisturbed))

    def _share_rate(self) -> None:
        rate = fair_rate(self._rate, self.company, leads=self.leads)
        if rate != self._pacer.rate:
            self._pacer.allow(rate)


async def together(*works: Coroutine[Any, Any, None]) -> None:
    """Do works side by side until one fails or this is cancelled; then stop them all, and wait for that."""
    tasks = [asyncio.create_task(work) for work in works]
    patience = STOP_SECONDS
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
        for task in done:
            task.result()
    except Lost:
        patience = LOST_SECONDS
        raise
    finally:
        try:
            _cancel(tasks)
            await asyncio.wait(tasks, timeout=patience)
        finally:
            # Who has not stopped by itself is made to.
            _cancel(tasks)
        await asyncio.gather(*tasks, return_exceptions=True)


def _cancel(tasks: Sequence["asyncio.Task[None]"]) -> None:
    for task in tasks:
        task.cancel()
