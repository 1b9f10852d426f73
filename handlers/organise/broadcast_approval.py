"""A second organiser's look at a broadcast: the whole of it, agreeing, handing it back; and the rule."""

from dataclasses import replace

from markupsafe import Markup, escape

from bot import broadcast_starting
from bot import broadcasts as decisions
from bot.broadcast_starting import Begun, Changed, Gone, Nobody, Own, Scheduled, Started
from bot.cutting import shortened
from bot.language import isolate
from handlers import forms, other
from handlers.forms import Data, Form, Misread, Step, Understood
from handlers.organise.broadcast_pages import describe_plan, list_button, open_page, open_pressed
from handlers.organise.broadcast_preview import as_readers_see
from handlers.organise.broadcast_text import beginning
from handlers.owing import Reading
from handlers.replies import Button, Reply, Say, alert, button, say, show
from handlers.turns import Press, Turn, Writing
from storage import Transaction, broadcasts, people
from storage.notices import Owed

LONGEST_REASON = 500


async def review(press: Press, tx: Transaction) -> Reply:
    """The whole broadcast as its readers would see it, and below it the decision."""
    found = await broadcasts.find(tx, press.number(0))
    if found is None or found.state != "review":
        return await open_pressed(press, tx)
    language = press.language
    if press.person.id in (found.author_id, found.submitted_by):
        return alert(_not_own(press)) + await open_page(press, tx, found)
    lines = [language.html("🔎 <b>Shall this go out?</b>"), *await describe_plan(press, tx, found)]
    rows = [
        [
            button(
                language.gettext("✅ Yes, I agree"),
                "broadcastapprove",
                found.id,
                decisions.digest(found),
                style="success",
            )
        ],
        [button(language.gettext("↩️ Hand it back…"), "broadcastreturn", found.id)],
        [list_button(language)],
    ]
    return as_readers_see(press, found) + Reply((Say(Markup("\n").join(lines), rows),))


def _not_own(turn: Turn) -> str:
    return turn.language.gettext("You wrote it or handed it in, so another organiser has to agree.")


async def approve(press: Press, tx: Transaction) -> Reply:
    """Agree to what was seen. Pressing twice is harmless."""
    answer = await broadcast_starting.approve(
        tx, press.number(0), press.word(1), actor_id=press.person.id, now=press.now
    )
    language = press.language
    match answer:
        case Started() | Scheduled() | Begun() | Gone():
            return await open_pressed(press, tx)
        case Own():
            return alert(_not_own(press)) + await open_pressed(press, tx)
        case Changed():
            said = language.gettext("Somebody has just changed it. Please look at it once more.")
            return alert(said) + await review(press, tx)
        case Nobody():
            said = language.gettext("There is nobody whom it would reach.")
            return alert(said) + await open_pressed(press, tx)


async def begin_return(press: Press, tx: Transaction) -> Reply:
    found = await broadcasts.find(tx, press.number(0))
    if found is None or found.state != "review":
        return await open_pressed(press, tx)
    return await forms.begin(press, tx, RETURN, {"broadcast": found.id})


def _ask_why(turn: Turn, data: Data) -> Markup:
    return turn.language.html(
        "What should change? Please write it to the author in a sentence or two, or skip this."
    )


def _read_why(writing: Writing, data: Data) -> Understood | Misread:
    text = (writing.text or "").strip()
    if not text:
        return Misread(writing.language.html("Please send the reason as text."))
    if len(text) > LONGEST_REASON:
        return Misread(
            writing.language.nhtml(
                "That is too long by {n} character.",
                "That is too long by {n} characters.",
                len(text) - LONGEST_REASON,
            )
        )
    return Understood(text)


async def _hand_back(turn: Turn, tx: Transaction, data: Data) -> Reply:
    done = await broadcast_starting.hand_back(
        tx, data["broadcast"], data["why"] or "", actor_id=turn.person.id, now=turn.now
    )
    language = turn.language
    rows = [[button(language.gettext("Open it"), "broadcast", data["broadcast"])], [list_button(language)]]
    if not done:
        return show(language.html("It doesn't wait for approval any more."), rows)
    return show(language.html("↩️ It is a draft again, and its author is told."), rows)


def _way_back(turn: Turn) -> Button:
    data = turn.dialogue.data if turn.dialogue else {}
    return button(turn.language.gettext("‹ Back"), "broadcast", data.get("broadcast", 0))


RETURN = Form(
    "broadcast_return",
    (Step("why", _ask_why, _read_why, optional=True),),
    _hand_back,
    _way_back,
    organisers_only=True,
)


async def take_back(press: Press, tx: Transaction) -> Reply:
    """Make a draft again of what waits for approval, to change it. Pressing twice is harmless."""
    await broadcast_starting.hand_back(tx, press.number(0), "", actor_id=press.person.id, now=press.now)
    found = await broadcasts.find(tx, press.number(0))
    if found is None or found.state != "draft":
        return await open_pressed(press, tx)
    language = press.language
    text = language.html("↩️ It is a draft again; nothing has been sent.")
    return show(text, [[button(language.gettext("Open it"), "broadcast", found.id)], [list_button(language)]])


async def open_choice(press: Press, tx: Transaction) -> Reply:
    """Whether a second organiser has to agree to each broadcast; for owners alone."""
    if not press.is_owner:
        return other.unknown_button(press)
    language = press.language
    wanted = await broadcast_starting.is_approval_wanted(tx)
    if wanted:
        now = language.html("At present a second organiser has to agree before a broadcast goes out.")
        offered = button(language.gettext("Let everyone send by themselves"), "broadcastrule", "no")
    else:
        now = language.html("At present every organiser can send a broadcast by themselves.")
        offered = button(language.gettext("Ask for a second organiser"), "broadcastrule", "yes")
    text = language.html("🔎 <b>Approval of broadcasts</b>") + Markup("\n") + now
    return show(text, [[offered], [button(language.gettext("‹ Organise"), "organise")]])


async def choose(press: Press, tx: Transaction) -> Reply:
    """Set the rule as the button says. Pressing twice is harmless."""
    if not press.is_owner:
        return other.unknown_button(press)
    if press.word(0) in ("yes", "no"):
        wanted = press.word(0) == "yes"
        await broadcast_starting.want_approval(tx, wanted, actor_id=press.person.id, now=press.now)
    return await open_choice(replace(press, args=()), tx)


async def tell_waiting(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    """A broadcast waits for somebody to look at it; none when it doesn't any more."""
    found = await broadcasts.find(tx, int(notice.params["broadcast"]))
    if found is None or found.state != "review":
        return None
    language = reading.language
    text = language.html("🔎 A broadcast waits for your look: {words}", words=beginning(found, language, 80))
    look = language.gettext("👁 Look at it and decide")
    return say(text, [[button(look, "broadcastreview", found.id, style="primary")]])


async def tell_approved(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    found = await broadcasts.find(tx, int(notice.params["broadcast"]))
    if found is None or found.state in ("draft", "review"):
        return None
    language = reading.language
    text = language.html("✅ Your broadcast was approved: {words}", words=beginning(found, language, 80))
    return say(text, [[button(language.gettext("Open it"), "broadcast", found.id)]])


async def tell_returned(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    """It was handed back, with what the other organiser wrote."""
    found = await broadcasts.find(tx, int(notice.params["broadcast"]))
    if found is None or found.state != "draft":
        return None
    language = reading.language
    text = language.html(
        "↩️ Your broadcast was handed back to be changed: {words}", words=beginning(found, language, 80)
    )
    if reason := str(notice.params.get("reason") or ""):
        text += Markup("\n") + Markup("<blockquote>{}</blockquote>").format(escape(isolate(reason)))
    return say(text, [[button(language.gettext("Open it"), "broadcast", found.id)]])


async def tell_corrected(notice: Owed, tx: Transaction, reading: Reading) -> Reply | None:
    """Another organiser changed words that had been agreed to: what they read now; None when it is gone."""
    found = await broadcasts.find(tx, int(notice.params["broadcast"]))
    variant = found.variants.get(str(notice.params["locale"])) if found is not None else None
    if found is None or variant is None:
        return None
    language, wrote = reading.language, await people.find(tx, int(notice.params["by"]))
    if wrote is None:
        text = language.html("✏️ A broadcast was corrected. It now says:")
    else:
        name = isolate(shortened(wrote.name, 64))
        text = language.html("✏️ {name} corrected a broadcast. It now says:", name=name)
    words = isolate(shortened(variant.text, LONGEST_REASON))
    text += Markup("\n<blockquote>{}</blockquote>").format(words)
    return say(text, [[button(language.gettext("Open it"), "broadcast", found.id)]])
