"""A volunteer can't come: finding cover, exchanging the shift, or giving it back."""

from typing import Final
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from bot import covering, programme, swapping, volunteering
from bot.language import Language, isolate
from bot.swapping import Offer
from bot.volunteering import Lacks
from handlers.menu import home_button
from handlers.replies import Reply, alert, button, show
from handlers.shift_needs import lacking_said
from handlers.shift_taking import closed_said
from handlers.shifts import find, open_card, when
from handlers.turns import Press
from storage import Transaction, shifts, swaps
from storage.events import Event
from storage.shifts import Shift

PAGE: Final = 5


async def choose(press: Press, tx: Transaction) -> Reply:
    """ "I can't come": nothing happens before the volunteer chooses how."""
    found = await find(tx, press.number(0))
    if found is None or not volunteering.is_open(*found, press.now):
        return await open_card(press, tx, press.number(0))
    shift, event = found
    if not await shifts.has_taken(tx, shift.id, press.person.id):
        return await drop(press, tx)
    language = press.language
    parts = [
        language.html(
            "You can't come to <b>{role}</b>, {when}? Thank you for saying so. What would you like to do?",
            role=volunteering.role_of(shift, event, language.locale),
            when=when(shift, event, press),
        )
    ]
    if event.hold_shifts:
        parts.append(language.html("Until somebody takes it over, the shift stays yours."))
    rows = [[button(language.gettext("🙋 Find somebody who takes it over"), "cover", shift.id)]]
    if not shift.approval:
        rows.append([button(language.gettext("🔁 Swap with another shift"), "swaps", shift.id)])
    if not event.hold_shifts:
        rows.append([button(language.gettext("Give it back"), "dropped", shift.id, style="danger")])
    rows.append([button(language.gettext("No, I will come"), "shift", shift.id)])
    return show(Markup("\n\n").join(parts), rows)


async def drop(press: Press, tx: Transaction) -> Reply:
    """Give the shift back. Pressing twice is harmless."""
    language = press.language
    match await volunteering.drop(tx, press.number(0), press.person.id, now=press.now):
        case volunteering.Dropped(_, was_taken=True):
            said = language.gettext("The shift is given back. Thank you for telling us.")
        case volunteering.Dropped():
            said = language.gettext("This shift is not yours, so there is nothing to give back.")
        case volunteering.Held():
            said = language.gettext(
                "Here a shift stays yours until somebody takes it over. I can look for somebody."
            )
            return alert(said) + await choose(press, tx)
        case closed:
            said = closed_said(closed, language)
    return alert(said) + await open_card(press, tx, press.number(0))


async def seek(press: Press, tx: Transaction) -> Reply:
    """Look for somebody who takes the shift over. Pressing twice is harmless."""
    language = press.language
    match await covering.seek(tx, press.number(0), press.person.id, now=press.now):
        case covering.Sought(_, asked) if asked:
            said = language.ngettext(
                "I ask {n} volunteer who could do it. The shift stays yours until somebody takes it.",
                "I ask {n} volunteers who could do it. The shift stays yours until somebody takes it.",
                asked,
            )
        case covering.Sought():
            said = language.gettext(
                "It stands in the list as “cover wanted”. The shift stays yours until somebody takes it."
            )
        case covering.NotYours():
            said = language.gettext("This shift is not yours any more.")
        case closed:
            said = closed_said(closed, language)
    return alert(said) + await open_card(press, tx, press.number(0))


async def keep(press: Press, tx: Transaction) -> Reply:
    """Do the shift after all. Pressing twice is harmless."""
    language = press.language
    match await covering.keep(tx, press.number(0), press.person.id, now=press.now):
        case covering.Kept():
            said = language.gettext("Good! The shift is yours, and I look for nobody.")
        case covering.NotYours():
            said = language.gettext("This shift is not yours any more.")
        case closed:
            said = closed_said(closed, language)
    return alert(said) + await open_card(press, tx, press.number(0))


async def offer_swaps(press: Press, tx: Transaction) -> Reply:
    """A page of the shifts that this one could be exchanged for."""
    found = await find(tx, press.number(0))
    if found is None or not volunteering.is_open(*found, press.now):
        return await open_card(press, tx, press.number(0))
    shift, _ = found
    if not await shifts.has_taken(tx, shift.id, press.person.id):
        return await open_card(press, tx, shift.id)
    language = press.language
    offers = await swapping.list_offers(tx, shift, press.person.id, now=press.now)
    page = min(max(0, press.number(1)), max(0, (len(offers) - 1) // PAGE))
    shown = list(enumerate(offers, start=1))[page * PAGE : (page + 1) * PAGE]
    if not offers:
        parts = [language.html("There is no shift just now that you could swap with.")]
    else:
        parts = [
            language.html(
                "Which shift would you do instead? I ask whoever has it; until they say yes, both of you"
                " keep yours."
            )
        ]
    parts += [_offered(number, offer, press) for number, offer in shown]
    rows = [
        [
            button(
                f"{number}. {volunteering.role_of(one.shift, one.event, language.locale)}",
                "swapask",
                shift.id,
                one.shift.id,
                one.person_id,
            )
        ]
        for number, one in shown
    ]
    turning = []
    if page:
        turning.append(button(language.gettext("‹ Earlier"), "swaps", shift.id, page - 1))
    if (page + 1) * PAGE < len(offers):
        turning.append(button(language.gettext("Later ›"), "swaps", shift.id, page + 1))
    back = [button(language.gettext("‹ Back"), "drop", shift.id), home_button(language)]
    return show(Markup("\n\n").join(parts), [*rows, turning, back])


def _offered(number: int, offer: Offer, press: Press) -> Markup:
    language = press.language
    lines = [
        Markup("<b>{}.</b> {} – {}").format(
            number,
            volunteering.role_of(offer.shift, offer.event, language.locale)[:100],
            programme.text_of(offer.event, language.locale).title[:100],
        ),
        escape(when(offer.shift, offer.event, press)),
    ]
    if offer.name is not None:
        lines.append(language.html("👤 {name}", name=isolate(offer.name[:40])))
    return Markup("\n").join(lines)


async def ask_swap(press: Press, tx: Transaction) -> Reply:
    """Ask the other volunteer to exchange. Pressing twice is harmless."""
    language = press.language
    answer = await swapping.ask(
        tx, press.number(0), press.person.id, press.number(1), press.number(2), now=press.now
    )
    match answer:
        case swapping.Asked():
            said = language.gettext("Asked! I tell you what they say, within a day. Both keep their shifts.")
        case swapping.Waiting():
            said = language.gettext("You have asked somebody else already. Take that request back first.")
        case swapping.AskedBefore():
            said = language.gettext("They have been asked just that, and did not agree. Please try another.")
        case trouble:
            said = _trouble(trouble, press)
    return alert(said) + await open_card(press, tx, press.number(0))


async def take_back(press: Press, tx: Transaction) -> Reply:
    """Take the question back. Pressing twice is harmless."""
    language = press.language
    swap = await swaps.find(tx, press.number(0))
    if swap is None or swap.giver_id != press.person.id:
        return alert(language.gettext("That is over already."))
    if await swapping.withdraw(tx, swap.id, press.person.id, now=press.now):
        said = language.gettext("The request is taken back. Your shift stays yours.")
    else:
        said = language.gettext("That is over already.")
    return alert(said) + await open_card(press, tx, swap.giver_shift_id)


async def agree(press: Press, tx: Transaction) -> Reply:
    """Say yes to an exchange: it is checked anew, and happens at once. Pressing twice is harmless."""
    language = press.language
    match await swapping.agree(tx, press.number(0), press.person.id, now=press.now):
        case swapping.Done(swap):
            done = language.html("✅ Swapped. This is your shift now:")
            return await open_card(press, tx, swap.giver_shift_id, before=done)
        case trouble:
            return alert(_trouble(trouble, press)) + await _own_card(press, tx)


async def refuse(press: Press, tx: Transaction) -> Reply:
    """Say no: nothing changes. Pressing twice is harmless."""
    language = press.language
    if await swapping.refuse(tx, press.number(0), press.person.id, now=press.now):
        return alert(language.gettext("I tell them. Your shift stays yours.")) + await _own_card(press, tx)
    return alert(language.gettext("That is over already.")) + await _own_card(press, tx)


async def _own_card(press: Press, tx: Transaction) -> Reply:
    """The shift that the person was asked to give; somebody else's question shows nothing."""
    swap = await swaps.find(tx, press.number(0))
    if swap is None or swap.taker_id != press.person.id:
        return await open_card(press, tx, -1)
    return await open_card(press, tx, swap.taker_shift_id)


def _trouble(trouble: swapping.Trouble, press: Press) -> str:
    """Why the exchange can't be; of the other's affairs no more than that there is something."""
    language = press.language
    match trouble:
        case swapping.InTheWay(person_id, _) if person_id != press.person.id:
            return language.gettext("They can't do your shift: something stands in the way on their side.")
        case swapping.InTheWay(_, Lacks(shift, lacking)):
            return lacking_said(shift, lacking, language)
        case swapping.InTheWay(_, volunteering.Overlaps(_, other, event)):
            return _overlaps(other, event, language)
        case swapping.NeedsApproval():
            return language.gettext("An organiser decides who does that shift, so it can't be swapped.")
        case swapping.Over():
            return language.gettext("That is over already.")
        case swapping.InTheWay():
            raise TypeError("an obstacle that nobody has words for")
        case closed:
            return closed_said(closed, language)


def _overlaps(other: Shift, event: Event, language: Language) -> str:
    return language.gettext(
        "It overlaps with your shift “{role}”, {when}.",
        role=volunteering.role_of(other, event, language.locale)[:40],
        when=language.span(other.starts_at, other.ends_at, ZoneInfo(event.zone)),
    )
