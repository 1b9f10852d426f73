"""The calibration follows what was said of answers, says first what that changes, and can be taken back."""

import json
from dataclasses import replace

import pytest

from bot import calibrating
from bot.calibrating import Proposal, TooFew
from bot.calibrations import as_calibrations, in_use
from bot.meanings import Encoder
from bot.questions import Entry
from bot.questions.decide import Calibration, calibrations, features_on, stored_calibration
from bot.questions.fitting import regress
from storage import Database, asked, audit, content
from storage.asked import Asked
from tests.conftest import NOON
from tests.making import known_person

PRESENT = calibrations()["bm25"]
THINGS = [
    "museum", "harbour", "camp", "contest", "certificate", "newsletter", "passport", "lecture", "choir",
    "garden", "library", "delegation", "scholarship", "exhibition", "language", "mentor", "festival",
    "kitchen", "ferry", "cinema", "orchestra", "temple", "market", "school", "bridge", "tower", "theatre",
    "gallery", "stadium", "embassy", "airport", "hospital", "bakery", "lighthouse", "aquarium",
]  # fmt: skip


def known_entries() -> list[Entry]:
    return [
        Entry(
            f"q{number}", "en", "question", (f"When does the {thing} open?",), f"The {thing} opens at nine."
        )
        for number, thing in enumerate(THINGS, start=1)
    ]


def label(number: int, text: str, name: str, meant: str | None) -> Asked:
    return Asked(number, text, "en", "nothing", None, NOON, None, None, name, meant, None)


def labels(count: int) -> list[Asked]:
    """As many right ones, asked in other words, as wrong ones about things nobody knows."""
    right = [
        label(
            number,
            f"when does the {THINGS[number % len(THINGS)]} open {number}",
            "right",
            f"q{number % len(THINGS) + 1}",
        )
        for number in range(count)
    ]
    wrong = [
        label(
            1000 + number, f"who paints the {THINGS[number % len(THINGS)]} number {number}", "dismissed", None
        )
        for number in range(count)
    ]
    return [*right, *wrong]


def consider(entries: list[Entry], labelled: list[Asked], present: Calibration) -> Proposal | TooFew:
    """By words alone, as where no model can be run."""
    return calibrating.consider(entries, labelled, {"bm25": present}, {}, {})


@pytest.mark.parametrize("count", [0, 5, 29])
def test_with_too_few_labels_nothing_is_fitted(count: int) -> None:
    found = consider(known_entries(), labels(count), PRESENT)
    assert found == TooFew(count, count)


def test_every_label_is_counted_before_and_after() -> None:
    found = consider(known_entries(), labels(30), PRESENT)
    assert isinstance(found, Proposal)
    assert not found.whole
    assert found.fitted.weights == PRESENT.weights
    assert sum(found.before.values()) == sum(found.after.values()) == 60


def test_the_model_is_fitted_only_where_that_is_better_than_thresholds_alone() -> None:
    turned = replace(PRESENT, weights=tuple(-weight for weight in PRESENT.weights))
    found = consider(known_entries(), labels(100), turned)
    assert isinstance(found, Proposal)
    assert found.whole
    assert found.fitted.weights != turned.weights
    assert found.is_better


def test_a_calibration_that_never_answers_learns_to() -> None:
    shy = replace(PRESENT, answer_from=0.97, offer_from=0.97)
    found = consider(known_entries(), labels(35), shy)
    assert isinstance(found, Proposal)
    assert found.is_better
    assert found.after["answered_right"] > found.before["answered_right"]
    assert found.after["answered_wrong"] <= found.before["answered_wrong"]
    assert found.changes
    said = calibrating.in_words(found)
    assert f"{len(found.changes)} questions would end otherwise" in said
    assert said.count("→") <= 10 + 2
    assert json.loads(json.dumps(calibrating.as_values(found)))["changed"] == len(found.changes)


def test_the_same_labels_give_the_same_calibration_in_any_order() -> None:
    once = consider(known_entries(), labels(40), PRESENT)
    again = consider(known_entries(), list(reversed(labels(40))), PRESENT)
    assert isinstance(once, Proposal)
    assert isinstance(again, Proposal)
    assert once.fitted == again.fitted


def test_what_was_attached_is_judged_as_if_it_had_not_been() -> None:
    entries = known_entries()
    entries[0] = replace(entries[0], wordings=(*entries[0].wordings, "xylophone hours tell me"))
    (one,) = calibrating.measure(
        entries, [label(1, "xylophone hours tell me", "attached", "q1")], "bm25", {}, {}
    )
    assert not one.measured.right.any() or one.features[0, features_on("bm25").index("likeness")] < 1


def test_a_label_of_an_entry_that_is_gone_counts_for_nothing() -> None:
    gone = [label(number, f"when {number}", "attached", "q999") for number in range(50)]
    assert consider(known_entries(), gone, PRESENT) == TooFew(0, 0)


def test_a_stored_calibration_of_other_features_is_passed_over() -> None:
    shy = replace(PRESENT, answer_from=0.97)
    stored = json.loads(json.dumps({"bm25": stored_calibration(shy)}))
    assert as_calibrations(stored)["bm25"] == shy
    assert as_calibrations({"bm25": {**stored["bm25"], "weights": {"odour": 1.0}}}) == calibrations()
    assert as_calibrations({}) == calibrations()


def test_a_fit_that_is_held_back_stays_near_where_it_was() -> None:
    candidates = calibrating.measure(known_entries(), labels(5), "bm25", {}, {})
    measured = [one.measured for one in candidates if one.entries]
    fitted, free = regress(measured, "bm25", around=PRESENT), regress(measured, "bm25")
    assert fitted.answer_from == PRESENT.answer_from
    assert 0 < _distance(fitted, PRESENT) < _distance(free, PRESENT)


def _distance(one: Calibration, other: Calibration) -> float:
    return sum(abs(mine - theirs) for mine, theirs in zip(one.weights, other.weights, strict=True))


async def test_what_is_applied_is_used_written_down_and_taken_back(database: Database) -> None:
    shy = replace(PRESENT, answer_from=0.97, offer_from=0.97)
    proposal = consider(known_entries(), labels(35), shy)
    assert isinstance(proposal, Proposal)
    async with database.write() as tx:
        assert await in_use(tx) == calibrations()
        before = await content.find_revision(tx)
        await calibrating.apply(tx, proposal, now=NOON)
        assert (await in_use(tx))["bm25"] == proposal.fitted
        assert await calibrating.undo(tx, now=NOON)
        assert await in_use(tx) == calibrations()
        assert not await calibrating.undo(tx, now=NOON)
        assert await content.find_revision(tx) == before + 2
        noted = [one.action for one in await audit.list_entries(tx, limit=9)]
    assert noted == ["calibration_undone", "calibrated"]


async def test_labels_are_read_from_the_database(database: Database) -> None:
    ming = await known_person(database, 11, now=NOON)
    async with database.write() as tx:
        question_id = await content.put_question(
            tx, "office", None, "Made-up", None, None, {"en": "There."}, {"en": ["Where is the office?"]}
        )
        await asked.label_right(tx, ming.id, "the office?", f"q{question_id}", locale="en", now=NOON)
        await asked.label_wrong(tx, ming.id, "pizza?", f"q{question_id}", locale="en", now=NOON)
    assert await calibrating.propose(database, Encoder(()), now=NOON) == TooFew(1, 1)
