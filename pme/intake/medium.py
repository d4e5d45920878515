"""One file for a module's media: a picture comes out written anew, a recording or document as it is kept."""

import hashlib
from collections.abc import Mapping
from typing import Any

from pme.content.attachments import ENDING_OF, PDF, PDF_LIMIT, look
from pme.content.files import MEDIA_LIMIT
from pme.content.media_reading import Bytes, Looked, NotMedia
from pme.intake.drawings import taken_drawing
from pme.intake.made import Made, Refused
from pme.intake.pictures import format_of, taken_anew
from pme.words.lazily import lazy
from pme.words.numbers import decimal

PICTURE_LIMIT = 20_000_000
PIECE = 1 << 20

A_PICTURE = lazy("A picture may have {most} MB at most; this has {size}.")
A_DRAWING = lazy("A drawing may have {most} MB at most; this has {size}.")
A_DOCUMENT = lazy("A document may have {most} MB at most; this has {size}.")


def take_medium(data: Bytes, options: Mapping[str, Any]) -> Made:
    """Look at a file and make it safe. Raises Refused."""
    head = data[0:4_096]
    if format_of(head) is not None:
        _fit(data, PICTURE_LIMIT, A_PICTURE)
        body, ending = taken_anew(data[0 : len(data)])
        made = Made({"ending": ending})
        made.told["at"] = made.add(body)
        return made
    if _is_drawing(head):
        return _drawing(data, " ".join(str(options.get("says", "")).split()))
    return _attachment(data)


def _is_drawing(head: bytes) -> bool:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return start.startswith(b"<") and b"<svg" in head


def _drawing(data: Bytes, says: str) -> Made:
    _fit(data, MEDIA_LIMIT, A_DRAWING)
    made = Made({"ending": ".svg"})
    made.told["at"] = made.add(taken_drawing(data[0 : len(data)], says))
    return made


def _attachment(data: Bytes) -> Made:
    try:
        looked = look(data)
    except NotMedia as reason:
        raise Refused(str(reason)) from None
    if looked.mime == PDF:
        _fit(data, PDF_LIMIT, A_DOCUMENT)
    return Made(
        {
            "ending": ENDING_OF[looked.mime],
            "mime": looked.mime,
            "start": looked.start,
            "end": looked.end,
            "seconds": round(looked.seconds),
            "width": looked.width,
            "height": looked.height,
            "over": [(at, new.hex()) for at, new in looked.blank],
            "zero": looked.zero,
            "sha256": sha256_kept(data, looked),
        }
    )


def sha256_kept(data: Bytes, looked: Looked) -> str:
    """The hash of what will be kept, piece by piece."""
    digest = hashlib.sha256()
    for at in range(looked.start, looked.end, PIECE):
        digest.update(patched(data[at : min(at + PIECE, looked.end)], at, looked.blank, looked.zero))
    return digest.hexdigest()


def patched(piece: bytes, at: int, over: list[tuple[int, bytes]], zero: list[tuple[int, int]]) -> bytes:
    """A piece of a file, which begins at a place of it, with what is about people written over."""
    end, new = at + len(piece), bytearray(piece)
    for start, stop in zero:
        low, high = max(start, at), min(stop, end)
        if low < high:
            new[low - at : high - at] = bytes(high - low)
    for start, word in over:
        for index, byte in enumerate(word):
            if at <= start + index < end:
                new[start + index - at] = byte
    return bytes(new)


def _fit(data: Bytes, most: int, says: str) -> None:
    if len(data) > most:
        raise Refused(says.format(most=most // 1_000_000, size=decimal(len(data) / 1e6, 1)))
