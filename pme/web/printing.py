"""A certificate on paper, as the doors hand it out: signed by its academy, with its credential inside, made once
and kept by its code.
"""

from pme.certificates.handing import paper_for
from pme.certificates.models import Certificate
from pme.certificates.sheet import pdf_of
from pme.keys.service import paper_signer
from pme.web.session import db_session
from pme.web.signin import keyring, now, settings
from pme.web.stored import store


def printed(certificate: Certificate) -> bytes:
    """Its signed PDF. Nothing holds the database while it is made.

    Raises Unavailable when it cannot be made just now, or the academy has no key to sign it with.
    """
    place, session = settings(), db_session()
    paper = paper_for(
        session,
        certificate,
        public_url=place.public_url,
        store=store(),
        keyring=keyring(),
        signer=paper_signer(session, certificate.academy_id, keyring=keyring(), at=now()),
        at=now(),
    )
    session.rollback()
    return pdf_of(paper, store=store(), within=place.print_seconds, at=now())
