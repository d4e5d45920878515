"""The instructor's door at marking: what waits, group by group; the plan, the agreement, the release."""

from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pme.completing import job_about
from pme.completing import release_marks as release_group
from pme.content.catalogue import Versioned, pinned
from pme.content.shapes import Course, Quiz
from pme.errors import Conflict, Invalid
from pme.marking import planning, queries, service
from pme.marking.agreement import LEAST_FOR_INTERVAL, LEAST_FOR_KAPPA
from pme.marking.evidence import agreement_in
from pme.marking.queries import Group
from pme.marking.standing import ScriptState
from pme.permissions import scripts_marked
from pme.web.instructor.mark_form import SECOND, PlanForm, plan_form, plan_in
from pme.web.instructor.views import blueprint
from pme.web.listed import remember_list
from pme.web.loaders import catalogue, essay_quizzes, load_group, load_taught_course, pinned_quiz
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, now
from pme.web.working import nobody_works_on
from pme.words.speech import _

SCRIPTS_A_PAGE = 50


@blueprint.get("/<course>/marking")
def marking(course: str) -> ResponseReturnValue:
    """The essays of a course, by quiz and cohort, those that wait longest on top."""
    found, visitor = load_taught_course(course), current_visitor()
    lines = queries.group_lines(db_session(), scripts_marked(visitor, course))
    missing = queries.not_received(db_session(), visitor.academy_id, course, but=visitor.person_id)
    return render_template(
        "instructor/marking.html",
        course=found.content,
        lines=lines,
        titles={line.group.slug: title_of(line.group) for line in lines},
        quizzes=essay_quizzes(found),
        missing=len(missing),
    )


@blueprint.post("/<course>/marking")
def receive_scripts(course: str) -> ResponseReturnValue:
    """Take in essays that wait for marks but never became scripts."""
    load_taught_course(course)
    visitor = current_visitor()
    with transaction() as session:
        for attempt in queries.not_received(session, visitor.academy_id, course, but=visitor.person_id):
            planning.receive(session, attempt, pinned_quiz(attempt))
    return redirect(url_for("instructor.marking", course=course), HTTPStatus.SEE_OTHER)


@blueprint.get("/<course>/marking/<slug>/<int:number>")
def marking_group(course: str, slug: str, number: int) -> ResponseReturnValue:
    """The scripts of one quiz in one cohort, by code."""
    remember_list()
    found = load_taught_course(course)
    group, scope, session = (
        load_group(found, slug, number),
        scripts_marked(current_visitor(), course),
        db_session(),
    )
    counts = queries.count_in(session, scope, group)
    wanted = request.args.get("state", "")
    state = ScriptState(wanted) if wanted in set(ScriptState) else None
    total = counts.get(state, 0) if state else sum(counts.values())
    pages = max(1, -(-total // SCRIPTS_A_PAGE))
    page = min(max(1, request.args.get("page", 1, type=int)), pages)
    return render_template(
        "instructor/marking-group.html",
        course=found.content,
        group=group,
        title=title_of(group),
        cohort=cohort_of(group),
        plan=queries.plan_of(session, group),
        counts=counts,
        state=state,
        lines=queries.script_lines(
            session, scope, group, state=state, offset=(page - 1) * SCRIPTS_A_PAGE, limit=SCRIPTS_A_PAGE
        ),
        page=page,
        pages=pages,
        at=now(),
    )


@blueprint.post("/<course>/marking/<slug>/<int:number>")
def next_script(course: str, slug: str, number: int) -> ResponseReturnValue:
    """Take the next script into hand."""
    group = load_group(load_taught_course(course), slug, number)
    return to_next(group, after=request.form.get("after", ""))


@blueprint.get("/<course>/marking/<slug>/<int:number>/plan")
def marking_plan(course: str, slug: str, number: int) -> ResponseReturnValue:
    """How a group is marked."""
    found = load_taught_course(course)
    group = load_group(found, slug, number)
    return _plan_page(found, group, plan_form(queries.plan_of(db_session(), group)))


@blueprint.post("/<course>/marking/<slug>/<int:number>/plan")
def set_marking_plan(course: str, slug: str, number: int) -> ResponseReturnValue:
    """Set how a group is marked."""
    found, form = load_taught_course(course), PlanForm()
    group = load_group(found, slug, number)
    if not form.validate():
        return _plan_page(found, group, form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        with transaction() as session:
            planning.set_plan(session, group, plan_in(form), by=current_visitor().person_id, at=now())
    except Invalid as error:
        form[error.field or "second"].errors = [error.says]
        return _plan_page(found, group, form), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(_("The plan is set. It holds for every script whose marks are not released."), "success")
    return _to_group(group)


@blueprint.get("/<course>/marking/<slug>/<int:number>/release")
def marking_release(course: str, slug: str, number: int) -> ResponseReturnValue:
    """What is ready to be released, and what is not."""
    found = load_taught_course(course)
    group, scope, session = (
        load_group(found, slug, number),
        scripts_marked(current_visitor(), course),
        db_session(),
    )
    ready, short = queries.ready_attempts(session, scope, group)
    last = queries.last_release(session, group)
    job = job_about(session, group.academy_id, f"release {last.id}") if last else None
    return render_template(
        "instructor/marking-release.html",
        course=found.content,
        group=group,
        title=title_of(group),
        cohort=cohort_of(group),
        plan=queries.plan_of(session, group),
        counts=queries.count_in(session, scope, group),
        ready=ready,
        short=short,
        last=last,
        job=job,
        is_missed=job is not None and nobody_works_on(job),
    )


@blueprint.post("/<course>/marking/<slug>/<int:number>/release")
def release_marks(course: str, slug: str, number: int) -> ResponseReturnValue:
    """Release the marks of every attempt that is fully marked."""
    group, published = load_group(load_taught_course(course), slug, number), catalogue()
    try:
        with transaction() as session:
            release_group(session, published, group, by=current_visitor().person_id, at=now())
        flash(_("The marks are released: their students see them now."), "success")
    except Conflict as error:
        flash(error.says)
    address = url_for("instructor.marking_release", course=course, slug=slug, number=number)
    return redirect(address, HTTPStatus.SEE_OTHER)


@blueprint.get("/<course>/marking/<slug>/<int:number>/agreement")
def marking_agreement(course: str, slug: str, number: int) -> ResponseReturnValue:
    """How well two markers agree, by criterion."""
    found = load_taught_course(course)
    group = load_group(found, slug, number)
    return render_template(
        "instructor/marking-agreement.html",
        course=found.content,
        group=group,
        title=title_of(group),
        cohort=cohort_of(group),
        essays=agreement_in(db_session(), scripts_marked(current_visitor(), course), group),
        least=(LEAST_FOR_KAPPA, LEAST_FOR_INTERVAL),
    )


def to_next(group: Group, *, after: str) -> ResponseReturnValue:
    """Take the next script after a code into hand and go there, or say that none is left."""
    visitor = current_visitor()
    scope = scripts_marked(visitor, group.course)
    try:
        with transaction() as session:
            following = queries.next_to_mark(
                session, scope, group, marker_id=visitor.person_id, after=after, at=now()
            )
            script = (
                queries.find_script(session, scope, following.code, for_update=True) if following else None
            )
            if script is not None:
                service.claim(session, script, by=visitor.person_id, at=now())
                address = url_for("instructor.script", course=group.course, code=script.code)
                return redirect(address, HTTPStatus.SEE_OTHER)
    except Conflict as error:
        flash(error.says)
        return _to_group(group)
    flash(_("No script here waits for you now."))
    return _to_group(group)


def title_of(group: Group) -> str:
    """The title of a group's quiz, as published now or as it was attempted."""
    published = catalogue().quiz(group.slug)
    if published is not None:
        return published.content.title
    version_id = queries.newest_version(db_session(), group.academy_id, group.course, group.slug)
    return pinned(db_session(), version_id, Quiz).content.title if version_id else group.slug


def cohort_of(group: Group) -> str:
    """The name of a group's cohort, in words for a heading."""
    return queries.cohort_name(db_session(), group) or _("No cohort")


def _to_group(group: Group) -> ResponseReturnValue:
    address = url_for("instructor.marking_group", course=group.course, slug=group.slug, number=group.number)
    return redirect(address, HTTPStatus.SEE_OTHER)


def _plan_page(course: Versioned[Course], group: Group, form: PlanForm) -> str:
    return render_template(
        "instructor/marking-plan.html",
        course=course.content,
        group=group,
        title=title_of(group),
        cohort=cohort_of(group),
        form=form,
        second=list(SECOND.items()),
    )
