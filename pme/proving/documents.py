"""Which field of a credential differs from the record of its certificate."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from pme.certificates.credential import facts_of
from pme.certificates.models import Certificate
from pme.credentials.jwt import claims_in
from pme.credentials.making import credential
from pme.credentials.reading import read_json
from pme.errors import Invalid
from pme.people.models import Academy
from pme.words.lazily import lazy, lazy_p

MOST_TOLD = 20
LONGEST = 160
NAMES = {
    "name": lazy("Course"),
    "issuer.name": lazy("Academy"),
    "issuer.id": lazy("Academy's identifier"),
    "issuer.address": lazy_p("of a certificate", "Nation"),
    "validFrom": lazy("Valid from"),
    "validUntil": lazy("Valid until"),
    "awardedDate": lazy("Issued on"),
    "credentialStatus": lazy("Place in the revocation list"),
    "credentialSubject.identifier.0.identityHash": lazy("Holder"),
    "credentialSubject.identifier.1.identityHash": lazy("Rank"),
    "credentialSubject.licenseNumber": lazy("Number"),
    "credentialSubject.result.0.value": lazy("Result"),
    "credentialSubject.result.1.value": lazy("Workload"),
    "credentialSubject.creditsEarned": lazy("Credits"),
    "credentialSubject.achievement.name": lazy("Course"),
    "credentialSubject.achievement.version": lazy("Edition"),
    "credentialSubject.achievement.criteria": lazy_p("of a certificate", "Statement"),
    "credentialSubject.achievement.alignment": lazy("Outcomes and levels"),
    "evidence": lazy("Replaces"),
    "id": lazy("Address"),
}
HOLDER = "credentialSubject.identifier"
SIGNED_APART = ("proof", "iss", "jti", "sub", "nbf", "exp")


def differences_of(
    session: Session, certificate: Certificate, text: str, *, public_url: str
) -> list[tuple[str, str, str]]:
    """The fields in which a credential differs from the record: (field, on record, in the file).

    Nothing where it cannot be read. An erased holder's name is not asked for.
    """
    given = _document(text)
    if not given:
        return []
    academy = session.scalars(select(Academy).where(Academy.id == certificate.academy_id)).one()
    before = session.scalar(
        select(Certificate.code).where(
            Certificate.academy_id == certificate.academy_id, Certificate.id == certificate.replaces_id
        )
    )
    issued = credential(facts_of(certificate, academy, public_url=public_url, before=before))
    own, other = (
        dict(_leaves(issued)),
        dict(_leaves({k: v for k, v in given.items() if k not in SIGNED_APART})),
    )
    found = [
        (_named(path), own.get(path, ""), other.get(path, "")[:LONGEST])
        for path in dict.fromkeys([*own, *other])
        if own.get(path) != other.get(path) and (certificate.holder_name or not path.startswith(HOLDER))
    ]
    return found[:MOST_TOLD]


def said_in(text: str) -> list[str]:
    """Every value that a credential holds, whoever wrote it; nothing where it cannot be read."""
    return [value for _, value in _leaves(_document(text))]


def _document(text: str) -> dict[str, Any]:
    try:
        return claims_in(text.strip()) if text.lstrip().startswith("eyJ") else read_json(text.encode())
    except Invalid:
        return {}


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _leaves(each, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for place, each in enumerate(value):
            yield from _leaves(each, f"{path}.{place}")
    else:
        yield path, str(value)


def _named(path: str) -> str:
    """A field as people call it; one without a name is called by its path."""
    return next(
        (name for begin, name in NAMES.items() if path == begin or path.startswith(f"{begin}.")), path[:80]
    )
