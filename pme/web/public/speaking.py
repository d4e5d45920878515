"""The public door's choice of language: kept for a person who is signed in, else by the browser."""

from http import HTTPStatus

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from pme.errors import NotFound
from pme.people.service import speak_to
from pme.web.loaders import UNKNOWN
from pme.web.public.views import blueprint
from pme.web.resume import is_ours
from pme.web.session import transaction
from pme.web.signin import find_current_visitor, settings
from pme.web.spoken import COOKIE
from pme.words.languages import LANGUAGES

YEAR = 365 * 24 * 3600


@blueprint.get("/language")
def speak_here() -> ResponseReturnValue:
    """Speak another language in this browser, and go back to where the visitor was."""
    return _kept(_back(request.args), _wanted(request.args))


@blueprint.post("/language")
def speak() -> ResponseReturnValue:
    """Speak another language to this person, wherever they sign in."""
    wanted, visitor = _wanted(request.form), find_current_visitor()
    if visitor is not None:
        with transaction() as session:
            speak_to(session, visitor.person_id, wanted)
    return _kept(_back(request.form), wanted)


def _wanted(given: MultiDict[str, str]) -> str:
    wanted = given.get("to", "")
    if wanted not in LANGUAGES:
        raise NotFound(UNKNOWN)
    return wanted


def _back(given: MultiDict[str, str]) -> str:
    back = given.get("back", "")
    return back if is_ours(back) else url_for("public.home")


def _kept(back: str, language: str) -> Response:
    response = redirect(back, HTTPStatus.SEE_OTHER)
    response.set_cookie(
        COOKIE, language, max_age=YEAR, secure=settings().is_https, httponly=True, samesite="Lax"
    )
    assert isinstance(response, Response)  # noqa: S101  (what this framework redirects with)
    return response
