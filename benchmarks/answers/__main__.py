"""How often questions are answered, and answered rightly: `python -m benchmarks.answers`.

Prints a table, and a line `RESULT <name> <ours> <baseline> <ratio>` for each figure, beside a baseline that
compares the question with every wording by rapidfuzz.
"""

import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import quantiles

from rapidfuzz import fuzz, process, utils

from benchmarks.answers import sets
from benchmarks.answers.sets import Case
from bot.questions import Answer, Choices, Entry, Finder, Nothing

# A baseline needs a threshold as well: on the half for fitting, lower ones are wrong every other time.
BASELINE_ANSWERS_FROM = 86.0


@dataclass(frozen=True)
class Reply:
    """What was said to a question: ids, likeliest first; whether the first was given; the buttons."""

    ranked: tuple[str, ...]
    answered: bool
    offered: tuple[str, ...]


def main() -> None:
    entries = sets.content()
    ids = sorted({entry.id for entry in entries})
    cases = [case for case in sets.read("association.jsonl")[1] if sets.untouched(case)]
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
            case.question, texts, scorer=fuzz.token_set_ratio, processor=utils.default_process, limit=20
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
