"""A PAdES signature by pyHanko, so that PDF/A-3a and PDF/UA-1 hold after it as before.

Two habits of pyHanko would break them: it writes the description of the file (XMP) anew with each
increment, and it draws its own picture of the signature in a font that is not embedded.
"""

import asyncio
import io
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from asn1crypto.keys import PrivateKeyInfo
from asn1crypto.x509 import Certificate
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.stamp import BaseStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from pme.certificates.press.form import SIGNATURE_FIELD
from pme.certificates.signing import PaperSigner

DIGEST = "sha256"
UNCLEAR = b"\r\nendstream"
"""How a stream of pyHanko ends whose last byte a checker takes for the end of a line: once in 256 files. A
little more room moves what it lists, and with it that byte."""
ROOM = 2 * 2_048
"""Hexadecimal digits kept for the signature itself; each certificate takes its own length besides."""


def signed(pdf: bytes, paper_signer: PaperSigner, *, at: datetime, reason: str) -> bytes:
    """The PDF with its empty field signed; the signature allows no change after it.

    pyHanko runs an event loop and would refuse where one runs already: there this takes a thread of its own. Anywhere
    else it takes none, since starting one never returns where the system has no memory for it.
    """
    if not _is_in_a_loop():
        return _signed(pdf, paper_signer, at, reason)
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(_signed, pdf, paper_signer, at, reason).result()


def _is_in_a_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _signed(pdf: bytes, paper_signer: PaperSigner, at: datetime, reason: str) -> bytes:
    metadata = PdfSignatureMetadata(
        field_name=SIGNATURE_FIELD,
        md_algorithm=DIGEST,
        subfilter=SigSeedSubFilter.PADES,
        reason=reason,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
    )
    signer = _Signer(metadata, _signer(paper_signer), at)
    certificates = (paper_signer.certificate_der, *paper_signer.chain_der)
    room = ROOM + 2 * sum(map(len, certificates))
    whole = _increment(pdf, signer, room)
    while UNCLEAR in whole[len(pdf) :]:
        room += 2
        whole = _increment(pdf, signer, room)
    return whole


def _increment(pdf: bytes, signer: PdfSigner, room: int) -> bytes:
    output = io.BytesIO()
    signer.sign_pdf(
        _Increment(io.BytesIO(pdf)), existing_fields_only=True, bytes_reserved=room, output=output
    )
    return output.getvalue()


class _Increment(IncrementalPdfFileWriter):
    """An increment that leaves the description of the file as it was printed."""

    def _update_meta(self) -> None:
        pass


class _NoPicture(BaseStampStyle):
    """The seal is printed already; the field over it stays clear."""

    def create_stamp(self, *_: Any) -> None:
        return None


class _Signer(PdfSigner):
    """Signs at the time given and not at the time of the machine."""

    def __init__(self, metadata: PdfSignatureMetadata, signer: SimpleSigner, at: datetime) -> None:
        super().__init__(metadata, signer, stamp_style=_NoPicture())
        self._at = at

    def init_signing_session(self, *args: Any, **named: Any) -> Any:
        session = super().init_signing_session(*args, **named)
        session.system_time = self._at
        return session


def _signer(paper_signer: PaperSigner) -> SimpleSigner:
    known = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    known.register_multiple(map(Certificate.load, paper_signer.chain_der))
    return SimpleSigner(
        signing_cert=Certificate.load(paper_signer.certificate_der),
        signing_key=PrivateKeyInfo.load(paper_signer.private_key_der),
        cert_registry=known,
    )
