"""The student's door: dashboard, courses, modules, pages, and the certificates earned."""

from dataclasses import replace
from http import HTTPStatus

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from pme import invigilation
from pme.assessment.allowances import Terms, terms_of
from pme.assessment.effective import AttemptLine, attempts_of
from pme.assessment.models import Attempt, Task
from pme.certificates.queries import Held, certificates_of, held
from pme.certificates.sheet import hours_text
from pme.certificates.transcript import told
from pme.certificates.words import CAUSES, GROUNDS, KINDS, STATES
from pme.content.blueprint import number_asked
from pme.content.catalogue import Versioned
from pme.content.shapes import Quiz, Scenario
from pme.enrolment.queries import enrolments_of
from pme.errors import Conflict
from pme.offprints.gather import Reader, course_copy, module_copy
from pme.offprints.service import made_of
from pme.people.models import Role
from pme.people.queries import support_of
from pme.permissions import Can
from pme.progress.completion import Place, StepKind, missing_prerequisites
from pme.progress.requalify_queries import is_asked
from pme.web.forms import ActForm
from pme.web.loaders import (
    catalogue,
    load_course,
    load_enrolment,
    load_module,
    load_own_certificate,
    load_quiz,
    load_scenario,
    load_taken_course,
)
from pme.web.overlays import local_in
from pme.web.printing import printed
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, guard, now, settings
from pme.web.student.ahead import plan_of
from pme.web.student.asked import asked_in, completed_in, kept_in
from pme.web.student.learning import Learning, learning_in
from pme.web.student.since import told as newly_told
from pme.web.tongues import in_language, tongues

blueprint = Blueprint("student", __name__)
guard(blueprint, Role.STUDENT)


@blueprint.get("/learn")
def dashboard() -> ResponseReturnValue:
    """Home: one way to go on, then every course with its progress."""
    return home_page()


def home_page(*, code: str = "", code_wrong: str = "") -> str:
    """Home, with a code as it was typed and what is wrong with it."""
    visitor = current_visitor()
    enrolments = [
        enrolment
        for enrolment in enrolments_of(db_session(), visitor.person_id, visitor.academy_id)
        if enrolment.status == "active"
    ]
    courses = learning_in(db_session(), catalogue(), enrolments, language=visitor.reading_language)
    plan = plan_of(enrolments)
    unfinished = [learning for learning in courses if not learning.is_complete]
    current = min(unfinished, key=lambda one: plan.nearness(one.enrolment.id), default=None)
    standings = completed_in(db_session(), courses)
    certificates = certificates_of(db_session(), visitor.person_id, visitor.academy_id) if standings else ()
    return render_template(
        "student/dashboard.html",
        courses=courses,
        current=current,
        asked=asked_in(db_session(), courses) if standings else [],
        kept=kept_in(db_session(), standings, on=now().date()),
        certificates={each.course: each for each in reversed(certificates)},  # the latest of each course
        plan=plan,
        news=newly_told(),
        code=code,
        code_wrong=code_wrong,
    )


@blueprint.get("/learn/<course>")
def course(course: str) -> ResponseReturnValue:
    """A course: its modules and the way done and ahead."""
    learning = learning_of(course)
    plan = plan_of([learning.enrolment])
    bare = course_copy(db_session(), catalogue(), learning.course, _anybody(learning))
    return render_template(
        "student/course.html",
        learning=learning,
        plan=plan,
        files=made_of(db_session(), learning.enrolment.academy_id, bare.basis),
        news=newly_told(course=course),
    )


@blueprint.get("/learn/<course>/<module>/")
def module(course: str, module: str) -> ResponseReturnValue:
    """A module: what it is for, its content note, its steps."""
    learning = learning_of(course)
    found = load_module(learning.course, module)
    missing = missing_prerequisites(found.content, learning.course.content, learning.facts)
    shown = in_language(found, learning.language)
    academy_id = learning.enrolment.academy_id
    bare = module_copy(db_session(), learning.course.content, found, _anybody(learning))
    return render_template(
        "student/module.html",
        files=made_of(db_session(), academy_id, bare.basis),
        learning=learning,
        module=shown.content,
        tongues=tongues(found.content, shown.content),
        local=local_in(shown.content, academy_id),
        steps=learning.steps(shown.content),
        before=[learning.module(slug).content for slug in missing],
        support=support_of(db_session(), academy_id),
    )


@blueprint.get("/learn/<course>/<module>/quiz/<slug>")
def quiz(course: str, module: str, slug: str) -> ResponseReturnValue:
    """Before a quiz: what it asks, the pass rule, and the attempts so far."""
    learning = learning_of(course)
    found = load_module(learning.course, module)
    task = load_quiz(found, slug).content
    return render_template(
        "student/quiz-start.html",
        learning=learning,
        module=learning.module(module).content,
        quiz=(shown := task.in_language(learning.language)),
        tongues=tongues(task, shown),
        asked=number_asked(task),
        standing=learning.standings.get((Task.QUIZ, slug)),
        attempts=_attempts(learning, Task.QUIZ, slug),
        terms=_terms(learning, Place(StepKind.QUIZ, module, slug), task.attempts),
        at=now(),
        form=ActForm(),
    )


@blueprint.post("/learn/<course>/<module>/quiz/<slug>")
def begin_quiz(course: str, module: str, slug: str) -> ResponseReturnValue:
    """Begin a quiz, or go on with the attempt that is open."""
    taken = load_taken_course(load_enrolment(Can.LEARN, course))
    task = load_quiz(load_module(taken, module), slug)
    try:
        begun = _begin(course, module, task)
        if begun.latest_at == begun.started_at:  # nothing was answered: it goes to the first question at once
            address = url_for("attempts.question", attempt_id=begun.id, number=1)
        else:
            address = url_for("attempts.quiz", attempt_id=begun.id)
    except Conflict as error:
        flash(error.says)
        address = url_for("student.quiz", course=course, module=module, slug=slug)
    return redirect(address, HTTPStatus.SEE_OTHER)


@blueprint.get("/learn/<course>/<module>/scenario/<slug>")
def scenario(course: str, module: str, slug: str) -> ResponseReturnValue:
    """Before a scenario: content note, role, mission, and the attempts so far."""
    learning = learning_of(course)
    found = load_module(learning.course, module)
    task = load_scenario(found, slug).content
    return render_template(
        "student/scenario-start.html",
        learning=learning,
        module=learning.module(module).content,
        scenario=(shown := task.in_language(learning.language)),
        tongues=tongues(task, shown),
        standing=learning.standings.get((Task.SCENARIO, slug)),
        attempts=_attempts(learning, Task.SCENARIO, slug),
        terms=_terms(learning, Place(StepKind.SCENARIO, module, slug), task.retake.maximum),
        at=now(),
        support=support_of(db_session(), learning.enrolment.academy_id),
        form=ActForm(),
    )


@blueprint.post("/learn/<course>/<module>/scenario/<slug>")
def begin_scenario(course: str, module: str, slug: str) -> ResponseReturnValue:
    """Begin a scenario, or go on with the attempt that is open."""
    taken = load_taken_course(load_enrolment(Can.LEARN, course))
    task = load_scenario(load_module(taken, module), slug)
    try:
        address = url_for("attempts.scenario", attempt_id=_begin(course, module, task).id)
    except Conflict as error:
        flash(error.says)
        address = url_for("student.scenario", course=course, module=module, slug=slug)
    return redirect(address, HTTPStatus.SEE_OTHER)


@blueprint.get("/certificates")
def certificates() -> ResponseReturnValue:
    """The certificates earned."""
    visitor = current_visitor()
    found = certificates_of(db_session(), visitor.person_id, visitor.academy_id)
    by_enrolment: dict[int, list[Held]] = {}
    for each in held(db_session(), visitor.academy_id, found, at=now()):
        by_enrolment.setdefault(each.certificate.enrolment_id, []).append(each)
    return render_template(
        "student/certificates.html",
        has_record=bool(told(each for line in by_enrolment.values() for each in line)),
        lines=list(by_enrolment.values()),
        hours_text=hours_text,
        states=STATES,
        kinds=KINDS,
        causes=CAUSES,
        grounds=GROUNDS,
    )


@blueprint.get("/certificates/<number>.pdf")
def certificate_pdf(number: str) -> ResponseReturnValue:
    """A certificate on paper."""
    certificate = load_own_certificate(number)
    response = Response(printed(certificate), mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="certificate-{number}.pdf"'
    return response


def learning_of(course: str) -> Learning:
    """The visitor in a course that they are enrolled in."""
    enrolment = load_enrolment(Can.LEARN, course)
    load_course(course)
    return learning_in(db_session(), catalogue(), [enrolment], language=current_visitor().reading_language)[0]


def _anybody(learning: Learning) -> Reader:
    """Whoever reads in this language, at whatever academy."""
    return Reader(learning.language, None, settings().public_url)


def _begin(course: str, module: str, task: Versioned[Quiz] | Versioned[Scenario]) -> Attempt:
    language = current_visitor().reading_language
    with transaction() as session:
        enrolment = load_enrolment(Can.LEARN, course, for_update=True)
        return invigilation.begin_task(
            session, catalogue, enrolment, task, module=module, at=now(), language=language
        )


def _terms(learning: Learning, place: Place, limit: int | None) -> Terms:
    """Under which terms a task can be begun; no window holds off whoever is asked to take it anew."""
    task = Task(place.kind.value)
    terms = terms_of(db_session(), learning.enrolment, task, place.slug, limit=limit)
    is_free = is_asked(db_session(), learning.enrolment, place)
    return replace(terms, opens_at=None, closes_at=None) if is_free else terms


def _attempts(learning: Learning, task: Task, slug: str) -> list[AttemptLine]:
    every = attempts_of(db_session(), learning.enrolment.id, learning.enrolment.academy_id)
    return [attempt for attempt in every if attempt.task is task and attempt.slug == slug]
