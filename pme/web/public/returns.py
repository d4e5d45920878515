"""The public door at sealed returns: anybody checks one, without an account; the file is kept nowhere.

People send a form; programs send the file to `/verify-return.json`, as it is or in a form, or the form with
`Accept: application/json`, and are answered as JSON, also where the answer is no.
"""

from http import HTTPStatus
from typing import IO

from flask import Response, current_app, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.file import FileField
from werkzeug.exceptions import RequestEntityTooLarge

from pme.intake.bounded import NotTaken, unnamed, worked
from pme.people.asking import may_ask, note_asking
from pme.returns.checking import Verdict
from pme.returns.service import Known, issued_here
from pme.returns.told import as_json
from pme.web import errors
from pme.web.public.views import blueprint
from pme.web.session import db_session, transaction
from pme.web.signin import now
from pme.web.spoken_forms import SpokenForm
from pme.web.uploads import takes_files_of_anybody
from pme.words.lazily import lazy

LARGEST = 30_000_000
LONGEST = 15.0
TOO_OFTEN = lazy(
    "Too many files came from your network just now. Try again in a quarter of an hour, or use pme verify."
)
TOO_LARGE = lazy(
    "A file may have up to {LARGEST} MB here. Use pme verify for larger ones.", LARGEST=LARGEST // 1000000
)
NO_FILE = lazy("Choose a file first.")
JSON = "application/json"


class CheckForm(SpokenForm):
    """The file."""

    file = FileField(lazy("Sealed return (ZIP)"))


@blueprint.get("/verify-return")
def verify_return() -> ResponseReturnValue:
    """A form for a return."""
    return _page(CheckForm(formdata=None))


@blueprint.post("/verify-return")
@takes_files_of_anybody(LARGEST)
def check_return() -> ResponseReturnValue:
    """Check a return in a child that reads nothing but the file."""
    if request.accept_mimetypes.best_match(["text/html", JSON]) == JSON:
        return _told_to_programs()
    current_app.extensions["csrf"].protect()  # programs have no token; people's forms do
    form = CheckForm()
    if not form.validate_on_submit():
        return _page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    if _is_tired():
        return errors.page(HTTPStatus.TOO_MANY_REQUESTS, TOO_OFTEN)
    if not form.file.data or not form.file.data.filename:
        form.file.errors = [*form.file.errors, NO_FILE]
        return _page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        verdict, known = _checked(form.file.data.stream)
    except NotTaken as refusal:
        form.file.errors = [*form.file.errors, str(refusal)]
        return _page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    return render_template(
        "public/return-checked.html",
        verdict=verdict,
        told=verdict.told if verdict.manifest else {},
        known=known,
    )


@blueprint.post("/verify-return.json")
@takes_files_of_anybody(LARGEST)
def check_return_as_json() -> ResponseReturnValue:
    """The same for programs: nothing is changed by it and nobody is signed in, so that it needs no token."""
    return _told_to_programs()


def _told_to_programs() -> ResponseReturnValue:
    if _is_tired():
        return _refused(TOO_OFTEN, HTTPStatus.TOO_MANY_REQUESTS)
    try:
        sent = request.files.get("file")
        verdict, known = _checked(sent.stream if sent else request.stream)
    except NotTaken as refusal:
        return _refused(str(refusal), HTTPStatus.UNPROCESSABLE_ENTITY)
    except RequestEntityTooLarge:
        return _refused(TOO_LARGE, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return jsonify(as_json(verdict, known))


def _refused(says: str, status: HTTPStatus) -> tuple[Response, HTTPStatus]:
    return jsonify({"schema": "pme-return-check/1", "error": says}), status


def _is_tired() -> bool:
    network = request.remote_addr or "unknown"
    return may_ask(db_session(), email="", network=network, at=now()).is_network_tired


def _checked(stream: IO[bytes]) -> tuple[Verdict, Known | None]:
    """The verdict on a file, and what is known here of its key. Raises NotTaken."""
    with transaction() as session:
        note_asking(session, email="", network=request.remote_addr or "unknown", at=now())
    with unnamed(stream, LARGEST) as file, worked("return", file, LONGEST) as answer:
        verdict = Verdict(**answer.told)
    known = issued_here(db_session(), verdict.key, verdict.manifest_sha256) if verdict.key else None
    return verdict, known


def _page(form: CheckForm) -> str:
    return render_template("public/verify-return.html", form=form, most=LARGEST // 1_000_000)
