"""The tables beside these modules, which anybody who knows the languages can extend."""

from collections.abc import Iterator
from pathlib import Path

_HERE = Path(__file__).parent


def read_table(table: str) -> Iterator[tuple[str, str]]:
    """The rows of a table: two columns parted by a tab, comments and empty lines left out."""
    for line in (_HERE / table).read_text("utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            left, right = line.split("\t")
            yield left.strip(), right.strip()
