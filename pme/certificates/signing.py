"""The academy's signature on paper: who may give it, and how a printed PDF is signed.

The press never sees a key. It leaves an empty field; here the field is filled after the printing, in
an increment that leaves each printed byte as it was.
"""

from datetime import datetime

from pme.keys.signers import PaperSigner

__all__ = ["PaperSigner", "sign_pdf"]


def sign_pdf(pdf: bytes, paper_signer: PaperSigner, *, at: datetime, reason: str) -> bytes:
    """The PDF signed by the academy (PAdES, level B-B), who certifies that nothing in it may change."""
    from pme.certificates.pades import signed  # noqa: PLC0415  (loads a large library when first needed)

    return signed(pdf, paper_signer, at=at, reason=reason)
