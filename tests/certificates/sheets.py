"""Sheets to print: one as most are, and the ways in which others differ from it."""

from datetime import date

from pme.certificates.pdf import CertificateSheet

OUTCOMES = (
    "Explain what NATO means by human security and name its five areas",
    "Recognise signs of trafficking and of conflict-related sexual violence",
    "Take the first steps of a survivor-centred response and do no harm",
    "Refer and report through the proper channels",
    "Look after yourself and your team after a disclosure",
)

ADAMS = CertificateSheet(
    number="NORTH-2026-000127",
    code="ABCDEFGHJKMNPQRSTVWXYZ23",
    holder_name="Łucja Adams-Ośmiałowska",
    holder_rank="Captain",
    academy_name="Northern Defence Academy",
    academy_nation="Northland",
    course_title="Human Security Core",
    course_version="3f9c2a71be04",
    statement="has completed the course and met its standard",
    certificate_title="Certificate of completion",
    outcomes=OUTCOMES,
    hours="5 hours",
    result="87 %",
    issued_on=date(2026, 11, 23),
    language="en",
    verify_url="https://pme.example/verify/ABCDEFGHJKMNPQRSTVWXYZ23",
    signatories=(("Col. Jo Evans", "Commandant"), ("Dr Ilze Bērziņa", "Director of Studies")),
)
