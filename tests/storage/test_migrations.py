"""Migrations bring along what was there, and end with exactly what is described."""

from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect, select, text

from storage import Database, broadcasts, connect
from storage.migrations import _config, migrate
from storage.tables import broadcast_tallies, metadata
from tests.conftest import fresh_postgres


@pytest.fixture(params=["sqlite", "postgresql"])
async def old_database(request: pytest.FixtureRequest, tmp_path: Path):  # type: ignore[no-untyped-def]
    """A database with the first tables alone, and somebody going to an event with a shift."""
    if request.param == "sqlite":
        opened = connect(f"sqlite+aiosqlite:///{tmp_path}/old.db")
    else:
        opened = connect(fresh_postgres(request.getfixturevalue("postgres")))
    async with opened.connection() as connection, connection.begin():
        await connection.run_sync(lambda sync: command.upgrade(_config(sync), "0001"))
        for statement in FORMERLY:
            await connection.execute(text(statement))
    yield opened
    await opened.close()


FORMERLY = (
    "INSERT INTO people (id, telegram_id, name, locale, joined_at) VALUES (1, 11, 'Example', 'en', 0)",
    "INSERT INTO events (id, kind, state, base_locale, starts_at, ends_at, zone, reminders, changed_at)"
    " VALUES (1, 'forum', 'published', 'en', 10, 20, 'Asia/Hong_Kong', '[]', 0)",
    "INSERT INTO event_texts (event_id, locale, title) VALUES (1, 'en', 'Harbour Forum')",
    "INSERT INTO rsvps (id, event_id, person_id, state, asked_at, seated_at) VALUES (1, 1, 1, 'going', 1, 1)",
    "INSERT INTO shifts (id, event_id, starts_at, ends_at, places) VALUES (1, 1, 10, 20, 2)",
    "INSERT INTO shift_signups (id, shift_id, person_id, state, taken_at) VALUES (1, 1, 1, 'taken', 1)",
    "INSERT INTO broadcasts (id, state, base_locale, audience, created_at)"
    " VALUES (1, 'sending', 'en', '{}', 0)",
    "INSERT INTO broadcast_variants (broadcast_id, locale, text, entities, photo)"
    " VALUES (1, 'en', 'Hello', '[]', 'AgACexample')",
    "INSERT INTO notices (id, kind, person_id, params, occasion, rank, due_at, state, broadcast_id)"
    " VALUES (1, 'broadcast', 1, '{}', 'broadcast:1:1', 2, 0, 'sent', 1)",
)


def _checks(sync: Connection) -> dict[str, list[str]]:
    """Each table's checks by name; one that stands there twice is in the list twice."""
    looking = inspect(sync)
    return {
        table: sorted(str(check["name"]) for check in looking.get_check_constraints(table))
        for table in looking.get_table_names()
        if table != "alembic_version"
    }


async def test_what_people_had_answered_survives_migrating(old_database: Database) -> None:
    await migrate(old_database)
    async with old_database.connection() as connection:
        for table in ("people", "events", "event_texts", "rsvps", "shifts", "shift_signups"):
            assert (await connection.execute(text(f"SELECT count(*) FROM {table}"))).scalar() == 1, table
        rsvp = (await connection.execute(text("SELECT state, way, names, offer_until FROM rsvps"))).one()
        assert (rsvp.state, rsvp.way, rsvp.offer_until) == ("going", "here", None)


async def test_a_broadcast_keeps_its_picture_and_its_figures_when_migrating(old_database: Database) -> None:
    await migrate(old_database)
    async with old_database.read() as tx:
        found = await broadcasts.find(tx, 1)
        (tally,) = await tx.rows(select(broadcast_tallies))
    assert found is not None
    assert found.variants["en"].media == ({"type": "photo", "id": "AgACexample"},)
    assert (tally.kind, tally.locale, tally.state, tally.people) == ("broadcast", "en", "sent", 1)


async def test_a_migrated_database_is_exactly_what_is_described(old_database: Database) -> None:
    await migrate(old_database)
    described = {
        name: sorted(str(one.name) for one in table.constraints if str(one.name).startswith("ck_"))
        for name, table in metadata.tables.items()
    }
    async with old_database.connection() as connection:
        assert not await connection.run_sync(
            lambda sync: compare_metadata(MigrationContext.configure(sync), metadata)
        )
        assert await connection.run_sync(_checks) == described


async def test_what_refers_to_a_row_still_goes_with_it_after_migrating(old_database: Database) -> None:
    await migrate(old_database)
    async with old_database.connection() as connection, connection.begin():
        await connection.execute(text("DELETE FROM events"))
        assert (await connection.execute(text("SELECT count(*) FROM rsvps"))).scalar() == 0
        assert (await connection.execute(text("SELECT count(*) FROM shift_signups"))).scalar() == 0
