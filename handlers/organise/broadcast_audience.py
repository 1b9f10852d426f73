"""Choosing who gets a broadcast, with how many people that is."""

from dataclasses import replace
from datetime import timedelta

from markupsafe import Markup, escape

from bot import broadcasts as decisions
from bot import programme
from bot.kinds import KINDS
from bot.language import LOCALES, NATIVE_NAMES, Language
from handlers.kinds import kind_name
from handlers.replies import Button, Keyboard, Reply, button, show
from handlers.turns import Press, Turn
from storage import Transaction, audiences, broadcasts, events
from storage.audiences import Audience, Counted
from storage.broadcasts import Broadcast

PAGE = 6
LATELY = timedelta(days=30)
WHO = ("going", "waiting", "both")


async def describe(turn: Turn, tx: Transaction, audience: Audience) -> Markup:
    """Who gets it, in a line."""
    language, groups = turn.language, list[str]()
    if audience.volunteers:
        groups.append(language.gettext("volunteers"))
    for event in await events.find_many(tx, [event_id for event_id, _ in audience.events]):
        title = programme.text_of(event, language.locale).title
        groups += [_who_at(language, who, title) for event_id, who in audience.events if event_id == event.id]
    groups += [
        language.gettext("those interested in {topic}", topic=kind_name(language, kind))
        for kind in audience.kinds
    ]
    if audience.is_everyone:
        groups = [language.gettext("everyone")]
    elif not groups:
        groups = [language.gettext("nobody: the event is gone")]
    said = language.html("👥 Goes to: {groups}", groups=language.joined(groups))
    if audience.locales:
        names = [NATIVE_NAMES[locale] for locale in LOCALES if locale in audience.locales]
        said += "\n" + language.html("Only readers of: {languages}", languages=language.joined(names))
    return said


def _who_at(language: Language, who: str, title: str) -> str:
    match who:
        case "going":
            return language.gettext("those with a place at “{title}”", title=title)
        case "waiting":
            return language.gettext("those waiting for “{title}”", title=title)
        case _:
            return language.gettext("those with a place at or waiting for “{title}”", title=title)


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


async def _draft(press: Press, tx: Transaction) -> Broadcast | None:
    found = await broadcasts.find(tx, press.number(0))
    return found if found and found.state == "draft" else None


def _over(press: Press) -> Reply:
    text = press.language.html("It was sent or deleted meanwhile, so who gets it can't be changed.")
    rows = [
        [button(press.language.gettext("Open it"), "broadcast", press.number(0))],
        [button(press.language.gettext("‹ Broadcasts"), "broadcasts")],
    ]
    return show(text, rows)


async def choose(press: Press, tx: Transaction) -> Reply:
    """Everyone, or several groups; whoever is in two of them still gets one message."""
    found = await _draft(press, tx)
    if found is None:
        return _over(press)
    language, audience = press.language, found.audience
    counted = await audiences.count(tx, audience)
    text = Markup("\n").join(
        [
            language.html("<b>Who gets it?</b>"),
            await describe(press, tx, audience),
            describe_count(language, counted),
            language.html("You can choose several groups; nobody gets it twice."),
        ]
    )
    at_event = _marked(language.gettext("People of an event…"), audience.events)
    interested = _marked(language.gettext("People interested in…"), audience.kinds)
    readers = _marked(language.gettext("Only some languages…"), audience.locales)
    rows = [
        [_tick(language.gettext("Everyone"), audience.is_everyone, found, "everyone")],
        [_tick(language.gettext("Volunteers"), audience.volunteers, found, "volunteers")],
        [button(at_event, "broadcastevents", found.id)],
        [button(interested, "broadcasttopics", found.id)],
        [button(readers, "broadcastlanguages", found.id)],
        [button(language.gettext("‹ Back"), "broadcast", found.id)],
    ]
    return show(text, rows)


def _marked(label: str, chosen: object) -> str:
    return f"✓ {label}" if chosen else label


def _tick(label: str, chosen: bool, found: Broadcast, group: str, *args: object) -> Button:
    """A button that says what it will do, on or off, so that pressing it twice does it once."""
    return button(_marked(label, chosen), "broadcastgroup", found.id, "off" if chosen else "on", group, *args)


async def toggle(press: Press, tx: Transaction) -> Reply:
    """Take a group into the audience or out of it; args: broadcast, on or off, group, and which."""
    found = await _draft(press, tx)
    if found is None:
        return _over(press)
    changed = await _changed(press, tx, found.audience)
    if changed is not None and changed != found.audience:
        await decisions.choose(tx, found.id, changed)
    match press.word(2):
        case "kind":
            return await choose_topics(press, tx)
        case "locale":
            return await choose_languages(press, tx)
        case _:
            return await choose(press, tx)


async def _changed(press: Press, tx: Transaction, audience: Audience) -> Audience | None:
    """The audience after the press; None when the button is none of ours."""
    on = press.word(1) == "on"
    match press.word(2):
        case "everyone":
            return Audience(locales=audience.locales)
        case "volunteers":
            return replace(audience, volunteers=on)
        case "kind" if press.word(3) in KINDS:
            kept = tuple(kind for kind in audience.kinds if kind != press.word(3))
            return replace(audience, kinds=(*kept, press.word(3)) if on else kept)
        case "locale" if press.word(3) in LOCALES:
            read = tuple(locale for locale in audience.locales if locale != press.word(3))
            return replace(audience, locales=(*read, press.word(3)) if on else read)
        case "locale" if press.word(3) == "":
            return replace(audience, locales=())
        case "event" if (event := await events.find(tx, press.number(3))) and event.state != "draft":
            others = tuple(one for one in audience.events if one[0] != event.id)
            if not on:
                return replace(audience, events=others)
            if press.word(4) in WHO:
                return replace(audience, events=(*others, (event.id, press.word(4))))
    return None


async def choose_topics(press: Press, tx: Transaction) -> Reply:
    """Those who said that a kind of event interests them."""
    found = await _draft(press, tx)
    if found is None:
        return _over(press)
    language = press.language
    ticks = [
        _tick(kind_name(language, kind), kind in found.audience.kinds, found, "kind", kind) for kind in KINDS
    ]
    rows = [ticks[start : start + 2] for start in range(0, len(ticks), 2)]
    return await _subpage(press, tx, found, language.html("<b>Interested in which topics?</b>"), rows)


async def choose_languages(press: Press, tx: Transaction) -> Reply:
    """Only those who read some of the languages."""
    found = await _draft(press, tx)
    if found is None:
        return _over(press)
    language, chosen = press.language, found.audience.locales
    ticks = [_tick(NATIVE_NAMES[locale], locale in chosen, found, "locale", locale) for locale in LOCALES]
    all_of_them = _marked(language.gettext("All languages"), not chosen)
    everyone = button(all_of_them, "broadcastgroup", found.id, "on", "locale")
    rows = [[everyone], *([tick] for tick in ticks)]
    return await _subpage(press, tx, found, language.html("<b>Readers of which languages?</b>"), rows)


async def choose_event(press: Press, tx: Transaction) -> Reply:
    """Events, those to come first; people who were at one can be thanked for a month."""
    found = await _draft(press, tx)
    if found is None:
        return _over(press)
    language = press.language
    since = press.now - LATELY
    total = await events.count_all(tx, ending_after=since)
    page = min(max(0, press.number(1)), max(0, (total - 1) // PAGE))
    listed = await events.list_all(tx, ending_after=since, limit=PAGE, offset=page * PAGE)
    chosen = {event_id for event_id, _ in found.audience.events}
    rows = [
        [
            button(
                _marked(programme.text_of(event, language.locale).title[:50], event.id in chosen),
                "broadcastevent",
                found.id,
                event.id,
            )
        ]
        for event in listed
        if event.state != "draft"
    ]
    turning = []
    if page:
        turning.append(button(language.gettext("‹ Earlier"), "broadcastevents", found.id, page - 1))
    if (page + 1) * PAGE < total:
        turning.append(button(language.gettext("Later ›"), "broadcastevents", found.id, page + 1))
    text = language.html("<b>People of which event?</b>")
    if not rows:
        text = language.html("There is no event to choose from.")
    return await _subpage(press, tx, found, text, [*rows, turning])


async def choose_who(press: Press, tx: Transaction) -> Reply:
    """Those with a place, those waiting, or both."""
    found, event = await _draft(press, tx), await events.find(tx, press.number(1))
    if found is None:
        return _over(press)
    if event is None or event.state == "draft":
        return await choose_event(press, tx)
    language, chosen = press.language, dict(found.audience.events).get(event.id)
    labels = (
        ("going", language.gettext("Those with a place")),
        ("waiting", language.gettext("Those waiting")),
        ("both", language.gettext("Both")),
    )
    rows = [
        [button(_marked(label, who == chosen), "broadcastgroup", found.id, "on", "event", event.id, who)]
        for who, label in labels
    ]
    if chosen:
        leave_out = language.gettext("Leave this event out")
        rows.append([button(leave_out, "broadcastgroup", found.id, "off", "event", event.id)])
    title = escape(programme.text_of(event, language.locale).title)
    text = language.html("<b>{title}</b>\nWho of it?", title=title)
    return await _subpage(press, tx, found, text, rows)


async def _subpage(press: Press, tx: Transaction, found: Broadcast, heading: Markup, rows: Keyboard) -> Reply:
    language = press.language
    counted = await audiences.count(tx, found.audience)
    text = Markup("\n").join(
        [heading, await describe(press, tx, found.audience), describe_count(language, counted)]
    )
    return show(text, [*rows, [button(language.gettext("‹ Back"), "broadcastwhom", found.id)]])
