"""How often a network may try personal links that belong to nobody; all processes count together.

A wrong link is counted once its answer is made, as a failed sign-in is counted: looking at a page that is somebody's
writes nothing.
"""

from contextlib import suppress
from http import HTTPStatus

from flask import Flask, Response, g, request
from sqlalchemy.exc import OperationalError

from pme.errors import Unavailable
from pme.people import tries
from pme.web.at_hand import this_g
from pme.web.session import db_session, transaction
from pme.web.signin import now

MOST_WRONG = 60
"""Wrong links from one network within the window, after which it has to wait."""


def install(app: Flask) -> None:
    """Count what was noted."""

    @app.after_request
    def count(response: Response) -> Response:
        is_wrong = this_g().pop("is_wrong_link", False) and response.status_code == HTTPStatus.NOT_FOUND
        if is_wrong and not must_wait():
            with suppress(Unavailable, OperationalError), transaction() as session:
                tries.note(session, [_subject()], at=now())
        return response


def must_wait() -> bool:
    """Whether the visitor's network tried too many wrong links."""
    return tries.seen(db_session(), _subject(), at=now()).count >= MOST_WRONG


def note_wrong_link() -> None:
    """Count a wrong link of the visitor's network, once it is answered."""
    g.is_wrong_link = True


def _subject() -> str:
    return tries.subject_of(f"link from {request.remote_addr or 'unknown'}")
