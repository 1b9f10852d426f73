"""RSVPs: yes, with companions, the waitlist, and no."""

from bot import attendance, programme
from bot.attendance import (
    Answer,
    Cancelled,
    Clash,
    Closed,
    Gone,
    Left,
    NoRoom,
    Seated,
    TooMany,
    Waiting,
)
from bot.language import Language
from handlers import events as cards
from handlers.replies import Reply, alert, button, show
from handlers.turns import Press
from storage import Transaction, events, rsvps


async def join(press: Press, tx: Transaction) -> Reply:
    """Ask for a place and say where the person now stands. Pressing twice is harmless."""
    companions = press.number(1) if len(press.args) > 1 else None
    if companions is not None and companions < 0:
        return alert(press.language.gettext("That button does nothing here."))
    answer = await attendance.join(tx, press.number(0), press.person.id, companions=companions, now=press.now)
    return alert(describe(answer, press.language)) + await cards.open_card(press, tx, press.number(0))


async def ask_party(press: Press, tx: Transaction) -> Reply:
    """How many come along?"""
    event = await events.find(tx, press.number(0))
    if event is None or event.state != "published":
        return await cards.open_card(press, tx, press.number(0))
    language = press.language
    text = language.html(
        "How many people do you bring to <b>{title}</b>?", title=cards.title_of(event, language)
    )
    alone = button(language.gettext("I come alone"), "join", event.id, 0)
    numbers = [button(language.number(n), "join", event.id, n) for n in range(1, event.companions + 1)]
    rows = [numbers[start : start + 5] for start in range(0, len(numbers), 5)]
    return show(text, [*rows, [alone], [button(language.gettext("‹ Back"), "event", event.id)]])


async def ask_leave(press: Press, tx: Transaction) -> Reply:
    """A place that others wait for is not given up by a slip of the thumb."""
    event = await events.find(tx, press.number(0))
    if event is None or event.state != "published":
        return await cards.open_card(press, tx, press.number(0))
    mine = await rsvps.find(tx, event.id, press.person.id)
    if mine is None or mine.state == "left":
        return await leave(press, tx)
    language = press.language
    if mine.state == "waiting":
        text = language.html("Leave the waitlist for <b>{title}</b>?", title=cards.title_of(event, language))
        rows = [
            [button(language.gettext("Yes, leave it"), "left", event.id, style="danger")],
            [button(language.gettext("No, I keep waiting"), "event", event.id)],
        ]
        return show(text, rows)
    text = language.html("Give up your place at <b>{title}</b>?", title=cards.title_of(event, language))
    rows = [
        [button(language.gettext("Yes, give it up"), "left", event.id, style="danger")],
        [button(language.gettext("No, I will come"), "event", event.id)],
    ]
    return show(text, rows)


async def leave(press: Press, tx: Transaction) -> Reply:
    """Give up the place. Pressing twice is harmless."""
    answer = await attendance.leave(tx, press.number(0), press.person.id, now=press.now)
    return alert(describe(answer, press.language)) + await cards.open_card(press, tx, press.number(0))


def describe(answer: Answer, language: Language) -> str:
    """One sentence for each way it can end."""
    match answer:
        case Seated(_, companions, clashes):
            said = language.gettext("You have a place.")
            if companions:
                said = language.ngettext(
                    "You have a place, with {n} companion.",
                    "You have a place, with {n} companions.",
                    companions,
                )
            return _with_clash(said, clashes, language)
        case Waiting(_, _, position, clashes):
            said = language.gettext(
                "It is full. You are number {n} on the waitlist. I will tell you when you have a place.",
                n=language.number(position),
            )
            return _with_clash(said, clashes, language)
        case Left(_, held="going"):
            return language.gettext("Your place is given up. Thank you for telling us.")
        case Left(_, held="waiting"):
            return language.gettext("You are off the waitlist. Thank you for telling us.")
        case Left():
            return language.gettext("You have no place here, so there is nothing to give up.")
        case Closed():
            return language.gettext("Sign-up for this event has closed.")
        case Cancelled():
            return language.gettext("This event has been cancelled.")
        case Gone():
            return language.gettext("This event is not there any more.")
        case TooMany(_, 0):
            return language.gettext("Companions are not possible at this event.")
        case TooMany(_, most):
            return language.ngettext(
                "You can bring {n} person at most.", "You can bring {n} people at most.", most
            )
        case NoRoom():
            return language.gettext("There is no room for more companions. Your own place is safe.")


def _with_clash(said: str, clashes: tuple[Clash, ...], language: Language) -> str:
    if not clashes:
        return said
    title = programme.text_of(clashes[0].event, language.locale).title[:60]
    warning = language.gettext("Please note: it overlaps with “{title}”.", title=title)
    return f"{said}\n{warning}"
