"""A reminder as it is read: of one thing or of several, with what can be done about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from markupsafe import Markup

from bot import snoozing
from bot.language import Language
from bot.snoozing import Choice
from handlers.owing import Reading
from handlers.replies import Button, Keyboard, button
from storage.reminders import Subject

# So many fit on a phone, each with a button of its own.
MOST: Final = 8
# Of the 64 bytes that a button may carry, what is left for what it is about.
_ROOM: Final = 50
_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Item:
    """One thing that somebody is reminded of: its words, and its buttons where it stands alone."""

    subject: Subject
    starts_at: datetime
    text: Markup
    buttons: Keyboard
    # What opens it where it stands beside others.
    named: Button


def compose(
    items: Sequence[Item], reading: Reading, *, again_at: datetime | None = None
) -> tuple[Markup, Keyboard]:
    """The message and its buttons, soonest first. `again_at`: when it comes once more, as just asked for."""
    language = reading.language
    ordered = sorted(items, key=lambda item: (item.starts_at, item.subject))
    shown = ordered[:MOST]
    parts, rows = [item.text for item in shown], [list(row) for row in shown[0].buttons]
    if len(ordered) > 1:
        heading = language.nhtml(
            "<b>{n} thing is coming up:</b>", "<b>{n} things are coming up:</b>", len(ordered)
        )
        parts, rows = [heading, *parts], [[item.named] for item in shown]
    if len(ordered) > len(shown):
        left = len(ordered) - len(shown)
        parts.append(language.nhtml("… and {n} more: see /my", "… and {n} more: see /my", left))
    if again_at is not None:
        when = language.moment(again_at, now=reading.now)
        parts.append(language.html("⏰ I will remind you again: {when}.", when=when))
    rows += _snoozes(ordered, reading, asked=again_at is not None)
    rows.append([button(language.gettext("🔕 Fewer reminders"), "fewer", _muting(ordered))])
    return Markup("\n\n").join(parts), rows


def _snoozes(items: Sequence[Item], reading: Reading, *, asked: bool) -> list[list[Button]]:
    """What can still be of use; nothing where the buttons could not name all that they are about."""
    about = write_subjects([item.subject for item in items])
    if len(items) > MOST or len(about) > _ROOM:
        return []
    last = max(item.starts_at for item in items)
    choices = [
        button(_label(choice, reading.language), "again", choice, about)
        for choice in snoozing.offer(last, now=reading.now, home=reading.setup.home)
    ]
    stop = [button(reading.language.gettext("✕ Don't remind me again"), "againno", about)] if asked else []
    return [row for row in (choices, stop) if row]


def _label(choice: Choice, language: Language) -> str:
    match choice:
        case "hour":
            return language.gettext("⏰ Again in 1 hour")
        case "morning":
            return language.gettext("⏰ Tomorrow at 9:00")


def _muting(items: Sequence[Item]) -> str:
    """What kind of reminder this is, as /settings divides them; nothing where it is of both kinds."""
    kinds = {item.subject.kind for item in items}
    return f"{kinds.pop()}s" if len(kinds) == 1 else ""


def write_subjects(subjects: Sequence[Subject]) -> str:
    """What a button is about, in few bytes: "e1a,s9"."""
    return ",".join(subject.kind[0] + _written(subject.id) for subject in subjects)


def read_subjects(text: str) -> list[Subject]:
    """What a button says it is about. What no button of ours says is left out."""
    found = []
    for part in text.split(",")[:MOST]:
        kind, digits = part[:1], part[1:]
        if kind in ("e", "s") and 0 < len(digits) <= 12 and set(digits) <= set(_DIGITS):
            found.append(Subject("event" if kind == "e" else "shift", int(digits, 36)))
    return list(dict.fromkeys(found))


def _written(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits or "0"
