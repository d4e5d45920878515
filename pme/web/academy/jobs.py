"""The academy's door at jobs: how far they are, their results, and cancelling them. Each sees their own."""

from http import HTTPStatus

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pme import correcting
from pme.errors import Conflict, NotFound
from pme.jobs import service
from pme.jobs.models import Job, JobStatus
from pme.jobs.queries import SORTS, count_notices, find_job, job_counts_of, jobs_of
from pme.jobs.results import name_of
from pme.permissions import Can, may
from pme.stores.home import Missing
from pme.web.academy.views import blueprint
from pme.web.listed import list_address, remember_list
from pme.web.loaders import UNKNOWN
from pme.web.paging import Paging
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, now
from pme.web.sorting import Sorting
from pme.web.stored import handed
from pme.web.working import nobody_works_on
from pme.words.lazily import lazy
from pme.words.speech import _, _n

GONE = lazy("This file was deleted, as every file is after some days. Ask for it again.")


def load_job(job_id: int, *, for_update: bool = False) -> Job:
    """A job that the visitor asked for at this academy, 404 otherwise."""
    visitor = current_visitor()
    job = find_job(db_session(), job_id, academy_id=visitor.academy_id, for_update=for_update)
    if job is None or not may(visitor, Can.SEE_OWN_JOB, job):
        raise NotFound(UNKNOWN)
    return job


@blueprint.get("/jobs")
def jobs() -> ResponseReturnValue:
    """What the visitor asked for."""
    remember_list()
    whose = current_visitor().person_id, current_visitor().academy_id
    status = next((one for one in JobStatus if one.value == request.args.get("state")), None)
    sorting = Sorting.of(request.args, SORTS, "-asked")
    counts = job_counts_of(db_session(), *whose)
    paging = Paging.of(counts.get(status, 0) if status else sum(counts.values()))
    where = {**({"state": status.value} if status else {}), **sorting.fields}
    heads = {"what": _("What"), "asked": _("Asked for"), "state": _("State")}
    return render_template(
        "academy/jobs.html",
        jobs=jobs_of(
            db_session(),
            *whose,
            status=status,
            sort=sorting.asked,
            offset=paging.offset,
            limit=paging.size,
        ),
        away=count_notices(db_session(), *whose),
        counts=counts,
        status=status,
        where=where,
        paging=paging,
        heads=sorting.heads(heads, "academy.jobs", where),
    )


@blueprint.get("/jobs/<int:job_id>")
def job(job_id: int) -> ResponseReturnValue:
    """How far a job is, and its result."""
    found = load_job(job_id)
    if found.kind in correcting.KINDS:
        about = correcting.asked_in(found).scope
        return redirect(
            url_for(
                "instructor.correction_work",
                course=about.course,
                slug=about.slug,
                version_id=about.version_id,
                job_id=job_id,
            ),
            HTTPStatus.SEE_OTHER,
        )
    return render_template("academy/job.html", job=found, is_missed=nobody_works_on(found))


@blueprint.get("/jobs/<int:job_id>/result")
def job_result(job_id: int) -> Response:
    """The file that a job made."""
    found = load_job(job_id)
    if found.status is not JobStatus.DONE or found.result_name is None:
        raise NotFound(UNKNOWN)
    try:
        return handed(
            name_of(found.result_file or "gone"),
            content_type=found.result_type or "application/octet-stream",
            tag=found.result_sha256 or "",
            called=found.result_name,
        )
    except Missing as error:
        raise NotFound(GONE) from error


@blueprint.post("/jobs/<int:job_id>/cancel")
def cancel_job(job_id: int) -> ResponseReturnValue:
    """Cancel a job."""
    try:
        with transaction() as session:
            service.cancel(session, load_job(job_id, for_update=True), at=now())
    except Conflict as error:
        flash(error.says, "problem")
    return redirect(url_for("academy.job", job_id=job_id), HTTPStatus.SEE_OTHER)


@blueprint.post("/jobs/put-away")
def put_away_jobs() -> ResponseReturnValue:
    """Take every notice of what is over off the academy's first page."""
    visitor = current_visitor()
    with transaction() as session:
        number = service.put_all_away(session, visitor.person_id, visitor.academy_id, at=now())
    flash(_n("{n} notice is dismissed.", "{n} notices are dismissed.", number), "success")
    return redirect(list_address("academy.jobs"), HTTPStatus.SEE_OTHER)


@blueprint.post("/jobs/<int:job_id>/put-away")
def put_away_job(job_id: int) -> ResponseReturnValue:
    """Take a notice off the academy's first page."""
    try:
        with transaction() as session:
            service.put_away(session, load_job(job_id, for_update=True), at=now())
    except Conflict as error:
        flash(error.says, "problem")
    return redirect(url_for("academy.home"), HTTPStatus.SEE_OTHER)
