"""How a broadcast ended, for whoever wrote it: in words, as a small picture and as a file; and its alarms."""

import asyncio
from collections.abc import Sequence
from typing import Final

from markupsafe import Markup

from bot.language import NATIVE_NAMES, Language
from bot.lists import Sheet, workbook_of
from bot.papers import outcome_chart
from bot.papers.outcome_chart import Bar, Chart
from handlers.organise.broadcast_outcomes import OUTCOMES, Standing, describe_progress, standing_of
from handlers.organise.broadcast_pages import list_button, open_pressed
from handlers.organise.broadcast_text import beginning
from handlers.owing import Reading
from handlers.replies import Keyboard, Picture, Reply, Say, button, file, say, toast
from handlers.turns import Press
from storage import Transaction, broadcast_changes, broadcasts
from storage.broadcast_notices import Outcome
from storage.broadcasts import Broadcast
from storage.notices import Owed

# A picture's words may be no longer.
CAPTION_LIMIT: Final = 1000


async def tell_report(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    """How a broadcast ended, by outcome and language, for whoever wrote it."""
    found = await broadcasts.find(tx, int(notice.params["broadcast"]))
    if found is None:
        return None
    standing = await standing_of(tx, found, now=reading.now)
    return await _report(found, standing, reading)


async def show_report(press: Press, tx: Transaction) -> Reply:
    """The same again, whenever it is wanted."""
    found = await broadcasts.find(tx, press.number(0))
    if found is None or found.finished_at is None:
        return await open_pressed(press, tx)
    standing = await standing_of(tx, found, now=press.now)
    reading = Reading(press.language, press.now, press.setup)
    return toast("") + await _report(found, standing, reading)


async def _report(found: Broadcast, standing: Standing, reading: Reading) -> Reply:
    language = reading.language
    words = describe_progress(found, standing, language, reading.now)
    rows: Keyboard = [
        [button(language.gettext("📄 As a file"), "broadcastfile", found.id)],
        [button(language.gettext("Open it"), "broadcast", found.id), list_button(language)],
    ]
    if not standing.outcomes:
        return say(words, rows)
    # In a thread: others are served meanwhile.
    drawn = await asyncio.to_thread(outcome_chart.draw, chart_of(found, standing, language))
    if len(words.striptags()) <= CAPTION_LIMIT:
        return Reply((Picture("report.png", drawn, words, rows),))
    return Reply((Picture("report.png", drawn, Markup()), Say(words, rows)))


def chart_of(found: Broadcast, standing: Standing, language: Language) -> Chart:
    locales = sorted(
        {one.locale for one in standing.outcomes},
        key=lambda locale: -sum(one.people for one in standing.outcomes if one.locale == locale),
    )
    bars = []
    for locale in locales:
        people = {one.state: one.people for one in standing.outcomes if one.locale == locale}
        bars.append(Bar(_language_name(locale), people, language.number(sum(people.values()))))
    legend = {
        state: language.gettext(
            "{name}: {n}", name=outcome_name(state, language), n=language.number(standing.count(state))
        )
        for state in OUTCOMES
        if standing.count(state)
    }
    return Chart(language.locale, beginning(found, language, 60), bars, legend)


def _language_name(locale: str) -> str:
    return NATIVE_NAMES.get(locale, locale)


def outcome_name(state: str, language: Language) -> str:
    """A way in which a message ended, as a heading."""
    match state:
        case "sent":
            return language.gettext("Sent")
        case "blocked":
            return language.gettext("Blocked or left")
        case "unknown":
            return language.gettext("Unknown")
        case "failed":
            return language.gettext("Failed")
        case "missed":
            return language.gettext("Too late")
        case _:
            return language.gettext("Not sent")


async def send_file(press: Press, tx: Transaction) -> Reply:
    """The counts as a spreadsheet; there is nobody's name or number in it."""
    found = await broadcasts.find(tx, press.number(0))
    if found is None or found.started_at is None:
        return await open_pressed(press, tx)
    standing = await standing_of(tx, found, now=press.now)
    language = press.language
    headings = [language.gettext("Language"), *(outcome_name(state, language) for state in OUTCOMES)]
    sheets = [Sheet(language.gettext("Outcome"), headings, _rows(standing.outcomes))]
    for kind, name in (
        ("correct", language.gettext("Corrections")),
        ("recall", language.gettext("Taken back")),
    ):
        counted = [outcomes for made, outcomes in standing.changes if made.kind == kind]
        if counted:
            sheets.append(Sheet(name, headings, _rows(counted[0])))
    sheets.append(_facts(found, press))
    content = workbook_of(sheets, made_at=press.now)
    caption = language.html("📄 {words}", words=beginning(found, language, 80))
    return toast("") + file(f"broadcast-{found.id}.xlsx", content, caption)


def _rows(outcomes: Sequence[Outcome]) -> list[list[str | int]]:
    counted = {(one.locale, one.state): one.people for one in outcomes}
    return [
        [_language_name(locale), *(counted.get((locale, state), 0) for state in OUTCOMES)]
        for locale in dict.fromkeys(one.locale for one in outcomes)
    ]


def _facts(found: Broadcast, press: Press) -> Sheet:
    """What it was and when."""
    language, home = press.language, press.setup.home
    rows: list[list[str | int]] = [[language.gettext("Message"), beginning(found, language, 200)]]
    for name, instant in (
        (language.gettext("Begun"), found.started_at),
        (language.gettext("Ended"), found.finished_at),
    ):
        if instant is not None:
            rows.append([name, language.moment(instant, home)])
    if found.planned is not None:
        rows += [
            [language.gettext("Meant for"), found.planned.people],
            [language.gettext("Left out, can't be reached"), found.planned.unreachable],
            [language.gettext("Left out, news turned off"), found.planned.muted],
        ]
    headings = [language.gettext("What"), language.gettext("How much")]
    return Sheet(language.gettext("Broadcast"), headings, rows)


async def tell_changed(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    """A correction or a recall has been through."""
    found = await broadcasts.find(tx, int(notice.params["broadcast"]))
    made = await broadcast_changes.find(tx, int(notice.params["change"]))
    if found is None or made is None:
        return None
    standing = await standing_of(tx, found, now=reading.now)
    text = describe_progress(found, standing, reading.language, reading.now)
    open_it = button(reading.language.gettext("Open it"), "broadcast", found.id)
    return say(text, [[open_it, list_button(reading.language)]])


async def tell_alarm(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    """The bot has paused a broadcast by itself; None when somebody has decided about it since."""
    found = await broadcasts.find(tx, int(notice.params["broadcast"]))
    if found is None or found.state != "paused" or found.paused_because is None:
        return None
    language = reading.language
    standing = await standing_of(tx, found, now=reading.now)
    text = describe_progress(found, standing, language, reading.now)
    return say(text, [[button(language.gettext("Open it"), "broadcast", found.id, style="primary")]])
