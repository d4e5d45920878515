"""Critical failures by scenario: for each action that must or must not be taken, how many failed at it."""

from collections import Counter
from json import loads
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from pme.assessment.effective import RESULT
from pme.assessment.models import Attempt, Task
from pme.reports.datasets import tables
from pme.reports.datasets.chart import Drawn
from pme.reports.datasets.column import WHOSE, By, Column, Kind, Row, Shape
from pme.reports.datasets.query import COURSE, Ask, Dataset, only
from pme.reports.datasets.taken import attempts, counted, course_title, scenarios_of
from pme.words.lazily import lazy

FAILED = ("broken", "missed")
SHAPE = Shape(
    name="critical-failures",
    title=lazy("Critical failures by scenario"),
    says=lazy(
        "How many people took an action that must not be taken in a scenario, or left out one that must."
    ),
    version=1,
    columns=(
        *COURSE,
        Column(
            "scenario",
            lazy("Scenario"),
            Kind.TEXT,
            lazy("Name of the scenario in addresses; it never changes."),
            in_files_only=True,
        ),
        Column(
            "scenario_title",
            lazy("Scenario title"),
            Kind.TEXT,
            lazy("Title of the latest edition that was taken."),
        ),
        Column(
            "action",
            lazy("Action"),
            Kind.TEXT,
            lazy("Short name of the critical action within the scenario."),
        ),
        Column("action_text", lazy("Action text"), Kind.TEXT, lazy("The critical action in words.")),
        Column("rule", lazy("Rule"), Kind.TEXT, lazy("One of: must (leaving it out fails), must not.")),
        Column(
            "students",
            lazy("Students"),
            Kind.WHOLE,
            lazy("People whose first attempt met the action."),
            unit="people",
        ),
        Column("failures", lazy("Failures"), Kind.WHOLE, lazy("People who failed at it."), unit="people"),
        Column(
            "failed_percent",
            lazy("Failures, share"),
            Kind.NUMBER,
            lazy("Their share of all people counted."),
            unit="percent",
        ),
    ),
    filters=only(By.PERIOD, By.COURSE, *WHOSE),
    sort="-failed_percent",
    period="first attempted",
)
RULES = {"must_do": "must", "must_not": "must not"}
Place = tuple[str, str]


def lines(session: Session, ask: Ask) -> list[Row]:
    """A line for each critical action of each scenario that was taken, failed at or not."""
    editions: dict[Place, int] = {}
    met: Counter[tuple[str, str, str]] = Counter()
    failed: Counter[tuple[str, str, str]] = Counter()
    taken = session.execute(_taken(ask)).all()
    scenarios = scenarios_of(session, {row.version_id for row in taken})
    for course, slug, version_id, *failures, number in taken:
        editions[course, slug] = max(editions.get((course, slug), 0), version_id)
        for action in scenarios[version_id].critical_actions:
            met[course, slug, action.id] += number
        for names in failures:
            for name in loads(names) if names else ():
                failed[course, slug, name] += number
    return [
        (
            course,
            course_title(ask, course),
            slug,
            scenario.title,
            action.id,
            action.text,
            RULES[action.kind],
            met[course, slug, action.id],
            failed[course, slug, action.id],
            100 * failed[course, slug, action.id] / met[course, slug, action.id],
        )
        for (course, slug), version_id in sorted(editions.items())
        for scenario in [scenarios[version_id]]
        for action in scenario.critical_actions
    ]


def editions_taken(ask: Ask) -> Select[str, str, int, int]:
    """The statement of how many people took which edition of which scenario."""
    task = (Attempt.course, Attempt.slug, Attempt.version_id)
    return (
        select(*task, func.count(Attempt.id))
        .select_from(attempts(ask))
        .where(*counted(ask, Task.SCENARIO))
        .group_by(*task)
    )


def _taken(ask: Ask) -> Select[*tuple[Any, ...]]:
    """The statement of how many people took which edition of which scenario and failed at exactly these actions.

    Few failures stand together in many attempts, so that the database reads each result once and little is left.
    """
    found = (*(tables.field(RESULT, key) for key in FAILED),)
    task = (Attempt.course, Attempt.slug, Attempt.version_id)
    each = (
        select(*task, *(names.label(key) for key, names in zip(FAILED, found, strict=True)))
        .select_from(attempts(ask))
        .where(*counted(ask, Task.SCENARIO))
        .subquery()
    )
    return select(*each.c, func.count()).group_by(*each.c)


CRITICAL = Dataset(
    SHAPE,
    lines=lines,
    chart=Drawn(
        lazy("Failed, of those who took the scenario"),
        (lazy("Critical action"), lazy("Failed")),
        ("scenario_title", "action_text"),
        "failed_percent",
    ),
    tasks=(Task.SCENARIO,),
    at_most=50_000,
)
