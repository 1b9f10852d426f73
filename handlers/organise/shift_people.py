"""The people on a shift as organisers see them: who leads, who asks for it, yes and no."""

from typing import Any, Final

from markupsafe import Markup

from bot import crew, shift_applications, volunteering
from bot.language import Language, isolate
from handlers import forms
from handlers.crew import called
from handlers.forms import Data, Form, Misread, Step, Understood
from handlers.organise import shifts as screens
from handlers.replies import Button, Reply, alert, button, show
from handlers.shift_needs import certificate_name, lacking_said, spoken
from handlers.shifts import when
from handlers.turns import Press, Turn, Writing
from storage import Transaction, people, shift_signups, shifts, volunteer_certificates, volunteers
from storage.events import Event
from storage.shift_signups import Hand, Signup
from storage.shifts import Shift

PAGE: Final = 8
REASON_LIMIT: Final = 300
# Those who ask come first: they wait for the organiser.
LISTED: Final = ("applied", "taken", "missed", "refused")


async def browse(press: Press, tx: Transaction) -> Reply:
    """A page of everybody who has to do with the shift."""
    found = await screens.find(tx, press.number(0))
    if found is None:
        return screens.gone(press.language)
    shift, event = found
    language = press.language
    hands = await shift_signups.list_hands(tx, shift.id, LISTED)
    hands.sort(key=lambda hand: LISTED.index(hand.state))
    page = min(max(0, press.number(1)), max(0, (len(hands) - 1) // PAGE))
    shown = list(enumerate(hands, start=1))[page * PAGE : (page + 1) * PAGE]
    parts = [
        language.html(
            "👥 <b>{role}</b>\n{when}",
            role=volunteering.role_of(shift, event, language.locale),
            when=when(shift, event, press),
        ),
        Markup("\n").join(
            Markup("{}. {} – {}").format(number, called(hand), _state(hand, language))
            for number, hand in shown
        )
        or language.html("Nobody has taken it yet."),
    ]
    rows = [
        [button(f"{number}. {isolate(hand.name[:40])}", "oshiftone", shift.id, hand.person_id)]
        for number, hand in shown
    ]
    turning = []
    if page:
        turning.append(button(language.gettext("‹ Earlier"), "oshiftpeople", shift.id, page - 1))
    if (page + 1) * PAGE < len(hands):
        turning.append(button(language.gettext("Later ›"), "oshiftpeople", shift.id, page + 1))
    return show(Markup("\n\n").join(parts), [*rows, turning, [_back(shift, language)]])


def _state(hand: Hand, language: Language) -> str:
    match hand.state:
        case "applied":
            return language.gettext("✋ asks for it")
        case "refused":
            return language.gettext("refused")
        case "missed":
            return language.gettext("❌ has not come")
        case _ if hand.arrived_at is not None:
            return language.gettext("✅ has come")
        case _ if hand.cover_since is not None:
            return language.gettext("🔁 seeks cover")
        case _ if hand.leader:
            return language.gettext("⭐ leads the shift")
        case _:
            return language.gettext("on the shift")


async def press_one(press: Press, tx: Transaction) -> Reply:
    return await open_one(press, tx, press.number(0), press.number(1))


async def open_one(
    turn: Turn, tx: Transaction, shift_id: int, person_id: int, *, before: Markup | None = None
) -> Reply:
    """Somebody on the shift or asking for it, with what they told, and what can be decided."""
    found = await screens.find(tx, shift_id)
    if found is None:
        return screens.gone(turn.language)
    shift, event = found
    signup = await shift_signups.find(tx, shift_id, person_id)
    person = await people.find(tx, person_id)
    if signup is None or person is None or signup.state == "dropped":
        return await screens.open_card(turn, tx, shift_id)
    language = turn.language
    name = isolate(f"{person.name[:60]} @{person.username}" if person.username else person.name[:60])
    parts = [before] if before else []
    parts.append(
        language.html(
            "<b>{name}</b>\n{role}, {when}",
            name=name,
            role=volunteering.role_of(shift, event, language.locale),
            when=when(shift, event, turn),
        )
    )
    parts.append(await _told(tx, shift, event, signup, turn))
    return show(Markup("\n\n").join(parts), [*_rows(shift, event, signup, turn), [_back(shift, language)]])


async def _told(tx: Transaction, shift: Shift, event: Event, signup: Signup, turn: Turn) -> Markup:
    language = turn.language
    volunteer = await volunteers.find(tx, signup.person_id)
    lines = []
    if signup.state == "applied":
        lines.append(language.html("✋ Asks for this shift."))
    if volunteer:
        if volunteer.languages:
            lines.append(
                language.html("🗣 Languages: {languages}", languages=spoken(language, volunteer.languages))
            )
        if volunteer.skills:
            lines.append(language.html("🛠 Skills: {skills}", skills=volunteer.skills))
    for one in await volunteer_certificates.list_of_person(tx, signup.person_id):
        if one.checked_at is not None:
            lines.append(Markup("📜 {}").format(certificate_name(language, one.kind)))
    if signup.leader:
        lines.append(language.html("⭐ Leads the shift: sees the others, and notes who has come."))
    if signup.cover_since is not None:
        lines.append(language.html("🔁 Can't come, and seeks somebody who takes over."))
    if signup.state == "refused":
        lines.append(language.html("Was refused. {reason}", reason=signup.reason))
    if signup.state == "missed":
        lines.append(language.html("❌ Has not come."))
    elif signup.arrived_at is not None:
        lines.append(language.html("✅ Came at {time}.", time=language.time(signup.arrived_at)))
    return Markup("\n").join(lines)


def _rows(shift: Shift, event: Event, signup: Signup, turn: Turn) -> list[list[Button]]:
    language = turn.language
    about = (shift.id, signup.person_id)
    is_open = volunteering.is_open(shift, event, turn.now)
    off = [button(language.gettext("Take them off the shift"), "oshiftno", *about, style="danger")]
    match signup.state:
        case "applied" if is_open:
            return [
                [button(language.gettext("✅ Approve"), "oshiftyes", *about, style="success")],
                [button(language.gettext("Refuse"), "oshiftno", *about, style="danger")],
            ]
        case "refused" if is_open:
            return [[button(language.gettext("Approve after all"), "oshiftyes", *about)]]
        case "taken" if signup.leader:
            leading = [button(language.gettext("No leader any more"), "oshiftlead", *about, 0)]
            return [leading, off] if is_open else [leading]
        case "taken" if shift.cancelled_at is None and turn.now <= shift.ends_at + crew.AFTER:
            leading = [button(language.gettext("⭐ Make them the leader"), "oshiftlead", *about, 1)]
            return [leading, off] if is_open else [leading]
        case _:
            return []


async def lead(press: Press, tx: Transaction) -> Reply:
    """Make somebody the leader, or no leader any more. Pressing twice is harmless."""
    shift_id, person_id, wanted = press.number(0), press.number(1), press.word(2) == "1"
    language = press.language
    if not await crew.set_leader(tx, shift_id, person_id, wanted, actor_id=press.person.id, now=press.now):
        return await screens.open_card(press, tx, shift_id)
    said = language.html("✅ They lead the shift, and are told.") if wanted else language.html("✅ Changed.")
    return await open_one(press, tx, shift_id, person_id, before=said)


async def approve(press: Press, tx: Transaction) -> Reply:
    """Give the shift to somebody who asks for it. Pressing twice is harmless."""
    language = press.language
    shift_id, person_id = press.number(0), press.number(1)
    match await shift_applications.approve(tx, shift_id, person_id, actor_id=press.person.id, now=press.now):
        case shift_applications.Approved():
            said = language.gettext("The shift is theirs, and they are told.")
        case shift_applications.NotAsking():
            said = language.gettext("They don't ask for it any more.")
        case volunteering.Full():
            said = language.gettext("All places are taken. Add a place first, or refuse.")
        case volunteering.Lacks(shift, lacking):
            said = lacking_said(shift, lacking, language)
        case volunteering.Overlaps():
            said = language.gettext("They have taken another shift at that time meanwhile.")
        case _:
            said = language.gettext("This shift has begun, or is not there any more.")
    return alert(said) + await open_one(press, tx, shift_id, person_id)


async def begin_refusal(press: Press, tx: Transaction) -> Reply:
    """Ask for the reason, which goes to the volunteer."""
    signup = await shift_signups.find(tx, press.number(0), press.number(1))
    shift = await shifts.find(tx, press.number(0))
    if signup is None or shift is None or not shift_applications.may_refuse(signup, shift, press.now):
        return await open_one(press, tx, press.number(0), press.number(1))
    return await forms.begin(press, tx, REFUSAL, {"shift": press.number(0), "person": press.number(1)})


def ask_reason(turn: Turn, data: Data) -> Markup:
    return turn.language.html("What is the reason? I send it to the volunteer. Or press “Skip”.")


def read_reason(writing: Writing, data: Data) -> Understood | Misread:
    language = writing.language
    if not writing.text:
        return Misread(language.html("I can only read text here."))
    if len(writing.text) > REASON_LIMIT:
        return Misread(
            language.nhtml(
                "That is too long. Please use {n} character at most.",
                "That is too long. Please use {n} characters at most.",
                REASON_LIMIT,
            )
        )
    return Understood(writing.text)


async def _refuse(turn: Turn, tx: Transaction, data: Data) -> Reply:
    answer = await shift_applications.refuse(
        tx, data["shift"], data["person"], data["reason"] or "", actor_id=turn.person.id, now=turn.now
    )
    language = turn.language
    if isinstance(answer, shift_applications.Refusal):
        said = language.html("Refused, and they are told.")
    else:
        said = language.html("They don't ask for it any more.")
    return await open_one(turn, tx, data["shift"], data["person"], before=said)


def _way_back(turn: Turn) -> Button:
    data: dict[str, Any] = dict(turn.dialogue.data) if turn.dialogue else {}
    return button(turn.language.gettext("‹ Back"), "oshiftone", data.get("shift", -1), data.get("person", -1))


def _back(shift: Shift, language: Language) -> Button:
    return button(language.gettext("‹ Back to the shift"), "oshift", shift.id)


REFUSAL: Final = Form(
    kind="shift_refusal",
    steps=(Step("reason", ask_reason, read=read_reason, optional=True),),
    finish=_refuse,
    way_back=_way_back,
    organisers_only=True,
)
