"""The vectors of everything in the sets, kept between runs in `build/`: to make them takes minutes."""

import asyncio
import os
from collections.abc import Collection
from pathlib import Path

from bot.meanings import Encoder, Text, Vector
from bot.meanings.memory import Memory
from storage import connect
from storage.migrations import migrate

KEPT = Path(__file__).parents[2] / "build" / "meanings.db"


async def understand(texts: Collection[Text]) -> dict[str, dict[str, Vector]]:
    """What each model that runs here understands of the texts, by their keys."""
    KEPT.parent.mkdir(exist_ok=True)
    encoder = Encoder()
    database = connect(f"sqlite+aiosqlite:///{KEPT}")
    tasks = [asyncio.create_task(encoder.run()) for _ in range(min(os.cpu_count() or 1, 4))]
    try:
        await migrate(database)
        memory = Memory(encoder, forgets=False)
        await memory.recall(database, list(dict.fromkeys(texts)))
        while memory.is_learning:
            await memory.learn(database, seconds=20.0)
            await asyncio.sleep(0.05)
        return memory.understood
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await database.close()
