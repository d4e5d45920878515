"""Pictures of points: decoded and packed once, and copied into each certificate that shows them."""

from __future__ import annotations

import io
import zlib
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from pme.later import later

if TYPE_CHECKING:
    import pydyf
    from PIL import Image
else:
    pydyf, Image = later("pydyf"), later("PIL.Image")

JPEG_ABOVE, QUALITY = 55_000, 88
"""Bytes from which the colours of a picture are packed as a photograph, and how well."""
MOST_POINTS = 1_000_000


class Raster:
    """A picture with the methods that WeasyPrint asks of an image; what is clear in it stays clear."""

    def __init__(self, png: bytes) -> None:
        image = Image.open(io.BytesIO(png), formats=["PNG"])
        if image.size[0] * image.size[1] > MOST_POINTS:
            raise ValueError("a picture with too many points")
        is_clear = "A" in image.getbands() or "transparency" in image.info
        whole = image.convert("RGBA" if is_clear else "RGB")
        self.id = sha256(png).hexdigest()[:16]
        self.width, self.height = whole.size
        self._alpha = zlib.compress(whole.getchannel("A").tobytes(), 9) if is_clear else None
        self._filter, self._colours = _packed(whole.convert("RGB"))

    @property
    def weight(self) -> int:
        """Bytes that it adds to a certificate."""
        return len(self._colours) + len(self._alpha or b"")

    def get_intrinsic_size(self, *_: object) -> tuple[float, float, float]:
        """Width and height in pixels, and their ratio."""
        return self.width, self.height, self.width / self.height

    def draw(self, stream: Any, width: float, height: float, *_: object) -> None:
        """Show the picture in this size in pixels."""
        name = stream.add_image(self, interpolate=False, ratio=1)
        stream.transform(width, 0, 0, -height, 0, height)
        stream.draw_x_object(name)

    def get_x_object(self, *_: object) -> pydyf.Stream:
        """The picture as an object of a PDF, with its mask where parts of it are clear."""
        object_ = self._object(self._colours, "/DeviceRGB", self._filter)
        if self._alpha is not None:
            object_.extra["SMask"] = self._object(self._alpha, "/DeviceGray", "/FlateDecode")
        return object_

    def _object(self, packed: bytes, space: str, how: str) -> pydyf.Stream:
        extra = {
            "Type": "/XObject",
            "Subtype": "/Image",
            "Width": self.width,
            "Height": self.height,
            "ColorSpace": space,
            "BitsPerComponent": 8,
            "Interpolate": "false",
            "Filter": how,
        }
        return pydyf.Stream([packed], pydyf.Dictionary(extra))


def size_of(png: bytes) -> tuple[int, int]:
    """How many points a PNG has across and down."""
    with Image.open(io.BytesIO(png), formats=["PNG"]) as image:
        return image.width, image.height


def _packed(image: Image.Image) -> tuple[str, bytes]:
    packed = zlib.compress(image.tobytes(), 9)
    if len(packed) <= JPEG_ABOVE:
        return "/FlateDecode", packed
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY, optimize=True)
    return "/DCTDecode", out.getvalue()
