"""The instructor's door: courses taught, their students, one attempt at a time."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from pme.assessment.attempt_review import review_attempt
from pme.assessment.effective import AttemptLine, attempts_of
from pme.assessment.models import Attempt, AttemptStatus, Task
from pme.assessment.queries import path_of, reflections_of
from pme.assessment.scenario import debrief
from pme.assessment.service import reflection_prompts
from pme.content.shapes import Scenario
from pme.marking.queries import count_unreleased, is_named
from pme.marking.told import told_of
from pme.people.models import Role
from pme.people.queries import get_person
from pme.permissions import Can, enrolments_taught, may, scripts_marked
from pme.reports.students import count_students
from pme.trail.models import Part
from pme.web.loaders import (
    catalogue,
    load_attempt,
    load_course,
    load_taught_course,
    load_taught_enrolment,
    pinned_quiz,
    pinned_scenario,
)
from pme.web.opened import shows_attempt
from pme.web.session import db_session
from pme.web.signin import current_visitor, guard

blueprint = Blueprint("instructor", __name__, url_prefix="/teach")
guard(blueprint, Role.INSTRUCTOR)


@blueprint.get("")
def courses() -> ResponseReturnValue:
    """The courses that the visitor teaches."""
    visitor, session = current_visitor(), db_session()
    taught = [c.content for c in catalogue().courses if may(visitor, Can.SEE_STUDENTS, c.content.slug)]
    counts = {
        course.slug: count_students(session, enrolments_taught(visitor, course.slug)) for course in taught
    }
    to_mark = {
        course.slug: count_unreleased(session, scripts_marked(visitor, course.slug)) for course in taught
    }
    return render_template("instructor/courses.html", courses=taught, counts=counts, to_mark=to_mark)


@blueprint.get("/<course>/students/<int:enrolment_id>")
def student(course: str, enrolment_id: int) -> ResponseReturnValue:
    """One student's attempts in a course."""
    found = load_taught_course(course)
    enrolment = load_taught_enrolment(found, enrolment_id)
    attempts = attempts_of(db_session(), enrolment.id, enrolment.academy_id)
    return render_template(
        "instructor/student.html",
        course=found.content,
        person=get_person(db_session(), enrolment.person_id),
        enrolment=enrolment,
        attempts=attempts,
        titles={attempt.id: _title(attempt) for attempt in attempts},
    )


@blueprint.get("/attempts/<int:attempt_id>")
def attempt(attempt_id: int) -> ResponseReturnValue:
    """One attempt: what was asked, answered and earned; the reflection only while its student shares it.

    With `seen` its texts are in the language in which the student saw them.
    """
    found = load_attempt(Can.SEE_STUDENT_ATTEMPT, attempt_id, see=Can.SEE_STUDENT_ATTEMPT)
    shows_attempt(found)
    person = get_person(db_session(), found.person_id)
    course, as_seen = load_course(found.course).content, found.language if "seen" in request.args else None
    if found.task is Task.QUIZ:
        quiz = pinned_quiz(found).in_language(as_seen)
        if found.status is AttemptStatus.MARKING and not is_named(db_session(), found):
            return render_template(
                "instructor/attempt-waiting.html", attempt=found, quiz=quiz, person=person, course=course
            )
        review = review_attempt(db_session(), found, quiz, reveal=True)
        return render_template(
            "instructor/quiz-attempt.html",
            attempt=found,
            mark=review.mark,
            on=review.corrections,
            quiz=quiz,
            reviews=review.questions,
            told=told_of(db_session(), found, quiz),
            person=person,
            course=course,
        )
    scenario, is_open = pinned_scenario(found).in_language(as_seen), found.status is AttemptStatus.OPEN
    view = None if is_open else debrief(scenario, path_of(db_session(), found.id))
    return render_template(
        "instructor/scenario-attempt.html",
        attempt=found,
        scenario=scenario,
        view=view,
        person=person,
        course=course,
        reflection=_shared_reflection(found, scenario),
    )


def _shared_reflection(attempt: Attempt, scenario: Scenario) -> list[tuple[str, str]] | None:
    """Each question of the debrief that was answered, with what was written; None while it is private."""
    if not may(current_visitor(), Can.SEE_REFLECTION, attempt):
        return None
    shows_attempt(attempt, Part.REFLECTION)
    written = reflections_of(db_session(), attempt.id)
    prompts = reflection_prompts(scenario)
    return [(prompts[at], text) for at, text in sorted(written.items()) if text.strip()]


def _title(attempt: AttemptLine) -> str:
    return (pinned_quiz(attempt) if attempt.task is Task.QUIZ else pinned_scenario(attempt)).title
