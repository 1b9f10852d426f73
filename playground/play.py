"""The playground with a bot in it: a sample association that a newcomer can try in the browser."""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from pydantic import SecretStr

from bot import attendance, copies, importing, people
from bot.language import resolve
from bot.meanings.cache import kept_meanings
from bot.pack import Pack, read_pack
from bot.settings import Settings
from handlers.service import Service, running
from handlers.web import CalendarFeeds
from playground import people as hands
from playground.clock import Clock
from playground.sample import ORGANISER, PEOPLE, move_in
from playground.server import create_app, serving
from playground.telegram import Telegram
from storage import Database, Transaction, connect, events
from storage import people as rows
from storage.migrations import migrate

# Sample members who are there only so that events look as they do in life.
CROWD = 24
SERIES_OF = "sample-training"
SERIES = {
    "en": "(Sample) Briefings",
    "zh_Hant_HK": "（示例）專題簡報系列",
    "zh_Hans_CN": "（示例）专题报告系列",
}


@asynccontextmanager
async def playing(settings: Settings, folder: Path, content: Path, port: int) -> AsyncIterator[str]:
    """Run playground and bot together on one movable clock, and give the chat page's address."""
    clock = Clock()
    telegram = Telegram(clock)
    move_in(telegram)
    if settings.desk is not None and settings.desk < 0:
        telegram.add_group("Amity Desk", [ORGANISER], id=settings.desk, bot_is_admin=True, forum=True)
    database = connect(f"sqlite+aiosqlite:///{folder / 'playground.db'}")
    await migrate(database)
    service: Service | None = None

    async def next_due() -> datetime | None:
        # The crowd's reminders are nobody's to see.
        return await service.next_due([number for number, *_ in PEOPLE]) if service else None

    try:
        await _furnish(database, telegram, settings, content, clock.now())
        feeds = CalendarFeeds(database, clock, settings.home, telegram.me["username"])
        app = create_app(telegram, clock=clock, next_due=next_due, also=feeds.routes())
        async with serving(app, port) as address:
            ours = settings.model_copy(
                update={
                    "bot_token": SecretStr(telegram.token),
                    "api_url": address,
                    "owners": frozenset({ORGANISER}),
                    "desk": settings.desk if settings.desk is not None and settings.desk < 0 else None,
                    "listen": None,
                    "public_url": address,
                }
            )
            async with kept_meanings() as kept, running(ours, database, clock, kept=kept) as service:
                organiser = telegram.people[ORGANISER]
                hands.write(telegram, organiser, telegram.chats[ORGANISER], "/start")
                yield address
    finally:
        await database.close()


async def _furnish(
    database: Database, telegram: Telegram, settings: Settings, content: Path, now: datetime
) -> None:
    """Load the pack with its samples, let the organiser in, and let a crowd take some places."""
    pack = read_pack(content)
    if not isinstance(pack, Pack):
        raise ValueError(str(pack))
    async with database.write() as tx:
        await importing.load(tx, pack, now=now, home=settings.home, samples=True)
        _, name, language_code, _ = next(one for one in PEOPLE if one[0] == ORGANISER)
        await people.agree(
            tx,
            telegram_id=ORGANISER,
            name=name,
            username=None,
            locale=resolve(language_code),
            now=now,
        )
        await _make_series(tx, now, settings)
        await _fill_places(tx, now)


async def _make_series(tx: Transaction, now: datetime, settings: Settings) -> None:
    """The briefing is the first of a series: three more follow, a week apart."""
    organiser = await rows.find_by_telegram_id(tx, ORGANISER)
    first_id = await events.find_id_by_code(tx, SERIES_OF)
    first = await events.find(tx, first_id) if first_id is not None else None
    if organiser is None or first is None:
        raise LookupError("the sample pack lacks the event that a series is made of")
    starts = copies.repeated(first.starts_at, first.zone, "week", 3)
    await copies.make_series(
        tx, first, starts, names=SERIES, sign_up="either", actor_id=organiser.id, now=now
    )


async def _fill_places(tx: Transaction, now: datetime) -> None:
    crowd = [
        await people.agree(
            tx,
            telegram_id=20_000_000 + number,
            name=f"Sample member {number}",
            username=None,
            locale="en",
            now=now,
        )
        for number in range(1, CROWD + 1)
    ]
    # Nobody holds their phones: reminders and news to them would only show as unreachable in reports.
    for person in crowd:
        for subject in ("events", "broadcasts"):
            await rows.mute(tx, person.id, subject)
    # The same crowd every time, so that a screenshot can be taken again.
    chance = random.Random(7)  # noqa: S311 - nothing depends on its being unguessable
    for event in await events.list_upcoming(tx, now=now, limit=100):
        most = CROWD if event.capacity is None else min(CROWD, event.capacity - 1)
        for person in chance.sample(crowd, chance.randint(most // 2, most) if most > 2 else most):
            await attendance.join(tx, event.id, person.id, now=now)
