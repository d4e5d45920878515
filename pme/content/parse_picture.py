"""The pictures of a module: which kinds there are, and how large each is.

Pure. The kind is decided by the bytes, and has to agree with the name.
"""

import hashlib
import struct
from dataclasses import dataclass
from html import escape

from pme.content.library import Media
from pme.content.parse_svg import Drawing, read_svg
from pme.content.problems import Findings
from pme.words.speech import _

SVG, PNG, JPEG, WEBP = "image/svg+xml", "image/png", "image/jpeg", "image/webp"
ENDINGS = {".svg": SVG, ".png": PNG, ".jpg": JPEG, ".jpeg": JPEG, ".webp": WEBP}
MOST_PIXELS = 4_000
_JPEG_MARKER = 0xFF
_JPEG_SIZES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


@dataclass(frozen=True)
class Picture:
    """A picture file that may be shown; a drawing is written into the page, others are linked.

    `says` is what its author said that it tells.
    """

    path: str
    media: Media
    drawing: Drawing | None
    width: int = 0
    height: int = 0
    says: str = ""

    @property
    def every(self) -> tuple[Media, ...]:
        """All files that a page needs to show it."""
        return (self.media,)

    @property
    def places(self) -> tuple[tuple[Media, str], ...]:
        """The same, each with the path it is made from."""
        return ((self.media, self.path),)

    def html(self, prefix: str, *, alt: str, is_translated: bool = False) -> str:
        """The picture in a page, described by `alt`, which is in another language than the picture itself or not."""
        if self.drawing is not None:
            return self.drawing.inline(prefix, alt=alt, is_translated=is_translated)
        return (
            f'<img src="/media/{self.media.sha256}/{self.media.name}" alt="{escape(alt)}"'
            f' width="{self.width}" height="{self.height}" loading="lazy">'
        )


def read_picture(path: str, content: bytes, findings: Findings) -> Picture | None:
    """The picture of a media file, or None when it may not be shown."""
    ending = path[path.rfind(".") :].lower()
    mime = ENDINGS.get(ending)
    if mime is None:
        findings.error(
            1,
            _("A figure is one of {endings}; this is “{ending}”.", endings=", ".join(ENDINGS), ending=ending),
        )
        return None
    # The name says nothing but the kind, so that a picture renamed later keeps its address.
    media = Media(hashlib.sha256(content).hexdigest(), f"figure{ending}", mime, content)
    if mime == SVG:
        drawing = read_svg(content, findings.error)
        if drawing is not None and not (drawing.title and drawing.description):
            findings.error(1, _("A figure needs a <title> and a <desc> right inside its <svg>."))
        return Picture(path, media, drawing) if drawing else None
    size = _size(content, mime)
    if size is None:
        findings.error(1, _("This is not a {ending} picture that can be read.", ending=ending[1:]))
        return None
    if max(size) > MOST_PIXELS:
        findings.error(
            1,
            _(
                "A picture has at most {most_pixels} pixels a side; this has {number}.",
                most_pixels=MOST_PIXELS,
                number=max(size),
            ),
        )
    return Picture(path, media, None, *size)


def _size(content: bytes, mime: str) -> tuple[int, int] | None:
    readers = {PNG: _png, JPEG: _jpeg, WEBP: _webp}
    try:
        size = readers[mime](content)
    except (struct.error, IndexError):
        return None
    return size if size and min(size) > 0 else None


def _png(content: bytes) -> tuple[int, int] | None:
    if content[:8] != b"\x89PNG\r\n\x1a\n" or content[12:16] != b"IHDR":
        return None
    width, height = struct.unpack(">II", content[16:24])
    return width, height


def _jpeg(content: bytes) -> tuple[int, int] | None:
    if content[:2] != b"\xff\xd8":
        return None
    at = 2
    while content[at] == _JPEG_MARKER:
        marker, length = struct.unpack(">xBH", content[at : at + 4])
        if marker in _JPEG_SIZES:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return None


def _webp(content: bytes) -> tuple[int, int] | None:
    if content[:4] != b"RIFF" or content[8:12] != b"WEBP":
        return None
    kind, body = content[12:16], content[20:]
    if kind == b"VP8X":
        return 1 + int.from_bytes(body[4:7], "little"), 1 + int.from_bytes(body[7:10], "little")
    if kind == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    width, height = struct.unpack("<HH", body[6:10])
    return width & 0x3FFF, height & 0x3FFF
