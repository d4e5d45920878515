"""The printer sets one sheet after another with WeasyPrint and returns the bytes of each PDF.

It keeps what all certificates share: fonts, parsed styles, the crest, the engraving.
"""

import zlib
from hashlib import sha256
from typing import Any

import pydyf
import weasyprint
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from weasyprint.text.fonts import FontConfiguration

from pme.certificates.press.assets import ASSETS, TEMPLATES
from pme.certificates.press.fetcher import AssetFetcher
from pme.certificates.press.ornament import Inks, backdrop
from pme.certificates.press.page import SQUEEZES, Page, lay_out, sizes
from pme.certificates.press.qr import qr_svg
from pme.certificates.press.sheet import CertificateSheet

MILLIMETRE = 96 / 25.4
INKS = Inks(accent=(0.071, 0.220, 0.302), metal=(0.663, 0.533, 0.282))


class DoesNotFit(Exception):
    """The words of the sheet are more than one page can hold."""


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
        self._style = weasyprint.CSS(
            filename=ASSETS / "certificate.css",
            font_config=self._fonts,
            url_fetcher=self._fetcher,
        )
        self._images: dict[str, Any] = {}
        self._backdrops = {
            direction: zlib.compress(backdrop(INKS, mirrored=direction == "rtl"), 9)
            for direction in ("ltr", "rtl")
        }

    def print(self, sheet: CertificateSheet) -> bytes:
        """The certificate as a PDF of one page. Equal sheets give equal bytes.

        Raises DoesNotFit when even the smallest type leaves words over.
        """
        page = lay_out(sheet)
        document = self._set(page, qr_svg(sheet.verify_url))

        def engrave(_: object, pdf: pydyf.PDF) -> None:
            drawing = pydyf.Stream(
                [self._backdrops[page.words.direction]], {"Filter": "/FlateDecode"}
            )
            pdf.add_object(drawing)
            for each in pdf.objects:
                if isinstance(each, dict) and each.get("Type") == "/Page":
                    each["Contents"] = pydyf.Array([drawing.reference, each["Contents"]])

        pdf: bytes = document.write_pdf(
            finisher=engrave,
            pdf_variant="pdf/ua-1",
            pdf_identifier=sha256(sheet.as_json()).digest()[:16],
        )
        return pdf

    def _set(self, page: Page, code: bytes) -> weasyprint.Document:
        """Set the page, smaller and smaller until both halves fit."""
        award = record = 0
        while award < len(SQUEEZES) and record < len(SQUEEZES):
            document = self._render(page, code, SQUEEZES[award], SQUEEZES[record])
            anchors = document.pages[0].anchors
            award_fits = (
                anchors["award-begins"][1] >= anchors["house-ends"][1]
                and anchors["award-ends"][1] <= anchors["signatures-begin"][1]
            )
            record_fits = anchors["record-ends"][1] <= anchors["verify-begins"][1]
            if award_fits and record_fits:
                return document
            award += not award_fits
            record += not record_fits
        raise DoesNotFit

    def _render(self, page: Page, code: bytes, award: float, record: float) -> weasyprint.Document:
        html = self._template.render(
            page=page, words=page.words, sizes=sizes(page, award=award, record=record)
        )
        self._fetcher.made = {"qr.svg": code}
        try:
            return weasyprint.HTML(
                string=html, base_url=f"{ASSETS.as_uri()}/", url_fetcher=self._fetcher
            ).render(
                font_config=self._fonts,
                stylesheets=[self._style],
                cache=self._images,
                pdf_variant="pdf/ua-1",
            )
        finally:
            self._images.pop("made:qr.svg", None)
