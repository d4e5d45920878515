"""The only door through which WeasyPrint reads anything: the certificate's own assets."""

import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from pme.certificates.press.assets import ASSETS

KINDS = {".css": "text/css", ".svg": "image/svg+xml", ".png": "image/png"}


class AssetRefused(FatalURLFetchingError):
    """Something asked for what is not an asset of the certificate; nothing is printed."""


class AssetFetcher(URLFetcher):
    """Reads files of the assets folder and refuses every other address, however it is written."""

    def __init__(self, colours: Mapping[str, str] | None = None) -> None:
        """`colours` are put in the place of others in drawings and styles."""
        super().__init__(allowed_protocols=("file",), allow_redirects=False)
        self._colours = {old: new for old, new in (colours or {}).items() if old != new}

    def coloured(self, text: str) -> str:
        """A drawing or style in the colours asked for, each put in once."""
        if not self._colours:
            return text
        return re.sub("|".join(self._colours), lambda found: self._colours[found[0]], text)

    def fetch(self, url: str, _headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        """The asset at this address. Raises AssetRefused, which ends the printing."""
        parts = urlsplit(url)
        path = Path(unquote(parts.path)).resolve()
        if (
            parts.scheme != "file"
            or parts.netloc
            or not path.is_relative_to(ASSETS)
            or path.suffix not in KINDS
            or not path.is_file()
        ):
            raise AssetRefused(f"not an asset of the certificate: {url[:200]}")
        body = path.read_bytes()
        if path.suffix == ".svg":
            body = self.coloured(body.decode()).encode()
        return URLFetcherResponse(url, body, {"Content-Type": KINDS[path.suffix]})
