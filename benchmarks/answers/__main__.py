"""How often questions are answered, and answered rightly: `python -m benchmarks.answers`.

Prints a table, and a line `RESULT <name> <ours> <baseline> <ratio>` for each figure, beside a baseline that
compares the question with every wording by rapidfuzz.
"""

import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

import yaml
from rapidfuzz import fuzz, process, utils

from benchmarks.answers import sets
from benchmarks.answers.sets import Case
from bot.questions import Answer, Choices, Entry, Finder, Nothing

CONTENT = Path(__file__).parents[2] / "content" / "questions"
# A baseline needs a threshold as well: this one gave it its best balance on the half for fitting.
BASELINE_ANSWERS_FROM = 86.0


@dataclass(frozen=True)
class Reply:
    """What was said to a question: entry ids, likeliest first; was the first given as the answer; the buttons."""

    ranked: tuple[str, ...]
    answered: bool
    offered: tuple[str, ...]


def main() -> None:
    entries = content()
    ids = sorted({entry.id for entry in entries})
    cases = [case for case in sets.read("association.jsonl")[1] if untouched(case)]
    missing = {case.expected for case in cases if case.expected} - set(ids)
    if missing:
        print("questions about entries the pack does not have are left out:", *sorted(missing))
    cases = [case for case in cases if case.expected is None or case.expected in ids]

    finder = Finder(entries)
    print(f"{len(ids)} entries; {len(cases)} questions of the untouched half")
    for locale in (None, "en", "zh_Hant_HK", "zh_Hans_CN"):
        some = [case for case in cases if locale in (None, case.locale)]
        ours, theirs = figures(some, ask_with(finder)), figures(some, baseline(entries))
        for name, value in ours.items():
            result(f"answers.{locale or 'all'}.{name}", value, theirs[name])
    hundredths = quantiles([timed(finder, case) for case in cases], n=100)
    print(f"latency p50 {hundredths[49]:.2f} ms, p99 {hundredths[98]:.2f} ms")
    print(f"resident at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3:.0f} MB")


def content() -> list[Entry]:
    """The questions of the association's pack."""
    entries = []
    for file in sorted(CONTENT.glob("*.yaml")):
        loaded = yaml.safe_load(file.read_text("utf-8"))
        for row in loaded["questions"] if isinstance(loaded, dict) else loaded:
            for locale, wordings in row["wordings"].items():
                entries.append(Entry(row["id"], locale, "question", tuple(wordings), row["answer"][locale]))
    return entries


def untouched(case: Case) -> bool:
    """Whether the case is in the half never fitted on: by entry, or by question where no entry is meant."""
    return sum((case.expected or case.question).encode()) % 2 == 1


def ask_with(finder: Finder) -> Callable[[Case], Reply]:
    """Our replies."""

    def ask(case: Case) -> Reply:
        match finder.ask(case.question, case.locale):
            case Answer(best, others):
                return Reply((best.entry.id, *(other.entry.id for other in others)), True, ())
            case Choices(found):
                ranked = tuple(one.entry.id for one in found)
                return Reply(ranked, False, ranked)
            case Nothing(nearest):
                return Reply(tuple(one.entry.id for one in nearest), False, ())

    return ask


def baseline(entries: Sequence[Entry]) -> Callable[[Case], Reply]:
    """The replies of a plain fuzzy match of the question with every wording."""
    wordings = [(entry.id, wording) for entry in entries for wording in entry.wordings]
    texts = [wording for _, wording in wordings]

    def ask(case: Case) -> Reply:
        matches = process.extract(
            case.question, texts, scorer=fuzz.WRatio, processor=utils.default_process, limit=20
        )
        ranked = tuple(dict.fromkeys(wordings[number][0] for _, _, number in matches))
        return Reply(ranked[:4], bool(matches) and matches[0][1] >= BASELINE_ANSWERS_FROM, ())

    return ask


def figures(cases: Sequence[Case], ask: Callable[[Case], Reply]) -> dict[str, float]:
    """The shares, from 0 to 1, by which answering is judged."""
    replies = [(case.expected, ask(case)) for case in cases]
    inside = [(expected, reply) for expected, reply in replies if expected is not None]
    outside = [reply for expected, reply in replies if expected is None]
    given = [reply.ranked[0] == expected for expected, reply in inside if reply.answered]
    return {
        "first": share([reply.ranked[:1] == (expected,) for expected, reply in inside]),
        "first_three": share([expected in reply.ranked[:3] for expected, reply in inside]),
        "answered": share([reply.answered for _, reply in inside]),
        "answered_or_offered": share(
            [
                (reply.answered and reply.ranked[0] == expected) or expected in reply.offered
                for expected, reply in inside
            ]
        ),
        "precision": share(given + [False for reply in outside if reply.answered]),
        "precision_in_scope": share(given),
        "outside_not_answered": share([not reply.answered for reply in outside]),
        "outside_refused": share([not reply.answered and not reply.offered for reply in outside]),
    }


def share(truths: Sequence[bool]) -> float:
    """The share that is true; nothing at all counts as all."""
    return sum(truths) / len(truths) if truths else 1.0


def result(name: str, ours: float, theirs: float) -> None:
    print(f"RESULT {name} {ours:.3f} {theirs:.3f} {ours / theirs if theirs else float('inf'):.2f}")


def timed(finder: Finder, case: Case) -> float:
    """Milliseconds for one question."""
    started = time.perf_counter()
    finder.ask(case.question, case.locale)
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    main()
