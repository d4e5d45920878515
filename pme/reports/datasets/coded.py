"""What files hold as codes, in words for people: kinds and units of columns, and states in cells. Pure."""

import re

from pme.reports.datasets.column import Column, Kind
from pme.words.lazily import lazy_p

KINDS = {
    Kind.TEXT: lazy_p("kind of column", "text"),
    Kind.WHOLE: lazy_p("kind of column", "whole number"),
    Kind.NUMBER: lazy_p("kind of column", "number"),
    Kind.DAY: lazy_p("kind of column", "date"),
    Kind.MOMENT: lazy_p("kind of column", "date and time"),
    Kind.YES: lazy_p("kind of column", "yes or no"),
}
UNITS = {
    "percent": lazy_p("unit of a column", "percent"),
    "people": lazy_p("unit of a column", "people"),
    "days": lazy_p("unit of a column", "days"),
    "seconds": lazy_p("unit of a column", "seconds"),
    "credit": lazy_p("unit of a column", "credit"),
    "coefficient": lazy_p("unit of a column", "coefficient"),
}
CODED = frozenset({"status", "rule", "kind", "flags"})
"""The columns whose cells are codes."""
CODES = {
    "in force": lazy_p("in a report", "in force"),
    "revoked": lazy_p("in a report", "revoked"),
    "waiting": lazy_p("in a report", "waiting"),
    "under way": lazy_p("in a report", "under way"),
    "completed": lazy_p("in a report", "completed"),
    "withdrawn": lazy_p("in a report", "withdrawn"),
    "overdue": lazy_p("in a report", "overdue"),
    "due": lazy_p("in a report", "due"),
    "asked": lazy_p("in a report", "asked"),
    "valid": lazy_p("in a report", "valid"),
    "must": lazy_p("in a report", "must"),
    "must not": lazy_p("in a report", "must not"),
    "quiz": lazy_p("in a report", "quiz"),
    "scenario": lazy_p("in a report", "scenario"),
    "hard": lazy_p("in a report", "hard"),
    "easy": lazy_p("in a report", "easy"),
    "weak": lazy_p("in a report", "weak"),
    "backwards": lazy_p("in a report", "backwards"),
    "idle": lazy_p("in a report", "idle"),
}
_CODE = re.compile(r"[^;\s](?:[^;]*[^;\s])?")


def kind_of(column: Column) -> str:
    """What stands in the cells of a column, with what is counted: “number, percent”."""
    kind = str(KINDS[column.kind])
    return f"{kind}, {UNITS.get(column.unit, column.unit)}" if column.unit else kind


def cell_of(column: Column, text: str) -> str:
    """A text of a cell; a code in words."""
    if column.key not in CODED:
        return text
    return _CODE.sub(lambda found: str(CODES.get(found[0], found[0])), text)
