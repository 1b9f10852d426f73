"""What a member has signed up for: offers first, then places, waitlist numbers, applications and shifts."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot import programme, volunteering
from bot.language import Language
from handlers.events import title_of
from handlers.hold_words import in_list
from handlers.menu import home_button
from handlers.origins import MINE, origin
from handlers.replies import Button, Reply, button, show
from handlers.turns import Press, Turn
from storage import Transaction, events, rsvps, shifts
from storage.events import Event
from storage.rsvps import Rsvp
from storage.shifts import Shift

PAGE = 6


@dataclass(frozen=True)
class Place:
    """A seat, an offer of one, an application, or a place on the waitlist."""

    event: Event
    rsvp: Rsvp

    @property
    def order(self) -> tuple[bool, datetime]:
        """What waits for the person's answer comes before everything else."""
        return self.rsvp.state != "offered", self.event.starts_at


@dataclass(frozen=True)
class Duty:
    """A shift the member has taken, with the event it belongs to."""

    event: Event
    shift: Shift

    @property
    def order(self) -> tuple[bool, datetime]:
        return True, self.shift.starts_at


async def open_mine(turn: Turn, tx: Transaction) -> Reply:
    """A page of everything the person has signed up for that is not over."""
    language = turn.language
    held = await _held(turn, tx)
    if not held:
        text = language.html(
            "You have no places and no shifts yet. Look at what is coming up, or lend a hand as a volunteer."
        )
        ways_on = [
            button(language.gettext("📅 Events"), "events"),
            button(language.gettext("🙋 Volunteer"), "volunteer"),
        ]
        return show(text, [ways_on, [home_button(language)]])
    wanted = turn.number(0) if isinstance(turn, Press) else 0
    page = min(max(0, wanted), (len(held) - 1) // PAGE)
    shown = list(enumerate(held[page * PAGE : (page + 1) * PAGE], start=page * PAGE + 1))
    lines = [await _line(turn, tx, number, one) for number, one in shown]
    turning = []
    if page:
        turning.append(button(language.gettext("‹ Earlier"), "my", page - 1))
    if (page + 1) * PAGE < len(held):
        turning.append(button(language.gettext("Later ›"), "my", page + 1))
    parts = [language.html("<b>What you have signed up for</b>"), *lines]
    calendar = button(language.gettext("📆 My calendar"), "calendar")
    hint = language.html("Tap one to change it or give it up.")
    rows = [[_open(language, number, one, page)] for number, one in shown]
    return show(Markup("\n\n").join([*parts, hint]), [*rows, turning, [calendar, home_button(language)]])


async def _held(turn: Turn, tx: Transaction) -> list[Place | Duty]:
    places = {one.event_id: one for one in await rsvps.list_of_person(tx, turn.person.id, now=turn.now)}
    taken = await shifts.list_of_person(tx, turn.person.id, ending_after=turn.now)
    found = await events.find_many(tx, {*places, *(shift.event_id for shift in taken)})
    by_id = {event.id: event for event in found}
    held: list[Place | Duty] = [Place(by_id[event_id], rsvp) for event_id, rsvp in places.items()]
    held += [Duty(by_id[shift.event_id], shift) for shift in taken]
    return sorted(held, key=lambda one: one.order)


async def _line(turn: Turn, tx: Transaction, number: int, one: Place | Duty) -> Markup:
    language, zone = turn.language, ZoneInfo(one.event.zone)
    title = title_of(one.event, language)
    match one:
        case Duty(event, shift):
            head = language.html(
                "🙋 <b>{n}. {title}</b>\nYour shift: {role}",
                n=number,
                title=title,
                role=volunteering.role_of(shift, event, language.locale),
            )
            when = language.span(shift.starts_at, shift.ends_at, zone, now=turn.now)
        case Place(event, _):
            head = await _standing(tx, turn, number, title, one)
            when = language.moment(event.starts_at, zone, now=turn.now)
    return Markup("{}\n{}").format(head, when) + in_list(one.event, language)


async def _standing(tx: Transaction, turn: Turn, number: int, title: Markup, one: Place) -> Markup:
    language, rsvp = turn.language, one.rsvp
    if rsvp.state == "waiting":
        position = await rsvps.count_ahead(tx, rsvp) + 1
        return language.html(
            "🕒 <b>{n}. {title}</b>\nNumber {position} on the waitlist",
            n=number,
            title=title,
            position=language.number(position),
        )
    if rsvp.state == "applied":
        return language.html(
            "📝 <b>{n}. {title}</b>\nApplied: an organiser will look at it", n=number, title=title
        )
    if rsvp.offer_until is not None:
        until = language.moment(rsvp.offer_until, ZoneInfo(one.event.zone), now=turn.now)
        return language.html(
            "🎁 <b>{n}. {title}</b>\nA place is kept for you until {until}",
            n=number,
            title=title,
            until=until,
        )
    lines = [language.html("✅ <b>{n}. {title}</b>", n=number, title=title)]
    if rsvp.companions:
        said = language.nhtml("with {n} companion", "with {n} companions", rsvp.companions)
        lines = [
            language.html("✅ <b>{n}. {title}</b>\n{companions}", n=number, title=title, companions=said)
        ]
    if one.event.ways == "both" and rsvp.way == "online":
        lines.append(language.html("💻 Online"))
    return Markup("\n").join(lines)


def _open(language: Language, number: int, one: Place | Duty, page: int) -> Button:
    title = programme.text_of(one.event, language.locale).title
    match one:
        case Duty(_, shift):
            return button(f"{number}. 🙋 {title}", "shift", shift.id, origin(page, MINE))
        case Place(event, rsvp):
            sign = "🎁 " if rsvp.state == "offered" else ""
            return button(f"{number}. {sign}{title}", "event", event.id, origin(page, MINE))
