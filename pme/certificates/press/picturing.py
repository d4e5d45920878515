"""The first page of a PDF as a picture, for whoever looks at a design on a screen."""

import io

import pypdfium2

QUALITY, EFFORT = 80, 2
"""Enough for lines and words, in a quarter of the bytes of a PNG."""


def picture(pdf: bytes, width: int) -> bytes:
    """The first page of a PDF as a WebP so many points wide."""
    with pypdfium2.PdfDocument(pdf) as document:
        page = document[0]
        image = page.render(scale=width / page.get_width()).to_pil().convert("RGB")
        page.close()
    out = io.BytesIO()
    image.save(out, "WEBP", quality=QUALITY, method=EFFORT)
    return out.getvalue()
