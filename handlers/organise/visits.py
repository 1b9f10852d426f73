"""A visit as its organisers see it: its programme, and what is asked of those who travel."""

from typing import Final

from markupsafe import Markup

from bot import programme, visits
from bot.language import Language
from handlers.events import title_of
from handlers.organise.event_admin import can_change, gone
from handlers.replies import NOTHING, Button, Reply, button, show, toast
from handlers.turns import Press, Turn
from handlers.visits import described_plan, times_of
from storage import Transaction, consents, events, stops, travellers
from storage.events import Event
from storage.stops import Stop

PAGE: Final = 10
# What is switched on and off by a button: its code there, and the event's column.
SWITCHES: Final = {"details": "traveller_details", "consent": "guardian_consent"}


async def open_visit(press: Press, tx: Transaction) -> Reply:
    return await show_visit(press, tx, press.number(0), page=max(0, press.number(1)))


async def show_visit(
    turn: Turn, tx: Transaction, event_id: int, *, page: int = 0, before: Markup | None = None
) -> Reply:
    """The programme as members see it, and everything that can be done about the visit."""
    event = await events.find(tx, event_id)
    if event is None:
        return gone(turn)
    language = turn.language
    plan = await stops.list_of_event(tx, event.id)
    text, turning = described_plan(event, plan, turn, page, "ovisit")
    if not plan:
        text = language.html("<b>{title}</b>", title=title_of(event, language)) + Markup("\n\n")
        text += language.html(
            "There is no programme yet. Add where you meet and what happens when; members find it on the"
            " event's card."
        )
    rows: list[list[Button]] = []
    if can_change(event, turn):
        rows.append([button(language.gettext("➕ Add a stop"), "ostopadd", event.id, style="primary")])
        if plan:
            rows.append([button(language.gettext("✏️ Change a stop"), "ostops", event.id)])
        rows.append([button(language.gettext("🎒 What to bring"), "ochange", event.id, "bring")])
        rows += _switches(event, language)
    if event.traveller_details or event.guardian_consent:
        rows.append([button(language.gettext("🛂 Travellers"), "otravel", event.id)])
    back = [button(language.gettext("‹ Back to the event"), "oevent", event.id)]
    return show(before + Markup("\n\n") + text if before else text, [*turning, *rows, back])


def _switches(event: Event, language: Language) -> list[list[Button]]:
    details = language.gettext("Ask for traveller details")
    consent = language.gettext("Young people need a guardian's consent")
    rows = [
        [_switch(details, event, "details", on=event.traveller_details)],
        [_switch(consent, event, "consent", on=event.guardian_consent)],
    ]
    if event.traveller_details or event.guardian_consent:
        rows.append(
            [
                button(
                    _ticked(
                        language.ngettext("Delete after {n} day", "Delete after {n} days", days),
                        event.purge_days == days,
                    ),
                    "ovisitset",
                    event.id,
                    days,
                )
                for days in visits.PURGE_DAYS
            ]
        )
    return rows


def _switch(label: str, event: Event, which: str, *, on: bool) -> Button:
    return button(_ticked(label, on), "ovisitset", event.id, which, "off" if on else "on")


def _ticked(label: str, on: bool) -> str:
    return f"✓ {label}" if on else label


async def change_setting(press: Press, tx: Transaction) -> Reply:
    """Switch a setting of the visit. Whoever has a place is asked for what is asked from now on.

    A button says what is wanted, so that pressing it twice is harmless.
    """
    event, wanted = await events.lock(tx, press.number(0)), press.word(1)
    if event is None or not can_change(event, press):
        return await show_visit(press, tx, press.number(0))
    if wanted in SWITCHES and press.word(2) in ("on", "off", "delete"):
        column, on = SWITCHES[wanted], press.word(2) == "on"
        changes: dict[str, object] = {column: on}
        if not on:
            given = await _given(tx, event, wanted)
            if given and press.word(2) != "delete":
                return _ask_switching_off(event, wanted, given, press.language)
            await visits.stop_asking(tx, event.id, column, actor_id=press.person.id, now=press.now)
    elif press.number(1) in visits.PURGE_DAYS:
        changes = {"purge_days": press.number(1)}
    else:
        return toast(press.language.gettext("That button does nothing here."))
    await programme.change(tx, event.id, changes, actor_id=press.person.id, now=press.now)
    said = toast(_said(changes, press.language)) if True in changes.values() else NOTHING
    return said + await show_visit(press, tx, event.id)


async def _given(tx: Transaction, event: Event, wanted: str) -> int:
    """How many people's details, or consents, are kept."""
    if wanted == "consent":
        return len(await consents.list_of_event(tx, event.id))
    return sum(party.filled for party in await travellers.list_parties(tx, event.id))


def _ask_switching_off(event: Event, wanted: str, given: int, language: Language) -> Reply:
    text = language.nhtml(
        "Stop asking? What I know of {n} person is deleted at once. That can't be undone.",
        "Stop asking? What I know of {n} people is deleted at once. That can't be undone.",
        given,
    )
    label = language.gettext("Yes, stop and delete")
    rows = [
        [button(label, "ovisitset", event.id, wanted, "delete", style="danger")],
        [button(language.gettext("No, keep asking"), "ovisit", event.id)],
    ]
    return show(text, rows)


def _said(changes: dict[str, object], language: Language) -> str:
    if "traveller_details" in changes:
        return language.gettext("Everybody who has a place is asked for their details, now and later.")
    return language.gettext("Everybody who has a place is asked for their age, now and later.")


async def list_stops(press: Press, tx: Transaction) -> Reply:
    """The stops as buttons: which one is it about?"""
    event = await events.find(tx, press.number(0))
    if event is None or not can_change(event, press):
        return await show_visit(press, tx, press.number(0))
    language, page = press.language, max(0, press.number(1))
    plan = await stops.list_of_event(tx, event.id)
    page = min(page, max(0, (len(plan) - 1) // PAGE))
    rows = [
        [button(label(stop, event, press), "ostop", stop.id)]
        for stop in plan[page * PAGE : (page + 1) * PAGE]
    ]
    turning = []
    if page:
        turning.append(button(language.gettext("‹ Earlier"), "ostops", event.id, page - 1))
    if (page + 1) * PAGE < len(plan):
        turning.append(button(language.gettext("Later ›"), "ostops", event.id, page + 1))
    back = [button(language.gettext("‹ Back"), "ovisit", event.id)]
    return show(language.html("Which stop?"), [*rows, turning, back])


def label(stop: Stop, event: Event, turn: Turn) -> str:
    """A stop on a button: which day, when, what."""
    language = turn.language
    days, day = visits.days_of(event), next(iter(visits.by_day([stop], event)))
    title = visits.text_of(stop, event, language.locale).title
    if len(days) > 1 and day in days:
        # Translators: a stop on a button: on which day of the visit, at what time, and what it is.
        return language.gettext(
            "Day {n}, {time}: {title}",
            n=language.number(days.index(day) + 1),
            time=times_of(stop, event, language),
            title=title,
        )
    return f"{times_of(stop, event, language)} {title}"
