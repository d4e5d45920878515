"""An enrolment as it is read beside something else, on columns: nothing of it is changed."""

from dataclasses import dataclass

from pme.enrolment.models import EnrolmentStatus


@dataclass(frozen=True, slots=True)
class Taking:
    """Who takes a course, as far as it says who may go on, and in which cohort."""

    id: int
    person_id: int
    academy_id: int
    course: str
    cohort_id: int | None
    status: EnrolmentStatus
