"""Statements are compiled once for each shape: what differs must never be taken for the same."""

from collections.abc import Awaitable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import (
    Select,
    bindparam,
    cast,
    delete,
    func,
    insert,
    literal,
    literal_column,
    null,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import DBAPIError, IntegrityError, InvalidRequestError, StatementError
from sqlalchemy.types import JSON, Text

from storage import Database, Transaction, connect
from storage.instants import Instant
from storage.tables import dialogues, events, options, people
from tests.conftest import NOON
from tests.making import known_person, published_event


async def remember(tx: Transaction, **values: str) -> None:
    await tx.run_many(insert(options), [{"name": name, "value": value} for name, value in values.items()])


async def fail_after(work: Awaitable[None]) -> None:
    await work
    raise ZeroDivisionError


def named(*names: str) -> Any:
    return select(options.c.name).where(options.c.name.in_(names)).order_by(options.c.name)


async def test_the_same_statement_with_other_values_gives_other_rows(database: Database) -> None:
    async with database.write() as tx:
        await remember(tx, one="1", two="2")
        for name, value in (("one", "1"), ("two", "2"), ("one", "1"), ("three", None)):
            assert await tx.value(select(options.c.value).where(options.c.name == name)) == value


async def test_statements_that_differ_in_nothing_but_a_column_are_told_apart(database: Database) -> None:
    async with database.write() as tx:
        await remember(tx, one="two", two="one")
        by_name = select(options.c.name).where(options.c.name == "one")
        by_value = select(options.c.name).where(options.c.value == "one")
        assert (await tx.value(by_name), await tx.value(by_value)) == ("one", "two")


async def test_statements_that_differ_in_a_literal_are_told_apart(database: Database) -> None:
    async with database.read() as tx:
        for number in (1, 2, 1):
            assert await tx.value(select(literal(number))) == number
            assert await tx.value(select(literal_column(str(number)))) == number
            assert await tx.value(text(f"SELECT {number}")) == number
        assert await tx.value(select(literal("1"))) == "1"


async def test_lists_may_have_any_length(database: Database) -> None:
    async with database.write() as tx:
        await remember(tx, a="1", b="2", c="3")
        for names in (("a",), ("a", "c"), (), ("a", "b", "c"), ("c", "a"), ("z",), ()):
            found = [row.name for row in await tx.rows(named(*names))]
            assert found == sorted(set(names) - {"z"})
        blank = select(options.c.name).where(options.c.name.in_(bindparam("names", expanding=True)))
        for names in ((), ("b",), ("a", "b"), ("c",), ()):
            found = [row.name for row in await tx.rows(blank.order_by(options.c.name), names=names)]
            assert found == sorted(names)


async def test_two_lists_in_one_statement_keep_their_own_values(database: Database) -> None:
    async with database.write() as tx:
        await remember(tx, a="1", b="2", c="3")
        for names, values in ((("a", "b"), ("2",)), (("a",), ("1", "2")), ((), ("1",)), (("c",), ())):
            query = select(options.c.name).where(options.c.name.in_(names), options.c.value.in_(values))
            found = {row.name for row in await tx.rows(query)}
            known = {"a": "1", "b": "2", "c": "3"}
            assert found == {name for name in names if known[name] in values}


async def test_a_list_of_instants_is_stored_as_instants_are(database: Database) -> None:
    event = await published_event(database, now=NOON)
    async with database.read() as tx:
        for instants in ([event.starts_at], [NOON, event.starts_at], []):
            query = select(func.count()).select_from(events).where(events.c.starts_at.in_(instants))
            assert await tx.value(query) == (1 if event.starts_at in instants else 0)


async def test_named_blanks_take_what_is_given_each_time(database: Database) -> None:
    add, find = insert(options), select(options.c.value).where(options.c.name == bindparam("wanted"))
    change = update(options).where(options.c.name == bindparam("wanted")).values(value=bindparam("new"))
    async with database.write() as tx:
        assert await tx.run(add, name="a", value="1") == 1
        assert await tx.run(add, value="2", name="b") == 1
        assert await tx.run(change, wanted="b", new="3") == 1
        assert await tx.run(change, new="4", wanted="z") == 0
        assert [await tx.value(find, wanted=name) for name in ("a", "b", "z", "a")] == ["1", "3", None, "1"]
        with pytest.raises(InvalidRequestError):
            await tx.value(find)


async def test_the_same_blanks_filled_for_other_columns_are_told_apart(database: Database) -> None:
    person = await known_person(database, 7, now=NOON)
    change = update(people).where(people.c.id == person.id)
    async with database.write() as tx:
        await tx.run(change, name="A name")
        await tx.run(change, username="a_name")
        row = await tx.row(select(people.c.name, people.c.username).where(people.c.id == person.id))
    assert row is not None
    assert tuple(row) == ("A name", "a_name")


async def test_no_value_is_no_value_and_not_an_old_one(database: Database) -> None:
    person = await known_person(database, 7, now=NOON)
    async with database.write() as tx:
        for username in ("first", None, "second", None):
            await tx.run(update(people).where(people.c.id == person.id).values(username=username))
            found = await tx.value(select(people.c.username).where(people.c.id == person.id))
            assert found == username


async def test_an_upsert_writes_over_with_its_own_values(database: Database) -> None:
    add = upsert(options)
    put = add.on_conflict_do_update(
        index_elements=[options.c.name], set_={"value": add.excluded.value}
    ).returning(options.c.value)
    async with database.write() as tx:
        for value in ("1", "2", "3"):
            assert await tx.value(put, name="a", value=value) == value
            again = upsert(options).values(name="b", value=value)
            values = {"value": f"{value}!"}
            await tx.run(again.on_conflict_do_update(index_elements=[options.c.name], set_=values))
        assert await tx.value(select(options.c.value).where(options.c.name == "b")) == "3!"


async def test_every_change_says_how_many_rows_it_touched(database: Database) -> None:
    async with database.write() as tx:
        assert await tx.run(insert(options).values(name="a", value="1")) == 1
        assert await tx.run(insert(options).values([{"name": n, "value": "1"} for n in "bcd"])) == 3
        again = upsert(options).values(name="a", value="2").on_conflict_do_nothing()
        assert await tx.run(again) == 0
        copied = insert(options).from_select(
            ["name", "value"], select(options.c.name + "2", options.c.value).where(options.c.name > "b")
        )
        assert await tx.run(copied) == 2
        assert await tx.run(update(options).values(value="9").where(options.c.name.in_(("a", "b")))) == 2
        assert await tx.run(delete(options)) == 6


async def test_json_comes_back_as_it_went_and_its_null_is_not_the_tables(database: Database) -> None:
    person = await known_person(database, 7, now=NOON)
    whole = {"list": [1, None, "大家好"], "none": None, "quoted": "'\"%s ? :name", "emoji": "🌏"}
    written = insert(dialogues).values(
        person_id=person.id, kind="k", step="s", data=bindparam("data"), version=1, updated_at=NOON
    )
    async with database.write() as tx:
        for data in (whole, [], "text", 0, False, None):
            await tx.run(delete(dialogues))
            await tx.run(written, data=data)
            row = await tx.row(select(dialogues.c.data, dialogues.c.data.is_(null()).label("empty")))
            assert row is not None
            assert (row.data, bool(row.empty)) == (data, False)
            assert await tx.value(select(cast(dialogues.c.data, Text))) is not None
        assert await tx.value(select(literal({"a": 1}, JSON))) == {"a": 1}


async def test_text_of_any_kind_comes_back_as_it_went(database: Database) -> None:
    async with database.write() as tx:
        for value in (
            "",
            "'; DROP TABLE options; --",
            "100 %",
            "%(name)s",
            ":name ?",
            "صدیق",
            "𠮷野家",
            "a\n\tb",
        ):
            await tx.run(delete(options))
            await tx.run(insert(options).values(name="a", value=value))
            assert await tx.value(select(options.c.value).where(options.c.value == value)) == value


async def test_instants_compare_in_every_zone(database: Database) -> None:
    event = await published_event(database, now=NOON)
    elsewhere = event.starts_at.astimezone(timezone(timedelta(hours=-7)))
    query = select(events.c.starts_at).where(events.c.starts_at == bindparam("at"))
    async with database.read() as tx:
        found = await tx.value(query, at=elsewhere)
        assert found == event.starts_at
        assert found.tzinfo is UTC
        assert await tx.value(query, at=elsewhere + timedelta(seconds=1)) is None
        later = tuple_(events.c.starts_at, events.c.id) > tuple_(literal(NOON, Instant), 0)
        assert await tx.value(select(func.count()).select_from(events).where(later)) == 1
        with pytest.raises(StatementError):
            await tx.value(query, at=datetime(2026, 12, 3))  # noqa: DTZ001


async def test_yes_and_no_come_back_as_such(database: Database) -> None:
    event = await published_event(database, now=NOON)
    async with database.write() as tx:
        for sample in (True, False):
            await tx.run(update(events).where(events.c.id == event.id).values(sample=sample))
            assert await tx.value(select(events.c.sample).where(events.c.sample.is_(sample))) is sample


async def test_a_row_is_read_by_name_by_place_and_as_a_whole(database: Database) -> None:
    async with database.write() as tx:
        await remember(tx, a="1", b="2")
        rows = await tx.rows(select(options.c.name, options.c.value.label("held")).order_by(options.c.name))
        first = rows[0]
        name, held = first
        assert (name, held, first.name, first.held, first[1]) == ("a", "1", "a", "1", "1")
        assert dict(first._mapping) == {"name": "a", "held": "1"}
        assert [tuple(row) for row in rows] == [("a", "1"), ("b", "2")]
        nobody = select(people)
        assert await tx.row(nobody) is None
        assert await tx.value(nobody) is None
        assert await tx.rows(nobody) == []


async def test_many_are_written_at_once_and_an_empty_many_is_nothing(database: Database) -> None:
    put = upsert(options).on_conflict_do_nothing()
    async with database.write() as tx:
        await tx.run_many(put, [])
        await tx.run_many(put, ({"name": str(n % 10), "value": str(n)} for n in range(50)))
        assert await tx.value(select(func.count()).select_from(options)) == 10
        change = update(options).where(options.c.name == bindparam("of")).values(value=bindparam("new"))
        await tx.run_many(change, [{"of": "1", "new": "x"}, {"of": "2", "new": "y"}])
        rows = await tx.rows(
            select(options.c.value).where(options.c.name.in_(("1", "2"))).order_by(options.c.name)
        )
    assert [row.value for row in rows] == ["x", "y"]


async def test_savepoints_inside_one_another_are_undone_by_themselves(database: Database) -> None:
    async with database.write() as tx:
        async with tx.savepoint():
            await remember(tx, outer="1")
            with pytest.raises(ZeroDivisionError):
                async with tx.savepoint():
                    await fail_after(remember(tx, inner="1"))
            with pytest.raises(IntegrityError):
                async with tx.savepoint():
                    await remember(tx, inner="2", outer="2")
            async with tx.savepoint():
                await remember(tx, after="1")
        rows = await tx.rows(select(options.c.name).order_by(options.c.name))
    assert [row.name for row in rows] == ["after", "outer"]


async def test_an_error_names_the_rule_that_was_broken_and_not_whose_values(database: Database) -> None:
    async with database.write() as tx:
        await remember(tx, a="1")
        with pytest.raises(IntegrityError) as refused:
            async with tx.savepoint():
                await tx.run(insert(options).values(name="a", value="Made Up's secret"))
        with pytest.raises(DBAPIError) as wrong:
            async with tx.savepoint():
                await tx.value(text("SELECT nothing FROM nowhere WHERE x = :x").bindparams(x="a secret"))
        with pytest.raises(StatementError) as unreadable:
            await tx.rows(select(events).where(events.c.starts_at == "a secret"))
    for error in (refused, wrong, unreadable):
        assert "secret" not in str(error.value)


async def test_what_is_compiled_for_one_database_serves_the_next(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with database.write() as tx:
        await remember(tx, one="1")
        assert await tx.value(select(options.c.value).where(options.c.name == "one")) == "1"
    again = connect(database.url.render_as_string(hide_password=False))
    monkeypatch.setattr(Select, "compile", None)
    async with again.read() as tx:
        assert await tx.value(select(options.c.value).where(options.c.name == "one")) == "1"
    await again.close()
