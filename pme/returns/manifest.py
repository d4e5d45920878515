"""The manifest of a sealed return: what is in it, each file by its SHA-256, signed with Ed25519. Pure.

The signature (RFC 8032) is over the very bytes of `manifest.json`. Whoever has the academy's public key, or its
fingerprint, can check a return with any tool; what the key is worth is for them to say.
"""

import json
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

SCHEMA = "pme-return/1"
MANIFEST, SIGNATURE, KEY = "manifest.json", "manifest.sig", "public-key.txt"
RAW = 32


def as_bytes(manifest: Mapping[str, Any]) -> bytes:
    """The manifest as it is signed: JSON in UTF-8 with sorted keys."""
    return (json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def is_signed(public: str, manifest: bytes, signature: str) -> bool:
    """Whether a signature is that of this key over these very bytes."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
        key.verify(bytes.fromhex(signature.strip()), manifest)
    except (InvalidSignature, ValueError):
        return False
    return True
