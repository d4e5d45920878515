"""Encryption at rest: what the platform must read again, such as the secret of an authenticator app.

AES-256-GCM under a key derived from the platform's secret key (HKDF-SHA-256, RFC 5869); what a sealed text is
about is authenticated with it, so that it cannot be moved to another person.
"""

import base64
import hashlib
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from pme.errors import Conflict
from pme.words.speech import _

NONCE = 12  # bytes


class CannotBeOpened(Conflict):
    """A sealed text was made with another key, for something else, or was changed."""


class Seal:
    """Seals and opens texts with the key of this installation."""

    def __init__(self, secret_key: str) -> None:
        self._cipher = AESGCM(_derived(secret_key, b"pme: sealed texts, 1"))
        self._handles = _derived(secret_key, b"pme: passkey handles, 1")

    def seal(self, text: str, *, about: str) -> str:
        """The text, encrypted, as letters and digits."""
        nonce = secrets.token_bytes(NONCE)
        return base64.b64encode(nonce + self._cipher.encrypt(nonce, text.encode(), about.encode())).decode()

    def open(self, sealed: str, *, about: str) -> str:
        """The text again. Raises CannotBeOpened when the key is not the one it was sealed with."""
        try:
            raw = base64.b64decode(sealed, validate=True)
            return self._cipher.decrypt(raw[:NONCE], raw[NONCE:], about.encode()).decode()
        except (InvalidTag, ValueError) as error:
            raise CannotBeOpened(
                _(
                    "The platform's key has changed since this was kept. Ask your academy to reset your second step."
                )
            ) from error

    def handle(self, person_id: int) -> bytes:
        """What passkeys know a person by: says nothing of who they are."""
        return hmac.new(self._handles, str(person_id).encode(), hashlib.sha256).digest()


def _derived(secret_key: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(secret_key.encode())
