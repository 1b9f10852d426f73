"""The presses through Amity: polled, stored, decided in a transaction, answered, settled."""

import asyncio
from datetime import datetime

from markupsafe import Markup
from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert
from telegram import Update

from benchmarks.alone import Used
from benchmarks.intake.work import LABEL, NEXT, TOAST, Done, card
from benchmarks.standin.asking import TOKEN
from bot.clock import WallClock
from handlers.answering import Answering
from handlers.dispatch import Answer, Dispatch
from handlers.intake import Intake
from handlers.pacing import Pacer
from handlers.replies import Button, Where, show, toast
from handlers.wire import Wire
from storage import Transaction, connect
from storage.tables import dialogues, events, people

_PERSON = select(people.c.id, people.c.name, people.c.locale).where(
    people.c.telegram_id == bindparam("telegram_id")
)
_EVENT = select(events.c.id, events.c.capacity, events.c.starts_at).where(
    events.c.id == bindparam("event_id")
)
_FIRST = insert(dialogues).values(
    person_id=bindparam("person_id"),
    kind="press",
    step="one",
    data={},
    version=1,
    updated_at=bindparam("now"),
)
_PUT = _FIRST.on_conflict_do_update(
    index_elements=[dialogues.c.person_id],
    set_={"version": dialogues.c.version + 1, "updated_at": _FIRST.excluded.updated_at},
).returning(dialogues.c.version)


async def play(url: str, address: str, count: int) -> Used:
    database, clock, done = connect(url), WallClock(), Done(count)

    async def handle(update: Update, tx: Transaction, now: datetime) -> Answer:
        query = update.callback_query
        assert query is not None
        assert query.message is not None
        person = await tx.row(_PERSON, telegram_id=query.from_user.id)
        event = await tx.row(_EVENT, event_id=int(str(query.data).split(":")[2]))
        assert person is not None
        assert event is not None
        version = await tx.value(_PUT, person_id=person.id, now=now)
        done.note()
        buttons = [[Button(LABEL, data=NEXT)]]
        reply = toast(TOAST) + show(Markup(card(person.name, version)), buttons)
        return reply, Where(query.message.chat.id, query.message.message_id, query.id)

    async with Wire(TOKEN, address) as wire:
        answering = Answering(wire, database, Pacer(1000))
        dispatch = Dispatch(database, answering, clock, handle=handle, apologise=handle)
        intake = Intake(wire, database, clock, arrived=dispatch.wake)
        tasks = [asyncio.create_task(part.run()) for part in (dispatch, intake)]
        try:
            return await done.meter(busy=lambda: dispatch.waiting > 0)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await database.close()
