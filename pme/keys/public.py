"""What everybody may know of a key: its public part, when it signed, and how it is written for others. Pure.

A Multikey (W3C Controlled Identifiers 1.0, 2.2.2) is the multicodec number of the kind, then the key, in
base58btc after a "z": Ed25519 in its 32 bytes, P-256 as a compressed point.
"""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

import base58
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

GROUP = 4


class KeyKind(StrEnum):
    """What a key is made with, and so what it signs."""

    ED25519 = "ed25519"
    """Credentials, returns and what a QR code says (RFC 8032)."""
    P256 = "p256"
    """PDF files, with a certificate (X.509)."""
    AUTHORITY = "authority"
    """The certificates of an academy's P-256 keys, and nothing else."""


CODES = {KeyKind.ED25519: b"\xed\x01", KeyKind.P256: b"\x80\x24", KeyKind.AUTHORITY: b"\x80\x24"}
"""Multicodec numbers as varints: 0xed and 0x1200."""


@dataclass(frozen=True)
class PublicKey:
    """A key as it is published. `public` is raw (Ed25519) or its SubjectPublicKeyInfo in DER; `chain` is its
    certificates in PEM, its own first, "" where it has none.
    """

    label: str
    kind: KeyKind
    public: bytes
    created_at: datetime
    retired_at: datetime | None = None
    revoked_at: datetime | None = None
    revoked_reason: str = ""
    chain: str = ""
    is_demo: bool = False

    @property
    def created_on(self) -> date:
        """The day on which it began to sign."""
        return self.created_at.date()

    @property
    def retired_on(self) -> date | None:
        """The day on which another took its place; what it signed before stays good."""
        return self.retired_at.date() if self.retired_at else None

    @property
    def revoked_on(self) -> date | None:
        """The day since which nothing that it signed is to be believed."""
        return self.revoked_at.date() if self.revoked_at else None

    @property
    def is_current(self) -> bool:
        """Whether it signs now."""
        return self.retired_at is None and self.revoked_at is None

    @property
    def fingerprint(self) -> str:
        """The key as people compare it."""
        return fingerprint(self.public)

    @property
    def multibase(self) -> str:
        """The key as a Multikey."""
        raw = self.public if self.kind is KeyKind.ED25519 else _point(self.public)
        return "z" + base58.b58encode(CODES[self.kind] + raw).decode()

    @property
    def pem(self) -> str:
        """The key as a SubjectPublicKeyInfo in PEM, as most programs read it."""
        key = (
            Ed25519PublicKey.from_public_bytes(self.public)
            if self.kind is KeyKind.ED25519
            else load_der_public_key(self.public)
        )
        return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def fingerprint(public: bytes) -> str:
    """The first 20 bytes of the SHA-256 of a public key, in groups of four."""
    digest = hashlib.sha256(public).hexdigest()[:40].upper()
    return " ".join(digest[start : start + GROUP] for start in range(0, len(digest), GROUP))


def _point(public: bytes) -> bytes:
    key = load_der_public_key(public)
    assert isinstance(key, EllipticCurvePublicKey)  # noqa: S101  (kept as such)
    return key.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
