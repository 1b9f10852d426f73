"""When to answer and when to ask, fitted to what members and organisers have said of answers."""

import asyncio
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Final

import numpy as np

from bot import audit, calibrations, library
from bot.meanings import MODELS, Encoder, Text, Vector
from bot.meanings.memory import Memory
from bot.questions import Entry, Finder, texts_of
from bot.questions.decide import (
    Calibration,
    features_on,
    rung_of,
    stored_calibration,
)
from bot.questions.finder import Understood
from bot.questions.fitting import blank
from bot.questions.refitting import (
    FOLDS,
    THRESHOLDS,
    Candidates,
    cross_validated,
    hash_of,
    refit,
    verdict,
    weigh,
)
from bot.teaching import same_words
from storage import Database, Transaction, asked, content, options
from storage.asked import Asked

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


async def propose(database: Database, encoder: Encoder, *, now: datetime) -> Proposal | TooFew:
    """What a calibration fitted to the labels there are would change. Nothing is stored.

    It is fitted on the rung on which this machine answers; the models have to be at work.
    """
    async with database.read() as tx:
        entries = await library.entries(tx, now=now)
        labels = await asked.list_labelled(tx, limit=MOST_LABELS)
        present = await calibrations.in_use(tx)
    memory = Memory(encoder)
    await memory.recall(database, texts_of(entries))
    while memory.is_learning and encoder.models:
        await memory.learn(database, seconds=60.0)
        await asyncio.sleep(0)
    questions = await _understood(encoder, Finder(entries), labels)
    return consider(entries, labels, present, memory.understood, questions)


async def _understood(
    encoder: Encoder, finder: Finder, labels: Sequence[Asked]
) -> dict[str, dict[str, Vector]]:
    """What each model understands of the labelled questions, by their keys."""
    texts = list(dict.fromkeys(Text(finder.restated(one.text), "question") for one in labels))
    found: dict[str, dict[str, Vector]] = {}
    for model in encoder.models:
        found[model.name] = {}
        for text in texts:
            vectors = await encoder.encode(model, "question", [text.text])
            if vectors is not None:
                found[model.name][text.key(model)] = vectors[0]
    return found


def consider(
    entries: Sequence[Entry],
    labels: Sequence[Asked],
    used: Mapping[str, Calibration],
    understood: Understood,
    questions: Understood,
) -> Proposal | TooFew:
    """The same, on what was read and understood. It takes seconds with thousands of labels."""
    there = {entry.id for entry in entries}
    known = [one for one in labels if one.meant is None or one.meant in there]
    right = sum(one.meant is not None and one.label != "wrong" for one in known)
    wrong = len(known) - right
    if min(right, wrong) < ENOUGH_FOR_THRESHOLDS:
        return TooFew(right, wrong)
    rung = rung_of(understood)
    present = used[rung]
    measured = measure(entries, known, rung, understood, questions)
    ways = [False, True] if min(right, wrong) >= ENOUGH_FOR_ALL else [False]
    judged = {whole: cross_validated(measured, present, whole=whole) for whole in ways}
    # The simpler one where they are as good.
    whole = max(ways, key=lambda way: judged[way][1])
    worth_before, worth_after = judged[whole]
    fitted = refit(measured, present, whole=whole)
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


def measure(
    entries: Sequence[Entry],
    labels: Sequence[Asked],
    rung: str,
    understood: Understood,
    questions: Understood,
) -> list[Candidates]:
    """The candidates of each labelled question, as if its own words had not been learned.

    A part of the questions at a time, against entries without the wordings that are these very questions:
    else whatever was attached would be found by itself, and nothing could be told of what is still to come.
    """
    measured = []
    nothing = np.zeros((0, len(features_on(rung))))
    for fold in range(FOLDS):
        some = [one for one in labels if hash_of(one.text) % FOLDS == fold]
        own = {same_words(one.text) for one in some if one.label == "attached"}
        left = [
            replace(entry, wordings=tuple(way for way in entry.wordings if same_words(way) not in own))
            for entry in entries
        ]
        finder = Finder(left, {rung: blank(rung)}, understood)
        for one in some:
            text = Text(finder.restated(one.text), "question")
            meaning = {
                name: vectors[key]
                for name, vectors in questions.items()
                if (key := text.key(MODELS[name])) in vectors
            }
            found = finder.measure(one.text, one.locale, meaning)
            if found is None or found[0] != rung:
                measured.append(Candidates(one.text, nothing, (), one.meant))
            else:
                measured.append(Candidates(one.text, found[1], tuple(found[2]), one.meant))
    return measured


async def apply(tx: Transaction, proposal: Proposal, *, now: datetime) -> None:
    """Use the proposed calibration from now on."""
    held = await calibrations.list_applied(tx)
    held.append({**(held[-1] if held else {}), proposal.fitted.rung: stored_calibration(proposal.fitted)})
    await options.remember(tx, calibrations.OPTION, json.dumps(held[-MOST_KEPT:]))
    await content.raise_revision(tx)
    await audit.note(tx, "calibrated", now=now, actor_id=None, labels=proposal.right + proposal.wrong)


async def undo(tx: Transaction, *, now: datetime) -> bool:
    """Go back to the calibration before the last one applied; say whether there was one."""
    held = await calibrations.list_applied(tx)
    if not held:
        return False
    await options.remember(tx, calibrations.OPTION, json.dumps(held[:-1]))
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
        "rung": proposal.fitted.rung,
        "present": stored_calibration(proposal.present),
        "calibration": stored_calibration(proposal.fitted),
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
    moved = [
        f"{name}: {getattr(proposal.present, name):.3f} → {getattr(proposal.fitted, name):.3f}"
        for name in THRESHOLDS
        if getattr(proposal.present, name) != getattr(proposal.fitted, name)
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


def _count(verdicts: Sequence[str]) -> dict[str, int]:
    counted = Counter(verdicts)
    return {name: counted[name] for name in FIGURES}
