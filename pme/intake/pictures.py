"""Raster pictures: opened by the library, turned upright, made no larger than a page shows, and written anew.

What is written has nothing in it but its points: no place, camera, name, comment, thumbnail or second file.
"""

from __future__ import annotations

import io
import re
import warnings
from typing import TYPE_CHECKING

from pme.intake.made import Refused
from pme.later import later
from pme.words.lazily import lazy
from pme.words.speech import _

if TYPE_CHECKING:
    from PIL import Image, ImageFile, ImageOps
else:
    Image = later("PIL.Image")
    ImageFile = later("PIL.ImageFile")
    ImageOps = later("PIL.ImageOps")

FORMATS = {
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF87a": "GIF",
    b"GIF89a": "GIF",
}
ENDINGS = {"PNG": ".png", "JPEG": ".jpg", "WEBP": ".webp"}
MOST_POINTS = 40_000_000
LONGEST_SIDE = 1_600
"""Points; a page is at most 760 wide, so that screens of twice the density are served."""
LARGEST = 1_000_000
MOST_SCANS = 60
QUALITY = 84
SMALLER = 0.8
TRIES = 8
DAMAGED = lazy(
    "This picture cannot be read to its end. Open it in a picture program, save it again, and send that."
)


def format_of(head: bytes) -> str | None:
    """The format of a raster picture by its first bytes, or None."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    return next((name for begins, name in FORMATS.items() if head.startswith(begins)), None)


def taken_anew(content: bytes) -> tuple[bytes, str]:
    """A picture written anew, and the ending of its name. Raises Refused."""
    image = _opened(content)
    name = {"GIF": "PNG"}.get(image.format or "", image.format or "PNG")
    try:
        image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        upright = ImageOps.exif_transpose(image)
        plain = _plain(upright)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Refused(DAMAGED) from error
    plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    for _unused in range(TRIES):
        body = _written(plain, name)
        if len(body) <= LARGEST:
            return body, ENDINGS[name]
        if name == "PNG" and plain.mode == "RGB":
            name = "JPEG"  # A photograph that was saved as a drawing.
            continue
        width, height = plain.size
        plain = plain.resize((max(1, int(width * SMALLER)), max(1, int(height * SMALLER))))
    raise Refused(_("This picture stays too large even when it is made smaller. Send a simpler one."))


def kept_if_clean(content: bytes) -> bytes | None:
    """The very bytes of a picture that has nothing in it but its points, and can be read; else None."""
    name = format_of(content[:16])
    if len(content) > LARGEST or not {"PNG": _clean_png, "JPEG": _clean_jpeg, "WEBP": _clean_webp}.get(
        name or "", _never
    )(content):
        return None
    image = _opened(content)
    if max(image.size) > LONGEST_SIDE:
        return None
    try:
        image.load()
    except (OSError, ValueError, SyntaxError) as error:
        raise Refused(DAMAGED) from error
    return content


def _opened(content: bytes) -> Image.Image:
    name = format_of(content[:16])
    if name is None:
        raise Refused(_("This is not a picture that can be read: PNG, JPEG, WebP or GIF."))
    if name == "JPEG" and content.count(b"\xff\xda") > MOST_SCANS:
        raise Refused(_("This picture has too many layers. Save it again, without them."))
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = MOST_POINTS
    try:
        image = Image.open(io.BytesIO(content), formats=[name])
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise Refused(_too_many()) from None
    except (OSError, ValueError, SyntaxError) as error:
        raise Refused(DAMAGED) from error
    if image.size[0] * image.size[1] > MOST_POINTS:
        raise Refused(_too_many())
    return image


def _too_many() -> str:
    return _(
        "This picture has more than {most_points} million pixels. Make it smaller and send it again.",
        most_points=MOST_POINTS // 1000000,
    )


def _plain(image: Image.Image) -> Image.Image:
    """The points alone, in one of two modes."""
    is_clear = "A" in image.getbands() or "transparency" in image.info
    if image.mode.startswith("I") or image.mode == "F":
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    plain = image.convert("RGBA" if is_clear else "RGB")
    if is_clear and plain.getchannel("A").getextrema() == (255, 255):
        plain = plain.convert("RGB")
    return plain


def _written(image: Image.Image, name: str) -> bytes:
    out = io.BytesIO()
    bare = Image.frombytes(image.mode, image.size, image.tobytes())  # leaves behind whatever was in `info`
    if name == "JPEG":
        bare.convert("RGB").save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    elif name == "WEBP":
        bare.save(out, "WEBP", quality=QUALITY)
    else:
        bare.save(out, "PNG", optimize=True)
    return out.getvalue()


def _never(_content: bytes) -> bool:
    return False


def _clean_png(content: bytes) -> bool:
    known = {
        b"IHDR",
        b"PLTE",
        b"IDAT",
        b"IEND",
        b"tRNS",
        b"gAMA",
        b"cHRM",
        b"sRGB",
        b"sBIT",
        b"pHYs",
        b"bKGD",
    }
    at, kind = 8, b""
    while at + 12 <= len(content):
        kind = content[at + 4 : at + 8]
        if kind not in known:
            return False
        at += 12 + int.from_bytes(content[at : at + 4], "big")
    return kind == b"IEND" and at == len(content)


def _clean_jpeg(content: bytes) -> bool:
    at = 2
    while at + 4 <= len(content) and content[at] == 0xFF:  # noqa: PLR2004  (a marker)
        marker = content[at + 1]
        if marker == 0xD9:  # noqa: PLR2004  (the end of the picture)
            return at + 2 == len(content)
        # Segments for programs and comments hold what nobody sees, save the two that say how to show it.
        if marker == 0xFE or (0xE1 <= marker <= 0xEF and marker != 0xEE):  # noqa: PLR2004
            return False
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
        if marker == 0xDA:  # noqa: PLR2004  (points until the next marker)
            found = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]").search(content, at)
            at = found.start() if found else len(content)
    return content[at : at + 2] == b"\xff\xd9" and at + 2 == len(content)


def _clean_webp(content: bytes) -> bool:
    if int.from_bytes(content[4:8], "little") + 8 != len(content):
        return False
    at = 12
    while at + 8 <= len(content):
        if content[at : at + 4] not in (b"VP8 ", b"VP8L", b"VP8X", b"ALPH"):
            return False
        size = int.from_bytes(content[at + 4 : at + 8], "little")
        at += 8 + size + size % 2
    return at == len(content)
