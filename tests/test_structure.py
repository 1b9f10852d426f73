"""The house keeps its shape: imports point one way, and each floor speaks its own language."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
COMPOSITION_ROOT = ROOT / "bot" / "__main__.py"
# What each floor may import of the others.
BELOW = {"storage": set[str](), "bot": {"storage", "locales"}, "handlers": {"bot", "storage", "locales"}}
FLOORS = {"storage", "bot", "handlers", "playground", "benchmarks"}


def imported(file: Path) -> set[str]:
    """The top-level names that a file imports."""
    names = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names.add((node.module or "").partition(".")[0])
    return names


def files(floor: str) -> list[Path]:
    return [file for file in (ROOT / floor).rglob("*.py") if file != COMPOSITION_ROOT]


@pytest.mark.parametrize("floor", BELOW)
def test_imports_point_one_way(floor: str) -> None:
    wrong = {
        str(file.relative_to(ROOT)): sorted(up)
        for file in files(floor)
        if (up := (imported(file) & FLOORS) - BELOW[floor] - {floor})
    }
    assert not wrong


@pytest.mark.parametrize("floor", ["bot", "storage"])
def test_only_handlers_speak_telegram(floor: str) -> None:
    assert not [file.name for file in files(floor) if "telegram" in imported(file)]


@pytest.mark.parametrize("floor", ["bot", "handlers"])
def test_only_storage_holds_sql(floor: str) -> None:
    assert not [
        file.name
        for file in files(floor)
        if imported(file) & {"sqlalchemy", "aiosqlite", "psycopg", "alembic"}
    ]
