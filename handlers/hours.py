"""A volunteer's hours of service, and the certificate of them."""

import asyncio
from datetime import date
from typing import Final

from markupsafe import Markup

from bot import association, programme
from bot.language import Language
from bot.lengths import change, length
from bot.papers import certificate
from bot.papers.service import Service, of_service
from handlers.kinds import kind_name
from handlers.menu import home_button
from handlers.replies import Button, Reply, alert, button, file, show, toast
from handlers.turns import Press, Turn
from storage import Transaction, events, service_hours
from storage.service_hours import Entry, Served

# What a button says of all years together.
ALL: Final = 0
YEARS_OFFERED: Final = 6
CORRECTIONS_SHOWN: Final = 3
REASON_SHOWN: Final = 200


async def open_hours(turn: Turn, tx: Transaction) -> Reply:
    """This year's hours by programme, all hours, and the latest corrections with their reasons."""
    language = turn.language
    years = await service_hours.sum_by_year(tx, turn.person.id)
    parts = [language.html("<b>Your hours of service</b>")]
    if not years:
        parts.append(
            language.html(
                "There are none yet. Take a shift and be checked in there: when it ends, its hours are"
                " written down for you."
            )
        )
        return show(Markup("\n\n").join(parts), [_ways_back(language)])
    this_year = turn.now.astimezone(language.home).year
    parts.append(
        _of_year(language, this_year, await service_hours.list_served(tx, turn.person.id, year=this_year))
    )
    parts.append(language.html("All together: <b>{length}</b>", length=length(language, sum(years.values()))))
    corrections = await service_hours.list_corrections(tx, turn.person.id, limit=CORRECTIONS_SHOWN)
    if corrections:
        told = [await _correction(tx, language, entry) for entry in corrections]
        parts.append(Markup("\n").join([language.html("<b>Latest corrections</b>"), *told]))
    rows = []
    if await service_hours.list_served(tx, turn.person.id):
        rows.append([button(language.gettext("📄 Certificate of service"), "hoursyears")])
    return show(Markup("\n\n").join(parts), [*rows, _ways_back(language)])


async def choose_year(press: Press, tx: Transaction) -> Reply:
    """For which year the certificate shall be."""
    language = press.language
    years = await service_hours.sum_by_year(tx, press.person.id)
    if not years:
        return await open_hours(press, tx)
    text = language.html("For which year do you need the certificate?")
    offered = [
        [
            button(
                # Translators: a button: a calendar year and the hours of service in it.
                language.gettext("{year}: {length}", year=str(year), length=length(language, minutes)),
                "hoursfile",
                year,
            )
        ]
        for year, minutes in list(years.items())[:YEARS_OFFERED]
    ]
    together = [button(language.gettext("All years together"), "hoursfile", ALL)] if len(years) > 1 else []
    back = [button(language.gettext("‹ My hours"), "hours"), home_button(language)]
    return show(text, [*offered, together, back])


async def send_certificate(press: Press, tx: Transaction) -> Reply:
    """The certificate as a PDF in the volunteer's language."""
    language, year = press.language, press.number(0)
    served = await service_hours.list_served(tx, press.person.id, year=None if year == ALL else year)
    if not 0 <= year <= date.max.year or sum(one.minutes for one in served) <= 0:
        return alert(language.gettext("There are no hours to certify.")) + await open_hours(press, tx)
    worded = of_service(
        language,
        association=await association.name_in(tx, language.locale),
        name=press.person.name,
        services=await _services(tx, language, served),
        issued_at=press.now,
    )
    # It takes some tenths of a second, in which others are answered.
    drawn = await asyncio.to_thread(certificate.draw, worded)
    name = "certificate-of-service.pdf" if year == ALL else f"certificate-of-service-{year}.pdf"
    caption = language.html("Your certificate of service. Thank you for your help!")
    return toast("") + file(name, drawn, caption)


async def _services(tx: Transaction, language: Language, served: list[Served]) -> list[Service]:
    found = await events.find_many(tx, [one.event_id for one in served if one.event_id is not None])
    titles = {event.id: programme.text_of(event, language.locale).title for event in found}
    return [
        Service(
            programme=_programme(language, one.kind),
            title=titles.get(one.event_id or 0, ""),
            first=one.first,
            last=one.last,
            minutes=one.minutes,
        )
        for one in served
    ]


def _of_year(language: Language, year: int, served: list[Served]) -> Markup:
    """The year's total, and how it is spread over programmes."""
    total = sum(one.minutes for one in served)
    lines = [language.html("{year}: <b>{length}</b>", year=str(year), length=length(language, total))]
    by_programme: dict[str, int] = {}
    for one in served:
        name = _programme(language, one.kind)
        by_programme[name] = by_programme.get(name, 0) + one.minutes
    for name, minutes in sorted(by_programme.items(), key=lambda pair: -pair[1]):
        lines.append(
            # Translators: one line of a list: a programme and the hours of service in it.
            language.html("· {programme}: {length}", programme=name, length=length(language, minutes))
        )
    return Markup("\n").join(lines)


async def _correction(tx: Transaction, language: Language, entry: Entry) -> Markup:
    event = await events.find(tx, entry.event_id) if entry.event_id is not None else None
    title = programme.text_of(event, language.locale).title[:100] if event else ""
    line = language.html(
        # Translators: a correction of hours of service: how much, for which event, on which day.
        "{change} – {title}, {day}",
        change=change(language, entry.minutes),
        title=title,
        day=language.day_of_record(entry.worked_on),
    )
    if not entry.reason:
        return line
    return line + Markup("\n") + language.html("Reason: {reason}", reason=entry.reason[:REASON_SHOWN])


def _programme(language: Language, kind: str | None) -> str:
    return kind_name(language, kind) if kind else language.gettext("Other service")


def _ways_back(language: Language) -> list[Button]:
    return [button(language.gettext("‹ Shifts"), "volunteer"), home_button(language)]
