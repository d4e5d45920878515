"""The first page of a PDF as a picture, for whoever looks at a design on a screen."""

import io

import pypdfium2


def picture(pdf: bytes, width: int) -> bytes:
    """The first page of a PDF as a PNG so many points wide."""
    with pypdfium2.PdfDocument(pdf) as document:
        page = document[0]
        image = page.render(scale=width / page.get_width()).to_pil().convert("RGB")
        page.close()
    out = io.BytesIO()
    image.quantize(COLOURS, dither=0).save(out, "PNG", compress_level=LEVEL)
    return out.getvalue()


COLOURS, LEVEL = 192, 4
"""Enough for lines and words, and a third of the size."""
