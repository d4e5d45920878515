"""Whether the credentials of others hold, as W3C's conformance suites ask: every proof, every rule, every reason.

For certificates of this platform `checking` is stricter. Keys are those in did:key, and those given; nothing is
fetched.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pme.credentials.bounds import within_bounds
from pme.credentials.canonical import canonical
from pme.credentials.checking import KnownKey
from pme.credentials.model import check_model
from pme.credentials.multibase import SIGNATURE_LETTERS, key_of
from pme.credentials.proof import SUITE, is_signed_by
from pme.credentials.status import BadList
from pme.credentials.times import read
from pme.errors import Invalid

Json = dict[str, Any]

MODEL = "https://www.w3.org/TR/vc-data-model#"
SECURITY = "https://w3id.org/security#"
STATUS = "https://www.w3.org/ns/credentials/status-list#"
MOST_PROOFS = 8


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason why a credential does not hold, as the standards name it, with a sentence (RFC 9457)."""

    type: str
    title: str
    detail: str

    def as_json(self) -> Json:
        """As it is answered."""
        return {"type": self.type, "title": self.title, "detail": self.detail}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a caller demands of the proof besides that it holds."""

    purpose: str = "assertionMethod"
    domain: str | None = None
    challenge: str | None = None


def problem_with(document: Json) -> Problem | None:
    """Why a document cannot be signed or believed before any proof is looked at, or None."""
    try:
        within_bounds({key: value for key, value in document.items() if key != "proof"})
        check_model(document)
        canonical({key: value for key, value in document.items() if key != "proof"})
    except BadList as error:
        return Problem(STATUS + "STATUS_LIST_LENGTH_ERROR", "STATUS_LIST_LENGTH_ERROR", error.says)
    except Invalid as error:
        return Problem(MODEL + "MALFORMED_VALUE_ERROR", "MALFORMED_VALUE_ERROR", error.says)
    return None


def verify(
    document: Json, *, key_at: Callable[[str], KnownKey | None], at: datetime, asked: Asked | None = None
) -> list[Problem]:
    """Every reason why a credential does not hold; none where it does. Status is for the caller to look up."""
    asked = asked or Asked()
    proofs = document.get("proof")
    found: list[Any] = proofs if isinstance(proofs, list) else [proofs]
    if not found or len(found) > MOST_PROOFS or not all(isinstance(proof, dict) for proof in found):
        return [_proof("“proof” must be an object, or a set of objects.")]
    if problem := problem_with(document):
        return [problem]
    problems = []
    for proof in found:
        try:
            _check(document, proof, found, key_at, at, asked)
        except Invalid as error:
            problems.append(_proof(error.says))
    return problems or _period(document, at)


def key_in(method: str) -> KnownKey | None:
    """The key that a did:key is, or None where the address is no Ed25519 did:key with its own fragment."""
    issuer, _, fragment = method.partition("#")
    if issuer != f"did:key:{fragment}" or len(fragment) > SIGNATURE_LETTERS:
        return None
    try:
        return KnownKey(public=key_of(fragment), issuer=issuer)
    except Invalid:
        return None


def _proof(says: str) -> Problem:
    return Problem(SECURITY + "PROOF_VERIFICATION_ERROR", "PROOF_VERIFICATION_ERROR", says)


def _check(
    document: Json,
    proof: Json,
    proofs: list[Json],
    key_at: Callable[[str], KnownKey | None],
    at: datetime,
    asked: Asked,
) -> None:
    _look_at(proof, at, asked)
    method = proof["verificationMethod"]
    key = key_at(method) or key_in(method)
    if key is None:
        raise Invalid(f"The key {method[:200]} is not known here, and nothing is fetched.")
    issuer = document["issuer"]
    if key.issuer != (issuer["id"] if isinstance(issuer, dict) else issuer):
        raise Invalid("“verificationMethod” is no key of the issuer.")
    if key.revoked_on is not None:
        raise Invalid("The issuer revoked the key that signed this.")
    if not is_signed_by(document, proof, key.public, after=_before(proof, proofs)):
        raise Invalid("“proofValue” is not a signature of this document by that key.")


def _look_at(proof: Json, at: datetime, asked: Asked) -> None:
    expected = {"type": "DataIntegrityProof", "cryptosuite": SUITE, "proofPurpose": asked.purpose}
    for name, value in expected.items():
        if proof.get(name) != value:
            raise Invalid(f"“{name}” of the proof must be {value}.")
    for name in ("verificationMethod", "proofValue"):
        if not isinstance(proof.get(name), str):
            raise Invalid(f"“{name}” of the proof must be there, as text.")
    for name in ("created", "expires"):
        if name in proof and read(proof[name]) is None:
            raise Invalid(f"“{name}” of the proof must be a date and time with a time zone (dateTimeStamp).")
    ends = read(proof.get("expires"))
    if ends is not None and ends < at:
        raise Invalid("The proof is past its end.")
    for name, wanted in (("domain", asked.domain), ("challenge", asked.challenge)):
        if wanted is not None and proof.get(name) != wanted:
            raise Invalid(f"“{name}” of the proof is not the one asked for.")


def _before(proof: Json, proofs: list[Json]) -> tuple[Json, ...]:
    """The earlier proofs that a proof names. Raises Invalid where one is not there."""
    named = proof.get("previousProof", [])
    names = named if isinstance(named, list) else [named]
    earlier = tuple(other for other in proofs if isinstance(other.get("id"), str) and other["id"] in names)
    if len(earlier) != len(names):
        raise Invalid("“previousProof” names a proof that is not there.")
    return earlier


def _period(document: Json, at: datetime) -> list[Problem]:
    begins, ends = read(document.get("validFrom")), read(document.get("validUntil"))
    if begins is not None and begins > at:
        return [Problem(MODEL + "RANGE_ERROR", "RANGE_ERROR", "The credential is not valid yet.")]
    if ends is not None and ends < at:
        return [Problem(MODEL + "RANGE_ERROR", "RANGE_ERROR", "The credential is past its end.")]
    return []
