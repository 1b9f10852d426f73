"""What certificates say: of service, for volunteers, and of a contest."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from babel.dates import format_date, format_interval

from bot.language import Language
from bot.lengths import length
from bot.papers.certificate import Certificate, Line

# What is listed one by one; a volunteer of many years gets the rest in one line.
MOST_LISTED: Final = 200


@dataclass(frozen=True)
class Service:
    """What was done for one event; `programme` is what it belongs to, as the reader calls it."""

    programme: str
    title: str
    first: date
    last: date
    minutes: int


def of_service(
    language: Language, *, association: str, name: str, services: Sequence[Service], issued_at: datetime
) -> Certificate:
    """A certificate of these services, by programme in the order in which they are given, with the total.

    There must be one at least.
    """
    minutes = sum(service.minutes for service in services)
    first = min(service.first for service in services)
    last = max(service.last for service in services)
    blanks = {
        "length": length(language, minutes),
        "first": language.day_of_record(first),
        "last": language.day_of_record(last),
    }
    if first == last:
        # Translators: it goes on from the name on a certificate: "This is to certify that Chan Tai-man gave…"
        body = language.gettext("gave {length} of voluntary service on {first}.", **blanks)
    else:
        body = language.gettext("gave {length} of voluntary service between {first} and {last}.", **blanks)
    plain = _around(
        language,
        association=association,
        name=name,
        title=language.gettext("Certificate of Service"),
        body=body,
        issued_at=issued_at,
    )
    return replace(
        plain,
        # Translators: headings of the table on a certificate of service.
        headings=Line(language.gettext("Programme"), language.gettext("Date"), language.gettext("Hours")),
        table=tuple(_table(language, services)),
        total=Line(language.gettext("Total"), "", _hours(minutes)),
    )


def of_contest(
    language: Language,
    *,
    association: str,
    name: str,
    title: str,
    score: int,
    questions: int,
    day: date,
    issued_at: datetime,
) -> Certificate:
    """A certificate of how many questions of a contest somebody answered rightly."""
    body = language.ngettext(
        # Translators: it goes on from the name on a certificate: "This is to certify that Chan Tai-man…"
        "took part in “{title}” on {day} and answered {score} of {n} question correctly.",
        "took part in “{title}” on {day} and answered {score} of {n} questions correctly.",
        questions,
        title=title,
        day=language.day_of_record(day),
        score=language.number(score),
    )
    title_of_paper = language.gettext("Certificate of Achievement")
    return _around(
        language, association=association, name=name, title=title_of_paper, body=body, issued_at=issued_at
    )


def _around(
    language: Language, *, association: str, name: str, title: str, body: str, issued_at: datetime
) -> Certificate:
    """What all certificates say, around what this one is for."""
    return Certificate(
        locale=language.locale,
        title=title,
        body=body,
        issued_at=issued_at,
        association=association,
        opening=_opening(language),
        name=name,
        issued=_issued(language, issued_at),
        signature=_signature(language, association),
    )


def _opening(language: Language) -> str:
    # Translators: the first line of a certificate, above the name. In Chinese: 茲證明
    return language.gettext("This is to certify that")


def _issued(language: Language, issued_at: datetime) -> str:
    issued_on = issued_at.astimezone(language.home).date()
    return language.gettext("Issued on {day}", day=language.day_of_record(issued_on))


def _signature(language: Language, association: str) -> str:
    """What stands under the line on which somebody signs."""
    if association:
        return language.gettext("For {association}", association=association)
    return language.gettext("For the association")


def _table(language: Language, services: Sequence[Service]) -> list[Line]:
    """Programme by programme, each with its sum; a single one needs none."""
    listed, rest = services[:MOST_LISTED], services[MOST_LISTED:]
    programmes = list(dict.fromkeys(service.programme for service in listed))
    table = []
    for programme in programmes:
        done = [service for service in listed if service.programme == programme]
        if len(programmes) > 1:
            subtotal = _hours(sum(service.minutes for service in done))
            table.append(Line(programme, "", subtotal, opens_group=True))
        table += [Line(service.title, _when(language, service), _hours(service.minutes)) for service in done]
    if rest:
        further = language.ngettext("{n} further event", "{n} further events", len(rest))
        table.append(Line(further, "", _hours(sum(service.minutes for service in rest))))
    return table


def _hours(minutes: int) -> str:
    """As a column of numbers has them: 3:30 is three hours and a half."""
    return f"{minutes // 60}:{minutes % 60:02d}"


def _when(language: Language, service: Service) -> str:
    """A day, or from which to which, as short as a column needs it: "26–28 Jan 2026"."""
    cldr = "en_GB" if language.locale == "en" else language.locale
    if service.first == service.last:
        return format_date(service.first, "medium", locale=cldr)
    return format_interval(service.first, service.last, "yMMMd", locale=cldr)
