"""What came of a change to an event, for the organiser who made it."""

from datetime import datetime
from math import inf

from markupsafe import Markup

from bot import attendance
from bot.programme import Changed
from handlers.turns import Turn
from storage import Transaction
from storage.events import Event


async def tell_outcome(before: Event, changed: Changed, turn: Turn, tx: Transaction) -> Markup:
    """What came of a change: who is told, who moved up, and that nobody lost a place by it."""
    language = turn.language
    if changed.event.revision == before.revision:
        return language.html("Nothing was changed.")
    said = [language.html("✅ Changed.")]
    if changed.told:
        said.append(language.nhtml("{n} person is told.", "{n} people are told.", changed.told))
    if changed.moved:
        said.append(
            language.nhtml(
                "{n} sign-up moved up from the waitlist.",
                "{n} sign-ups moved up from the waitlist.",
                changed.moved,
            )
        )
    for way in attendance.ways_of(changed.event):
        taken, places = await _over(before, changed.event, way, tx)
        if taken > places:
            said.append(
                language.nhtml(
                    "{n} place is taken already. Everybody keeps theirs; nobody moves up until there is"
                    " room.",
                    "{n} places are taken already. Everybody keeps theirs; nobody moves up until there is"
                    " room.",
                    taken,
                )
            )
    if _left_behind(before, changed.event, turn.now):
        said.append(language.html("Sign-up is closed now: its deadline moved along with the start."))
    return Markup("\n").join(said)


async def _over(before: Event, after: Event, way: str, tx: Transaction) -> tuple[int, float]:
    """How many places are taken in that way, and how many there are, where there are fewer than before."""
    was, places = (one.online_capacity if way == "online" else one.capacity for one in (before, after))
    if places is None or places == was:
        return 0, inf
    return (await attendance.count_places(tx, after, way)).seated, places


def _left_behind(before: Event, after: Event, now: datetime) -> bool:
    """Whether a deadline that moved along with an earlier start is over now."""
    if after.deadline_at is None or after.starts_at == before.starts_at:
        return False
    return after.deadline_at <= now
