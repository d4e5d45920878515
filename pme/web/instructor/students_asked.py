"""Which students of a course a list is asked for, from the fields of a query or a form."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_

from pme.content.catalogue import Versioned
from pme.content.shapes import Course
from pme.enrolment.models import Cohort, Enrolment
from pme.permissions import enrolments_taught
from pme.reports.students import SORTS, Stands, stands
from pme.signs import fit
from pme.web.addresses import number_in
from pme.web.loaders import load_cohort
from pme.web.signin import current_visitor
from pme.web.sorting import Sorting

LONGEST_SEARCH = 120
NO_COHORT = 0
"""What an address says for those who are in no cohort."""


@dataclass(frozen=True)
class Asked:
    """A cohort (or none, or those in none), how they stand, and words of a person; and in which order."""

    course: str
    chosen: int | None
    cohort: Cohort | None
    state: Stands | None
    text: str
    sorting: Sorting

    @property
    def scope(self) -> ColumnElement[bool]:
        """Those enrolments among the visitor's students."""
        found = [enrolments_taught(current_visitor(), self.course)]
        if self.chosen is not None:
            found.append(Enrolment.cohort_id.is_not_distinct_from(self.cohort.id if self.cohort else None))
        if self.state is not None:
            found.append(stands(self.state))
        return and_(*found)

    @property
    def fields(self) -> dict[str, str]:
        """The fields of a query that asks for these, without those that ask for nothing."""
        found = {
            "cohort": "" if self.chosen is None else str(self.chosen),
            "state": self.state.value if self.state else "",
            "q": self.text,
            **self.sorting.fields,
        }
        return {name: value for name, value in found.items() if value}


def asked_for(course: Versioned[Course], given: Mapping[str, str]) -> Asked:
    """What a query or a form asks for; 404 for a cohort that the course does not have."""
    chosen = number_in(given.get("cohort"))
    return Asked(
        course=course.content.slug,
        chosen=chosen,
        cohort=load_cohort(course, chosen) if chosen else None,
        state=next((one for one in Stands if one.value == given.get("state")), None),
        text=fit(given.get("q", ""))[:LONGEST_SEARCH].strip(),
        sorting=Sorting.of(given, SORTS, "name"),
    )
