"""Which enrolments a list is asked for, from the fields of a query or a form."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, true

from pme.enrolment.models import Cohort, Enrolment, EnrolmentStatus
from pme.permissions import Can
from pme.reports.enrolled import SORTS
from pme.signs import fit
from pme.web.addresses import number_in
from pme.web.loaders import catalogue, load_academy_cohort
from pme.web.sorting import Sorting

ACTIVE, EVERY = "active", "all"
SHOWN = {ACTIVE: EnrolmentStatus.ACTIVE, "withdrawn": EnrolmentStatus.WITHDRAWN}
LONGEST_SEARCH = 120


@dataclass(frozen=True)
class Asked:
    """A course or one of its cohorts, a state, and words of a person; and in which order."""

    course: str
    cohort: Cohort | None
    status: str
    text: str
    sorting: Sorting

    @property
    def scope(self) -> ColumnElement[bool]:
        """The enrolments of this course or cohort and state, whoever takes them."""
        found: list[ColumnElement[bool]] = [true()]
        if self.cohort is not None:
            found.append(Enrolment.cohort_id == self.cohort.id)
        elif self.course:
            found.append(Enrolment.course == self.course)
        if self.status in SHOWN:
            found.append(Enrolment.status == SHOWN[self.status])
        return and_(*found)

    @property
    def fields(self) -> dict[str, str]:
        """The fields of a query that asks for these, without those that ask for nothing."""
        found = {
            "cohort": str(self.cohort.id) if self.cohort else "",
            "course": "" if self.cohort else self.course,
            "status": "" if self.status == ACTIVE else self.status,
            "q": self.text,
            **self.sorting.fields,
        }
        return {name: value for name, value in found.items() if value}


def asked_for(given: Mapping[str, str]) -> Asked:
    """What a query or a form asks for; 404 for a cohort that the academy does not have."""
    number = number_in(given.get("cohort"))
    cohort = load_academy_cohort(Can.SEE_PEOPLE, number) if number is not None else None
    status = given.get("status", "")
    return Asked(
        course=cohort.course if cohort else fit(given.get("course", "")),
        cohort=cohort,
        status=status if status in SHOWN or status == EVERY else ACTIVE,
        text=fit(given.get("q", ""))[:LONGEST_SEARCH].strip(),
        sorting=Sorting.of(given, SORTS, "name"),
    )


def titles() -> dict[str, str]:
    """The titles of the published courses."""
    return {c.content.slug: c.content.title for c in catalogue().courses}
