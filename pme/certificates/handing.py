"""A certificate ready for the press, for whoever hands it out: with its credential, its QR code, and who signs it."""

from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from pme.certificates.credential import credential_of
from pme.certificates.models import Certificate
from pme.certificates.queries import number_before
from pme.certificates.sheet import Paper, paper_of
from pme.certificates.speaking import qr_text_of
from pme.keys.keyring import Keyring
from pme.keys.signers import PaperSigner


def kept_in(instance_dir: Path) -> Path:
    """Where what was made of certificates lies."""
    return instance_dir / "certificates"


def paper_for(
    session: Session,
    certificate: Certificate,
    *,
    public_url: str,
    instance_dir: Path,
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
            kept_in=kept_in(instance_dir),
            at=at,
        )
    return paper_of(
        certificate,
        public_url=public_url,
        replaces=number_before(session, certificate),
        qr_text=qr_text_of(session, certificate, public_url=public_url, keyring=keyring),
        signer=signer,
        attachment=credential,
    )
