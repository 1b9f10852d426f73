"""What is due by the clock: looked for once a second, in a transaction of its own."""

import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from bot import broadcast_work, conversations, desk, jobs, learning, missed, newsletters, reminders
from bot.clock import Clock
from bot.language import HK
from storage import Database, Transaction, desk_bans, inbox, letters, notices, threads
from storage import jobs as job_rows
from storage import reminders as reminder_rows

# So that a large broadcast never keeps reminders waiting for long: it goes on at the next tick.
WORK_SECONDS = 0.3
KEEP_DONE = timedelta(hours=48)
KEEP_ASIDE = timedelta(days=7)
KEEP_SETTLED = timedelta(days=30)


class Beat:
    """Turns moments that have come into notices that are owed, and forgets what is old."""

    def __init__(self, database: Database, clock: Clock, home: ZoneInfo = HK) -> None:
        self._database = database
        self._clock = clock
        self._home = home
        self._pruned = clock.now() - KEEP_DONE

    async def tick(self) -> None:
        """Do whatever is due now. Missing ticks loses nothing: due work is rows."""
        now = self._clock.now()
        if await self._anything_due():
            async with self._database.write() as tx:
                await reminders.fire_due(tx, now=now)
                await missed.miss_stale(tx, now=now)
            await self._do_jobs(now)
        await self._carry_on_broadcasts(now)
        await self._send_newsletters(now)
        if now - self._pruned > timedelta(hours=1):
            async with self._database.write() as tx:
                await inbox.prune(tx, done_before=now - KEEP_DONE, aside_before=now - KEEP_ASIDE)
                await notices.prune(tx, settled_before=now - KEEP_SETTLED)
                await threads.forget_closed(tx, closed_before=now - desk.KEEP_CLOSED)
                await learning.tidy(tx, now=now)
                await conversations.forget_old(tx, now=now)
                await desk_bans.forget_ended(tx, now=now)
            self._pruned = now

    async def _do_jobs(self, now: datetime) -> None:
        """Each in a transaction of its own: whoever held on to several events would be in others' way."""
        for _ in range(jobs.AT_ONCE):
            async with self._database.write() as tx:
                if not await jobs.do_due(tx, now=now, limit=1):
                    return

    async def _carry_on_broadcasts(self, now: datetime) -> None:
        async with self._database.read() as tx:
            waiting = await broadcast_work.list_with_work(tx, now=now)
        for broadcast_id in waiting:
            await self._work_at(partial(broadcast_work.carry_on, broadcast_id=broadcast_id, now=now))

    async def _send_newsletters(self, now: datetime) -> None:
        async with self._database.read() as tx:
            due = await newsletters.list_with_work(tx, now=now)
            waiting = await letters.list_unspread(tx)
        for newsletter_id in due:
            async with self._database.write() as tx:
                await newsletters.send_due(tx, newsletter_id, home=self._home, now=now)
        for letter_id in waiting:
            await self._work_at(partial(newsletters.carry_on, letter_id=letter_id, now=now))

    async def _work_at(self, piece: Callable[[Transaction], Awaitable[bool]]) -> None:
        """Do one piece of large work after the other, until nothing is left of it for now or others wait."""
        until = time.monotonic() + WORK_SECONDS
        while await self._database.share(piece) and time.monotonic() < until:
            pass

    async def _anything_due(self) -> bool:
        """A look that disturbs no writer."""
        async with self._database.read() as tx:
            now = self._clock.now()
            return bool(
                await reminder_rows.list_due(tx, now=now, limit=1)
                or await job_rows.list_due(tx, now=now, limit=1)
                or await notices.count_stale(tx, now=now)
            )
