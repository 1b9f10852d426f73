"""How people found an event: five buttons, and a sentence for those who like to write one."""

from markupsafe import Markup

from bot import feedback
from bot.feedback import COMMENT_LIMIT, SCORES, Noted, NotForYou, TooLate
from bot.language import Language
from handlers.events import title_of
from handlers.forms import Data, Form, Misread, Step, Understood, begin
from handlers.menu import home_button
from handlers.newsletters import offer
from handlers.owing import Reading
from handlers.replies import Button, Keyboard, Reply, alert, button, say, show, toast
from handlers.turns import Press, Turn, Writing
from storage import Transaction, events
from storage import feedback as given_rows
from storage.notices import Owed


async def ask(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    """Thanks, and a question that one tap answers."""
    event = await events.find(tx, notice.event_id) if notice.event_id is not None else None
    if event is None or event.state != "published" or not event.feedback:
        return None
    language = reading.language
    text = language.html(
        "🙏 Thank you for having been at <b>{title}</b>! How was it? 1 is poor, 5 is very good.",
        title=title_of(event, language),
    )
    return say(text, [_scores(event.id, None, language)])


def _scores(event_id: int, chosen: int | None, language: Language) -> list[Button]:
    return [
        button(f"✓ {score}" if score == chosen else language.number(score), "rate", event_id, score)
        for score in SCORES
    ]


async def rate(press: Press, tx: Transaction) -> Reply:
    """Note the score. Pressing twice is harmless, pressing another replaces it."""
    noted = await feedback.rate(tx, press.number(0), press.person.id, press.number(1), now=press.now)
    if not isinstance(noted, Noted):
        return alert(_refuse(noted, press.language))
    offered, buttons = await offer(press, tx, noted.event.kind)
    return toast(press.language.gettext("Thank you!")) + show(*_thanks(noted, press, offered, buttons))


def _thanks(
    noted: Noted, turn: Turn, offered: Markup | None = None, buttons: Keyboard = ()
) -> tuple[Markup, Keyboard]:
    """What was noted, and the newsletter that is offered with it."""
    language = turn.language
    parts = [
        language.html(
            "🙏 Thank you! You gave <b>{title}</b> {score} of 5.",
            title=title_of(noted.event, language),
            score=language.number(noted.score),
        )
    ]
    label = language.gettext("✍️ Add a sentence")
    if noted.comment:
        label = language.gettext("✍️ Change the sentence")
        parts.append(language.html("You wrote: {comment}", comment=noted.comment))
    parts.append(
        language.html("Organisers see it without your name. You can change it for two weeks after the event.")
    )
    rows = [
        _scores(noted.event.id, noted.score, language),
        [button(label, "ratesay", noted.event.id)],
        *buttons,
        [home_button(language)],
    ]
    if offered:
        parts.append(offered)
    return Markup("\n\n").join(parts), rows


def _refuse(refusal: TooLate | NotForYou, language: Language) -> str:
    match refusal:
        case TooLate():
            return language.gettext("This can't be changed any more. Thank you all the same!")
        case NotForYou():
            return language.gettext("Only those who were there are asked how it was.")


async def begin_comment(press: Press, tx: Transaction) -> Reply:
    """Ask for the sentence; the score must have been given."""
    given = await given_rows.find(tx, press.number(0), press.person.id)
    if given is None:
        return alert(press.language.gettext("Please choose a number first."))
    return await begin(press, tx, FORM, {"event": given.event_id})


def _ask_sentence(turn: Turn, data: Data) -> Markup:
    return turn.language.html("What was good, what should be different? A sentence is enough.")


def _read_sentence(writing: Writing, data: Data) -> Understood | Misread:
    language = writing.language
    if not writing.text:
        return Misread(language.html("Please write it in words."))
    if len(writing.text) > COMMENT_LIMIT:
        return Misread(
            language.html(
                "That is {n} characters too long. Please say it shorter.",
                n=language.number(len(writing.text) - COMMENT_LIMIT),
            )
        )
    return Understood(writing.text)


async def _finish(turn: Turn, tx: Transaction, data: Data) -> Reply:
    """Skipping leaves what was written before as it is."""
    noted = await feedback.comment(tx, int(data["event"]), turn.person.id, data["comment"], now=turn.now)
    if not isinstance(noted, Noted):
        text = Markup.escape(_refuse(noted, turn.language))
        return show(text, [[home_button(turn.language)]])
    return show(*_thanks(noted, turn))


def _way_back(turn: Turn) -> Button:
    return home_button(turn.language)


FORM = Form("feedback", (Step("comment", _ask_sentence, _read_sentence, optional=True),), _finish, _way_back)
