"""Students who have done all that their course requires, but not what their cohort asks for beyond that."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pme import journeys
from pme.content.catalogue import current
from pme.content.publish import publish
from pme.enrolment.cohorts import set_plan
from pme.enrolment.models import Cohort, Enrolment
from pme.enrolment.plan import Arranged
from tests.support.cast import HOME, START
from tests.support.completed import Learner, bring
from tests.support.library import course, library
from tests.support.people import id_of

SOME = course("core", "Core course", ("further", "elsewhere")).model_copy(update={"required": ("further",)})
"""The core course with a module that it requires and one that it leaves to cohorts."""


def have_earned(session: Session, number: int, *, academy: str = HOME) -> tuple[Cohort, Sequence[int]]:
    """A cohort that asks for the optional module too, and so many in it who did the required one alone."""
    if current(session).courses_by_slug["core"].content.modules != SOME.modules:
        publish(session, library(SOME), by_id=None, at=START, note="one module is optional")
    ids = bring(
        session,
        [Learner(f"Diligent {n}", cohort="Spring", after=None) for n in range(number)],
        academy=academy,
    )
    people = session.scalars(select(Enrolment).where(Enrolment.id.in_(ids)).order_by(Enrolment.id)).all()
    cohort = session.get_one(Cohort, people[0].cohort_id)
    set_plan(session, cohort, SOME, {"elsewhere": Arranged.REQUIRED}, by=id_of(session, "evans"), at=START)
    catalogue = current(session)
    module = catalogue.modules_by_slug["further"]
    for one in people:
        for page in module.content.pages:
            journeys.read_page(session, catalogue, one, module, page=page.slug, at=START)
    return cohort, ids


def asks_for_less(session: Session, cohort: Cohort, *, at: datetime) -> None:
    """The cohort leaves the optional module optional."""
    set_plan(session, cohort, SOME, {}, by=id_of(session, "evans"), at=at)
