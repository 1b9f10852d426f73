"""Choosing who gets a broadcast, and who of them doesn't, with how many people that is."""

from dataclasses import replace

from bot import audiences, groups
from bot import broadcasts as decisions
from bot.audiences import MOST
from bot.groups import name_of
from bot.language import LOCALES
from handlers.organise.broadcast_audience_pages import (
    Choosing,
    begin,
    choose_earlier,
    choose_group,
    choose_languages,
    choose_shift,
    choose_topics,
    choose_who,
    marked,
    over,
)
from handlers.replies import Button, Reply, alert, button
from handlers.turns import Press
from storage import Transaction, shifts
from storage.audiences import Audience, Segment


async def choose(press: Press, tx: Transaction) -> Reply:
    """Everyone, or several segments; args: draft, and "not" for the page of those left out.

    Whoever is in two segments still gets one message.
    """
    choosing = await begin(press, tx)
    if choosing is None:
        return over(press)
    return await (_choose_left_out if choosing.side == "not" else _choose)(choosing, tx)


async def _choose(choosing: Choosing, tx: Transaction) -> Reply:
    language, draft = choosing.press.language, choosing.draft
    audience = draft.audience
    everyone = choosing.switch(language.gettext("Everyone"), audience.is_everyone, "everyone")
    left_out = marked(language.gettext("🚫 Leave out…"), audience.without)
    readers = marked(language.gettext("Only some languages…"), audience.locales)
    rows = [
        [everyone],
        *await _segments(choosing, tx),
        [choosing.way(readers, "broadcastlanguages")],
        _any_or_all(choosing),
        [
            button(left_out, "broadcastwhom", draft.id, "not"),
            button(language.gettext("Not yet reached by…"), "broadcastearlier", draft.id, "not"),
        ],
    ]
    heading = language.html("<b>Who gets it?</b> You can choose several groups; nobody gets it twice.")
    back = button(language.gettext("‹ Back"), "broadcast", draft.id)
    return await choosing.page(tx, heading, rows, back=back)


async def _choose_left_out(choosing: Choosing, tx: Transaction) -> Reply:
    language, draft = choosing.press.language, choosing.draft
    nobody = choosing.switch(language.gettext("Leave out nobody"), not draft.audience.without, "everyone")
    reached = any(segment.what == "broadcast" for segment in choosing.chosen)
    rows = [
        [nobody],
        *await _segments(choosing, tx),
        [
            choosing.way(
                marked(language.gettext("Who got an earlier broadcast…"), reached), "broadcastearlier"
            )
        ],
    ]
    heading = language.html("<b>Who is left out?</b> Whoever is in any of these doesn't get it.")
    back = button(language.gettext("‹ Back"), "broadcastwhom", draft.id)
    return await choosing.page(tx, heading, rows, back=back)


async def _segments(choosing: Choosing, tx: Transaction) -> list[list[Button]]:
    """The roles to tick, and the ways to events, topics and groups."""
    press = choosing.press
    language = press.language
    members = await groups.ensure_members_group(tx, now=press.now)
    kinds = {segment.what for segment in choosing.chosen if segment != Segment("group", members.id)}
    at_event = marked(language.gettext("An event or shift…"), kinds & {"event", "shift"})
    interested = marked(language.gettext("Interested in…"), "topic" in kinds)
    grouped = marked(language.gettext("A group…"), "group" in kinds)
    return [
        [
            choosing.tick(name_of(members, language.locale), Segment("group", members.id)),
            choosing.tick(language.gettext("Volunteers"), Segment("volunteers")),
            choosing.tick(language.gettext("Organisers"), Segment("organisers")),
        ],
        [choosing.way(at_event, "broadcastevents")],
        [choosing.way(interested, "broadcasttopics"), choosing.way(grouped, "broadcastgroups")],
    ]


def _any_or_all(choosing: Choosing) -> list[Button]:
    """Whether one of the segments is enough, where there are several."""
    language, audience = choosing.press.language, choosing.draft.audience
    if len(audience.segments) < 2:
        return []
    labels = {"any": language.gettext("Any of these"), "all": language.gettext("All of these")}
    now = "all" if audience.every else "any"
    return [
        button(marked(label, how == now), "broadcastpick", choosing.draft.id, "to", "on", "match", 0, how)
        for how, label in labels.items()
    ]


async def pick(press: Press, tx: Transaction) -> Reply:
    """Choose or leave out something, or no longer; args: draft, side, on or off, what, its id, which."""
    choosing = await begin(press, tx)
    if choosing is None:
        return over(press)
    before = choosing.draft.audience
    changed = await _changed(choosing, tx)
    refused = Reply()
    if audiences.is_too_much(changed):
        said = press.language.ngettext(
            "More than {n} group can't be chosen.", "More than {n} groups can't be chosen.", MOST
        )
        refused = alert(said)
    elif changed != before:
        await decisions.choose(tx, choosing.draft.id, changed)
    return refused + await _where_it_was(press, tx)


async def _changed(choosing: Choosing, tx: Transaction) -> Audience:
    """The audience after the press; as it was when the button is none of ours."""
    press, audience = choosing.press, choosing.draft.audience
    on, what, which = press.word(2) == "on", press.word(3), press.word(5)
    match what:
        case "everyone":
            return audiences.clear(audience, choosing.side)
        case "match":
            return replace(audience, every=which == "all" and len(audience.segments) > 1)
        case "locale" if which in LOCALES:
            read = tuple(locale for locale in audience.locales if locale != which)
            return replace(audience, locales=(*read, which) if on else read)
        case "locale" if which == "":
            return replace(audience, locales=())
    segment = Segment(what, press.number(4), which)
    if not on:
        return audiences.drop(audience, segment)
    return (
        audiences.put(audience, segment, choosing.side) if await audiences.is_there(tx, segment) else audience
    )


async def _where_it_was(press: Press, tx: Transaction) -> Reply:
    """The page on which the button was."""
    draft, side, number, page = press.args[0], press.word(1), press.number(4), press.number(6)

    def at(*args: object) -> Press:
        return replace(press, args=(draft, side, *map(str, args)))

    match press.word(3):
        case "topic":
            return await choose_topics(at(), tx)
        case "locale":
            return await choose_languages(at(), tx)
        case "event":
            return await choose_who(at(number), tx)
        case "shift":
            shift = await shifts.find(tx, number)
            return await choose_shift(at(shift.event_id if shift else -1, page), tx)
        case "broadcast":
            return await choose_earlier(at(page), tx)
        case "group" if page >= 0:
            return await choose_group(at(page), tx)
    return await choose(at(), tx)
