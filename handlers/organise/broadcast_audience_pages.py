"""Pages on which segments of a broadcast's audience are chosen, or left out: each with the count."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from markupsafe import Markup

from bot import volunteering
from bot.audiences import BEGUN, Side, chosen
from bot.groups import MEMBERS, name_of
from bot.kinds import KINDS
from bot.language import LOCALES, NATIVE_NAMES
from handlers.kinds import kind_name
from handlers.organise.broadcast_audience import describe, describe_count, shift_time, title_of
from handlers.organise.broadcast_text import beginning
from handlers.replies import Button, Keyboard, Reply, button, show
from handlers.turns import Press
from storage import Transaction, audiences, broadcasts, events, groups, shifts
from storage.audiences import AT_EVENT, ATTENDED, UNANSWERED, Segment
from storage.broadcasts import Broadcast
from storage.events import Event

PAGE = 6
# People who were at an event can still be thanked for so long.
LATELY = timedelta(days=30)


@dataclass(frozen=True)
class Choosing:
    """A press on one of these pages: of which draft, and whether to choose or to leave out."""

    press: Press
    draft: Broadcast
    side: Side

    @property
    def chosen(self) -> Sequence[Segment]:
        return chosen(self.draft.audience, self.side)

    def tick(self, label: str, segment: Segment, *page: int) -> Button:
        """A button that chooses the segment or no longer does, and comes back to the page."""
        is_on = segment in self.chosen
        return self.switch(label, is_on, segment.what, segment.id, segment.which, *page)

    def switch(self, label: str, is_on: bool, *args: object) -> Button:
        """A button that says what it will do, on or off, so that pressing it twice does it once."""
        does = "off" if is_on else "on"
        return button(marked(label, is_on), "broadcastpick", self.draft.id, self.side, does, *args)

    def way(self, label: str, operation: str, *args: object) -> Button:
        """A button to another of these pages."""
        return button(label, operation, self.draft.id, self.side, *args)

    def turning(self, operation: str, page: int, total: int, *args: object) -> list[Button]:
        """The buttons to the pages before and after."""
        language, buttons = self.press.language, []
        if page:
            buttons.append(self.way(language.gettext("‹ Previous"), operation, *args, page - 1))
        if (page + 1) * PAGE < total:
            buttons.append(self.way(language.gettext("Next ›"), operation, *args, page + 1))
        return buttons

    async def page(
        self, tx: Transaction, heading: Markup, rows: Keyboard, *, back: Button | None = None
    ) -> Reply:
        """The heading, who gets it as it stands and how many that is, and the buttons."""
        language, audience = self.press.language, self.draft.audience
        counted = await audiences.count(tx, audience)
        said = await describe(self.press, tx, audience)
        text = Markup("\n").join([heading, said, describe_count(language, counted)])
        back = back or self.way(language.gettext("‹ Back"), "broadcastwhom")
        return show(text, [*rows, [back]])


def marked(label: str, chosen: object) -> str:
    return f"✓ {label}" if chosen else label


async def begin(press: Press, tx: Transaction) -> Choosing | None:
    """What the press is about; None when the draft was sent or deleted meanwhile, or never was."""
    found = await broadcasts.find(tx, press.number(0))
    if found is None or found.state != "draft":
        return None
    return Choosing(press, found, "not" if press.word(1) == "not" else "to")


def over(press: Press) -> Reply:
    text = press.language.html("It was sent or deleted meanwhile, so who gets it can't be changed.")
    rows = [
        [button(press.language.gettext("Open it"), "broadcast", press.number(0))],
        [button(press.language.gettext("‹ Broadcasts"), "broadcasts")],
    ]
    return show(text, rows)


def within(page: int, total: int) -> int:
    """The page, or the nearest that there is."""
    return min(max(0, page), max(0, (total - 1) // PAGE))


async def choose_topics(press: Press, tx: Transaction) -> Reply:
    """Those who said that a kind of event interests them."""
    choosing = await begin(press, tx)
    if choosing is None:
        return over(press)
    language = press.language
    ticks = [choosing.tick(kind_name(language, kind), Segment("topic", which=kind)) for kind in KINDS]
    rows = [ticks[start : start + 2] for start in range(0, len(ticks), 2)]
    return await choosing.page(tx, language.html("<b>Interested in which topics?</b>"), rows)


async def choose_languages(press: Press, tx: Transaction) -> Reply:
    """Only those who read some of the languages."""
    choosing = await begin(press, tx)
    if choosing is None:
        return over(press)
    language, read = press.language, choosing.draft.audience.locales
    all_of_them = marked(language.gettext("All languages"), not read)
    rows = [[button(all_of_them, "broadcastpick", choosing.draft.id, "to", "on", "locale", 0, "")]]
    rows += [
        [choosing.switch(NATIVE_NAMES[locale], locale in read, "locale", 0, locale)] for locale in LOCALES
    ]
    return await choosing.page(tx, language.html("<b>Readers of which languages?</b>"), rows)


async def choose_event(press: Press, tx: Transaction) -> Reply:
    """Events, those to come first; args: draft, side, page."""
    choosing = await begin(press, tx)
    if choosing is None:
        return over(press)
    language = press.language
    since = press.now - LATELY
    total = await events.count_all(tx, ending_after=since)
    page = within(press.number(2), total)
    listed = await events.list_all(tx, ending_after=since, limit=PAGE, offset=page * PAGE)
    of_events = {segment.id for segment in choosing.chosen if segment.what == "event"}
    rows: list[Sequence[Button]] = [
        [choosing.way(marked(title_of(event, language), event.id in of_events), "broadcastevent", event.id)]
        for event in listed
        if event.state != "draft"
    ]
    heading = language.html("<b>People of which event?</b>")
    if not rows:
        heading = language.html("There is no event to choose from.")
    return await choosing.page(tx, heading, [*rows, choosing.turning("broadcastevents", page, total)])


async def choose_who(press: Press, tx: Transaction) -> Reply:
    """Which of an event's people; args: draft, side, event."""
    choosing, event = await begin(press, tx), await events.find(tx, press.number(2))
    if choosing is None:
        return over(press)
    if event is None or event.state == "draft":
        return await choose_event(press, tx)
    language = press.language
    labels = {
        "going": language.gettext("Those with a place"),
        "waiting": language.gettext("Those waiting"),
        "applied": language.gettext("Those who have applied"),
        UNANSWERED: language.gettext("Those who have not answered"),
        ATTENDED: language.gettext("Those who came"),
    }
    rows = [
        [choosing.tick(labels[which], Segment("event", event.id, which))]
        for which in AT_EVENT
        if _is_offered(which, event, choosing)
    ]
    if await shifts.list_of_event(tx, event.id):
        rows.append([choosing.way(language.gettext("Those on a shift…"), "broadcastshifts", event.id)])
    heading = language.html("<b>{title}</b>\nWho of it?", title=title_of(event, language))
    back = choosing.way(language.gettext("‹ Events"), "broadcastevents")
    return await choosing.page(tx, heading, rows, back=back)


def _is_offered(which: str, event: Event, choosing: Choosing) -> bool:
    """Whether there can be such people of the event at present, or they were chosen when there could."""
    if Segment("event", event.id, which) in choosing.chosen:
        return True
    match which:
        case "applied":
            return event.approval
        case "unanswered":
            return choosing.press.now < event.ends_at
        case "attended":
            return choosing.press.now >= event.starts_at
        case _:
            return True


async def choose_shift(press: Press, tx: Transaction) -> Reply:
    """The shifts of an event; args: draft, side, event, page."""
    choosing, event = await begin(press, tx), await events.find(tx, press.number(2))
    if choosing is None:
        return over(press)
    if event is None or event.state == "draft":
        return await choose_event(press, tx)
    language = press.language
    listed = await shifts.list_of_event(tx, event.id)
    page = within(press.number(3), len(listed))
    rows: list[Sequence[Button]] = []
    for shift in listed[page * PAGE : (page + 1) * PAGE]:
        role = volunteering.role_of(shift, event, language.locale)
        label = language.gettext("{role}, {when}", role=role, when=shift_time(press, shift, event))
        rows.append([choosing.tick(label, Segment("shift", shift.id), page)])
    heading = language.html("<b>{title}</b>\nPeople on which shift?", title=title_of(event, language))
    if not listed:
        heading = language.html("<b>{title}</b>\nIt has no shifts.", title=title_of(event, language))
    rows.append(choosing.turning("broadcastshifts", page, len(listed), event.id))
    back = choosing.way(language.gettext("‹ Back"), "broadcastevent", event.id)
    return await choosing.page(tx, heading, rows, back=back)


async def choose_group(press: Press, tx: Transaction) -> Reply:
    """The association's groups other than its members; args: draft, side, page."""
    choosing = await begin(press, tx)
    if choosing is None:
        return over(press)
    language = press.language
    listed = [group for group, _ in await groups.list_all(tx) if group.code != MEMBERS]
    page = within(press.number(2), len(listed))
    rows: list[Sequence[Button]] = [
        [choosing.tick(name_of(group, language.locale), Segment("group", group.id), page)]
        for group in listed[page * PAGE : (page + 1) * PAGE]
    ]
    heading = language.html("<b>People of which group?</b>")
    if not listed:
        heading = language.html("There are no groups yet. You make them at /organise, Groups.")
    return await choosing.page(tx, heading, [*rows, choosing.turning("broadcastgroups", page, len(listed))])


async def choose_earlier(press: Press, tx: Transaction) -> Reply:
    """Earlier broadcasts, the newest first, so that whoever got one is left out; args: draft, side, page."""
    choosing = await begin(press, tx)
    if choosing is None:
        return over(press)
    language = press.language
    total = await broadcasts.count_all(tx)
    page = within(press.number(2), total)
    listed = await broadcasts.list_latest(tx, limit=PAGE, offset=page * PAGE)
    rows: list[Sequence[Button]] = [
        [choosing.tick(beginning(one, language), Segment("broadcast", one.id), page)]
        for one in listed
        if one.state in BEGUN
    ]
    if choosing.side == "not":
        heading = language.html(
            "<b>Only those not yet reached by which broadcast?</b>\nWhoever got it is left out."
        )
    else:
        heading = language.html("<b>Those who got which broadcast?</b>")
    if not rows:
        heading = language.html("There is no broadcast here that was sent before.")
    return await choosing.page(tx, heading, [*rows, choosing.turning("broadcastearlier", page, total)])
