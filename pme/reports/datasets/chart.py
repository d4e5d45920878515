"""The one picture of a dataset: what is counted along what. The screen and paper draw the same."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from pme.reports.datasets.column import Row, Shape

MOST_BARS = 24
Along = Callable[[Mapping[str, Any]], tuple[Any, Any]]
"""Gives from the columns what is counted along, and the count."""


@dataclass(frozen=True)
class Bar:
    """One bar: what it stands for, how long it is, and how that reads."""

    label: str
    value: float
    told: str


@dataclass(frozen=True)
class Chart:
    """A picture: `columns` are what labels and values are called; `is_over_time`: side by side, else below each
    other; `most` is the end of the scale, None for the longest bar.
    """

    caption: str
    columns: tuple[str, str]
    bars: tuple[Bar, ...]
    is_over_time: bool = False
    most: float | None = None


@dataclass(frozen=True)
class Counted:
    """A chart that is counted by the database. `along` gives from the columns what is counted along, and the count;
    `names` are the words of its values, in the order of the chart; `step` gives what comes after one, over time.
    `is_bare`: it asks for nothing but the bare table. `days`: each step is of so many days, and rows belong to steps
    by what happened in them, so that a page of rows in the order of steps is found within a few.
    """

    caption: str
    columns: tuple[str, str]
    along: Along
    names: Mapping[str, str] = field(default_factory=dict)
    step: Callable[[str], str] | None = None
    is_bare: bool = False
    days: int | None = None

    def steps(
        self, totals: Sequence[tuple[Any, int, int]], skip: int, at_most: int
    ) -> tuple[Any, Any, int] | None:
        """Of steps in their order, with how many rows they have: the first and the last of those with the rows that are
        wanted, and how many rows of them are to be skipped. None where there are none.
        """
        found: list[Any] = []
        for step, _number, rows in totals:
            if skip >= rows and not found:
                skip -= rows
                continue
            found.append((step, rows))
            if sum(number for _step, number in found) >= skip + at_most:
                break
        return (found[0][0], found[-1][0], skip) if found else None


@dataclass(frozen=True)
class Drawn:
    """A chart of lines, the first ones in their order: `labels` and `value` are keys of columns, in percent."""

    caption: str
    columns: tuple[str, str]
    labels: tuple[str, ...]
    value: str


def counted(shape: Counted, found: Sequence[tuple[Any, int]]) -> Chart:
    """The chart of what was counted; over time, with the empty steps between, the latest last."""
    numbers = {str(along): number for along, number in found if along is not None}
    if shape.step is None:
        bars = [
            Bar(name, numbers.get(value, 0), str(numbers.get(value, 0)))
            for value, name in shape.names.items()
        ]
        return Chart(shape.caption, shape.columns, tuple(bars))
    steps: list[str] = []
    if numbers:
        last, step = max(numbers), min(numbers)
        while step <= last:
            steps.append(step)
            step = shape.step(step)
    bars = [Bar(step, numbers.get(step, 0), str(numbers.get(step, 0))) for step in steps[-MOST_BARS:]]
    return Chart(shape.caption, shape.columns, tuple(bars), is_over_time=True)


def drawn(shape: Shape, chart: Drawn, lines: Sequence[Row]) -> Chart:
    """The chart of the first lines that have a value."""
    places, place = [shape.keys.index(key) for key in chart.labels], shape.keys.index(chart.value)
    bars: list[Bar] = []
    for line in lines:
        value = line[place]
        if isinstance(value, int | float) and len(bars) < MOST_BARS:
            label = ": ".join(str(line[each]) for each in places if line[each] is not None)
            bars.append(Bar(label, value, f"{value:.0f} %"))
    return Chart(chart.caption, chart.columns, tuple(bars), most=100)


def next_month(month: str) -> str:
    """The month after one: 2026-12 is followed by 2027-01."""
    year, number = int(month[:4]), int(month[5:])
    return f"{year + number // 12:04}-{number % 12 + 1:02}"


def next_week(monday: str) -> str:
    """The Monday after one."""
    return (date.fromisoformat(monday) + timedelta(days=7)).isoformat()
