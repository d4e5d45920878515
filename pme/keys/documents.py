"""What an academy publishes of itself as an issuer: its DID document, its keys, and its profile. Pure.

`did:web` (W3C CCG, did:web method): the host, its port as %3A, then the path with colons, so that
did:web:pme.example:academies:lakeside is read at https://pme.example/academies/lakeside/did.json. Whoever checks a
credential asks whether the key that signed it stands under `assertionMethod` (W3C Data Integrity 1.0, 4.6).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from pme.keys.public import KeyKind, PublicKey

DID_CONTEXT = ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"]
PROFILE_CONTEXT = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
]
DEMO = "DEMO: this academy only shows how the platform works; nothing that it signs is a real record."
Document = dict[str, Any]


@dataclass(frozen=True)
class Place:
    """Where an academy is published: the address of the platform, and the academy's short name."""

    public_url: str
    slug: str

    @property
    def url(self) -> str:
        """The folder of its documents."""
        return f"{self.public_url}/academies/{self.slug}"

    @property
    def issuer_url(self) -> str:
        """Its profile."""
        return f"{self.url}/issuer"

    @property
    def did(self) -> str:
        """Its decentralised identifier."""
        parts = urlsplit(self.url)
        host = (parts.hostname or "") if ":" not in (parts.hostname or "") else f"[{parts.hostname}]"
        port = f"%3A{parts.port}" if parts.port else ""
        path = ":".join(quote(part, safe="") for part in parts.path.strip("/").split("/"))
        return f"did:web:{quote(host, safe='')}{port}:{path}"

    def method(self, label: str) -> str:
        """The identifier of one of its keys."""
        return f"{self.did}#{label}"


@dataclass(frozen=True)
class About:
    """What an academy says of itself."""

    name: str
    nation: str
    is_demo: bool


def did_document(place: Place, keys: Iterable[PublicKey]) -> Document:
    """The DID document: every Ed25519 key that was not revoked. A retired key signs nothing new, for its private
    part is gone, but what it signed must verify; so it stays among those that vouch.
    """
    methods = [
        {
            "id": place.method(key.label),
            "type": "Multikey",
            "controller": place.did,
            "publicKeyMultibase": key.multibase,
        }
        for key in keys
        if key.kind is KeyKind.ED25519 and key.revoked_on is None
    ]
    return {
        "@context": DID_CONTEXT,
        "id": place.did,
        "alsoKnownAs": [place.issuer_url],
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }


def keys_document(place: Place, about: About, keys: Sequence[PublicKey]) -> Document:
    """Every key that ever signed, with its dates: what `pme verify` and others check files by."""
    return {
        "issuer": place.did,
        "profile": place.issuer_url,
        "name": about.name,
        "nation": about.nation,
        "isDemo": about.is_demo,
        **({"note": DEMO} if about.is_demo else {}),
        "keys": [_described(place, key) for key in keys],
    }


def profile(place: Place, about: About) -> Document:
    """The Open Badges 3.0 Profile of the academy (1EdTech, Open Badges 3.0, B.1.17)."""
    return {
        "@context": PROFILE_CONTEXT,
        "id": place.did,
        "type": ["Profile"],
        "name": about.name,
        "url": place.issuer_url,
        **({"description": DEMO} if about.is_demo else {}),
        **({"address": {"type": ["Address"], "addressCountry": about.nation}} if about.nation else {}),
    }


def _described(place: Place, key: PublicKey) -> Document:
    state = "current" if key.is_current else "revoked" if key.revoked_at else "retired"
    told: Document = {
        "id": place.method(key.label),
        "type": "Multikey",
        "controller": place.did,
        "kind": key.kind.value,
        "state": state,
        "publicKeyMultibase": key.multibase,
        "publicKeyPem": key.pem,
        "fingerprint": key.fingerprint,
        "created": key.created_at.isoformat(timespec="seconds"),
    }
    if key.retired_at:
        told["retired"] = key.retired_at.isoformat(timespec="seconds")
    if key.revoked_at:
        told |= {
            "revoked": key.revoked_at.isoformat(timespec="seconds"),
            "revokedReason": key.revoked_reason,
        }
    if key.chain:
        told["certificateChain"] = key.chain
    return told | ({"isDemo": True} if key.is_demo else {})
