"""Academies apart in every statement of every test: one that reads or changes rows of an academy names it.

Each SELECT, UPDATE and DELETE that the application sends is read as the database gets it. A row of a table with
`academy_id` must have its academy compared with a value, or hang by a foreign key on a row of the statement that
has; a row that belongs to one by its parent must have that parent named or joined. What is sent without is noted,
and the test fails at its end. Statements of the tests themselves and of migrations are theirs.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import FrameType
from typing import Any

from sqlalchemy import Engine, event

from pme.schema import every_table
from tests.support.apart_exceptions import EXCEPTIONS
from tests.support.apart_sql import Alias, Select, selects_in

ROOT = Path(__file__).parents[2]
ACADEMY = "academy"
READS = re.compile(r"\s*(SELECT|UPDATE|DELETE|WITH|INSERT)\b", re.IGNORECASE)
NOTHING = re.compile(r"WHERE (0 = 1|false)\b")
REMEDY = """
Compare academy_id with the academy's number in the WHERE of each. Only a statement that has to look at all academies
is named in tests/support/apart_exceptions.py, with its reason."""


@dataclass(frozen=True)
class Noticed:
    """A statement that named no academy: who sent it, over which tables, and its text."""

    sender: str
    tables: tuple[str, ...]
    statement: str

    def __str__(self) -> str:
        return f"{self.sender} names no academy for {', '.join(self.tables)}:\n    {self.statement}"


NOTICED: list[Noticed] = []


@lru_cache(maxsize=1)
def keys() -> dict[str, dict[str, tuple[str, str]]]:
    """Table -> column -> (table, column) that it refers to, among the tables that belong to academies."""
    tables = {table.name: table for table in every_table().metadata.sorted_tables}
    ours = {name for name, table in tables.items() if "academy_id" in table.c}
    found: dict[str, dict[str, tuple[str, str]]] = {name: {} for name in ours}
    for name, table in tables.items():  # parents come first in this order
        for key in table.foreign_keys:
            if key.column.table.name in found:
                found.setdefault(name, {})[key.parent.name] = (key.column.table.name, key.column.name)
    return found


@lru_cache(maxsize=1)
def with_academy() -> frozenset[str]:
    """The tables that have `academy_id`."""
    return frozenset(t.name for t in every_table().metadata.sorted_tables if "academy_id" in t.c)


@lru_cache(maxsize=20_000)
def unnamed(statement: str) -> tuple[str, ...]:
    """The tables of academies that a statement reads or changes without naming the academy."""
    if not READS.match(statement) or NOTHING.search(statement):
        return ()  # nobody may list anything here, and nothing is
    return tuple(sorted({name for select in selects_in(statement) for name in _unnamed(select)}))


def _unnamed(select: Select) -> Iterator[str]:
    apart = keys()
    named = {alias for alias in select.seen() if _is_named(alias)}
    while more := {alias for alias in select.seen() - named if _hangs_on(alias, named)}:
        named |= more
    for alias in select.own:
        if alias.table in apart and alias not in named:
            yield alias.table


def _is_named(alias: Alias) -> bool:
    """Whether a condition compares what tells the academy of this row with a value."""
    if alias.table == ACADEMY:
        return bool(alias.valued & {"id", "slug"})
    if alias.table in with_academy():  # or it hangs on a row that a SELECT within finds, which is read too
        return "academy_id" in alias.valued or bool(alias.chosen & set(keys()[alias.table]))
    return bool(alias.valued & set(keys().get(alias.table, {})))  # its parent is named


def _hangs_on(alias: Alias, named: set[Alias]) -> bool:
    for column, other, of in alias.equal:
        if other not in named:
            continue
        refers, referred = keys().get(alias.table, {}).get(column), keys().get(other.table, {}).get(of)
        if column == of == "academy_id" or {(alias.table, column), (other.table, of)} == {
            (alias.table, "academy_id"),
            (ACADEMY, "id"),
        }:
            return True
        if refers == (other.table, of) or referred == (alias.table, column):
            return True
        if refers is not None and refers == referred:
            return True  # both hang on the same row
    return False


@lru_cache(maxsize=20_000)
def _module_of(code_file: str) -> str:
    """The name of a module of ours, by the file of its code; "" for what is not ours."""
    file = Path(code_file)
    is_ours = file.is_relative_to(ROOT) and ".venv" not in file.parts and "apart.py" not in file.name
    return ".".join(file.relative_to(ROOT).with_suffix("").parts) if is_ours else ""


def _sender(frame: FrameType | None) -> tuple[str, bool]:
    """The function of ours that sent a statement, and whether the ORM only writes or refreshes rows it has."""
    is_known_row = False
    while frame is not None:
        code = frame.f_code
        if code.co_name in ("_flush", "load_scalar_attributes", "_load_expired", "refresh"):
            is_known_row |= "sqlalchemy/orm" in code.co_filename
        module = _module_of(code.co_filename)
        if module and code.co_name != "asked" and module != "pme.quick":  # which send what others ask
            return f"{module}:{code.co_qualname.split('.<locals>')[0]}", is_known_row
        frame = frame.f_back
    return "", is_known_row


def look(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
    """Note a statement of the application that names no academy."""
    tables = unnamed(statement)
    if not tables:
        return
    sender, is_known_row = _sender(sys._getframe(1))
    if not sender.startswith("pme.") or is_known_row:
        return
    module = sender.partition(":")[0]
    if sender in EXCEPTIONS or module in EXCEPTIONS:
        return
    NOTICED.append(Noticed(sender, tables, statement))


def install() -> None:
    """Read every statement from now on."""
    event.listen(Engine, "before_cursor_execute", look)
