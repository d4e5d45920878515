"""The student's door while something is attempted: whose attempt it is, and the blueprint of both kinds.

A conflict (double click, second tab, back button) is a redirect to where the attempt truly stands.
"""

from flask import Blueprint

from pme.assessment.models import Attempt, Task
from pme.enrolment.models import Enrolment
from pme.people.models import Role
from pme.permissions import Can
from pme.web.loaders import load_attempt, load_enrolment
from pme.web.signin import guard

blueprint = Blueprint("attempts", __name__, url_prefix="/attempts")
guard(blueprint, Role.STUDENT)


def own_attempt(task: Task, attempt_id: int, *, for_update: bool = False) -> Attempt:
    """The visitor's own attempt; to change it, they must still be enrolled."""
    attempt = load_attempt(
        Can.CONTINUE_ATTEMPT, attempt_id, see=Can.SEE_OWN_ATTEMPT, task=task, for_update=for_update
    )
    if for_update:
        load_enrolment(Can.LEARN, attempt.course)
    return attempt


def held_attempt(task: Task, attempt_id: int) -> tuple[Enrolment, Attempt]:
    """The visitor's own attempt, to change it, and its enrolment: both held, the enrolment first, as everywhere."""
    course = own_attempt(task, attempt_id).course
    enrolment = load_enrolment(Can.LEARN, course, for_update=True)
    return enrolment, own_attempt(task, attempt_id, for_update=True)
