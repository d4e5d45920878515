"""What a statement asks of stored JSON and of moments, said in the dialect of each database."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, SQLColumnExpression, String, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import FromClause
from sqlalchemy.sql.functions import FunctionElement


class _Objects(FunctionElement[Any]):
    name = "objects"
    inherit_cache = True


class _Field(FunctionElement[str]):
    name = "field"
    type = String()
    inherit_cache = True


class _Unsought(FunctionElement[Any]):
    name = "unsought"
    inherit_cache = True


class _Monday(FunctionElement[Any]):
    name = "monday"
    type = Date()
    inherit_cache = True


class _Month(FunctionElement[str]):
    name = "month"
    type = String()
    inherit_cache = True


class _AfterMonths(FunctionElement[date]):
    name = "after_months"
    type = Date()
    inherit_cache = True


class _EveryYear(FunctionElement[date]):
    name = "every_year"
    type = Date()
    inherit_cache = True


class _DaysBetween(FunctionElement[int]):
    name = "days_between"
    type = Integer()
    inherit_cache = True


def objects(document: ColumnElement[Any], key: str) -> tuple[FromClause, ColumnElement[Any]]:
    """The objects in a list of stored JSON, as a table to join, and its column."""
    found = _Objects(document, key).table_valued("value")
    return found, found.c.value


def field(value: ColumnElement[Any], key: str) -> ColumnElement[str]:
    """A field of an object in stored JSON, as text or as a number."""
    return _Field(value, key)


def unsought(column: SQLColumnExpression[Any]) -> ColumnElement[Any]:
    """A column as it is compared without being looked up by: a SQLite that has not counted its tables yet may take
    an academy's index for a better way to one row than the row's own, and then reads every row for every other.
    PostgreSQL gets the column itself: of what it knows no counts, it expects too few rows, with the same end.
    """
    return _Unsought(column)


def monday(day: SQLColumnExpression[date]) -> ColumnElement[Any]:
    """The Monday of the week of a day."""
    return _Monday(day)


def month(moment: SQLColumnExpression[Any]) -> ColumnElement[str]:
    """The month, in UTC, of a moment, such as 2026-03."""
    return _Month(moment)


def after_months(moment: SQLColumnExpression[Any], months: SQLColumnExpression[Any]) -> ColumnElement[date]:
    """The day so many months after that of a moment, in UTC; the last of its month where that is shorter."""
    return _AfterMonths(moment, months)


def every_year(
    moment: SQLColumnExpression[Any],
    month: SQLColumnExpression[Any],
    day: SQLColumnExpression[Any],
    after: int,
) -> ColumnElement[date]:
    """The first day of this month and day, in UTC, that is so many days after that of a moment, or later."""
    return _EveryYear(moment, month, day, literal(after))


def days_between(first: SQLColumnExpression[date], second: SQLColumnExpression[date]) -> ColumnElement[int]:
    """The days from the first day to the second."""
    return _DaysBetween(first, second)


def _compiled(element: FunctionElement[Any], compiler: SQLCompiler, **more: Any) -> tuple[str, ...]:
    return tuple(compiler.process(clause, **more) for clause in element.clauses)


@compiles(_Objects, "sqlite")
def _each(element: FunctionElement[Any], compiler: SQLCompiler, **more: Any) -> str:
    document, key = _compiled(element, compiler, **more)
    return f"json_each({document}, '$.' || {key})"


@compiles(_Objects, "postgresql")
def _array(element: FunctionElement[Any], compiler: SQLCompiler, **more: Any) -> str:
    document, key = _compiled(element, compiler, **more)
    return f"json_array_elements({document} -> {key})"


@compiles(_Field, "sqlite")
def _extract(element: FunctionElement[Any], compiler: SQLCompiler, **more: Any) -> str:
    value, key = _compiled(element, compiler, **more)
    return f"json_extract({value}, '$.' || {key})"


@compiles(_Field, "postgresql")
def _arrow(element: FunctionElement[Any], compiler: SQLCompiler, **more: Any) -> str:
    value, key = _compiled(element, compiler, **more)
    return f"({value} ->> {key})"


@compiles(_Unsought, "sqlite")
def _sqlite_unsought(element: FunctionElement[Any], compiler: SQLCompiler, **more: Any) -> str:
    (column,) = _compiled(element, compiler, **more)
    return f"({column} + 0)"


@compiles(_Unsought, "postgresql")
def _postgresql_unsought(element: FunctionElement[Any], compiler: SQLCompiler, **more: Any) -> str:
    (column,) = _compiled(element, compiler, **more)
    return column


@compiles(_Monday, "sqlite")
def _sqlite_monday(element: FunctionElement[Any], compiler: SQLCompiler, **more: Any) -> str:
    (day,) = _compiled(element, compiler, **more)
    return f"date({day}, 'weekday 0', '-6 days')"


@compiles(_Monday, "postgresql")
def _postgresql_monday(element: FunctionElement[Any], compiler: SQLCompiler, **more: Any) -> str:
    (day,) = _compiled(element, compiler, **more)
    return f"({day} + 1 - CAST(extract(isodow FROM {day}) AS INTEGER))"


@compiles(_Month, "sqlite")
def _sqlite_month(element: FunctionElement[Any], compiler: SQLCompiler, **more: Any) -> str:
    (moment,) = _compiled(element, compiler, **more)
    return f"strftime('%Y-%m', {moment})"


@compiles(_Month, "postgresql")
def _postgresql_month(element: FunctionElement[Any], compiler: SQLCompiler, **more: Any) -> str:
    (moment,) = _compiled(element, compiler, **more)
    return f"to_char({moment} AT TIME ZONE 'UTC', 'YYYY-MM')"  # not words


@compiles(_AfterMonths, "sqlite")
def _sqlite_after(element: FunctionElement[Any], compiler: SQLCompiler, **more: Any) -> str:
    moment, months = _compiled(element, compiler, **more)
    whole = f"date({moment}, '+' || {months} || ' months')"  # runs over into the next month
    last = f"date({moment}, 'start of month', '+' || ({months} + 1) || ' months', '-1 day')"  # not words
    return f"min({whole}, {last})"


@compiles(_AfterMonths, "postgresql")
def _postgresql_after(element: FunctionElement[Any], compiler: SQLCompiler, **more: Any) -> str:
    moment, months = _compiled(element, compiler, **more)
    return f"CAST(CAST({moment} AT TIME ZONE 'UTC' AS DATE) + make_interval(months => {months}) AS DATE)"  # not words


@compiles(_EveryYear, "sqlite")
def _sqlite_every_year(element: FunctionElement[Any], compiler: SQLCompiler, **more: Any) -> str:
    moment, month, day, after = _compiled(element, compiler, **more)
    first = f"date({moment}, '+' || {after} || ' days')"
    here = f"printf('%04d-%02d-%02d', strftime('%Y', {first}), {month}, {day})"
    following = f"printf('%04d-%02d-%02d', strftime('%Y', {first}) + 1, {month}, {day})"
    return f"CASE WHEN {here} >= {first} THEN {here} ELSE {following} END"


@compiles(_EveryYear, "postgresql")
def _postgresql_every_year(element: FunctionElement[Any], compiler: SQLCompiler, **more: Any) -> str:
    moment, month, day, after = _compiled(element, compiler, **more)
    first = f"(CAST({moment} AT TIME ZONE 'UTC' AS DATE) + CAST({after} AS INTEGER))"
    year = f"CAST(extract(year FROM {first}) AS INTEGER)"
    here = f"make_date({year}, {month}, {day})"
    return f"CASE WHEN {here} >= {first} THEN {here} ELSE make_date({year} + 1, {month}, {day}) END"


@compiles(_DaysBetween, "sqlite")
def _sqlite_days(element: FunctionElement[Any], compiler: SQLCompiler, **more: Any) -> str:
    first, second = _compiled(element, compiler, **more)
    return f"CAST(julianday({second}) - julianday({first}) AS INTEGER)"


@compiles(_DaysBetween, "postgresql")
def _postgresql_days(element: FunctionElement[Any], compiler: SQLCompiler, **more: Any) -> str:
    first, second = _compiled(element, compiler, **more)
    return f"({second} - {first})"
