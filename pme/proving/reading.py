"""Reading what somebody holds in their hands: a PDF, a credential, a photo of a code. Runs in a bounded child.

Nothing is believed here. What is told is text of the file, what it carries, and whether its signature fits.
"""

import io
import signal
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from hashlib import sha256
from typing import IO, Any

from pme.credentials.compact import is_like_one
from pme.intake.bounded import Answer, worked
from pme.intake.made import Made, Refused
from pme.words.lazily import lazy
from pme.words.speech import _

LONGEST, MEMORY = 8.0, 640 * 1024 * 1024
"""Seconds and bytes that one file may take."""
MOST_PAGES = 12
MOST_TEXT = 100_000
MOST_ATTACHED = 1_000_000
MOST_PIXELS = 60_000_000
LARGEST_PICTURE = 2600
"""Pixels of the longer side at which a code is looked for: more finds no more codes, but takes time."""
LARGEST_SCALE = 4.0
"""Times 72 dots an inch at which a page is drawn whose text is a picture."""
HEAD = 1024
END = b"%%EOF"
OFFICE = (b"[Content_Types].xml", b"mimetypeapplication/")
"""What the archives begin with that text programs write: to their users they are no archives."""
LONGEST_PAGES = 1.0
"""Seconds of the processor that the pages of a PDF may take in a child: a certificate takes 0.05."""
BROKEN: dict[str, Any] = {"fits": False, "by": "", "chain": []}
TORN = lazy(
    "This PDF is damaged or cut short: it cannot be opened. Download the original again, or ask whoever sent it."
)
NO_CODE = lazy(
    "No QR code could be read in this picture. Take it again: nearer, straight, in good light, the whole code with "
    "its white border. Or enter the code that is printed beside it."
)
NEITHER = lazy(
    "This file cannot be checked. You can check a certificate (PDF), a credential (JSON or JWT), a photo of"
    " the QR code (PNG, JPEG or WebP), or a text with what the code says."
)


def looked_at(file: IO[bytes]) -> AbstractContextManager[Answer]:
    """What a child that reads nothing else makes of a file. Raises NotTaken with what to do instead."""
    return worked("proof", file, LONGEST, memory=MEMORY)


def take_proof(data: Any, options: Mapping[str, Any]) -> Made:
    """What a file holds, as a task of the intake. Raises Refused with what to do instead.

    In a child of the intake (the options name its seconds), a PDF whose pages take too long ends the child.
    """
    head = bytes(data[:HEAD])
    if b"%PDF-" in head:
        with _soon(is_child="seconds" in options):
            told = _pdf(bytes(data))
        if told["kind"] == "pdf":
            told["signature"] = _signature(bytes(data)) if told.pop("is_signed") else None
        return Made(told)
    if head.startswith((b"\x89PNG", b"\xff\xd8\xff", b"RIFF")):
        return Made({"kind": "code", "text": _code(bytes(data))})
    if head.startswith(b"PK\x03\x04") and not any(name in head for name in OFFICE):
        raise Refused(_("This is a ZIP file. A sealed return is checked on the page “Verify a return”."))
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
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        with Image.open(io.BytesIO(data), formats=["PNG", "JPEG", "WEBP"]) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Refused(_("This picture is too large. Send a smaller one."))
            picture.draft("L", (LARGEST_PICTURE, LARGEST_PICTURE))
            grey = picture.convert("L")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise Refused(_("This picture is damaged or cut short. Take or send it again.")) from None
    grey.thumbnail((LARGEST_PICTURE, LARGEST_PICTURE))
    if found := _code_in(grey):
        return found
    raise Refused(NO_CODE)


def _code_in(grey: Any) -> str:
    """What the first QR code in a picture says; nothing where none is found."""
    import zxingcpp  # noqa: PLC0415  (only here, and 10 ms)

    for found in zxingcpp.read_barcodes(grey, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)):
        return str(found.text)
    return ""


def _pdf(data: bytes) -> dict[str, Any]:
    import pypdfium2  # noqa: PLC0415

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise Refused(_("This PDF is locked with a password. Send one without.")) from None
        raise Refused(TORN) from None
    texts, size = [], 0
    for number in range(min(len(document), MOST_PAGES)):
        try:
            text = document[number].get_textpage().get_text_range()
        except pypdfium2.PdfiumError:
            raise Refused(TORN) from None
        texts.append(text[: MOST_TEXT - size])
        size += len(texts[-1])
    credential = _attached(document)
    if not credential and not "".join(texts).strip() and (code := _scanned(document)):
        return {"kind": "code", "text": code}
    return {
        "kind": "pdf",
        "text": "\n".join(texts),
        "credential": credential,
        "is_signed": _is_signed(document),
        "is_whole": END in data[-HEAD:],
    }


def _is_signed(document: Any) -> bool:
    """Whether any field of the form holds a signature, good or bad."""
    from pypdfium2 import raw  # noqa: PLC0415

    fields = (
        raw.FPDF_GetSignatureObject(document, number)
        for number in range(raw.FPDF_GetSignatureCount(document))
    )
    return any(raw.FPDFSignatureObj_GetByteRange(each, None, 0) > 0 for each in fields)


def _scanned(document: Any) -> str:
    """What the code on the first page says, where the pages are pictures; nothing where none is found."""
    page = document[0]
    scale = min(LARGEST_PICTURE / max(1.0, *page.get_size()), LARGEST_SCALE)
    return _code_in(page.render(scale=scale, grayscale=True).to_pil())


@contextmanager
def _soon(*, is_child: bool) -> Iterator[None]:
    """End this child once its processor has worked for so long: no signal reaches Python within a page."""
    if is_child:
        signal.setitimer(signal.ITIMER_PROF, LONGEST_PAGES)
    yield
    if is_child:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _attached(document: Any) -> str:
    """The credential that a certificate carries, or nothing."""
    from pypdfium2 import PdfiumError  # noqa: PLC0415

    for number in range(min(document.count_attachments(), 8)):
        try:
            content = bytes(document.get_attachment(number).get_data())
        except PdfiumError:
            continue  # it is named, but damaged
        if len(content) <= MOST_ATTACHED and content.lstrip().startswith(b"{"):
            return content.decode("utf-8", "replace")
    return ""


def _signature(data: bytes) -> dict[str, Any]:
    """Whether the signature of a PDF fits all of its bytes, and the SHA-256 of who signed and of the chain with it.

    pyHanko takes seconds where much stands after the end; what a signature leaves out is therefore seen before.
    """
    from pme.proving.envelope import certificates_in, gap_in  # noqa: PLC0415

    gap = gap_in(data)
    chain = certificates_in(gap) if gap else ()
    if not chain:
        return BROKEN  # it leaves out the end, or its end is missing, or it is written in another way
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415  (half a second, only for what is signed)
    from pyhanko.sign.diff_analysis import NO_CHANGES_DIFF_POLICY  # noqa: PLC0415
    from pyhanko.sign.validation import validate_pdf_signature  # noqa: PLC0415
    from pyhanko.sign.validation.status import SignatureCoverageLevel  # noqa: PLC0415
    from pyhanko_certvalidator import ValidationContext  # noqa: PLC0415

    try:
        found = PdfFileReader(io.BytesIO(data)).embedded_signatures
        if not found:
            return BROKEN
        own = found[0].signer_cert
        with ThreadPoolExecutor(1) as thread:  # pyHanko runs an event loop, and one may run here already
            status = thread.submit(
                validate_pdf_signature,
                found[0],
                ValidationContext(trust_roots=[], allow_fetching=False),
                diff_policy=NO_CHANGES_DIFF_POLICY,
            ).result()
    except Exception:  # noqa: BLE001  (whatever a changed file breaks in there, its signature does not fit)
        return BROKEN
    whole = status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    return {
        "fits": bool(status.intact and status.valid and whole and len(found) == 1),
        "by": sha256(own.dump()).hexdigest(),
        "chain": list(chain),
    }
