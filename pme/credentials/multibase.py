"""Bytes written as text with a letter that says how: z for base58btc, u for base64url (Multibase)."""

from base64 import urlsafe_b64decode, urlsafe_b64encode

import base58

from pme.errors import Invalid

ED25519 = b"\xed\x01"
"""What goes before the 32 bytes of an Ed25519 public key in a Multikey."""

KEY_BYTES = 32
SIGNATURE_LETTERS = 200
"""Letters: base58 takes quadratic time, and nothing longer than a signature is ever written in it."""


def base58_text(data: bytes) -> str:
    """Bytes as z…"""
    return "z" + base58.b58encode(data).decode("ascii")


def base58_bytes(text: str) -> bytes:
    """The bytes of z…; raises Invalid for anything else, and for a second spelling of the same bytes."""
    if not text.startswith("z") or not text.isascii() or len(text) > SIGNATURE_LETTERS:
        raise Invalid("This is not written in base58 with a leading z.")
    try:
        data: bytes = base58.b58decode(text[1:])
    except ValueError as error:
        raise Invalid("This is not written in base58 with a leading z.") from error
    if base58_text(data) != text:
        raise Invalid("This is not written in base58 with a leading z.")
    return data


def base64_text(data: bytes) -> str:
    """Bytes as u…, without padding."""
    return "u" + urlsafe_b64encode(data).decode("ascii").rstrip("=")


def base64_bytes(text: str) -> bytes:
    """The bytes of u…; raises Invalid for anything else, and for a second spelling of the same bytes."""
    if not text.startswith("u") or not text.isascii():
        raise Invalid("This is not written in base64url with a leading u.")
    try:
        data = urlsafe_b64decode(text[1:] + "=" * (-len(text[1:]) % 4))
    except ValueError as error:
        raise Invalid("This is not written in base64url with a leading u.") from error
    if base64_text(data) != text:
        raise Invalid("This is not written in base64url with a leading u.")
    return data


def multikey(public: bytes) -> str:
    """An Ed25519 public key as a Multikey: z6Mk…"""
    return base58_text(ED25519 + public)


def key_of(text: str) -> bytes:
    """The 32 bytes of an Ed25519 Multikey. Raises Invalid for any other."""
    data = base58_bytes(text)
    if not data.startswith(ED25519) or len(data) != len(ED25519) + KEY_BYTES:
        raise Invalid("This is not an Ed25519 public key (z6Mk…).")
    return data[len(ED25519) :]
