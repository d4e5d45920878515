"""The instructor's door at corrections that a job looks at or carries out: how far it is, and what came of it."""

from dataclasses import replace

from flask import render_template
from flask.typing import ResponseReturnValue

from pme import correcting
from pme.assessment.correction_words import NAMES, correction_html
from pme.correcting import Asked
from pme.errors import NotFound
from pme.jobs.models import Job, JobStatus
from pme.permissions import Can, may
from pme.web.instructor.regrade_pages import (
    STUDENTS_A_PAGE,
    Place,
    dry_page,
    load_regrade,
    page_of,
    place_of,
    to_regrade,
    undo_page,
    work_address,
)
from pme.web.instructor.views import blueprint
from pme.web.loaders import UNKNOWN
from pme.web.session import db_session
from pme.web.signin import current_visitor
from pme.web.stored import store
from pme.web.working import nobody_works_on


@blueprint.get("/<course>/corrections/<slug>/<int:version_id>/work/<int:job_id>")
def correction_work(course: str, slug: str, version_id: int, job_id: int) -> ResponseReturnValue:
    """How far a look at a correction is, or the act; once it is done, what it shows, or the correction itself."""
    place = place_of(course, slug, version_id)
    job = correcting.find(db_session(), job_id, place.scope)
    if job is None or not may(current_visitor(), Can.SEE_OWN_JOB, job):
        raise NotFound(UNKNOWN)
    asked = correcting.asked_in(job)
    place = _at_its_question(place, asked)
    if job.status is JobStatus.DONE:
        found = _done(job, asked, place)
        if found is not None:
            return found
    return render_template(
        "instructor/correction-work.html",
        course=place.course.content,
        place=place,
        job=job,
        is_look=job.kind == correcting.LOOK,
        asked=asked,
        act=NAMES[place.kind] if asked.correction else "",
        key=correction_html(place.item, asked.correction) if asked.correction else (),
        regrade_id=asked.regrade_id,
        here=work_address(job, place.scope),
        is_missed=nobody_works_on(job),
    )


def _done(job: Job, asked: Asked, place: Place) -> ResponseReturnValue | None:
    """What came of it; None where that is not kept any more."""
    course = place.scope.course
    if job.kind == correcting.ACT:
        told = correcting.UNDONE if asked.correction is None else correcting.APPLIED
        return to_regrade(load_regrade(course, int(job.state["regrade"])), told=told)
    page, _pages = page_of(int(job.state["look"]["changed"]))
    look = correcting.look_of(job, store(), page=page, size=STUDENTS_A_PAGE)
    if look is None:
        return None
    if asked.correction is not None:
        return dry_page(place, asked, look, look.effects, is_looked_at=True)
    regrade = load_regrade(course, asked.regrade_id or 0)
    if regrade.undone_at is not None:
        return to_regrade(regrade)
    return undo_page(regrade, look, look.effects, is_looked_at=True)


def _at_its_question(place: Place, asked: Asked) -> Place:
    """The question that is to be corrected, by its number and what is done about it."""
    if asked.correction is None:
        return place
    item = asked.correction.item
    number = next(number for number, each in enumerate(place.quiz.items, start=1) if each.id == item)
    return replace(place, number=number, kind=asked.correction.kind)
