"""Whether the bot is well, for operators: /healthz, and /metrics for Prometheus."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from prometheus_client import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.clock import Clock
from handlers import metrics
from storage import Database, Unavailable, queues
from storage.queues import Queues

logger = logging.getLogger(__name__)

# A long poll takes 25 seconds, and a webhook is looked after once a minute.
LONGEST_SILENCE = 150.0
# What is due waits a little for its turn; a broadcast to many counts its readers in only as they can be sent.
LONGEST_DELAY = 600.0


@dataclass(frozen=True)
class Pulse:
    """What is known without asking the database."""

    # Monotonic; None where Telegram has not answered yet.
    last_good_poll: float | None
    leads: bool
    in_hand: int
    # What finds answers: words alone ("bm25"), or models that understand them as well.
    answers_by: str


class Health:
    """Answers whoever watches over the bot. It tells numbers, never whose."""

    def __init__(self, database: Database, clock: Clock, pulse: Callable[[], Pulse]) -> None:
        self._database = database
        self._clock = clock
        self._pulse = pulse
        self._since = time.monotonic()

    def routes(self) -> list[Route]:
        return [Route("/healthz", self.healthz), Route("/metrics", self.metrics)]

    async def healthz(self, _: Request) -> Response:
        """200 with figures where all is well; 503 with what is not."""
        pulse, waiting = self._pulse(), await self._look()
        silence, delay = self._silence(pulse), self._delay(waiting)
        problems = []
        if waiting is None:
            problems.append("the database can't be used")
        if pulse.leads and silence > LONGEST_SILENCE:
            problems.append("Telegram has not answered for a while")
        if pulse.leads and delay > LONGEST_DELAY:
            problems.append("what is owed does not leave")
        said = {
            "well": not problems,
            "problems": problems,
            "leads": pulse.leads,
            "answers_by": pulse.answers_by,
            "last_good_poll_seconds": round(silence, 1) if pulse.last_good_poll is not None else None,
            "updates_waiting": waiting.updates if waiting else None,
            "replies_waiting": waiting.replies if waiting else None,
            "notices_due": waiting.due if waiting else None,
            "oldest_notice_due_seconds": round(delay, 1),
        }
        return JSONResponse(said, 503 if problems else 200, {"cache-control": "no-store"})

    async def metrics(self, _: Request) -> Response:
        pulse, waiting = self._pulse(), await self._look()
        metrics.leads.set(pulse.leads)
        metrics.in_hand.set(pulse.in_hand)
        silence = self._silence(pulse) if pulse.last_good_poll is not None else -1
        metrics.last_good_poll_seconds.set(silence)
        if waiting is not None:
            metrics.updates_waiting.set(waiting.updates)
            metrics.replies_waiting.set(waiting.replies)
            metrics.notices_due.set(waiting.due)
            metrics.oldest_due_seconds.set(self._delay(waiting))
        return Response(metrics.written(), media_type=CONTENT_TYPE_LATEST)

    async def _look(self) -> Queues | None:
        try:
            async with self._database.read() as tx:
                return await queues.look(tx, now=self._clock.now())
        except Unavailable as error:
            logger.error("the database can't be used (%s); health is told without it", error)
            return None

    def _silence(self, pulse: Pulse) -> float:
        """Seconds since Telegram last answered; since the start, where it never has."""
        return time.monotonic() - (self._since if pulse.last_good_poll is None else pulse.last_good_poll)

    def _delay(self, waiting: Queues | None) -> float:
        if waiting is None or waiting.oldest_due is None:
            return 0.0
        return max(0.0, (self._clock.now() - waiting.oldest_due).total_seconds())
