"""The pages of corrections that requests and jobs share: what one would do, and where it belongs."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pme.assessment.correction_words import ACTS, NAMES, correction_html
from pme.assessment.corrections import CorrectionKind
from pme.assessment.models_regrade import Regrade
from pme.assessment.regrades import Scope, find_regrade, scope_of
from pme.content.catalogue import Versioned, pinned
from pme.content.shapes import AnyItem, Course, Quiz
from pme.correcting import Asked, Look
from pme.enrolment.queries import find_enrolment
from pme.errors import NotAllowed, NotFound
from pme.jobs.models import Job
from pme.permissions import Can, may
from pme.reports.regrade_dry_run import DryRun
from pme.reports.regrade_effects import Effect, names_of
from pme.reports.regrade_rows import has_attempts, history
from pme.web.forms import ActForm
from pme.web.loaders import UNKNOWN, catalogue, load_taught_course
from pme.web.session import db_session
from pme.web.signin import current_visitor
from pme.words.speech import _

STUDENTS_A_PAGE = 100


@dataclass(frozen=True)
class Place:
    """What is being corrected: a version of a quiz in a course, and where it is one of its questions."""

    course: Versioned[Course]
    scope: Scope
    quiz: Quiz
    number: int = 0
    kind: CorrectionKind = CorrectionKind.KEY

    @property
    def item(self) -> AnyItem:
        """The question."""
        return self.quiz.items[self.number - 1]

    def address(self, endpoint: str) -> str:
        """The address of an act on the question."""
        return url_for(
            endpoint,
            course=self.scope.course,
            slug=self.scope.slug,
            version_id=self.scope.version_id,
            number=self.number,
            kind=self.kind.value,
        )


def taught(course: str) -> Versioned[Course]:
    """A course that the visitor teaches and does not take: keys are not for its taker."""
    found, visitor = load_taught_course(course), current_visitor()
    if find_enrolment(db_session(), visitor.person_id, visitor.academy_id, course) is not None:
        raise NotAllowed(_("You take this course yourself, so somebody else has to correct its questions."))
    return found


def place_of(course: str, slug: str, version_id: int) -> Place:
    """A version of a quiz that the visitor may correct; 404 otherwise."""
    found = taught(course)
    scope = Scope(current_visitor().academy_id, course, slug, version_id)
    if not may(current_visitor(), Can.CORRECT_QUESTIONS, scope) or not has_attempts(db_session(), scope):
        raise NotFound(UNKNOWN)
    quiz = pinned(db_session(), version_id, Quiz).content
    if quiz.slug != slug:
        raise NotFound(UNKNOWN)
    return Place(found, scope, quiz)


def load_regrade(course: str, regrade_id: int) -> Regrade:
    """A correction that the visitor may see; 404 otherwise."""
    taught(course)
    regrade = find_regrade(db_session(), regrade_id, current_visitor().academy_id)
    if (
        regrade is None
        or regrade.course != course
        or not may(current_visitor(), Can.CORRECT_QUESTIONS, regrade)
    ):
        raise NotFound(UNKNOWN)
    return regrade


def dry_page(
    place: Place,
    asked: Asked,
    dry: DryRun | Look,
    effects: Sequence[Effect],
    *,
    says: str = "",
    is_looked_at: bool = False,
) -> str:
    """What a correction would do; `effects` are all, or those of this page where a job has looked."""
    correction = asked.correction
    return render_template(
        "instructor/dry-run.html",
        course=place.course.content,
        place=place,
        sent=asked.sent,
        act=NAMES[place.kind],
        key=correction_html(place.item, correction) if correction else (),
        reason=asked.reason,
        says=says,
        is_looked_at=is_looked_at,
        **_shown(dry, effects, place.scope, is_one_page=is_looked_at),
    )


def undo_page(
    regrade: Regrade,
    dry: DryRun | Look | None = None,
    effects: Sequence[Effect] = (),
    *,
    says: str = "",
    is_looked_at: bool = False,
) -> str:
    """What undoing a correction would do; without a dry run, the way to one."""
    return render_template(
        "instructor/undo-correction.html",
        course=load_taught_course(regrade.course).content,
        regrade=regrade,
        row=history(db_session(), [regrade])[0],
        acts=ACTS,
        says=says,
        form=ActForm(),
        **(_shown(dry, effects, scope_of(regrade), is_one_page=is_looked_at) if dry else {"dry": None}),
    )


def _shown(
    dry: DryRun | Look, effects: Sequence[Effect], scope: Scope, *, is_one_page: bool
) -> dict[str, Any]:
    """A page of a dry run: its counts and some of the students it touches."""
    page, pages = page_of(dry.changed)
    if not is_one_page:
        effects = effects[(page - 1) * STUDENTS_A_PAGE : page * STUDENTS_A_PAGE]
    return {
        "dry": dry,
        "effects": effects,
        "names": names_of(db_session(), scope, [effect.enrolment_id for effect in effects]),
        "titles": module_titles(),
        "page": page,
        "pages": pages,
    }


def page_of(total: int) -> tuple[int, int]:
    """Which page of so many students is asked for, and of how many pages."""
    pages = max(1, -(-total // STUDENTS_A_PAGE))
    return min(max(1, request.values.get("page", 1, type=int)), pages), pages


def module_titles() -> dict[str, str]:
    """The titles of all modules, by name."""
    return {slug: module.content.title for slug, module in catalogue().modules_by_slug.items()}


def work_address(job: Job, scope: Scope) -> str:
    """Where it is told how far a job is that looks at a correction or carries it out."""
    return url_for(
        "instructor.correction_work",
        course=scope.course,
        slug=scope.slug,
        version_id=scope.version_id,
        job_id=job.id,
    )


def to_regrade(regrade: Regrade, *, told: str | None = None) -> ResponseReturnValue:
    """To the page of a correction, which tells what a job has done."""
    address = url_for("instructor.correction", course=regrade.course, regrade_id=regrade.id, now=told)
    return redirect(address, HTTPStatus.SEE_OTHER)
