"""From the frozen row to what its QR code says, signed by the academy: provable without any network."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from pme.certificates.models import Certificate
from pme.credentials.compact import Statement, qr_text, short
from pme.keys.documents import Place
from pme.keys.keyring import Keyring
from pme.keys.service import signer
from pme.people.models import Academy

EDITION_LETTERS = 12
"""As many letters of the hash of the course as are printed."""


def statement_of(certificate: Certificate, method: str) -> Statement:
    """What is said of a certificate in short, under the key of this address."""
    ends = certificate.valid_until
    return Statement(
        method=method,
        code=certificate.code,
        number=certificate.number,
        holder=short(certificate.holder_name),
        rank=short(certificate.holder_rank),
        course=short(certificate.course_title),
        edition=certificate.course_sha256[:EDITION_LETTERS],
        percent=round(certificate.percent, 2),
        issued_on=certificate.issued_on.isoformat(),
        valid_until=ends.isoformat() if ends else "",
        status_list=certificate.status_list,
        status_index=certificate.status_index,
    )


def qr_text_of(session: Session, certificate: Certificate, *, public_url: str, keyring: Keyring) -> str:
    """What the code of a certificate holds. Raises Unavailable where the academy has no key."""
    slug = session.scalars(select(Academy.slug).where(Academy.id == certificate.academy_id)).one()
    sealing = signer(session, certificate.academy_id, keyring=keyring, at=certificate.issued_at)
    statement = statement_of(certificate, Place(public_url, slug).method(sealing.label))
    return qr_text(statement, address=f"{public_url}/verify/{certificate.code}", sign=sealing.sign)
