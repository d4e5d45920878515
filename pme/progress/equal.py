"""Work of equal value: what a student does who does not read or play a part, confirmed by an instructor.

It counts as the part itself. A module is then complete by the same row as any other; what tells them apart is
read by nobody but the instructors of the course, and stands in no record of acts by its name.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pme import audit
from pme.content.catalogue import Versioned
from pme.content.shapes import Module
from pme.db import insert_into
from pme.enrolment.models import Enrolment
from pme.progress.models import ModuleCompletion
from pme.progress.models_equal import EqualWork

ACT = "work confirmed"
"""Whatever was confirmed: the record of acts does not say that it was done instead of something."""


def equal_work_of(session: Session, enrolment: Enrolment) -> frozenset[tuple[str, str]]:
    """What was confirmed for a student, as (module, scenario); "" for a whole module."""
    rows = session.execute(
        select(EqualWork.module, EqualWork.scenario).where(
            EqualWork.academy_id == enrolment.academy_id, EqualWork.enrolment_id == enrolment.id
        )
    )
    return frozenset((module, scenario) for module, scenario in rows)


def confirm_equal_work(
    session: Session,
    enrolment: Enrolment,
    module: Versioned[Module],
    *,
    scenario: str = "",
    by: int,
    at: datetime,
) -> bool:
    """Confirm work of equal value for a module, or one scenario of it; tells whether it was new.

    Whoever calls this completes what is earned by it, in the same transaction.
    """
    added = session.execute(
        insert_into(session, EqualWork)
        .values(
            academy_id=enrolment.academy_id,
            enrolment_id=enrolment.id,
            module=module.content.slug,
            scenario=scenario,
            by_id=by,
            at=at,
        )
        .on_conflict_do_nothing()
        .returning(EqualWork.id)
    ).scalar_one_or_none()
    if added is None:
        return False
    if not scenario:
        session.execute(
            insert_into(session, ModuleCompletion)
            .values(
                enrolment_id=enrolment.id,
                module=module.content.slug,
                version_id=module.version_id,
                completed_at=at,
            )
            .on_conflict_do_nothing()
        )
    audit.record(
        session,
        ACT,
        actor=f"person {by}",
        subject=f"enrolment {enrolment.id}",
        at=at,
        academy_id=enrolment.academy_id,
        detail={"before": {}, "after": {"work": added}},
    )
    return True
