"""A certificate on paper, as the doors hand it out: signed by its academy, made once, kept by its code."""

from pme.certificates.models import Certificate
from pme.certificates.queries import number_before
from pme.certificates.sheet import paper_of, pdf_of
from pme.keys.service import paper_signer
from pme.web.session import db_session
from pme.web.signin import keyring, now, settings


def printed(certificate: Certificate) -> bytes:
    """Its signed PDF. Nothing holds the database while it is made.

    Raises Unavailable when it cannot be made just now, or the academy has no key to sign it with.
    """
    place, session = settings(), db_session()
    signer = paper_signer(session, certificate.academy_id, keyring=keyring(), at=now())
    paper = paper_of(
        certificate,
        public_url=place.public_url,
        replaces=number_before(session, certificate),
        signer=signer,
    )
    session.rollback()
    return pdf_of(paper, kept_in=place.instance_dir / "certificates", within=place.print_seconds, at=now())
