"""Taking a shift: what keeps somebody from it, what they are warned of, and what came of it."""

from typing import Final

from markupsafe import Markup

from bot import programme, volunteering
from bot.language import Language
from bot.volunteering import Answer, Closed, Warned
from handlers.replies import Reply, alert, button, show
from handlers.shift_needs import lacking_said, strain_said
from handlers.shifts import open_card
from handlers.turns import Press
from storage import Transaction

# What a button says of somebody who was warned and takes the shift all the same.
ANYWAY: Final = "1"


async def answer(press: Press, tx: Transaction, answer: Answer) -> Reply:
    """What came of taking a shift, in one sentence, above the shift as it is now."""
    language = press.language
    match answer:
        case Warned():
            return _warn(answer, language)
        case volunteering.Taken():
            said = language.gettext("The shift is yours. Thank you! I will remind you.")
        case volunteering.Applied():
            said = language.gettext("Thank you! An organiser decides, and I tell you.")
        case volunteering.Refused():
            said = language.gettext("Somebody else does this shift. Thank you for offering!")
        case volunteering.Full():
            said = language.gettext("All places of this shift are taken. Please choose another one.")
        case volunteering.Lacks(shift, lacking):
            said = lacking_said(shift, lacking, language)
        case volunteering.Overlaps(_, other, event):
            said = language.gettext(
                "It overlaps with your shift “{role}” at “{title}”. Give that one back first.",
                role=volunteering.role_of(other, event, language.locale)[:40],
                title=programme.text_of(event, language.locale).title[:40],
            )
        case volunteering.NotSignedUp():
            said = language.gettext("Please sign up as a volunteer first.")
        case _:
            said = closed_said(answer, language)
    return alert(said) + await open_card(press, tx, press.number(0))


async def speak(press: Press, tx: Transaction) -> Reply:
    """The volunteer speaks what the shift needs. Pressing twice is harmless."""
    await volunteering.add_languages(tx, press.number(0), press.person.id)
    return await open_card(press, tx, press.number(0))


async def withdraw(press: Press, tx: Transaction) -> Reply:
    """Ask for the shift no more. Pressing twice is harmless."""
    language = press.language
    if await volunteering.withdraw(tx, press.number(0), press.person.id, now=press.now):
        said = alert(language.gettext("You don't ask for this shift any more."))
        return said + await open_card(press, tx, press.number(0))
    return await open_card(press, tx, press.number(0))


def closed_said(answer: Closed, language: Language) -> str:
    match answer:
        case volunteering.Begun(_, over=True):
            return language.gettext("This shift is over.")
        case volunteering.Begun():
            return language.gettext("This shift has begun. If you can't come, please ask a person.")
        case volunteering.Cancelled():
            return language.gettext("This shift has been cancelled.")
        case volunteering.Gone():
            return language.gettext("This shift is not there any more.")


def _warn(warned: Warned, language: Language) -> Reply:
    lines = []
    if warned.events:
        titles = [
            Markup("<b>{}</b>").format(programme.text_of(event, language.locale).title[:100])
            for event in warned.events[:3]
        ]
        lines.append(
            language.html(
                "⚠️ You signed up for {titles}, which overlaps with this shift.",
                titles=language.joined(titles),
            )
        )
    lines += [strain_said(strain, language) for strain in warned.strains]
    lines.append(language.html("Take the shift all the same?"))
    rows = [
        [button(language.gettext("Take it anyway"), "take", warned.shift.id, ANYWAY, style="success")],
        [button(language.gettext("No, leave it"), "shift", warned.shift.id)],
    ]
    return show(Markup("\n").join(lines), rows)
