"""Which certificates no longer stand: one bit each in a signed list (Bitstring Status List v1.0).

A list is so long that asking for it tells nobody which certificate is meant.
"""

import gzip
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pme.credentials.contexts import CREDENTIALS
from pme.credentials.multibase import base64_bytes, base64_text
from pme.credentials.times import written
from pme.errors import Invalid

PLACES = 131_072
"""The least that the standard allows: 16 kB of bits, about 70 bytes on the wire while few are set."""

LARGEST_LIST = 4_000_000
"""Bytes that a foreign list may unfold to."""

KEPT_MILLISECONDS = 300_000
PURPOSE = "revocation"


class BadList(Invalid):
    """A status list that cannot be read, or is not what it says."""


@dataclass(frozen=True, slots=True)
class StatusList:
    """The bits of a list, first place first, and the time they were published."""

    bits: bytes
    published: datetime | None = None

    def is_set(self, index: int) -> bool | None:
        """Whether the bit of a place is set; None where the list has no such place."""
        if not 0 <= index < len(self.bits) * 8:
            return None
        return bool(self.bits[index // 8] >> (7 - index % 8) & 1)


def bits_of(places: Iterable[int], *, length: int = PLACES) -> bytes:
    """A bitstring with these places set. Raises ValueError for a place outside it."""
    bits = bytearray(length // 8)
    for place in places:
        if not 0 <= place < length:
            raise ValueError(f"place {place} is outside a list of {length}")
        bits[place // 8] |= 0x80 >> place % 8
    return bytes(bits)


def encoded_list(bits: bytes) -> str:
    """Bits as `encodedList`: GZIP, then base64url with a leading u. Equal bits give equal text."""
    return base64_text(gzip.compress(bits, mtime=0))


def decoded_list(text: str) -> bytes:
    """The bits of an `encodedList`. Raises BadList, and unfolds no bomb."""
    try:
        packed = base64_bytes(text)
    except Invalid as error:
        raise BadList("The status list is not written as the standard says.") from error
    unfolding = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        bits = unfolding.decompress(packed, LARGEST_LIST)
    except zlib.error as error:
        raise BadList("The status list is not compressed as the standard says.") from error
    if unfolding.unconsumed_tail or not unfolding.eof or unfolding.unused_data:
        raise BadList("The status list is cut short, or longer than this platform reads.")
    if len(bits) * 8 < PLACES:
        raise BadList(f"The status list has {len(bits) * 8} places; the standard asks for at least {PLACES}.")
    return bits


def status_credential(
    *, url: str, issuer: str, bits: bytes, at: datetime, purpose: str = PURPOSE
) -> dict[str, Any]:
    """The list as a credential of its own, not yet signed."""
    return {
        "@context": [CREDENTIALS],
        "id": url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": written(at),
        "credentialSubject": {
            "id": f"{url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": purpose,
            "encodedList": encoded_list(bits),
            "ttl": KEPT_MILLISECONDS,
        },
    }
