"""The printer sets one report after another with WeasyPrint. It fetches nothing: all it needs is in the HTML."""

import logging
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import weasyprint
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetchingError

from pme.press.child import DoesNotFit
from pme.reports.files.paper import Sheet

STYLES = Path(__file__).resolve().parents[2] / "static" / "report"
"""The folder of the style sheets."""
VARIANT = "pdf/ua-1"
MOST_HTML = 3_000_000
"""Characters of a document."""


class NothingFetched(URLFetcher):
    """Refuses every address, whatever it is; what asked for it is left out."""

    def fetch(self, url: str, _headers: Mapping[str, str] | None = None) -> Any:
        """Never anything. Raises URLFetchingError."""
        raise URLFetchingError(f"reports fetch nothing: {url[:200]}")  # not words


class Printer:
    """Makes PDFs; not for use by two threads at once."""

    def __init__(self) -> None:
        logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
        self._fetcher = NothingFetched()
        self._fonts = FontConfiguration()
        text = "".join(
            sheet.read_text("utf-8") for sheet in (STYLES / "report.css", STYLES / "commander.css")
        )
        self._style = weasyprint.CSS(string=text, font_config=self._fonts, url_fetcher=self._fetcher)

    def print(self, sheet: Sheet) -> bytes:
        """The report as a PDF; equal reports give equal bytes. Raises DoesNotFit when it is too much."""
        if len(sheet.html) > MOST_HTML:
            raise DoesNotFit
        try:
            html = weasyprint.HTML(string=sheet.html, base_url="about:blank", url_fetcher=self._fetcher)
            document = html.render(font_config=self._fonts, stylesheets=[self._style], pdf_variant=VARIANT)
            pdf: bytes = document.write_pdf(
                pdf_variant=VARIANT, pdf_identifier=sha256(sheet.as_json()).digest()[:16]
            )
        except (RecursionError, MemoryError) as too_much:
            raise DoesNotFit from too_much
        return pdf
