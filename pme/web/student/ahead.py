"""What is ahead of a student: due dates of their courses, and the next dates of all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from pme.assessment.timetable import student_events, window_events
from pme.enrolment.dates import in_words, is_over, today
from pme.enrolment.due import Due, dues_by_enrolment
from pme.enrolment.ical import Event
from pme.enrolment.models import Enrolment
from pme.web.calendars import names
from pme.web.session import db_session
from pme.web.signin import current_visitor, now

SHOWN = 5


@dataclass(frozen=True)
class Plan:
    """The due dates of a student's courses by enrolment, and the next dates, the nearest first."""

    dues: dict[int, Due]
    ahead: tuple[Event, ...]
    at: datetime
    zone: str

    def due_on(self, enrolment_id: int) -> date | None:
        """When a course is due, or None."""
        due = self.dues.get(enrolment_id)
        return due.due_on if due else None

    def starts_on(self, enrolment_id: int) -> date | None:
        """When a course starts that has not started yet, or None."""
        due = self.dues.get(enrolment_id)
        later = due is not None and due.starts_on is not None and due.starts_on > today(self.at, self.zone)
        return due.starts_on if due and later else None

    def words(self, day: date) -> str:
        """How near a day is."""
        return in_words(day, self.at, self.zone)

    def is_over(self, day: date) -> bool:
        """Whether a day has passed."""
        return is_over(day, self.at, self.zone)

    def nearness(self, enrolment_id: int) -> date:
        """By what courses are put in order: that which is due first, then those that are not due."""
        return self.due_on(enrolment_id) or date.max


def plan_of(enrolments: Sequence[Enrolment]) -> Plan:
    """What is ahead in these courses of the visitor."""
    session, at, academy_id = db_session(), now(), current_visitor().academy_id
    zone = current_visitor().time_zone
    if not enrolments:
        return Plan({}, (), at, zone)
    dues = dues_by_enrolment(session, academy_id, [enrolment.id for enrolment in enrolments])
    cohorts = {due.cohort_id for due in dues.values() if due.cohort_id}
    if not cohorts and all(due.due_on is None and due.starts_on is None for due in dues.values()):
        return Plan(dues, (), at, zone)
    called = names()
    events = [event for due in dues.values() for event in student_events(due, called)]
    if cohorts:
        events += window_events(session, academy_id, cohorts, called)
    here = today(at, zone)

    def day(event: Event) -> date:
        return today(event.when, zone) if isinstance(event.when, datetime) else event.when

    coming = [e for e in events if (e.when > at if isinstance(e.when, datetime) else e.when >= here)]
    return Plan(dues, tuple(sorted(coming, key=day)[:SHOWN]), at, zone)
