"""The student's door while something is attempted: whose attempt it is, and the blueprint of both kinds.

A conflict (double click, second tab, back button) is a redirect to where the attempt truly stands.
"""

from http import HTTPStatus

from flask import Blueprint, Response, request

from pme.assessment.models import Attempt, Task
from pme.enrolment.models import Enrolment
from pme.people.models import Role
from pme.permissions import Can
from pme.web.loaders import load_attempt, load_own_attempt
from pme.web.signin import guard

blueprint = Blueprint("attempts", __name__, url_prefix="/attempts")
guard(blueprint, Role.STUDENT)


def own_attempt(task: Task, attempt_id: int, *, for_update: bool = False) -> Attempt:
    """The visitor's own attempt; to change it, they must still be enrolled."""
    if for_update:
        return load_own_attempt(attempt_id, task=task)[1]
    return load_attempt(Can.CONTINUE_ATTEMPT, attempt_id, see=Can.SEE_OWN_ATTEMPT, task=task)


def held_attempt(task: Task, attempt_id: int) -> tuple[Enrolment, Attempt]:
    """The visitor's own attempt, to change it, and its enrolment: both held, the enrolment first, as everywhere."""
    return load_own_attempt(attempt_id, task=task, holds_enrolment=True)


def wants_json() -> bool:
    """Whether the page's script asks, which shows what is said without going anywhere."""
    return request.accept_mimetypes.best == "application/json"


def see_other(address: str) -> Response:
    """Leads to a page, with nothing to read on the way."""
    response = Response(status=HTTPStatus.SEE_OTHER, headers={"Location": address})
    del response.headers["Content-Type"]
    return response
