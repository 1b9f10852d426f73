"""Everybody gets a broadcast once, through kills and faults: `python -m benchmarks.exactness`.

The real `amity run` on SQLite is killed with -9 at random instants, a hundred times, while it sends to twenty
thousand, and meanwhile Telegram holds it back, breaks, and drops connections before and after a message has
arrived. Afterwards what the bot says of everybody is compared with what has arrived.
"""

import argparse
import sys

from benchmarks.exactness.killing import Ended, play
from benchmarks.standin.asking import standing_in
from benchmarks.telling import tell


def main() -> None:
    asking = argparse.ArgumentParser(prog="python -m benchmarks.exactness", description=__doc__)
    asking.add_argument("--quick", action="store_true", help="ten kills while it sends to two thousand")
    asking.add_argument("--recipients", type=int)
    asking.add_argument("--kills", type=int)
    asking.add_argument("--seed", type=int, default=1)
    asked = asking.parse_args()
    recipients = asked.recipients or (2_000 if asked.quick else 20_000)
    kills = asked.kills or (10 if asked.quick else 100)
    with standing_in() as standin:
        ended = play(standin, recipients=recipients, kills=kills, seed=asked.seed)
    _tell(ended)
    problems = ended.problems()
    for problem in problems:
        print(problem)
    sys.exit(bool(problems))


def _tell(ended: Ended) -> None:
    found = ended.found
    print(
        f"{ended.kills} kills, {ended.during} of them before the broadcast to {found.recipients} was done;"
        f" paused by the bot and let go on {ended.resumed} times;"
        f" faults: {ended.injected}; refused as too fast: {ended.refused}; {ended.seconds:.0f} s"
    )
    print(f"the bot says: {dict(found.states)}")
    print(
        f"of {found.unknown} unknown {found.unknown_arrived} had arrived,"
        f" {found.unknown_not_arrived} had not; {ended.without_answer} calls got no answer,"
        f" which leaves {(found.unknown - ended.without_answer) / ended.kills:.1f} in doubt for each kill"
    )
    tell("exactness_told_rightly", found.recipients - found.skipped - found.wrong, found.recipients)
    tell("exactness_twice", found.twice, 1)
    tell("exactness_unknown", found.unknown, found.recipients)


if __name__ == "__main__":
    main()
