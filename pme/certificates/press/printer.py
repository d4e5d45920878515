"""The printer sets one sheet after another with WeasyPrint and returns the bytes of each PDF.

It keeps what all certificates share: fonts, parsed styles, the crest, the engraving.
"""

import zlib
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import pydyf
import weasyprint
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from weasyprint.text.fonts import FontConfiguration

from pme.certificates.press.assets import ASSETS, TEMPLATES
from pme.certificates.press.drawing import Drawing, from_svg
from pme.certificates.press.fetcher import AssetFetcher
from pme.certificates.press.ornament import Inks, backdrop
from pme.certificates.press.page import Page, lay_out, without_last_outcome
from pme.certificates.press.qr import qr_drawing, qr_matrix, qr_side
from pme.certificates.press.sheet import CertificateSheet
from pme.certificates.press.sizes import LARGEST, SMALLEST, settle
from pme.certificates.press.typeface import SANS, SERIF, Ruler
from pme.press.child import DoesNotFit

BASE = f"{ASSETS.as_uri()}/"
INKS = Inks(accent=(0.043, 0.322, 0.376), metal=(0.725, 0.541, 0.235), panel=(0.976, 0.963, 0.929))
SQUEEZES = (1.0, 0.93, 0.86, 0.8, 0.74, 0.68, 0.62)
MILLIMETRE = 96 / 25.4
SIGNING_ROOM, RECORD_ROOM = 9 * MILLIMETRE, 2 * MILLIMETRE
"""Pixels kept free above the lines for signatures, and below the outcomes."""
TOP, BOTTOM = 1, 3
VARIANT = "pdf/ua-1"


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
        self._style = weasyprint.CSS(
            string=(ASSETS / "certificate.css").read_text("utf-8") + _size_classes(),
            base_url=BASE,
            font_config=self._fonts,
            url_fetcher=self._fetcher,
        )
        crest = from_svg(f"{BASE}crest.svg", side=120, fetcher=self._fetcher)
        self._images: dict[str, Any] = {f"{BASE}crest.svg": crest}
        self._backdrops = {
            direction: zlib.compress(backdrop(INKS, mirrored=direction == "rtl"), 9)
            for direction in ("ltr", "rtl")
        }

    def print(self, sheet: CertificateSheet) -> bytes:
        """The certificate as a PDF of one page; equal sheets give equal bytes.

        Raises DoesNotFit when even the smallest type leaves words over.
        """
        matrix = qr_matrix(sheet.verify_url)
        self._images[f"{BASE}code"] = Drawing(qr_drawing(matrix), qr_side(matrix))
        page = lay_out(sheet)
        document = self._set(page)

        def finish(_: object, pdf: pydyf.PDF) -> None:
            _lay_under(pdf, self._backdrops[page.words.direction])
            _compress(pdf)

        pdf: bytes = document.write_pdf(
            finisher=finish,
            pdf_variant=VARIANT,
            pdf_identifier=sha256(sheet.as_json()).hexdigest()[:32],
        )
        return pdf

    def _set(self, page: Page) -> weasyprint.Document:
        """Set the page, and set it smaller until both of its halves fit.

        When outcomes do not fit in the smallest type, the last ones are left to the verification page.
        """
        award = record = 0
        while award < len(SQUEEZES):
            document = self._render(page, SQUEEZES[award], SQUEEZES[record])
            award_fits, record_fits = _fits(document.pages[0].anchors, page)
            if award_fits and record_fits:
                return document
            award += not award_fits
            if not record_fits and record + 1 < len(SQUEEZES):
                record += 1
            elif not record_fits:
                page = without_last_outcome(page)
        raise DoesNotFit

    def _render(self, page: Page, award: float, record: float) -> weasyprint.Document:
        html = self._template.render(
            page=page,
            words=page.words,
            settings=settle(page, serif=self._serif, sans=self._sans, award=award, record=record),
        )
        return weasyprint.HTML(string=html, base_url=BASE, url_fetcher=self._fetcher).render(
            font_config=self._fonts,
            stylesheets=[self._style],
            cache=self._images,
            pdf_variant=VARIANT,
        )


def _lay_under(pdf: pydyf.PDF, compressed: bytes) -> None:
    """Put the engraving beneath the words of the page."""
    engraving = pydyf.Stream([compressed], {"Filter": "/FlateDecode"})
    pdf.add_object(engraving)
    for each in pdf.objects:
        if isinstance(each, dict) and each.get("Type") == "/Page":
            each["Contents"] = pydyf.Array([engraving.reference, each["Contents"]])


def _compress(pdf: pydyf.PDF) -> None:
    """Compress each stream once; left to itself, a PDF with an identifier compresses them twice."""
    for each in pdf.objects:
        if isinstance(each, pydyf.Stream) and each.compress:
            each.stream = [zlib.compress(b"\n".join(map(_bytes_of, each.stream)), 9)]
            each.extra["Filter"] = "/FlateDecode"
            each.compress = False


def _bytes_of(part: Any) -> bytes:
    whole: bytes = part if isinstance(part, bytes) else getattr(part, "data", None) or part.encode()
    return whole


def _fits(boxes: Mapping[str, tuple[float, float, float, float]], page: Page) -> tuple[bool, bool]:
    """Whether the award and the record end above what stands below them, all on the first page."""

    def ends_above(upper: str, lower: str, room: float = 0.0) -> bool:
        on_page = upper in boxes and lower in boxes
        return on_page and boxes[upper][BOTTOM] + room <= boxes[lower][TOP]

    signatories = (f"signatory-{number}" for number in range(1, len(page.signatories) + 1))
    award = ends_above("course", "signatures", SIGNING_ROOM)
    award = award and all(ends_above(signatory, "discreet") for signatory in signatories)
    last = "outcomes" if page.outcomes or page.left_out else "facts"
    return award, ends_above(last, "verify", RECORD_ROOM)


def _size_classes() -> str:
    """A class for each type size: a class costs less to read than a style attribute."""
    steps = range(SMALLEST, LARGEST + 1)
    return "\n".join(f".size-{step} {{ font-size: {step / 2}pt }}" for step in steps)
