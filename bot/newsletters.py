"""Newsletters: when a letter is due, what it tells, and to whom it goes."""

import calendar
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot import audit
from bot.kinds import KINDS
from bot.reminders import settle_wall_time
from storage import Transaction, events, letters, newsletters
from storage.events import Event
from storage.newsletters import Newsletter, Rule

NAME_LIMIT: Final = 60
FOREWORD_LIMIT: Final = 1500
MOST: Final = 20
# So many events fit a letter that is read on a phone.
MOST_EVENTS: Final = 8
# What is later than this waits for its hour of another day, as nobody wants it in the middle of the night.
LATE: Final = timedelta(hours=1)
# So long an offer stands, once it is made.
LINGERS: Final = timedelta(minutes=10)
# Letters are owed this far ahead of sending and no further: pausing stays cheap.
AHEAD: Final = 3000
CHUNK: Final = 1000


def name_of(newsletter: Newsletter, locale: str) -> str:
    """The newsletter's name in the language, or in the first one that it was given one in."""
    own = newsletter.texts.get(locale)
    if own is not None and own.name:
        return own.name
    return next((words.name for words in newsletter.texts.values() if words.name), "")


def foreword_in(forewords: Mapping[str, str], locale: str) -> tuple[str, str] | None:
    """The foreword for a reader and the language it is in, which is another one where theirs has none."""
    if forewords.get(locale):
        return locale, forewords[locale]
    return next(((other, text) for other, text in forewords.items() if text), None)


def next_after(rule: Rule, after: datetime, home: ZoneInfo) -> datetime:
    """The first instant after the given one at which a letter is due, by the clock on the wall at home.

    A month that has no such day has it on its last; the months after it are none the worse for that. A time
    that doesn't exist that day moves forward, one that exists twice is its first.
    """
    day = after.astimezone(home).date()
    while True:
        found = settle_wall_time(
            datetime.combine(_day_from(rule, day), time()) + timedelta(minutes=rule.minute), home
        )
        if found > after:
            return found
        day = _day_from(rule, day) + timedelta(days=1)


def _day_from(rule: Rule, day: date) -> date:
    """The first day of the rule's that is not before the given one."""
    if rule.every == "week":
        return day + timedelta(days=(rule.day - day.weekday()) % 7)
    there = _in_month(rule, day)
    return there if there >= day else _in_month(rule, _next_month(day))


def _in_month(rule: Rule, day: date) -> date:
    return day.replace(day=min(rule.day, calendar.monthrange(day.year, day.month)[1]))


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1)


async def create(
    tx: Transaction,
    rule: Rule,
    *,
    names: Mapping[str, str],
    kinds: Sequence[str],
    actor_id: int,
    home: ZoneInfo,
    now: datetime,
) -> Newsletter:
    """A new newsletter, whose first letter goes out when the rule says so."""
    newsletter_id = await newsletters.add(
        tx,
        rule,
        kinds=[kind for kind in KINDS if kind in kinds],
        next_at=next_after(rule, now, home),
        created_by=actor_id,
        now=now,
    )
    for locale, name in names.items():
        await newsletters.put_name(tx, newsletter_id, locale, name)
    await audit.note(tx, "newsletter_created", now=now, actor_id=actor_id, newsletter=newsletter_id)
    found = await newsletters.find(tx, newsletter_id)
    if found is None:
        raise LookupError("a newsletter just written was not found")
    return found


async def reschedule(
    tx: Transaction, newsletter_id: int, rule: Rule, *, actor_id: int, home: ZoneInfo, now: datetime
) -> bool:
    """Give it other days; a paused one stays paused. False when there is none."""
    found = await newsletters.lock(tx, newsletter_id)
    if found is None:
        return False
    next_at = next_after(rule, now, home) if found.next_at else None
    values = {"every": rule.every, "day": rule.day, "minute": rule.minute}
    await newsletters.change(tx, newsletter_id, next_at=next_at, **values)
    await audit.note(tx, "newsletter_changed", now=now, actor_id=actor_id, newsletter=newsletter_id)
    return True


async def retopic(
    tx: Transaction, newsletter_id: int, kinds: Sequence[str], *, actor_id: int, now: datetime
) -> bool:
    if await newsletters.lock(tx, newsletter_id) is None:
        return False
    await newsletters.change(tx, newsletter_id, kinds=[kind for kind in KINDS if kind in kinds])
    await audit.note(tx, "newsletter_changed", now=now, actor_id=actor_id, newsletter=newsletter_id)
    return True


async def rename(
    tx: Transaction, newsletter_id: int, locale: str, name: str, *, actor_id: int, now: datetime
) -> bool:
    """Name it in a language; without a name there it goes by another one's. One name always stays."""
    found = await newsletters.lock(tx, newsletter_id)
    if found is None:
        return False
    others = [words.name for other, words in found.texts.items() if other != locale and words.name]
    if name or others:
        await newsletters.put_name(tx, newsletter_id, locale, name)
        await audit.note(tx, "newsletter_changed", now=now, actor_id=actor_id, newsletter=newsletter_id)
    return True


async def write_foreword(
    tx: Transaction, newsletter_id: int, locale: str, text: str, *, actor_id: int, now: datetime
) -> bool:
    """Write what stands above the next letter's events; empty takes it away."""
    if await newsletters.lock(tx, newsletter_id) is None:
        return False
    await newsletters.put_foreword(tx, newsletter_id, locale, text)
    await audit.note(tx, "newsletter_changed", now=now, actor_id=actor_id, newsletter=newsletter_id)
    return True


async def pause(tx: Transaction, newsletter_id: int, *, actor_id: int, now: datetime) -> bool:
    """Send no more letters until it goes on, nor the rest of one that is on its way."""
    found = await newsletters.lock(tx, newsletter_id)
    if found is None or found.next_at is None:
        return False
    await newsletters.change(tx, newsletter_id, next_at=None)
    await audit.note(tx, "newsletter_paused", now=now, actor_id=actor_id, newsletter=newsletter_id)
    return True


async def go_on(tx: Transaction, newsletter_id: int, *, actor_id: int, home: ZoneInfo, now: datetime) -> bool:
    """The next letter goes out when the rule says so; what was due meanwhile is not made up for."""
    found = await newsletters.lock(tx, newsletter_id)
    if found is None or found.next_at is not None:
        return False
    await newsletters.change(tx, newsletter_id, next_at=next_after(found, now, home))
    await audit.note(tx, "newsletter_resumed", now=now, actor_id=actor_id, newsletter=newsletter_id)
    return True


async def drop(tx: Transaction, newsletter_id: int, *, actor_id: int, now: datetime) -> bool:
    """Forget it and who asked for it; nobody gets what has not left yet."""
    if await newsletters.lock(tx, newsletter_id) is None:
        return False
    await newsletters.drop(tx, newsletter_id)
    await audit.note(tx, "newsletter_deleted", now=now, actor_id=actor_id, newsletter=newsletter_id)
    return True


async def list_offerable(tx: Transaction, person_id: int, kind: str, *, now: datetime) -> list[Newsletter]:
    """The newsletters that tell of such events and that the person was not asked about before.

    What was offered a moment ago still is: a second tap must not take the offer away.
    """
    mine = await newsletters.list_of_person(tx, person_id)
    known = {one.newsletter.id for one in mine if one.state != "offered" or one.since <= now - LINGERS}
    return [
        one
        for one in await newsletters.list_all(tx)
        if one.next_at is not None and one.id not in known and (kind in one.kinds or not one.kinds)
    ]


async def list_events(
    tx: Transaction, newsletter: Newsletter, person_id: int, *, now: datetime
) -> list[Event]:
    """What a letter tells this reader of, soonest first: one more than a letter has room for, at most."""
    return await events.list_coming(
        tx, now=now, person_id=person_id, kinds=newsletter.kinds, limit=MOST_EVENTS + 1
    )


async def list_with_work(tx: Transaction, *, now: datetime) -> list[int]:
    """The newsletters whose letter is due."""
    return await newsletters.list_due(tx, now=now, limit=MOST)


async def send_due(tx: Transaction, newsletter_id: int, *, home: ZoneInfo, now: datetime) -> bool:
    """Let the letter that is due go out, once, and set when the next one is; say whether one goes out.

    Nothing to tell, no letter. However many were missed while nobody beat the time, one goes out, at its
    hour of the day.
    """
    found = await newsletters.lock(tx, newsletter_id)
    if found is None or found.next_at is None or found.next_at > now:
        return False
    following = next_after(found, now, home)
    if now - found.next_at > LATE:
        daily = settle_wall_time(_at_its_hour(found, now, home), home)
        await newsletters.change(tx, newsletter_id, next_at=min(daily, following))
        return False
    forewords = {locale: words.foreword for locale, words in found.texts.items() if words.foreword}
    await newsletters.change(tx, newsletter_id, next_at=following)
    if not forewords and not await events.is_anything_coming(tx, now=now, kinds=found.kinds):
        return False
    await letters.add(tx, newsletter_id, due_at=found.next_at, forewords=forewords)
    await newsletters.clear_forewords(tx, newsletter_id)
    return True


def _at_its_hour(rule: Rule, now: datetime, home: ZoneInfo) -> datetime:
    """The next time the clock at home shows the rule's hour, as the wall says it."""
    local = now.astimezone(home).replace(tzinfo=None)
    today = datetime.combine(local.date(), time()) + timedelta(minutes=rule.minute)
    return today if today > local else today + timedelta(days=1)


async def carry_on(tx: Transaction, letter_id: int, *, now: datetime) -> bool:
    """Owe a letter to its next readers; say whether there are more of them just now.

    They are taken in the order of their ids and the place is kept with them, so that whatever happens in
    between, nobody is skipped and nobody gets it twice.
    """
    letter = await letters.lock(tx, letter_id)
    if letter is None or letter.spread_done:
        return False
    newsletter = await newsletters.find(tx, letter.newsletter_id)
    if newsletter is None or newsletter.next_at is None:
        await letters.change(tx, letter.id, spread_done=True)
        return False
    if await letters.count_waiting(tx, now=now, limit=AHEAD) >= AHEAD:
        return False
    until = newsletter.next_at
    return await letters.spread(tx, letter, limit=CHUNK, now=now, useful_until=until) == CHUNK
