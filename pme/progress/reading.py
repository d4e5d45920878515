"""A student at a page of a module: their enrolment, how they stand with the page, and whether there is more to ask for.

All in one statement, since it runs with every page that is read.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import Session

from pme.db import asked
from pme.enrolment.models import Enrolment
from pme.enrolment.taking import Taking
from pme.notebook.queries import HAS_ENTRIES
from pme.overlay.models import LocalStamp
from pme.progress.completion import Place, StepKind
from pme.progress.models import PageRead
from pme.progress.models_requalify import Requalification
from pme.progress.requalify_queries import asked_of
from pme.quick import Quick, Ready

_enrolment = Enrolment.__table__.c
AT_PAGE = select(
    _enrolment.id,
    _enrolment.cohort_id,
    _enrolment.status,
    exists().where(
        PageRead.enrolment_id == _enrolment.id,
        PageRead.module == bindparam("module"),
        PageRead.page == bindparam("page"),
    ),
    exists().where(
        Requalification.academy_id == bindparam("academy_id"),
        Requalification.enrolment_id == _enrolment.id,
        Requalification.closed_at.is_(None),
    ),
    HAS_ENTRIES,
    select(LocalStamp.stamp).where(LocalStamp.academy_id == bindparam("academy_id")).scalar_subquery(),
).where(
    _enrolment.person_id == bindparam("person_id"),
    _enrolment.academy_id == bindparam("academy_id"),
    _enrolment.course == bindparam("course"),
)
READY = Ready(AT_PAGE)


@dataclass(frozen=True)
class PageStanding:
    """Whether a page is marked as read, whether the holder of a completion is asked to read it again, and whether
    its reader keeps anything in a notebook of its module.
    """

    is_read: bool
    is_asked_again: bool
    is_noted: bool = False


@dataclass(frozen=True)
class Reading:
    """A student's enrolment in a course, and how they stand with a page of it; `is_asked` where they are asked to do
    anything of the course anew, `local_stamp` of the texts that their academy has written of its own, if any.
    """

    enrolment: Taking
    module: str
    page: str
    is_read: bool
    is_asked: bool
    is_noted: bool
    local_stamp: str | None

    def standing(self, session: Callable[[], Session]) -> PageStanding:
        """How they stand with the page: nothing more is asked for, unless they are asked something."""
        is_again = False
        if self.is_asked:
            found = asked_of(session(), self.enrolment.academy_id, [self.enrolment.id])[self.enrolment.id]
            is_again = dict(found.parts).get(Place(StepKind.PAGE, self.module, self.page)) is False
        return PageStanding(self.is_read, is_again, self.is_noted)


def find_reading(
    asker: Session | Quick, person_id: int, academy_id: int, course: str, module: str, page: str
) -> Reading | None:
    """A student at a page of a module of a course that they take, or None where they were never enrolled in it."""
    given: dict[str, Any] = {
        "person_id": person_id,
        "academy_id": academy_id,
        "course": course,
        "module": module,
        "page": page,
    }
    rows = asker.asked(READY, given) if isinstance(asker, Quick) else asked(asker, AT_PAGE, given).all()
    if not rows:
        return None
    enrolment_id, cohort_id, status, *standing = rows[0]
    taking = Taking(enrolment_id, person_id, academy_id, course, cohort_id, status)
    return Reading(taking, module, page, *standing)
