"""The manifest of a sealed return: what is in it, each file by its SHA-256, signed with Ed25519. Pure.

The signature (RFC 8032) is over the very bytes of `manifest.json`. Whoever has the academy's public key, or its
fingerprint, can check a return with any tool; what the key is worth is for them to say.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

SCHEMA = "pme-return/1"
MANIFEST, SIGNATURE, KEY = "manifest.json", "manifest.sig", "public-key.txt"
RAW = 32


def as_bytes(manifest: Mapping[str, Any]) -> bytes:
    """The manifest as it is signed: JSON in UTF-8 with sorted keys."""
    return (json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def new_key() -> tuple[bytes, str]:
    """A fresh key pair: the private 32 bytes, and the public ones in hexadecimal."""
    key = Ed25519PrivateKey.generate()
    return key.private_bytes_raw(), key.public_key().public_bytes_raw().hex()


def sign(private: bytes, manifest: bytes) -> str:
    """The signature of a manifest, in hexadecimal."""
    return Ed25519PrivateKey.from_private_bytes(private).sign(manifest).hex()


def is_signed(public: str, manifest: bytes, signature: str) -> bool:
    """Whether a signature is that of this key over these very bytes."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
        key.verify(bytes.fromhex(signature.strip()), manifest)
    except (InvalidSignature, ValueError):
        return False
    return True


def fingerprint(public: str) -> str:
    """A key as people compare it: the first 20 bytes of its SHA-256 in groups of four."""
    digest = hashlib.sha256(bytes.fromhex(public)).hexdigest()[:40].upper()
    return " ".join(digest[start : start + 4] for start in range(0, len(digest), 4))
