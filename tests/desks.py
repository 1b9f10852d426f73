"""A desk to try: a member with a question, and those who answer."""

from datetime import datetime, timedelta

from bot import desk
from bot.desk import Opened, Said
from bot.desk_staff import Clerk, Desk
from storage import Database, notices, people, threads
from storage.notices import Owed, Settled
from storage.people import Person
from storage.threads import Thread
from tests.conftest import NOON
from tests.making import known_person

MEMBER, BOSS, AIDE, GROUP = 11, 21, 22, -100
ORGANISERS = Desk(None, frozenset({BOSS}))
IN_GROUP = Desk(GROUP, frozenset())
IN_TOPICS = Desk(GROUP, frozenset(), has_topics=True)
QUESTION = "May I bring my dog?"


async def member(database: Database) -> Person:
    return await known_person(database, MEMBER, now=NOON)


async def boss(database: Database) -> Clerk:
    person = await known_person(database, BOSS, now=NOON)
    return Clerk(person.name, BOSS, person.id)


async def aide(database: Database) -> Clerk:
    person = await known_person(database, AIDE, now=NOON)
    async with database.write() as tx:
        await people.set_role(tx, person.id, "organiser")
    return Clerk(person.name, AIDE, person.id)


async def opened(database: Database, at: Desk = ORGANISERS, *, now: datetime = NOON, message: int = 1) -> int:
    person = await member(database)
    async with database.write() as tx:
        said = Said(MEMBER, message, "text", QUESTION, plain=QUESTION)
        asked = await desk.ask(tx, at, person, f"{QUESTION} {message}", said, now=now)
    assert isinstance(asked, Opened)
    return asked.thread.id


async def thread(database: Database, thread_id: int) -> Thread:
    async with database.read() as tx:
        found = await threads.find(tx, thread_id)
    assert found is not None
    return found


async def owed(database: Database, *, at: datetime = NOON + timedelta(days=1)) -> list[Owed]:
    """What has been decided since this was asked last, in order."""
    async with database.write() as tx:
        claimed = await notices.claim(tx, now=at, limit=50)
    return sorted(claimed, key=lambda notice: notice.id)


async def told(database: Database, *, at: datetime = NOON + timedelta(days=1)) -> list[tuple[str, int]]:
    return [(notice.kind, notice.chat_id) for notice in await owed(database, at=at)]


async def ended(database: Database, notice: Owed, state: str) -> None:
    """The notice has ended so, as delivery writes it."""
    async with database.write() as tx:
        await notices.settle(tx, [Settled(notice, state)], now=NOON)
