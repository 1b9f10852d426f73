"""When the desk is open, and after how long somebody is reminded: set in chat."""

from collections.abc import Sequence
from dataclasses import replace

from markupsafe import Markup

from bot import desk_hours, desk_waiting
from bot.desk_hours import PATIENCES, WEEK, DeskHours
from bot.quiet import understand_open_hours
from handlers import forms
from handlers.desk_words import tell_days, tell_hours, tell_patience
from handlers.forms import Choice, Data, Form, Misread, Step, Understood
from handlers.organise.desk_list import list_button
from handlers.passing_on import desk_of
from handlers.replies import Reply, button, show
from handlers.turns import Press, Turn, Writing
from storage import Transaction


async def open_hours(press: Press, tx: Transaction) -> Reply:
    return await _show(press, tx)


async def _show(turn: Turn, tx: Transaction, *, before: Markup | None = None) -> Reply:
    language, hours = turn.language, await desk_hours.read(tx)
    parts = [before] if before else []
    parts += [
        language.html("🕘 <b>The desk is open: {hours}</b>", hours=tell_hours(hours, language)),
        language.html(
            "Whoever asks at another time is told from when on their question is read. Times are by the"
            " association's clock."
        ),
    ]
    if hours.patience:
        parts.append(
            language.nhtml(
                "⏰ You are reminded of a question without an answer after <b>{n} open hour</b>, and once"
                " more after as long again. The member is told that it takes longer.",
                "⏰ You are reminded of a question without an answer after <b>{n} open hours</b>, and once"
                " more after as long again. The member is told that it takes longer.",
                hours.patience // 60,
            )
        )
    else:
        parts.append(language.html("⏰ Nobody is reminded of questions without an answer."))
    waits = [
        button(
            ("✓ " if minutes == hours.patience else "") + tell_patience(minutes, language),
            "deskwait",
            minutes,
        )
        for minutes in PATIENCES
    ]
    rows = [
        [button(language.gettext("📅 Days and times"), "desktimes")],
        *(waits[start : start + 3] for start in range(0, len(waits), 3)),
        [list_button(language)],
    ]
    return show(Markup("\n\n").join(parts), rows)


async def set_patience(press: Press, tx: Transaction) -> Reply:
    """Take the time that the button names."""
    minutes, hours = press.number(0), await desk_hours.read(tx)
    if minutes in PATIENCES and minutes != hours.patience:
        await _write(press, tx, replace(hours, patience=minutes))
    return await _show(press, tx)


async def _write(turn: Turn, tx: Transaction, hours: DeskHours) -> None:
    await desk_hours.write(tx, hours, actor_id=turn.person.id, now=turn.now)
    await desk_waiting.plan_anew(tx, await desk_of(turn.setup, tx))


async def begin_times(press: Press, tx: Transaction) -> Reply:
    hours = await desk_hours.read(tx)
    return await forms.begin(press, tx, TIMES, {"days": list(hours.days)})


def _ask_days(turn: Turn, data: Data) -> Markup:
    return turn.language.html("On which days is the desk open?")


def _days(turn: Turn, data: Data) -> Sequence[Choice]:
    return [Choice(turn.language.weekday(day), day) for day in range(WEEK)]


def _ask_times(turn: Turn, data: Data) -> Markup:
    days = tell_days(tuple(data["days"]), turn.language)
    return turn.language.html("From when until when, {days}? Write it like 10:00–18:00.", days=days)


def _read_times(writing: Writing, data: Data) -> Understood | Misread:
    hours = understand_open_hours(writing.text)
    if hours is None:
        return Misread(
            writing.language.html("I could not read two times in that. An example: <code>10:00–18:00</code>")
        )
    return Understood(list(hours))


async def _keep(turn: Turn, tx: Transaction, data: Data) -> Reply:
    start, until = data["times"]
    hours = replace(await desk_hours.read(tx), days=tuple(sorted(data["days"])), start=start, until=until)
    await _write(turn, tx, hours)
    return await _show(turn, tx, before=turn.language.html("✅ Changed."))


TIMES = Form(
    "desk_times",
    (
        Step("days", _ask_days, choices=_days, several=True, columns=2, fewest=1),
        Step("times", _ask_times, read=_read_times),
    ),
    finish=_keep,
    way_back=lambda turn: button(turn.language.gettext("🕘 Hours"), "deskhours"),
    organisers_only=True,
)
