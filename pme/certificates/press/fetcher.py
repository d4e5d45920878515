"""The only door through which WeasyPrint reads anything: the certificate's own assets."""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from pme.certificates.press.assets import ASSETS

KINDS = {".css": "text/css", ".svg": "image/svg+xml", ".png": "image/png"}


class AssetRefused(FatalURLFetchingError):
    """Something asked for what is not an asset of the certificate; nothing is printed."""


class AssetFetcher(URLFetcher):
    """Reads files of the assets folder, and drawings made for this page as `made:NAME`."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=("file", "made"), allow_redirects=False)
        self.made: Mapping[str, bytes] = {}

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        """The asset at this address.

        Raises AssetRefused for every address that leads elsewhere, however it is written.
        """
        parts = urlsplit(url)
        if parts.scheme == "made" and parts.path in self.made:
            return _response(url, self.made[parts.path], Path(parts.path).suffix)
        if parts.scheme != "file" or parts.netloc:
            raise AssetRefused(f"not an asset of the certificate: {url[:200]}")
        path = Path(unquote(parts.path)).resolve()
        if not path.is_relative_to(ASSETS) or path.suffix not in KINDS or not path.is_file():
            raise AssetRefused(f"not an asset of the certificate: {url[:200]}")
        return _response(url, path.read_bytes(), path.suffix)


def _response(url: str, body: bytes, suffix: str) -> URLFetcherResponse:
    return URLFetcherResponse(url, body, {"Content-Type": KINDS[suffix]})
