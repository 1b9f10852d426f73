"""The programme of a visit as members see it: day by day, where to meet, what to bring."""

from collections.abc import Sequence
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot import attendance, consents, programme, visits
from bot.language import NATIVE_NAMES, Language
from handlers.replies import Button, Pin, Reply, alert, button, show, toast
from handlers.turns import Press, Turn
from storage import Transaction, events, rsvps, stops, travellers
from storage import consents as consent_rows
from storage.events import Event
from storage.rsvps import Rsvp
from storage.stops import Stop

# A programme of no more stops than this is shown at once; a longer one in pages of a day, or of part of it.
PAGE: Final = 8


async def visit_buttons(tx: Transaction, event: Event, mine: Rsvp | None, turn: Turn) -> list[list[Button]]:
    """What the card of a visit offers beside signing up: its programme, and what is asked of travellers."""
    language, rows = turn.language, list[list[Button]]()
    if event.state != "published" or turn.now >= event.ends_at:
        return rows
    if await stops.has_any(tx, event.id) and await _may_see(tx, event, mine, turn):
        rows.append([button(language.gettext("🧭 Programme"), "plan", event.id)])
    if mine is None or turn.now >= event.starts_at:
        return rows
    if event.traveller_details and visits.travels(mine):
        given = [one for one in await travellers.list_of_rsvp(tx, mine.id) if one.position < mine.party]
        if len(given) < mine.party:
            label = language.gettext("🛂 Give traveller details")
            rows.append([button(label, "travel", event.id, style="primary")])
        else:
            rows.append([button(language.gettext("🛂 Traveller details ✓"), "travel", event.id)])
    if event.guardian_consent and mine.state in consents.CONCERNED:
        rows += await _consent_button(tx, event, mine, language)
    return rows


async def _may_see(tx: Transaction, event: Event, mine: Rsvp | None, turn: Turn) -> bool:
    """What is for others shows them its card, not where to meet when."""
    if event.audience == "everyone" or mine is not None or turn.is_organiser:
        return True
    return await attendance.bars(tx, event, turn.person.id) is None


async def _consent_button(
    tx: Transaction, event: Event, mine: Rsvp, language: Language
) -> list[list[Button]]:
    consent = await consent_rows.find_of_rsvp(tx, mine.id)
    match consent and consent.state:
        case None:
            label = language.gettext("👪 Are you 18 or over?")
            return [[button(label, "young", event.id, style="primary")]]
        case "given":
            return [[button(language.gettext("👪 Guardian's consent ✓"), "young", event.id)]]
        case "adult":
            return []
        case _:
            label = language.gettext("👪 Guardian's consent is missing")
            return [[button(label, "young", event.id, style="primary")]]


async def open_plan(press: Press, tx: Transaction) -> Reply:
    """The programme, or a page of it."""
    event = await events.find(tx, press.number(0))
    language = press.language
    if event is None or event.state == "draft":
        return alert(language.gettext("This event is not there any more."))
    if not await _may_see(tx, event, await rsvps.find(tx, event.id, press.person.id), press):
        return alert(language.gettext("This programme is for those who can sign up."))
    plan = await stops.list_of_event(tx, event.id)
    text, rows = described_plan(event, plan, press, max(0, press.number(1)), "plan")
    back = [button(language.gettext("‹ Back to the event"), "event", event.id)]
    return show(text, [*rows, back])


def described_plan(
    event: Event, plan: Sequence[Stop], turn: Turn, page: int, operation: str
) -> tuple[Markup, list[list[Button]]]:
    """A page of the programme with its maps, and buttons of the operation that turn pages."""
    language = turn.language
    parts = [
        language.html(
            "🧭 <b>Programme: {title}</b>", title=programme.text_of(event, language.locale).title[:100]
        )
    ]
    if event.state == "cancelled":
        parts.append(language.html("❌ <b>This event has been cancelled.</b>"))
    if not plan:
        parts.append(language.html("It is not written yet. Please look again later."))
    pages = _pages(event, plan)
    page = min(page, len(pages) - 1)
    shown = pages[page]
    for day, found in visits.by_day(shown, event).items():
        parts.append(_heading(event, day, turn))
        parts += [described_stop(stop, event, language) for stop in found]
    bring = programme.text_of(event, language.locale).bring
    if bring and page == len(pages) - 1:
        parts.append(language.html("🎒 Please bring: {things}", things=bring))
    if any(language.locale not in stop.texts for stop in shown):
        parts.append(language.html("<i>Shown in {language}.</i>", language=NATIVE_NAMES[event.base_locale]))
    turning = []
    if page:
        turning.append(button(language.gettext("‹ Earlier"), operation, event.id, page - 1))
    if page + 1 < len(pages):
        turning.append(button(language.gettext("Later ›"), operation, event.id, page + 1))
    return Markup("\n\n").join(parts), [*_maps(shown, event, language), turning]


def _pages(event: Event, plan: Sequence[Stop]) -> list[Sequence[Stop]]:
    if len(plan) <= PAGE:
        return [plan]
    days = visits.by_day(plan, event).values()
    return [found[start : start + PAGE] for found in days for start in range(0, len(found), PAGE)]


def _heading(event: Event, day: date, turn: Turn) -> Markup:
    """The day, and which one of the visit it is; what lies before or after it has no number."""
    language, days = turn.language, visits.days_of(event)
    said = language.day(day, now=turn.now)
    if len(days) < 2 or day not in days:
        return Markup("<b>{}</b>").format(said)
    return language.html("<b>Day {n}: {day}</b>", n=language.number(days.index(day) + 1), day=said)


def described_stop(stop: Stop, event: Event, language: Language) -> Markup:
    """When, what, where, and what else there is to know."""
    text = visits.text_of(stop, event, language.locale)
    lines = [Markup("<b>{}</b> {}").format(times_of(stop, event, language), text.title)]
    if stop.meeting:
        lines.append(language.html("🚩 We meet here."))
    if text.place:
        lines.append(language.html("📍 {place}", place=text.place))
    if text.note:
        lines.append(Markup("<i>{}</i>").format(text.note))
    return Markup("\n").join(lines)


def times_of(stop: Stop, event: Event, language: Language) -> str:
    """The time of day, or from when to when."""
    zone = ZoneInfo(event.zone)
    if stop.ends_at is None:
        return language.time(stop.starts_at, zone)
    # Translators: from one time of day to another.
    return language.gettext(
        "{starts}–{ends}",
        starts=language.time(stop.starts_at, zone),
        ends=language.time(stop.ends_at, zone),
    )


def _maps(shown: Sequence[Stop], event: Event, language: Language) -> list[list[Button]]:
    buttons = [
        button(
            language.gettext("🗺 {stop}", stop=visits.text_of(stop, event, language.locale).title),
            "stopmap",
            stop.id,
        )
        for stop in shown
        if stop.latitude is not None
    ]
    return [buttons[start : start + 2] for start in range(0, len(buttons), 2)]


async def send_map(press: Press, tx: Transaction) -> Reply:
    """Where a stop is, on the map."""
    stop = await stops.find(tx, press.number(0))
    event = await events.find(tx, stop.event_id) if stop else None
    if stop is None or stop.latitude is None or stop.longitude is None:
        return alert(press.language.gettext("There is no map for this."))
    if event is None or event.state == "draft":
        return alert(press.language.gettext("This event is not there any more."))
    if not await _may_see(tx, event, await rsvps.find(tx, event.id, press.person.id), press):
        return alert(press.language.gettext("This programme is for those who can sign up."))
    text = visits.text_of(stop, event, press.language.locale)
    return toast("") + Reply((Pin(stop.latitude, stop.longitude, text.title, text.place),))
