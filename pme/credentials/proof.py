"""Signatures on documents: eddsa-rdfc-2022 (Data Integrity EdDSA Cryptosuites v1.0, section 3.2)."""

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from pme.credentials.canonical import canonical
from pme.credentials.multibase import base58_bytes, base58_text
from pme.credentials.times import written
from pme.errors import Invalid

SUITE = "eddsa-rdfc-2022"
SIGNATURE_BYTES = 64

Json = dict[str, Any]


def secured(document: Json, *, sign: Callable[[bytes], bytes], method: str, created: datetime) -> Json:
    """A document with its proof. `method` is the address of the key that `sign` signs with.

    Raises Invalid where the document has no one meaning (see `canonical`).
    """
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": SUITE,
        "created": written(created),
        "verificationMethod": method,
        "proofPurpose": "assertionMethod",
    }
    bare = {key: value for key, value in document.items() if key != "proof"}
    return bare | {"proof": proof | {"proofValue": base58_text(sign(signed_bytes(bare, proof)))}}


def signed_bytes(document: Json, proof: Json, *, after: tuple[Json, ...] = ()) -> bytes:
    """What is signed: the hash of the proof without its value, then the hash of the document without its proof.

    `after` are the earlier proofs that this one vouches for, in a chain.
    """
    options = {"@context": document.get("@context")} | {
        key: value for key, value in proof.items() if key != "proofValue"
    }
    bare = {key: value for key, value in document.items() if key != "proof"}
    return _hash(options) + _hash(bare | {"proof": list(after)} if after else bare)


def is_signed_by(document: Json, proof: Json, public: bytes, *, after: tuple[Json, ...] = ()) -> bool:
    """Whether a proof of a document was made by the key of these 32 bytes. Raises Invalid as `canonical` does."""
    try:
        signature = base58_bytes(str(proof.get("proofValue")))
        key = Ed25519PublicKey.from_public_bytes(public)
    except (Invalid, ValueError):
        return False
    if len(signature) != SIGNATURE_BYTES:
        return False
    try:
        key.verify(signature, signed_bytes(document, proof, after=after))
    except InvalidSignature:
        return False
    return True


def _hash(document: Json) -> bytes:
    return sha256(canonical(document).encode("utf-8")).digest()
