"""Loading a content pack: what the association does, what it answers, and events it brings along."""

import json
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot import reminders, shift_changes
from bot.pack import Moments, Pack, SampleEvent, moments
from storage import Transaction, content, events, options
from storage.events import EventText

CONTENT_REVISION = "content_revision"
SOURCES = "sources"
NAME = "name"


@dataclass(frozen=True)
class Loaded:
    """How much is there after an import."""

    programmes: int
    questions: int
    events: int


async def load(tx: Transaction, pack: Pack, *, now: datetime, home: ZoneInfo, samples: bool) -> Loaded:
    """Make programmes and questions what the pack says, and add its events. Loading twice changes nothing.

    Programmes and questions that came from an earlier pack and are not in this one are dropped. An event
    that is there already keeps its times, places and RSVPs; only its words follow the pack. Sample events
    are loaded only when asked for.
    """
    for position, programme in enumerate(sorted(pack.programmes, key=lambda one: one.order)):
        texts = {
            locale: (
                title,
                programme.summary.get(locale, programme.summary[pack.base_locale]),
                programme.body.get(locale, programme.body[pack.base_locale]),
            )
            for locale, title in programme.title.items()
        }
        await content.put_programme(
            tx, programme.id, position, list(programme.kinds), programme.source, texts
        )
    for question in pack.questions:
        await content.put_question(
            tx,
            question.id,
            question.programme,
            question.source,
            question.as_of.isoformat() if question.as_of else None,
            question.events_of_kind,
            question.answer,
            {locale: list(wordings) for locale, wordings in question.wordings.items()},
        )
    await content.drop_missing(tx, [one.id for one in pack.programmes], [one.id for one in pack.questions])
    wanted = [event for event in pack.events if samples or not event.sample]
    for event in wanted:
        await _load_event(tx, event, pack, now=now, home=home)
    await options.remember(tx, NAME, json.dumps(pack.name))
    await options.remember(tx, SOURCES, json.dumps(pack.sources))
    revision = await options.find(tx, CONTENT_REVISION)
    await options.remember(tx, CONTENT_REVISION, str(int(revision or 0) + 1))
    return Loaded(len(pack.programmes), len(pack.questions), len(wanted))


async def is_empty(tx: Transaction) -> bool:
    """Whether no pack has ever been loaded."""
    return await options.find(tx, CONTENT_REVISION) is None


async def _load_event(
    tx: Transaction, event: SampleEvent, pack: Pack, *, now: datetime, home: ZoneInfo
) -> None:
    zone = ZoneInfo(event.zone) if event.zone else home
    when = moments(event, now, zone)
    event_id = await events.find_id_by_code(tx, event.id)
    if event_id is None:
        event_id = await _add_event(tx, event, when, pack, now=now, zone=zone)
    for locale, title in event.title.items():
        text = EventText(
            title,
            event.description.get(locale, ""),
            (event.place or {}).get(locale, ""),
            (event.bring or {}).get(locale, ""),
        )
        await events.put_text(tx, event_id, locale, text)


async def _add_event(
    tx: Transaction, event: SampleEvent, when: Moments, pack: Pack, *, now: datetime, zone: ZoneInfo
) -> int:
    event_id = await events.add(
        tx,
        now=now,
        code=event.id,
        kind=event.kind,
        state="published",
        base_locale=pack.base_locale,
        starts_at=when.starts,
        ends_at=when.ends,
        zone=zone.key,
        deadline_at=when.deadline,
        capacity=event.places,
        companions=event.companions,
        latitude=event.map.latitude if event.map else None,
        longitude=event.map.longitude if event.map else None,
        online_url=event.online,
        reminders=list(event.reminders),
        programme_id=await events.find_programme_id(tx, event.programme) if event.programme else None,
        sample=event.sample,
    )
    found = await events.find(tx, event_id)
    if found is None:
        raise LookupError("an event just written was not found")
    await reminders.plan_event(tx, found, now=now)
    times = {shift.id: shift for shift in when.shifts}
    for shift in event.shifts:
        await shift_changes.add(
            tx,
            found,
            starts_at=times[shift.id].starts,
            ends_at=times[shift.id].ends,
            places=shift.places,
            roles=shift.role,
            notes=shift.note or {},
            languages=shift.languages,
            code=shift.id,
            now=now,
        )
    return event_id
