"""Statements, compiled once for each shape and from then on only given their values.

SQLAlchemy writes the SQL, and says how each value goes in and comes out; running it is the driver's part.
Its own way to the driver costs several times more than the query itself, most of all from asyncio.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import ClauseElement, Dialect, Executable, Row
from sqlalchemy.engine.result import SimpleResultMetaData
from sqlalchemy.exc import InvalidRequestError, StatementError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import NULLTYPE
from sqlalchemy.util import LRUCache

SHAPES_KEPT = 1000

Values = Mapping[str, object]
# A column's name and the driver's code for its type, as the driver's cursor describes it.
Described = Sequence[tuple[str, Any]]


class Shape:
    """A statement without its values: what all statements that differ in nothing else share."""

    def __init__(self, compiled: SQLCompiler, dialect: Dialect) -> None:
        if compiled.isinsert and compiled.insert_prefetch:
            raise NotImplementedError("defaults are the database's here, not Python's")
        self._compiled = compiled
        self._dialect = dialect
        self._processors: Mapping[str, Any] = compiled._bind_processors
        self._expands = bool(compiled.post_compile_params or compiled.literal_execute_params)
        self._described: Described | None = None
        self._columns = SimpleResultMetaData(())
        self._row_processors: list[Any] | None = None

    def bind(self, values: Values, found: Sequence[Any] | None) -> tuple[str, Any]:
        """The SQL and what the driver is given with it: by position or by name, as the driver has it."""
        compiled, processors = self._compiled, self._processors
        params: Mapping[str, Any] = compiled.construct_params(
            values, extracted_parameters=found, escape_names=False
        )
        sql, positions = compiled.string, compiled.positiontup
        if self._expands:
            # A list of another length is another text: `IN (?, ?)`.
            expanded = compiled._process_parameters_for_postcompile(dict(params))
            sql, params = expanded.statement, expanded.parameters
            positions = cast("list[str] | None", expanded.positiontup)
            processors = {**processors, **expanded.processors}
        if positions is not None:
            return sql, [
                processors[name](params[name]) if name in processors else params[name] for name in positions
            ]
        return sql, {
            name: processors[name](value) if name in processors else value for name, value in params.items()
        }

    def read(self, described: Described, rows: Sequence[tuple[Any, ...]]) -> list[Row[Any]]:
        """The driver's rows as SQLAlchemy's, with names and with the columns' types."""
        if self._described != described:
            self._look_at(described)
        columns, processors = self._columns, self._row_processors
        names = columns._key_to_index
        return [Row(columns, processors, names, row) for row in rows]

    def _look_at(self, described: Described) -> None:
        entries = self._compiled._result_columns
        if len(entries) == len(described):
            names = [entry.keyname for entry in entries]
            types = [entry.type for entry in entries]
        else:
            names, types = [name for name, _ in described], [NULLTYPE for _ in described]
        processors = [
            kind._cached_result_processor(self._dialect, code)
            for kind, (_, code) in zip(types, described, strict=True)
        ]
        self._row_processors = processors if any(processors) else None
        self._columns = SimpleResultMetaData(names)
        self._described = described


@dataclass(frozen=True, slots=True)
class Ready:
    """A statement as a driver takes it: with one set of values, or with many."""

    sql: str
    values: Any
    shape: Shape


class Statements:
    """The shapes that have been seen, for one kind of database."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self._shapes: LRUCache[Any, Shape] = LRUCache(SHAPES_KEPT)

    def ready(self, statement: Executable, values: Values) -> Ready:
        """The statement with its values, those in it and those given for its named blanks."""
        shape, found = self._shape(statement, tuple(values), many=False)
        sql, bound = self._bind(shape, values, found)
        return Ready(sql, bound, shape)

    def ready_many(self, statement: Executable, listed: Sequence[Values]) -> Ready:
        """The statement with each of the sets of values, which all have the same names."""
        shape, found = self._shape(statement, tuple(listed[0]), many=True)
        bound = [self._bind(shape, values, found) for values in listed]
        if len({sql for sql, _ in bound}) != 1:
            raise NotImplementedError("a statement with lists of different lengths can't run for many")
        return Ready(bound[0][0], [values for _, values in bound], shape)

    def _shape(
        self, statement: Executable, names: tuple[str, ...], *, many: bool
    ) -> tuple[Shape, Sequence[Any] | None]:
        element = cast(ClauseElement, statement)
        key = element._generate_cache_key()
        if key is None:
            return self._compiled(element, names, many=many, key=None), None
        known = (key.key, names, many)
        shape = self._shapes.get(known)
        if shape is None:
            shape = self._shapes[known] = self._compiled(element, names, many=many, key=key)
        return shape, key.bindparams

    def _compiled(self, element: ClauseElement, names: tuple[str, ...], *, many: bool, key: Any) -> Shape:
        if key is not None and getattr(key, "params", None):
            raise NotImplementedError("values are given with the query, not by params()")
        # As for many, so that an INSERT doesn't ask for the new row's id unless it says so.
        blind = many or not getattr(element, "_returning", True)
        compiled = element.compile(
            dialect=self.dialect,
            cache_key=key,
            column_keys=list(names) if names or many else None,
            for_executemany=blind,
        )
        return Shape(cast(SQLCompiler, compiled), self.dialect)

    def _bind(self, shape: Shape, values: Values, found: Sequence[Any] | None) -> tuple[str, Any]:
        try:
            return shape.bind(values, found)
        except InvalidRequestError:
            raise
        except Exception as error:
            sql = shape._compiled.string
            raise StatementError(str(error), sql, None, error, hide_parameters=True) from error
