"""Sending a broadcast: when and how it goes out, asking once more, pausing and stopping it."""

from collections.abc import Sequence
from datetime import UTC, datetime

from markupsafe import Markup

from bot import broadcast_starting
from bot import broadcasts as decisions
from bot.broadcast_starting import Begun, Changed, Gone, Nobody, Scheduled, Started, Submitted
from handlers import forms
from handlers.forms import Choice, Data, Form, Step
from handlers.organise import answers
from handlers.organise.broadcast_pages import describe_plan, open_page, open_pressed
from handlers.replies import Button, Reply, alert, button, show, toast
from handlers.turns import Press, Turn
from storage import Transaction, audiences, broadcasts
from storage.broadcasts import Broadcast

AT_ONCE = "once"

# What the draft's own screens open when it is no draft any more.
open_progress = open_page


async def confirm(press: Press, tx: Transaction) -> Reply:
    """The last look before it leaves, and the choice of when and how it does."""
    found = await broadcasts.find(tx, press.number(0))
    if found is None or found.state != "draft":
        return await open_pressed(press, tx)
    return await _confirm(press, tx, found)


async def _confirm(turn: Turn, tx: Transaction, found: Broadcast) -> Reply:
    language = turn.language
    if found.paid and not turn.setup.paid_broadcasts:
        # Whoever runs the bot has turned paying off since.
        await decisions.arrange(tx, found.id, paid=False)
        found = await broadcasts.find(tx, found.id) or found
    counted = await audiences.count(tx, found.audience)
    plan = await describe_plan(turn, tx, found)
    back = [button(language.gettext("‹ Back"), "broadcast", found.id)]
    if not counted.people:
        nobody = language.html("There is nobody whom it would reach.")
        return show(Markup("\n").join([nobody, *plan]), [back])
    approval = await broadcast_starting.is_approval_wanted(tx)
    facts = [language.html("<b>Send this?</b>"), *plan]
    if approval:
        facts.append(language.html("🔎 A second organiser has to agree first."))
    facts.append(
        language.html(
            "It can be stopped on its way. What has arrived can be corrected and, for 48 hours, taken back."
        )
    )
    send = [_send_button(found, counted.people, turn, approval=approval)]
    return show(Markup("\n").join(facts), [*_options(found, turn), send, back])


def _send_button(found: Broadcast, people: int, turn: Turn, *, approval: bool) -> Button:
    language = turn.language
    if approval:
        label = language.gettext("🔎 Ask for approval")
    elif found.send_at is not None and found.send_at > turn.now:
        label = language.ngettext("🕘 Schedule for {n} person", "🕘 Schedule for {n} people", people)
    else:
        label = language.ngettext("📤 Send to {n} person", "📤 Send to {n} people", people)
    return button(label, "broadcastsend", found.id, decisions.digest(found), style="success")


def _options(found: Broadcast, turn: Turn) -> list[Sequence[Button]]:
    """Each button says what it sets, so that pressing it twice sets it once."""
    language = turn.language
    later = [button(language.gettext("🕘 Send it later…"), "broadcastlater", found.id)]
    if found.send_at is not None:
        later = [
            button(language.gettext("🕘 Another time…"), "broadcastlater", found.id),
            button(language.gettext("Send at once"), "broadcastset", found.id, "time", AT_ONCE),
        ]
    silence = language.gettext("🔕 Without a sound")
    sound = language.gettext("🔔 With a sound")
    sounding = (
        button(sound, "broadcastset", found.id, "silent", "no")
        if found.silent
        else button(silence, "broadcastset", found.id, "silent", "yes")
    )
    rows: list[Sequence[Button]] = [
        later,
        [sounding, button(language.gettext("🌙 At night…"), "broadcastnight", found.id)],
    ]
    if found.paid:
        cheap = language.gettext("⭐ Don't pay, send slower")
        rows.append([button(cheap, "broadcastset", found.id, "paid", "no")])
    elif turn.setup.paid_broadcasts:
        fast = language.gettext("⭐ Pay to send faster")
        rows.append([button(fast, "broadcastset", found.id, "paid", "yes")])
    return rows


async def set_option(press: Press, tx: Transaction) -> Reply:
    """Take what the button says: the hour, the sound, the night or the price. Pressing twice is harmless."""
    match press.word(1), press.word(2):
        case "time", "once":
            await decisions.arrange(tx, press.number(0), send_at=None)
        case "silent", "yes" | "no" as said:
            await decisions.arrange(tx, press.number(0), silent=said == "yes")
        case "night", night if night in decisions.NIGHTS:
            await decisions.arrange(tx, press.number(0), night=night)
        case "paid", "yes" | "no" as said if said == "no" or press.setup.paid_broadcasts:
            await decisions.arrange(tx, press.number(0), paid=said == "yes")
    return await confirm(press, tx)


async def choose_night(press: Press, tx: Transaction) -> Reply:
    """How it reaches those for whom it is night."""
    found = await broadcasts.find(tx, press.number(0))
    if found is None or found.state != "draft":
        return await open_pressed(press, tx)
    language = press.language
    labels = {
        "morning": language.gettext("Let it wait for the morning"),
        "silent": language.gettext("Send it without a sound"),
        "now": language.gettext("Send it as by day"),
    }
    rows = [
        [button(f"✓ {label}" if night == found.night else label, "broadcastset", found.id, "night", night)]
        for night, label in labels.items()
    ]
    text = language.html(
        "🌙 <b>And where it is night?</b>\nNight is each reader's own quiet hours; for whoever has set none,"
        " it is from 22:00 to 8:00."
    )
    return show(text, [*rows, [button(language.gettext("‹ Back"), "broadcastconfirm", found.id)]])


async def begin_later(press: Press, tx: Transaction) -> Reply:
    found = await broadcasts.find(tx, press.number(0))
    if found is None or found.state != "draft":
        return await open_pressed(press, tx)
    return await forms.begin(press, tx, LATER, {"broadcast": found.id})


def _ask_when(turn: Turn, data: Data) -> Markup:
    return turn.language.html(
        "<b>When shall it go out?</b>\nPlease write day and time, such as “tomorrow 10:00” or"
        " “3 December 18:30”."
    )


def _at_once(turn: Turn, data: Data) -> Sequence[Choice]:
    return [Choice(turn.language.gettext("Send at once"), None)]


async def _finish_later(turn: Turn, tx: Transaction, data: Data) -> Reply:
    chosen = data["when"]
    send_at = datetime.fromtimestamp(chosen, UTC) if chosen is not None else None
    await decisions.arrange(tx, data["broadcast"], send_at=send_at)
    found = await broadcasts.find(tx, data["broadcast"])
    if found is None:
        text = turn.language.html("This broadcast is not there any more.")
        return show(text, [[button(turn.language.gettext("‹ Broadcasts"), "broadcasts")]])
    return await (_confirm if found.state == "draft" else open_page)(turn, tx, found)


def _way_back(turn: Turn) -> Button:
    data = turn.dialogue.data if turn.dialogue else {}
    return button(turn.language.gettext("‹ Back"), "broadcastconfirm", data.get("broadcast", 0))


LATER = Form(
    "broadcast_later",
    (Step("when", _ask_when, answers.read_coming, _at_once),),
    _finish_later,
    _way_back,
    organisers_only=True,
)


async def send(press: Press, tx: Transaction) -> Reply:
    """Let it leave, if it still is what was confirmed. Pressing twice sends once."""
    language = press.language
    started = await broadcast_starting.start(
        tx, press.number(0), press.word(1), actor_id=press.person.id, now=press.now
    )
    match started:
        case Gone() | Begun() | Started() | Scheduled():
            return await open_pressed(press, tx)
        case Submitted(_, asked):
            if asked:
                said = language.gettext("The other organisers are asked to look at it.")
            else:
                said = language.gettext(
                    "There is no other organiser who could agree. An owner can add one under Team."
                )
            return alert(said) + await open_pressed(press, tx)
        case Changed():
            said = language.gettext("Somebody has just changed it. Please look at it once more.")
            return alert(said) + await confirm(press, tx)
        case Nobody():
            return alert(language.gettext("There is nobody whom it would reach.")) + await confirm(press, tx)


async def unschedule(press: Press, tx: Transaction) -> Reply:
    """Make a draft again of what waits for its hour. Pressing twice is harmless."""
    await broadcast_starting.unschedule(tx, press.number(0), actor_id=press.person.id, now=press.now)
    return await confirm(press, tx)


async def pause(press: Press, tx: Transaction) -> Reply:
    held = await decisions.pause(tx, press.number(0), actor_id=press.person.id, now=press.now)
    said = press.language.gettext("Paused. Nothing more leaves until you go on.")
    return (toast(said) if held else Reply()) + await open_pressed(press, tx)


async def resume(press: Press, tx: Transaction) -> Reply:
    going = await decisions.resume(tx, press.number(0), actor_id=press.person.id, now=press.now)
    return (toast(press.language.gettext("It goes on.")) if going else Reply()) + await open_pressed(
        press, tx
    )


async def ask_stop(press: Press, tx: Transaction) -> Reply:
    """What is stopped can't go on: that is no matter for a slip of the thumb."""
    found = await broadcasts.find(tx, press.number(0))
    if found is None or found.state not in ("sending", "paused"):
        return await open_pressed(press, tx)
    if press.where.message_id is not None:
        await broadcasts.leave_message(tx, press.where.chat_id, press.where.message_id)
    language = press.language
    text = language.html("Stop this broadcast for good? Those who have it keep it; nobody else gets it.")
    # What is paused stays so: going on is another button.
    no = language.gettext("No, go on") if found.state == "sending" else language.gettext("‹ Back")
    rows = [
        [button(language.gettext("Yes, stop it"), "broadcaststopped", found.id, style="danger")],
        [button(no, "broadcast", found.id)],
    ]
    return show(text, rows)


async def stop(press: Press, tx: Transaction) -> Reply:
    """Send no more of it. Pressing twice is harmless."""
    await decisions.stop(tx, press.number(0), actor_id=press.person.id, now=press.now)
    return await open_pressed(press, tx)
