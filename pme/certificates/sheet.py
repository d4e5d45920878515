"""From the frozen row to the printed sheet: the only road a certificate takes to paper."""

from pathlib import Path

from pme.certificates.models import Certificate
from pme.certificates.pdf import CertificateSheet, render


def sheet_of(certificate: Certificate, *, public_url: str) -> CertificateSheet:
    """What is printed, as primitives, from the frozen row alone."""
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
        statement=certificate.statement,
        certificate_title=certificate.certificate_title,
        outcomes=tuple((text, "") for text in certificate.outcomes),
        hours=certificate.hours,
        result=f"{certificate.percent:.0f} %",
        issued_on=certificate.issued_on,
        language=certificate.language,
        verify_url=f"{public_url}/verify/{certificate.code}",
        signatories=tuple((str(name), str(role)) for name, role in certificate.signatories),
    )


def pdf_of(certificate: Certificate, *, public_url: str, kept_in: Path, within: float) -> bytes:
    """The PDF of a certificate, made once within so many seconds and kept in a folder under its code.

    Raises Unavailable when it cannot be made just now.
    """
    path = kept_in / f"{certificate.code}.pdf"
    if path.is_file():
        return path.read_bytes()
    pdf = render(sheet_of(certificate, public_url=public_url), within=within)
    kept_in.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{id(pdf):x}.part")
    part.write_bytes(pdf)
    part.replace(path)
    return pdf


def hours_text(hours: float) -> str:
    """Workload in words, like “5 hours”."""
    number = f"{hours:g}"
    return f"{number} hour" if number == "1" else f"{number} hours"
