"""The sheets that the bench prints: a certificate, and a bare page as its reference."""

from datetime import date

import weasyprint

from pme.certificates.pdf import CertificateSheet

SHEET = CertificateSheet(
    number="BENCH-2026-000001",
    code="ABCDEFGHJKMNPQRSTVWXYZ23",
    holder_name="Robin Adams",
    holder_rank="Captain",
    academy_name="Bench Academy",
    academy_nation="Nowhere",
    course_title="Human Security Core",
    course_version="0123456789ab",
    statement="has completed the course and met its standard",
    certificate_title="Certificate of completion",
    outcomes=tuple(
        (text, "Apply") for text in ("Explain what matters.", "Respond with care.", "Refer rightly.")
    ),
    hours=5.0,
    result="92 %",
    issued_on=date(2026, 11, 23),
    language="en",
    verify_url="http://127.0.0.1/verify/ABCDEFGHJKMNPQRSTVWXYZ23",
    signatories=(("Jo Evans", "Director of Studies"),),
)


def bare() -> bytes:
    """The least that WeasyPrint can print."""
    pdf: bytes = weasyprint.HTML(string="<p>One line.</p>").write_pdf()
    return pdf
