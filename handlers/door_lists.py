"""The door's lists: who is expected and who is here, with one entry's corrections."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Final, TypeVar

from markupsafe import Markup

from bot import door
from bot.door import Already, CheckedIn, Crew
from handlers import other
from handlers.door import crew_at, crew_of, door_button, entry_buttons
from handlers.door_words import label, tell, tell_counts, tell_entry
from handlers.events import title_of
from handlers.replies import Button, Reply, alert, button, show, toast
from handlers.turns import Press
from storage import Transaction, checkins, events
from storage.checkins import Checkin
from storage.events import Event

PAGE: Final = 12
# Turning further than that is made up.
MOST_PAGES: Final = 10_000

One = TypeVar("One")


async def list_missing(press: Press, tx: Transaction) -> Reply:
    """Those with a seat who have not come: one tap lets one in."""
    found = await crew_at(press, tx, press.number(0))
    if found is None:
        return other.unknown_button(press)
    return await _missing(press, tx, found[1], press.number(1))


async def _missing(press: Press, tx: Transaction, event: Event, page: int) -> Reply:
    language = press.language
    page, people = await _turn_to(page, partial(checkins.list_missing, tx, event.id))
    parts = [
        language.html("📋 <b>Not here yet: {title}</b>", title=title_of(event, language)),
        tell_counts(await checkins.count(tx, event.id), language),
    ]
    if people:
        parts.append(language.html("Tap a name to let them in."))
    else:
        parts.append(language.html("Everybody with a place is here."))
    rows = [[button(label(one, language), "doortap", event.id, one.person_id, page)] for one in people[:PAGE]]
    turning = _turning(press, "doorlist", event, page, more=len(people) > PAGE)
    return show(Markup("\n").join(parts), [*rows, turning, [door_button(press, event.id)]])


async def tap(press: Press, tx: Transaction) -> Reply:
    """Let in somebody from the list; the list follows at once."""
    found = await crew_at(press, tx, press.number(0))
    if found is None:
        return other.unknown_button(press)
    crew, event = found
    if await checkins.find_known(tx, event.id, press.number(1)) is None:
        return toast(press.language.gettext("This person is not on the list any more.")) + await _missing(
            press, tx, event, press.number(2)
        )
    answer = await door.check_in(tx, crew, event, press.number(1), how="list", at=press.now, now=press.now)
    said = tell(answer, press.language, press.now).striptags()
    word = toast(said) if isinstance(answer, CheckedIn) else alert(said)
    return word + await _missing(press, tx, event, press.number(2))


async def list_here(press: Press, tx: Transaction) -> Reply:
    """Those who came, the latest first: a tap opens one to correct it."""
    found = await crew_at(press, tx, press.number(0))
    if found is None:
        return other.unknown_button(press)
    return await _here(press, tx, found[1], press.number(1))


async def _here(press: Press, tx: Transaction, event: Event, page: int) -> Reply:
    language = press.language
    page, entries = await _turn_to(page, partial(checkins.list_here, tx, event.id))
    parts = [
        language.html("✅ <b>Here: {title}</b>", title=title_of(event, language)),
        tell_counts(await checkins.count(tx, event.id), language),
    ]
    if entries:
        parts.append(language.html("Tap a name to correct it."))
    else:
        parts.append(language.html("Nobody has come yet."))
    rows = [
        [button(tell_entry(one, event, language).striptags(), "doorone", one.id)] for one in entries[:PAGE]
    ]
    turning = _turning(press, "doorhere", event, page, more=len(entries) > PAGE)
    return show(Markup("\n").join(parts), [*rows, turning, [door_button(press, event.id)]])


async def _turn_to(page: int, listed: Callable[..., Awaitable[Sequence[One]]]) -> tuple[int, Sequence[One]]:
    """The page and who is on it, and on the next; of a page that has become empty, the one before it."""
    page = min(max(0, page), MOST_PAGES)
    for nearest in (page, page - 1):
        found = await listed(limit=PAGE + 1, offset=max(0, nearest) * PAGE)
        if found:
            return max(0, nearest), found
    return 0, await listed(limit=PAGE + 1, offset=0)


def _turning(press: Press, operation: str, event: Event, page: int, *, more: bool) -> list[Button]:
    turning = []
    if page:
        turning.append(button(press.language.gettext("‹ Previous"), operation, event.id, page - 1))
    if more:
        turning.append(button(press.language.gettext("Next ›"), operation, event.id, page + 1))
    return turning


async def open_entry(press: Press, tx: Transaction) -> Reply:
    """One entry: how many came, and taking it back."""
    found = await _entry(press, tx)
    if found is None:
        return await _no_entry(press, tx)
    _, event, entry = found
    return await _show_entry(press, tx, event, entry)


async def change_party(press: Press, tx: Transaction) -> Reply:
    """Note that more or fewer of a party came. Pressing twice is harmless."""
    found = await _entry(press, tx)
    if found is None:
        return await _no_entry(press, tx)
    _, event, entry = found
    changed = await door.change_party(tx, event, entry, press.number(1))
    match changed:
        case None:
            return alert(press.language.gettext("That button does nothing here."))
        case door.Full():
            said = tell(changed, press.language, press.now).striptags()
            return alert(said) + await _show_entry(press, tx, event, entry)
        case Checkin():
            return await _show_entry(press, tx, event, changed)


async def undo(press: Press, tx: Transaction) -> Reply:
    """Take an entry back. Pressing twice is harmless."""
    found = await _entry(press, tx)
    if found is None:
        return await _no_entry(press, tx)
    crew, event, entry = found
    await door.undo(tx, crew, entry, now=press.now)
    return toast(press.language.gettext("Taken back.")) + await _here(press, tx, event, 0)


async def _entry(press: Press, tx: Transaction) -> tuple[Crew, Event, Checkin] | None:
    entry = await checkins.find(tx, press.number(0))
    crew = await crew_of(press, tx)
    if entry is None or crew is None or not crew.works_at(entry.event_id):
        return None
    event = await events.find(tx, entry.event_id)
    return (crew, event, entry) if event else None


async def _no_entry(press: Press, tx: Transaction) -> Reply:
    """For crew: it was taken back meanwhile, perhaps by somebody else. For others there is no such button."""
    if await crew_of(press, tx) is None:
        return other.unknown_button(press)
    gone = press.language.gettext("This entry has been taken back.")
    event_id = press.dialogue.data.get("event") if press.dialogue else None
    found = await crew_at(press, tx, int(event_id)) if isinstance(event_id, int) else None
    return alert(gone) + await _here(press, tx, found[1], 0) if found else alert(gone)


async def _show_entry(press: Press, tx: Transaction, event: Event, entry: Checkin) -> Reply:
    language = press.language
    booked = await door.booked(tx, entry)
    answer = Already(event, entry, booked)
    counts = tell_counts(await checkins.count(tx, event.id), language)
    text = tell(answer, language, press.now) + Markup("\n") + counts
    return show(text, entry_buttons(press, event, entry.id, entry.party, booked))
