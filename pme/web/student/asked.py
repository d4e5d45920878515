"""What a student is asked to do for another edition of a course, with addresses."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from pme.certificates.expiry import ends_of
from pme.progress.completion import Place, StepKind
from pme.progress.in_force import InForce, completions_of
from pme.progress.requalify_queries import Asked, asked_of
from pme.progress.validity import is_renewable
from pme.web.student.learning import Learning
from pme.web.way import StepLine


@dataclass(frozen=True)
class AskedOf:
    """What is asked in one course. `steps` are those that are still published, with whether each is done."""

    course: str
    title: str
    edition: str
    note: str
    due_on: date | None
    steps: tuple[tuple[StepLine, bool], ...]

    @property
    def done(self) -> int:
        """How many steps are done."""
        return sum(is_done for _, is_done in self.steps)


@dataclass(frozen=True)
class Kept:
    """How the completion of a course stands, where its holder should know: revoked, or near its last day."""

    is_revoked: bool
    until: date | None


def completed_in(session: Session, courses: Sequence[Learning]) -> list[InForce]:
    """How the completions of these courses stand. Without one there is no certificate, and nothing is asked anew."""
    if not courses:
        return []
    return completions_of(session, courses[0].enrolment.academy_id, [each.enrolment.id for each in courses])


def kept_in(session: Session, standings: Sequence[InForce], *, on: date) -> dict[str, Kept]:
    """By course, the completions among these that are revoked or can be renewed."""
    if not standings:
        return {}
    ends, found = ends_of(session, standings[0].academy_id, standings), {}
    for standing in standings:
        until = ends.get(standing.enrolment_id)
        if standing.is_revoked or is_renewable(standing, until, on=on):
            found[standing.course] = Kept(standing.is_revoked, until)
    return found


def asked_in(session: Session, courses: Sequence[Learning]) -> list[AskedOf]:
    """What a student is asked in these courses."""
    if not courses:
        return []
    academy_id = courses[0].enrolment.academy_id
    found = asked_of(session, academy_id, [each.enrolment.id for each in courses])
    return [shown(each, found[each.enrolment.id]) for each in courses if each.enrolment.id in found]


def shown(learning: Learning, asked: Asked) -> AskedOf:
    """What is asked in one course, as its pages show it."""
    return AskedOf(
        course=learning.course.content.slug,
        title=learning.course.content.title,
        edition=asked.edition,
        note=asked.note,
        due_on=asked.due_on,
        steps=tuple((learning.line(p), done) for p, done in asked.parts if _is_there(learning, p)),
    )


def _is_there(learning: Learning, place: Place) -> bool:
    """Whether a step that was asked can still be gone to: a later edition may not have it."""
    module = next((m.content for m in learning.modules if m.content.slug == place.module), None)
    if module is None:
        return False
    if place.kind is StepKind.PAGE:
        return module.page(place.slug) is not None
    names = module.completion.quizzes if place.kind is StepKind.QUIZ else module.completion.scenarios
    return place.slug in names
