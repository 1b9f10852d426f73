"""Statements, compiled once for each shape and from then on only given their values.

SQLAlchemy writes the SQL, and says how each value goes in and comes out; running it is the driver's part.
Its own way to the driver costs several times more than the query itself, most of all from asyncio.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar, cast

from sqlalchemy import BindParameter, ClauseElement, Dialect, Executable, Row
from sqlalchemy.engine.result import SimpleResultMetaData
from sqlalchemy.exc import InvalidRequestError, StatementError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import NULLTYPE
from sqlalchemy.util import LRUCache

SHAPES_KEPT = 1000
EXPANSIONS_KEPT = 100

T = TypeVar("T")
Values = Mapping[str, object]
# A column's name and the driver's code for its type, as the driver's cursor describes it.
Described = Sequence[tuple[str, Any]]


@dataclass(frozen=True, slots=True)
class Blank:
    """Where one of a statement's values comes from, and what is done to it for the driver."""

    # The name it is given by, else its place among the values found in the statement, else it never changes.
    name: str | None
    place: int | None
    constant: object
    process: Callable[[Any], Any] | None

    def value(self, values: Values, found: Sequence[BindParameter[Any]]) -> Any:
        if self.name is not None:
            return values[self.name]
        return self.constant if self.place is None else found[self.place].effective_value


@dataclass(frozen=True, slots=True)
class Expansion:
    """The statement for lists of certain lengths, as `IN (?, ?)` is another text than `IN (?)`."""

    sql: str
    positions: Sequence[str] | None
    names: Mapping[str, Sequence[str]]
    processors: Mapping[str, Callable[[Any], Any]]


class Shape:
    """A statement without its values: what all statements that differ in nothing else share."""

    def __init__(self, compiled: SQLCompiler, dialect: Dialect, names: Collection[str], key: Any) -> None:
        if compiled.isinsert and compiled.insert_prefetch:
            raise TypeError("defaults are the database's here, not Python's")
        if compiled.literal_execute_params:
            raise TypeError("values never become part of the SQL here")
        self.sql = compiled.string
        self._compiled = compiled
        self._dialect = dialect
        self._processors: Mapping[str, Any] = compiled._bind_processors
        self._blanks = self._find_blanks(names, key)
        # By position where the driver takes values so, else under their names.
        positions = compiled.positiontup
        self._ordered = None if positions is None else [self._blanks[name] for name in positions]
        self._lists = [compiled.bind_names[one] for one in compiled.post_compile_params]
        self._expansions: dict[tuple[int, ...], Expansion] = {}
        self._described: Described | None = None
        self._columns = SimpleResultMetaData(())
        self._row_processors: list[Any] | None = None

    def _find_blanks(self, names: Collection[str], key: Any) -> dict[str, Blank]:
        compiled = self._compiled
        places: dict[BindParameter[Any], int] = {}
        if key is not None:
            matching, _ = compiled._cache_key_bind_match or ({}, {})
            places = {one: place for place, of in enumerate(key.bindparams) for one in matching[of]}
        blanks = {}
        for parameter, name in compiled.bind_names.items():
            given = next((known for known in (parameter.key, name) if known in names), None)
            if given is None and parameter.required:
                raise InvalidRequestError(f"no value is given for {parameter.key}")
            constant = None if parameter.required or given else parameter.effective_value
            process = None if parameter in compiled.post_compile_params else self._processors.get(name)
            blanks[name] = Blank(given, places.get(parameter), constant, process)
        return blanks

    def bind(self, values: Values, found: Sequence[BindParameter[Any]]) -> tuple[str, Any]:
        """The SQL and what the driver is given with it: by position or by name, as the driver has it."""
        if self._lists:
            return self._expand({name: one.value(values, found) for name, one in self._blanks.items()})
        if self._ordered is not None:
            return self.sql, [_taken(one, values, found) for one in self._ordered]
        return self.sql, {name: _taken(one, values, found) for name, one in self._blanks.items()}

    def prepare(self, found: Sequence[BindParameter[Any]]) -> "Prepared | None":
        """The same with all that is found in the statement filled in; None where a list is given by name."""
        if any(self._blanks[name].name is not None for name in self._lists):
            return None
        filled: dict[str, Any] = {
            name: None if one.name is not None else one.value({}, found) for name, one in self._blanks.items()
        }
        sql, processors = self.sql, self._processors
        order: Sequence[str] | None = self._compiled.positiontup
        if self._lists:
            expansion = self._expansion(filled)
            sql, order, processors = expansion.sql, expansion.positions, expansion.processors
            for name in self._lists:
                filled.update(zip(expansion.names[name], filled.pop(name), strict=True))
        places = list(enumerate(order)) if order is not None else [(name, name) for name in filled]
        given = {name: one.name for name, one in self._blanks.items() if one.name is not None}
        values: Any = [None] * len(places) if order is not None else {}
        for place, name in places:
            process = processors.get(name)
            if name not in given:
                values[place] = process(filled[name]) if process else filled[name]
        slots = [(place, given[name], processors.get(name)) for place, name in places if name in given]
        return Prepared(sql, values, tuple(slots))

    def _expand(self, params: dict[str, Any]) -> tuple[str, Any]:
        for name in self._lists:
            params[name] = list(params[name])
        lengths = tuple(len(params[name]) for name in self._lists)
        expansion = self._expansions.get(lengths)
        if expansion is None:
            expansion = self._expansion(params)
            if len(self._expansions) < EXPANSIONS_KEPT:
                self._expansions[lengths] = expansion
        for name in self._lists:
            params.update(zip(expansion.names[name], params.pop(name), strict=True))
        processors = expansion.processors
        for name in processors.keys() & params.keys():
            params[name] = processors[name](params[name])
        if expansion.positions is None:
            return expansion.sql, params
        return expansion.sql, [params[name] for name in expansion.positions]

    def _expansion(self, params: Mapping[str, Any]) -> Expansion:
        made = self._compiled._process_parameters_for_postcompile(dict(params))
        return Expansion(
            made.statement,
            made.positiontup,
            made.parameter_expansion,
            {**self._processors, **made.processors},
        )

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
class Prepared:
    """A statement in which only what is given by name is still open."""

    sql: str
    values: Any
    # The place or the driver's name of each value, the name it is given by, and what is done to it.
    slots: tuple[tuple[Any, str, Callable[[Any], Any] | None], ...]

    def bind(self, given: Values) -> tuple[str, Any]:
        values = self.values.copy()
        for place, name, process in self.slots:
            value = given[name]
            values[place] = value if process is None else process(value)
        return self.sql, values


def _taken(blank: Blank, values: Values, found: Sequence[BindParameter[Any]]) -> Any:
    value = blank.value(values, found)
    return value if blank.process is None else blank.process(value)


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
        self.driver_error: type[Exception] = dialect.loaded_dbapi.Error
        self._shapes: LRUCache[Any, Shape] = LRUCache(SHAPES_KEPT)
        # Of the statements with named blanks, which are built once, so that none needs to be looked at twice.
        self._known: dict[Any, tuple[Shape, Callable[[Values], tuple[str, Any]]]] = {}

    def ready(self, statement: Executable, values: Values) -> Ready:
        """The statement with its values, those in it and those given for its named blanks."""
        names = tuple(values)
        if not names:
            shape, found = self._shape(statement, names, many=False)
            return Ready(*_bound(shape, partial(shape.bind, values, found)), shape)
        known = self._known.get((statement, names))
        if known is None:
            shape, found = self._shape(statement, names, many=False)
            prepared = _bound(shape, partial(shape.prepare, found))
            known = shape, prepared.bind if prepared else partial(shape.bind, found=found)
            if len(self._known) >= SHAPES_KEPT:
                self._known.clear()
            self._known[statement, names] = known
        shape, bind = known
        return Ready(*_bound(shape, partial(bind, values)), shape)

    def ready_many(self, statement: Executable, listed: Sequence[Values]) -> Ready:
        """The statement with each of the sets of values, which all have the same names."""
        shape, found = self._shape(statement, tuple(listed[0]), many=True)
        bound = [_bound(shape, partial(shape.bind, values, found)) for values in listed]
        if len({sql for sql, _ in bound}) != 1:
            raise ValueError("a statement with lists of different lengths can't run for many")
        return Ready(bound[0][0], [values for _, values in bound], shape)

    def _shape(
        self, statement: Executable, names: tuple[str, ...], *, many: bool
    ) -> tuple[Shape, Sequence[BindParameter[Any]]]:
        element = cast(ClauseElement, statement)
        key = element._generate_cache_key()
        if key is None:
            return self._compiled(element, names, many=many, key=None), ()
        known = (key.key, names, many)
        shape = self._shapes.get(known)
        if shape is None:
            shape = self._shapes[known] = self._compiled(element, names, many=many, key=key)
        return shape, key.bindparams

    def _compiled(self, element: ClauseElement, names: tuple[str, ...], *, many: bool, key: Any) -> Shape:
        if key is not None and getattr(key, "params", None):
            raise TypeError("values are given with the query, not by params()")
        # As for many, so that an INSERT doesn't ask for the new row's id unless it says so.
        blind = many or not getattr(element, "_returning", True)
        compiled = element.compile(
            dialect=self.dialect,
            cache_key=key,
            column_keys=list(names) if names or many else None,
            for_executemany=blind,
        )
        return Shape(cast(SQLCompiler, compiled), self.dialect, names, key)


# By the names of their kinds of database, whose dialects differ in nothing as `connect` makes them.
_of_kinds: dict[tuple[str, str], Statements] = {}


def statements_for(dialect: Dialect) -> Statements:
    """The statements for all databases of this kind: what one has compiled serves whatever is opened next."""
    kind = dialect.name, dialect.driver
    if kind not in _of_kinds:
        _of_kinds[kind] = Statements(dialect)
    return _of_kinds[kind]


def _bound(shape: Shape, bind: Callable[[], T]) -> T:
    """What binding gives. A value that can't be stored is told of without saying it."""
    try:
        return bind()
    except Exception as error:
        raise StatementError(str(error), shape.sql, None, error, hide_parameters=True) from error
