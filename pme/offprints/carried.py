"""The rendered text of a page made fit to be carried: nothing in it is fetched from anywhere. Pure.

Pictures come along, films and sounds give their description, links lead within the file where they can, and
otherwise to the platform.
"""

import base64
import re
from collections.abc import Callable, Mapping
from html import escape, unescape
from urllib.parse import urljoin

from pme.handouts.paper import without_players
from pme.offprints.copies import Picture

Within = Callable[[str, str, str], str | None]
"""Where a page is within the file: by module, page and anchor; None where it is not in it."""

_LINK = re.compile(r'\bhref="([^"#][^"]*)"')
_PICTURE = re.compile(r'<img\b[^>]*?\bsrc="/media/([0-9a-f]{64})/[^"]*"[^>]*>')
_SOURCE = re.compile(r'\bsrc="[^"]*"')
_ALT = re.compile(r'\balt="([^"]*)"')
ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp", "image/gif": "gif"}


def carried(html: str, *, address: str, within: Within, picture: Callable[[str], str | None]) -> str:
    """A page's text with its links and pictures as they are in a file.

    `address` is where its module is on the platform; `picture` gives what stands for the address of a picture.
    """
    return without_players(_LINK.sub(lambda link: _led(link[1], address, within), _shown(html, picture)))


def _shown(html: str, picture: Callable[[str], str | None]) -> str:
    def put(image: re.Match[str]) -> str:
        address = picture(image[1])
        if address is not None:
            return _SOURCE.sub(lambda _: f'src="{address}"', image[0], count=1)
        alt = _ALT.search(image[0])
        return f'<span class="not-printed">{alt[1]}</span>' if alt and alt[1] else ""

    return _PICTURE.sub(put, html)


def _led(link: str, address: str, within: Within) -> str:
    whole = urljoin(address, unescape(link))
    course = address.rsplit("/", 2)[0] + "/"
    if whole.startswith(course):
        path, _, anchor = whole.removeprefix(course).partition("#")
        module, _, page = path.rstrip("/").partition("/")
        found = within(module, page, anchor)
        if found is not None:
            return f'href="{escape(found)}"'
    return f'href="{escape(whole)}"'


def as_data(pictures: Mapping[str, Picture]) -> Callable[[str], str | None]:
    """Pictures as addresses that hold them."""

    def address(sha256: str) -> str | None:
        found = pictures.get(sha256)
        return f"data:{found.mime};base64,{base64.b64encode(found.body).decode()}" if found else None

    return address


def as_files(pictures: Mapping[str, Picture]) -> Callable[[str], str | None]:
    """Pictures as files beside the text."""

    def address(sha256: str) -> str | None:
        found = pictures.get(sha256)
        return f"images/{picture_name(sha256, found)}" if found else None

    return address


def picture_name(sha256: str, picture: Picture) -> str:
    """What the file of a picture is called."""
    return f"{sha256[:20]}.{ENDINGS[picture.mime]}"
