"""How far a broadcast has come, in words: what was counted, how fast it goes, what was done afterwards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from bot import broadcast_pulse
from bot.language import NATIVE_NAMES, Language
from bot.lengths import length
from handlers.organise.broadcast_text import beginning
from storage import Transaction, broadcast_changes, broadcast_notices
from storage.broadcast_changes import Change
from storage.broadcast_notices import MESSAGE, Outcome
from storage.broadcasts import Broadcast

# The ways in which a message can have ended, in the order in which they are told.
OUTCOMES = ("sent", "blocked", "unknown", "failed", "missed", "cancelled")


@dataclass(frozen=True)
class Standing:
    """What was counted of a broadcast and of the changes made to it since."""

    outcomes: Sequence[Outcome]
    changes: Sequence[tuple[Change, Sequence[Outcome]]] = ()
    # Whether something of it is about to leave, or on the wire.
    moving: bool = False

    @property
    def settled(self) -> int:
        return _all(self.outcomes)

    @property
    def is_recalled(self) -> bool:
        return any(made.kind == "recall" for made, _ in self.changes)

    def count(self, state: str) -> int:
        return sum(one.people for one in self.outcomes if one.state == state)


async def standing_of(tx: Transaction, broadcast: Broadcast, *, now: datetime) -> Standing:
    """Read what was counted along; of what is still owed only whether any of it moves."""
    counted = await broadcast_notices.count_outcomes(tx, broadcast.id)
    changes = [
        (made, await broadcast_notices.count_outcomes(tx, broadcast.id, made.notice))
        for made in await broadcast_changes.list_of(tx, broadcast.id)
    ]
    moving = broadcast.state == "sending" and (
        not broadcast.spread_done
        or broadcast_pulse.is_moving(broadcast.pulse)
        or await broadcast_notices.count_due(tx, broadcast.id, MESSAGE, now=now, most=1) > 0
    )
    return Standing(counted, changes, moving)


def _all(outcomes: Sequence[Outcome]) -> int:
    return sum(one.people for one in outcomes)


def describe_progress(broadcast: Broadcast, standing: Standing, language: Language, now: datetime) -> Markup:
    """State and counts: while on its way of how many and how fast; afterwards by outcome and language."""
    lines = [
        heading(broadcast, language),
        Markup("<i>{}</i>").format(beginning(broadcast, language, 80)),
        *_describe_pause(broadcast, language, now),
    ]
    planned = broadcast.planned.people if broadcast.planned else 0
    if broadcast.finished_at is None:
        lines += _describe_way(broadcast, standing, max(planned, standing.settled), language)
    lines += describe_outcomes(standing.outcomes, language)
    if broadcast.state == "cancelled" and broadcast.finished_at is not None and not broadcast.spread_done:
        spared = max(0, planned - standing.settled)
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
    lines += _describe_changes(standing.changes, language)
    return Markup("\n").join(lines)


def heading(broadcast: Broadcast, language: Language) -> Markup:
    match broadcast.state:
        case "sending":
            return language.html("📤 <b>The broadcast is being sent</b>")
        case "paused":
            return language.html("⏸ <b>The broadcast is paused</b>")
        case "cancelled":
            return language.html("⏹ <b>The broadcast was stopped</b>")
        case _:
            return language.html("✅ <b>The broadcast is finished</b>")


def _describe_pause(broadcast: Broadcast, language: Language, now: datetime) -> list[Markup]:
    """Why the bot has paused it by itself, where it has."""
    match broadcast.paused_because:
        case "failures":
            return [
                language.html(
                    "⚠️ I paused it because suddenly many messages failed. Go on when you know why;"
                    " nobody gets it twice."
                )
            ]
        case "late" if broadcast.send_at is not None:
            return [
                language.html(
                    "⚠️ It should have gone out at {when}, but I wasn't running then. Go on only if it is"
                    " still of use.",
                    when=language.moment(broadcast.send_at, now=now),
                )
            ]
        case _:
            return []


def _describe_way(broadcast: Broadcast, standing: Standing, whole: int, language: Language) -> list[Markup]:
    done = standing.settled
    lines = [
        language.html(
            "{done} of {all} done ({share})",
            done=language.number(done),
            all=language.number(whole),
            share=language.percent(done / whole if whole else 1),
        )
    ]
    left = whole - done
    if broadcast.state != "sending" or left <= 0:
        return lines
    speed = broadcast_pulse.rate(broadcast.pulse)
    needs = broadcast_pulse.time_left(broadcast.pulse, messages=left)
    if not standing.moving:
        lines.append(
            language.nhtml(
                "🌙 {n} waits for the reader's morning", "🌙 {n} wait for their readers' morning", left
            )
        )
    elif speed is not None and needs is not None:
        minutes = round(needs.total_seconds() / 60)
        a_second = language.number(round(speed) if speed >= 10 else round(speed, 1))
        if minutes < 1:
            lines.append(language.html("⏱ {n} a second, less than a minute left", n=a_second))
        else:
            time_left = length(language, minutes)
            lines.append(language.html("⏱ {n} a second, about {time} left", n=a_second, time=time_left))
    return lines


def describe_outcomes(outcomes: Sequence[Outcome], language: Language) -> list[Markup]:
    """A line for each way a message ended, with how many readers of which language."""
    lines = []
    for state in OUTCOMES:
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


def _describe_changes(
    changes: Sequence[tuple[Change, Sequence[Outcome]]], language: Language
) -> list[Markup]:
    """What has become of corrections, all of them together, and of the recall."""
    lines = []
    corrections = [(made, counted) for made, counted in changes if made.kind == "correct"]
    recalls = [(made, counted) for made, counted in changes if made.kind == "recall"]
    if corrections:
        # They are counted together, as they were made in the same messages.
        done, missed = _shares(corrections[0][1])
        going = any(made.finished_at is None for made, _ in corrections)
        lines.append(
            language.nhtml("✏️ Corrected in {n} message", "✏️ Corrected in {n} messages", done)
            if not going
            else language.nhtml(
                "✏️ Being corrected: {n} message so far", "✏️ Being corrected: {n} messages so far", done
            )
        )
        lines += _not_changed(missed, language)
    if recalls:
        done, missed = _shares(recalls[0][1])
        lines.append(
            language.nhtml("🗑 Taken back: {n} message", "🗑 Taken back: {n} messages", done)
            if recalls[0][0].finished_at is not None
            else language.nhtml(
                "🗑 Being taken back: {n} message so far", "🗑 Being taken back: {n} messages so far", done
            )
        )
        lines += _not_changed(missed, language)
    return lines


def _shares(outcomes: Sequence[Outcome]) -> tuple[int, int]:
    """How many were changed, and of how many that failed."""
    done = sum(one.people for one in outcomes if one.state == "sent")
    failed = sum(one.people for one in outcomes if one.state not in ("sent", "cancelled"))
    return done, failed


def _not_changed(n: int, language: Language) -> list[Markup]:
    if not n:
        return []
    return [
        language.nhtml(
            "⚠️ {n} message could not be changed any more", "⚠️ {n} messages could not be changed any more", n
        )
    ]
