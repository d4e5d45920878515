"""A certificate on paper, as the doors hand it out: signed by its academy, with its credential inside, made once
and kept by its code.
"""

from pathlib import Path

from pme.certificates.credential import credential_of
from pme.certificates.models import Certificate
from pme.certificates.queries import number_before
from pme.certificates.sheet import paper_of, pdf_of
from pme.certificates.speaking import qr_text_of
from pme.keys.service import paper_signer
from pme.web.session import db_session
from pme.web.signin import keyring, now, settings


def printed(certificate: Certificate) -> bytes:
    """Its signed PDF. Nothing holds the database while it is made.

    Raises Unavailable when it cannot be made just now, or the academy has no key to sign it with.
    """
    place, session = settings(), db_session()
    signer = paper_signer(session, certificate.academy_id, keyring=keyring(), at=now())
    kept_in = place.instance_dir / "certificates"
    paper = paper_of(
        certificate,
        public_url=place.public_url,
        replaces=number_before(session, certificate),
        qr_text=qr_text_of(session, certificate, public_url=place.public_url, keyring=keyring()),
        signer=signer,
        attachment=_credential(certificate, kept_in) if certificate.holder_name else None,
    )
    session.rollback()
    return pdf_of(paper, kept_in=kept_in, within=place.print_seconds, at=now())


def _credential(certificate: Certificate, kept_in: Path) -> bytes:
    public_url, keys = settings().public_url, keyring()
    return credential_of(
        db_session(), certificate, public_url=public_url, keyring=keys, kept_in=kept_in, at=now()
    )
