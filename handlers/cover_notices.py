"""Notices about shifts that change hands: somebody is sought, somebody is found, two exchange."""

from markupsafe import Markup

from bot import shift_alerts, volunteering
from bot.language import isolate
from handlers.owing import Reading
from handlers.replies import Reply, button, say
from handlers.shift_needs import named
from storage import Transaction, events, people, shift_signups, shifts, swaps
from storage.events import Event
from storage.notices import Owed
from storage.shifts import Shift
from storage.swaps import Swap


async def ask_to_take(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    """Asks a volunteer who fits whether they take a shift that needs people."""
    found = await _open_shift(notice, tx, reading)
    if found is None or notice.person_id is None or not await shift_alerts.needs_people(tx, found[0]):
        return None
    if await shifts.has_taken(tx, found[0].id, notice.person_id):
        return None
    shift, event = found
    language = reading.language
    if notice.kind == "cover_wanted":
        if not await shift_signups.list_cover_wanted(tx, shift.id):
            return None
        text = language.html(
            "🙋 Somebody can't come to {shift}. Could you take it over?",
            shift=named(shift, event, language, reading.now),
        )
    else:
        text = language.html(
            "🙋 Volunteers are still needed for {shift}. Could you help?",
            shift=named(shift, event, language, reading.now),
        )
    rows = [
        [button(language.gettext("Open the shift"), "shift", shift.id, style="primary")],
        [button(language.gettext("Fewer such messages"), "settings")],
    ]
    return say(text, rows)


async def tell_cover_found(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    """Somebody has taken the reader's shift over."""
    found = await _shift(notice, tx)
    if found is None or notice.person_id is None:
        return None
    if await shifts.has_taken(tx, found[0].id, notice.person_id):
        return None
    language = reading.language
    text = language.html(
        "✅ Somebody takes over {shift}. You are free then; thank you for telling us in time!",
        shift=named(*found, language, reading.now),
    )
    return say(text, [[button(language.gettext("🙋 Open shifts"), "volunteer")]])


async def tell_cover_ended(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    """The shift changed, so that it isn't known any more whether the reader can't come."""
    found = await _open_shift(notice, tx, reading)
    if found is None or notice.person_id is None:
        return None
    signup = await shift_signups.find(tx, found[0].id, notice.person_id)
    if signup is None or signup.state != "taken" or signup.cover_since is not None:
        return None
    language = reading.language
    text = language.html(
        "As {shift} has changed, I don't look for cover any more. Can you come now?",
        shift=named(*found, language, reading.now),
    )
    rows = [
        [button(language.gettext("Yes, I will come"), "shift", found[0].id)],
        [button(language.gettext("I can't come"), "drop", found[0].id)],
    ]
    return say(text, rows)


async def ask_swap(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    """Somebody would like to exchange shifts with the reader, who says yes or no."""
    found = await _swap(notice, tx)
    if found is None or found[0].state != "asked":
        return None
    swap, theirs, yours = found
    language = reading.language
    person = await people.find(tx, swap.giver_id)
    # Who doesn't help at the same event stays unnamed.
    if person is not None and theirs[1].id == yours[1].id:
        head = language.html("🔁 {name} asks to swap shifts with you.", name=isolate(person.name[:40]))
    else:
        head = language.html("🔁 Another volunteer asks to swap shifts with you.")
    lines = [
        head,
        language.html("You would do {shift}.", shift=named(*theirs, language, reading.now)),
        language.html("They would do yours: {shift}.", shift=named(*yours, language, reading.now)),
        language.html("If you don't answer within a day, everything stays as it is."),
    ]
    rows = [
        [button(language.gettext("✅ Yes, swap"), "swapyes", swap.id, style="success")],
        [button(language.gettext("No, I keep mine"), "swapno", swap.id)],
    ]
    return say(Markup("\n").join(lines), rows)


async def tell_swapped(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    """The other has agreed: this is the reader's shift now."""
    found = await _swap(notice, tx)
    if found is None or found[0].state != "done":
        return None
    _, given, got = found
    if not await shifts.has_taken(tx, got[0].id, found[0].giver_id):
        return None
    language = reading.language
    lines = [
        language.html("✅ Swapped! Your shift now is {shift}.", shift=named(*got, language, reading.now)),
        language.html("You don't do {shift} any more.", shift=named(*given, language, reading.now)),
    ]
    return say(Markup("\n").join(lines), [[button(language.gettext("Open the shift"), "shift", got[0].id)]])


async def tell_not_swapped(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    """The other has refused, or not answered: the reader's shift is still theirs."""
    found = await _swap(notice, tx)
    if found is None or found[0].state not in ("refused", "lapsed"):
        return None
    swap, (mine, event), _ = found
    if mine.starts_at <= reading.now or mine.cancelled_at is not None:
        return None
    if not await shifts.has_taken(tx, mine.id, swap.giver_id):
        return None
    language = reading.language
    if swap.state == "refused":
        text = language.html(
            "The other volunteer keeps their shift. Yours stays yours: {shift}.",
            shift=named(mine, event, language, reading.now),
        )
    else:
        text = language.html(
            "Your request to swap has lapsed. Your shift stays yours: {shift}.",
            shift=named(mine, event, language, reading.now),
        )
    rows = [
        [button(language.gettext("I still can't come"), "drop", mine.id)],
        [button(language.gettext("Open the shift"), "shift", mine.id)],
    ]
    return say(text, rows)


async def _shift(notice: Owed, tx: Transaction) -> tuple[Shift, Event] | None:
    return await _with_event(tx, notice.shift_id) if notice.shift_id is not None else None


async def _open_shift(notice: Owed, tx: Transaction, reading: Reading) -> tuple[Shift, Event] | None:
    found = await _shift(notice, tx)
    return found if found and volunteering.is_open(*found, reading.now) else None


async def _with_event(tx: Transaction, shift_id: int) -> tuple[Shift, Event] | None:
    shift = await shifts.find(tx, shift_id)
    event = await events.find(tx, shift.event_id) if shift else None
    return (shift, event) if shift and event else None


async def _swap(
    notice: Owed, tx: Transaction
) -> tuple[Swap, tuple[Shift, Event], tuple[Shift, Event]] | None:
    """The wish with the shift of whoever asked, then the other's."""
    swap = await swaps.find(tx, notice.params.get("swap", -1))
    theirs = await _with_event(tx, swap.giver_shift_id) if swap else None
    yours = await _with_event(tx, swap.taker_shift_id) if swap else None
    return (swap, theirs, yours) if swap and theirs and yours else None
