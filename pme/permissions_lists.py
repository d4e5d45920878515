"""What of an academy somebody may list, by the one table of permissions: panels, certificates, completions, changes."""

from sqlalchemy import ColumnElement, and_, false, or_

from pme.certificates.models import Certificate
from pme.judging.models import Panel
from pme.people.queries import Visitor
from pme.permissions import Can, may
from pme.progress.models import CourseCompletion
from pme.undoing.models import Change


def panels_run(visitor: Visitor, course: str) -> ColumnElement[bool]:
    """The panels of a course that an instructor may list."""
    if not may(visitor, Can.SEE_STUDENTS, course):
        return false()
    return and_(Panel.academy_id == visitor.academy_id, Panel.course == course)


def certificates_listed(visitor: Visitor) -> ColumnElement[bool]:
    """The certificates whose holders an instructor may know: of the courses they teach, never their own."""
    taught = [course for course in visitor.teaches if may(visitor, Can.SEE_STUDENTS, course)]
    return and_(
        Certificate.academy_id == visitor.academy_id,
        Certificate.course.in_(taught),
        Certificate.person_id != visitor.person_id,
    )


def completions_exported(visitor: Visitor) -> ColumnElement[bool]:
    """The completions that academy staff may list and export."""
    if not may(visitor, Can.EXPORT_COMPLETIONS, visitor.academy_id):
        return false()
    return CourseCompletion.academy_id == visitor.academy_id


def changes_seen(visitor: Visitor) -> ColumnElement[bool]:
    """The acts on many rows that somebody may list: of the academy that they run or read, or their own as a teacher."""
    own = and_(Change.by_id == visitor.person_id, Change.course.in_(visitor.teaches))
    may_be = [Change.academy_id == visitor.academy_id] if visitor.reads_academy else []
    return and_(
        Change.academy_id == visitor.academy_id,
        or_(false(), *may_be, own if visitor.is_instructor else false()),
    )
