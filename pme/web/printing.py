"""A certificate on paper, as the doors hand it out: made once, kept by its code."""

from pme.certificates.models import Certificate
from pme.certificates.sheet import pdf_of
from pme.web.signin import settings


def printed(certificate: Certificate) -> bytes:
    """Its PDF. Raises Unavailable when it cannot be made just now."""
    place = settings()
    return pdf_of(
        certificate,
        public_url=place.public_url,
        kept_in=place.instance_dir / "certificates",
        within=place.print_seconds,
    )
