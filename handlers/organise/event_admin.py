"""One event as its organisers see it: the facts, what can be done with it, and cancelling it."""

from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from bot import attendance, groups, programme
from bot.language import NATIVE_NAMES
from handlers.events import share_address, title_of
from handlers.hold_words import on_hold
from handlers.kinds import kind_name
from handlers.organise import sign_up_pages
from handlers.organise.answers import tell_companions, tell_spans
from handlers.organise.menu import organise_button
from handlers.replies import NOTHING, Keyboard, Reply, button, link, show, toast
from handlers.turns import Press, Turn
from storage import Transaction, events, rsvps, shifts
from storage import groups as group_rows
from storage.events import Event


def can_change(event: Event, turn: Turn) -> bool:
    """What is cancelled or over stays as it is."""
    return event.state == "published" and turn.now < event.ends_at


async def open_event(press: Press, tx: Transaction) -> Reply:
    return await show_event(press, tx, press.number(0))


async def show_event(turn: Turn, tx: Transaction, event_id: int, *, before: Markup | None = None) -> Reply:
    """The event's screen, below a sentence about what has just been done."""
    event = await events.find(tx, event_id)
    if event is None:
        return gone(turn)
    text = await _describe(event, turn, tx)
    applied = len(await rsvps.list_applications(tx, event.id))
    return show(before + Markup("\n\n") + text if before else text, _buttons(event, applied, turn))


def gone(turn: Turn) -> Reply:
    """The way on from a button of an event that is not there."""
    text = turn.language.html("This event is not there any more.")
    return show(
        text,
        [
            [button(turn.language.gettext("🗓 All events"), "oevents", 0)],
            [organise_button(turn.language)],
        ],
    )


async def _describe(event: Event, turn: Turn, tx: Transaction) -> Markup:
    language, zone = turn.language, ZoneInfo(event.zone)
    lines = [
        Markup("<b>{}</b>").format(title_of(event, language)),
        escape(kind_name(language, event.kind)),
        language.html("🗓 {when}", when=language.span(event.starts_at, event.ends_at, zone, now=turn.now)),
    ]
    place = programme.text_of(event, language.locale).place
    if place:
        lines.append(language.html("📍 {place}", place=place))
    if event.ways == "online":
        lines.append(language.html("💻 Online only"))
    if event.audience != "everyone":
        lines.append(language.html("For: {whom}", whom=await _whom(event, turn, tx)))
    if event.state == "cancelled":
        lines.append(language.html("❌ <b>This event has been cancelled.</b>"))
    elif turn.now >= event.ends_at:
        lines.append(language.html("This event is over."))
    elif event.held_at is not None:
        lines.append(on_hold(language, event.held_because))
    lines.append(await _taken(event, turn, tx))
    if can_change(event, turn):
        if event.opens_at and turn.now < event.opens_at:
            when = language.moment(event.opens_at, zone, now=turn.now)
            lines.append(language.html("🔜 Sign-up opens on {when}", when=when))
        if event.deadline_at:
            when = language.moment(event.deadline_at, zone, now=turn.now)
            lines.append(language.html("⏳ Sign up by {when}", when=when))
        lines.append(tell_companions(language, event.companions))
        lines.append(language.html("Reminders: {answer}", answer=tell_spans(language, event.reminders)))
    names = [NATIVE_NAMES[locale] for locale in NATIVE_NAMES if locale in event.texts]
    lines.append(language.html("Languages: {languages}", languages=language.joined(names)))
    return Markup("\n").join(lines)


async def _whom(event: Event, turn: Turn, tx: Transaction) -> str:
    if event.audience == "invited":
        return turn.language.gettext("whoever has the invitation link")
    group = await group_rows.find(tx, event.group_id) if event.group_id is not None else None
    return groups.name_of(group, turn.language.locale) if group else turn.language.gettext("nobody")


async def _taken(event: Event, turn: Turn, tx: Transaction) -> Markup:
    language, lines = turn.language, []
    for way in attendance.ways_of(event):
        places = await attendance.count_places(tx, event, way)
        capacity = event.online_capacity if way == "online" else event.capacity
        if event.ways == "both":
            lines.append(language.html("Online:") if way == "online" else language.html("On the spot:"))
        if capacity is None:
            lines.append(
                language.nhtml("👥 {n} place taken, no limit", "👥 {n} places taken, no limit", places.seated)
            )
        else:
            lines.append(
                language.nhtml(
                    "👥 {n} place taken of {capacity}",
                    "👥 {n} places taken of {capacity}",
                    places.seated,
                    capacity=language.number(capacity),
                )
            )
        if places.waiting:
            lines.append(language.nhtml("🕒 {n} sign-up waiting", "🕒 {n} sign-ups waiting", places.waiting))
    return Markup("\n").join(lines)


def _buttons(event: Event, applied: int, turn: Turn) -> Keyboard:
    """What is done every day; the rest waits under "More"."""
    language = turn.language
    people = [button(language.gettext("👥 Who is coming"), "oattend", event.id, 0)]
    if event.approval or applied:
        people.append(
            button(language.gettext("📝 Applications ({n})", n=language.number(applied)), "oapps", event.id)
        )
    rows = [people]
    if event.state == "published" and turn.now < event.ends_at:
        if event.held_at is not None:
            label = language.gettext("⏸ Decide: does it take place?")
            rows.insert(0, [button(label, "oheld", event.id, style="primary")])
        people.append(button(language.gettext("🚪 Check-in"), "odoor", event.id))
        rows += [
            [
                button(language.gettext("✏️ Change"), "oedit", event.id),
                button(language.gettext("⚙️ Sign-up options"), "osignup", event.id),
            ],
            [
                button(language.gettext("As members see it"), "event", event.id),
                link(language.gettext("↗ Share"), _share(event, turn)),
            ],
            [
                button(language.gettext("🙋 Shifts"), "oshifts", event.id),
                button(language.gettext("⋯ More"), "omore", event.id),
            ],
        ]
    else:
        more = button(language.gettext("⋯ More"), "omore", event.id)
        # What was cancelled before it began has no "after".
        took_place = event.state == "published" or turn.now >= event.starts_at
        after = button(language.gettext("📊 After the event"), "oafter", event.id)
        rows.append([after, more] if took_place else [more])
    return [*rows, [button(language.gettext("‹ All events"), "oevents", 0), organise_button(language)]]


def _share(event: Event, turn: Turn) -> str:
    """What to send to others: the event's own link would tell the invited nothing."""
    if event.audience == "invited" and event.invite_token is not None:
        return sign_up_pages.share_address(sign_up_pages.invitation_address(event.invite_token, turn.setup))
    return share_address(event, turn.setup, turn.language)


async def open_more(press: Press, tx: Transaction) -> Reply:
    """What is done with an event once in a while."""
    event = await events.find(tx, press.number(0))
    if event is None:
        return gone(press)
    language = press.language
    copying = [button(language.gettext("⧉ Duplicate"), "ocopy", event.id)]
    looking = [
        button(language.gettext("📄 List as a file"), "oxlsx", event.id),
        button(language.gettext("🕘 History"), "ohistory", 0, event.id),
    ]
    rows = [[*copying], looking]
    if can_change(event, press):
        label = language.gettext("🔁 Series") if event.series_id else language.gettext("🔁 Make a series")
        copying.append(button(label, "oseries", event.id))
        rows = [
            [
                button(language.gettext("🧭 Visit"), "ovisit", event.id),
                button(language.gettext("🧑‍🤝‍🧑 People"), "opeople", event.id),
            ],
            [*copying],
            looking,
            [
                button(language.gettext("⏸ Put on hold"), "oholdone", event.id),
                button(language.gettext("Cancel the event"), "ocancel", event.id, style="danger"),
            ],
        ]
        if event.held_at is not None:
            rows[-1].pop(0)
    text = Markup("<b>{}</b>").format(title_of(event, language))
    explained = language.html("A visit's programme and details, single people, copies, and what was done.")
    back = [button(language.gettext("‹ Back"), "oevent", event.id)]
    return show(text + Markup("\n\n") + explained, [*rows, back])


async def ask_cancel(press: Press, tx: Transaction) -> Reply:
    """Say how many would be told, and ask."""
    event = await events.find(tx, press.number(0))
    if event is None or not can_change(event, press):
        return await show_event(press, tx, press.number(0))
    language, concerned = press.language, await _count_concerned(event, press, tx)
    question = language.html(
        "Cancel <b>{title}</b>, {when}? This can't be undone.",
        title=title_of(event, language),
        when=language.moment(event.starts_at, ZoneInfo(event.zone), now=press.now),
    )
    told = language.html("Nobody has signed up, so nobody will be told.")
    if concerned:
        told = language.nhtml("{n} person will be told.", "{n} people will be told.", concerned)
    rows = [
        [button(language.gettext("Yes, cancel the event"), "ocancelled", event.id, style="danger")],
        [button(language.gettext("‹ No, keep it"), "oevent", event.id)],
    ]
    return show(question + Markup("\n\n") + told, rows)


async def _count_concerned(event: Event, turn: Turn, tx: Transaction) -> int:
    """People seated, waiting, or on a shift that has not begun: each once."""
    people = {rsvp.person_id for rsvp in await rsvps.list_concerned(tx, event.id)}
    for shift in await shifts.list_of_event(tx, event.id):
        if shift.starts_at > turn.now:
            people |= {helper.person_id for helper in await shifts.list_helpers(tx, shift.id)}
    return len(people)


async def cancel(press: Press, tx: Transaction) -> Reply:
    """Cancel the event; those it concerns are told. Pressing twice is harmless."""
    event = await events.lock(tx, press.number(0))
    done = NOTHING
    if event is not None and can_change(event, press):
        await programme.cancel(tx, event.id, actor_id=press.person.id, now=press.now)
        done = toast(press.language.gettext("The event is cancelled."))
    return done + await show_event(press, tx, press.number(0))
