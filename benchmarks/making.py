"""Associations to measure with: members, an event, a broadcast that is on its way."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, insert, literal, select

from bot import broadcasts as decisions
from bot.broadcast_starting import Started, start
from bot.clock import Clock
from bot.programme import Draft, publish
from handlers.turns import Setup
from storage import Database, broadcasts
from storage.audiences import Audience
from storage.broadcasts import Variant
from storage.events import EventText
from storage.migrations import migrate
from storage.tables import broadcasts as broadcast_rows
from storage.tables import events, people, reminders, rsvps
from storage.tables import volunteers as volunteer_rows

HOME = ZoneInfo("Asia/Hong_Kong")
SETUP = Setup("amity_bot", HOME, frozenset(), None)
FIRST_MEMBER = 10_000
CHUNK = 10_000
HEADING = "Harbour Forum"
# The last words of the broadcast are what its arrivals are counted by, as others quote the first.
MARK = "#harbour-forum-sample"
TEXTS = {
    "en": f"{HEADING}\nJoin us on Thursday, 3 December at 18:30 in the Sample Hall. Three speakers talk about"
    " how the harbour has changed, and there is tea afterwards. Entry is free; please sign up so that there"
    f" is a chair for you. Interpreters for Cantonese and Putonghua are there. {MARK}",
    "zh_Hant_HK": f"{HEADING} 海港論壇\n十二月三日(星期四)下午六時三十分,示範會堂。"
    f"三位講者談海港的變遷,會後備有茶點。免費入場,請先報名,好讓我們為你預備座位。現場設有粵語及普通話傳譯。{MARK}",
    "zh_Hans_CN": f"{HEADING} 海港论坛\n十二月三日(星期四)18:30,示范会堂。"
    f"三位讲者谈海港的变迁,会后备有茶点。免费入场,请先报名,好让我们为您预备座位。现场设有粤语及普通话传译。{MARK}",
}
BOLD_LENGTH = len(HEADING)
BOLD = {"type": "bold", "offset": 0, "length": BOLD_LENGTH}
LOCALES = tuple(TEXTS)
EVERYONE = Audience()

_FIRST = select(people.c.id).order_by(people.c.id).limit(1)
_FINISHED = select(broadcast_rows.c.finished_at).where(broadcast_rows.c.id == bindparam("broadcast_id"))


def locale_of(number: int) -> str:
    return LOCALES[number % len(LOCALES)]


async def association(database: Database, members: int) -> None:
    """Today's tables, and members who read three languages, chats `FIRST_MEMBER` and following."""
    await migrate(database)
    now = datetime.now(UTC)
    for rows in _chunks(members):
        async with database.write() as tx:
            await tx.run_many(
                insert(people),
                [
                    {
                        "telegram_id": FIRST_MEMBER + number,
                        "name": f"Member {number}",
                        "locale": locale_of(number),
                        "joined_at": now,
                    }
                    for number in rows
                ],
            )


def _chunks(count: int) -> Iterator[range]:
    for first in range(0, count, CHUNK):
        yield range(first, min(count, first + CHUNK))


async def volunteers(database: Database, count: int) -> None:
    """Let the first so many members be volunteers."""
    now = datetime.now(UTC)
    async with database.write() as tx:
        rows = await tx.rows(select(people.c.id).order_by(people.c.id).limit(count))
        common = {"languages": [], "skills": "", "free": [], "signed_up_at": now}
        await tx.run_many(insert(volunteer_rows), [{"person_id": row.id, **common} for row in rows])


async def broadcast(
    database: Database,
    clock: Clock,
    *,
    paid: bool = False,
    texts: Mapping[str, str] = TEXTS,
    to: Audience = EVERYONE,
) -> int:
    """Begin a broadcast, as an organiser does, also to those who sleep; says its id."""
    now = clock.now()
    async with database.write() as tx:
        first: int = await tx.value(_FIRST)
        base, *others = LOCALES
        broadcast_id = await decisions.draft(
            tx, author_id=first, locale=base, variant=Variant(texts[base], (BOLD,)), now=now
        )
        for locale in others:
            await decisions.write(tx, broadcast_id, locale, Variant(texts[locale], (BOLD,)))
        await decisions.choose(tx, broadcast_id, to)
        await decisions.arrange(tx, broadcast_id, night="now", paid=paid)
        found = await broadcasts.find(tx, broadcast_id)
        assert found is not None
        started = await start(tx, broadcast_id, decisions.digest(found), actor_id=first, now=now)
        assert isinstance(started, Started), f"it did not start: {started}"
        # The report would be a message more than there are members.
        await broadcasts.change(tx, broadcast_id, author_id=None)
    return broadcast_id


async def is_finished(database: Database, broadcast_id: int) -> bool:
    async with database.read() as tx:
        return await tx.value(_FINISHED, broadcast_id=broadcast_id) is not None


async def event_with_reminder(database: Database, *, seated: int, remind_at: datetime) -> int:
    """An event with so many seated, all of whom are to be reminded at the same instant; says its id."""
    now = datetime.now(UTC)
    starts_at = remind_at + timedelta(hours=2)
    async with database.write() as tx:
        first = await tx.value(_FIRST)
        draft = Draft(
            kind="forum",
            base_locale="en",
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=2),
            zone="Asia/Hong_Kong",
            texts={locale: EventText(HEADING, "We talk.", "Sample Hall", "A pen") for locale in LOCALES},
        )
        event = await publish(tx, draft, created_by=first, now=now)
        rows = select(
            events.c.id, people.c.id, literal("going"), people.c.joined_at, people.c.joined_at
        ).where(events.c.id == event.id, people.c.telegram_id < FIRST_MEMBER + seated)
        names = ["event_id", "person_id", "state", "asked_at", "seated_at"]
        await tx.run(insert(rsvps).from_select(names, rows))
        await tx.run(reminders.delete().where(reminders.c.event_id == event.id))
        await tx.run(insert(reminders).values(event_id=event.id, before="2h", due_at=remind_at))
    return event.id
