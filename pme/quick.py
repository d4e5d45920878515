"""A short way to SQLite, for what many do at the same moment: statements that are compiled once, on a connection
without a session around it.

Whoever watches or counts the statements of an engine sees these, too. Each is a transaction of its own, kept once it
has returned, unless it stands within `together`.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, PoolProxiedConnection
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import ClauseElement

Process = Callable[[Any], Any]


class Ready:
    """A statement whose text and whose values' forms are found out once."""

    def __init__(self, statement: ClauseElement) -> None:
        self._statement = statement
        self._made: Made | None = None

    def made(self, dialect: Dialect) -> "Made":
        """As a dialect takes it: there is only SQLite's."""
        if self._made is None:
            self._made = Made(self._statement, dialect)
        return self._made


class Made:
    """A statement as watchers are told of it and as it is sent, the form of each value that it is given, and of each
    column that it gives.
    """

    def __init__(self, statement: ClauseElement, dialect: Dialect) -> None:
        compiled: Any = statement.compile(dialect=dialect)
        self.text: str = compiled.string
        self.sent = _steady(self.text)
        self._given: list[tuple[str, Process | None, Any]] = []
        for name in compiled.positiontup or ():
            process = compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect)
            fixed = compiled.params.get(name)
            self._given.append((name, process, process(fixed) if process and fixed is not None else fixed))
        columns = getattr(statement, "selected_columns", None)
        kinds = [each.type.dialect_impl(dialect) for each in columns] if columns is not None else []
        found = [(at, kind.result_processor(dialect, None)) for at, kind in enumerate(kinds)]
        self._columns = [(at, process) for at, process in found if process is not None]

    def values(self, given: Mapping[str, Any]) -> tuple[Any, ...]:
        """What the driver is handed, in order."""
        return tuple(
            (process(given[name]) if process and given[name] is not None else given[name])
            if name in given
            else fixed
            for name, process, fixed in self._given
        )

    def row(self, told: tuple[Any, ...], after: int = 0) -> tuple[Any, ...]:
        """A row as Python has it, from its column `after` on."""
        row = list(told)
        for at, process in self._columns:
            if at >= after and row[at] is not None:
                row[at] = process(row[at])
        return tuple(row)


def _steady(text: str) -> str:
    """A statement that is planned once, for whatever it will be given.

    Where SQLite has counted what is in its tables, it plans a statement anew each time that a value of it is another
    (`SQLITE_ENABLE_STAT4`), which takes ten times as long as asking. A sign before the place of a value changes
    nothing about the value, and tells SQLite that there is nothing to learn from it.
    """
    return text.replace("?", "+?")


class Watched:
    """What watchers of an engine may hang their notes on."""


class Quick:
    """A connection that is lent for a while: one of the engine's, or one that somebody else has `lent`."""

    def __init__(self, engine: Engine, lent: PoolProxiedConnection | None = None) -> None:
        self._engine = engine
        self._lent = lent or engine.raw_connection()
        self._driver: Any = self._lent.driver_connection

    def asked(self, ready: Ready, given: Mapping[str, Any], *, same: int = 0) -> list[tuple[Any, ...]]:
        """The rows that a statement finds. The first `same` columns repeat, and are unfolded in the first row only."""
        made = ready.made(self._engine.dialect)
        found = self._sent(made.text, made.values(given), made.sent).fetchall()
        return [made.row(row, after=same if at else 0) for at, row in enumerate(found)]

    def changed(self, ready: Ready, given: Mapping[str, Any]) -> int:
        """How many rows a statement has changed."""
        made = ready.made(self._engine.dialect)
        count: int = self._sent(made.text, made.values(given), made.sent).rowcount
        return count

    @contextmanager
    def together(self) -> Iterator[None]:
        """Several statements as one transaction, which writes from its beginning: all are kept at its end, or none."""
        self._sent("BEGIN IMMEDIATE", ())
        try:
            yield
            with self._told("COMMIT"):
                self._driver.commit()
        except BaseException:
            self._driver.rollback()
            raise

    def close(self) -> None:
        """Give the connection back."""
        self._lent.close()

    def _sent(self, text: str, values: tuple[Any, ...], sent: str = "") -> Any:
        told, watched = self._engine.dispatch, Watched()
        cursor = self._driver.cursor()
        for note in told.before_cursor_execute:
            note(None, cursor, text, values, watched, False)  # noqa: FBT003  (as SQLAlchemy tells it)
        with self._told(text):
            cursor.execute(sent or text, values)
        for note in told.after_cursor_execute:
            note(None, cursor, text, values, watched, False)  # noqa: FBT003
        return cursor

    @contextmanager
    def _told(self, text: str) -> Iterator[None]:
        """What the driver raises, as everybody knows it."""
        kind = self._engine.dialect.loaded_dbapi.Error
        try:
            yield
        except kind as error:
            raise DBAPIError.instance(text, None, error, kind, hide_parameters=True) from error
