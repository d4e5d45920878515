"""Who opens something of a named student is noted before the page is sent, for the student to see.

The one write of a GET: it says only that the page was looked at (decision 027). A page whose look cannot be
noted is not sent.
"""

from http import HTTPStatus

from flask import Flask, Response, g

from pme.assessment.models import Attempt
from pme.db import AWAY
from pme.errors import Unavailable
from pme.trail.models import Part
from pme.trail.opened import Look, is_noted, note
from pme.web import errors
from pme.web.at_hand import this_g
from pme.web.session import db_session, transaction
from pme.web.signin import current_visitor, now
from pme.words.lazily import lazy

UNNOTED = lazy("Whoever opens this page is noted for the student, and that is not possible just now.")


def shows(part: Part, *, attempt_id: int, person_id: int, academy_id: int) -> None:
    """Say that the page that is being made shows this of a student whom it names."""
    look = Look(academy_id, attempt_id, person_id, current_visitor().person_id, part)
    g.setdefault("looks", []).append(look)


def shows_attempt(attempt: Attempt, part: Part = Part.ATTEMPT) -> None:
    """The same for an attempt."""
    shows(part, attempt_id=attempt.id, person_id=attempt.person_id, academy_id=attempt.academy_id)


def install(app: Flask) -> None:
    """Note every look once its page is made."""

    @app.after_request
    def keep(response: Response) -> Response:
        looks: list[Look] = this_g().pop("looks", [])
        new = [look for look in looks if not is_noted(db_session(), look, at=now())] if looks else []
        if not new or response.status_code != HTTPStatus.OK:
            return response
        try:
            with transaction() as session:
                for look in new:
                    note(session, look, at=now())
        except (Unavailable, *AWAY):
            return errors.page(HTTPStatus.SERVICE_UNAVAILABLE, UNNOTED)
        return response
