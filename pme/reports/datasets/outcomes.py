"""Results by outcome: how well each learning outcome is mastered in each task, over all who took it."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Float, cast, func, select, true
from sqlalchemy.orm import Session

from pme.assessment.effective import RESULT
from pme.assessment.models import Attempt, Task
from pme.content.shapes import Quiz, Scenario
from pme.reports.datasets import tables
from pme.reports.datasets.chart import Drawn
from pme.reports.datasets.column import WHOSE, By, Column, Kind, Row, Shape
from pme.reports.datasets.query import Ask, Dataset, only
from pme.reports.datasets.taken import TASK, attempts, contents_of, counted, course_title
from pme.words.lazily import lazy

SHAPE = Shape(
    name="outcomes",
    title=lazy("Results by outcome"),
    says=lazy("How well the people who took a quiz or scenario did on each of its learning outcomes."),
    version=1,
    columns=(
        *TASK,
        Column(
            "outcome", lazy("Outcome"), Kind.TEXT, lazy("Short name of the learning outcome within the task.")
        ),
        Column("outcome_text", lazy("Outcome text"), Kind.TEXT, lazy("The learning outcome in words.")),
        Column(
            "students",
            lazy("Students"),
            Kind.WHOLE,
            lazy("People whose first attempt met the outcome."),
            unit="people",
        ),
        Column(
            "mean_percent",
            lazy("Mean result"),
            Kind.NUMBER,
            lazy("Mean of their results on it."),
            unit="percent",
        ),
        Column(
            "mastered",
            lazy("Mastered"),
            Kind.WHOLE,
            lazy(
                "People who reached the pass mark that the author set for the outcome, or else for the "
                "whole task."
            ),
            unit="people",
        ),
        Column(
            "mastered_percent",
            lazy("Mastered, share"),
            Kind.NUMBER,
            lazy("Their share of all people counted."),
            unit="percent",
        ),
    ),
    filters=only(By.PERIOD, By.COURSE, *WHOSE),
    sort="mastered_percent",
    period="first attempted",
)
Key = tuple[str, Task, str, str]


@dataclass
class _Sum:
    version_id: int = 0
    students: int = 0
    total: float = 0.0
    mastered: int = 0


def lines(session: Session, ask: Ask) -> list[Row]:
    """A line for each outcome of each task that was taken."""
    found, column = tables.objects(RESULT, "outcomes")
    outcome, percent = tables.field(column, "outcome"), cast(tables.field(column, "percent"), Float)
    task = (Attempt.course, Attempt.task, Attempt.slug, outcome, Attempt.version_id)
    rows = session.execute(
        select(*task, percent, func.count())
        .select_from(attempts(ask).join(found, true()))
        .where(*counted(ask, Task.QUIZ, Task.SCENARIO))
        .group_by(*task, percent)
    ).all()
    sums: dict[Key, _Sum] = defaultdict(_Sum)
    taken = contents_of(session, (row.version_id for row in rows))
    for course, kind, slug, name, version_id, earned, number in rows:
        line = sums[course, kind, slug, name]
        line.version_id = max(line.version_id, version_id)
        line.students += number
        line.total += number * earned
        line.mastered += number * (earned >= _line_of(taken[version_id], name))
    return [_row(taken, ask, key, line) for key, line in sorted(sums.items())]


def _row(taken: Mapping[int, Quiz | Scenario], ask: Ask, key: Key, line: _Sum) -> Row:
    course, kind, slug, name = key
    content = taken[line.version_id]
    texts = {outcome.id: outcome.text for outcome in content.outcomes}
    return (
        course,
        course_title(ask, course),
        kind.value,
        slug,
        content.title,
        name,
        texts.get(name, name),
        line.students,
        line.total / line.students,
        line.mastered,
        100 * line.mastered / line.students,
    )


def _line_of(content: Quiz | Scenario, outcome: str) -> float:
    if isinstance(content, Scenario):
        return float(content.min_percent)
    rule = content.pass_rule
    return float(rule.min_by_outcome.get(outcome, rule.min_percent))


OUTCOMES = Dataset(
    SHAPE,
    lines=lines,
    chart=Drawn(
        lazy("Mastered, of those who took the task"),
        (lazy("Outcome"), lazy("Mastered")),
        ("task_title", "outcome"),
        "mastered_percent",
    ),
    tasks=(Task.QUIZ, Task.SCENARIO),
    at_most=30_000,
)
