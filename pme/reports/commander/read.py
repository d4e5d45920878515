"""Reads the page for commanders from the datasets of the reports, in the caller's session: what the page, its PDF
and the files of these reports say is counted by the same statements.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlalchemy.orm import Session

from pme.content.catalogue import Catalogue, current
from pme.content.shapes import Course, Quiz, Scenario
from pme.reports.commander.few import FEW, Span, Unit, is_few, part, spans, units
from pme.reports.commander.months import Months
from pme.reports.commander.reteach import Failure, Findings, Result, findings
from pme.reports.datasets import tables
from pme.reports.datasets.column import Row, Shape
from pme.reports.datasets.filters import Filters
from pme.reports.datasets.read import Reading
from pme.reports.datasets.registry import DATASETS
from pme.words.lazily import lazy

MOST_UNITS = 7
MOST_WRONG = 4
"""Lines about critical failures, and as many about choices."""
MOST_RETEACH = 5
NO_UNIT = lazy("No unit given")
Cells = dict[str, Any]


@dataclass(frozen=True)
class Wrong:
    """Something that people did wrong in a scenario, how many of whom, and that as percent of them."""

    scenario: str
    what: str
    told: str
    percent: int


@dataclass(frozen=True)
class ForCommanders:
    """All that the page tells. `completed` is None where fewer than five completed the course, and not nobody;
    `wrong` and `choices` are the most frequent; `unseen` counts critical actions at which somebody failed whose
    number is hidden.
    """

    course: Course
    months: Months
    completed: int | None
    spans: tuple[Span, ...]
    units: tuple[Unit, ...]
    findings: Findings
    is_assessed: bool
    wrong: tuple[Wrong, ...]
    unseen: int
    choices: tuple[Wrong, ...]

    @property
    def reteach_shown(self) -> int:
        """How many outcomes to teach again find a place on the page."""
        return min(MOST_RETEACH, len(self.findings.reteach))


def for_commanders(
    session: Session, academy_id: int, course: Course, months: Months, *, at: datetime
) -> ForCommanders:
    """What a course of an academy tells of a period."""
    catalogue, filters = (
        current(session),
        Filters(since=months.since, until=months.until, courses=(course.slug,)),
    )

    def reading(name: str, narrowed: Filters = filters) -> Reading:
        return Reading(session, DATASETS[name], academy_id, narrowed, at=at, is_patient=True)

    by_month = _completed_by_month(reading("completions", replace(filters, status="in force")))
    completed = sum(by_month.values())
    modules = [found.content for slug in course.modules if (found := catalogue.module(slug))]
    results = list(_results(catalogue, reading("outcomes")))
    failures = list(_failures(catalogue, reading("critical-failures")))
    told = [(each, part(each.failed, each.students)) for each in failures]
    wrong = [
        Wrong(each.scenario, each.action, said.told, said.percent)
        for each, said in told
        if each.failed and said.percent is not None
    ]
    return ForCommanders(
        course=course,
        months=months,
        completed=None if is_few(completed) else completed,
        spans=spans([(month, by_month.get(month, 0)) for month in months.all]),
        units=_units(reading, filters),
        findings=findings(course, modules, results, failures),
        is_assessed=max([0, *(each.students for each in results), *(each.students for each in failures)])
        >= FEW,
        wrong=tuple(sorted(wrong, key=_worst_first)[:MOST_WRONG]),
        unseen=sum(bool(each.failed) and said.percent is None for each, said in told),
        choices=tuple(sorted(_choices(reading("harmful-choices")), key=_worst_first)[:MOST_WRONG]),
    )


def _completed_by_month(reading: Reading) -> dict[str, int]:
    return dict(reading.numbers(lambda columns: (tables.month(columns["completed_at"]), func.count())))


def _units(reading: Callable[[str, Filters], Reading], filters: Filters) -> tuple[Unit, ...]:
    """Who completed it in the period, and who is enrolled in it and has yet to, whenever they were enrolled."""
    whenever = replace(filters, since=None, until=None)
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for place, name, narrowed in (
        (0, "completions", replace(filters, status="in force")),
        (1, "progress", replace(whenever, status="waiting")),
        (1, "progress", replace(whenever, status="under way")),
    ):
        for unit, number in reading(name, narrowed).numbers(lambda columns: (columns["unit"], func.count())):
            found[unit or NO_UNIT][place] += number
    return units({unit: (done, waiting) for unit, (done, waiting) in found.items()}, most=MOST_UNITS)


def _results(catalogue: Catalogue, reading: Reading) -> Iterator[Result]:
    for cells in _cells(reading):
        task = _task(catalogue, cells["kind"], cells["task"])
        if task is not None and task.module is not None:
            yield Result(
                task.module, cells["outcome"], cells["task_title"], cells["students"], cells["mastered"]
            )


def _failures(catalogue: Catalogue, reading: Reading) -> Iterator[Failure]:
    for cells in _cells(reading):
        task = _task(catalogue, "scenario", cells["scenario"])
        scenario = task if isinstance(task, Scenario) else None
        yield Failure(
            (scenario.module if scenario else None) or "",
            _outcomes_of(scenario, cells["action"]),
            cells["scenario_title"],
            cells["action_text"],
            cells["students"],
            cells["failures"],
        )


def _choices(reading: Reading) -> Iterator[Wrong]:
    """Of each decision that bears on no critical action, the harmful choice that was taken most often.

    One of a decision, so that nothing is left over from which another could be worked out.
    """
    most: dict[tuple[str, str], Cells] = {}
    for cells in _cells(reading):
        place = cells["scenario"], cells["decision"]
        if not cells["critical"] and cells["taken"] > most.get(place, {"taken": 0})["taken"]:
            most[place] = cells
    for cells in most.values():
        told = part(cells["taken"], cells["students"])
        if told.percent is not None:
            yield Wrong(cells["scenario_title"], cells["choice_text"], told.told, told.percent)


def _task(catalogue: Catalogue, kind: str, slug: str) -> Quiz | Scenario | None:
    found = catalogue.scenario(slug) if kind == "scenario" else catalogue.quiz(slug)
    return found.content if found else None


def _outcomes_of(scenario: Scenario | None, action: str) -> frozenset[str]:
    """The outcomes of the decisions at which a critical action is taken or left out."""
    decisions = scenario.decisions if scenario else ()
    return frozenset(
        outcome
        for node in decisions
        if any(action in (choice.critical, choice.satisfies) for choice in node.choices)
        for outcome in node.outcomes
    )


def _worst_first(wrong: Wrong) -> tuple[int, str]:
    return -wrong.percent, wrong.what


def _cells(reading: Reading) -> Iterator[Cells]:
    shape: Shape = reading.shape
    row: Row
    for row in reading.rows():
        yield dict(zip(shape.keys, row, strict=True))
