"""Bringing a database to today's tables."""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database import Database
from storage.leading import one_at_a_time


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config


async def migrate(database: Database) -> None:
    """Bring the database to today's tables. Running it again changes nothing, nor does doing so at once."""
    async with one_at_a_time(database), database.connection() as connection:
        # SQLite changes a table by making it anew; dropping the old one must not take along its references.
        await _heed_references(connection, False)
        try:
            # A schema and the version it claims change together.
            async with connection.begin():
                await connection.run_sync(lambda sync: command.upgrade(_config(sync), "head"))
                await _check_references(connection)
        finally:
            await _heed_references(connection, True)


async def _heed_references(connection: AsyncConnection, heed: bool) -> None:
    """Switch foreign keys on or off, which SQLite only does outside of a transaction."""
    if connection.dialect.name == "sqlite":
        driver: Any = (await connection.get_raw_connection()).driver_connection
        await driver.execute(f"PRAGMA foreign_keys = {'ON' if heed else 'OFF'}")


async def _check_references(connection: AsyncConnection) -> None:
    if connection.dialect.name == "sqlite":
        broken = (await connection.exec_driver_sql("PRAGMA foreign_key_check")).all()
        if broken:
            raise RuntimeError(f"the migration would leave {len(broken)} rows that refer to nothing")


async def is_current(database: Database) -> bool:
    """Whether the database has today's tables."""

    def check(sync: Connection) -> bool:
        heads = set(ScriptDirectory.from_config(_config(sync)).get_heads())
        return set(MigrationContext.configure(sync).get_current_heads()) == heads

    async with database.connection() as connection:
        return await connection.run_sync(check)
