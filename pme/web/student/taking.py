"""The student's door at files to take along: a module, or a course, to be read where there is no network.

Who may read a module may have its files; they hold an academy's own texts, and are found by what is in them.
"""

from datetime import timedelta
from http import HTTPStatus

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pme.content.catalogue import Versioned
from pme.content.shapes import Course
from pme.enrolment.models import Enrolment
from pme.jobs.models import Job, JobStatus
from pme.jobs.queries import worker_is_missed
from pme.offprints import service
from pme.offprints.copies import CourseCopy, ModuleCopy
from pme.offprints.forms import OF_COURSE, OF_MODULE, Form, file_name
from pme.offprints.gather import Reader, course_copy, module_copy
from pme.offprints.models import Offprint
from pme.permissions import Can
from pme.stores.home import Missing
from pme.web.loaders import catalogue, load_enrolment, load_module, load_taken_course
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, now, settings
from pme.web.stored import store, stored, stretched
from pme.web.student.views import blueprint, learning_of
from pme.words.lazily import lazy

PATIENCE = timedelta(minutes=1)
"""How long a job waits before somebody is told that nobody works."""
MAKE_FIRST = lazy("This file is not there yet, or its module has changed since. Have it made first.")
Copy = ModuleCopy | CourseCopy


@blueprint.get("/take/<course>/<module>")
def take_module(course: str, module: str) -> ResponseReturnValue:
    """The files of a module: there, being made, or to be asked for."""
    return _page(course, module)


@blueprint.get("/take/<course>")
def take_course(course: str) -> ResponseReturnValue:
    """The files of a course."""
    return _page(course, None)


@blueprint.post("/take/<course>/<module>")
def make_module(course: str, module: str) -> ResponseReturnValue:
    """Ask for the files of a module."""
    return _asked(course, module)


@blueprint.post("/take/<course>")
def make_course(course: str) -> ResponseReturnValue:
    """Ask for the files of a course."""
    return _asked(course, None)


@blueprint.get(f"/take/<course>/<module>.<any({','.join(OF_MODULE)}):form>")
def module_file(course: str, module: str, form: str) -> ResponseReturnValue:
    """A module as a file."""
    return _sent(course, module, Form(form))


@blueprint.get(f"/take/<course>.<any({','.join(OF_COURSE)}):form>")
def course_file(course: str, form: str) -> ResponseReturnValue:
    """A course as a file."""
    return _sent(course, None, Form(form))


def _reader(enrolment: Enrolment) -> Reader:
    return Reader(current_visitor().reading_language, enrolment.academy_id, settings().public_url)


def _copy(course: str, module: str | None) -> tuple[Enrolment, Versioned[Course], Copy]:
    """A copy as its reader may have it, with their enrolment: 404 and 403 as for reading it."""
    enrolment = load_enrolment(Can.LEARN, course)
    taken = load_taken_course(enrolment)
    if module is None:
        return enrolment, taken, course_copy(db_session(), catalogue(), taken, _reader(enrolment))
    found = load_module(taken, module)
    return enrolment, taken, module_copy(db_session(), taken.content, found, _reader(enrolment))


def _page(course: str, module: str | None) -> str:
    enrolment, _taken, copy = _copy(course, module)
    files = service.find(db_session(), enrolment.academy_id, copy.digest)
    job = service.job_of(db_session(), files) if files and not files.is_made else None
    if files and files.is_made and not _are_there(files):
        files = None
    return render_template(
        "student/take.html",
        learning=learning_of(course),
        copy=copy,
        module=copy.module if isinstance(copy, ModuleCopy) else None,
        files=files,
        job=job,
        is_missed=job is not None and _is_left(job),
    )


def _are_there(files: Offprint) -> bool:
    return all(store().find(files.stored_as(Form(form))) for form in files.files)


def _is_left(job: Job) -> bool:
    """Whether it has waited for a while and no worker has been seen."""
    waits_long = job.status is JobStatus.WAITING and now() - job.not_before > PATIENCE
    return waits_long and worker_is_missed(db_session(), at=now())


def _asked(course: str, module: str | None) -> ResponseReturnValue:
    enrolment, taken, copy = _copy(course, module)
    files = service.find(db_session(), enrolment.academy_id, copy.digest)
    if files is None or not files.is_made or not _are_there(files):
        language = current_visitor().reading_language
        with transaction() as session:
            load_enrolment(Can.LEARN, course)
            service.ask(
                session,
                enrolment.academy_id,
                copy,
                language=language,
                modules=taken.content.modules,
                at=now(),
            )
    return redirect(_address(course, module), HTTPStatus.SEE_OTHER)


def _address(course: str, module: str | None) -> str:
    if module is None:
        return url_for("student.take_course", course=course)
    return url_for("student.take_module", course=course, module=module)


def _sent(course: str, module: str | None, form: Form) -> ResponseReturnValue:
    enrolment, _taken, copy = _copy(course, module)
    files = service.find(db_session(), enrolment.academy_id, copy.digest)
    told = files.files.get(form) if files and files.is_made else None
    db_session().rollback()  # nothing holds the database while the file is sent
    if files is None or told is None:
        flash(MAKE_FIRST)
        return redirect(_address(course, module), HTTPStatus.SEE_OTHER)
    try:
        response = stored(files.stored_as(form), content_type=form.content_type)
    except Missing:
        flash(MAKE_FIRST)
        return redirect(_address(course, module), HTTPStatus.SEE_OTHER)
    response = stretched(response, str(told["sha256"]))
    name = file_name(module or course, copy.language, form)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Language"] = copy.language
    return response
