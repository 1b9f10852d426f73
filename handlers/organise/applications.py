"""Applications as organisers see them: who waits for an answer, approving, and refusing with a reason."""

from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from bot import applications
from bot.applications import Decided, Decision, Settled
from bot.attendance import Left, Offered, Refused, Seated, Waiting
from bot.event_questions import text_of
from bot.language import Language, isolate
from bot.places import Cancelled, Gone
from handlers import forms
from handlers.event_answers import tell_answer
from handlers.events import title_of
from handlers.forms import Data, Form
from handlers.organise.event_admin import gone
from handlers.organise.reasons import REASON, reason_in, reason_rows
from handlers.owing import Reading
from handlers.replies import Button, Original, Raw, Reply, button, say, show, toast
from handlers.turns import Press, Turn
from storage import Transaction, event_questions, events, parties, rsvps
from storage.events import Event
from storage.notices import Owed
from storage.parties import Party

PAGE = 8


async def open_applications(press: Press, tx: Transaction) -> Reply:
    """Everything that waits for an answer, in the order of asking."""
    return await _show_list(press, tx, press.number(0), page=press.number(1) if len(press.args) > 1 else 0)


async def _show_list(
    turn: Turn, tx: Transaction, event_id: int, *, page: int = 0, before: Markup | None = None
) -> Reply:
    event = await events.find(tx, event_id)
    if event is None:
        return gone(turn)
    language = turn.language
    waiting = await rsvps.list_applications(tx, event.id)
    page = min(max(0, page), max(0, len(waiting) - 1) // PAGE)
    text = language.html("<b>Applications: {title}</b>", title=title_of(event, language))
    nobody = language.html("Nobody waits for an answer.")
    count = language.nhtml(
        "{n} application waits for an answer.", "{n} applications wait for an answer.", len(waiting)
    )
    text += Markup("\n\n") + (count if waiting else nobody)
    rows: list[list[Button]] = []
    for one in waiting[page * PAGE : (page + 1) * PAGE]:
        party = await parties.find_by_id(tx, one.id)
        if party:
            rows.append([button(_label(party, language), "oapp", one.id)])
    turning = []
    if page:
        turning.append(button(language.gettext("‹ Previous"), "oapps", event.id, page - 1))
    if (page + 1) * PAGE < len(waiting):
        turning.append(button(language.gettext("Next ›"), "oapps", event.id, page + 1))
    back = [button(language.gettext("‹ Back"), "oevent", event.id)]
    return show(before + Markup("\n\n") + text if before else text, [*rows, turning, back])


def _label(party: Party, language: Language) -> str:
    name = isolate(party.name[:40])
    if party.companions:
        name = language.gettext("{name} +{n}", name=name, n=language.number(party.companions))
    return language.gettext("🔄 {name} (changed)", name=name) if party.to_review else name


async def open_application(press: Press, tx: Transaction) -> Reply:
    """One application: the party and what they answered."""
    return await _show_one(press, tx, press.number(0))


async def _show_one(turn: Turn, tx: Transaction, rsvp_id: int, *, before: Markup | None = None) -> Reply:
    party = await parties.find_by_id(tx, rsvp_id)
    event = await events.find(tx, party.event_id) if party else None
    if party is None or event is None:
        return gone(turn)
    if party.state != "applied" and not party.to_review:
        settled = turn.language.html("{name} waits for no answer any more.", name=isolate(party.name[:64]))
        return await _show_list(turn, tx, event.id, before=settled)
    language = turn.language
    lines = [language.html("<b>Application for {title}</b>", title=title_of(event, language)), Markup()]
    lines += describe_party(event, party, turn)
    if party.to_review:
        lines.append(
            language.html("🔄 It had been approved and has changed since. The place is kept meanwhile.")
        )
    answered, pictures = await _answers(event, party, turn, tx)
    lines += answered
    rows = [
        *pictures,
        [
            button(language.gettext("✅ Approve"), "oappyes", rsvp_id, style="success"),
            button(language.gettext("❌ Refuse"), "oappno", rsvp_id, style="danger"),
        ],
        [button(language.gettext("‹ All applications"), "oapps", event.id)],
    ]
    text = Markup("\n").join(lines)
    return show(before + Markup("\n\n") + text if before else text, rows)


def describe_party(event: Event, party: Party, turn: Turn) -> list[Markup]:
    """Who it is, with whom, since when, and in which way."""
    language = turn.language
    name = escape(isolate(party.name[:64]))
    lines = [Markup("👤 {}").format(name)]
    if party.username:
        lines[0] += Markup(" @{}").format(party.username)
    if party.companions:
        lines.append(language.nhtml("👥 With {n} companion", "👥 With {n} companions", party.companions))
    if party.names:
        names = [isolate(name[:64]) for name in party.names]
        lines.append(language.html("Companions: {names}", names=language.joined(names)))
    if event.ways == "both":
        lines.append(language.html("💻 Online") if party.way == "online" else language.html("📍 On the spot"))
    asked = language.moment(party.asked_at, ZoneInfo(event.zone), now=turn.now)
    lines.append(language.html("Asked on {when}", when=asked))
    return lines


async def _answers(
    event: Event, party: Party, turn: Turn, tx: Transaction
) -> tuple[list[Markup], list[list[Button]]]:
    """What was answered in words, and a button for each picture or document."""
    given = await event_questions.answers_of(tx, party.rsvp_id)
    lines, rows = [], []
    for question in await event_questions.list_ever_asked(tx, event.id):
        if question.id not in given:
            continue
        language = turn.language
        words = text_of(question, language.locale, event.base_locale).text
        answer = tell_answer(language, question, given[question.id], event.base_locale)
        lines.append(Markup("\n<i>{}</i>\n{}").format(words, isolate(answer[:1000])))
        if question.kind in ("photo", "document"):
            rows.append(
                [
                    button(
                        language.gettext("🖼 {question}", question=words),
                        "oappfile",
                        party.rsvp_id,
                        question.id,
                    )
                ]
            )
    return lines, rows


async def send_answer_file(press: Press, tx: Transaction) -> Reply:
    """The picture or document that was given as an answer."""
    party = await parties.find_by_id(tx, press.number(0))
    given = await event_questions.answers_of(tx, party.rsvp_id) if party else {}
    question = await event_questions.find(tx, press.number(1))
    value = given.get(question.id) if question else None
    if party is None or question is None or value is None or question.kind not in ("photo", "document"):
        return toast(press.language.gettext("That button does nothing here."))
    caption = press.language.gettext("From {name}", name=isolate(party.name[:64]))
    if question.kind == "photo":
        return toast("") + Reply((Original(caption, photo=value),))
    sent = {"chat_id": press.where.chat_id, "document": value, "caption": caption}
    return toast("") + Reply((Raw("sendDocument", sent),))


async def approve(press: Press, tx: Transaction) -> Reply:
    """Approve it and go on to the next one. Pressing twice is harmless."""
    decision = await applications.approve(tx, press.number(0), press.person.id, now=press.now)
    return await _go_on(press, tx, press.number(0), decision)


async def ask_refusal(press: Press, tx: Transaction) -> Reply:
    """Why? The reason is sent along."""
    party = await parties.find_by_id(tx, press.number(0))
    if party is None:
        return gone(press)
    if party.state != "applied" and not party.to_review:
        return await _show_one(press, tx, party.rsvp_id)
    language = press.language
    text = language.html("Refuse the application of <b>{name}</b>? Why?", name=isolate(party.name[:64]))
    rows = reason_rows(press, "oappnoed", "oappwhy", party.rsvp_id)
    return show(text, [*rows, [button(language.gettext("‹ Back"), "oapp", party.rsvp_id)]])


async def refuse(press: Press, tx: Transaction) -> Reply:
    """Refuse it for the reason on the button. Pressing twice is harmless."""
    party = await parties.find_by_id(tx, press.number(0))
    reason = reason_in(party.locale, press.word(1)) if party else None
    if party is None:
        return gone(press)
    if reason is None:
        return toast(press.language.gettext("That button does nothing here."))
    decision = await applications.refuse(tx, party.rsvp_id, press.person.id, reason, now=press.now)
    return await _go_on(press, tx, party.rsvp_id, decision)


async def write_reason(press: Press, tx: Transaction) -> Reply:
    party = await parties.find_by_id(tx, press.number(0))
    if party is None:
        return gone(press)
    return await forms.begin(press, tx, FORM, {"rsvp": party.rsvp_id})


async def _refuse_in_own_words(turn: Turn, tx: Transaction, data: Data) -> Reply:
    decision = await applications.refuse(tx, data["rsvp"], turn.person.id, data["reason"], now=turn.now)
    return await _go_on(turn, tx, data["rsvp"], decision)


def _way_back(turn: Turn) -> Button:
    data = turn.dialogue.data if turn.dialogue else {}
    return button(turn.language.gettext("‹ Back"), "oapp", data.get("rsvp", 0))


FORM = Form(
    "application_refusal", (REASON,), finish=_refuse_in_own_words, way_back=_way_back, organisers_only=True
)


async def _go_on(turn: Turn, tx: Transaction, rsvp_id: int, decision: Decision) -> Reply:
    """What was decided, and the next application if there is one."""
    party = await parties.find_by_id(tx, rsvp_id)
    if party is None or isinstance(decision, Gone):
        return gone(turn)
    said = _describe(decision, isolate(party.name[:64]), turn.language)
    left = await rsvps.list_applications(tx, party.event_id)
    later = [one for one in left if (one.asked_at, one.id) > (party.asked_at, party.rsvp_id)] or left
    if later and isinstance(decision, Decided):
        return await _show_one(turn, tx, later[0].id, before=said)
    return await _show_list(turn, tx, party.event_id, before=said)


def _describe(decision: Decision, name: str, language: Language) -> Markup:
    match decision:
        case Decided(_, Seated()):
            return language.html("✅ {name} has a place, and is told.", name=name)
        case Decided(_, Waiting(position=position)):
            return language.html(
                "✅ {name} is approved and is number {n} on the waitlist.",
                name=name,
                n=language.number(position),
            )
        case Decided(_, Refused()):
            return language.html("{name} is refused, and is told.", name=name)
        case Decided():
            return language.html("✅ {name} is approved.", name=name)
        case Settled(_, Seated() | Waiting() | Offered()):
            return language.html("{name} had been approved already.", name=name)
        case Settled(_, Refused()):
            return language.html("{name} had been refused already.", name=name)
        case Settled(_, Left()):
            return language.html("{name} does not want to come any more.", name=name)
        case Settled() | Cancelled() | Gone():
            return language.html("This can't be decided any more.")


async def tell_new(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    """Applications wait; worded by how many do when it is sent, so that many in a row are one message."""
    event = await events.find(tx, notice.event_id) if notice.event_id is not None else None
    if event is None or event.state != "published":
        return None
    waiting = await rsvps.list_applications(tx, event.id)
    if not waiting:
        return None
    language = reading.language
    text = language.nhtml(
        "📝 {n} application for <b>{title}</b> waits for your answer.",
        "📝 {n} applications for <b>{title}</b> wait for your answer.",
        len(waiting),
        title=title_of(event, language),
    )
    return say(text, [[button(language.gettext("Look at them"), "oapps", event.id)]])
