"""A student's whole record of an academy: on paper, and for other systems."""

from http import HTTPStatus
from typing import Any

from flask import Response, abort, render_template
from flask.typing import ResponseReturnValue

from pme.certificates.credential import credential_of
from pme.certificates.press.languages import words_for
from pme.certificates.queries import Held, certificates_of, held
from pme.certificates.transcript import learner_record, told
from pme.certificates.words import credits_text, pairs_text
from pme.credentials.jwt import as_jwt
from pme.credentials.making import as_bytes
from pme.keys.documents import Place
from pme.keys.service import signer
from pme.keys.signers import Signer
from pme.reports.files import pdf
from pme.reports.files.paper import Sheet, around_numbers
from pme.web.session import db_session
from pme.web.signin import current_visitor, keyring, now, settings
from pme.web.stored import store
from pme.web.student.views import blueprint
from pme.words.speech import current


@blueprint.get("/certificates/record.pdf")
def record_on_paper() -> ResponseReturnValue:
    """The transcript: every certificate that stands or stood, with its outcomes, on paper."""
    visitor, at, found = current_visitor(), now(), _told()
    page = render_template(
        "print/transcript.html",
        found=found,
        academy=visitor.academy_name,
        at=at,
        words=words_for(current()),
        around=around_numbers(),
        public_url=settings().public_url,
        credits_text=credits_text,
        pairs_text=pairs_text,
        hours=sum(each.certificate.hours for each in found),
    )
    db_session().rollback()  # nothing holds the database while the page is printed
    return _file(pdf.render(Sheet(page)), "application/pdf", "pdf")


@blueprint.get("/certificates/record.json")
def record_for_systems() -> ResponseReturnValue:
    """The same as a Comprehensive Learner Record of signed credentials."""
    document, _, _ = _record()
    return _file(as_bytes(document), "application/vc", "json")


@blueprint.get("/certificates/record.jwt")
def record_signed() -> ResponseReturnValue:
    """The same, signed as a whole by the academy."""
    document, place, signing = _record()
    token = as_jwt(document, sign=signing.sign, method=place.method(signing.label))
    return _file(token.encode("ascii"), "application/vc+jwt", "jwt")


def _record() -> tuple[dict[str, Any], Place, Signer]:
    visitor, own, found = current_visitor(), settings(), _told()
    place = Place(own.public_url, visitor.academy_slug)
    signing = signer(db_session(), visitor.academy_id, keyring=keyring(), at=now())
    credentials = [
        credential_of(
            db_session(),
            each.certificate,
            public_url=own.public_url,
            keyring=keyring(),
            store=store(),
            at=now(),
        )
        for each in found
    ]
    document = learner_record(
        credentials,
        place=place,
        academy=visitor.academy_name,
        holder=found[0].certificate.holder_name,
        is_demo=signing.is_demo,
        at=now(),
    )
    return document, place, signing


def _told() -> list[Held]:
    visitor = current_visitor()
    every = certificates_of(db_session(), visitor.person_id, visitor.academy_id)
    found = told(held(db_session(), visitor.academy_id, every, at=now()))
    if not found:
        abort(HTTPStatus.NOT_FOUND)
    return found


def _file(content: bytes, kind: str, ending: str) -> Response:
    response = Response(content, mimetype=kind)
    name = f"record-{current_visitor().academy_slug}-{now():%Y-%m-%d}.{ending}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response
