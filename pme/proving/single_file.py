"""The verifier in one file: a page that needs no network, with the public keys and withdrawals of some academies."""

import json
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from pme.certificates.queries import withdrawn_of
from pme.keys.documents import Place
from pme.keys.public import KeyKind, PublicKey
from pme.keys.queries import Issuer, public_keys
from pme.scope import everywhere

FOLDER = Path(__file__).parent / "offline"
PARTS = {
    "ED25519": "vendored/ed25519.js",
    "QR": "vendored/qr.js",
    "PROGRAM": "verifier.js",
    "STYLES": "verifier.css",
}
SCRIPTS = ("ED25519", "QR", "PROGRAM")


@dataclass(frozen=True)
class KnownIssuer:
    """An academy as the file knows it: its keys, and the places (list, index) that it has withdrawn."""

    place: Place
    name: str
    is_demo: bool
    keys: tuple[PublicKey, ...]
    withdrawn: tuple[tuple[int, int], ...]


def known_issuer(session: Session, issuer: Issuer, *, public_url: str) -> KnownIssuer:
    """What an academy publishes, as it is now. Asked by anybody."""
    with everywhere(session):
        keys = [key for key in public_keys(session, issuer.academy_id) if key.kind is KeyKind.ED25519]
        withdrawn = withdrawn_of(session, issuer.academy_id)
    place = Place(public_url, issuer.slug)
    return KnownIssuer(place, issuer.name, issuer.is_demo, tuple(keys), tuple(withdrawn))


def verifier(issuers: Sequence[KnownIssuer], *, at: datetime) -> str:
    """The whole page as text, true as of that day. Its own policy lets it run these scripts and reach nothing."""
    parts = {name: (FOLDER / path).read_text(encoding="utf-8") for name, path in PARTS.items()}
    known = {"asOf": at.date().isoformat(), "issuers": [_told(each) for each in issuers]}
    parts["DATA"] = json.dumps(known, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    hashes = {name: f"'sha256-{_digest(parts[name])}'" for name in (*SCRIPTS, "STYLES")}
    page = (FOLDER / "verifier.html").read_text(encoding="utf-8")
    page = page.replace("{{SCRIPT_HASHES}}", " ".join(hashes[name] for name in SCRIPTS))
    page = page.replace("{{STYLE_HASH}}", hashes["STYLES"])
    for name, text in parts.items():
        page = page.replace(f"{{{{{name}}}}}", text, 1)
    return page


def _told(issuer: KnownIssuer) -> dict[str, Any]:
    return {
        "did": issuer.place.did,
        "name": issuer.name,
        "isDemo": issuer.is_demo,
        "keys": [
            {
                "id": issuer.place.method(key.label),
                "public": urlsafe_b64encode(key.public).decode().rstrip("="),
                "fingerprint": key.fingerprint,
                "retired": key.retired_on.isoformat() if key.retired_on else "",
                "revoked": key.revoked_on.isoformat() if key.revoked_on else "",
            }
            for key in issuer.keys
        ],
        "withdrawn": [list(place) for place in issuer.withdrawn],
    }


def _digest(text: str) -> str:
    return b64encode(sha256(text.encode()).digest()).decode()
