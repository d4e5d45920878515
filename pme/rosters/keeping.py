"""What a roster changes, kept so that it can be undone: everything of the people in it, whoever they are by then."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from pme.assessment.models import Accommodation
from pme.enrolment.models import Cohort, Enrolment
from pme.people.memberships import By
from pme.people.models import Membership, Personnel
from pme.rosters.plan import Change as Planned
from pme.undoing.models import Change, Did, Thing
from pme.undoing.service import Stood, keep, stood

COLUMNS = {
    Thing.RECORD: Personnel.person_id,
    Thing.MEMBERSHIP: Membership.person_id,
    Thing.ENROLMENT: Enrolment.person_id,
    Thing.ALLOWANCE: Accommodation.person_id,
}


def before_it(session: Session, academy_id: int, changes: Sequence[Planned]) -> list[Stood]:
    """What stands of the people and cohorts that a plan is about."""
    touched = [change for change in changes if not change.is_nothing]
    people = [change.person_id for change in touched if change.person_id is not None]
    courses = {course for change in touched for act, course, _cohort in change.takes if act != "withdraw"}
    return [
        *(stood(session, thing, academy_id, people, column=column) for thing, column in COLUMNS.items()),
        stood(session, Thing.COHORT, academy_id, courses, column=Cohort.course),
    ]


def keep_it(session: Session, before: Sequence[Stood], added: Sequence[int], by: By) -> Change | None:
    """Keep what is different by now, of those who were added too."""
    again = [each if each.thing is Thing.COHORT else each.with_more(added) for each in before]
    return keep(session, again, Did.ROSTER, by=by.person_id or 0, at=by.at)
