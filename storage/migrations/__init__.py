"""Bringing a database to today's tables."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from storage.database import Database


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config


async def migrate(database: Database) -> None:
    """Bring the database to today's tables. Running it again changes nothing."""
    # A schema and the version it claims change together.
    async with database.connection() as connection, connection.begin():
        await connection.run_sync(lambda sync: command.upgrade(_config(sync), "head"))


async def is_current(database: Database) -> bool:
    """Whether the database has today's tables."""

    def check(sync: Connection) -> bool:
        heads = set(ScriptDirectory.from_config(_config(sync)).get_heads())
        return set(MigrationContext.configure(sync).get_current_heads()) == heads

    async with database.connection() as connection:
        return await connection.run_sync(check)
