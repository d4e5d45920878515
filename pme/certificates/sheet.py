"""From the frozen row to the printed sheet: the only road a certificate takes to paper."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from io import BytesIO

from pme.certificates.models import Certificate
from pme.certificates.pdf import CertificateSheet, render
from pme.certificates.press.look import Look
from pme.certificates.press.sheet import job_of
from pme.certificates.signing import PaperSigner, sign_pdf
from pme.press.keeper import Press
from pme.stores.home import CERTIFICATES, Store, put, read
from pme.words.isolating import undivided
from pme.words.speech import _, _n, speaking

FORM = b"1"
"""Raised when the printed form changes, so that kept files are made anew."""


def sheet_of(
    certificate: Certificate,
    *,
    public_url: str,
    replaces: str = "",
    is_demo: bool = False,
    qr_text: str = "",
    look: Look | None = None,
) -> CertificateSheet:
    """What is printed, as primitives, from the frozen row alone; `replaces` is the number of the one before."""
    with speaking(certificate.language):
        edition = undivided(certificate.edition_said)
    return CertificateSheet(
        number=certificate.number,
        code=certificate.code,
        holder_name=certificate.holder_name,
        holder_rank=certificate.holder_rank,
        academy_name=certificate.academy_name,
        academy_nation=certificate.academy_nation,
        course_title=certificate.course_title,
        course_version=certificate.course_sha256[:12],
        course_sha256=certificate.course_sha256,
        edition=edition,
        statement=certificate.statement,
        certificate_title=certificate.certificate_title,
        outcomes=tuple((str(text), str(level)) for _, text, level in certificate.outcomes),
        hours=certificate.hours,
        credits=certificate.ects,
        frameworks=_pairs(certificate.frameworks),
        result=f"{certificate.percent:.0f} %",
        issued_on=certificate.issued_on,
        valid_until=certificate.valid_until,
        replaces=replaces,
        language=certificate.language,
        verify_url=f"{public_url}/verify/{certificate.code}",
        qr_text=qr_text,
        is_demo=is_demo or certificate.is_demo,
        signatories=_pairs(certificate.signatories),
        look=look,
    )


def _pairs(kept: Iterable[Iterable[object]]) -> tuple[tuple[str, str], ...]:
    return tuple((str(first), str(second)) for first, second in kept)


@dataclass(frozen=True)
class Paper:
    """A certificate ready for the press: what is printed, what it carries, who signs it. No row, no session."""

    code: str
    sheet: CertificateSheet
    signer: PaperSigner | None = None
    attachment: bytes | None = None

    @property
    def digest(self) -> str:
        """What tells this paper from every other, also from one of the same words under another key."""
        certificate = self.signer.certificate_der if self.signer else b""
        told = (FORM, job_of(self.sheet, self.attachment), certificate)
        return sha256(b"\0".join(told)).hexdigest()[:16]


def paper_of(
    certificate: Certificate,
    *,
    public_url: str,
    replaces: str = "",
    qr_text: str = "",
    signer: PaperSigner | None = None,
    attachment: bytes | None = None,
    look: Look | None = None,
) -> Paper:
    """The paper of a frozen row; marked DEMO where a demo key signs it."""
    is_demo = signer is not None and signer.is_demo
    sheet = sheet_of(
        certificate,
        public_url=public_url,
        replaces=replaces,
        is_demo=is_demo,
        qr_text=qr_text,
        look=look,
    )
    return Paper(certificate.code, sheet, signer, attachment)


def pdf_of(paper: Paper, *, store: Store, within: float, at: datetime, press: Press | None = None) -> bytes:
    """The PDF of a certificate, signed at this time, made once within so many seconds and kept in the store.

    Its name there begins with the certificate's code. Raises Unavailable when it cannot be made just now,
    Invalid when it cannot be printed at all.
    """
    name = f"{CERTIFICATES}{paper.code}-{paper.digest}.pdf"
    if kept := read(store, name):
        return kept
    pdf = render(paper.sheet, paper.attachment, within=within, press=press)
    if paper.signer is not None:
        pdf = sign_pdf(pdf, paper.signer, at=at, reason=paper.sheet.number)
    put(store, name, BytesIO(pdf))
    return pdf


def hours_text(hours: float) -> str:
    """Workload in words, like “5 hours”."""
    if hours == int(hours):
        return _n("{n} hour", "{n} hours", int(hours))
    return _("{hours} hours", hours=f"{hours:g}")
