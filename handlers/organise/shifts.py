"""An event's shifts as organisers see them: how full each is, and cancelling one."""

from typing import Final

from markupsafe import Markup, escape

from bot import crew, programme, shift_alerts, shift_changes, volunteering
from bot.language import NATIVE_NAMES, Language, isolate
from bot.requirements import Lacking
from handlers.replies import Button, Reply, alert, button, show
from handlers.shift_needs import in_short
from handlers.shifts import label, when
from handlers.turns import Press, Turn
from storage import Transaction, events, shift_signups, shifts
from storage.events import Event
from storage.shifts import Helper, Shift

PAGE: Final = 5
NAMED: Final = 3
NAMES: Final = 10
NAME_SHOWN: Final = 40


async def browse(press: Press, tx: Transaction) -> Reply:
    """A page of the event's shifts with how many took each, and the first names."""
    return await list_shifts(press, tx, press.number(0), page=max(0, press.number(1)))


async def list_shifts(turn: Turn, tx: Transaction, event_id: int, *, page: int = 0) -> Reply:
    language = turn.language
    event = await events.find(tx, event_id)
    if event is None:
        return show(language.html("This event is not there any more."), [[_organise(language)]])
    listed = await shifts.list_of_event(tx, event.id)
    page = min(page, max(0, (len(listed) - 1) // PAGE))
    shown = list(enumerate(listed, start=1))[page * PAGE : (page + 1) * PAGE]
    ids = [shift.id for _, shift in shown]
    taken = await shifts.count_taken(tx, ids)
    applied = await shift_signups.count_applied(tx, ids)
    sought = await shift_signups.count_cover_wanted(tx, ids)
    parts = [
        language.html("<b>Shifts at {title}</b>", title=programme.text_of(event, language.locale).title[:100])
    ]
    if not listed:
        parts.append(language.html("There are none yet. Add the first one."))
    for number, shift in shown:
        helpers = await shifts.list_helpers(tx, shift.id, limit=NAMED)
        lines = [
            Markup("<b>{n}.</b> {role}").format(
                n=number, role=volunteering.role_of(shift, event, language.locale)
            ),
            escape(when(shift, event, turn)),
            _taken(taken[shift.id], shift, language),
        ]
        if shift.id in applied:
            lines.append(
                language.nhtml("✋ {n} person asks for it", "✋ {n} people ask for it", applied[shift.id])
            )
        if shift.id in sought:
            lines.append(
                language.nhtml("🔁 {n} of them seeks cover", "🔁 {n} of them seek cover", sought[shift.id])
            )
        if helpers:
            names = [name_of(helper) for helper in helpers]
            names += ["…"] if taken[shift.id] > len(helpers) else []
            lines.append(escape(language.joined(names, "unit")))
        parts.append(Markup("\n").join(lines))
    rows = [[button(label(number, shift, event, language), "oshift", shift.id)] for number, shift in shown]
    turning = []
    if page:
        turning.append(button(language.gettext("‹ Earlier"), "oshifts", event.id, page - 1))
    if (page + 1) * PAGE < len(listed):
        turning.append(button(language.gettext("Later ›"), "oshifts", event.id, page + 1))
    add = []
    if event.state != "cancelled" and turn.now < event.ends_at:
        add.append(button(language.gettext("➕ Add a shift"), "oshiftadd", event.id, style="primary"))
        add.append(button(language.gettext("⚙️ Options"), "osignup", event.id, "shifts"))
    back = [button(language.gettext("‹ Back to the event"), "oevent", event.id)]
    return show(Markup("\n\n").join(parts), [*rows, turning, add, back])


async def press_card(press: Press, tx: Transaction) -> Reply:
    return await open_card(press, tx, press.number(0), page=max(0, press.number(1)))


async def open_card(
    turn: Turn, tx: Transaction, shift_id: int, *, page: int = 0, before: Markup | None = None
) -> Reply:
    """A shift with everybody on it, page by page, and what can be changed."""
    found = await find(tx, shift_id)
    if found is None:
        return gone(turn.language)
    shift, event = found
    language = turn.language
    taken = (await shifts.count_taken(tx, [shift.id]))[shift.id]
    page = min(page, max(0, (taken - 1) // NAMES))
    helpers = await shifts.list_helpers(tx, shift.id, limit=NAMES, offset=page * NAMES)
    parts = [before] if before else []
    parts.append(_described(shift, event, taken, turn))
    parts.append(
        Markup("\n").join(
            Markup("{n}. {name}").format(n=number, name=name_of(helper))
            for number, helper in enumerate(helpers, start=page * NAMES + 1)
        )
        or language.html("Nobody has taken it yet.")
    )
    rows = []
    turning = []
    if page:
        turning.append(button(language.gettext("‹ Earlier"), "oshift", shift.id, page - 1))
    if (page + 1) * NAMES < taken:
        turning.append(button(language.gettext("Later ›"), "oshift", shift.id, page + 1))
    rows += await _for_people(tx, shift, event, taken, turn)
    if can_change(shift, event, turn):
        rows += [
            [
                button(language.gettext("Change the time"), "oshiftedit", shift.id, "time"),
                button(language.gettext("Change the places"), "oshiftedit", shift.id, "places"),
            ],
            [
                button(language.gettext("Change the role"), "oshiftedit", shift.id, "role"),
                button(language.gettext("Change the note"), "oshiftedit", shift.id, "note"),
            ],
            [button(language.gettext("What it needs"), "oshiftneeds", shift.id)],
            [button(language.gettext("Cancel this shift"), "oshiftcancel", shift.id, style="danger")],
        ]
    back = [button(language.gettext("‹ Back to the shifts"), "oshifts", event.id)]
    return show(Markup("\n\n").join(parts), [turning, *rows, back])


async def _for_people(
    tx: Transaction, shift: Shift, event: Event, taken: int, turn: Turn
) -> list[list[Button]]:
    """What is to be done about those on the shift, those who ask for it and those who are missing."""
    language = turn.language
    rows = []
    applied = (await shift_signups.count_applied(tx, [shift.id])).get(shift.id, 0)
    if applied:
        asking = language.ngettext("✋ {n} person asks for it", "✋ {n} people ask for it", applied)
        rows.append([button(asking, "oshiftpeople", shift.id, style="primary")])
    elif taken:
        rows.append([button(language.gettext("👥 People and leaders"), "oshiftpeople", shift.id)])
    if shift.cancelled_at is None and crew.is_marking_time(shift, turn.now):
        rows.append([button(language.gettext("✅ Who has come?"), "crew", shift.id, style="primary")])
    if shift.cancelled_at is None and turn.now >= shift.starts_at and taken:
        rows.append([button(language.gettext("⏱ Hours"), "shifthours", shift.id)])
    if volunteering.is_open(shift, event, turn.now) and await shift_alerts.needs_people(tx, shift):
        rows.append([button(language.gettext("🙋 Ask volunteers"), "oshiftask", shift.id)])
    return rows


async def ask_cancel(press: Press, tx: Transaction) -> Reply:
    found = await find(tx, press.number(0))
    if found is None:
        return gone(press.language)
    shift, event = found
    if not can_change(shift, event, press):
        return await open_card(press, tx, shift.id)
    language = press.language
    taken = (await shifts.count_taken(tx, [shift.id]))[shift.id]
    text = language.html(
        "Cancel the shift <b>{role}</b>, {when}?",
        role=volunteering.role_of(shift, event, language.locale),
        when=when(shift, event, press),
    )
    if taken:
        text += " " + language.nhtml(
            "{n} volunteer has taken it and will be told.",
            "{n} volunteers have taken it and will be told.",
            taken,
        )
    rows = [
        [button(language.gettext("Yes, cancel it"), "oshiftcancelled", shift.id, style="danger")],
        [button(language.gettext("No, keep it"), "oshift", shift.id)],
    ]
    return show(text, rows)


async def cancel(press: Press, tx: Transaction) -> Reply:
    """Cancel the shift; its people are told. Pressing twice is harmless, and a shift that has begun stays."""
    found = await find(tx, press.number(0))
    if found is None:
        return gone(press.language)
    shift, event = found
    language = press.language
    if await shift_changes.cancel(tx, shift.id, now=press.now, actor_id=press.person.id):
        said = alert(language.gettext("The shift is cancelled, and those who had taken it are told."))
    elif shift.cancelled_at is not None:
        said = alert(language.gettext("This shift has been cancelled."))
    else:
        said = alert(language.gettext("This shift has begun and stays, with the hours of those who took it."))
    return said + await list_shifts(press, tx, event.id)


async def find(tx: Transaction, shift_id: int) -> tuple[Shift, Event] | None:
    shift = await shifts.find(tx, shift_id)
    event = await events.find(tx, shift.event_id) if shift else None
    return (shift, event) if shift and event else None


def gone(language: Language) -> Reply:
    return show(language.html("This shift is not there any more."), [[_organise(language)]])


def name_of(helper: Helper) -> str:
    """A stranger's name, short enough that ten of them fit a message, with a way to reach them."""
    name = helper.name if len(helper.name) <= NAME_SHOWN else helper.name[: NAME_SHOWN - 1] + "…"
    return isolate(f"{name} @{helper.username}" if helper.username else name)


def can_change(shift: Shift, event: Event, turn: Turn) -> bool:
    return shift.cancelled_at is None and event.state != "cancelled" and turn.now < shift.starts_at


def _described(shift: Shift, event: Event, taken: int, turn: Turn) -> Markup:
    language = turn.language
    lines = [
        Markup("<b>{}</b>").format(volunteering.role_of(shift, event, language.locale)),
        *(
            language.html("{language}: {label}", language=NATIVE_NAMES[locale], label=role)
            for locale, role in shift.roles.items()
            if locale != language.locale and locale in NATIVE_NAMES
        ),
        escape(programme.text_of(event, language.locale).title[:200]),
        language.html("🗓 {when}", when=when(shift, event, turn)),
        _taken(taken, shift, language),
    ]
    lines += in_short(shift, event, Lacking(), language)
    note = volunteering.note_of(shift, event, language.locale)
    if note:
        lines.append(escape(note))
    if shift.cancelled_at is not None or event.state == "cancelled":
        lines.append(language.html("❌ <b>This shift has been cancelled.</b>"))
    elif shift.ends_at <= turn.now:
        lines.append(language.html("This shift is over."))
    elif shift.starts_at <= turn.now:
        lines.append(language.html("This shift has begun."))
    return Markup("\n").join(lines)


def _taken(taken: int, shift: Shift, language: Language) -> Markup:
    return language.html(
        "👥 {taken} of {places} taken", taken=language.number(taken), places=language.number(shift.places)
    )


def _organise(language: Language) -> Button:
    return button(language.gettext("🗂 Organise"), "organise")
