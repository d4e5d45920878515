"""The forms that a report can be had in, what stands at its head, and how a cell is written as text. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from pme.reports.datasets.column import Value
from pme.words import times
from pme.words.speech import _

RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")
DIGITS = 4
"""Decimal places that a number keeps in a file."""
LONGEST_MARKING = 60


class Form(StrEnum):
    """What kind of file."""

    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"
    PDF = "pdf"

    @property
    def content_type(self) -> str:
        """How the file is announced."""
        return {
            Form.CSV: "text/csv; charset=utf-8",
            Form.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Form.JSON: "application/json",
            Form.PDF: "application/pdf",
        }[self]

    @property
    def most_at_once(self) -> int | None:
        """With more rows it is made in the background; None: it is sent while it is written, however long."""
        return {Form.CSV: None, Form.JSON: None, Form.XLSX: 5_000, Form.PDF: 100}[self]

    @property
    def most(self) -> int | None:
        """With more rows it cannot be had."""
        return 1_000 if self is Form.PDF else None


@dataclass(frozen=True)
class Head:
    """What a file says of itself. `narrowed` tells in words what it is narrowed to, `filters` the same in data.

    `marking` is the classification printed on each page; `has_mark` puts a byte order mark before a CSV. `as_of` is
    the moment that kept figures are as of, None where they are as of when the file was made.
    """

    academy: str
    academy_slug: str
    made_at: datetime
    filters: Mapping[str, Any] = field(default_factory=dict)
    sort: str = ""
    narrowed: tuple[tuple[str, str], ...] = ()
    marking: str = ""
    has_mark: bool = True
    name: str = ""
    as_of: datetime | None = None

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """What is said of the figures in words: their moment, and what they are narrowed to."""
        if self.as_of is None:
            return self.narrowed
        return ((_("Figures as of"), times.moment(self.as_of)), *self.narrowed)

    def kept(self) -> dict[str, Any]:
        """The form that travels with a job, before anything is read."""
        found = asdict(self)
        del found["as_of"]
        found["made_at"] = self.made_at.isoformat()
        found["filters"] = dict(self.filters)
        return found


def head_from(kept: Mapping[str, Any]) -> Head:
    """The head that `kept` wrote."""
    narrowed = tuple((str(name), str(text)) for name, text in kept["narrowed"])
    return Head(**dict(kept) | {"made_at": datetime.fromisoformat(kept["made_at"]), "narrowed": narrowed})


def file_name(head: Head, dataset: str, form: Form) -> str:
    """The name of the file: dataset, academy, day."""
    return f"{dataset}-{head.academy_slug}-{head.made_at:%Y-%m-%d}.{form}"


def safe_cell(text: str) -> str:
    """A cell that no spreadsheet runs as a formula (OWASP, CSV injection): risky ones get a quote."""
    return f"'{text}" if text.startswith(RISKY) or text.lstrip().startswith(RISKY) else text


def csv_cell(value: Value) -> str | int | float:
    """A cell of CSV: times in UTC by ISO 8601, numbers with a decimal point, texts made safe."""
    if isinstance(value, str):
        return safe_cell(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return value
    return round(value, DIGITS) if isinstance(value, float) else moment(value)


def json_cell(value: Value) -> Any:
    """A cell of JSON: times in UTC by ISO 8601, the others as they are."""
    if isinstance(value, float):
        return round(value, DIGITS)
    return moment(value) if isinstance(value, date) else value


def moment(value: date) -> str:
    """A moment (in UTC) to the second, or a day, by ISO 8601."""
    return f"{value.isoformat()[:19]}Z" if isinstance(value, datetime) else value.isoformat()
