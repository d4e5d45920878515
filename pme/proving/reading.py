"""Reading what somebody holds in their hands: a PDF, a credential, a photo of a code. Runs in a bounded child.

Nothing is believed here. What is told is text of the file, what it carries, and whether its signature fits.
"""

import io
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from typing import Any

from pme.credentials.compact import is_like_one
from pme.intake.made import Made, Refused

MOST_PAGES = 12
MOST_TEXT = 100_000
MOST_ATTACHED = 1_000_000
MOST_PIXELS = 60_000_000
LARGEST_PICTURE = 2600
"""Pixels of the longer side at which a code is looked for: more finds no more codes, but takes time."""
HEAD = 1024
TORN = "This PDF is damaged or cut short: it cannot be opened. Download the original again, or ask whoever sent it."
NO_CODE = (
    "No QR code could be read in this picture. Take it again: nearer, straight, in good light, the whole code with "
    "its white border. Or enter the code that is printed beside it."
)
NEITHER = (
    "This file is none of those that can be checked: a certificate (PDF), a credential (JSON or JWT), a photo of the "
    "QR code (PNG, JPEG or WebP), or a text with what the code says."
)


def take_proof(data: Any, _options: Mapping[str, Any]) -> Made:
    """What a file holds, as a task of the intake. Raises Refused with what to do instead."""
    head = bytes(data[:HEAD])
    if b"%PDF-" in head:
        return Made(_pdf(bytes(data)))
    if head.startswith((b"\x89PNG", b"\xff\xd8\xff", b"RIFF")):
        return Made({"kind": "code", "text": _code(bytes(data))})
    if head.startswith(b"PK\x03\x04"):
        raise Refused("This is a ZIP file. A sealed return is checked on the page “Verify a return”.")
    return Made(_text(bytes(data)))


def _text(data: bytes) -> dict[str, Any]:
    try:
        text = data.decode("utf-8").strip().removeprefix("\ufeff")
    except UnicodeDecodeError:
        raise Refused(NEITHER) from None
    if is_like_one(text) and not text.startswith("{"):
        return {"kind": "code", "text": text}
    if text.startswith(("{", "eyJ")):
        return {"kind": "credential", "text": text}
    raise Refused(NEITHER)


def _code(data: bytes) -> str:
    import zxingcpp  # noqa: PLC0415  (only here, and 10 ms)
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        with Image.open(io.BytesIO(data), formats=["PNG", "JPEG", "WEBP"]) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Refused("This picture is larger than a camera's. Send a smaller one.")
            picture.draft("L", (LARGEST_PICTURE, LARGEST_PICTURE))
            grey = picture.convert("L")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise Refused("This picture is damaged or cut short. Take or send it again.") from None
    grey.thumbnail((LARGEST_PICTURE, LARGEST_PICTURE))
    for found in zxingcpp.read_barcodes(grey, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)):
        return str(found.text)
    raise Refused(NO_CODE)


def _pdf(data: bytes) -> dict[str, Any]:
    import pypdfium2  # noqa: PLC0415

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise Refused("This PDF is locked with a password. Send one without.") from None
        raise Refused(TORN) from None
    texts, size = [], 0
    for number in range(min(len(document), MOST_PAGES)):
        try:
            text = document[number].get_textpage().get_text_range()
        except pypdfium2.PdfiumError:
            raise Refused(TORN) from None
        texts.append(text[: MOST_TEXT - size])
        size += len(texts[-1])
    return {
        "kind": "pdf",
        "text": "\n".join(texts),
        "credential": _attached(document),
        "signature": _signature(data),
    }


def _attached(document: Any) -> str:
    """The credential that a certificate carries, or nothing."""
    for number in range(min(document.count_attachments(), 8)):
        content = bytes(document.get_attachment(number).get_data())
        if len(content) <= MOST_ATTACHED and content.lstrip().startswith(b"{"):
            return content.decode("utf-8", "replace")
    return ""


def _signature(data: bytes) -> dict[str, Any] | None:
    """Whether the signature of a PDF fits all of its bytes, and the SHA-256 of who signed; None without one."""
    if b"/ByteRange" not in data:
        return None
    from pyhanko.pdf_utils.misc import PdfError  # noqa: PLC0415  (half a second, and only for what is signed)
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415
    from pyhanko.sign.diff_analysis import NO_CHANGES_DIFF_POLICY  # noqa: PLC0415
    from pyhanko.sign.validation import validate_pdf_signature  # noqa: PLC0415
    from pyhanko.sign.validation.errors import SignatureValidationError  # noqa: PLC0415
    from pyhanko.sign.validation.status import SignatureCoverageLevel  # noqa: PLC0415
    from pyhanko_certvalidator import ValidationContext  # noqa: PLC0415

    try:
        found = PdfFileReader(io.BytesIO(data)).embedded_signatures
        if not found:
            return None
        own = found[0].signer_cert
        with ThreadPoolExecutor(1) as thread:  # pyHanko runs an event loop, and one may run here already
            status = thread.submit(
                validate_pdf_signature,
                found[0],
                ValidationContext(trust_roots=[], allow_fetching=False),
                diff_policy=NO_CHANGES_DIFF_POLICY,
            ).result()
    except (PdfError, SignatureValidationError, ValueError, KeyError, TypeError, IndexError, AttributeError):
        return {"fits": False, "by": ""}
    whole = status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    return {
        "fits": bool(status.intact and status.valid and whole and len(found) == 1),
        "by": sha256(own.dump()).hexdigest(),
    }
