"""Everything that is measured, one after the other: `python -m benchmarks`, quicker with `--quick`.

Ends with all the lines `RESULT <name> <ours> <beside> <ratio>` together, and with 1 when something failed.
"""

import argparse
import subprocess
import sys

# Those that know of a quicker way have a True.
PARTS = {"answers": True, "places": False, "delivery": True, "intake": True, "exactness": True}


def run(name: str, *, quick: bool) -> tuple[list[str], bool]:
    """Run one and pass on what it says; gives its figures, and whether it ended well."""
    command = [sys.executable, "-m", f"benchmarks.{name}", *(["--quick"] if quick else [])]
    print(f"\n=== {name}", flush=True)
    figures = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            if line.startswith("RESULT "):
                figures.append(line)
    return figures, process.returncode == 0


def main() -> None:
    asking = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    asking.add_argument("--quick", action="store_true", help="shorter, and less exact")
    quick = asking.parse_args().quick
    figures, failed = [], []
    for name, can_be_quick in PARTS.items():
        found, well = run(name, quick=quick and can_be_quick)
        figures += found
        if not well:
            failed.append(name)
    print("\n=== all figures")
    print("".join(figures), end="")
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
