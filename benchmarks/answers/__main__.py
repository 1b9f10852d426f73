"""How often questions are answered, and answered rightly: `python -m benchmarks.answers`.

Prints what the untouched half of our own questions gets, by language and by rung, beside what a plain search
makes of them: BM25 alone, SQLite's FTS5 and rapidfuzz. A line `RESULT <name> <ours> <baseline> <ratio>` for
each figure. `--only size` measures latency, memory and the time from an edit until it is live instead, among
200, 2,000 and 20,000 entries; `--quick` leaves out the largest.
"""

import argparse
import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.answers import plain, sets, size
from benchmarks.answers.sets import Case
from benchmarks.answers.understanding import understand
from benchmarks.telling import tell
from bot.meanings import MODELS, Text
from bot.questions import Answer, Choices, Entry, Finder, Nothing, texts_of
from bot.questions.decide import LADDER
from bot.questions.finder import Understood

FEWEST = 8


@dataclass(frozen=True)
class Reply:
    """What was said to a question: ids, likeliest first; whether the first was given; the buttons."""

    ranked: tuple[str, ...]
    answered: bool
    offered: tuple[str, ...]


Ask = Callable[[Case], Reply]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--only", choices=["questions", "size"])
    parser.add_argument("--quick", action="store_true")
    arguments = parser.parse_args()
    if arguments.only != "size":
        questions()
    if arguments.only != "questions":
        size.measure([200, 2_000] if arguments.quick else [200, 2_000, 20_000])


def questions() -> None:
    """The figures on the untouched half."""
    entries = sets.content()
    cases = [case for case in sets.read("association.jsonl")[1] if sets.untouched(case)]
    print(f"{len({entry.id for entry in entries})} entries; {len(cases)} questions of the untouched half")
    finder = Finder(entries)
    wanted = [*texts_of(entries), *(Text(finder.restated(case.question), "question") for case in cases)]
    understood = asyncio.run(understand(wanted))

    ours = {rung: _tabled(cases, ask_with(entries, rung, understood)) for rung in LADDER}
    peers = {name: _tabled(cases, _plainly(rank)) for name, rank in plain.peers(entries).items()}
    best = ours[LADDER[0]]
    for manner in ("all", *sorted({case.manner for case in cases})):
        some = [case for case in cases if manner in ("all", case.manner)]
        if len(some) < FEWEST:
            continue
        print(f"\n{manner}: {len(some)} questions")
        for name, replies in {**ours, **peers}.items():
            print(
                f"  {name:<14}"
                + "  ".join(f"{key} {value:.3f}" for key, value in figures(some, replies).items())
            )
        for key, value in figures(some, best).items():
            tell(f"answers.{manner}.{key}", value, figures(some, peers["rapidfuzz"])[key])
            if key in ("first", "first_three"):
                for peer in ("bm25 alone", "fts5"):
                    tell(
                        f"answers.{manner}.{key}.{peer.replace(' ', '_')}",
                        value,
                        figures(some, peers[peer])[key],
                    )


def ask_with(entries: Sequence[Entry], rung: str, understood: Understood) -> Ask:
    """Our replies on a rung of the ladder."""
    models = rung.split("+")[:-1]
    finder = Finder(entries, understood={name: understood[name] for name in models})

    def ask(case: Case) -> Reply:
        text = Text(finder.restated(case.question), "question")
        meaning = {name: understood[name][text.key(MODELS[name])] for name in models}
        match finder.ask(case.question, case.locale, meaning):
            case Answer(best, others):
                return Reply((best.entry.id, *(other.entry.id for other in others)), True, ())
            case Choices(found):
                ranked = tuple(one.entry.id for one in found)
                return Reply(ranked, False, ranked)
            case Nothing(nearest):
                return Reply(tuple(one.entry.id for one in nearest), False, ())

    return ask


def _plainly(rank: plain.Rank) -> Ask:
    def ask(case: Case) -> Reply:
        ranked, surely = rank(case.question)
        return Reply(ranked, surely, () if surely else ranked[:3])

    return ask


Replies = dict[Case, Reply]


def _tabled(cases: Sequence[Case], ask: Ask) -> Replies:
    return {case: ask(case) for case in cases}


def figures(cases: Sequence[Case], replies: Replies) -> dict[str, float]:
    """The shares, from 0 to 1, by which answering is judged."""
    told = [(case.expected, replies[case]) for case in cases]
    inside = [(expected, reply) for expected, reply in told if expected]
    outside = [reply for expected, reply in told if not expected]
    given = [reply.ranked[0] in expected for expected, reply in inside if reply.answered]
    return {
        "first": share([bool(set(reply.ranked[:1]) & set(expected)) for expected, reply in inside]),
        "first_three": share([bool(set(reply.ranked[:3]) & set(expected)) for expected, reply in inside]),
        "answered": share([reply.answered for _, reply in inside]),
        "answered_or_offered": share(
            [
                (reply.ranked[0] in expected) if reply.answered else bool(set(reply.offered) & set(expected))
                for expected, reply in inside
            ]
        ),
        # Under an honest no, too, the nearest topics stand as buttons.
        "answered_or_shown": share(
            [
                bool(set(reply.ranked[: 1 if reply.answered else 3]) & set(expected))
                for expected, reply in inside
            ]
        ),
        "precision": share(given + [False for reply in outside if reply.answered]),
        "precision_inside": share(given),
        "outside_not_answered": share([not reply.answered for reply in outside]),
        "outside_refused": share([not reply.answered and not reply.offered for reply in outside]),
    }


def share(truths: Sequence[bool]) -> float:
    """The share that is true; nothing at all counts as all."""
    return sum(truths) / len(truths) if truths else 1.0


if __name__ == "__main__":
    main()
