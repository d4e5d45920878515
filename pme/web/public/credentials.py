"""The public door at credentials: what other systems read of a certificate, and what academies withdrew.

Open to every page in every browser (CORS): a wallet or a verifier asks from its own address.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

from flask import Response, abort, current_app, request
from flask.typing import ResponseReturnValue

from pme.certificates.credential import credential_of, token_of
from pme.certificates.known import current_list, list_url
from pme.certificates.models import Certificate
from pme.certificates.queries import find_by_code
from pme.credentials.making import as_bytes, secured
from pme.credentials.status import KEPT_MILLISECONDS, status_credential
from pme.keys.documents import Place
from pme.keys.queries import find_issuer
from pme.keys.service import signer
from pme.web.public.views import blueprint
from pme.web.session import db_session
from pme.web.signin import keyring, now, settings
from pme.web.stored import store

JSON, JWT = "application/vc", "application/vc+jwt"
FRESH = timedelta(milliseconds=KEPT_MILLISECONDS)


@dataclass(frozen=True)
class Signed:
    """A status list as it was last signed by this process."""

    bits: bytes
    method: str
    at: datetime
    text: bytes


@blueprint.get("/verify/<code>/credential.json")
def credential(code: str) -> ResponseReturnValue:
    """The certificate as a signed Open Badges 3.0 credential: the bytes that its PDF carries too."""
    own = settings()
    made = credential_of(
        db_session(),
        _certificate(code),
        public_url=own.public_url,
        keyring=keyring(),
        store=store(),
        at=now(),
    )
    return _answer(made, JSON)


@blueprint.get("/verify/<code>/credential.jwt")
def token(code: str) -> ResponseReturnValue:
    """The same claims as a JWT."""
    made = token_of(
        db_session(), _certificate(code), public_url=settings().public_url, keyring=keyring(), at=now()
    )
    return _answer(made.encode("ascii"), JWT)


@blueprint.get("/academies/<slug>/status/<int:number>")
def status_list(slug: str, number: int) -> ResponseReturnValue:
    """The signed list of what an academy withdrew. It tells nobody which certificate is asked about."""
    issuer = find_issuer(db_session(), slug)
    found = current_list(db_session(), issuer, number, at=now()) if issuer else None
    if issuer is None or found is None:
        abort(HTTPStatus.NOT_FOUND)
    kept: dict[tuple[int, int], Signed] = current_app.extensions.setdefault("pme_status_lists", {})
    sealing = signer(db_session(), issuer.academy_id, keyring=keyring(), at=now())
    place = Place(settings().public_url, issuer.slug)
    method, last = place.method(sealing.label), kept.get((issuer.academy_id, number))
    if last is None or (last.bits, last.method) != (found.bits, method) or not _is_fresh(last, now()):
        url = list_url(issuer, number, public_url=settings().public_url)
        document = status_credential(url=url, issuer=place.did, bits=found.bits, at=now())
        text = as_bytes(secured(document, sign=sealing.sign, method=method, created=now()))
        last = kept[issuer.academy_id, number] = Signed(found.bits, method, now(), text)
    response = _answer(last.text, JSON)
    response.headers["Cache-Control"] = f"public, max-age={KEPT_MILLISECONDS // 1000}"
    response.add_etag()
    return response.make_conditional(request)


def _is_fresh(signed: Signed, at: datetime) -> bool:
    return timedelta(0) <= at - signed.at < FRESH


def _certificate(code: str) -> Certificate:
    certificate = find_by_code(db_session(), code)
    if certificate is None:
        abort(HTTPStatus.NOT_FOUND)
    return certificate


def _answer(body: bytes, kind: str) -> Response:
    response = current_app.response_class(body, mimetype=kind)
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
