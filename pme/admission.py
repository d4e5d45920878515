"""How people come into courses and leave them, across rooms: enrolled, let back in, withdrawn, moved.

Acts run inside one writing transaction that the caller opened; they put themselves on record and may be repeated
without harm. Records of learning are never touched: whoever comes back finds everything as it was.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from pme import audit
from pme.db import insert_into
from pme.enrolment import requests
from pme.enrolment.codes import require_place, usable_code
from pme.enrolment.models import Cohort, Enrolment, EnrolmentStatus
from pme.enrolment.models_admission import EnrolmentRequest, RequestStatus
from pme.enrolment.noting import note
from pme.enrolment.prerequisites import prerequisites_of, waive, waived
from pme.enrolment.queries import cohort_by_id, courses_chosen, find_enrolment
from pme.enrolment.service import move
from pme.errors import Conflict, Invalid
from pme.people.counting import counts_on
from pme.people.models import Membership, Role, Standing
from pme.progress.models import CourseCompletion
from pme.words.speech import _

AT_ONCE = 500


class Came(StrEnum):
    """What became of a person who was to be enrolled."""

    NEW = "new"
    BACK = "back"
    THERE = "there"
    """Took the course already; the cohort was filled in where there was none."""
    MISSING = "missing"
    """Has not completed what the course builds on."""
    NO_STUDENT = "no-student"
    """Is not a student of the academy, or no longer."""


@dataclass(frozen=True)
class Admission:
    """What became of one person. `missing` are the courses that the course builds on and they lack; `is_placed`
    says that somebody who was in no cohort is in this one now.
    """

    person_id: int
    came: Came
    enrolment_id: int | None = None
    missing: tuple[str, ...] = ()
    is_placed: bool = False


def missing_of(
    session: Session, academy_id: int, course: str, person_ids: Collection[int]
) -> dict[int, tuple[str, ...]]:
    """What each person lacks of the courses that a course builds on; who lacks nothing is left out."""
    needs = prerequisites_of(session, academy_id).get(course, ())
    if not needs or not person_ids:
        return {}
    rows = session.execute(
        select(Enrolment.person_id, CourseCompletion.course)
        .join(CourseCompletion, CourseCompletion.enrolment_id == Enrolment.id)
        .where(
            Enrolment.academy_id == academy_id,
            CourseCompletion.academy_id == academy_id,
            CourseCompletion.course.in_(needs),
            Enrolment.person_id.in_(person_ids),
        )
    )
    has: dict[int, set[str]] = {}
    for person_id, completed in rows:
        has.setdefault(person_id, set()).add(completed)
    free = waived(session, academy_id, course, person_ids)
    lacking = {
        person_id: tuple(each for each in needs if each not in has.get(person_id, ()))
        for person_id in person_ids
        if person_id not in free
    }
    return {person_id: courses for person_id, courses in lacking.items() if courses}


def admit(
    session: Session,
    academy_id: int,
    person_ids: Sequence[int],
    *,
    course: str,
    cohort: Cohort | None = None,
    waiver: str | None = None,
    by: int,
    at: datetime,
    through: str = "staff",
) -> list[Admission]:
    """Enrol people in a course, into a cohort if one is given; tells what became of each.

    With `waiver`, a reason, those who lack what the course builds on are let in all the same. Raises Conflict
    where the academy does not offer the course, Invalid for a waiver without words.
    """
    if course not in courses_chosen(session, academy_id):
        raise Conflict(_("Your academy does not offer this course. Choose it under “Courses” first."))
    wanted, found = list(dict.fromkeys(person_ids)), []
    for begin in range(0, len(wanted), AT_ONCE):
        some = wanted[begin : begin + AT_ONCE]
        found += _admit(session, academy_id, some, course, cohort, waiver, by, at)
    _record(session, academy_id, course, cohort, found, by=by, at=at, through=through)
    return found


def admit_by_code(session: Session, academy_id: int, person_id: int, text: str, *, at: datetime) -> Enrolment:
    """A student comes in by a code. Raises Invalid or Conflict in words where it does not let them in."""
    code = usable_code(session, academy_id, text, at=at)
    cohort = cohort_by_id(session, code.cohort_id, academy_id)
    if cohort is None:  # pragma: no cover  (a cohort with a code is never deleted)
        raise Invalid(_("The cohort of this code is gone."), field="code")
    kept = find_enrolment(session, person_id, academy_id, cohort.course, for_update=True)
    if kept is not None and kept.status is EnrolmentStatus.WITHDRAWN:
        raise Conflict(_("You were withdrawn from this course. Your academy can enrol you again."))
    if kept is not None and kept.cohort_id not in (None, cohort.id):
        raise Conflict(_("You take this course in another cohort. Your academy can move you."))
    if kept is not None and kept.cohort_id == cohort.id:
        return kept
    require_place(code)
    (one,) = admit(
        session,
        academy_id,
        [person_id],
        course=cohort.course,
        cohort=cohort,
        by=person_id,
        at=at,
        through="code",
    )
    if one.came is Came.MISSING:
        raise Missing(cohort.course, one.missing)
    if one.came is Came.NO_STUDENT:  # pragma: no cover
        raise Conflict(_("Only students can be enrolled in a course."))
    code.used += 1
    session.flush()
    enrolment = find_enrolment(session, person_id, academy_id, cohort.course)
    if enrolment is None:  # pragma: no cover  (it was made above)
        raise Conflict(_("The enrolment could not be found."))
    return enrolment


class Missing(Conflict):
    """A student lacks what a course builds on."""

    def __init__(self, course: str, courses: tuple[str, ...]) -> None:
        super().__init__(_("This course builds on another that you have not completed."))
        self.course = course
        self.courses = courses


def approve(
    session: Session,
    request: EnrolmentRequest,
    *,
    cohort: Cohort | None,
    waiver: str | None,
    answer: str,
    by: int,
    at: datetime,
) -> Admission:
    """Approve a request, which enrols its student. Without a waiver, one who lacks something is not enrolled,
    and the request stays as it is. Raises Conflict when it was answered before.
    """
    if request.status is not RequestStatus.WAITING:
        raise Conflict(requests.SETTLED)
    (one,) = admit(
        session,
        request.academy_id,
        [request.person_id],
        course=request.course,
        cohort=cohort,
        waiver=waiver,
        by=by,
        at=at,
        through="request",
    )
    if one.came in (Came.NEW, Came.BACK, Came.THERE):
        requests.settle(session, request, RequestStatus.APPROVED, answer=answer, by=by, at=at)
    return one


def withdraw(
    session: Session, enrolment_ids: Sequence[int], scope: ColumnElement[bool], *, by: int, at: datetime
) -> list[int]:
    """Withdraw those of the enrolments that are in scope and active; gives them. All their records stay."""
    return _turn(session, enrolment_ids, scope, EnrolmentStatus.WITHDRAWN, by=by, at=at)


def readmit(
    session: Session, enrolment_ids: Sequence[int], scope: ColumnElement[bool], *, by: int, at: datetime
) -> list[int]:
    """Let those of the enrolments back in that are in scope and withdrawn; gives them."""
    return _turn(session, enrolment_ids, scope, EnrolmentStatus.ACTIVE, by=by, at=at)


def transfer(
    session: Session,
    enrolment_ids: Sequence[int],
    scope: ColumnElement[bool],
    *,
    cohort: Cohort | None,
    by: int,
    at: datetime,
) -> list[int]:
    """Put enrolments in scope into a cohort (None: into none). What the move completes is completed after it."""
    known = select(Enrolment.id, Enrolment.cohort_id, Enrolment.academy_id)
    rows = session.execute(known.where(scope, Enrolment.id.in_(enrolment_ids)))
    before = {row.id: row for row in rows}
    moved = move(session, enrolment_ids, scope, cohort=cohort)
    if moved:
        acts = [
            audit.Act(
                "student moved to cohort",  # not words
                actor=f"person {by}",
                subject=f"enrolment {number}",
                detail={
                    "before": {"cohort": before[number].cohort_id},
                    "after": {"cohort": cohort.id if cohort else None},
                },
            )
            for number in moved
        ]
        audit.record_all(session, acts, at=at, academy_id=before[moved[0]].academy_id)
    return moved


def _turn(
    session: Session,
    enrolment_ids: Sequence[int],
    scope: ColumnElement[bool],
    to: EnrolmentStatus,
    *,
    by: int,
    at: datetime,
) -> list[int]:
    wanted = select(Enrolment).where(scope, Enrolment.id.in_(enrolment_ids), Enrolment.status != to)
    turned = session.scalars(wanted.order_by(Enrolment.id).with_for_update()).all()
    acts = []
    for enrolment in turned:
        before = {"status": enrolment.status.value, "cohort": enrolment.cohort_id}
        enrolment.status = to
        acts.append(
            audit.Act(
                "enrolment withdrawn"
                if to is EnrolmentStatus.WITHDRAWN
                else "enrolment taken up again",  # not words
                actor=f"person {by}",
                subject=f"enrolment {enrolment.id}",
                detail={"before": before, "after": {**before, "status": to.value}},
            )
        )
    if turned:
        audit.record_all(session, acts, at=at, academy_id=turned[0].academy_id)
    return [enrolment.id for enrolment in turned]


def _admit(
    session: Session,
    academy_id: int,
    person_ids: Sequence[int],
    course: str,
    cohort: Cohort | None,
    waiver: str | None,
    by: int,
    at: datetime,
) -> list[Admission]:
    students = set(
        session.scalars(
            select(Membership.person_id).where(
                Membership.academy_id == academy_id,
                Membership.role == Role.STUDENT,
                or_(counts_on(at.date()), Membership.standing == Standing.INVITED),
                Membership.person_id.in_(person_ids),
            )
        )
    )
    kept = _kept(session, academy_id, course, person_ids)
    coming = [each for each in person_ids if each in students and not _is_there(kept.get(each))]
    lacking = missing_of(session, academy_id, course, coming)
    if waiver is not None:
        for person_id in lacking:
            waive(session, academy_id, course, person_id, reason=waiver, by=by, at=at)
        lacking = {}
    fresh = [each for each in coming if each not in lacking and each not in kept]
    if fresh:
        rows = [
            {
                "person_id": person_id,
                "academy_id": academy_id,
                "course": course,
                "cohort_id": cohort.id if cohort else None,
                "status": EnrolmentStatus.ACTIVE,
                "enrolled_at": at,
            }
            for person_id in fresh
        ]
        session.execute(insert_into(session, Enrolment).on_conflict_do_nothing(), rows)
        kept = _kept(session, academy_id, course, person_ids)
    return [
        _told(person_id, students, lacking, fresh, kept.get(person_id), cohort) for person_id in person_ids
    ]


def _told(
    person_id: int,
    students: set[int],
    lacking: Mapping[int, tuple[str, ...]],
    fresh: Sequence[int],
    enrolment: Enrolment | None,
    cohort: Cohort | None,
) -> Admission:
    if person_id not in students:
        return Admission(person_id, Came.NO_STUDENT)
    if person_id in lacking or enrolment is None:
        return Admission(person_id, Came.MISSING, missing=lacking.get(person_id, ()))
    if person_id in fresh:
        return Admission(person_id, Came.NEW, enrolment.id)
    was_there = _is_there(enrolment)
    enrolment.status = EnrolmentStatus.ACTIVE
    is_placed = cohort is not None and (enrolment.cohort_id is None or not was_there)
    if cohort is not None and is_placed:
        enrolment.cohort_id = cohort.id
    return Admission(person_id, Came.THERE if was_there else Came.BACK, enrolment.id, is_placed=is_placed)


def _kept(session: Session, academy_id: int, course: str, person_ids: Sequence[int]) -> dict[int, Enrolment]:
    of_course = (Enrolment.academy_id == academy_id, Enrolment.course == course)
    rows = session.scalars(
        select(Enrolment)
        .where(*of_course, Enrolment.person_id.in_(person_ids))
        .order_by(Enrolment.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {row.person_id: row for row in rows}


def _is_there(enrolment: Enrolment | None) -> bool:
    return enrolment is not None and enrolment.status is EnrolmentStatus.ACTIVE


def _record(
    session: Session,
    academy_id: int,
    course: str,
    cohort: Cohort | None,
    found: Sequence[Admission],
    *,
    by: int,
    at: datetime,
    through: str,
) -> None:
    came = [one.enrolment_id for one in found if one.came is Came.NEW]
    back = [one.enrolment_id for one in found if one.came is Came.BACK]
    placed = [one.enrolment_id for one in found if one.came is Came.THERE and one.is_placed]
    if not (came or back or placed):
        return
    session.flush()
    note(
        session,
        "people enrolled",
        academy_id=academy_id,
        by=by,
        subject=f"cohort {cohort.id}" if cohort else f"course {course}",
        at=at,
        before={"withdrawn": back},
        after={"enrolled": came, "back": back, "placed": placed, "course": course, "through": through},
    )
