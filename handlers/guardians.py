"""A guardian's consent: the young person passes a link on, and the guardian answers in their own account."""

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from bot import consents, programme
from bot.consents import AnotherAnswered, ForGuardian, Needed, NoLink, NotNeeded, Opened, Over, OwnLink
from bot.language import Language, isolate
from handlers import events as cards
from handlers import forms
from handlers.forms import Choice, Data, Form, Misread, Step, Understood
from handlers.menu import home_button
from handlers.organise.answers import read_text
from handlers.replies import Button, Reply, button, link, show, toast
from handlers.traveller_steps import read_phone
from handlers.turns import Press, Turn, Writing
from storage import Transaction
from storage.events import Event

NAME_LIMIT: Final = 100
RELATIONS: Final = ("mother", "father", "grandparent", "guardian")


async def ask_age(press: Press, tx: Transaction) -> Reply:
    """Where the young person stands: their age, the link, or the guardian's answer."""
    needed = await consents.ask(tx, press.number(0), press.person.id, now=press.now)
    return await _screen(press, tx, press.number(0), needed, asked=press.word(1) != "link")


async def say_adult(press: Press, tx: Transaction) -> Reply:
    needed = await consents.say_age(tx, press.number(0), press.person.id, adult=True, now=press.now)
    return await _screen(press, tx, press.number(0), needed, asked=False)


async def say_young(press: Press, tx: Transaction) -> Reply:
    needed = await consents.say_age(tx, press.number(0), press.person.id, adult=False, now=press.now)
    return await _screen(press, tx, press.number(0), needed, asked=False)


async def renew(press: Press, tx: Transaction) -> Reply:
    """A new link; the old one opens nothing any more."""
    needed = await consents.renew(tx, press.number(0), press.person.id, now=press.now)
    done = toast(press.language.gettext("Here is a new link. The old one is of no use any more."))
    return done + await _screen(press, tx, press.number(0), needed, asked=False)


async def _screen(
    turn: Turn, tx: Transaction, event_id: int, needed: Needed | NotNeeded, *, asked: bool
) -> Reply:
    if isinstance(needed, NotNeeded):
        return await cards.open_card(turn, tx, event_id)
    language, event, consent = turn.language, needed.event, needed.consent
    title, back = cards.title_of(event, language), [_to_event(event, language)]
    until = language.moment(needed.until, ZoneInfo(event.zone), now=turn.now)
    match consent.state:
        case "asked" if asked:
            text = _lines(
                language.html("👪 <b>{title}</b>", title=title), language.html("Are you 18 or over?")
            )
            rows = [
                [button(language.gettext("Yes, I am 18 or over"), "adult", event.id)],
                [button(language.gettext("No, I am younger"), "younger", event.id)],
            ]
        case "asked":
            text = _lines(
                language.html(
                    "👪 A parent or guardian has to agree that you take part in <b>{title}</b>.", title=title
                ),
                language.html(
                    "Please pass this link on to them. They open it on their own phone and answer there:"
                ),
                escape(_address(turn, consent.token)),
                language.html(
                    "I need their answer by {when}; else your place goes to somebody else.", when=until
                ),
            )
            rows = _link_rows(turn, event, consent.token)
            rows.append([button(language.gettext("I am 18 or over"), "adult", event.id)])
        case "refused":
            text = language.html(
                "👪 Your parent or guardian does not agree that you take part in <b>{title}</b>."
                " Please talk it over. They can still change their answer until {when}; then your place goes"
                " to somebody else.",
                title=title,
                when=until,
            )
            rows = _link_rows(turn, event, consent.token)
        case "given":
            text = language.html(
                "✅ Your parent or guardian has agreed that you take part in <b>{title}</b>.", title=title
            )
            rows = []
        case _:
            text = language.html(
                "✅ You say that you are 18 or over, so nobody else has to agree to <b>{title}</b>.",
                title=title,
            )
            rows = [[button(language.gettext("I am younger than 18"), "younger", event.id)]]
    return show(text, [*rows, back])


def _link_rows(turn: Turn, event: Event, token: str) -> list[list[Button]]:
    language = turn.language
    said = language.gettext(
        "May I take part in “{title}”? Please open this and answer:",
        title=programme.text_of(event, language.locale).title,
    )
    shared = "https://t.me/share/url?" + urlencode({"url": _address(turn, token), "text": said})
    return [
        [link(language.gettext("↗ Pass the link on"), shared)],
        [button(language.gettext("Make a new link"), "renewlink", event.id)],
    ]


def _lines(*parts: Markup) -> Markup:
    return Markup("\n\n").join(parts)


def _address(turn: Turn, token: str) -> str:
    return f"https://t.me/{turn.setup.username}?start=guard_{token}"


def _to_event(event: Event, language: Language) -> Button:
    return button(language.gettext("‹ Back to the event"), "event", event.id)


async def open_link(turn: Turn, tx: Transaction, token: str) -> Reply:
    """What the guardian is asked: what, when, where, who, and what is kept."""
    return _for_guardian(turn, await consents.open_link(tx, token, turn.person.id, now=turn.now))


async def press_link(press: Press, tx: Transaction) -> Reply:
    return await open_link(press, tx, press.word(0))


def _for_guardian(turn: Turn, opened: Opened, *, before: Markup | None = None) -> Reply:
    language, home = turn.language, [home_button(turn.language)]
    match opened:
        case NoLink():
            return show(language.html("This link is of no use any more. Please ask for a new one."), [home])
        case OwnLink():
            text = language.html(
                "This link is for your parent or guardian. Please pass it on: they answer on their own phone."
            )
            return show(text, [[_to_event(opened.event, language)]])
        case AnotherAnswered():
            text = language.html(
                "Another parent or guardian has answered already. If something is wrong with that, please"
                " ask us."
            )
            return show(text, [[button(language.gettext("💬 Ask a person"), "ask")], home])
        case Over():
            text = language.html(
                "There is nothing to answer any more: this event has begun, was cancelled,"
                " or the place was given up."
            )
            return show(text, [home])
        case ForGuardian(event, consent, until):
            pass
    parts = [before] if before else []
    parts += [_facts(turn, event, isolate(consent.person[:64]))]
    token, zone = consent.token, ZoneInfo(event.zone)
    if consent.state == "given":
        parts.append(language.html("✅ <b>You have agreed.</b> You can take it back until the start."))
        take_back = button(language.gettext("Take my consent back"), "guardno", token, style="danger")
        return show(Markup("\n\n").join(parts), [[take_back], home])
    if consent.state == "refused":
        parts.append(
            language.html(
                "❌ <b>You don't agree.</b> You can change that until {when}; then the place goes to somebody"
                " else.",
                when=language.moment(until, zone, now=turn.now),
            )
        )
    else:
        parts.append(
            language.html(
                "If you agree, I keep your name, how you are related and, if you like, your phone number."
                " Only the organisers see it. I delete it {days} days after the event."
                " I tell you if the time or the place changes.",
                days=language.number(event.purge_days),
            )
        )
    rows = [[button(language.gettext("I agree"), "guardyes", token, style="success")]]
    if consent.state != "refused":
        rows.append([button(language.gettext("I don't agree"), "guardno", token)])
    return show(Markup("\n\n").join(parts), [*rows, home])


def _facts(turn: Turn, event: Event, who: str) -> Markup:
    language, text = turn.language, programme.text_of(event, turn.language.locale)
    lines = [
        language.html("👪 <b>May {name} take part?</b>", name=who),
        Markup("<b>{}</b>").format(text.title),
        language.html(
            "🗓 {when}",
            when=language.span(event.starts_at, event.ends_at, ZoneInfo(event.zone), now=turn.now),
        ),
    ]
    if text.place:
        lines.append(language.html("📍 {place}", place=text.place))
    return Markup("\n").join(lines)


async def begin(press: Press, tx: Transaction) -> Reply:
    """Ask the guardian who they are; the yes counts once they have said it."""
    opened = await consents.open_link(tx, press.word(0), press.person.id, now=press.now)
    if not isinstance(opened, ForGuardian) or opened.consent.state == "given":
        return _for_guardian(press, opened)
    known = {
        "token": opened.consent.token,
        "who": isolate(opened.consent.person[:64]),
        "suggested": press.person.name,
    }
    return await forms.begin(press, tx, FORM, known)


async def refuse(press: Press, tx: Transaction) -> Reply:
    """No, or no more. Pressing twice is harmless."""
    opened = await consents.refuse(tx, press.word(0), press.person.id, now=press.now)
    return _for_guardian(press, opened)


def _ask_name(turn: Turn, data: Data) -> Markup:
    return turn.language.html("What is your full name?")


def _read_name(writing: Writing, data: Data) -> Understood | Misread:
    read = read_text(NAME_LIMIT, one_line=True)(writing, data)
    if isinstance(read, Understood) and not any(map(str.isalpha, read.value)):
        return Misread(writing.language.html("That doesn't look like a name. Please send it in letters."))
    return read


def _own_name(turn: Turn, data: Data) -> Sequence[Choice]:
    return [Choice(data["suggested"], data["suggested"])]


def _ask_relation(turn: Turn, data: Data) -> Markup:
    return turn.language.html(
        "How are you related to {name}? Choose, or write it yourself.", name=data["who"]
    )


def relation_name(language: Language, relation: str) -> str:
    """A guardian's relation in words; what was written freely stays as it is."""
    match relation:
        case "mother":
            return language.gettext("Mother")
        case "father":
            return language.gettext("Father")
        case "grandparent":
            return language.gettext("Grandparent")
        case "guardian":
            return language.gettext("Guardian")
        case _:
            return relation


def _relations(turn: Turn, data: Data) -> Sequence[Choice]:
    return [Choice(relation_name(turn.language, one), one) for one in RELATIONS]


def _ask_phone(turn: Turn, data: Data) -> Markup:
    return turn.language.html("On which phone number can we reach you during the event? You can skip this.")


async def _agree(turn: Turn, tx: Transaction, data: Data) -> Reply:
    opened = await consents.agree(
        tx,
        data["token"],
        turn.person.id,
        name=data["name"],
        relation=data["relation"],
        phone=data.get("phone") or "",
        now=turn.now,
    )
    thanks = turn.language.html("Thank you. I have told {name}.", name=data["who"])
    return _for_guardian(turn, opened, before=thanks if isinstance(opened, ForGuardian) else None)


def _way_back(turn: Turn) -> Button:
    data: Any = turn.dialogue.data if turn.dialogue else {}
    return button(turn.language.gettext("‹ Back"), "guard", data.get("token", ""))


FORM: Final = Form(
    "guardian",
    (
        Step("name", _ask_name, read=_read_name, choices=_own_name),
        Step("relation", _ask_relation, read=read_text(40, one_line=True), choices=_relations, columns=2),
        Step("phone", _ask_phone, read=read_phone, optional=True, contact=True),
    ),
    finish=_agree,
    way_back=_way_back,
    counts=True,
)
