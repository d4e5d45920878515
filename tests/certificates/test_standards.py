"""The certificate as a file: archivable, accessible and signed at once, as independent checkers see it."""

import asyncio
import io
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import page
import pytest
from asn1crypto.x509 import Certificate
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from pme.certificates import pades, pdf
from pme.certificates.signing import sign_pdf
from tests.certificates.chain import signer
from tests.certificates.sheets import ADAMS, FULL, IN_ARABIC, IN_FRENCH, IN_UKRAINIAN

AT = datetime(2026, 11, 23, 10, tzinfo=UTC)
CREDENTIAL = json.dumps({"type": "VerifiableCredential", "name": "Łucja"}).encode()
STANDARDS = ("3a", "ua1")
LARGEST_FILE = 300_000
ROOT = signer().chain_der[-1]


def signed(sheet: pdf.CertificateSheet) -> bytes:
    paper = pdf.render(sheet, CREDENTIAL)
    return sign_pdf(paper, signer(), at=AT, reason=f"Certificate {sheet.number}")


@pytest.fixture(scope="module")
def adams() -> bytes:
    return signed(FULL)


def faults(paper: bytes) -> list[str]:
    """What an independent checker says against each of the two standards."""
    reports = [page.validate_pdf_bytes(paper, profile=standard) for standard in STANDARDS]
    return [f"{each.rule_id}: {each.message}" for report in reports for each in report.failures]


def standing(paper: bytes, *, trusting: bytes) -> PdfSignatureStatus:
    """What pyHanko's validator finds, trusting one root and asking nobody."""
    context = ValidationContext(trust_roots=[Certificate.load(trusting)], allow_fetching=False, moment=AT)
    (found,) = PdfFileReader(io.BytesIO(paper)).embedded_signatures
    with ThreadPoolExecutor(1) as thread:  # it runs a loop of its own, and a browser's may run in this one
        return thread.submit(validate_pdf_signature, found, context).result()


@pytest.mark.parametrize(
    "sheet",
    [FULL, replace(ADAMS, is_demo=True), IN_FRENCH, IN_UKRAINIAN, IN_ARABIC],
    ids=["full", "demo", "french", "ukrainian", "arabic"],
)
def test_signed_and_with_its_credential_it_is_archivable_and_accessible(sheet: pdf.CertificateSheet):
    paper = signed(sheet)
    assert faults(paper) == []
    assert standing(paper, trusting=ROOT).bottom_line
    assert len(paper) < LARGEST_FILE


def test_unsigned_it_is_archivable_and_accessible_too():
    assert faults(pdf.render(replace(ADAMS, signatories=()))) == []


def test_a_thread_that_has_an_event_loop_signs_too():
    async def sign_here() -> bytes:
        return signed(ADAMS)

    with ThreadPoolExecutor(1) as thread:  # one with a loop of its own, whatever runs in this one
        paper = thread.submit(asyncio.run, sign_here()).result()
    assert standing(paper, trusting=ROOT).bottom_line


def test_the_checker_sees_what_is_wrong(adams: bytes):
    assert faults(adams.replace(b'pdfuaid:part="1"', b'pdfuaid:part="7"'))
    assert faults(adams.replace(b'pdfaid:part="3"', b'pdfaid:part="9"'))


def test_the_signature_covers_the_whole_file_and_allows_no_change(adams: bytes):
    found = standing(adams, trusting=ROOT)
    assert found.bottom_line
    assert found.coverage is SignatureCoverageLevel.ENTIRE_FILE
    assert found.docmdp_ok
    (signature,) = PdfFileReader(io.BytesIO(adams)).embedded_signatures
    assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    assert signature.sig_object["/Reason"] == f"Certificate {FULL.number}"
    assert signature.self_reported_timestamp == AT


def test_a_changed_byte_or_another_root_is_no_valid_signature(adams: bytes):
    middle = adams.index(b"stream") + 40
    changed = adams[:middle] + bytes([adams[middle] ^ 1]) + adams[middle + 1 :]
    assert not standing(changed, trusting=ROOT).intact
    stranger = standing(adams, trusting=signer("Southern Staff College").chain_der[-1])
    assert stranger.intact
    assert not stranger.bottom_line


def test_signing_leaves_every_printed_byte():
    paper = pdf.render(FULL, CREDENTIAL)
    assert signed(FULL).startswith(paper)


def test_the_credential_travels_within_the_file(adams: bytes):
    root = PdfFileReader(io.BytesIO(adams)).root
    name, reference = root["/Names"]["/EmbeddedFiles"]["/Names"]
    specification = reference.get_object()
    assert name == "credential.jsonld"
    assert specification["/AFRelationship"] == "/Source"
    assert list(root["/AF"]) == [reference]
    assert specification["/EF"]["/F"]["/Subtype"] == "/application/ld+json"
    assert specification["/EF"]["/F"].data == CREDENTIAL


def test_every_stream_ends_where_a_checker_can_tell(monkeypatch: pytest.MonkeyPatch):
    paper = pdf.render(FULL, CREDENTIAL)
    assert paper.count(b"endstream") == paper.count(b"\r\nendstream") > 5
    rooms: list[int] = []

    def increment(pdf: bytes, signer: object, room: int) -> bytes:
        rooms.append(room)
        return pdf + (b"\r\nendstream" if len(rooms) < 3 else b"\nendstream")

    monkeypatch.setattr(pades, "_increment", increment)
    assert sign_pdf(paper, signer(), at=AT, reason="").endswith(b"\nendstream")
    assert len(set(rooms)) == 3
