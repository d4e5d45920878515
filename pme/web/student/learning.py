"""A student's view of a course, put together once a request in few queries."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from pme.assessment.queries import standings
from pme.content.catalogue import Catalogue
from pme.enrolment.cohorts import plans_of
from pme.enrolment.models import Enrolment
from pme.enrolment.plan import arranged_for
from pme.progress.completion import Place, StepKind
from pme.progress.queries import facts_of
from pme.web.addresses import url_for
from pme.web.tongues import in_language
from pme.web.way import Way


@dataclass(frozen=True)
class Learning(Way):
    """A student in a course."""

    enrolment: Enrolment

    def address_of(self, place: Place) -> str:
        """The address of a step."""
        return address_of(self.course.content.slug, place)


def learning_in(
    session: Session, catalogue: Catalogue, enrolments: Sequence[Enrolment], *, language: str | None = None
) -> tuple[Learning, ...]:
    """Each enrolment's course with its progress, in three queries for all of them together.

    A course is as the student's cohort takes it, and content in `language` where it is translated.
    """
    known = [e for e in enrolments if catalogue.course(e.course) is not None]
    if not known:
        return ()
    arranged = {e.cohort_id for e in known if (one := catalogue.course(e.course)) and one.content.optional}
    plans = plans_of(session, known[0].academy_id, arranged)
    standing = standings(session, known[0].academy_id, [enrolment.id for enrolment in known])
    facts = facts_of(session, known[0].academy_id, standing)
    return tuple(
        Learning(
            enrolment=enrolment,
            course=in_language(course, language),
            modules=tuple(
                in_language(m, language) for slug in course.content.modules if (m := catalogue.module(slug))
            ),
            facts=facts[enrolment.id],
            standings=standing[enrolment.id],
            catalogue=catalogue,
            language=language,
        )
        for enrolment in known
        if (found := catalogue.course(enrolment.course)) is not None
        for course in (
            replace(found, content=arranged_for(found.content, plans.get(enrolment.cohort_id, {}))),
        )
    )


def address_of(course: str, place: Place) -> str:
    """The address of a step."""
    match place.kind:
        case StepKind.PAGE:
            return url_for("student.page", course=course, module=place.module, page=place.slug)
        case StepKind.QUIZ:
            return url_for("student.quiz", course=course, module=place.module, slug=place.slug)
        case StepKind.SCENARIO:
            return url_for("student.scenario", course=course, module=place.module, slug=place.slug)
