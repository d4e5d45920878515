"""The one table: who may do what to which thing.

Predicates are one-liners over (visitor, thing). Loaders require a `Can`; lists are scoped in SQL by
the functions at the end of this file and in `permissions_lists`.
"""

from collections.abc import Callable
from enum import Enum, auto
from typing import Any

from sqlalchemy import ColumnElement, and_, false

from pme.assessment.models import Attempt
from pme.authoring.models import Draft
from pme.enrolment.models import Cohort, Enrolment, EnrolmentStatus
from pme.judging.models import Panel
from pme.marking.models import Script
from pme.people.granting import may_change
from pme.people.members import Member
from pme.people.queries import Visitor
from pme.undoing.models import Change


class Can(Enum):
    """Everything that may be allowed."""

    LEARN = auto()
    """Read a course's modules and begin its tasks, through one's own enrolment."""
    SEE_OWN_ATTEMPT = auto()
    """Know of one's own attempt and see what is earned of its result."""
    CONTINUE_ATTEMPT = auto()
    """Answer, decide, reflect in one's own attempt, as a student; to change it also takes `LEARN`."""
    SEE_OWN_CERTIFICATE = auto()
    """List and download one's own certificate."""
    SEE_CERTIFICATES = auto()
    """See the academy's certificates, what came of them, and what became of every number."""
    KEEP_CERTIFICATES = auto()
    """Issue another person's certificate anew where it is wrong, and revoke it."""
    TAKE_CERTIFICATES = auto()
    """Have all certificates of a cohort made into one file."""
    SEE_STUDENTS = auto()
    """See the students, progress and scores of a course that one teaches."""
    SEE_STUDENT_ATTEMPT = auto()
    """Open one attempt of a student in a course that one teaches, without the reflection."""
    SEE_REFLECTION = auto()
    """Read a reflection that its student shares, in a course that one teaches."""
    SEE_QUALITY = auto()
    """See how the questions and scenarios of a course that one teaches work, keys included."""
    MANAGE_COHORT = auto()
    """Name a cohort of a course that one teaches, say who is in it and when it may begin what."""
    ARRANGE_TIME = auto()
    """Say what another person needs in timed tasks, and give a further attempt in a course that one teaches."""
    MARK = auto()
    """Mark, settle and release the essays of others in a course that one teaches."""
    COUNT_SCRIPTS = auto()
    """See how many of an academy's essays wait for marks, and nothing of what they say."""
    RUN_PANEL = auto()
    """Open a panel on what one teaches, invite to it, open and close its rounds, and look at what they gave."""
    ADOPT_PANEL = auto()
    """Publish what a panel agreed on, at the academy that keeps the content."""
    CORRECT_QUESTIONS = auto()
    """Correct the questions of a quiz in a course that one teaches, for that course of one's academy."""
    SEE_ACADEMY = auto()
    """See the academy's own pages: its people, courses and numbers."""
    EXPORT_COMPLETIONS = auto()
    """Download the academy's course completions."""
    SEE_OWN_JOB = auto()
    """Follow, cancel and download what one asked for oneself to be made in the background."""
    SEE_LETTERS = auto()
    """Read what the platform wrote to the academy's people by e-mail, and send again what was given up."""
    SET_REMINDERS = auto()
    """Say which reminders the academy wants, how early, and at which hours."""
    SEE_PEOPLE = auto()
    """See the people of the academy and what it knows of them."""
    MANAGE_PEOPLE = auto()
    """Add and invite people, correct what the academy knows of them, suspend them."""
    CHANGE_PERSON = auto()
    """Change one person's record, roles and standing: of none who holds a role that one could not give."""
    GRANT_ROLES = auto()
    """Give and take roles, as far as one's own reach."""
    ENROL = auto()
    """Enrol people in the academy's courses, and withdraw them."""
    MANAGE_COHORTS = auto()
    """Make cohorts of any course of the academy, say who teaches and who is in them, and set their dates."""
    SEE_CHANGE = auto()
    """See an act on many rows that can be undone, and what became of it."""
    UNDO = auto()
    """Undo such an act: at the academy that one runs, or one's own in a course that one teaches."""
    CHOOSE_COURSES = auto()
    """Say which published courses the academy offers, and who teaches them."""
    SEE_REPORTS = auto()
    """See the academy's reports and download them."""
    CALL_HOLDERS = auto()
    """Say how long completions are valid, and ask their holders for what changed in a course."""
    REVOKE_COMPLETION = auto()
    """Revoke another person's completion, and restore it."""
    SEAL_RETURN = auto()
    """Make and sign the academy's completion return."""
    SEE_AUDIT = auto()
    """Search, export and verify the academy's audit trail."""
    KEEP_PERSONAL_DATA = auto()
    """Export and erase the data of the academy's people, and set how long it is kept."""
    ADMINISTER = auto()
    """Change the academy's own settings."""
    KEEP_KEYS = auto()
    """Rotate and revoke the keys that the academy signs with."""
    DESIGN_CERTIFICATES = auto()
    """Choose how the academy's certificates look, and publish it."""
    KEEP_LRS = auto()
    """Connect the academy's Learning Record Store, pause it, and have everything told anew."""
    RUN_INSTALL = auto()
    """Add academies and their first administrators; see numbers of people, never a student's results."""
    SEE_DRAFTS = auto()
    """Read the drafts of the academy that keeps the content."""
    WRITE_DRAFTS = auto()
    """Begin drafts at the academy that keeps the content."""
    CHANGE_DRAFT = auto()
    """Change, check and discard a draft."""
    PUBLISH_DRAFT = auto()
    """Publish a draft."""
    DISCUSS_DRAFT = auto()
    """Comment on a draft and answer comments."""
    REVIEW_DRAFT = auto()
    """Approve somebody else's draft, or ask for changes."""
    SET_APPROVALS = auto()
    """Say which functions must approve drafts, and who holds them, at the academy that keeps the content."""
    FILL_LOCAL = auto()
    """Write the academy's own texts at the places of a course: as its staff, or as one who teaches the course."""


Predicate = Callable[[Visitor, Any], bool]


def is_own(visitor: Visitor, thing: Any) -> bool:
    """The thing belongs to the visitor, at the academy they are signed in to."""
    return bool(thing.person_id == visitor.person_id and thing.academy_id == visitor.academy_id)


def is_own_and_enrolled(visitor: Visitor, enrolment: Enrolment) -> bool:
    """An enrolment of the visitor's own that is still active, as a student of the academy."""
    return visitor.is_student and is_own(visitor, enrolment) and enrolment.status is EnrolmentStatus.ACTIVE


def is_own_as_student(visitor: Visitor, attempt: Attempt) -> bool:
    """An attempt of the visitor's own, who is still a student of the academy."""
    return visitor.is_student and is_own(visitor, attempt)


def teaches_it(visitor: Visitor, thing: Any) -> bool:
    """Another person's thing, in a course that the visitor teaches at this academy: keys are not for its taker."""
    return bool(
        visitor.is_instructor
        and thing.person_id != visitor.person_id
        and thing.academy_id == visitor.academy_id
        and thing.course in visitor.teaches
    )


def runs_it_for_another(visitor: Visitor, thing: Any) -> bool:
    """Another person's thing, at the academy that the visitor runs."""
    return runs_it(visitor, thing.academy_id) and thing.person_id != visitor.person_id


def teaches_it_and_is_shown(visitor: Visitor, attempt: Attempt) -> bool:
    """An attempt in a course that the visitor teaches, whose reflection the student shares."""
    return attempt.reflection_shared_at is not None and teaches_it(visitor, attempt)


def teaches_course(visitor: Visitor, course: str) -> bool:
    """The visitor teaches the course of this slug."""
    return visitor.is_instructor and course in visitor.teaches


def teaches_cohort(visitor: Visitor, cohort: Cohort) -> bool:
    """A cohort of a course that the visitor teaches at this academy."""
    return cohort.academy_id == visitor.academy_id and teaches_course(visitor, cohort.course)


def teaches_panel(visitor: Visitor, panel: Panel) -> bool:
    """A panel of a course that the visitor teaches at this academy."""
    return panel.academy_id == visitor.academy_id and teaches_course(visitor, panel.course)


def teaches_there(visitor: Visitor, thing: Any) -> bool:
    """A thing of a whole course that the visitor teaches at this academy."""
    return bool(thing.academy_id == visitor.academy_id and teaches_course(visitor, thing.course))


def runs_it(visitor: Visitor, academy_id: int) -> bool:
    """The visitor is registrar, course director or administrator of the academy of this id."""
    return visitor.runs_academy and visitor.academy_id == academy_id


def reads_it(visitor: Visitor, academy_id: int) -> bool:
    """The visitor runs or audits the academy of this id."""
    return visitor.reads_academy and visitor.academy_id == academy_id


def registers_at(visitor: Visitor, academy_id: int) -> bool:
    """The visitor is a registrar or an administrator of the academy of this id."""
    return visitor.academy_id == academy_id and (visitor.is_registrar or visitor.is_administrator)


def registers_for_another(visitor: Visitor, thing: Any) -> bool:
    """Another person's thing, at the academy of which the visitor is a registrar or an administrator."""
    return registers_at(visitor, thing.academy_id) and bool(thing.person_id != visitor.person_id)


def directs_it(visitor: Visitor, academy_id: int) -> bool:
    """The visitor is a course director or an administrator of the academy of this id."""
    return visitor.academy_id == academy_id and sets_content(visitor)


def administers_it(visitor: Visitor, academy_id: int) -> bool:
    """The visitor administers the academy of this id."""
    return visitor.is_administrator and visitor.academy_id == academy_id


def keeps_them(visitor: Visitor, member: Member) -> bool:
    """A person of the academy that the visitor runs, who holds no role above what the visitor may give."""
    return (
        not member.is_erased
        and runs_it(visitor, member.academy_id)
        and may_change(visitor.roles, member.roles)
    )


def audits_it(visitor: Visitor, academy_id: int) -> bool:
    """The visitor audits the academy of this id."""
    return visitor.is_auditor and visitor.academy_id == academy_id


def reads_there(visitor: Visitor, change: Change) -> bool:
    """Something done at an academy that the visitor runs or audits."""
    return reads_it(visitor, change.academy_id)


def runs_there(visitor: Visitor, change: Change) -> bool:
    """Something done at an academy that the visitor runs."""
    return runs_it(visitor, change.academy_id)


def did_it_teaching(visitor: Visitor, change: Change) -> bool:
    """Something that the visitor did themselves in a course that they teach."""
    return change.by_id == visitor.person_id and teaches_there(visitor, change)


def sets_content(visitor: Visitor, _course: str = "") -> bool:
    """The visitor directs or administers, whatever the course: what they write is their own academy's."""
    return visitor.is_director or visitor.is_administrator


def runs_install(visitor: Visitor, _thing: object) -> bool:
    """The visitor runs the installation."""
    return visitor.is_install


def writes_at(visitor: Visitor, academy_id: int) -> bool:
    """The visitor is an instructor of the academy of this id."""
    return visitor.is_instructor and visitor.academy_id == academy_id


def reviews_at(visitor: Visitor, academy_id: int) -> bool:
    """The visitor reviews content at the academy of this id."""
    return visitor.is_reviewer and visitor.academy_id == academy_id


def writes_it(visitor: Visitor, draft: Draft) -> bool:
    """A draft of an academy at which the visitor is an instructor."""
    return writes_at(visitor, draft.academy_id)


def reviews_it(visitor: Visitor, draft: Draft) -> bool:
    """A draft of an academy at which the visitor reviews."""
    return reviews_at(visitor, draft.academy_id)


def reviews_it_for_another(visitor: Visitor, draft: Draft) -> bool:
    """Somebody else's draft, at an academy at which the visitor reviews."""
    return reviews_it(visitor, draft) and draft.author_id != visitor.person_id


TABLE: dict[Can, tuple[Predicate, ...]] = {
    Can.LEARN: (is_own_and_enrolled,),
    Can.SEE_OWN_ATTEMPT: (is_own,),
    Can.CONTINUE_ATTEMPT: (is_own_as_student,),
    Can.SEE_OWN_CERTIFICATE: (is_own,),
    Can.SEE_CERTIFICATES: (reads_it,),
    Can.KEEP_CERTIFICATES: (registers_for_another,),
    Can.TAKE_CERTIFICATES: (registers_at,),
    Can.SEE_STUDENTS: (teaches_course,),
    Can.SEE_STUDENT_ATTEMPT: (teaches_it,),
    Can.SEE_REFLECTION: (teaches_it_and_is_shown,),
    Can.SEE_QUALITY: (teaches_course,),
    Can.MANAGE_COHORT: (teaches_cohort,),
    Can.ARRANGE_TIME: (teaches_it, runs_it_for_another),
    Can.MARK: (teaches_course,),
    Can.COUNT_SCRIPTS: (reads_it,),
    Can.RUN_PANEL: (teaches_panel,),
    Can.ADOPT_PANEL: (writes_at,),
    Can.CORRECT_QUESTIONS: (teaches_there,),
    Can.SEE_ACADEMY: (reads_it,),
    Can.EXPORT_COMPLETIONS: (reads_it,),
    Can.SEE_OWN_JOB: (is_own,),
    Can.SEE_LETTERS: (registers_at,),
    Can.SET_REMINDERS: (registers_at,),
    Can.SEE_PEOPLE: (reads_it,),
    Can.MANAGE_PEOPLE: (runs_it,),
    Can.CHANGE_PERSON: (keeps_them,),
    Can.GRANT_ROLES: (runs_it,),
    Can.ENROL: (runs_it,),
    Can.MANAGE_COHORTS: (runs_it,),
    Can.SEE_CHANGE: (reads_there, did_it_teaching),
    Can.UNDO: (runs_there, did_it_teaching),
    Can.CHOOSE_COURSES: (directs_it,),
    Can.SEE_REPORTS: (reads_it,),
    Can.CALL_HOLDERS: (runs_it,),
    Can.REVOKE_COMPLETION: (runs_it_for_another,),
    Can.SEAL_RETURN: (runs_it,),
    Can.SEE_AUDIT: (audits_it, administers_it),
    Can.KEEP_PERSONAL_DATA: (registers_at,),
    Can.ADMINISTER: (administers_it,),
    Can.KEEP_KEYS: (administers_it,),
    Can.DESIGN_CERTIFICATES: (administers_it,),
    Can.KEEP_LRS: (registers_at,),
    Can.RUN_INSTALL: (runs_install,),
    Can.SEE_DRAFTS: (writes_at, reviews_at),
    Can.WRITE_DRAFTS: (writes_at,),
    Can.CHANGE_DRAFT: (writes_it,),
    Can.PUBLISH_DRAFT: (writes_it,),
    Can.DISCUSS_DRAFT: (writes_it, reviews_it),
    Can.REVIEW_DRAFT: (reviews_it_for_another,),
    Can.SET_APPROVALS: (directs_it,),
    Can.FILL_LOCAL: (teaches_course, sets_content),
}


def may(visitor: Visitor, can: Can, thing: Any) -> bool:
    """Whether any predicate of the table lets the visitor do this to the thing."""
    return any(predicate(visitor, thing) for predicate in TABLE[can])


def enrolments_taught(visitor: Visitor, course: str) -> ColumnElement[bool]:
    """The enrolments that an instructor may list in a course."""
    if not may(visitor, Can.SEE_STUDENTS, course):
        return false()
    return and_(
        Enrolment.academy_id == visitor.academy_id,
        Enrolment.course == course,
        Enrolment.person_id != visitor.person_id,
    )


def enrolments_read(visitor: Visitor, course: str) -> ColumnElement[bool]:
    """The enrolments in a course that whoever reads the academy's reports may list."""
    if not may(visitor, Can.SEE_REPORTS, visitor.academy_id):
        return false()
    return and_(Enrolment.academy_id == visitor.academy_id, Enrolment.course == course)


def enrolments_run(visitor: Visitor) -> ColumnElement[bool]:
    """The enrolments that those who run or read an academy may list."""
    if not may(visitor, Can.SEE_PEOPLE, visitor.academy_id):
        return false()
    return Enrolment.academy_id == visitor.academy_id


def scripts_marked(visitor: Visitor, course: str) -> ColumnElement[bool]:
    """The essays that an instructor may mark in a course: never their own."""
    if not may(visitor, Can.MARK, course):
        return false()
    return and_(
        Script.academy_id == visitor.academy_id,
        Script.course == course,
        Script.person_id != visitor.person_id,
    )


def scripts_counted(visitor: Visitor) -> ColumnElement[bool]:
    """The essays that academy staff may count."""
    if not may(visitor, Can.COUNT_SCRIPTS, visitor.academy_id):
        return false()
    return Script.academy_id == visitor.academy_id


def attempts_judged(visitor: Visitor, course: str) -> ColumnElement[bool]:
    """The attempts that the quality of a course's questions is computed from: all others' at this academy."""
    if not may(visitor, Can.SEE_QUALITY, course):
        return false()
    return and_(
        Attempt.academy_id == visitor.academy_id,
        Attempt.course == course,
        Attempt.person_id != visitor.person_id,
    )
