"""Item quality: how each question of each edition works, by the figures of the pages of quality.

A figure that rests on too few people is left out, as there. Importing `lines` imports no numpy; asking does.
"""

from importlib import import_module
from typing import TYPE_CHECKING, cast

from sqlalchemy import ColumnElement, Table, and_, select
from sqlalchemy.orm import Session

from pme.assessment.models import Attempt, Task
from pme.assessment.regrades import Scope, quiz_in_force
from pme.assessment.statistics_figures import Figure, value_of
from pme.content.models import ContentVersion
from pme.content.shapes import Quiz, Scenario
from pme.enrolment.models import Enrolment
from pme.reports.datasets.column import WHOSE, By, Column, Kind, Row, Shape
from pme.reports.datasets.query import Ask, Dataset, only, with_person
from pme.reports.datasets.taken import TASK, attempts, content_of, counted, course_title

if TYPE_CHECKING:  # imports numpy
    from pme.assessment.statistics_items import ItemFigures

SHAPE = Shape(
    name="item-quality",
    title="Item quality",
    says="How each question of a quiz and each decision of a scenario works, edition by edition.",
    version=1,
    columns=(
        *TASK,
        Column(
            "edition",
            "Edition",
            Kind.TEXT,
            "The first 12 signs of the SHA-256 of the edition of the task.",
            in_files_only=True,
        ),
        Column("item", "Item", Kind.TEXT, "Short name of the question or decision within the task."),
        Column(
            "outcome",
            "Outcome",
            Kind.TEXT,
            "Short name of the learning outcome that it asks for.",
            may_lack=True,
        ),
        Column("critical", "Critical", Kind.YES, "Whether to fail at it can fail the whole task."),
        Column("students", "Students", Kind.WHOLE, "People whose first attempt met it.", unit="people"),
        Column("unanswered", "Unanswered", Kind.WHOLE, "Those who left it empty.", unit="people"),
        Column(
            "facility",
            "Facility",
            Kind.NUMBER,
            "Mean credit, 0 to 1; empty under 10 people.",
            unit="credit",
            may_lack=True,
        ),
        Column(
            "discrimination",
            "Item-total",
            Kind.NUMBER,
            "Correlation of the credit with that on the other items, -1 to 1; empty under 30 people.",
            unit="coefficient",
            may_lack=True,
        ),
        Column(
            "median_seconds",
            "Median time",
            Kind.NUMBER,
            "Median of the time spent on it; empty where too few times are known.",
            unit="seconds",
            may_lack=True,
        ),
        Column(
            "flags",
            "Flags",
            Kind.TEXT,
            "What deserves a second look, after semicolons: hard, easy, weak, backwards, idle.",
            may_lack=True,
        ),
    ),
    filters=only(By.PERIOD, By.COURSE, *WHOSE),
    sort="discrimination",
    period="first attempted",
)


def lines(session: Session, ask: Ask) -> list[Row]:
    """A line for each question or decision of each edition that was taken."""
    task = (Attempt.course, Attempt.task, Attempt.slug, Attempt.version_id, ContentVersion.sha256)
    taken = session.execute(
        select(*task)
        .select_from(attempts(ask).join(ContentVersion, ContentVersion.id == Attempt.version_id))
        .where(*counted(ask, Task.QUIZ, Task.SCENARIO))
        .group_by(*task)
        .order_by(*task)
    ).all()
    return [
        (
            course,
            course_title(ask, course),
            kind.value,
            slug,
            content.title,
            sha256[:12],
            *_figures(each),
        )
        for course, kind, slug, version_id, sha256 in taken
        for content in [content_of(session, kind, version_id)]
        for each in _items(session, ask, course, content, version_id)
    ]


def _items(
    session: Session, ask: Ask, course: str, content: Quiz | Scenario, version_id: int
) -> "tuple[ItemFigures, ...]":
    quality = import_module("pme.reports.quality")  # brings numpy, 25 MB: only where it is asked for
    scope = and_(Attempt.course == course, *_scope(ask))
    if isinstance(content, Quiz):
        in_force = quiz_in_force(session, Scope(ask.academy_id, course, content.slug, version_id), content)
        found: tuple[ItemFigures, ...] = quality.quiz_quality(session, scope, in_force, version_id).items
    else:
        found = quality.scenario_quality(session, scope, content, version_id).analysis.items
    return found


def _scope(ask: Ask) -> list[ColumnElement[bool]]:
    """The attempts asked for, in words that need no other table: quality is read in statements of its own."""
    among = ask.among()
    people = with_person(cast("Table", Enrolment.__table__), ask.academy_id)
    narrowed = select(Enrolment.id).select_from(people).where(Enrolment.academy_id == ask.academy_id, *among)
    return [
        Attempt.academy_id == ask.academy_id,
        *ask.during(Attempt.started_at),
        *([Attempt.enrolment_id.in_(narrowed)] if among else []),
    ]


def _figures(each: "ItemFigures") -> Row:
    return (
        each.item.id,
        each.item.stratum or None,
        each.item.is_critical,
        each.n,
        each.unanswered,
        _rounded(each.facility),
        _rounded(each.discrimination),
        _rounded(each.times.median),
        "; ".join(f"{one.flag} ({one.part})" if one.part else one.flag.value for one in each.remarks) or None,
    )


def _rounded(figure: Figure) -> float | None:
    value = value_of(figure)
    return None if value is None else round(value, 4)


ITEMS = Dataset(SHAPE, lines=lines)
