"""Which ways students took through a scenario, for the picture that its instructors see."""

from collections import Counter
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from pme.assessment.models import Attempt, AttemptStatus, Decision, Task
from pme.content.catalogue import Versioned
from pme.content.decision_graph import Pair, Shares, pairs_of
from pme.content.shapes import Scenario
from pme.enrolment.models import Enrolment

FEWEST = 10
"""With fewer students a share says more about persons than about the scenario."""


@dataclass(frozen=True)
class WaysTaken:
    """How many students finished a version, how many attempts others were, and the ways of the first.

    `elsewhere` counts finished attempts at other versions.
    """

    students: int
    elsewhere: int
    ways: Counter[Pair]

    @property
    def shares(self) -> Shares | None:
        """What part of the students took each way; None while they are too few."""
        return Shares(self.students, self.ways) if self.students >= FEWEST else None


def ways_taken(session: Session, scope: ColumnElement[bool], scenario: Versioned[Scenario]) -> WaysTaken:
    """The ways of each student's first finished attempt at a version, among the enrolments in scope."""
    finished = and_(
        scope,
        Attempt.task == Task.SCENARIO,
        Attempt.slug == scenario.content.slug,
        Attempt.status == AttemptStatus.FINISHED,
    )
    here = Attempt.version_id == scenario.version_id
    first = (
        select(Attempt.enrolment_id, func.min(Attempt.number).label("number"))
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .where(finished, here)
        .group_by(Attempt.enrolment_id)
        .subquery()
    )
    rows = session.execute(
        select(Attempt.id, Decision.node, Decision.choice)
        .join(first, and_(first.c.enrolment_id == Attempt.enrolment_id, first.c.number == Attempt.number))
        .join(Decision, Decision.attempt_id == Attempt.id)
        .where(finished, here, Decision.taken_back_at.is_(None))
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .order_by(Attempt.id, Decision.sequence)
    )
    paths = Counter(
        tuple((row.node, row.choice) for row in path) for _, path in groupby(rows, key=lambda row: row.id)
    )
    ways: Counter[Pair] = Counter()
    for path, number in paths.items():
        for pair in pairs_of(scenario.content, path):
            ways[pair] += number
    elsewhere = session.scalar(
        select(func.count(Attempt.id))
        .join(Enrolment, Enrolment.id == Attempt.enrolment_id)
        .where(finished, ~here)
    )
    return WaysTaken(paths.total(), elsewhere or 0, ways)
