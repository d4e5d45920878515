"""Whether a credential is true: who signed it, whether a word was changed, whether it still stands.

Keys and status lists come in as arguments; what cannot be known from them is said, not guessed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum
from typing import Any

from pme.credentials.bounds import within_bounds
from pme.credentials.jwt import claims_in, method_of, signed_document
from pme.credentials.proof import SUITE, is_signed_by
from pme.credentials.reading import Unreadable, read_json
from pme.credentials.shape import check_form
from pme.credentials.status import PURPOSE, BadList, StatusList, decoded_list
from pme.credentials.times import day_told, read, stamp_told
from pme.errors import Invalid
from pme.words.lazily import lazy
from pme.words.speech import _

Json = dict[str, Any]


class Standing(Enum):
    """What a check can come to."""

    VALID = "valid"
    ALTERED = "altered"
    REVOKED = "revoked"
    EXPIRED = "expired"
    EARLY = "not yet valid"  # not words
    UNKNOWN_ISSUER = "unknown issuer"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownKey:
    """A public Ed25519 key (32 bytes) and whose it is: the did:web of its academy."""

    public: bytes
    issuer: str
    retired_on: date | None = None
    revoked_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was found, in a word and in a sentence.

    `document` is the credential once its signature is known to be good, and None before. `is_status_known`
    says whether a list was there to look at; `status_of` when that list was published.
    """

    standing: Standing
    says: str
    document: Json | None = None
    is_status_known: bool = False
    status_of: datetime | None = None

    @property
    def is_valid(self) -> bool:
        """Whether it stands, as far as could be looked up."""
        return self.standing is Standing.VALID


ALTERED = lazy("This is not what the academy signed: at least one word was changed after it was signed.")
NO_STATUS = lazy(
    "The signature is genuine. Whether the academy has since revoked the certificate could not be looked up."
)


def check(
    given: bytes | str | Json,
    *,
    keys: Mapping[str, KnownKey],
    status: Mapping[str, StatusList],
    at: datetime,
) -> Finding:
    """Check a credential as a document, as the bytes of its file, or as a JWT. Never raises.

    `keys` are those known, by the address of the verification method; `status` the lists at hand, by their
    address (see `read_list`).
    """
    try:
        return _check(given, keys, status, at)
    except Unreadable as error:
        return Finding(standing=Standing.UNREADABLE, says=error.says)


def named_in(given: bytes | str | Json) -> tuple[str, str]:
    """What a credential says of itself, believed by nobody yet: the address of its key, and of its status list.

    Empty where it says nothing of the kind.
    """
    method: object = ""
    try:
        if token := _token(given):
            method, document = method_of(token), claims_in(token)
        else:
            document = given if isinstance(given, dict) else read_json(_as_bytes(given))
            proof = document.get("proof")
            method = proof.get("verificationMethod") if isinstance(proof, dict) else ""
    except Invalid:
        return "", ""
    entry = document.get("credentialStatus")
    url: object = entry.get("statusListCredential") if isinstance(entry, dict) else ""
    return method if isinstance(method, str) else "", url if isinstance(url, str) else ""


def read_list(document: Json, *, keys: Mapping[str, KnownKey], url: str, issuer: str) -> StatusList:
    """The bits of a signed status list that was found at an address, as published by an issuer.

    Raises BadList where it is not signed by a key of that issuer, or not a list of revocations.
    """
    proof, subject = document.get("proof"), document.get("credentialSubject")
    if not isinstance(proof, dict) or not isinstance(subject, dict) or document.get("id") != url:
        raise BadList(_("This is not a status list of that address."))
    key = keys.get(str(proof.get("verificationMethod")))
    if document.get("issuer") != issuer or key is None or key.issuer != issuer or key.revoked_on is not None:
        raise BadList(_("The status list is not signed by the academy whose certificate this is."))
    if not _is_proof_of_ours(proof) or not is_signed_by(document, proof, key.public):
        raise BadList(_("The status list is not what the academy signed."))
    if "BitstringStatusListCredential" not in document.get("type", []):
        raise BadList(_("This is not a status list."))
    if subject.get("type") != "BitstringStatusList" or subject.get("statusPurpose") != PURPOSE:
        raise BadList(_("The status list does not say what was revoked."))
    return StatusList(decoded_list(str(subject.get("encodedList"))), read(document.get("validFrom")))


def _check(
    given: bytes | str | Json, keys: Mapping[str, KnownKey], status: Mapping[str, StatusList], at: datetime
) -> Finding:
    document, method, key = _signed(given, keys)
    if document is None:
        if key is not None:
            return Finding(standing=Standing.ALTERED, says=ALTERED)
        return Finding(
            standing=Standing.UNKNOWN_ISSUER,
            says=_(
                "The key that signed this is not known here, so nothing can be said of it. It calls itself {name}.",
                name=method[:120],
            ),
        )
    if key is None or key.issuer != document["issuer"]["id"]:
        return Finding(
            standing=Standing.UNKNOWN_ISSUER,
            says=_("This is signed with a key of another academy than the one it names."),
        )
    if (withdrawn := _withdrawn(key, document)) is not None:
        return withdrawn
    return _standing(document, status, at)


def _signed(
    given: bytes | str | Json, keys: Mapping[str, KnownKey]
) -> tuple[Json | None, str, KnownKey | None]:
    """The document once its signature is good (else None), with what it says of its key, and the key if known."""
    token = _token(given)
    if token:
        try:
            method = method_of(token)
        except Invalid as error:
            raise Unreadable(error.says) from error
        key = keys.get(method)
        try:
            document = signed_document(token, key.public) if key else None
            if document is not None:
                _look_at(document)
        except Invalid:
            document = None
        return document, method, key
    document = given if isinstance(given, dict) else read_json(_as_bytes(given))
    proof = document.get("proof")
    if not isinstance(proof, dict) or "VerifiableCredential" not in _types(document):
        raise Unreadable(_("This is JSON, but not a signed credential."))
    method = str(proof.get("verificationMethod", ""))
    key = keys.get(method)
    try:
        _look_at(document)
        is_good = key is not None and _is_proof_of_ours(proof) and is_signed_by(document, proof, key.public)
    except Invalid:
        is_good = False
    return (document if is_good else None), method, key


def _types(document: Json) -> list[object]:
    types = document.get("type")
    return types if isinstance(types, list) else [types]


def _look_at(document: Json) -> None:
    within_bounds(document)
    check_form(document)


def _is_proof_of_ours(proof: Json) -> bool:
    return (
        proof.get("type") == "DataIntegrityProof"
        and proof.get("cryptosuite") == SUITE
        and proof.get("proofPurpose") == "assertionMethod"
        and read(proof.get("created")) is not None
    )


def _withdrawn(key: KnownKey, document: Json) -> Finding | None:
    """A key that its academy took back signs for nobody, and a retired one for nothing later."""
    if key.revoked_on is not None:
        says = _(
            "The academy revoked the key that signed this, on {day}. Ask the academy for a new certificate.",
            day=day_told(key.revoked_on),
        )
        return Finding(standing=Standing.UNKNOWN_ISSUER, says=says)
    stamp = document["proof"]["created"] if "proof" in document else document["awardedDate"]
    signed = read(stamp)
    if key.retired_on is not None and (signed is None or signed.date() > key.retired_on):
        says = _(
            "This says it was signed after its key was retired, on {day}. Do not rely on it; ask the academy.",
            day=day_told(key.retired_on),
        )
        return Finding(standing=Standing.UNKNOWN_ISSUER, says=says)
    return None


def _standing(document: Json, status: Mapping[str, StatusList], at: datetime) -> Finding:
    entry = document["credentialStatus"]
    found = status.get(entry["statusListCredential"])
    index = entry["statusListIndex"]
    is_set = found.is_set(int(index)) if found and index.isascii() and index.isdigit() else None
    known = Finding(
        standing=Standing.VALID,
        says=_("The academy signed this, no word was changed, and it is valid."),
        document=document,
        is_status_known=is_set is not None,
        status_of=found.published if found and is_set is not None else None,
    )
    if is_set:
        says = _("The academy signed this and has since revoked it: it is no longer valid.")
        return replace(known, standing=Standing.REVOKED, says=says)
    begins, ends = read(document["validFrom"]), read(document.get("validUntil"))
    if begins is None or begins > at:
        says = _(
            "The academy signed this. It is valid only from {day} on.", day=stamp_told(document["validFrom"])
        )
        return replace(known, standing=Standing.EARLY, says=says)
    if ends is not None and ends < at:
        says = _(
            "The academy signed this. It was valid until {day}: that day is over.",
            day=stamp_told(document["validUntil"]),
        )
        return replace(known, standing=Standing.EXPIRED, says=says)
    return known if is_set is not None else replace(known, says=NO_STATUS)


def _token(given: bytes | str | Json) -> str:
    if isinstance(given, dict):
        return ""
    data = _as_bytes(given).strip()
    return data.decode("ascii") if data.startswith(b"eyJ") and data.isascii() else ""


def _as_bytes(given: bytes | str) -> bytes:
    return given.encode("utf-8", "surrogatepass") if isinstance(given, str) else given
