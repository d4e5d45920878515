"""A certificate ready for the press, for whoever hands it out: with its credential, its QR code, and who signs it."""

from datetime import datetime

from sqlalchemy.orm import Session

from pme.certificates.credential import credential_of
from pme.certificates.designs.design import Design
from pme.certificates.designs.queries import find_version, look_of
from pme.certificates.models import Certificate
from pme.certificates.press.look import Look
from pme.certificates.queries import number_before
from pme.certificates.sheet import Paper, paper_of
from pme.certificates.speaking import qr_text_of
from pme.errors import Unavailable
from pme.keys.keyring import Keyring
from pme.keys.signers import PaperSigner
from pme.stores.home import Store
from pme.words.speech import _


def certificate_look(session: Session, certificate: Certificate) -> Look | None:
    """The look of the design that a certificate was issued in; None for the house's."""
    if certificate.design_version_id is None:
        return None
    version = find_version(session, certificate.academy_id, certificate.design_version_id)
    if version is None:
        raise Unavailable(_("The design of this certificate is not there. It cannot be printed."))
    values = {
        "holder": certificate.holder_name,
        "rank": certificate.holder_rank,
        "number": certificate.number,
        "course": certificate.course_title,
        "academy": certificate.academy_name,
        "nation": certificate.academy_nation,
    }
    design = Design.from_json(version.content)
    return look_of(session, certificate.academy_id, design, language=certificate.language, values=values)


def paper_for(
    session: Session,
    certificate: Certificate,
    *,
    public_url: str,
    store: Store,
    keyring: Keyring,
    signer: PaperSigner,
    at: datetime,
) -> Paper:
    """The paper of a certificate. Of one whose holder is erased there is no credential to carry.

    Raises Unavailable when the academy has no key to sign with.
    """
    credential = None
    if certificate.holder_name:
        credential = credential_of(
            session,
            certificate,
            public_url=public_url,
            keyring=keyring,
            store=store,
            at=at,
        )
    return paper_of(
        certificate,
        public_url=public_url,
        replaces=number_before(session, certificate),
        qr_text=qr_text_of(session, certificate, public_url=public_url, keyring=keyring),
        signer=signer,
        attachment=credential,
        look=certificate_look(session, certificate),
    )
