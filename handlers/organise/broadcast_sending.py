"""Sending a broadcast: asking once more, how far it has come, pausing and stopping it."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from bot import audit
from bot import broadcasts as decisions
from bot.broadcasts import Begun, Changed, Gone, Nobody, Started
from bot.language import LOCALES, NATIVE_NAMES, Language
from handlers.organise.broadcast_audience import describe, describe_count
from handlers.organise.broadcast_text import beginning
from handlers.replies import Button, Reply, alert, button, show, toast
from handlers.turns import Press, Turn
from storage import Transaction, audiences, broadcast_notices, broadcasts
from storage.broadcast_notices import Outcome
from storage.broadcasts import Broadcast

UNDER_WAY = ("owed", "claimed")


async def confirm(press: Press, tx: Transaction) -> Reply:
    """The last look before it leaves."""
    found = await broadcasts.find(tx, press.number(0))
    if found is None or found.state != "draft":
        return await _open(press, tx)
    language = press.language
    counted = await audiences.count(tx, found.audience)
    names = [NATIVE_NAMES[locale] for locale in LOCALES if locale in found.variants]
    facts = [
        language.html("<b>Send this?</b>"),
        Markup("<i>{}</i>").format(beginning(found, language, 200)),
        language.html("🌐 Written in: {languages}", languages=language.joined(names)),
        await describe(press, tx, found.audience),
        describe_count(language, counted),
        language.html("It can be stopped on its way, but what has arrived can't be taken back."),
    ]
    back = [button(language.gettext("‹ Back"), "broadcast", found.id)]
    if not counted.people:
        nobody = language.html("There is nobody whom it would reach.")
        return show(Markup("\n").join([nobody, *facts[1:-1]]), [back])
    label = language.ngettext("📤 Send to {n} person", "📤 Send to {n} people", counted.people)
    send = [button(label, "broadcastsend", found.id, decisions.digest(found), style="success")]
    return show(Markup("\n").join(facts), [send, back])


async def send(press: Press, tx: Transaction) -> Reply:
    """Let it leave, if it still is what was confirmed. Pressing twice sends once."""
    language = press.language
    started = await decisions.start(
        tx, press.number(0), press.word(1), actor_id=press.person.id, now=press.now
    )
    match started:
        case Gone() | Begun() | Started():
            return await _open(press, tx)
        case Changed():
            said = language.gettext("Somebody has just changed it. Please look at it once more.")
            return alert(said) + await confirm(press, tx)
        case Nobody():
            return alert(language.gettext("There is nobody whom it would reach.")) + await confirm(press, tx)


async def pause(press: Press, tx: Transaction) -> Reply:
    held = await decisions.pause(tx, press.number(0))
    await _note(press, tx, "broadcast_paused", done=held)
    said = press.language.gettext("Paused. Nothing more leaves until you go on.")
    return (toast(said) if held else Reply()) + await _open(press, tx)


async def resume(press: Press, tx: Transaction) -> Reply:
    going = await decisions.resume(tx, press.number(0))
    await _note(press, tx, "broadcast_resumed", done=going)
    return (toast(press.language.gettext("It goes on.")) if going else Reply()) + await _open(press, tx)


async def ask_stop(press: Press, tx: Transaction) -> Reply:
    """What is stopped can't go on: that is no matter for a slip of the thumb."""
    found = await broadcasts.find(tx, press.number(0))
    if found is None or found.state not in ("sending", "paused"):
        return await _open(press, tx)
    if press.where.message_id is not None:
        await broadcasts.leave_message(tx, press.where.chat_id, press.where.message_id)
    language = press.language
    text = language.html("Stop this broadcast for good? Those who have it keep it; nobody else gets it.")
    rows = [
        [button(language.gettext("Yes, stop it"), "broadcaststopped", found.id, style="danger")],
        [button(language.gettext("No, go on"), "broadcast", found.id)],
    ]
    return show(text, rows)


async def stop(press: Press, tx: Transaction) -> Reply:
    """Send no more of it. Pressing twice is harmless."""
    stopped = await decisions.stop(tx, press.number(0))
    await _note(press, tx, "broadcast_stopped", done=stopped)
    return await _open(press, tx)


async def _note(press: Press, tx: Transaction, action: str, *, done: bool) -> None:
    if done:
        broadcast_id = press.number(0)
        await audit.note(tx, action, now=press.now, actor_id=press.person.id, broadcast=broadcast_id)


async def _open(press: Press, tx: Transaction) -> Reply:
    found = await broadcasts.find(tx, press.number(0))
    if found is not None and found.state != "draft":
        return await open_progress(press, tx, found)
    language = press.language
    way = [button(language.gettext("‹ Broadcasts"), "broadcasts")]
    if found is None:
        return show(language.html("This broadcast is not there any more."), [way])
    text = language.html("This broadcast is a draft; nothing has been sent.")
    return show(text, [[button(language.gettext("Open it"), "broadcast", found.id)], way])


async def open_progress(turn: Turn, tx: Transaction, broadcast: Broadcast) -> Reply:
    """How far it has come; the message under the button keeps telling while it is on its way."""
    where = turn.where
    if broadcast.finished_at is None and where.message_id is not None:
        await broadcasts.show_at(tx, broadcast.id, where.chat_id, where.message_id)
    outcomes = await broadcast_notices.count_outcomes(tx, broadcast.id)
    text = describe_progress(broadcast, outcomes, turn.language)
    return show(text, progress_buttons(broadcast, turn.language))


def progress_buttons(broadcast: Broadcast, language: Language) -> list[Sequence[Button]]:
    back = button(language.gettext("‹ Broadcasts"), "broadcasts")
    if broadcast.finished_at is not None:
        return [[back]]
    refresh = button(language.gettext("↻ Refresh"), "broadcast", broadcast.id)
    rows: list[Sequence[Button]] = []
    stopping = button(language.gettext("⏹ Stop"), "broadcaststop", broadcast.id, style="danger")
    if broadcast.state == "sending":
        rows.append([button(language.gettext("⏸ Pause"), "broadcastpause", broadcast.id), stopping])
    elif broadcast.state == "paused":
        going = button(language.gettext("▶️ Go on"), "broadcastresume", broadcast.id, style="primary")
        rows.append([going, stopping])
    return [*rows, [refresh, back]]


def describe_progress(broadcast: Broadcast, outcomes: Sequence[Outcome], language: Language) -> Markup:
    """State and counts: while on its way of how many; afterwards by outcome and language."""
    lines = [_heading(broadcast, language), Markup("<i>{}</i>").format(beginning(broadcast, language, 80))]
    settled = sum(one.people for one in outcomes if one.state not in UNDER_WAY)
    if broadcast.finished_at is None:
        planned = broadcast.planned.people if broadcast.planned else 0
        whole = max(planned, sum(one.people for one in outcomes))
        lines.append(
            language.html(
                "{done} of {all} done ({share})",
                done=language.number(settled),
                all=language.number(whole),
                share=language.percent(settled / whole if whole else 1),
            )
        )
    lines += describe_outcomes(outcomes, language)
    if broadcast.state == "cancelled" and broadcast.planned and not broadcast.spread_done:
        spared = max(0, broadcast.planned.people - sum(one.people for one in outcomes))
        if spared:
            lines.append(
                language.nhtml(
                    "⏹ {n} person's turn had not come when it was stopped",
                    "⏹ {n} people's turn had not come when it was stopped",
                    spared,
                )
            )
    if broadcast.planned and (broadcast.planned.unreachable or broadcast.planned.muted):
        lines.append(
            language.html(
                "Left out from the start: {unreachable} could not be reached, {muted} have turned news off.",
                unreachable=language.number(broadcast.planned.unreachable),
                muted=language.number(broadcast.planned.muted),
            )
        )
    return Markup("\n").join(lines)


def _heading(broadcast: Broadcast, language: Language) -> Markup:
    match broadcast.state:
        case "sending":
            return language.html("📤 <b>The broadcast is being sent</b>")
        case "paused":
            return language.html("⏸ <b>The broadcast is paused</b>")
        case "cancelled":
            return language.html("⏹ <b>The broadcast was stopped</b>")
        case _:
            return language.html("✅ <b>The broadcast is finished</b>")


def describe_outcomes(outcomes: Sequence[Outcome], language: Language) -> list[Markup]:
    """A line for each way a message ended, with how many readers of which language."""
    lines = []
    for state in ("sent", "blocked", "unknown", "failed", "missed", "cancelled"):
        by_language: Mapping[str, int] = {
            one.locale: one.people for one in outcomes if one.state == state and one.people
        }
        if by_language:
            outcome = _worded(state, language, sum(by_language.values()))
            parts = [
                language.gettext("{name}: {n}", name=NATIVE_NAMES.get(locale, locale), n=language.number(n))
                for locale, n in by_language.items()
            ]
            listed = language.joined(parts, "unit")
            lines.append(language.html("{outcome} ({languages})", outcome=outcome, languages=listed))
    return lines


def _worded(state: str, language: Language, n: int) -> str:
    match state:
        case "sent":
            return language.ngettext("✅ Sent to {n} person", "✅ Sent to {n} people", n)
        case "blocked":
            return language.ngettext(
                "🚫 {n} person has blocked the bot or left Telegram",
                "🚫 {n} people have blocked the bot or left Telegram",
                n,
            )
        case "unknown":
            return language.ngettext(
                "❔ {n} message may have arrived: the connection broke off, so it was not sent again",
                "❔ {n} messages may have arrived: the connection broke off, so they were not sent again",
                n,
            )
        case "failed":
            return language.ngettext("⚠️ {n} message failed", "⚠️ {n} messages failed", n)
        case "missed":
            return language.ngettext(
                "⌛ {n} message came too late to be of use and was not sent",
                "⌛ {n} messages came too late to be of use and were not sent",
                n,
            )
        case "cancelled":
            return language.ngettext(
                "⏹ {n} message was not sent: stopped, or not wanted any more",
                "⏹ {n} messages were not sent: stopped, or not wanted any more",
                n,
            )
        case _:
            raise ValueError(f"not an outcome: {state}")
