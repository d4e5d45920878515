"""A passkey in a story's hands: answers as a browser and its authenticator do, truly or with something turned.

Attestation "none" and ES256 signatures, by WebAuthn Level 2, sections 5.8.1, 6.1 and 6.5.
"""

import hashlib
import json
import secrets
from dataclasses import dataclass, field

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import bytes_to_base64url

PRESENT, ATTESTED = 0x01, 0x40
AAGUID = bytes(16)


@dataclass
class Authenticator:
    """One device with one passkey."""

    host: str = "localhost"
    origin: str = "http://localhost"
    count: int = 0
    credential: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def make(self, challenge: str) -> str:
        """The answer to being asked to make a passkey."""
        numbers = self.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}
        attested = AAGUID + len(self.credential).to_bytes(2) + self.credential + cbor2.dumps(public)
        attestation = {"fmt": "none", "attStmt": {}, "authData": self._data(PRESENT | ATTESTED) + attested}
        return self._answer(
            clientDataJSON=self._client("webauthn.create", challenge),
            attestationObject=cbor2.dumps(attestation),
        )

    def use(self, challenge: str) -> str:
        """The answer to being asked to use it; each raises the count of uses."""
        self.count += 1
        client, data = self._client("webauthn.get", challenge), self._data(PRESENT)
        signed = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(clientDataJSON=client, authenticatorData=data, signature=signed)

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _data(self, flags: int) -> bytes:
        return hashlib.sha256(self.host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4)

    def _answer(self, **parts: bytes) -> str:
        name = bytes_to_base64url(self.credential)
        return json.dumps(
            {
                "id": name,
                "rawId": name,
                "type": "public-key",
                "response": {part: bytes_to_base64url(said) for part, said in parts.items()},
                "clientExtensionResults": {},
            }
        )
