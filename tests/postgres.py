"""A real PostgreSQL for tests, and empty databases on it that are used again.

Making a database takes the server ten times as long as emptying one, and leaves some three hundred files.
"""

import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg
from psycopg import sql

from storage import connect
from storage.migrations import migrate
from storage.tables import metadata

# Nothing on it outlives the tests, so nothing waits for the disk. Plans don't depend on when it tidies up.
HASTE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}
# Emptied rows leave their room behind; a new database has some ten million bytes.
TOO_LARGE = 30_000_000

_numbers = itertools.count()
# By the server's address: the migrated template's name, and the databases that nobody uses at the moment.
_templates: dict[str, str] = {}
_unused: dict[str, list[str]] = {}


def hurry(address: str) -> None:
    """Let the server be quick rather than careful."""
    with psycopg.connect(address, autocommit=True) as connection:
        for name, value in HASTE.items():
            connection.execute(sql.SQL("ALTER SYSTEM SET {} = {}").format(sql.Identifier(name), value))
        connection.execute("SELECT pg_reload_conf()")


def fresh_postgres(address: str, *, name: str | None = None, template: str = "template1") -> str:
    """A new database on the server, as AMITY_DATABASE_URL names it."""
    name = name or f"amity_{next(_numbers)}"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    return _named(address, name)


async def migrated_postgres(address: str) -> str:
    """A new database with today's tables on the server, as AMITY_DATABASE_URL names it."""
    if address not in _templates:
        name = "amity_template"
        first = connect(fresh_postgres(address, name=name))
        await migrate(first)
        await first.close()
        _templates[address] = name
    return fresh_postgres(address, template=_templates[address])


@asynccontextmanager
async def lent_postgres(address: str) -> AsyncIterator[str]:
    """An empty database with today's tables, for as long as the block lasts; others had it before."""
    unused = _unused.setdefault(address, [])
    lent = _named(address, unused.pop()) if unused else await migrated_postgres(address)
    yield lent
    if _emptied(lent.replace("postgresql+psycopg://", "postgresql://")):
        unused.append(_name(lent))
    else:
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {_name(lent)} WITH (FORCE)")


def _emptied(address: str) -> bool:
    """Take everything out of the database, and say whether it is as good as new."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        # In any order: what refers to what is not looked at.
        connection.execute("SET session_replication_role = replica")
        some = "".join(
            f"IF EXISTS (SELECT FROM {table}) THEN DELETE FROM {table}; END IF;" for table in metadata.tables
        )
        connection.execute(f"DO $$ BEGIN {some} END $$")
        connection.execute(
            "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)"
            " FROM pg_sequences WHERE last_value IS NOT NULL"
        )
        row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
        return row is not None and row[0] < TOO_LARGE


def _named(address: str, name: str) -> str:
    """The database's address, as AMITY_DATABASE_URL has it."""
    head, _, query = address.partition("?")
    base = head.rsplit("/", 1)[0].replace("postgresql://", "postgresql+psycopg://")
    return f"{base}/{name}" + (f"?{query}" if query else "")


def _name(address: str) -> str:
    return address.partition("?")[0].rsplit("/", 1)[1]
