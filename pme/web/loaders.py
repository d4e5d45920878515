"""Fetch a thing the visitor may see, or 404; seen but not allowed is 403.

Every loader requires a `Can`, so no view can forget to ask.
"""

from dataclasses import replace
from typing import TypeVar

from pme.assessment.effective import AttemptLine
from pme.assessment.models import Attempt, Task
from pme.assessment.queries import Pin, find_pinned, find_taken
from pme.assessment.waiting import Held, Waiting, find_waiting
from pme.authoring.models import Draft
from pme.authoring.queries import content_keeper, find_draft
from pme.certificates.models import Certificate
from pme.certificates.queries import find_by_number
from pme.content import catalogue as published
from pme.content.catalogue import Catalogue, Versioned, parsed, pinned
from pme.content.library import Content
from pme.content.shapes import Course, EssayItem, Module, Quiz, Scenario
from pme.enrolment.cohorts import course_for
from pme.enrolment.models import Cohort, Enrolment
from pme.enrolment.queries import cohort_by_id, enrolment_by_id, find_enrolment
from pme.enrolment.taking import Taking
from pme.errors import NotAllowed, NotFound
from pme.judging.models import Panel
from pme.judging.queries import find_panel
from pme.marking.models import Script
from pme.marking.queries import Group, find_script, has_scripts
from pme.people.members import Member, find_member
from pme.permissions import Can, may, scripts_marked
from pme.web.at_hand import this_g
from pme.web.session import database, db_session, quick
from pme.web.signin import current_visitor, find_current_visitor, settings
from pme.words.lazily import lazy
from pme.words.speech import _

A = TypeVar("A", Attempt, Waiting)
E = TypeVar("E", Enrolment, Held, Taking)
UNKNOWN = lazy("There is nothing at this address, or nothing that your account can see.")


def catalogue() -> Catalogue:
    """What is published now, the same throughout a request."""
    notes = this_g()
    found: Catalogue | None = notes.get("catalogue")
    if found is None:
        newest = notes.pop("newest", None)
        found = published.known(database().engine, newest) or published.current(db_session(), newest)
        notes.catalogue = found
    return found


def load_enrolment(can: Can, course: str, *, for_update: bool = False) -> Enrolment:
    """The visitor's own enrolment in a course."""
    visitor = current_visitor()
    enrolment = find_enrolment(
        db_session(), visitor.person_id, visitor.academy_id, course, for_update=for_update
    )
    if enrolment is None:
        raise NotFound(UNKNOWN)
    return require_enrolment(can, enrolment)


def require_enrolment(can: Can, enrolment: E) -> E:
    """An enrolment that was found, if the visitor `can`; 403 where they take the course no more."""
    if not may(current_visitor(), can, enrolment):
        raise NotAllowed(_("You are no longer enrolled in this course. Your academy can tell you more."))
    return enrolment


def load_course(slug: str) -> Versioned[Course]:
    """A published course."""
    course = catalogue().course(slug)
    if course is None:
        raise NotFound(UNKNOWN)
    return course


def load_taken_course(enrolment: Enrolment | Taking) -> Versioned[Course]:
    """The published course of an enrolment, as its cohort takes it."""
    course = load_course(enrolment.course)
    if not course.content.optional:
        return course
    return replace(course, content=course_for(db_session(), enrolment, course.content))


def load_module(course: Versioned[Course], slug: str) -> Versioned[Module]:
    """A published module of a course."""
    module = catalogue().module(slug) if slug in course.content.modules else None
    if module is None:
        raise NotFound(UNKNOWN)
    return module


def load_quiz(module: Versioned[Module], slug: str) -> Versioned[Quiz]:
    """A published quiz of a module."""
    quiz = catalogue().quiz(slug) if slug in module.content.completion.quizzes else None
    if quiz is None:
        raise NotFound(UNKNOWN)
    return quiz


def load_scenario(module: Versioned[Module], slug: str) -> Versioned[Scenario]:
    """A published scenario of a module."""
    scenario = catalogue().scenario(slug) if slug in module.content.completion.scenarios else None
    if scenario is None:
        raise NotFound(UNKNOWN)
    return scenario


def load_attempt(
    can: Can, attempt_id: int, *, see: Can, task: Task | None = None, for_update: bool = False
) -> Attempt:
    """An attempt, of one kind of task if asked for: 404 unless the visitor may `see` it, 403 unless they `can`."""
    visitor = current_visitor()
    found = find_pinned(db_session(), attempt_id, visitor.academy_id, for_update=for_update)
    if found is None:
        raise NotFound(UNKNOWN)
    attempt, pin = found
    return _require_attempt(can, attempt, pin, see=see, task=task)


def load_own_attempt(
    attempt_id: int, *, task: Task, holds_enrolment: bool = False
) -> tuple[Enrolment, Attempt]:
    """The visitor's own attempt, held to be changed, with its enrolment, which has to go on: in one statement."""
    visitor = current_visitor()
    found = find_taken(db_session(), attempt_id, visitor.academy_id, holds_enrolment=holds_enrolment)
    if found is None:
        raise NotFound(UNKNOWN)
    enrolment, attempt, pin = found
    _require_attempt(Can.CONTINUE_ATTEMPT, attempt, pin, see=Can.SEE_OWN_ATTEMPT, task=task)
    require_enrolment(Can.LEARN, enrolment)
    return enrolment, attempt


def load_waiting(attempt_id: int, *, task: Task, is_to_change: bool = True) -> Waiting:
    """The visitor's own attempt by the short way; to change it, they must still be enrolled."""
    with_decisions = task is Task.SCENARIO
    waiting = find_waiting(quick(), attempt_id, current_visitor().academy_id, with_decisions=with_decisions)
    if waiting is None:
        raise NotFound(UNKNOWN)
    _require_attempt(Can.CONTINUE_ATTEMPT, waiting, waiting.pin, see=Can.SEE_OWN_ATTEMPT, task=task)
    if is_to_change:
        require_enrolment(Can.LEARN, waiting.enrolment)
    return waiting


def _require_attempt(can: Can, attempt: A, pin: Pin, *, see: Can, task: Task | None) -> A:
    visitor = current_visitor()
    if task not in (None, attempt.task) or not may(visitor, see, attempt):
        raise NotFound(UNKNOWN)
    if not may(visitor, can, attempt):
        raise NotAllowed(_("You may look at this attempt but not change it."))
    this_g().setdefault("pins", {})[pin.version_id] = pin
    return attempt


def load_taught_course(slug: str) -> Versioned[Course]:
    """A published course that the visitor teaches."""
    if not may(current_visitor(), Can.SEE_STUDENTS, slug):
        raise NotFound(UNKNOWN)
    return load_course(slug)


def load_judged_course(slug: str) -> Versioned[Course]:
    """A published course whose questions the visitor may judge."""
    if not may(current_visitor(), Can.SEE_QUALITY, slug):
        raise NotFound(UNKNOWN)
    return load_course(slug)


def load_taught_scenario(course: Versioned[Course], slug: str) -> Versioned[Scenario]:
    """A published scenario of a course that the visitor teaches."""
    modules = [module for name in course.content.modules if (module := catalogue().module(name))]
    named = {name for module in modules for name in module.content.completion.scenarios}
    scenario = catalogue().scenario(slug) if slug in named else None
    if scenario is None:
        raise NotFound(UNKNOWN)
    return scenario


def load_taught_enrolment(
    course: Versioned[Course],
    enrolment_id: int,
    *,
    can: Can = Can.SEE_STUDENT_ATTEMPT,
    for_update: bool = False,
) -> Enrolment:
    """The enrolment of a student in a course that the visitor teaches."""
    enrolment = enrolment_by_id(
        db_session(), enrolment_id, current_visitor().academy_id, for_update=for_update
    )
    if (
        enrolment is None
        or enrolment.course != course.content.slug
        or not may(current_visitor(), can, enrolment)
    ):
        raise NotFound(UNKNOWN)
    return enrolment


def load_cohort(course: Versioned[Course], cohort_id: int, *, for_update: bool = False) -> Cohort:
    """A cohort of a course that the visitor teaches."""
    cohort = cohort_by_id(db_session(), cohort_id, current_visitor().academy_id, for_update=for_update)
    if (
        cohort is None
        or cohort.course != course.content.slug
        or not may(current_visitor(), Can.MANAGE_COHORT, cohort)
    ):
        raise NotFound(UNKNOWN)
    return cohort


def load_read_course(slug: str) -> Versioned[Course]:
    """A published course, for whoever reads the reports of their academy."""
    if not may(current_visitor(), Can.SEE_REPORTS, current_visitor().academy_id):
        raise NotFound(UNKNOWN)
    return load_course(slug)


def load_read_cohort(course: Versioned[Course], cohort_id: int) -> Cohort:
    """A cohort of the visitor's academy, for whoever reads its reports."""
    cohort = cohort_by_id(db_session(), cohort_id, current_visitor().academy_id)
    if (
        cohort is None
        or cohort.course != course.content.slug
        or not may(current_visitor(), Can.SEE_REPORTS, cohort.academy_id)
    ):
        raise NotFound(UNKNOWN)
    return cohort


def load_read_enrolment(enrolment_id: int, *, can: Can | None = None, for_update: bool = False) -> Enrolment:
    """An enrolment at the visitor's academy, for whoever reads its reports; 403 where they may not do this too."""
    enrolment = enrolment_by_id(
        db_session(), enrolment_id, current_visitor().academy_id, for_update=for_update
    )
    if enrolment is None or not may(current_visitor(), Can.SEE_REPORTS, enrolment.academy_id):
        raise NotFound(UNKNOWN)
    if can is not None and not may(current_visitor(), can, enrolment):
        raise NotAllowed(_("You may look at this record but not change it."))
    return enrolment


def load_academy_cohort(can: Can, cohort_id: int, *, for_update: bool = False) -> Cohort:
    """A cohort of the visitor's own academy, for those who run or read it: 403 where they may only read."""
    visitor = current_visitor()
    cohort = cohort_by_id(db_session(), cohort_id, visitor.academy_id, for_update=for_update)
    if cohort is None or not may(visitor, Can.SEE_ACADEMY, cohort.academy_id):
        raise NotFound(UNKNOWN)
    if not may(visitor, can, cohort.academy_id):
        raise NotAllowed(_("You may look at this cohort but not change it."))
    return cohort


def load_academy_enrolment(can: Can, enrolment_id: int, *, for_update: bool = False) -> Enrolment:
    """An enrolment at the visitor's own academy, for those who run or read it; never their own, to change it."""
    visitor = current_visitor()
    enrolment = enrolment_by_id(db_session(), enrolment_id, visitor.academy_id, for_update=for_update)
    if enrolment is None or not may(visitor, Can.SEE_PEOPLE, enrolment.academy_id):
        raise NotFound(UNKNOWN)
    is_own = can is not Can.SEE_PEOPLE and enrolment.person_id == visitor.person_id
    if is_own or not may(visitor, can, enrolment.academy_id):
        raise NotAllowed(_("You may look at this enrolment but not change it."))
    return enrolment


def essay_quizzes(course: Versioned[Course]) -> list[Quiz]:
    """The published quizzes of a course that ask for an essay."""
    modules = [m.content for slug in course.content.modules if (m := catalogue().module(slug))]
    slugs = [slug for module in modules for slug in module.completion.quizzes]
    found = [quiz.content for slug in slugs if (quiz := catalogue().quiz(slug))]
    return [quiz for quiz in found if any(isinstance(item, EssayItem) for item in quiz.items)]


def load_group(course: Versioned[Course], slug: str, number: int) -> Group:
    """The essays of one quiz in one cohort (0: in none), in a course that the visitor teaches."""
    visitor, name = current_visitor(), course.content.slug
    if not may(visitor, Can.MARK, name):
        raise NotFound(UNKNOWN)
    cohort_id = load_cohort(course, number).id if number else None
    scope = scripts_marked(visitor, name)
    is_asked = any(quiz.slug == slug for quiz in essay_quizzes(course))
    if not is_asked and not has_scripts(db_session(), scope, slug):
        raise NotFound(UNKNOWN)
    return Group(visitor.academy_id, name, slug, cohort_id)


def load_script(course: Versioned[Course], code: str, *, for_update: bool = False) -> Script:
    """The essay of another person, by its code, in a course that the visitor teaches."""
    scope = scripts_marked(current_visitor(), course.content.slug)
    script = find_script(db_session(), scope, code, for_update=for_update)
    if script is None:
        raise NotFound(UNKNOWN)
    return script


def load_panel(course: Versioned[Course], panel_id: int, *, for_update: bool = False) -> Panel:
    """A panel of a course that the visitor teaches."""
    panel = find_panel(db_session(), panel_id, current_visitor().academy_id, for_update=for_update)
    if (
        panel is None
        or panel.course != course.content.slug
        or not may(current_visitor(), Can.RUN_PANEL, panel)
    ):
        raise NotFound(UNKNOWN)
    return panel


def load_member(can: Can, person_id: int, *, for_update: bool = False) -> Member:
    """A person of the visitor's academy: 404 unless they may be seen, 403 unless the visitor `can`."""
    visitor = current_visitor()
    member = find_member(db_session(), visitor.academy_id, person_id, for_update=for_update)
    if member is None or not may(visitor, Can.SEE_PEOPLE, member.academy_id):
        raise NotFound(UNKNOWN)
    if not may(visitor, can, visitor.academy_id if can is Can.SEE_PEOPLE else member):
        raise NotAllowed(_("You may look at this person's record but not change it."))
    return member


def load_own_certificate(number: str) -> Certificate:
    """A certificate of the visitor's own."""
    visitor = current_visitor()
    certificate = find_by_number(db_session(), number, visitor.academy_id)
    if certificate is None or not may(visitor, Can.SEE_OWN_CERTIFICATE, certificate):
        raise NotFound(UNKNOWN)
    return certificate


def pinned_quiz(attempt: Attempt | AttemptLine | Waiting) -> Quiz:
    """The quiz version that an attempt was begun on."""
    content = _pinned_with(attempt)
    return content if isinstance(content, Quiz) else pinned(db_session(), attempt.version_id, Quiz).content


def pinned_scenario(attempt: Attempt | AttemptLine | Waiting) -> Scenario:
    """The scenario version that an attempt was begun on."""
    content = _pinned_with(attempt)
    if isinstance(content, Scenario):
        return content
    return pinned(db_session(), attempt.version_id, Scenario).content


def _pinned_with(attempt: Attempt | AttemptLine | Waiting) -> Content | None:
    """The version of an attempt, where the statement that loaded it told which one it is."""
    pin: Pin | None = this_g().get("pins", {}).get(attempt.version_id)
    if pin is None:
        return None
    known = published.remembered(database().engine, pin.kind, pin.sha256)
    return known or parsed(db_session(), pin.version_id, pin.kind, pin.sha256)


def attempted_quiz(attempt: Attempt | Waiting) -> Quiz:
    """The quiz version that an attempt was begun on, in the language that it was begun in."""
    return pinned_quiz(attempt).in_language(attempt.language)


def attempted_scenario(attempt: Attempt | Waiting) -> Scenario:
    """The scenario version that an attempt was begun on, in the language that it was begun in."""
    return pinned_scenario(attempt).in_language(attempt.language)


def content_academy(can: Can) -> int:
    """The academy that keeps the shared content, where the visitor may do this; 404 to everybody else."""
    academy_id = content_keeper(db_session(), settings().content_academy)
    if academy_id is None or not may(current_visitor(), can, academy_id):
        raise NotFound(UNKNOWN)
    return academy_id


def may_author() -> bool:
    """Whether the visitor reads and writes drafts here, for the navigation."""
    visitor = find_current_visitor()
    if visitor is None or not (visitor.is_instructor or visitor.is_reviewer):
        return False
    academy_id = content_keeper(db_session(), settings().content_academy)
    return academy_id is not None and may(visitor, Can.SEE_DRAFTS, academy_id)


def load_draft(can: Can, draft_id: int, *, for_update: bool = False) -> Draft:
    """A draft that the visitor may see, 404 otherwise; 403 where they may see but not do this."""
    academy_id = content_academy(Can.SEE_DRAFTS)
    draft = find_draft(db_session(), draft_id, academy_id, for_update=for_update)
    if draft is None:
        raise NotFound(UNKNOWN)
    if can is not Can.SEE_DRAFTS and not may(current_visitor(), can, draft):
        raise NotAllowed(_("You may read this draft but not change it."))
    return draft
