"""A chain of certificates for tests: a root, an academy's issuing certificate, and the one that signs."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

BEGINS = datetime(2026, 1, 1, tzinfo=UTC)
YEARS = timedelta(days=3650)


@dataclass(frozen=True)
class TestSigner:
    """A paper signer as the keys of an academy give it."""

    __test__ = False

    private_key_der: bytes
    certificate_der: bytes
    chain_der: tuple[bytes, ...]
    is_demo: bool = False

    @property
    def root_der(self) -> bytes:
        return self.chain_der[-1]


@cache
def signer(academy: str = "Northern Defence Academy") -> TestSigner:
    """The signer of an academy, with a chain of its own; made once."""
    keys = [generate_private_key(SECP256R1()) for _ in range(3)]
    names = [_name(academy, what) for what in ("root", "issuing", "certificates")]
    root = _certificate(names[0], keys[0], names[0], keys[0], path=1)
    issuing = _certificate(names[1], keys[1], names[0], keys[0], path=0)
    leaf = _certificate(names[2], keys[2], names[1], keys[1], path=None)
    return TestSigner(
        keys[2].private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()),
        *(each.public_bytes(Encoding.DER) for each in (leaf,)),
        tuple(each.public_bytes(Encoding.DER) for each in (issuing, root)),
    )


def _name(academy: str, what: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, academy),
            x509.NameAttribute(NameOID.COMMON_NAME, f"{academy} {what}"),
        ]
    )


def _certificate(
    subject: x509.Name,
    key: EllipticCurvePrivateKey,
    issuer: x509.Name,
    issuer_key: EllipticCurvePrivateKey,
    *,
    path: int | None,
) -> x509.Certificate:
    signs = path is None
    usage = x509.KeyUsage(
        digital_signature=signs,
        content_commitment=signs,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=not signs,
        crl_sign=not signs,
        encipher_only=False,
        decipher_only=False,
    )
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(BEGINS)
        .not_valid_after(BEGINS + YEARS)
        .add_extension(x509.BasicConstraints(ca=not signs, path_length=path), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False
        )
        .sign(issuer_key, hashes.SHA256())
    )
