"""What a dataset is made of: columns whose keys never change, and what each of them means.

Pure. A key that has been published stays and keeps its meaning; a new meaning is a new key. Whoever adds,
drops or changes a column raises the schema version of its dataset.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

Value = str | int | float | bool | date | datetime | None
"""A cell: None where there is nothing to say."""
Row = tuple[Value, ...]


class Kind(StrEnum):
    """What stands in the cells of a column."""

    TEXT = "text"
    WHOLE = "whole number"
    NUMBER = "number"
    DAY = "date"
    MOMENT = "date and time"  # not words
    YES = "yes or no"  # not words

    @property
    def is_figure(self) -> bool:
        """Whether its cells are set to the end, under each other."""
        return self in {Kind.WHOLE, Kind.NUMBER}


@dataclass(frozen=True)
class Column:
    """One column. `means` is its line of the data dictionary; `unit` is what is counted, or "".

    `may_lack`: cells may be empty. `is_personal`: the cells tell who somebody is. `in_files_only`: it serves
    other programs, and is left out on screen and on paper.
    """

    key: str
    title: str
    kind: Kind
    means: str
    unit: str = ""
    may_lack: bool = False
    is_personal: bool = False
    in_files_only: bool = False


class By(StrEnum):
    """What a dataset can be narrowed by."""

    PERIOD = "period"
    COURSE = "course"
    COHORT = "cohort"
    UNIT = "unit"
    NATION = "nation"
    SERVICE = "service"
    STATUS = "status"
    WITHIN = "within"
    """So many days until it ends."""


WHOSE = (By.COHORT, By.UNIT, By.NATION, By.SERVICE)
"""What tells people apart; every dataset can be narrowed by it."""


@dataclass(frozen=True)
class Shape:
    """What is fixed about a dataset: its name and titles, columns, and how it can be narrowed and sorted.

    `period` says which moment a period speaks of. `statuses` are the values that the filter of that name
    takes, with their words. `sort` is the order unless another is asked for: a key, after a minus for
    descending.
    """

    name: str
    title: str
    says: str
    version: int
    columns: tuple[Column, ...]
    filters: tuple[By, ...]
    sort: str
    period: str = ""
    statuses: tuple[tuple[str, str], ...] = ()

    def column(self, key: str) -> Column | None:
        """The column of this key, or None."""
        return next((column for column in self.columns if column.key == key), None)

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys in order, as the first line of every file."""
        return tuple(column.key for column in self.columns)

    @property
    def shown(self) -> tuple[int, ...]:
        """The places of the columns that are shown on screen and on paper."""
        return tuple(place for place, column in enumerate(self.columns) if not column.in_files_only)

    @property
    def is_personal(self) -> bool:
        """Whether rows are about single people."""
        return any(column.is_personal for column in self.columns)

    def order(self, asked: str = "") -> tuple[str, bool]:
        """The key to sort by, and whether descending; what is not a column's falls back to the usual order."""
        key = asked.removeprefix("-")
        if self.column(key) is None:
            asked, key = self.sort, self.sort.removeprefix("-")
        return key, asked.startswith("-")
