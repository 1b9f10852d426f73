"""Who gets a broadcast, in words and in numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self
from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot import programme, volunteering
from bot.cutting import shortened
from bot.groups import name_of
from bot.language import LOCALES, NATIVE_NAMES, Language
from handlers.kinds import kind_name
from handlers.organise.broadcast_text import beginning
from handlers.turns import Turn
from storage import Transaction, broadcasts, events, groups, shifts
from storage.audiences import Audience, Counted, Segment
from storage.broadcasts import Broadcast
from storage.events import Event
from storage.groups import Group
from storage.shifts import Shift

# So many segments are named; a phone's screen is not for more.
NAMED = 8
TITLE = 40


@dataclass(frozen=True)
class Known:
    """What an audience's segments refer to, as far as it is still there, by their ids."""

    events: dict[int, Event]
    shifts: dict[int, Shift]
    groups: dict[int, Group]
    broadcasts: dict[int, Broadcast]

    @classmethod
    async def of(cls, tx: Transaction, audience: Audience) -> Self:
        segments = (*audience.segments, *audience.without)

        def ids(what: str) -> list[int]:
            return [segment.id for segment in segments if segment.what == what]

        found = await shifts.list_many(tx, ids("shift")) if ids("shift") else []
        event_ids = {*ids("event"), *(shift.event_id for shift in found)}
        return cls(
            {one.id: one for one in await events.find_many(tx, event_ids)} if event_ids else {},
            {one.id: one for one in found},
            {one.id: one for one, _ in await groups.list_all(tx)} if ids("group") else {},
            {one.id: one for each in ids("broadcast") if (one := await broadcasts.find(tx, each))},
        )


async def describe(turn: Turn, tx: Transaction, audience: Audience) -> Markup:
    """Who gets it, in a sentence or a few."""
    known, language = await Known.of(tx, audience), turn.language
    lines = [
        language.joined(
            [segment_name(one, known, turn) for one in line], "or" if audience.every else "standard"
        )
        for line in (audience.lines if audience.every else [(one,) for one in audience.segments])
    ]
    if audience.is_everyone:
        said = [language.html("👥 Goes to: {groups}", groups=language.gettext("everyone"))]
    elif len(lines) > 1 and audience.every:
        said = [
            language.html(
                "👥 Goes only to people of whom all of this is true: {groups}",
                groups=_listed(lines, language),
            )
        ]
    else:
        said = [language.html("👥 Goes to: {groups}", groups=_listed(lines, language))]
    if audience.without:
        names = [segment_name(one, known, turn) for one in audience.without]
        said.append(language.html("🚫 But not to: {groups}", groups=_listed(names, language)))
    if audience.locales:
        names = [NATIVE_NAMES[locale] for locale in LOCALES if locale in audience.locales]
        said.append(language.html("Only readers of: {languages}", languages=language.joined(names)))
    return Markup("\n").join(said)


def _listed(names: Sequence[str], language: Language) -> str:
    """The first of them, and how many more."""
    more = len(names) - NAMED
    if more > 0:
        names = [*names[:NAMED], language.ngettext("{n} more", "{n} more", more)]
    return language.joined(names)


def segment_name(segment: Segment, known: Known, turn: Turn) -> str:
    """The segment's people in words that fit into a sentence."""
    language = turn.language
    match segment.what:
        case "volunteers":
            return language.gettext("volunteers")
        case "organisers":
            return language.gettext("organisers")
        case "topic":
            return language.gettext("those interested in {topic}", topic=kind_name(language, segment.which))
        case "event" if event := known.events.get(segment.id):
            return _who_at(language, segment.which, title_of(event, language))
        case "shift" if shift := known.shifts.get(segment.id):
            return _on_shift(turn, shift, known.events[shift.event_id])
        case "group" if group := known.groups.get(segment.id):
            name = shortened(name_of(group, language.locale), TITLE)
            return language.gettext("those in the group “{group}”", group=name)
        case "broadcast" if broadcast := known.broadcasts.get(segment.id):
            words = beginning(broadcast, language, TITLE)
            return language.gettext("those who got “{words}”", words=words)
        case _:
            return language.gettext("people of something that is not there any more")


def title_of(event: Event, language: Language) -> str:
    return shortened(programme.text_of(event, language.locale).title, TITLE)


def _who_at(language: Language, which: str, title: str) -> str:
    match which:
        case "going":
            return language.gettext("those with a place at “{title}”", title=title)
        case "waiting":
            return language.gettext("those waiting for “{title}”", title=title)
        case "applied":
            return language.gettext("those who have applied for “{title}”", title=title)
        case "attended":
            return language.gettext("those who came to “{title}”", title=title)
        case "unanswered":
            return language.gettext("those who have not answered to “{title}”", title=title)
        case _:
            raise ValueError(f"not people of an event: {which}")


def _on_shift(turn: Turn, shift: Shift, event: Event) -> str:
    return turn.language.gettext(
        "those on the shift “{role}” of “{title}”, {when}",
        role=shortened(volunteering.role_of(shift, event, turn.language.locale), TITLE),
        title=title_of(event, turn.language),
        when=shift_time(turn, shift, event),
    )


def shift_time(turn: Turn, shift: Shift, event: Event) -> str:
    return turn.language.span(shift.starts_at, shift.ends_at, ZoneInfo(event.zone), now=turn.now)


def describe_count(language: Language, counted: Counted) -> Markup:
    """How many people that is at present, and who is passed over."""
    lines = [
        language.nhtml(
            "<b>{n} person</b> would get it now, once.",
            "<b>{n} people</b> would get it now, each once.",
            counted.people,
        )
    ]
    if counted.unreachable:
        lines.append(
            language.nhtml(
                "Left out: {n} person who has blocked the bot or left Telegram.",
                "Left out: {n} people who have blocked the bot or left Telegram.",
                counted.unreachable,
            )
        )
    if counted.muted:
        lines.append(
            language.nhtml(
                "Left out: {n} person who has turned news off.",
                "Left out: {n} people who have turned news off.",
                counted.muted,
            )
        )
    return Markup("\n").join(lines)
