"""What an academy knows of its people, all at once, to hold a roster against."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from pme.assessment.models import Accommodation
from pme.enrolment.models import Cohort, Enrolment, EnrolmentStatus
from pme.enrolment.models_admission import Waiver
from pme.enrolment.prerequisites import prerequisites_of
from pme.enrolment.queries import courses_chosen
from pme.people.counting import standing_of
from pme.people.granting import grantable, may_change
from pme.people.members import last_day_of
from pme.people.memberships import By
from pme.people.models import Membership, Person, Personnel
from pme.progress.models import CourseCompletion
from pme.rosters.plan import FACTS, Ground, Known, Taking


def ground_of(session: Session, academy_id: int, by: By, *, titles: Mapping[str, str], day: date) -> Ground:
    """Everything that a roster of an academy is held against: seven queries, whatever its size."""
    memberships: dict[int, list[Membership]] = defaultdict(list)
    for each in session.scalars(select(Membership).where(Membership.academy_id == academy_id)):
        memberships[each.person_id].append(each)
    takes: dict[int, dict[str, Taking]] = defaultdict(dict)
    for person_id, course, status, cohort in session.execute(
        select(Enrolment.person_id, Enrolment.course, Enrolment.status, Cohort.name)
        .outerjoin(Cohort, Cohort.id == Enrolment.cohort_id)
        .where(Enrolment.academy_id == academy_id)
    ):
        takes[person_id][course] = Taking(status is EnrolmentStatus.ACTIVE, cohort or "")
    completed, waived = _completed(session, academy_id), _waived(session, academy_id)
    times = dict(
        session.execute(
            select(Accommodation.person_id, Accommodation.time_percent).where(
                Accommodation.academy_id == academy_id
            )
        ).all()
    )
    people = session.execute(
        select(Personnel, Person.email)
        .join(Person, Person.id == Personnel.person_id)
        .where(Personnel.academy_id == academy_id)
    )
    known = tuple(
        Known(
            person_id=record.person_id,
            email=email,
            facts={key: getattr(record, key) or "" for key in FACTS},
            roles=frozenset(each.role.value for each in memberships[record.person_id]),
            standing=standing_of(memberships[record.person_id], day),
            until=until.isoformat() if (until := last_day_of(memberships[record.person_id])) else "",
            may_be_changed=may_change(by.roles, (each.role for each in memberships[record.person_id])),
            takes=takes[record.person_id],
            completed=completed[record.person_id],
            waived=waived[record.person_id],
            time_percent=times.get(record.person_id, 100),
        )
        for record, email in people
    )
    return Ground(
        people=known,
        courses={
            slug: titles[slug] for slug in sorted(courses_chosen(session, academy_id)) if slug in titles
        },
        needs=prerequisites_of(session, academy_id),
        grantable=frozenset(role.value for role in grantable(by.roles)),
        by_id=by.person_id or 0,
    )


def _completed(session: Session, academy_id: int) -> dict[int, frozenset[str]]:
    rows = session.execute(
        select(Enrolment.person_id, CourseCompletion.course)
        .join(Enrolment, Enrolment.id == CourseCompletion.enrolment_id)
        .where(CourseCompletion.academy_id == academy_id, Enrolment.academy_id == academy_id)
    )
    return _gathered(rows.all())


def _waived(session: Session, academy_id: int) -> dict[int, frozenset[str]]:
    rows = session.execute(select(Waiver.person_id, Waiver.course).where(Waiver.academy_id == academy_id))
    return _gathered(rows.all())


def _gathered(rows: Iterable[tuple[int, str]]) -> dict[int, frozenset[str]]:
    found: dict[int, frozenset[str]] = defaultdict(frozenset)
    for person_id, course in rows:
        found[person_id] |= {course}
    return found
