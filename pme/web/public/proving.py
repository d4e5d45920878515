"""The public door at certificates in people's hands: anybody sends a file, without an account; it is kept nowhere."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import Response, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.file import FileField
from werkzeug.exceptions import RequestEntityTooLarge
from wtforms import TextAreaField
from wtforms.validators import Length

from pme.certificates.press.languages import words_for
from pme.credentials.compact import LONGEST as LONGEST_TEXT
from pme.credentials.compact import is_like_one
from pme.intake.bounded import NotTaken, unnamed
from pme.keys.queries import find_issuer
from pme.people.asking import may_ask, note_asking
from pme.proving.judging import judge
from pme.proving.reading import looked_at
from pme.proving.single_file import known_issuer, verifier
from pme.proving.words import WORTHS, field_named
from pme.web import errors
from pme.web.public.issuers import blueprint as issuers
from pme.web.public.views import blueprint
from pme.web.session import db_session, transaction
from pme.web.signin import now, settings
from pme.web.spoken_forms import SpokenForm
from pme.web.uploads import takes_files_of_anybody
from pme.words.lazily import lazy
from pme.words.speech import _, current

LARGEST = 15_000_000
TOO_OFTEN = lazy(
    "Too many files came from your network just now. Try again in a quarter of an hour, or use pme verify."
)
NOTHING = lazy("Choose a file, or enter the text of the QR code.")
TOO_LARGE = lazy("This file is larger than {most} MB. Send a smaller one.", most=LARGEST // 1_000_000)
NO_CODE = lazy("This is not what a certificate's QR code says. Scan it again and enter all of the text.")


class ProofForm(SpokenForm):
    """A file, or what the code says."""

    file = FileField(lazy("Certificate (PDF), credential (JSON or JWT), or a photo of its QR code"))
    text = TextAreaField(
        lazy("Text of the QR code"),
        [
            Length(
                max=LONGEST_TEXT,
                message=lazy("A QR code holds up to {LONGEST_TEXT} letters.", LONGEST_TEXT=LONGEST_TEXT),
            )
        ],
    )


@blueprint.get("/verify/file")
def verify_file() -> ResponseReturnValue:
    """A form for a file or the text of a code."""
    return _page(ProofForm(formdata=None))


@blueprint.post("/verify/file")
@takes_files_of_anybody(LARGEST)
def check_file() -> ResponseReturnValue:
    """Read the file in a child that reads nothing else, and say what it is worth."""
    form = ProofForm()
    if not form.validate_on_submit():
        return _page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    network = request.remote_addr or "unknown"
    if may_ask(db_session(), email="", network=network, at=now()).is_network_tired:
        form.file.errors = [*form.file.errors, str(TOO_OFTEN)]
        return _page(form), HTTPStatus.TOO_MANY_REQUESTS
    sent, text = form.file.data, (form.text.data or "").strip()
    if not (sent and sent.filename) and not text:
        form.file.errors = [*form.file.errors, NOTHING]
        return _page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    if not (sent and sent.filename) and not is_like_one(text):
        form.text.errors = [*form.text.errors, NO_CODE]
        return _page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    with transaction() as session:
        note_asking(session, email="", network=network, at=now())
    told: Mapping[str, Any] = {"kind": "code", "text": text}
    try:
        if sent and sent.filename:
            with unnamed(sent.stream, LARGEST) as file, looked_at(file) as answer:
                told = answer.told
    except NotTaken as refusal:
        form.file.errors = [*form.file.errors, str(refusal)]
        return _page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    proof = judge(db_session(), told, public_url=settings().public_url, at=now())
    return render_template(
        "public/proved.html",
        proof=proof,
        worth=WORTHS[proof.worth],
        says=" ".join(str(each) for each in proof.says),
        differences=[
            [field_named(each.field), each.on_record or "–", each.in_file or _("Not in the file")]
            for each in proof.differences
        ],
        issued=words_for(current()).day(proof.certificate.issued_on) if proof.certificate else "",
    )


@blueprint.errorhandler(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
def too_large(_error: RequestEntityTooLarge) -> ResponseReturnValue:
    """Say it on the form, whose other forms have an error page for it."""
    if request.endpoint != "public.check_file":
        return errors.page(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, errors.SAYS[413])
    form = ProofForm(formdata=None)
    form.file.errors = [str(TOO_LARGE)]
    return _page(form), HTTPStatus.REQUEST_ENTITY_TOO_LARGE


@issuers.get("/verifier.html")
def single_file(slug: str) -> ResponseReturnValue:
    """The verifier of an academy in one file, to carry where there is no network."""
    issuer = find_issuer(db_session(), slug)
    if issuer is None:
        abort(HTTPStatus.NOT_FOUND)
    known = known_issuer(db_session(), issuer, public_url=settings().public_url)
    response = Response(verifier([known], at=now()), mimetype="text/html")
    name = f"verifier-{issuer.slug}-{now():%Y-%m-%d}.html"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["Cache-Control"] = "no-store"
    return response


def _page(form: ProofForm) -> str:
    return render_template("public/verify-file.html", form=form, most=LARGEST // 1_000_000)
