"""What a file comes to: beside the record of the certificate that it says it is, field by field.

What is told (`pme.proving.reading`) came from a stranger's file; the record is this platform's own.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy.orm import Session

from pme.certificates.known import check_here, key_at
from pme.certificates.models import Certificate
from pme.certificates.queries import find_by_code, lineage_of
from pme.certificates.sheet import sheet_of
from pme.certificates.state import State
from pme.credentials import compact
from pme.credentials.times import day_told
from pme.keys import chains
from pme.keys.public import KeyKind, PublicKey
from pme.keys.queries import find_published, public_keys
from pme.proving.documents import differences_of, said_in
from pme.proving.printed import not_printed
from pme.proving.worth import STANDINGS, Difference, Proof, Worth
from pme.words.lazily import lazy
from pme.words.speech import _

_LETTER = "[23456789ABCDEFGHJKMNPQRSTVWXYZ]"
CODE = re.compile(rf"(?<![A-Z0-9])(?:{_LETTER}{{4}}[- ]?){{5}}{_LETTER}{{4}}(?![A-Z0-9])")
MOST_NAMED = 20
NO_RECORD = lazy("The academy's key signed this, but there is no record of it. Ask the academy.")
ADDRESS_ONLY = lazy("The code holds an address only.")
COMPARE = lazy("Compare each line of the record with the paper in your hands.")
NO_CODE = lazy(
    "No code in this PDF belongs to a certificate of this platform. If one is printed on it, enter it by hand."
)
ORIGINAL = lazy("Ask the holder or the academy for the original file.")


STATES = {
    State.VALID: (Worth.VALID, lazy("The certificate is valid.")),
    State.REVOKED: (
        Worth.REVOKED,
        lazy("The academy has since revoked the certificate: it is no longer valid."),
    ),
    State.SUPERSEDED: (Worth.SUPERSEDED, lazy("The certificate has since been replaced by another.")),
    State.EXPIRED: (
        Worth.EXPIRED,
        lazy("The certificate has expired and was not renewed."),
    ),
}


def judge(session: Session, told: Mapping[str, Any], *, public_url: str, at: datetime) -> Proof:
    """What a file comes to, by all that this platform knows."""
    if told["kind"] == "code":
        return _of_code(session, told["text"], at)
    if told["kind"] == "credential":
        return _of_credential(session, told["text"], public_url, at)
    return _of_pdf(session, told, public_url, at)


def _of_code(session: Session, text: str, at: datetime) -> Proof:
    """A QR code: signed, or an older one with an address only."""
    if not compact.is_like_one(text):
        found = _named(session, text)
        if found is None:
            return Proof(Worth.UNKNOWN_ISSUER, (_("This QR code leads to no certificate of this platform."),))
        return _as_it_stands(session, found, at, (ADDRESS_ONLY, COMPARE))
    method = compact.method_in(text)
    key = key_at(session, method)
    verdict = compact.check(text, keys={method: key} if key else {}, withdrawn={}, at=at)
    if verdict.statement is None:
        return Proof(STANDINGS[verdict.standing], (verdict.says,))
    found = find_by_code(session, verdict.statement.code)
    if found is None:
        return Proof(Worth.UNPROVEN, (NO_RECORD,))
    return _as_it_stands(session, found, at, (_("The academy signed what the code says."), COMPARE))


def _of_credential(session: Session, text: str, public_url: str, at: datetime) -> Proof:
    finding = check_here(session, text, public_url=public_url, at=at)
    worth = STANDINGS[finding.standing]
    found = _named(session, " ".join(said_in(text)))
    if finding.document is None:
        differences = tuple(
            Difference(*each)
            for each in (differences_of(session, found, text, public_url=public_url) if found else ())
        )
        return Proof(worth, (finding.says,), differences, found)
    if found is None:
        return Proof(Worth.UNPROVEN, (NO_RECORD,))
    return _as_it_stands(session, found, at, (_("The academy signed this, and no word was changed."),))


def _of_pdf(session: Session, told: Mapping[str, Any], public_url: str, at: datetime) -> Proof:
    text, carried, signature = told["text"], told["credential"], told["signature"]
    found = _named(session, carried) or _named(session, text)
    if found is None:
        return _nobodys(session, text, carried, public_url, at)
    differences = tuple(not_printed(sheet_of(found, public_url=public_url), text))
    if carried:
        inside = _of_credential(session, carried, public_url, at)
        if inside.worth is Worth.ALTERED:
            return replace(
                inside, says=(_("The credential inside this PDF differs from what the academy signed."),)
            )
    key = _signing_key(session, found.academy_id, signature) if signature else None
    if signature and signature["fits"] and key and key.revoked_on is None:
        return _as_it_stands(session, found, at, (_("This is exactly the file that the academy signed."),))
    if differences:
        says = _("The text of this PDF differs from what was issued. Do not rely on it.")
        return Proof(Worth.ALTERED, (says,), differences, found)
    if signature is None and not told["is_whole"]:
        says = _(
            "The text matches, but the file is cut short, and the signature was at its end. {advice}",
            advice=ORIGINAL,
        )
    elif signature is None:
        says = _(
            "The text matches, but the signature is missing: the file was printed or saved again. {advice}",
            advice=ORIGINAL,
        )
    elif not signature["fits"]:
        says = _("The text matches, but the file was changed after it was signed. {advice}", advice=ORIGINAL)
        return Proof(Worth.ALTERED, (says,), (), found)
    elif key and key.revoked_on:
        says = _(
            "The academy revoked the key that signed this file, on {day}. Ask it for a new one.",
            day=day_told(key.revoked_on),
        )
    else:
        says = _(
            "The text matches, but somebody other than the academy signed this file. {advice}",
            advice=ORIGINAL,
        )
    stands = _as_it_stands(session, found, at, (says,))
    return replace(stands, worth=Worth.UNPROVEN if stands.worth is Worth.VALID else stands.worth)


def _nobodys(session: Session, text: str, carried: str, public_url: str, at: datetime) -> Proof:
    if carried:
        inside = _of_credential(session, carried, public_url, at)
        return replace(inside, worth=Worth.UNKNOWN_ISSUER if inside.worth is Worth.VALID else inside.worth)
    if not text.strip():
        says = _(
            "This PDF holds a picture and no text. Take a photo of its QR code instead, or enter its code."
        )
        return Proof(Worth.UNREADABLE, (says,))
    return Proof(Worth.UNKNOWN_ISSUER, (NO_CODE,))


def _as_it_stands(session: Session, found: Certificate, at: datetime, says: tuple[str, ...]) -> Proof:
    worth, sentence = STATES[lineage_of(session, found, at=at).this.state]
    said = (*says, sentence)
    if not found.holder_name:
        said = (*said, _("The holder's data have since been erased, so the name cannot be compared."))
    issuer = find_published(session, found.academy_id)
    is_demo = found.is_demo or (issuer is not None and issuer.is_demo)
    return Proof(worth, said, (), found, is_demo)


def _named(session: Session, text: str) -> Certificate | None:
    """The certificate that a text names by its code. Numbers can be guessed, so they open nothing."""
    for said in (text, "".join(text.split())):
        for code in list(dict.fromkeys(CODE.findall(said)))[:MOST_NAMED]:
            if (found := find_by_code(session, code)) is not None:
                return found
    return None


def _signing_key(session: Session, academy_id: int, signature: Mapping[str, Any]) -> PublicKey | None:
    """The key of the academy whose certificate signed, with no other chain than that key's own."""
    for key in public_keys(session, academy_id):
        if key.kind is KeyKind.P256 and key.chain:
            own, *above = (sha256(each).hexdigest() for each in chains.as_der(key.chain))
            if own == signature["by"] and {own, *above} == set(signature["chain"]):
                return key
    return None
