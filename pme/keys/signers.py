"""Keys in use: what signs, for as long as one act takes. Nothing of a private part shows when they are printed."""

from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


@dataclass(frozen=True)
class Signer:
    """Signs messages with Ed25519 (RFC 8032); `public` is the other part, in 32 bytes."""

    label: str
    public: bytes
    is_demo: bool
    key_id: int
    _private: Ed25519PrivateKey = field(repr=False)

    def sign(self, message: bytes) -> bytes:
        """The signature of a message, in 64 bytes."""
        return self._private.sign(message)


@dataclass(frozen=True)
class PaperSigner:
    """What signs PDF files: a P-256 key (PKCS #8), its certificate, and those above it, all in DER."""

    label: str
    private_key_der: bytes = field(repr=False)
    certificate_der: bytes
    chain_der: tuple[bytes, ...]
    is_demo: bool
    key_id: int
