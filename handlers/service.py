"""The running bot: intake, dispatch, delivery and the beat side by side, until it is told to stop."""

import asyncio
import logging
import os
import socket
from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from starlette.applications import Starlette
from starlette.routing import Route

from bot import jobs, tickets
from bot.beat import Beat
from bot.clock import Clock
from bot.library import Library
from bot.meanings import Encoder
from bot.questions import inquiry
from bot.settings import BadSetting, Settings
from handlers import desk_group, face
from handlers.answering import Answering
from handlers.delivery import Delivery
from handlers.dispatch import Dispatch
from handlers.enclosures import Enclosures
from handlers.health import Health, Pulse
from handlers.hearing import Hearing
from handlers.intake import Intake, explain
from handlers.letterbox import Letterbox
from handlers.listening import serving
from handlers.organise.broadcast_progress import Progress
from handlers.pacing import Pacer
from handlers.preparing import Preparing
from handlers.processes import Processes
from handlers.routes import Routes
from handlers.sight import Sight
from handlers.turns import Setup
from handlers.web import CalendarFeeds
from handlers.webhook import Hook, Webhook, derived_secret
from handlers.wire import NotSent, Refused, Sent, Wire
from storage import Database, Unavailable, newsletters, notices, organisers, reminders
from storage import jobs as job_rows

logger = logging.getLogger(__name__)

BEAT_SECONDS = 1.0


@dataclass(frozen=True)
class Service:
    """A bot at work."""

    database: Database
    username: str
    # How updates arrive: asked for, or posted. Only the leader of several processes sees to that.
    source: Intake | Hook
    dispatch: Dispatch
    library: Library
    processes: Processes
    # Where its web server listens; None where it has none.
    web_address: str | None

    async def next_due(self, telegram_ids: Collection[int]) -> datetime | None:
        """The next instant at which the bot has something to send to these people of its own accord."""
        async with self.database.read() as tx:
            moments = [
                await reminders.find_next_due(tx, telegram_ids),
                await newsletters.find_next_at(tx, telegram_ids),
                await notices.find_next_due(tx),
                await job_rows.find_next_due(tx, jobs.HEARD),
            ]
        return min((moment for moment in moments if moment), default=None)


@asynccontextmanager
async def running(
    settings: Settings, database: Database, clock: Clock, *, kept: Database | None = None
) -> AsyncIterator[Service]:
    """Run the bot while the block lasts, and stop it in order afterwards.

    `kept` is where it keeps what models understood, if not in its database.

    Nothing is lost by stopping: what is not handled stays in the inbox, what is not sent stays owed.
    """
    async with Wire(settings.token, settings.api_url) as wire:
        username = await _introduce(wire)
        await face.put_on(wire, settings.home)
        encoder = Encoder() if settings.semantic else Encoder(())
        setup = Setup(
            username,
            settings.home,
            settings.owners,
            settings.desk,
            Library(encoder, kept),
            secret=await _secret(settings, database),
            public_url=settings.public_url,
            paid_broadcasts=settings.paid_broadcasts,
        )
        async with database.write() as tx:
            await organisers.remember_owners(tx, settings.owners)
        await setup.library.refresh(database, now=clock.now())
        await setup.quizzes.refresh(database, now=clock.now())
        await asyncio.to_thread(inquiry.prepare)
        await desk_group.look(wire, database, setup)
        pacer = Pacer(settings.send_rate)
        preparing = Preparing(
            Sight(wire, database, clock, setup),
            Enclosures(wire, database, setup),
            Hearing(setup.library, setup.hurry, database, clock),
        )
        routes = Routes(setup, prepared=preparing.prepared)
        dispatch = Dispatch(
            database,
            Answering(wire, database, pacer),
            clock,
            handle=routes.handle,
            apologise=routes.apologise,
            prepare=preparing.prepare,
        )
        source, routes_in = _way_in(settings, setup, wire, database, clock, dispatch)
        feeds = CalendarFeeds(database, clock, settings.home, username)
        progress = Progress(database, wire, pacer, clock, settings.home)

        async def deliver() -> None:
            # Whoever led, stopped and leads again begins anew.
            delivery = Delivery(database, wire, pacer, clock, setup)
            with _beating(Beat(database, clock, settings.home), delivery):
                await delivery.run()

        processes = Processes(
            database,
            clock,
            dispatch,
            pacer,
            name=f"{socket.gethostname()}:{os.getpid()}"[:80],
            at_once=[source.run],
            undisturbed=[deliver, progress.run],
        )

        def pulse() -> Pulse:
            good = source.last_good_poll if isinstance(source, Intake) else source.last_good_look
            return Pulse(good, processes.leads, dispatch.waiting, setup.library.rung)

        served = [*feeds.routes(), *routes_in, *Health(database, clock, pulse).routes()]
        async with _web(settings, served) as web_address, asyncio.TaskGroup() as group:
            tasks = [group.create_task(processes.run())]
            tasks.append(group.create_task(encoder.run()))
            tasks.append(group.create_task(setup.library.warm_up()))
            tasks.append(group.create_task(setup.library.follow(database, clock)))
            tasks.append(group.create_task(setup.quizzes.follow(database, clock)))
            try:
                yield Service(database, username, source, dispatch, setup.library, processes, web_address)
            finally:
                for task in tasks:
                    task.cancel()


async def _secret(settings: Settings, database: Database) -> bytes:
    """What tickets are signed with: the operator's, or one made up once and kept."""
    if settings.secret is not None:
        return settings.secret.get_secret_value().encode()
    async with database.write() as tx:
        return (await tickets.keep_secret(tx)).encode()


def _way_in(
    settings: Settings, setup: Setup, wire: Wire, database: Database, clock: Clock, dispatch: Dispatch
) -> tuple[Intake | Hook, list[Route]]:
    """How updates arrive: the leader's part in it, and what this process's web server takes."""
    if settings.webhook_url is None:
        return Intake(wire, database, clock, arrived=dispatch.wake), []
    given = settings.webhook_secret
    secret = given.get_secret_value() if given is not None else derived_secret(setup.secret)
    letterbox = Letterbox(database, clock, arrived=dispatch.wake)
    webhook = Webhook(letterbox, settings.webhook_url, secret)
    return Hook(wire, clock, settings.webhook_url, secret), webhook.routes()


@asynccontextmanager
async def _web(settings: Settings, routes: Sequence[Route]) -> AsyncIterator[str | None]:
    """The bot's own web server and its address, where one is asked for; else None.

    Raises BadSetting when the address can't be had.
    """
    if settings.listen is None:
        yield None
        return
    stack = AsyncExitStack()
    try:
        address = await stack.enter_async_context(serving(Starlette(routes=routes), *settings.listen))
    except OSError as error:
        raise BadSetting(f"AMITY_LISTEN is wrong: this address can't be used ({error.strerror})") from None
    async with stack:
        yield address


class WrongToken(Exception):
    """Telegram does not accept the token."""


async def who_am_i(token: str, api_url: str) -> str:
    """The bot's username, asked of Telegram once. Raises WrongToken, or ConnectionError when unreachable."""
    async with Wire(token, api_url) as wire:
        return await _ask_name(wire)


async def _ask_name(wire: Wire) -> str:
    outcome = await wire.call("getMe", {})
    match outcome:
        case Sent(result):
            return str(result["username"])
        case NotSent(_, 401 | 404) | Refused(400, _):
            raise WrongToken
        case NotSent(problem, status):
            raise ConnectionError(explain(problem, status))
        case _:
            raise ConnectionError(f"Telegram answered in an unexpected way: {outcome}")


async def _introduce(wire: Wire) -> str:
    """Ask Telegram who we are, waiting for as long as it can't be reached. Raises WrongToken."""
    pause = 1.0
    while True:
        try:
            return await _ask_name(wire)
        except ConnectionError as error:
            logger.error("%s", error)
            await asyncio.sleep(pause)
            pause = min(2 * pause, 30.0)


@contextmanager
def _beating(beat: Beat, delivery: Delivery) -> Iterator[None]:
    """What is due is looked for once a second, and sent."""

    async def tick() -> None:
        try:
            await beat.tick()
        except Unavailable as error:
            logger.error("the database can't be used (%s); what is due waits", error)
        delivery.wake()

    scheduler = AsyncIOScheduler(timezone="UTC")
    # A late tick still counts, and two never run at once: what is due is rows, not ticks.
    scheduler.add_job(
        tick, "interval", seconds=BEAT_SECONDS, misfire_grace_time=None, coalesce=True, max_instances=1
    )
    scheduler.start()
    try:
        yield
    finally:
        scheduler.shutdown(wait=False)
