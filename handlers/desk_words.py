"""The desk's hours, a member's bar and who has a question, in words."""

from datetime import UTC, datetime, timedelta

from markupsafe import Markup

from bot.desk_hours import WEEK, DeskHours
from bot.language import Language
from handlers.turns import Setup


def tell_hours(hours: DeskHours, language: Language) -> str:
    """Such as "Monday–Friday, 10:00–18:00"."""
    midnight = datetime(2024, 1, 1, tzinfo=UTC)
    starts, ends = (
        language.time(midnight + timedelta(minutes=minute), UTC) for minute in (hours.start, hours.until)
    )
    # Translators: days of the week, such as "Monday–Friday", and from when to when the desk is open on them.
    return language.gettext(
        "{days}, {starts}–{ends}", days=tell_days(hours.days, language), starts=starts, ends=ends
    )


def tell_days(days: tuple[int, ...], language: Language) -> str:
    """Days of the week, those that follow one another joined."""
    if len(days) == WEEK:
        return language.gettext("every day")
    runs: list[list[int]] = []
    for day in sorted(days):
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return language.joined([_run(run, language) for run in runs])


def _run(run: list[int], language: Language) -> str:
    if len(run) <= 2:
        return language.joined([language.weekday(day) for day in run])
    # Translators: days of the week in a row, such as "Monday–Friday".
    return language.gettext("{first}–{last}", first=language.weekday(run[0]), last=language.weekday(run[-1]))


def tell_patience(minutes: int, language: Language) -> str:
    if not minutes:
        return language.gettext("never")
    return language.ngettext("after {n} hour", "after {n} hours", minutes // 60)


def tell_reading_time(hours: DeskHours, language: Language, setup: Setup, now: datetime) -> Markup | None:
    """From when a question is read that is asked while the desk is closed; None while it is open."""
    opening = hours.next_opening(now, setup.home)
    if opening is None or opening <= now:
        return None
    return language.html(
        "Our team reads questions {hours}. Yours will be read from {when} on.",
        hours=tell_hours(hours, language),
        when=language.moment(opening, setup.home, now=now),
    )


def tell_barred(until: datetime | None, language: Language, setup: Setup, now: datetime) -> Markup:
    """To the member, kindly."""
    if until is None:
        return language.html(
            "For now our team takes no further questions from you here. Everything else works as before:"
            " events, your places, and what I can answer myself."
        )
    return language.html(
        "Until {when} our team takes no further questions from you here. Everything else works as before:"
        " events, your places, and what I can answer myself.",
        when=language.moment(until, setup.home, now=now),
    )
