"""What a shift needs of whoever takes it, and asking volunteers to take it."""

from markupsafe import Markup

from bot import audit, shift_alerts, shift_changes
from bot.language import Language
from bot.requirements import CERTIFICATES
from bot.volunteering import SPOKEN
from handlers.organise import shifts as screens
from handlers.replies import Reply, alert, button, show
from handlers.shift_needs import certificate_name, spoken
from handlers.spoken import spoken_name
from handlers.turns import Press
from storage import Transaction
from storage.shifts import Shift


async def open_needs(press: Press, tx: Transaction) -> Reply:
    """What the shift needs of whoever takes it; each button says what pressing it does."""
    found = await screens.find(tx, press.number(0))
    if found is None:
        return screens.gone(press.language)
    shift, event = found
    if not screens.can_change(shift, event, press):
        return await screens.open_card(press, tx, shift.id)
    language = press.language
    text = language.html(
        "<b>What does it need?</b>\nIt is said before anybody takes the shift, and checked. Whoever has it"
        " keeps it."
    )
    lines = [Markup("• {}").format(one) for one in needs(shift, language)]
    approval = (
        language.gettext("Whoever takes it has it")
        if shift.approval
        else language.gettext("Let an organiser decide who does it")
    )
    rows = [[button(f"✋ {approval}", "oshiftneed", shift.id, "approval", int(not shift.approval))]]
    kinds = [
        button(
            _ticked(certificate_name(language, kind), on=shift.certificate == kind),
            "oshiftneed",
            shift.id,
            "certificate",
            "" if shift.certificate == kind else kind,
        )
        for kind in CERTIFICATES
    ]
    tongues = [
        button(
            _ticked(spoken_name(language, code), on=code in shift.languages),
            "oshiftneed",
            shift.id,
            "language",
            code,
            int(code not in shift.languages),
        )
        for code in SPOKEN
        if code != "other"
    ]
    rows += [kinds[start : start + 2] for start in range(0, len(kinds), 2)]
    rows += [tongues[start : start + 3] for start in range(0, len(tongues), 3)]
    rows.append([button(language.gettext("‹ Back to the shift"), "oshift", shift.id)])
    return show(Markup("\n").join([text, *lines]), rows)


async def set_need(press: Press, tx: Transaction) -> Reply:
    """Change one thing that the shift needs. Pressing twice is harmless."""
    found = await screens.find(tx, press.number(0))
    if found is None:
        return screens.gone(press.language)
    shift, event = found
    if not screens.can_change(shift, event, press):
        return await screens.open_card(press, tx, shift.id)
    value = press.word(2)
    match press.word(1):
        case "approval" if value in ("0", "1"):
            await shift_changes.set_needs(
                tx, shift.id, approval=value == "1", actor_id=press.person.id, now=press.now
            )
        case "certificate" if not value or value in CERTIFICATES:
            await shift_changes.set_needs(
                tx, shift.id, certificate=value, actor_id=press.person.id, now=press.now
            )
        case "language" if value in SPOKEN:
            others = [code for code in shift.languages if code != value]
            await shift_changes.set_needs(
                tx,
                shift.id,
                languages=[*others, value] if press.word(3) == "1" else others,
                actor_id=press.person.id,
                now=press.now,
            )
    return await open_needs(press, tx)


def needs(shift: Shift, language: Language) -> list[Markup]:
    """What the shift needs, a line each; empty where it needs nothing."""
    lines = []
    if shift.languages:
        lines.append(Markup("🗣 {}").format(spoken(language, shift.languages)))
    if shift.certificate:
        lines.append(Markup("📜 {}").format(certificate_name(language, shift.certificate)))
    if shift.approval:
        lines.append(language.html("✋ An organiser decides who does it."))
    return lines


async def ask_volunteers(press: Press, tx: Transaction) -> Reply:
    """Write to volunteers who could take the shift, once a day. Pressing twice is harmless."""
    language = press.language
    match await shift_alerts.ask_volunteers(tx, press.number(0), now=press.now):
        case shift_alerts.Asked(0):
            said = language.gettext("No volunteer is free then and has what it needs.")
        case shift_alerts.Asked(count):
            found = await screens.find(tx, press.number(0))
            await audit.note(
                tx,
                "volunteers_asked",
                now=press.now,
                actor_id=press.person.id,
                event_id=found[1].id if found else None,
                shift_id=press.number(0),
            )
            said = language.ngettext("I ask {n} volunteer.", "I ask {n} volunteers.", count)
        case shift_alerts.AskedToday():
            said = language.gettext("They have been asked today. Once a day is enough; try again tomorrow.")
        case shift_alerts.NotOpen():
            said = language.gettext("This shift is full, has begun or was cancelled.")
    return alert(said) + await screens.open_card(press, tx, press.number(0))


def _ticked(label: str, *, on: bool) -> str:
    return f"✓ {label}" if on else label
