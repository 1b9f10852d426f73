"""Whether somebody sleeps, and until when."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.reminders import settle_wall_time


def quiet_ends(now: datetime, hours: tuple[int, int], zone: ZoneInfo) -> datetime | None:
    """The end of the quiet hours that `now` falls into, or None when it falls into none.

    `hours` are minutes after local midnight, from and until; they may span midnight.
    """
    start, end = hours
    local = now.astimezone(zone).replace(tzinfo=None)
    minute = local.hour * 60 + local.minute
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    if start <= minute < end:
        return settle_wall_time(midnight + timedelta(minutes=end), zone)
    if end < start and minute >= start:
        return settle_wall_time(midnight + timedelta(days=1, minutes=end), zone)
    if end < start and minute < end:
        return settle_wall_time(midnight + timedelta(minutes=end), zone)
    return None
