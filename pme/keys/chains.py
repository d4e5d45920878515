"""Certificates (X.509) of the keys that sign PDF files: an academy's own authority, or a chain from outside. Pure.

The authority signs certificates and nothing else. What it signs lives so long because a file must be provable in
ten years: no service of time stamps is assumed, so the certificate has to be in date when the file is checked.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from pme.errors import Invalid

YEAR = timedelta(days=365.25)
AUTHORITY_LASTS, CERTIFICATE_LASTS = 40 * YEAR, 15 * YEAR
BEFORE = timedelta(hours=1)
"""Clocks of those who check may be slow."""
LONGEST_NAME = 64
"""Of one part of a name, in bytes of UTF-8, as the library counts it (RFC 5280, appendix A: characters)."""
DEMO = "DEMO – "


@dataclass(frozen=True)
class Pair:
    """A private key (PKCS #8 in DER), its public part (SubjectPublicKeyInfo in DER) and its chain in PEM."""

    private: bytes = field(repr=False)
    public: bytes
    chain: str


def new_authority(academy: str, nation: str, *, is_demo: bool, at: datetime) -> Pair:
    """A fresh authority of an academy, which says of itself that it is one."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name(academy, nation, "Signing authority", is_demo=is_demo)
    own = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    made = (
        _begun(name, name, key.public_key(), at, AUTHORITY_LASTS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(own, critical=False)
        .sign(key, SHA256())
    )
    return _pair(key, [made])


def new_certificate(authority: Pair, academy: str, nation: str, *, is_demo: bool, at: datetime) -> Pair:
    """A fresh key that signs files, with a certificate of the academy's authority."""
    key, above = ec.generate_private_key(ec.SECP256R1()), _key(authority.private)
    (root,) = certificates_in(authority.chain)
    name = _name(academy, nation, "Certificates and records", is_demo=is_demo)
    made = (
        _begun(name, root.subject, key.public_key(), at, CERTIFICATE_LASTS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(above.public_key()), critical=False)
        .sign(above, SHA256())
    )
    return _pair(key, [made, root])


def lasts_long_enough(authority_chain: str, at: datetime) -> bool:
    """Whether an authority outlives a certificate that it would sign now."""
    (root,) = certificates_in(authority_chain)
    return root.not_valid_after_utc >= at + CERTIFICATE_LASTS


def is_in_date(chain: str, at: datetime) -> bool:
    """Whether every certificate of a chain is in date."""
    return all(one.not_valid_before_utc <= at <= one.not_valid_after_utc for one in certificates_in(chain))


def certificates_in(chain: str) -> list[x509.Certificate]:
    """The certificates of a chain in PEM."""
    return x509.load_pem_x509_certificates(chain.encode())


def as_der(chain: str) -> tuple[bytes, ...]:
    """The same as DER, one for each."""
    return tuple(one.public_bytes(Encoding.DER) for one in certificates_in(chain))


def taken_in(key: bytes, chain: bytes, *, password: bytes | None, at: datetime) -> Pair:
    """A key and its chain as a nation's own authority gave them, both in PEM, put in order.

    Raises Invalid, saying what is wrong: not readable, not P-256, not of each other, out of date, not for signing.
    """
    private = _read_key(key, password)
    try:
        given = x509.load_pem_x509_certificates(chain)
    except ValueError as error:
        raise Invalid(
            "The chain cannot be read. Give a file of certificates in PEM.", field="chain"
        ) from error
    spki = _spki(private.public_key())
    own = next((one for one in given if _spki_of(one) == spki), None)
    if own is None:
        raise Invalid("No certificate of the chain belongs to this key. Give its own, too.", field="chain")
    ordered = _ordered(own, [one for one in given if one is not own])
    if len(ordered) != len(given):
        raise Invalid(
            "The certificates do not form one chain: each must be issued by the next. Leave out the others.",
            field="chain",
        )
    for one in ordered:
        if not one.not_valid_before_utc <= at <= one.not_valid_after_utc:
            raise Invalid(
                f"The certificate “{one.subject.rfc4514_string()}” is not in date: it counts from "
                f"{one.not_valid_before_utc:%d %B %Y} to {one.not_valid_after_utc:%d %B %Y}.",
                field="chain",
            )
    if not _may_sign(own):
        raise Invalid(
            "This certificate is not for signing documents: its key usage lacks digitalSignature and "
            "nonRepudiation. Ask your authority for one that is.",
            field="chain",
        )
    return _pair(private, ordered)


def _read_key(pem: bytes, password: bytes | None) -> ec.EllipticCurvePrivateKey:
    wrong = "The key cannot be read. Give a private key in PEM, and its password in PME_KEY_PASSWORD if it has one."
    try:
        private = load_pem_private_key(pem, password)
    except (ValueError, TypeError) as error:
        raise Invalid(wrong, field="key") from error
    if not isinstance(private, ec.EllipticCurvePrivateKey) or not isinstance(private.curve, ec.SECP256R1):
        raise Invalid("Give a key on the curve P-256 (also called prime256v1 and secp256r1).", field="key")
    return private


def _ordered(own: x509.Certificate, others: list[x509.Certificate]) -> list[x509.Certificate]:
    ordered = [own]
    while above := next((one for one in others if one not in ordered and _issued(ordered[-1], one)), None):
        ordered.append(above)
    return ordered


def _issued(one: x509.Certificate, by: x509.Certificate) -> bool:
    try:
        one.verify_directly_issued_by(by)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _may_sign(one: x509.Certificate) -> bool:
    try:
        usage = one.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return usage.digital_signature or usage.content_commitment


def _name(academy: str, nation: str, unit: str, *, is_demo: bool) -> x509.Name:
    mark = DEMO if is_demo else ""
    said = (
        (NameOID.COMMON_NAME, f"{mark}{academy}"),
        (NameOID.ORGANIZATIONAL_UNIT_NAME, f"{mark}{unit}"),
        (NameOID.ORGANIZATION_NAME, f"{academy}, {nation}" if nation else academy),
    )
    return x509.Name([x509.NameAttribute(part, _cut(text)) for part, text in reversed(said)])


def _cut(text: str) -> str:
    return text.encode()[:LONGEST_NAME].decode(errors="ignore").strip()


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _begun(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, at: datetime, lasts: timedelta
) -> x509.CertificateBuilder:
    whole = at.replace(microsecond=0)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(whole - BEFORE)
        .not_valid_after(whole + lasts)
    )


def _pair(key: ec.EllipticCurvePrivateKey, chain: Sequence[x509.Certificate]) -> Pair:
    return Pair(
        private=key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()),
        public=_spki(key.public_key()),
        chain="".join(one.public_bytes(Encoding.PEM).decode() for one in chain),
    )


def _key(private: bytes) -> ec.EllipticCurvePrivateKey:
    key = load_der_private_key(private, None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)  # noqa: S101  (kept as such)
    return key


def _spki(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _spki_of(one: x509.Certificate) -> bytes:
    return one.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
