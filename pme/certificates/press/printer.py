"""The printer sets one sheet after another with WeasyPrint and returns the bytes of each PDF.

It keeps what all certificates share: fonts, parsed styles, the crest, the engraving.
"""

import zlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time
from hashlib import sha256
from typing import Any

import pydyf
import weasyprint
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from weasyprint.text.fonts import FontConfiguration

from pme.certificates.press.assets import TEMPLATES
from pme.certificates.press.demo_mark import DEMO, SPECIMEN, mark
from pme.certificates.press.drawing import Drawing
from pme.certificates.press.dress import BASE, Dress, Wardrobe
from pme.certificates.press.fetcher import AssetFetcher
from pme.certificates.press.form import ATTACHMENT
from pme.certificates.press.page import Page, lay_out, without_last_outcome
from pme.certificates.press.qr import qr_drawing, qr_matrix, qr_side
from pme.certificates.press.sheet import CertificateSheet, job_of
from pme.certificates.press.sizes import settle
from pme.certificates.press.swift import Source, write_once
from pme.certificates.press.typeface import SANS, SERIF, Ruler
from pme.certificates.press.variant import VARIANT
from pme.press.child import DoesNotFit

SQUEEZES = (1.0, 0.93, 0.86, 0.8, 0.74, 0.68, 0.62)
MILLIMETRE = 96 / 25.4
SIGNING_ROOM, FACSIMILE_ROOM, ROOM = 9 * MILLIMETRE, 16 * MILLIMETRE, 3 * MILLIMETRE
"""Pixels kept free above the lines for signatures and for pictures of them, and below what may grow."""
FOOT = 163 * MILLIMETRE
"""Where the panel of the second page ends, in pixels from the top."""
TOP, BOTTOM = 1, 3
SWIFT = 4
"""How hard streams of one certificate are compressed; what all share is compressed once, and hard."""


Box = tuple[float, float, float, float]


class Printer:
    """Makes PDFs; not for use by two threads at once."""

    def __init__(self) -> None:
        environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._template = environment.get_template("certificate.html")
        self._fetcher = AssetFetcher()
        self._fonts = FontConfiguration()
        self._serif, self._sans = Ruler(SERIF), Ruler(SANS)
        self._wardrobe = Wardrobe(self._fonts)
        self._demo, self._specimen = (zlib.compress(mark(word), 9) for word in (DEMO, SPECIMEN))

    def print(self, sheet: CertificateSheet, attachment: bytes | None = None) -> bytes:
        """The certificate and its supplement as a PDF of two pages; equal sheets give equal bytes.

        It carries the attachment, if any, and an empty field for a signature. Raises DoesNotFit when even
        the smallest type leaves words over.
        """
        matrix = qr_matrix(sheet.qr_text or sheet.verify_url)
        dress = self._wardrobe.of(sheet.dressed)
        images = {**dress.images, f"{BASE}code": Drawing(qr_drawing(matrix), qr_side(matrix))}
        for place, (name, _) in enumerate(sheet.signatories, start=1):
            if name in dress.facsimiles:
                images[f"{BASE}facsimile-{place}"] = dress.facsimiles[name]
        page = lay_out(sheet, has_credential=attachment is not None)
        document = self._set(page, dress, images)

        def finish(_: object, pdf: pydyf.PDF) -> None:
            word = self._specimen if sheet.is_specimen else self._demo
            shared = [dress.frame, word] if sheet.is_demo or sheet.is_specimen else [dress.frame]
            _lay_under(pdf, dress.behind[page.words.direction], shared)
            _compress(pdf)
            write_once(pdf)

        pdf: bytes = document.write_pdf(
            finisher=finish,
            pdf_variant=VARIANT,
            pdf_identifier=sha256(job_of(sheet, attachment)).hexdigest()[:32],
            attachments=[_attached(attachment, sheet)] if attachment else [],
        )
        return pdf

    def _set(self, page: Page, dress: Dress, images: dict[str, Any]) -> weasyprint.Document:
        """Set the pages, and set them smaller until each of their parts fits.

        When outcomes do not fit in the smallest type, the last ones are left to the verification page.
        """
        award = outcomes = details = 0
        while max(award, details) < len(SQUEEZES):
            squeezes = SQUEEZES[award], SQUEEZES[outcomes], SQUEEZES[details]
            document = self._render(page, dress, images, squeezes)
            award_fits, outcomes_fit, details_fit = _fits(document, page)
            if award_fits and outcomes_fit and details_fit:
                return document
            award += not award_fits
            details += not details_fit
            if not outcomes_fit and outcomes + 1 < len(SQUEEZES):
                outcomes += 1
            elif not outcomes_fit:
                page = without_last_outcome(page)
        raise DoesNotFit

    def _render(
        self, page: Page, dress: Dress, images: dict[str, Any], squeezes: tuple[float, float, float]
    ) -> weasyprint.Document:
        award, outcomes, details = squeezes
        settings = settle(
            page, serif=self._serif, sans=self._sans, award=award, outcomes=outcomes, details=details
        )
        html = self._template.render(page=page, words=page.words, settings=settings)
        return Source(html, base_url=BASE, fetcher=self._fetcher, styles=dress.styles).render(
            font_config=self._fonts,
            stylesheets=[dress.style],
            cache=images,
            pdf_variant=VARIANT,
        )


def _attached(credential: bytes, sheet: CertificateSheet) -> weasyprint.Attachment:
    """The credential as a file within the file; the certificate is made from the same facts."""
    issued = datetime.combine(sheet.issued_on, time(), UTC)
    return weasyprint.Attachment(
        string=credential,
        name=ATTACHMENT,
        description=sheet.number,
        created=issued,
        modified=issued,
        relationship="Source",
    )


def _lay_under(pdf: pydyf.PDF, own: Sequence[bytes], shared: Sequence[bytes]) -> None:
    """Put the engraving beneath the words: what each page has of its own, then what all pages have."""

    def add(compressed: bytes) -> bytes:
        engraving = pydyf.Stream([compressed], {"Filter": "/FlateDecode"})
        pdf.add_object(engraving)
        reference: bytes = engraving.reference
        return reference

    common = [add(each) for each in shared]
    pages = [each for each in pdf.objects if isinstance(each, dict) and each.get("Type") == "/Page"]
    for page, drawn in zip(pages, own, strict=True):
        page["Contents"] = pydyf.Array([add(drawn), *common, page["Contents"]])


def _compress(pdf: pydyf.PDF) -> None:
    """Compress each stream once; left to itself, a PDF with an identifier compresses them twice."""
    for each in pdf.objects:
        if isinstance(each, pydyf.Stream) and each.compress:
            each.stream = [zlib.compress(b"\n".join(map(_bytes_of, each.stream)), SWIFT)]
            each.extra["Filter"] = "/FlateDecode"
            each.compress = False


def _bytes_of(part: Any) -> bytes:
    whole: bytes = part if isinstance(part, bytes) else getattr(part, "data", None) or part.encode()
    return whole


def _fits(document: weasyprint.Document, page: Page) -> tuple[bool, bool, bool]:
    """Whether the award, the outcomes and the details each end above what stands below them."""
    if len(document.pages) != len(("certificate", "supplement")):
        return False, False, False
    first, second = (each.anchors for each in document.pages)

    def ends_above(boxes: Mapping[str, Box], upper: str, lower: str, room: float = 0.0) -> bool:
        return boxes[upper][BOTTOM] + room <= boxes[lower][TOP]

    signatories = (f"signatory-{number}" for number in range(1, len(page.signatories) + 1))
    award = ends_above(first, "course", "signatures", FACSIMILE_ROOM if page.is_facsimiled else SIGNING_ROOM)
    award = award and all(ends_above(first, signatory, "discreet") for signatory in signatories)
    details = second["course-and-result"][BOTTOM] <= FOOT and ends_above(first, "next", "sealed")
    return award, ends_above(second, "learning", "steps", ROOM), details
