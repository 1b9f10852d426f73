"""A shift's team, for those who lead it and for organisers: who is on it, and who has come."""

from typing import Final

from markupsafe import Markup

from bot import crew, volunteering
from bot.language import Language, isolate
from handlers.menu import home_button
from handlers.replies import Button, Reply, alert, button, show, toast
from handlers.shifts import find, open_card, when
from handlers.turns import Press
from storage import Transaction, people, shift_signups
from storage.shift_signups import Hand
from storage.shifts import Shift

PAGE: Final = 8
NAME_SHOWN: Final = 40
# Who is or was expected.
LISTED: Final = ("taken", "missed")


async def press_team(press: Press, tx: Transaction) -> Reply:
    return await open_team(press, tx, press.number(0), page=press.number(1))


async def open_team(press: Press, tx: Transaction, shift_id: int, *, page: int = 0) -> Reply:
    """The names on the shift, and for each two buttons while it can be said who came."""
    found = await find(tx, shift_id)
    if found is None or not await _may(press, tx, shift_id):
        return await open_card(press, tx, shift_id)
    shift, event = found
    language = press.language
    total = await shift_signups.count_in(tx, shift.id, LISTED)
    page = min(max(0, page), max(0, (total - 1) // PAGE))
    hands = await shift_signups.list_hands(tx, shift.id, LISTED, limit=PAGE, offset=page * PAGE)
    numbered = list(enumerate(hands, start=page * PAGE + 1))
    parts = [
        language.html(
            "👥 <b>{role}</b>\n{when}",
            role=volunteering.role_of(shift, event, language.locale),
            when=when(shift, event, press),
        ),
        Markup("\n").join(_line(number, hand, language) for number, hand in numbered)
        or language.html("Nobody has taken it yet."),
    ]
    rows: list[list[Button]] = []
    if crew.is_marking_time(shift, press.now):
        parts.append(language.html("Who has come? Press ✅, or ❌ for who has not."))
        rows = [
            _marks(number, hand, shift, page, language)
            for number, hand in numbered
            if hand.person_id != press.person.id
        ]
    elif press.now < shift.starts_at:
        parts.append(language.html("From 30 minutes before it begins you note here who has come."))
    turning = []
    if page:
        turning.append(button(language.gettext("‹ Earlier"), "crew", shift.id, page - 1))
    if (page + 1) * PAGE < total:
        turning.append(button(language.gettext("Later ›"), "crew", shift.id, page + 1))
    if press.now >= shift.ends_at:
        rows.append([button(language.gettext("⏱ Hours"), "shifthours", shift.id)])
    back = [button(language.gettext("‹ Back"), "shift", shift.id), home_button(language)]
    if press.is_organiser:
        back = [button(language.gettext("‹ Back"), "oshift", shift.id), home_button(language)]
    return show(Markup("\n\n").join(parts), [*rows, turning, back])


def called(hand: Hand) -> str:
    """A stranger's name, short enough for a list, with a way to reach them."""
    name = hand.name if len(hand.name) <= NAME_SHOWN else hand.name[: NAME_SHOWN - 1] + "…"
    return isolate(f"{name} @{hand.username}" if hand.username else name)


def _line(number: int, hand: Hand, language: Language) -> Markup:
    line = Markup("{n}. {name}").format(n=number, name=called(hand))
    if hand.leader:
        line += Markup(" ⭐")
    if hand.state == "missed":
        return line + Markup(" – ") + language.html("❌ has not come")
    if hand.arrived_at is not None:
        return line + Markup(" – ") + language.html("✅ came at {time}", time=language.time(hand.arrived_at))
    if hand.cover_since is not None:
        return line + Markup(" – ") + language.html("🔁 seeks cover")
    return line


def _marks(number: int, hand: Hand, shift: Shift, page: int, language: Language) -> list[Button]:
    about = (shift.id, hand.person_id, page)
    name = hand.name[:24]
    if hand.state == "missed" or hand.arrived_at is not None:
        undo = language.gettext("↩️ {n}. {name}", n=number, name=isolate(name))
        return [button(undo, "crewundo", *about)]
    return [
        button(f"✅ {number}. {isolate(name)}", "crewcame", *about),
        button(f"❌ {number}.", "crewmissed", *about),
    ]


async def note_came(press: Press, tx: Transaction) -> Reply:
    return await _mark(press, tx, came=True)


async def note_missed(press: Press, tx: Transaction) -> Reply:
    return await _mark(press, tx, came=False)


async def undo(press: Press, tx: Transaction) -> Reply:
    return await _mark(press, tx, came=None)


async def _mark(press: Press, tx: Transaction, *, came: bool | None) -> Reply:
    """Note who came, for leaders and organisers alone. Pressing twice, or two at once, is harmless."""
    shift_id, person_id, page = press.number(0), press.number(1), press.number(2)
    if not await _may(press, tx, shift_id):
        return await open_card(press, tx, shift_id)
    answer = await crew.mark(tx, shift_id, person_id, came, actor_id=press.person.id, now=press.now)
    person = await people.find(tx, person_id)
    said = _said(answer, person.name[:NAME_SHOWN] if person else "", press.language)
    return said + await open_team(press, tx, shift_id, page=page)


def _said(answer: crew.Answer, name: str, language: Language) -> Reply:
    match answer:
        case crew.Marked(came=True):
            return toast(language.gettext("✅ {name} has come.", name=isolate(name)))
        case crew.Marked(came=False):
            return toast(language.gettext("❌ {name} has not come.", name=isolate(name)))
        case crew.Marked():
            return toast(language.gettext("{name}: nothing noted.", name=isolate(name)))
        case crew.NotNow(early=True):
            return alert(
                language.gettext(
                    "It is too early: you can note this from 30 minutes before the shift begins."
                )
            )
        case crew.NotNow():
            return alert(language.gettext("It is too late: that was possible until 12 hours after its end."))
        case crew.Oneself():
            return alert(language.gettext("You can't note that for yourself. Please ask another leader."))
        case crew.NotOnShift():
            return alert(language.gettext("This person is not on the shift any more."))


async def _may(press: Press, tx: Transaction, shift_id: int) -> bool:
    return press.is_organiser or await crew.leads(tx, shift_id, press.person.id)
