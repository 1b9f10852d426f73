"""Write a migration from the difference between the tables and an up-to-date database.

python -m storage.migrations.new "what changed"
"""

import asyncio
import sys
import tempfile
from pathlib import Path

from alembic import command

from storage.database import connect
from storage.migrations import _config, migrate


async def write(message: str) -> None:
    number = f"{len(list((Path(__file__).parent / 'versions').glob('*.py'))) + 1:04d}"
    with tempfile.TemporaryDirectory() as folder:
        database = connect(f"sqlite+aiosqlite:///{Path(folder) / 'empty.db'}")
        await migrate(database)
        async with database.connection() as connection, connection.begin():
            await connection.run_sync(
                lambda sync: command.revision(
                    _config(sync), message=message, autogenerate=True, rev_id=number
                )
            )
        await database.close()


if __name__ == "__main__":
    asyncio.run(write(sys.argv[1]))
