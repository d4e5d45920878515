"""The same credential as a JWT (VC JOSE, Open Badges 3.0 section 8.2): its members are the claims.

One algorithm, and no header but these four: what a token says of itself never chooses how it is checked.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Callable
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from pme.credentials.reading import read_json
from pme.credentials.times import read
from pme.errors import Invalid
from pme.words.speech import _

ALGORITHM = "EdDSA"
TYPE = "vc+jwt"
LONGEST = 1_000_000
PARTS = 3

Json = dict[str, Any]


def as_jwt(document: Json, *, sign: Callable[[bytes], bytes], method: str) -> str:
    """A credential as a compact JWT, without the proof that it may carry."""
    bare = {key: value for key, value in document.items() if key != "proof"}
    signed = f"{_text(_bytes(_header_for(method)))}.{_text(_bytes(bare | claims_of(bare)))}"
    return f"{signed}.{_text(sign(signed.encode('ascii')))}"


def claims_of(document: Json) -> Json:
    """The registered claims that repeat what a credential says: who, which, whose, from when, until when."""
    issuer, subject = document.get("issuer"), document.get("credentialSubject")
    found = {
        "iss": issuer.get("id") if isinstance(issuer, dict) else issuer,
        "jti": document.get("id"),
        "sub": subject.get("id") if isinstance(subject, dict) else None,
        "nbf": _seconds(document.get("validFrom")),
        "exp": _seconds(document.get("validUntil")),
    }
    return {key: value for key, value in found.items() if value is not None}


def method_of(token: str) -> str:
    """The address of the key that a JWT says it was signed with. Raises Invalid where it is no JWT of ours."""
    header = _header(token)
    method = header.get("kid")
    if not isinstance(method, str) or header != _header_for(method):
        raise Invalid(_("This is a JWT, but not a credential signed with EdDSA (vc+jwt)."))
    return method


def claims_in(token: str) -> Json:
    """What a JWT says, whoever signed it. Raises Invalid where it is none of ours."""
    method_of(token)
    return read_json(_data(token.split(".")[1]))


def signed_document(token: str, public: bytes) -> Json | None:
    """The credential in a JWT that the key of these 32 bytes signed, or None where it did not.

    The registered claims are taken out again. Raises Invalid where they do not repeat what the credential says.
    """
    method_of(token)
    signed, _dot, signature = token.rpartition(".")
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(_data(signature), signed.encode("ascii"))
    except (InvalidSignature, ValueError):
        return None
    claims = read_json(_data(signed.partition(".")[2]))
    document = {
        name: value for name, value in claims.items() if name not in ("iss", "jti", "sub", "nbf", "exp")
    }
    if claims != document | claims_of(document):
        raise Invalid(_("The claims of this JWT are not those of the credential in it."))
    return document


def _header_for(method: str) -> Json:
    return {"alg": ALGORITHM, "typ": TYPE, "cty": "vc", "kid": method}


def _header(token: str) -> Json:
    parts = token.split(".")
    if len(parts) != PARTS or len(token) > LONGEST or not token.isascii():
        raise Invalid(_("This is not a JWT."))
    try:
        whole = [_data(part) for part in parts]
    except (Base64Error, ValueError) as error:
        raise Invalid(_("This is not a JWT.")) from error
    if [_text(part) for part in whole] != parts:  # a second spelling of the same signature is a changed token
        raise Invalid(_("This is not a JWT."))
    return read_json(whole[0])


def _seconds(stamp: object) -> int | None:
    at = read(stamp)
    return None if at is None else int(at.timestamp())


def _bytes(value: Json) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8")


def _data(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).decode("ascii").rstrip("=")
