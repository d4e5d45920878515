"""The instructor's door at work of equal value: what a student did instead of a part, confirmed as done.

Only who teaches the course sees it. Everywhere else the part is simply complete.
"""

from dataclasses import dataclass
from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from pme import journeys
from pme.assessment.queries import standings
from pme.content.catalogue import Versioned
from pme.content.shapes import Course, Module
from pme.enrolment.models import Enrolment
from pme.errors import NotFound
from pme.people.queries import get_person
from pme.permissions import Can
from pme.progress.completion import Place, StepKind, is_done, module_progress
from pme.progress.equal import equal_work_of
from pme.progress.queries import facts_of
from pme.progress.requalify_queries import asked_of
from pme.web.forms import ActForm
from pme.web.instructor.views import blueprint
from pme.web.loaders import UNKNOWN, catalogue, load_taught_course, load_taught_enrolment
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, now
from pme.words.speech import _


@dataclass(frozen=True)
class Part:
    """A module, or a scenario of one (`scenario` not ""), for which its author names something of equal value."""

    module: str
    scenario: str
    title: str
    equivalent: str
    is_done: bool
    is_confirmed: bool


@blueprint.get("/<course>/students/<int:enrolment_id>/equal-work")
def equal_work(course: str, enrolment_id: int) -> ResponseReturnValue:
    """The parts of a course with something of equal value, and which a student has done."""
    found = load_taught_course(course)
    enrolment = load_taught_enrolment(found, enrolment_id)
    return render_template(
        "instructor/equal-work.html",
        course=found.content,
        enrolment=enrolment,
        person=get_person(db_session(), enrolment.person_id),
        parts=_parts(found, enrolment),
        act=ActForm(formdata=None),
    )


@blueprint.post("/<course>/students/<int:enrolment_id>/equal-work")
def confirm_equal_work(course: str, enrolment_id: int) -> ResponseReturnValue:
    """Confirm that a student did work of equal value; completes and certifies what is earned."""
    found = load_taught_course(course)
    enrolment = load_taught_enrolment(found, enrolment_id)
    wanted = (request.form.get("module", ""), request.form.get("scenario", ""))
    part = next((each for each in _parts(found, enrolment) if (each.module, each.scenario) == wanted), None)
    module = catalogue().module(part.module) if part else None
    if part is None or module is None:
        raise NotFound(UNKNOWN)
    with transaction() as session:
        held = load_taught_enrolment(found, enrolment_id, can=Can.SEE_STUDENT_ATTEMPT, for_update=True)
        by = current_visitor().person_id
        journeys.confirm_equal_work(
            session, catalogue(), held, module, scenario=part.scenario, by=by, at=now()
        )
    flash(_("“{title}” counts as done.", title=part.title), "success")
    address = url_for("instructor.equal_work", course=course, enrolment_id=enrolment_id)
    return redirect(address, HTTPStatus.SEE_OTHER)


def _parts(course: Versioned[Course], enrolment: Enrolment) -> list[Part]:
    academy_id = enrolment.academy_id
    standing = standings(db_session(), academy_id, [enrolment.id])
    facts = facts_of(db_session(), academy_id, standing)[enrolment.id]
    confirmed, anew = equal_work_of(db_session(), enrolment), _anew(enrolment)
    found = []
    for module in _modules(course):
        note = module.content_note
        if note and note.equivalent:
            is_open = any(place.module == module.slug for place in anew)
            done = module_progress(module, facts).is_complete and not is_open
            mine = (module.slug, "") in confirmed and not is_open
            found.append(Part(module.slug, "", module.title, note.equivalent, done, mine))
        for slug in module.completion.scenarios:
            scenario = catalogue().scenario(slug)
            note = scenario.content.content_note if scenario else None
            if scenario and note and note.equivalent:
                place = Place(StepKind.SCENARIO, module.slug, slug)
                done = is_done(place, facts) and place not in anew
                mine = (module.slug, slug) in confirmed and place not in anew
                title = scenario.content.title
                found.append(Part(module.slug, slug, title, note.equivalent, done, mine))
    return found


def _anew(enrolment: Enrolment) -> frozenset[Place]:
    """What the holder of a completion is asked to do anew for another edition, and has not done."""
    asked = asked_of(db_session(), enrolment.academy_id, [enrolment.id]).get(enrolment.id)
    return frozenset(place for place, done in asked.parts if not done) if asked else frozenset()


def _modules(course: Versioned[Course]) -> list[Module]:
    return [m.content for slug in course.content.modules if (m := catalogue().module(slug))]
