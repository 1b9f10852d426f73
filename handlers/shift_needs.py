"""What a shift needs, what a volunteer lacks, and what the work adds up to, in words."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot import programme, rest, volunteering
from bot.language import Language
from bot.requirements import Lacking
from bot.rest import LongDay, LongWeek, ShortRest, Strain
from handlers.spoken import spoken_name
from storage.events import Event
from storage.shifts import Shift


def certificate_name(language: Language, kind: str) -> str:
    """The name of a kind of certificate; of one that nobody has a name for, the code itself."""
    match kind:
        case "first_aid":
            return language.gettext("First aid")
        case "child_protection":
            return language.gettext("Child protection")
        case "food_hygiene":
            return language.gettext("Food hygiene")
        case "driving":
            return language.gettext("Driving licence")
        case "other":
            return language.gettext("Another certificate")
        case _:
            return kind


def spoken(language: Language, codes: Sequence[str]) -> str:
    return language.joined([spoken_name(language, code) for code in codes])


def in_short(shift: Shift, event: Event, lacking: Lacking, language: Language) -> list[Markup]:
    """What the shift needs, one line for the list; what the reader lacks stands out."""
    parts = []
    if lacking.languages:
        parts.append(language.html("⚠️ needs {languages}", languages=spoken(language, lacking.languages)))
    elif shift.languages:
        parts.append(Markup("🗣 {}").format(spoken(language, shift.languages)))
    if shift.certificate:
        mark = "📜" if lacking.certificate == "good" else "⚠️ 📜"
        parts.append(Markup("{} {}").format(mark, certificate_name(language, shift.certificate)))
    if shift.approval:
        parts.append(language.html("✋ on request"))
    if rest.is_night(shift.starts_at, shift.ends_at, ZoneInfo(event.zone)):
        parts.append(language.html("🌙 night shift"))
    return [Markup(" · ").join(parts)] if parts else []


def in_full(shift: Shift, event: Event, lacking: Lacking, language: Language) -> list[Markup]:
    """Everything the shift needs, and what the reader lacks of it: said before the tap."""
    lines = []
    if shift.languages:
        lines.append(
            language.html("🗣 You need to speak: {languages}", languages=spoken(language, shift.languages))
        )
    if lacking.languages:
        lines.append(
            language.html(
                "⚠️ Your details don't say that you speak {languages}.",
                languages=spoken(language, lacking.languages),
            )
        )
    if shift.certificate:
        kind = certificate_name(language, shift.certificate)
        lines.append(language.html("📜 You need a certificate: {kind}", kind=kind))
    match lacking.certificate:
        case "good":
            pass
        case "missing":
            lines.append(language.html("⚠️ You have not handed it in yet."))
        case "unchecked":
            lines.append(language.html("⚠️ Nobody has looked at yours yet. I will tell you."))
        case "expired":
            lines.append(language.html("⚠️ Yours expires before the shift ends."))
    if shift.approval:
        lines.append(language.html("✋ An organiser decides who does it."))
    if rest.is_night(shift.starts_at, shift.ends_at, ZoneInfo(event.zone)):
        lines.append(language.html("🌙 This is a night shift."))
    return lines


def lacking_said(shift: Shift, lacking: Lacking, language: Language) -> str:
    """What is lacking, as plain text for an alert."""
    if lacking.languages:
        return language.gettext(
            "It needs {languages}, which your details don't name.",
            languages=spoken(language, lacking.languages),
        )
    kind = certificate_name(language, shift.certificate or "other")
    match lacking.certificate:
        case "unchecked":
            return language.gettext(
                "Nobody has looked at your certificate yet ({kind}). I will tell you.", kind=kind
            )
        case "expired":
            return language.gettext("Your certificate ({kind}) expires before the shift ends.", kind=kind)
        case _:
            return language.gettext("It needs a certificate ({kind}). Please hand yours in first.", kind=kind)


def strain_said(strain: Strain, language: Language) -> Markup:
    match strain:
        case ShortRest(pause):
            return language.html(
                "😴 Only {hours} h of rest between it and another shift of yours (11 h are advised).",
                hours=hours(pause, language),
            )
        case LongDay(day, work):
            return language.html(
                "⏱ You would work {hours} h on {day} (10 h at most are advised).",
                hours=hours(work, language),
                day=language.day(day),
            )
        case LongWeek(work):
            return language.html(
                "⏱ You would work {hours} h within seven days (48 h at most are advised).",
                hours=hours(work, language),
            )


def hours(span: timedelta, language: Language) -> str:
    return language.number(round(span.total_seconds() / 3600, 1))


def named(shift: Shift, event: Event, language: Language, now: datetime) -> Markup:
    """The role, the event and the time, as part of a sentence."""
    return language.html(
        "<b>{role}</b> at <b>{title}</b> ({when})",
        role=volunteering.role_of(shift, event, language.locale),
        title=programme.text_of(event, language.locale).title,
        when=language.span(shift.starts_at, shift.ends_at, ZoneInfo(event.zone), now=now),
    )
