"""The part of a signed PDF that its signature cannot cover: the signature itself, as it is written into the file.

Letters of its hexadecimal could be small, what fills its room could be anything, and the certificates that it
carries are signed by others. So it is put together anew from what is signed, and must be equal, letter for letter.
"""

import re
from hashlib import sha256
from typing import Any

from asn1crypto.cms import ContentInfo, SignedData, SignerInfo
from asn1crypto.core import Null

RANGE = re.compile(rb"/ByteRange\s*\[\s*0\s+(\d{1,12})\s+(\d{1,12})\s+(\d{1,12})\s*\]")
"""Which bytes a signature is of: from the first, so many; from there, so many."""


def gap_in(data: bytes) -> bytes | None:
    """What the one signature of a PDF leaves out in its middle; None where it leaves out more, or there are several."""
    found = RANGE.findall(data)
    if len(found) != 1:
        return None
    length, second, rest = map(int, found[0])
    return data[length:second] if length < second and second + rest == len(data) else None


def certificates_in(gap: bytes) -> tuple[str, ...]:
    """The SHA-256 of each certificate that a signature carries, in order; none where it is written in another way."""
    try:
        room = bytes.fromhex(gap[1:-1].decode("ascii"))
        given = ContentInfo.load(room)
        message, content = given.dump(), given["content"]
        again = _anew(content).dump(force=True)
        carried = tuple(sha256(each.dump()).hexdigest() for each in content["certificates"])
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, StopIteration):
        return ()
    is_ours = message == again and gap == b"<%b>" % room.hex().upper().encode()
    return carried if is_ours and not room[len(message) :].strip(b"\0") else ()


def _anew(given: SignedData) -> ContentInfo:
    """The signature as this platform writes it, from the signed words, the signature value and the certificates."""
    (signer,) = given["signer_infos"]
    number = signer["sid"].chosen["serial_number"].native
    own = next(each.chosen for each in given["certificates"] if each.chosen.serial_number == number)
    digest: dict[str, Any] = {"algorithm": "sha256", "parameters": Null()}
    made = SignerInfo(
        {
            "version": "v1",
            "sid": {"issuer_and_serial_number": {"issuer": own.issuer, "serial_number": own.serial_number}},
            "digest_algorithm": digest,
            "signed_attrs": signer["signed_attrs"],
            "signature_algorithm": {"algorithm": "sha256_ecdsa"},
            "signature": signer["signature"].native,
        }
    )
    content = {
        "version": "v1",
        "digest_algorithms": [digest],
        "encap_content_info": {"content_type": "data"},
        "certificates": given["certificates"],
        "signer_infos": [made],
    }
    return ContentInfo({"content_type": "signed_data", "content": SignedData(content)})
