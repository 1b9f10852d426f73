"""What happens to shifts when their event changes, and who is told."""

from datetime import datetime

from bot import reminders
from storage import Transaction, notices, shifts
from storage.events import Event


async def cancel(tx: Transaction, shift_id: int, *, now: datetime) -> bool:
    """Cancel a shift that has not begun; everyone on it is told, once. Say whether there was one."""
    shift = await shifts.lock(tx, shift_id)
    if shift is None or shift.cancelled_at is not None or shift.starts_at <= now:
        return False
    await shifts.cancel(tx, shift_id, now=now)
    await reminders.plan_shift(tx, shift_id, shift.starts_at, "UTC", (), now=now)
    await notices.owe_on_shift(
        tx,
        shift_id,
        "shift_cancelled",
        occasion=f"shift-cancelled:{shift_id}",
        taken_by=now,
        due_at=now,
        useful_until=shift.ends_at,
        params={},
        heed_mutes=False,
    )
    return True


async def cancel_all_of(tx: Transaction, event: Event, *, now: datetime) -> None:
    """Cancel the event's shifts that have not begun; those that have keep their hours."""
    for shift in await shifts.list_of_event(tx, event.id):
        await cancel(tx, shift.id, now=now)
