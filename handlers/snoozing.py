"""What can be done under a reminder: have it again later, or have fewer of them."""

from collections.abc import Sequence

from bot import snoozing
from bot.snoozing import CHOICES, Again, NothingAhead, TooLate
from handlers.digests import look
from handlers.menu import home_button
from handlers.owing import Reading
from handlers.reminder_words import compose, read_subjects
from handlers.replies import Reply, alert, show, toast
from handlers.turns import Press
from storage import Transaction
from storage.reminders import Subject


async def again(press: Press, tx: Transaction) -> Reply:
    """Remind of it once more, an hour from now or tomorrow at nine; pressing twice makes one reminder."""
    choice = next((one for one in CHOICES if one == press.word(0)), None)
    subjects = read_subjects(press.word(1))
    if choice is None or not subjects:
        return toast(press.language.gettext("That button does nothing here."))
    answer = await snoozing.snooze(
        tx, press.person.id, subjects, choice, now=press.now, home=press.setup.home
    )
    language = press.language
    match answer:
        case Again(at):
            when = language.moment(at, now=press.now)
            said = toast(language.gettext("⏰ I will remind you again: {when}.", when=when))
            return said + await _reminder(press, tx, subjects, answer)
        case TooLate():
            return alert(language.gettext("It begins too soon for that. I have not set another reminder."))
        case NothingAhead():
            return alert(language.gettext("There is nothing to remind you of here any more."))


async def not_again(press: Press, tx: Transaction) -> Reply:
    """Take back what was asked for; the reminder stays."""
    subjects = read_subjects(press.word(0))
    await snoozing.give_up(tx, press.person.id, subjects)
    said = toast(press.language.gettext("All right. The usual reminders still come."))
    return said + await _reminder(press, tx, subjects, None)


async def _reminder(
    press: Press, tx: Transaction, subjects: Sequence[Subject], answer: Again | None
) -> Reply:
    """The message as it stands now."""
    reading = Reading(press.language, press.now, press.setup)
    looked = [await look(subject, press.person.id, tx, reading) for subject in subjects]
    items = [item for item in looked if item is not None]
    if not items:
        nothing = press.language.html("There is nothing to remind you of here any more.")
        return show(nothing, [[home_button(press.language)]])
    return show(*compose(items, reading, again_at=answer.at if answer else None))
