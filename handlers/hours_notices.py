"""Notices about hours of service: a correction, and the question who came to a shift."""

from typing import Final
from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot import programme, volunteering
from bot import service_hours as decided
from bot.lengths import length
from handlers.owing import Reading
from handlers.replies import Reply, button, say
from storage import Transaction, events, service_hours, shift_signups, shifts
from storage.notices import Owed
from storage.service_hours import Entry

# Marks that follow one another within this are one change.
AT_ONCE: Final = 2 * decided.SETTLES


async def tell_corrected(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    """What the reader had for a shift, what it is now and why; only the last of several corrections.

    Marks set and taken back within minutes are one change, or none.
    """
    shift = await shifts.find(tx, notice.shift_id) if notice.shift_id is not None else None
    event = await events.find(tx, shift.event_id) if shift else None
    if shift is None or event is None or notice.person_id is None:
        return None
    entries = await service_hours.list_of_shift(tx, shift.id, notice.person_id)
    if not entries or entries[-1].id != notice.params["entry"]:
        return None
    now = sum(entry.minutes for entry in entries)
    before = sum(entry.minutes for entry in entries[: _first_of_change(entries)])
    if before == now:
        return None
    language = reading.language
    lines = [
        language.html(
            "⏱ Your hours for the shift <b>{role}</b> at <b>{title}</b> were corrected.",
            role=volunteering.role_of(shift, event, language.locale),
            title=programme.text_of(event, language.locale).title,
        ),
        language.html("Before: {length}", length=length(language, before)),
        language.html("Now: <b>{length}</b>", length=length(language, now)),
    ]
    if entries[-1].reason:
        lines.append(language.html("Reason: {reason}", reason=entries[-1].reason))
    lines.append(language.html("If that is not right, press “Ask a person”."))
    rows = [
        [button(language.gettext("⏱ My hours"), "hours")],
        [button(language.gettext("💬 Ask a person"), "ask")],
    ]
    return say(Markup("\n").join(lines), rows)


def _first_of_change(entries: list[Entry]) -> int:
    """Where the last change begins: at its one entry, or at the first of those that quickly followed."""
    first = len(entries) - 1
    latest = entries[first].entered_at
    while (
        first > 0
        and not entries[first].reason
        and not entries[first - 1].reason
        and entries[first - 1].entry == "correction"
        and latest - entries[first - 1].entered_at <= AT_ONCE
    ):
        first -= 1
    return first


async def ask_who_came(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    """Hours are only earned by those of whom somebody says that they came."""
    shift = await shifts.find(tx, notice.shift_id) if notice.shift_id is not None else None
    event = await events.find(tx, shift.event_id) if shift else None
    if shift is None or event is None:
        return None
    hands = await shift_signups.list_hands(tx, shift.id, ["taken"])
    open_still = sum(hand.arrived_at is None for hand in hands)
    if not open_still:
        return None
    language = reading.language
    text = language.html(
        "🙋 The shift <b>{role}</b> at <b>{title}</b>, {when}, is over. Who came?",
        role=volunteering.role_of(shift, event, language.locale),
        title=programme.text_of(event, language.locale).title,
        when=language.span(shift.starts_at, shift.ends_at, ZoneInfo(event.zone), now=reading.now),
    )
    text += Markup("\n") + language.nhtml(
        "Of {n} volunteer nobody has said so yet; without it there are no hours.",
        "Of {n} volunteers nobody has said so yet; without it there are no hours.",
        open_still,
    )
    return say(text, [[button(language.gettext("✅ Who has come?"), "crew", shift.id, style="primary")]])
