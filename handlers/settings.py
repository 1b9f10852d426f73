"""What a member is told, when not, and about which kinds of events: /settings."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from markupsafe import Markup

from bot import desk_work
from bot.kinds import KINDS
from bot.language import NATIVE_NAMES, Language, isolate
from bot.quiet import DAY, Hours, understand_hours
from handlers import forms
from handlers.forms import Data, Form, Misread, Step, Understood
from handlers.kinds import kind_name
from handlers.menu import home_button
from handlers.newsletters import offer
from handlers.replies import Button, Keyboard, Reply, below, button, show, toast
from handlers.turns import Press, Turn, Writing
from storage import Transaction, people, reminders, signatures
from storage.reminders import ReminderOf

SUBJECTS = ("events", "shifts", "broadcasts")
# Those that stop reminders, with the kind of thing reminded of.
REMINDERS: Mapping[str, ReminderOf] = {"events": "event", "shifts": "shift"}
PRESETS: tuple[Hours, ...] = ((22 * 60, 8 * 60), (23 * 60, 7 * 60), (21 * 60, 9 * 60))


async def open_settings(turn: Turn, tx: Transaction) -> Reply:
    """Everything that can be set, each with what it means and how it stands."""
    return await _settings(turn, tx)


async def _settings(turn: Turn, tx: Transaction) -> Reply:
    language, person = turn.language, turn.person
    muted = await people.list_mutes(tx, person.id)
    chosen = await people.list_interests(tx, person.id)
    hours = _hours_of(person.quiet_from, person.quiet_until)
    lines = [
        language.html("<b>Settings</b>"),
        *(_meaning(language, subject, on=subject not in muted) for subject in SUBJECTS),
        _quiet_line(turn, hours),
        _interests_line(language, [kind for kind in KINDS if kind in chosen]),
    ]
    switches = [[_switch(language, subject, on=subject not in muted)] for subject in SUBJECTS]
    if turn.is_organiser:
        signs = await signatures.has(tx, person.id)
        lines.append(_signature_line(turn, on=signs))
        switches.append([_signature(language, on=signs)])
    rows = [
        *switches,
        [
            button(language.gettext("🌙 Quiet hours"), "quiet"),
            button(language.gettext("⭐ Interests"), "interests"),
        ],
        [button("🌐 " + NATIVE_NAMES[language.locale], "language"), privacy_button(language)],
        [button(language.gettext("📰 Newsletters"), "newsletters")],
        [home_button(language)],
    ]
    return show(Markup("\n\n").join(lines), rows)


def privacy_button(language: Language) -> Button:
    return button(language.gettext("🔒 Privacy"), "privacy")


def back_button(language: Language) -> Button:
    return button(language.gettext("‹ Settings"), "settings")


def _meaning(language: Language, subject: str, *, on: bool) -> Markup:
    match subject, on:
        case "events", True:
            return language.html(
                "🔔 <b>Reminders of events: on.</b> I remind you of events you have a place at."
            )
        case "events", False:
            return language.html(
                "🔕 <b>Reminders of events: off.</b> You still hear when you get a place,"
                " and when an event is changed or cancelled."
            )
        case "shifts", True:
            return language.html("🔔 <b>Reminders of shifts: on.</b> I remind you of shifts you have taken.")
        case "shifts", False:
            return language.html(
                "🔕 <b>Reminders of shifts: off.</b> You still hear when a shift is changed or cancelled."
            )
        case _, True:
            return language.html("🔔 <b>News: on.</b> The organisers' messages to members reach you.")
        case _:
            return language.html("🔕 <b>News: off.</b> The organisers' messages to members do not reach you.")


def _switch(language: Language, subject: str, *, on: bool) -> Button:
    """A button that says what it will do, and does the same however often it is pressed."""
    match subject, on:
        case "events", True:
            label = language.gettext("🔕 Don't remind me of events")
        case "events", False:
            label = language.gettext("🔔 Remind me of events")
        case "shifts", True:
            label = language.gettext("🔕 Don't remind me of shifts")
        case "shifts", False:
            label = language.gettext("🔔 Remind me of shifts")
        case _, True:
            label = language.gettext("🔕 Don't send me news")
        case _:
            label = language.gettext("🔔 Send me news")
    return button(label, "mute", subject, "off" if on else "on")


async def switch(press: Press, tx: Transaction) -> Reply:
    """Turn a kind of message on or off; the button names the state it leads to."""
    subject = press.word(0)
    if subject not in SUBJECTS or press.word(1) not in ("on", "off"):
        return toast(press.language.gettext("That button does nothing here.")) + await _settings(press, tx)
    if press.word(1) == "on":
        await people.unmute(tx, press.person.id, subject)
    else:
        await people.mute(tx, press.person.id, subject)
        if subject in REMINDERS:
            # Those that wait for the morning, or were to come again, are not wanted any more either.
            await reminders.cancel_owed_to(tx, press.person.id, REMINDERS[subject])
    return await _settings(press, tx)


def _signature_line(turn: Turn, *, on: bool) -> Markup:
    if on:
        return turn.language.html(
            "✍️ <b>Your answers to members are signed: {name}.</b>", name=isolate(turn.person.name)
        )
    return turn.language.html(
        "✍️ <b>Your answers to members come from the association,</b> without your name."
    )


def _signature(language: Language, *, on: bool) -> Button:
    label = language.gettext("✍️ Don't sign with my name") if on else language.gettext("✍️ Sign with my name")
    return button(label, "desksign", "off" if on else "on")


async def sign(press: Press, tx: Transaction) -> Reply:
    """For organisers: whether their answers bear their name; the button names the state it leads to."""
    if press.word(0) in ("on", "off"):
        await desk_work.sign(tx, press.person.id, by_name=press.word(0) == "on")
    return await _settings(press, tx)


async def open_fewer(press: Press, tx: Transaction) -> Reply:
    """What stops the reminders one of which was just read, below it: it stays to be read."""
    language = press.language
    muted = await people.list_mutes(tx, press.person.id)
    asked = [subject for subject in REMINDERS if subject == press.word(0)] or list(REMINDERS)
    lines = [_meaning(language, subject, on=subject not in muted) for subject in asked]
    switches = [[_switch(language, subject, on=subject not in muted)] for subject in asked]
    quiet = button(language.gettext("🌙 Quiet hours"), "quiet")
    return below(show(Markup("\n\n").join(lines), [*switches, [quiet, back_button(language)]]))


def _quiet_line(turn: Turn, hours: Hours | None) -> Markup:
    if hours is None:
        return turn.language.html("🌙 <b>Quiet hours: off.</b> I may write at any time.")
    return turn.language.html(
        "🌙 <b>Quiet hours: {hours}.</b> What can wait comes in the morning.",
        hours=hours_text(turn, hours),
    )


def _quiet_heading(turn: Turn, hours: Hours | None) -> Markup:
    if hours is None:
        return turn.language.html("🌙 <b>Quiet hours: off</b>")
    return turn.language.html("🌙 <b>Quiet hours: {hours}</b>", hours=hours_text(turn, hours))


def hours_text(turn: Turn, hours: Hours) -> str:
    """Hours by the association's clock, as the reader writes times."""
    midnight = datetime(2000, 1, 1, tzinfo=turn.setup.home)
    start, end = (turn.language.time(midnight + timedelta(minutes=one)) for one in hours)
    return turn.language.gettext("{starts}–{ends}", starts=start, ends=end)


def _hours_of(start: int | None, end: int | None) -> Hours | None:
    return None if start is None or end is None else (start, end)


async def open_quiet(turn: Turn, tx: Transaction) -> Reply:
    return _quiet(turn, _hours_of(turn.person.quiet_from, turn.person.quiet_until))


def _quiet(turn: Turn, hours: Hours | None) -> Reply:
    language = turn.language
    text = Markup("\n\n").join(
        [
            _quiet_heading(turn, hours),
            language.html(
                "In quiet hours reminders and news wait until the morning, unless that would be too late."
                " When you write to me, I answer at any hour."
            ),
        ]
    )
    presets = [
        button(("✓ " if preset == hours else "") + hours_text(turn, preset), "sethours", *preset)
        for preset in PRESETS
    ]
    own = button(language.gettext("Other hours…"), "ownhours")
    off = [button(language.gettext("No quiet hours"), "sethours", "off")] if hours else []
    return show(text, [*([preset] for preset in presets), [own, *off], [back_button(language)]])


async def set_hours(press: Press, tx: Transaction) -> Reply:
    """Take the hours that the button names, or none."""
    if press.word(0) == "off":
        await people.set_quiet(tx, press.person.id, None)
        return _quiet(press, None)
    hours = (press.number(0), press.number(1))
    if not all(0 <= one < DAY for one in hours) or hours[0] == hours[1]:
        return toast(press.language.gettext("That button does nothing here.")) + await open_quiet(press, tx)
    await people.set_quiet(tx, press.person.id, hours)
    return _quiet(press, hours)


async def ask_hours(press: Press, tx: Transaction) -> Reply:
    return await forms.begin(press, tx, OWN_HOURS)


def _ask_hours(turn: Turn, data: Data) -> Markup:
    return turn.language.html("From when until when? Write it like 22:30–7:00.")


def _read_hours(writing: Writing, data: Data) -> Understood | Misread:
    hours = understand_hours(writing.text)
    if hours is None:
        return Misread(
            writing.language.html("I could not read two times in that. An example: <code>22:30–7:00</code>")
        )
    return Understood(list(hours))


async def _keep_hours(turn: Turn, tx: Transaction, data: Data) -> Reply:
    start, end = data["hours"]
    await people.set_quiet(tx, turn.person.id, (start, end))
    return _quiet(turn, (start, end))


OWN_HOURS = Form(
    kind="quiet",
    steps=(Step("hours", _ask_hours, read=_read_hours),),
    finish=_keep_hours,
    way_back=lambda turn: button(turn.language.gettext("🌙 Quiet hours"), "quiet"),
)


def _interests_line(language: Language, chosen: list[str]) -> Markup:
    if not chosen:
        return language.html("⭐ <b>Interests: none named.</b> Name some, and news on those kinds finds you.")
    names = language.joined([kind_name(language, kind) for kind in chosen])
    return language.html("⭐ <b>Interests:</b> {kinds}", kinds=names)


async def open_interests(turn: Turn, tx: Transaction) -> Reply:
    """The kinds of events, those of interest ticked."""
    return await _interests(turn, tx)


async def _interests(
    turn: Turn, tx: Transaction, offered: Markup | None = None, buttons: Keyboard = ()
) -> Reply:
    language = turn.language
    chosen = await people.list_interests(tx, turn.person.id)
    ticks = [
        button(
            ("✓ " if kind in chosen else "") + kind_name(language, kind),
            "interest",
            kind,
            "off" if kind in chosen else "on",
        )
        for kind in KINDS
    ]
    text = language.html(
        "⭐ <b>What interests you?</b>\nTap as many as you like. When the organisers send news on one kind"
        " of event, it reaches those who named that kind here."
    )
    rows = [ticks[start : start + 2] for start in range(0, len(ticks), 2)]
    if offered:
        text += Markup("\n\n") + offered
    return show(text, [*rows, *buttons, [back_button(language)]])


async def tick(press: Press, tx: Transaction) -> Reply:
    """Note or drop an interest; the button names the state it leads to.

    The first time that there is a newsletter on something of interest, it is offered.
    """
    kind = press.word(0)
    if kind in KINDS and press.word(1) == "on":
        await people.add_interest(tx, press.person.id, kind)
        return await _interests(press, tx, *await offer(press, tx, kind))
    elif kind in KINDS and press.word(1) == "off":
        await people.drop_interest(tx, press.person.id, kind)
    return await open_interests(press, tx)
