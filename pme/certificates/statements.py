"""What an academy states of its courses on certificates: credits, and levels in frameworks of qualifications."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pme import audit
from pme.certificates.models import CourseStatement
from pme.db import insert_into
from pme.errors import Invalid
from pme.words.speech import _

FEWEST_HOURS, MOST_HOURS = 25, 30
"""Hours of one credit: ECTS Users' Guide 2015, section 2.3."""
HIGHEST_EQF = 8
LONGEST_LEVEL = 40
EQF, MILOF = "EQF", "SQF-MILOF"


@dataclass(frozen=True, slots=True)
class Statement:
    """What is stated of one course; None and empty where nothing is."""

    hours_per_credit: int | None = None
    eqf_level: int | None = None
    milof_level: str = ""

    def ects(self, hours: float) -> float | None:
        """A workload in credits, to a hundredth."""
        return round(hours / self.hours_per_credit, 2) if self.hours_per_credit else None

    @property
    def frameworks(self) -> tuple[tuple[str, str], ...]:
        """(name, level) of each framework."""
        stated = ((EQF, str(self.eqf_level or "")), (MILOF, self.milof_level))
        return tuple((name, level) for name, level in stated if level)


NOTHING = Statement()


def statements_of(session: Session, academy_id: int) -> dict[str, Statement]:
    """What an academy states, by course."""
    rows = session.scalars(select(CourseStatement).where(CourseStatement.academy_id == academy_id))
    return {row.course: Statement(row.hours_per_credit, row.eqf_level, row.milof_level) for row in rows}


def state(
    session: Session, academy_id: int, course: str, stated: Statement, *, by: int, at: datetime
) -> bool:
    """Keep what an academy states of a course; tells whether it was different. Certificates that were issued
    stay as they are. Raises Invalid for what cannot be.
    """
    hours, eqf = stated.hours_per_credit, stated.eqf_level
    if hours is not None and not FEWEST_HOURS <= hours <= MOST_HOURS:
        says = _(
            "Give the hours of one credit, from {fewest_hours} to {most}, or nothing.",
            fewest_hours=FEWEST_HOURS,
            most=MOST_HOURS,
        )
        raise Invalid(says, field="hours_per_credit")
    if eqf is not None and not 1 <= eqf <= HIGHEST_EQF:
        raise Invalid(_("Give a level from 1 to {most}, or nothing.", most=HIGHEST_EQF), field="eqf_level")
    if len(stated.milof_level) > LONGEST_LEVEL:
        raise Invalid(
            _("Keep the level under {most} characters.", most=LONGEST_LEVEL),
            field="milof_level",
        )
    before = statements_of(session, academy_id).get(course, NOTHING)
    if before == stated:
        return False
    values = {
        "hours_per_credit": hours,
        "eqf_level": eqf,
        "milof_level": stated.milof_level,
        "set_by": by,
        "set_at": at,
    }
    session.execute(
        insert_into(session, CourseStatement)
        .values(academy_id=academy_id, course=course, **values)
        .on_conflict_do_update(
            index_elements=[CourseStatement.academy_id, CourseStatement.course], set_=values
        )
    )
    audit.record(
        session,
        "course stated",
        actor=f"person {by}",
        subject=f"course {course}",
        at=at,
        academy_id=academy_id,
        detail={"credit": hours, "eqf": eqf, "milof": stated.milof_level},
    )
    return True
