"""From the frozen row to the signed credential: made once under the academy's key, and kept beside the PDF."""

from dataclasses import replace
from datetime import UTC, datetime, time
from io import BytesIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from pme.certificates.models import Certificate
from pme.credentials.facts import CredentialFacts, Outcome
from pme.credentials.jwt import as_jwt
from pme.credentials.making import as_bytes, credential, secured
from pme.credentials.reading import read_json
from pme.errors import NotFound
from pme.keys.documents import Place
from pme.keys.keyring import Keyring
from pme.keys.queries import public_keys
from pme.keys.service import signer
from pme.people.models import Academy
from pme.stores.home import CERTIFICATES, Store, put, read
from pme.words.lazily import lazy

LAST_MOMENT = time(23, 59, 59, tzinfo=UTC)
ERASED = lazy(
    "The name of the holder is no longer kept, so there is no credential to hand out. "
    "The certificate itself can still be verified."
)


def facts_of(
    certificate: Certificate, academy: Academy, *, public_url: str, before: str | None
) -> CredentialFacts:
    """What a certificate says, for its credential. `before` is the code of the one that it corrects or renews."""
    place = Place(public_url, academy.slug)
    ends = certificate.valid_until
    return CredentialFacts(
        id_url=address_of(certificate.code, public_url=public_url),
        status_list_url=list_address(place, certificate.status_list),
        status_index=certificate.status_index,
        number=certificate.number,
        holder_name=certificate.holder_name,
        holder_rank=certificate.holder_rank,
        course_slug=certificate.course,
        course_title=certificate.course_title,
        edition=certificate.edition,
        course_sha256=certificate.course_sha256,
        description=certificate.certificate_title,
        criteria=certificate.statement,
        outcomes=tuple(
            Outcome(code=str(code or f"outcome-{number}"), text=str(words), level=str(level))
            for number, (code, words, level) in enumerate(certificate.outcomes, 1)
        ),
        hours=certificate.hours,
        ects=certificate.ects,
        frameworks=tuple((str(name), str(level)) for name, level in certificate.frameworks),
        percent=certificate.percent,
        language=certificate.language,
        academy_name=certificate.academy_name,
        academy_nation=certificate.academy_nation,
        issuer_did=place.did,
        issuer_url=place.issuer_url,
        issued_at=certificate.issued_at,
        valid_from=certificate.issued_at,
        valid_until=datetime.combine(ends, LAST_MOMENT) if ends else None,
        replaces=address_of(before, public_url=public_url) if before else None,
        is_demo=certificate.is_demo,
    )


def address_of(code: str, *, public_url: str) -> str:
    """Where a certificate is verified, which is also what names it."""
    return f"{public_url}/verify/{code}"


def list_address(place: Place, status_list: int) -> str:
    """Where an academy's status list is published."""
    return f"{place.url}/status/{status_list}"


def credential_of(
    session: Session,
    certificate: Certificate,
    *,
    public_url: str,
    keyring: Keyring,
    store: Store,
    at: datetime,
) -> bytes:
    """The signed credential of a certificate, in the bytes in which it is always handed out.

    Signed at the first asking and kept in the store under the certificate's code; signed anew only when the key was
    revoked since. What a demo key signs is marked. Raises NotFound when the holder's name is no longer kept,
    Unavailable when the academy has no key.
    """
    if not certificate.holder_name:
        raise NotFound(ERASED)
    place = _place(session, certificate, public_url)
    name = f"{CERTIFICATES}{certificate.code}.json"
    kept = read(store, name)
    if kept and _is_good(session, certificate, place, kept):
        return kept
    sealing = signer(session, certificate.academy_id, keyring=keyring, at=at)
    document = _unsigned(session, certificate, public_url, is_demo=sealing.is_demo)
    made = as_bytes(secured(document, sign=sealing.sign, method=place.method(sealing.label), created=at))
    if kept:
        put(store, name, BytesIO(made))
        return made
    return store.put_once(name, made)  # others may ask at the same moment: there is one credential only


def token_of(
    session: Session, certificate: Certificate, *, public_url: str, keyring: Keyring, at: datetime
) -> str:
    """The same claims as a JWT. Raises as `credential_of`."""
    if not certificate.holder_name:
        raise NotFound(ERASED)
    sealing = signer(session, certificate.academy_id, keyring=keyring, at=at)
    method = _place(session, certificate, public_url).method(sealing.label)
    document = _unsigned(session, certificate, public_url, is_demo=sealing.is_demo)
    return as_jwt(document, sign=sealing.sign, method=method)


def _unsigned(
    session: Session, certificate: Certificate, public_url: str, *, is_demo: bool
) -> dict[str, object]:
    academy = session.scalars(select(Academy).where(Academy.id == certificate.academy_id)).one()
    before = session.scalar(
        select(Certificate.code).where(
            Certificate.academy_id == certificate.academy_id, Certificate.id == certificate.replaces_id
        )
    )
    facts = facts_of(certificate, academy, public_url=public_url, before=before)
    return credential(replace(facts, is_demo=facts.is_demo or is_demo))


def _place(session: Session, certificate: Certificate, public_url: str) -> Place:
    slug = session.scalars(select(Academy.slug).where(Academy.id == certificate.academy_id)).one()
    return Place(public_url, slug)


def _is_good(session: Session, certificate: Certificate, place: Place, kept: bytes) -> bool:
    method = read_json(kept)["proof"]["verificationMethod"]
    keys = public_keys(session, certificate.academy_id)
    return method in [place.method(key.label) for key in keys if key.revoked_on is None]
