"""What a calendar holds of courses: when cohorts start and are due, and when their tasks open and close.

Days are days, moments are moments (`pme.enrolment.ical`). A person's calendar holds their own due date, and
never that it is their own.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from pme.assessment.models import Task, Window
from pme.enrolment.due import Due, dues
from pme.enrolment.ical import Event
from pme.enrolment.models import Cohort, CohortInstructor, Enrolment, EnrolmentStatus
from pme.people.models import Teaching
from pme.words.speech import _


@dataclass(frozen=True)
class Names:
    """How a calendar calls things. `address` gives that of a course for its students; `site` is the platform's."""

    courses: Mapping[str, str]
    tasks: Mapping[tuple[Task, str], str]
    site: str
    address: Callable[[str], str]

    @property
    def host(self) -> str:
        """The part of a UID after its @."""
        return urlsplit(self.site).hostname or "pme"

    def course(self, slug: str) -> str:
        """The title of a course."""
        return self.courses.get(slug, slug)


def events_of_person(session: Session, academy_id: int, person_id: int, names: Names) -> list[Event]:
    """What is ahead and behind of the courses that a person takes, and of the cohorts that they teach."""
    taken = [
        due
        for due in dues(
            session,
            academy_id,
            Enrolment.person_id == person_id,
            Enrolment.status == EnrolmentStatus.ACTIVE,
        )
        if due.course in names.courses
    ]
    teaches = select(Cohort).where(
        Cohort.academy_id == academy_id,
        Cohort.id.in_(
            select(CohortInstructor.cohort_id).where(
                CohortInstructor.academy_id == academy_id, CohortInstructor.person_id == person_id
            )
        ),
        Cohort.course.in_(
            select(Teaching.course).where(Teaching.academy_id == academy_id, Teaching.person_id == person_id)
        ),
    )
    cohorts = [each for each in session.scalars(teaches.order_by(Cohort.id)) if each.course in names.courses]
    own = [event for due in taken for event in student_events(due, names)]
    ids = {due.cohort_id for due in taken if due.cohort_id} | {each.id for each in cohorts}
    taught = [event for cohort in cohorts for event in _of_cohort(cohort, names, f"{cohort.name}: ")]
    return [*own, *taught, *window_events(session, academy_id, ids, names)]


def events_of_cohort(session: Session, cohort: Cohort, names: Names) -> list[Event]:
    """The dates of a cohort: nobody's own."""
    return [*_of_cohort(cohort, names, ""), *window_events(session, cohort.academy_id, [cohort.id], names)]


def student_events(due: Due, names: Names) -> Iterator[Event]:
    """When a student starts and is due."""
    title, address = names.course(due.course), names.site + names.address(due.course)
    told = _("Cohort: {cohort}", cohort=due.cohort) if due.cohort else ""
    starts, ends = _("{course} starts", course=title), _("{course} is due", course=title)
    for what, when, says in (("start", due.starts_on, starts), ("due", due.due_on, ends)):
        if when:
            uid = f"enrolment-{due.enrolment_id}-{what}@{names.host}"
            yield Event(uid, due.changed_at, when, says, told, address)


def _of_cohort(cohort: Cohort, names: Names, prefix: str) -> Iterator[Event]:
    title = names.course(cohort.course)
    told = _("Cohort: {cohort}", cohort=cohort.name)
    starts, ends = _("{course} starts", course=title), _("{course} is due", course=title)
    for what, when, says in (("start", cohort.starts_on, starts), ("due", cohort.due_on, ends)):
        if when:
            uid = f"cohort-{cohort.id}-{what}@{names.host}"
            changed_at = cohort.changed_at or cohort.created_at
            yield Event(uid, changed_at, when, prefix + says, told)


def window_events(
    session: Session, academy_id: int, cohort_ids: Collection[int], names: Names
) -> Sequence[Event]:
    """When the tasks of these cohorts open and close."""
    rows = session.execute(
        select(Window, Cohort)
        .join(Cohort, Cohort.id == Window.cohort_id)
        .where(
            Window.academy_id == academy_id,
            Cohort.academy_id == academy_id,
            Window.cohort_id.in_(cohort_ids),
            or_(Window.opens_at.is_not(None), Window.closes_at.is_not(None)),
        )
        .order_by(Window.id)
    )
    return [
        event
        for window, cohort in rows
        if (window.task, window.slug) in names.tasks
        for event in _of_window(window, cohort, names)
    ]


def _of_window(window: Window, cohort: Cohort, names: Names) -> Iterator[Event]:
    title = names.tasks[window.task, window.slug]
    told = names.course(cohort.course) + "\n" + _("Cohort: {cohort}", cohort=cohort.name)
    moments: tuple[tuple[str, datetime | None, str], ...] = (
        ("opens", window.opens_at, _("{task} opens", task=title)),
        ("closes", window.closes_at, _("{task} closes", task=title)),
    )
    for what, when, says in moments:
        if when:
            # By cohort and task, not by the row: setting a window anew replaces the row.
            uid = f"cohort-{cohort.id}-{window.task.value}-{window.slug}-{what}@{names.host}"
            yield Event(uid, cohort.changed_at or cohort.created_at, when, says, told)
