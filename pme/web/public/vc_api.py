"""The door for conformance suites: issue and verify as the VC API does. Closed unless its token is set.

It signs as a test issuer of its own (a did:key), never as an academy: nobody is given a certificate here.
"""

from functools import cache, partial
from hashlib import sha256
from hmac import compare_digest
from hmac import digest as hmac_digest
from http import HTTPStatus
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Blueprint, abort, current_app, jsonify, request
from flask.typing import ResponseReturnValue

from pme.certificates.known import key_at, list_at
from pme.config import Settings
from pme.credentials.checking import named_in
from pme.credentials.multibase import multikey
from pme.credentials.proof import SUITE, secured
from pme.credentials.reading import Unreadable, read_json
from pme.credentials.status import bits_of, status_credential
from pme.credentials.verifying import MODEL, SECURITY, STATUS, Asked, Problem, problem_with, verify
from pme.scope import see_everywhere
from pme.web.session import db_session
from pme.web.signin import now
from pme.words.speech import speak

blueprint = Blueprint("vc_api", __name__)

Json = dict[str, Any]


class SuiteIssuer:
    """Who signs here: a key made from the platform's secret, known by its did:key."""

    def __init__(self, secret: str) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(hmac_digest(secret.encode(), b"vc-api", "sha256"))
        name = multikey(self._key.public_key().public_bytes_raw())
        self.did, self.method = f"did:key:{name}", f"did:key:{name}#{name}"

    def secure(self, document: Json) -> Json:
        """The document under this issuer's proof."""
        return secured(document, sign=self._key.sign, method=self.method, created=now())


@blueprint.before_request
def open_with_token() -> ResponseReturnValue | None:
    """Not there unless set up; then closed to everybody without the token, but for what it published."""
    speak(None)  # programs read English
    token = _settings().vc_api_token
    if not token:
        abort(HTTPStatus.NOT_FOUND)
    if request.method == "GET":
        return None
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not compare_digest(_hash(given.strip()), _hash(token)):
        problem = Problem("about:blank", "UNAUTHORIZED", "Send the token as “Authorization: Bearer …”.")
        response = jsonify(_refusal([problem]))
        response.headers["WWW-Authenticate"] = "Bearer"
        return response, HTTPStatus.UNAUTHORIZED
    return None


@blueprint.post("/credentials/issue")
def issue() -> ResponseReturnValue:
    """Sign a credential as the test issuer; with ?status=yes, in the test issuer's status list too."""
    try:
        body = read_json(request.get_data())
    except Unreadable as error:
        return _refused([Problem(MODEL + "PARSING_ERROR", "PARSING_ERROR", error.says)])
    given, options = body.get("credential"), body.get("options", {})
    if not isinstance(given, dict) or not isinstance(options, dict):
        says = "Send an object with the credential as “credential”."
        return _refused([Problem(MODEL + "PARSING_ERROR", "PARSING_ERROR", says)])
    if options.get("cryptosuite", SUITE) != SUITE:
        says = f"Only {SUITE} is signed here."
        return _refused([Problem(SECURITY + "PROOF_GENERATION_ERROR", "PROOF_GENERATION_ERROR", says)])
    if problem := problem_with(given):
        return _refused([problem])
    issuer = _issuer(_settings().secret_key)
    name = given["issuer"] | {"id": issuer.did} if isinstance(given["issuer"], dict) else issuer.did
    document = given | {"issuer": name}
    if request.args.get("status") and "credentialStatus" not in given:
        document["credentialStatus"] = _entry(given)
    return jsonify(verifiableCredential=issuer.secure(document)), HTTPStatus.CREATED


@blueprint.post("/credentials/verify")
def check() -> ResponseReturnValue:
    """Say whether a credential holds, with every reason why it does not."""
    try:
        body = read_json(request.get_data())
    except Unreadable as error:
        return _refused([Problem(MODEL + "PARSING_ERROR", "PARSING_ERROR", error.says)])
    given, options = body.get("verifiableCredential"), body.get("options", {})
    if not isinstance(given, dict) or not isinstance(options, dict):
        says = "Send an object with the credential as “verifiableCredential”."
        return _refused([Problem(MODEL + "PARSING_ERROR", "PARSING_ERROR", says)])
    asked = Asked(
        purpose=str(options.get("expectedProofPurpose", "assertionMethod")),
        domain=options.get("domain"),
        challenge=options.get("challenge"),
    )
    see_everywhere(db_session())  # a credential may be of any academy
    if problems := verify(given, key_at=partial(key_at, db_session()), at=now(), asked=asked):
        return _refused(problems)
    _, url = named_in(given)
    found = list_at(db_session(), url, at=now())
    if found is not None and found.is_set(_place_of(given)):
        says = "The issuer has revoked this credential."
        return _refused([Problem(STATUS + "STATUS_VERIFICATION_ERROR", "REVOKED", says)])
    checks = ["proof", "credentialStatus"] if found else ["proof"]
    is_unseen = "credentialStatus" in given and found is None
    warnings = ["The status was not looked up: nothing is fetched."] if is_unseen else []
    return jsonify(verified=True, checks=checks, warnings=warnings, errors=[])


@blueprint.get("/credentials/status-list")
def status_list() -> ResponseReturnValue:
    """The status list of the test issuer, in which nothing is ever revoked."""
    issuer = _issuer(_settings().secret_key)
    document = status_credential(url=_list_url(), issuer=issuer.did, bits=bits_of([]), at=now())
    return jsonify(issuer.secure(document))


def _place_of(document: Json) -> int:
    index = document["credentialStatus"].get("statusListIndex", "")
    return int(index) if isinstance(index, str) and index.isascii() and index.isdigit() else -1


def _entry(document: Json) -> Json:
    index = int.from_bytes(sha256(str(document.get("id")).encode()).digest()[:2])
    return {
        "id": f"{_list_url()}#{index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(index),
        "statusListCredential": _list_url(),
    }


def _list_url() -> str:
    return f"{_settings().public_url}/credentials/status-list"


def _refused(problems: list[Problem]) -> ResponseReturnValue:
    return jsonify(_refusal(problems)), HTTPStatus.BAD_REQUEST


def _refusal(problems: list[Problem]) -> Json:
    told = [problem.as_json() for problem in problems]
    return {"verified": False, "problemDetails": told, "errors": [problem.detail for problem in problems]}


def _hash(text: str) -> bytes:
    return sha256(text.encode()).digest()


def _settings() -> Settings:
    found: Settings = current_app.extensions["pme_settings"]
    return found


@cache
def _issuer(secret: str) -> SuiteIssuer:
    return SuiteIssuer(secret)
