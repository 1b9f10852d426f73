"""How fast and how steadily messages leave: `python -m benchmarks.delivery`, quicker with `--quick`."""

import argparse

from benchmarks.delivery import cost, rates
from benchmarks.standin.asking import StandIn, standing_in


def main() -> None:
    asking = argparse.ArgumentParser(prog="python -m benchmarks.delivery", description=__doc__)
    asking.add_argument("--quick", action="store_true", help="shorter, and less exact")
    asking.add_argument("--million", action="store_true", help="a million recipients too, which takes long")
    asking.add_argument("--only", choices=PARTS, help="one part alone")
    asked = asking.parse_args()
    with standing_in() as standin:
        for name, part in PARTS.items():
            if asked.only in (None, name):
                part(standin, asked)


def _cost(standin: StandIn, asked: argparse.Namespace) -> None:
    quick: bool = asked.quick
    cost.compare(standin, members=20_000, rounds=1 if quick else 3)


def _scale(standin: StandIn, asked: argparse.Namespace) -> None:
    sizes = [1_000, 10_000] if asked.quick else [1_000, 10_000, 100_000]
    cost.scale(standin, [*sizes, 1_000_000] if asked.million else sizes)


def _sustain(standin: StandIn, asked: argparse.Namespace) -> None:
    rates.sustain(standin, seconds=10 if asked.quick else 30)


def _reminders(standin: StandIn, asked: argparse.Namespace) -> None:
    rates.remind(standin, seated=2_000 if asked.quick else 10_000, seconds=20 if asked.quick else 60)


def _limits(standin: StandIn, asked: argparse.Namespace) -> None:
    rates.keep_limits(standin, seconds=20 if asked.quick else 60)


def _start(standin: StandIn, asked: argparse.Namespace) -> None:
    recipients = 1_000_000 if asked.million else 10_000 if asked.quick else 100_000
    rates.start_large(standin, recipients=recipients, seconds=10 if asked.quick else 30)


PARTS = {
    "cost": _cost,
    "scale": _scale,
    "sustained": _sustain,
    "reminders": _reminders,
    "limits": _limits,
    "start": _start,
}


if __name__ == "__main__":
    main()
