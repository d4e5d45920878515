"""The keyring: seals the private parts of keys at rest, with a secret that stands in the environment only.

AES-256-GCM under a key derived from the secret (HKDF-SHA-256, RFC 5869); whose key it is, is authenticated with
it, so that a row cannot be moved to another academy. Each sealed text says by a short name which secret it was
sealed with, so that one can be exchanged for another while both are known (`pme keys reseal`).
"""

import base64
import secrets
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from pme.config import Settings
from pme.errors import Unavailable
from pme.people.factors_seal import CannotBeOpened, Seal
from pme.words.lazily import lazy

NONCE = 12  # bytes
FORM = "pme1"
UNSET = lazy(
    "The private parts of keys are kept under a secret of their own, which is not set. Set PME_KEYS_SECRET to at "
    "least 32 random characters, keep a copy of it apart from the database and its backups, and try again."
)
CANNOT_BE_OPENED = lazy(
    "The private part of this key was sealed with another secret than PME_KEYS_SECRET and PME_KEYS_SECRET_OLD. "
    "Set the one that it was sealed with, or revoke the key and make another."
)


@dataclass(frozen=True)
class Names:
    """The short names of secrets, which say nothing of them: the keyring's own, and the installation's; "" without."""

    own: str
    install: str


class Keyring:
    """Seals and opens private parts. `old` is the secret before this one; `install` is the platform's own key,
    which sealed the keys of returns before there was a keyring, and still seals those of demonstrations.
    """

    def __init__(self, secret: str, *, old: str = "", install: str = "") -> None:
        self._own = _Sealer(secret) if secret else None
        self._install = _Sealer(install) if install else None
        self._first = Seal(install) if install else None
        known = [self._own, _Sealer(old) if old else None, self._install]
        self._by_name = {sealer.name: sealer for sealer in reversed(known) if sealer}

    @classmethod
    def of(cls, settings: Settings) -> "Keyring":
        """The keyring of an installation."""
        return cls(settings.keys_secret, old=settings.keys_secret_old, install=settings.secret_key)

    @property
    def is_set(self) -> bool:
        """Whether there is a secret of its own."""
        return self._own is not None

    @property
    def names(self) -> Names:
        """By what it is known which secrets these are."""
        return Names(*(sealer.name if sealer else "" for sealer in (self._own, self._install)))

    def require(self, *, is_demo: bool) -> None:
        """Raises Unavailable, saying what to set, where such a key could not be sealed."""
        self._sealer(is_demo=is_demo)

    def seal(self, private: bytes, *, about: str, is_demo: bool = False) -> str:
        """A private part, sealed. Raises Unavailable without a secret, unless it is a demo key."""
        sealer = self._sealer(is_demo=is_demo)
        return f"{FORM}.{sealer.name}.{sealer.seal(private, about)}"

    def open(self, sealed: str, *, about: str, first_about: str = "") -> bytes:
        """The private part again; `first_about` is what it was sealed about before there was a keyring.

        Raises Unavailable when no secret at hand is the one that it was sealed with.
        """
        form, _, rest = sealed.partition(".")
        try:
            if form == FORM:
                name, _, body = rest.partition(".")
                return self._by_name[name].open(body, about)
            if self._first is not None and sealed:
                return bytes.fromhex(self._first.open(sealed, about=first_about))
        except (KeyError, InvalidTag, ValueError, CannotBeOpened):
            pass  # the cause would say nothing that the sentence does not, and might be logged
        raise Unavailable(CANNOT_BE_OPENED)

    def is_fresh(self, sealed: str) -> bool:
        """Whether a text is sealed with the secret in force, so that nothing is to be done to it."""
        return self._own is not None and sealed.startswith(f"{FORM}.{self._own.name}.")

    def _sealer(self, *, is_demo: bool) -> "_Sealer":
        found = self._own or (self._install if is_demo else None)
        if found is None:
            raise Unavailable(UNSET)
        return found


class _Sealer:
    def __init__(self, secret: str) -> None:
        self._cipher = AESGCM(_derived(secret, b"pme: signing keys, 1", 32))
        self.name = _derived(secret, b"pme: name of the secret of signing keys, 1", 4).hex()

    def seal(self, private: bytes, about: str) -> str:
        nonce = secrets.token_bytes(NONCE)
        return base64.urlsafe_b64encode(nonce + self._cipher.encrypt(nonce, private, about.encode())).decode()

    def open(self, body: str, about: str) -> bytes:
        raw = base64.urlsafe_b64decode(body)
        return self._cipher.decrypt(raw[:NONCE], raw[NONCE:], about.encode())


def _derived(secret: str, purpose: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=purpose).derive(secret.encode())
