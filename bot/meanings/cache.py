"""What models understood, kept in the user's cache for runs that keep nothing else."""

import os
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from storage import Database, connect
from storage.migrations import migrate


@asynccontextmanager
async def kept_meanings() -> AsyncIterator[Database]:
    """A small database of vectors; where the user has no cache that can be written, for this run alone."""
    with tempfile.TemporaryDirectory(prefix="amity-") as spare:
        database = connect(f"sqlite+aiosqlite:///{_folder(Path(spare)) / 'meanings.db'}")
        try:
            await migrate(database)
            yield database
        finally:
            await database.close()


def _folder(spare: Path) -> Path:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "amity"
    try:
        cache.mkdir(parents=True, exist_ok=True)
    except OSError:
        return spare
    return cache if os.access(cache, os.W_OK) else spare
