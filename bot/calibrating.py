"""When to answer and when to ask, fitted to what members and organisers have said of answers."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Final

import numpy as np

from bot import audit, library
from bot.questions import Entry, Finder
from bot.questions.decide import CALIBRATION, FEATURES, Calibration
from bot.questions.fitting import BLANK, FOLDS, Candidates, cross_validated, fit, hash_of, verdict, weigh
from bot.teaching import same_words
from storage import Transaction, asked, content, options
from storage.asked import Asked

# Each that was applied, the latest last, so that it can be taken back.
OPTION: Final = "calibrations"
MOST_KEPT: Final = 10
MOST_LABELS: Final = 3_000
MOST_EXAMPLES: Final = 10
# How many labels of both kinds, right and wrong, thresholds need, and the whole model.
ENOUGH_FOR_THRESHOLDS: Final = 30
ENOUGH_FOR_ALL: Final = 100
FIGURES: Final = ("answered_right", "answered_wrong", "offered_right", "offered_wrong", "refused")


@dataclass(frozen=True)
class TooFew:
    """There are not enough labels of both kinds to fit anything."""

    right: int
    wrong: int
    needed: int = ENOUGH_FOR_THRESHOLDS


@dataclass(frozen=True)
class Change:
    """A labelled question that would end otherwise."""

    question: str
    before: str
    after: str


@dataclass(frozen=True)
class Proposal:
    """A calibration, what it would change, and whether it is any better on questions it was not fitted to."""

    right: int
    wrong: int
    # Whether the model was fitted, or its thresholds alone.
    whole: bool
    present: Calibration
    fitted: Calibration
    before: Mapping[str, int]
    after: Mapping[str, int]
    changes: tuple[Change, ...]
    worth_before: float
    worth_after: float

    @property
    def is_better(self) -> bool:
        return self.fitted != self.present and self.worth_after > self.worth_before


async def learned_calibration(tx: Transaction) -> Mapping[str, Any] | None:
    """The calibration that was fitted to labels and applied last; None: the one that comes with the bot.

    It has the fields of `calibration.json`. See `as_calibration`.
    """
    held = await _list_applied(tx)
    return held[-1] if held else None


def as_calibration(stored: Mapping[str, Any] | None) -> Calibration | None:
    """A stored calibration; None where there is none, or it was fitted to other features than today's."""
    if stored is None or set(stored["coefficients"]) != set(FEATURES):
        return None
    return Calibration(
        intercept=stored["intercept"],
        coefficients=tuple(stored["coefficients"][name] for name in FEATURES),
        **{name: value for name, value in stored.items() if name.endswith("_from")},
    )


def as_stored(calibration: Calibration) -> dict[str, Any]:
    values = {name: round(value, 4) for name, value in asdict(calibration).items() if name.endswith("_from")}
    coefficients = zip(FEATURES, calibration.coefficients, strict=True)
    return {
        "intercept": round(calibration.intercept, 4),
        "coefficients": {name: round(value, 4) for name, value in coefficients},
        **values,
    }


async def propose(tx: Transaction, *, now: datetime) -> Proposal | TooFew:
    """What a calibration fitted to the labels there are would change. Nothing is stored."""
    entries = await library.entries(tx, now=now)
    labels = await asked.list_labelled(tx, limit=MOST_LABELS)
    present = as_calibration(await learned_calibration(tx)) or Calibration.read(CALIBRATION)
    return consider(entries, labels, present)


def consider(entries: Sequence[Entry], labels: Sequence[Asked], present: Calibration) -> Proposal | TooFew:
    """The same, on what was read. It takes seconds with thousands of labels."""
    there = {entry.id for entry in entries}
    known = [one for one in labels if one.meant is None or one.meant in there]
    right = sum(one.meant is not None and one.label != "wrong" for one in known)
    wrong = len(known) - right
    if min(right, wrong) < ENOUGH_FOR_THRESHOLDS:
        return TooFew(right, wrong)
    measured = measure(entries, known)
    ways = [False, True] if min(right, wrong) >= ENOUGH_FOR_ALL else [False]
    judged = {whole: cross_validated(measured, present, whole=whole) for whole in ways}
    # The simpler one where they are as good.
    whole = max(ways, key=lambda way: judged[way][1])
    worth_before, worth_after = judged[whole]
    fitted = as_calibration(as_stored(fit(measured, present, whole=whole))) or present
    verdicts = [
        (one.question, verdict(weigh(one, present), present), verdict(weigh(one, fitted), fitted))
        for one in measured
    ]
    return Proposal(
        right=right,
        wrong=wrong,
        whole=whole,
        present=present,
        fitted=fitted,
        before=_count([before for _, before, _ in verdicts]),
        after=_count([after for _, _, after in verdicts]),
        changes=tuple(Change(*one) for one in verdicts if one[1] != one[2]),
        worth_before=round(worth_before, 1),
        worth_after=round(worth_after, 1),
    )


def measure(entries: Sequence[Entry], labels: Sequence[Asked]) -> list[Candidates]:
    """The candidates of each labelled question, as if its own words had not been learned.

    A part of the questions at a time, against entries without the wordings that are these very questions:
    else whatever was attached would be found by itself, and nothing could be told of what is still to come.
    """
    measured = []
    for fold in range(FOLDS):
        some = [one for one in labels if hash_of(one.text) % FOLDS == fold]
        own = {same_words(one.text) for one in some if one.label == "attached"}
        left = [
            replace(entry, wordings=tuple(way for way in entry.wordings if same_words(way) not in own))
            for entry in entries
        ]
        finder = Finder(left, BLANK)
        for one in some:
            found = finder.measure(one.text, one.locale)
            if found is None:
                measured.append(Candidates(one.text, np.zeros((0, len(FEATURES))), (), one.meant))
            else:
                measured.append(Candidates(one.text, found[0], tuple(found[1]), one.meant))
    return measured


async def apply(tx: Transaction, proposal: Proposal, *, now: datetime) -> None:
    """Use the proposed calibration from now on."""
    held = [*await _list_applied(tx), as_stored(proposal.fitted)]
    await options.remember(tx, OPTION, json.dumps(held[-MOST_KEPT:]))
    await content.raise_revision(tx)
    await audit.note(tx, "calibrated", now=now, actor_id=None, labels=proposal.right + proposal.wrong)


async def undo(tx: Transaction, *, now: datetime) -> bool:
    """Go back to the calibration before the last one applied; say whether there was one."""
    held = await _list_applied(tx)
    if not held:
        return False
    await options.remember(tx, OPTION, json.dumps(held[:-1]))
    await content.raise_revision(tx)
    await audit.note(tx, "calibration_undone", now=now, actor_id=None)
    return True


def as_values(proposal: Proposal) -> dict[str, Any]:
    """The proposal for a program."""
    return {
        "labels": {"right": proposal.right, "wrong": proposal.wrong},
        "fitted": "model and thresholds" if proposal.whole else "thresholds",
        "before": dict(proposal.before),
        "after": dict(proposal.after),
        "changed": len(proposal.changes),
        "examples": [asdict(one) for one in proposal.changes[:MOST_EXAMPLES]],
        "worth": {"before": proposal.worth_before, "after": proposal.worth_after},
        "better": proposal.is_better,
        "present": as_stored(proposal.present),
        "calibration": as_stored(proposal.fitted),
    }


def in_words(proposal: Proposal) -> str:
    """The proposal for somebody at a terminal."""
    what = "the model and its thresholds" if proposal.whole else "the thresholds alone"
    lines = [
        f"{proposal.right} questions with a right answer, {proposal.wrong} without; fitted {what}.",
        "Each is judged as if its own words had not been learned.",
        "",
        f"{'':24}{'now':>8}{'then':>8}",
    ]
    lines += [
        f"{name.replace('_', ' '):24}{proposal.before[name]:8}{proposal.after[name]:8}" for name in FIGURES
    ]
    stored, fitted = as_stored(proposal.present), as_stored(proposal.fitted)
    moved = [
        f"{name}: {stored[name]} → {fitted[name]}"
        for name in fitted
        if name.endswith("_from") and stored[name] != fitted[name]
    ]
    lines += ["", "Thresholds: " + (", ".join(moved) or "as they are")]
    lines.append(f"{len(proposal.changes)} questions would end otherwise:")
    lines += [
        f"  {one.question!r}: {one.before.replace('_', ' ')} → {one.after.replace('_', ' ')}"
        for one in proposal.changes[:MOST_EXAMPLES]
    ]
    if len(proposal.changes) > MOST_EXAMPLES:
        lines.append(f"  … and {len(proposal.changes) - MOST_EXAMPLES} more")
    lines += [
        "",
        f"Worth on questions it was not fitted to: {proposal.worth_before:g} now,"
        f" {proposal.worth_after:g} then.",
    ]
    return "\n".join(lines)


async def _list_applied(tx: Transaction) -> list[dict[str, Any]]:
    held: list[dict[str, Any]] = json.loads(await options.find(tx, OPTION) or "[]")
    return held


def _count(verdicts: Sequence[str]) -> dict[str, int]:
    counted = Counter(verdicts)
    return {name: counted[name] for name in FIGURES}
