"""The matrix of a course as a sheet: one line an outcome, one column a page, bank, quiz or scenario. Pure."""

from collections.abc import Iterator

from pme.authoring.outcome_matrix import Matrix, Row
from pme.words.lazily import lazy, lazy_p

FIRST = (lazy("Module"), lazy("Outcome"), lazy("Text"), lazy("Serves"))
TOTALS = (
    lazy("Pages"),
    lazy("Checks"),
    lazy("In banks"),
    lazy("May be asked"),
    lazy("Always asked"),
    lazy("Decisions"),
)

_KINDS = {
    "page": lazy_p("file", "page"),
    "bank": lazy_p("file", "bank"),
    "quiz": lazy_p("file", "quiz"),
    "scenario": lazy_p("file", "scenario"),
}


def headings(matrix: Matrix) -> list[str]:
    """The names of the columns."""
    things = [
        f"{m.title}: {_KINDS[column.kind]} {column.title}" for m in matrix.modules for column in m.columns
    ]
    return [*map(str, FIRST), *map(str, TOTALS), *things]


def lines(matrix: Matrix) -> Iterator[list[str | float | None]]:
    """The lines: the outcomes of the course with their totals, then those of each module with every column."""
    for row in matrix.rows:
        yield ["", row.id, row.text, "; ".join(row.serves), *totals(row)]
    for module in matrix.modules:
        for row in module.rows:
            cells = [
                column.cell(row.id) if other is module else ""
                for other in matrix.modules
                for column in other.columns
            ]
            yield [module.title, row.id, row.text, "; ".join(row.serves), *totals(row), *cells]


def totals(row: Row) -> tuple[int, ...]:
    """The numbers of an outcome, in the order of TOTALS."""
    return row.pages, row.checks, row.in_banks, row.questions, row.drawn, row.decisions
