"""The public door at sealed returns: anybody checks one, without an account; the file is kept nowhere."""

from http import HTTPStatus

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from flask_wtf.file import FileField

from pme.intake.bounded import NotTaken, unnamed, worked
from pme.people.asking import may_ask, note_asking
from pme.returns.checking import Verdict
from pme.returns.service import issued_here
from pme.web import errors
from pme.web.public.views import blueprint
from pme.web.session import db_session, transaction
from pme.web.signin import now
from pme.web.uploads import takes_files_of_anybody

LARGEST = 30_000_000
LONGEST = 15.0
TOO_OFTEN = (
    "Too many files came from your network just now. Try again in a quarter of an hour, or use pme verify."
)


class CheckForm(FlaskForm):
    """The file."""

    file = FileField("Sealed return (ZIP)")


@blueprint.get("/verify-return")
def verify_return() -> ResponseReturnValue:
    """A form for a return."""
    return _page(CheckForm(formdata=None))


@blueprint.post("/verify-return")
@takes_files_of_anybody(LARGEST)
def check_return() -> ResponseReturnValue:
    """Check a return in a child that reads nothing but the file."""
    network, form = request.remote_addr or "unknown", CheckForm()
    if not form.validate_on_submit():
        return _page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    if may_ask(db_session(), email="", network=network, at=now()).is_network_tired:
        return errors.page(HTTPStatus.TOO_MANY_REQUESTS, TOO_OFTEN)
    if not form.file.data or not form.file.data.filename:
        form.file.errors = [*form.file.errors, "Choose a file first."]
        return _page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    with transaction() as session:
        note_asking(session, email="", network=network, at=now())
    try:
        with unnamed(form.file.data.stream, LARGEST) as file, worked("return", file, LONGEST) as answer:
            verdict = Verdict(**answer.told)
    except NotTaken as refusal:
        form.file.errors = [*form.file.errors, str(refusal)]
        return _page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    known = issued_here(db_session(), verdict.key, verdict.manifest_sha256) if verdict.key else None
    return render_template(
        "public/return-checked.html",
        verdict=verdict,
        told=verdict.told if verdict.manifest else {},
        known=known,
    )


def _page(form: CheckForm) -> str:
    return render_template("public/verify-return.html", form=form, most=LARGEST // 1_000_000)
