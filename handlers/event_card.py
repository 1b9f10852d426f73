"""An event's card in words: what it is, for whom, how full, and where its reader stands."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from bot import attendance, groups, programme, series
from bot.attendance import Clash
from bot.language import NATIVE_NAMES, Language, isolate
from handlers import hold_words
from handlers.kinds import kind_name
from handlers.turns import Turn
from storage.events import Event
from storage.groups import Group
from storage.outlook import Outlook, Tally
from storage.rsvps import HELD, Rsvp
from storage.series import Series

NOBODY = Tally(taken=0, waiting=0, contending=0)
# An event of which nobody knows yet.
UNSEEN = Outlook(None, NOBODY, NOBODY, applied=0, asks=False, in_group=False, invited=False)


@dataclass(frozen=True)
class View:
    """An event as one person finds it."""

    event: Event
    seen: Outlook = UNSEEN
    # On the waitlist, where the person waits.
    position: int = 0
    # What else the person holds at the same time.
    clashes: tuple[Clash, ...] = ()
    # The group it is for, where it is for one.
    group: Group | None = None
    series: Series | None = None
    # The event that it became part of.
    merged_into: Event | None = None

    @property
    def mine(self) -> Rsvp | None:
        """What the person holds or asks for; None where that is nothing."""
        return self.seen.mine if self.seen.mine and self.seen.mine.state in HELD else None

    @property
    def refused(self) -> Rsvp | None:
        return self.seen.mine if self.seen.mine and self.seen.mine.state == "refused" else None

    @property
    def is_barred(self) -> bool:
        """Whether signing up is for others."""
        match self.event.audience:
            case "group":
                return not (self.seen.in_group or self.seen.invited)
            case "invited":
                return not self.seen.invited
            case _:
                return False

    @property
    def may_read(self) -> bool:
        """Whether it is for this person's eyes: whoever has asked for a place knows of it anyway."""
        return not self.is_barred or self.seen.mine is not None


def free_places(event: Event, seen: Outlook, way: str) -> int | None:
    """How many places are free in that way of taking part; None where there is no limit."""
    capacity = event.online_capacity if way == "online" else event.capacity
    return None if capacity is None else max(0, capacity - seen.of(way).taken)


def is_full(event: Event, seen: Outlook, way: str) -> bool:
    """Whether somebody who comes now would wait."""
    return seen.of(way).waiting > 0 or free_places(event, seen, way) == 0


def describe(view: View, turn: Turn) -> Markup:
    """The card's text."""
    language, event = turn.language, view.event
    text = programme.text_of(event, language.locale)
    facts = [
        *_heading(view, turn),
        *_where(event, text.place, language),
        *hold_words.on_card(event, language, turn.now),
    ]
    if event.state == "cancelled":
        facts += _called_off(view, language)
    else:
        facts += _for_whom(view, language)
        facts += _sign_up(view, turn)
    parts = [Markup("\n").join(facts)]
    if text.description:
        parts.append(escape(text.description))
    if text.bring:
        parts.append(language.html("🎒 Please bring: {things}", things=text.bring))
    if view.series is not None:
        name = series.name_of(view.series, language.locale, event.base_locale)
        parts.append(language.html("📚 One session of <b>{series}</b>.", series=name))
    if language.locale not in event.texts:
        parts.append(language.html("<i>Shown in {language}.</i>", language=NATIVE_NAMES[event.base_locale]))
    if event.state == "published":
        parts += standing(view, turn)
        parts += [_overlap(clash, turn) for clash in view.clashes]
    return Markup("\n\n").join(parts)


def describe_to_outsider(view: View, turn: Turn) -> Markup:
    """No more than it takes to understand for whom it is."""
    language, event = turn.language, view.event
    if event.audience == "invited":
        return language.html(
            "This event is by invitation. If you were invited, please open the link that you were sent."
        )
    parts = [Markup("\n").join(_heading(view, turn))]
    if view.group is None:
        parts.append(language.html("This event is for a group that you are not in."))
    else:
        parts.append(
            language.html(
                "This event is for <b>{group}</b>. If you belong there, please open the link of the group,"
                " or ask us.",
                group=groups.name_of(view.group, language.locale),
            )
        )
    return Markup("\n\n").join(parts)


def _heading(view: View, turn: Turn) -> list[Markup]:
    language, event = turn.language, view.event
    when = language.span(event.starts_at, event.ends_at, ZoneInfo(event.zone), now=turn.now)
    return [
        Markup("<b>{}</b>").format(programme.text_of(event, language.locale).title),
        escape(kind_name(language, event.kind)),
        language.html("🗓 {when}", when=when),
    ]


def _where(event: Event, place: str, language: Language) -> list[Markup]:
    lines = [language.html("📍 {place}", place=place)] if place else []
    if event.ways == "online":
        lines.append(language.html("💻 Online only"))
    elif event.ways == "both":
        lines.append(language.html("💻 On the spot or online, as you like"))
    return lines


def _called_off(view: View, language: Language) -> list[Markup]:
    if view.merged_into is not None:
        title = programme.text_of(view.merged_into, language.locale).title
        return [language.html("➡️ <b>This event has become part of “{title}”.</b>", title=title)]
    return [language.html("❌ <b>This event has been cancelled.</b>")]


def _for_whom(view: View, language: Language) -> list[Markup]:
    match view.event.audience:
        case "group" if view.group is not None:
            return [language.html("🔒 For {group}", group=groups.name_of(view.group, language.locale))]
        case "group":
            return [language.html("🔒 For a group")]
        case "invited":
            return [language.html("🔒 By invitation")]
        case _:
            return []


def _sign_up(view: View, turn: Turn) -> list[Markup]:
    """How full it is, and until when one signs up; or that it is too late or too early."""
    language, event = turn.language, view.event
    zone = ZoneInfo(event.zone)
    if turn.now >= event.ends_at:
        return [language.html("This event is over.")]
    if turn.now >= event.starts_at:
        return [language.html("This event has begun.")]
    if not attendance.moves_up(event, turn.now):
        return [language.html("Sign-up has closed.")]
    lines = [_left(view, way, language) for way in attendance.ways_of(event)]
    if event.approval and view.mine is None:
        lines.append(language.html("📝 An organiser looks at every sign-up."))
    if event.guardian_consent and view.mine is None:
        lines.append(language.html("👪 If you are under 18, a parent or guardian has to agree."))
    if event.traveller_details and view.mine is None:
        lines.append(language.html("🛂 Whoever has a place gives traveller details."))
    if event.opens_at is not None and turn.now < event.opens_at:
        when = language.moment(event.opens_at, zone, now=turn.now)
        lines.append(language.html("🔜 Sign-up opens on {when}", when=when))
    elif event.deadline_at:
        when = language.moment(event.deadline_at, zone, now=turn.now)
        lines.append(language.html("⏳ Sign up by {when}", when=when))
    return lines


def _left(view: View, way: str, language: Language) -> Markup:
    said = _left_in_one(view, way, language)
    if view.event.ways != "both":
        return said
    if way == "online":
        return language.html("{places} (online)", places=said)
    return language.html("{places} (on the spot)", places=said)


def _left_in_one(view: View, way: str, language: Language) -> Markup:
    free, waiting = free_places(view.event, view.seen, way), view.seen.of(way).waiting
    if free is None:
        if view.event.audience == "everyone":
            return language.html("👥 Open to everyone, no limit")
        return language.html("👥 No limit of places")
    if waiting:
        return language.nhtml("👥 Full, {n} person waiting", "👥 Full, {n} people waiting", waiting)
    if free:
        return language.nhtml("👥 {n} place left", "👥 {n} places left", free)
    if view.mine is not None:
        return language.html("👥 Full")
    return language.html("👥 Full. You can join the waitlist.")


def standing(view: View, turn: Turn) -> list[Markup]:
    """Where the person stands, each thing in a paragraph of its own."""
    language, event = turn.language, view.event
    mine = view.mine or view.refused
    if mine is None:
        return []
    said = [_stands(view, mine, turn)]
    if mine.state != "refused":
        said += _party(event, mine, language)
    if mine.state == "waiting":
        said += _why_waiting(view, mine, language)
    if mine.to_review:
        said.append(
            language.html("📝 An organiser looks again at what you have changed. The place is yours.")
        )
    return [Markup("\n").join(said)]


def _stands(view: View, mine: Rsvp, turn: Turn) -> Markup:
    language, event = turn.language, view.event
    match mine.state:
        case "going" if event.ways == "both" and mine.way == "online":
            return language.html("✅ <b>You have a place online.</b>")
        case "going" if mine.companions:
            return language.nhtml(
                "✅ <b>You have a place, with {n} companion.</b>",
                "✅ <b>You have a place, with {n} companions.</b>",
                mine.companions,
            )
        case "going":
            return language.html("✅ <b>You have a place.</b>")
        case "waiting":
            return language.html(
                "🕒 <b>You are number {n} on the waitlist.</b>", n=language.number(view.position)
            )
        case "applied":
            return language.html(
                "📝 <b>You have applied.</b> An organiser will look at it, and I will tell you."
            )
        case "offered" if mine.offer_until is not None:
            until = language.moment(mine.offer_until, ZoneInfo(event.zone), now=turn.now)
            return language.html("🎁 <b>A place is kept for you until {when}.</b>", when=until)
        case _:
            return refusal(event, mine.reason, language)


def refusal(event: Event, reason: str, language: Language, *, said: Markup | None = None) -> Markup:
    """An organiser's no: the reason in their own words, and whether one may ask again."""
    lines = [said or language.html("<b>An organiser could not give you a place.</b>")]
    if reason:
        lines.append(language.html("They wrote: <blockquote>{reason}</blockquote>", reason=isolate(reason)))
    if event.apply_again:
        lines.append(language.html("You may apply once more."))
    return Markup("\n").join(lines)


def _party(event: Event, mine: Rsvp, language: Language) -> list[Markup]:
    lines = []
    online = event.ways == "both" and mine.way == "online"
    if mine.companions and (mine.state != "going" or online):
        lines.append(language.nhtml("👥 With {n} companion", "👥 With {n} companions", mine.companions))
    if online and mine.state != "going":
        lines.append(language.html("💻 Online"))
    if mine.names:
        names = language.joined([isolate(name) for name in mine.names])
        lines.append(language.html("👥 With you: {names}", names=names))
    return lines


def _why_waiting(view: View, mine: Rsvp, language: Language) -> list[Markup]:
    """A party that is too large for what there is moves up only when it becomes smaller."""
    if not mine.companions:
        return []
    capacity = view.event.online_capacity if mine.way == "online" else view.event.capacity
    free = free_places(view.event, view.seen, mine.way)
    if capacity is not None and mine.party > capacity:
        return [
            language.nhtml(
                "There is only {n} place in all: bring fewer people to move up.",
                "There are only {n} places in all: bring fewer people to move up.",
                capacity,
            )
        ]
    if free and view.position == 1:
        return [
            language.nhtml(
                "{n} place is free: bring fewer people and you have it.",
                "{n} places are free: bring fewer people and you have them.",
                free,
            )
        ]
    return []


def _overlap(clash: Clash, turn: Turn) -> Markup:
    language, zone = turn.language, ZoneInfo(clash.event.zone)
    title = programme.text_of(clash.event, language.locale).title
    when = language.span(clash.starts_at, clash.ends_at, zone, now=turn.now)
    if clash.shift_id is not None:
        return language.html(
            "⚠️ It overlaps with your shift at <b>{title}</b>, {when}.", title=title, when=when
        )
    return language.html("⚠️ It overlaps with <b>{title}</b>, {when}.", title=title, when=when)
