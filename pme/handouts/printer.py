"""The printer sets one handout after another with WeasyPrint. It fetches nothing: all it needs is in the HTML."""

import logging
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any

import weasyprint
from lxml.html import document_fromstring, tostring
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetchingError

from pme.certificates.press.variant import VARIANT as ARCHIVAL
from pme.handouts.handout import Handout
from pme.handouts.style import STYLE
from pme.press.child import DoesNotFit

ACCESSIBLE = "pdf/ua-1"
MOST_SHEETS = 60
MOST_HTML = 1_500_000
"""Characters of a document."""
LONGEST_BOOK, BOOK_HTML = 400, 40_000_000
"""The same of a whole module, whose pictures are in its text."""
PICTURES = tuple(f"data:image/{kind};base64," for kind in ("png", "jpeg", "webp", "gif"))
CARD_SIZES = ((1, 11.5), (1, 10.5), (2, 11.0), (2, 10.5), (2, 10.0), (2, 9.5), (2, 9.0), (2, 8.5), (2, 8.0))
"""Columns and points in which a card is tried until it fits one sheet; smaller is not read by torchlight."""
BOOK_CARD_SIZES = (13.0, 12.0, 11.25, 10.5, 10.0, 9.5, 9.0, 8.5, 8.0)
"""Points in which a card within a book is tried in the same way, always in two columns."""
SIZE = 10.5


class NothingFetched(URLFetcher):
    """Refuses every address, whatever it is, but for one that is a picture itself; what asked for it is left out."""

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> Any:
        """Never anything from anywhere. Raises URLFetchingError."""
        if url.startswith(PICTURES):
            return super().fetch(url, headers)
        raise URLFetchingError(f"handouts fetch nothing: {url[:200]}")  # not words


class Printer:
    """Makes PDFs; not for use by two threads at once."""

    def __init__(self) -> None:
        logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
        self._fetcher = NothingFetched()
        self._fonts = FontConfiguration()
        self._style = self._css(STYLE.read_text("utf-8"))

    def print(self, handout: Handout) -> bytes:
        """The handout as a PDF; equal handouts give equal bytes. Raises DoesNotFit when it is too much."""
        sheets, signs = (LONGEST_BOOK, BOOK_HTML) if handout.is_book else (MOST_SHEETS, MOST_HTML)
        if len(handout.html) > signs:
            raise DoesNotFit
        try:
            document = (
                self._card(handout)
                if handout.is_card
                else self._set(handout, 1, SIZE, more=self._cards_of(handout))
            )
            if len(document.pages) > sheets:
                raise DoesNotFit
            pdf: bytes = document.write_pdf(
                pdf_variant=_variant(handout), pdf_identifier=sha256(handout.as_json()).digest()[:16]
            )
        except (RecursionError, MemoryError) as too_much:
            raise DoesNotFit from too_much
        return pdf

    def _card(self, handout: Handout) -> weasyprint.Document:
        """The largest setting that fits one sheet, found by halving; that of any page where none does."""
        found, low, high = None, 0, len(CARD_SIZES)
        while low < high:
            middle = (low + high) // 2
            columns, size = CARD_SIZES[middle]
            document = self._set(handout, columns, size, margin="11mm 12mm 14mm")  # not words
            if len(document.pages) == 1:
                found, high = document, middle
            else:
                low = middle + 1
        return found or self._set(handout, 1, SIZE)

    def _cards_of(self, handout: Handout) -> str:
        """Styles for the cards within a book: each in the largest size in which it fits a sheet of its own."""
        if not handout.is_book:
            return ""
        root = document_fromstring(handout.html)
        return " ".join(
            f'.book .card[aria-labelledby="{card.get("aria-labelledby")}"] '
            f"{{ font-size: {self._size_of(card, root, handout)}pt }}"
            for card in root.find_class("card")
        )

    def _size_of(self, card: Any, root: Any, handout: Handout) -> float:
        alone = tostring(card, encoding="unicode", with_tail=False)
        spoken = f'<html lang="{root.get("lang", "en")}" dir="{root.get("dir", "ltr")}">'
        own = replace(handout, html=f'{spoken}<title>-</title><body class="book">{alone}</body></html>')
        fitting = (
            size
            for size in BOOK_CARD_SIZES
            if len(self._set(own, 1, SIZE, more=f".book .card {{ font-size: {size}pt }}").pages)
            == 1  # not words
        )
        return next(fitting, SIZE)

    def _set(
        self,
        handout: Handout,
        columns: int,
        size: float,
        *,
        more: str = "",
        margin: str = "16mm 20mm 20mm",  # not words
    ) -> weasyprint.Document:
        own = self._css(
            f"@page {{ margin: {margin} }} html {{ font-size: {size}pt }} {_in_columns(columns)} {more}"
        )
        html = weasyprint.HTML(string=handout.html, base_url=handout.address, url_fetcher=self._fetcher)
        return html.render(
            font_config=self._fonts, stylesheets=[self._style, own], pdf_variant=_variant(handout)
        )

    def _css(self, text: str) -> weasyprint.CSS:
        return weasyprint.CSS(string=text, font_config=self._fonts, url_fetcher=self._fetcher)


def _in_columns(columns: int) -> str:
    """A style; none for one column, which WeasyPrint would balance like several, setting the text again and again."""
    return f".text {{ columns: {columns} }}" if columns > 1 else ""


def _variant(handout: Handout) -> str:
    return ARCHIVAL if handout.is_archival else ACCESSIBLE
