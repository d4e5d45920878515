"""Signing keys of the cast's academies: there from the start, and on no record, so that every trail begins empty."""

from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.orm import Session

from pme.keys import chains, service
from pme.keys.chains import Pair
from pme.keys.keyring import Keyring
from pme.keys.public import KeyKind
from pme.people.models import Academy

KEYS_SECRET = "for-the-keys-of-tests-" + "k" * 32
KEYRING = Keyring(KEYS_SECRET)
"""Opens them; the application of the tests has the same secret."""


def give_keys(session: Session, academy: Academy, *, at: datetime) -> None:
    """An Ed25519 key, an authority, and a P-256 key with its certificate, as `pme keys new` makes them."""
    acting = service.Acting(academy, KEYRING, "command line", at)
    plain = Ed25519PrivateKey.generate()
    name, nation, is_demo = academy.name, academy.nation, academy.is_demo
    authority = chains.new_authority(name, nation, is_demo=is_demo, at=at)
    pairs = {
        KeyKind.ED25519: Pair(plain.private_bytes_raw(), plain.public_key().public_bytes_raw(), ""),
        KeyKind.AUTHORITY: authority,
        KeyKind.P256: chains.new_certificate(authority, name, nation, is_demo=is_demo, at=at),
    }
    session.add_all(service._row(acting, kind, pair, number=1) for kind, pair in pairs.items())
    session.flush()
