"""A volunteer who can't come seeks somebody who takes the shift over."""

from dataclasses import dataclass
from datetime import datetime

from bot import shift_alerts, volunteering
from bot.volunteering import Closed
from storage import Transaction, shift_signups
from storage.shifts import Shift


@dataclass(frozen=True)
class Sought:
    """Cover is sought; so many volunteers are asked now."""

    shift: Shift
    asked: int


@dataclass(frozen=True)
class Kept:
    """No cover is sought any more: the person does the shift."""

    shift: Shift


@dataclass(frozen=True)
class NotYours:
    shift: Shift


async def seek(
    tx: Transaction, shift_id: int, person_id: int, *, now: datetime
) -> Sought | NotYours | Closed:
    """Seek cover: the shift stays the person's until somebody takes it over.

    Volunteers who fit are asked, once a day for a shift. Seeking twice is harmless.
    """
    found = await volunteering.lock_ahead(tx, shift_id, now=now)
    if not isinstance(found, tuple):
        return found
    shift, event = found
    signup = await shift_signups.find(tx, shift_id, person_id)
    if signup is None or signup.state != "taken":
        return NotYours(shift)
    if signup.cover_since is not None:
        return Sought(shift, 0)
    await shift_signups.change(tx, shift_id, person_id, cover_since=now)
    await shift_alerts.tell_freed(tx, shift, event, now=now)
    if await shift_alerts.was_asked_today(tx, shift, event, "cover_wanted", now=now):
        return Sought(shift, 0)
    return Sought(shift, await shift_alerts.owe_fitting(tx, shift, event, "cover_wanted", now=now))


async def keep(tx: Transaction, shift_id: int, person_id: int, *, now: datetime) -> Kept | NotYours | Closed:
    """Seek cover no more. Whoever has taken the shift over by now has it."""
    found = await volunteering.lock_ahead(tx, shift_id, now=now)
    if not isinstance(found, tuple):
        return found
    shift, _ = found
    signup = await shift_signups.find(tx, shift_id, person_id)
    if signup is None or signup.state != "taken":
        return NotYours(shift)
    await shift_signups.change(tx, shift_id, person_id, cover_since=None)
    return Kept(shift)
