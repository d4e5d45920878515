"""What each page of an album costs on the line: its requests and its bytes, as a browser would make and get them."""

import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from pme.web.assets import Asset
from pme.web.kept import LEVEL
from tests.browser.album import Album, Picture

MOST_REQUESTS, MOST_BYTES = 4, 50_000
FIRST_REQUESTS, FIRST_BYTES = 2, 14_000
FIRST_PAGES = frozenset({"public.home", "public.sign_in", "public.verify", "public.accessibility"})
"""Where people come from outside: what a server may send before it waits for the first sign that anything arrived."""
PART = re.compile(r'<(?:link|script)\b[^>]*\b(?:href|src)="([^"]+)"')
SHOWN = re.compile(
    r'<(?:img|source|video|audio|track|iframe|embed|object)\b[^>]*\b(?:src|data|poster)="([^"]+)"'
)
STATIC = re.compile(r"/static/[0-9a-f]{16}/([\w.-]+)$")


@dataclass(frozen=True)
class Cost:
    """Requests and bytes of a page with its sheets and scripts, pictures and recordings that authors put in apart."""

    requests: int
    bytes: int
    pictures: int


def cost_of(picture: Picture, assets: dict[str, Asset]) -> Cost:
    """What it takes to show a page to somebody who was never here: its bodies as they are sent."""
    parts = [found[1] for part in parts_of(picture) if (found := STATIC.search(part))]
    size = len(gzip.compress(picture.body, LEVEL)) + sum(len(assets[name].zipped or b"") for name in parts)
    return Cost(1 + len(parts), size, len(set(SHOWN.findall(picture.html))))


def parts_of(picture: Picture) -> list[str]:
    """What the page's head asks for, but for what it carries itself."""
    return [part for part in dict.fromkeys(PART.findall(picture.html)) if not part.startswith("data:")]


def too_dear(album: Album) -> Iterator[str]:
    """Each page that takes more than it may, and each that asks another origin for something."""
    assets = album.app.extensions["pme_assets"]
    for picture in (*album.pictures, *album.spoken):
        cost = cost_of(picture, assets)
        requests, size = MOST_REQUESTS, MOST_BYTES
        if picture.endpoint in FIRST_PAGES and "data-visitor" not in picture.html:
            requests, size = FIRST_REQUESTS, FIRST_BYTES
        if cost.requests > requests or cost.bytes > size:
            yield f"{picture.name}: {cost.requests} requests, {cost.bytes:,} bytes"
        for asked in (*parts_of(picture), *SHOWN.findall(picture.html)):
            there = urlsplit(asked)
            if there.netloc or there.scheme not in ("", "data"):
                yield f"{picture.name}: asks {asked}"
