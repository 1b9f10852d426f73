"""Certificates that volunteers have handed in: an organiser looks at each, and says yes or no."""

from datetime import date
from typing import Final

from markupsafe import Markup

from bot import volunteer_certificates as deciding
from bot.language import isolate
from handlers import forms
from handlers.forms import Data, Form, Step
from handlers.organise.menu import organise_button
from handlers.organise.shift_people import ask_reason, read_reason
from handlers.replies import Button, Raw, Reply, alert, button, keyboard_markup, say, show
from handlers.shift_needs import certificate_name
from handlers.turns import Press, Turn
from storage import Transaction, people, volunteer_certificates

MOST_SHOWN: Final = 10


async def browse(turn: Turn, tx: Transaction, *, before: Markup | None = None) -> Reply:
    """What nobody has looked at yet, the oldest first."""
    language = turn.language
    waiting = await volunteer_certificates.list_unchecked(tx, limit=MOST_SHOWN)
    parts = [before] if before else []
    if waiting:
        parts.append(language.html("📜 <b>Certificates to look at</b>"))
    else:
        parts.append(language.html("There is no certificate to look at."))
    rows = [
        [
            button(
                language.gettext(
                    "{name}: {certificate}",
                    name=isolate(one.name[:30]),
                    certificate=certificate_name(language, one.kind),
                ),
                "ocert",
                one.person_id,
                one.kind,
            )
        ]
        for one in waiting
    ]
    return show(Markup("\n\n").join(parts), [*rows, [organise_button(language)]])


async def open_one(press: Press, tx: Transaction) -> Reply:
    """The picture with who handed it in, and what can be said of it."""
    person_id, kind = press.number(0), press.word(1)
    found = await volunteer_certificates.find(tx, person_id, kind)
    person = await people.find(tx, person_id)
    language = press.language
    if found is None or person is None or found.checked_at is not None or found.file is None:
        return await browse(press, tx, before=language.html("Somebody has looked at that one already."))
    lines = [
        Markup("<b>{}</b>").format(isolate(person.name[:60])),
        Markup("📜 {}").format(certificate_name(language, kind)),
    ]
    if found.expires_on is None:
        lines.append(language.html("It doesn't expire."))
    else:
        day = language.day_of_record(date.fromisoformat(found.expires_on))
        lines.append(language.html("Valid until {day}", day=day))
    lines.append(language.html("Does the picture show this? Once you decide, it is deleted."))
    about = (person_id, kind, int(found.given_at.timestamp()))
    rows = [
        [button(language.gettext("✅ Yes, it counts"), "ocertyes", *about, style="success")],
        [button(language.gettext("No, refuse it"), "ocertno", *about, style="danger")],
        [button(language.gettext("‹ Certificates"), "ocerts")],
    ]
    shape, _, file_id = found.file.partition(":")
    method, field = ("sendPhoto", "photo") if shape == "photo" else ("sendDocument", "document")
    params = {
        "chat_id": press.where.chat_id,
        field: file_id,
        "caption": Markup("\n").join(lines),
        "parse_mode": "HTML",
        "reply_markup": keyboard_markup(rows),
    }
    return Reply((Raw(method, params),))


async def confirm(press: Press, tx: Transaction) -> Reply:
    """The certificate counts. Pressing twice is harmless."""
    language = press.language
    answer = await deciding.confirm(
        tx,
        press.number(0),
        press.word(1),
        given_at=press.number(2),
        actor_id=press.person.id,
        now=press.now,
    )
    if isinstance(answer, deciding.Changed):
        return alert(_changed(press)) + await _below(press, tx)
    return alert(language.gettext("It counts from now on, and they are told.")) + await _below(press, tx)


async def begin_refusal(press: Press, tx: Transaction) -> Reply:
    """Ask for the reason, which goes to the volunteer."""
    found = await volunteer_certificates.find(tx, press.number(0), press.word(1))
    if found is None or found.checked_at is not None:
        return alert(_changed(press)) + await _below(press, tx)
    data = {"person": press.number(0), "kind": press.word(1), "given": press.number(2)}
    return await forms.begin(press, tx, REFUSAL, data)


async def _refuse(turn: Turn, tx: Transaction, data: Data) -> Reply:
    answer = await deciding.refuse(
        tx,
        data["person"],
        data["kind"],
        data["reason"] or "",
        given_at=data["given"],
        actor_id=turn.person.id,
        now=turn.now,
    )
    if isinstance(answer, deciding.Changed):
        return await browse(turn, tx, before=Markup.escape(_changed(turn)))
    return await browse(turn, tx, before=turn.language.html("Refused, and they are told."))


def _changed(turn: Turn) -> str:
    return turn.language.gettext("It was looked at or handed in anew meanwhile, or it is your own.")


async def _below(press: Press, tx: Transaction) -> Reply:
    """The list in a message of its own: a picture can't become a text."""
    waiting = await volunteer_certificates.count_unchecked(tx)
    language = press.language
    if waiting:
        text = language.nhtml(
            "There is {n} more certificate to look at.",
            "There are {n} more certificates to look at.",
            waiting,
        )
    else:
        text = language.html("There is no certificate to look at.")
    rows: list[list[Button]] = [[button(language.gettext("‹ Certificates"), "ocerts")]] if waiting else []
    return say(text, [*rows, [organise_button(language)]])


def _way_back(turn: Turn) -> Button:
    return button(turn.language.gettext("‹ Certificates"), "ocerts")


REFUSAL: Final = Form(
    kind="certificate_refusal",
    steps=(Step("reason", ask_reason, read=read_reason, optional=True),),
    finish=_refuse,
    way_back=_way_back,
    organisers_only=True,
)
