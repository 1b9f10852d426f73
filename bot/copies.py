"""Further events like one that is there: a copy on another day, or the sessions of a series."""

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot import audit, programme, shift_changes, visit_changes
from bot.programme import Draft
from bot.reminders import settle_wall_time
from storage import Transaction, event_questions, events, series, shifts
from storage.event_questions import QuestionText
from storage.events import Event

MOST_SESSIONS: Final = 52


def repeated(starts_at: datetime, zone: str, rhythm: str, times: int) -> list[datetime]:
    """When something that starts then starts again: so many further times, at the same time on the wall.

    Rhythms are "week", "fortnight", "month" (on the same date, or on the month's last day where it has no
    such date) and "weekday" (on the same weekday of the month, a fifth being the last).
    """
    local = starts_at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    return [settle_wall_time(_after(local, rhythm, n), ZoneInfo(zone)) for n in range(1, times + 1)]


def _after(local: datetime, rhythm: str, n: int) -> datetime:
    match rhythm:
        case "week" | "fortnight":
            return local + timedelta(weeks=n if rhythm == "week" else 2 * n)
        case "month" | "weekday":
            months = local.month - 1 + n
            year, month = local.year + months // 12, months % 12 + 1
            # Counted from the first date each time: the 31st comes back after a month without one.
            last = calendar.monthrange(year, month)[1]
            day = (
                min(local.day, last) if rhythm == "month" else _same_weekday(local.date(), year, month, last)
            )
            return local.replace(year=year, month=month, day=day)
        case _:
            raise ValueError(f"not a rhythm: {rhythm}")


def _same_weekday(first: date, year: int, month: int, last: int) -> int:
    days = [day for day in range(1, last + 1) if date(year, month, day).weekday() == first.weekday()]
    return days[min((first.day - 1) // 7, len(days) - 1)]


async def duplicate(
    tx: Transaction,
    source: Event,
    *,
    starts_at: datetime,
    actor_id: int,
    now: datetime,
    series_id: int | None = None,
) -> Event:
    """Publish another event like this one, with its texts, options, questions, shifts and programme.

    Everything keeps its distance from the start by the clock on the wall. Nobody who signed up for the
    source is signed up for the copy. What would be over already of opening and deadline is left out.
    """
    zone = ZoneInfo(source.zone)
    by = _on_the_wall(starts_at, zone) - _on_the_wall(source.starts_at, zone)

    def moved(instant: datetime) -> datetime:
        return settle_wall_time(_on_the_wall(instant, zone) + by, zone)

    ends_at = moved(source.ends_at)
    if ends_at <= starts_at:
        ends_at = starts_at + (source.ends_at - source.starts_at)
    columns = {one.name: getattr(source, one.name) for one in fields(Draft)}
    for name in ("opens_at", "deadline_at"):
        instant = columns[name] and moved(columns[name])
        columns[name] = instant if instant and now < instant < starts_at else None
    columns |= {"starts_at": starts_at, "ends_at": ends_at, "series_id": series_id}
    draft = Draft(**columns | {"texts": dict(source.texts)})
    copy = await programme.publish(tx, draft, created_by=actor_id, now=now)
    await audit.note(tx, "event_duplicated", now=now, actor_id=actor_id, event_id=copy.id, source=source.id)
    if source.invite_token is not None:
        await programme.renew_invitation(tx, copy.id, actor_id=actor_id, now=now)
    await _copy_questions(tx, source, copy)
    for shift in await shifts.list_of_event(tx, source.id):
        copied = await shift_changes.add(
            tx,
            copy,
            starts_at=moved(shift.starts_at),
            ends_at=moved(shift.starts_at) + (shift.ends_at - shift.starts_at),
            places=shift.places,
            roles=shift.roles,
            notes=shift.notes,
            languages=shift.languages,
            now=now,
        )
        if shift.approval or shift.certificate:
            await shifts.change(tx, copied.id, approval=shift.approval, certificate=shift.certificate)
    await visit_changes.copy_plan(tx, source, copy)
    return await _found(tx, copy.id)


async def _copy_questions(tx: Transaction, source: Event, copy: Event) -> None:
    numbers: dict[int, int] = {}
    for question in await event_questions.list_asked(tx, source.id):
        after = question.after_question_id
        numbers[question.id] = await event_questions.add(
            tx,
            copy.id,
            question.kind,
            required=question.required,
            choices=question.choices,
            after_question_id=None if after is None else numbers.get(after),
            after_choice=question.after_choice if after in numbers else None,
        )
        for locale, text in question.texts.items():
            words = {number: text.choices[number] for number in question.choices if number in text.choices}
            await event_questions.put_text(tx, numbers[question.id], locale, QuestionText(text.text, words))


async def make_series(
    tx: Transaction,
    event: Event,
    starts: Sequence[datetime],
    *,
    names: Mapping[str, str],
    sign_up: str,
    actor_id: int,
    now: datetime,
) -> tuple[int, list[Event]]:
    """Make the event the first session of a series, with a copy at each of the starts.

    An event that is in a series already gets further sessions there. A start at which the series has a
    session already, or that is over, is passed over. Say which series it is, and the new sessions.
    """
    series_id = event.series_id
    if series_id is None:
        series_id = await series.add(tx, names=names, sign_up=sign_up, now=now)
        await events.change(tx, event.id, now=now, series_id=series_id)
        await audit.note(
            tx, "event_changed", now=now, actor_id=actor_id, event_id=event.id, fields=["series_id"]
        )
    ids = await series.list_session_ids(tx, series_id, ending_after=now)
    taken = {one.starts_at for one in await events.find_many(tx, {event.id, *ids})}
    made = []
    for starts_at in sorted(set(starts) - taken):
        if starts_at > now:
            session = await duplicate(
                tx, event, starts_at=starts_at, actor_id=actor_id, now=now, series_id=series_id
            )
            made.append(session)
    return series_id, made


def _on_the_wall(instant: datetime, zone: ZoneInfo) -> datetime:
    return instant.astimezone(zone).replace(tzinfo=None)


async def _found(tx: Transaction, event_id: int) -> Event:
    event = await events.find(tx, event_id)
    if event is None:
        raise LookupError("an event just written was not found")
    return event
